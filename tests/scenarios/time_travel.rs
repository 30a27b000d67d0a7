//! Can a run be moved in time, and is every moment then what it was?

use brokerlab::broker::command::Command;
use brokerlab::broker::record::Record;
use brokerlab::fault::point::ActorId;
use brokerlab::scenario::catalogue;
use brokerlab::sim::time::{Instant, Span};
use brokerlab::timeline::moment::Moment;
use brokerlab::timeline::run::Run;
use brokerlab::timeline::session::Session;
use wasm_bindgen_test::wasm_bindgen_test;

/// Everything of the world that can be read, the judge's account, and the fingerprint of what led there.
pub fn assert_same(one: &Moment, other: &Moment, what: &str) {
    let (a, b) = (&one.world, &other.world);
    assert_eq!((a.steps(), a.now(), a.ended()), (b.steps(), b.now(), b.ended()), "{what}");
    assert_eq!(a.fingerprint(), b.fingerprint(), "{what}");
    assert_eq!(a.next_due(), b.next_due(), "{what}");
    assert!(a.packets().eq(b.packets()), "packets, {what}");
    for queue in 0..a.setup().queues.len() as u8 {
        assert_eq!(a.queue(queue).ready(), b.queue(queue).ready(), "{what}");
        assert_eq!(a.queue(queue).parked(), b.queue(queue).parked(), "{what}");
    }
    for service in 0..a.setup().services.len() as u8 {
        assert_eq!(a.service(service).unit(), b.service(service).unit(), "{what}");
        assert_eq!(a.service(service).rows(), b.service(service).rows(), "{what}");
        assert_eq!(a.service(service).outbox(), b.service(service).outbox(), "{what}");
    }
    for relay in 0..a.setup().relays.len() as u8 {
        assert_eq!(a.relay(relay).doing(), b.relay(relay).doing(), "{what}");
    }
    let workers: u8 = a.setup().consumers.iter().map(|consumer| consumer.workers).sum();
    for worker in 0..workers {
        assert_eq!(a.connection(worker).unacked(), b.connection(worker).unacked(), "{what}");
        assert_eq!(a.worker(worker).current(), b.worker(worker).current(), "{what}");
        assert_eq!(a.worker(worker).buffer(), b.worker(worker).buffer(), "{what}");
    }
    assert_eq!(one.ledger, other.ledger, "{what}");
}

/// Also what cannot be read from outside: agenda, streams, rules.
fn assert_identical(one: &Moment, other: &Moment) {
    assert_eq!(format!("{:?}", one.world), format!("{:?}", other.world));
    assert_eq!(one.ledger, other.ledger);
}

