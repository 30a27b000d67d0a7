// What was tried stays: branches, what stands beside, where two runs part, where it is worth stopping.

import assert from "node:assert/strict";
import { PHONE, assertAccessible, pageTest } from "./harness.mjs";
import { PROJECTOR, assertNoSidewaysScroll, assertSameScene, at, control, count, fresh, hash, scenarios, scene, seedField, setSpeed, settled, story, tooSmall, walk } from "./hands.mjs";

const strip = (page) => page.locator(".transport").getByRole("group", { name: "Branches" });
const branch = (page, name) => strip(page).getByRole("button", { name });
const act = (page, whom, what) => page.getByRole("group", { name: whom }).getByRole("button", { name: what, exact: true }).click();
// Whatever has the focus: a list has keys of its own.
const toTheEnd = async (page) => {
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("End");
};
const onShow = async (page) => {
  await settled(page);
  return strip(page).locator("[aria-pressed=true]").innerText();
};
const titles = async (page) => {
  await settled(page);
  return (await strip(page).locator("[aria-pressed] > span:first-of-type").allInnerTexts()).map((title) => title.replace(/, \d.*/, ""));
};

pageTest("what is done after stepping back is a branch; the old one is a click, or a key, away", async ({ page, open }) => {
  await open(at("outbox-with-inbox"));
  assert.equal(await strip(page).count(), 0, "nothing to choose from");
  await walk(page, "Step", 20);
  const without = await scene(page);
  await act(page, "orders service", "Crash");
  assert.deepEqual(await titles(page), ["nothing by hand", "crash orders"]);
  await walk(page, "Step", 12);
  const crashed = await scene(page);
  await walk(page, "Step back", 6);
  await act(page, "mail service", "Crash");
  assert.deepEqual(await titles(page), ["nothing by hand", "crash orders", "crash mail"]);
  await assertAccessible(page);

  await branch(page, /^crash orders/).click();
  await page.getByRole("slider", { name: "Time line" }).fill(crashed.line);
  assertSameScene(await scene(page), crashed, "as it was left");
  await branch(page, "nothing by hand").click();
  assert.equal((await scene(page)).clock, crashed.clock, "the same moment");
  await page.getByRole("slider", { name: "Time line" }).fill(without.line);
  const again = await scene(page);
  for (const part of ["story", "verdict", "log", "marks", "count"]) assert.equal(again[part], without[part], `did not crash: ${part}`);
  const order = [];
  for (let n = 0; n < 3; n += 1) {
    await page.keyboard.press("v");
    order.push((await onShow(page)).split(",")[0]);
  }
  assert.deepEqual(order, ["crash orders", "crash mail", "nothing by hand"]);
  await page.keyboard.press("Shift+V");
  assert.match(await onShow(page), /^crash mail/);
});

pageTest("a branch is named, its name goes with the link, and it is deleted", async ({ page, open }) => {
  await open(at("outbox-with-inbox"));
  await walk(page, "Step", 20);
  await act(page, "orders service", "Crash");
  await strip(page).getByRole("button", { name: "Compare" }).click();
  const panel = page.getByRole("region", { name: "Compare" });
  const name = panel.getByRole("textbox", { name: "Name of this branch" });
  await name.fill("it crashed");
  await name.press("Enter");
  assert.deepEqual(await titles(page), ["nothing by hand", "it crashed"]);
  const address = await hash(page);
  assert.match(address, /&name=it\+crashed/);
  await branch(page, "nothing by hand").click();
  assert.equal(await name.inputValue(), "");
  await branch(page, "it crashed").click();
  await panel.getByRole("button", { name: "Delete this branch" }).click();
  assert.equal(await strip(page).count(), 0);
  assert.doesNotMatch(await hash(page), /&do=/, "the one it came from is on show");
  assert.equal(await page.evaluate(() => document.activeElement !== document.body), true, "the focus is not lost");

  await fresh(open, `#${address}`);
  assert.deepEqual(await titles(page), ["nothing by hand", "it crashed"], "whoever opens the link can flip, too");
  assert.match(await onShow(page), /it crashed/);
});

