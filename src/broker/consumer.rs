//! How does a consumer work? Each of its workers takes deliveries one at a time: decode, apply the effect
//! (with an inbox: in one transaction with the message's id, or in another way that it was told), acknowledge
//! before or after.

use super::edited::Form;
use super::event::Event;
use super::inbox::{ConsumerDb, Job, MessageId, work};
use super::poller::Poller;
use super::record::{Kind, Why};
use super::setup::{AckTime, Consumer, Inbox, OnError, Role};
use super::wire::{Freight, Packet};
use super::world::World;
use crate::fault::point::{ActorId, PacketKind, Step};
use crate::sim::chance::Dice;
use crate::sim::shape::Shape;
use crate::sim::time::Span;
use std::collections::VecDeque;

/// How soon a worker asks again for a key that another's open transaction holds.
pub(super) const RETRY_KEY: Span = Span::from_millis(20);

/// A delivery in a worker's hands: memory, gone in a crash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InHand {
    /// The message.
    pub message: u32,
    /// Which delivery, or the receipt handle.
    pub(super) tag: u32,
    /// In which form it came.
    pub(super) form: Form,
    /// The place in the history where it was received.
    pub(super) cause: u32,
}

/// A worker's state.
#[derive(Clone, Debug)]
pub struct Worker {
    consumer: u8,
    pub(super) work: Dice,
    current: Option<InHand>,
    /// The step that comes next with it.
    next: Step,
    /// Taken in ahead of time, up to the prefetch.
    pub(super) buffer: VecDeque<InHand>,
    pub(super) poller: Poller,
    /// The stored message that it works on, beside the delivery.
    pub(super) job: Option<Job>,
    /// The work on a stored message failed, and it rests a little.
    pub(super) rests: bool,
    /// It stops when it has done what it has in hand.
    leaving: bool,
}

impl Worker {
    pub(super) fn new(consumer: u8, name: &str, dice: &impl Fn(&str, &str) -> Dice) -> Worker {
        let work = dice("work", name);
        Worker {
            consumer,
            work,
            current: None,
            next: Step::Receive,
            buffer: VecDeque::new(),
            poller: Poller::default(),
            job: None,
            rests: false,
            leaving: false,
        }
    }

    /// Index of the consumer it belongs to.
    pub fn consumer(&self) -> u8 {
        self.consumer
    }

    /// The delivery it works on, and the step that comes next with it.
    pub fn current(&self) -> Option<(InHand, Step)> {
        self.current.map(|delivery| (delivery, self.next))
    }

    /// The stored message that it works on.
    pub fn job(&self) -> Option<Job> {
        self.job
    }

    /// Where it stands with its polls, if it polls.
    pub fn poller(&self) -> Poller {
        self.poller
    }

    /// Whether it stops when it has done what it has in hand.
    pub fn is_leaving(&self) -> bool {
        self.leaving
    }

    /// Deliveries it has taken in ahead of time.
    pub fn buffer(&self) -> &VecDeque<InHand> {
        &self.buffer
    }
}

impl World {
    /// The worker of that index, among all workers.
    pub fn worker(&self, index: u8) -> &Worker {
        &self.workers[index as usize]
    }

    /// The database of the consumer of that index.
    pub fn consumer_db(&self, consumer: u8) -> &ConsumerDb {
        &self.databases[consumer as usize]
    }

    /// The party of that worker.
    pub fn worker_actor(&self, worker: u8) -> ActorId {
        ActorId(self.cast.broker.0 + 1 + worker)
    }

    pub(super) fn worker_index(&self, actor: ActorId) -> u8 {
        actor.0 - self.cast.broker.0 - 1
    }

    pub(super) fn consumer_of(&self, worker: u8) -> &Consumer {
        &self.setup.consumers[self.workers[worker as usize].consumer as usize]
    }

    pub(super) fn database_of(&mut self, worker: u8) -> &mut ConsumerDb {
        &mut self.databases[self.workers[worker as usize].consumer as usize]
    }