fn records(moment: &Moment) -> Vec<Record> {
    moment.world.history().iter().copied().collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn seeking_a_step_equals_replaying_to_it_whichever_way_one_comes() {
    for scenario in catalogue::scenarios() {
        let mut run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
        let last = run.end().step();
        let mut replayed = vec![Moment::start(&scenario.setup, scenario.seed)];
        for _ in 0..last {
            let mut next = replayed[replayed.len() - 1].clone();
            assert!(next.advance(&[]));
            replayed.push(next);
        }
        let forwards = 0..=last;
        let jumping = (0..=last).map(|step| step * 37 % (last + 1));
        for step in forwards.clone().chain(forwards.rev()).chain(jumping) {
            run.seek(step);
            assert_same(run.here(), &replayed[step as usize], &format!("{} at {step}", scenario.id));
        }
        run.seek(last / 2);
        assert_identical(run.here(), &replayed[last as usize / 2]);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn back_and_forth_gives_the_same_records() {
    for scenario in catalogue::scenarios() {
        let mut session = Session::open(scenario);
        let mut seen = Vec::new();
        while !session.at_end() {
            session.step();
            seen.push(records(session.run().here()));
        }
        for records_then in seen.iter().rev().skip(1) {
            session.step_back();
            assert_eq!(&records(session.run().here()), records_then, "{}", scenario.id);
        }
        for records_then in &seen[1..] {
            session.step();
            assert_eq!(&records(session.run().here()), records_then, "{}", scenario.id);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn time_that_passes_in_small_pieces_arrives_where_it_would_in_one() {
    for scenario in catalogue::scenarios() {
        let (mut pieces, mut one) = (Session::open(scenario), Session::open(scenario));
        for _ in 0..300 {
            pieces.pass(Span(16_667));
        }
        one.pass(Span(16_667 * 300));
        assert_eq!(pieces.playhead(), one.playhead());
        assert_identical(pieces.run().here(), one.run().here());
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn reset_with_messages_in_flight_gives_exactly_the_initial_state() {
    for scenario in catalogue::scenarios() {
        let fresh = Session::open(scenario);
        let mut session = Session::open(scenario);
        while session.run().here().world.packets().next().is_none() {
            session.step();
        }
        session.act(Command::Crash(ActorId(0)));
        session.step();
        session.reset();
        assert_eq!(session.playhead(), Instant::START);
        assert!(session.run().commands().is_empty());
        assert_identical(session.run().here(), fresh.run().here());
        assert_identical(session.run().end(), fresh.run().end());
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_was_done_by_hand_and_taken_back_leaves_no_trace() {
    for scenario in catalogue::scenarios() {
        let untouched = Session::open(scenario);
        let last = untouched.run().end().step();
        for step in [0, 1, last / 3, last / 2, last - 1] {
            for actor in 0..scenario.setup.cast().actors.len() as u8 {
                let mut session = Session::open(scenario);
                session.seek_step(step);
                session.act(Command::Crash(ActorId(actor)));
                assert_eq!(session.run().here().step(), step + 1);
                assert!(!session.run().here().world.is_up(ActorId(actor)));
                assert!(session.undo());
                assert_eq!(session.run().here().step(), step);
                assert_same(session.run().end(), untouched.run().end(), &scenario.id);
                assert!(records(session.run().end()) == records(untouched.run().end()));
                assert!(!session.undo());
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_done_in_the_past_changes_only_the_future() {
    for scenario in catalogue::scenarios() {
        let untouched = Session::open(scenario);
        let mut session = Session::open(scenario);
        session.seek_step(untouched.run().end().step() / 2);
        let past = records(session.run().here());
        let broker = scenario.setup.cast().broker;
        session.act(Command::Crash(broker));
        let changed = records(session.run().end());
        assert_eq!(&changed[..past.len()], &past[..], "{}", scenario.id);
        assert_ne!(changed, records(untouched.run().end()), "{}", scenario.id);
        // And again, from the same commands.
        let again = Run::new(scenario.setup.clone(), scenario.seed, session.run().commands().to_vec());
        assert_eq!(records(again.end()), changed, "{}", scenario.id);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_counterpart_beside_keeps_step_in_both_directions() {
    for scenario in catalogue::scenarios().iter().filter(|scenario| scenario.counterpart.is_some()) {
        let mut session = Session::open(scenario);
        session.lay_beside();
        let mut there = Vec::new();
        for ms in 0..120 {
            session.seek(Instant(ms * 100_000));
            let beside = &session.beside().unwrap().run;
            assert!(beside.here().now() <= session.playhead());
            there.push(beside.here().world.fingerprint());
        }
        for ms in (0..120).rev() {
            session.seek(Instant(ms * 100_000));
            let beside = &session.beside().unwrap().run;
            assert_eq!(beside.here().world.fingerprint(), there[ms as usize], "{}", scenario.id);
        }
    }
}

/// Also where the next event in the agenda is void, like the timeout of a wait that is over.
#[wasm_bindgen_test(unsupported = test)]
fn what_is_done_by_hand_happens_at_the_playhead() {
    for scenario in catalogue::scenarios() {
        for ms in 0..70 {
            let mut session = Session::open(scenario);
            session.seek(Instant(ms * 100_000));
            if session.at_end() {
                continue;
            }
            let (step, at) = (session.run().here().step(), session.playhead());
            session.act(Command::Crash(scenario.setup.cast().broker));
            let after = (session.run().here().step(), session.run().here().now());
            assert_eq!(after, (step + 1, at), "{}", scenario.id);
        }
    }
}
