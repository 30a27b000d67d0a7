// The sequence diagram: it grows with the run, travels with it, tells what led to what, and leaves the page as a file.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { PHONE, assertAccessible, pageTest } from "./harness.mjs";
import { PROJECTOR, WIDE, assertNoSidewaysScroll, at, control, count, fresh, settled, story, tooSmall } from "./hands.mjs";

const show = (page) => page.getByRole("button", { name: "Sequence", exact: true }).click();
const texts = (page) => page.locator(".drawn .words").allTextContents();
const crash = at("outbox-relay-crash", "&at=46");

pageTest("the diagram takes the place of the stage, grows with the run, and shrinks when it goes back", { viewport: WIDE }, async ({ page, open }) => {
  await open(at("dual-write-lost", "&at=1"));
  await show(page);
  assert.equal(await page.locator(".stage").count(), 0);
  assert.deepEqual(await texts(page), ["takes in order 1"]);
  for (let step = 2; step <= 6; step += 1) await control(page, "Step").click();
  await settled(page);
  const [grown, way] = [await texts(page), await page.locator(".drawn .arrow.way").count()];
  assert.deepEqual(grown, ["takes in order 1", "begin", "write order 1", "order 1 committed", "serialize 1", "publish 1 …"]);
  assert.equal(way, 1, "the message is on its way");
  await control(page, "Step").click();
  await settled(page);
  assert.equal(await page.locator(".drawn .arrow.flow:not(.way)").count(), 1, "it has arrived");
  await control(page, "Step back").click();
  await settled(page);
  assert.deepEqual([await texts(page), await page.locator(".drawn .arrow.way").count()], [grown, way]);
  await page.keyboard.press("d");
  await page.locator(".stage").waitFor();
});

pageTest("whoever points at something sees what led to it; what is chosen stays", { viewport: WIDE }, async ({ page, open }) => {
  await open(crash);
  await show(page);
  const applied = page.locator(".drawn g[data-p]", { hasText: "2 applied" }).last();
  await applied.hover();
  await settled(page);
  const lit = await page.locator(".drawn .lit .words").allTextContents();
  assert.ok(lit.includes("2 applied") && !lit.some((words) => words.includes("order 3")), lit.join(" | "));
  const chain = page.getByRole("region", { name: "What led to it" });
  const told = await chain.locator("li").allTextContents();
  assert.match(told[0], /about order 2/);
  assert.match(told.at(-1), /takes in order 2/);
  await page.locator(".caption").hover();
  await settled(page);
  assert.notEqual((await chain.locator("li").allTextContents())[0], told[0], "what led to the present again");
  assert.equal(await page.locator(".drawn .lit").count(), 0);

  await applied.click();
  await page.locator(".caption").hover();
  await settled(page);
  assert.equal(await chain.locator("li").count(), told.length);
  await chain.locator("li button").last().click();
  await settled(page);
  assert.match(await story(page), /takes in order 2/);
});

pageTest("dragging travels, and a click goes to the row", { viewport: WIDE }, async ({ page, open }) => {
  await open(crash);
  await show(page);
  await settled(page);
  const row = (step) => page.locator(".drawn .time").filter({ hasText: step }).boundingBox();
  const [from, to] = [await page.locator(".sheet .present").boundingBox(), await row("3.941")];
  await page.mouse.move(from.x + 20, from.y - 4);
  await page.mouse.down();
  await page.mouse.move(from.x + 20, from.y - 60, { steps: 3 });
  await page.mouse.move(to.x + 4, to.y + 6, { steps: 5 });
  await page.mouse.up();
  await settled(page);
  assert.equal((await page.locator(".clock").textContent()).trim(), "3.941 s");
  const earlier = await row("3.705");
  await page.mouse.click(earlier.x + 260, earlier.y + 6);
  await settled(page);
  assert.equal((await page.locator(".clock").textContent()).trim(), "3.705 s");
  // There is nothing to be seen of what came after.
  assert.equal(await page.locator(".drawn .time", { hasText: "3.941" }).count(), 0);
});

