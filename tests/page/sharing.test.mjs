// The address holds the moment; whatever stands in it, the page stays a page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { PHONE, assertAccessible, assertClean, pageTest, visit } from "./harness.mjs";
import { PROJECTOR, assertNoSidewaysScroll, assertSameScene, at, control, count, fresh, hash, playABit, scene, settled, stepUntil, walk } from "./hands.mjs";

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

const share = (page) => page.locator("header").getByRole("button", { name: "Share this moment" });
const dialog = (page) => page.getByRole("dialog", { name: "Share this moment" });
const told = (page, what) => dialog(page).getByRole("status").filter({ hasText: what }).waitFor();
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

pageTest("a moment is taken along as a link, as an iframe or as a QR code, by the keyboard too", { permissions: ["clipboard-read", "clipboard-write"] }, async ({ page, open }) => {
  await open();
  await stepUntil(page, /publishes/);
  await page.keyboard.press("l");
  await page.locator("header").getByRole("button", { name: "Link copied" }).waitFor();
  assert.equal(await clipboard(page), page.url(), "L copies at once");
  await control(page, "Step").click();

  await share(page).focus();
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  await assertAccessible(page);
  assert.equal(await page.evaluate(() => document.activeElement.innerText), "Copy the link");
  await page.keyboard.press("Enter");
  await told(page, /link is on the clipboard/);
  assert.equal(await clipboard(page), page.url());
  assert.equal(await dialog(page).getByRole("textbox", { name: "Link" }).inputValue(), page.url());

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await told(page, /iframe/);
  const frame = await clipboard(page);
  assert.match(frame, /^<iframe src="http:.*#v=1&amp;run=dual-write-ghost.*&amp;view=embed" title="Brokerlab: A ghost: sent, then rolled back" .*<\/iframe>$/);

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await told(page, /QR code is on the clipboard/);
  const code = await clipboard(page);
  const shown = await dialog(page).getByRole("img", { name: "QR code of the link" }).locator("path").getAttribute("d");
  assert.ok(code.startsWith("<svg xmlns") && code.includes(shown));

  // What is behind does not hear the keys; Escape closes and gives the focus back.
  const { step } = await count(page);
  await page.keyboard.press("ArrowRight");
  assert.equal((await count(page)).step, step);
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  assert.match(await page.evaluate(() => document.activeElement.className), /share/);
});

pageTest("the iframe shows that moment in another page, and leads to all of it", { permissions: ["clipboard-read", "clipboard-write"] }, async ({ page, open }) => {
  await open(at("outbox-with-inbox", "&at=60"));
  const here = await scene(page);
  await share(page).click();
  await dialog(page).getByRole("button", { name: "Copy as an <iframe>" }).click();
  await told(page, /iframe/);
  const code = await clipboard(page);
  await page.setContent(`<h1>A page about outboxes</h1>${code}`);
  const frame = page.frameLocator("iframe");
  await frame.locator(".stage").waitFor();
  assert.equal(await frame.locator(".clock").textContent(), here.clock);
  for (const hidden of ["header", "nav", "aside"]) assert.equal(await frame.locator(hidden).isVisible(), false, hidden);
  await frame.getByRole("button", { name: "Step", exact: true }).click();
  await frame.locator(".count", { hasText: "step 61 of" }).waitFor();
  await frame.locator("body").press("p");
  assert.equal(await frame.locator(".podium").count(), 0, "no presenter's view in there");
  const whole = await frame.getByRole("link", { name: "Open in Brokerlab" }).getAttribute("href");
  assert.match(whole, /#v=1&run=outbox-with-inbox&seed=[a-z-]+&at=61&t=\d+$/);
});

for (const [where, options, address] of [["on a phone", { viewport: PHONE }, ""], ["in the presenter's view", { viewport: PROJECTOR }, "&view=present"]]) {
  pageTest(`sharing works ${where}`, { ...options, permissions: ["clipboard-read", "clipboard-write"] }, async ({ page, open }) => {
    await open(at("dual-write-ghost", `&at=20${address}`));
    await page.getByRole("button", { name: "Share this moment" }).click();
    await dialog(page).getByRole("img", { name: "QR code of the link" }).waitFor();
    await assertNoSidewaysScroll(page, where);
    await assertAccessible(page);
    await dialog(page).getByRole("button", { name: "Copy the link" }).click();
    await told(page, /link is on the clipboard/);
    assert.equal(await clipboard(page), page.url());
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "detached" });
    assert.equal(await page.locator(".podium").count(), address ? 1 : 0, "Escape closes the dialog alone");
  });
}

