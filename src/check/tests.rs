//! Does the judge judge rightly? Hand-made histories, told record by record.

use super::finding::{Finding, NO_QUEUE, Verdict};
use super::ledger::{Ledger, OrderState};
use super::promise::{Promise, When, judge};
use crate::broker::record::{Kind, NONE, Record, Why, packet_code};
use crate::broker::setup::{
    AckTime, Consumer, MessageKind, OnError, Publishing, Queue, Relay, Serialization, Service, Setup, Target,
    Topic,
};
use crate::broker::{record::Kind::*, setup::Marking};
use crate::fault::point::{ActorId, PacketKind};
use crate::sim::chance::SpanRange;
use crate::sim::time::{Instant, Span};

const SHOP: ActorId = ActorId(0);
const RELAY: ActorId = ActorId(1);
const BROKER: ActorId = ActorId(2);
const MAIL: ActorId = ActorId(3);
const STOCK: ActorId = ActorId(4);
const STOCK_2: ActorId = ActorId(5);
const AT_MAIL: u16 = 0;
const AT_STOCK: u16 = 1;
const PUBLISH: u16 = packet_code(PacketKind::Publish, BROKER);
const TO_MAIL: u16 = packet_code(PacketKind::Delivery, MAIL);

/// A shop with a relay; a topic that feeds the queues of mail and stock, and a queue that nobody reads.
/// The shop sends `messages` to these targets.
fn setup(messages: &[Target]) -> Setup {
    let no_time = SpanRange::exactly(Span::ZERO);
    let name = str::to_owned;
    let queue = |text| Queue { name: name(text), durable: true, dead_letters: true };
    let consumer = |text, queue, workers| Consumer {
        name: name(text),
        did: name("served {}"),
        effects: name("served"),
        queue,
        workers,
        prefetch: 1,
        handler: no_time,
        step: no_time,
        ack: AckTime::AfterEffect,
        inbox: false,
        on_error: OnError::Requeue,
        restart: None,
        latency: no_time,
    };
    Setup {
        services: vec![Service {
            name: name("shop"),
            noun: name("order"),
            items: Vec::new(),
            count: 100,
            first: Instant::START,
            every: no_time,
            keys: 2,
            publishing: Publishing::AfterCommit,
            serialization: Serialization::AsSent,
            messages: messages.iter().map(|&target| MessageKind { name: name("m"), target }).collect(),
            step: no_time,
            confirm: Some(Span(1)),
            restart: None,
            latency: no_time,
        }],
        relays: vec![Relay {
            name: name("relay"),
            service: 0,
            interval: Span(1),
            batch: 1,
            marking: Marking::PerRow,
            step: no_time,
            confirm: Span(1),
            restart: None,
            latency: no_time,
        }],
        broker: name("broker"),
        topics: vec![Topic { name: name("orders"), queues: vec![0, 1, 2] }],
        queues: vec![queue("mails"), queue("stocks"), queue("unread")],
        consumers: vec![consumer("mail", 0, 1), consumer("stock", 1, 2)],
        latency: no_time,
        limit: Instant(1_000_000),
        faults: Vec::new(),
    }
}

/// A history as it is told. Every record is a step of its own, unless `also` joins it to the last.
#[derive(Clone)]
struct Tale {
    ledger: Ledger,
    /// The step of each record so far.
    steps: Vec<u32>,
    step: u32,
}

impl Tale {
    fn new(setup: &Setup) -> Tale {
        Tale { ledger: Ledger::new(setup), steps: Vec::new(), step: 0 }
    }

    fn to_mail() -> Tale {
        Tale::new(&setup(&[Target::Queue(0)]))
    }

    fn two_to_mail() -> Tale {
        Tale::new(&setup(&[Target::Queue(0), Target::Queue(0)]))
    }

    fn without_confirmation() -> Tale {
        let mut setup = setup(&[Target::Queue(0)]);
        setup.services[0].confirm = None;
        Tale::new(&setup)
    }

    fn say(&mut self, actor: ActorId, kind: Kind, subject: u32, other: u16) -> u32 {
        self.step += 1;
        self.also(actor, kind, subject, other)
    }

