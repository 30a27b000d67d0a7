// Time in one's hands: the same moment is the same picture, however one came there.

import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";
import { assertSameScene, at, clock, control, count, hash, playABit, playToTheEnd, scene, setSpeed, stepUntil, story, walk } from "./hands.mjs";

for (const run of ["dual-write-ghost", "outbox-relay-crash"]) {
  pageTest(`forward and back through all of ${run} gives the same pictures`, async ({ page, open }) => {
    await open(at(run));
    const start = await scene(page);
    const { of } = await count(page);
    const forward = [start, ...(await walk(page, "Step", of))];
    assert.equal((await count(page)).step, of);
    const backward = [...(await walk(page, "Step back", of))].reverse();
    backward.forEach((scene, n) => assertSameScene(scene, forward[n], `step ${n}, coming back`));
    await walk(page, "Step back", 2);
    assertSameScene(await scene(page), start, "before the start there is nothing");
  });
}

pageTest("dragging the line, or jumping, leads to the picture that stepping leads to", async ({ page, open }) => {
  await open(at("outbox-with-inbox"));
  const forward = await walk(page, "Step", (await count(page)).of);
  const line = page.getByRole("slider", { name: "Time line" });
  // The last step of a moment is what a moment shows.
  const last = forward.filter((scene, n) => scene.line !== forward[n + 1]?.line);
  for (const expected of [last[5], last[60], last.at(-2), last[20], last[0]]) {
    await line.fill(expected.line);
    assertSameScene(await scene(page), expected, `dragged to ${expected.clock}`);
  }
  await page.locator("body").press("End");
  assertSameScene(await scene(page), last.at(-1), "End");
  await line.fill(last[30].line);
  await page.reload();
  await page.locator("h1").first().waitFor();
  assertSameScene(await scene(page), last[30], "after a reload");
});

pageTest("both stages go forward and back in lockstep", async ({ page, open }) => {
  await open(at("outbox-relay-crash", "&beside=1"));
  const { of } = await count(page);
  const forward = await walk(page, "Step", of);
  const backward = (await walk(page, "Step back", of - 1)).reverse();
  backward.forEach((scene, n) => assertSameScene(scene, forward[n], `step ${n + 1}, coming back`));
});

pageTest("playing ends where stepping ends, and playing again starts anew", async ({ page, open }) => {
  await open();
  await playToTheEnd(page);
  const played = await scene(page);
  await page.locator("body").press("Home");
  await walk(page, "Step", (await count(page)).of);
  assertSameScene(await scene(page), played, "the end");
  await setSpeed(page, "0.1×");
  await control(page, "Play").click();
  await page.waitForFunction(() => document.querySelector(".count").textContent.startsWith("step 0 "));
});

pageTest("the next and the last thing that went wrong are a key away; a mark leads to its moment", async ({ page, open }) => {
  await open();
  const body = page.locator("body");
  await body.press("Shift+ArrowRight");
  assert.match(await story(page), /order 3 is rolled back/i);
  const first = await count(page);
  await body.press("Shift+ArrowRight");
  assert.match(await story(page), /order 3/i);
  assert.equal(await page.locator(".promises .broken").count(), 1);
  const second = await count(page);
  assert.ok(second.step > first.step);
  await body.press("Shift+ArrowRight");
  assert.deepEqual(await count(page), second, "there is no other");
  await body.press("Shift+ArrowLeft");
  assert.deepEqual(await count(page), first);

  await body.press("End");
  await page.getByRole("button", { name: /^a ghost at/ }).click();
  assert.deepEqual(await count(page), second, "the mark of the ghost");
  await page.getByRole("button", { name: /^rollback at/ }).click();
  assert.deepEqual(await count(page), first, "the mark of the rollback");
  await body.press("End");
  await page.locator(".log button").nth(4).click();
  const { step, of } = await count(page);
  assert.equal(step, of - 4, "a line of the story leads to its step");
});

pageTest("reset with messages in flight is the very beginning, and stays it", async ({ page, open }) => {
  await open(at("pubsub-every-subscriber"));
  const start = await scene(page);
  await setSpeed(page, "10×");
  await control(page, "Play").click();
  await page.waitForFunction(() => document.querySelectorAll(".token").length >= 3);
  await control(page, "Reset").click();
  assertSameScene(await scene(page), start, "reset while it plays");
  assert.equal(await page.locator(".token").count(), 0);
  // The one wait in real time: it asks whether anything arrives that should not.
  await page.waitForTimeout(2000);
  assertSameScene(await scene(page), start, "two seconds later");
  await control(page, "Step").click();
  const first = await scene(page);
  await control(page, "Reset").click();
  await control(page, "Step").click();
  assertSameScene(await scene(page), first, "and it starts the same way");
});

