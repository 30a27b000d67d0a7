//! What does a queue do that is polled? It hands out what is asked for, hides it until a deadline, and shows it
//! again if nobody has deleted it by then (the rules of Amazon SQS, R12 to R34 and R47 to R56,
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/>).
//!
//! A deadline is half-open: what is received at `t` for `v` is hidden in `[t, t + v)`.

mod operator;

pub use operator::{REDRIVE_EVERY, goes_back};

use super::edited::Form;
use super::event::Event;
use super::queue::Stored;
use super::record::{Kind, NONE};
use super::setup::{Poll, QueueOrder};
use super::wire::{Freight, Packet};
use super::world::World;
use crate::fault::point::PacketKind;
use crate::sim::chance::Dice;
use crate::sim::shape::Shape;
use crate::sim::time::{Instant, Span};
use std::collections::VecDeque;

/// The longest delay of a message: 15 minutes (R31).
pub const LONGEST_DELAY: Span = Span::from_millis(900_000);
/// The longest that a message can be hidden, counted from its receive (R29).
pub const LONGEST_VISIBILITY: Span = Span::from_millis(12 * 60 * 60 * 1_000);
/// Nobody: a person who looks.
const NOBODY: u8 = u8::MAX;

/// A copy that was received and not deleted: hidden from other polls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InFlight {
    /// The copy.
    pub stored: Stored,
    /// Index among all workers of who received it; none: a person looked at it.
    worker: u8,
    /// When it was received.
    pub since: Instant,
    /// Until when it is hidden.
    pub until: Instant,
    /// It was deleted, but one of the servers has not heard of that (R12).
    undead: bool,
}

impl InFlight {
    /// Whether it was deleted, though one of the servers has not heard of that (R12).
    pub fn is_deleted(&self) -> bool {
        self.undead
    }

    /// Index among all workers of who received it; none: a person looked at it.
    pub fn worker(&self) -> Option<u8> {
        (self.worker != NOBODY).then_some(self.worker)
    }
}

/// A new copy that cannot be received yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waits {
    /// The copy.
    pub stored: Stored,
    /// Until when.
    pub until: Instant,
}

/// What a polled queue keeps besides what can be received.
#[derive(Clone, Debug, Default)]
pub struct Polled {
    /// In the order of their receives.
    in_flight: VecDeque<InFlight>,
    /// In the order of arrival.
    delayed: VecDeque<Waits>,
    /// Polls that wait for a message: the worker, and which of its polls.
    waiters: VecDeque<(u8, u32)>,
    /// How long new messages are hidden by now.
    delay: Span,
    /// Who is next, where the order is only best effort.
    dice: Option<Dice>,
}

impl Polled {
    pub(super) fn new(poll: Option<Poll>, dice: impl FnOnce() -> Dice) -> Polled {
        let best_effort = poll.is_some_and(|poll| poll.order == QueueOrder::BestEffort);
        let delay = poll.map_or(Span::ZERO, |poll| poll.delay);
        Polled { delay, dice: best_effort.then(dice), ..Polled::default() }
    }

    /// How long new messages are hidden: as the setup says, until an operator says otherwise (R33).
    pub fn delay(&self) -> Span {
        self.delay
    }

    pub(super) fn dice(&mut self) -> Option<&mut Dice> {
        self.dice.as_mut()
    }

    /// What was received and not deleted, the earliest receive first.
    pub fn in_flight(&self) -> impl ExactSizeIterator<Item = &InFlight> {
        self.in_flight.iter()
    }

    /// New messages that cannot be received yet, in the order of arrival.
    pub fn delayed(&self) -> impl ExactSizeIterator<Item = &Waits> {
        self.delayed.iter()
    }

    fn find(&self, receipt: u32) -> Option<usize> {
        self.in_flight.binary_search_by_key(&receipt, |held| held.stored.receipt).ok()
    }

    fn find_message(&self, message: u32) -> Option<usize> {
        self.in_flight.iter().position(|held| held.stored.message == message && !held.undead)
    }
}

