//! What happened? The history: small typed records, each with its cause. Everything that anyone sees of a run
//! is a fold over them.

use crate::fault::point::{ActorId, PacketKind};
use crate::sim::chunked::Chunked;
use crate::sim::digest::Digest;
use crate::sim::time::Instant;

/// "None" in a record's `cause` or `subject`.
pub const NONE: u32 = u32::MAX;
/// "None" as the step in the `other` of [`Kind::Slowed`].
pub const NO_STEP: u16 = u16::MAX;

/// One thing that happened. 24 bytes; what `subject` and `other` mean stands at each [`Kind`].
///
/// Numbers that records use:
/// - **order**: units of work are numbered from 0 in the order they are taken in ([`Kind::Requested`] or
///   [`Kind::Produced`]), across all services. People are shown the number plus one.
/// - **message**: the messages of a unit get consecutive numbers when it is taken in, `other` of that record of
///   them, in the order of the service's `messages`. So whoever counts the records knows them.
/// - **place**: a party ([`ActorId`]) or queue in the low byte of `other`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Record {
    /// When.
    pub at: Instant,
    /// In which step of the run, counted from 1.
    pub step: u32,
    /// The place in the history of the record that led to this one, or [`NONE`].
    pub cause: u32,
    /// Usually an order or a message.
    pub subject: u32,
    /// What happened.
    pub kind: Kind,
    /// Who did it or to whom it happened.
    pub actor: ActorId,
    /// More, by kind.
    pub other: u16,
}