pageTest("another run opens where one was looked at to its end: a shorter one, and a longer one", { viewport: WIDE }, async ({ page, open }) => {
  for (const other of ["exchange-routing", "inbox-in-one-transaction"]) {
    await fresh(open, at("outbox-with-inbox"));
    await page.keyboard.press("End");
    await show(page);
    await settled(page);
    await page.evaluate((address) => (location.hash = address), at(other, "&at=8&stage=sequence"));
    await page.locator(".count", { hasText: "step 8 of" }).waitFor();
    await settled(page);
    const inSight = await page.locator(".sequence").evaluate((sheet) => {
      const [whole, head] = [sheet.getBoundingClientRect(), sheet.querySelector(".lanes").getBoundingClientRect()];
      const boxes = [...sheet.querySelectorAll(".drawn .time")].map((row) => row.getBoundingClientRect());
      return boxes.filter((box) => box.top > head.bottom && box.bottom < whole.bottom).length;
    });
    assert.equal(inSight, 8, `${other}: the rows so far`);
  }
});

pageTest("a pointer that was let go elsewhere does not drag", { viewport: WIDE }, async ({ page, open }) => {
  await open(crash);
  await show(page);
  await settled(page);
  const [sheet, present] = [await page.locator(".sheet").boundingBox(), await page.locator(".sheet .present").boundingBox()];
  await page.mouse.move(sheet.x + 1, present.y - 60);
  await page.mouse.down();
  await page.mouse.move(sheet.x - 20, present.y - 60);
  await page.mouse.up();
  await page.mouse.move(sheet.x + 20, present.y - 120, { steps: 4 });
  assert.equal((await count(page)).step, 46);
});

pageTest("a finger drags beside the lanes", { viewport: PHONE, hasTouch: true, isMobile: true }, async ({ page, open }) => {
  await open(crash);
  await show(page);
  await settled(page);
  await page.locator(".sequence").evaluate((sequence) => sequence.scrollIntoView({ block: "center" }));
  const [sheet, present] = [await page.locator(".sheet").boundingBox(), await page.locator(".sheet .present").boundingBox()];
  const cdp = await page.context().newCDPSession(page);
  const touch = (type, ...ys) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints: ys.map((y) => ({ x: sheet.x + 12, y })) });
  await touch("touchStart", present.y - 8);
  for (let up = 20; up <= 120; up += 20) await touch("touchMove", present.y - up);
  await touch("touchEnd");
  assert.equal((await count(page)).step, 42, "four rows further up");
});

pageTest("the space bar opens the menu of files, and plays nothing", { viewport: WIDE }, async ({ page, open }) => {
  await open(crash);
  await show(page);
  await page.locator(".exports summary").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Space");
  await page.locator(".exports[open]").waitFor();
  assert.equal(await control(page, "Play").count(), 1, "the run stands still");
});

pageTest("by the keyboard: from one thing to the next, there, and away", { viewport: WIDE }, async ({ page, open }) => {
  await open(crash);
  await show(page);
  await page.locator(".sheet").focus();
  const active = () => page.evaluate(() => document.getElementById(document.querySelector(".sheet").getAttribute("aria-activedescendant"))?.getAttribute("aria-label"));
  await page.keyboard.press("ArrowUp");
  await settled(page);
  const last = await active();
  assert.match(last, /^orders service, step 4\d: /);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await settled(page);
  const before = await active();
  assert.notEqual(before, last);
  await page.keyboard.press("Enter");
  await settled(page);
  assert.equal((await count(page)).step, Number(before.match(/step (\d+)/)[1]));
  await page.keyboard.press("Escape");
  await settled(page);
  assert.equal(await page.locator(".sheet").getAttribute("aria-activedescendant"), null);
  assert.ok(await page.locator(".sheet").evaluate((sheet) => sheet === document.activeElement), "the focus stays");
});

const SIZES = { "a phone": { viewport: PHONE, hasTouch: true, isMobile: true }, "a projector": { viewport: PROJECTOR }, "a desktop": { viewport: WIDE, colorScheme: "dark" } };
for (const [size, options] of Object.entries(SIZES)) {
  pageTest(`the diagram reads on ${size}: nobody is locked out, and nothing is cut off`, options, async ({ page, open }) => {
    for (const address of [crash, at("exchange-routing", "&at=40"), at("dual-write-lost", "&at=30&beside=1")]) {
      await fresh(open, address);
      await show(page);
      await settled(page);
      await assertNoSidewaysScroll(page, address);
      assert.deepEqual(await tooSmall(page), [], address);
      await assertAccessible(page);
      await page.locator(".exports summary").first().click();
      await assertAccessible(page);
      await page.locator(".exports summary").first().click();
      const sheets = await page.locator(".sequence").count();
      assert.equal(sheets, address.includes("beside") ? 2 : 1);
    }
  });
}