    /// A delivery reaches a worker, which is up.
    pub(super) fn worker_takes(&mut self, packet: Packet, slot: u32, late: bool, again: Event) {
        let callee = (packet.kind == PacketKind::Call).then(|| self.callee(packet.message)).flatten();
        let actor = callee.unwrap_or(packet.party);
        let worker = self.worker_index(actor);
        self.cause = packet.record;
        self.take_step(actor, Step::Receive, late, again, |world, fails| {
            world.take_packet(slot);
            let message = packet.message;
            world.cause = world.record(Kind::Received, actor, message, u16::from(packet.requeue));
            // An envelope where none is expected, or none where one is, reads as rubbish (R81).
            let fails = fails || packet.form.wrapped != world.consumer_of(worker).unwraps;
            if fails {
                world.cause = world.record(Kind::DecodeFailed, actor, message, 0);
                world.worker_says(
                    actor,
                    message,
                    PacketKind::Nack,
                    Freight { tag: packet.tag, ..Freight::default() },
                );
                return;
            }
            let delivery = InHand { message, tag: packet.tag, form: packet.form, cause: world.cause };
            let state = &mut world.workers[worker as usize];
            if state.current.is_some() {
                state.buffer.push_back(delivery);
            } else {
                world.worker_begins(worker, delivery);
            }
        });
    }

    fn worker_begins(&mut self, worker: u8, delivery: InHand) {
        let spec = self.consumer_of(worker);
        let first = if spec.ack == AckTime::BeforeEffect { Step::Ack } else { work(spec.inbox)[0] };
        self.cause = delivery.cause;
        self.workers[worker as usize].current = Some(delivery);
        self.worker_goes_on(worker, first);
    }

    fn worker_goes_on(&mut self, worker: u8, next: Step) {
        let spec = self.consumer_of(worker);
        let takes = if next == Step::Apply { spec.handler } else { spec.step };
        let epoch = self.epoch(self.worker_actor(worker));
        let state = &mut self.workers[worker as usize];
        state.next = next;
        let span = state.work.span(takes);
        self.schedule_in(span, Event::WorkerStep { worker, late: false, epoch });
    }

    pub(super) fn worker_steps(&mut self, worker: u8, late: bool, epoch: u32) {
        let actor = self.worker_actor(worker);
        if self.epoch(actor) != epoch {
            return;
        }
        let Some((delivery, step)) = self.workers[worker as usize].current() else { return };
        let again = Event::WorkerStep { worker, late: true, epoch };
        self.take_step(actor, step, late, again, |world, fails| {
            world.do_worker_step(worker, actor, delivery, step, fails);
        });
    }

    fn do_worker_step(&mut self, worker: u8, actor: ActorId, delivery: InHand, step: Step, fails: bool) {
        let InHand { message, tag, form, .. } = delivery;
        let consumer = self.workers[worker as usize].consumer;
        let inbox = self.consumer_of(worker).inbox;
        let id = self.id_in_inbox(worker, delivery);
        let fails =
            fails || (self.any_bad && step == Step::Apply && self.cannot_be_handled(message, form.edited));
        if self.database_down[actor.0 as usize] && step != Step::Ack {
            return self.attempt_failed(worker, actor, delivery, Why::Database);
        }
        match step {
            Step::Begin => {
                self.cause = self.record(Kind::Began, actor, message, 0);
                self.worker_does_next(worker, step);
            }
            Step::CheckInbox => {
                self.forget_old_ids(worker);
                if self.database_of(worker).knows(id) {
                    self.cause = self.record(Kind::Recognised, actor, message, 0);
                    return self.worker_is_done(worker);
                }
                self.cause = self.record(Kind::NotKnown, actor, message, 0);
                self.worker_does_next(worker, step);
            }
            Step::WriteInbox => self.write_inbox(worker, actor, delivery, inbox),
            Step::Apply if fails => {
                self.cause = self.record(Kind::HandlerFailed, actor, message, 0);
                self.attempt_failed(worker, actor, delivery, Why::Handler);
            }
            Step::Apply if inbox.is_one_transaction() => {
                self.cause = self.record(Kind::Staged, actor, message, 0);
                self.worker_does_next(worker, step);
            }
            Step::Commit if fails => self.attempt_failed(worker, actor, delivery, Why::CommitFailed),
            Step::Commit if inbox == Inbox::IdThenEffect => {
                self.keep_id(worker, id);
                self.cause = self.record(Kind::IdKept, actor, message, id.which().into());
                self.worker_does_next(worker, step);
            }
            Step::Apply
                if inbox == Inbox::NotNeeded && self.database_of(worker).knows(MessageId::of(message)) =>
            {
                self.cause = self.record(Kind::SetAgain, actor, message, 0);
                self.worker_does_next(worker, step);
            }
            Step::Apply | Step::Commit => {
                self.cause = self.record(Kind::Applied, actor, message, u16::from(consumer));
                self.database_of(worker).applied += 1;
                if inbox.is_one_transaction() {
                    self.keep_id(worker, id);
                } else if inbox == Inbox::NotNeeded {
                    self.keep_id(worker, MessageId::of(message));
                }
                self.worker_does_next(worker, step);
            }
            _ => {
                let done = if self.polls(worker).is_some() { PacketKind::Delete } else { PacketKind::Ack };
                self.worker_says(actor, message, done, Freight { tag, ..Freight::default() });
                match self.consumer_of(worker).ack {
                    AckTime::AfterEffect => self.worker_is_free(worker),
                    AckTime::BeforeEffect => self.worker_goes_on(worker, work(inbox)[0]),
                }
            }
        }
    }

