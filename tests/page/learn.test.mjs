// The lesson beside the stage, and the question that is asked before a run plays.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { PHONE, assertAccessible, pageTest, untilKept } from "./harness.mjs";
import { WIDE, assertNoSidewaysScroll, at, atTheEnd, control, count, fresh, hash, playToTheEnd, scenarios, settled, setSpeed, story, tooSmall } from "./hands.mjs";

const file = (id) => new URL(`../../lessons/en/${id}.toml`, import.meta.url);
const taught = scenarios.filter(({ id }) => existsSync(file(id)));
const text = (id) => readFileSync(file(id), "utf8");

const tab = (page, name) => page.getByRole("tab", { name });
const openLesson = async (page) => {
  await tab(page, /^Lesson/).click();
  await page.locator(".lesson").waitFor();
};
const question = (page) => page.locator(".predict .choices");
const answer = (page, name) => question(page).getByRole("button", { name, exact: true });
const said = (page) => page.locator(".predict.said p").innerText();
const callout = (page) => page.locator(".one").first().locator(".callout");

pageTest("every scenario with a lesson shows it, and it fits beside the stage", { viewport: WIDE }, async ({ page, open }) => {
  await open();
  await openLesson(page);
  for (const { id } of taught) {
    await page.evaluate((address) => (location.hash = address), at(id, "&tab=lesson").slice(1));
    await page.waitForFunction((id) => location.hash.includes(`run=${id}&`), id);
    await settled(page);
    const shown = await page.locator(".lesson").innerText();
    const remember = text(id).match(/^remember\s*=\s*"(.*)"/m)[1];
    assert.ok(shown.includes(remember), `${id}: what to remember`);
    assert.equal(await page.locator(".tasks li").count(), text(id).match(/^\[\[try\]\]/gm).length, `${id}: what to try`);
    for (const link of await page.locator(".lesson .sources a").all()) {
      assert.match(await link.getAttribute("href"), /^https:/, id);
      assert.match(await link.getAttribute("rel"), /noopener/, id);
    }
    const over = await page.evaluate(() => document.querySelector(".remember").getBoundingClientRect().bottom - document.querySelector("aside").getBoundingClientRect().bottom);
    assert.ok(over <= 0, `${id}: the lesson ends ${over} px below the screen`);
  }
});

pageTest("a task is ticked off when the run has done it, and stays so until the lesson is started over", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await openLesson(page);
  const done = page.locator(".tasks .done");
  assert.equal(await done.count(), 0);
  await page.locator(".tasks button").first().click();
  await control(page, "Pause").waitFor();
  assert.equal(await done.count(), 0, "nothing has happened yet");
  await page.locator("body").press("End");
  await done.waitFor();
  assert.match(await tab(page, /^Lesson/).innerText(), /1\/3/);
  assert.match(await done.innerText(), /second ghost/);
  assert.match(await hash(page), /&do=/, "it was done as by hand");

  await fresh(open, at("dual-write-ghost"));
  await openLesson(page);
  assert.equal(await done.count(), 1, "kept in the browser");
  await page.getByRole("button", { name: "Start over" }).click();
  await settled(page);
  assert.equal(await done.count(), 0);
});

pageTest("a lesson that is started over takes the counterpart away, or it would be ticked off again at once", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await openLesson(page);
  await page.keyboard.press("b");
  await page.locator(".tasks .done").waitFor();
  await page.getByRole("button", { name: "Start over" }).click();
  await settled(page);
  assert.equal(await page.locator(".tasks .done").count(), 0);
  assert.equal(await page.locator(".one").count(), 1);
});

pageTest("plots do not give away what is asked", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await tab(page, "Plots").click();
  await page.locator(".plot").first().waitFor();
  assert.equal(await page.locator(".plot .at.found").count(), 0);
  await tab(page, "Now").click();
  await page.getByRole("button", { name: "Skip" }).click();
  await tab(page, "Plots").click();
  await page.locator(".plot .at.found").first().waitFor({ state: "attached" });
});

