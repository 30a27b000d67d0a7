//! What was tried stays: branches from the past, what stands beside, where two runs part, where it is worth stopping.

use super::time_travel::assert_same;
use brokerlab::broker::command::Command;
use brokerlab::broker::record::Kind;
use brokerlab::check::promise::Promise;
use brokerlab::scenario::catalogue;
use brokerlab::scenario::spec::parse_command;
use brokerlab::sim::time::{Instant, Span};
use brokerlab::timeline::beside::Against;
use brokerlab::timeline::branches::{LONGEST_NAME, MOST};
use brokerlab::timeline::compare::{Side, difference, parting};
use brokerlab::timeline::interest::{interesting, is_interesting};
use brokerlab::timeline::run::Run;
use brokerlab::timeline::session::Session;
use brokerlab::timeline::shelf::{self, Shelf};
use wasm_bindgen_test::wasm_bindgen_test;

const SCENARIO: &str = "outbox-with-inbox";

fn open() -> Session {
    Session::open(catalogue::find(SCENARIO).unwrap())
}

fn act(session: &mut Session, spec: &str) {
    let setup = &session.scenario().setup;
    session.act(parse_command(spec, &setup.cast(), setup).unwrap());
}

/// How deep each branch stands, and what is done by hand on it.
fn tree(session: &Session) -> Vec<(usize, usize)> {
    session.branches().tree().into_iter().map(|(depth, branch)| (depth, branch.commands.len())).collect()
}

