// The operator's desk: what was set aside is reviewed, edited, replayed or thrown away.

import assert from "node:assert/strict";
import { PHONE, assertAccessible, pageTest } from "./harness.mjs";
import { WIDE, assertNoSidewaysScroll, at, hash, settled, story, tooSmall } from "./hands.mjs";

// The first order cannot be serialized: its row waits with a broken amount.
const BROKEN = at("sender-dead-letter", "&at=60&do=0@0:fail+orders+serialize+%231");
const tab = (page, name) => page.getByRole("tab", { name });
const row = (page) => page.locator(".review li").first();
const field = (page) => row(page).getByLabel("Amount");

pageTest("a dead letter is edited where it is broken; only what is corrected goes, and the link keeps what was written", async ({ page, open }) => {
  await open(BROKEN);
  await tab(page, "Dead letters").click();
  assert.equal(await field(page).inputValue(), "NaN");
  assert.match(await row(page).innerText(), /not a number/);
  const before = await hash(page);

  await field(page).fill("1 0");
  await field(page).press("Enter");
  assert.equal(await hash(page), before, "the browser refuses what can be no amount");

  await field(page).fill("ten");
  await field(page).press("Enter");
  await settled(page);
  assert.match(await row(page).innerText(), /edited[^]*not a number/);
  await row(page).getByRole("button", { name: "Replay it" }).click();
  await page.locator("body").press("End");
  await settled(page);
  assert.match(await row(page).innerText(), /cannot be turned into bytes[^]*replay failed/i);

  await field(page).fill("10");
  await row(page).getByRole("button", { name: "Save the edit" }).click();
  await settled(page);
  assert.doesNotMatch(await row(page).innerText(), /not a number/);
  await tab(page, "Now").click();
  assert.match(await story(page), /its amount is now 10\.[^]*replayed/);
  await tab(page, "Dead letters").click();
  await row(page).getByRole("button", { name: "Replay it" }).click();
  await page.locator("body").press("End");
  await settled(page);
  assert.match(await row(page).innerText(), /replayed[^]*has handled it/);
  assert.match(await row(page).innerText(), /"amount": 10 /);

  const kept = await hash(page);
  assert.match(kept, /^v=2&z=/, "there is much in it by now");
  const told = await row(page).innerText();
  await page.reload();
  await tab(page, "Dead letters").click();
  assert.equal(await row(page).innerText(), told);
  assert.equal(await hash(page), kept);
});

pageTest("what is being written is not lost when the run goes on", async ({ page, open }) => {
  await open(BROKEN);
  await tab(page, "Dead letters").click();
  await field(page).fill("12.5");
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await settled(page);
  assert.equal(await field(page).inputValue(), "12.5");
});

pageTest("a bad message is taken out of the queue it was set aside in, and an edited copy is handled", async ({ page, open }) => {
  await open(at("poison-message", ""));
  await page.locator("body").press("End");
  await tab(page, "Dead letters").click();
  assert.equal(await field(page).inputValue(), "NaN");
  await field(page).fill("20");
  await row(page).getByRole("button", { name: "send an edited copy" }).click();
  await settled(page);
  await tab(page, "Now").click();
  assert.match(await story(page), /takes the message about order 2 out of bad-mails and sends an edited copy: its amount is 20\./);
  // Off the tabs, where End means the last tab.
  await page.locator("h1").first().click();
  await page.locator("body").press("End");
  await settled(page);
  assert.match(await page.locator(".log").innerText(), /acknowledges the message about order 2\./);
  assert.match(decodeURIComponent(await hash(page)), /do=.*resend.*#2.*of.*bad-mails.*with.*20|^v=2/);
  await page.reload();
  await settled(page);
  assert.match(await page.locator(".log").innerText(), /acknowledges the message about order 2\./);
});

for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries({ "a desktop": WIDE, "a phone": PHONE })) {
    pageTest(`the desk is accessible in ${colorScheme} on ${size}`, { colorScheme, viewport, reducedMotion: "reduce" }, async ({ page, open }) => {
      await open(BROKEN);
      await tab(page, "Dead letters").click();
      await field(page).waitFor();
      await assertAccessible(page);
      await assertNoSidewaysScroll(page, size);
      assert.deepEqual(await tooSmall(page), []);
    });
  }
}