const WITHOUT = {
  "where there is no clipboard": () => Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined }),
  "where the browser refuses": () => (Clipboard.prototype.writeText = () => Promise.reject(new DOMException("not here", "NotAllowedError"))),
};
for (const [where, script] of Object.entries(WITHOUT)) {
  pageTest(`what cannot be copied can be selected, ${where}`, async ({ page, open }) => {
    await page.addInitScript(script);
    await open(at("dual-write-ghost", "&at=20"));
    await page.keyboard.press("l");
    await told(page, /did not let it be copied/);
    assert.equal(await dialog(page).getByRole("textbox", { name: "Link" }).inputValue(), page.url());
    await assertAccessible(page);
    await page.keyboard.press("Escape");
    await control(page, "Step").click();
    assert.equal((await count(page)).step, 21, "the page lives");
    assert.equal(await share(page).count(), 1, "and does not say that it was copied");
  });
}

pageTest("a link with much in it is short, and opens what it was made of", async ({ page, open }) => {
  await open(at("outbox-with-inbox"));
  for (let n = 0; n < 8; n += 1) {
    await walk(page, "Step", 6);
    await page.getByRole("group", { name: "mail service" }).getByRole("button", { name: n % 2 ? "Restart" : "Crash", exact: true }).click();
  }
  const address = await hash(page);
  assert.match(address, /^v=2&z=[A-Za-z0-9_-]+$/);
  assert.ok(address.length < 300, `${address.length} characters`);
  const here = await scene(page);
  await fresh(open, `#${address}`);
  assertSameScene(await scene(page), here, "opened again");
  assert.equal(await hash(page), address);
});