    /// The step of its work that follows that one, or the end.
    fn worker_does_next(&mut self, worker: u8, step: Step) {
        let work = work(self.consumer_of(worker).inbox);
        let next = work.iter().skip_while(|&&other| other != step).nth(1);
        match next {
            Some(&next) => self.worker_goes_on(worker, next),
            None => self.worker_is_done(worker),
        }
    }

    #[inline(never)]
    fn write_inbox(&mut self, worker: u8, actor: ActorId, delivery: InHand, inbox: Inbox) {
        let InHand { message, form, .. } = delivery;
        let id = self.id_in_inbox(worker, delivery);
        if self.database_of(worker).open.iter().any(|&(_, other)| other == id) {
            // Another worker's open transaction holds the key: ask again soon (R152, insert first).
            let epoch = self.epoch(actor);
            return self.schedule_in(RETRY_KEY, Event::WorkerStep { worker, late: true, epoch });
        }
        self.forget_old_ids(worker);
        if inbox != Inbox::EffectThenId && self.database_of(worker).knows(id) {
            self.cause = self.record(Kind::Recognised, actor, message, 0);
            if inbox == Inbox::IdsLast {
                // The work was done in vain (R152).
                self.cause = self.record(Kind::RolledBack, actor, message, Why::Repeat.code());
            }
            return self.worker_is_done(worker);
        }
        match inbox {
            Inbox::StoreFirst => self.store(worker, id, form.edited),
            Inbox::EffectThenId => {
                self.keep_id(worker, id);
                self.cause = self.record(Kind::IdKept, actor, message, id.which().into());
            }
            _ => {
                self.database_of(worker).open.push((worker, id));
                self.cause = self.record(Kind::WroteInbox, actor, message, id.which().into());
            }
        }
        self.worker_does_next(worker, Step::WriteInbox);
    }

    /// The message's id is a fact.
    fn keep_id(&mut self, worker: u8, id: MessageId) {
        let (now, window) = (self.now, self.consumer_of(worker).window);
        let database = self.database_of(worker);
        database.remember(id, now, window);
        database.open.retain(|&(by, _)| by != worker);
    }

    fn worker_is_done(&mut self, worker: u8) {
        match self.consumer_of(worker).ack {
            AckTime::AfterEffect => self.worker_goes_on(worker, Step::Ack),
            AckTime::BeforeEffect => self.worker_is_free(worker),
        }
    }

    pub(super) fn worker_is_free(&mut self, worker: u8) {
        let called = self.is_called(worker);
        let state = &mut self.workers[worker as usize];
        state.current = None;
        // What else it holds the broker gives to somebody else; who called it is still served.
        if state.leaving && (!called || state.buffer.is_empty()) {
            return self.leave(self.worker_actor(worker));
        }
        if let Some(delivery) = state.buffer.pop_front() {
            self.worker_begins(worker, delivery);
        } else if self.polls(worker).is_some() {
            self.worker_pauses(worker);
        }
    }

    /// Whether others call it, instead of a queue giving it work.
    fn is_called(&self, worker: u8) -> bool {
        self.setup.queues.get(self.consumer_of(worker).queue as usize).is_some_and(|queue| queue.door)
    }

    /// What became of a delivery, to the broker; of a call, to the caller.
    fn worker_says(&mut self, actor: ActorId, message: u32, word: PacketKind, freight: Freight) {
        let called = self.is_called(self.worker_index(actor));
        match self.message(message).filter(|_| called).map(|found| found.service) {
            Some(service) => {
                let word = if word == PacketKind::Ack { PacketKind::Response } else { PacketKind::Error };
                self.send(self.cast.service(service), word, message, freight);
            }
            None => {
                self.send(actor, word, message, freight);
            }
        }
    }

    /// Whether it is called and takes no new calls, because it is about to stop.
    pub(super) fn turns_calls_away(&self, packet: Packet, to: ActorId) -> bool {
        let is_worker = to.0 > self.cast.broker.0;
        packet.kind == PacketKind::Call && is_worker && self.workers[self.worker_index(to) as usize].leaving
    }

