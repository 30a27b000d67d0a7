//! How much does a queue put up with? A time to live, a maximum length, how often a message may come back; and
//! where it goes then: to a dead-letter exchange, to the queue's own dead letters, or away (R108, R112 to R117).

use super::edited::Form;
use super::event::Event;
use super::queue::Stored;
use super::record::{Kind, NONE};
use super::routing::Overflow;
use super::setup::{MessageKind, Target};
use super::topic::Fate;
use super::world::World;
use crate::sim::time::Span;

/// The most queues of a world that have an exchange for their dead letters.
pub const MOST_DEAD_LETTERING: usize = 64;
/// How many queues a dead letter may push others out of, one after the other, before the last is just dropped.
const MOST_PUSHES: u8 = 3;

impl World {
    /// A queue in the trail of a copy: each that has an exchange for its dead letters has a bit of its own, up to
    /// [`MOST_DEAD_LETTERING`] of them.
    fn bit(&self, queue: u8) -> u64 {
        let moves_on = |index: u8| self.setup.queues[index as usize].limits.dead_letter.is_some();
        if moves_on(queue) { 1 << ((0..queue).filter(|&index| moves_on(index)).count() % 64) } else { 0 }
    }

    /// A copy of the message goes into the queue; the cause is that of the present event.
    pub(super) fn enqueue(&mut self, index: u8, message: u32, form: Form) {
        self.enqueue_new(index, Stored { form, ..Stored::new(message, 0, NONE) });
    }

    /// The same for one of which more is known.
    pub(super) fn enqueue_new(&mut self, index: u8, new: Stored) {
        let ttl = self.kind_of(new.message).and_then(|kind| kind.ttl);
        self.enqueue_after(index, new, ttl);
    }

    /// The same for one that has been elsewhere (`new` says what of that it keeps), with a time to live of its own or
    /// without: what is dead-lettered has none any more (<https://www.rabbitmq.com/docs/dlx#effects>).
    fn enqueue_after(&mut self, index: u8, new: Stored, ttl: Option<Span>) {
        let message = new.message;
        let before = self.cause;
        let cause = self.record(Kind::Enqueued, self.cast.broker, message, u16::from(index));
        let spec = &self.setup.queues[index as usize];
        let length = spec.limits.length;
        let ttl = [ttl, spec.limits.ttl].into_iter().flatten().min();
        let queue = &mut self.broker.queues[index as usize];
        let position = queue.next_position();
        let mut stored = Stored { position, cause, ..new };
        if spec.poll.is_some() {
            let delay = self.delay_of(index, message);
            return self.poll_queue_takes(index, stored, delay);
        }
        if let Some(span) = ttl {
            stored.expires = self.now + span;
            self.broker.expiring += 1;
            self.cause = cause;
            self.schedule_in(span, Event::Expires { queue: index });
            self.cause = before;
        }
        self.broker.queues[index as usize].ready.push_back(stored);
        self.dispatch(index);
        if length.is_some() {
            self.push_out(index);
        }
    }

    fn kind_of(&self, message: u32) -> Option<&MessageKind> {
        let found = self.message(message)?;
        self.setup.services.get(found.service as usize)?.messages.get(found.kind as usize)
    }

    /// How long a message is hidden in a polled queue: as it says itself (R32), or the queue.
    fn delay_of(&self, queue: u8, message: u32) -> Span {
        let its = self.kind_of(message).and_then(|kind| kind.delay);
        its.unwrap_or(self.broker.queues[queue as usize].polled.delay())
    }

    /// Whether the queue does not take one more (R114).
    pub(super) fn is_full(&self, index: u8) -> bool {
        let limits = &self.setup.queues[index as usize].limits;
        limits.overflow == Overflow::RejectPublish
            && limits
                .length
                .is_some_and(|most| self.broker.queues[index as usize].ready.len() >= most as usize)
    }

