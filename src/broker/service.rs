//! How does a service work? A database, one unit of work at a time, and its messages: published in the handler,
//! before the commit, after it, or through the outbox; tried again, and parked where that did not help.
//!
//! The program of a unit of work is a fixed list of single steps ([`Op`]); between any two the service can
//! crash, and then what was staged is gone and what was committed is not.

use super::dead_letter::DeadLetters;
use super::event::Event;
use super::program::{Op, program};
use super::record::{Kind, NONE, Why};
use super::setup::{OnFailure, Publishing, Service};
use super::wire::{Freight, Packet};
use super::world::{Message, World};
use crate::fault::point::{ActorId, PacketKind, Step};
use crate::sim::chance::Dice;
use crate::sim::chunked::Chunked;
use crate::sim::time::Span;
use std::collections::VecDeque;
use std::sync::Arc;

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
    /// The wait for a confirmation it is in, if it is in one.
    pub wait: Option<u32>,
    /// How many attempts at sending the message in hand have failed.
    pub failed: u32,
    /// Its messages that are out of hand, a bit each: confirmed, or sent if nobody waits for that, or given up,
    /// or parked.
    out: u64,
    /// Those of them that are parked by a row of this transaction.
    parked: u64,
    /// The message to be parked next, and why.
    parking: Option<(u8, Why)>,
    /// The last wait between two attempts.
    waited: Span,
}

impl Unit {
    fn is_out(&self, message: u8) -> bool {
        self.out >> message & 1 == 1
    }
}

/// A service's state.
#[derive(Clone, Debug)]
pub struct ServiceState {
    program: Arc<[Op]>,
    gap: Dice,
    work: Dice,
    backoff: Dice,
    arrived: u32,
    // memory: gone in a crash
    unit: Option<Unit>,
    backlog: u32,
    // disk, and the replays in hand, which are memory
    rows: Chunked<u32>,
    outbox: VecDeque<u32>,
    pub(super) letters: DeadLetters,
}

impl ServiceState {
    pub(super) fn new(service: &Service, dice: &impl Fn(&str, &str) -> Dice) -> ServiceState {
        ServiceState {
            program: program(service).into(),
            gap: dice("arrivals", &service.name),
            work: dice("work", &service.name),
            backoff: dice("backoff", &service.name),
            arrived: 0,
            unit: None,
            backlog: 0,
            rows: Chunked::default(),
            outbox: VecDeque::new(),
            letters: DeadLetters::default(),
        }
    }

    /// The unit of work in hand, if there is one.
    pub fn unit(&self) -> Option<Unit> {
        self.unit
    }

    /// The next step of the unit in hand.
    pub fn next_op(&self) -> Option<Op> {
        let unit = self.unit.as_ref()?;
        match unit.parking {
            Some((message, _)) => Some(Op::Park(message)),
            None => self.program.get(unit.next as usize).copied(),
        }
    }

    /// The orders committed, in the order of their commits.
    pub fn rows(&self) -> &Chunked<u32> {
        &self.rows
    }

    /// The outbox rows that are not marked as sent, oldest first: message numbers.
    pub fn outbox(&self) -> &VecDeque<u32> {
        &self.outbox
    }

    /// The dead-letter table of its database, and what of it is being replayed.
    pub fn dead_letters(&self) -> &DeadLetters {
        &self.letters
    }

    /// How long one statement (or one step of work) takes, this time.
    pub(super) fn work(&mut self, spec: &Service) -> Span {
        self.work.span(spec.step)
    }

