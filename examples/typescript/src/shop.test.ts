// What the shop is held to, and what the API promises to those who call it.

import { strict as assert } from "node:assert";
import { test } from "node:test";
import { Case, scenarios, type Report, type Verdict } from "brokerlab-js";
import { FIRST_DRAFT, SHOP, broken, goTo } from "./shop.js";

const nothing: Verdict = {
  lost: 0,
  duplicates: 0,
  ghosts: 0,
  half_sent: 0,
  stuck: 0,
  parked: 0,
  out_of_order: 0,
  failed: 0,
  late: 0,
  overdue: 0,
};

test("the shop keeps its promises when all goes well", () => {
  const run = Case.text("shop", SHOP).run();
  const report: Report = run.report();
  assert.equal(report.as_expected, true, String(run));
  assert.deepEqual(report.verdict, nothing, String(run));
  assert.equal(report.ended, "quiet");
  assert.equal(report.totals.effects_applied, 2);
});

test("step by step, with a look into tables and queues", () => {
  const run = Case.text("shop", SHOP).run();
  assert.equal(run.step, 0);
  assert.deepEqual(run.table("orders"), []);
  assert.ok(goTo(run, (it) => it.table("orders").some((row) => row.state === "committed")));
  const committed = run.step;
  assert.match(run.sentence, /committed/);
  assert.deepEqual(run.outbox("orders").map((row) => row.state), ["waits"]);
  assert.ok(goTo(run, (it) => it.queue("mails").ready.concat(it.queue("mails").out).length > 0));
  assert.deepEqual(run.queue("mails").ready.concat(run.queue("mails").out), ["1 order placed"]);

  run.seekStep(committed);
  const time = run.timeUs;
  assert.ok(run.stepBack() && run.step === committed - 1);
  run.seekTime(time);
  assert.equal(run.step, committed);
  run.seekStep(1e9);
  assert.equal(run.step, run.steps);
  assert.equal(run.stepForward(), false);
  assert.deepEqual(run.inbox("mailer").length, 2);
  assert.equal(run.isUp("mailer"), true);
});

test("a fault by hand makes another future", () => {
  const run = Case.text("draft", FIRST_DRAFT).run();
  assert.ok(goTo(run, (it) => it.table("orders").some((row) => row.state === "committed")));
  const before = run.report().hash;
  assert.deepEqual(run.verdict(), nothing);
  run.inject("crash orders");
  assert.equal(run.isUp("orders"), false);
  assert.notEqual(run.report().hash, before);
  assert.equal(run.report().verdict.lost, 1, String(run));
  run.seekStep(run.steps);
  const lost = run.promises().find((promise) => promise.name === "nothing-lost");
  assert.equal(lost?.held, false);
  assert.match(String(run), /by hand, after step \d+: crash orders/);
});

test("after the end nothing can be done: it is done right before, and the run stands right after it", () => {
  const run = Case.named("dual-write-lost").run();
  const steps = run.steps;
  run.seekStep(steps);
  run.inject("crash mail");
  assert.equal(run.step, steps);
  assert.equal(run.isUp("mail"), false);
  assert.ok(run.steps > steps, "it comes back up");
});

test("a fault laid beforehand is that of the command line", () => {
  const shop = Case.named("outbox-relay-crash").withoutOwnFaults();
  const fault = "crash relay before mark-sent #2 for 1s";
  const run = shop.withFault(fault).run();
  assert.deepEqual(run.report().faults, [fault]);
  assert.equal(run.report().verdict.duplicates, 1, String(run));
  assert.deepEqual(shop.run().report().verdict, nothing, "a case never changes");
  assert.equal(run.command(), `brokerlab run outbox-relay-crash --seed ${shop.seed} --no-own-faults --fault '${fault}'`);
  assert.match(String(run), /open the page with #v=/);
  // The same seed gives the same history, wherever.
  assert.equal(run.report().hash, shop.withFault(fault).run().report().hash);
  assert.notEqual(run.report().hash, shop.withFault(fault).withSeed("7").run().report().hash);
});

test("the link of a moment", () => {
  const run = Case.named("dual-write-ghost").withSeed("calm-amber-otter").run();
  run.seekStep(12);
  assert.match(run.link() ?? "", /^#v=1&run=dual-write-ghost&seed=calm-amber-otter&at=12&/);
  assert.match(Case.text("mine", SHOP).run().link() ?? "", /^#v=3&run=mine&file=/);
});

test("every placement of a fault", () => {
  const draft = Case.text("draft", FIRST_DRAFT);
  const found = draft.explore({ kinds: ["crash"], downMs: 500 });
  assert.equal(found.complete, true);
  assert.ok(found.placements > 20, `${found.placements}`);
  const lost = found.promises.find((promise) => promise.name === "nothing-lost");
  assert.equal(lost?.verdict, "sometimes broken");
  assert.deepEqual(lost?.shortest?.faults, ["crash orders after commit #1 for 500ms"]);
  // What was found is a run like any other.
  const again = draft.withFault(lost?.shortest?.faults[0] ?? "").run();
  again.seekStep(lost?.shortest?.broken_at_step ?? 0);
  assert.equal(again.verdict().lost, 1);
  assert.match(found.table, /^\| one fault \|/);

  assert.deepEqual(broken(Case.text("shop", SHOP), 2), []);
});

test("what is wrong is an Error that says where and why", () => {
  const fails = (what: () => unknown, message: RegExp): void => {
    assert.throws(what, (error: unknown) => error instanceof Error && message.test(error.message));
  };
  fails(() => Case.named("dual-write-gost"), /did you mean `dual-write-ghost`\?/);
  fails(() => Case.text("mine", "title = 1"), /mine:1:9: /);
  const shop = Case.text("shop", SHOP);
  fails(() => shop.withFault("crash rely after publish"), /character 7: .*`relay`/);
  fails(() => shop.withSeed("calm-amber-oter"), /did you mean `otter`\?/);
  fails(() => shop.until(-1), /whole number/);
  fails(() => shop.until(0), /from 1 to 86400000/);
  fails(() => shop.until(86_400_001), /from 1 to 86400000/);
  fails(() => shop.explore({ downMs: 0 }), /`downMs` must be from 1 to 86400000/);
  fails(() => shop.explore({ kinds: [] }), /nothing is tried; name some of crash, fail/);
  const run = shop.run();
  fails(() => run.inject("crash"), /is missing/);
  fails(() => run.queue("mals"), /did you mean `mails`\?/);
  fails(() => run.seekStep(1.5), /the step must be a whole number/);
  // @ts-expect-error: not 1, 2 or 3
  fails(() => shop.explore({ faults: 4 }), /1, 2 or 3/);
  // @ts-expect-error: no kind of fault
  fails(() => shop.explore({ kinds: ["crush"] }), /`crush` is no kind of fault/);
  // @ts-expect-error: no such option
  fails(() => shop.explore({ fault: 1 }), /did you mean `faults`\?/);
  assert.equal(run.step, 0, "what failed has changed nothing");
});

test("numbers that JavaScript cannot hold are rounded, and exact as a text", () => {
  const largest = Case.text("shop", SHOP).withSeed("18446744073709551615");
  assert.equal(largest.seed, "18446744073709551615");
  assert.equal(largest.run().report().seed, 2 ** 64);
});

test("the catalogue", () => {
  const all = scenarios();
  assert.ok(all.length > 50);
  for (const { name, title } of all) assert.equal(Case.named(name).title, title);
});