/// What kind of thing happened. "by" names the `actor`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[repr(u8)]
pub enum Kind {
    // -- a service at work --
    /// A unit of work was taken in by a service with a database. Subject: order; other: number of messages.
    Requested,
    /// A unit of work was refused: the service was down. It was never promised anything, gets no number.
    /// Subject: [`NONE`].
    Refused,
    /// A plain producer made a unit of work; it counts as committed. Subject: order; other: number of messages.
    Produced,
    /// A transaction was opened, by a service (subject: order) or a consumer (subject: message).
    Began,
    /// The business row was staged. Subject: order.
    Wrote,
    /// A message was turned into bytes. Subject: message.
    Serialized,
    /// A message could not be. Subject: message.
    SerializationFailed,
    /// An outbox row was staged. Subject: message; other: where the service works on several orders at once, the
    /// row's id, from 1 (and 65,535 for all beyond).
    WroteOutbox,
    /// The transaction of a service was committed: the order is a fact, its outbox rows wait. Subject: order.
    Committed,
    /// A transaction was undone: by a service (subject: order) or a consumer (subject: message).
    /// Other: a [`Why`].
    RolledBack,
    /// The service will never (again) try to send this message. Subject: message; other: a [`Why`].
    GaveUp,
    // -- publishing, by a service or a relay --
    /// A packet was sent. Subject: message; other: the [`PacketKind`] in the high byte, the receiver in the low.
    /// An answer to a poll has such a record for each of its messages, and one with [`NONE`] if it is empty.
    Sent,
    /// The publisher learned that the broker has the message. Subject: message.
    Confirmed,
    /// The publisher learned that the broker cannot be reached (other: 0), or that a queue is full (1). Subject:
    /// message.
    NotTaken,
    /// The publisher waited for a confirmation in vain; the message may be there or not. Subject: message.
    TimedOut,
    // -- a relay --
    /// Rows that wait were read. Subject: how many.
    Polled,
    /// An outbox row was marked as sent. Subject: message.
    Marked,
    // -- the broker --
    /// A published message arrived and was taken. Subject: message; other: the sender.
    Accepted,
    /// A copy was put in a queue. Subject: message; other: queue.
    Enqueued,
    /// No queue was there for it: the message is gone (R6). Subject: message.
    Unroutable,
    /// The broker was told that a delivery is done; the copy is gone from the queue. Subject: message; other: queue in
    /// the low byte; in the high byte 1 if one of its servers has not heard of that (R12).
    Settled,
    /// A delivered copy went back to its place in the queue. Subject: message; other: queue.
    Requeued,
    /// A rejected copy was parked. Subject: message; other: queue.
    DeadLettered,
    /// A copy was thrown away: rejected without dead letters, or not durable when the broker went down.
    /// Subject: message; other: queue.
    Dropped,
    /// An ack or nack came for a delivery that is no longer the sender's, or a delete with a handle that is not the
    /// latest (R17). Subject: message; other: the sender.
    Stale,
    // -- wires --
    /// A packet vanished. Subject: message; other as for [`Kind::Sent`]; actor: the sender.
    Lost,
    /// A packet got a twin, which arrives later. Subject, other and actor as for [`Kind::Lost`].
    Doubled,
    /// A packet was delayed. Subject, other and actor as for [`Kind::Lost`].
    Delayed,
    /// A packet stands still. Subject, other and actor as for [`Kind::Lost`].
    Held,
    /// It goes on. Subject, other and actor as for [`Kind::Lost`].
    Released,
    // -- a worker of a consumer --
    /// A delivery was taken in. Subject: message; other: 1 if the broker said it may be a repeat, else 0.
    Received,
    /// A delivery could not be decoded. Subject: message.
    DecodeFailed,
    /// The message's id was staged in the inbox. Subject: message; other: which of its ids, 0 where it has only one
    /// (R157).
    WroteInbox,
    /// The inbox knew the id already: the effect is skipped. Subject: message.
    Recognised,
    /// The effect was staged in a transaction. Subject: message.
    Staged,
    /// The effect is a fact (at once, or with the commit of its transaction). Subject: message;
    /// other: the consumer's index.
    Applied,
    /// The handler failed with an exception. Subject: message.
    HandlerFailed,
    // -- what goes wrong --
    /// A fault of the plan struck here; what follows from it names this as its cause. Other: its place in the
    /// plan (rules laid down by hand follow those of the scenario).
    Struck,
    /// A rule was laid down by hand. Other: its place in the plan.
    Laid,
    /// A party crashed (the broker went down). Its memory and its open transaction are gone.
    Crashed,
    /// It is up again.
    Restarted,
    /// The party's database does not answer.
    DatabaseDown,
    /// It answers again.
    DatabaseUp,
    /// Nothing passes between the party and the broker.
    Cut,
    /// It passes again.
    Healed,
    /// A step was made late by a fault. Other: which [`crate::fault::point::Step`]; or, with [`NO_STEP`], whatever was due
    /// lets what else is due at that moment go first.
    Slowed,
    /// The run is over. Subject: 0 if nothing is left to happen, 1 if the limit was reached.
    Ended,
    // -- later additions stand at the end: a kind's number is part of every fingerprint --
    /// A relay could not read or mark rows: the database did not answer. The round is over. Subject: [`NONE`].
    PollFailed,
    /// A polled queue gave a copy to whoever asked: it is hidden until its visibility timeout ends. Subject: message;
    /// other: queue in the low byte, how often it was received by now in the high byte (255: or more).
    Leased,
    /// The visibility timeout ended and nobody had deleted the message: it can be received again. Subject: message;
    /// other: queue.
    VisibilityEnded,
    /// The visibility timeout of a message in flight was set anew. Subject: message; other: queue in the low byte; in
    /// the high byte 1 if it was set to nothing: the message is given back.
    Extended,
    /// It was not: the message is not in flight under that handle (R30; other: 0), or would be hidden for more than
    /// 12 h (R29; other: 1). Subject: message.
    ExtendRefused,
    /// The delay of a new message is over: it can be received. Subject: message; other: queue.
    DelayEnded,
    /// A poll found nothing and waits at the broker. Subject: [`NONE`]; other: queue in the low byte, who asked in
    /// the high byte.
    LongPolled,
    /// A consumer waited in vain for the answer to a poll. Subject: [`NONE`].
    PollTimedOut,
    /// A deleted message is there again: one of the servers had not heard of the delete (R12). Subject: message;
    /// other: queue.
    Reexposed,
    /// A message was moved back from a dead-letter queue. Subject: message; other: the queue it is in now in the low
    /// byte, the dead-letter queue in the high byte.
    Redriven,
    /// An operator threw a copy away. Subject: message; other: the queue whose consumers were to get it in the low
    /// byte, the queue it was in in the high byte.
    Discarded,
    /// A relay has a row in hand that it will publish even if the row is marked meanwhile: told where several
    /// relays share an outbox, or rows are marked first. Subject: message.
    RowTaken,
    /// A relay saved how far it has read: to it, everything up to the row of this message is sent. Subject: message.
    PositionSaved,
    /// Rows that are marked as sent were deleted, the oldest first. Subject: how many.
    Cleaned,
    /// A consumer looked for the message's id in its inbox and did not find it. Subject: message.
    NotKnown,
    /// The message's id is a fact in the inbox, in a transaction without the effect. Subject: message; other: which of
    /// its ids.
    IdKept,
    /// An id is older than the inbox remembers, and is deleted. Subject: message.
    Forgot,
    /// The message is a row of the inbox, to be worked on later (R149). Subject: message.
    Stored,
    /// The work on a stored message failed or was interrupted: its row waits again. Subject: message; other: a [`Why`].
    PutBack,
    // -- the sending side of a service --
    /// The rest of the unit's rows was staged. Subject: order.
    WroteMore,
    /// A message was laid into the collector. Subject: message.
    Collected,
    /// Sending a message failed, and it will be tried again. Subject: message; other: the number of the attempt
    /// that comes, so 2 for the first retry.
    WillRetry,
    /// A dead-letter row was written: a fact with the commit of the open transaction, or at once if the unit is
    /// committed. Subject: message; other: a [`Why`].
    WroteDeadLetter,
    /// Somebody asked for a parked message to be sent again. Subject: message.
    ReplayAsked,
    /// It could not be: the dead-letter row stays. Subject: message; other: a [`Why`].
    ReplayFailed,
    /// It was, and the row was removed. Subject: message.
    LetterRemoved,
    /// Somebody edited a parked message. Subject: message; other: which edit of the service's dead letters it was.
    LetterEdited,
    /// Somebody threw a parked message away: it will not be sent. Subject: message.
    LetterDiscarded,
    /// A request came from somebody who waits for its answer. It is taken in at once ([`Kind::Requested`]), waits
    /// its turn, or is refused ([`Kind::Refused`]); they are taken in in the order of their coming. Subject: [`NONE`].
    Arrived,
    /// Who asked has an answer. Subject: order; other: 0 if all went well, else a [`Why`] plus one: they see an error.
    Answered,
    /// A caller learned that the other could not do what it was asked for. Subject: message.
    CallFailed,
    /// A party is asked to stop, and ends what it has in hand first.
    Stopping,
    /// It has stopped, as planned.
    Stopped,
    // -- topics, exchanges and what a queue puts up with --
    /// A late subscription was made. Subject: topic; other: queue.
    Subscribed,
    /// A topic may no longer deliver to a queue, or a binding is gone. Subject: topic; other: queue.
    SubscriptionDown,
    /// It may again. Subject: topic; other: queue.
    SubscriptionUp,
    /// A subscription or binding did not want a message: no copy. Subject: message; other: queue.
    Filtered,
    /// A topic could not deliver to a queue and does not try again: the copy is gone (R84). Subject: message;
    /// other: queue.
    Undeliverable,
    /// The same, and the copy went to the dead letters of the subscription (R85). Subject: message; other: queue.
    Diverted,
    /// The publisher learned that no queue got the message (R97). Subject: message.
    Returned,
    /// Something is wrong with a message: every handler will fail on it, every time. Subject: message.
    Spoiled,
    /// A copy has waited longer than its queue allows (R112); what becomes of it follows. Subject: message;
    /// other: queue.
    Expired,
    /// A queue holds more than it may: its oldest goes (R114); what becomes of it follows. Subject: message;
    /// other: queue.
    Overflowed,
    /// A queue is full and did not take the message (R114). Subject: message; other: queue.
    TurnedAway,
    /// A copy came back once too often (R115); what becomes of it follows. Subject: message; other: queue.
    LimitReached,
    /// A polled queue has another delay. Subject: the delay in milliseconds; other: queue.
    DelayChanged,
    /// An effect was applied again and changed nothing: it sets a value (R158). Subject: message.
    SetAgain,
    /// An operator took a copy out of a queue, to send an edited one, of which the next record tells. Subject: message;
    /// other: queue in the low byte; in the high byte 1 if it was parked there.
    TakenOut,
    /// It could not be taken out. Subject: message; other: queue in the low byte, the reason
    /// ([`super::edited::NotTakenOut`]) in the high byte.
    NotTakenOut,
    /// A packet takes less time on its wire than it would. Subject, other and actor as for [`Kind::Lost`].
    Hurried,
    /// A packet takes more, and what is sent after it waits behind it. Subject, other and actor as for [`Kind::Lost`].
    Lagged,
}

