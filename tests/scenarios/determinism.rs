//! Is a run a pure function of scenario, seed and commands, on every platform?

use super::world::{consumer, queue, service};
use brokerlab::broker::record::{Kind, NONE, Record};
use brokerlab::broker::setup::{Cast, Role, Setup, Target};
use brokerlab::broker::world::World;
use brokerlab::fault::plan::{Fault, Side, StepFault, Which};
use brokerlab::fault::point::ActorId;
use brokerlab::scenario::steps::steps_of;
use brokerlab::scenario::words::seed_words;
use brokerlab::scenario::{Scenario, catalogue};
use brokerlab::sim::digest::Digest;
use brokerlab::sim::time::{Instant, Span};
use std::fmt::Write;
use std::sync::Arc;
use wasm_bindgen_test::wasm_bindgen_test;

const GOLDEN: &str = include_str!("../golden/fingerprints.txt");

fn run(setup: &Arc<Setup>, seed: u64) -> World {
    let mut world = World::new(setup.clone(), seed);
    while world.step() {}
    world
}

/// The file as this platform would write it.
fn fingerprints() -> String {
    let mut text = String::from(
        "# One line a scenario: its seed, steps and fingerprint, and one digest over the fingerprints of the\n\
         # seeds 0 to 99. Every platform must come to the same. If a change of the model was meant:\n\
         # UPDATE_GOLDEN=1 cargo test --test scenarios\n",
    );
    for scenario in catalogue::scenarios() {
        let world = run(&scenario.setup, scenario.seed);
        let mut digest = Digest::default();
        (0..100).for_each(|seed| digest.word(run(&scenario.setup, seed).fingerprint()));
        let seed = seed_words(scenario.seed).unwrap_or_else(|| scenario.seed.to_string());
        let (steps, fingerprint, digest) = (world.steps(), world.fingerprint(), digest.value());
        let _ = writeln!(text, "{} {seed} {steps} {fingerprint:016x} {digest:016x}", scenario.id);
    }
    text
}

#[wasm_bindgen_test(unsupported = test)]
fn fingerprints_are_the_golden_ones() {
    let found = fingerprints();
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/fingerprints.txt");
        return std::fs::write(file, found).unwrap();
    }
    let mut golden = GOLDEN.lines();
    for line in found.lines() {
        assert_eq!(golden.next(), Some(line), "(found on the right; see tests/golden/fingerprints.txt)");
    }
    assert_eq!(golden.next(), None);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_same_scenario_and_seed_give_the_same_run_twice_and_another_seed_another() {
    for scenario in catalogue::scenarios() {
        let (one, two) = (run(&scenario.setup, 7), run(&scenario.setup, 7));
        assert!(one.history().iter().eq(two.history().iter()), "{}", scenario.id);
        assert_eq!(one.fingerprint(), two.fingerprint());
        assert_ne!(one.fingerprint(), run(&scenario.setup, 8).fingerprint(), "{}", scenario.id);
    }
}

/// The scenario with a shop of its own for its own guests, through the same broker.
fn with_strangers(scenario: &Scenario) -> Scenario {
    let mut setup = (*scenario.setup).clone();
    let place = setup.queues.len() as u8;
    setup.services.push(service("strangers", 2, &[Target::Queue(place)]));
    setup.queues.push(queue("for-strangers"));
    setup.consumers.push(consumer("stranger", place));
    setup.faults.clear();
    let extended = Scenario { setup: Arc::new(setup), ..scenario.clone() };
    // Their places in the cast have moved: the faults are found again by the names.
    extended.with_faults_of(scenario).unwrap()
}

/// What the party did and when, without the numbers that count across all parties.
fn doings(world: &World, name: &str) -> Vec<(Instant, Kind)> {
    let by = |record: &&Record| world.cast().name(record.actor) == name;
    world.history().iter().filter(by).map(|record| (record.at, record.kind)).collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn a_party_more_leaves_the_luck_of_all_others_alone() {
    for scenario in catalogue::scenarios() {
        let extended = with_strangers(scenario);
        for seed in [scenario.seed, 1, 2, 3] {
            let (alone, among) = (run(&scenario.setup, seed), run(&extended.setup, seed));
            assert!(among.history().len() > alone.history().len());
            for actor in &scenario.setup.cast().actors {
                if actor.role != Role::Broker {
                    let (before, after) = (doings(&alone, &actor.name), doings(&among, &actor.name));
                    assert_eq!(before, after, "{} of {} under seed {seed}", actor.name, scenario.id);
                }
            }
        }
    }
}

/// A crash in every step that any party of the scenario has.
fn crashes(setup: &Setup, cast: &Cast) -> Vec<Fault> {
    let actors = (0..cast.actors.len() as u8).map(ActorId);
    let steps =
        actors.flat_map(|actor| steps_of(cast.role(actor), setup).into_iter().map(move |s| (actor, s)));
    let fault = StepFault::Crash(Side::After, Some(Span::from_millis(700)));
    steps.map(|(actor, step)| Fault::AtStep { actor, step, which: Which::Nth(2), fault }).collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn a_fault_more_leaves_everything_before_it_as_it_was() {
    let mut struck = 0;
    for scenario in catalogue::scenarios() {
        let before = run(&scenario.setup, scenario.seed);
        let rule = scenario.setup.faults.len() as u16;
        for fault in crashes(&scenario.setup, before.cast()) {
            let mut setup = (*scenario.setup).clone();
            setup.faults.push(fault);
            let after = run(&Arc::new(setup), scenario.seed);
            let strikes = |record: &Record| record.kind == Kind::Struck && record.other == rule;
            let place = after.history().iter().position(strikes);
            struck += usize::from(place.is_some());
            let place = place.unwrap_or(before.history().len());
            let same = before.history().iter().zip(after.history().iter()).take(place);
            same.for_each(|(one, other)| assert_eq!(one, other, "{} with {fault:?}", scenario.id));
        }
    }
    assert!(struck > 50, "only {struck} of the faults struck");
}

#[wasm_bindgen_test(unsupported = test)]
fn every_cause_stands_before_its_effect() {
    for scenario in catalogue::scenarios() {
        let world = run(&scenario.setup, scenario.seed);
        for (place, record) in world.history().iter().enumerate() {
            let cause = world.history().get(record.cause);
            assert!(record.cause == NONE || record.cause < place as u32, "{}: {place}", scenario.id);
            assert!(cause.is_none_or(|cause| cause.at <= record.at), "{}: {place}", scenario.id);
        }
    }
}
