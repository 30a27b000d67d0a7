// Phone, projector, desktop; light and dark.

import assert from "node:assert/strict";
import { PHONE, assertAccessible, pageTest } from "./harness.mjs";
import { PROJECTOR, WIDE, assertNoSidewaysScroll, at, atTheEnd, control, count, fresh, party, scenarios, settled, setSpeed, stepUntil, story, tooSmall } from "./hands.mjs";

const TOUCH = { hasTouch: true, isMobile: true };
const SIZES = { "a phone": { viewport: PHONE, ...TOUCH }, "a projector": { viewport: PROJECTOR }, "a desktop": { viewport: WIDE } };

for (const [size, options] of Object.entries(SIZES)) {
  pageTest(`every scenario fits on ${size}: no sideways scroll, time in reach, targets large enough`, options, async ({ page, open }) => {
    await open();
    for (const { id, counterpart } of scenarios) {
      for (const beside of counterpart ? ["", "&beside=1"] : [""]) {
        await page.evaluate((address) => (location.hash = address), at(id, `&at=30${beside}`).slice(1));
        await page.waitForFunction(() => document.querySelector(".count").textContent.startsWith("step 30 "));
        await settled(page);
        await assertNoSidewaysScroll(page, `${id}${beside}`);
        assert.deepEqual(await tooSmall(page), [], `${id}${beside}`);
        for (const name of ["Reset", "Step back", "Play", "Step"]) assert.ok(await inWindow(control(page, name)), `${id}: ${name}`);
        assert.ok(await inWindow(page.getByRole("slider", { name: "Time line" })));
      }
    }
  });
}

const inWindow = (locator) =>
  locator.evaluate((one) => {
    const box = one.getBoundingClientRect();
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    return x > 0 && y > 0 && x < innerWidth && y < innerHeight && one.contains(document.elementFromPoint(x, y));
  });

pageTest("on a phone the verdict comes first, and everything can be reached with a thumb", { viewport: PHONE, ...TOUCH }, async ({ page, open }) => {
  await open();
  const top = (selector) => page.locator(selector).first().evaluate((one) => one.getBoundingClientRect().top + scrollY);
  const order = [];
  for (const selector of ["header", ".verdict", ".story", ".stage", ".break", ".log"]) order.push(await top(selector));
  assert.deepEqual(order, [...order].sort((a, b) => a - b), "head, verdict, story, stage, what can be broken, the story so far");

  await setSpeed(page, "50×");
  await control(page, "Play").tap();
  await atTheEnd(page);
  await page.locator(".promises button").tap();
  assert.match(await story(page), /order 3/);
  await control(page, "Step back").tap();
  const { step } = await count(page);
  await control(page, "Step").tap();
  assert.equal((await count(page)).step, step + 1);

  await party(page, "mail service").locator("button.name").tap();
  const inspector = page.locator(".inspector");
  await inspector.waitFor();
  assert.ok(await inWindow(inspector.locator("h2")), "the closer look comes into sight");
  await inspector.getByRole("button", { name: "Crash", exact: true }).tap();
  assert.equal(await party(page, "mail service").locator(".state").innerText(), "down");
  await control(page, "Undo what I did").tap();

  await page.getByRole("button", { name: "Beside the repaired one" }).or(page.getByRole("button", { name: "Compare" })).tap();
  assert.equal(await page.locator(".stage").count(), 2);
  await page.locator("header").getByRole("button", { name: "Scenarios" }).tap();
  const link = page.getByRole("link", { name: /All serialized before/ });
  await link.scrollIntoViewIfNeeded();
  await link.tap();
  await page.getByRole("heading", { level: 1, name: /All serialized before/ }).waitFor();

  // To the very end of the page, and nothing is hidden under the controls of time.
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const [end, transport] = await page.evaluate(() => [document.querySelector(".log").getBoundingClientRect().bottom, document.querySelector(".transport").getBoundingClientRect().top]);
  assert.ok(end <= transport, `the last panel ends at ${end}, the controls begin at ${transport}`);
});

pageTest("on a phone whoever plays sees the stage, and then what came of it", { viewport: PHONE, ...TOUCH }, async ({ page, open }) => {
  const top = (selector) => page.locator(selector).first().evaluate((one) => one.getBoundingClientRect().top);
  for (const reducedMotion of ["no-preference", "reduce"]) {
    await page.emulateMedia({ reducedMotion });
    await fresh(open, at("dual-write-ghost"));
    assert.ok((await top(".stages")) > 300, "at first what it is about, and the question");
    await setSpeed(page, "0.25×");
    await control(page, "Play").tap();
    await page.waitForFunction(() => Math.abs(document.querySelector(".stages").getBoundingClientRect().top) < 2);
    await setSpeed(page, "50×");
    await atTheEnd(page);
    await page.waitForFunction(() => scrollY === 0);
    assert.ok(await inWindow(page.locator(".promises")), "what broke");
    assert.ok(await inWindow(page.locator(".story .now")), "and why");
  }
});