    /// The worker is to stop. True if it has nothing in hand and can go at once.
    pub(super) fn worker_is_to_leave(&mut self, actor: ActorId) -> bool {
        let worker = self.worker_index(actor);
        let state = &mut self.workers[worker as usize];
        state.leaving = true;
        state.current.is_none()
    }

    /// It goes on after all.
    pub(super) fn stays(&mut self, actor: ActorId) {
        if let Role::Worker(..) = self.cast.role(actor) {
            let worker = self.worker_index(actor);
            self.workers[worker as usize].leaving = false;
        }
    }

    /// It has stopped: it closes its connection, after its last word.
    pub(super) fn worker_left(&mut self, actor: ActorId) {
        let worker = self.worker_index(actor);
        let state = &mut self.workers[worker as usize];
        state.leaving = false;
        state.buffer.clear();
        state.poller.asks = false;
        state.poller.next = None;
        // A stored message that it works on is a row: whoever comes next takes it up.
        self.job_crashed(worker);
        let hop = self.wires.draw_to_broker(actor).max(self.wires.after_all_to_broker(actor, self.now));
        self.connection_breaks_in(worker, hop);
    }

    /// The effect did not happen: the transaction is undone, and the broker is told if it still waits to hear.
    fn attempt_failed(&mut self, worker: u8, actor: ActorId, delivery: InHand, why: Why) {
        let InHand { message, tag, .. } = delivery;
        if self.consumer_of(worker).inbox.is_kept() || why == Why::Database {
            self.cause = self.record(Kind::RolledBack, actor, message, why.code());
        }
        self.database_of(worker).open.retain(|&(by, _)| by != worker);
        let spec = self.consumer_of(worker);
        if spec.ack == AckTime::AfterEffect && self.polls(worker).is_some() {
            self.give_back_or_leave(worker, message, tag);
        } else if spec.ack == AckTime::AfterEffect {
            let requeue = spec.on_error == OnError::Requeue;
            self.worker_says(
                actor,
                message,
                PacketKind::Nack,
                Freight { tag, requeue, ..Freight::default() },
            );
        }
        self.worker_is_free(worker);
    }

    #[inline(never)]
    pub(super) fn worker_crashed(&mut self, actor: ActorId) {
        let worker = self.worker_index(actor);
        let held = self.workers[worker as usize].current;
        // Where the id is written last, the effect is staged before it.
        let waits_for_id = self.consumer_of(worker).inbox == Inbox::IdsLast
            && self.workers[worker as usize].next == Step::WriteInbox;
        let database = self.database_of(worker);
        let staged = waits_for_id || database.open.iter().any(|&(by, _)| by == worker);
        database.open.retain(|&(by, _)| by != worker);
        if let Some(delivery) = held.filter(|_| staged) {
            self.record(Kind::RolledBack, actor, delivery.message, Why::Crash.code());
        }
        let state = &mut self.workers[worker as usize];
        state.current = None;
        state.leaving = false;
        state.buffer.clear();
        state.poller.asks = false;
        state.poller.next = None;
        self.job_crashed(worker);
        // The host closes the connection; the broker hears of it a hop later.
        let hop = self.wires.draw_to_broker(actor);
        self.connection_breaks_in(worker, hop);
    }
}

impl InHand {
    fn shape(&self, shape: &mut Shape, polls: bool) {
        let InHand { message, tag, form, cause: _ } = *self;
        shape.message(message);
        shape.word(form.bits());
        if polls { shape.word(u64::from(tag)) } else { shape.name(tag) }
    }
}

impl Worker {
    pub(super) fn shape(&self, shape: &mut Shape, polls: bool) {
        let Worker { consumer: _, work, current, next, buffer, poller, job, rests, leaving } = self;
        work.shape(shape);
        let held = current.iter().chain(buffer);
        shape.word(u64::from(current.is_some()) << 32 | buffer.len() as u64);
        held.for_each(|held| held.shape(shape, polls));
        let next = current.map_or(0, |_| *next as u64);
        shape.word(next | u64::from(*rests) << 32 | u64::from(*leaving) << 33);
        let Poller { poll, asks, next } = poller;
        shape.word(u64::from(*poll) << 1 | u64::from(*asks));
        shape.maybe(next.map(|next| next.0));
        shape.maybe(job.map(|job| job.next as u64));
        job.iter().for_each(|job| shape.message(job.message));
    }
}
