//! How did a run end, for a machine? One object: what the terminal prints as JSON and the page's JavaScript gets.

use super::run::Run;
use crate::broker::world::Ending;
use crate::check::finding::{Counts, Totals};
use crate::check::measures::Measures;
use crate::check::promise::When;
use crate::scenario::Part;
use crate::scenario::Scenario;
use crate::scenario::words::seed_words;
use crate::scenario::write::write_fault;
use crate::sim::time::Span;
use serde::Serialize;

/// A whole run in one object. The names of its fields are a promise to those who read it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Report {
    /// The scenario's name.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// `plain`, `naive` or `repaired`.
    pub part: &'static str,
    /// The name of its counterpart.
    pub counterpart: Option<String>,
    /// The seed. Beyond 2^53 a reader in JavaScript sees it rounded; the words and the hash are exact.
    pub seed: u64,
    /// The seed in three words, where it has them.
    pub seed_words: Option<String>,
    /// The scenario's limit, in microseconds of virtual time.
    pub until_us: u64,
    /// The faults that were laid down beforehand, in the words of the fault grammar.
    pub faults: Vec<String>,
    /// How many steps the run did.
    pub steps: u32,
    /// How many records its history has.
    pub records: usize,
    /// When it ended, in microseconds of virtual time.
    pub virtual_time_us: u64,
    /// `quiet`, `limit` or `cut-short`.
    pub ended: &'static str,
    /// The fingerprint of its history: 16 hexadecimal digits.
    pub hash: String,
    /// How many findings of each kind the judge has.
    pub verdict: Counts,
    /// How much there was of everything.
    pub totals: Totals,
    /// What was measured.
    pub measures: Measured,
    /// How each promise of the scenario stands.
    pub promises: Vec<Promised>,
    /// Whether all expectations of the scenario hold.
    pub as_expected: bool,
    /// Those that don't, a sentence each.
    pub unmet: Vec<String>,
}

/// What was measured; times in microseconds of virtual time.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Measured {
    /// From the first unit of work taken in to the last effect.
    pub makespan_us: Option<u64>,
    /// Requests with an answer.
    pub requests_answered: u32,
    /// Requests that failed.
    pub requests_failed: u32,
    /// When the first of them failed.
    pub first_failure_us: Option<u64>,
    /// When the last of them failed.
    pub last_failure_us: Option<u64>,
    /// From the coming of a request to its answer: half of them took no longer.
    pub answer_median_us: Option<u64>,
    /// The longest.
    pub answer_worst_us: Option<u64>,
    /// How many messages waited in one queue at most.
    pub deepest_queue: u32,
    /// The longest that a message waited in its queue.
    pub oldest_us: u64,
    /// From the coming of a unit of work to its effect: 50 of 100 took no longer.
    pub end_to_end_p50_us: Option<u64>,
    /// 95 of 100.
    pub end_to_end_p95_us: Option<u64>,
    /// 99 of 100.
    pub end_to_end_p99_us: Option<u64>,
}

impl Measured {
    fn of(run: &Run) -> Measured {
        let measures = Measures::of(run.setup(), run.end().world.history().iter());
        let us = |span: Option<Span>| span.map(|span| span.0);
        let between = measures.failed_between();
        Measured {
            makespan_us: us(measures.makespan()),
            requests_answered: measures.answered(),
            requests_failed: measures.failed(),
            first_failure_us: between.map(|(first, _)| first.0),
            last_failure_us: between.map(|(_, last)| last.0),
            answer_median_us: us(measures.answer_time(50)),
            answer_worst_us: us(measures.answer_time(100)),
            deepest_queue: measures.deepest(),
            oldest_us: measures.oldest().0,
            end_to_end_p50_us: us(measures.end_to_end(50)),
            end_to_end_p95_us: us(measures.end_to_end(95)),
            end_to_end_p99_us: us(measures.end_to_end(99)),
        }
    }
}

/// How a promise stands.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Promised {
    /// Its name.
    pub name: &'static str,
    /// `always`, `eventually` or `sometimes`.
    pub when: &'static str,
    /// What the scenario expects of it.
    pub expected: &'static str,
    /// Whether it held; none: not decided.
    pub held: Option<bool>,
    /// The step at which it was broken.
    pub broken_at_step: Option<u32>,
    /// The moment at which it was broken, in microseconds of virtual time.
    pub broken_at_us: Option<u64>,
    /// For *sometimes*: the step at which it was reached.
    pub reached_at_step: Option<u32>,
}

impl Report {
    /// The report of a run of that scenario.
    pub fn new(scenario: &Scenario, run: &Run) -> Report {
        let end = run.end();
        let cast = scenario.setup.cast();
        let unmet: Vec<String> = scenario.expectations(&end.ledger).iter().map(ToString::to_string).collect();
        let promises = scenario.promises().map(|(promise, expected)| {
            let state = promise.state(&end.ledger);
            let reached = state.reached.filter(|_| promise.when() == When::Sometimes);
            Promised {
                name: promise.name(),
                when: promise.when().name(),
                expected: expected.name(),
                held: state.held,
                broken_at_step: state.broken.map(|breach| breach.step),
                broken_at_us: state.broken.map(|breach| breach.at.0),
                reached_at_step: reached.map(|moment| moment.step),
            }
        });
        Report {
            scenario: scenario.id.clone(),
            title: scenario.title.clone(),
            part: match scenario.part {
                Part::Plain => "plain",
                Part::Naive => "naive",
                Part::Repaired => "repaired",
            },
            counterpart: scenario.counterpart.clone(),
            seed: run.seed(),
            seed_words: seed_words(run.seed()),
            until_us: scenario.setup.limit.0,
            faults: scenario.setup.faults.iter().map(|fault| write_fault(fault, &cast)).collect(),
            steps: end.step(),
            records: end.world.history().len(),
            virtual_time_us: end.now().0,
            ended: match end.world.ended() {
                Some(Ending::Quiet) => "quiet",
                Some(Ending::Limit) => "limit",
                None => "cut-short",
            },
            hash: format!("{:016x}", end.world.fingerprint()),
            verdict: end.ledger.counts(),
            totals: end.ledger.totals(),
            measures: Measured::of(run),
            promises: promises.collect(),
            as_expected: unmet.is_empty() && !run.cut_short(),
            unmet,
        }
    }
}