pageTest("what is exported is what has happened, in five forms", { viewport: WIDE }, async ({ page, open }) => {
  await open(at("dual-write-lost", "&at=30"));
  await show(page);
  const take = async (name) => {
    await page.locator(".exports summary").click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator(".exports").getByRole("button", { name }).click()]);
    assert.equal(await page.locator(".exports[open]").count(), 0, "the menu is shut again");
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const svg = await take("SVG");
  assert.equal(svg.name, "dual-write-lost.svg");
  const drawn = await page.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, "image/svg+xml");
    return [document.querySelector("parsererror")?.textContent, document.documentElement.localName, document.querySelectorAll("text").length];
  }, svg.bytes.toString());
  assert.deepEqual(drawn.slice(0, 2), [undefined, "svg"]);
  assert.ok(drawn[2] > 50 && svg.bytes.includes("order 2 committed · crashed · will never send 2") && !svg.bytes.includes("takes in order 5"));

  const png = await take("PNG");
  assert.equal(png.name, "dual-write-lost.png");
  const [width, height] = [png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)];
  assert.deepEqual([png.bytes.subarray(1, 4).toString(), width, height], ["PNG", 2 * (72 + 3 * 190), 2 * (56 + 30 * 26)]);
  const colours = await page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    return new Set(new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size;
  }, `data:image/png;base64,${png.bytes.toString("base64")}`);
  assert.ok(colours > 20, `${colours} colours: something is drawn`);

  const mermaid = await take("Mermaid");
  assert.equal(mermaid.name, "dual-write-lost.mmd");
  assert.match(mermaid.bytes.toString(), /^sequenceDiagram\n  participant p0 as orders\n/);

  const lines = (await take("JSON lines")).bytes.toString().trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.at(-1).step, 30);
  assert.ok(lines.every((line, place) => line.place === place));

  const trace = await take("Trace");
  assert.equal(trace.name, "dual-write-lost.trace.json");
  const { traceEvents } = JSON.parse(trace.bytes.toString());
  assert.ok(traceEvents.some((event) => event.cat === "verdict" && event.name.startsWith("lost: ")));
});

pageTest("a presenter's diagram keeps back what came of it", { viewport: PROJECTOR }, async ({ page, open }) => {
  await open(at("dual-write-lost", "&at=30"));
  await show(page);
  assert.equal(await page.locator(".drawn .found").count(), 1);
  await page.keyboard.press("p");
  await page.locator(".podium").waitFor();
  await settled(page);
  assert.equal(await page.locator(".drawn .found").count(), 0);
  await page.keyboard.press("a");
  await settled(page);
  assert.equal(await page.locator(".drawn .found").count(), 1);
});

pageTest("a click on a plot goes to its moment, and the percentiles are named", { viewport: WIDE }, async ({ page, open }) => {
  await open(at("queue-slow-consumer-backlog"));
  await page.getByRole("tab", { name: "Plots" }).click();
  const plot = page.locator(".plot").first();
  const box = await plot.boundingBox();
  await plot.click({ position: { x: box.width / 2, y: box.height / 2 } });
  await settled(page);
  const end = Number(await page.locator(".line input").getAttribute("max"));
  const now = Number(await page.locator(".line input").inputValue());
  assert.ok(Math.abs(now / end - 0.5) < 0.02, `${now} of ${end}`);
  const titles = await page.locator(".plots h3").allTextContents();
  assert.deepEqual(titles, ["Waiting in the queues", "Handed out, not acknowledged", "Age of the oldest that waits", "Done in the last 1 s", "From the beginning to the effect"]);
  assert.match(await page.locator(".plots figure").last().locator("small").first().textContent(), /p50.*p95.*p99/);
  assert.equal(await page.locator(".plot .part").count(), 3);
});