const FINE = "v=1&run=dual-write-ghost";
// The same as in tests/scenarios/links.rs.
const PACKED = "v=2&z=ggBWORpM3BGhwYRa71FwKqXU-O7wnsHo5V3j_-a43csy39veNfCxTrQ";
const DAMAGED = {
  "an unknown scenario": ["v=1&run=dual-write-gost", /dual-write-ghost/],
  "no scenario": ["v=1&seed=7", /names no scenario/],
  "an unknown word in the seed": [`${FINE}&seed=calm-amber-oter`, /did you mean .otter/],
  "a seed that is too large": [`${FINE}&seed=99999999999999999999`, /too large/],
  "another version": ["v=9&run=dual-write-ghost", /version .9./],
  "a version with the form of another": ["v=2&run=dual-write-ghost", /not in its form/],
  "a packed link that was cut off": [PACKED.slice(0, -8), /damaged/],
  "a packed link with another letter in it": [PACKED.replace("RpM3B", "RpN3B"), /damaged/],
  "a packed link of nothing": ["v=2&z=", /cut off/],
  "a packed link with strange letters": [`${PACKED}%20!`, /letter/],
  "a bomb": ["v=2&z=__8AAAAA", /65535 bytes/],
  "100 kB of a packed link": [`v=2&z=${"A".repeat(100_000)}`, /bytes long/],
  "nothing that can stand beside": [`${FINE}&beside=moon:1`, /moon/],
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

// A link that carries a scenario (tests/scenarios/links.rs writes what they are made of), by its word.
const CARRIED = Object.fromEntries(readFileSync(new URL("../samples/carried-links.txt", import.meta.url), "utf8").trim().split("\n").map((line) => line.split(" ")));
const OWN_TITLE = 'My shop "Zur Post": ü, 100 % & more';
const ownIsThere = (page) => page.getByRole("heading", { level: 1, name: OWN_TITLE }).waitFor();

for (const [where, options] of Object.entries({ "on a desktop": {}, "on a phone": { viewport: PHONE } })) {
  pageTest(`a link carries a scenario that the catalogue does not have (${where})`, options, async ({ page, open }) => {
    await open(`#${CARRIED.shop}`);
    await ownIsThere(page);
    assert.equal(await page.getByRole("alert").count(), 0, "nothing is left to be told");
    assert.match(await page.locator(".stage").first().innerText(), /printer/);
    assert.equal(await hash(page), CARRIED.shop, "it is the address of what it opens");
    const here = await scene(page);
    await assertNoSidewaysScroll(page, where);
    await assertAccessible(page);
    // What is done there goes on being said by the address, also after it was loaded anew.
    await control(page, "Step").click();
    await page.getByRole("group", { name: "shop service" }).getByRole("button", { name: "Crash", exact: true }).first().click();
    const [address, there] = [await hash(page), await scene(page)];
    assert.match(address, /^v=3&run=my-shop&file=[\w-]+&/);
    await fresh(open, `#${address}`);
    await ownIsThere(page);
    assertSameScene(await scene(page), there, "the same moment");
    // In an open page, too; what is in hand there is left.
    await page.evaluate((address) => (location.hash = address), "v=1&run=dual-write-lost&at=3");
    await page.getByRole("heading", { level: 1, name: "A loss: committed, never sent" }).waitFor();
    await page.evaluate((address) => (location.hash = address), CARRIED.shop);
    await ownIsThere(page);
    assertSameScene(await scene(page), here, "as at first");
  });
}

pageTest("a scenario that a link carries is checked as a file is: what is wrong is said, and the page goes on", async ({ page, open, problems }) => {
  for (const [word, said] of [["typo", /line 15, column \d+: unknown queue `lables`.*did you mean `labels`/], ["deep", /not TOML/], ["endless", /more than 1000000 steps/]]) {
    await fresh(open, `#${CARRIED[word]}`);
    const alert = page.getByRole("alert").filter({ hasText: "could not be opened" });
    await alert.waitFor();
    assert.match(await alert.innerText(), said, word);
    await control(page, "Step").click();
    assert.equal((await count(page)).step, 1, `${word}: the page goes on`);
    assert.match(await hash(page), /^v=1&run=dual-write-ghost/);
    // And where something is in hand, it is left as it was.
    const before = await scene(page);
    await page.evaluate((address) => (location.hash = address), CARRIED[word]);
    await alert.waitFor();
    assertSameScene(await scene(page), before, word);
    assert.deepEqual(problems, { errors: [], strangers: [] }, word);
  }
});

pageTest("whoever opens something else does not wait for the scenario of a link", async ({ page, open }) => {
  await page.route("**/reader_bg.wasm", async (route) => {
    await new Promise((done) => setTimeout(done, 1_500));
    await route.continue();
  });
  await open(`#${CARRIED.shop}`);
  await page.getByRole("alert").filter({ hasText: "Reading the scenario" }).waitFor();
  assert.equal(await hash(page), CARRIED.shop, "it stays the address until then");
  await page.getByRole("alert").getByRole("button", { name: "Choose a scenario" }).click();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const title = await page.locator("h1").first().innerText();
  assert.equal(await page.getByRole("alert").count(), 0);
  await page.waitForTimeout(2_000);
  assert.equal(await page.locator("h1").first().innerText(), title, "it stays on show");
});

pageTest("a reader that cannot be fetched is told", async ({ page, open, problems }) => {
  await page.route("**/reader.js", (route) => route.abort());
  await open(`#${CARRIED.shop}`);
  await page.getByRole("alert").filter({ hasText: "could not be opened" }).waitFor();
  await control(page, "Step").click();
  assert.equal((await count(page)).step, 1);
  problems.errors.length = 0;
});

pageTest("failures are searched for in a scenario that a link carries", async ({ page, open }) => {
  await open(`#${CARRIED.comments}`);
  await ownIsThere(page);
  await page.getByRole("tab", { name: "Failures" }).click();
  const panel = page.getByRole("tabpanel");
  await panel.getByRole("button", { name: "Every single fault" }).click();
  await panel.getByRole("button", { name: /lost in \d+ of/ }).first().click();
  await page.waitForFunction(() => location.hash.includes("&own=0&"));
  assert.match(await hash(page), /^v=3&run=my-shop&file=/, "what was found is a moment of the same scenario");
});

pageTest("a link says whether the diagram is on show, and which tab", async ({ page, open }) => {
  await open(at("dual-write-ghost", "&at=30"));
  assert.doesNotMatch(await hash(page), /stage=|tab=/, "what goes without saying is not said");
  await page.getByRole("tab", { name: "Plots" }).click();
  assert.match(await hash(page), /&tab=plots$/);
  await page.keyboard.press("d");
  await settled(page);
  const address = await hash(page);
  assert.match(address, /&stage=sequence&tab=plots$/);
  await fresh(open, `#${address}`);
  await settled(page);
  assert.equal(await page.getByRole("tab", { name: "Plots" }).getAttribute("aria-selected"), "true");
  assert.equal(await page.locator(".stage").count(), 0);
  assert.equal(await page.locator(".sequence .drawn").count(), 1, "the diagram stands in its place");
  assert.equal(await hash(page), address);
  await page.keyboard.press("d");
  await settled(page);
  assert.equal(await page.locator(".stage").count(), 1);
  assert.match(await hash(page), /&tab=plots$/);
  // A link in an open page shows what it says.
  await page.evaluate((address) => (location.hash = address), "v=1&run=dual-write-ghost&at=12&tab=compare");
  await page.getByRole("region", { name: "Compare" }).waitFor();
});
