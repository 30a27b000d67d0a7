// The interview cards: asked, answered, shown.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { PHONE, assertAccessible, pageTest } from "./harness.mjs";
import { WIDE, assertNoSidewaysScroll, fresh, hash, settled, tooSmall } from "./hands.mjs";

const source = readFileSync(new URL("../../lessons/en/cards.toml", import.meta.url), "utf8");
const cards = source
  .split("[[card]]")
  .slice(1)
  .map((text) => {
    const value = (key) => text.match(new RegExp(`^${key}\\s*=\\s*"(.*)"`, "m"))?.[1];
    return { number: Number(text.match(/^number\s*=\s*(\d+)/m)[1]), topic: value("topic"), question: value("question"), scenario: text.match(/scenario\s*=\s*"([^"]+)"/)[1], beside: /beside\s*=\s*true/.test(text) };
  });

const asked = (page) => page.locator(".card h2");
const press = async (page, key) => {
  await page.keyboard.press(key);
  await settled(page);
};

pageTest("the cards open from the head of the page, ask, and answer when they are told to", async ({ page, open }) => {
  await open();
  await page.getByRole("button", { name: "Interview cards" }).click();
  await asked(page).waitFor();
  assert.equal(await asked(page).innerText(), cards[0].question);
  assert.equal(await hash(page), "cards=1");
  assert.equal(await page.locator(".answer").count(), 0, "the answer is kept back");
  assert.equal(await page.locator(".stage").isVisible(), false, "a view of its own");
  await page.getByRole("button", { name: "Show the answer" }).click();
  assert.ok((await page.locator(".answer").innerText()).length > 100);
  assert.ok((await page.locator(".card li").count()) > 0, "what may be asked next");
  await page.getByRole("button", { name: "Next card" }).click();
  assert.equal(await asked(page).innerText(), cards[1].question);
  assert.equal(await page.locator(".answer").count(), 0);
  await page.getByRole("button", { name: "Back to the playground" }).click();
  await page.locator(".stage").waitFor();
  assert.match(await hash(page), /^v=1&run=/);
});

pageTest("an address opens the cards, and one of them; a strange number does no harm", async ({ page, open }) => {
  for (const [address, number] of [["#cards", 1], ["#cards=12", 12], ["#cards=400", 1], ["#cards=x", 1]]) {
    await fresh(open, address);
    await asked(page).waitFor();
    assert.equal(await asked(page).innerText(), cards[number - 1].question, address);
  }
});

pageTest("the cards can be filtered, shuffled and known, and the browser keeps what is known", async ({ page, open }) => {
  await open("#cards");
  await asked(page).waitFor();
  const { topic } = cards[5];
  const some = cards.filter((card) => card.topic === topic);
  await page.getByLabel("Topic").selectOption(topic);
  assert.equal(await asked(page).innerText(), some[0].question);
  assert.equal(await page.locator(".place").innerText(), `1 / ${some.length}`);

  await page.getByRole("button", { name: "I know this" }).click();
  assert.match(await page.locator(".progress").innerText(), new RegExp(`1 of ${some.length} known`));
  await page.getByLabel("Hide what I know").check();
  assert.equal(await asked(page).innerText(), some[1].question, "it is asked no more");
  assert.equal(await page.locator(".place").innerText(), `1 / ${some.length - 1}`);

  await fresh(open, "#cards");
  await asked(page).waitFor();
  assert.match(await page.locator(".progress").innerText(), /1 of 40 known/);
  const inOrder = [];
  const inAnother = [];
  for (const seen of [inOrder, inAnother]) {
    for (let n = 0; n < 40; n += 1) {
      seen.push(await asked(page).innerText());
      await press(page, "ArrowRight");
    }
    if (seen === inOrder) await page.getByRole("button", { name: "Shuffle" }).click();
  }
  assert.deepEqual(inOrder, cards.map((card) => card.question));
  assert.notDeepEqual(inAnother, inOrder);
  assert.deepEqual([...inAnother].sort(), [...inOrder].sort(), "each once");
});

pageTest("who knows a whole topic is told so", async ({ page, open }) => {
  await open("#cards");
  await asked(page).waitFor();
  const few = cards.map((card) => card.topic).reduce((least, topic, _, all) => (all.filter((one) => one === topic).length < all.filter((one) => one === least).length ? topic : least));
  await page.getByLabel("Topic").selectOption(few);
  await page.getByLabel("Hide what I know").check();
  for (let n = cards.filter((card) => card.topic === few).length; n > 0; n -= 1) await page.getByRole("button", { name: "I know this" }).click();
  await page.getByText("you know them all").waitFor();
  await page.getByRole("button", { name: "Show them all the same" }).click();
  await asked(page).waitFor();
});

pageTest("every card shows its experiment, and there is a way back", async ({ page, open }) => {
  await open("#cards");
  await asked(page).waitFor();
  for (const { number, question, scenario, beside } of cards) {
    assert.equal(await asked(page).innerText(), question);
    await press(page, "s");
    const address = await hash(page);
    assert.ok(address.startsWith(`v=1&run=${scenario}&`), `card ${number}: ${address}`);
    assert.equal(await page.locator(".stage").count(), beside ? 2 : 1, `card ${number}`);
    assert.match(await page.locator(".from-card").innerText(), new RegExp(`Card ${number}\\b`));
    await page.getByRole("button", { name: "Back to the card" }).click();
    await asked(page).waitFor();
    await press(page, "ArrowRight");
  }
});

pageTest("the cards work by the keyboard alone", async ({ page, open }) => {
  await open();
  await press(page, "i");
  await asked(page).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), cards[0].question, "the focus is on the question");
  await press(page, "Space");
  await page.locator(".answer").waitFor();
  await press(page, "k");
  assert.equal(await page.getByRole("button", { name: "I know this" }).getAttribute("aria-pressed"), "true");
  await press(page, "ArrowRight");
  await press(page, "ArrowLeft");
  assert.equal(await asked(page).innerText(), cards[0].question);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator(".answer").waitFor();
  await press(page, "Escape");
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), "Interview cards", "back where it came from");
  assert.match(await hash(page), /^v=1/);
});

for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries({ "a desktop": WIDE, "a phone": PHONE })) {
    pageTest(`the cards are accessible in ${colorScheme} on ${size}`, { colorScheme, viewport, reducedMotion: "reduce" }, async ({ page, open }) => {
      await open("#cards=9");
      await asked(page).waitFor();
      await press(page, "Space");
      await press(page, "k");
      await assertAccessible(page);
      await assertNoSidewaysScroll(page, size);
      assert.deepEqual(await tooSmall(page), []);
      await press(page, "s");
      await assertAccessible(page);
      await assertNoSidewaysScroll(page, size);
    });
  }
}
