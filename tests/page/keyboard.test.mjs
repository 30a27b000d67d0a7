// Everything by the keyboard alone.

import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";
import { PROJECTOR, WIDE, assertSameScene, at, clock, control, count, hash, scene, settled, stepUntil, story, walk } from "./hands.mjs";

// What has the focus: its name, the part of the page it is in, and whether the focus is to be seen as a whole.
const focus = async (page) => {
  await settled(page);
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === document.body) return { name: "", region: "" };
    const style = getComputedStyle(element);
    const reach = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
    const box = element.getBoundingClientRect();
    const scale = box.width / (element.offsetWidth || box.width);
    let clipped = "";
    for (let around = element.parentElement; around; around = around.parentElement) {
      if (getComputedStyle(around).overflowX !== "hidden" || around.closest("dialog") !== element.closest("dialog")) continue;
      const clip = around.getBoundingClientRect();
      const over = { left: clip.left - (box.left - reach * scale), right: box.right + reach * scale - clip.right, top: clip.top - (box.top - reach * scale), bottom: box.bottom + reach * scale - clip.bottom };
      for (const [side, pixels] of Object.entries(over)) if (pixels > 1) clipped += `${side} by ${around.className} `;
    }
    return {
      name: element.ariaLabel ?? element.labels?.[0]?.innerText ?? element.innerText ?? "",
      tag: element.localName,
      region: ["header", "nav", "main", "aside", "footer"].find((region) => element.closest(region)) ?? element.closest("dialog")?.localName ?? "",
      visible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      clipped,
    };
  });
};

for (const [size, viewport] of Object.entries({ "a desktop": WIDE, "a projector": PROJECTOR })) {
  pageTest(`Tab goes through the whole page in order, the focus always to be seen, on ${size}`, { viewport }, async ({ page, open }) => {
    await open(at("outbox-with-inbox", "&at=60"));
    const stops = [];
    for (let n = 0; n < 300; n += 1) {
      await page.keyboard.press("Tab");
      const stop = await focus(page);
      if (!stop.name && !stop.region) break;
      assert.ok(stop.visible, `the focus on '${stop.name}' is to be seen`);
      assert.equal(stop.clipped, "", `the ring around '${stop.name}' is whole`);
      stops.push(stop);
    }
    const regions = stops.map(({ region }) => region).filter((region, n, all) => region !== all[n - 1]);
    const expected = viewport === WIDE ? ["header", "nav", "main", "aside", "footer"] : ["header", "main", "aside", "footer"];
    assert.deepEqual(regions, expected, "in the order in which it is read");
    const names = stops.map(({ name }) => name);
    for (const name of ["Share this moment", "Play", "Step", "Step back", "Reset", "Time line", "Another seed", "Crash"]) assert.ok(names.includes(name), name);
    assert.ok(names.every(Boolean), "everything that can have the focus has a name");
    assert.ok(names.some((name) => /^relay/.test(name)), "a party of the stage");
    assert.ok(names.some((name) => /, (committed|waits|sent|done)/.test(name)), "a row of the stage, its state in words");
  });
}

pageTest("every key does what the help says", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  const press = (key) => page.keyboard.press(key);
  await press("ArrowRight");
  await press("ArrowRight");
  assert.equal((await count(page)).step, 2);
  await press("ArrowLeft");
  assert.equal((await count(page)).step, 1);
  await press("End");
  let { step, of } = await count(page);
  assert.equal(step, of);
  await press("Home");
  assert.equal((await count(page)).step, 0);
  await press("End");
  await press("r");
  assert.equal((await count(page)).step, 0);
  await press("Shift+ArrowRight");
  assert.match(await story(page), /rolled back/);
  await press("Home");

  await press("Space");
  await control(page, "Pause").waitFor();
  await press("Space");
  await control(page, "Play").waitFor();
  await press("+");
  assert.equal(await page.getByLabel("Speed").inputValue(), "2×");
  await press("-");
  await press("-");
  assert.equal(await page.getByLabel("Speed").inputValue(), "0.5×");

  await press("Home");
  await press(".");
  await press(".");
  await press(".");
  const third = (await count(page)).step;
  await press(",");
  assert.ok((await count(page)).step < third, "the interesting step before");
  const halt = control(page, "Halt where a promise is broken");
  await press("h");
  assert.equal(await halt.getAttribute("aria-pressed"), "true");
  await press("H");
  assert.equal(await halt.getAttribute("aria-pressed"), "false");

  await press("b");
  assert.equal(await page.locator(".stage").count(), 2);
  await press("B");
  assert.equal(await page.locator(".stage").count(), 1);
  await press("n");
  assert.ok(!(await hash(page)).includes("calm-amber-otter"), "another seed");

  await page.getByRole("group", { name: "broker" }).getByRole("button").press("Enter");
  assert.match(await hash(page), /&do=/);
  await press("v");
  assert.doesNotMatch(await hash(page), /&do=/, "the run without it");
  await press("V");
  assert.match(await hash(page), /&do=/, "and the one with it");
  await press("u");
  assert.doesNotMatch(await hash(page), /&do=/);
  await press("l");
  await page.getByRole("button", { name: "Link copied" }).waitFor();
  await press("c");
  assert.deepEqual([(await focus(page)).region, (await focus(page)).name.split("\n")[0]], ["nav", "A ghost: sent, then rolled back"]);
  await press("Escape");
  assert.notEqual((await focus(page)).region, "nav");

  await press("i");
  await page.getByRole("heading", { level: 1, name: "Interview cards" }).waitFor();
  await press("Escape");
  await press("p");
  await page.locator(".podium").waitFor();
  await press("a");
  await page.locator(".podium .verdict").waitFor();
  await press("p");
  await page.locator(".podium").waitFor({ state: "detached" });

  await press("?");
  const keys = await page.getByRole("dialog").locator("dl").first().locator("dt").allInnerTexts();
  assert.equal(keys.length, 21);
});