    fn also(&mut self, actor: ActorId, kind: Kind, subject: u32, other: u16) -> u32 {
        let at = Instant(u64::from(self.step) * 10);
        let record = Record { at, step: self.step, cause: NONE, subject, kind, actor, other };
        let place = self.steps.len() as u32;
        self.ledger.observe(place, &record);
        self.steps.push(self.step);
        place
    }

    /// The order is taken in with one message and committed.
    fn order(&mut self, order: u32) -> u32 {
        self.say(SHOP, Requested, order, 1);
        self.say(SHOP, Committed, order, 0)
    }

    /// The same with an outbox row.
    fn order_with_row(&mut self, order: u32, message: u32) -> u32 {
        self.say(SHOP, Requested, order, 1);
        self.say(SHOP, WroteOutbox, message, 0);
        self.say(SHOP, Committed, order, 0)
    }

    /// The shop sends the message, and has no hope or doubt about it any more; the broker queues it for mail.
    fn reaches_mails(&mut self, message: u32) -> u32 {
        self.say(SHOP, Sent, message, PUBLISH);
        let accepted = self.say(BROKER, Accepted, message, u16::from(SHOP.0));
        self.also(BROKER, Enqueued, message, AT_MAIL);
        self.say(SHOP, Confirmed, message, 0);
        accepted
    }

    fn mail_receives(&mut self, message: u32) -> u32 {
        self.say(BROKER, Sent, message, TO_MAIL);
        self.say(MAIL, Received, message, 0)
    }

    fn mail_serves(&mut self, message: u32) -> u32 {
        self.mail_receives(message);
        let applied = self.say(MAIL, Applied, message, 0);
        self.say(BROKER, Settled, message, AT_MAIL);
        applied
    }

    fn found(&self) -> Vec<Finding> {
        self.ledger.findings().copied().collect()
    }

    fn verdicts(&self) -> Vec<Verdict> {
        self.ledger.findings().map(|finding| finding.verdict).collect()
    }

    fn step_of(&self, place: u32) -> u32 {
        self.steps[place as usize]
    }

    /// The only finding: verdict, place of the record at which it was found, proof.
    #[track_caller]
    fn expect(&self, verdict: Verdict, place: u32, message: u32, queue: u8, proof: [u32; 3]) {
        let step = self.step_of(place);
        let at = Instant(u64::from(step) * 10);
        let order = self.ledger.order_of(message).unwrap();
        let finding = Finding { verdict, queue, step, at, order, message, proof };
        assert_eq!(self.found(), [finding]);
        assert_eq!(self.ledger.counts().of(verdict), 1);
    }

    #[track_caller]
    fn expect_nothing(&self) {
        assert_eq!(self.found(), []);
    }

    fn end(&mut self) -> u32 {
        self.say(BROKER, Ended, 0, 0)
    }
}

#[test]
fn a_run_without_trouble_has_no_findings() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_serves(0);
    tale.end();
    tale.expect_nothing();
    let totals = tale.ledger.totals();
    assert_eq!((totals.committed, totals.expected, totals.arrived, totals.effects), (1, 1, 1, 1));
    assert_eq!((totals.deliveries, totals.redeliveries, totals.rolled_back), (1, 0, 0));
    assert_eq!(tale.ledger.applied(0, 0), 1);
}

#[test]
fn a_crash_between_commit_and_publish_loses() {
    let mut tale = Tale::to_mail();
    let committed = tale.order(0);
    tale.say(SHOP, Crashed, NONE, 0);
    tale.expect_nothing();
    let gave_up = tale.also(SHOP, GaveUp, 0, Why::Crash.code());
    let found = tale.found();
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
    assert_eq!((found[0].step, found[0].proof), (tale.step, [committed, gave_up, NONE]));
    tale.end();
    assert_eq!(tale.ledger.counts().lost, 1, "a loss counts once");
    assert_eq!(tale.ledger.counts().stuck, 0);
}

#[test]
fn a_lost_packet_without_confirmation_loses() {
    let mut tale = Tale::without_confirmation();
    let committed = tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.expect_nothing();
    let lost = tale.say(SHOP, Lost, 0, PUBLISH);
    tale.expect(Verdict::Lost, lost, 0, 0, [committed, lost, NONE]);
}

