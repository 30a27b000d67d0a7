//! Does the search find every way to break a promise, and only those?

use super::world::{to_mail, with_database};
use brokerlab::broker::record::{Kind, Record};
use brokerlab::broker::setup::{Publishing, Service, Setup};
use brokerlab::check::promise::{Promise, When};
use brokerlab::explore::kinds::{DOWN, faults_at};
use brokerlab::explore::search::judged;
use brokerlab::explore::shares::Shares;
use brokerlab::explore::shrink::shrink;
use brokerlab::explore::table::Site;
use brokerlab::explore::{Found, Kinds, Options, Search, Standing, explore};
use brokerlab::fault::plan::{Fault, Outage, PacketFault, StepFault};
use brokerlab::scenario::spec::parse_fault;
use brokerlab::scenario::write::write_fault;
use brokerlab::scenario::{Part, Scenario, catalogue};
use brokerlab::sim::chance::SpanRange;
use brokerlab::sim::time::{Instant, Span};
use brokerlab::timeline::moment::Moment;
use brokerlab::timeline::run::Run;
use std::sync::Arc;
use wasm_bindgen_test::wasm_bindgen_test;

fn all_of_it(scenario: &Scenario, options: &Options) -> Found {
    explore(scenario, options, &mut || true)
}

fn up_to(faults: u8) -> Options {
    Options { faults, ..Options::default() }
}

fn crashes(faults: u8) -> Options {
    Options { faults, kinds: Kinds::parse("crash").unwrap(), ..Options::default() }
}

/// A scenario of a world made here, judged by everything that can break.
fn scenario_of(setup: Setup) -> Scenario {
    let keeps = Promise::ALL.into_iter().filter(|promise| promise.when() != When::Sometimes).collect();
    let model = catalogue::find("queue-competing-consumers").unwrap().clone();
    Scenario { setup: Arc::new(setup), keeps, breaks: Vec::new(), reaches: Vec::new(), ..model }
}

/// The places that a run passes, asked of the world itself, and the faults that mean something there.
fn faults_in(scenario: &Scenario, laid: &[Fault]) -> Vec<Fault> {
    let mut setup = (*scenario.setup).clone();
    setup.faults = laid.to_vec();
    let mut moment = Moment::start(&Arc::new(setup), scenario.seed);
    moment.world.watch_everything();
    let mut faults = Vec::new();
    while moment.advance(&[]) {
        let places = moment.world.take_passed();
        faults.extend(places.into_iter().flat_map(|place| faults_at(place, Kinds::ALL, DOWN)));
    }
    faults
}

fn run_with(scenario: &Scenario, faults: &[Fault]) -> Run {
    let mut setup = (*scenario.setup).clone();
    setup.faults = faults.to_vec();
    Run::new(Arc::new(setup), scenario.seed, Vec::new())
}

