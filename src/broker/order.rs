//! Which of the messages that wait in a polled queue does a poll get next? The oldest; one of the oldest; or the oldest
//! of a message group, of which nothing is hidden that came before it (R13, R57 to R62,
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html>).
//!
//! A message's group is the ordering key of its unit of work. Of the rules of FIFO queues these are modelled, and R33;
//! deduplication (R64 to R69), the handles that expire (R70, R71) and a limit of what is in flight are not.

use super::queue::Stored;
use super::world::World;
use crate::sim::chance::SpanRange;
use crate::sim::time::Span;
use serde::{Deserialize, Serialize};

/// In which order a polled queue hands its messages out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum QueueOrder {
    /// In that of their arrival.
    #[default]
    Arrival,
    /// About in that of their arrival: a standard queue promises no more (R13).
    BestEffort,
    /// Strictly in that of their arrival within each ordering key, its message group (R57 to R62).
    Fifo,
}

/// Where the order is best effort, any of so many that came first may be next.
const AMONG: usize = 4;

impl World {
    /// The place among what waits of what is received next, by the call whose first handle is `first`.
    pub(super) fn next_of(&mut self, queue: u8, order: QueueOrder, first: u32) -> Option<usize> {
        let state = &mut self.broker.queues[queue as usize];
        let last = state.ready.len().min(AMONG).checked_sub(1)?;
        match order {
            QueueOrder::Arrival => Some(0),
            QueueOrder::BestEffort => {
                let places = SpanRange { min: Span::ZERO, max: Span(last as u64) };
                Some(state.polled.dice().map_or(0, |dice| dice.span(places).0 as usize))
            }
            QueueOrder::Fifo => self.next_of_a_group(queue, first),
        }
    }

    /// Of each group what comes before the first that is hidden (R58, R59); and of one group as much as there is
    /// before the next (R60).
    fn next_of_a_group(&self, queue: u8, first: u32) -> Option<usize> {
        let state = &self.broker.queues[queue as usize];
        let (mut filling, mut hidden) = (None, Vec::new());
        for held in state.polled.in_flight().filter(|held| !held.is_deleted()) {
            let group = self.group_of(&held.stored);
            if held.stored.receipt >= first {
                filling = Some(group);
            } else {
                hidden.push((group, held.stored.position));
            }
        }
        hidden.extend(state.polled.delayed().map(|it| (self.group_of(&it.stored), it.stored.position)));
        let may_go = |stored: &Stored| {
            let group = self.group_of(stored);
            !hidden.iter().any(|&(other, position)| other == group && position < stored.position)
        };
        let same = |stored: &Stored| filling == Some(self.group_of(stored)) && may_go(stored);
        state.ready.iter().position(same).or_else(|| state.ready.iter().position(may_go))
    }

    /// Whether something of the copy's group that came before it is hidden: then nobody receives it.
    pub(super) fn is_behind(&self, queue: u8, stored: &Stored) -> bool {
        let polled = &self.broker.queues[queue as usize].polled;
        let held = polled.in_flight().filter(|held| !held.is_deleted()).map(|held| &held.stored);
        let mut hidden = held.chain(polled.delayed().map(|waits| &waits.stored));
        hidden.any(|it| it.position < stored.position && self.group_of(it) == self.group_of(stored))
    }

    /// The message group of a copy: the service that made it, and the ordering key of its unit of work.
    fn group_of(&self, stored: &Stored) -> (u8, u32) {
        self.message(stored.message).map_or((0, 0), |message| {
            let keys = self.setup.services[message.service as usize].keys;
            (message.service, self.turn_of(message.order) % keys)
        })
    }

    /// Something that was hidden is gone: in a FIFO queue what was behind it may be received (R62).
    pub(super) fn group_goes_on(&mut self, queue: u8) {
        if self.poll_of(queue).is_some_and(|poll| poll.order == QueueOrder::Fifo) {
            self.answer_waiting_polls(queue);
        }
    }
}