/// What a receipt handle stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Receipt {
    pub message: u32,
    /// The copy's place in the order of arrival at its queue.
    position: u32,
    /// Which of the worker's polls it answers.
    pub poll: u32,
    /// The place in the history where it was sent.
    pub record: u32,
    /// Whether the copy had been received before.
    pub again: bool,
    /// In which form it is.
    pub form: Form,
}

/// What a poll asks for.
#[derive(Clone, Copy)]
struct Asked {
    worker: u8,
    poll: u32,
    most: u8,
}

/// What came of asking.
#[derive(Clone, Copy, Default)]
struct HandedOut {
    /// Whether there was a message.
    any: bool,
    /// The dead-letter queue, if messages were moved there instead.
    moved_to: Option<u8>,
}

impl World {
    /// How the queue of that index is polled; none: it pushes.
    #[inline]
    pub(super) fn poll_of(&self, queue: u8) -> Option<Poll> {
        self.setup.queues[queue as usize].poll
    }

    pub(super) fn receipt(&self, receipt: u32) -> Option<Receipt> {
        self.broker.receipts.get(receipt as usize).copied()
    }

    /// Whether a consumer is there that will ask for a message that can be received: then the world is not quiet,
    /// though nothing but polls may be in the agenda.
    pub(super) fn any_poll_finds_work(&self) -> bool {
        let reachable = |&worker: &u8| {
            let actor = self.worker_actor(worker);
            self.is_up(actor) && !self.is_cut(actor)
        };
        self.is_up(self.cast.broker)
            && (0..self.setup.queues.len() as u8).any(|queue| {
                self.poll_of(queue).is_some()
                    && !self.broker.queues[queue as usize].ready().is_empty()
                    && self.takers(queue).iter().any(reachable)
            })
    }

    /// A new copy in a polled queue, its delay from the queue or from its own timer (R31, R32).
    pub(super) fn poll_queue_takes(&mut self, queue: u8, stored: Stored, delay: Span) {
        let state = &mut self.broker.queues[queue as usize];
        if delay == Span::ZERO {
            state.ready.push_back(stored);
            return self.answer_waiting_polls(queue);
        }
        let until = self.now + delay;
        state.polled.delayed.push_back(Waits { stored, until });
        let before = std::mem::replace(&mut self.cause, stored.cause);
        self.schedule(until, Event::DelayEnds { queue, position: stored.position });
        self.cause = before;
    }

    pub(super) fn delay_ends(&mut self, queue: u8, position: u32) {
        let broker = self.cast.broker;
        let delayed = &mut self.broker.queues[queue as usize].polled.delayed;
        let Ok(at) = delayed.binary_search_by_key(&position, |waits| waits.stored.position) else {
            self.idle -= 1;
            return;
        };
        if delayed[at].until > self.now {
            // The delay was changed meanwhile.
            self.idle -= 1;
            return;
        }
        let Some(Waits { stored, .. }) = delayed.remove(at) else { return };
        self.cause = self.record(Kind::DelayEnded, broker, stored.message, u16::from(queue));
        let cause = self.cause;
        self.broker.queues[queue as usize].put_at_place(Stored { cause, ..stored });
        self.answer_waiting_polls(queue);
    }

    /// A poll reaches the broker. A short one that `misses` asked servers that hold nothing (R20).
    #[inline(never)]
    pub(super) fn answer_poll(&mut self, packet: Packet, misses: bool) {
        let worker = self.worker_index(packet.party);
        let queue = self.queue_of(worker);
        let Some(poll) = self.poll_of(queue) else { return };
        let most = self.consumer_of(worker).polling.receive;
        let asked = Asked { worker, poll: packet.tag, most };
        let short = poll.wait == Span::ZERO;
        let before = self.cause;
        let out = if misses && short { HandedOut::default() } else { self.hand_out(queue, asked) };
        self.cause = before;
        if !out.any {
            self.poll_finds_nothing(queue, asked, poll.wait);
        }
        if let Some(dead) = out.moved_to {
            self.answer_waiting_polls(dead);
        }
    }