#[test]
fn a_lost_packet_is_no_loss_while_the_service_waits_for_the_confirmation() {
    let mut tale = Tale::to_mail();
    let committed = tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(SHOP, Lost, 0, PUBLISH);
    tale.say(SHOP, TimedOut, 0, 0);
    tale.expect_nothing();
    let gave_up = tale.say(SHOP, GaveUp, 0, Why::TimedOut.code());
    tale.expect(Verdict::Lost, gave_up, 0, 0, [committed, gave_up, NONE]);
}

#[test]
fn a_service_that_crashes_while_it_waits_for_the_confirmation_does_not_send_again() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(SHOP, Crashed, NONE, 0);
    tale.also(SHOP, GaveUp, 0, Why::Crash.code());
    tale.expect_nothing();
    tale.say(SHOP, Lost, 0, PUBLISH);
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn a_refused_publish_is_lost_when_the_service_gives_up() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(BROKER, Sent, 0, packet_code(PacketKind::Refuse, SHOP));
    tale.say(SHOP, NotTaken, 0, 0);
    tale.expect_nothing();
    tale.also(SHOP, GaveUp, 0, Why::NotTaken.code());
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn a_lost_packet_is_no_loss_while_its_twin_is_on_the_way() {
    let mut tale = Tale::without_confirmation();
    tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.also(SHOP, Doubled, 0, PUBLISH);
    tale.say(SHOP, Lost, 0, PUBLISH);
    tale.expect_nothing();
    tale.say(SHOP, Lost, 0, PUBLISH);
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn a_lost_packet_is_no_loss_while_the_outbox_row_waits() {
    let mut tale = Tale::to_mail();
    tale.order_with_row(0, 0);
    tale.say(RELAY, Sent, 0, PUBLISH);
    tale.say(RELAY, Lost, 0, PUBLISH);
    tale.say(RELAY, Crashed, NONE, 0);
    tale.say(SHOP, Crashed, NONE, 0);
    tale.expect_nothing();
    tale.say(RELAY, Sent, 0, PUBLISH);
    tale.say(BROKER, Accepted, 0, u16::from(RELAY.0));
    tale.also(BROKER, Enqueued, 0, AT_MAIL);
    tale.say(RELAY, Marked, 0, 0);
    tale.mail_serves(0);
    tale.end();
    tale.expect_nothing();
}

#[test]
fn a_row_that_is_marked_before_it_is_sent_is_lost() {
    let mut tale = Tale::to_mail();
    let committed = tale.order_with_row(0, 0);
    let marked = tale.say(RELAY, Marked, 0, 0);
    tale.expect(Verdict::Lost, marked, 0, 0, [committed, marked, NONE]);
}

#[test]
fn a_packet_lost_before_the_commit_is_lost_at_the_commit() {
    let mut tale = Tale::without_confirmation();
    tale.say(SHOP, Requested, 0, 1);
    tale.say(SHOP, Sent, 0, PUBLISH);
    let lost = tale.say(SHOP, Lost, 0, PUBLISH);
    tale.expect_nothing();
    let committed = tale.say(SHOP, Committed, 0, 0);
    tale.expect(Verdict::Lost, committed, 0, 0, [committed, lost, NONE]);
}

#[test]
fn a_packet_lost_before_the_rollback_is_no_loss() {
    let mut tale = Tale::without_confirmation();
    tale.say(SHOP, Requested, 0, 1);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(SHOP, Lost, 0, PUBLISH);
    tale.say(SHOP, RolledBack, 0, Why::CommitFailed.code());
    tale.end();
    tale.expect_nothing();
    assert_eq!(tale.ledger.order_state(0), Some(OrderState::RolledBack));
}

#[test]
fn a_produced_unit_counts_as_committed() {
    let mut tale = Tale::without_confirmation();
    let produced = tale.say(SHOP, Produced, 0, 1);
    tale.say(SHOP, Sent, 0, PUBLISH);
    let lost = tale.say(SHOP, Lost, 0, PUBLISH);
    tale.expect(Verdict::Lost, lost, 0, 0, [produced, lost, NONE]);
}

#[test]
fn a_copy_that_is_dropped_is_lost() {
    let mut tale = Tale::to_mail();
    let committed = tale.order(0);
    let accepted = tale.reaches_mails(0);
    tale.say(BROKER, Crashed, NONE, 0);
    let dropped = tale.say(BROKER, Dropped, 0, AT_MAIL);
    tale.expect(Verdict::Lost, dropped, 0, 0, [committed, dropped, accepted]);
}

#[test]
fn a_copy_that_is_dropped_is_no_loss_while_a_delivery_is_on_the_way() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.say(BROKER, Sent, 0, TO_MAIL);
    tale.say(BROKER, Crashed, NONE, 0);
    tale.also(BROKER, Dropped, 0, AT_MAIL);
    tale.expect_nothing();
    let mut lucky = tale.clone();
    lucky.say(MAIL, Received, 0, 0);
    lucky.say(MAIL, Applied, 0, 0);
    lucky.end();
    lucky.expect_nothing();
    tale.say(BROKER, Lost, 0, TO_MAIL);
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn a_delivery_still_on_the_way_at_a_quiet_end_never_arrives() {
    for (held, verdict) in [(false, Verdict::Lost), (true, Verdict::Stuck)] {
        let mut tale = Tale::to_mail();
        tale.order(0);
        tale.reaches_mails(0);
        tale.say(BROKER, Sent, 0, TO_MAIL);
        if held {
            tale.also(BROKER, Held, 0, TO_MAIL);
        }
        tale.say(BROKER, Dropped, 0, AT_MAIL);
        tale.expect_nothing();
        tale.end();
        assert_eq!(tale.verdicts(), [verdict]);
    }
}

#[test]
fn a_publish_still_on_the_way_at_a_quiet_end_never_arrives() {
    for (held, verdict) in [(false, Verdict::Lost), (true, Verdict::Stuck)] {
        let mut tale = Tale::without_confirmation();
        tale.order(0);
        tale.say(SHOP, Sent, 0, PUBLISH);
        if held {
            tale.also(SHOP, Held, 0, PUBLISH);
        }
        tale.end();
        assert_eq!(tale.verdicts(), [verdict]);
    }
}

#[test]
fn what_is_on_the_way_to_a_worker_is_not_gone_with_what_it_has_in_hand() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_receives(0);
    tale.say(BROKER, Sent, 0, TO_MAIL);
    tale.say(BROKER, Settled, 0, AT_MAIL);
    tale.say(MAIL, Crashed, NONE, 0);
    tale.also(MAIL, RolledBack, 0, Why::Crash.code());
    tale.expect_nothing();
    tale.say(BROKER, Lost, 0, TO_MAIL);
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn a_worker_that_crashes_before_the_ack_loses_nothing() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_receives(0);
    tale.say(MAIL, Crashed, NONE, 0);
    tale.say(BROKER, Requeued, 0, AT_MAIL);
    tale.mail_serves(0);
    tale.end();
    tale.expect_nothing();
}

