//! What does a queue do? It hands out: one consumer per message at a time, pushed up to the prefetch, requeued when
//! the consumer is gone.

use super::edited::{EditedCopy, Form};
use super::event::Event;
use super::poll::{Polled, Receipt};
use super::record::{Kind, NONE};
use super::setup::{Cast, Role, Setup};
use super::topic::{Copied, Links};
use super::wire::{Freight, Packet};
use super::world::World;
use crate::fault::point::{PacketKind, Step};
use crate::sim::chance::Dice;
use crate::sim::chunked::Chunked;
use crate::sim::shape::Shape;
use crate::sim::time::{Instant, Span};
use std::collections::VecDeque;
use std::sync::Arc;

/// A copy of a message in a queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stored {
    /// The message.
    pub message: u32,
    /// Its place in the order of arrival, which it keeps when it comes back (R106).
    pub position: u32,
    /// Whether it was delivered before: the next delivery may be a repeat (R109).
    pub redelivered: bool,
    /// In which form it is.
    pub form: Form,
    /// How often it came back.
    pub returns: u16,
    /// The place in the history of the record that put it here.
    pub(super) cause: u32,
    /// How often it was received, where the queue is polled, or was in the queue it came from (R39).
    pub receives: u16,
    /// The handle of its latest receive.
    pub(super) receipt: u32,
    /// In a queue of dead letters: the queue that it came from (behind an exchange the first that it left, as
    /// `x-first-death-queue` says), or [`Stored::NO_SOURCE`].
    pub(super) source: u8,
    /// The queues that it left since the last rejection, to be dead-lettered: a bit each (R117).
    pub(super) trail: u64,
    /// When it has outlived its time, wherever it is by then (R112).
    pub(super) expires: Instant,
}

impl Stored {
    /// It came from no other queue.
    pub(super) const NO_SOURCE: u8 = u8::MAX;
    /// It does not expire.
    pub(super) const NEVER: Instant = Instant(u64::MAX);

    /// A copy that was never delivered.
    pub(super) fn new(message: u32, position: u32, cause: u32) -> Stored {
        let source = Stored::NO_SOURCE;
        Stored {
            message,
            position,
            redelivered: false,
            form: Form::default(),
            returns: 0,
            cause,
            receives: 0,
            receipt: NONE,
            source,
            trail: 0,
            expires: Stored::NEVER,
        }
    }

    /// The place in the history of the record that put it here.
    pub fn cause(&self) -> u32 {
        self.cause
    }

    /// The receipt handle of its latest receive, where the queue is polled.
    pub fn handle(&self) -> Option<u32> {
        (self.receipt != NONE).then_some(self.receipt)
    }

    /// In a queue of dead letters: the queue that it came from.
    pub fn source(&self) -> Option<u8> {
        (self.source != Stored::NO_SOURCE).then_some(self.source)
    }
}

/// A copy that is out with a consumer and not yet acknowledged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Delivered {
    /// The copy.
    pub stored: Stored,
    /// Which delivery.
    pub tag: u32,
}

/// A queue's messages.
#[derive(Clone, Debug, Default)]
pub struct QueueState {
    pub(super) ready: VecDeque<Stored>,
    pub(super) polled: Polled,
    pub(super) parked: Vec<Stored>,
    pub(super) arrived: u32,
    /// Whose turn it is (R100).
    turn: u8,
}

impl QueueState {
    /// The copies that wait, the next one first.
    pub fn ready(&self) -> &VecDeque<Stored> {
        &self.ready
    }

    /// The messages that were parked, oldest first.
    pub fn parked(&self) -> Vec<u32> {
        self.parked.iter().map(|stored| stored.message).collect()
    }

    /// Their copies, oldest first.
    pub fn parked_copies(&self) -> &[Stored] {
        &self.parked
    }

    /// What is hidden, where the queue is polled.
    pub fn polled(&self) -> &Polled {
        &self.polled
    }

    /// Back to where it was, among those that arrived before and after it.
    pub(super) fn put_back(&mut self, stored: Stored) {
        self.put_at_place(Stored { redelivered: true, ..stored });
    }

    /// To its place in the order of arrival.
    pub(super) fn put_at_place(&mut self, stored: Stored) {
        let at = self.ready.partition_point(|other| other.position < stored.position);
        self.ready.insert(at, stored);
    }