    /// The oldest go while more wait than may (R114).
    fn push_out(&mut self, index: u8) {
        let Some(most) = self.setup.queues[index as usize].limits.length else { return };
        while self.broker.queues[index as usize].ready.len() > most as usize {
            let Some(oldest) = self.broker.queues[index as usize].ready.pop_front() else { return };
            let before = self.cause;
            self.cause = self.record(Kind::Overflowed, self.cast.broker, oldest.message, u16::from(index));
            self.bury(index, oldest, false);
            self.cause = before;
        }
    }

    /// A copy's time to live is over, wherever it is by now.
    pub(super) fn copies_expire(&mut self, index: u8) {
        self.broker.expiring -= 1;
        if self.is_up(self.cast.broker) {
            self.drop_expired(index);
        }
    }

    /// What has expired and stands at the front goes: it is never delivered (R112). What expires behind one that does
    /// not stays until it comes to the front (R113).
    pub(super) fn drop_expired(&mut self, index: u8) {
        loop {
            let now = self.now;
            let queue = &mut self.broker.queues[index as usize];
            let Some(stored) = queue.ready.front().copied().filter(|s| s.expires <= now) else { return };
            queue.ready.pop_front();
            self.cause = stored.cause;
            self.cause = self.record(Kind::Expired, self.cast.broker, stored.message, u16::from(index));
            self.bury(index, stored, false);
        }
    }

    /// Whether something waits that will expire.
    pub(super) fn anything_may_expire(&self) -> bool {
        let to_come = |stored: &Stored| stored.expires >= self.now && stored.expires != Stored::NEVER;
        self.broker.expiring > 0 && self.broker.queues.iter().any(|queue| queue.ready.iter().any(to_come))
    }

    /// A delivered copy comes back, to its place (R106) or, once too often, to the dead letters (R115).
    pub(super) fn come_back(&mut self, index: u8, stored: Stored) {
        let limits = &self.setup.queues[index as usize].limits;
        let (most, length) = (limits.returns, limits.length);
        let returns = stored.returns.saturating_add(1);
        let kind = if most.is_some_and(|most| returns > most) { Kind::LimitReached } else { Kind::Requeued };
        let cause = self.record(kind, self.cast.broker, stored.message, u16::from(index));
        self.cause = cause;
        if kind == Kind::LimitReached {
            // Nobody rejected it (R117).
            return self.bury(index, stored, false);
        }
        self.broker.queues[index as usize].put_back(Stored { returns, cause, ..stored });
        self.drop_expired(index);
        if length.is_some() {
            self.push_out(index);
        }
        self.cause = cause;
    }

    /// A copy that is out of its queue for good: to the dead-letter exchange, parked, or dropped (R108).
    pub(super) fn bury(&mut self, index: u8, stored: Stored, rejected: bool) {
        let spec = &self.setup.queues[index as usize];
        let (parks, broker) = (spec.dead_letters, self.cast.broker);
        let Some(to) = &spec.limits.dead_letter else {
            let kind = if parks { Kind::DeadLettered } else { Kind::Dropped };
            self.cause = self.record(kind, broker, stored.message, u16::from(index));
            if parks {
                self.broker.queues[index as usize].parked.push(stored);
            }
            return;
        };
        let mut copies = Vec::new();
        if let Some(message) = self.message(stored.message)
            && self.broker.pushes < MOST_PUSHES
        {
            self.find_copies(Target::Topic(to.exchange), message, to.key.as_deref(), &mut copies);
        }
        // Without a rejection on the way it may not come back to where it was (R117), nor where there is no room (R116).
        let trail = if rejected { 0 } else { stored.trail | self.bit(index) };
        copies.retain(|copy| {
            copy.fate == Fate::Enqueued && trail & self.bit(copy.queue) == 0 && !self.is_full(copy.queue)
        });
        let kind = if copies.is_empty() { Kind::Dropped } else { Kind::DeadLettered };
        let moved = self.record(kind, broker, stored.message, u16::from(index));
        let source = if stored.source == Stored::NO_SOURCE { index } else { stored.source };
        self.broker.pushes += 1;
        for copy in copies {
            self.cause = moved;
            let new = Stored { form: stored.form, trail, source, ..Stored::new(stored.message, 0, moved) };
            self.enqueue_after(copy.queue, new, None);
        }
        self.broker.pushes -= 1;
        self.cause = moved;
    }
}