#[test]
fn an_ack_before_the_effect_and_then_a_crash_loses() {
    let mut tale = Tale::to_mail();
    let committed = tale.order(0);
    let accepted = tale.reaches_mails(0);
    tale.mail_receives(0);
    tale.say(BROKER, Settled, 0, AT_MAIL);
    tale.expect_nothing();
    let crashed = tale.say(MAIL, Crashed, NONE, 0);
    tale.expect(Verdict::Lost, crashed, 0, 0, [committed, crashed, accepted]);
}

#[test]
fn an_ack_before_the_effect_and_then_an_exception_loses() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_receives(0);
    tale.say(BROKER, Settled, 0, AT_MAIL);
    tale.say(MAIL, HandlerFailed, 0, 0);
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn an_accepted_message_that_is_put_in_no_queue_is_lost_after_the_step() {
    let mut tale = Tale::to_mail();
    let committed = tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(SHOP, GaveUp, 0, 0);
    let accepted = tale.say(BROKER, Accepted, 0, 0);
    tale.expect_nothing();
    tale.end();
    tale.expect(Verdict::Lost, accepted, 0, 0, [committed, accepted, accepted]);
}

#[test]
fn every_application_after_the_first_is_a_duplicate() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_receives(0);
    let first = tale.say(MAIL, Applied, 0, 0);
    tale.expect_nothing();
    tale.say(MAIL, Crashed, NONE, 0);
    tale.say(BROKER, Requeued, 0, AT_MAIL);
    let second = tale.mail_receives(0) + 1;
    tale.say(MAIL, Applied, 0, 0);
    tale.expect(Verdict::Duplicate, second, 0, 0, [first, second, NONE]);
    tale.say(MAIL, Applied, 0, 0);
    assert_eq!(tale.ledger.counts().duplicates, 2);
}