    /// Where the copy of that place in the order of arrival waits.
    pub(super) fn find_ready(&self, position: u32) -> Option<usize> {
        self.ready.binary_search_by_key(&position, |stored| stored.position).ok()
    }

    /// The place in the order of arrival of what comes now.
    pub(super) fn next_position(&mut self) -> u32 {
        self.arrived += 1;
        self.arrived - 1
    }
}

/// The broker's side of a worker's connection.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// Which of the worker's connections this is; none while it has none.
    session: Option<u32>,
    unacked: Vec<Delivered>,
}

impl Connection {
    /// What is out with this worker.
    pub fn unacked(&self) -> &[Delivered] {
        &self.unacked
    }
}

/// The broker's state.
#[derive(Clone, Debug)]
pub struct Broker {
    pub(super) queues: Vec<QueueState>,
    /// By receipt handle.
    pub(super) receipts: Chunked<Receipt>,
    connections: Vec<Connection>,
    sessions: u32,
    tags: u32,
    /// For each queue, the workers that take from it.
    takers: Arc<[Vec<u8>]>,
    pub(super) links: Links,
    /// Empty between two events.
    pub(super) copies: Vec<Copied>,
    /// How many dead letters on the way have pushed out the next; 0 between two events.
    pub(super) pushes: u8,
    /// How many copies have a time to live that is not over, wherever they are.
    pub(super) expiring: u32,
    /// The copies that an operator has edited, in order.
    pub(super) edits: Chunked<EditedCopy>,
}

impl Broker {
    pub(super) fn new(setup: &Setup, cast: &Cast, dice: &impl Fn(&str, &str) -> Dice) -> Broker {
        let mut takers = vec![Vec::new(); setup.queues.len()];
        let workers = cast.actors.iter().filter_map(|actor| match actor.role {
            Role::Worker(consumer, _) => Some(consumer),
            _ => None,
        });
        let mut connections: Vec<Connection> = Vec::new();
        for (worker, consumer) in workers.enumerate() {
            let queue = setup.consumers[consumer as usize].queue as usize;
            takers[queue].push(worker as u8);
            // Who polls has no connection on which anything could be pushed.
            let session = setup.queues[queue].poll.is_none().then_some(worker as u32);
            connections.push(Connection { session, unacked: Vec::new() });
        }
        let queues = setup.queues.iter().map(|queue| QueueState {
            polled: Polled::new(queue.poll, || dice("order", &queue.name)),
            ..QueueState::default()
        });
        let sessions = connections.len() as u32;
        Broker {
            queues: queues.collect(),
            receipts: Chunked::default(),
            connections,
            sessions,
            tags: 0,
            takers: takers.into(),
            links: Links::new(setup),
            copies: Vec::new(),
            pushes: 0,
            expiring: 0,
            edits: Chunked::default(),
        }
    }
}

impl World {
    /// The queue of that index.
    pub fn queue(&self, index: u8) -> &QueueState {
        &self.broker.queues[index as usize]
    }

    /// The broker's side of the connection of that worker (index among all workers).
    pub fn connection(&self, worker: u8) -> &Connection {
        &self.broker.connections[worker as usize]
    }

    /// A packet reaches the broker, which is up.
    pub(super) fn broker_takes(&mut self, packet: Packet, slot: u32, late: bool, again: Event) {
        let step = match packet.kind {
            PacketKind::Publish => Step::Accept,
            PacketKind::Poll => Step::HandOut,
            PacketKind::Delete => Step::Delete,
            _ => Step::Settle,
        };
        self.cause = packet.record;
        self.take_step(self.cast.broker, step, late, again, |world, fails| {
            world.take_packet(slot);
            match packet.kind {
                PacketKind::Publish => world.accept(packet),
                PacketKind::Poll => world.answer_poll(packet, fails),
                PacketKind::Delete => world.delete(packet, fails),
                PacketKind::Extend => world.extend(packet),
                _ => world.settle(packet),
            }
        });
    }

