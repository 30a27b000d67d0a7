//! Which state is this? The world without its past: what is folded in decides what can still happen, what is left
//! out (places in the history, numbers that only tell one thing from another, what is over) does not. The explorer
//! asks, to do nothing twice. Each struct is taken apart in full, so that a new field cannot be forgotten.

use super::event::Event;
use super::world::{Message, World};
use crate::fault::point::ActorId;
use crate::sim::shape::Shape;
use crate::sim::time::Instant;

/// An event that is void, but not yet counted as such: until its moment the world is not quiet.
const VOID: u64 = u64::MAX;

impl World {
    /// Folds in what decides what can still happen, and marks the messages that it is about.
    pub fn shape(&self, shape: &mut Shape) {
        let World {
            setup: _,
            cast: _,
            now,
            step: _,
            ended,
            agenda,
            history: _,
            cause: _,
            lives,
            database_down,
            rules,
            wires,
            messages,
            orders,
            turns,
            any_bad,
            waits: _,
            services,
            relays,
            broker,
            workers,
            databases,
            idle,
        } = self;
        shape.at(*now);
        shape.word(u64::from(ended.is_some()));
        // How many events keep the world from being quiet.
        shape.word(agenda.len() as u64 - u64::from(*idle));
        lives.iter().for_each(|life| shape.word(u64::from(life.up)));
        database_down.iter().for_each(|&down| shape.word(u64::from(down)));
        rules.shape(shape);
        [u64::from(*orders), messages.len() as u64, turns.len() as u64, u64::from(*any_bad)]
            .into_iter()
            .for_each(|word| shape.word(word));
        services.iter().for_each(|service| service.shape(shape));
        relays.iter().for_each(|relay| relay.shape(shape));
        broker.shape(shape, &self.setup);
        for (index, worker) in workers.iter().enumerate() {
            worker.shape(shape, self.polls(index as u8).is_some());
        }
        databases.iter().for_each(|database| database.shape(shape));
        wires.shape(shape, *now);
        self.shape_agenda(shape);
    }

    /// What is known of the messages that are marked.
    pub fn shape_of_messages(&self, shape: &mut Shape, marked: &[u32]) {
        for &number in marked {
            if let Some(Message { order, service, kind, bad }) = self.message(number) {
                let words = [order, u32::from(service), u32::from(kind), u32::from(bad), self.turn_of(order)];
                words.into_iter().for_each(|word| shape.word(u64::from(word)));
            }
            self.databases.iter().for_each(|database| database.shape_of_message(shape, number));
        }
    }

    fn shape_agenda(&self, shape: &mut Shape) {
        for (due, waiting) in self.agenda.in_order() {
            self.shape_event(shape, due, waiting.event);
        }
        // What stands still is in no agenda.
        shape.word(self.wires.iter().count() as u64);
        self.wires
            .iter()
            .filter(|packet| packet.is_held())
            .for_each(|packet| self.shape_packet(shape, packet));
    }

