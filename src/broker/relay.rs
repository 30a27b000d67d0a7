//! How do outbox rows get out? A relay reads what waits, publishes, waits for the confirmation, marks as sent. A
//! crash between publish and mark sends again (R133, R134); a row whose publish fails stops the round, so that
//! order is kept (R146), or holds up its key alone (R141). One that keeps a position (a cursor, or a place in the
//! log) saves how far it has read instead of marking (R138, R142, R143).

use super::event::Event;
use super::outbox::Row;
use super::record::{Kind, NONE};
use super::setup::{Locking, Marking, OnFailure, Reading, Relay, SentRows};
use super::wire::Freight;
use super::world::World;
use crate::fault::point::{PacketKind, Step};
use crate::sim::chance::Dice;
use crate::sim::shape::Shape;
use crate::sim::time::{Instant, Span};

/// What a relay is at. All of it is memory, gone in a crash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doing {
    /// Waits for the next poll.
    Sleeping,
    /// About to publish the row at the place in the batch.
    Publishing,
    /// Has published it and waits for the confirmation, by the number of the wait.
    Awaiting(u32),
    /// About to mark: the row, or the batch up to it.
    Marking,
}

/// A relay's state.
#[derive(Clone, Debug)]
pub struct RelayState {
    work: Dice,
    doing: Doing,
    batch: Vec<u32>,
    at: usize,
    /// The rows before this place of the batch are marked.
    marked: usize,
    /// The round ends when what is confirmed is marked.
    last: bool,
    /// When it polls next, if that is settled.
    next_poll: Option<Instant>,
    /// It may have rows in hand that are gone from the outbox.
    reads_ahead: bool,
    /// The ids that are missing behind its position, each since when: waited for, or waited for in vain.
    gaps: Vec<(u32, Instant)>,
}

impl RelayState {
    pub(super) fn new(relay: &Relay, reads_ahead: bool, dice: &impl Fn(&str, &str) -> Dice) -> RelayState {
        RelayState {
            work: dice("work", &relay.name),
            doing: Doing::Sleeping,
            batch: Vec::new(),
            at: 0,
            marked: 0,
            last: false,
            next_poll: None,
            reads_ahead,
            gaps: Vec::new(),
        }
    }

    /// What it is at.
    pub fn doing(&self) -> Doing {
        self.doing
    }

    /// The message it is at.
    pub fn message(&self) -> Option<u32> {
        if self.doing == Doing::Sleeping { None } else { self.batch.get(self.at).copied() }
    }

    /// The rows it has read and not yet dealt with, the one it is at first.
    pub fn in_hand(&self) -> &[u32] {
        if self.doing == Doing::Sleeping { &[] } else { self.batch.get(self.at..).unwrap_or(&[]) }
    }

    /// When it polls next; none while it works, and where it is told when there is something to read.
    pub fn next_poll(&self) -> Option<Instant> {
        self.next_poll
    }
}

/// The step by which a relay says that it is done with rows.
fn marking_step(relay: &Relay) -> Step {
    if relay.reading == Reading::Unsent { Step::MarkSent } else { Step::SavePosition }
}

impl World {
    /// The relay of that index.
    pub fn relay(&self, index: u8) -> &RelayState {
        &self.relays[index as usize]
    }

    pub(super) fn any_relay_has_work(&self) -> bool {
        (self.relays.iter().zip(&self.setup.relays).enumerate()).any(|(index, (relay, spec))| {
            relay.doing != Doing::Sleeping
                || (self.is_up(self.cast.relay(index as u8))
                    && !self.services[spec.service as usize].outbox().is_empty())
        })
    }

    /// The relay sleeps until its next poll.
    pub(super) fn relay_sleeps(&mut self, index: u8) {
        let spec = &self.setup.relays[index as usize];
        if spec.reading != Reading::Log {
            let interval = spec.interval;
            return self.relay_polls_in(index, interval);
        }
        self.relay_rests(index);
        self.relay_hears_of_the_log(index);
    }

    /// The round failed: it tries again after a while.
    fn relay_sleeps_on_it(&mut self, index: u8) {
        let interval = self.setup.relays[index as usize].interval;
        self.relay_polls_in(index, interval);
    }

    /// What it had in hand is out of hand.
    fn relay_rests(&mut self, index: u8) {
        let relay = &mut self.relays[index as usize];
        relay.doing = Doing::Sleeping;
        relay.batch.clear();
        relay.next_poll = None;
        let spec = &self.setup.relays[index as usize];
        if spec.locking != Locking::None {
            self.services[spec.service as usize].outbox_mut().unlock(index, None);
        }
    }