pageTest("two branches beside each other: where they part, in words and on the line, and what each promised", async ({ page, open }) => {
  await open(at("dual-write-lost"));
  await walk(page, "Step", 3);
  await act(page, "orders service", "Crash");
  await page.getByRole("tab", { name: "Compare" }).click();
  const panel = page.getByRole("region", { name: "Compare" });
  assert.equal(await panel.getByRole("table").count(), 0);
  await panel.getByLabel("Beside this run").selectOption({ label: "nothing by hand" });
  assert.equal(await page.locator(".stage").count(), 2);
  assert.deepEqual(await page.locator(".caption h2").allInnerTexts().then((all) => all.map((one) => one.replace(/, \d.*/, ""))), ["Branch: crash orders", "Branch: nothing by hand"]);
  const said = await panel.locator(".difference dl").innerText();
  assert.match(said, /here, step 4, .*\n+The orders service crashes\./);
  assert.match(said, /beside, step 4, /);
  assert.ok((await panel.getByRole("row").count()) > 1);
  await assertAccessible(page);
  const address = await hash(page);

  await toTheEnd(page);
  await panel.getByRole("button", { name: "Show where they part" }).click();
  assert.equal((await count(page)).step, 4);
  await toTheEnd(page);
  await page.getByRole("button", { name: /^they part at/ }).click();
  assert.equal((await count(page)).step, 4, "the mark on the line leads there, too");

  await fresh(open, `#${address}`);
  await page.getByRole("tab", { name: "Compare" }).click();
  assert.equal(await panel.locator(".difference dl").innerText(), said, "the link holds both");

  // Flipping to what stands beside: the two change places.
  await branch(page, "nothing by hand").click();
  assert.match(await page.locator(".caption h2").first().innerText(), /nothing by hand/);
  assert.match(await page.locator(".caption h2").last().innerText(), /crash orders/);
  await panel.getByLabel("Beside this run").selectOption("");
  assert.equal(await page.locator(".stage").count(), 1);
  assert.equal(await panel.locator(".difference").count(), 0);
});

pageTest("two seeds, and two scenarios, beside each other", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await page.getByRole("tab", { name: "Compare" }).click();
  const panel = page.getByRole("region", { name: "Compare" });
  const list = panel.getByLabel("Beside this run");
  await list.selectOption({ label: "the same under another seed" });
  assert.match(await page.locator(".caption h2").last().innerText(), /^The same under the seed [a-z]+-[a-z]+-[a-z]+$/);
  assert.match(await hash(page), /&beside=seed:[a-z]+-[a-z]+-[a-z]+$/);
  const first = await hash(page);
  await panel.getByRole("button", { name: "Yet another seed" }).click();
  await page.waitForFunction((first) => location.hash.slice(1) !== first, first);

  await list.selectOption("run:outbox-relay-crash");
  assert.match(await hash(page), /&beside=run:outbox-relay-crash$/);
  assert.match(await page.locator(".caption h2").last().innerText(), /, under the same seed$/);
  assert.match(await panel.locator(".difference").innerText(), /here, step \d+/);
  await list.selectOption("counterpart");
  assert.match(await hash(page), /&beside=1$/);
  await toTheEnd(page);
  await page.keyboard.press("b");
  await settled(page);
  assert.equal(await list.inputValue(), "", "the list knows what the key does");
  await page.keyboard.press("b");
  await settled(page);
  assert.equal(await list.inputValue(), "counterpart");
});

for (const reducedMotion of ["no-preference", "reduce"]) {
  pageTest(`the play halts where a promise is broken, if that is wanted (${reducedMotion})`, { reducedMotion }, async ({ page, open }) => {
    await open(at("dual-write-ghost"));
    const halt = control(page, "Halt where a promise is broken");
    await halt.click();
    assert.match(await hash(page), /&halt=1$/);
    await setSpeed(page, "50×");
    await control(page, "Play").click();
    await page.waitForFunction(() => document.querySelector(".play").ariaLabel === "Play");
    assert.match(await story(page), /order 3/i);
    assert.equal(await page.locator(".promises .broken").count(), 1);
    const { step, of } = await count(page);
    assert.ok(step < of, "and not at the end");
    await control(page, "Play").click();
    await page.waitForFunction(() => document.querySelector(".play").ariaLabel === "Play");
    assert.equal((await count(page)).step, of, "from there it goes on");

    await fresh(open, at("dual-write-ghost"));
    assert.equal(await halt.getAttribute("aria-pressed"), "true", "the browser remembers");
    await halt.click();
    await fresh(open, at("dual-write-ghost"));
    assert.equal(await halt.getAttribute("aria-pressed"), "false");
    await fresh(open, at("dual-write-ghost", "&halt=1"));
    assert.equal(await halt.getAttribute("aria-pressed"), "true", "a link can ask for it");
  });
}

