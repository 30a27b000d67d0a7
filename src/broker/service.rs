//! How does a service work? A database, units of work (one at a time, or several at once), and their messages:
//! published before the commit, after it, or through the outbox.
//!
//! The program of a unit of work is a fixed list of single steps ([`Op`]); between any two the service can
//! crash, and then what was staged is gone and what was committed is not.

use super::event::Event;
use super::outbox::Outbox;
use super::record::{Kind, NONE, Why};
use super::setup::{Publishing, Reading, Serialization, Service};
use super::wire::{Freight, Packet};
use super::world::{Message, World};
use crate::fault::point::{ActorId, PacketKind, Step};
use crate::sim::chance::Dice;
use crate::sim::chunked::Chunked;
use crate::sim::time::Span;
use std::sync::Arc;

/// A single step of a unit of work. The number says which of its messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    /// Open the transaction.
    Begin,
    /// Stage the business row.
    Write,
    /// Turn the message into bytes.
    Serialize(u8),
    /// Stage the outbox row of the message.
    WriteOutbox(u8),
    /// Hand the message to the wire.
    Publish(u8),
    /// Wait until the broker confirms it.
    Await(u8),
    /// Commit.
    Commit,
}

impl Op {
    /// The step's name.
    pub fn step(self) -> Step {
        match self {
            Op::Begin => Step::Begin,
            Op::Write => Step::Write,
            Op::Serialize(_) => Step::Serialize,
            Op::WriteOutbox(_) => Step::WriteOutbox,
            Op::Publish(_) => Step::Publish,
            Op::Await(_) => Step::Confirmed,
            Op::Commit => Step::Commit,
        }
    }
}

/// The program of one unit of work.
pub fn program(service: &Service) -> Vec<Op> {
    let messages = 0..service.messages.len() as u8;
    let mut ops = Vec::new();
    let send = |ops: &mut Vec<Op>, message| match service.publishing {
        Publishing::Outbox => ops.push(Op::WriteOutbox(message)),
        _ => {
            ops.push(Op::Publish(message));
            if service.confirm.is_some() {
                ops.push(Op::Await(message));
            }
        }
    };
    let plain = service.publishing == Publishing::Plain;
    let after = service.publishing == Publishing::AfterCommit;
    if !plain {
        ops.extend([Op::Begin, Op::Write]);
    }
    if service.serialization == Serialization::AllFirst && !plain {
        ops.extend(messages.clone().map(Op::Serialize));
    }
    if after {
        ops.push(Op::Commit);
    }
    for message in messages {
        if service.serialization == Serialization::AsSent && !plain {
            ops.push(Op::Serialize(message));
        }
        send(&mut ops, message);
    }
    if !plain && !after {
        ops.push(Op::Commit);
    }
    ops
}

/// The unit of work in hand: memory, gone in a crash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unit {
    /// Its number.
    pub order: u32,
    /// The number of its first message.
    pub first_message: u32,
    /// The next step in the program.
    pub next: u8,
    /// Whether it is committed.
    pub committed: bool,
    /// How many of its messages are out of hand: confirmed, or sent if nobody waits for that.
    pub sent: u8,
    /// Its ordering key within the service.
    pub key: u32,
    /// The wait for a confirmation it is in, if it is in one.
    pub wait: Option<u32>,
}

/// A service's state.
#[derive(Clone, Debug)]
pub struct ServiceState {
    program: Arc<[Op]>,
    gap: Dice,
    work: Dice,
    arrived: u32,
    /// How many units of work it has taken in.
    taken: u32,
    // memory: gone in a crash
    /// The unit of work of the lane that is at work now.
    unit: Option<Unit>,
    /// Which lane that is: it works on as many units at once as it has lanes.
    lane: u8,
    /// What the other lanes have in hand; the place of the one at work is empty.
    lanes: Vec<Option<Unit>>,
    backlog: u32,
    // disk
    rows: Chunked<u32>,
    outbox: Outbox,
}

