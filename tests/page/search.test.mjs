// Find failures: the machine tries every placement of faults, beside the page.

import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";
import { at, clock, hash } from "./hands.mjs";

const done = (page) => page.locator(".search .covered", { hasText: "all there are" }).waitFor();

pageTest("a search tries every single fault, and a window opens the run that fails in it", async ({ page, open }) => {
  await open(at("outbox-relay-crash"));
  const [seed] = (await hash(page)).match(/seed=[^&]*/);
  await page.getByRole("tab", { name: "Failures" }).click();
  await page.getByRole("button", { name: "Every single fault" }).click();
  await done(page);
  assert.match(await page.locator(".covered").innerText(), /^\d+ placements of one fault tried: all there are/);
  const kept = page.locator(".outcomes .kept");
  assert.deepEqual(await kept.allInnerTexts(), ["No message without its order: always"]);

  const row = page.getByRole("row", { name: /^crash after publish/ });
  // Another run is on show by the time something is opened.
  await page.getByRole("button", { name: "Another seed" }).click();
  const cell = row.getByRole("button", { name: /duplicate in 5 of 5/ });
  assert.equal(await cell.count(), 1, "after publish and before the mark the relay sends again");
  await cell.click();
  const opened = await hash(page);
  assert.ok(opened.startsWith(`v=1&run=outbox-relay-crash&${seed}&own=0`), `the seed of the search: ${opened}`);
  assert.match(opened, /do=0@0:crash\+relay\+after\+publish/);
  assert.equal(await page.locator(".stage .row.duplicate, .stage .foot.alert.duplicate").first().isVisible(), true);
  const there = await clock(page);
  await page.reload();
  await page.locator(".stage").waitFor();
  assert.equal(await clock(page), there, "the address opens the same moment");
});

pageTest("a search can be stopped, and the shortest way to break a promise opens", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await page.getByRole("tab", { name: "Failures" }).click();
  await page.getByRole("button", { name: "Every two faults" }).click();
  await page.locator(".search progress").waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  assert.equal(await page.locator(".search progress").count(), 0, "it can be stopped");
  await page.getByRole("button", { name: "Every two faults" }).click();
  await done(page);
  await page.getByRole("button", { name: /^No message without its order: broken/ }).click();
  assert.match(await hash(page), /own=0/);
  assert.equal(await page.locator(".promises .broken.no-ghost").count(), 0, "its tab is another one");
  await page.getByRole("tab", { name: "Now" }).click();
  assert.equal(await page.locator(".promises .broken.no-ghost").count(), 1);
});

pageTest("a promise that no run put to the test is not called kept", async ({ page, open }) => {
  await open(at("queue-competing-consumers"));
  await page.getByRole("tab", { name: "Failures" }).click();
  await page.getByRole("button", { name: "Every single fault" }).click();
  await done(page);
  await page.locator(".outcomes li").filter({ hasText: "In order: never put to the test" }).waitFor();
  assert.equal(await page.locator(".outcomes .kept").filter({ hasText: "In order" }).count(), 0);
});

pageTest("a search that cannot work says why", async ({ page, open }) => {
  await page.route("**/search.js", (route) => route.fulfill({ contentType: "text/javascript", body: "throw new Error('no memory left');" }));
  await open(at("dual-write-ghost"));
  await page.getByRole("tab", { name: "Failures" }).click();
  await page.getByRole("button", { name: "Every single fault" }).click();
  await page.getByRole("alert").filter({ hasText: "no memory left" }).waitFor();
  assert.equal(await page.locator(".search progress").count(), 0, "it does not seem to go on");
  await page.evaluate((address) => (location.hash = address), at("dual-write-lost"));
  await page.waitForFunction(() => location.hash.includes("dual-write-lost&"));
  assert.equal(await page.getByRole("alert").count(), 0, "nothing was searched here");
});

pageTest("a search ends when another scenario is opened", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await page.getByRole("tab", { name: "Failures" }).click();
  await page.getByRole("button", { name: "Every two faults" }).click();
  await page.locator(".search progress").waitFor();
  await page.evaluate((address) => (location.hash = address), at("dual-write-lost"));
  await page.waitForFunction(() => location.hash.includes("dual-write-lost&"));
  await page.evaluate((address) => (location.hash = address), at("dual-write-ghost", "&tab=search"));
  await page.waitForFunction(() => location.hash.includes("dual-write-ghost&"));
  await page.getByRole("button", { name: "Every two faults", disabled: false }).waitFor();
  assert.equal(await page.locator(".search progress").count(), 0);
});
