// What the READMEs show, word for word (tests/tidy.rs holds them together).

import { strict as assert } from "node:assert";
import { test } from "node:test";
import { Case } from "brokerlab-js";
import { SHOP as toml } from "./shop.js";

test("the README", () => {
  const run = Case.named("outbox-with-inbox").withFault("crash mail after apply #1 for 1s").run();
  assert.equal(run.report().verdict.duplicates, 0, String(run));
  while (run.queue("mails").ready.length === 0 && run.stepForward());
  run.inject("crash relay");                                     // by hand, at this step
  assert.ok(Case.text("shop", toml).explore({ faults: 2 }).promises.every((it) => it.verdict !== "sometimes broken"));
});

test("the README of the package", () => {
  const run = Case.named("outbox-with-inbox").withFault("crash relay after publish #1 for 1s").run();
  assert.equal(run.report().verdict.duplicates, 0, String(run));

  // Step by step, with a look into tables and queues; then break it by hand.
  while (run.queue("mails").ready.length === 0 && run.stepForward());
  run.inject("crash mail");

  // Every placement of one fault: a crash, a failure, a loss, a twin.
  const found = Case.text("shop", toml).explore({ faults: 1 });
  assert.ok(found.complete);
  assert.deepEqual(found.promises.filter((it) => it.verdict === "sometimes broken"), []);
});
