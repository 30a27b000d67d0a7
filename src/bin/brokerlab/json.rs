//! How did the run end, for a machine? One JSON object.

use crate::terminal::Told;
use brokerlab::broker::world::Ending;
use brokerlab::check::promise::When;
use brokerlab::scenario::Part;
use brokerlab::scenario::expectations::Expected;
use brokerlab::scenario::words::seed_words;
use brokerlab::scenario::write::write_fault;
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Summary<'t> {
    scenario: &'t str,
    title: &'t str,
    part: &'static str,
    counterpart: Option<&'t str>,
    seed: u64,
    seed_words: Option<String>,
    until_us: u64,
    faults: Vec<String>,
    steps: u32,
    records: usize,
    virtual_time_us: u64,
    ended: &'static str,
    hash: String,
    verdict: Verdict,
    totals: Totals,
    promises: Vec<Promise>,
    as_expected: bool,
    unmet: Vec<String>,
    link: Option<&'t str>,
}

#[derive(Serialize)]
struct Verdict {
    lost: u32,
    duplicates: u32,
    ghosts: u32,
    half_sent: u32,
    stuck: u32,
    parked: u32,
    out_of_order: u32,
}

#[derive(Serialize)]
struct Totals {
    committed: u32,
    rolled_back: u32,
    effects_expected: u32,
    effects_arrived: u32,
    effects_applied: u32,
    deliveries: u32,
    redeliveries: u32,
}

#[derive(Serialize)]
struct Promise {
    name: &'static str,
    when: &'static str,
    expected: &'static str,
    held: Option<bool>,
    broken_at_step: Option<u32>,
    broken_at_us: Option<u64>,
    reached_at_step: Option<u32>,
}

/// The run in one object.
pub fn summary(out: &mut impl Write, told: &Told) -> io::Result<()> {
    let (scenario, end) = (&told.scenario, told.run.end());
    let (counts, totals) = (end.ledger.counts(), end.ledger.totals());
    let cast = scenario.setup.cast();
    let promise = |(promise, expected): (brokerlab::check::promise::Promise, Expected)| {
        let state = promise.state(&end.ledger);
        Promise {
            name: promise.name(),
            when: promise.when().name(),
            expected: expected.name(),
            held: state.held,
            broken_at_step: state.broken.map(|breach| breach.step),
            broken_at_us: state.broken.map(|breach| breach.at.0),
            reached_at_step: state
                .reached
                .filter(|_| promise.when() == When::Sometimes)
                .map(|moment| moment.step),
        }
    };
    let summary = Summary {
        scenario: &scenario.id,
        title: &scenario.title,
        part: match scenario.part {
            Part::Plain => "plain",
            Part::Naive => "naive",
            Part::Repaired => "repaired",
        },
        counterpart: scenario.counterpart.as_deref(),
        seed: told.run.seed(),
        seed_words: seed_words(told.run.seed()),
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
        verdict: Verdict {
            lost: counts.lost,
            duplicates: counts.duplicates,
            ghosts: counts.ghosts,
            half_sent: counts.half_sent,
            stuck: counts.stuck,
            parked: counts.parked,
            out_of_order: counts.out_of_order,
        },
        totals: Totals {
            committed: totals.committed,
            rolled_back: totals.rolled_back,
            effects_expected: totals.expected,
            effects_arrived: totals.arrived,
            effects_applied: totals.effects,
            deliveries: totals.deliveries,
            redeliveries: totals.redeliveries,
        },
        promises: scenario.promises().map(promise).collect(),
        as_expected: told.unmet.is_empty() && !told.run.cut_short(),
        unmet: told.unmet.iter().map(ToString::to_string).collect(),
        link: told.link.as_deref(),
    };
    serde_json::to_writer_pretty(&mut *out, &summary)?;
    out.write_all(b"\n")
}
