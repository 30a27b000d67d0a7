//! Who is down, and what does a crash take with it? Crashes, restarts, databases that do not answer, cut wires.

use super::event::Event;
use super::record::{Kind, NONE};
use super::setup::Role;
use super::world::World;
use crate::fault::plan::{Fault, Outage};
use crate::fault::point::ActorId;
use crate::sim::time::Span;

impl World {
    /// The party crashes and restarts as its setup says; the broker stays down.
    pub(super) fn crash(&mut self, actor: ActorId) {
        let restart = match self.cast.role(actor) {
            Role::Service(index) => self.setup.services[index as usize].restart,
            Role::Relay(index) => self.setup.relays[index as usize].restart,
            Role::Worker(consumer, _) => self.setup.consumers[consumer as usize].restart,
            Role::Broker => None,
        };
        self.crash_and_restart(actor, restart);
    }

    /// The party crashes and restarts after `down`, or as its setup says.
    pub(super) fn crash_for(&mut self, actor: ActorId, down: Option<Span>) {
        if down.is_some() { self.crash_and_restart(actor, down) } else { self.crash(actor) }
    }

    fn crash_and_restart(&mut self, actor: ActorId, restart: Option<Span>) {
        let life = &mut self.lives[actor.0 as usize];
        if !life.up {
            return;
        }
        life.up = false;
        life.epoch += 1;
        let epoch = life.epoch;
        self.cause = self.record(Kind::Crashed, actor, NONE, 0);
        match self.cast.role(actor) {
            Role::Service(index) => self.service_crashed(index),
            Role::Relay(index) => self.relay_crashed(index),
            Role::Broker => self.broker_went_down(),
            Role::Worker(..) => self.worker_crashed(actor),
        }
        if let Some(span) = restart {
            self.schedule_in(span, Event::Restart { actor, epoch });
        }
    }

    /// The worker stops as planned, when it has done what it has in hand.
    fn stop(&mut self, actor: ActorId) {
        let Role::Worker(..) = self.cast.role(actor) else { return };
        if !self.is_up(actor) {
            return;
        }
        if self.worker_is_to_leave(actor) {
            self.leave(actor);
        } else {
            self.cause = self.record(Kind::Stopping, actor, NONE, 0);
        }
    }

    /// It has nothing in hand any more, and goes.
    pub(super) fn leave(&mut self, actor: ActorId) {
        let life = &mut self.lives[actor.0 as usize];
        life.up = false;
        life.epoch += 1;
        self.cause = self.record(Kind::Stopped, actor, NONE, 0);
        self.worker_left(actor);
    }

    pub(super) fn restart_when_due(&mut self, actor: ActorId, epoch: u32) {
        if self.epoch(actor) == epoch {
            self.restart(actor);
        }
    }

    /// The party is up again, with what it kept on disk and nothing else.
    pub(super) fn restart(&mut self, actor: ActorId) {
        let life = &mut self.lives[actor.0 as usize];
        if life.up {
            return;
        }
        life.up = true;
        self.cause = self.record(Kind::Restarted, actor, NONE, 0);
        match self.cast.role(actor) {
            Role::Service(_) => {}
            Role::Relay(index) => self.relay_sleeps(index),
            Role::Broker => self.broker_came_up(),
            Role::Worker(..) => {
                let worker = self.worker_index(actor);
                self.worker_connects(worker);
                self.worker_looks_into_inbox(worker);
                if self.polls(worker).is_some() {
                    self.worker_pauses(worker);
                }
            }
        }
    }

    pub(super) fn lay(&mut self, fault: Fault) {
        let place = self.rules.lay(fault);
        self.cause = self.record(Kind::Laid, self.cast.broker, NONE, place);
        if let Fault::During { from, .. } = fault {
            self.schedule(from.max(self.now), Event::OutageStarts(place));
        }
    }

    #[inline(never)]
    pub(super) fn outage_starts(&mut self, rule: u16) {
        let Some(Fault::During { outage, until, .. }) = self.rules.get(rule) else { return };
        let actor = match outage {
            Outage::Down(actor) | Outage::Stop(actor) | Outage::Database(actor) | Outage::Cut(actor) => actor,
            Outage::Subscription { .. } => self.cast.broker,
        };
        self.cause = self.record(Kind::Struck, actor, NONE, rule);
        self.begin_outage(outage);
        if let Some(until) = until {
            self.schedule(until, Event::OutageEnds(rule));
        }
    }

    pub(super) fn outage_ends(&mut self, rule: u16) {
        if let Some(Fault::During { outage, .. }) = self.rules.get(rule) {
            self.end_outage(outage);
        }
    }

    pub(super) fn begin_outage(&mut self, outage: Outage) {
        match outage {
            Outage::Down(actor) => self.crash_and_restart(actor, None),
            Outage::Stop(actor) => self.stop(actor),
            Outage::Database(actor)
                if !std::mem::replace(&mut self.database_down[actor.0 as usize], true) =>
            {
                self.record(Kind::DatabaseDown, actor, NONE, 0);
            }
            Outage::Cut(actor) if !std::mem::replace(&mut self.wires.cut[actor.0 as usize], true) => {
                self.record(Kind::Cut, actor, NONE, 0);
            }
            Outage::Database(_) | Outage::Cut(_) => {}
            Outage::Subscription { topic, queue } => self.subscription_goes_down(topic, queue),
        }
    }

    pub(super) fn end_outage(&mut self, outage: Outage) {
        match outage {
            Outage::Down(actor) => self.restart(actor),
            Outage::Stop(actor) => {
                self.stays(actor);
                self.restart(actor);
            }
            Outage::Database(actor) if std::mem::take(&mut self.database_down[actor.0 as usize]) => {
                self.record(Kind::DatabaseUp, actor, NONE, 0);
            }
            Outage::Cut(actor) if std::mem::take(&mut self.wires.cut[actor.0 as usize]) => {
                self.cause = self.record(Kind::Healed, actor, NONE, 0);
                if let Role::Worker(..) = self.cast.role(actor) {
                    self.worker_is_reachable(self.worker_index(actor));
                }
            }
            Outage::Database(_) | Outage::Cut(_) => {}
            Outage::Subscription { topic, queue } => self.subscription_comes_up(topic, queue),
        }
    }
}
