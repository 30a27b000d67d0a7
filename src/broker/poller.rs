//! How does a consumer poll? It asks, takes what the answer brings, works through it, deletes what is done, and asks
//! again. How it works on one message is the same as for what is pushed ([`super::consumer`]).

use super::consumer::InHand;
use super::event::Event;
use super::record::{Kind, NONE};
use super::setup::{AckTime, OnError, Poll};
use super::wire::{Freight, Packet};
use super::world::World;
use crate::fault::point::{PacketKind, Step};
use crate::sim::time::{Instant, Span};

/// How much longer than the poll itself a consumer waits for the answer before it gives the connection up.
pub const PATIENCE: Span = Span::from_millis(2_000);

/// Where a worker that polls stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Poller {
    /// Which of its polls was the last.
    pub(super) poll: u32,
    /// Whether it waits for the answer.
    pub(super) asks: bool,
    /// When it polls next, while it pauses.
    pub(super) next: Option<Instant>,
}

impl Poller {
    /// Whether it waits for the answer to a poll.
    pub fn asks(&self) -> bool {
        self.asks
    }

    /// When it polls next, while it pauses.
    pub fn next_poll(&self) -> Option<Instant> {
        self.next
    }
}

impl World {
    /// How the queue of that worker is polled; none: it is pushed to.
    #[inline]
    pub(super) fn polls(&self, worker: u8) -> Option<Poll> {
        self.poll_of(self.queue_of(worker))
    }

    /// Nothing is left to do: the next poll comes after the pause.
    pub(super) fn worker_pauses(&mut self, worker: u8) {
        let pause = self.consumer_of(worker).polling.pause;
        let epoch = self.epoch(self.worker_actor(worker));
        self.workers[worker as usize].poller.next = Some(self.now + pause);
        self.schedule_in(pause, Event::PollAgain { worker, late: false, epoch });
    }

    pub(super) fn poll_again(&mut self, worker: u8, late: bool, epoch: u32) {
        let actor = self.worker_actor(worker);
        if self.epoch(actor) != epoch {
            return;
        }
        let again = Event::PollAgain { worker, late: true, epoch };
        self.take_step(actor, Step::Poll, late, again, |world, _| {
            let Some(poll) = world.polls(worker) else { return };
            let poller = &mut world.workers[worker as usize].poller;
            poller.poll += 1;
            poller.asks = true;
            poller.next = None;
            let number = poller.poll;
            world.cause =
                world.send(actor, PacketKind::Poll, NONE, Freight { tag: number, ..Freight::default() });
            world.schedule_in(poll.wait + PATIENCE, Event::PollTimesOut { worker, poll: number });
        });
    }

    pub(super) fn poll_times_out(&mut self, worker: u8, poll: u32) {
        let poller = &mut self.workers[worker as usize].poller;
        if poller.asks && poller.poll == poll {
            poller.asks = false;
            self.cause = self.record(Kind::PollTimedOut, self.worker_actor(worker), NONE, 0);
            self.worker_pauses(worker);
        }
    }

    /// An answer reaches a worker, which is up. One that it does not wait for any more goes nowhere: that connection
    /// is closed, and what came with it stays hidden until its time is over.
    #[inline(never)]
    pub(super) fn worker_hears(&mut self, packet: Packet, slot: u32, late: bool, again: Event) {
        let worker = self.worker_index(packet.party);
        let poll = match packet.count {
            0 => Some(packet.tag),
            _ => self.receipt(packet.tag).map(|receipt| receipt.poll),
        };
        let poller = &mut self.workers[worker as usize].poller;
        if poll != Some(poller.poll) || !(poller.asks || late) {
            self.take_packet(slot);
            return self.lose(packet);
        }
        poller.asks = false;
        if packet.count == 0 {
            self.take_packet(slot);
            self.cause = packet.record;
            return self.worker_pauses(worker);
        }
        if !late {
            self.cause = packet.record;
            self.schedule_heartbeat(worker);
        }
        self.take_messages(slot, packet.number, late, again);
    }

    /// Takes in one message after the other, each a step of its own.
    fn take_messages(&mut self, slot: u32, number: u32, mut late: bool, again: Event) {
        while let Some(packet) = self.wires.get(slot, number) {
            let (actor, receipt) = (packet.party, packet.tag);
            let worker = self.worker_index(actor);
            let Some(found) = self.receipt(receipt) else { return };
            self.cause = found.record;
            self.take_step(actor, Step::Receive, late, again, |world, fails| {
                world.take_first(slot);
                let message = found.message;
                world.cause = world.record(Kind::Received, actor, message, u16::from(found.again));
                if fails || found.form.wrapped != world.consumer_of(worker).unwraps {
                    world.cause = world.record(Kind::DecodeFailed, actor, message, 0);
                    return world.give_back_or_leave(worker, message, receipt);
                }
                let delivery = InHand { message, tag: receipt, form: found.form, cause: world.cause };
                world.workers[worker as usize].buffer.push_back(delivery);
            });
            late = false;
            let untouched = self.wires.get(slot, number).is_some_and(|packet| packet.tag == receipt);
            if untouched || !self.is_up(actor) {
                // Made late, or crashed over it.
                return;
            }
            if packet.count == 1 {
                self.worker_is_free(worker);
            }
        }
    }

    /// While a worker has messages in hand, it asks for more time again and again (R28).
    fn schedule_heartbeat(&mut self, worker: u8) {
        if let Some(span) = self.consumer_of(worker).polling.heartbeat {
            let poll = self.workers[worker as usize].poller.poll;
            self.schedule_in(span, Event::Heartbeat { worker, late: false, poll });
        }
    }

    pub(super) fn heartbeat(&mut self, worker: u8, late: bool, poll: u32) {
        let state = &self.workers[worker as usize];
        // What was acknowledged before the effect is deleted already.
        let deleted = self.consumer_of(worker).ack == AckTime::BeforeEffect;
        let current = state.current().filter(|&(_, next)| !deleted || next == Step::Ack);
        let held: Vec<InHand> =
            current.map(|(delivery, _)| delivery).into_iter().chain(state.buffer.iter().copied()).collect();
        if state.poller.poll != poll || held.is_empty() {
            return;
        }
        let actor = self.worker_actor(worker);
        let again = Event::Heartbeat { worker, late: true, poll };
        self.take_step(actor, Step::Heartbeat, late, again, |world, _| {
            let before = world.cause;
            for InHand { message, tag, .. } in held {
                world.cause = before;
                world.send(actor, PacketKind::Extend, message, Freight { tag, ..Freight::default() });
            }
            world.cause = before;
            world.schedule_heartbeat(worker);
        });
    }

    /// What a consumer does with a message that it could not handle.
    pub(super) fn give_back_or_leave(&mut self, worker: u8, message: u32, receipt: u32) {
        if self.consumer_of(worker).on_error == OnError::Requeue {
            let actor = self.worker_actor(worker);
            self.send(
                actor,
                PacketKind::Extend,
                message,
                Freight { tag: receipt, requeue: true, ..Freight::default() },
            );
        }
    }
}
