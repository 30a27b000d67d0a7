//! What does an operator do about a message in a queue that says the wrong thing? No broker lets anybody change it
//! there. So it is taken out as a consumer would take it (received and deleted at Amazon SQS, got and acknowledged at
//! RabbitMQ), and an edited copy is sent: to the queue it was in or, out of a queue of dead letters, to the one that it
//! came from. What can't be received can't be taken out either: that is refused, with the reason.
//!
//! The copy keeps the id that its producer gave it, so an inbox knows it; to the broker it is new: it stands at the end
//! and its deliveries are counted from the start. Both halves are one step here. What would have to be received on the
//! way to the message, and given back, is left alone.

use super::command::Amount;
use super::queue::{QueueState, Stored};
use super::record::Kind;
use super::setup::QueueOrder;
use super::world::World;

/// What an operator made of a copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub enum Edited {
    /// Nothing: it says what its producer wrote.
    #[default]
    Not,
    /// It says something that can be handled.
    Good,
    /// It says something on which every handler fails.
    Bad,
}

/// In which form a copy is, from the queue to the handler.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Form {
    /// Whether it is in a topic's envelope (R81).
    pub wrapped: bool,
    /// What an operator made of it.
    pub edited: Edited,
    /// Which of its ids it has: 0, and another for each further attempt at sending it where its producer makes a new
    /// one each time (R157).
    pub id: u8,
}

impl Form {
    /// For shapes: eleven bits.
    pub(super) fn bits(self) -> u64 {
        u64::from(self.id) << 3 | (self.edited as u64) << 1 | u64::from(self.wrapped)
    }
}

/// What was written into a copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EditedCopy {
    /// The step of the run in which that was.
    step: u32,
    /// The message.
    message: u32,
    /// What its amount says; none: what it should say.
    to: Option<Amount>,
}

/// Why a message can't be taken out of a queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum NotTakenOut {
    /// It is not in that queue.
    Absent,
    /// A consumer has it.
    InFlight,
    /// Its delay is not over.
    Delayed,
    /// In a FIFO queue: one of its group that came before it is hidden (R58, R59).
    Behind,
    /// It was received as often as may be: its next receive moves it to the dead-letter queue (R48).
    MovesOn,
    /// The queue to which the copy would go is full.
    Full,
    /// The broker is down.
    BrokerDown,
}

impl NotTakenOut {
    const ALL: [NotTakenOut; 7] = {
        use NotTakenOut::*;
        [Absent, InFlight, Delayed, Behind, MovesOn, Full, BrokerDown]
    };

    /// The reason in the high byte of a record's `other`.
    pub fn of(other: u16) -> NotTakenOut {
        NotTakenOut::ALL.get(usize::from(other >> 8)).copied().unwrap_or(NotTakenOut::Absent)
    }
}

/// Where in its queue a message is that can be taken out.
#[derive(Clone, Copy)]
enum Place {
    Ready(usize),
    Parked(usize),
}

impl World {
    /// Whether every handler fails on that copy of the message, every time.
    pub(super) fn cannot_be_handled(&self, message: u32, edited: Edited) -> bool {
        match edited {
            Edited::Not => self.is_bad(message),
            Edited::Good => false,
            Edited::Bad => true,
        }
    }

    /// Whether every handler fails on that copy.
    pub fn is_bad_copy(&self, stored: &Stored) -> bool {
        self.cannot_be_handled(stored.message, stored.form.edited)
    }

    /// What the amount of that copy says since an operator edited it; none: what it should say. For a copy that was
    /// edited.
    pub fn amount_of_copy(&self, stored: &Stored) -> Option<Amount> {
        let mut edits = (0..self.broker.edits.len()).rev().filter_map(|place| self.broker.edits.get(place));
        edits.find(|edit| edit.message == stored.message)?.to
    }

    /// What an operator wrote into the copy that was sent in that step; none: what it should say. A step has one act
    /// of an operator at most.
    pub fn edit_in_step(&self, step: u32) -> Option<Amount> {
        let at = self.broker.edits.partition_point(|edit| edit.step < step);
        self.broker.edits.get(at).filter(|edit| edit.step == step)?.to
    }

    /// The queue to which an edited copy goes of one that is in that queue: where it came from, or the same.
    pub fn edited_copy_goes_to(&self, queue: u8, stored: &Stored) -> u8 {
        stored.source().unwrap_or(queue)
    }

    /// Why that message can't be taken out of that queue now; none if it can.
    pub fn why_not_taken_out(&self, queue: u8, message: u32) -> Option<NotTakenOut> {
        self.find_to_take_out(queue, message).err()
    }

    fn find_to_take_out(&self, queue: u8, message: u32) -> Result<(Place, Stored), NotTakenOut> {
        if !self.is_up(self.cast.broker) {
            return Err(NotTakenOut::BrokerDown);
        }
        let state = self.queue(queue);
        let ready = state.ready.iter().position(|stored| stored.message == message);
        let parked = state.parked.iter().position(|stored| stored.message == message);
        let (place, stored) = match (ready, parked) {
            (Some(at), _) => (Place::Ready(at), state.ready[at]),
            (None, Some(at)) => (Place::Parked(at), state.parked[at]),
            (None, None) => return Err(self.where_else(queue, state, message)),
        };
        if let (Place::Ready(_), Some(poll)) = (place, self.poll_of(queue)) {
            if poll.dead_letter.is_some() && stored.receives >= poll.max_receives {
                return Err(NotTakenOut::MovesOn);
            }
            if poll.order == QueueOrder::Fifo && self.is_behind(queue, &stored) {
                return Err(NotTakenOut::Behind);
            }
        }
        let to = self.edited_copy_goes_to(queue, &stored);
        // What is taken out makes room.
        if self.is_full(to) && (to != queue || matches!(place, Place::Parked(_))) {
            return Err(NotTakenOut::Full);
        }
        Ok((place, stored))
    }

    fn where_else(&self, queue: u8, state: &QueueState, message: u32) -> NotTakenOut {
        let mut held = state.polled.in_flight().filter(|held| !held.is_deleted());
        let mut out = self.takers(queue).iter().flat_map(|&worker| self.connection(worker).unacked());
        if held.any(|held| held.stored.message == message) || out.any(|out| out.stored.message == message) {
            NotTakenOut::InFlight
        } else if state.polled.delayed().any(|waits| waits.stored.message == message) {
            NotTakenOut::Delayed
        } else {
            NotTakenOut::Absent
        }
    }

    /// Takes the first copy of the message out of the queue and sends an edited one.
    pub(super) fn send_edited(&mut self, queue: u8, message: u32, to: Option<Amount>) {
        let broker = self.cast.broker;
        let (place, taken) = match self.find_to_take_out(queue, message) {
            Ok(found) => found,
            Err(why) => {
                self.record(Kind::NotTakenOut, broker, message, u16::from(queue) | (why as u16) << 8);
                return;
            }
        };
        let state = &mut self.broker.queues[queue as usize];
        let parked = match place {
            Place::Ready(at) => state.ready.remove(at).is_none(),
            Place::Parked(at) => {
                state.parked.remove(at);
                true
            }
        };
        let bad = to.is_some_and(|amount| !amount.is_number());
        self.any_bad |= bad;
        self.broker.edits.push(EditedCopy { step: self.step, message, to });
        let edited = if bad { Edited::Bad } else { Edited::Good };
        let form = Form { edited, ..taken.form };
        self.cause = self.record(Kind::TakenOut, broker, message, u16::from(queue) | u16::from(parked) << 8);
        self.enqueue(self.edited_copy_goes_to(queue, &taken), message, form);
    }
}
