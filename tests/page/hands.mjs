// What a person's eyes and hands do on the page, so that the tests can speak of that.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";

export const PROJECTOR = { width: 1024, height: 768 };
export const WIDE = { width: 1440, height: 900 };

const SCENARIOS = new URL("../../scenarios/", import.meta.url);

// What the scenario files say, as far as the page must keep to it.
export const scenarios = readdirSync(SCENARIOS)
  .filter((name) => name.endsWith(".toml"))
  .map((name) => {
    const text = readFileSync(new URL(name, SCENARIOS), "utf8");
    const value = (key) => text.match(new RegExp(`^${key}\\s*=\\s*"(.*)"`, "m"))?.[1];
    const list = (key) => [...(text.match(new RegExp(`^${key}\\s*=\\s*\\[(.*)\\]`, "m"))?.[1] ?? "").matchAll(/"([^"]+)"/g)].map((found) => found[1]);
    return { id: basename(name, ".toml"), title: value("title"), part: value("part") ?? "plain", counterpart: value("counterpart"), keeps: list("keeps"), breaks: list("breaks") };
  });

// Everything that a moment shows, a line for each element and text, equal for equal pictures: what is chosen is left out.
function sceneInPage() {
  const lines = (selector) => {
    const out = [];
    const tell = (node, depth) => {
      const indent = " ".repeat(depth);
      if (node.nodeType === Node.TEXT_NODE && node.data) out.push(indent + node.data);
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      const attributes = [...node.attributes]
        .filter(({ name, value }) => name !== "aria-pressed" && !(name === "style" && !value))
        .map(({ name, value }) => (name === "class" ? ["class", value.split(" ").filter((word) => word !== "chosen").sort().join(" ")] : [name, value]))
        .filter(([name, value]) => name !== "class" || value)
        .map(([name, value]) => `${name}="${value}"`);
      out.push(`${indent}<${[node.localName, ...attributes.sort()].join(" ")}>`);
      for (const child of node.childNodes) tell(child, depth + 1);
    };
    for (const node of document.querySelectorAll(selector)) tell(node, 0);
    return out.join("\n");
  };
  const text = (selector) => document.querySelector(selector)?.textContent;
  return {
    title: text("h1"),
    clock: text(".clock"),
    count: text(".count"),
    line: document.querySelector(".line input").value,
    story: lines(".story .now"),
    stages: lines(".one"),
    log: lines(".log ol"),
    verdict: lines(".verdict"),
    marks: lines(".marks"),
    breakIt: lines(".break"),
  };
}

// Yew renders in the microtask after an event, and where that takes longer than a frame it goes on in a timeout: the
// page is looked at when nothing has changed for one.
async function settledInPage() {
  let changed = false;
  const observer = new MutationObserver(() => (changed = true));
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  const turn = () => new Promise((done) => setTimeout(done));
  await turn();
  // A page that plays is never quiet.
  const playing = () => document.querySelector(".play").ariaLabel === "Pause";
  do {
    changed = false;
    await turn();
  } while (changed && !playing());
  observer.disconnect();
}

export async function settled(page) {
  // After a reload at a moment the page is drawn a little later than it is loaded: it waits for all of its program.
  await page.locator("h1").first().waitFor();
  return page.evaluate(settledInPage);
}

export async function scene(page) {
  await settled(page);
  return page.evaluate(sceneInPage);
}

// Presses a control so many times (or until `until`, a regular expression, fits the story); the scene after each.
export async function walk(page, name, times, until) {
  return page.evaluate(
    async ([sceneSource, settledSource, name, times, until, flags]) => {
      const [scene, settled] = [eval(`(${sceneSource})`), eval(`(${settledSource})`)];
      const button = document.querySelector(`.controls [aria-label="${name}"]`);
      const scenes = [];
      let before;
      for (let n = 0; n < times; n += 1) {
        button.click();
        await settled();
        const count = document.querySelector(".count").textContent;
        if (until && count === before) break;
        before = count;
        if (!until) scenes.push(scene());
        else if (new RegExp(until, flags).test(document.querySelector(".story .now").textContent)) return [scene()];
      }
      if (until) throw new Error(`the run is over, and the story never said ${until}; it says: ${document.querySelector(".story .now").textContent}`);
      return scenes;
    },
    [sceneInPage.toString(), settledInPage.toString(), name, times, until?.source, until?.flags],
  );
}