    /// Hands out what waits, as far as somebody may take it.
    pub(super) fn dispatch(&mut self, index: u8) {
        while let Some(&stored) = self.broker.queues[index as usize].ready.front() {
            if stored.expires <= self.now {
                // It has come to the front too late (R113).
                let before = self.cause;
                self.drop_expired(index);
                self.cause = before;
                continue;
            }
            let turn = self.broker.queues[index as usize].turn as usize;
            let takers = &self.broker.takers[index as usize];
            let free =
                (0..takers.len()).map(|n| (turn + n) % takers.len()).find(|&n| self.may_take(takers[n]));
            let Some(taker) = free else { return };
            let (worker, turn) = (takers[taker], ((taker + 1) % takers.len()) as u8);
            self.broker.tags += 1;
            let tag = self.broker.tags;
            let queue = &mut self.broker.queues[index as usize];
            queue.ready.pop_front();
            queue.turn = turn;
            self.broker.connections[worker as usize].unacked.push(Delivered { stored, tag });
            let before = std::mem::replace(&mut self.cause, stored.cause);
            let actor = self.worker_actor(worker);
            self.send(
                actor,
                PacketKind::Delivery,
                stored.message,
                Freight { tag, requeue: stored.redelivered, form: stored.form },
            );
            self.cause = before;
        }
    }

    fn may_take(&self, worker: u8) -> bool {
        let connection = &self.broker.connections[worker as usize];
        let prefetch = self.consumer_of(worker).prefetch;
        connection.session.is_some() && (prefetch == 0 || connection.unacked.len() < prefetch as usize)
    }

    pub(super) fn queue_of(&self, worker: u8) -> u8 {
        self.consumer_of(worker).queue
    }

    /// A consumer has said what became of a delivery.
    fn settle(&mut self, packet: Packet) {
        let broker = self.cast.broker;
        let worker = self.worker_index(packet.party);
        let index = self.queue_of(worker);
        let connection = &mut self.broker.connections[worker as usize];
        let Some(at) = connection.unacked.iter().position(|out| out.tag == packet.tag) else {
            self.record(Kind::Stale, broker, packet.message, u16::from(packet.party.0));
            return;
        };
        let stored = connection.unacked.remove(at).stored;
        match packet.kind {
            PacketKind::Nack if packet.requeue => self.come_back(index, stored),
            PacketKind::Nack => self.bury(index, stored, true),
            _ => self.cause = self.record(Kind::Settled, broker, packet.message, u16::from(index)),
        }
        self.dispatch(index);
    }

    /// The broker notices that a connection is gone: what was out with it goes back (R104). A worker that is up
    /// and not cut off connects again.
    #[inline(never)]
    pub(super) fn connection_lost(&mut self, worker: u8, session: u32) {
        if self.polls(worker).is_some() {
            return self.forget_polls(worker, session);
        }
        if self.broker.connections[worker as usize].session != Some(session) {
            return;
        }
        self.broker.connections[worker as usize].session = None;
        let index = self.queue_of(worker);
        self.give_back(worker, index);
        self.worker_connects(worker);
        self.dispatch(index);
    }

    /// The broker will notice after `span` that this worker's connection, as it is now, is gone.
    pub(super) fn connection_breaks_in(&mut self, worker: u8, span: Span) {
        let polls = self.polls(worker).map(|_| self.workers[worker as usize].poller.poll);
        if let Some(session) = polls.or(self.broker.connections[worker as usize].session) {
            self.schedule_in(span, Event::ConnectionLost { worker, session });
        }
    }

    fn give_back(&mut self, worker: u8, index: u8) {
        let before = self.cause;
        for Delivered { stored, .. } in std::mem::take(&mut self.broker.connections[worker as usize].unacked)
        {
            self.cause = before;
            self.come_back(index, stored);
        }
        self.cause = before;
    }

    /// A worker that is up opens a connection, if the broker is there to take it. What was out with an earlier
    /// connection goes back.
    pub(super) fn worker_connects(&mut self, worker: u8) {
        let actor = self.worker_actor(worker);
        if self.polls(worker).is_some()
            || !self.is_up(self.cast.broker)
            || !self.is_up(actor)
            || self.is_cut(actor)
        {
            return;
        }
        let index = self.queue_of(worker);
        self.give_back(worker, index);
        self.broker.sessions += 1;
        self.broker.connections[worker as usize].session = Some(self.broker.sessions);
        self.dispatch(index);
    }