#[wasm_bindgen_test(unsupported = test)]
fn it_finds_what_a_run_from_the_start_for_each_placement_finds() {
    for setup in [to_mail(3), with_database(Publishing::AfterCommit, 2), with_database(Publishing::Outbox, 2)]
    {
        let scenario = scenario_of(setup);
        let found = all_of_it(&scenario, &up_to(1));
        let placements = faults_in(&scenario, &[]);
        assert_eq!(found.placements, [1, placements.len() as u64, 0, 0]);
        for outcome in &found.outcomes {
            let breaks = |fault: &&Fault| {
                let run = run_with(&scenario, &[**fault]);
                outcome.promise.state(&run.end().ledger).broken.is_some()
            };
            let broken = placements.iter().filter(breaks).count() as u64;
            assert_eq!(outcome.runs, broken, "{}", outcome.promise.name());
        }
        assert!(found.outcomes.iter().any(|outcome| outcome.runs > 0), "something can break");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn pairs_are_tried_at_every_place_that_the_run_with_the_first_fault_passes() {
    let scenario = scenario_of(with_database(Publishing::AfterCommit, 1));
    let found = all_of_it(&scenario, &up_to(2));
    for outcome in found.outcomes.iter().filter(|outcome| outcome.runs > 0) {
        // Whatever a pair breaks, the search has broken too; it passes each pair in one order only.
        let mut breaking: Vec<[String; 2]> = Vec::new();
        for one in faults_in(&scenario, &[]) {
            for two in faults_in(&scenario, &[one]) {
                let run = run_with(&scenario, &[one, two]);
                if outcome.promise.state(&run.end().ledger).broken.is_some() {
                    breaking.push([format!("{one:?}"), format!("{two:?}")]);
                }
            }
        }
        let singles = all_of_it(&scenario, &Options { promises: vec![outcome.promise], ..up_to(1) });
        let pairs = outcome.runs - singles.outcomes[0].runs;
        assert!(pairs > 0 && pairs <= breaking.len() as u64, "{}: {pairs}", outcome.promise.name());
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_counterexample_is_the_run_with_these_faults_laid_beforehand() {
    for scenario in catalogue::scenarios() {
        let found = all_of_it(scenario, &up_to(1));
        for outcome in &found.outcomes {
            let Some(example) = &outcome.shortest else { continue };
            let run = run_with(scenario, &example.faults);
            let breach = outcome.promise.state(&run.end().ledger).broken;
            let breach = breach.map(|breach| (breach.step, breach.at));
            assert_eq!(breach, Some((example.step, example.at)), "{}", scenario.id);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_naive_scenario_of_one_fault_breaks_by_one_fault_and_the_smallest_run_still_does() {
    let by_one = |scenario: &&Scenario| match scenario.setup.faults[..] {
        [Fault::AtStep { fault, .. }] => !matches!(fault, StepFault::Slow(_)),
        _ => false,
    };
    for (scenario, _) in pairs().filter(|(naive, _)| by_one(naive)) {
        let found = all_of_it(scenario, &Options { promises: scenario.breaks.clone(), ..up_to(1) });
        for outcome in found.outcomes {
            let name = outcome.promise.name();
            let example = outcome.shortest.unwrap_or_else(|| panic!("{}: {name} holds", scenario.id));
            let (small, shrunk) = shrink(scenario, false, outcome.promise, &example);
            assert!(example.faults.len() <= 1);
            assert_eq!(small.setup.faults, shrunk.faults);
            let run = Run::new(small.setup.clone(), small.seed, Vec::new());
            assert!(outcome.promise.state(&run.end().ledger).broken.is_some(), "{}: {name}", scenario.id);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_repairs_a_crash_or_an_outage_keeps_its_promises_whatever_two_parties_crash() {
    let by_crash = |fault: &Fault| {
        let alone = matches!(fault, Fault::During { outage: Outage::Subscription { .. }, .. });
        matches!(fault, Fault::During { .. } | Fault::AtStep { fault: StepFault::Crash(..), .. }) && !alone
    };
    // Who commits and sends by itself can crash in between: no retry and no dead letter mends that (R165, R168).
    let by_itself = |scenario: &&Scenario| {
        scenario.setup.services.iter().any(|service| service.has_database() && service.sends_itself())
    };
    for (naive, repaired) in pairs().filter(|(_, repaired)| !by_itself(repaired)) {
        if !naive.setup.faults.is_empty() && naive.setup.faults.iter().all(by_crash) {
            let found = all_of_it(repaired, &Options { promises: naive.breaks.clone(), ..crashes(2) });
            for outcome in found.outcomes {
                assert_eq!(outcome.shortest, None, "{} of {}", outcome.promise.name(), repaired.id);
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_repairs_a_step_that_fails_keeps_its_promises_wherever_it_fails() {
    for (naive, repaired) in pairs() {
        let sites: Vec<Site> = naive.setup.faults.iter().filter_map(Site::of).collect();
        let same = |fault: &Fault| Site::of(fault).is_some_and(|site| sites.contains(&site));
        for one in faults_in(repaired, &[]).into_iter().filter(same) {
            for two in faults_in(repaired, &[one]).into_iter().filter(same) {
                let run = run_with(repaired, &[one, two]);
                for promise in &naive.breaks {
                    let state = promise.state(&run.end().ledger);
                    assert_eq!(state.broken, None, "{} of {}: {one:?}, {two:?}", promise.name(), repaired.id);
                }
            }
        }
    }
}

/// Every naive scenario with the one that repairs it.
fn pairs() -> impl Iterator<Item = (&'static Scenario, &'static Scenario)> {
    let naive = catalogue::scenarios().iter().filter(|scenario| scenario.part == Part::Naive);
    naive.filter_map(|naive| Some((naive, catalogue::find(naive.counterpart.as_deref()?).ok()?)))
}

#[wasm_bindgen_test(unsupported = test)]
fn shares_put_together_are_the_whole_whatever_their_number_and_order() {
    let scenario = catalogue::find("outbox-relay-crash").unwrap();
    let whole = all_of_it(scenario, &crashes(2));
    for shares in [2, 3, 7] {
        let share = |index| all_of_it(scenario, &Options { shard: (index, shares), ..crashes(2) });
        let mut merged = share(shares - 1);
        (0..shares - 1).for_each(|index| merged.merge(share(index)));
        assert_eq!(merged, whole, "{shares} shares");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_search_made_bit_by_bit_ends_with_the_whole() {
    let scenario = catalogue::find("dual-write-lost").unwrap();
    let mut shares = Shares::new(scenario, &crashes(2));
    let mut parts = Vec::new();
    let mut bits = Vec::new();
    while let Some(found) = shares.next() {
        parts.push(shares.permille());
        bits.push(found);
    }
    assert!(parts.is_sorted() && parts.last() == Some(&1_000), "{parts:?}");
    assert!(bits.iter().rev().skip(1).all(|found| found.cut_off));
    assert_eq!(bits.last(), Some(&all_of_it(scenario, &crashes(2))));
}

/// The same, but for how much had to be done for it.
fn without_the_work(found: Found) -> Found {
    Found { steps: 0, pruned: 0, ..found }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_same_is_found_whether_or_not_a_run_ends_where_it_comes_to_a_state_that_is_known() {
    let mut pruned = 0;
    for scenario in catalogue::scenarios() {
        // Twins and losses leave the run as it was most often.
        let kinds = Kinds::parse("double,lose").unwrap();
        let options = Options { kinds, own_faults: true, ..up_to(2) };
        let short = all_of_it(scenario, &options);
        let long = all_of_it(scenario, &Options { prunes: false, ..options });
        assert!(short.steps <= long.steps && long.pruned == 0, "{}", scenario.id);
        pruned += short.pruned;
        assert_eq!(without_the_work(short), without_the_work(long), "{}", scenario.id);
    }
    assert!(pruned > 100, "only {pruned} trees were known");
}

#[wasm_bindgen_test(unsupported = test)]
fn three_faults_are_found_alike_with_and_without_what_is_known() {
    let scenario = scenario_of(with_database(Publishing::AfterCommit, 1));
    let short = all_of_it(&scenario, &up_to(3));
    let long = all_of_it(&scenario, &Options { prunes: false, ..up_to(3) });
    assert!(short.pruned > 0 && short.placements[3] > 1_000);
    assert_eq!(without_the_work(short), without_the_work(long));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_promise_that_nothing_puts_to_the_test_is_never_reached() {
    let scenario = scenario_of(to_mail(2));
    let standing = |options: &Options, promise| {
        let found = all_of_it(&scenario, &Options { promises: vec![promise], ..options.clone() });
        found.outcomes[0].standing()
    };
    let lose = Options { kinds: Kinds::parse("lose").unwrap(), ..up_to(1) };
    // A plain producer has no transaction that could be rolled back, and one message for each unit of work.
    assert_eq!(standing(&up_to(1), Promise::NoGhost), Standing::NeverReached);
    assert_eq!(standing(&up_to(1), Promise::AllOrNone), Standing::NeverReached);
    assert_eq!(standing(&up_to(1), Promise::NothingLost), Standing::SometimesBroken);
    assert_eq!(standing(&up_to(1), Promise::InOrder), Standing::AlwaysKept);
    assert_eq!(standing(&lose, Promise::ACrash), Standing::NeverReached);
    assert_eq!(standing(&up_to(1), Promise::ACrash), Standing::Reached);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_pieces_of_a_search_can_be_done_in_any_order() {
    let scenario = catalogue::find("outbox-relay-crash").unwrap();
    let search = Search::new(scenario, &crashes(2));
    let mut found = search.first().clone();
    (0..search.pieces()).rev().for_each(|piece| found.merge(search.piece(piece, &mut || true)));
    assert_eq!(found, all_of_it(scenario, &crashes(2)));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_search_that_was_stopped_while_it_began_knows_less_beforehand_and_finds_the_same() {
    let scenario = catalogue::find("outbox-relay-crash").unwrap();
    let options = Options { kinds: Kinds::parse("double,lose").unwrap(), ..up_to(2) };
    let search = Search::begin(scenario, &options, &mut || false);
    let mut found = search.first().clone();
    (0..search.pieces()).for_each(|piece| found.merge(search.piece(piece, &mut || true)));
    let whole = all_of_it(scenario, &options);
    assert!(found.steps > whole.steps, "{} and {}", found.steps, whole.steps);
    assert_eq!(without_the_work(found), without_the_work(whole));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_search_that_is_stopped_says_so_and_keeps_what_it_has() {
    let scenario = catalogue::find("dual-write-lost").unwrap();
    let mut left = 5;
    let found = explore(scenario, &up_to(1), &mut || {
        left -= 1;
        left > 0
    });
    assert!(found.cut_off);
    assert_eq!(found.runs(), 6, "five, and the one without a fault");
    assert!(!all_of_it(scenario, &up_to(1)).cut_off);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_promises_of_the_scenario_are_judged_unless_others_are_asked_for() {
    let scenario = catalogue::find("dual-write-lost").unwrap();
    let all: Vec<Promise> = scenario.promises().map(|(promise, _)| promise).collect();
    assert_eq!(judged(scenario, &Options::default()), all);
    let one = Options { promises: vec![Promise::NoGhost], ..Options::default() };
    assert_eq!(judged(scenario, &one), [Promise::NoGhost]);
    let often = Options { promises: vec![Promise::NoGhost; 65], ..Options::default() };
    assert_eq!(all_of_it(scenario, &often).outcomes, all_of_it(scenario, &one).outcomes, "each once");
}

/// Two services at one queue, whose messages come at about the same time on wires that take 10 to 50 ms each.
fn neck_and_neck() -> Scenario {
    let mut setup = to_mail(2);
    let latency = SpanRange { min: Span::from_millis(10), max: Span::from_millis(50) };
    setup.services.push(Service { name: "returns".to_owned(), ..setup.services[0].clone() });
    for service in &mut setup.services {
        service.latency = latency;
    }
    setup.consumers[0].latency = latency;
    scenario_of(setup)
}

#[wasm_bindgen_test(unsupported = test)]
fn other_orders_are_slow_and_quick_packets_that_replay_and_none_is_slower_than_its_wire_allows() {
    let scenario = neck_and_neck();
    let options =
        Options { kinds: Kinds::NONE, schedules: true, promises: vec![Promise::AnEffect], ..up_to(1) };
    let found = all_of_it(&scenario, &options);
    assert!(found.placements[1] > 5 && !found.cut_off, "{:?}", found.placements);
    assert_eq!(found.outcomes[0].runs, found.runs(), "every order comes to an effect");
    // An order that breaks a promise: what is in time only if no wire is slow.
    let run = run_with(&scenario, &[]);
    let done = run.end().ledger.ended().unwrap().at;
    let mut setup = (*scenario.setup).clone();
    let last = |run: &Run| {
        let applied = |record: &&Record| record.kind == Kind::Applied;
        run.end().world.history().iter().rfind(applied).map_or(done, |record| record.at)
    };
    let first = |run: &Run| {
        let taken = |record: &&Record| record.kind == Kind::Produced;
        run.end().world.history().iter().find(taken).map_or(done, |record| record.at)
    };
    setup.bounds.done = Some(last(&run).since(first(&run)));
    let scenario = scenario_of(setup);
    let options = Options { promises: vec![Promise::DoneInTime], ..options };
    let found = all_of_it(&scenario, &options);
    let example = found.outcomes[0].shortest.as_ref().expect("a slow wire makes it late");
    for fault in &example.faults {
        let Fault::OnPacket { fault: PacketFault::Lag(by), .. } = fault else { panic!("{fault:?}") };
        assert!(*by <= Span::from_millis(40), "{by}");
    }
    let run = run_with(&scenario, &example.faults);
    let breach = Promise::DoneInTime.state(&run.end().ledger).broken.map(|breach| (breach.step, breach.at));
    assert_eq!(breach, Some((example.step, example.at)));
}

#[wasm_bindgen_test(unsupported = test)]
fn an_order_that_a_quicker_packet_makes_is_found_and_replays_from_its_text() {
    // Two workers at one queue: the second message is done first if its delivery is the quicker one.
    let mut setup = to_mail(2);
    setup.services[0].every = SpanRange::exactly(Span::from_millis(5));
    setup.consumers[0].workers = 2;
    setup.consumers[0].latency = SpanRange { min: Span::from_millis(10), max: Span::from_millis(50) };
    let options =
        Options { kinds: Kinds::NONE, schedules: true, promises: vec![Promise::InOrder], ..up_to(1) };
    let mut hurried = 0;
    for seed in 1..=6 {
        let scenario = Scenario { seed, ..scenario_of(setup.clone()) };
        let found = all_of_it(&scenario, &options);
        assert!(!found.cut_off, "seed {seed}: {found:?}");
        let Some(example) = found.outcomes[0].shortest.as_ref() else { continue };
        let cast = setup.cast();
        let texts: Vec<String> = example.faults.iter().map(|fault| write_fault(fault, &cast)).collect();
        hurried += usize::from(texts.iter().any(|text| text.starts_with("hurry delivery mail-2 #1 by ")));
        let read = |text: &String| parse_fault(text, &cast, &setup).unwrap();
        let run = run_with(&scenario, &texts.iter().map(read).collect::<Vec<_>>());
        let breach = Promise::InOrder.state(&run.end().ledger).broken.map(|breach| (breach.step, breach.at));
        assert_eq!(breach, Some((example.step, example.at)), "seed {seed}: {texts:?}");
    }
    assert!(hurried > 0, "the seeds are all too quick");
}

#[wasm_bindgen_test(unsupported = test)]
fn of_a_run_too_long_to_keep_every_moment_some_orders_are_left_out_and_the_search_says_so() {
    let options = Options { kinds: Kinds::NONE, schedules: true, ..up_to(1) };
    let first_pieces = |orders| {
        let search = Search::new(&scenario_of(to_mail(orders)), &options);
        (search.pieces(), (0..10).any(|piece| search.piece(piece, &mut || true).cut_off))
    };
    let (steps, cut_off) = first_pieces(5);
    assert!(steps < 2_048 && !cut_off, "{steps} steps");
    let (steps, cut_off) = first_pieces(500);
    assert!(steps > 2_048 && cut_off, "{steps} steps");
}

#[wasm_bindgen_test(unsupported = test)]
fn how_far_a_search_is_can_be_told_of_a_very_long_run() {
    let mut setup = to_mail(15_000);
    setup.limit = Instant::START + Span::MAX_NAMED;
    let search = Search::new(&scenario_of(setup), &Options { prunes: false, ..up_to(3) });
    assert!(search.pieces() > 93_000, "{} steps", search.pieces());
    let all = (0..search.pieces()).map(|piece| search.weight(piece)).try_fold(0, u64::checked_add);
    assert!(all.is_some(), "the weights add up");
    assert!(search.weight(0) > search.weight(search.pieces() - 1));
}

#[wasm_bindgen_test(unsupported = test)]
fn no_packet_overtakes_another_on_its_own_wire() {
    // One publisher, one wire: whatever is slow, its messages come in the order in which they were sent.
    let mut setup = to_mail(4);
    setup.services[0].latency = SpanRange { min: Span::from_millis(10), max: Span::from_millis(500) };
    setup.services[0].every = SpanRange::exactly(Span::from_millis(5));
    let options =
        Options { kinds: Kinds::NONE, schedules: true, promises: vec![Promise::InOrder], ..up_to(2) };
    let found = all_of_it(&scenario_of(setup), &options);
    assert!(found.placements[2] > 10, "{:?}", found.placements);
    assert_eq!(found.outcomes[0].standing(), Standing::AlwaysKept);
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_merged_from_files_with_any_numbers_in_them_never_comes_to_less() {
    let scenario = catalogue::find("dual-write-lost").unwrap();
    let found = all_of_it(scenario, &up_to(1));
    let mut huge = found.clone();
    (huge.placements[1], huge.steps, huge.pruned) = (u64::MAX, u64::MAX, u64::MAX);
    huge.outcomes.iter_mut().for_each(|outcome| (outcome.runs, outcome.tested) = (u64::MAX, u64::MAX));
    huge.rows.values_mut().for_each(|row| (row.tried, row.found) = (u32::MAX, [u32::MAX; _]));
    let mut sum = found.clone();
    sum.merge(huge.clone());
    assert_eq!((sum.runs(), sum.steps, sum.pruned), (u64::MAX, u64::MAX, u64::MAX));
    assert!(sum.outcomes.iter().all(|outcome| outcome.runs == u64::MAX && outcome.tested == u64::MAX));
    assert_eq!(sum.rows.values().map(|row| (row.tried, row.found[0])).min(), Some((u32::MAX, u32::MAX)));
}