pageTest("the help takes the focus, keeps it, and gives it back", async ({ page, open }) => {
  await open();
  const dialog = page.getByRole("dialog", { name: "Keys" });
  const button = page.getByRole("button", { name: "Keys and help" });
  for (const close of ["Escape", "Enter"]) {
    await button.focus();
    await page.keyboard.press("Enter");
    await dialog.waitFor();
    for (let n = 0; n < 4; n += 1) {
      const { region, name } = await focus(page);
      // Between its last button and its first the focus may be with the browser itself.
      assert.ok(region === "dialog" || name === "", `the focus stays within (it is on '${name}')`);
      await page.keyboard.press("Tab");
    }
    // What is behind does not hear the keys.
    await page.keyboard.press("ArrowRight");
    assert.equal((await count(page)).step, 0);
    await dialog.getByRole("button", { name: "Close" }).focus();
    await page.keyboard.press(close);
    await dialog.waitFor({ state: "detached" });
    assert.equal((await focus(page)).name, "Keys and help", `${close}: back where it came from`);
  }
  await page.keyboard.press("?");
  await page.mouse.click(5, 5);
  await dialog.waitFor({ state: "detached" });
  await page.keyboard.press("ArrowRight");
  assert.equal((await count(page)).step, 1, "the keys work again");
});

pageTest("the focus stays while stepping, also at the start, and never falls off the page", async ({ page, open }) => {
  await open(at("outbox-with-inbox"));
  const on = async (name) => assert.equal((await focus(page)).name, name);
  await control(page, "Step").focus();
  for (let n = 0; n < 6; n += 1) await page.keyboard.press("Enter");
  assert.equal((await count(page)).step, 6);
  await on("Step");
  await control(page, "Step back").focus();
  for (let n = 0; n < 8; n += 1) await page.keyboard.press("Enter");
  assert.equal((await count(page)).step, 0);
  await on("Step back");
  assert.equal(await control(page, "Step back").getAttribute("aria-disabled"), "true");
  await page.keyboard.press("ArrowRight");
  await on("Step back");

  // A button that is gone after it was pressed leaves the focus near.
  const group = page.getByRole("group", { name: "mail service" });
  await group.getByRole("button", { name: "Crash", exact: true }).press("Enter");
  await on("Restart");
  await page.keyboard.press("Enter");
  assert.equal((await focus(page)).region, "aside");
  await control(page, "Undo what I did").press("Enter");
  await on("Undo what I did");
  await page.keyboard.press("Enter");
  await on("Play");

  // A row that does not exist yet after going back.
  await walk(page, "Step", 20);
  await page.locator(".row").first().focus();
  for (let n = 0; n < 20; n += 1) await page.keyboard.press("ArrowLeft");
  assert.equal((await focus(page)).region, "main");
});