    /// The wire of a worker is whole again: it connects, if it has lost its connection meanwhile.
    pub(super) fn worker_is_reachable(&mut self, worker: u8) {
        if self.broker.connections[worker as usize].session.is_none() {
            self.worker_connects(worker);
        }
    }

    /// What is durable stays, what is not is gone (R99); every connection is broken.
    #[inline(never)]
    pub(super) fn broker_went_down(&mut self) {
        let broker = self.cast.broker;
        // All of them first: what comes back may be moved on to a queue of another.
        self.broker.connections.iter_mut().for_each(|connection| connection.session = None);
        for worker in 0..self.broker.connections.len() as u8 {
            let index = self.queue_of(worker);
            self.give_back(worker, index);
        }
        for index in 0..self.broker.queues.len() as u8 {
            self.poll_queue_went_down(index);
            if !self.setup.queues[index as usize].durable {
                for stored in std::mem::take(&mut self.broker.queues[index as usize].ready) {
                    self.record(Kind::Dropped, broker, stored.message, u16::from(index));
                }
            }
        }
    }

    #[inline(never)]
    pub(super) fn broker_came_up(&mut self) {
        let cause = self.cause;
        for index in 0..self.broker.queues.len() as u8 {
            self.drop_expired(index);
        }
        self.cause = cause;
        for worker in 0..self.broker.connections.len() as u8 {
            self.worker_connects(worker);
        }
    }

    /// The parties that take from that queue, as indices among all workers.
    pub fn takers(&self, queue: u8) -> &[u8] {
        &self.broker.takers[queue as usize]
    }
}

impl Stored {
    /// `place` is its place in the order of arrival, as far as it matters.
    pub(super) fn shape(&self, shape: &mut Shape, place: u32) {
        let Stored {
            message,
            position: _,
            redelivered,
            form,
            returns,
            cause: _,
            receives,
            receipt,
            source,
            trail,
            expires,
        } = *self;
        shape.message(message);
        shape.at(expires);
        let flags = form.bits() << 1 | u64::from(redelivered);
        shape.word(flags | u64::from(source) << 8 | u64::from(returns) << 16 | u64::from(receives) << 32);
        shape.word(u64::from(place) << 32 | u64::from(receipt));
        shape.word(trail);
    }
}

impl Connection {
    /// Whether this is that one of the worker's connections.
    pub(super) fn is_in(&self, session: u32) -> bool {
        self.session == Some(session)
    }
}

impl Broker {
    /// In a queue that pushes, only the order of the copies counts, not how many came before.
    pub(super) fn shape(&self, shape: &mut Shape, setup: &Setup) {
        let Broker {
            queues,
            receipts,
            connections,
            sessions: _,
            tags: _,
            takers,
            links,
            copies: _,
            pushes: _,
            expiring,
            // What a copy says is shown; what follows from it is its form.
            edits: _,
        } = self;
        shape.word(u64::from(*expiring));
        shape.word(receipts.len() as u64);
        links.shape(shape);
        for (index, QueueState { ready, polled, parked, arrived, turn }) in queues.iter().enumerate() {
            let spec = &setup.queues[index];
            let counted = spec.poll.is_some();
            let out = || takers[index].iter().flat_map(|&worker| connections[worker as usize].unacked());
            let all = ready.iter().chain(out().map(|out| &out.stored));
            let mut positions: Vec<u32> = all.map(|stored| stored.position).collect();
            positions.sort_unstable();
            let place = |stored: &Stored| match counted {
                true => stored.position,
                false => positions.partition_point(|&position| position < stored.position) as u32,
            };
            shape.word(ready.len() as u64);
            ready.iter().for_each(|stored| stored.shape(shape, place(stored)));
            polled.shape(shape);
            shape.word(parked.len() as u64);
            parked.iter().for_each(|stored| stored.shape(shape, 0));
            if counted {
                shape.word(u64::from(*arrived));
            }
            shape.word(u64::from(*turn));
            for &worker in &takers[index] {
                let Connection { session, unacked } = &connections[worker as usize];
                shape.word(u64::from(session.is_some()) << 32 | unacked.len() as u64);
                for Delivered { stored, tag } in unacked {
                    stored.shape(shape, place(stored));
                    shape.name(*tag);
                }
            }
        }
    }
}