    /// A short poll is answered at once, a long one waits.
    fn poll_finds_nothing(&mut self, queue: u8, asked: Asked, wait: Span) {
        let Asked { worker, poll, .. } = asked;
        if wait == Span::ZERO {
            return self.answer_with_nothing(worker, poll);
        }
        let (broker, asks) = (self.cast.broker, u16::from(self.worker_actor(worker).0));
        self.cause = self.record(Kind::LongPolled, broker, NONE, u16::from(queue) | asks << 8);
        self.broker.queues[queue as usize].polled.waiters.push_back((worker, poll));
        self.schedule_in(wait, Event::LongPollEnds { worker, poll });
    }

    fn answer_with_nothing(&mut self, worker: u8, poll: u32) {
        let actor = self.worker_actor(worker);
        self.send(actor, PacketKind::Reply, NONE, Freight { tag: poll, ..Freight::default() });
    }

    /// What waits at the broker is answered as soon as there is a message (R21, R22); and what waits at the
    /// dead-letter queue, if messages were moved there on the way.
    pub(super) fn answer_waiting_polls(&mut self, queue: u8) {
        if !self.is_up(self.cast.broker) {
            return;
        }
        let mut next = Some(queue);
        // No further than to every queue once: in a setup that was no file, dead-letter queues may stand in a circle.
        for _ in 0..self.setup.queues.len() {
            let Some(queue) = next else { return };
            next = self.answer_polls_at(queue);
        }
    }

    /// The same for one queue. Returns the queue to which messages were moved, if any were.
    fn answer_polls_at(&mut self, queue: u8) -> Option<u8> {
        let mut moved_to = None;
        while let Some(&(worker, poll)) = self.broker.queues[queue as usize].polled.waiters.front() {
            let most = self.consumer_of(worker).polling.receive;
            let out = self.hand_out(queue, Asked { worker, poll, most });
            moved_to = moved_to.or(out.moved_to);
            if !out.any {
                break;
            }
            self.broker.queues[queue as usize].polled.waiters.pop_front();
        }
        moved_to
    }

    pub(super) fn long_poll_ends(&mut self, worker: u8, poll: u32) {
        let queue = self.queue_of(worker);
        let waiters = &mut self.broker.queues[queue as usize].polled.waiters;
        if let Some(at) = waiters.iter().position(|&waiter| waiter == (worker, poll)) {
            waiters.remove(at);
            self.answer_with_nothing(worker, poll);
        }
    }

    /// The connection of that worker is gone: nobody waits for the answer to what it asked up to that poll.
    pub(super) fn forget_polls(&mut self, worker: u8, poll: u32) {
        let queue = self.queue_of(worker);
        let waiters = &mut self.broker.queues[queue as usize].polled.waiters;
        waiters.retain(|&(who, which)| who != worker || which > poll);
    }

    /// Sends what can be received, if anything can.
    fn hand_out(&mut self, queue: u8, asked: Asked) -> HandedOut {
        let before = self.cause;
        let first = self.broker.receipts.len() as u32;
        let (mut count, mut moved_to) = (0, None);
        while count < asked.most {
            let out = self.lease(queue, asked, first);
            moved_to = moved_to.or(out.moved_to);
            if !out.any {
                break;
            }
            count += 1;
        }
        self.cause = before;
        if count > 0 {
            self.send_reply(self.worker_actor(asked.worker), first, count);
        }
        HandedOut { any: count > 0, moved_to }
    }

