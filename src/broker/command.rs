//! What may be asked from outside while a run plays? Faults by hand. Each is recorded with the step and the
//! moment at which it was given, so that the run replays.

use crate::fault::plan::Fault;
use crate::fault::point::ActorId;
use crate::sim::time::{Instant, Span};
use serde::{Deserialize, Serialize};

/// Something a person does to the world. Each counts as one step of the run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Command {
    /// The party crashes now and stays down until it is restarted by hand or, where its setup says so, by itself.
    Crash(ActorId),
    /// The consumer stops as planned: it ends what it has in hand first.
    Stop(ActorId),
    /// The party crashes right after its next step.
    CrashAfterNextStep(ActorId),
    /// The party is up again.
    Restart(ActorId),
    /// The database of this service or consumer stops answering.
    DatabaseDown(ActorId),
    /// It answers again.
    DatabaseUp(ActorId),
    /// Nothing passes between the party and the broker.
    Cut(ActorId),
    /// It passes again.
    Heal(ActorId),
    /// The topic of the first index may not deliver to the queue of the second, or its binding is gone.
    SubscriptionDown(u8, u8),
    /// It may again; one that was still to come is made now.
    SubscriptionUp(u8, u8),
    /// A rule as a scenario would lay it down, its occurrences counted from now.
    Lay(Fault),
    /// The packet in flight with that number is lost.
    Lose(u32),
    /// It stands still.
    Hold(u32),
    /// It goes on.
    Release(u32),
    /// An operator does something with what a polled queue holds.
    Operate(Operator),
}

/// What an operator does, as opposed to what goes wrong by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Operator {
    /// Moves what waits in the dead-letter queue of that index back to the queues it came from: all, one after the
    /// other (R54), or one message.
    Redrive {
        /// The dead-letter queue.
        queue: u8,
        /// The message, or none for all.
        message: Option<u32>,
    },
    /// Throws away what a polled queue holds: all (R44), or one message.
    Discard {
        /// The queue.
        queue: u8,
        /// The message, or none for all.
        message: Option<u32>,
    },
    /// Gives a message that is in flight a new visibility timeout, counted from now (R25); nothing gives it back.
    Hide {
        /// The queue.
        queue: u8,
        /// The message.
        message: u32,
        /// For how long from now.
        span: Span,
    },
    /// Looks at the next message of a polled queue, which counts as a receive (R53).
    Peek {
        /// The queue.
        queue: u8,
    },
    /// Sends parked messages of that service again (R169).
    Replay {
        /// The service.
        service: ActorId,
        /// Which.
        letters: Letters,
    },
    /// Mends parked messages of that service, so that they can be serialized.
    Edit {
        /// The service.
        service: ActorId,
        /// Which.
        letters: Letters,
    },
    /// Throws parked messages of that service away.
    DiscardLetters {
        /// The service.
        service: ActorId,
        /// Which.
        letters: Letters,
    },
}

/// Which rows of a dead-letter table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Letters {
    /// All that are there.
    All,
    /// The one with that number: rows are counted from 1 as they are written, and keep their number.
    One(u32),
}

/// A command with its place in the run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Placed {
    /// How many steps the run had done.
    pub step: u32,
    /// The moment at which it was given: not before the last step, not after the next event.
    pub at: Instant,
    /// What was asked.
    pub command: Command,
}