for (const [what, file, name, there] of [
  ["lessons", "lessons", /^Lesson/, ".lesson .remember"],
  ["cards", "cards", "Interview cards", ".card h2"],
]) {
  pageTest(`${what} that cannot be fetched are missed aloud, and come when they are asked for again`, async ({ page, open }) => {
    const broken = (route) => route.fulfill({ body: "no texts" });
    const files = new RegExp(`/assets/${file.replace(/s$/, "")}(s|/[^/]+)\\.bin$`);
    await page.route(files, broken);
    await open(at("dual-write-ghost"));
    if (what === "cards") await page.getByRole("button", { name }).click();
    else await tab(page, name).click();
    await page.getByRole("alert").filter({ hasText: "could not be fetched" }).waitFor();
    await page.unroute(files, broken);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator(there).first().waitFor();
  });
}

pageTest("lessons that come with another scenario are no longer missed", async ({ page, open }) => {
  const broken = (route) => route.fulfill({ body: "no texts" });
  await page.route(/assets.lesson/, broken);
  await open(at("dual-write-ghost"));
  assert.equal(await tab(page, /^Lesson/).innerText(), "Lesson");
  await page.unroute(/assets.lesson/, broken);
  await page.evaluate((address) => (location.hash = address), at("dual-write-lost"));
  await tab(page, /^Lesson\W*0\/\d/).waitFor();
});

pageTest("a task is ticked off by what a person does, too", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await openLesson(page);
  await page.keyboard.press("b");
  await page.locator(".tasks .done").waitFor();
  assert.match(await page.locator(".tasks .done").innerText(), /beside/);
});

pageTest("the tabs work by the keyboard alone, and leave the run where it is", async ({ page, open }) => {
  await open(at("dual-write-ghost", "&at=9"));
  await tab(page, "Now").focus();
  await page.keyboard.press("ArrowRight");
  await page.locator(".lesson").waitFor();
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  assert.match(await focused(), /^Lesson/);
  assert.equal(await tab(page, /^Lesson/).getAttribute("aria-selected"), "true");
  await page.keyboard.press("Home");
  assert.match(await focused(), /^Now/);
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowRight");
  assert.match(await focused(), /^Now/, "round and round");
  assert.equal((await count(page)).step, 9);
});

pageTest("a wrong prediction is shown on the stage: the run stops at the moment that proves it wrong, beside the place", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await answer(page, "4").click();
  assert.equal(await answer(page, "4").getAttribute("aria-pressed"), "true");
  await answer(page, "3").click();
  await setSpeed(page, "50\u00d7");
  await control(page, "Play").click();
  await callout(page).waitFor();
  assert.match(await callout(page).innerText(), /You said: 3. In the end it comes to: 5./);
  assert.ok(await control(page, "Play").isVisible(), "it has stopped");
  const { step, of } = await count(page);
  assert.ok(step < of);
  assert.match(await story(page), /order 3/, "the ghost, and not the first mail beyond what was said");
  const [sentence] = (await story(page)).split("\n");
  assert.ok((await callout(page).innerText()).includes(sentence), "with the sentence of that step");
  const box = (selector) => page.locator(selector).boundingBox();
  const [words, place] = [await box(".callout"), await box(".party.proof")];
  assert.match(await page.locator(".party.proof strong").innerText(), /mail/);
  assert.ok(words.x + words.width <= place.x + 1, "it hides nothing of the place that it is about");

  await callout(page).getByRole("button", { name: "Go on" }).click();
  await atTheEnd(page);
  assert.equal(await callout(page).count(), 0, "it was read");
  assert.equal(await said(page), "You said: 3. In the end it comes to: 5.");
  await page.getByRole("button", { name: "Show me the moment" }).click();
  assert.equal((await count(page)).step, step);
  await callout(page).waitFor();
});

pageTest("a right prediction is told so on the stage, and can be put away", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await answer(page, "5").click();
  await page.locator("body").press("End");
  assert.equal(await said(page), "You said: 5. So it is.");
  assert.match(await callout(page).innerText(), /^You said: 5. So it is./);
  await callout(page).getByRole("button", { name: "Close" }).click();
  await settled(page);
  assert.equal(await callout(page).count(), 0);
});

pageTest("what only the end proves wrong leads to the moment where it went another way", async ({ page, open }) => {
  await open(at("dual-write-lost"));
  await answer(page, "twice").click();
  await page.locator("body").press("End");
  assert.match(await callout(page).innerText(), /You said: twice. In the end it comes to: lost.[^]*Order 2 is committed/);
  assert.match(await page.locator(".party.proof strong").innerText(), /orders/);
  await callout(page).getByRole("button", { name: "Show me the moment" }).click();
  await settled(page);
  assert.match(await story(page), /Order 2 is committed, and the mail service will never hear of it/);
  assert.match(await callout(page).innerText(), /In the end it comes to: lost/, "the answer stands there, too");
  assert.equal(await page.locator(".mark.lost").count(), 1, "nothing is kept back any more");
});

