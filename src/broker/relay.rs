//! How do outbox rows get out? The polling publisher: read what waits, publish, wait for the confirmation, mark
//! as sent. A crash between publish and mark sends again (R133, R134); a row whose publish fails stops the
//! round, so that order is kept (R146).

use super::event::Event;
use super::record::{Kind, NONE};
use super::setup::{Marking, Relay};
use super::wire::Freight;
use super::world::World;
use crate::fault::point::{PacketKind, Step};
use crate::sim::chance::Dice;

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
}

impl RelayState {
    pub(super) fn new(relay: &Relay, dice: &impl Fn(&str, &str) -> Dice) -> RelayState {
        let work = dice("work", &relay.name);
        RelayState { work, doing: Doing::Sleeping, batch: Vec::new(), at: 0, marked: 0, last: false }
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
        let relay = &mut self.relays[index as usize];
        relay.doing = Doing::Sleeping;
        relay.batch.clear();
        let interval = self.setup.relays[index as usize].interval;
        let epoch = self.epoch(self.cast.relay(index));
        self.idle += 1;
        self.schedule_in(interval, Event::RelayPolls { relay: index, late: false, epoch });
    }

    fn relay_goes_on(&mut self, index: u8, doing: Doing) {
        let relay = &mut self.relays[index as usize];
        relay.doing = doing;
        let span = relay.work.span(self.setup.relays[index as usize].step);
        let epoch = self.epoch(self.cast.relay(index));
        self.schedule_in(span, Event::RelayStep { relay: index, late: false, epoch });
    }

    pub(super) fn relay_wakes(&mut self, index: u8, late: bool, epoch: u32) {
        if !late {
            self.idle -= 1;
        }
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
                self.take_step(actor, Step::MarkSent, late, again, |world, _| world.relay_marks(index));
            }
            Doing::Sleeping | Doing::Awaiting(_) => {}
        }
    }

    fn relay_polls(&mut self, index: u8) {
        let spec = &self.setup.relays[index as usize];
        let (service, batch) = (spec.service, spec.batch as usize);
        let actor = self.cast.relay(index);
        if self.database_down[service as usize] {
            return self.relay_finds_no_database(index);
        }
        let relay = &mut self.relays[index as usize];
        relay.batch.clear();
        relay.batch.extend(self.services[service as usize].outbox().iter().take(batch));
        (relay.at, relay.marked, relay.last) = (0, 0, false);
        let rows = relay.batch.len() as u32;
        self.cause = self.record(Kind::Polled, actor, rows, 0);
        if rows == 0 { self.relay_sleeps(index) } else { self.relay_goes_on(index, Doing::Publishing) }
    }

    fn relay_finds_no_database(&mut self, index: u8) {
        self.cause = self.record(Kind::PollFailed, self.cast.relay(index), NONE, 0);
        self.relay_sleeps(index);
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

    pub(super) fn relay_published(&mut self, index: u8) {
        let relay = &mut self.relays[index as usize];
        let rows_left = relay.at + 1 < relay.batch.len();
        match self.setup.relays[index as usize].marking {
            Marking::PerBatch if rows_left => {
                relay.at += 1;
                self.relay_goes_on(index, Doing::Publishing);
            }
            Marking::PerBatch | Marking::PerRow => self.relay_goes_on(index, Doing::Marking),
        }
    }

    /// A publish failed: what was confirmed is still marked, the rest waits for the next poll.
    pub(super) fn relay_gives_the_round_up(&mut self, index: u8) {
        let relay = &mut self.relays[index as usize];
        if relay.at > relay.marked {
            relay.at -= 1;
            relay.last = true;
            self.relay_goes_on(index, Doing::Marking);
        } else {
            self.relay_sleeps(index);
        }
    }

    fn relay_marks(&mut self, index: u8) {
        let service = self.setup.relays[index as usize].service;
        let actor = self.cast.relay(index);
        if self.database_down[service as usize] {
            return self.relay_finds_no_database(index);
        }
        let relay = &self.relays[index as usize];
        let before = self.cause;
        for place in relay.marked..=relay.at {
            let Some(&message) = self.relays[index as usize].batch.get(place) else { break };
            if self.services[service as usize].mark(message) {
                self.cause = before;
                self.cause = self.record(Kind::Marked, actor, message, 0);
            }
        }
        let relay = &mut self.relays[index as usize];
        relay.at += 1;
        relay.marked = relay.at;
        if relay.last || relay.at >= relay.batch.len() {
            self.relay_sleeps(index);
        } else {
            self.relay_goes_on(index, Doing::Publishing);
        }
    }

    pub(super) fn relay_crashed(&mut self, index: u8) {
        self.idle += self.relay_wait(index).is_some() as u32;
        let relay = &mut self.relays[index as usize];
        relay.doing = Doing::Sleeping;
        relay.batch.clear();
    }
}