impl ServiceState {
    pub(super) fn new(
        service: &Service,
        reading: Reading,
        dice: &impl Fn(&str, &str) -> Dice,
    ) -> ServiceState {
        ServiceState {
            program: program(service).into(),
            gap: dice("arrivals", &service.name),
            work: dice("work", &service.name),
            arrived: 0,
            taken: 0,
            unit: None,
            lane: 0,
            lanes: vec![None; service.at_once as usize],
            backlog: 0,
            rows: Chunked::default(),
            outbox: Outbox::new(reading),
        }
    }

    /// The unit of work in hand, if there is one; of several, that of the lane that was at work last.
    pub fn unit(&self) -> Option<Unit> {
        self.unit
    }

    /// All units of work in hand, by lane.
    pub fn units(&self) -> impl Iterator<Item = Unit> + '_ {
        (0..self.lanes.len()).filter_map(|lane| self.unit_of(lane))
    }

    fn unit_of(&self, lane: usize) -> Option<Unit> {
        if lane == self.lane as usize { self.unit } else { self.lanes.get(lane).copied().flatten() }
    }

    /// The next step of the unit in hand.
    pub fn next_op(&self) -> Option<Op> {
        self.op_of(&self.unit?)
    }

    /// The next step of that unit.
    pub fn op_of(&self, unit: &Unit) -> Option<Op> {
        self.program.get(unit.next as usize).copied()
    }

    /// From now on that lane is at work.
    fn switch_to(&mut self, lane: u8) {
        if lane != self.lane {
            self.lanes[self.lane as usize] = self.unit.take();
            self.unit = self.lanes[lane as usize].take();
            self.lane = lane;
        }
    }

    /// A free lane is at work, if there is one.
    fn switch_to_free(&mut self) -> bool {
        let free = (0..self.lanes.len()).find(|&lane| self.unit_of(lane).is_none());
        free.is_some_and(|lane| {
            self.switch_to(lane as u8);
            true
        })
    }

    /// Of the lanes whose units `fit`, the one with the latest is at work; the same as before if there is none.
    fn switch_to_latest(&mut self, fits: impl Fn(&Unit) -> bool) {
        let fitting = |&lane: &usize| self.unit_of(lane).is_some_and(|unit| fits(&unit));
        let lane =
            (0..self.lanes.len()).filter(fitting).max_by_key(|&lane| self.unit_of(lane).map(|u| u.order));
        if let Some(lane) = lane {
            self.switch_to(lane as u8);
        }
    }

    /// The orders committed, in the order of their commits.
    pub fn rows(&self) -> &Chunked<u32> {
        &self.rows
    }

    /// Its outbox.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    pub(super) fn outbox_mut(&mut self) -> &mut Outbox {
        &mut self.outbox
    }
}

impl World {
    /// The service of that index.
    pub fn service(&self, index: u8) -> &ServiceState {
        &self.services[index as usize]
    }

    pub(super) fn order_arrives(&mut self, index: u8) {
        let setup = self.setup.clone();
        let spec = &setup.services[index as usize];
        let actor = self.cast.service(index);
        let state = &mut self.services[index as usize];
        state.arrived += 1;
        if state.arrived < spec.count {
            let gap = state.gap.span(spec.every);
            let before = std::mem::replace(&mut self.cause, NONE);
            self.schedule_in(gap, Event::OrderArrives(index));
            self.cause = before;
        }
        let state = &mut self.services[index as usize];
        if !self.lives[actor.0 as usize].up {
            self.record(Kind::Refused, actor, NONE, 0);
        } else if state.switch_to_free() {
            self.begin_unit(index);
        } else {
            state.backlog += 1;
        }
    }

