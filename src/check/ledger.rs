//! Was it committed, was it sent, how often was it applied, and may it still be? The independent account of
//! every order and message, folded over the history.
//!
//! Every committed order is owed one effect at each queue that its messages should reach. As long as an effect
//! is missing, there must be **hope**: the service means to send the message, an unmarked outbox row holds it, a
//! packet carries it, the queue has a copy, or a worker has it in hand. The step that takes the last hope is
//! the step at which the effect is lost.

use super::account::{Bench, Message, Order, Pair, Turn};
use super::aside::Aside;
use super::finding::{Counts, Finding, Totals, Verdict};
use super::reach::{Part, Reach};
use super::requests::Requests;
use super::rounds::Rounds;
use crate::broker::record::{Kind, NONE, Record, Why};
use crate::broker::setup::Setup;
use crate::fault::point::PacketKind;
use crate::sim::chunked::Chunked;
use crate::sim::time::Instant;
use std::ops::Range;
use std::sync::Arc;

pub use super::account::OrderState;

/// When and where in the history something was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The place of the record.
    pub place: u32,
    /// The step.
    pub step: u32,
    /// The time.
    pub at: Instant,
}

impl Moment {
    /// Before anything happened; stands for "not yet".
    const NEVER: Moment = Moment { place: NONE, step: 0, at: Instant::START };

    /// Itself, unless it stands for "not yet".
    pub(super) fn seen(self) -> Option<Moment> {
        (self.place != NONE).then_some(self)
    }
}

/// Something interesting that a run may reach.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Fact {
    Crash,
    BrokerDown,
    Rollback,
    Redelivery,
    SerializationError,
    DeserializationError,
    HandlerError,
    LostPacket,
    DoubledPacket,
    Effect,
    RepeatSkipped,
    NotTaken,
    TimedOut,
    DatabaseOutage,
    Cut,
    DeadLetter,
    DroppedCopy,
    VisibilityTimeout,
    EmptyPoll,
    Redrive,
    Retry,
    Replay,
    RefusedCall,
    PlannedStop,
    LateSubscriber,
    FilteredCopy,
    FailedSubscription,
    ReturnedMessage,
    BadMessage,
    ExpiredMessage,
    FullQueue,
    ReturnLimit,
    /// A value was set again. No promise watches it.
    Repeat,
}

const FACTS: usize = Fact::Repeat as usize + 1;

/// The account of a run so far. A clone shares what is long.
#[derive(Clone, PartialEq, Debug)]
pub struct Ledger {
    pub(super) reach: Arc<Reach>,
    pub(super) orders: Chunked<Order>,
    pub(super) messages: Chunked<Message>,
    pub(super) pairs: Chunked<Pair>,
    pub(super) turns: Chunked<Turn>,
    pub(super) rounds: Rounds,
    pub(super) requests: Requests,
    /// Late subscriptions that have been made: topic and queue.
    pub(super) made: Vec<(u8, u8)>,
    /// By worker.
    pub(super) benches: Vec<Bench>,
    /// By service: the key of its next order.
    pub(super) next_keys: Vec<u32>,
    /// By service: how many orders it has taken in.
    pub(super) taken_in: Vec<u32>,
    pub(super) totals: Totals,
    pub(super) findings: Chunked<Finding>,
    pub(super) counts: Counts,
    /// By verdict: the index of the first finding.
    pub(super) firsts: [u32; Verdict::ALL.len()],
    pub(super) facts: [Moment; FACTS],
    pub(super) ended: Moment,
    /// The message that the broker took in the step at hand, or [`NONE`]: whether copies of it were made can be
    /// told only after the step.
    pub(super) taken: u32,
    /// When it was taken.
    pub(super) taken_at: Moment,
    pub(super) aside: Aside,
    /// Whether what was found is kept back: see [`Ledger::kept_back`].
    pub(super) kept_back: bool,
}

impl Ledger {
    /// An empty ledger for a run of that setup.
    pub fn new(setup: &Setup) -> Ledger {
        let reach = Reach::new(setup);
        let mut turns = Chunked::default();
        for _ in 0..reach.turn_count() {
            turns.push(Turn { sequence: 0, place: NONE, message: NONE, last: NONE });
        }
        Ledger {
            orders: Chunked::default(),
            messages: Chunked::default(),
            pairs: Chunked::default(),
            turns,
            rounds: Rounds::new(setup),
            requests: Requests::new(setup),
            made: Vec::new(),
            benches: vec![Bench::default(); reach.workers()],
            next_keys: vec![0; reach.services()],
            taken_in: vec![0; reach.services()],
            totals: Totals::default(),
            findings: Chunked::default(),
            counts: Counts::default(),
            firsts: [NONE; Verdict::ALL.len()],
            facts: [Moment::NEVER; FACTS],
            ended: Moment::NEVER,
            taken: NONE,
            taken_at: Moment::NEVER,
            aside: Aside::default(),
            kept_back: false,
            reach: Arc::new(reach),
        }
    }

