// What does the first visit load, and what comes when somebody uses the page?

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { ADDRESS, DIST, PHONE, assertClean, bareTest, pageTest, visit } from "./harness.mjs";
import { at, atTheEnd, control, setSpeed } from "./hands.mjs";
import { serveChanged } from "./site.mjs";

// The aim of docs/performance.md.

const isLater = (url) => /_later\.wasm$/.test(new URL(url).pathname);

function asked(context) {
  const urls = [];
  context.on("request", (request) => urls.push(request.url()));
  return urls;
}

for (const [size, options] of Object.entries({ "a desktop": {}, "a phone": { viewport: PHONE } })) {
  pageTest(`on ${size} the page is drawn with less than 200 KB, compressed as a host does it`, options, async ({ page, context, open }) => {
    const urls = asked(context);
    await open();
    await page.waitForLoadState("networkidle");
    assert.deepEqual(urls.filter(isLater).map((url) => basename(url)), [], "what is wanted later; `cargo xtask first-load` renews the list");
    const names = new Set(urls.map((url) => new URL(url).pathname.slice(1) || "index.html").concat("icons/icon.svg"));
    const bytes = [...names].map((name) => [name, gzipSync(readFileSync(join(DIST, name)), { level: 9 }).length]);
    const all = bytes.reduce((sum, [, more]) => sum + more, 0);
    assert.ok(all < 200_000, `${all} bytes; \`cargo xtask first-load\` renews the list of what is wanted later\n${bytes.map((one) => one.join(": ")).join("\n")}`);
  });
}

pageTest("the rest comes once, when somebody touches the page", async ({ page, context, open }) => {
  const urls = asked(context);
  await page.addInitScript(() => addEventListener("TrunkApplicationStarted", ({ detail }) => (window.program = detail.wasm)));
  await open();
  assert.equal(await page.evaluate(() => window.program.$.value), 0);
  await page.mouse.move(200, 300);
  await page.waitForFunction(() => window.program.$.value === 1);
  await setSpeed(page, "50×");
  await control(page, "Play").click();
  await atTheEnd(page);
  for (const tab of await page.getByRole("tab").all()) await tab.click();
  assert.equal(urls.filter(isLater).length, 1);
});

pageTest("a link to a moment brings the rest with it, and nothing waits for it halfway", async ({ context, open }) => {
  const kinds = [];
  context.on("request", (request) => isLater(request.url()) && kinds.push(request.resourceType()));
  await open(at("outbox-relay-crash", "&at=60"));
  assert.deepEqual(kinds, ["fetch"]);
});

bareTest("what cannot be fetched is told, and the page drawn so far stays", async () => {
  const site = await serveChanged({ change: (name, bytes) => (name.endsWith("_later.wasm") ? null : bytes) });
  const { page, open, problems, close } = await visit({ address: site.address });
  try {
    await open();
    await page.keyboard.press("?");
    await page.getByRole("alert").filter({ hasText: "could not be fetched" }).waitFor();
    assert.ok(await page.locator(".stage").isVisible());
    assert.deepEqual(problems.strangers, []);
  } finally {
    await close();
    await site.close();
  }
});

pageTest("the style sheets of what is not on show at first come with the rest", async ({ page, open }) => {
  await open();
  const sheets = (rel) => page.locator(`link[rel=${rel}]`).evaluateAll((links) => links.map((link) => link.getAttribute("href").replace(/^\.\/|-.*/g, "")));
  assert.deepEqual(await sheets("later"), ["panels", "cards", "branches", "diagram"]);
  await page.mouse.move(200, 300);
  await page.waitForFunction(() => document.styleSheets.length === document.querySelectorAll("link[rel=stylesheet]").length);
  assert.deepEqual(await sheets("later"), []);
});

bareTest("what came as something else is fetched again when it is needed", async () => {
  let first = true;
  const change = (name, bytes) => {
    if (!name.endsWith("_later.wasm") || !first) return bytes;
    first = false;
    return Buffer.from("Please sign in to this network.");
  };
  const site = await serveChanged({ change });
  const { page, open, close } = await visit({ address: site.address });
  try {
    await open();
    await page.mouse.move(200, 300);
    await page.waitForResponse((response) => isLater(response.url()));
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  } finally {
    await close();
    await site.close();
  }
});