    fn begin_unit(&mut self, index: u8) {
        let setup = self.setup.clone();
        let spec = &setup.services[index as usize];
        let actor = self.cast.service(index);
        let order = self.orders;
        self.orders += 1;
        if self.setup.services.len() > 1 {
            self.turns.push(self.services[index as usize].taken);
        }
        let first_message = self.messages.len() as u32;
        for kind in 0..spec.messages.len() as u8 {
            self.messages.push(Message { order, service: index, kind, bad: false });
        }
        let plain = spec.publishing == Publishing::Plain;
        let kind = if plain { Kind::Produced } else { Kind::Requested };
        self.cause = self.record(kind, actor, order, spec.messages.len() as u16);
        let state = &mut self.services[index as usize];
        let key = state.taken % spec.keys;
        state.taken += 1;
        state.unit = Some(Unit { order, first_message, next: 0, committed: plain, sent: 0, key, wait: None });
        if let Some(rule) = self.rules.spoils(actor) {
            self.spoil(actor, rule, first_message);
        }
        self.service_goes_on(index);
    }

    /// Something is wrong with every message from that one on.
    fn spoil(&mut self, actor: ActorId, rule: u16, first_message: u32) {
        let before = self.cause;
        self.cause = self.record(Kind::Struck, actor, NONE, rule);
        self.any_bad = true;
        for number in first_message..self.messages.len() as u32 {
            if let Some(message) = self.messages.get_mut(number as usize) {
                message.bad = true;
            }
            self.record(Kind::Spoiled, actor, number, 0);
        }
        self.cause = before;
    }

    fn service_goes_on(&mut self, index: u8) {
        let actor = self.cast.service(index);
        let state = &mut self.services[index as usize];
        let span = state.work.span(self.setup.services[index as usize].step);
        let lane = state.lane;
        let epoch = self.epoch(actor);
        self.schedule_in(span, Event::ServiceStep { service: index, lane, late: false, epoch });
    }

    pub(super) fn service_steps(&mut self, index: u8, lane: u8, late: bool, epoch: u32) {
        let actor = self.cast.service(index);
        if self.epoch(actor) != epoch {
            return;
        }
        self.services[index as usize].switch_to(lane);
        let Some(op) = self.services[index as usize].next_op() else { return };
        let again = Event::ServiceStep { service: index, lane, late: true, epoch };
        self.take_step(actor, op.step(), late, again, |world, fails| world.do_op(index, actor, op, fails));
    }

    fn do_op(&mut self, index: u8, actor: ActorId, op: Op, fails: bool) {
        let Some(unit) = self.services[index as usize].unit else { return };
        let needs_database = matches!(op, Op::Begin | Op::Write | Op::WriteOutbox(_) | Op::Commit);
        if needs_database && self.database_down[actor.0 as usize] {
            return self.undo(index, Why::Database);
        }
        match op {
            Op::Begin => self.cause = self.record(Kind::Began, actor, unit.order, 0),
            Op::Write => self.cause = self.record(Kind::Wrote, actor, unit.order, 0),
            Op::Serialize(n) => {
                let message = unit.first_message + u32::from(n);
                if fails {
                    self.cause = self.record(Kind::SerializationFailed, actor, message, 0);
                    return self.undo(index, Why::Serialization);
                }
                self.cause = self.record(Kind::Serialized, actor, message, 0);
            }
            Op::WriteOutbox(n) => {
                let message = unit.first_message + u32::from(n);
                let id = self.services[index as usize].outbox.write(message, unit.key);
                // Where only one transaction runs at a time, ids and commits have the same order.
                let told = if self.setup.services[index as usize].at_once > 1 {
                    id.min(u32::from(u16::MAX))
                } else {
                    0
                };
                self.cause = self.record(Kind::WroteOutbox, actor, message, told as u16);
            }
            Op::Publish(n) => return self.publish_op(index, actor, unit, n),
            // It ends by the broker's word or a timeout, not by a step of its own.
            Op::Await(_) => return,
            Op::Commit => {
                if fails {
                    return self.undo(index, Why::CommitFailed);
                }
                self.cause = self.record(Kind::Committed, actor, unit.order, 0);
                let outbox = self.setup.services[index as usize].publishing == Publishing::Outbox;
                let messages = self.setup.services[index as usize].messages.len() as u32;
                let state = &mut self.services[index as usize];
                state.rows.push(unit.order);
                if let Some(unit) = &mut state.unit {
                    unit.committed = true;
                }
                if outbox {
                    state.outbox.commit(unit.first_message..unit.first_message + messages);
                    self.log_grew(index);
                }
            }
        }
        self.next_op_of(index);
    }