    /// Takes in the next record of the history, which stands at that place. Every record must come, in order.
    /// Records that make no sense (an unknown message, say) are passed over.
    pub fn observe(&mut self, place: u32, record: &Record) {
        let now = Moment { place, step: record.step, at: record.at };
        if record.step != self.taken_at.step || record.kind == Kind::Accepted {
            self.step_is_over();
        }
        let subject = record.subject;
        match record.kind {
            Kind::Requested | Kind::Produced => self.take_in(now, record),
            Kind::WroteOutbox => self.stage_row(now, subject),
            Kind::Committed => self.commit(now, subject),
            Kind::RolledBack => self.undo(now, record),
            Kind::GaveUp => self.end_intention(now, subject),
            Kind::Sent => self.send(now, record),
            Kind::Confirmed => {
                if let Part::Service(_) = self.reach.part(record.actor) {
                    self.end_intention(now, subject);
                }
            }
            Kind::Polled => self.end_round(now, record.actor),
            Kind::RowTaken => self.take_row(record),
            Kind::PositionSaved => self.save_position(now, record),
            Kind::PollFailed => self.end_round(now, record.actor),
            Kind::Marked => self.mark(now, subject),
            Kind::WillRetry => self.note(Fact::Retry, now),
            Kind::WroteDeadLetter => self.write_letter(now, subject),
            Kind::ReplayAsked => self.note(Fact::Replay, now),
            Kind::LetterRemoved | Kind::LetterDiscarded => self.remove_letter(now, subject),
            Kind::Accepted => self.accept(now, subject),
            Kind::Enqueued => self.enqueue(now, record),
            // One of the servers has not heard of it: the copy will be there again.
            Kind::Settled if record.other >> 8 != 0 => self.touch(now, record),
            Kind::Settled => self.remove_copy(now, record),
            Kind::Reexposed | Kind::Requeued | Kind::Leased | Kind::Extended | Kind::DelayEnded => {
                self.touch(now, record)
            }
            Kind::VisibilityEnded => {
                self.note(Fact::VisibilityTimeout, now);
                self.touch(now, record);
            }
            Kind::Redriven => {
                self.note(Fact::Redrive, now);
                self.redrive(now, record);
            }
            Kind::Discarded => self.discard(now, record),
            Kind::TakenOut => self.take_out(now, record),
            Kind::DeadLettered => {
                self.note(Fact::DeadLetter, now);
                self.park(now, record);
            }
            Kind::Dropped => {
                self.note(Fact::DroppedCopy, now);
                self.drop_copy(now, record);
            }
            Kind::Lost => {
                self.note(Fact::LostPacket, now);
                self.lose_packet(now, record);
            }
            Kind::Doubled => {
                self.note(Fact::DoubledPacket, now);
                self.double_packet(now, record);
            }
            Kind::Held | Kind::Released => self.hold_packet(record),
            Kind::Received => self.receive(now, record),
            Kind::DecodeFailed => {
                self.note(Fact::DeserializationError, now);
                self.put_down(now, record);
            }
            Kind::Recognised => {
                self.note(Fact::RepeatSkipped, now);
                self.put_down(now, record);
            }
            Kind::SetAgain => {
                self.note(Fact::Repeat, now);
                self.put_down(now, record);
            }
            Kind::HandlerFailed => {
                self.note(Fact::HandlerError, now);
                self.put_down(now, record);
            }
            Kind::Applied => {
                self.note(Fact::Effect, now);
                self.apply(now, record);
            }
            Kind::Stored => self.store(now, record),
            Kind::PutBack => self.note_put_back(now, record),
            Kind::Crashed => self.crash(now, record),
            Kind::Ended => self.end(now, subject == 0),
            Kind::SerializationFailed => self.note(Fact::SerializationError, now),
            Kind::NotTaken => {
                let calls = self.reach.calls(record.actor);
                self.note(if calls { Fact::RefusedCall } else { Fact::NotTaken }, now);
            }
            Kind::Arrived => self.arrive(now, record),
            Kind::Refused => self.refuse(now, record),
            Kind::Answered => self.answer(now, record),
            Kind::Stopped => {
                self.note(Fact::PlannedStop, now);
                self.leave(now, record);
            }
            Kind::TimedOut => self.note(Fact::TimedOut, now),
            Kind::DatabaseDown => self.note(Fact::DatabaseOutage, now),
            Kind::Cut => self.note(Fact::Cut, now),
            Kind::Subscribed => {
                self.note(Fact::LateSubscriber, now);
                self.made.push((subject as u8, record.other as u8));
            }
            Kind::Filtered => self.note(Fact::FilteredCopy, now),
            Kind::Undeliverable => {
                self.note(Fact::FailedSubscription, now);
                self.touch(now, record);
            }
            Kind::Diverted => {
                self.note(Fact::DeadLetter, now);
                self.note(Fact::FailedSubscription, now);
                self.park(now, record);
            }
            Kind::Returned => self.note(Fact::ReturnedMessage, now),
            Kind::Spoiled => self.note(Fact::BadMessage, now),
            Kind::Expired => self.note(Fact::ExpiredMessage, now),
            Kind::Overflowed => self.note(Fact::FullQueue, now),
            Kind::TurnedAway => {
                self.note(Fact::FullQueue, now);
                self.shut_out(now, record);
            }
            Kind::LimitReached => self.note(Fact::ReturnLimit, now),
            Kind::SubscriptionDown | Kind::SubscriptionUp => {}
            Kind::Began | Kind::Wrote | Kind::Serialized | Kind::Unroutable => {}
            Kind::CallFailed
            | Kind::Stopping
            | Kind::Stale
            | Kind::Delayed
            | Kind::Hurried
            | Kind::Lagged
            | Kind::WroteInbox
            | Kind::Staged
            | Kind::Cleaned => {}
            Kind::NotKnown | Kind::IdKept | Kind::Forgot | Kind::DelayChanged => {}
            Kind::NotTakenOut | Kind::ExtendRefused | Kind::LongPolled | Kind::PollTimedOut => {}
            Kind::WroteMore | Kind::Collected | Kind::ReplayFailed | Kind::LetterEdited => {}
            Kind::Struck | Kind::Laid | Kind::Restarted | Kind::DatabaseUp | Kind::Healed | Kind::Slowed => {}
        }
    }

