// An imaginary shop, asked a few questions before any of it is built: run it, step through it, break it, and have every
// placement of a fault tried. `npm run build && npm start`; the assertions are in shop.test.ts.

import { Case, scenarios, type Outcome, type Run } from "brokerlab-js";
import { pathToFileURL } from "node:url";

/** The shop as it is to be built: an outbox, a relay, and consumers that know what they have seen. */
export const SHOP = `
title = "The shop"
seed  = "calm-amber-otter"

[promises]
keeps   = ["nothing-lost", "nothing-twice", "no-ghost", "everything-arrives"]
reaches = ["an-effect"]

[[service]]
name     = "orders"
orders   = 2
publish  = "outbox"
messages = [{ name = "order placed", to = "mails" }]

[[relay]]
name  = "relay"
reads = "orders"

[[queue]]
name         = "mails"
dead-letters = true

[[consumer]]
name  = "mailer"
queue = "mails"
inbox = true
`;

/** The same without an outbox: it publishes after the commit. */
export const FIRST_DRAFT = SHOP.replace('"outbox"', '"after-commit"').replace(/\[\[relay\]\][^[]*/, "");

/** Goes forward to the first step at which that is true. False if there is none. */
export function goTo(run: Run, isTrue: (run: Run) => boolean): boolean {
  while (!isTrue(run)) {
    if (!run.stepForward()) return false;
  }
  return true;
}

/** What can be broken by so many faults. */
export function broken(shop: Case, faults: 1 | 2): Outcome[] {
  const found = shop.explore({ faults });
  return found.promises.filter((outcome) => outcome.verdict === "sometimes broken");
}

function main(): void {
  console.log(`${scenarios().length} scenarios in the catalogue`);
  const shop = Case.text("shop", SHOP);

  const run = shop.run();
  console.log(`all goes well: ${run.report().totals.effects_arrived} mails in ${run.steps} steps`);

  goTo(run, (it) => it.queue("mails").ready.length + it.queue("mails").out.length > 0);
  console.log(`step ${run.step}: ${run.sentence}`);
  run.inject("crash relay");
  run.seekStep(run.steps);
  const repeats = run.table("mailer").filter((row) => row.state === "skipped").length;
  console.log(`the relay crashes there: ${repeats} recognised as a repeat, ${run.verdict().duplicates} done twice`);

  for (const outcome of broken(Case.text("first draft", FIRST_DRAFT), 1)) {
    console.log(`the first draft can break ${outcome.name}: ${outcome.shortest?.command ?? ""}`);
  }
  console.log(`the shop, with two faults anywhere: ${broken(shop, 2).length} promises can be broken`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
