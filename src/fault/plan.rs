//! Which fault, where, and for how long? The plan is data: a scenario file, a link, a test and the page build
//! the same value.

use super::point::{ActorId, PacketKind, Step};
use crate::sim::chance::Rate;
use crate::sim::time::{Instant, Span};
use serde::{Deserialize, Serialize};

/// Which of the occurrences a fault strikes, counted from when the rule was laid down.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub enum Which {
    /// The n-th, counted from 1; once.
    Nth(u32),
    /// Each with this probability, drawn from the rule's own stream. The run records which were struck.
    Rate(Rate),
}

/// Before the step (it does not happen any more) or right after it (it has happened, nothing follows).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub enum Side {
    /// The party fails before it does the step.
    Before,
    /// The party fails when it has done the step.
    After,
}

/// What becomes of a party at a step.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub enum StepFault {
    /// It crashes before or after the step, and restarts after the span; with none, as its setup says.
    Crash(Side, Option<Span>),
    /// The step fails (only where [`Step::can_fail`]): a commit rolls back, a serialization, a
    /// deserialization or a handler goes wrong.
    Fail,
    /// The step is late by the span.
    Slow(Span),
}

/// What becomes of a packet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub enum PacketFault {
    /// It never arrives. It vanishes half-way.
    Lose,
    /// It arrives this much later; what was sent after it may overtake it.
    Delay(Span),
    /// It arrives, and a second time after this much more.
    Double(Span),
    /// It stands still until it is released by hand.
    Hold,
    /// Its wire is quick for once: it arrives this much sooner, at the soonest after the least that its wire takes, and
    /// not before what was sent before it on that wire.
    Hurry(Span),
    /// Its wire is slow for once: it arrives this much later, and what is sent after it on that wire waits behind it.
    Lag(Span),
}

/// What is out of order over an interval of time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub enum Outage {
    /// The party is down: crashed at the start, restarted at the end.
    Down(ActorId),
    /// The consumer is stopped as planned, to be replaced: it ends what it has in hand first, and is up again at
    /// the end.
    Stop(ActorId),
    /// The database of the service or consumer answers nothing: whoever needs it fails that step.
    Database(ActorId),
    /// Nothing passes between the party and the broker, in either direction.
    Cut(ActorId),
    /// A topic may not deliver to a queue (it was deleted, or the permission is gone), or a binding is gone.
    Subscription {
        /// Index of the topic or exchange.
        topic: u8,
        /// Index of the queue.
        queue: u8,
    },
}

/// One fault: a rule and what it does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub enum Fault {
    /// At a named step of a party.
    AtStep {
        /// Whose step.
        actor: ActorId,
        /// Which step.
        step: Step,
        /// Which occurrence.
        which: Which,
        /// What happens.
        fault: StepFault,
    },
    /// On a packet to or from a party (the other end is always the broker).
    OnPacket {
        /// The party that is not the broker.
        actor: ActorId,
        /// Which kind of packet.
        kind: PacketKind,
        /// Which occurrence, counted as they are sent.
        which: Which,
        /// What happens.
        fault: PacketFault,
    },
    /// Something is wrong with the messages of a unit of work: every handler fails on them, every time (R174).
    Spoil {
        /// The service whose messages they are.
        actor: ActorId,
        /// Which of its units of work.
        which: Which,
    },
    /// Of what is due at one moment something lets everything else go first that is due then.
    Yield {
        /// The moment, to the microsecond.
        at: Instant,
        /// Which of those due then, counted from 1 as they come.
        nth: u32,
    },
    /// From one moment to another; without an end, until it is mended by hand.
    During {
        /// What is out of order.
        outage: Outage,
        /// From when.
        from: Instant,
        /// Until when; later than `from`.
        until: Option<Instant>,
    },
}

impl Fault {
    /// Which occurrence it strikes, if it strikes one by its number.
    pub const fn nth(&self) -> Option<u32> {
        match *self {
            Fault::AtStep { which: Which::Nth(n), .. }
            | Fault::OnPacket { which: Which::Nth(n), .. }
            | Fault::Spoil { which: Which::Nth(n), .. } => Some(n),
            // What yields is told by its moment: its number does not count on.
            _ => None,
        }
    }
}

/// Every fault of a run that was laid down before it began.
pub type Plan = Vec<Fault>;