const MOMENTS = {
  "the ghost": { address: at("dual-write-ghost"), until: /a ghost/i },
  "a closer look, beside": {
    address: at("outbox-with-inbox", "&beside=1"),
    until: /order 3 is committed/i,
    then: async (page) => {
      await party(page, "mail service").locator("button.name").click();
      await page.locator(".inspector").getByRole("button", { name: "Crash", exact: true }).click();
      await page.locator(".row").first().click();
    },
  },
  "the list of scenarios and a wrong seed": {
    address: at("serialize-as-you-send", "&at=30"),
    then: async (page) => {
      const seed = page.getByRole("textbox", { name: "Seed" });
      if (await seed.isVisible()) {
        await seed.fill("nobody");
        await seed.press("Enter");
        await page.locator("h1").click();
      }
      await page.keyboard.press("c");
    },
  },
  "the help": { address: at("queue-competing-consumers", "&at=40"), then: (page) => page.keyboard.press("?") },
};

for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries({ "a desktop": WIDE, "a phone": PHONE })) {
    pageTest(`axe finds nothing at other moments, in ${colorScheme} on ${size}`, { colorScheme, viewport, reducedMotion: "reduce" }, async ({ page, open }) => {
      for (const [moment, { address, until, then }] of Object.entries(MOMENTS)) {
        await fresh(open, address);
        if (until) await stepUntil(page, until);
        await then?.(page);
        await settled(page);
        await assertAccessible(page).catch((error) => {
          throw new Error(`${moment}: ${error.message}`);
        });
      }
    });
  }
}

pageTest("the stage fills its room again when the window changes", async ({ page, open }) => {
  await open(at("dual-write-ghost", "&at=20"));
  for (const viewport of [WIDE, PHONE, PROJECTOR]) {
    await page.setViewportSize(viewport);
    await page.waitForFunction(() => {
      const [room, stage] = [".stages", ".stage"].map((selector) => document.querySelector(selector).getBoundingClientRect());
      return stage.width <= room.width + 1 && stage.width > room.width - 2;
    });
    await assertNoSidewaysScroll(page, `${viewport.width}`);
  }
});

pageTest("between a phone and a desktop the head uses its short words, and a long title takes two lines at most", { viewport: PROJECTOR }, async ({ page, open }) => {
  await open();
  for (const { id, title } of scenarios) {
    await fresh(open, at(id));
    const lines = await page.locator("h1").evaluate((title) => title.getBoundingClientRect().height / parseFloat(getComputedStyle(title).lineHeight));
    assert.ok(lines < 2.1, `${title}: ${lines} lines`);
  }
  assert.equal(await page.getByText("Share this moment", { exact: true }).isVisible(), false);
  assert.equal(await page.getByRole("button", { name: "Share this moment" }).isVisible(), true);
});

pageTest("of five workers one sees what each is at", { viewport: WIDE }, async ({ page, open }) => {
  for (const viewport of [WIDE, PROJECTOR]) {
    await page.setViewportSize(viewport);
    await open(at("use-large-work", "&at=40"));
    await settled(page);
    const workers = await page.locator(".worker").evaluateAll((boxes) => boxes.map((box) => {
      const [inner, foot] = [box.getBoundingClientRect(), box.querySelector(".foot").getBoundingClientRect()];
      return { words: box.querySelector(".foot").textContent, below: foot.bottom - inner.bottom, room: foot.height };
    }));
    assert.equal(workers.length, 5);
    for (const { words, below, room } of workers) {
      assert.match(words, /batch|waits/);
      assert.ok(below <= 0 && room >= 12, `${words}: ${below} px below its box at ${viewport.width}, of ${room}`);
    }
    assert.ok(workers.some(({ words }) => /batch/.test(words)), "somebody works");
  }
});

pageTest("on a phone the words below the time line do not run into each other", { viewport: PHONE }, async ({ page, open }) => {
  for (const { id } of scenarios) {
    await fresh(open, at(id, "&at=1"));
    const boxes = await page.locator(".mark span:visible").evaluateAll((all) => all.map((one) => [one.getBoundingClientRect(), one.innerText]));
    boxes.sort(([one], [other]) => one.x - other.x);
    for (const [n, [box, word]] of boxes.entries()) {
      const next = boxes[n + 1];
      assert.ok(!next || box.right <= next[0].left, `${id}: ${word} and ${next?.[1]}`);
    }
  }
});

pageTest("on a projector all tabs stand in one row, and a row that has no room for its words keeps its number", { viewport: PROJECTOR }, async ({ page, open }) => {
  await open(at("inbox-new-ids", "&at=43"));
  await settled(page);
  const tops = await page.getByRole("tab").evaluateAll((tabs) => tabs.map((tab) => tab.getBoundingClientRect().top));
  assert.equal(new Set(tops).size, 1, `${tops}`);
  const rows = await party(page, "bank service").locator(".row .what:has(span)").evaluateAll((all) =>
    all.map((what) => {
      const number = document.createRange();
      number.selectNodeContents(what.lastChild);
      const noun = what.querySelector("span");
      const inside = number.getBoundingClientRect().right <= what.getBoundingClientRect().right + 0.5;
      return { number: what.lastChild.textContent, inside, cut: noun.scrollWidth > noun.clientWidth };
    }),
  );
  assert.ok(rows.some((row) => row.cut), "a noun is too long");
  assert.deepEqual(rows.filter((row) => !row.inside || !/^\d+$/.test(row.number)), []);
});