    fn relay_polls_in(&mut self, index: u8, span: Span) {
        self.relay_rests(index);
        self.relays[index as usize].next_poll = Some(self.now + span);
        let epoch = self.epoch(self.cast.relay(index));
        self.schedule_in(span, Event::RelayPolls { relay: index, late: false, epoch });
    }

    /// Something was committed: who reads the log is told.
    pub(super) fn log_grew(&mut self, service: u8) {
        for index in 0..self.relays.len() as u8 {
            if self.setup.relays[index as usize].service == service {
                self.relay_hears_of_the_log(index);
            }
        }
    }

    fn relay_hears_of_the_log(&mut self, index: u8) {
        let spec = &self.setup.relays[index as usize];
        let (step, rows) = (spec.step, self.services[spec.service as usize].outbox().len());
        let relay = &mut self.relays[index as usize];
        let waits = relay.doing == Doing::Sleeping && relay.next_poll.is_none();
        if spec.reading == Reading::Log && rows > 0 && waits && self.is_up(self.cast.relay(index)) {
            let span = self.relays[index as usize].work.span(step);
            self.relay_polls_in(index, span);
        }
    }

    fn relay_goes_on(&mut self, index: u8, doing: Doing) {
        let relay = &mut self.relays[index as usize];
        relay.doing = doing;
        let span = relay.work.span(self.setup.relays[index as usize].step);
        let epoch = self.epoch(self.cast.relay(index));
        self.schedule_in(span, Event::RelayStep { relay: index, late: false, epoch });
    }

    pub(super) fn relay_wakes(&mut self, index: u8, late: bool, epoch: u32) {
        let actor = self.cast.relay(index);
        if self.epoch(actor) == epoch {
            let again = Event::RelayPolls { relay: index, late: true, epoch };
            self.take_step(actor, Step::Poll, late, again, |world, _| world.relay_polls(index));
        }
    }

    pub(super) fn relay_steps(&mut self, index: u8, late: bool, epoch: u32) {
        let actor = self.cast.relay(index);
        if self.epoch(actor) != epoch {
            return;
        }
        let again = Event::RelayStep { relay: index, late: true, epoch };
        match self.relays[index as usize].doing {
            Doing::Publishing => {
                self.take_step(actor, Step::Publish, late, again, |world, _| world.relay_publishes(index));
            }
            Doing::Marking => {
                let step = marking_step(&self.setup.relays[index as usize]);
                self.take_step(actor, step, late, again, |world, _| world.relay_marks(index));
            }
            Doing::Sleeping | Doing::Awaiting(_) => {}
        }
    }

    #[inline(never)]
    fn relay_polls(&mut self, index: u8) {
        let service = self.setup.relays[index as usize].service;
        if self.database_down[service as usize] {
            return self.relay_finds_no_database(index);
        }
        self.relay_cleans_up(index);
        self.relay_takes_rows(index);
        let actor = self.cast.relay(index);
        let relay = &mut self.relays[index as usize];
        relay.next_poll = None;
        (relay.at, relay.marked, relay.last) = (0, 0, false);
        let (rows, told) = (relay.batch.len(), relay.reads_ahead);
        self.cause = self.record(Kind::Polled, actor, rows as u32, 0);
        if told {
            for at in 0..rows {
                self.record(Kind::RowTaken, actor, self.relays[index as usize].batch[at], 0);
            }
        }
        if rows == 0 { self.relay_sleeps(index) } else { self.relay_goes_on(index, self.first_of_row(index)) }
    }

    /// What comes first with a row.
    fn first_of_row(&self, index: u8) -> Doing {
        match self.setup.relays[index as usize].marking {
            Marking::BeforePublish => Doing::Marking,
            Marking::PerRow | Marking::PerBatch => Doing::Publishing,
        }
    }

    /// Fills the batch with the rows that it may have.
    fn relay_takes_rows(&mut self, index: u8) {
        let spec = &self.setup.relays[index as usize];
        let (batch, locking) = (spec.batch as usize, spec.locking);
        let batch = self.relay_may_read(index, batch);
        let service = self.setup.relays[index as usize].service;
        let outbox = self.services[service as usize].outbox_mut();
        let taken = &mut self.relays[index as usize].batch;
        taken.clear();
        if locking == Locking::None {
            return taken.extend(outbox.messages().take(batch));
        }
        let of_another = |row: &&Row| row.locked_by.is_some_and(|by| by != index);
        let held: Vec<u32> = match locking {
            Locking::PerKey => outbox.rows().iter().filter(of_another).map(|row| row.key).collect(),
            Locking::None | Locking::SkipLocked => Vec::new(),
        };
        let free = |row: &&Row| !of_another(row) && !held.contains(&row.key);
        taken.extend(outbox.rows().iter().filter(free).map(|row| row.message).take(batch));
        taken.iter().for_each(|&message| outbox.lock(message, index));
    }

