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
    /// Gives a polled queue another delay. What is inside keeps its own, unless the queue is FIFO (R33).
    Delay {
        /// The queue.
        queue: u8,
        /// The new delay.
        delay: Span,
    },
    /// Looks at the next message of a polled queue, which counts as a receive (R53).
    Peek {
        /// The queue.
        queue: u8,
    },
    /// Takes a message out of a queue and sends an edited copy: its amount says something else, the part of a message
    /// that may be broken.
    SendEdited {
        /// The queue.
        queue: u8,
        /// The message.
        message: u32,
        /// What the amount says from now on; none: what it should have said.
        to: Option<Amount>,
    },
    /// Sends parked messages of that service again (R169).
    Replay {
        /// The service.
        service: ActorId,
        /// Which.
        letters: Letters,
    },
    /// Edits parked messages of that service: their amount, the part of a message that may be broken.
    Edit {
        /// The service.
        service: ActorId,
        /// Which.
        letters: Letters,
        /// What the amount says from now on; none: what it should have said.
        to: Option<Amount>,
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

/// What a person wrote for the amount of a parked message: letters, digits, `.`, `+` and `-`, and whether that is a
/// number decides whether the message can be serialized.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Amount {
    bytes: [u8; Amount::LONGEST],
    length: u8,
}

impl Amount {
    /// The longest, in characters.
    pub const LONGEST: usize = 16;

    /// That text, without the spaces around it. None, if it is empty, too long, or has other characters in it.
    pub fn new(text: &str) -> Option<Amount> {
        let text = text.trim().as_bytes();
        let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b".+-".contains(byte);
        if text.is_empty() || !text.iter().all(fits) {
            return None;
        }
        let mut bytes = [0; Amount::LONGEST];
        bytes.get_mut(..text.len())?.copy_from_slice(text);
        Some(Amount { bytes, length: text.len() as u8 })
    }

    /// The text.
    pub fn text(&self) -> &str {
        let written = self.bytes.get(..usize::from(self.length));
        written.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// Whether it is a number as JSON knows them, without an exponent: `20`, `-3`, `19.90`, and not `NaN`.
    pub fn is_number(&self) -> bool {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let text = self.text().strip_prefix('-').unwrap_or(self.text());
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        digits(whole) && digits(part) && (whole == "0" || !whole.starts_with('0'))
    }
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

#[cfg(test)]
mod tests {
    use super::Amount;

    #[test]
    fn an_amount_is_a_number_or_it_cannot_be_serialized() {
        for number in ["0", "20", "-3", "19.90", "0.5", " 7 "] {
            assert!(Amount::new(number).is_some_and(|amount| amount.is_number()), "{number}");
        }
        for other in ["NaN", "-", ".5", "5.", "1.2.3", "007", "--1", "+1", "1e9"] {
            assert!(Amount::new(other).is_some_and(|amount| !amount.is_number()), "{other}");
        }
        for unfit in ["", "  ", "1 2", "12345678901234567", "\"", "5;6", "ü"] {
            assert_eq!(Amount::new(unfit), None, "{unfit}");
        }
        assert_eq!(Amount::new("1234567890123456").map(|amount| amount.text().len()), Some(Amount::LONGEST));
    }
}
