//! Who gets an answer, and when? And what is measured.

use super::*;
use crate::check::finding::Counts;
use crate::check::measures::Measures;

/// The shop answers; each step is 10 us, 25 us are promised for an answer, 100 us for all of it.
fn asked() -> Setup {
    let mut setup = setup(&[Target::Queue(0)]);
    setup.services[0].answers = true;
    setup.bounds = Bounds { answer: Some(Span(25)), done: Some(Span(100)) };
    setup
}

fn counts(failed: u32, late: u32, overdue: u32) -> Counts {
    Counts { failed, late, overdue, ..Counts::default() }
}

#[test]
fn an_answer_in_time_is_one_and_an_error_is_a_request_that_failed() {
    let mut tale = Tale::new(&asked());
    tale.say(SHOP, Arrived, NONE, 0);
    tale.say(SHOP, Requested, 0, 1);
    tale.also(SHOP, Committed, 0, 0);
    tale.say(SHOP, Answered, 0, 0);
    assert_eq!(tale.ledger.counts(), Counts::default());
    let came = tale.say(SHOP, Arrived, NONE, 0);
    tale.also(SHOP, Requested, 1, 1);
    tale.say(SHOP, RolledBack, 1, Why::NotTaken.code());
    let error = tale.also(SHOP, Answered, 1, Why::NotTaken.code() + 1);
    assert_eq!(tale.ledger.counts(), counts(1, 0, 0));
    let (_, finding) = tale.ledger.first_finding(Verdict::Failed).unwrap();
    assert_eq!((finding.order, finding.proof), (1, [came, error, NONE]));
}

#[test]
fn who_waits_in_line_waits_from_the_coming_of_the_request() {
    let mut tale = Tale::new(&asked());
    tale.say(SHOP, Arrived, NONE, 0);
    tale.also(SHOP, Requested, 0, 1);
    tale.say(SHOP, Arrived, NONE, 0);
    tale.say(SHOP, Answered, 0, 0);
    tale.also(SHOP, Requested, 1, 1);
    tale.say(SHOP, Answered, 1, 0);
    assert_eq!(tale.ledger.counts(), Counts::default(), "10 and 20 us");
    tale.say(SHOP, Arrived, NONE, 0);
    tale.say(SHOP, Requested, 2, 1);
    tale.say(SHOP, Wrote, 2, 0);
    tale.say(SHOP, Answered, 2, 0);
    assert_eq!(tale.ledger.counts(), counts(0, 1, 0), "30 us");
}

#[test]
fn who_is_turned_away_has_failed_and_where_nobody_waits_nothing_fails() {
    let mut tale = Tale::new(&asked());
    tale.say(SHOP, Arrived, NONE, 0);
    tale.also(SHOP, Refused, NONE, 0);
    assert_eq!(tale.ledger.counts(), counts(1, 0, 0));
    tale.say(SHOP, Refused, NONE, 0);
    assert_eq!(tale.ledger.counts(), counts(1, 0, 0), "this one was no request of anybody who waits");
}

#[test]
fn not_done_in_time_is_found_once() {
    let mut tale = Tale::new(&asked());
    for order in 0..3 {
        tale.say(SHOP, Requested, order, 1);
        tale.also(SHOP, Committed, order, 0);
    }
    for message in 0..3 {
        for _ in 0..4 {
            tale.say(MAIL, Began, message, 0);
        }
        tale.also(MAIL, Applied, message, 0);
    }
    assert_eq!(tale.ledger.counts().overdue, 1, "the effects come after 60, 100 and 140 us");
    let (_, finding) = tale.ledger.first_finding(Verdict::Overdue).unwrap();
    assert_eq!(finding.message, 2);
}

#[test]
fn what_never_comes_is_not_done_in_time() {
    let mut tale = Tale::new(&asked());
    tale.say(SHOP, Requested, 0, 1);
    tale.also(SHOP, Committed, 0, 0);
    tale.say(BROKER, Ended, 0, 0);
    assert_eq!(tale.ledger.counts().overdue, 1);
}

#[test]
fn an_answer_that_never_comes_is_late() {
    // Nothing is left to happen: none will come.
    let mut tale = Tale::new(&asked());
    tale.say(SHOP, Arrived, NONE, 0);
    tale.also(SHOP, Requested, 0, 1);
    tale.say(SHOP, Arrived, NONE, 0);
    tale.say(BROKER, Ended, 0, 0);
    assert_eq!(tale.ledger.counts().late, 2, "one in hand, one that was never taken in");
}

