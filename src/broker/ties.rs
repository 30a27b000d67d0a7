//! What comes first of all that is due at the same moment? What was scheduled first, unless a fault lets the others go
//! before it.

use super::event::{Event, Waiting};
use super::record::{Kind, NO_STEP, NONE};
use super::world::World;
use crate::fault::point::ActorId;
use crate::sim::agenda::Agenda;
use crate::sim::time::Instant;

impl World {
    #[inline(never)]
    pub(super) fn lets_others_go_first(&mut self, event: Event, rule: u16) {
        let actor = self.party_of(event);
        self.cause = self.record(Kind::Struck, actor, NONE, rule);
        self.cause = self.record(Kind::Slowed, actor, NONE, NO_STEP);
        let wire = self.wire_of(event);
        let is_behind = |(due, other): &(Instant, Waiting)| {
            wire.is_some() && *due == self.now && self.wire_of(other.event) == wire
        };
        // What comes behind a packet on its wire stays behind it.
        let (behind, others): (Vec<_>, Vec<_>) = self.agenda.in_order().into_iter().partition(is_behind);
        self.agenda = Agenda::default();
        others.into_iter().for_each(|(due, other)| self.agenda.schedule(due, other));
        self.schedule(self.now, event);
        behind.into_iter().for_each(|(due, other)| self.agenda.schedule(due, other));
    }

    /// The packet's wire, and in which direction it goes, if the event is the end of a packet's way.
    fn wire_of(&self, event: Event) -> Option<(ActorId, bool)> {
        let (Event::Arrives { slot, number, .. } | Event::IdleArrives { slot, number, .. }) = event else {
            return None;
        };
        self.wires.get(slot, number).map(|packet| (packet.party, packet.kind.outward()))
    }

    /// Whether something else is due at this moment that could come before that event.
    pub(super) fn may_yield(&self, event: Event) -> bool {
        if self.agenda.next_due() != Some(self.now) {
            return false;
        }
        let Some(wire) = self.wire_of(event) else { return true };
        let all = self.agenda.in_order();
        let mut others = all.iter().take_while(|(due, _)| *due == self.now);
        others.any(|(_, other)| self.wire_of(other.event) != Some(wire))
    }

    /// To whom the event happens; what happens in a queue happens to the broker.
    fn party_of(&self, event: Event) -> ActorId {
        match event {
            Event::OrderArrives(service)
            | Event::ServiceStep { service, .. }
            | Event::ReplayStep { service, .. } => self.cast.service(service),
            Event::RelayPolls { relay, .. } | Event::RelayStep { relay, .. } => self.cast.relay(relay),
            Event::ConfirmTimeout { actor, .. } | Event::Restart { actor, .. } => actor,
            Event::WorkerStep { worker, .. }
            | Event::InboxStep { worker, .. }
            | Event::PollAgain { worker, .. }
            | Event::PollTimesOut { worker, .. }
            | Event::Heartbeat { worker, .. } => self.worker_actor(worker),
            _ => self.cast.broker,
        }
    }

    /// Of what is due next, makes the one of that index the first. False if there is none, or if it is a packet that
    /// would overtake another on its wire.
    #[cfg(test)]
    pub fn put_first(&mut self, index: usize) -> bool {
        let mut waiting = self.agenda.in_order();
        let together = waiting.iter().take_while(|(due, _)| Some(*due) == self.agenda.next_due()).count();
        if index >= together {
            return false;
        }
        let wire = self.wire_of(waiting[index].1.event);
        if wire.is_some() && waiting[..index].iter().any(|(_, other)| self.wire_of(other.event) == wire) {
            return false;
        }
        waiting[..=index].rotate_right(1);
        self.agenda = Agenda::default();
        waiting.into_iter().for_each(|(due, event)| self.agenda.schedule(due, event));
        true
    }
}