pageTest("the interesting steps are a button and a key away, and the help says what they are", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  const next = page.locator(".transport").getByRole("button", { name: "Next interesting step" });
  const last = page.locator(".transport").getByRole("button", { name: "Interesting step before" });
  const seen = [];
  for (let n = 0; n < 200; n += 1) {
    const before = (await count(page)).step;
    await next.click();
    const { step } = await count(page);
    if (step === before) break;
    seen.push([step, await story(page)]);
  }
  const { of } = await count(page);
  assert.ok(seen.length > 5 && seen.length < of / 2, `${seen.length} of ${of}`);
  for (const what of [/is committed/i, /rolled back/i, /ghost|never/i]) assert.ok(seen.some(([, said]) => what.test(said)), String(what));
  assert.equal(seen.at(-1)[0], of, "the end is one");
  await last.click();
  assert.equal((await count(page)).step, seen.at(-2)[0]);
  await page.keyboard.press(",");
  assert.equal((await count(page)).step, seen.at(-3)[0]);
  await page.keyboard.press(".");
  assert.equal((await count(page)).step, seen.at(-2)[0]);
  await page.keyboard.press("?");
  assert.match(await page.getByRole("dialog").innerText(), /Interesting is where .*a commit, an effect, a fault/);
});

for (const [where, viewport] of [["on a phone", PHONE], ["on a projector", PROJECTOR]]) {
  pageTest(`branches and their difference have room ${where}`, { viewport }, async ({ page, open }) => {
    await open(at("outbox-with-inbox", "&at=40&do=17@1900000:crash+orders&beside=branch:1:"));
    await assertNoSidewaysScroll(page, where);
    assert.deepEqual(await tooSmall(page), []);
    await assertAccessible(page);
    await strip(page).getByRole("button", { name: "Compare" }).click();
    await page.getByRole("region", { name: "Compare" }).getByText("The difference").waitFor();
    await assertNoSidewaysScroll(page, `${where}, comparing`);
    await assertAccessible(page);
    const rows = await page.evaluate(() => new Set([...document.querySelectorAll(".controls > *")].filter((one) => one.checkVisibility() && one.getBoundingClientRect().height > 0).map((one) => Math.round((one.getBoundingClientRect().top + one.getBoundingClientRect().bottom) / 2 / 12))).size);
    assert.ok(rows <= (viewport === PHONE ? 2 : 1), `the controls stand in ${rows} rows`);
  });
}

pageTest("a presenter flips between branches without giving away what came of them", async ({ page, open }) => {
  await open(at("dual-write-lost", "&at=12&do=3@1:crash+orders&view=present"));
  const hand = page.locator(".podium").getByRole("group", { name: "Branches" });
  await page.keyboard.press("End");
  await page.keyboard.press("v");
  await page.keyboard.press("End");
  await settled(page);
  assert.equal(await hand.locator("[aria-pressed] .icon").count(), 0, "kept back");
  assert.equal(await hand.locator("[aria-pressed=true]").innerText(), "nothing by hand");
  await page.keyboard.press("a");
  await settled(page);
  assert.equal(await hand.locator("[aria-pressed] .icon").count(), 2, "revealed");
  await hand.getByRole("button", { name: /^crash orders/ }).click();
  assert.match(await hand.locator("[aria-pressed=true]").innerText(), /^crash orders/);
  await assertAccessible(page);
});

pageTest("where there is one branch only, flipping leaves alone what is looked at and typed", async ({ page, open }) => {
  await open(at("queue-competing-consumers"));
  await seedField(page).fill("no such seed");
  await page.locator(".party.worker .name").last().click();
  await page.locator(".inspector").waitFor();
  await page.keyboard.press("v");
  await settled(page);
  assert.equal(await page.locator(".inspector").count(), 1);
  assert.equal(await seedField(page).inputValue(), "no such seed");
});

pageTest("the branches of a scenario are there again when it is opened again", async ({ page, open }) => {
  await open(at("dual-write-lost"));
  await walk(page, "Step", 3);
  await act(page, "orders service", "Crash");
  const before = await titles(page);
  assert.equal(before.length, 2);
  const choose = async (scenario) => {
    const { title } = scenarios.find(({ id }) => id === scenario);
    await page.getByRole("navigation", { name: "Scenarios" }).getByRole("link", { name: title }).first().click();
    await settled(page);
  };
  await choose("dual-write-ghost");
  assert.equal(await strip(page).count(), 0, "another scenario has none of them");
  await choose("dual-write-lost");
  assert.deepEqual(await titles(page), before);
  assert.match(await onShow(page), /nothing by hand/, "it opens as ever");
  assert.doesNotMatch(await hash(page), /&do=/);
});