#[test]
fn what_is_done_once_more_after_the_time_was_done_in_time() {
    let mut tale = Tale::new(&asked());
    tale.say(SHOP, Requested, 0, 1);
    tale.also(SHOP, Committed, 0, 0);
    tale.say(MAIL, Applied, 0, 0);
    (0..200).for_each(|_| {
        tale.say(BROKER, Stale, 0, 0);
    });
    tale.say(MAIL, Applied, 0, 0);
    assert_eq!((tale.ledger.counts().overdue, tale.ledger.counts().duplicates), (0, 1));
}

fn measured(setup: &Setup, records: &[(u64, ActorId, Kind, u32, u16)]) -> Measures {
    let mut measures = Measures::new(setup);
    for (n, &(at, actor, kind, subject, other)) in records.iter().enumerate() {
        let step = n as u32;
        measures.observe(&Record { at: Instant(at), step, cause: NONE, subject, kind, actor, other });
    }
    measures
}

#[test]
fn times_are_counted_from_the_first_to_the_last_and_ranked() {
    let mut records = Vec::new();
    for order in 0..4u32 {
        records.push((u64::from(order) * 10, SHOP, Arrived, NONE, 0));
        records.push((u64::from(order) * 10 + 1, SHOP, Requested, order, 1));
        records.push((u64::from(order) * 10 + 3 + u64::from(order), SHOP, Answered, order, 0));
    }
    for (message, at) in [(0, 50), (1, 60), (2, 90), (3, 100), (3, 500)] {
        records.push((at, MAIL, Applied, message, 0));
    }
    let measures = measured(&asked(), &records);
    assert_eq!(measures.makespan(), Some(Span(99)), "a repeat is not the work");
    assert_eq!((measures.answered(), measures.failed()), (4, 0));
    assert_eq!((measures.answer_time(50), measures.answer_time(100)), (Some(Span(4)), Some(Span(6))));
    assert_eq!((measures.end_to_end(50), measures.end_to_end(95)), (Some(Span(50)), Some(Span(70))));
}

#[test]
fn a_queue_is_as_deep_as_what_waits_in_it() {
    let two = u16::from(MAIL.0) | TO_MAIL & 0xff00;
    let records = [
        (10, BROKER, Enqueued, 0, 0),
        (20, BROKER, Sent, 0, two),
        (30, BROKER, Enqueued, 1, 0),
        (40, BROKER, Enqueued, 2, 0),
        (50, BROKER, Requeued, 0, 0),
        (75, BROKER, Sent, 0, two),
        (80, BROKER, Settled, 0, 0),
        (90, BROKER, Dropped, 1, 0),
    ];
    let at = |n: usize| {
        let measures = measured(&asked(), &records[..n]);
        let gauges = measures.gauges();
        (gauges.depth(0), gauges.in_flight(), gauges.oldest(Instant(records[n - 1].0)).0)
    };
    let expected =
        [(1, 0, 0), (0, 1, 0), (1, 1, 0), (2, 1, 10), (3, 0, 40), (2, 1, 45), (2, 0, 50), (1, 0, 50)];
    for (n, expected) in (1..).zip(expected) {
        assert_eq!(at(n), expected, "after {n} records");
    }
    let measures = measured(&asked(), &records);
    assert_eq!((measures.deepest(), measures.oldest()), (3, Span(65)), "it waited from 10 to 75");
}

#[test]
fn a_call_is_hope_while_it_is_on_its_way_and_in_hand() {
    let mut setup = asked();
    setup.services[0].publishing = Publishing::Call;
    setup.queues[0].door = true;
    let call = packet_code(PacketKind::Call, MAIL);
    let mut tale = Tale::new(&setup);
    tale.say(SHOP, Requested, 0, 1);
    tale.say(SHOP, Sent, 0, call);
    tale.say(MAIL, Received, 0, 0);
    tale.say(MAIL, Applied, 0, 0);
    tale.say(SHOP, Confirmed, 0, 0);
    tale.say(SHOP, Committed, 0, 0);
    tale.expect_nothing();
    // The second is heard, and undone: whoever was called has done something for nothing.
    tale.say(SHOP, Requested, 1, 1);
    tale.say(SHOP, Sent, 1, call);
    tale.say(MAIL, Received, 1, 0);
    tale.say(SHOP, TimedOut, 1, 0);
    tale.say(SHOP, RolledBack, 1, Why::TimedOut.code());
    assert_eq!(tale.ledger.counts().ghosts, 1);
}
