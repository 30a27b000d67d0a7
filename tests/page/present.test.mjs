// The presenter's view: large, step by step, and what came of it only when it is asked for.

import assert from "node:assert/strict";
import { PHONE, assertAccessible, pageTest } from "./harness.mjs";
import { PROJECTOR, WIDE, assertNoSidewaysScroll, at, fresh, hash, settled, tooSmall } from "./hands.mjs";

const WORDS = /ghost|duplicate|\btwice\b|is lost|half-sent|does not exist|out of order/i;
const shown = (page) => page.locator(".app.presenting").innerText();
const press = async (page, key) => {
  await page.keyboard.press(key);
  await settled(page);
};
const step = async (page) => Number((await page.locator(".podium .count").innerText()).split(" ")[0]);

pageTest("a presenter steps with the arrow keys, and reveals what came of it with a key", { viewport: PROJECTOR }, async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await page.getByRole("button", { name: "Present", exact: true }).click();
  await page.locator(".podium").waitFor();
  assert.equal(await page.locator("aside").isVisible(), false);
  assert.match(await page.locator(".podium-head h1").innerText(), /How many mails/, "the question, not the answer");
  await press(page, "ArrowRight");
  await press(page, "ArrowRight");
  await press(page, "PageDown");
  assert.equal(await step(page), 3);
  await press(page, "ArrowLeft");
  assert.equal(await step(page), 2);
  assert.ok((await page.locator(".podium .say").innerText()).length > 10, "one sentence");
  const size = await page.locator(".podium .say").evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
  assert.ok(size >= 24, `to be read from the back of a room: ${size} px`);

  await press(page, "End");
  assert.equal(await page.locator(".podium .verdict, .presenting .score-line").count(), 0);
  assert.equal(await page.locator(".presenting main .ghost").count(), 0, "nothing on the stage says so");
  await press(page, "a");
  assert.match(await shown(page), /ghost/);
  assert.ok((await page.locator(".presenting main .ghost").count()) > 0);
  assert.match(await page.locator(".podium .promises .broken").innerText(), /No message without its order/);
  await page.getByRole("button", { name: /Hide it again/ }).click();
  assert.equal(await page.locator(".podium .verdict").count(), 0);
  await press(page, "p");
  await page.locator("header").first().waitFor();
  assert.equal(await page.locator(".podium").count(), 0);
});

pageTest("a link opens the presenter's view at its moment, with the answer kept back", { viewport: PROJECTOR }, async ({ page, open }) => {
  await open(at("dual-write-ghost", "&at=33&view=present"));
  await page.locator(".podium").waitFor();
  assert.equal(await step(page), 33);
  assert.match(await hash(page), /&view=present$/);
  assert.equal(await page.locator(".podium .verdict").count(), 0);
  await press(page, "Escape");
  assert.equal(await page.locator(".podium").count(), 0);
  assert.doesNotMatch(await hash(page), /view=/);
  await fresh(open, at("dual-write-ghost", "&view=sideways"));
  assert.match(await page.getByRole("alert").innerText(), /view .*sideways/);
});

pageTest("the whole screen is used where the browser lends it", { viewport: PROJECTOR }, async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await page.getByRole("button", { name: "Present", exact: true }).click();
  await page.waitForFunction(() => document.fullscreenElement !== null || !document.fullscreenEnabled);
  await page.evaluate(() => document.fullscreenElement && document.exitFullscreen());
  await page.waitForFunction(() => document.fullscreenElement === null);
  if (await page.evaluate(() => document.fullscreenEnabled)) await page.locator(".podium").waitFor({ state: "detached" });
});

// In every scenario, at every step: src/scene/tests.rs.
pageTest("no word of what came of it is to be seen before it is revealed", { viewport: PROJECTOR }, async ({ page, open }) => {
  await open();
  for (const id of ["dual-write-ghost", "outbox-relay-crash", "serialize-as-you-send"]) {
    await fresh(open, at(id, "&view=present"));
    await page.locator(".podium").waitFor();
    const { of } = await page.evaluate(() => ({ of: Number(document.querySelector(".podium .count").textContent.split("/")[1]) }));
    for (let n = 0; n < of; n += 1) {
      await press(page, "ArrowRight");
      const told = await page.evaluate(() => [document.querySelector(".presenting main").innerText, document.querySelector(".podium").innerText].join(" ").replace(/is lost on its way/g, ""));
      assert.equal(told.match(WORDS)?.input.slice(told.search(WORDS) - 60, told.search(WORDS) + 60) ?? "", "", `${id}, step ${n + 1}`);
    }
  }
});

pageTest("both sides can be presented", { viewport: WIDE }, async ({ page, open }) => {
  await open(at("dual-write-ghost", "&at=40&beside=1&view=present"));
  assert.equal(await page.locator(".presenting .stage").count(), 2);
  await assertNoSidewaysScroll(page, "beside");
});

for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries({ "a projector": PROJECTOR, "a phone": PHONE })) {
    pageTest(`the presenter's view is accessible in ${colorScheme} on ${size}`, { colorScheme, viewport, reducedMotion: "reduce" }, async ({ page, open }) => {
      await open(at("dual-write-ghost", "&at=33&view=present"));
      await page.locator(".podium").waitFor();
      await assertAccessible(page);
      await press(page, "a");
      await assertAccessible(page);
      await assertNoSidewaysScroll(page, size);
      assert.deepEqual(await tooSmall(page), []);
    });
  }
}