    /// How many of the rows that wait, from the first on and at most `batch`, it may read by now (R139).
    fn relay_may_read(&mut self, index: u8, batch: usize) -> usize {
        let spec = &self.setup.relays[index as usize];
        let service = &self.services[spec.service as usize];
        match spec.reading {
            Reading::Unsent | Reading::Cursor | Reading::Log => batch,
            Reading::Snapshot => {
                let oldest = service.oldest_open();
                let older = |row: &&Row| {
                    let order = self.message(row.message).map(|message| message.order);
                    oldest.is_none_or(|oldest| order < Some(oldest))
                };
                service.outbox().rows().iter().take(batch).take_while(older).count()
            }
            Reading::GapWait(wait) => {
                let gaps = &mut self.relays[index as usize].gaps;
                let position = service.outbox().position();
                gaps.retain(|&(id, _)| id > position);
                let (mut next, mut rows) = (position + 1, 0);
                for row in service.outbox().rows() {
                    if row.place > next {
                        let known = gaps.iter().find(|&&(id, _)| id == next);
                        let since = known.map_or(self.now, |&(_, since)| since);
                        if known.is_none() {
                            gaps.push((next, since));
                        }
                        if self.now.since(since) < wait {
                            break;
                        }
                    }
                    next = row.place + 1;
                    rows += 1;
                }
                rows.min(batch)
            }
        }
    }

    /// Deletes what has been marked for long enough.
    fn relay_cleans_up(&mut self, index: u8) {
        let spec = &self.setup.relays[index as usize];
        let SentRows::DeleteAfter(age) = spec.sent_rows else { return };
        let Some(until) = self.now.0.checked_sub(age.0).map(Instant) else { return };
        let deleted = self.services[spec.service as usize].outbox_mut().clean(until);
        if deleted > 0 {
            self.record(Kind::Cleaned, self.cast.relay(index), deleted, 0);
        }
    }

    fn relay_finds_no_database(&mut self, index: u8) {
        self.cause = self.record(Kind::PollFailed, self.cast.relay(index), NONE, 0);
        self.relay_sleeps_on_it(index);
    }

    fn relay_publishes(&mut self, index: u8) {
        let actor = self.cast.relay(index);
        let Some(message) = self.relays[index as usize].message() else { return };
        self.cause = self.send(actor, PacketKind::Publish, message, Freight::default());
        let timeout = self.setup.relays[index as usize].confirm;
        let wait = self.wait_for_confirmation(actor, timeout);
        self.relays[index as usize].doing = Doing::Awaiting(wait);
    }

    pub(super) fn relay_wait(&self, index: u8) -> Option<u32> {
        match self.relays[index as usize].doing {
            Doing::Awaiting(wait) => Some(wait),
            _ => None,
        }
    }

    pub(super) fn relay_awaits(&self, index: u8) -> Option<u32> {
        let relay = &self.relays[index as usize];
        self.relay_wait(index).and(relay.message())
    }

    #[inline(never)]
    pub(super) fn relay_published(&mut self, index: u8) {
        let relay = &mut self.relays[index as usize];
        let rows_left = relay.at + 1 < relay.batch.len();
        match self.setup.relays[index as usize].marking {
            Marking::PerBatch if rows_left => {
                relay.at += 1;
                self.relay_goes_on(index, Doing::Publishing);
            }
            Marking::PerBatch | Marking::PerRow => self.relay_goes_on(index, Doing::Marking),
            Marking::BeforePublish => self.relay_takes_the_next(index),
        }
    }

    /// The row is dealt with.
    fn relay_takes_the_next(&mut self, index: u8) {
        let relay = &mut self.relays[index as usize];
        relay.at += 1;
        if relay.last {
            self.relay_sleeps_on_it(index);
        } else if relay.at >= relay.batch.len() {
            self.relay_sleeps(index);
        } else {
            self.relay_goes_on(index, self.first_of_row(index));
        }
    }

