//! What does a publisher hear of what it has sent? A confirmation, a refusal, or nothing in time: for a relay's round, a
//! service's unit of work, or its replay of a parked message.

use super::event::Event;
use super::program::Op;
use super::record::{Kind, Why};
use super::service::Unit;
use super::wire::Packet;
use super::world::World;
use crate::fault::point::{ActorId, PacketKind, Step};

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

impl World {
    /// A confirmation or a refusal reaches a publisher.
    pub(super) fn publisher_hears(&mut self, packet: Packet, slot: u32, late: bool, again: Event) {
        let (actor, message) = (packet.party, packet.message);
        self.cause = packet.record;
        if let Some(state) = self.services.get_mut(actor.0 as usize) {
            let before_it = |unit: &Unit| unit.first_message <= packet.message;
            state.switch_to_latest(|unit| unit.wait.is_some() && before_it(unit));
        }
        if packet.kind == PacketKind::Return {
            self.take_packet(slot);
            self.cause = self.record(Kind::Returned, actor, message, 0);
            return;
        }
        let failed = match packet.kind {
            PacketKind::Refuse => Some((Kind::NotTaken, 0, Why::NotTaken)),
            PacketKind::Reject => Some((Kind::NotTaken, 1, Why::Full)),
            PacketKind::Error => Some((Kind::CallFailed, 0, Why::Handler)),
            _ => None,
        };
        if let Some((kind, other, why)) = failed {
            self.take_packet(slot);
            self.cause = self.record(kind, actor, message, other);
            if let Some(task) = self.task_that_awaits(actor, message) {
                self.idle += 1;
                self.publish_failed(actor, task, message, why);
            }
            return;
        }
        let step = if packet.kind == PacketKind::Response { Step::Replied } else { Step::Confirmed };
        self.take_step(actor, step, late, again, |world, _| {
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
                let Some(Op::Await(n) | Op::AwaitReply(n)) = self.services[actor.0 as usize].next_op() else {
                    return;
                };
                if let Some(unit) = &mut self.services[index as usize].unit {
                    unit.wait = None;
                }
                self.out_of_hand(index, n);
            }
        }
    }

    pub(super) fn publisher_waited_in_vain(&mut self, actor: ActorId, wait: u32) {
        if let Some(state) = self.services.get_mut(actor.0 as usize) {
            state.switch_to_latest(|unit| unit.wait == Some(wait));
        }
        let Some((task, message)) = self.task_in_wait(actor, wait) else {
            self.idle -= 1;
            return;
        };
        self.cause = self.record(Kind::TimedOut, actor, message, 0);
        self.publish_failed(actor, task, message, Why::TimedOut);
    }

    fn publish_failed(&mut self, actor: ActorId, task: Task, message: u32, why: Why) {
        match task {
            Task::Relay(index) => self.relay_failed_to_publish(index),
            Task::Replay(index) => self.replay_failed(index, why),
            Task::Unit(index) => self.try_again_or_not(index, actor, message, why),
        }
    }
}
