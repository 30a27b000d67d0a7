// What can be broken by hand: the story tells it, the stage shows it, undo takes it back.

import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";
import { assertSameScene, at, control, count, hash, party, playABit, scene, stepUntil, story } from "./hands.mjs";

// What each button must lead to, at once or some steps later, and what the party looks like right after it was pressed.
const BREAKS = {
  "Take it down": { said: /the broker goes down/i, looks: "down", mend: "Bring it up", mended: /is up again/i },
  "Make the message of the next order a bad one": { later: /something is wrong with/i },
  "Stop, to replace it": { later: /is stopped, as planned/i },
  Crash: { said: /crashes/i, looks: "down", mend: "Restart", mended: /is up again/i },
  "Crash after next step": { later: /crashes/i },
  "Roll back next order": { later: /is rolled back.*commit failed/is },
  "Fail next serialization": { later: /serialize|turned into bytes/i },
  "Cut its wire to the broker": { said: /wire .* is cut/i, looks: "cut off", mend: "Mend its wire", mended: /is whole again/i },
  "Its database stops answering": { said: /database .* does not answer/i, looks: "no database", mend: "Mend its database", mended: /answers again/i },
  "Fail to decode the next delivery": { later: /cannot (read|be read|be decoded)/i },
  "Fail in the next handler": { later: /handler .* fails/i },
};

// Presses a button, sees that it does what it says, and takes it back.
async function breakAndUndo(page, name, button, label) {
  const { said, later, looks, mend, mended } = BREAKS[label] ?? assert.fail(`a button that no test knows: ${label}`);
  const before = await scene(page);
  await button(label).click();
  assert.match(await hash(page), /&do=\d+@\d+:/, `${label}: the address keeps it`);
  if (said) assert.match(await story(page), said);
  if (looks) {
    const box = party(page, name);
    assert.equal(await box.locator(".state").innerText(), looks, `${name} says it in a word`);
    assert.ok(await box.locator(".state svg").isVisible(), "and with a sign");
    if (looks === "down") assert.equal(await box.evaluate((one) => getComputedStyle(one).borderTopStyle), "dashed");
    if (looks === "cut off") assert.equal(await page.locator(".wire.cut").count(), 1, "the wire is cut to be seen");
    await button(mend).click();
    assert.match(await story(page), mended);
    assert.equal(await box.locator(".state").count(), 0, `${name} looks well again`);
    await control(page, "Undo what I did").click();
    assert.equal(await box.locator(".state").innerText(), looks, "undo takes back one thing at a time");
  }
  if (later) await stepUntil(page, later);
  await control(page, "Undo what I did").click();
  assert.equal(await control(page, "Undo what I did").count(), 0);
  assertSameScene(await scene(page), before, `${name}, ${label}: undone`);
}

for (const [run, moment] of Object.entries({ "dual-write-ghost": /order 2 is committed/i, "outbox-with-inbox": /order 2 is committed/i })) {
  pageTest(`everything that can be broken in ${run} breaks, is told, and is taken back`, async ({ page, open }) => {
    await open(at(run));
    await stepUntil(page, moment);
    const groups = page.locator(".break").getByRole("group");
    const labels = async (within) => within.getByRole("button").allInnerTexts();
    const seen = new Set();
    for (const group of await groups.all()) {
      const name = await group.getAttribute("aria-label");
      for (const label of await labels(group)) {
        seen.add(label);
        await breakAndUndo(page, name, (name) => group.getByRole("button", { name, exact: true }), label);
      }
    }
    // The same, and more, at a closer look.
    for (const group of await groups.all()) {
      const name = await group.getAttribute("aria-label");
      await party(page, name).locator("button.name").click();
      const closer = page.locator(".inspector .buttons");
      for (const label of await labels(closer)) {
        if (seen.has(label)) continue;
        await breakAndUndo(page, name, (name) => closer.getByRole("button", { name, exact: true }), label);
      }
      const said = await labels(closer);
      assert.ok(name === "broker" || (name === "orders service" && run.startsWith("outbox")) || said.includes("Cut its wire to the broker"), `${name}: a closer look offers more`);
      await page.locator(".inspector").getByRole("button", { name: "Close" }).click();
      assert.equal(await page.locator(".inspector").count(), 0);
    }
  });
}

