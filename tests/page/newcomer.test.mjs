// A stranger's first minute, and every scenario of the list.

import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";
import { at, clock, control, hash, playToTheEnd, scenarios, stepUntil, story } from "./hands.mjs";

pageTest("a stranger sees a ghost appear, learns why, and sees the outbox prevent it", async ({ page, open }) => {
  await open();
  await page.getByRole("heading", { level: 1, name: "A ghost: sent, then rolled back" }).waitFor();
  assert.match(await story(page), /press play/i, "the page says what to do first");

  await playToTheEnd(page);
  const [promised, came] = await page.locator(".score dd").allInnerTexts();
  assert.deepEqual([promised, came], ["4", "5"], "four orders, five mails");
  const broken = page.locator(".promises button", { hasText: "No message without its order" });
  const when = (await broken.locator("time").innerText()).replace(/\s/g, " ");

  await broken.click();
  assert.equal(when, `broken at ${await clock(page)}`, "the broken promise leads to its moment");
  const said = await story(page);
  assert.match(said, /order 3/);
  assert.match(said, /rolled back/, "it says why");
  const signed = async (selector, word) => {
    const ghost = page.locator(selector);
    assert.match(await ghost.innerText(), word, `${selector}: in words`);
    assert.equal(await ghost.locator("svg").isVisible(), true, `${selector}: by a sign`);
  };
  await signed(".stage .party.worker .foot.alert.ghost", /order 3 does not exist/);
  await signed(".stage .chip.ghost", /3/);
  await page.keyboard.press("End");
  await signed(".stage .row.ghost", /a ghost/);
  await signed(".stage .party.worker .foot.alert.ghost", /order 3 does not exist/);

  await page.getByRole("button", { name: "Beside the repaired one" }).click();
  assert.equal(await page.locator(".stage").count(), 2);
  await control(page, "Play").click();
  await page.waitForFunction(() => document.querySelector(".play").ariaLabel === "Play");
  const repaired = page.locator(".one").nth(1);
  assert.equal(await repaired.locator(".ghost").count(), 0, "no ghost beside");
  const [, orders, mails] = (await repaired.locator(".score-line").innerText()).match(/: (\d+), .*: (\d+)$/);
  assert.equal(mails, orders, "beside, as many mails as orders");
  assert.match(await page.locator(".one").first().locator(".score-line").innerText(), /: 4, .*: 5$/);

  await page.getByRole("button", { name: "Alone again" }).click();
  assert.equal(await page.locator(".stage").count(), 1);
});

pageTest("the ghost is to be seen before it is judged: its message is marked while it flies and waits", async ({ page, open }) => {
  await open();
  await stepUntil(page, /is rolled back/);
  const marked = page.locator(".token.ghost, .chip.ghost");
  assert.ok((await marked.count()) > 0, "the message that must not exist is marked");
  const rolledBack = page.locator(".row.rolled-back");
  assert.match(await rolledBack.innerText(), /rolled back/);
});

// One page for all: this is also a test that nothing of one scenario is left in the next.
pageTest("every scenario opens from the list, plays to its end, and comes to the verdict that its file promises", async ({ page, open, problems }) => {
  await open();
  const links = page.getByRole("navigation", { name: "Scenarios" }).getByRole("link");
  assert.equal(await links.count(), scenarios.length, "every file is in the list");
  for (const { id, title, part, keeps, breaks, counterpart } of scenarios) {
    await links.filter({ hasText: title }).click();
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    assert.equal(await links.filter({ hasText: title }).getAttribute("aria-current"), "page");
    assert.ok((await hash(page)).startsWith(`v=1&run=${id}&`), "the address names it");
    assert.equal(await page.locator(".promises .broken").count(), 0, `${id}: nothing is broken before it starts`);
    assert.equal(await page.getByRole("button", { name: /^Beside/ }).count(), counterpart ? 1 : 0);

    await playToTheEnd(page);
    const classes = (selector) => page.locator(selector).evaluateAll((found) => found.map((one) => [...one.classList].filter((name) => !["broken", "kept"].includes(name))[0] ?? "").sort());
    const kept = await page.locator(".promises li.kept").count();
    assert.deepEqual(await classes(".promises li.broken"), [...breaks].sort(), `${id}: broken`);
    assert.equal(kept, keeps.length, `${id}: kept`);
    assert.equal(await page.locator(".facts .fact:not(.reached)").count(), 0, `${id}: everything it wants to show has happened`);
    const tone = await page.locator(".score > div").nth(1).getAttribute("class");
    assert.ok(breaks.length ? !["equal", "open"].includes(tone) : ["equal", "open"].includes(tone), `${id}: the numbers are ${tone}`);
    const marks = await page.locator(".mark:is(.ghost, .lost, .duplicate, .half-sent, .out-of-order, .failed, .late, .overdue, .stuck)").count();
    assert.equal(marks > 0, breaks.length > 0, `${id}: what went wrong is marked on the line`);
    assert.deepEqual(problems, { errors: [], strangers: [] }, id);
  }
});

pageTest("a naive scenario beside its repaired one: one breaks, the other holds, under the same seed", async ({ page, open }) => {
  await open();
  for (const { id } of scenarios.filter(({ part }) => part === "naive")) {
    await open(at(id, "&beside=1"));
    await page.locator("body").press("End");
    const lines = page.locator(".score-line b");
    assert.notEqual(await lines.nth(0).getAttribute("class"), "equal", id);
    assert.ok(["equal", "open"].includes(await lines.nth(1).getAttribute("class")), `${id}: the repaired one`);
  }
});