#[test]
fn a_repeat_that_the_inbox_recognises_is_no_duplicate() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_serves(0);
    tale.say(BROKER, Accepted, 0, 0);
    tale.also(BROKER, Enqueued, 0, AT_MAIL);
    tale.mail_receives(0);
    tale.say(MAIL, Recognised, 0, 0);
    tale.also(MAIL, RolledBack, 0, Why::Repeat.code());
    tale.say(BROKER, Settled, 0, AT_MAIL);
    tale.end();
    tale.expect_nothing();
    assert_eq!(Promise::ARecognisedRepeat.state(&tale.ledger).held, Some(true));
    assert_eq!(Promise::ARedelivery.state(&tale.ledger).held, Some(true));
}

#[test]
fn a_message_that_is_recognised_but_was_never_applied_is_lost() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_receives(0);
    tale.say(MAIL, Recognised, 0, 0);
    tale.expect_nothing();
    tale.say(BROKER, Settled, 0, AT_MAIL);
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn a_ghost_is_found_when_the_rollback_comes_first() {
    let mut tale = Tale::to_mail();
    tale.say(SHOP, Requested, 0, 1);
    let accepted = tale.reaches_mails(0);
    let undone = tale.say(SHOP, RolledBack, 0, Why::CommitFailed.code());
    tale.expect_nothing();
    let received = tale.mail_receives(0);
    tale.expect(Verdict::Ghost, received, 0, 0, [accepted, undone, received]);
    tale.say(MAIL, Crashed, NONE, 0);
    tale.mail_serves(0);
    assert_eq!(tale.verdicts(), [Verdict::Ghost], "once a pair");
}

#[test]
fn a_ghost_is_found_when_the_receipt_comes_first() {
    let mut tale = Tale::to_mail();
    tale.say(SHOP, Requested, 0, 1);
    let accepted = tale.reaches_mails(0);
    let received = tale.mail_receives(0);
    tale.expect_nothing();
    let undone = tale.say(SHOP, RolledBack, 0, Why::CommitFailed.code());
    tale.expect(Verdict::Ghost, undone, 0, 0, [accepted, undone, received]);
}

#[test]
fn a_rolled_back_message_that_no_consumer_sees_is_no_ghost() {
    let mut tale = Tale::to_mail();
    tale.say(SHOP, Requested, 0, 1);
    tale.reaches_mails(0);
    tale.say(SHOP, RolledBack, 0, Why::CommitFailed.code());
    tale.say(BROKER, Dropped, 0, AT_MAIL);
    tale.end();
    tale.expect_nothing();
}

#[test]
fn the_rollback_of_a_consumer_makes_no_ghost() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_receives(0);
    tale.say(MAIL, RolledBack, 0, Why::CommitFailed.code());
    tale.say(BROKER, Requeued, 0, AT_MAIL);
    tale.mail_serves(0);
    tale.end();
    tale.expect_nothing();
    assert_eq!(Promise::ARollback.state(&tale.ledger).held, Some(false));
}

#[test]
fn a_unit_is_half_sent_when_the_second_message_is_given_up() {
    let mut tale = Tale::two_to_mail();
    tale.say(SHOP, Requested, 0, 2);
    tale.say(SHOP, Committed, 0, 0);
    let accepted = tale.reaches_mails(0);
    tale.expect_nothing();
    tale.say(SHOP, SerializationFailed, 1, 0);
    let gave_up = tale.say(SHOP, GaveUp, 1, Why::Serialization.code());
    let half = tale.found()[0];
    assert_eq!((half.verdict, half.step, half.message), (Verdict::HalfSent, tale.step_of(gave_up), 1));
    assert_eq!((half.queue, half.proof), (NO_QUEUE, [accepted, gave_up, NONE]));
    assert_eq!(tale.verdicts(), [Verdict::HalfSent, Verdict::Lost]);
}

