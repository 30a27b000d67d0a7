//! How fast does the explorer search, and how fast another? States and placements a second on one thread, the time
//! to the first counterexample of every naive pattern, the memory of a state; beside them the same outbox in
//! stateright. On Linux the time is that of the thread's own work, so that a neighbour on a shared machine is not
//! counted.

mod model;

use brokerlab::check::promise::When;
use brokerlab::explore::{Found, Kinds, Options, Search};
use brokerlab::scenario::{Part, Scenario, catalogue};
use brokerlab::timeline::moment::Moment;
use model::Outbox;
use stateright::{Checker, Model};
use std::time::{Duration, Instant};

fn main() {
    println!("Brokerlab: the outbox with an inbox, every kind of fault everywhere");
    println!("messages faults placements states      ms  placements/s  states/s");
    for messages in 3..=6 {
        for faults in [1, 2] {
            ours(&outbox(messages), faults, Kinds::ALL);
        }
    }
    memory(&outbox(6));
    println!("\nstateright, breadth first, one thread: the same without time, crashes of relay and consumer");
    println!("messages crashes unique     generated  ms  unique/s");
    for messages in 3..=6 {
        for crashes in [1, 2] {
            theirs(Outbox { messages, crashes });
        }
    }
    println!("\nThe first counterexample of every naive pattern, ms of one thread");
    let naive = catalogue::scenarios().iter().filter(|scenario| scenario.part == Part::Naive);
    naive.for_each(first_counterexample);
    println!("\nEvery two faults of every scenario, ms of one thread");
    let mut times: Vec<(Duration, &str)> = Vec::new();
    for scenario in catalogue::scenarios() {
        let began = worked();
        whole(scenario, &Options { faults: 2, ..Options::default() });
        times.push((worked() - began, &scenario.id));
    }
    times.sort();
    let all: Duration = times.iter().map(|(time, _)| *time).sum();
    println!("all {} scenarios: {:.0} ms", times.len(), millis(all));
    times.iter().rev().take(3).for_each(|(time, id)| println!("{:8.0} {id}", millis(*time)));
}

fn outbox(messages: u32) -> Scenario {
    let mut scenario = catalogue::find("outbox-with-inbox").expect("a scenario").clone();
    let mut setup = (*scenario.setup).clone();
    setup.services[0].count = messages;
    scenario.setup = setup.into();
    scenario
}

fn whole(scenario: &Scenario, options: &Options) -> Found {
    let search = Search::new(scenario, options);
    let mut found = search.first().clone();
    (0..search.pieces()).for_each(|piece| found.merge(search.piece(piece, &mut || true)));
    found
}

fn ours(scenario: &Scenario, faults: u8, kinds: Kinds) {
    let began = worked();
    let found = whole(scenario, &Options { faults, kinds, ..Options::default() });
    let took = (worked() - began).as_secs_f64();
    let (placements, states) = (found.runs(), found.steps);
    println!(
        "{:8} {faults:6} {placements:10} {states:7} {:7.1} {:13.0} {:9.0}",
        scenario.setup.services[0].count,
        took * 1e3,
        placements as f64 / took,
        states as f64 / took
    );
}

fn theirs(model: Outbox) {
    let (messages, crashes) = (model.messages, model.crashes);
    // It works on a thread of its own: the time that passes.
    let began = Instant::now();
    let checker = model.checker().threads(1).spawn_bfs().join();
    let took = began.elapsed().as_secs_f64();
    checker.assert_properties();
    let (unique, generated) = (checker.unique_state_count(), checker.state_count());
    println!(
        "{messages:8} {crashes:7} {unique:10} {generated:10} {:7.1} {:9.0}",
        took * 1e3,
        unique as f64 / took
    );
}

/// What a state that is kept costs: a copy of the world and its ledger at each step of a run, whose history is
/// forgotten as the search forgets it.
fn memory(scenario: &Scenario) {
    let before = resident();
    let mut kept: Vec<Moment> = Vec::new();
    for _ in 0..50 {
        let mut moment = Moment::start(&scenario.setup, scenario.seed);
        moment.world.watch_everything();
        while moment.advance(&[]) {
            moment.world.forget_history();
            moment.world.take_passed();
            kept.push(moment.clone());
        }
    }
    if let (Some(before), Some(after)) = (before, resident()) {
        println!("kept: {} bytes a state, of {}", (after - before) / kept.len() as u64, kept.len());
    }
}

fn first_counterexample(scenario: &Scenario) {
    let began = worked();
    let promises = scenario.breaks.clone();
    let search = Search::new(scenario, &Options { promises, ..Options::default() });
    let broken = |found: &Found| {
        found.outcomes.iter().any(|it| it.runs > 0 && it.promise.when() != When::Sometimes)
    };
    let mut found = search.first().clone();
    for piece in 0..search.pieces() {
        if broken(&found) {
            break;
        }
        found.merge(search.piece(piece, &mut || true));
    }
    println!("{:8.2} {} ({} placements)", millis(worked() - began), scenario.id, found.runs());
    assert!(broken(&found));
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1e3
}

/// The bytes of memory that the process holds, where the system tells.
fn resident() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(statm.split_whitespace().nth(1)?.parse::<u64>().ok()? * 4096)
}

/// Time that this thread worked, where the system tells; else time that passed.
fn worked() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanos.map_or_else(passed, Duration::from_nanos)
}

fn passed() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}