/// Why something was undone or given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u16)]
pub enum Why {
    /// The commit failed.
    CommitFailed,
    /// A message could not be serialized.
    Serialization,
    /// The broker could not be reached.
    NotTaken,
    /// No confirmation came in time.
    TimedOut,
    /// The party crashed.
    Crash,
    /// The database did not answer.
    Database,
    /// The handler failed.
    Handler,
    /// The message was a repeat.
    Repeat,
    /// A queue was full.
    Full,
}

impl Why {
    /// The value in a record's `other`.
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// The reason with that code; an unknown code reads as a crash.
    pub const fn of(code: u16) -> Why {
        match code {
            0 => Why::CommitFailed,
            1 => Why::Serialization,
            2 => Why::NotTaken,
            3 => Why::TimedOut,
            5 => Why::Database,
            6 => Why::Handler,
            7 => Why::Repeat,
            8 => Why::Full,
            _ => Why::Crash,
        }
    }
}

/// Packs a packet's kind and receiver for `other`.
pub const fn packet_code(kind: PacketKind, to: ActorId) -> u16 {
    (kind as u16) << 8 | to.0 as u16
}

impl Record {
    /// The kind and the receiver of the packet, where `other` holds them ([`Kind::Sent`] and the wire's kinds).
    pub fn packet(&self) -> (PacketKind, ActorId) {
        let kind = PacketKind::ALL[(self.other >> 8) as usize % PacketKind::ALL.len()];
        (kind, ActorId(self.other as u8))
    }

