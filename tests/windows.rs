//! Where does each pattern fail, and what does it keep? `docs/failure-windows.md` is written from the search itself:
//! `UPDATE_EXPECT=1 cargo test --test windows`. Native only: it reads and writes files.
#![cfg(not(target_arch = "wasm32"))]

use brokerlab::check::promise::{Promise, When};
use brokerlab::explore::{Counterexample, Found, Kinds, Options, Outcome, Standing, explore, table};
use brokerlab::scenario::write::write_fault;
use brokerlab::scenario::{Part, Scenario, catalogue};
use expect_test::expect_file;
use std::fmt::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the head of a file says of a message that cannot be decoded, where there are no dead letters.
const UNREADABLE: &str = "a message that the consumer cannot read";

/// What is searched of each scenario.
struct Searched {
    scenario: &'static Scenario,
    /// Every single fault of every kind.
    single: Found,
    /// Every two crashes.
    crashes: Found,
    /// Every two faults of every kind.
    two: Found,
}

/// Every scenario, searched once for all the tests here.
fn searched() -> &'static [Searched] {
    static SEARCHED: OnceLock<Vec<Searched>> = OnceLock::new();
    SEARCHED.get_or_init(|| {
        let scenarios = catalogue::scenarios();
        let next = AtomicUsize::new(0);
        let some = || {
            let mut done = Vec::new();
            while let Some((at, scenario)) =
                Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, scenarios.get(at)?)))
            {
                let crash = Kinds::parse("crash").unwrap();
                let single = all_of_it(scenario, &Options::default());
                let crashes = all_of_it(scenario, &Options { faults: 2, kinds: crash, ..Options::default() });
                let two = all_of_it(scenario, &Options { faults: 2, ..Options::default() });
                done.push((at, Searched { scenario, single, crashes, two }));
            }
            done
        };
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
        let mut all = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(some)).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        all.sort_by_key(|(at, _)| *at);
        all.into_iter().map(|(_, searched)| searched).collect()
    })
}

fn all_of_it(scenario: &Scenario, options: &Options) -> Found {
    explore(scenario, options, &mut || true)
}

fn of(found: &Found, promise: Promise) -> &Outcome {
    found.outcomes.iter().find(|outcome| outcome.promise == promise).unwrap()
}

/// What the scenario's file says in its head that it does not mend.
fn not_mended(scenario: &Scenario) -> Option<String> {
    let path = format!("{}/scenarios/{}.toml", env!("CARGO_MANIFEST_DIR"), scenario.id);
    let text = std::fs::read_to_string(path).unwrap();
    let head = text.lines().map_while(|line| line.strip_prefix('#'));
    let said = head.skip_while(|line| !line.starts_with(" What it does not mend:")).collect::<String>();
    (!said.is_empty()).then(|| said.trim().to_owned())
}

/// The naive scenarios that it repairs, with the promises that they break.
fn repairs(scenario: &Scenario) -> Vec<(&'static str, Promise)> {
    let naive = catalogue::scenarios().iter().filter(|naive| naive.part == Part::Naive);
    naive
        .filter(|naive| naive.counterpart.as_deref() == Some(&scenario.id))
        .flat_map(|naive| naive.breaks.iter().map(|&promise| (naive.id.as_str(), promise)))
        .collect()
}

fn is_kept(outcome: &Outcome) -> bool {
    outcome.standing() == Standing::AlwaysKept
}

fn page() -> String {
    let mut text = String::from(
        "# Failure windows\n\n\
        Where does each pattern of the catalogue fail? Nobody claims it here: `brokerlab explore` has tried every placement. \
        A party crashes before and after each of its steps and is down for a second, each step that can fail does, each \
        packet is lost, and doubled. The faults of the scenario itself are left out.\n\n\
        For each promise: what any single fault does to it, what any two crashes do, one after the other or both at once, \
        and what any two faults do, of whatever kinds. *Always kept* means that no placement broke it though some put it \
        to the test; *never reached* that none did; else the shortest way to break it stands there, to be pasted after \
        `brokerlab run NAME --no-own-faults --fault`; *as by one* says that it takes no two. The \
        table then says of each place in how many of its occurrences a single fault does harm. A message that cannot be \
        read (`fail … receive`) is thrown away where there are no dead letters: hardly a scenario of ours has any, so it \
        is the one fault that loses something nearly everywhere.\n\n\
        This page is written by `UPDATE_EXPECT=1 cargo test --test windows`, and that test keeps it true.\n",
    );
    let mut group = "";
    for searched in searched() {
        let scenario = searched.scenario;
        if scenario.group != group {
            group = &scenario.group;
            let _ = write!(text, "\n## {group}\n");
        }
        text.push_str(&section(searched));
    }
    text
}