    /// All records of a step have come. What only the whole step tells is found now, and without this with the
    /// first record of the next.
    pub fn step_is_over(&mut self) {
        if self.taken != NONE {
            let message = std::mem::replace(&mut self.taken, NONE);
            self.weigh_message(self.taken_at, message);
        }
    }

    /// A stored message waits again in its table: nothing is gone.
    fn note_put_back(&mut self, now: Moment, record: &Record) {
        if Why::of(record.other) == Why::Handler {
            self.note(Fact::HandlerError, now);
        }
    }

    fn undo(&mut self, now: Moment, record: &Record) {
        match self.reach.part(record.actor) {
            Part::Service(_) => {
                self.note(Fact::Rollback, now);
                self.roll_back(now, record.subject);
            }
            // Those two ended the work already, with a record of their own; another delivery of the same
            // message may be in the same hand.
            Part::Worker(..) if matches!(Why::of(record.other), Why::Handler | Why::Repeat) => {}
            Part::Worker(..) => self.put_down(now, record),
            Part::Between => {}
        }
    }

    fn send(&mut self, now: Moment, record: &Record) {
        let (kind, to) = record.packet();
        match kind {
            PacketKind::Publish => self.publish(now, record),
            PacketKind::Refuse => self.turn_away(now, record),
            PacketKind::Reply if record.subject == NONE => self.note(Fact::EmptyPoll, now),
            PacketKind::Delivery | PacketKind::Reply | PacketKind::Call => self.deliver(record.subject, to),
            PacketKind::Confirm | PacketKind::Ack | PacketKind::Nack => {}
            PacketKind::Poll | PacketKind::Delete | PacketKind::Extend => {}
            PacketKind::Response | PacketKind::Error | PacketKind::Return | PacketKind::Reject => {}
        }
    }

    /// The same account for somebody who is still to find out: without what was found, and without a word on
    /// what should not be there.
    pub fn kept_back(&self) -> Ledger {
        Ledger {
            findings: Chunked::default(),
            counts: Counts::default(),
            firsts: [NONE; Verdict::ALL.len()],
            kept_back: true,
            ..self.clone()
        }
    }

    /// Whether what was found is kept back.
    pub fn keeps_back(&self) -> bool {
        self.kept_back
    }

    /// Notes that something was reached, if it is the first time.
    #[inline]
    pub(super) fn note(&mut self, fact: Fact, now: Moment) {
        let first = &mut self.facts[fact as usize];
        if first.place == NONE {
            *first = now;
        }
    }

    /// When something was first reached.
    pub(super) fn reached(&self, fact: Fact) -> Option<Moment> {
        self.facts[fact as usize].seen()
    }

    /// Everything found so far, in the order found.
    pub fn findings(&self) -> impl DoubleEndedIterator<Item = &Finding> {
        self.findings.iter()
    }

    /// Everything found so far from that index on.
    pub fn findings_from(&self, index: u32) -> impl Iterator<Item = &Finding> {
        self.findings.iter_from(index as usize)
    }

