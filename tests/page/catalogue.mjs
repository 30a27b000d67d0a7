// Takes a picture of every scenario at its key moment, and puts them all on one sheet: `catalogue.mjs OUT_DIR SHEET`.
//
// The key moment is where what the scenario promises breaks; where nothing breaks, the end, or half-way. A scenario with plots or a
// counterpart is shown alone, as it opens.

import { readFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { closeBrowser, visit } from "./browser.mjs";
import { WIDE, at, scenarios, settled } from "./hands.mjs";

const [out, sheet] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const listed = readFileSync(new URL("../../docs/catalogue.md", import.meta.url), "utf8");
const order = [...listed.matchAll(/^- `([a-z0-9-]+)`/gm)].map((found) => found[1]);
const known = order.map((id) => scenarios.find((scenario) => scenario.id === id)).filter(Boolean);
if (known.length !== scenarios.length) throw new Error("docs/catalogue.md is not up to date: UPDATE_EXPECT=1 cargo test --test catalogue");

try {
  const taken = [];
  const { page, open, close } = await visit({ colorScheme: "light", viewport: WIDE, reducedMotion: "reduce" });
  await open("");
  for (const { id, title, part } of known) {
    const report = await page.evaluate((id) => window.brokerlab.run(id), id);
    const broken = report.promises.filter((promise) => promise.expected === "broken" && promise.broken_at_step != null);
    const step = Math.min(...broken.map((promise) => promise.broken_at_step));
    const first = broken.find((promise) => promise.broken_at_step === step);
    // Where nothing breaks, what is repaired is shown at its end, and what only shows how it goes half-way.
    const where = first ? `&at=${step}&t=${first.broken_at_us}` : part === "plain" ? `&at=${Math.round(report.steps / 2)}` : `&at=${report.steps}`;
    await open(`?${taken.length}${at(id, where)}`);
    await settled(page);
    const file = join(out, `${id}.png`);
    await page.screenshot({ path: file });
    console.log(file);
    taken.push({ id, title, file, when: first ? "where it breaks" : part === "plain" ? "half-way" : "at its end" });
  }
  await close();

  const escape = (text) => text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
  const cards = taken.map(({ title, file, when }) => {
    const picture = `data:image/png;base64,${readFileSync(file).toString("base64")}`;
    return `<figure><img src="${picture}"><figcaption><b>${escape(title)}</b> ${when}</figcaption></figure>`;
  });
  const style = `body{margin:24px;display:grid;grid-template-columns:repeat(4,1fr);gap:20px;background:#fff;color:#1d2126;
    font:14px/1.35 system-ui,"DejaVu Sans",sans-serif}figure{margin:0}img{width:100%;display:block;border:1px solid #dcd8cf;border-radius:6px}
    figcaption{margin-top:6px;color:#565f69}b{color:#1d2126}`;
  const sheetPage = await visit({ colorScheme: "light", viewport: { width: 1720, height: 900 } });
  await sheetPage.page.setContent(`<!doctype html><meta charset="utf-8"><title>Contact sheet</title><style>${style}</style>${cards.join("")}`);
  await sheetPage.page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
  // As good as fits: a picture in a repository is carried by everybody who clones it.
  for (const quality of [78, 68, 58, 48, 38]) {
    const bytes = await sheetPage.page.screenshot({ path: sheet, type: "jpeg", quality, fullPage: true });
    if (bytes.length < 1_400_000) break;
  }
  console.log(sheet);
  await sheetPage.close();
} finally {
  await closeBrowser();
}
