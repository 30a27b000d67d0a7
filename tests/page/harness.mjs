// What every page test stands on.
//
//   pageTest("plays to the end", { viewport: PHONE }, async ({ page, open }) => {
//     await open("#seed=7");
//     ...
//   });
//
// Afterwards the test fails by itself if the page logged an error or asked another origin for anything; a picture of
// the page at the moment of a failure lies in tests/page/out/.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { closeBrowser, picture, visit } from "./browser.mjs";

export * from "./browser.mjs";

// Long enough for a shared machine, short enough to end a hang.
const TEST_MS = 120_000;

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// What was asked for: parts of the names of tests; nothing means all. (Node's own --test-name-pattern would skip the
// hook that closes the browser.)
const wanted = process.argv.slice(2).map((word) => word.toLowerCase());
let chosen = 0;

// Said by run.mjs once all tests are named: a mistyped pattern must not pass for success.
export function assertSomeChosen() {
  if (chosen === 0) throw new Error(`no page test has a name with ${wanted.map((word) => `'${word}'`).join(" or ")} in it`);
}

// A test that makes its own pages.
export function bareTest(name, body) {
  if (wanted.length && !wanted.some((word) => name.toLowerCase().includes(word))) return undefined;
  chosen += 1;
  return test(name, { timeout: TEST_MS }, body);
}

// A test with a page of its own.
export function pageTest(name, options, body) {
  if (typeof options === "function") [options, body] = [{}, options];
  return bareTest(name, async (t) => {
    const visitor = await visit(options);
    try {
      await body({ ...visitor, t });
      assertClean(visitor.problems);
    } catch (error) {
      await picture(visitor.page, name).catch(() => {});
      throw error;
    } finally {
      await visitor.close();
    }
  });
}

export function assertClean({ errors, strangers }) {
  if (strangers.length) throw new Error(`requests left the page's origin:\n  ${strangers.join("\n  ")}`);
  if (errors.length) throw new Error(`the page logged errors:\n  ${errors.join("\n  ")}`);
}

// Fails with a readable list if axe finds anything. `within` is a selector; `disable` names rules, each with a reason
// in the test that does so.
export async function assertAccessible(page, { within, disable = [] } = {}) {
  // Colours on their way from one to another would be judged halfway.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished.catch(() => {}))));
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
  const violations = await page.evaluate(
    async ([within, disable]) => {
      const rules = Object.fromEntries(disable.map((rule) => [rule, { enabled: false }]));
      const result = await window.axe.run(within ?? document, { rules, resultTypes: ["violations"] });
      return result.violations.map(({ id, impact, help, nodes }) => ({
        rule: `${id} (${impact}): ${help}`,
        nodes: nodes.map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary}`),
      }));
    },
    [within ?? null, disable],
  );
  const told = violations.map(({ rule, nodes }) => `${rule}\n  ${nodes.join("\n  ").replaceAll("\n", "\n  ")}`).join("\n");
  if (told) throw new Error(`axe finds ${violations.length} violation(s):\n${told}`);
}

after(closeBrowser);