    /// A publish failed: the row, and whatever must not overtake it, waits for the next poll.
    pub(super) fn relay_failed_to_publish(&mut self, index: u8) {
        let spec = &self.setup.relays[index as usize];
        let (on_failure, service, locking) = (spec.on_failure, spec.service, spec.locking);
        if on_failure == OnFailure::Stop {
            return self.relay_gives_the_round_up(index);
        }
        let relay = &mut self.relays[index as usize];
        let outbox = self.services[service as usize].outbox_mut();
        let key = |message| outbox.rows().iter().find(|row| row.message == message).map(|row| row.key);
        let mut left = vec![relay.batch.remove(relay.at)];
        if on_failure == OnFailure::HoldKey {
            let held = key(left[0]);
            let later = relay.batch.split_off(relay.at);
            let (same, others): (Vec<u32>, Vec<u32>) = later.into_iter().partition(|&row| key(row) == held);
            left.extend(same);
            relay.batch.extend(others);
        }
        if locking != Locking::None {
            left.into_iter().for_each(|message| outbox.unlock(index, Some(message)));
        }
        if relay.at < relay.batch.len() {
            return self.relay_goes_on(index, self.first_of_row(index));
        }
        self.relay_gives_the_round_up(index);
    }

    /// What was confirmed is still marked, the rest waits for the next poll.
    fn relay_gives_the_round_up(&mut self, index: u8) {
        let relay = &mut self.relays[index as usize];
        let marks_later = self.setup.relays[index as usize].marking != Marking::BeforePublish;
        if marks_later && relay.at > relay.marked {
            relay.at -= 1;
            relay.last = true;
            self.relay_goes_on(index, Doing::Marking);
        } else {
            self.relay_sleeps_on_it(index);
        }
    }

    #[inline(never)]
    fn relay_marks(&mut self, index: u8) {
        let (service, marking, reading, sent_rows) = {
            let spec = &self.setup.relays[index as usize];
            (spec.service, spec.marking, spec.reading, spec.sent_rows)
        };
        if self.database_down[service as usize] {
            return self.relay_finds_no_database(index);
        }
        if reading != Reading::Unsent {
            return self.relay_saves_its_position(index);
        }
        let actor = self.cast.relay(index);
        let relay = &self.relays[index as usize];
        let before = self.cause;
        let mut any = false;
        for place in relay.marked..=relay.at {
            let Some(&message) = self.relays[index as usize].batch.get(place) else { break };
            if self.services[service as usize].outbox_mut().mark(message) {
                any = true;
                self.cause = before;
                self.cause = self.record(Kind::Marked, actor, message, 0);
                if let SentRows::DeleteAfter(_) = sent_rows {
                    let now = self.now;
                    self.services[service as usize].outbox_mut().keep(now);
                }
            }
        }
        let relay = &mut self.relays[index as usize];
        relay.marked = relay.at + 1;
        match marking {
            // Who finds that another was faster leaves the row to that one.
            Marking::BeforePublish if any => self.relay_goes_on(index, Doing::Publishing),
            _ => self.relay_takes_the_next(index),
        }
    }

    #[inline(never)]
    fn relay_saves_its_position(&mut self, index: u8) {
        let spec = &self.setup.relays[index as usize];
        let (actor, marking) = (self.cast.relay(index), spec.marking);
        let outbox = self.services[spec.service as usize].outbox_mut();
        let relay = &mut self.relays[index as usize];
        relay.marked = relay.at + 1;
        let Some(&message) = relay.batch.get(relay.at) else { return };
        if let Some(row) = outbox.rows().iter().find(|row| row.message == message).copied() {
            outbox.save_position(row.place);
            self.cause = self.record(Kind::PositionSaved, actor, message, 0);
        }
        match marking {
            Marking::BeforePublish => self.relay_goes_on(index, Doing::Publishing),
            _ => self.relay_takes_the_next(index),
        }
    }

    pub(super) fn relay_crashed(&mut self, index: u8) {
        self.relays[index as usize].gaps.clear();
        self.idle += self.relay_wait(index).is_some() as u32;
        self.relay_rests(index);
    }
}

impl RelayState {
    pub(super) fn shape(&self, shape: &mut Shape) {
        let RelayState { work, doing, batch, at, marked, last, next_poll, reads_ahead: _, gaps } = self;
        work.shape(shape);
        let doing = match doing {
            Doing::Sleeping => 0,
            Doing::Publishing => 1,
            Doing::Awaiting(_) => 2,
            Doing::Marking => 3,
        };
        shape.word(doing | u64::from(*last) << 8 | (batch.len() as u64) << 32);
        batch.iter().for_each(|&message| shape.message(message));
        if doing != 0 {
            shape.word((*at as u64) << 32 | *marked as u64);
        }
        shape.maybe(next_poll.map(|next| next.0));
        shape.word(gaps.len() as u64);
        for &(row, since) in gaps {
            shape.word(u64::from(row));
            shape.at(since);
        }
    }
}