    /// The message this record is about, where its subject is one.
    pub fn message(&self) -> Option<u32> {
        use Kind::*;
        let is_message = matches!(
            self.kind,
            Serialized
                | SerializationFailed
                | WroteOutbox
                | GaveUp
                | Sent
                | Confirmed
                | NotTaken
                | TimedOut
                | Marked
                | Accepted
                | Enqueued
                | Unroutable
                | Settled
                | Requeued
                | DeadLettered
                | Dropped
                | Stale
                | Lost
                | Doubled
                | Delayed
                | Hurried
                | Lagged
                | Held
                | Released
                | Received
                | DecodeFailed
                | WroteInbox
                | Recognised
                | Staged
                | Applied
                | HandlerFailed
                | Leased
                | VisibilityEnded
                | Extended
                | ExtendRefused
                | DelayEnded
                | Reexposed
                | Redriven
                | Discarded
                | RowTaken
                | PositionSaved
                | NotKnown
                | IdKept
                | Forgot
                | Stored
                | PutBack
                | Collected
                | WillRetry
                | WroteDeadLetter
                | ReplayAsked
                | ReplayFailed
                | LetterRemoved
                | LetterEdited
                | LetterDiscarded
                | CallFailed
                | Filtered
                | Undeliverable
                | Diverted
                | Returned
                | Spoiled
                | Expired
                | Overflowed
                | TurnedAway
                | LimitReached
                | SetAgain
                | TakenOut
                | NotTakenOut
        );
        (is_message && self.subject != NONE).then_some(self.subject)
    }
}

/// The history of a run so far, with its fingerprint.
///
/// The fingerprint folds in three 64-bit words a record: `at`; `step` in the low half and `cause` in the high;
/// `subject` in the low half, then kind (8 bits), actor (8) and other (16). See [`Digest`].
#[derive(Clone, Debug, Default)]
pub struct History {
    /// How many records were forgotten.
    forgotten: usize,
    records: Chunked<Record>,
    digest: Digest,
}

impl History {
    /// Appends a record and returns its place.
    #[inline]
    pub fn push(&mut self, record: Record) -> u32 {
        let place = self.len() as u32;
        self.digest.word(record.at.0);
        self.digest.word(u64::from(record.step) | u64::from(record.cause) << 32);
        self.digest.word(
            u64::from(record.subject)
                | u64::from(record.kind as u8) << 32
                | u64::from(record.actor.0) << 40
                | u64::from(record.other) << 48,
        );
        self.records.push(record);
        place
    }

    /// How many records there are, with those that were forgotten.
    pub fn len(&self) -> usize {
        self.forgotten + self.records.len()
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets what the records say; their places and the fingerprint stay as they are. For whoever judges a run as
    /// it goes and never looks back: copies of such a world are cheaper.
    pub fn forget(&mut self) {
        self.forgotten = self.len();
        self.records = Chunked::default();
    }

    /// The record at that place; none if it was forgotten.
    pub fn get(&self, place: u32) -> Option<&Record> {
        self.records.get((place as usize).checked_sub(self.forgotten)?)
    }

    /// All that were not forgotten, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.records.iter()
    }

    /// The place of the first record that is not `before`: records stand in the order of time and of steps.
    pub fn first_not(&self, before: impl Fn(&Record) -> bool) -> u32 {
        (self.forgotten + self.records.partition_point(before)) as u32
    }

    /// All from that place on.
    pub fn iter_from(&self, place: usize) -> impl Iterator<Item = &Record> {
        self.records.iter_from(place.saturating_sub(self.forgotten))
    }

    /// All before that place, the latest first.
    pub fn before(&self, place: u32) -> impl Iterator<Item = &Record> {
        (0..place).rev().filter_map(|place| self.get(place))
    }

    /// All before that step, the latest first.
    pub fn before_step(&self, step: u32) -> impl Iterator<Item = &Record> {
        self.before(self.first_not(|record| record.step < step))
    }

    /// The 64-bit fingerprint of the history so far.
    pub fn fingerprint(&self) -> u64 {
        self.digest.value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_24_bytes() {
        assert_eq!(size_of::<Record>(), 24);
    }
}
