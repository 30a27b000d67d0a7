//! What does an operator do to a polled queue? Moves messages back, throws them away, hides them, changes the delay.

use super::super::command::Operator;
use super::super::event::Event;
use super::super::queue::Stored;
use super::super::record::Kind;
use super::super::setup::{QueueOrder, Setup};
use super::super::world::World;
use super::{Asked, NOBODY};
use crate::sim::time::{Instant, Span};

/// From one message to the next when a dead-letter queue is redriven: Amazon moves at most 500 a second (R54), here
/// in the stretched time of a lesson.
pub const REDRIVE_EVERY: Span = Span::from_millis(200);

/// Whether a message in that queue can be moved back: only to a queue whose own dead-letter queue that is (R54), so not
/// what a subscription or an exchange put there.
pub fn goes_back(setup: &Setup, queue: u8, stored: &Stored) -> bool {
    let source = stored.source().and_then(|source| setup.queues.get(usize::from(source))?.poll);
    source.is_some_and(|poll| poll.dead_letter == Some(queue))
}

impl World {
    /// An operator steps in.
    pub(in crate::broker) fn operate(&mut self, act: Operator) {
        match act {
            Operator::Redrive { queue, message: None } => {
                let left = self.broker.queues[queue as usize].ready.len() as u32;
                self.redrive_next(queue, left);
            }
            Operator::Redrive { queue, message: Some(message) } => {
                self.redrive(queue, |stored| stored.message == message);
            }
            Operator::Discard { queue, message } => self.discard(queue, message),
            Operator::SendEdited { queue, message, to } => self.send_edited(queue, message, to),
            Operator::Replay { service, letters } => self.replay_by_hand(service, letters),
            Operator::Edit { service, letters, to } => self.edit_by_hand(service, letters, to),
            Operator::DiscardLetters { service, letters } => self.discard_by_hand(service, letters),
            Operator::Hide { queue, message, span } => {
                match self.broker.queues[queue as usize].polled.find_message(message) {
                    Some(at) => self.change_visibility(queue, at, span),
                    None => {
                        self.record(Kind::ExtendRefused, self.cast.broker, message, 0);
                    }
                }
            }
            Operator::Delay { queue, delay } => self.change_delay(queue, delay),
            Operator::Peek { queue } => {
                let first = self.broker.receipts.len() as u32;
                let out = self.lease(queue, Asked { worker: NOBODY, poll: 0, most: 1 }, first);
                if let Some(dead) = out.moved_to {
                    self.answer_waiting_polls(dead);
                }
            }
        }
    }

    /// Moves the oldest message back, and the others after it (R54).
    pub(in crate::broker) fn redrive_next(&mut self, queue: u8, left: u32) {
        let before = self.cause;
        if left > 0 && self.redrive(queue, |_| true) && left > 1 {
            self.cause = before;
            self.schedule_in(REDRIVE_EVERY, Event::Redrives { queue, left: left - 1 });
        }
    }

    /// Moves the first message that is meant back to the queue that it came from, as if it were new: at the end,
    /// its receives counted from the start (R54).
    fn redrive(&mut self, queue: u8, meant: impl Fn(&Stored) -> bool) -> bool {
        let broker = self.cast.broker;
        let setup = self.setup.clone();
        let goes_back = |stored: &Stored| goes_back(&setup, queue, stored);
        let ready = &mut self.broker.queues[queue as usize].ready;
        let place = ready.iter().position(|stored| goes_back(stored) && meant(stored));
        let Some(stored) = place.and_then(|place| ready.remove(place)) else { return false };
        let to = stored.source;
        let cause =
            self.record(Kind::Redriven, broker, stored.message, u16::from(to) | u16::from(queue) << 8);
        self.cause = cause;
        let position = self.broker.queues[to as usize].next_position();
        let delay = self.broker.queues[to as usize].polled.delay;
        let again = Stored { form: stored.form, ..Stored::new(stored.message, position, cause) };
        self.poll_queue_takes(to, again, delay);
        true
    }

    /// Throws a message away, or all, in flight or not (R44).
    fn discard(&mut self, queue: u8, message: Option<u32>) {
        let broker = self.cast.broker;
        let meant = |stored: &Stored| message.is_none_or(|message| stored.message == message);
        let state = &mut self.broker.queues[queue as usize];
        let mut gone: Vec<Stored> = Vec::new();
        let mut keep = |stored: &Stored| {
            let meant = meant(stored);
            if meant {
                gone.push(*stored);
            }
            !meant
        };
        state.ready.retain(&mut keep);
        let waiting = state.polled.in_flight.len() + state.polled.delayed.len();
        state.polled.in_flight.retain(|held| keep(&held.stored));
        state.polled.delayed.retain(|waits| keep(&waits.stored));
        self.idle += (waiting - state.polled.in_flight.len() - state.polled.delayed.len()) as u32;
        for stored in gone {
            let owed = if stored.source == Stored::NO_SOURCE { queue } else { stored.source };
            self.record(Kind::Discarded, broker, stored.message, u16::from(owed) | u16::from(queue) << 8);
        }
        self.group_goes_on(queue);
    }

    /// The queue has another delay, for what comes from now on. A FIFO queue also counts anew, from their coming, how
    /// long those are hidden that it still hides (R33); what can be received already stays so.
    fn change_delay(&mut self, queue: u8, delay: Span) {
        let before = std::mem::replace(&mut self.broker.queues[queue as usize].polled.delay, delay);
        let subject = (delay.0 / 1_000).min(u64::from(u32::MAX)) as u32;
        self.cause = self.record(Kind::DelayChanged, self.cast.broker, subject, u16::from(queue));
        if self.poll_of(queue).is_none_or(|poll| poll.order != QueueOrder::Fifo) {
            return;
        }
        for at in 0..self.broker.queues[queue as usize].polled.delayed.len() {
            let now = self.now;
            let waits = &mut self.broker.queues[queue as usize].polled.delayed[at];
            waits.until = (Instant(waits.until.0 - before.0) + delay).max(now);
            let (until, position) = (waits.until, waits.stored.position);
            // The end that was waited for until now changes nothing any more.
            self.idle += 1;
            self.schedule(until, Event::DelayEnds { queue, position });
        }
    }
}
