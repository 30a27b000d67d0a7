// The one browser, and a fresh context for whoever asks, with an account of all that a page must not do (errors,
// requests that leave its origin). Tests use it through harness.mjs, benchmarks and pictures directly.

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const ADDRESS = process.env.BROKERLAB_ADDRESS ?? fail("BROKERLAB_ADDRESS is not set: use `cargo xtask test --only page`");
export const DIST = process.env.BROKERLAB_DIST;
export const OUT = fileURLToPath(new URL("./out/", import.meta.url));

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

// Nothing but loopback can be reached, not even from a service worker; the rest keeps Chromium from talking on its own.
const CHROME_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

let browser;

// The one browser of this process, started when it is first wanted.
export async function theBrowser() {
  browser ??= chromium.launch({ executablePath: process.env.BROKERLAB_CHROME ?? "chromium", args: CHROME_ARGS });
  return browser;
}

export async function closeBrowser() {
  await (await browser)?.close();
  browser = undefined;
}

// A fresh context with one page. `options` are Playwright's (viewport, colorScheme, reducedMotion, ...); `address`
// chooses another server, `serviceWorkers: "allow"` lets the page install its worker (which most tests do not need).
// Returns:
//   page, context
//   open(rest)   goes to the page's address and waits until the page has shown something
//   problems     { errors, strangers }: what was logged as an error; requests to other origins (they are refused)
//   close()
export async function visit({ address = ADDRESS, ...options } = {}) {
  const context = await (await theBrowser()).newContext({
    viewport: DESKTOP,
    colorScheme: "light",
    reducedMotion: "no-preference",
    serviceWorkers: "block",
    ...options,
  });
  const problems = { errors: [], strangers: [] };
  const origin = new URL(address).origin;
  const isStrange = (url) => /^(https?|wss?):$/.test(url.protocol) && url.host !== new URL(origin).host;
  await context.route(isStrange, (route) => route.abort());
  await context.routeWebSocket(isStrange, (socket) => {
    problems.strangers.push(socket.url());
    return socket.close();
  });
  context.on("request", (request) => {
    if (isStrange(new URL(request.url()))) problems.strangers.push(request.url());
  });
  context.on("console", (message) => {
    // The browser's own line "Failed to load resource" for a refused stranger is told with the stranger.
    if (message.type() === "error") problems.errors.push(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => problems.errors.push(String(error.error()?.stack ?? error.error())));

  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const open = async (rest = "") => {
    await page.goto(new URL(rest, address).href);
    await page.locator("h1").first().waitFor();
    // The texts that stand beside the stage are fetched after it is drawn: the picture is whole when they are there.
    await page.waitForFunction(lessonsAreThere);
  };
  return { page, context, open, problems, close: () => context.close() };
}

function lessonsAreThere() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  // A scenario that the address carries has none.
  return tabs.length === 0 || location.hash.startsWith("#v=3&") || tabs.some((tab) => tab.textContent.startsWith("Lesson"));
}

// Saves what the page shows as tests/page/out/NAME.png.
export async function picture(page, name) {
  mkdirSync(OUT, { recursive: true });
  const file = `${OUT}${name.replace(/[^a-z0-9]+/gi, "-").toLowerCase()}.png`;
  await page.screenshot({ path: file, fullPage: true });
  console.log(`picture: ${file}`);
}

// Waits until the page's service worker has kept a whole release, and only that one; needs
// { serviceWorkers: "allow" }. Returns the name of its cache.
export async function untilKept(page, { otherThan } = {}) {
  let names = [];
  for (const end = Date.now() + 30_000; Date.now() < end; await page.waitForTimeout(50)) {
    names = await page.evaluate(async () => {
      if (!navigator.serviceWorker.controller) return [];
      const names = (await caches.keys()).filter((name) => name.startsWith("brokerlab-"));
      // The worker stores the document last.
      const whole = names.length === 1 && (await (await caches.open(names[0])).match("./"));
      return whole ? names : [];
    });
    if (names.length === 1 && names[0] !== otherThan) return names[0];
  }
  throw new Error(`the service worker has not kept the release in time (it keeps ${names.join(", ") || "nothing"})`);
}

function fail(text) {
  throw new Error(text);
}
