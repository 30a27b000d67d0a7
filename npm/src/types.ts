// What the functions take and give, exactly. `cargo test -p brokerlab-js` holds the names against those of the
// library, and examples/typescript/test/types.test.mjs what really comes back against these types.

/** A promise that is kept or broken. */
export type PromiseName =
  | "nothing-lost"
  | "nothing-twice"
  | "no-ghost"
  | "all-or-none"
  | "in-order"
  | "everything-arrives"
  | "no-request-fails"
  | "answers-in-time"
  | "done-in-time";

/** A fact that a run reaches: without it, a promise that was kept proves nothing. */
export type FactName =
  | "a-crash"
  | "broker-down"
  | "a-rollback"
  | "a-redelivery"
  | "a-serialization-error"
  | "a-deserialization-error"
  | "a-handler-error"
  | "a-lost-packet"
  | "a-doubled-packet"
  | "a-refused-publish"
  | "a-missing-confirmation"
  | "a-database-outage"
  | "a-cut"
  | "a-recognised-repeat"
  | "a-dead-letter"
  | "a-dropped-copy"
  | "an-effect"
  | "a-visibility-timeout"
  | "an-empty-poll"
  | "a-redrive"
  | "a-retry"
  | "a-replay"
  | "a-refused-call"
  | "a-planned-stop"
  | "a-late-subscriber"
  | "a-filtered-copy"
  | "a-failed-subscription"
  | "a-returned-message"
  | "a-bad-message"
  | "an-expired-message"
  | "a-full-queue"
  | "a-return-limit";

/** When a promise must hold: after every step, at the end, or (a fact) at least once. */
export type When = "always" | "eventually" | "sometimes";

/** A scenario of the catalogue. */
export interface ScenarioInfo {
  /** Its name: what `Case.named` takes. */
  name: string;
  title: string;
  /** The heading under which it stands. */
  group: string;
  /** A plain sentence on what it shows; may be empty. */
  shows: string;
  part: "plain" | "naive" | "repaired";
  /** The scenario to lay beside it. */
  counterpart: string | null;
}

/** How many findings of each kind the judge has. */
export interface Verdict {
  /** (message, queue) pairs that were lost. */
  lost: number;
  /** Effects applied once more than once. */
  duplicates: number;
  /** Messages of orders that were rolled back, which reached a consumer. */
  ghosts: number;
  /** Orders of which some messages were sent and some never will be. */
  half_sent: number;
  /** Messages that wait for something that no longer comes. */
  stuck: number;
  /** Messages set aside, where an operator can review them. */
  parked: number;
  /** Effects applied in another order than that of the commits. */
  out_of_order: number;
  /** Requests that failed. */
  failed: number;
  /** Answers that came later than promised. */
  late: number;
  /** 1 if not everything was done when it was promised. */
  overdue: number;
}

/** How much there was of everything. */
export interface Totals {
  committed: number;
  rolled_back: number;
  /** Effects that are due for what was committed. */
  effects_expected: number;
  /** Of these, how many were applied at least once. */
  effects_arrived: number;
  /** Effects applied in all. */
  effects_applied: number;
  deliveries: number;
  /** Of these, how many were marked as possible repeats. */
  redeliveries: number;
}

/** What was measured; times in microseconds of virtual time, null where there was nothing to measure. */
export interface Measured {
  /** From the first unit of work taken in to the last effect. */
  makespan_us: number | null;
  requests_answered: number;
  requests_failed: number;
  first_failure_us: number | null;
  last_failure_us: number | null;
  answer_median_us: number | null;
  answer_worst_us: number | null;
  /** How many messages waited in one queue at most. */
  deepest_queue: number;
  /** The longest that a message waited in its queue. */
  oldest_us: number;
  /** From the coming of a unit of work to its effect. */
  end_to_end_p50_us: number | null;
  end_to_end_p95_us: number | null;
  end_to_end_p99_us: number | null;
}

/** How a promise, or a fact, of the scenario stands at the end. */
export interface Promised {
  name: PromiseName | FactName;
  when: When;
  /** What the scenario expects of it. */
  expected: "kept" | "broken" | "reached";
  /** Whether it held; null: not decided. */
  held: boolean | null;
  broken_at_step: number | null;
  broken_at_us: number | null;
  reached_at_step: number | null;
}

