//! Does each fault of the grammar do what it says, at every step and to every packet of every party?

use super::world::{Play, calling, ms, polled, to_mail, two_messages, with_database, with_faults};
use brokerlab::broker::record::{Kind, Record, Why};
use brokerlab::broker::setup::{AckTime, Inbox, Publishing, Reading, Serialization, Service, Setup};
use brokerlab::broker::wire::Flight;
use brokerlab::broker::world::Ending;
use brokerlab::fault::point::{PacketKind, Step};
use brokerlab::scenario::steps::{packets_of, steps_of};
use brokerlab::sim::chance::SpanRange;
use brokerlab::sim::time::Span;
use wasm_bindgen_test::wasm_bindgen_test;

/// Worlds that have every step of every role between them.
fn worlds() -> Vec<Setup> {
    let mut worlds = Vec::new();
    for publishing in [
        Publishing::Plain,
        Publishing::BeforeCommit,
        Publishing::AfterCommit,
        Publishing::Outbox,
        Publishing::InHandler,
        Publishing::CollectBeforeCommit,
        Publishing::CollectAfterCommit,
        Publishing::Call,
    ] {
        for serialization in [Serialization::AsSent, Serialization::AllFirst] {
            for (inbox, ack) in [(Inbox::None, AckTime::AfterEffect), (Inbox::Ids, AckTime::BeforeEffect)] {
                let mut setup = two_messages(publishing, 4);
                setup.services[0].serialization = serialization;
                setup.consumers[0].ack = ack;
                setup.consumers[0].inbox = inbox;
                setup.consumers[1].inbox = if inbox == Inbox::None { Inbox::Ids } else { Inbox::None };
                setup.queues.iter_mut().for_each(|queue| queue.door = publishing == Publishing::Call);
                // A reply takes longer than a confirmation: the work is done first.
                setup.services[0].confirm = setup.services[0].confirm.map(|_| Span::from_millis(100));
                worlds.push(setup);
            }
        }
    }
    for reading in [Reading::Cursor, Reading::Log] {
        let mut setup = two_messages(Publishing::Outbox, 4);
        setup.relays[0].reading = reading;
        worlds.push(setup);
    }
    worlds
}

/// One message at a time is asked for, and needs more time than it gets at first.
fn a_polled_world() -> Setup {
    let mut setup = polled(4);
    setup.consumers[0].handler = ms(100);
    setup.consumers[0].polling.heartbeat = Some(Span::from_millis(30));
    setup
}

/// Every party with every step it has, in all the worlds.
fn each_step(mut then: impl FnMut(&Setup, &str, Step)) {
    let mut worlds = worlds();
    worlds.push(a_polled_world());
    for setup in worlds {
        let cast = setup.cast();
        for actor in &cast.actors {
            for step in steps_of(actor.role, &setup) {
                then(&setup, &actor.name, step);
            }
        }
    }
}