    /// Receives the next message: it gets a new handle (R16) and is hidden from now on (R15). Those before it that
    /// were received too often are moved to the dead-letter queue now and not before (R48). What has the handle `first`
    /// or a later one was received by the same call.
    fn lease(&mut self, queue: u8, asked: Asked, first: u32) -> HandedOut {
        let mut out = HandedOut::default();
        let Some(poll) = self.poll_of(queue) else { return out };
        let broker = self.cast.broker;
        while let Some(at) = self.next_of(queue, poll.order, first)
            && let Some(stored) = self.broker.queues[queue as usize].ready.remove(at)
        {
            if let Some(dead) = poll.dead_letter.filter(|_| stored.receives >= poll.max_receives) {
                self.dead_letter(queue, dead, stored);
                out.moved_to = Some(dead);
                continue;
            }
            let receives = stored.receives.saturating_add(1);
            let counted = receives.min(u16::from(u8::MAX)) << 8;
            self.cause = stored.cause;
            let cause = self.record(Kind::Leased, broker, stored.message, u16::from(queue) | counted);
            self.cause = cause;
            let receipt = self.broker.receipts.len() as u32;
            let Stored { message, position, redelivered: again, form, .. } = stored;
            let asks = asked.poll;
            self.broker.receipts.push(Receipt { message, position, poll: asks, record: cause, again, form });
            let stored = Stored { receives, receipt, cause, ..stored };
            let (since, until) = (self.now, self.now + poll.visibility);
            let held = InFlight { stored, worker: asked.worker, since, until, undead: false };
            self.broker.queues[queue as usize].polled.in_flight.push_back(held);
            self.schedule(until, Event::VisibilityEnds { queue, receipt });
            out.any = true;
            return out;
        }
        out
    }

    /// The message goes on in the dead-letter queue, with its count of receives (R39). Who waits there is answered
    /// when everybody here is.
    fn dead_letter(&mut self, queue: u8, dead: u8, stored: Stored) {
        let broker = self.cast.broker;
        self.cause = stored.cause;
        self.cause = self.record(Kind::DeadLettered, broker, stored.message, u16::from(queue));
        let cause = self.record(Kind::Enqueued, broker, stored.message, u16::from(dead));
        let dead = &mut self.broker.queues[dead as usize];
        let position = dead.next_position();
        dead.ready.push_back(Stored { position, cause, source: queue, ..stored });
    }

    /// Remembers where each message of an answer was sent.
    pub(super) fn receipt_sent(&mut self, receipt: u32, record: u32) {
        if let Some(receipt) = self.broker.receipts.get_mut(receipt as usize) {
            receipt.record = record;
        }
    }

    #[inline(never)]
    pub(super) fn visibility_ends(&mut self, queue: u8, receipt: u32) {
        let (broker, now) = (self.cast.broker, self.now);
        let polled = &mut self.broker.queues[queue as usize].polled;
        let over = polled.find(receipt).filter(|&at| polled.in_flight[at].until <= now);
        let Some(held) = over.and_then(|at| polled.in_flight.remove(at)) else {
            // It was deleted, or got more time, meanwhile.
            self.idle -= 1;
            return;
        };
        let kind = if held.undead { Kind::Reexposed } else { Kind::VisibilityEnded };
        self.cause = self.record(kind, broker, held.stored.message, u16::from(queue));
        let cause = self.cause;
        let again = Stored { redelivered: true, cause, ..held.stored };
        self.broker.queues[queue as usize].put_at_place(again);
        self.answer_waiting_polls(queue);
    }

    /// A delete: it needs the handle of the latest receive (R17), and may come after the visibility has ended as
    /// long as nobody else has received the message. One that `misses` leaves a copy on some server (R12), unless the
    /// queue is FIFO.
    #[inline(never)]
    pub(super) fn delete(&mut self, packet: Packet, misses: bool) {
        let broker = self.cast.broker;
        let queue = self.queue_of(self.worker_index(packet.party));
        let misses = misses && self.poll_of(queue).is_some_and(|poll| poll.order != QueueOrder::Fifo);
        let place = self.receipt(packet.tag).map(|receipt| receipt.position);
        let state = &mut self.broker.queues[queue as usize];
        let mut trace = 0;
        if let Some(at) = state.polled.find(packet.tag).filter(|&at| !state.polled.in_flight[at].undead) {
            if misses {
                state.polled.in_flight[at].undead = true;
                trace = 1 << 8;
            } else {
                state.polled.in_flight.remove(at);
                self.idle += 1;
            }
        } else if let Some(at) = place.and_then(|place| state.find_ready(place))
            && state.ready[at].receipt == packet.tag
        {
            state.ready.remove(at);
        } else {
            self.record(Kind::Stale, broker, packet.message, u16::from(packet.party.0));
            return;
        }
        self.record(Kind::Settled, broker, packet.message, u16::from(queue) | trace);
        self.group_goes_on(queue);
    }