/** A whole run in one object: what `brokerlab run --format json` prints. */
export interface Report {
  scenario: string;
  title: string;
  part: "plain" | "naive" | "repaired";
  counterpart: string | null;
  /** The seed; beyond 2^53 it is rounded, and `Case.seed` is exact. */
  seed: number;
  /** The seed in three words, where it has them. */
  seed_words: string | null;
  until_us: number;
  /** The faults that were laid beforehand. */
  faults: string[];
  steps: number;
  /** How many records the history has. */
  records: number;
  virtual_time_us: number;
  /** Whether nothing was left to happen, the scenario's limit was reached, or the run was too long. */
  ended: "quiet" | "limit" | "cut-short";
  /** The fingerprint of the history, 16 hexadecimal digits: equal wherever the same run is made. */
  hash: string;
  verdict: Verdict;
  totals: Totals;
  measures: Measured;
  promises: Promised[];
  /** Whether everything came as the scenario expects. */
  as_expected: boolean;
  /** What did not, a sentence each. */
  unmet: string[];
}

/** How a promise stands at a moment. */
export interface Standing {
  name: PromiseName | FactName;
  when: When;
  /** Whether it held; null: not decided yet. */
  held: boolean | null;
  broken_at_step: number | null;
  broken_at_us: number | null;
}

/** A sentence of the story. */
export interface StoryLine {
  step: number;
  at_us: number;
  text: string;
  /** Why, or what it means, where that helps. */
  why: string | null;
  tone: "plain" | "good" | "trouble" | "broken";
}

/** A record of the history, its numbers turned into names: a line of `brokerlab run --format jsonl`. */
export interface HistoryRecord {
  /** Its place in the history, counted from 0. */
  place: number;
  at_us: number;
  step: number;
  /** The place of the record that led to it. */
  cause: number | null;
  /** What happened: `rolled-back`. */
  kind: string;
  /** Whom it happened to. */
  actor: string;
  /** The unit of work, counted from 1. */
  order?: number;
  /** The message, counted from 1. */
  message?: number;
  message_name?: string;
  messages?: number;
  packet?: string;
  to?: string;
  from?: string;
  queue?: string;
  topic?: string;
  consumer?: string;
  rows?: number;
  redelivered?: boolean;
  receives?: number;
  attempt?: number;
  why?: string;
  fault?: string;
  slowed_step?: string;
}

/** A row of a table. */
export interface Row {
  /** What it says: `2 lamp`. */
  label: string;
  state:
    | "staged"
    | "committed"
    | "rolled back"
    | "waits"
    | "in hand"
    | "locked"
    | "sent"
    | "missed"
    | "done"
    | "skipped"
    | "held"
    | "parked"
    | "edited"
    | "discarded";
}

/** What a queue holds: `1 order placed`, the next one first. */
export interface Messages {
  ready: string[];
  /** Out with a consumer, neither acknowledged nor deleted. */
  out: string[];
  /** Not shown yet by a polled queue. */
  delayed: string[];
  /** Set aside. */
  parked: string[];
}

/** What to try. */
export interface SearchOptions {
  /** The most faults at once, 1 to 3 (1). */
  faults?: 1 | 2 | 3;
  /** Which kinds of fault, at least one (all). */
  kinds?: FaultKind[];
  /** How long a party that was made to crash stays down, in milliseconds of virtual time, 1 to 86400000 (1000). */
  downMs?: number;
  /** Whether the faults of the case itself stay; without them it starts from a run in which nothing fails (no). */
  ownFaults?: boolean;
}

/** A kind of fault that the search places. */
export type FaultKind = "crash" | "fail" | "lose" | "double";

/** What came of a search. */
export interface Explored {
  scenario: string;
  /** How many placements were tried, the run without a fault included. */
  placements: number;
  /** Whether everything was tried. */
  complete: boolean;
  /** What came of each promise, and of each fact that the scenario is to reach. */
  promises: Outcome[];
  /** The failure windows as a table in Markdown. */
  table: string;
}

/** What came of one promise over all placements. */
export interface Outcome {
  name: PromiseName | FactName;
  verdict: "always kept" | "sometimes broken" | "reached" | "never reached";
  /** In how many runs it was broken, or, for a fact, reached. */
  runs: number;
  /** The shortest way to break it. */
  shortest: Shortest | null;
}

/** The fewest faults, at the earliest moment, that break a promise. */
export interface Shortest {
  faults: string[];
  broken_at_step: number;
  broken_at_us: number;
  /** The command that tells the run. */
  command: string;
  /** The link that shows the moment; it carries a scenario that the page does not have. */
  link: string | null;
}