/// What the records say when that step was done.
fn was_done(play: &Play, actor: &str, step: Step) -> Vec<u32> {
    let polls = play.moment.world.setup().polls();
    let done = |kind| play.all(actor, kind).iter().map(|record| record.step).collect();
    let sent = |packet| {
        let sent = play.all(actor, Kind::Sent).into_iter().filter(|record| record.packet().0 == packet);
        sent.map(|record| record.step).collect()
    };
    match step {
        Step::Begin => done(Kind::Began),
        Step::Write => done(Kind::Wrote),
        Step::Serialize => done(Kind::Serialized),
        Step::WriteOutbox => done(Kind::WroteOutbox),
        Step::Publish => sent(PacketKind::Publish),
        Step::Confirmed => done(Kind::Confirmed),
        Step::Commit if play.count(actor, Kind::Received) > 0 => done(Kind::Applied),
        Step::Commit => done(Kind::Committed),
        Step::Poll if polls => sent(PacketKind::Poll),
        Step::Poll => done(Kind::Polled),
        Step::MarkSent => done(Kind::Marked),
        Step::CheckInbox => done(Kind::NotKnown),
        Step::SavePosition => done(Kind::PositionSaved),
        Step::Accept => done(Kind::Accepted),
        Step::Settle if polls => done(Kind::Extended),
        Step::Settle => done(Kind::Settled),
        Step::Receive => done(Kind::Received),
        Step::WriteInbox => done(Kind::WroteInbox),
        Step::Apply if play.count(actor, Kind::WroteInbox) > 0 => done(Kind::Staged),
        Step::Apply => done(Kind::Applied),
        Step::Ack if play.moment.world.setup().queues[0].door => sent(PacketKind::Response),
        Step::Ack if polls => sent(PacketKind::Delete),
        Step::Ack => sent(PacketKind::Ack),
        Step::HandOut => sent(PacketKind::Reply),
        Step::Delete => done(Kind::Settled),
        Step::Heartbeat => sent(PacketKind::Extend),
        Step::Collect => done(Kind::Collected),
        Step::WriteMore => done(Kind::WroteMore),
        Step::Park => done(Kind::WroteDeadLetter),
        Step::Replay => sent(PacketKind::Publish),
        Step::Remove => done(Kind::LetterRemoved),
        Step::Call => sent(PacketKind::Call),
        Step::Replied => done(Kind::Confirmed),
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_crash_before_a_step_comes_instead_of_it() {
    each_step(|setup, actor, step| {
        let fault = format!("crash {actor} before {} #2 for 30ms", step.name());
        let mut play = Play::start(&with_faults(setup.clone(), &[&fault]));
        play.until_done(actor, Kind::Crashed, 1);
        let (struck, crashed) = (play.all(actor, Kind::Struck), play.all(actor, Kind::Crashed));
        assert_eq!((struck.len(), struck[0].other), (1, 0), "{fault}");
        assert_eq!(crashed[0].step, struck[0].step, "{fault}");
        assert_eq!(was_done(&play, actor, step).len(), 1, "{fault}");
        play.until_done(actor, Kind::Restarted, 1);
        let (crashed, restarted) = (play.times(actor, Kind::Crashed), play.times(actor, Kind::Restarted));
        assert_eq!(restarted[0] - crashed[0], 30, "{fault}");
    });
}

#[wasm_bindgen_test(unsupported = test)]
fn a_crash_after_a_step_comes_right_after_it() {
    each_step(|setup, actor, step| {
        let fault = format!("crash {actor} after {} #2 for 30ms", step.name());
        let mut play = Play::start(&with_faults(setup.clone(), &[&fault]));
        play.until_done(actor, Kind::Crashed, 1);
        let crashed = play.all(actor, Kind::Crashed);
        let done = was_done(&play, actor, step);
        assert_eq!((done.len(), done.last()), (2, Some(&crashed[0].step)), "{fault}");
        play.until_done(actor, Kind::Restarted, 1);
        let (crashed, restarted) = (play.times(actor, Kind::Crashed), play.times(actor, Kind::Restarted));
        assert_eq!(restarted[0] - crashed[0], 30, "{fault}");
    });
}

#[wasm_bindgen_test(unsupported = test)]
fn a_party_that_crashed_does_nothing_until_it_is_back() {
    each_step(|setup, actor, step| {
        let fault = format!("crash {actor} after {} for 300ms", step.name());
        let play = Play::with(setup.clone(), &[&fault]);
        let (down, up) = (play.all(actor, Kind::Crashed)[0].at, play.all(actor, Kind::Restarted)[0].at);
        for record in play.moment.world.history().iter() {
            let told_of_others = matches!(
                record.kind,
                Kind::Refused
                    | Kind::Lost
                    | Kind::Crashed
                    | Kind::Restarted
                    | Kind::RolledBack
                    | Kind::GaveUp
                    // Time passes for what is hidden, whoever is down.
                    | Kind::VisibilityEnded
            ) || record.kind == Kind::Sent && record.packet().0 == PacketKind::Refuse;
            if record.at > down && record.at < up && !told_of_others {
                let name = play.moment.world.cast().name(record.actor);
                assert_ne!(name, actor, "{fault}: {record:?}");
            }
        }
    });
}

#[wasm_bindgen_test(unsupported = test)]
fn a_step_that_is_slow_is_done_that_much_later() {
    each_step(|setup, actor, step| {
        let fault = format!("slow {actor} {} #2 by 23ms", step.name());
        let mut play = Play::start(&with_faults(setup.clone(), &[&fault]));
        play.until_done(actor, Kind::Slowed, 1);
        assert_eq!(was_done(&play, actor, step).len(), 1, "{fault}");
        let slowed = play.times(actor, Kind::Slowed)[0];
        while was_done(&play, actor, step).len() < 2 {
            assert!(play.step(), "{fault}");
        }
        assert_eq!(play.moment.now().0 / 1_000 - slowed, 23, "{fault}");
        play.finish();
        let counts = play.counts();
        assert_eq!((counts.lost, counts.stuck, counts.ghosts), (0, 0, 0), "{fault}: {counts:?}");
    });
}

#[wasm_bindgen_test(unsupported = test)]
fn a_step_that_fails_says_so_and_undoes_its_transaction() {
    each_step(|setup, actor, step| {
        if !step.can_fail() {
            return;
        }
        let fault = format!("fail {actor} {} #2", step.name());
        let play = Play::with(setup.clone(), &[&fault]);
        let struck = play.all(actor, Kind::Struck);
        assert_eq!((struck.len(), struck[0].other), (1, 0), "{fault}");
        let then = |kind| play.all(actor, kind).iter().filter(|record| record.step == struck[0].step).count();
        let undone = play.all(actor, Kind::RolledBack).iter().find(|r| r.step == struck[0].step).copied();
        match step {
            Step::Serialize => assert_eq!(then(Kind::SerializationFailed), 1, "{fault}"),
            Step::Receive => assert_eq!(then(Kind::DecodeFailed), 1, "{fault}"),
            Step::Apply => assert_eq!(then(Kind::HandlerFailed), 1, "{fault}"),
            Step::HandOut | Step::Delete => assert_eq!(undone, None, "{fault}"),
            Step::WriteMore => assert_eq!(undone.map(|r| r.other), Some(Why::Handler.code()), "{fault}"),
            _ => assert_eq!(undone.map(|r| r.other), Some(Why::CommitFailed.code()), "{fault}"),
        }
        assert_eq!(play.ended(), Some(Ending::Quiet), "{fault}");
    });
}

/// Every party with every kind of packet that it exchanges while nothing else is wrong.
fn each_packet(mut then: impl FnMut(&Setup, &str, PacketKind)) {
    for setup in worlds() {
        for actor in &setup.cast().actors {
            for kind in packets_of(actor.role, &setup) {
                if !matches!(kind, PacketKind::Refuse | PacketKind::Nack | PacketKind::Error) {
                    then(&setup, &actor.name, kind);
                }
            }
        }
    }
    // A refusal needs a broker that is down, a nack a handler that fails.
    let down = with_faults(with_database(Publishing::Outbox, 4), &["down broker 80ms..2s"]);
    then(&down, "relay", PacketKind::Refuse);
    then(&with_faults(calling(4), &["down mail 80ms..2s"]), "orders", PacketKind::Refuse);
    let failing = with_faults(calling(4), &["fail mail apply rate 60%"]);
    then(&failing, "orders", PacketKind::Error);
    let failing = with_faults(with_database(Publishing::Outbox, 4), &["fail mail apply rate 60%"]);
    then(&failing, "mail", PacketKind::Nack);
}

/// The records of that kind about packets of that kind between the broker and the party, with their moments.
fn about_packets(play: &Play, kind: Kind, packet: PacketKind, party: &str) -> Vec<(u64, u32)> {
    let cast = play.moment.world.cast();
    let id = cast.find(party).unwrap();
    let records = play.moment.world.history().iter();
    let theirs = |r: &Record| if packet.outward() { r.actor == id } else { r.packet().1 == id };
    let about = records.filter(|r| r.kind == kind && r.packet().0 == packet && theirs(r));
    about.map(|record| (record.at.0 / 1_000, record.subject)).collect()
}

/// With a second fault of the same kind of packet the numbers would no longer be those of the first.
fn faults(setup: &Setup, fault: &str) -> Setup {
    with_faults(setup.clone(), &[fault])
}

#[wasm_bindgen_test(unsupported = test)]
fn a_lost_packet_vanishes_half_way() {
    each_packet(|setup, party, kind| {
        let fault = format!("lose {} {party} #2", kind.name());
        let play = Play::of(&faults(setup, &fault));
        let sent = about_packets(&play, Kind::Sent, kind, party);
        assert!(sent.len() > 1, "{fault}: {sent:?}");
        let lost = about_packets(&play, Kind::Lost, kind, party);
        assert_eq!(lost, [(sent[1].0 + 5, sent[1].1)], "{fault}");
    });
}

#[wasm_bindgen_test(unsupported = test)]
fn a_delayed_packet_arrives_that_much_later() {
    each_packet(|setup, party, kind| {
        let fault = format!("delay {} {party} #2 by 7ms", kind.name());
        let mut play = Play::start(&faults(setup, &fault));
        while about_packets(&play, Kind::Delayed, kind, party).is_empty() {
            assert!(play.step(), "{fault}");
        }
        let sent = about_packets(&play, Kind::Sent, kind, party)[1];
        assert_eq!(about_packets(&play, Kind::Delayed, kind, party), [sent], "{fault}");
        let delayed = play.moment.world.packets().find(|p| p.kind == kind && p.message == sent.1).copied();
        assert_eq!(delayed.map(|p| p.due.since(p.sent).0), Some(17_000), "{fault}");
        let number = delayed.map_or(0, |packet| packet.number);
        play.until(sent.0 + 16);
        assert!(play.moment.world.packet(number).is_some(), "{fault}");
        play.until(sent.0 + 17);
        assert!(play.moment.world.packet(number).is_none(), "{fault}");
        play.finish();
        assert_eq!(about_packets(&play, Kind::Lost, kind, party), [], "{fault}");
    });
}

/// When each message is sent and when the broker has it, in microseconds, with that fault: one service, whose wire
/// takes 10 to 50 ms.
fn ways(fault: &str) -> Vec<(u64, u64)> {
    let mut setup = to_mail(3);
    setup.services[0].latency = SpanRange { min: Span::from_millis(10), max: Span::from_millis(50) };
    setup.services[0].every = SpanRange::exactly(Span::from_millis(5));
    setup.services[0].confirm = None;
    let faults: Vec<&str> = Some(fault).filter(|fault| !fault.is_empty()).into_iter().collect();
    let play = Play::of(&with_faults(setup, &faults));
    let history = play.moment.world.history();
    let publish = |r: &&Record| r.kind == Kind::Sent && r.packet().0 == PacketKind::Publish;
    let sent = history.iter().filter(publish);
    let there = |sent: &Record| {
        history.iter().find(|r| r.kind == Kind::Accepted && r.subject == sent.subject).unwrap().at.0
    };
    sent.map(|sent| (sent.at.0, there(sent))).collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn a_hurried_packet_comes_sooner_but_not_sooner_than_its_wire_can_nor_before_what_was_sent_before_it() {
    let own = ways("");
    assert!(own[0].1 > own[0].0 + 13_000, "the seed is to leave room: {own:?}");
    let hurried = ways("hurry publish orders #1 by 3ms");
    assert_eq!(hurried[0], (own[0].0, own[0].1 - 3_000));
    let hurried = ways("hurry publish orders #1 by 1s");
    assert_eq!(hurried[0], (own[0].0, own[0].0 + 10_000), "the least of its wire");
    assert_eq!(ways("hurry publish orders #2 by 1s")[1].1, own[0].1.max(own[1].0 + 10_000));
    assert_eq!(ways("hurry publish orders #3 by 1s")[2].1, own[1].1.max(own[2].0 + 10_000));
}

#[wasm_bindgen_test(unsupported = test)]
fn what_was_held_up_by_a_packet_that_now_comes_sooner_comes_sooner_too() {
    let own = ways("");
    assert_eq!(own[1].1, own[0].1, "held up");
    let hurried = ways("hurry publish orders #1 by 1s");
    assert!(hurried[1].1 < own[1].1 && hurried.is_sorted_by_key(|way| way.1), "{hurried:?}");
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_sent_after_a_packet_that_lags_waits_behind_it_and_overtakes_one_that_is_delayed() {
    let own = ways("");
    let lags = ways("lag publish orders #1 by 100ms");
    assert_eq!(lags[0].1, own[0].1 + 100_000);
    assert!(lags.is_sorted_by_key(|way| way.1), "{lags:?}");
    let delayed = ways("delay publish orders #1 by 100ms");
    assert_eq!((delayed[0].1, delayed[1]), (own[0].1 + 100_000, own[1]));
}

#[wasm_bindgen_test(unsupported = test)]
fn what_yields_lets_what_is_due_at_the_same_moment_go_first() {
    let mut setup = to_mail(1);
    let first = setup.services[0].first;
    setup.services.push(Service { name: "returns".to_owned(), ..setup.services[0].clone() });
    let taken_in = |faults: &[&str]| {
        let play = Play::of(&with_faults(setup.clone(), faults));
        let history = play.moment.world.history();
        let produced = history.iter().filter(|record| record.kind == Kind::Produced);
        produced
            .map(|record| (record.at, play.moment.world.cast().name(record.actor).to_owned()))
            .collect::<Vec<_>>()
    };
    let (orders, returns) = ((first, "orders".to_owned()), (first, "returns".to_owned()));
    assert_eq!(taken_in(&[]), [orders.clone(), returns.clone()]);
    let yields = format!("yield at {}us #1", first.0);
    assert_eq!(taken_in(&[&yields]), [returns.clone(), orders.clone()]);
    let again = format!("yield at {}us #2", first.0);
    assert_eq!(taken_in(&[&yields, &again]), [orders, returns], "and then the other does");
}

#[wasm_bindgen_test(unsupported = test)]
fn what_comes_behind_a_packet_that_yields_stays_behind_it() {
    let own = ways("");
    assert_eq!(own[1].1, own[0].1, "they come together");
    let yields = ways(&format!("yield at {}us #1", own[0].1));
    assert_eq!(yields, own);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_packet_that_lags_and_is_doubled_comes_later_both_times() {
    let arrivals = |faults: &[&str]| {
        let play = Play::of(&with_faults(to_mail(1), faults));
        let history = play.moment.world.history();
        let accepted = history.iter().filter(|record| record.kind == Kind::Accepted);
        accepted.map(|record| record.at.0).collect::<Vec<_>>()
    };
    let own = arrivals(&[])[0];
    let both = arrivals(&["double publish orders #1 by 7ms", "lag publish orders #1 by 2ms"]);
    assert_eq!(both, [own + 2_000, own + 9_000]);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_doubled_packet_arrives_and_arrives_again() {
    each_packet(|setup, party, kind| {
        let fault = format!("double {} {party} #2 by 7ms", kind.name());
        let mut play = Play::start(&faults(setup, &fault));
        while about_packets(&play, Kind::Doubled, kind, party).is_empty() {
            assert!(play.step(), "{fault}");
        }
        let sent = about_packets(&play, Kind::Sent, kind, party)[1];
        let twins = play.moment.world.packets().filter(|p| p.kind == kind && p.message == sent.1);
        let mut twins: Vec<(u32, u64)> = twins.map(|p| (p.number, p.due.since(p.sent).0)).collect();
        twins.sort_by_key(|twin| twin.1);
        assert_eq!(twins.iter().map(|twin| twin.1).collect::<Vec<_>>(), [10_000, 17_000], "{fault}");
        play.finish();
        assert_eq!(about_packets(&play, Kind::Lost, kind, party), [], "{fault}");
    });
}

#[wasm_bindgen_test(unsupported = test)]
fn a_held_packet_stands_still_until_it_is_released() {
    each_packet(|setup, party, kind| {
        let fault = format!("hold {} {party} #2", kind.name());
        let mut play = Play::start(&faults(setup, &fault));
        while about_packets(&play, Kind::Held, kind, party).is_empty() {
            assert!(play.step(), "{fault}");
        }
        let number = play.moment.world.packets().find(|packet| matches!(packet.flight, Flight::Held(_)));
        let number = number.map_or(0, |packet| packet.number);
        play.until(play.moment.now().0 / 1_000 + 45);
        let held = play.moment.world.packet(number).copied().unwrap();
        assert_eq!(held.progress(play.clock), 333, "{fault}");
        play.hand(&format!("release packet {number}"));
        assert_eq!(about_packets(&play, Kind::Released, kind, party).len(), 1, "{fault}");
        let gone_on = play.moment.world.packet(number).copied().unwrap();
        assert_eq!(gone_on.due.since(play.moment.now()).0, 6_667, "{fault}");
        play.finish();
        assert!(play.moment.world.packet(number).is_none(), "{fault}");
    });
}

#[wasm_bindgen_test(unsupported = test)]
fn what_stands_still_for_ever_is_stuck_and_not_lost() {
    let play = Play::with(with_database(Publishing::AfterCommit, 3), &["hold delivery mail #2"]);
    assert_eq!(play.ended(), Some(Ending::Quiet));
    assert_eq!((play.counts().stuck, play.counts().lost), (2, 0), "prefetch 1: what follows waits too");
}

#[wasm_bindgen_test(unsupported = test)]
fn what_stands_still_is_not_taken_for_the_repeat_that_passed_it() {
    let mut setup = with_database(Publishing::AfterCommit, 1);
    setup.consumers[0].ack = AckTime::BeforeEffect;
    // The broker delivers again what it delivered before it went down. That delivery comes to nothing, so all
    // that is left is the first, which can still be released.
    let play =
        Play::with(setup, &["hold delivery mail #1", "down broker 300ms..400ms", "fail mail apply #1"]);
    assert_eq!(play.count("mail", Kind::Received), 1);
    assert_eq!((play.ended(), play.counts().stuck, play.counts().lost), (Some(Ending::Quiet), 1, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn who_is_down_over_an_interval_is_down_exactly_then() {
    for party in ["orders", "relay", "broker", "mail"] {
        let fault = format!("down {party} 150ms..350ms");
        let play = Play::with(with_database(Publishing::Outbox, 5), &[&fault]);
        assert_eq!(play.times(party, Kind::Crashed), [150], "{fault}");
        assert_eq!(play.times(party, Kind::Restarted), [350], "{fault}");
        let forever =
            Play::with(with_database(Publishing::Outbox, 5), &[&format!("down {party} from 150ms")]);
        assert_eq!(forever.count(party, Kind::Restarted), 0, "{fault}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_database_that_does_not_answer_stops_only_what_needs_it() {
    let setup = || with_database(Publishing::Outbox, 6);
    let play = Play::with(setup(), &["down orders.database 250ms..450ms"]);
    assert_eq!(play.times("orders", Kind::DatabaseDown), [250]);
    assert_eq!(play.times("orders", Kind::DatabaseUp), [450]);
    assert_eq!(play.subjects("orders", Kind::RolledBack), [2, 3]);
    assert!(play.all("orders", Kind::RolledBack).iter().all(|r| r.other == Why::Database.code()));
    assert!(play.times("relay", Kind::Polled).iter().all(|&at| !(250..450).contains(&at)));
    let in_vain = play.times("relay", Kind::PollFailed);
    assert!(!in_vain.is_empty() && in_vain.iter().all(|at| (250..450).contains(at)), "{in_vain:?}");
    assert_eq!(play.count("mail", Kind::Applied), 4);
    assert_eq!(play.counts().lost, 0);

    let play = Play::with(setup(), &["down mail.database 250ms..450ms"]);
    assert!(play.times("mail", Kind::Applied).iter().all(|&at| !(250..450).contains(&at)));
    assert!(play.count("mail", Kind::RolledBack) > 0);
    assert_eq!((play.count("mail", Kind::Applied), play.counts().lost), (6, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn nothing_passes_a_cut_wire_in_either_direction() {
    for party in ["relay", "mail"] {
        let fault = format!("cut {party} 215ms..420ms");
        let play = Play::with(with_database(Publishing::Outbox, 6), &[&fault]);
        assert_eq!(play.times(party, Kind::Cut), [215], "{fault}");
        assert_eq!(play.times(party, Kind::Healed), [420], "{fault}");
        let cut = |at: &u64| (216..420).contains(at);
        assert!(!play.times(party, Kind::Confirmed).iter().any(cut), "{fault}");
        assert!(!play.times(party, Kind::Received).iter().any(cut), "{fault}");
        assert!(play.count("", Kind::Lost) > 0, "{fault}");
        assert_eq!(play.counts().lost, 0, "{fault}: the row waits, the copy waits");
    }
    let play = Play::with(with_database(Publishing::AfterCommit, 6), &["cut orders 215ms..420ms"]);
    assert!(play.counts().lost > 0, "nothing remembers what could not be sent");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_rate_strikes_some_and_the_run_records_which() {
    for (fault, meant) in [
        ("lose publish orders rate 30%", Kind::Lost),
        ("double delivery mail rate 30% by 3ms", Kind::Doubled),
        ("delay ack mail rate 30% by 1ms", Kind::Delayed),
        ("fail mail apply rate 30%", Kind::HandlerFailed),
        ("slow mail receive rate 30% by 1ms", Kind::Slowed),
        ("fail orders commit rate 30%", Kind::RolledBack),
        ("crash mail after apply rate 30% for 10ms", Kind::Crashed),
    ] {
        let setup = with_faults(with_database(Publishing::AfterCommit, 60), &[fault]);
        let play = Play::of(&setup);
        let (struck, done) = (play.all("", Kind::Struck), play.count("", meant));
        assert_eq!(struck.len(), done, "{fault}");
        assert!((6..54).contains(&done), "{fault}: {done}");
        assert_eq!(Play::of(&setup).moment.world.fingerprint(), play.moment.world.fingerprint(), "{fault}");
    }
    let always = Play::with(with_database(Publishing::AfterCommit, 9), &["lose publish orders rate 100%"]);
    assert_eq!((always.count("", Kind::Lost), always.counts().lost), (9, 9));
}

#[wasm_bindgen_test(unsupported = test)]
fn two_faults_each_strike_the_occurrence_they_name() {
    let mut setup = with_database(Publishing::AfterCommit, 6);
    setup.consumers[0].handler = ms(2);
    let play = Play::with(setup, &["lose publish orders #2", "fail mail apply #4", "lose publish orders #5"]);
    let struck: Vec<u16> = play.all("", Kind::Struck).iter().map(|record| record.other).collect();
    assert_eq!(struck, [0, 2, 1], "the fourth to be applied is the fifth to be sent");
    assert_eq!(play.subjects("", Kind::Lost), [1, 4]);
    assert_eq!(play.subjects("mail", Kind::HandlerFailed), [5]);
}