    /// What is void and keeps nobody from anything is left out: it changes nothing, not even when the run ends.
    fn shape_event(&self, shape: &mut Shape, due: Instant, event: Event) {
        let is_of = |actor: ActorId, epoch: u32| self.epoch(actor) == epoch;
        let word = |parts: [u64; 4]| parts.into_iter().fold(0, |word, part| word << 16 | part);
        let a = |byte: u8| u64::from(byte);
        let b = |flag: bool| u64::from(flag);
        let live = match event {
            Event::OrderArrives(service) => word([1, a(service), 0, 0]),
            Event::ServiceStep { service, lane, late, epoch } => {
                match is_of(self.cast.service(service), epoch) {
                    true => word([2, a(service), a(lane), b(late)]),
                    false => VOID,
                }
            }
            Event::RelayPolls { relay, late, epoch } => match is_of(self.cast.relay(relay), epoch) {
                true => word([3, a(relay), b(late), 0]),
                false if late => VOID,
                false => return,
            },
            Event::RelayStep { relay, late, epoch } => match is_of(self.cast.relay(relay), epoch) {
                true => word([4, a(relay), b(late), 0]),
                false => VOID,
            },
            Event::ConfirmTimeout { actor, wait } => match self.place_of_wait(actor, wait) {
                Some(place) => word([5, a(actor.0), place, 0]),
                None => return,
            },
            Event::Arrives { late, slot, number } | Event::IdleArrives { late, slot, number } => {
                shape.at(due);
                match self.wires.get(slot, number) {
                    Some(packet) => {
                        shape.word(word([6, b(late), b(event.is_idle()), 0]));
                        self.shape_packet(shape, &packet);
                    }
                    None => shape.word(if event.is_idle() { VOID - 1 } else { VOID }),
                }
                return;
            }
            Event::WorkerStep { worker, late, epoch } => match is_of(self.worker_actor(worker), epoch) {
                true => word([7, a(worker), b(late), 0]),
                false => VOID,
            },
            Event::InboxStep { worker, late, epoch } => match is_of(self.worker_actor(worker), epoch) {
                true => word([8, a(worker), b(late), 0]),
                false => VOID,
            },
            Event::ConnectionLost { worker, session } if self.polls(worker).is_some() => {
                shape.word(u64::from(session));
                word([9, a(worker), 0, 0])
            }
            Event::ConnectionLost { worker, session } => match self.connection(worker).is_in(session) {
                true => word([9, a(worker), 1, 0]),
                false => VOID,
            },
            Event::Restart { actor, epoch } => match is_of(actor, epoch) {
                true => word([10, a(actor.0), 0, 0]),
                false => VOID,
            },
            Event::Subscribes { topic, place } => word([11, a(topic), a(place), 0]),
            Event::Expires { queue } => word([12, a(queue), 0, 0]),
            Event::OutageStarts(rule) => word([13, u64::from(rule), 0, 0]),
            Event::OutageEnds(rule) => word([14, u64::from(rule), 0, 0]),
            Event::OperatorActs(place) => word([15, u64::from(place), 0, 0]),
            Event::ReplayStep { service, late, epoch } => match is_of(self.cast.service(service), epoch) {
                true => word([16, a(service), b(late), 0]),
                false => VOID,
            },
            Event::PollAgain { worker, late, epoch } => match is_of(self.worker_actor(worker), epoch) {
                true => word([17, a(worker), b(late), 0]),
                false => return,
            },
            Event::PollTimesOut { worker, poll } => {
                shape.word(u64::from(poll));
                word([18, a(worker), 0, 0])
            }
            Event::LongPollEnds { worker, poll } => {
                shape.word(u64::from(poll));
                word([19, a(worker), 0, 0])
            }
            Event::Heartbeat { worker, late, poll } => {
                shape.word(u64::from(poll));
                word([20, a(worker), b(late), 0])
            }
            Event::VisibilityEnds { queue, receipt } => {
                shape.word(u64::from(receipt));
                word([21, a(queue), 0, 0])
            }
            Event::DelayEnds { queue, position } => {
                shape.word(u64::from(position));
                word([22, a(queue), 0, 0])
            }
            Event::Redrives { queue, left } => {
                shape.word(u64::from(left));
                word([23, a(queue), 0, 0])
            }
        };
        shape.at(due);
        shape.word(live);
    }

    /// Who of that publisher is in that wait, by its place among what the publisher is at.
    fn place_of_wait(&self, actor: ActorId, wait: u32) -> Option<u64> {
        if actor.0 >= self.cast.first_relay {
            return (self.relay_wait(actor.0 - self.cast.first_relay) == Some(wait)).then_some(0);
        }
        let state = self.services.get(actor.0 as usize)?;
        let unit = state.order_in_wait(wait).map(|order| u64::from(order) + 2);
        let replays = || state.letters.awaited().filter(|(its, _)| *its == wait).map(|_| 1);
        unit.or_else(replays)
    }
}