pageTest("only what means something can be broken: a plain queue has no transaction to roll back", async ({ page, open }) => {
  await open(at("queue-competing-consumers"));
  const labels = await page.locator(".break button").allInnerTexts();
  assert.ok(labels.includes("Crash") && labels.includes("Take it down"));
  assert.ok(!labels.some((label) => /roll back|serializ|database/i.test(label)), labels.join(", "));
});

// Two ways to a message in flight: the token itself, and for those who have no mouse its row.
const WAYS = {
  "by its token": (page) => page.locator(".token.message").first().click(),
  "by its row": (page) => page.locator(".row", { hasText: "2 lamp" }).click(),
};

for (const [how, reach] of Object.entries(WAYS)) {
  pageTest(`a message in flight is held, let go and lost by hand, ${how}`, async ({ page, open }) => {
    await open();
    await stepUntil(page, /publishes the message about order 2/i);
    await playABit(page);
    const before = await scene(page);
    await reach(page);
    const inspector = page.locator(".inspector");
    assert.match(await inspector.locator("h2").innerText(), /order 2/i);
    const button = (name) => inspector.getByRole("button", { name, exact: true });

    await button("Hold it").click();
    assert.match(await story(page), /is held on the wire/i);
    assert.equal(await page.locator(".token.held .pause").count(), 1, "a held message has a sign");
    const place = () => page.locator(".token.held").getAttribute("transform");
    const held = await place();
    for (let n = 0; n < 5; n += 1) await control(page, "Step").click();
    assert.equal(await place(), held, "it stays where it is");
    await button("Let it go").click();
    assert.match(await story(page), /goes on/i);
    assert.equal(await page.locator(".token.held").count(), 0);
    await control(page, "Undo what I did").click();
    await control(page, "Undo what I did").click();
    assertSameScene(await scene(page), before, "undone");

    await button("Lose it").click();
    const { step } = await count(page);
    await stepUntil(page, /is lost on its way/i);
    assert.ok((await count(page)).step >= step);
    assert.equal(await page.locator(".token.gone").count(), 1, "what is lost falls to pieces in sight");
    await page.locator("body").press("End");
    const lost = page.locator(".promises .broken", { hasText: "No order is lost" });
    assert.equal(await lost.count(), 1, "the judge notices");
    assert.match(await page.locator(".row.lost").first().innerText(), /lost/);
    await control(page, "Undo what I did").click();
    assertSameScene(await scene(page), before, "undone");
  });
}

pageTest("a message that waits in the queue can be looked at: its life so far leads to its moments", async ({ page, open }) => {
  await open(at("queue-competing-consumers"));
  await stepUntil(page, /waits in queue|reaches the broker/i);
  while ((await page.locator(".chip").count()) === 0) await control(page, "Step").click();
  await page.locator(".chip").first().click();
  const lines = page.locator(".inspector li button");
  assert.ok((await lines.count()) >= 2);
  assert.match(await lines.first().innerText(), /published|publishes|new at/i);
  const now = (await count(page)).step;
  await lines.first().click();
  assert.ok((await count(page)).step < now, "back to when it began");
});

pageTest("a fault by hand strikes both stages", async ({ page, open }) => {
  await open(at("dual-write-ghost", "&beside=1"));
  await stepUntil(page, /order 2 is committed/i);
  await page.getByRole("group", { name: "broker" }).getByRole("button", { name: "Take it down" }).click();
  assert.equal(await page.locator(".party.broker.down").count(), 2);
});

pageTest("what is done in the past starts another future; it can be done at the very start and at the very end", async ({ page, open }) => {
  await open();
  const crash = page.getByRole("group", { name: "orders service" }).getByRole("button", { name: "Crash", exact: true });
  await crash.click();
  assert.match(await story(page), /crashes/i);
  await page.locator("body").press("End");
  await control(page, "Undo what I did").click();
  await page.locator("body").press("End");
  await crash.click();
  assert.match(await story(page), /crashes/i);
  await control(page, "Undo what I did").click();
  assert.equal(await page.locator(".score dd").last().innerText(), "5");
});