    fn publish_op(&mut self, index: u8, actor: ActorId, unit: Unit, n: u8) {
        let message = unit.first_message + u32::from(n);
        let confirm = self.setup.services[index as usize].confirm;
        self.cause = self.send(actor, PacketKind::Publish, message, Freight::default());
        let wait = confirm.map(|timeout| self.wait_for_confirmation(actor, timeout));
        if let Some(unit) = &mut self.services[index as usize].unit {
            unit.next += 1;
            unit.wait = wait;
            if wait.is_none() {
                unit.sent = n + 1;
            }
        }
        if wait.is_none() {
            self.go_on_or_finish(index);
        }
    }

    /// Starts a wait that ends after `timeout` at the latest. Returns its number.
    pub(super) fn wait_for_confirmation(&mut self, actor: ActorId, timeout: Span) -> u32 {
        self.waits += 1;
        let wait = self.waits;
        self.schedule_in(timeout, Event::ConfirmTimeout { actor, wait });
        wait
    }

    fn next_op_of(&mut self, index: u8) {
        if let Some(unit) = &mut self.services[index as usize].unit {
            unit.next += 1;
        }
        self.go_on_or_finish(index);
    }

    fn go_on_or_finish(&mut self, index: u8) {
        if self.services[index as usize].next_op().is_some() {
            return self.service_goes_on(index);
        }
        self.finish_unit(index);
    }

    fn finish_unit(&mut self, index: u8) {
        let state = &mut self.services[index as usize];
        state.unit = None;
        if state.backlog > 0 {
            state.backlog -= 1;
            self.begin_unit(index);
        }
    }

    /// The unit of work comes to nothing, or (once committed) the rest of its messages does.
    fn undo(&mut self, index: u8, why: Why) {
        self.forget_unit(index, why);
        self.finish_unit(index);
    }

    /// What is not committed is undone, what is not sent never will be.
    fn forget_unit(&mut self, index: u8, why: Why) {
        let Some(unit) = self.services[index as usize].unit else { return };
        let actor = self.cast.service(index);
        if !unit.committed {
            self.cause = self.record(Kind::RolledBack, actor, unit.order, why.code());
        }
        let outbox = self.setup.services[index as usize].publishing == Publishing::Outbox;
        if outbox && unit.committed {
            return;
        }
        let messages = self.setup.services[index as usize].messages.len() as u32;
        if outbox {
            let messages = unit.first_message..unit.first_message + messages;
            self.services[index as usize].outbox.undo(messages);
        }
        for message in unit.first_message + u32::from(unit.sent)..unit.first_message + messages {
            self.record(Kind::GaveUp, actor, message, why.code());
        }
    }

    pub(super) fn service_crashed(&mut self, index: u8) {
        let actor = self.cast.service(index);
        let crash = self.cause;
        for lane in 0..self.setup.services[index as usize].at_once {
            self.cause = crash;
            self.services[index as usize].switch_to(lane);
            self.forget_unit(index, Why::Crash);
            let unit = self.services[index as usize].unit.take();
            self.idle += unit.is_some_and(|unit| unit.wait.is_some()) as u32;
        }
        let state = &mut self.services[index as usize];
        for _ in 0..std::mem::take(&mut state.backlog) {
            self.record(Kind::Refused, actor, NONE, 0);
        }
    }