#[test]
fn a_unit_is_half_sent_only_when_the_first_message_has_arrived() {
    let mut tale = Tale::two_to_mail();
    tale.say(SHOP, Requested, 0, 2);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(SHOP, Crashed, NONE, 0);
    let gave_up = tale.also(SHOP, GaveUp, 1, Why::Crash.code());
    tale.say(SHOP, RolledBack, 0, Why::Crash.code());
    tale.expect_nothing();
    let accepted = tale.say(BROKER, Accepted, 0, 0);
    let half = tale.found()[0];
    assert_eq!((half.verdict, half.step), (Verdict::HalfSent, tale.step));
    assert_eq!(half.proof[0], accepted);
    assert!(half.proof[1] >= gave_up);
    assert_eq!(tale.ledger.counts().half_sent, 1);
}

#[test]
fn a_unit_of_which_nothing_was_sent_is_not_half_sent() {
    let mut tale = Tale::two_to_mail();
    tale.say(SHOP, Requested, 0, 2);
    tale.say(SHOP, GaveUp, 0, Why::Serialization.code());
    tale.say(SHOP, GaveUp, 1, Why::Serialization.code());
    tale.say(SHOP, RolledBack, 0, Why::Serialization.code());
    tale.expect_nothing();
}

#[test]
fn a_unit_is_not_half_sent_while_a_row_waits() {
    let mut tale = Tale::two_to_mail();
    tale.say(SHOP, Requested, 0, 2);
    tale.say(SHOP, WroteOutbox, 0, 0);
    tale.say(SHOP, WroteOutbox, 1, 0);
    tale.say(SHOP, Committed, 0, 0);
    for message in [0, 1] {
        tale.say(RELAY, Sent, message, PUBLISH);
    }
    tale.say(BROKER, Accepted, 0, u16::from(RELAY.0));
    tale.also(BROKER, Enqueued, 0, AT_MAIL);
    tale.say(RELAY, Lost, 1, PUBLISH);
    tale.say(RELAY, Crashed, NONE, 0);
    tale.expect_nothing();
}

#[test]
fn what_waits_at_the_end_is_stuck() {
    let mut tale = Tale::to_mail();
    let row = tale.order_with_row(0, 0);
    let queued = tale.order_with_row(1, 1);
    tale.say(RELAY, Sent, 1, PUBLISH);
    let accepted = tale.say(BROKER, Accepted, 1, u16::from(RELAY.0));
    tale.also(BROKER, Enqueued, 1, AT_MAIL);
    let marked = tale.say(RELAY, Marked, 1, 0);
    tale.say(SHOP, Requested, 2, 1);
    tale.expect_nothing();
    tale.end();
    let proofs: Vec<_> = tale.found().iter().map(|finding| finding.proof).collect();
    assert_eq!(tale.verdicts(), [Verdict::Stuck; 2]);
    assert_eq!(proofs, [[row, row - 1, NONE], [queued, marked, accepted]]);
    assert_eq!(tale.ledger.first_finding(Verdict::Stuck).unwrap().0, 0);
    assert_eq!(Promise::EverythingArrives.state(&tale.ledger).held, Some(false));
    assert_eq!(Promise::NothingLost.state(&tale.ledger).held, Some(true));
}

#[test]
fn a_parked_copy_is_not_lost_and_not_stuck() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    let accepted = tale.reaches_mails(0);
    let received = tale.mail_receives(0);
    tale.say(MAIL, DecodeFailed, 0, 0);
    tale.expect_nothing();
    let parked = tale.say(BROKER, DeadLettered, 0, AT_MAIL);
    tale.end();
    tale.expect(Verdict::Parked, parked, 0, 0, [accepted, received, parked]);
    assert_eq!(Promise::EverythingArrives.state(&tale.ledger).held, Some(true));
}

