//! Does the model hold for worlds, faults and commands that nobody thought of? Native only: proptest draws them.
#![cfg(not(target_arch = "wasm32"))]

mod laws;
mod links;
mod recount;
mod routes;
mod worlds;

use brokerlab::broker::command::Placed;
use brokerlab::timeline::moment::Moment;
use brokerlab::timeline::run::Run;
use proptest::prelude::*;
use worlds::Case;

/// More steps than any of these small worlds needs, even if a message goes round for ever.
const MOST_STEPS: u32 = 300_000;

/// The run to its end, with `each` called after every step.
fn play(case: &Case, mut each: impl FnMut(&Moment)) -> Moment {
    let mut moment = Moment::start(&case.setup, case.seed);
    while moment.advance(&case.commands) {
        each(&moment);
        assert!(moment.step() < MOST_STEPS, "it does not come to an end");
    }
    moment
}

proptest! {
    #[test]
    fn every_run_ends_and_replays_to_the_same_fingerprint(case in worlds::case()) {
        let (one, two) = (play(&case, |_| ()), play(&case, |_| ()));
        prop_assert!(one.world.ended().is_some());
        prop_assert!(one.now() <= case.setup.limit);
        prop_assert_eq!(one.world.fingerprint(), two.world.fingerprint());
        prop_assert!(one.ledger == two.ledger);
    }

    #[test]
    fn seeking_a_step_equals_replaying_to_it(case in worlds::case(), steps in prop::collection::vec(any::<prop::sample::Index>(), 6)) {
        let mut run = Run::new(case.setup.clone(), case.seed, case.commands.clone());
        for step in steps {
            let step = step.index(run.end().step() as usize + 1) as u32;
            run.seek(step);
            let mut replayed = Moment::start(&case.setup, case.seed);
            while replayed.step() < step && replayed.advance(&case.commands) {}
            let (here, there) = (run.here(), &replayed);
            prop_assert_eq!(here.step(), step);
            prop_assert_eq!(format!("{:?}", here.world), format!("{:?}", there.world));
            prop_assert!(here.ledger == there.ledger);
        }
    }

    #[test]
    fn what_is_done_by_hand_and_taken_back_leaves_no_trace(case in worlds::case(), at in any::<prop::sample::Index>()) {
        let Some(last) = case.commands.last().copied() else { return Ok(()) };
        let mut run = Run::new(case.setup.clone(), case.seed, Vec::new());
        let untouched = run.end().world.fingerprint();
        run.seek(at.index(run.end().step() as usize) as u32);
        let moment = run.here().now();
        run.command(moment, last.command);
        run.switch(&[]);
        prop_assert_eq!(run.end().world.fingerprint(), untouched);
    }

    #[test]
    fn what_is_committed_survives_and_no_copy_is_in_two_places(case in worlds::case()) {
        let mut laws = laws::Laws::new(&case.setup);
        play(&case, |moment| laws.check(moment));
    }

    #[test]
    fn the_judge_counts_as_a_plain_recount_of_the_records_does(case in worlds::case()) {
        let end = play(&case, |_| ());
        recount::check(&case.setup, &end);
    }
}

/// Commands in a row, as a link would hold them.
fn placed(mut commands: Vec<Placed>) -> Vec<Placed> {
    commands.sort_by_key(|placed| placed.step);
    commands.dedup_by_key(|placed| placed.step);
    commands
}

#[test]
fn the_worlds_that_are_drawn_are_worth_it() {
    use brokerlab::broker::record::Kind;
    use brokerlab::broker::world::Ending;
    use brokerlab::check::finding::Verdict;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut found, mut quiet) = ([0; Verdict::ALL.len()], 0);
    let ways = [
        Kind::Subscribed,
        Kind::Filtered,
        Kind::Undeliverable,
        Kind::Diverted,
        Kind::Returned,
        Kind::Expired,
        Kind::Overflowed,
        Kind::TurnedAway,
        Kind::LimitReached,
        Kind::Spoiled,
        Kind::CallFailed,
        Kind::Answered,
    ];
    let mut seen = ways.map(|kind| (kind, 0));
    // Nothing is promised in time in them.
    let timed = |verdict: &Verdict| matches!(verdict, Verdict::Late | Verdict::Overdue);
    for _ in 0..400 {
        let case = worlds::case().new_tree(&mut runner).unwrap().current();
        let end = play(&case, |_| ());
        quiet += usize::from(end.world.ended() == Some(Ending::Quiet));
        for (kind, runs) in &mut seen {
            *runs += usize::from(end.world.history().iter().any(|record| record.kind == *kind));
        }
        for verdict in Verdict::ALL {
            found[verdict as usize] += usize::from(end.ledger.counts().of(verdict) > 0);
        }
    }
    let reached = Verdict::ALL.iter().filter(|it| !timed(it)).all(|&verdict| found[verdict as usize] > 3);
    assert!(seen.iter().all(|&(_, runs)| runs > 0), "in how many runs: {seen:?}");
    assert!(quiet > 100 && reached, "quiet {quiet}, verdicts {found:?}");
}