// Steps until the story says so.
export async function stepUntil(page, what) {
  if (!what.test(await story(page))) await walk(page, "Step", 600, what);
}

export const control = (page, name) => page.locator(".controls").getByRole("button", { name, exact: true });
const read = (look) => async (page) => {
  await settled(page);
  return page.evaluate(look);
};
export const story = read(() => document.querySelector(".story .now").innerText);
export const clock = read(() => document.querySelector(".clock").textContent);
export const hash = read(() => location.hash.slice(1));

// Where the run stands: { step, of }.
export async function count(page) {
  await settled(page);
  const [step, of] = (await page.locator(".count").textContent()).match(/\d+/g).map(Number);
  return { step, of };
}

export async function setSpeed(page, speed) {
  await page.getByLabel("Speed").selectOption(speed);
}

// Plays at full speed and waits for the end.
export async function playToTheEnd(page) {
  await setSpeed(page, "50×");
  await control(page, "Play").click();
  await atTheEnd(page);
}

export async function atTheEnd(page) {
  await page.waitForFunction(() => {
    const [step, of] = document.querySelector(".count").textContent.match(/\d+/g);
    return step === of && document.querySelector(".play").ariaLabel === "Play";
  });
}

// Plays (slowly, in tenths) until some virtual time has passed, then pauses: a moment between two steps.
export async function playABit(page) {
  const before = await clock(page);
  await setSpeed(page, "0.5×");
  await control(page, "Play").click();
  await page.waitForFunction((before) => document.querySelector(".clock").textContent !== before, before);
  await control(page, "Pause").click();
}

// Opens a scenario by its address.
export const at = (run, more = "") => `#v=1&run=${run}${more}`;

// Says in which lines two scenes differ, not all of what they are.
export function assertSameScene(actual, expected, message) {
  for (const part of Object.keys(expected)) {
    if (actual[part] === expected[part]) continue;
    const [is, should] = [actual[part].split("\n"), expected[part].split("\n")];
    const at = is.findIndex((line, n) => line !== should[n]);
    const told = (lines) => lines.slice(Math.max(at - 1, 0), at + 4).join("\n    ");
    assert.fail(`${message}: another ${part}\n  is\n    ${told(is)}\n  and should be\n    ${told(should)}`);
  }
}

// A party's box on the first stage.
export const seedField = (page) => page.getByRole("textbox", { name: "Seed" });
export const party = (page, name) => page.locator(".one").first().locator("article.party").filter({ has: page.locator("strong", { hasText: new RegExp(`^${name}$`) }) });

// Loads the page anew: another address alone would only be a jump within it.
let loads = 0;
export const fresh = (open, address) => open(`?${(loads += 1)}${address}`);

export async function assertNoSidewaysScroll(page, where) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${where}: the page is ${over} px wider than the window`);
}

// What is smaller than 24 by 24 pixels and so near to another that a finger would not know which it is on.
export const tooSmall = (page) =>
  page.evaluate(() => {
    const targets = [...document.querySelectorAll("button, a, input, select, .token")].filter((one) => one.checkVisibility());
    // A box to tick is as large as the label around it.
    const boxes = targets.map((one) => (one.type === "checkbox" ? one.closest("label") : one).getBoundingClientRect());
    return targets
      .map((one, n) => [one, boxes[n]])
      .filter(([, box]) => box.width < 24 - 0.5 || box.height < 24 - 0.5)
      .map(([one, box]) => `${one.ariaLabel ?? one.innerText} (${one.className.baseVal ?? one.className}): ${Math.round(box.width)} by ${Math.round(box.height)}`);
  });
