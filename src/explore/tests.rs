//! Are all orders tried that can be? Of worlds small enough to try every latency, too.

use super::kinds::Kinds;
use super::search::Options;
use super::tree::{Rules, Work};
use crate::broker::record::{Kind, Record};
use crate::broker::world::World;
use crate::fault::plan::{Fault, PacketFault};
use crate::scenario::Scenario;
use crate::sim::chance::{Dice, SpanRange};
use crate::sim::time::Span;
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

/// Two services whose units of work come at the same moment, and a queue in which messages get too old at a moment at
/// which the next unit of work comes: what the clock does, not the wires, which always take the same time.
const TIMERS: &str = r#"
title = "Timers"
[[service]]
name = "orders"
publish = "plain"
confirm = "none"
messages = [{ name = "placed", to = "mails" }]
orders = 2
first = "1ms"
every = "1110us"
step = "10us"
latency = "100us"
[[service]]
name = "returns"
publish = "plain"
confirm = "none"
messages = [{ name = "returned", to = "mails" }]
orders = 1
first = "1ms"
step = "10us"
latency = "100us"
[[queue]]
name = "mails"
ttl = "1ms"
[[consumer]]
name = "mail"
queue = "mails"
step = "10us"
handler = "5ms"
latency = "100us"
"#;

/// What happened, to whom and about what, in its order; not when, and not what the faults said.
type Order = Vec<(Kind, u8, u32, u16)>;

fn order(scenario: &Scenario, seed: u64, faults: &[Fault]) -> Order {
    let mut setup = (*scenario.setup).clone();
    setup.faults.extend(faults);
    let run = Run::new(setup.into(), seed, Vec::new());
    tell(&run.end().world)
}

fn tell(world: &World) -> Order {
    let told = |record: &Record| (record.kind, record.actor.0, record.subject, record.other);
    let own = |kind| !matches!(kind, Kind::Struck | Kind::Hurried | Kind::Lagged | Kind::Slowed);
    world.history().iter().filter(|record| own(record.kind)).map(told).collect()
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
    let struck = |text: &str, fault: &str| {
        text.replacen("[[service]]", &format!("faults = [\"{fault}\"]\n[[service]]"), 1)
    };
    let one_wire = TWO_SERVICES.replace("5us..40us", "20us");
    let unconfirmed = one_wire.replacen("publish = \"plain\"", "publish = \"plain\"\nconfirm = \"none\"", 1);
    let twice = struck(&unconfirmed, "double publish orders by 9us");
    let lost = struck(&unconfirmed, "lose publish orders");
    let refused = struck(&one_wire, "down broker 1ms..5ms");
    let mut missed = 0;
    let mut dice = Dice::new(1, "test", "ties");
    for text in [TWO_SERVICES, ONE_MESSAGE, &twice, &lost, &refused] {
        let scenario = Scenario::read("test", text).unwrap();
        let possible: BTreeSet<Order> = (0..20_000).map(|seed| order(&scenario, seed, &[])).collect();
        // At some latency two things come at the same moment, and either can be first.
        let with_ties: BTreeSet<Order> =
            (0..60_000).map(|seed| order_of_ties(&scenario, seed, &mut dice)).collect();
        for seed in 1..=4 {
            let mut tried = placements(&scenario, seed, 3);
            let found = orders(&scenario, seed, &tried);
            assert!(found.is_superset(&possible), "seed {seed}: {} of {}", found.len(), possible.len());
            assert!(found.is_subset(&with_ties), "seed {seed}: one that cannot be");
            tried.retain(|faults| hurried(faults) == 0);
            missed += possible.difference(&orders(&scenario, seed, &tried)).count();
        }
    }
    assert!(missed > 0, "none of these seeds is so slow that something has to be faster");
}

const SIX: SpanRange = SpanRange { min: Span(0), max: Span(5) };

/// The order of a run in which chance says what comes first of all that is due at the same moment.
fn order_of_ties(scenario: &Scenario, seed: u64, dice: &mut Dice) -> Order {
    let mut world = World::new(scenario.setup.clone(), seed);
    loop {
        while !world.put_first(dice.span(SIX).0 as usize) && world.next_due().is_some() {}
        if !world.step() {
            break;
        }
    }
    tell(&world)
}

#[test]
fn of_all_that_is_due_at_the_same_moment_each_comes_first_timers_too() {
    let scenario = Scenario::read("test", TIMERS).unwrap();
    let mut dice = Dice::new(1, "test", "ties");
    let possible: BTreeSet<Order> =
        (0..20_000).map(|seed| order_of_ties(&scenario, seed, &mut dice)).collect();
    let found = orders(&scenario, 1, &placements(&scenario, 1, 5));
    assert!(found == possible, "{} of {}", found.len(), possible.len());
}