    /// How many findings there are.
    pub fn finding_count(&self) -> u32 {
        self.findings.len() as u32
    }

    /// The finding of that index in [`Ledger::findings`].
    pub fn finding(&self, index: u32) -> Option<&Finding> {
        self.findings.get(index as usize)
    }

    /// All findings about that message.
    pub fn findings_of_message(&self, message: u32) -> impl Iterator<Item = &Finding> {
        self.findings().filter(move |finding| finding.message == message)
    }

    /// All findings about that order and its messages.
    pub fn findings_of_order(&self, order: u32) -> impl Iterator<Item = &Finding> {
        self.findings().filter(move |finding| finding.order == order)
    }

    /// The first finding of that verdict, with its index.
    pub fn first_finding(&self, verdict: Verdict) -> Option<(u32, &Finding)> {
        let index = self.firsts[verdict as usize];
        Some((index, self.finding(index)?))
    }

    /// How many findings there are of each verdict.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How much there was of everything.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// When the run ended, if it has.
    pub fn ended(&self) -> Option<Moment> {
        self.ended.seen()
    }

    /// How many orders were taken in.
    pub fn orders(&self) -> u32 {
        self.orders.len() as u32
    }

    /// How many messages these orders have.
    pub fn messages(&self) -> u32 {
        self.messages.len() as u32
    }

    /// The order of a message.
    pub fn order_of(&self, message: u32) -> Option<u32> {
        Some(self.messages.get(message as usize)?.order)
    }

    /// Which of its service's messages a message is: an index in `Service::messages`.
    pub fn kind_of(&self, message: u32) -> Option<u8> {
        Some(self.messages.get(message as usize)?.kind)
    }

    /// The index of the service that took an order in.
    pub fn service_of(&self, order: u32) -> Option<u8> {
        Some(self.orders.get(order as usize)?.service)
    }

    /// The messages of an order; none for an unknown order.
    pub fn messages_of(&self, order: u32) -> Range<u32> {
        let range = |order: &Order| order.first_message..order.first_message + u32::from(order.messages);
        self.orders.get(order as usize).map_or(0..0, range)
    }

    /// What became of an order; nothing of an unknown one.
    pub fn order_state(&self, order: u32) -> Option<OrderState> {
        Some(self.orders.get(order as usize)?.state)
    }

    /// Whether the order of a message was rolled back: a message that is out all the same is a ghost.
    pub fn is_undone(&self, message: u32) -> bool {
        !self.kept_back
            && self.order_of(message).and_then(|order| self.order_state(order))
                == Some(OrderState::RolledBack)
    }

    /// How often the broker took a message (255: or more).
    pub fn times_accepted(&self, message: u32) -> u8 {
        self.messages.get(message as usize).map_or(0, |message| message.takes)
    }

    /// How many messages of an order the broker has taken.
    pub fn messages_sent(&self, order: u32) -> usize {
        self.messages_of(order).filter(|&message| self.times_accepted(message) > 0).count()
    }

    /// The queues at which an effect of the message is expected.
    pub fn queues_of(&self, message: u32) -> &[u8] {
        self.messages.get(message as usize).map_or(&[], |message| self.reach.targets(message.route))
    }

    /// How often the effect of a message was applied from that queue.
    pub fn applied(&self, message: u32, queue: u8) -> u32 {
        let pair = self.pair_of(message, queue).and_then(|(_, pair)| self.pairs.get(pair));
        pair.map_or(0, |pair| pair.applied)
    }

    /// The slot and the index of the pair of a message and a queue that it should reach.
    #[inline]
    pub(super) fn pair_of(&self, message: u32, queue: u8) -> Option<(u8, usize)> {
        let message = self.messages.get(message as usize)?;
        let slot = self.reach.slot(message.route, queue)?;
        Some((slot, message.first_pair as usize + usize::from(slot)))
    }

    /// Whether somebody who reads that queue has received the message.
    pub fn was_received(&self, message: u32, queue: u8) -> bool {
        let pair = self.pair_of(message, queue).and_then(|(_, index)| self.pairs.get(index));
        pair.is_some_and(|pair| pair.received != NONE)
    }

    /// Whether more than one effect is owed to that order: several messages, or several who should get one.
    pub fn is_for_several(&self, order: u32) -> bool {
        let Some(order) = self.orders.get(order as usize) else { return false };
        let only = self.messages.get(order.first_message as usize);
        order.messages > 1 || only.is_some_and(|message| message.pairs > 1)
    }

    /// Whether the order of that number is a fact.
    pub(super) fn is_committed(&self, order: u32) -> bool {
        self.orders.get(order as usize).is_some_and(|order| order.state == OrderState::Committed)
    }
}
