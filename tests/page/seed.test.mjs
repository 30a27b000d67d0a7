// The seed: three words or a number.

import assert from "node:assert/strict";
import { PHONE, pageTest } from "./harness.mjs";
import { assertNoSidewaysScroll, assertSameScene, control, count, hash, scene, seedField, setSpeed, walk } from "./hands.mjs";

pageTest("another seed is another run, in words or as a number, and the address has it", async ({ page, open }) => {
  await open();
  const seed = seedField(page);
  assert.equal(await seed.inputValue(), "calm-amber-otter");
  const ends = async () => (await scene(page)).marks;
  const first = await ends();

  await seed.fill("  Brave Teal  wolf ");
  await seed.press("Enter");
  assert.equal(await seed.inputValue(), "brave-teal-wolf");
  assert.match(await hash(page), /&seed=brave-teal-wolf/);
  const second = await ends();
  assert.notEqual(second, first, "another run");

  await seed.fill("77");
  await seed.press("Enter");
  assert.match(await seed.inputValue(), /^[a-z]+-[a-z]+-[a-z]+$/, "a number has words, if it is small");
  await seed.fill("18446744073709551615");
  await seed.press("Tab");
  assert.equal(await seed.inputValue(), "18446744073709551615");
  assert.match(await hash(page), /&seed=18446744073709551615/);

  await seed.fill("calm-amber-otter");
  await seed.press("Enter");
  assert.equal(await ends(), first, "the same seed is the same run");
});

pageTest("a wrong word is named, with the nearest; what was typed stays to be mended", async ({ page, open }) => {
  await open();
  const seed = seedField(page);
  const before = await scene(page);
  await seed.fill("calm-amber-oter");
  await seed.press("Enter");
  const alert = page.getByRole("alert");
  assert.match(await alert.innerText(), /oter.*did you mean .otter/);
  assert.equal(await seed.inputValue(), "calm-amber-oter");
  assert.equal(await seed.getAttribute("aria-invalid"), "true");
  assertSameScene(await scene(page), before, "the run stays, and everything in its place");
  for (const [typed, said] of [["", /not a seed/], ["-3", /not a seed|seed/], ["1.5", /seed/], ["99999999999999999999", /too large/], ["<b>x</b>", /<b>x<\/b>/]]) {
    await seed.fill(typed);
    await seed.press("Enter");
    assert.match(await alert.innerText(), said, typed);
  }
  await seed.fill("calm-amber-owl");
  await seed.press("Enter");
  assert.equal(await alert.count(), 0);
  assert.equal(await seed.getAttribute("aria-invalid"), "false");
});

pageTest("a seed is typed in peace: no shortcut strikes, and a run that plays does not take the words away", async ({ page, open }) => {
  await open();
  await walk(page, "Step", 5);
  const before = await scene(page);
  const seed = seedField(page);
  await seed.click();
  await seed.fill("");
  await page.keyboard.type("brunch + - ?");
  await seed.press("ArrowLeft");
  await seed.press("Home");
  await seed.press("End");
  assert.equal(await seed.inputValue(), "brunch + - ?");
  assertSameScene(await scene(page), before, "nothing happened");
  assert.equal(await page.getByRole("dialog").count(), 0);

  await setSpeed(page, "1×");
  // What was typed is wrong, and said to be; the click that leaves the field still plays.
  await control(page, "Play").click();
  await control(page, "Pause").waitFor();
  await seed.press("Control+a");
  const then = await count(page);
  await page.keyboard.type("calm-amber");
  await page.waitForFunction((step) => Number(document.querySelector(".count").textContent.match(/\d+/)[0]) > step, then.step);
  await page.keyboard.type("-owl");
  assert.equal(await seed.inputValue(), "calm-amber-owl");
  await seed.press("Enter");
  assert.match(await hash(page), /&seed=calm-amber-owl/);
});

pageTest("another seed at random starts anew with other words", async ({ page, open }) => {
  await open();
  await walk(page, "Step", 5);
  await page.getByRole("button", { name: "Another seed" }).click();
  assert.notEqual(await seedField(page).inputValue(), "calm-amber-otter");
  assert.equal((await count(page)).step, 0);
  await page.locator("body").press("n");
  assert.match(await hash(page), /&seed=[a-z]+-[a-z]+-[a-z]+$/);
});

pageTest("on a phone a seed is set, and another drawn, with a thumb", { viewport: PHONE, hasTouch: true, isMobile: true }, async ({ page, open }) => {
  await open();
  const seed = seedField(page);
  const another = page.getByRole("button", { name: "Another seed" });
  const before = (await scene(page)).marks;
  await seed.tap();
  await seed.fill("brave teal wolf");
  await seed.press("Enter");
  assert.match(await hash(page), /&seed=brave-teal-wolf/);
  assert.notEqual((await scene(page)).marks, before, "another run");

  await another.tap();
  const drawn = await seed.inputValue();
  assert.match(drawn, /^[a-z]+-[a-z]+-[a-z]+$/);
  assert.notEqual(drawn, "brave-teal-wolf");
  assert.match(await hash(page), new RegExp(`&seed=${drawn}`));

  // Also where there is something to undo, a wrong seed, and on the narrowest phone.
  await page.locator(".break button").first().tap();
  await page.getByRole("button", { name: "Undo what I did" }).waitFor();
  await seed.fill("calm-amber-oter");
  await seed.press("Enter");
  await page.getByRole("alert").waitFor();
  for (const width of [PHONE.width, 320]) {
    await page.setViewportSize({ ...PHONE, width });
    await assertNoSidewaysScroll(page, `${width} px`);
    for (const one of await page.locator(".controls :is(button, select, input)").all()) {
      const { x, width: wide, height } = await one.boundingBox();
      const name = await one.evaluate((node) => `${node.ariaLabel ?? node.localName} at ${innerWidth} px`);
      assert.ok(wide >= 44 && height >= 44, `${name}: ${wide} by ${height}`);
      assert.ok(x >= 0 && x + wide <= width, `${name} sticks out`);
    }
  }
});