/// Four orders in hand of mail; 0 and 2 have one key, 1 and 3 the other.
fn four_orders() -> (Tale, Vec<u32>) {
    let mut tale = Tale::to_mail();
    let commits = (0..4).map(|order| tale.order(order)).collect();
    (0..4).for_each(|message| {
        tale.reaches_mails(message);
    });
    (tale, commits)
}

#[test]
fn an_earlier_order_of_the_same_key_that_comes_later_is_out_of_order() {
    let (mut tale, commits) = four_orders();
    let later = tale.mail_serves(2);
    tale.mail_serves(1);
    tale.expect_nothing();
    let earlier = tale.mail_receives(0) + 1;
    tale.say(MAIL, Applied, 0, 0);
    tale.expect(Verdict::OutOfOrder, earlier, 0, 0, [commits[0], later, earlier]);
}

#[test]
fn a_repeat_of_an_earlier_order_is_a_duplicate_and_not_out_of_order() {
    let (mut tale, _) = four_orders();
    for message in [0, 2, 0] {
        tale.mail_serves(message);
    }
    assert_eq!(tale.verdicts(), [Verdict::Duplicate]);
}

#[test]
fn an_effect_before_its_commit_that_overtakes_shows_at_the_commit() {
    let mut tale = Tale::to_mail();
    let committed = tale.order(0);
    tale.order(1);
    tale.say(SHOP, Requested, 2, 1);
    tale.reaches_mails(2);
    tale.reaches_mails(0);
    let early = tale.mail_serves(2);
    let late = tale.mail_serves(0);
    tale.expect_nothing();
    let commit = tale.say(SHOP, Committed, 2, 0);
    tale.expect(Verdict::OutOfOrder, commit, 0, 0, [committed, early, late]);
    assert_eq!(tale.ledger.totals().arrived, 2);
}

#[test]
fn a_topic_with_two_read_queues_owes_two_effects() {
    let mut tale = Tale::new(&setup(&[Target::Topic(0)]));
    tale.order(0);
    assert_eq!(tale.ledger.queues_of(0), [0, 1]);
    assert_eq!(tale.ledger.totals().expected, 2);
    tale.reaches_mails(0);
    // The copy for stock never comes to be: certain when the publisher has no more to send.
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
    assert_eq!(tale.found()[0].queue, AT_STOCK as u8);

    let mut tale = Tale::new(&setup(&[Target::Topic(0)]));
    tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(BROKER, Accepted, 0, 0);
    for queue in [AT_MAIL, AT_STOCK, 2] {
        tale.also(BROKER, Enqueued, 0, queue);
    }
    tale.say(SHOP, Confirmed, 0, 0);
    tale.mail_serves(0);
    let dropped = tale.say(BROKER, Dropped, 0, AT_STOCK);
    assert_eq!((tale.verdicts(), tale.found()[0].step), (vec![Verdict::Lost], tale.step_of(dropped)));
    tale.say(BROKER, Dropped, 0, 2);
    assert_eq!(tale.ledger.counts().lost, 1, "nobody reads the third queue");
}

#[test]
fn any_worker_of_a_queue_can_apply_and_each_has_a_hand_of_its_own() {
    let mut tale = Tale::new(&setup(&[Target::Queue(1)]));
    tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(BROKER, Accepted, 0, 0);
    tale.also(BROKER, Enqueued, 0, AT_STOCK);
    tale.say(SHOP, Confirmed, 0, 0);
    for worker in [STOCK, STOCK_2] {
        tale.say(BROKER, Sent, 0, packet_code(PacketKind::Delivery, worker));
        tale.say(worker, Received, 0, u16::from(worker == STOCK_2));
    }
    tale.say(BROKER, Settled, 0, AT_STOCK);
    tale.say(STOCK, Crashed, NONE, 0);
    tale.expect_nothing();
    tale.say(STOCK_2, Applied, 0, 1);
    tale.end();
    tale.expect_nothing();
    assert_eq!((tale.ledger.applied(0, 1), tale.ledger.totals().redeliveries), (1, 1));
}