pageTest("a closer look by the keyboard: there and back", async ({ page, open }) => {
  await open(at("outbox-with-inbox"));
  await stepUntil(page, /relay publishes/i);
  const relay = page.locator(".party.relay .name");
  await relay.focus();
  await page.keyboard.press("Enter");
  assert.equal(await relay.getAttribute("aria-pressed"), "true");
  const { name, region } = await focus(page);
  assert.equal(region, "aside");
  assert.match(name, /^The relay/);
  await page.keyboard.press("Tab");
  assert.equal((await focus(page)).name, "Close");
  await page.keyboard.press("Tab");
  assert.equal((await focus(page)).name, "Crash");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".inspector").count(), 0);
  assert.match((await focus(page)).name, /^relay/, "back on the stage");

  // A message in flight can be reached without a mouse.
  const row = page.locator(".row.sending, .row.waits").first();
  await row.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal((await focus(page)).name, "Lose it");
  await page.keyboard.press("Enter");
  assert.match(await hash(page), /&do=\d+@\d+:lose/);
  await page.locator(".inspector").getByRole("button", { name: "Close" }).press("Enter");
  assert.equal((await focus(page)).region, "main");
});

pageTest("the list of scenarios as a drawer: the focus goes in, and comes back", { viewport: PROJECTOR }, async ({ page, open }) => {
  await open();
  const nav = page.getByRole("navigation", { name: "Scenarios" });
  assert.equal(await nav.isVisible(), false);
  const menu = page.locator("header").getByRole("button", { name: "Scenarios" });
  await menu.focus();
  await page.keyboard.press("Enter");
  assert.equal((await focus(page)).region, "nav");
  await page.keyboard.press("Escape");
  assert.equal(await nav.isVisible(), false);
  assert.equal((await focus(page)).name, "Scenarios");

  await page.keyboard.press("c");
  assert.equal((await focus(page)).region, "nav");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "A loss: committed, never sent" }).waitFor();
  assert.equal(await nav.isVisible(), false);
  assert.equal((await focus(page)).name, "Scenarios");

  await menu.click();
  await page.mouse.click(900, 400);
  assert.equal(await nav.isVisible(), false, "a click beside it closes it");
  assert.equal((await hash(page)).includes("dual-write-lost"), true);

  await menu.press("Enter");
  for (let n = 0; n < 100 && (await focus(page)).region === "nav"; n += 1) await page.keyboard.press("Tab");
  assert.equal(await nav.isVisible(), false, "who walks out of it has closed it");
  assert.notEqual((await focus(page)).name, "");
});

pageTest("on the line the keys are those of a line, and nothing done by hand is forgotten", async ({ page, open }) => {
  await open();
  await walk(page, "Step", 10);
  await page.getByRole("group", { name: "mail service" }).getByRole("button", { name: "Crash", exact: true }).click();
  await walk(page, "Step", 3);
  const line = page.getByRole("slider", { name: "Time line" });
  await line.focus();
  const { step } = await count(page);
  await page.keyboard.press("ArrowUp");
  assert.equal((await count(page)).step, step + 1);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowLeft");
  assert.equal((await count(page)).step, step - 1);
  const before = await clock(page);
  await page.keyboard.press("PageUp");
  assert.notEqual(await clock(page), before, "a longer way");
  await page.keyboard.press("Home");
  assert.equal((await count(page)).step, 0);
  assert.match(await hash(page), /&do=/, "what was done by hand is still there");
  assert.equal((await focus(page)).name, "Time line");
  assert.match(await line.getAttribute("aria-valuetext"), /step 0 of \d+/);
});

pageTest("after a click the space bar plays; who walks by Tab presses with it", async ({ page, open }) => {
  await open();
  await control(page, "Step").click();
  assert.equal((await count(page)).step, 1);
  await page.keyboard.press("Space");
  await control(page, "Pause").waitFor();
  await page.keyboard.press("Space");
  await control(page, "Play").waitFor();
  await page.keyboard.press("Home");
  await control(page, "Reset").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal((await focus(page)).name, "Step");
  await page.keyboard.press("Space");
  assert.equal((await count(page)).step, 1);
});

pageTest("keys with Ctrl, Alt or Meta are the browser's", async ({ page, open }) => {
  await open();
  await walk(page, "Step", 3);
  const before = await scene(page);
  for (const key of ["Control+b", "Alt+n", "Meta+u", "Control+ArrowRight"]) await page.keyboard.press(key);
  assertSameScene(await scene(page), before, "nothing happened");
});

pageTest("after a click on a box to tick the keys still move the run", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await page.getByRole("tab", { name: /^Lesson/ }).click();
  await page.getByLabel("Ask me before each run").click();
  await page.keyboard.press("ArrowRight");
  assert.equal((await count(page)).step, 1);
  await page.keyboard.press("Space");
  await control(page, "Pause").waitFor();
});
