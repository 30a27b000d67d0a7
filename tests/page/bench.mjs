// How much does the page weigh, and how busy does it keep the main thread? Each measurement is a function that returns
// rows [what, value, unit]; they are printed as one table, and as JSON into $BROKERLAB_BENCH_JSON if that is set.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { ADDRESS, DIST, closeBrowser, theBrowser, visit } from "./browser.mjs";
import { at, scenarios } from "./hands.mjs";

const BUSY_SECONDS = 5;
const SEEKS = 100;
// The worlds that `cargo bench` runs natively.
const FAN_OUT = readFileSync(new URL("../../benches/fan-out.toml", import.meta.url), "utf8");
const OUTBOX = readFileSync(new URL("../../benches/outbox.toml", import.meta.url), "utf8");

// The page takes a scenario as `prepare` packs it; here as a list of numbers, which is what crosses over to the page.
const PREPARE = ["run", "--quiet", "--package", "prepare", "--", "-"];
const prepared = (text) => [...execFileSync("cargo", PREPARE, { input: text, cwd: fileURLToPath(new URL("../..", import.meta.url)) })];

const ALL = { weight, engine, scrub, firstCounterexample, searches, sequence, busyAtRest, busyWithTokens };
// All of them, or those that are named.
const named = process.argv.slice(2);
const MEASUREMENTS = named.length ? named.map((name) => ALL[name] ?? unknown(name)) : Object.values(ALL);

function unknown(name) {
  throw new Error(`there is no measurement ${name}; there are ${Object.keys(ALL).join(", ")}`);
}

// Steps a second with every record kept, in the page's own engine; thread time.
async function engine() {
  const { page, open, close } = await visit();
  await open();
  const rows = [];
  for (const [name, text] of Object.entries({ "fan-out": FAN_OUT, outbox: OUTBOX })) {
    const own = prepared(text);
    for (const judge of [false, true]) {
      const speeds = [];
      let counted;
      for (let round = 0; round < 3; round += 1) {
        const before = await threadTime(page);
        counted = await page.evaluate(([own, judge]) => window.brokerlab.bench(Uint8Array.from(own), judge), [own, judge]);
        speeds.push(counted.steps / ((await threadTime(page)) - before) / 1e6);
      }
      speeds.sort((a, b) => a - b);
      rows.push([`${name}${judge ? " with the judge" : ""} (${counted.steps} steps, ${counted.records} records)`, speeds[1].toFixed(2), "M steps/s"]);
    }
  }
  await close();
  return rows;
}

// A run of 1,000,000 steps: what it holds, and how fast one stands elsewhere in it.
async function scrub() {
  const { page, open, close } = await visit();
  await open();
  const before = await page.evaluate(() => window.brokerlab.memory_bytes());
  const own = prepared(FAN_OUT.replace(/^orders .*$/m, "orders = 66_666"));
  const [whole, ...seeks] = await page.evaluate(([own, seeks]) => [...window.brokerlab.scrub(Uint8Array.from(own), seeks)], [own, SEEKS]);
  const after = await page.evaluate(() => window.brokerlab.memory_bytes());
  await close();
  seeks.sort((a, b) => a - b);
  return [
    ["1,000,000 steps: computed with the judge and checkpoints", whole.toFixed(0), "ms"],
    ["1,000,000 steps: seek, median", seeks[SEEKS / 2].toFixed(2), "ms"],
    ["1,000,000 steps: seek, longest", seeks[SEEKS - 1].toFixed(2), "ms"],
    ["memory before", (before / 1e6).toFixed(1), "MB"],
    ["memory with the run", (after / 1e6).toFixed(1), "MB"],
  ];
}

// How long somebody waits for the first broken promise of each naive scenario: from the click on "Every single fault"
// until the line of a promise that breaks stands there. The start of the worker is part of it. By the clock: three
// rounds each, the median.
async function firstCounterexample() {
  const { page, open, close } = await visit();
  await open();
  const times = [];
  for (const { id } of scenarios.filter(({ part }) => part === "naive")) {
    const rounds = [];
    for (let round = 0; round < 3; round += 1) {
      await open(`?${round}${at(id)}`);
      await page.getByRole("tab", { name: "Failures" }).click();
      await page.getByRole("button", { name: "Every single fault" }).waitFor();
      rounds.push(
        await page.evaluate(async () => {
          const broken = new Promise((done) => {
            const look = () => document.querySelector(".search .outcomes .broken") && done(performance.now());
            new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
          });
          const began = performance.now();
          document.querySelector(".search .buttons button").click();
          return (await broken) - began;
        }),
      );
    }
    times.push([rounds.sort((a, b) => a - b)[1], id]);
  }
  await close();
  times.sort(([a], [b]) => b - a);
  const told = ([time, id]) => [`first counterexample in the tab: ${id}`, time.toFixed(0), "ms"];
  return [...times.slice(0, 3).map(told), [`first counterexample in the tab: median of ${times.length}`, times[times.length >> 1][0].toFixed(0), "ms"]];
}