#[test]
fn it_knows_which_message_belongs_to_what() {
    let mut tale = Tale::two_to_mail();
    tale.say(SHOP, Requested, 0, 2);
    tale.say(SHOP, Requested, 1, 2);
    let ledger = &tale.ledger;
    assert_eq!((ledger.order_of(3), ledger.kind_of(3), ledger.messages_of(1)), (Some(1), Some(1), 2..4));
    assert_eq!((ledger.service_of(1), ledger.order_state(1)), (Some(0), Some(OrderState::Open)));
    assert_eq!((ledger.order_of(4), ledger.kind_of(4), ledger.messages_of(2)), (None, None, 0..0));
    assert_eq!((ledger.service_of(2), ledger.order_state(2), ledger.applied(9, 9)), (None, None, 0));
}

#[test]
fn nonsense_is_passed_over() {
    let mut tale = Tale::to_mail();
    for number in 0..=(Ended as u8) {
        // Every kind, by every party, about things that don't exist.
        let kind = KINDS[usize::from(number)];
        for actor in [SHOP, RELAY, BROKER, MAIL, ActorId(77)] {
            for other in [0, 1, 9, PUBLISH, TO_MAIL, u16::MAX] {
                tale.say(actor, kind, 1_000_000, other);
                tale.say(actor, kind, NONE, other);
            }
        }
    }
    tale.expect_nothing();
}

const KINDS: [Kind; Ended as usize + 1] = [
    Requested,
    Refused,
    Produced,
    Began,
    Wrote,
    Serialized,
    SerializationFailed,
    WroteOutbox,
    Committed,
    RolledBack,
    GaveUp,
    Sent,
    Confirmed,
    NotTaken,
    TimedOut,
    Polled,
    Marked,
    Accepted,
    Enqueued,
    Unroutable,
    Settled,
    Requeued,
    DeadLettered,
    Dropped,
    Stale,
    Lost,
    Doubled,
    Delayed,
    Held,
    Released,
    Received,
    DecodeFailed,
    WroteInbox,
    Recognised,
    Staged,
    Applied,
    HandlerFailed,
    Struck,
    Laid,
    Crashed,
    Restarted,
    DatabaseDown,
    DatabaseUp,
    Cut,
    Healed,
    Slowed,
    Ended,
];

#[test]
fn a_promise_is_open_until_it_is_broken_reached_or_the_run_ends() {
    let mut tale = Tale::to_mail();
    let promises = [
        Promise::NothingLost,
        Promise::NoGhost,
        Promise::EverythingArrives,
        Promise::BrokerDown,
        Promise::ACut,
    ];
    let held =
        |tale: &Tale| judge(&tale.ledger, &promises).iter().map(|state| state.held).collect::<Vec<_>>();
    tale.order(0);
    tale.reaches_mails(0);
    assert_eq!(held(&tale), [None; 5]);
    let down = tale.say(BROKER, Crashed, NONE, 0);
    let dropped = tale.say(BROKER, Dropped, 0, AT_MAIL);
    assert_eq!(held(&tale), [Some(false), None, None, Some(true), None]);
    let end = tale.end();
    assert_eq!(held(&tale), [Some(false), Some(true), Some(false), Some(true), Some(false)]);
    let states = judge(&tale.ledger, &promises);
    let breach = |index: usize| states[index].broken.map(|breach| (breach.step, breach.finding));
    assert_eq!((breach(0), breach(2)), (Some((tale.step_of(dropped), 0)), Some((tale.step_of(end), 0))));
    assert_eq!(states[3].reached.map(|moment| moment.place), Some(down));
}

#[test]
fn names_are_unique_and_read_back() {
    for promise in Promise::ALL {
        assert_eq!(Promise::of(promise.name()), Some(promise));
        assert!(!promise.sentence().is_empty());
    }
    assert_eq!(Promise::of("nothing"), None);
    assert_eq!((Promise::InOrder.when(), Promise::AnEffect.when()), (When::Always, When::Sometimes));
    assert_eq!(Promise::EverythingArrives.when(), When::Eventually);
    assert_eq!(Verdict::ALL.map(Verdict::name)[3..5], ["half-sent", "stuck"]);
}
