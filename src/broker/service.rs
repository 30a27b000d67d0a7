//! How does a service work? A database, units of work (one at a time, or several at once), and their messages:
//! published in the handler, before the commit, after it, or through the outbox; tried again, and parked where that
//! did not help; or not published, but called for in the middle of the work.
//!
//! The program of a unit of work is a fixed list of single steps ([`Op`]); between any two the service can
//! crash, and then what was staged is gone and what was committed is not.

mod shape;

use super::dead_letter::DeadLetters;
use super::edited::Form;
use super::event::Event;
use super::outbox::Outbox;
use super::program::{Op, program};
use super::record::{Kind, NONE, Why};
use super::setup::{OnSendFailure, Publishing, Reading, Service};
use super::wire::Freight;
use super::world::{Message, World};
use crate::fault::point::{ActorId, PacketKind};
use crate::sim::chance::Dice;
use crate::sim::chunked::Chunked;
use crate::sim::time::Span;
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
    /// Its ordering key within the service.
    pub key: u32,
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
    /// How many units of work it has taken in.
    taken: u32,
    // memory: gone in a crash
    /// The unit of work of the lane that is at work now.
    pub(super) unit: Option<Unit>,
    /// Which lane that is: it works on as many units at once as it has lanes.
    lane: u8,
    /// What the other lanes have in hand; the place of the one at work is empty.
    lanes: Vec<Option<Unit>>,
    backlog: u32,
    // disk, and the replays in hand, which are memory
    rows: Chunked<u32>,
    outbox: Outbox,
    pub(super) letters: DeadLetters,
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
            backoff: dice("backoff", &service.name),
            arrived: 0,
            taken: 0,
            unit: None,
            lane: 0,
            lanes: vec![None; service.at_once as usize],
            backlog: 0,
            rows: Chunked::default(),
            outbox: Outbox::new(reading),
            letters: DeadLetters::default(),
        }
    }

    /// The unit of work in hand, if there is one; of several, that of the lane that was at work last.
    pub fn unit(&self) -> Option<Unit> {
        self.unit
    }

    /// The oldest unit of work whose transaction is still open.
    pub(super) fn oldest_open(&self) -> Option<u32> {
        let units = (0..self.lanes.len()).filter_map(|lane| self.unit_of(lane));
        units.filter(|unit| !unit.committed).map(|unit| unit.order).min()
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
        match unit.parking {
            Some((message, _)) => Some(Op::Park(message)),
            None => self.program.get(unit.next as usize).copied(),
        }
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
    pub(super) fn switch_to_latest(&mut self, fits: impl Fn(&Unit) -> bool) {
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

    /// The dead-letter table of its database, and what of it is being replayed.
    pub fn dead_letters(&self) -> &DeadLetters {
        &self.letters
    }

    /// How long one statement (or one step of work) takes, this time.
    pub(super) fn work(&mut self, spec: &Service) -> Span {
        self.work.span(spec.step)
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

    #[inline(never)]
    pub(super) fn order_arrives(&mut self, index: u8) {
        let spec = &self.setup.services[index as usize];
        let (count, every, answers) = (spec.count, spec.every, spec.answers);
        let actor = self.cast.service(index);
        let state = &mut self.services[index as usize];
        state.arrived += 1;
        if state.arrived < count {
            let gap = state.gap.span(every);
            let before = std::mem::replace(&mut self.cause, NONE);
            self.schedule_in(gap, Event::OrderArrives(index));
            self.cause = before;
        }
        if answers {
            self.cause = self.record(Kind::Arrived, actor, NONE, 0);
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
        let spec = &self.setup.services[index as usize];
        let (messages, plain, keys) =
            (spec.messages.len() as u8, spec.publishing == Publishing::Plain, spec.keys);
        let actor = self.cast.service(index);
        let order = self.orders;
        self.orders += 1;
        if self.setup.services.len() > 1 {
            self.turns.push(self.services[index as usize].taken);
        }
        let first_message = self.messages.len() as u32;
        for kind in 0..messages {
            self.messages.push(Message { order, service: index, kind, bad: false });
        }
        let kind = if plain { Kind::Produced } else { Kind::Requested };
        self.cause = self.record(kind, actor, order, u16::from(messages));
        let state = &mut self.services[index as usize];
        let key = state.taken % keys;
        state.taken += 1;
        state.unit = Some(Unit {
            order,
            first_message,
            next: 0,
            committed: plain,
            key,
            wait: None,
            failed: 0,
            out: 0,
            parked: 0,
            parking: None,
            waited: Span::ZERO,
        });
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
        let span = self.services[index as usize].work(&self.setup.services[index as usize]);
        self.service_goes_on_in(index, span);
    }

    fn service_goes_on_in(&mut self, index: u8, span: Span) {
        let epoch = self.epoch(self.cast.service(index));
        let lane = self.services[index as usize].lane;
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
                let id = self.services[index as usize].outbox.write(message, unit.key);
                // Where only one transaction runs at a time, ids and commits have the same order.
                let told = if self.setup.services[index as usize].at_once > 1 {
                    id.min(u32::from(u16::MAX))
                } else {
                    0
                };
                self.cause = self.record(Kind::WroteOutbox, actor, message, told as u16);
            }
            Op::Publish(n) | Op::Call(n) => return self.publish_op(index, unit, n),
            // It ends by the other's word or a timeout, not by a step of its own.
            Op::Await(_) | Op::AwaitReply(_) => return,
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
        if let Some(unit) = &mut state.unit {
            unit.committed = true;
            unit.parked = 0;
        }
        let messages = unit.first_message..unit.first_message + spec.messages.len() as u32;
        if unit.parked != 0 {
            state.letters.commit(messages.clone(), unit.parked.count_ones());
        }
        if spec.has_outbox() {
            state.outbox.commit(messages);
            self.log_grew(index);
        }
    }

    /// Publishes a message of a service, or calls who it is for, after so many attempts that failed. Returns the place
    /// of the record.
    pub(super) fn send_message(&mut self, index: u8, message: u32, failed: u32) -> u32 {
        let spec = &self.setup.services[index as usize];
        let kind = if spec.publishing == Publishing::Call { PacketKind::Call } else { PacketKind::Publish };
        let id = if spec.new_ids { failed.min(u8::MAX.into()) as u8 } else { 0 };
        let form = Form { id, ..Form::default() };
        self.send(self.cast.service(index), kind, message, Freight { form, ..Freight::default() })
    }

    /// Starts the wait for the confirmation, or for the reply of who is called. Returns its number; none for a
    /// service that does not wait.
    pub(super) fn wait_for_word(&mut self, index: u8) -> Option<u32> {
        let timeout = self.setup.services[index as usize].confirm?;
        Some(self.wait_for_confirmation(self.cast.service(index), timeout))
    }

    fn publish_op(&mut self, index: u8, unit: Unit, n: u8) {
        self.cause = self.send_message(index, unit.first_message + u32::from(n), unit.failed);
        let wait = self.wait_for_word(index);
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
    #[inline(never)]
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
    pub(super) fn out_of_hand(&mut self, index: u8, n: u8) {
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
            OnSendFailure::Park => {
                unit.parking = Some((n, why));
                self.service_goes_on(index);
            }
            // What cannot even be serialized ends the unit, committed or not.
            OnSendFailure::Fail if !unit.committed || why == Why::Serialization => self.undo(index, why),
            // What is committed is committed: the next message gets its own try.
            OnSendFailure::Fail | OnSendFailure::Drop => {
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
        self.answer(index, None);
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

    /// Who waits for the answer to the unit in hand gets it, or sees an error.
    fn answer(&mut self, index: u8, failed: Option<Why>) {
        let Some(unit) = self.services[index as usize].unit else { return };
        if self.setup.services[index as usize].answers {
            let actor = self.cast.service(index);
            let code = failed.map_or(0, |why| why.code() + 1);
            self.cause = self.record(Kind::Answered, actor, unit.order, code);
        }
    }

    /// The unit of work comes to nothing, or (once committed) the rest of its messages does.
    fn undo(&mut self, index: u8, why: Why) {
        self.forget_unit(index, why);
        self.answer(index, Some(why));
        self.finish_unit(index);
    }

    /// What is not committed is undone, what is not sent never will be.
    fn forget_unit(&mut self, index: u8, why: Why) {
        let Some(unit) = self.services[index as usize].unit else { return };
        let actor = self.cast.service(index);
        if !unit.committed {
            self.cause = self.record(Kind::RolledBack, actor, unit.order, why.code());
            let messages = self.setup.services[index as usize].messages.len() as u32;
            let messages = unit.first_message..unit.first_message + messages;
            let state = &mut self.services[index as usize];
            state.letters.roll_back(messages.clone(), unit.parked.count_ones());
            state.outbox.undo(messages);
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

    #[inline(never)]
    pub(super) fn service_crashed(&mut self, index: u8) {
        let actor = self.cast.service(index);
        let crash = self.cause;
        for lane in 0..self.setup.services[index as usize].at_once {
            self.cause = crash;
            self.services[index as usize].switch_to(lane);
            self.forget_unit(index, Why::Crash);
            self.answer(index, Some(Why::Crash));
            let unit = self.services[index as usize].unit.take();
            self.idle += unit.is_some_and(|unit| unit.wait.is_some()) as u32;
        }
        let state = &mut self.services[index as usize];
        self.idle += state.letters.forget_replays() as u32;
        for _ in 0..std::mem::take(&mut state.backlog) {
            self.record(Kind::Refused, actor, NONE, 0);
        }
    }

    /// An attempt at sending the message in hand has failed (R160).
    #[inline(never)]
    pub(super) fn try_again_or_not(&mut self, index: u8, actor: ActorId, message: u32, why: Why) {
        let retry = self.setup.services[index as usize].retry;
        let state = &mut self.services[index as usize];
        let Some(Op::Await(n) | Op::AwaitReply(n)) = state.next_op() else { return };
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

impl ServiceState {
    /// The wait that the unit in hand is in, and the message whose confirmation it waits for.
    pub(super) fn awaited(&self) -> Option<(u32, u32)> {
        let unit = self.unit.as_ref()?;
        match self.next_op()? {
            Op::Await(n) | Op::AwaitReply(n) => Some((unit.wait?, unit.first_message + u32::from(n))),
            _ => None,
        }
    }
}