pageTest("on a phone the run that stops for an answer brings it into sight", { viewport: PHONE }, async ({ page, open }) => {
  await open(at("dual-write-lost"));
  await answer(page, "twice").click();
  await setSpeed(page, "50\u00d7");
  await control(page, "Play").click();
  await callout(page).waitFor();
  await settled(page);
  const [words, time] = [await callout(page).boundingBox(), await page.locator(".transport").boundingBox()];
  assert.ok(words.y >= 0 && words.y + words.height <= time.y, `between the top and the time line: ${JSON.stringify([words, time])}`);
  await assertNoSidewaysScroll(page, "a phone");
});

pageTest("a verdict can be predicted, and is told as soon as it is certain", async ({ page, open }) => {
  await open(at("dual-write-lost"));
  await answer(page, "lost").click();
  await page.keyboard.press("ArrowRight");
  assert.equal(await said(page), "You said: lost.", "not yet");
  await page.keyboard.press("Shift+ArrowRight");
  for (let n = 0; n < 5 && !(await page.locator(".said.right").count()); n += 1) await page.keyboard.press("Shift+ArrowRight");
  assert.equal(await said(page), "You said: lost. So it is.");
  const { step, of } = await count(page);
  assert.ok(step < of, "before the end");
});

pageTest("what will be found is not given away while it is asked", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await question(page).waitFor();
  assert.equal(await page.locator(".mark.ghost").count(), 0);
  assert.doesNotMatch(await story(page), /wrong/);
  await page.getByRole("button", { name: "Skip" }).click();
  await page.locator(".mark.ghost").first().waitFor();
  assert.equal(await question(page).count(), 0);
});

pageTest("the question is never in the way: playing, stepping and Space pass it by", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await question(page).waitFor();
  await page.keyboard.press("Space");
  await control(page, "Pause").waitFor();
  assert.equal(await page.locator(".predict").count(), 0);
  await page.keyboard.press("Home");
  await question(page).waitFor();
  await page.keyboard.press("ArrowRight");
  await settled(page);
  assert.equal(await page.locator(".predict").count(), 0);
});

pageTest("the questions can be switched off for good, and on again", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await page.getByRole("button", { name: "Do not ask again" }).click();
  await settled(page);
  assert.equal(await page.locator(".predict").count(), 0);
  await fresh(open, at("outbox-relay-crash"));
  await openLesson(page);
  await tab(page, "Now").click();
  assert.equal(await page.locator(".predict").count(), 0, "kept in the browser");
  await openLesson(page);
  await page.getByLabel("Ask me before each run").check();
  await tab(page, "Now").click();
  await question(page).waitFor();
});

pageTest("a run that was changed by hand is not asked about", async ({ page, open }) => {
  await open(at("dual-write-ghost"));
  await answer(page, "4").click();
  await page.getByRole("group", { name: "broker" }).getByRole("button").click();
  await playToTheEnd(page);
  assert.equal(await page.locator(".predict").count(), 0);
});

pageTest("without a network the lessons and the cards are there, too", { serviceWorkers: "allow" }, async ({ page, context, open }) => {
  await open();
  await untilKept(page);
  await context.setOffline(true);
  await page.reload();
  await openLesson(page);
  await page.keyboard.press("i");
  await page.locator(".card h2").waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries({ "a desktop": WIDE, "a phone": PHONE })) {
    pageTest(`the lesson and the question are accessible in ${colorScheme} on ${size}`, { colorScheme, viewport, reducedMotion: "reduce" }, async ({ page, open }) => {
      await open(at("dual-write-lost"));
      await question(page).waitFor();
      await assertAccessible(page);
      await answer(page, "twice").click();
      await page.locator("body").press("End");
      await page.locator(".said.wrong").waitFor();
      await assertAccessible(page);
      await openLesson(page);
      await page.locator(".tasks button").first().click();
      await page.locator("body").press("End");
      await page.locator(".tasks .done").waitFor();
      await assertAccessible(page);
      await assertNoSidewaysScroll(page, size);
      assert.deepEqual(await tooSmall(page), []);
    });
  }
}