pageTest("reset forgets what was done by hand", async ({ page, open }) => {
  await open();
  // What was tried is kept as a branch, and its row takes room from the stage.
  await page.addStyleTag({ content: ".branches { display: none !important }" });
  const start = await scene(page);
  const address = await hash(page);
  await stepUntil(page, /publishes/);
  await page.getByRole("group", { name: "broker" }).getByRole("button", { name: "Take it down" }).click();
  await walk(page, "Step", 8);
  await page.locator(".token").first().click({ force: true }).catch(() => {});
  await control(page, "Reset").click();
  assertSameScene(await scene(page), start, "reset");
  assert.equal(await hash(page), address, "the address too");
  assert.equal(await control(page, "Undo what I did").count(), 0);
});

pageTest("slower and faster: 50× is much faster than 0.1×, and the choice is to be seen", async ({ page, open }) => {
  await open();
  const select = page.getByLabel("Speed");
  assert.equal(await select.evaluate((one) => one.selectedOptions[0].textContent), "1×");
  await select.selectOption("50×");
  await page.locator("body").press("-");
  assert.equal(await select.evaluate((one) => one.selectedOptions[0].textContent), "20×", "the key goes on from what was chosen");
  await page.locator("body").press("+");
  await page.locator("body").press("+");
  assert.equal(await select.evaluate((one) => one.selectedOptions[0].textContent), "50×");
  for (let n = 0; n < 9; n += 1) await page.locator("body").press("-");
  assert.equal(await select.evaluate((one) => one.selectedOptions[0].textContent), "0.1×");
});

pageTest("what was done while it plays goes on playing in the new future", async ({ page, open }) => {
  await open();
  await setSpeed(page, "10×");
  await control(page, "Play").click();
  await page.waitForFunction(() => Number(document.querySelector(".count").textContent.match(/\d+/)[0]) > 5);
  await page.getByRole("group", { name: "mail service" }).getByRole("button", { name: "Crash", exact: true }).click();
  await page.waitForFunction(() => document.querySelector(".play").ariaLabel === "Play");
  assert.match(await page.locator(".log").innerText(), /mail service crashes/);
});

pageTest("with reduced motion nothing slides", { reducedMotion: "reduce" }, async ({ page, open }) => {
  await open(at("pubsub-every-subscriber"));
  assert.deepEqual(await slides(page), [], "places that changed while the step did not");
});

pageTest("without reduced motion messages do slide", async ({ page, open }) => {
  await open(at("pubsub-every-subscriber"));
  assert.notDeepEqual(await slides(page), []);
});

// Plays, looks at every frame, and gives back the moves of tokens within one step.
async function slides(page) {
  await setSpeed(page, "2×");
  await control(page, "Play").click();
  const found = await page.evaluate(
    () =>
      new Promise((done) => {
        const moves = [];
        let seen = new Map();
        let frames = 0;
        let tokens = 0;
        const look = () => {
          const now = new Map();
          for (const token of document.querySelectorAll(".token")) now.set(token.dataset.packet, token.getAttribute("transform"));
          for (const [packet, place] of now) if (packet && seen.has(packet) && seen.get(packet) !== place) moves.push(`${packet}: ${seen.get(packet)} to ${place}`);
          seen = now;
          tokens += now.size;
          frames += 1;
          if ((frames > 60 && tokens > 30) || frames > 600) done({ moves, tokens });
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  assert.ok(found.tokens > 30, "there were messages on their way");
  await control(page, "Pause").click();
  return found.moves.slice(0, 5);
}

pageTest("a page that is hidden pauses, and does not catch up", async ({ page, open }) => {
  await open();
  await setSpeed(page, "0.5×");
  await control(page, "Play").click();
  await page.waitForFunction(() => !document.querySelector(".count").textContent.startsWith("step 0 "));
  await hide(page, true);
  await control(page, "Play").waitFor();
  const then = await clock(page);
  assert.match(await hash(page), /&at=\d+&t=\d+/, "the moment is in the address");
  await hide(page, false);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await clock(page), then);
});

function hide(page, hidden) {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    Object.defineProperty(document, "visibilityState", { value: hidden ? "hidden" : "visible", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

pageTest("a pause between two steps shows the messages on their way, and the address keeps it", async ({ page, open }) => {
  await open();
  await stepUntil(page, /publishes/);
  const before = await clock(page);
  await playABit(page);
  const paused = await scene(page);
  assert.notEqual(paused.clock, before);
  await page.reload();
  assertSameScene(await scene(page), paused, "after a reload");
});

pageTest("the list of scenarios stays where it was scrolled while the run plays", async ({ page, open }) => {
  await open(at("dead-letter-redrive"));
  const list = page.locator(".catalogue");
  await list.evaluate((list) => (list.scrollTop = 0));
  await stepUntil(page, /receives/i);
  assert.equal(await list.evaluate((list) => list.scrollTop), 0);
});
