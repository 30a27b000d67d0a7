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

// Everything that a moment shows, in a form that is equal for equal pictures: what is chosen, and Yew's own comments,
// are left out.
function sceneInPage() {
  const html = (selector) =>
    [...document.querySelectorAll(selector)]
      .map((element) => element.outerHTML)
      .join("\n")
      .replace(/<!--.*?-->/gs, "")
      .replace(/ aria-pressed="[a-z]*"/g, "")
      .replace(/ style=""/g, "")
      .replace(/\s*\bchosen\b/g, "");
  const text = (selector) => document.querySelector(selector)?.textContent;
  return {
    clock: text(".clock"),
    count: text(".count"),
    line: document.querySelector(".line input").value,
    title: text("h1"),
    stages: html(".one"),
    story: html(".story .now"),
    log: html(".log ol"),
    verdict: html(".verdict"),
    marks: html(".marks"),
    breakIt: html(".break"),
  };
}

export const scene = (page) => page.evaluate(sceneInPage);

// Presses a control so many times (or until `until`, a regular expression, fits the story); the scene after each.
export async function walk(page, name, times, until) {
  return page.evaluate(
    async ([source, name, times, until]) => {
      const scene = eval(`(${source})`);
      const button = document.querySelector(`.controls [aria-label="${name}"]`);
      const scenes = [];
      for (let n = 0; n < times; n += 1) {
        button.click();
        await new Promise((done) => setTimeout(done));
        if (!until) scenes.push(scene());
        else if (new RegExp(until).test(document.querySelector(".story .now").textContent)) return [scene()];
      }
      if (until) throw new Error(`${times} times '${name}', and the story never said ${until}; it says: ${document.querySelector(".story .now").textContent}`);
      return scenes;
    },
    [sceneInPage.toString(), name, times, until?.source],
  );
}

// Steps until the story says so.
export const stepUntil = (page, what) => walk(page, "Step", 600, what).then(([scene]) => scene);

export const control = (page, name) => page.locator(".controls").getByRole("button", { name, exact: true });
export const story = (page) => page.locator(".story .now").innerText();
export const clock = (page) => page.locator(".clock").textContent();
export const hash = (page) => page.evaluate(() => location.hash.slice(1));

// Where the run stands: { step, of }.
export async function count(page) {
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

// Which part of two scenes differs, for a message that can be read.
export function assertSameScene(actual, expected, message) {
  for (const part of Object.keys(expected)) assert.equal(actual[part], expected[part], `${message}: ${part}`);
}

// A party's box on the first stage.
export const party = (page, name) => page.locator(".one").first().locator("article.party").filter({ has: page.locator("strong", { hasText: new RegExp(`^${name}$`) }) });

export async function assertNoSidewaysScroll(page, where) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${where}: the page is ${over} px wider than the window`);
}