    /// A confirmation or a refusal reaches a publisher.
    pub(super) fn publisher_hears(&mut self, packet: Packet, slot: u32, late: bool, again: Event) {
        let actor = packet.party;
        self.cause = packet.record;
        if let Some(state) = self.services.get_mut(actor.0 as usize) {
            let before_it = |unit: &Unit| unit.first_message <= packet.message;
            state.switch_to_latest(|unit| unit.wait.is_some() && before_it(unit));
        }
        if packet.kind == PacketKind::Return {
            self.take_packet(slot);
            self.cause = self.record(Kind::Returned, actor, packet.message, 0);
            return;
        }
        if matches!(packet.kind, PacketKind::Refuse | PacketKind::Reject) {
            let why = if packet.kind == PacketKind::Refuse { Why::NotTaken } else { Why::Full };
            self.take_packet(slot);
            self.cause = self.record(Kind::NotTaken, actor, packet.message, u16::from(why == Why::Full));
            self.idle += (self.awaited(actor) == Some(packet.message)) as u32;
            return self.publish_failed(actor, packet.message, why);
        }
        self.take_step(actor, Step::Confirmed, late, again, |world, _| {
            world.take_packet(slot);
            let awaited = world.awaited(actor) == Some(packet.message);
            let kind = if awaited { Kind::Confirmed } else { Kind::Stale };
            world.cause = world.record(kind, actor, packet.message, 0);
            if awaited {
                world.publish_succeeded(actor);
            }
        });
    }

    /// The message whose confirmation the publisher waits for.
    fn awaited(&self, actor: ActorId) -> Option<u32> {
        if actor.0 >= self.cast.first_relay {
            return self.relay_awaits(actor.0 - self.cast.first_relay);
        }
        let state = &self.services[actor.0 as usize];
        let unit = state.unit?;
        unit.wait?;
        match state.next_op()? {
            Op::Await(n) => Some(unit.first_message + u32::from(n)),
            _ => None,
        }
    }

    fn publish_succeeded(&mut self, actor: ActorId) {
        self.idle += 1;
        if actor.0 >= self.cast.first_relay {
            return self.relay_published(actor.0 - self.cast.first_relay);
        }
        if let Some(unit) = &mut self.services[actor.0 as usize].unit {
            unit.wait = None;
            unit.sent += 1;
        }
        self.next_op_of(actor.0);
    }

    pub(super) fn publisher_waited_in_vain(&mut self, actor: ActorId, wait: u32) {
        if let Some(state) = self.services.get_mut(actor.0 as usize) {
            state.switch_to_latest(|unit| unit.wait == Some(wait));
        }
        let waiting = if actor.0 >= self.cast.first_relay {
            self.relay_wait(actor.0 - self.cast.first_relay)
        } else {
            self.services[actor.0 as usize].unit.and_then(|unit| unit.wait)
        };
        let Some(message) = self.awaited(actor).filter(|_| waiting == Some(wait)) else {
            self.idle -= 1;
            return;
        };
        self.cause = self.record(Kind::TimedOut, actor, message, 0);
        self.publish_failed(actor, message, Why::TimedOut);
    }

    fn publish_failed(&mut self, actor: ActorId, message: u32, why: Why) {
        if self.awaited(actor) != Some(message) {
            return;
        }
        if actor.0 >= self.cast.first_relay {
            return self.relay_failed_to_publish(actor.0 - self.cast.first_relay);
        }
        let index = actor.0;
        let state = &mut self.services[index as usize];
        let Some(unit) = &mut state.unit else { return };
        unit.wait = None;
        if !unit.committed {
            return self.undo(index, why);
        }
        // What is committed is committed: the next message gets its own try.
        unit.sent += 1;
        self.record(Kind::GaveUp, actor, message, why.code());
        self.next_op_of(index);
    }
}