fn section(searched: &Searched) -> String {
    let Searched { scenario, single, crashes, two } = searched;
    let mut text = format!("\n### {}\n\n`{}`", scenario.title, scenario.id);
    if let (Part::Naive, Some(other)) = (scenario.part, &scenario.counterpart) {
        let _ = write!(text, ", naive; `{other}` repairs it");
    }
    let (ones, crashes_tried, twos) = (single.placements[1], crashes.runs() - 1, two.runs() - 1);
    let _ = writeln!(text, ": {ones}, {crashes_tried} and {twos} placements.\n");
    text.push_str(
        "| promise | any one fault | any two crashes | any two faults |\n| --- | --- | --- | --- |\n",
    );
    for outcome in single.outcomes.iter().filter(|outcome| outcome.promise.when() != When::Sometimes) {
        let promise = outcome.promise;
        let sentence = promise.sentence(scenario.setup.noun());
        let [one, crashing, both] =
            [outcome, of(crashes, promise), of(two, promise)].map(|it| cell(scenario, it));
        let both = if one == both && outcome.runs > 0 { "as by one" } else { &both };
        let _ = writeln!(text, "| {sentence} (`{}`) | {one} | {crashing} | {both} |", promise.name());
    }
    for (naive, promise) in repairs(scenario) {
        let kept = match (is_kept(of(two, promise)), is_kept(of(crashes, promise))) {
            (true, _) => "always kept, whatever two faults there are",
            (false, true) => "always kept, whatever two crash, but not whatever two faults there are",
            (false, false) => "not always",
        };
        let _ = write!(text, "\nRepairs `{}` of `{naive}`: {kept}.", promise.name());
    }
    if !repairs(scenario).is_empty() {
        text.push('\n');
    }
    if let Some(said) = not_mended(scenario) {
        let _ = writeln!(text, "\n{said}");
    }
    text.push('\n');
    text.push_str(&table::markdown(scenario, single));
    text
}

fn cell(scenario: &Scenario, outcome: &Outcome) -> String {
    let Some(Counterexample { faults, .. }) = &outcome.shortest else {
        return outcome.standing().name().to_owned();
    };
    let cast = scenario.setup.cast();
    let ways: Vec<String> = faults.iter().map(|fault| format!("`{}`", write_fault(fault, &cast))).collect();
    if ways.is_empty() { "broken without a fault".to_owned() } else { format!("broken: {}", ways.join(", ")) }
}

#[test]
fn the_page_of_the_windows_is_what_the_search_finds() {
    expect_file!["../docs/failure-windows.md"].assert_eq(&page());
}

#[test]
fn every_naive_pattern_breaks_by_one_fault_at_most() {
    for Searched { scenario, single, .. } in searched() {
        for &promise in scenario.breaks.iter().filter(|_| scenario.part == Part::Naive) {
            let standing = of(single, promise).standing();
            assert_eq!(standing, Standing::SometimesBroken, "{} of {}", promise.name(), scenario.id);
        }
    }
}

#[test]
fn what_a_pattern_repairs_it_keeps_whatever_two_faults_or_its_file_says_that_it_does_not() {
    for Searched { scenario, two, .. } in searched() {
        let repairs = repairs(scenario);
        let broken: Vec<_> = repairs.iter().filter(|(_, promise)| !is_kept(of(two, *promise))).collect();
        let said = not_mended(scenario);
        assert!(!two.cut_off, "{}", scenario.id);
        assert_eq!(
            broken.is_empty(),
            said.is_none(),
            "{}: {broken:?}, and its file says {said:?}",
            scenario.id
        );
    }
}

#[test]
fn what_is_only_broken_by_a_message_that_cannot_be_read_is_kept_whatever_two_crash_are_lost_or_come_twice() {
    let mut seen = 0;
    for Searched { scenario, .. } in searched() {
        if not_mended(scenario).is_some_and(|said| said.contains(UNREADABLE)) {
            let kinds = Kinds::parse("crash,lose,double").unwrap();
            let found = all_of_it(scenario, &Options { faults: 2, kinds, ..Options::default() });
            for (_, promise) in repairs(scenario) {
                assert!(is_kept(of(&found, promise)), "{} of {}", promise.name(), scenario.id);
                seen += 1;
            }
        }
    }
    assert!(seen > 5, "only {seen}");
}

#[test]
fn an_outbox_with_an_inbox_loses_nothing_haunts_nobody_and_does_nothing_twice_whatever_two_crash() {
    let with_inbox = searched().iter().find(|searched| searched.scenario.id == "outbox-with-inbox").unwrap();
    for promise in [Promise::NothingTwice, Promise::NoGhost] {
        assert!(is_kept(of(&with_inbox.two, promise)), "{} whatever two faults", promise.name());
    }
    for promise in [Promise::NothingLost, Promise::NothingTwice, Promise::NoGhost, Promise::EverythingArrives]
    {
        assert!(is_kept(of(&with_inbox.crashes, promise)), "{}", promise.name());
    }
    assert!(!with_inbox.crashes.cut_off);
}
