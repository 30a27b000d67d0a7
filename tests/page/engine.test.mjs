// Is the engine in the page the one that the other tests know? Asked through window.brokerlab.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { scenarios } from "./hands.mjs";
import { pageTest } from "./harness.mjs";

const golden = readFileSync(new URL("../golden/fingerprints.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => line.split(/\s+/))
  .map(([scenario, words, steps, hash]) => ({ scenario, words, steps: Number(steps), hash }));

pageTest("every scenario's run in the page has the fingerprint that it has natively", async ({ page, open }) => {
  await open();
  const names = golden.map(({ scenario }) => scenario);
  const reports = await page.evaluate((names) => names.map((name) => globalThis.brokerlab.run(name)), names);
  assert.equal(reports.length, scenarios.length);
  for (const [n, { scenario, words, steps, hash }] of golden.entries()) {
    const report = reports[n];
    assert.deepEqual(
      { scenario: report.scenario, words: report.seed_words, steps: report.steps, hash: report.hash },
      { scenario, words, steps, hash },
    );
    assert.ok(report.as_expected, `${scenario}: ${report.unmet}`);
  }
});

pageTest("the report names the promise that broke, its step, and what was counted", async ({ page, open }) => {
  await open();
  const report = await page.evaluate(() => globalThis.brokerlab.run("dual-write-ghost"));
  assert.equal(report.verdict.ghosts, 1);
  const ghost = report.promises.find(({ name }) => name === "no-ghost");
  assert.equal(ghost.held, false);
  assert.ok(ghost.broken_at_step > 0);
});

pageTest("a seed in words is the seed in digits, and a fault more is another run", async ({ page, open }) => {
  await open();
  const [words, digits, crashed] = await page.evaluate(() => {
    const { run } = globalThis.brokerlab;
    const words = run("outbox-with-inbox", "calm-amber-otter");
    const digits = run("outbox-with-inbox", String(words.seed));
    return [words, digits, run("outbox-with-inbox", "calm-amber-otter", ["crash mail after apply #1 for 1s"])];
  });
  assert.equal(words.hash, digits.hash);
  assert.notEqual(words.hash, crashed.hash);
  assert.equal(crashed.verdict.duplicates, 0, "the inbox sees to that");
});

pageTest("a wrong name, seed or fault is thrown with the nearest known one", async ({ page, open }) => {
  await open();
  const thrown = (...words) =>
    page.evaluate((words) => {
      try {
        globalThis.brokerlab.run(...words);
        return "nothing was thrown";
      } catch (error) {
        return String(error);
      }
    }, words);
  assert.match(await thrown("dual-write-gost"), /did you mean `dual-write-ghost`/);
  assert.match(await thrown("dual-write-ghost", "calm-amber-oter"), /otter/);
  assert.match(await thrown("dual-write-ghost", undefined, ["crash order"]), /orders/);
});

pageTest("bytes that are no prepared scenario are refused with a sentence", async ({ page, open }) => {
  await open();
  const thrown = await page.evaluate(() =>
    ["bench", "scrub", "open"].map((name) => {
      try {
        return `${name} took it: ${globalThis.brokerlab[name](new TextEncoder().encode('title = "A file"'), 1)}`;
      } catch (error) {
        return String(error);
      }
    }),
  );
  for (const what of thrown) assert.match(what, /no prepared scenario/);
});

pageTest("the report is the one that JSON has, whatever the seed", async ({ page, open }) => {
  await open();
  const [report, known] = await page.evaluate(() => [
    globalThis.brokerlab.run("dual-write-ghost", "18446744073709551615"),
    globalThis.brokerlab.run("dual-write-ghost"),
  ]);
  // Rounded, as every JSON reader of JavaScript does.
  assert.equal(report.seed, 2 ** 64);
  assert.equal(report.seed_words, null, "no words, and said so");
  assert.deepEqual(Object.keys(report), Object.keys(known));
});
