//! Where can it fail? The named steps of a party, and the kinds of packet between them.

use serde::{Deserialize, Serialize};

/// A party as the fault plan knows it: its place in the cast (`broker::setup::Cast`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub struct ActorId(pub u8);

/// A named single step of a party. Between any two of them it can crash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Step {
    /// A service or a consumer opens a transaction.
    Begin,
    /// A service stages the business row.
    Write,
    /// A service turns a message into bytes; fails on one that cannot be.
    Serialize,
    /// A service stages the outbox row of a message.
    WriteOutbox,
    /// A service or a relay hands a message to the wire.
    Publish,
    /// A service or a relay learns that the broker has taken the message.
    Confirmed,
    /// A service or a consumer commits; a failure here rolls the transaction back.
    Commit,
    /// A relay reads the rows that wait; a consumer asks a polled queue for messages.
    Poll,
    /// A relay marks a row (or a batch of them) as sent.
    MarkSent,
    /// The broker takes a published message and puts a copy in each queue that is to have one.
    Accept,
    /// The broker learns what became of a delivery (ack or nack).
    Settle,
    /// A consumer takes a delivery in and decodes it; a failure here is a deserialization error.
    Receive,
    /// A consumer inserts the message's id in its inbox table; an id that is there already means a duplicate.
    WriteInbox,
    /// A consumer applies the effect; a failure here is an exception in the handler.
    Apply,
    /// A consumer acknowledges; where the queue is polled, it deletes the message.
    Ack,
    /// The broker answers a poll. A failure here is a short poll that asks servers which have nothing (R20).
    HandOut,
    /// The broker deletes a message of a polled queue. A failure here: one of its servers does not hear of it (R12).
    Delete,
    /// A consumer that polls asks for more time for what it has in hand (R28).
    Heartbeat,
    /// A relay saves how far it has read.
    SavePosition,
    /// A consumer looks for the message's id in its inbox, before the effect.
    CheckInbox,
    /// A service lays a message into its collector, which sends nothing yet.
    Collect,
    /// A service stages the rest of a unit's rows; a failure here is an exception in its handler.
    WriteMore,
    /// A service writes a message that it could not send into its dead-letter table.
    Park,
    /// A service hands a message from its dead-letter table to the wire again.
    Replay,
    /// A service removes a replayed message from its dead-letter table.
    Remove,
    /// A service calls another party and waits for its reply (no broker between them).
    Call,
    /// It learns that the other has done what it was asked for.
    Replied,
}

impl Step {
    /// Every step, in the order of this list.
    pub const ALL: [Step; 27] = [
        Step::Begin,
        Step::Write,
        Step::Serialize,
        Step::WriteOutbox,
        Step::Publish,
        Step::Confirmed,
        Step::Commit,
        Step::Poll,
        Step::MarkSent,
        Step::Accept,
        Step::Settle,
        Step::Receive,
        Step::WriteInbox,
        Step::Apply,
        Step::Ack,
        Step::HandOut,
        Step::Delete,
        Step::Heartbeat,
        Step::SavePosition,
        Step::CheckInbox,
        Step::Collect,
        Step::WriteMore,
        Step::Park,
        Step::Replay,
        Step::Remove,
        Step::Call,
        Step::Replied,
    ];

    /// The name used in scenario files, links and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Begin => "begin",
            Step::Write => "write",
            Step::Serialize => "serialize",
            Step::WriteOutbox => "write-outbox",
            Step::Publish => "publish",
            Step::Confirmed => "confirmed",
            Step::Commit => "commit",
            Step::Poll => "poll",
            Step::MarkSent => "mark-sent",
            Step::Accept => "accept",
            Step::Settle => "settle",
            Step::Receive => "receive",
            Step::WriteInbox => "write-inbox",
            Step::Apply => "apply",
            Step::Ack => "ack",
            Step::HandOut => "hand-out",
            Step::Delete => "delete",
            Step::Heartbeat => "heartbeat",
            Step::SavePosition => "save-position",
            Step::CheckInbox => "check-inbox",
            Step::Collect => "collect",
            Step::WriteMore => "write-more",
            Step::Park => "park",
            Step::Replay => "replay",
            Step::Remove => "remove",
            Step::Call => "call",
            Step::Replied => "replied",
        }
    }

    /// Whether the step itself can go wrong (a crash can stand before and after any step).
    pub const fn can_fail(self) -> bool {
        matches!(
            self,
            Step::Serialize
                | Step::WriteMore
                | Step::Commit
                | Step::Receive
                | Step::Apply
                | Step::HandOut
                | Step::Delete
        )
    }
}

/// What a packet on a wire is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum PacketKind {
    /// A message on its way to the broker.
    Publish,
    /// The broker's word to a publisher that it has taken the message.
    Confirm,
    /// The word to a publisher that the broker cannot be reached (connection refused).
    Refuse,
    /// A message on its way from the broker to a consumer.
    Delivery,
    /// A consumer's word that it is done with a delivery.
    Ack,
    /// A consumer's word that it could not handle a delivery.
    Nack,
    /// A consumer's question to a polled queue: is there anything?
    Poll,
    /// The answer: no message, or up to ten.
    Reply,
    /// A consumer deletes a message of a polled queue: it is done with it.
    Delete,
    /// A consumer changes the visibility timeout of a message of a polled queue: more time, or none.
    Extend,
    /// A request on its way from a service straight to the party that it calls.
    Call,
    /// The word back to the caller: done.
    Response,
    /// The word back to the caller: it could not be done.
    Error,
    /// A message on its way back to its publisher: no queue got it (R97).
    Return,
    /// The broker's word to a publisher that it did not take the message: a queue is full (R114).
    Reject,
}

impl PacketKind {
    /// Every kind, in the order of this list.
    pub const ALL: [PacketKind; 15] = [
        PacketKind::Publish,
        PacketKind::Confirm,
        PacketKind::Refuse,
        PacketKind::Delivery,
        PacketKind::Ack,
        PacketKind::Nack,
        PacketKind::Poll,
        PacketKind::Reply,
        PacketKind::Delete,
        PacketKind::Extend,
        PacketKind::Call,
        PacketKind::Response,
        PacketKind::Error,
        PacketKind::Return,
        PacketKind::Reject,
    ];

    /// The name used in scenario files, links and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            PacketKind::Publish => "publish",
            PacketKind::Confirm => "confirm",
            PacketKind::Refuse => "refuse",
            PacketKind::Delivery => "delivery",
            PacketKind::Ack => "ack",
            PacketKind::Nack => "nack",
            PacketKind::Poll => "poll",
            PacketKind::Reply => "reply",
            PacketKind::Delete => "delete",
            PacketKind::Extend => "extend",
            PacketKind::Call => "call",
            PacketKind::Response => "response",
            PacketKind::Error => "error",
            PacketKind::Return => "return",
            PacketKind::Reject => "reject",
        }
    }

    /// Whether it travels away from the party whose wire it is on: towards the broker, or towards who is called.
    pub const fn outward(self) -> bool {
        use PacketKind::*;
        // Every kind by name, so that a new one is asked about.
        match self {
            Publish | Ack | Nack | Poll | Delete | Extend | Call => true,
            Confirm | Refuse | Return | Reject | Delivery | Reply | Response | Error => false,
        }
    }
}