// Every two faults of every scenario, in the worker that the tab starts, from its start to its end: by the clock, and by
// the time that the page's process worked, compiling included.
async function searches() {
  const { page, open, close } = await visit();
  await open();
  const browser = await (await theBrowser()).newBrowserCDPSession();
  const worked = async () => {
    const { processInfo } = await browser.send("SystemInfo.getProcessInfo");
    return processInfo.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
  const rows = [];
  for (const { id } of scenarios) {
    const before = await worked();
    const { wall, found } = await page.evaluate(
      (name) =>
        new Promise((done, fail) => {
          const address = (selector) => new URL(document.querySelector(selector).getAttribute("href"), document.baseURI).href;
          const began = performance.now();
          const worker = new Worker("search.js", { type: "module" });
          worker.onerror = ({ message }) => fail(new Error(message));
          worker.onmessage = ({ data }) => {
            if (data.problem) fail(new Error(data.problem));
            if (!data.done) return;
            worker.terminate();
            done({ wall: performance.now() - began, found: [...data.found.slice(0, 50)] });
          };
          const [script, program] = [address("link[rel=modulepreload]"), address("link[rel=preload][type='application/wasm']")];
          worker.postMessage({ script, program, name, seed: "1", faults: 2, kinds: "crash,fail,lose,double" });
        }),
      id,
    );
    const [none, one, two, , states] = leading(found, 5);
    rows.push({ id, wall, cpu: (await worked()) - before, placements: none + one + two, states });
  }
  await close();
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  rows.sort((a, b) => b.wall - a.wall);
  const told = ({ id, wall, placements, states }) => [`every two faults: ${id} (${placements} placements, ${states} states)`, (wall / 1000).toFixed(2), "s"];
  return [
    ...rows.slice(0, 3).map(told),
    [`every two faults: all ${rows.length} scenarios (${sum("placements")} placements, ${sum("states")} states)`, (sum("wall") / 1000).toFixed(1), "s"],
    ["the same by the time that the page's process worked", sum("cpu").toFixed(1), "s"],
    ["states, by that time", (sum("states") / sum("cpu") / 1e6).toFixed(2), "M/s"],
    ["placements, by that time", (sum("placements") / sum("cpu") / 1e3).toFixed(0), "k/s"],
  ];
}

// The first numbers of what postcard wrote: seven bits a byte, the lowest first.
function leading(bytes, count) {
  const numbers = [];
  for (let at = 0; numbers.length < count; at += 1) {
    let number = 0;
    for (let scale = 1; ; scale *= 128, at += 1) {
      number += (bytes[at] & 127) * scale;
      if (bytes[at] < 128) break;
    }
    numbers.push(number);
  }
  return numbers;
}

// The sequence diagram of a short run and of longer ones: what stands in the page, and what it costs to scroll
// elsewhere and to travel there; thread time.
async function sequence() {
  const rows = [];
  for (const orders of [60, 600, 6_000, 60_000]) {
    const { page, open, close } = await visit();
    await open();
    await page.evaluate((own) => window.brokerlab.open(Uint8Array.from(own), 1e9), prepared(OUTBOX.replace(/^orders .*$/m, `orders = ${orders}`)));
    await page.keyboard.press("End");
    const steps = Number((await page.locator(".count").textContent()).match(/of (\d+)/)[1]);
    const cost = async (times, act) => {
      const before = await threadTime(page);
      await act(times);
      return ((((await threadTime(page)) - before) / times) * 1000).toFixed(2);
    };
    const first = await cost(1, async () => {
      await page.keyboard.press("d");
      await page.locator(".drawn .words").last().waitFor();
    });
    const scroll = (times) =>
      page.evaluate(async (times) => {
        const sequence = document.querySelector(".sequence");
        for (let n = 0; n < times; n += 1) {
          sequence.scrollTop = ((n * 0.618) % 1) * (sequence.scrollHeight - sequence.clientHeight);
          await new Promise(requestAnimationFrame);
        }
      }, times);
    const back = async (times) => {
      for (let n = 0; n < times; n += 1) await page.keyboard.press("ArrowLeft");
    };
    const nodes = await page.locator(".drawn *").count();
    rows.push(
      [`diagram of ${steps} steps: shown first`, first, "ms"],
      [`diagram of ${steps} steps: scrolled elsewhere`, await cost(100, scroll), "ms"],
      [`diagram of ${steps} steps: one step back`, await cost(50, back), "ms"],
      [`diagram of ${steps} steps: nodes drawn`, nodes, ""],
    );
    await close();
  }
  return rows;
}

// A long wire, and so many messages that about that many packets are on it at a time.
function crowd(tokens) {
  const way = 6;
  const every = Math.round((3 * way * 1e6) / tokens);
  return `title = "Benchmark: ${tokens} on the way"
until = "10m"
latency = "${way}s"
[[service]]
name = "orders"
publish = "plain"
confirm = "none"
messages = [{ name = "order placed", to = "mails" }]
orders = ${Math.ceil(tokens * 4)}
first = "1ms"
every = "${every}us"
step = "1us"
[[queue]]
name = "mails"
[[consumer]]
name = "mail"
queue = "mails"
prefetch = 0
handler = "1us"
step = "1us"
`;
}

// A crowd on the wires, playing at the speed of life.
async function busyWithTokens() {
  const rows = [];
  for (const tokens of [15, 50, 200, 1000]) {
    const { page, open, close } = await visit();
    await open();
    await page.evaluate((own) => window.brokerlab.open(Uint8Array.from(own), 25_000), prepared(crowd(tokens)));
    await page.locator(".token").first().waitFor();
    await page.keyboard.press(" ");
    await page.waitForTimeout(1000);
    const drawn = await page.locator(".token").count();
    rows.push(...(await busy(page, `${tokens} on the way (${drawn} drawn)`)));
    await close();
  }
  return rows;
}

async function threadTime(page) {
  const cdp = (page.benchSession ??= await page.context().newCDPSession(page));
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  return (await cdp.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
}

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
