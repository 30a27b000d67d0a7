// How much does the page weigh, and how busy does it keep the main thread? Each measurement is a function that returns
// rows [what, value, unit]; they are printed as one table, and as JSON into $BROKERLAB_BENCH_JSON if that is set.

import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { ADDRESS, DIST, closeBrowser, visit } from "./browser.mjs";

const BUSY_SECONDS = 5;

const MEASUREMENTS = [weight, busyAtRest];

// What the first visit loads, each file compressed by itself as a host would do it.
async function weight() {
  const { page, context, open, close } = await visit();
  const names = new Set();
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin === new URL(ADDRESS).origin) names.add(url.pathname.slice(1) || "index.html");
  });
  await open();
  await page.waitForLoadState("networkidle");
  await close();
  // The browser may fetch the icon at a time of its own choosing, or not at all when headless.
  names.add("icons/icon.svg");
  const files = [...names].map((name) => {
    const bytes = readFileSync(join(DIST, name));
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
    return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli.length };
  });
  files.sort((a, b) => b.gzip - a.gzip);
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  return [
    ...files.map(({ name, raw, gzip }) => [`  ${basename(name)} (gzip; plain ${kb(raw)} KB)`, kb(gzip), "KB"]),
    ["first load, plain", kb(sum("raw")), "KB"],
    ["first load, gzip -9", kb(sum("gzip")), "KB"],
    ["first load, brotli 11", kb(sum("brotli")), "KB"],
  ];
}

// The page as it is after loading. Scenes with messages in flight are measured with `busy` as well.
async function busyAtRest() {
  const { page, open, close } = await visit();
  await open();
  await page.waitForTimeout(500);
  const rows = await busy(page, "at rest");
  await close();
  return rows;
}

// The main thread's work over some seconds: its share of the time, and the time of each frame that was drawn.
export async function busy(page, label, seconds = BUSY_SECONDS) {
  const cdp = await page.context().newCDPSession(page);
  // Thread time, so that a neighbour on a shared machine is not counted.
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async () => Object.fromEntries((await cdp.send("Performance.getMetrics")).metrics.map(({ name, value }) => [name, value]));
  await page.evaluate(() => {
    window.benchFrames = 0;
    const count = () => {
      window.benchFrames += 1;
      window.benchFrame = requestAnimationFrame(count);
    };
    count();
  });
  const before = await read();
  const started = performance.now();
  await page.waitForTimeout(seconds * 1000);
  const after = await read();
  const elapsed = (performance.now() - started) / 1000;
  const frames = await page.evaluate(() => (cancelAnimationFrame(window.benchFrame), window.benchFrames));
  await cdp.detach();
  const spent = (name) => after[name] - before[name];
  const aFrame = (name) => ((spent(name) / Math.max(frames, 1)) * 1000).toFixed(3);
  return [
    [`main thread busy, ${label}`, ((spent("TaskDuration") / elapsed) * 100).toFixed(2), "%"],
    [`script a frame, ${label}`, aFrame("ScriptDuration"), "ms"],
    [`style and layout a frame, ${label}`, ((Number(aFrame("RecalcStyleDuration")) + Number(aFrame("LayoutDuration"))).toFixed(3)), "ms"],
    [`frames a second, ${label}`, (frames / elapsed).toFixed(1), ""],
  ];
}

function kb(bytes) {
  return (bytes / 1000).toFixed(1);
}

try {
  const rows = [];
  for (const measure of MEASUREMENTS) rows.push(...(await measure()));
  const width = Math.max(...rows.map(([what]) => what.length));
  for (const [what, value, unit] of rows) console.log(`${what.padEnd(width)}  ${String(value).padStart(9)} ${unit}`);
  const json = process.env.BROKERLAB_BENCH_JSON;
  if (json) writeFileSync(json, `${JSON.stringify(rows.map(([what, value, unit]) => ({ what: what.trim(), value: Number(value), unit })), null, 1)}\n`);
} finally {
  await closeBrowser();
}
