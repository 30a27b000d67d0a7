// The address holds the moment; whatever stands in it, the page stays a page.

import assert from "node:assert/strict";
import { assertAccessible, assertClean, pageTest, visit } from "./harness.mjs";
import { assertSameScene, at, control, fresh, hash, playABit, scene, stepUntil, walk } from "./hands.mjs";

pageTest("a shared moment is the same picture elsewhere: seed, faults by hand, both stages, between two steps", async ({ page, open }) => {
  await open(at("outbox-relay-crash", "&seed=1234"));
  await stepUntil(page, /order 2 is committed/i);
  await page.getByRole("group", { name: "mail service" }).getByRole("button", { name: "Crash", exact: true }).click();
  await stepUntil(page, /relay looks into the outbox/i);
  await page.getByRole("group", { name: "broker" }).getByRole("button", { name: "Take it down" }).click();
  await page.getByRole("button", { name: "Beside the repaired one" }).click();
  await playABit(page);
  const here = await scene(page);
  const address = await hash(page);
  assert.match(address, /^v=1&run=outbox-relay-crash&seed=[a-z]+-[a-z]+-[a-z]+&at=\d+&t=\d+&do=\d+@\d+:crash.*;\d+@\d+:.*&beside=1$/);

  const other = await visit();
  try {
    await other.open(`#${address}`);
    assertSameScene(await scene(other.page), here, "in another browser");
    assert.equal(await hash(other.page), address, "and it would be shared on as it came");
    assertClean(other.problems);
  } finally {
    await other.close();
  }

  // The same, where the page is open already.
  await walk(page, "Reset", 1);
  await page.evaluate((address) => (location.hash = address), address);
  await page.waitForFunction((clock) => document.querySelector(".clock").textContent === clock, here.clock);
  assertSameScene(await scene(page), here, "pasted into an open page");
});

pageTest("the button copies the link and says so", { permissions: ["clipboard-read", "clipboard-write"] }, async ({ page, open }) => {
  await open();
  await stepUntil(page, /publishes/);
  await page.getByRole("button", { name: "Share this moment" }).click();
  await page.getByRole("button", { name: "Link copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
  await control(page, "Step").click();
  await page.getByRole("button", { name: "Share this moment" }).waitFor();
});

const FINE = "v=1&run=dual-write-ghost";
const DAMAGED = {
  "an unknown scenario": ["v=1&run=dual-write-gost", /dual-write-ghost/],
  "no scenario": ["v=1&seed=7", /names no scenario/],
  "an unknown word in the seed": [`${FINE}&seed=calm-amber-oter`, /did you mean .otter/],
  "a seed that is too large": [`${FINE}&seed=99999999999999999999`, /too large/],
  "another version": ["v=2&run=dual-write-ghost", /version .2./],
  "a step that is no number": [`${FINE}&at=soon`, /at=soon/],
  nonsense: ["hello world, what is this?", /no value/],
  "bare percent signs": ["v=1&run=%&seed=%zz%", /not readable/],
  "bytes that are no text": ["v=1&run=%ff%fe", /not readable/],
  "20 kB": [`${FINE}&seed=${"9".repeat(20_000)}`, /bytes long/],
  "a part of 10 kB that nobody knows": [`${FINE}&${"x".repeat(10_000)}=1`, /does not know/],
  "a scenario's name of 10 kB": [`v=1&run=${"y".repeat(10_000)}`, /scenario/],
  "a script": ["v=1&run=<script>window.struck=1</script><img src=x onerror=window.struck=1>", /scenario/],
  "a script in what was done": [`${FINE}&do=1@1:<img src=x onerror=window.struck=1>`, /./],
  "a fault of somebody who is not there": [`${FINE}&do=5@5:crash+nobody`, /nobody/],
  "things done out of order": [`${FINE}&do=9@9:crash+orders;3@3:crash+orders`, /out of order/],
  "something done after the end": [`${FINE}&do=4000000@5:crash+orders`, /has only/],
  "something done without a place": [`${FINE}&do=crash+orders`, /step@microseconds/],
};

pageTest("a damaged address says what is wrong, and the catalogue is there", async ({ page, open, problems }) => {
  for (const [what, [address, said]] of Object.entries(DAMAGED)) {
    await fresh(open, `#${address}`);
    const alert = page.getByRole("alert");
    const text = await alert.innerText();
    assert.match(text, said, what);
    assert.match(text, /could not be opened/, what);
    assert.ok(text.length < 500, `${what}: the alert is ${text.length} characters long`);
    assert.equal(await page.evaluate(() => window.struck), undefined, `${what}: no script runs`);
    assert.equal(await page.locator("script[src*=x], img").count(), 0);
    await alert.getByRole("button", { name: "Choose a scenario" }).click();
    assert.equal(await page.evaluate(() => document.activeElement.closest("nav")?.ariaLabel), "Scenarios", `${what}: the remedy is at hand`);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await alert.count(), 0, "a choice settles it");
    assert.deepEqual(problems, { errors: [], strangers: [] }, what);
  }
});

pageTest("a damaged address pasted into an open page leaves what is there alone", async ({ page, open }) => {
  await open();
  await stepUntil(page, /order 2 is committed/i);
  const before = await scene(page);
  const room = await page.evaluate(() => document.querySelector(".stages").clientHeight);
  await page.evaluate(() => (location.hash = "v=1&run=nothing"));
  await page.getByRole("alert").waitFor();
  await assertAccessible(page);
  await page.getByRole("alert").getByRole("button", { name: "Dismiss" }).click();
  assert.equal(await page.getByRole("alert").count(), 0);
  // The stage takes its room again.
  await page.waitForFunction((height) => document.querySelector(".stages").clientHeight === height, room);
  assertSameScene(await scene(page), before, "nothing has changed");
  await control(page, "Step").click();
  assert.match(await hash(page), /^v=1&run=dual-write-ghost/);
});

pageTest("addresses that say more than there is are read as far as they go", async ({ page, open }) => {
  for (const more of ["&at=4294967295&t=18446744073709551615", "&at=10&t=0", "&at=0&t=99999999", "&do=3@18446744073709551615:crash+orders", "&do=3@0:crash+orders&at=9&t=9", "&"]) {
    await fresh(open, at("dual-write-ghost", more));
    assert.equal(await page.getByRole("alert").count(), 0, more);
    const here = await scene(page);
    const address = await hash(page);
    await fresh(open, `#${address}`);
    assertSameScene(await scene(page), here, `${more}: what the page made of it is a moment like any other`);
  }
});

pageTest("a link to another scenario opens while something is looked at closely", async ({ page, open }) => {
  await open(at("queue-competing-consumers"));
  await page.locator(".party.worker .name").last().click();
  await page.locator(".inspector").waitFor();
  await page.evaluate(() => (location.hash = "v=1&run=dual-write-ghost&at=30&t=0"));
  await page.getByRole("heading", { level: 1, name: "A ghost: sent, then rolled back" }).waitFor();
  assert.equal(await page.locator(".inspector").count(), 0);
  await control(page, "Step").click();
  await page.evaluate(() => (location.hash = "v=1&run=dual-write-ghost&at=30&t=0"));
  await page.waitForFunction(() => document.querySelector(".count").textContent.startsWith("step 30 "));
});
