//! How fast does the search find failures, and how fast does another model checker? Placements and states a second, on
//! one thread, of the outbox with an inbox; the time to the first counterexample; every two faults of every scenario.
//! `cargo bench --package peers --bench explore`. The time is what the process worked, so that a neighbour on a shared
//! machine is not counted. docs/performance.md says what each of them counts.

mod model;
mod ours;

use brokerlab::check::promise::When;
use brokerlab::explore::{Found, Kinds, Options, Outcome};
use brokerlab::scenario::{Part, Scenario, catalogue};
use cpu_time::ProcessTime;
use model::Outbox;
use ours::{FAULTS, MESSAGES, first, whole, with_messages};
use stateright::{Checker, HasDiscoveries, Model};
use std::hint::black_box;
use std::time::Duration;

/// For how long something is done again and again.
const LONG_ENOUGH: Duration = Duration::from_millis(300);

fn main() {
    println!("Brokerlab, outbox-with-inbox; placements and states are counted, not unique ones");
    println!("messages faults kinds   placements    states       ms  placements/s   states/s");
    for kinds in ["crash", "all"] {
        for messages in MESSAGES {
            FAULTS.iter().for_each(|&faults| search(messages, faults, kinds));
        }
    }
    println!("\nstateright, breadth first, the outbox with an inbox without time, in every order");
    println!("messages crashes     unique  generated       ms   unique/s  generated/s");
    for messages in MESSAGES {
        FAULTS.iter().for_each(|&crashes| check(messages, crashes));
    }
    println!("\nThe outbox without an inbox, 6 messages: the first counterexample, ms");
    without_an_inbox();
    println!(
        "\nEvery naive scenario, every single fault until each promise that it is to break is broken, ms"
    );
    let naive = catalogue::scenarios().iter().filter(|scenario| scenario.part == Part::Naive);
    tell(naive.map(|scenario| (first_counterexample(scenario).0, &scenario.id)).collect(), usize::MAX);
    println!("\nEvery scenario, every two faults of every kind, ms");
    let all = catalogue::scenarios().iter();
    let both = |scenario| once(|| whole(scenario, &Options { faults: 2, ..Options::default() })).0;
    tell(all.map(|scenario| (both(scenario), &scenario.id)).collect(), 5);
}

fn search(messages: u8, faults: u8, named: &str) {
    let scenario = with_messages("outbox-with-inbox", messages);
    let kinds = if named == "all" { Kinds::ALL } else { Kinds::parse(named).expect("a kind") };
    let (took, found) = median(|| whole(&scenario, &Options { faults, kinds, ..Options::default() }));
    let (placements, states, seconds) = (found.runs(), found.steps, took.as_secs_f64());
    println!(
        "{messages:8} {faults:6} {named:5} {placements:12} {states:9} {:8.2} {:13.0} {:10.0}",
        millis(took),
        placements as f64 / seconds,
        states as f64 / seconds
    );
}

fn check(messages: u8, crashes: u8) {
    let outbox = Outbox { messages, crashes, inbox: true };
    let (took, (unique, generated)) = median(|| {
        let checker = outbox.clone().checker().threads(1).spawn_bfs().join();
        checker.assert_properties();
        (checker.unique_state_count(), checker.state_count())
    });
    let seconds = took.as_secs_f64();
    println!(
        "{messages:8} {crashes:7} {unique:10} {generated:10} {:8.2} {:10.0} {:12.0}",
        millis(took),
        unique as f64 / seconds,
        generated as f64 / seconds
    );
}

fn without_an_inbox() {
    let mut naive = with_messages("outbox-relay-crash", 6);
    naive.breaks.retain(|promise| promise.name() == "nothing-twice");
    let (ours, found) = first_counterexample(&naive);
    println!("{:8.2} Brokerlab, after {} placements", millis(ours), found.runs());
    let outbox = Outbox { messages: 6, crashes: 1, inbox: false };
    let asked = || outbox.clone().checker().threads(1).finish_when(HasDiscoveries::Any);
    let (theirs, path) = median(|| asked().spawn_bfs().join().assert_any_discovery("nothing-twice"));
    println!("{:8.2} stateright, breadth first, {} steps", millis(theirs), path.into_actions().len());
    let (theirs, path) = median(|| asked().spawn_dfs().join().assert_any_discovery("nothing-twice"));
    println!("{:8.2} stateright, depth first, {} steps", millis(theirs), path.into_actions().len());
}

/// Until every promise is broken that the scenario is there to break.
fn first_counterexample(scenario: &Scenario) -> (Duration, Found) {
    let promises = scenario.breaks.clone();
    let options = Options { promises, ..Options::default() };
    let broken = |outcome: &Outcome| outcome.runs > 0 && outcome.promise.when() != When::Sometimes;
    let enough = |found: &Found| found.outcomes.iter().all(broken);
    let (took, found) = median(|| first(scenario, &options, &enough));
    assert!(enough(&found), "{} does not break", scenario.id);
    (took, found)
}

/// The longest ones, and what they add up to.
fn tell(mut times: Vec<(Duration, &String)>, most: usize) {
    times.sort();
    times.iter().rev().take(most).for_each(|(time, id)| println!("{:8.2} {id}", millis(*time)));
    let all: Duration = times.iter().map(|(time, _)| *time).sum();
    println!("{:8.2} all {}", millis(all), times.len());
}

fn once<T>(work: impl Fn() -> T) -> (Duration, T) {
    let began = ProcessTime::now();
    let done = black_box(work());
    (began.elapsed(), done)
}

/// The median of several times, of short work of many.
fn median<T>(work: impl Fn() -> T) -> (Duration, T) {
    let (mut times, mut sum) = (Vec::new(), Duration::ZERO);
    loop {
        let (took, done) = once(&work);
        times.push(took);
        sum += took;
        if times.len() >= 5 && sum > LONG_ENOUGH {
            times.sort();
            return (times[times.len() / 2], done);
        }
    }
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1e3
}
