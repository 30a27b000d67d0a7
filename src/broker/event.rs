//! What waits in the agenda?

use crate::fault::point::ActorId;

/// An event that waits for its moment. Those that name an epoch are void if their party has crashed since.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// A unit of work comes to the service of that index.
    OrderArrives(u8),
    /// The service of that index takes the next step of its unit of work.
    ServiceStep {
        /// Index of the service.
        service: u8,
        /// Which of the units of work that it has in hand at once.
        lane: u8,
        /// Already made late by a fault.
        late: bool,
        /// Its crashes when this was scheduled.
        epoch: u32,
    },
    /// The relay of that index wakes and polls.
    RelayPolls {
        /// Index of the relay.
        relay: u8,
        /// Already made late by a fault.
        late: bool,
        /// Its crashes when this was scheduled.
        epoch: u32,
    },
    /// The relay of that index takes its next step with the rows it has read.
    RelayStep {
        /// Index of the relay.
        relay: u8,
        /// Already made late by a fault.
        late: bool,
        /// Its crashes when this was scheduled.
        epoch: u32,
    },
    /// A publisher has waited long enough for a confirmation.
    ConfirmTimeout {
        /// The service or relay.
        actor: ActorId,
        /// Which of its waits.
        wait: u32,
    },
    /// A packet is at the end of its way.
    Arrives {
        /// Already made late by a fault at the receiver.
        late: bool,
        /// Where the packet is kept.
        slot: u32,
        /// Its number: another packet may have taken the place since.
        number: u32,
    },
    /// The worker takes the next step with its delivery.
    WorkerStep {
        /// Index among all workers.
        worker: u8,
        /// Already made late by a fault.
        late: bool,
        /// Its crashes when this was scheduled.
        epoch: u32,
    },
    /// The worker takes the next step with a message that it has stored, or looks for one.
    InboxStep {
        /// Index among all workers.
        worker: u8,
        /// Already made late by a fault.
        late: bool,
        /// Its crashes when this was scheduled.
        epoch: u32,
    },
    /// The broker notices that a worker's connection is gone.
    ConnectionLost {
        /// Index among all workers.
        worker: u8,
        /// Which of its connections.
        session: u32,
    },
    /// A party that crashed comes back.
    Restart {
        /// Who.
        actor: ActorId,
        /// Its crashes when this was scheduled.
        epoch: u32,
    },
    /// A late subscription is made.
    Subscribes {
        /// Index of the topic.
        topic: u8,
        /// Its place among the topic's subscriptions.
        place: u8,
    },
    /// A copy in a queue has waited long enough.
    Expires {
        /// The queue.
        queue: u8,
    },
    /// An outage of the plan begins.
    OutageStarts(u16),
    /// It ends.
    OutageEnds(u16),
    /// The operator does what the scenario says, by its place there.
    OperatorActs(u16),
    /// The service of that index takes the next step of the replay in hand.
    ReplayStep {
        /// Index of the service.
        service: u8,
        /// Already made late by a fault.
        late: bool,
        /// Its crashes when this was scheduled.
        epoch: u32,
    },
    /// A packet that carries no message (a poll, or an answer with nothing in it) is at the end of its way.
    IdleArrives {
        /// Already made late by a fault at the receiver.
        late: bool,
        /// Where the packet is kept.
        slot: u32,
        /// Its number: another packet may have taken the place since.
        number: u32,
    },
    /// The worker asks its queue again.
    PollAgain {
        /// Index among all workers.
        worker: u8,
        /// Already made late by a fault.
        late: bool,
        /// Its crashes when this was scheduled.
        epoch: u32,
    },
    /// The worker has waited long enough for the answer to a poll.
    PollTimesOut {
        /// Index among all workers.
        worker: u8,
        /// Which of its polls.
        poll: u32,
    },
    /// A poll that waits at the broker is answered with nothing (R21).
    LongPollEnds {
        /// Index among all workers.
        worker: u8,
        /// Which of its polls.
        poll: u32,
    },
    /// The worker asks for more time for what it has in hand.
    Heartbeat {
        /// Index among all workers.
        worker: u8,
        /// Already made late by a fault.
        late: bool,
        /// For what came with which of its polls.
        poll: u32,
    },
    /// The visibility timeout of what was received with that handle ends (R14).
    VisibilityEnds {
        /// The queue.
        queue: u8,
        /// The handle.
        receipt: u32,
    },
    /// The delay of a new message ends (R31).
    DelayEnds {
        /// The queue.
        queue: u8,
        /// Its place in the order of arrival.
        position: u32,
    },
    /// The next message is moved back from a dead-letter queue.
    Redrives {
        /// The queue.
        queue: u8,
        /// How many more are to be moved.
        left: u32,
    },
}

impl Event {
    /// Whether it changes nothing by itself: a consumer that polls for ever does not keep the world from being
    /// quiet, nor does a relay. What expires, and whether anything would be polled, is asked of the queues and the
    /// outboxes.
    #[inline]
    pub(super) const fn is_idle(&self) -> bool {
        matches!(
            self,
            Event::IdleArrives { .. }
                | Event::PollAgain { .. }
                | Event::PollTimesOut { .. }
                | Event::LongPollEnds { .. }
                | Event::Heartbeat { .. }
                | Event::RelayPolls { late: false, .. }
                | Event::Expires { .. }
        )
    }
}

/// An event with the record that led to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// What is to happen.
    pub event: Event,
    /// The place in the history of what led to it.
    pub cause: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_small() {
        assert!(size_of::<Waiting>() <= 16, "{}", size_of::<Waiting>());
    }
}
