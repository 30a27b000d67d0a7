// Writes the list of what the page's program needs only when somebody uses it: `first-load.mjs LIST`. The program that
// is served notes of each name of a function whether it ran (prepare/src/split.rs); here the page is opened, wide and
// narrow, light and dark, and drawn, and nobody touches it.

import { writeFileSync } from "node:fs";
import { DESKTOP, PHONE, closeBrowser, visit } from "./browser.mjs";

const [list] = process.argv.slice(2);
const ran = new Map();
try {
  for (const options of [{ viewport: DESKTOP }, { viewport: PHONE }, { colorScheme: "dark", reducedMotion: "reduce" }]) {
    const { page, open, close } = await visit(options);
    await page.addInitScript(() => addEventListener("TrunkApplicationStarted", ({ detail }) => (window.program = detail.wasm)));
    await open();
    await page.waitForLoadState("networkidle");
    // Leaving it is no use of it, and nothing can be loaded any more then.
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    const marks = await page.evaluate(() =>
      Object.entries(window.program).flatMap(([name, mark]) => (name.startsWith("ran ") ? [[name.slice(4), mark.value]] : [])),
    );
    if (marks.length === 0) throw new Error("the program that is served does not note what runs: use `cargo xtask first-load`");
    for (const [name, value] of marks) ran.set(name, (ran.get(name) ?? 0) | value);
    await close();
  }
} finally {
  await closeBrowser();
}
const later = [...ran].filter(([, value]) => !value).map(([name]) => name).sort();
const lines = [];
for (let at = 0; at < later.length; at += 12) lines.push(later.slice(at, at + 12).join(" "));
writeFileSync(
  list,
  `# Which functions of the page are wanted later: the digests of their names (prepare/src/split.rs).
# Written by \`cargo xtask first-load\`.
${lines.join("\n")}
`,
);
console.log(`${ran.size} functions by name: ${ran.size - later.length} draw the page, ${later.length} are wanted later`);