    /// A consumer asks for more time, or gives the message back at once (R25, R27).
    pub(super) fn extend(&mut self, packet: Packet) {
        let queue = self.queue_of(self.worker_index(packet.party));
        let Some(poll) = self.poll_of(queue) else { return };
        let polled = &self.broker.queues[queue as usize].polled;
        let span = if packet.requeue { Span::ZERO } else { poll.visibility };
        match polled.find(packet.tag).filter(|&at| !polled.in_flight[at].undead) {
            Some(at) => self.change_visibility(queue, at, span),
            None => {
                self.record(Kind::ExtendRefused, self.cast.broker, packet.message, 0);
            }
        }
    }

    /// A new timeout, counted from now (R25), but not beyond 12 h from the receive (R29).
    fn change_visibility(&mut self, queue: u8, at: usize, span: Span) {
        let (broker, until) = (self.cast.broker, self.now + span);
        let held = &mut self.broker.queues[queue as usize].polled.in_flight[at];
        let Stored { message, receipt, .. } = held.stored;
        if until > held.since + LONGEST_VISIBILITY {
            self.record(Kind::ExtendRefused, broker, message, 1);
            return;
        }
        held.until = until;
        // The end that was waited for until now changes nothing any more.
        self.idle += 1;
        let back = u16::from(span == Span::ZERO) << 8;
        self.cause = self.record(Kind::Extended, broker, message, u16::from(queue) | back);
        self.schedule(until, Event::VisibilityEnds { queue, receipt });
    }

    /// The broker went down: polls that wait are gone with their connections, and what a queue that is not durable
    /// hides.
    #[inline(never)]
    pub(super) fn poll_queue_went_down(&mut self, queue: u8) {
        let broker = self.cast.broker;
        let durable = self.setup.queues[queue as usize].durable;
        let polled = &mut self.broker.queues[queue as usize].polled;
        polled.waiters.clear();
        if durable {
            return;
        }
        let (in_flight, delayed) =
            (std::mem::take(&mut polled.in_flight), std::mem::take(&mut polled.delayed));
        self.idle += (in_flight.len() + delayed.len()) as u32;
        let hidden = in_flight.iter().map(|held| held.stored);
        for stored in hidden.chain(delayed.iter().map(|waits| waits.stored)) {
            self.record(Kind::Dropped, broker, stored.message, u16::from(queue));
        }
    }
}

impl Receipt {
    pub fn shape(&self, shape: &mut Shape) {
        let Receipt { message, position, poll, record: _, again, form } = *self;
        let words = [message, position, poll, u32::from(again)];
        words.into_iter().for_each(|word| shape.word(u64::from(word)));
        shape.word(form.bits());
    }
}

impl Polled {
    pub(super) fn shape(&self, shape: &mut Shape) {
        let Polled { in_flight, delayed, waiters, delay, dice } = self;
        shape.word(delay.0);
        dice.iter().for_each(|dice| dice.shape(shape));
        shape.word(in_flight.len() as u64);
        for InFlight { stored, worker, since, until, undead } in in_flight {
            stored.shape(shape, stored.position);
            shape.word(u64::from(*worker) << 1 | u64::from(*undead));
            shape.at(*since);
            shape.at(*until);
        }
        for Waits { stored, until } in delayed {
            stored.shape(shape, stored.position);
            shape.at(*until);
        }
        shape.word(waiters.len() as u64);
        waiters.iter().for_each(|&(worker, poll)| shape.word(u64::from(worker) << 32 | u64::from(poll)));
    }
}