    /// A relay marks a row as sent. False if it was not there.
    pub(super) fn mark(&mut self, message: u32) -> bool {
        match self.outbox.iter().position(|&row| row == message) {
            Some(at) => self.outbox.remove(at).is_some(),
            None => false,
        }
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
        } else if state.unit.is_some() {
            state.backlog += 1;
        } else {
            self.begin_unit(index);
        }
    }

    fn begin_unit(&mut self, index: u8) {
        let setup = self.setup.clone();
        let spec = &setup.services[index as usize];
        let actor = self.cast.service(index);
        let order = self.orders;
        self.orders += 1;
        let first_message = self.messages.len() as u32;
        for kind in 0..spec.messages.len() as u8 {
            self.messages.push(Message { order, service: index, kind });
        }
        let plain = spec.publishing == Publishing::Plain;
        let kind = if plain { Kind::Produced } else { Kind::Requested };
        self.cause = self.record(kind, actor, order, spec.messages.len() as u16);
        self.services[index as usize].unit = Some(Unit {
            order,
            first_message,
            next: 0,
            committed: plain,
            wait: None,
            failed: 0,
            out: 0,
            parked: 0,
            parking: None,
            waited: Span::ZERO,
        });
        self.service_goes_on(index);
    }

    fn service_goes_on(&mut self, index: u8) {
        let span = self.services[index as usize].work(&self.setup.services[index as usize]);
        self.service_goes_on_in(index, span);
    }

    fn service_goes_on_in(&mut self, index: u8, span: Span) {
        let epoch = self.epoch(self.cast.service(index));
        self.schedule_in(span, Event::ServiceStep { service: index, late: false, epoch });
    }

    pub(super) fn service_steps(&mut self, index: u8, late: bool, epoch: u32) {
        let actor = self.cast.service(index);
        if self.epoch(actor) != epoch {
            return;
        }
        let Some(op) = self.services[index as usize].next_op() else { return };
        let again = Event::ServiceStep { service: index, late: true, epoch };
        self.take_step(actor, op.step(), late, again, |world, fails| world.do_op(index, actor, op, fails));
    }

    fn do_op(&mut self, index: u8, actor: ActorId, op: Op, fails: bool) {
        let Some(unit) = self.services[index as usize].unit else { return };
        let needs_database =
            matches!(op, Op::Begin | Op::Write | Op::WriteMore | Op::WriteOutbox(_) | Op::Commit);
        if needs_database && self.database_down[actor.0 as usize] {
            return self.undo(index, Why::Database);
        }
        match op {
            Op::Begin => self.cause = self.record(Kind::Began, actor, unit.order, 0),
            Op::Write => self.cause = self.record(Kind::Wrote, actor, unit.order, 0),
            Op::WriteMore => {
                if fails {
                    return self.undo(index, Why::Handler);
                }
                self.cause = self.record(Kind::WroteMore, actor, unit.order, 0);
            }
            Op::Collect(n) => {
                let message = unit.first_message + u32::from(n);
                self.cause = self.record(Kind::Collected, actor, message, 0);
            }
            Op::Serialize(n) => {
                let message = unit.first_message + u32::from(n);
                if fails {
                    self.cause = self.record(Kind::SerializationFailed, actor, message, 0);
                    return self.cannot_send(index, n, Why::Serialization);
                }
                self.cause = self.record(Kind::Serialized, actor, message, 0);
            }
            Op::WriteOutbox(n) => {
                let message = unit.first_message + u32::from(n);
                self.cause = self.record(Kind::WroteOutbox, actor, message, 0);
            }
            Op::Publish(n) => return self.publish_op(index, actor, unit, n),
            // It ends by the broker's word or a timeout, not by a step of its own.
            Op::Await(_) => return,
            Op::Park(n) => return self.park_op(index, actor, unit, n),
            Op::Commit => {
                if fails {
                    return self.undo(index, Why::CommitFailed);
                }
                self.cause = self.record(Kind::Committed, actor, unit.order, 0);
                self.make_permanent(index, unit);
            }
        }
        self.next_op_of(index);
    }

    /// What the transaction holds is there from now on.
    fn make_permanent(&mut self, index: u8, unit: Unit) {
        let spec = &self.setup.services[index as usize];
        let state = &mut self.services[index as usize];
        state.rows.push(unit.order);
        let kinds = 0..spec.messages.len() as u8;
        let rows = kinds.filter(|&n| spec.in_outbox(n) && !unit.is_out(n));
        state.outbox.extend(rows.map(|n| unit.first_message + u32::from(n)));
        if unit.parked != 0 {
            state.letters.commit();
        }
        if let Some(unit) = &mut state.unit {
            unit.committed = true;
            unit.parked = 0;
        }
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
                unit.out |= 1 << n;
            }
        }
        if wait.is_none() {
            self.go_on_or_finish(index);
        }
    }

    /// A message that cannot be sent is written into the dead-letter table: in the open transaction, or in one of
    /// its own (R168).
    fn park_op(&mut self, index: u8, actor: ActorId, unit: Unit, n: u8) {
        let Some((_, why)) = unit.parking else { return };
        let message = unit.first_message + u32::from(n);
        if self.database_down[actor.0 as usize] {
            if !unit.committed {
                return self.undo(index, Why::Database);
            }
            self.record(Kind::GaveUp, actor, message, Why::Database.code());
            return self.out_of_hand(index, n);
        }
        self.cause = self.record(Kind::WroteDeadLetter, actor, message, why.code());
        let state = &mut self.services[index as usize];
        state.letters.write(message, why, unit.failed, unit.committed);
        if let Some(unit) = state.unit.as_mut().filter(|unit| !unit.committed) {
            unit.parked |= 1 << n;
        }
        self.out_of_hand(index, n);
    }

    /// Nothing more is to be done about the message: the unit goes on behind its steps.
    fn out_of_hand(&mut self, index: u8, n: u8) {
        if let Some(unit) = &mut self.services[index as usize].unit {
            unit.out |= 1 << n;
            unit.parking = None;
            unit.failed = 0;
            unit.waited = Span::ZERO;
        }
        self.next_op_of(index);
    }

    /// Sending the message in hand has failed for good.
    fn cannot_send(&mut self, index: u8, n: u8, why: Why) {
        let actor = self.cast.service(index);
        let on_failure = self.setup.services[index as usize].on_failure;
        let Some(unit) = &mut self.services[index as usize].unit else { return };
        unit.wait = None;
        match on_failure {
            OnFailure::Park => {
                unit.parking = Some((n, why));
                self.service_goes_on(index);
            }
            // What cannot even be serialized ends the unit, committed or not.
            OnFailure::Fail if !unit.committed || why == Why::Serialization => self.undo(index, why),
            // What is committed is committed: the next message gets its own try.
            OnFailure::Fail | OnFailure::Drop => {
                let message = unit.first_message + u32::from(n);
                self.record(Kind::GaveUp, actor, message, why.code());
                self.out_of_hand(index, n);
            }
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
        let state = &mut self.services[index as usize];
        let Some(unit) = &mut state.unit else { return };
        // The steps of a message that is given up or parked are passed over.
        let over = |op: &Op| op.sends().is_some_and(|message| unit.is_out(message));
        let passed = state.program.iter().skip(unit.next as usize).take_while(|op| over(op)).count();
        unit.next += passed as u8;
        if state.next_op().is_some() {
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
            self.services[index as usize].letters.roll_back();
        }
        let setup = self.setup.clone();
        let spec = &setup.services[index as usize];
        for n in 0..spec.messages.len() as u8 {
            let settled = unit.is_out(n) && unit.parked >> n & 1 == 0;
            let safe = settled || unit.committed && spec.in_outbox(n);
            if !safe {
                self.record(Kind::GaveUp, actor, unit.first_message + u32::from(n), why.code());
            }
        }
    }

    pub(super) fn service_crashed(&mut self, index: u8) {
        self.forget_unit(index, Why::Crash);
        let actor = self.cast.service(index);
        let state = &mut self.services[index as usize];
        self.idle += state.unit.take().is_some_and(|unit| unit.wait.is_some()) as u32;
        self.idle += state.letters.forget_replays() as u32;
        for _ in 0..std::mem::take(&mut state.backlog) {
            self.record(Kind::Refused, actor, NONE, 0);
        }
    }

    /// A confirmation or a refusal reaches a publisher.
    pub(super) fn publisher_hears(&mut self, packet: Packet, slot: u32, late: bool, again: Event) {
        let (actor, message) = (packet.party, packet.message);
        self.cause = packet.record;
        if packet.kind == PacketKind::Refuse {
            self.take_packet(slot);
            self.cause = self.record(Kind::NotTaken, actor, message, 0);
            if let Some(task) = self.task_that_awaits(actor, message) {
                self.idle += 1;
                self.publish_failed(actor, task, message, Why::NotTaken);
            }
            return;
        }
        self.take_step(actor, Step::Confirmed, late, again, |world, _| {
            world.take_packet(slot);
            let task = world.task_that_awaits(actor, message);
            let kind = if task.is_some() { Kind::Confirmed } else { Kind::Stale };
            world.cause = world.record(kind, actor, message, 0);
            if let Some(task) = task {
                world.idle += 1;
                world.publish_succeeded(actor, task);
            }
        });
    }

    /// Who of this publisher waits for the confirmation of that message.
    fn task_that_awaits(&self, actor: ActorId, message: u32) -> Option<Task> {
        if actor.0 >= self.cast.first_relay {
            let relay = actor.0 - self.cast.first_relay;
            return (self.relay_awaits(relay) == Some(message)).then_some(Task::Relay(relay));
        }
        let state = &self.services[actor.0 as usize];
        if state.awaited().is_some_and(|(_, awaited)| awaited == message) {
            return Some(Task::Unit(actor.0));
        }
        (state.letters.awaited().is_some_and(|(_, awaited)| awaited == message))
            .then_some(Task::Replay(actor.0))
    }

    /// Who of this publisher is in that wait, and for which message.
    fn task_in_wait(&self, actor: ActorId, wait: u32) -> Option<(Task, u32)> {
        if actor.0 >= self.cast.first_relay {
            let relay = actor.0 - self.cast.first_relay;
            let in_wait = self.relay_wait(relay) == Some(wait);
            return self.relay_awaits(relay).filter(|_| in_wait).map(|message| (Task::Relay(relay), message));
        }
        let state = &self.services[actor.0 as usize];
        let unit = state.awaited().map(|it| (Task::Unit(actor.0), it));
        let replay = state.letters.awaited().map(|it| (Task::Replay(actor.0), it));
        let found = [unit, replay].into_iter().flatten().find(|(_, (its, _))| *its == wait);
        found.map(|(task, (_, message))| (task, message))
    }

    fn publish_succeeded(&mut self, actor: ActorId, task: Task) {
        match task {
            Task::Relay(index) => self.relay_published(index),
            Task::Replay(index) => self.replay_confirmed(index),
            Task::Unit(index) => {
                let Some(Op::Await(n)) = self.services[actor.0 as usize].next_op() else { return };
                if let Some(unit) = &mut self.services[index as usize].unit {
                    unit.wait = None;
                }
                self.out_of_hand(index, n);
            }
        }
    }

    pub(super) fn publisher_waited_in_vain(&mut self, actor: ActorId, wait: u32) {
        let Some((task, message)) = self.task_in_wait(actor, wait) else {
            self.idle -= 1;
            return;
        };
        self.cause = self.record(Kind::TimedOut, actor, message, 0);
        self.publish_failed(actor, task, message, Why::TimedOut);
    }

    fn publish_failed(&mut self, actor: ActorId, task: Task, message: u32, why: Why) {
        match task {
            Task::Relay(index) => self.relay_gives_the_round_up(index),
            Task::Replay(index) => self.replay_failed(index, why),
            Task::Unit(index) => self.try_again_or_not(index, actor, message, why),
        }
    }

    /// An attempt at sending the message in hand has failed (R160).
    fn try_again_or_not(&mut self, index: u8, actor: ActorId, message: u32, why: Why) {
        let retry = self.setup.services[index as usize].retry;
        let state = &mut self.services[index as usize];
        let Some(Op::Await(n)) = state.next_op() else { return };
        let Some(unit) = &mut state.unit else { return };
        unit.wait = None;
        unit.failed += 1;
        if unit.failed >= retry.attempts {
            return self.cannot_send(index, n, why);
        }
        let before = if unit.failed == 1 { retry.base } else { unit.waited };
        unit.waited = retry.draw(unit.failed - 1, before, &mut state.backoff);
        unit.next -= 1;
        let (wait, attempt) = (unit.waited, unit.failed + 1);
        self.cause = self.record(Kind::WillRetry, actor, message, attempt.min(u32::from(u16::MAX)) as u16);
        self.service_goes_on_in(index, wait);
    }
}

/// What a publisher publishes for; with the index of the party among its kind.
#[derive(Clone, Copy)]
enum Task {
    /// A relay's round.
    Relay(u8),
    /// A service's unit of work.
    Unit(u8),
    /// A service's replay of a parked message.
    Replay(u8),
}

impl ServiceState {
    /// The wait that the unit in hand is in, and the message whose confirmation it waits for.
    fn awaited(&self) -> Option<(u32, u32)> {
        let unit = self.unit.as_ref()?;
        match self.next_op()? {
            Op::Await(n) => Some((unit.wait?, unit.first_message + u32::from(n))),
            _ => None,
        }
    }
}
