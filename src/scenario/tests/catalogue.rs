//! Is every file of the catalogue right, and does it fit its counterpart?

use crate::check::measures::Measure;
use crate::scenario::{Part, Scenario, catalogue, prepared};

#[test]
fn every_file_can_be_read() {
    for entry in catalogue::all() {
        if let Err(problems) = Scenario::read(entry.id, entry.text) {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("scenarios/{}.toml:\n{}", entry.id, problems.join("\n"));
        }
    }
    assert_eq!(catalogue::scenarios().len(), catalogue::all().len());
}

#[test]
fn every_file_says_what_it_shows_and_promises_something() {
    for scenario in catalogue::scenarios() {
        let id = &scenario.id;
        assert!(scenario.title.len() <= 60, "{id}: a long title");
        assert!(scenario.shows.ends_with('.'), "{id}: `shows` is not a sentence");
        assert!(!scenario.reaches.is_empty(), "{id}: nothing shows that it reaches what it is about");
        match scenario.part {
            Part::Naive => assert!(!scenario.breaks.is_empty(), "{id} is naive and breaks nothing"),
            Part::Repaired => assert!(scenario.breaks.is_empty() && !scenario.keeps.is_empty(), "{id}"),
            // It may show what is accepted: a loss that does not matter.
            Part::Plain => assert!(!scenario.keeps.is_empty(), "{id}"),
        }
        let units: u32 = scenario.setup.services.iter().map(|service| service.count).sum();
        // What is about a heap of work needs a heap.
        let heap = matches!(scenario.measure, Some(Measure::Makespan | Measure::Backlog));
        let most = if heap { 10 } else { 6 };
        assert!((4..=most).contains(&units), "{id}: {units} units of work are too few or too many to follow");
    }
}

#[test]
fn a_naive_scenario_and_its_repair_differ_and_both_understand_the_faults() {
    for scenario in catalogue::scenarios() {
        let Some(other) = &scenario.counterpart else {
            assert_eq!(scenario.part, Part::Plain, "{} has no counterpart", scenario.id);
            continue;
        };
        let other = catalogue::find(other).unwrap();
        assert_ne!(scenario.part, other.part, "{} and {}", scenario.id, other.id);
        let repaired = other.with_faults_of(scenario).unwrap();
        assert_eq!(repaired.seed, scenario.seed);
        assert_eq!(repaired.setup.faults.len(), scenario.setup.faults.len());
        if scenario.part == Part::Naive {
            // What the naive one breaks, the repaired one must promise.
            for promise in &scenario.breaks {
                assert!(repaired.keeps.contains(promise), "{} does not repair {}", other.id, scenario.id);
            }
        } else {
            assert_eq!((repaired.seed, &repaired.setup.faults), (other.seed, &other.setup.faults));
        }
    }
}

#[test]
fn a_misspelt_scenario_is_found_nearly() {
    let wrong = |id| catalogue::find(id).unwrap_err();
    assert_eq!(
        wrong("dual-write-gost"),
        "there is no scenario `dual-write-gost`; did you mean `dual-write-ghost`?"
    );
    assert!(wrong("chess").starts_with("there is no scenario `chess` among the "));
}

#[test]
fn the_prepared_catalogue_is_the_one_that_the_files_say() {
    let packed = prepared::pack(catalogue::scenarios());
    assert_eq!(prepared::unpack(&packed).as_deref(), Ok(catalogue::scenarios()));
}

#[test]
fn what_was_not_prepared_is_refused_with_a_sentence() {
    let whole = prepared::pack(&catalogue::scenarios()[..2]);
    for cut in 0..whole.len() {
        assert!(prepared::unpack(&whole[..cut]).is_err(), "cut at {cut}");
        let mut damaged = whole.clone();
        damaged[cut] ^= 1;
        let what = prepared::unpack(&damaged).expect_err("it is damaged");
        assert!(what.contains("no prepared scenario"), "{what}");
    }
}

#[test]
fn what_an_operator_does_is_done_in_the_counterpart_wherever_it_means_something() {
    let redriven = catalogue::find("dead-letter-redrive").expect("a scenario of the catalogue");
    let mut setup = (*redriven.setup).clone();
    setup.operator.clear();
    let idle = Scenario { setup: setup.into(), ..redriven.clone() };
    let acts = |scenario: &Scenario, of: &Scenario| {
        scenario.with_faults_of(of).expect("the same parties").setup.operator.clone()
    };
    assert!(!redriven.setup.operator.is_empty());
    assert_eq!(acts(&idle, redriven), redriven.setup.operator);
    assert_eq!(acts(redriven, &idle), [], "who does nothing there does nothing here");
    let parked = catalogue::find("sender-dead-letter").expect("a scenario of the catalogue");
    let plain = catalogue::find("retry-none").expect("a scenario of the catalogue");
    assert_eq!(acts(parked, plain), parked.setup.operator, "what can only be done here is done all the same");
}
