//! Are all orders tried that can be? Of worlds small enough to try every latency, too.

use super::kinds::Kinds;
use super::search::Options;
use super::tree::{Rules, Work};
use crate::broker::record::{Kind, Record};
use crate::fault::plan::{Fault, PacketFault};
use crate::scenario::Scenario;
use crate::timeline::moment::Moment;
use crate::timeline::run::Run;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Two services, each on a wire of its own; the first hears that its message has arrived. All else takes always the
/// same time. So three packets can come sooner or later.
const TWO_SERVICES: &str = r#"
title = "Two services"
[[service]]
name = "orders"
publish = "plain"
messages = [{ name = "placed", to = "mails" }]
orders = 1
first = "1ms"
step = "1us"
latency = "3us..30us"
[[service]]
name = "returns"
publish = "plain"
confirm = "none"
messages = [{ name = "returned", to = "mails" }]
orders = 1
first = "1002us"
step = "1us"
latency = "5us..40us"
[[queue]]
name = "mails"
[[consumer]]
name = "mail"
queue = "mails"
step = "2us"
handler = "2us"
latency = "7us"
"#;

/// A service and a consumer, each on a wire of its own, and one message: what the one hears and what the other does
/// can come in any order.
const ONE_MESSAGE: &str = r#"
title = "One message"
[[service]]
name = "orders"
publish = "plain"
messages = [{ name = "placed", to = "mails" }]
orders = 1
first = "1ms"
step = "1us"
latency = "3us..30us"
[[queue]]
name = "mails"
[[consumer]]
name = "mail"
queue = "mails"
step = "2us"
handler = "2us"
latency = "5us..12us"
"#;

/// What happened, to whom and about what, in its order; not when, and not what the faults said.
type Order = Vec<(Kind, u8, u32, u16)>;

fn order(scenario: &Scenario, seed: u64, faults: &[Fault]) -> Order {
    let mut setup = (*scenario.setup).clone();
    setup.faults.extend(faults);
    let run = Run::new(setup.into(), seed, Vec::new());
    let told = |record: &Record| (record.kind, record.actor.0, record.subject, record.other);
    let own = |kind| !matches!(kind, Kind::Struck | Kind::Hurried | Kind::Lagged | Kind::Slowed);
    run.end().world.history().iter().filter(|record| own(record.kind)).map(told).collect()
}

/// Every placement that a search for other orders tries, of up to that many changes.
fn placements(scenario: &Scenario, seed: u64, changes: usize) -> Vec<Vec<Fault>> {
    let options = Options { kinds: Kinds::NONE, schedules: true, ..Options::default() };
    let rules = Rules { options, promises: Vec::new() };
    let mut start = Moment::start(&Arc::new((*scenario.setup).clone()), seed);
    start.world.watch_everything();
    let mut go_on = || true;
    let mut work = Work::new(&mut go_on);
    rules.trunk(start, &mut Vec::new(), changes, None, &mut work).expect("it ends");
    assert!(!work.left_out && !work.stopped);
    work.placed
}

fn orders(scenario: &Scenario, seed: u64, placements: &[Vec<Fault>]) -> BTreeSet<Order> {
    let changed = placements.iter().map(|faults| order(scenario, seed, faults));
    changed.chain([order(scenario, seed, &[])]).collect()
}

/// The faults of a placement that make a packet come sooner.
fn hurried(faults: &[Fault]) -> usize {
    let hurries = |fault: &&Fault| matches!(fault, Fault::OnPacket { fault: PacketFault::Hurry(_), .. });
    faults.iter().filter(hurries).count()
}

#[test]
fn every_order_that_the_latencies_of_the_wires_allow_is_tried_and_no_other() {
    let mut missed = 0;
    for text in [TWO_SERVICES, ONE_MESSAGE] {
        let scenario = Scenario::read("test", text).unwrap();
        let possible: BTreeSet<Order> = (0..20_000).map(|seed| order(&scenario, seed, &[])).collect();
        for seed in 1..=4 {
            let mut tried = placements(&scenario, seed, 3);
            let found = orders(&scenario, seed, &tried);
            assert!(found == possible, "seed {seed}: {} of {}", found.len(), possible.len());
            tried.retain(|faults| hurried(faults) == 0);
            missed += possible.len() - orders(&scenario, seed, &tried).len();
        }
    }
    assert!(missed > 0, "none of these seeds is so slow that something has to be faster");
}