fn here(session: &Session) -> u32 {
    session.branches().current().number()
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_done_after_stepping_back_is_a_branch_and_the_old_future_stays() {
    let mut session = open();
    let untouched = (here(&session), session.run().clone());
    session.seek(Instant(2_000_000));
    act(&mut session, "crash orders");
    let crashed = (here(&session), session.run().end().clone());
    assert_eq!(tree(&session), [(0, 0), (1, 1)], "the run without it is a branch, too");

    // Forward, where nobody has been yet: the same branch goes on.
    session.pass(Span::from_millis(700));
    act(&mut session, "restart orders");
    assert_eq!(tree(&session), [(0, 0), (1, 2)]);
    let restarted = session.run().end().clone();
    assert_ne!(restarted.world.fingerprint(), crashed.1.world.fingerprint());

    // Back, and something else: another one.
    session.step_back();
    session.step_back();
    act(&mut session, "down broker");
    assert_eq!(tree(&session), [(0, 0), (1, 2), (2, 2)]);
    let other = session.run().end().clone();

    let at = session.playhead();
    for (number, end) in [(crashed.0, &restarted), (untouched.0, untouched.1.end()), (here(&session), &other)]
    {
        assert!(session.flip(number));
        assert_eq!(session.playhead(), at, "the same moment");
        assert_same(session.run().end(), end, "as it was left");
        let again =
            Run::new(session.run().setup().clone(), session.run().seed(), session.run().commands().to_vec());
        assert_same(session.run().end(), again.end(), "and as it is computed from nothing");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn flipping_through_branches_gives_the_same_moments_whichever_way_one_comes() {
    let mut session = open();
    for (ms, spec) in
        [(1_000, "crash orders"), (3_000, "down broker"), (2_000, "crash mail"), (500, "cut relay")]
    {
        session.seek(Instant(ms * 1_000));
        act(&mut session, spec);
        session.seek(session.end());
    }
    let numbers: Vec<u32> = session.branches().tree().iter().map(|(_, branch)| branch.number()).collect();
    assert_eq!(numbers.len(), 5);
    let moment = Instant(2_500_000);
    let mut seen = Vec::new();
    for number in numbers.iter().chain(numbers.iter().rev()) {
        session.flip(*number);
        session.seek(moment);
        seen.push((session.run().here().world.fingerprint(), session.run().end().world.fingerprint()));
    }
    let (there, back) = seen.split_at(numbers.len());
    assert!(there.iter().eq(back.iter().rev()));
    assert!((1..there.len()).all(|n| !there[..n].contains(&there[n])), "each is another run");
}

#[wasm_bindgen_test(unsupported = test)]
fn the_same_thing_at_the_same_moment_is_the_same_branch() {
    let mut session = open();
    for _ in 0..3 {
        session.reset();
        session.seek(Instant(2_000_000));
        act(&mut session, "crash orders");
    }
    assert_eq!(tree(&session), [(0, 0), (1, 1)]);
}

#[wasm_bindgen_test(unsupported = test)]
fn taking_back_what_began_a_branch_leads_to_where_it_came_from() {
    let mut session = open();
    session.seek(Instant(2_000_000));
    act(&mut session, "crash orders");
    session.pass(Span::from_millis(500));
    act(&mut session, "crash mail");
    session.seek(Instant(2_200_000));
    act(&mut session, "crash relay");
    assert_eq!(tree(&session), [(0, 0), (1, 2), (2, 2)]);
    assert!(session.undo());
    assert_eq!((tree(&session), session.run().commands().len()), (vec![(0, 0), (1, 2)], 2));
    assert_eq!(session.playhead(), Instant(2_200_000), "where it had been done");
    assert!(session.undo());
    assert_eq!(tree(&session), [(0, 0), (1, 1)]);
    assert!(session.undo());
    assert_eq!(tree(&session), [(0, 0)]);
    assert!(!session.undo());
    assert_same(session.run().end(), open().run().end(), "as if nothing had been");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_branch_can_be_named_and_deleted_and_the_last_one_stays() {
    let mut session = open();
    let root = here(&session);
    session.seek(Instant(2_000_000));
    act(&mut session, "crash orders");
    let (crashed, names) = (here(&session), |session: &Session| {
        session.branches().tree().iter().map(|(_, branch)| branch.name.clone()).collect::<Vec<_>>()
    });
    session.name_branch(crashed, "  crashed\n ");
    session.name_branch(root, &"ü".repeat(200));
    assert_eq!(names(&session), [Some("ü".repeat(LONGEST_NAME)), Some("crashed".to_owned())]);
    session.name_branch(root, " ");
    assert_eq!(names(&session), [None, Some("crashed".to_owned())]);

    session.seek(Instant(2_500_000));
    session.step_back();
    act(&mut session, "down broker");
    let child = here(&session);
    assert!(session.delete_branch(crashed), "one in the middle");
    assert_eq!((tree(&session), here(&session)), (vec![(0, 0), (1, 2)], child), "what came from it stays");
    assert!(session.delete_branch(child), "the one on show");
    assert_eq!((tree(&session), here(&session)), (vec![(0, 0)], root));
    assert_same(session.run().end(), open().run().end(), "the one it came from is on show");
    assert!(!session.delete_branch(root) && !session.delete_branch(99), "the last one stays");
    assert!(!session.flip(crashed));
}

#[wasm_bindgen_test(unsupported = test)]
fn another_seed_is_a_tree_of_its_own_and_what_was_done_stays() {
    let mut session = open();
    for seed in [5, 6, 7] {
        session.reseed(seed);
    }
    assert_eq!((tree(&session), session.run().seed()), (vec![(0, 0)], 7), "what nobody touched makes room");
    session.seek(Instant(2_000_000));
    act(&mut session, "crash orders");
    for seed in [8, 9] {
        session.reseed(seed);
    }
    assert_eq!(tree(&session), [(0, 0), (1, 1), (0, 0)]);
    assert_eq!((session.run().seed(), session.playhead()), (9, Instant::START));
    session.flip(session.branches().neighbour(false));
    assert_eq!((session.run().seed(), session.run().commands().len()), (7, 1));
    session.reset();
    assert_eq!((session.run().seed(), session.run().commands().len()), (7, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn there_are_never_more_branches_than_a_person_can_keep_apart_and_named_ones_stay_longest() {
    let mut session = open();
    session.seek_step(5);
    act(&mut session, "crash orders");
    let kept = here(&session);
    session.name_branch(kept, "the first");
    for step in 6..6 + 2 * MOST as u32 {
        session.reset();
        session.seek_step(step);
        act(&mut session, "crash orders");
        assert!(session.branches().tree().len() <= MOST);
        assert_eq!(session.run().commands()[0].step, step);
    }
    assert!(session.flip(kept));
    assert_eq!(session.run().commands()[0].step, 5);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_keys_go_round_all_branches_in_the_order_of_the_tree() {
    let mut session = open();
    for (ms, spec) in [(1_000, "crash orders"), (3_000, "down broker"), (2_000, "crash mail")] {
        session.seek(Instant(ms * 1_000));
        act(&mut session, spec);
        session.seek(session.end());
    }
    let order: Vec<u32> = session.branches().tree().iter().map(|(_, branch)| branch.number()).collect();
    let first = here(&session);
    let mut seen = Vec::new();
    for _ in &order {
        session.flip(session.branches().neighbour(true));
        seen.push(here(&session));
    }
    assert_eq!(here(&session), first, "once round");
    let turn = seen.iter().position(|number| *number == order[0]).unwrap();
    seen.rotate_left(turn);
    assert_eq!(seen, order);
    session.flip(session.branches().neighbour(true));
    session.flip(session.branches().neighbour(false));
    assert_eq!(here(&session), first, "and back");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_branch_a_seed_or_a_scenario_stands_beside_in_lockstep() {
    let mut session = open();
    session.seek(Instant(2_000_000));
    act(&mut session, "crash orders");
    let alone = Session::follow(&session.link().write(session.scenario())).unwrap();
    let other = "dual-write-ghost";
    for (against, seed, scenario, commands) in [
        (Against::Branch(session.run().seed(), Vec::new()), session.run().seed(), SCENARIO, 0),
        (Against::Branch(77, alone.run().commands().to_vec()), 77, SCENARIO, 1),
        (Against::Seed(77), 77, SCENARIO, 1),
        (Against::Scenario(other.to_owned()), session.run().seed(), other, 1),
    ] {
        assert!(session.lay(&against));
        let beside = session.beside().unwrap();
        assert_eq!((beside.run.seed(), beside.scenario.id.as_str()), (seed, scenario), "{against:?}");
        assert_eq!(beside.run.commands().len(), commands, "{against:?}");
        for ms in [500, 4_000, 2_100] {
            session.seek(Instant(ms * 1_000));
            let beside = &session.beside().unwrap().run;
            assert_eq!(beside.here().step(), beside.step_at(session.playhead()), "{against:?}");
        }
    }
    assert!(!session.lay(&Against::Scenario("nothing".to_owned())), "what there is not");
    assert_eq!(
        session.beside().unwrap().against,
        Against::Scenario(other.to_owned()),
        "leaves what is there"
    );
    assert_same(session.run().end(), alone.run().end(), "and none of it touches the run itself");
}

#[wasm_bindgen_test(unsupported = test)]
fn two_branches_part_where_something_else_was_done() {
    for scenario in catalogue::scenarios() {
        let untouched = Session::open(scenario);
        let mut session = Session::open(scenario);
        assert_eq!(parting(untouched.run(), session.run()), None, "the same happens in both");
        let broker = scenario.setup.cast().broker;
        session.seek_step(untouched.run().end().step() / 2);
        while !session.run().here().world.is_up(broker) {
            session.step();
        }
        let step = session.run().here().step();
        session.act(Command::Crash(broker));
        let parting = parting(session.run(), untouched.run()).unwrap();
        let (here, there) = (parting.here.unwrap(), parting.there.unwrap());
        assert_eq!(here.step, step + 1, "{}", scenario.id);
        assert_eq!(there.step, step + 1, "{}", scenario.id);
        assert_eq!(
            (here.at, there.at),
            (session.run().time_of(here.step), untouched.run().time_of(there.step))
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_naive_run_and_its_repaired_one_part_before_a_promise_is_broken_and_the_words_say_which() {
    for scenario in catalogue::scenarios().iter().filter(|scenario| !scenario.breaks.is_empty()) {
        let mut session = Session::open(scenario);
        session.lay_beside();
        let Some(beside) = session.beside() else { continue };
        let (here, there) = (
            Side { scenario: session.scenario(), run: session.run() },
            Side { scenario: &beside.scenario, run: &beside.run },
        );
        let told = difference(here, there);
        let parting = told.parting.expect("they part");
        for promise in &scenario.breaks {
            let stand = told.promises.iter().find(|stand| stand.promise == *promise);
            let Some(stand) = stand else {
                assert_eq!(promise.when(), brokerlab::check::promise::When::Sometimes);
                continue;
            };
            let broken = stand.here.and_then(|state| state.broken).expect("broken here");
            assert!(parting.here.unwrap().step <= broken.step, "{}", scenario.id);
            let broken_there = stand.there.and_then(|state| state.broken);
            assert_eq!(broken_there, None, "{}: {}", scenario.id, promise.name());
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn where_they_part_counts_what_happens_and_not_when() {
    let scenario = catalogue::find("queue-competing-consumers").unwrap();
    let run = |seed| Run::new(scenario.setup.clone(), seed, Vec::new());
    let (one, other) = (run(1), run(2));
    let parting = parting(&one, &other).unwrap();
    let (here, there) = (parting.here.unwrap(), parting.there.unwrap());
    let of = |run: &Run, step: u32| {
        let history = run.end().world.history();
        let all: Vec<_> = history.iter().filter(|record| record.step < step).collect();
        all.iter().map(|record| (record.kind, record.actor, record.subject)).collect::<Vec<_>>()
    };
    let shared = of(&one, here.step);
    assert_eq!(shared[..], of(&other, there.step)[..shared.len()], "until then the same happens");
    assert!(here.step > 1, "though at other times");
}

#[wasm_bindgen_test(unsupported = test)]
fn the_play_can_halt_where_a_promise_is_broken_and_goes_on_from_there() {
    for scenario in catalogue::scenarios() {
        let mut session = Session::open(scenario);
        let promises: Vec<Promise> = scenario.keeps.iter().chain(&scenario.breaks).copied().collect();
        let mut halts = 0;
        while !session.at_end() {
            let breach = session.next_breach();
            let (_, halted) = session.pass_to_breach(Span(16_667), breach);
            assert_eq!(halted, session.is_past(breach));
            let step = session.run().here().step();
            let broken =
                promises.iter().filter_map(|promise| promise.state(&session.run().here().ledger).broken);
            let latest = broken.map(|breach| breach.step).max();
            if halted {
                halts += 1;
                assert_eq!(latest, Some(step), "{}: right after the step that broke it", scenario.id);
            }
        }
        let mut steps: Vec<u32> = promises
            .iter()
            .filter_map(|promise| promise.state(&session.run().end().ledger).broken)
            .map(|breach| breach.step)
            .collect();
        steps.sort_unstable();
        steps.dedup();
        assert_eq!(halts, steps.len(), "{}", scenario.id);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_play_halts_also_for_what_breaks_beside() {
    let mut session = Session::open(catalogue::find("outbox-relay-crash").unwrap());
    session.lay_beside();
    session = match session.beside() {
        // Seen from the repaired one.
        Some(beside) => Session::open(catalogue::find(&beside.scenario.id).unwrap()),
        None => panic!("it has no counterpart"),
    };
    session.lay_beside();
    assert!(session.scenario().breaks.is_empty());
    let mut halted = false;
    while !session.at_end() && !halted {
        let breach = session.next_breach();
        halted = session.pass_to_breach(Span(16_667), breach).1;
    }
    assert!(halted);
    let beside = session.beside().unwrap();
    let broken =
        beside.scenario.breaks.iter().filter_map(|promise| promise.state(&beside.run.here().ledger).broken);
    assert_eq!(broken.map(|breach| breach.at).max(), Some(session.playhead()));
}

#[wasm_bindgen_test(unsupported = test)]
fn the_next_interesting_step_skips_traffic_and_misses_nothing() {
    for scenario in catalogue::scenarios() {
        let run = Session::open(scenario).run().clone();
        let history = run.end().world.history();
        let mut expected: Vec<u32> =
            history.iter().filter(|record| is_interesting(record.kind)).map(|record| record.step).collect();
        expected.extend(run.end().ledger.findings().map(|finding| finding.step));
        expected.sort_unstable();
        expected.dedup();
        let (mut step, mut forward) = (0, Vec::new());
        while let Some(next) = interesting(&run, step, true) {
            forward.push(next);
            step = next;
        }
        assert_eq!(forward, expected, "{}", scenario.id);
        let mut backward = vec![step];
        while let Some(before) = interesting(&run, step, false) {
            backward.push(before);
            step = before;
        }
        backward.reverse();
        assert_eq!(backward, expected, "{}", scenario.id);
        assert!(expected.len() * 2 < run.end().step() as usize, "{}: that is hardly a choice", scenario.id);
        let of = |kind| history.iter().filter(move |record| record.kind == kind);
        for record in of(Kind::Committed).chain(of(Kind::Applied)).chain(of(Kind::Crashed)) {
            assert!(expected.contains(&record.step));
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_a_branch_came_to_is_told_once_its_end_was_seen() {
    let mut session = Session::open(catalogue::find("dual-write-ghost").unwrap());
    let came_to = |session: &Session| {
        session.branches().tree().iter().map(|(_, branch)| branch.came_to()).collect::<Vec<_>>()
    };
    assert_eq!(came_to(&session), [None], "nobody has seen it yet");
    session.seek(session.end());
    assert_eq!(came_to(&session), [Some(1)], "a ghost");
    session.seek(Instant(1_000_000));
    act(&mut session, "crash orders");
    assert_eq!(came_to(&session), [Some(1), None]);
    session.seek(session.end());
    assert!(came_to(&session)[1].is_some());
    session.seek(Instant(1_200_000));
    act(&mut session, "down broker");
    assert_eq!(came_to(&session).last(), Some(&None), "another end, not seen yet");
}

#[wasm_bindgen_test(unsupported = test)]
fn going_over_to_a_branch_from_its_start_or_from_what_was_taken_back_tells_nothing_of_its_end() {
    let scenario = catalogue::find("dual-write-ghost").unwrap();
    let came_to = |session: &Session| session.branches().current().came_to();
    let long =
        parse_command("delay delivery mail #1 by 20s", &scenario.setup.cast(), &scenario.setup).unwrap();
    let mut session = Session::laid(scenario, scenario.seed, &[long]);
    let laid = here(&session);
    session.seek(session.end());
    assert!(came_to(&session).is_some());
    session.reset();
    assert_eq!(came_to(&session), None, "the run without it was never looked at");
    session.flip(laid);
    session.seek(session.end());
    session.reseed(5);
    assert_eq!(came_to(&session), None, "nor was that of another seed");
    session.seek(Instant(1_000_000));
    act(&mut session, "crash orders");
    session.pass(Span::from_millis(700));
    act(&mut session, "restart orders");
    session.seek(session.end());
    assert!(session.undo());
    assert_eq!(came_to(&session), None, "how the orders stay down nobody has seen");
}

#[wasm_bindgen_test(unsupported = test)]
fn what_another_branch_does_already_is_that_branch_also_after_something_was_taken_back() {
    let mut session = open();
    session.seek(Instant(1_000_000));
    act(&mut session, "crash orders");
    let first = here(&session);
    session.pass(Span::from_millis(700));
    act(&mut session, "restart orders");
    session.step_back();
    act(&mut session, "down broker");
    let second = here(&session);
    assert_eq!(tree(&session), [(0, 0), (1, 2), (2, 2)]);
    session.flip(first);
    assert!(session.undo());
    session.seek_step(session.run().here().step());
    act(&mut session, "down broker");
    assert_eq!((here(&session), tree(&session)), (second, vec![(0, 0), (1, 1), (2, 2)]));
}

/// Puts a session away and opens that one instead, as the page does.
fn instead(shelf: &mut Shelf, left: &Session, mut opened: Session) -> Session {
    shelf.put(left);
    shelf.give(&mut opened);
    opened
}

#[wasm_bindgen_test(unsupported = test)]
fn the_branches_of_a_scenario_are_there_again_when_it_is_opened_again() {
    let other = catalogue::find("dual-write-lost").unwrap();
    let mut shelf = Shelf::default();
    let mut session = open();
    for (at, spec, name) in [(2_000_000, "crash mail", "it crashed"), (1_000_000, "down broker", "")] {
        session.seek(Instant(at));
        act(&mut session, spec);
        session.name_branch(here(&session), name);
        session.reset();
    }
    let before = tree(&session);
    assert_eq!(before, [(0, 0), (1, 1), (1, 1)]);

    let mut elsewhere = instead(&mut shelf, &session, Session::open(other));
    assert_eq!(tree(&elsewhere), [(0, 0)], "another scenario has none of them");
    act(&mut elsewhere, "crash orders");

    let back = instead(&mut shelf, &elsewhere, open());
    assert_eq!(tree(&back), before);
    assert!(back.run().commands().is_empty() && back.playhead() == Instant::START, "it opens as ever");
    let names: Vec<_> = back.branches().tree().iter().filter_map(|(_, branch)| branch.name.clone()).collect();
    assert_eq!(names, ["it crashed"]);

    // A link shows what it shows, beside what there was; what was there already is not there twice.
    let mut linked = open();
    linked.seek(Instant(2_000_000));
    act(&mut linked, "crash mail");
    linked.name_branch(here(&linked), "once more");
    let linked = instead(&mut shelf, &back, linked);
    assert_eq!(tree(&linked), before);
    assert_eq!(linked.branches().current().name.as_deref(), Some("once more"));
    assert_eq!(linked.branches().current().commands, linked.run().commands());

    // Without its own faults it is another scenario.
    let bare = instead(&mut shelf, &linked, open().open_again_with(7, &[]));
    assert_eq!(tree(&bare).len(), 1);
    assert_eq!(tree(&instead(&mut shelf, &bare, Session::open(other))), [(0, 0), (1, 1)]);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_branches_of_so_many_scenarios_are_kept_and_no_more() {
    let mut shelf = Shelf::default();
    let scenario = |n: usize| open().scenario().clone().until(Instant(5_000_000 + n as u64));
    for n in 0..=shelf::MOST {
        let mut session = Session::open(&scenario(n));
        act(&mut session, "crash mail");
        shelf.put(&session);
    }
    let mut count = |n| {
        let mut session = Session::open(&scenario(n));
        shelf.give(&mut session);
        tree(&session).len()
    };
    assert_eq!([count(0), count(1), count(shelf::MOST)], [1, 2, 2], "what was left first went");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_branch_parted_where_something_was_done_on_it_alone() {
    let mut session = open();
    session.seek(Instant(1_000_000));
    act(&mut session, "down broker");
    session.seek(Instant(2_000_000));
    act(&mut session, "crash mail");
    session.seek(Instant(1_500_000));
    act(&mut session, "crash orders");
    assert_eq!(tree(&session), [(0, 0), (1, 2), (2, 2)]);
    let parted = |session: &Session| session.branches().parted(session.branches().current()).map(|it| it.at);
    assert_eq!(parted(&session), Some(Instant(1_500_000)), "what came before was done on the other, too");
    session.flip(session.branches().neighbour(false));
    assert_eq!(parted(&session), Some(Instant(1_000_000)));

    // A branch that a link lays beside came from where nothing was done.
    let link = "v=1&run=outbox-with-inbox&seed=7&beside=branch:7:3@1:crash+mail";
    assert_eq!(tree(&Session::follow(link).unwrap()), [(0, 0), (1, 1)]);
}
