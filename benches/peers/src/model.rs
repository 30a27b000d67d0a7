//! The outbox with an inbox, as somebody would write it for a model checker: no time, no latencies, every order.

use stateright::{Model, Property};

/// The most messages.
pub const MOST: usize = 6;

/// So many messages and crashes.
#[derive(Clone)]
pub struct Outbox {
    pub messages: u8,
    pub crashes: u8,
}

/// What a relay is at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Relay {
    Sleeps,
    HasRead(u8),
    HasPublished(u8),
}

/// What a consumer is at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Consumer {
    Waits,
    Has(u8),
    HasApplied(u8),
}

/// A state.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct State {
    committed: u8,
    /// A bit for each row that is marked as sent.
    marked: u8,
    relay: Relay,
    /// Copies of each message on the wire.
    wire: [u8; MOST],
    /// Copies of each message in the queue.
    queue: [u8; MOST],
    consumer: Consumer,
    applied: [u8; MOST],
    crashes: u8,
}

/// A step.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    Commit,
    Poll,
    Publish,
    Mark,
    Arrive(u8),
    Take(u8),
    Apply,
    Acknowledge,
    CrashRelay,
    CrashConsumer,
}

impl Model for Outbox {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            committed: 0,
            marked: 0,
            relay: Relay::Sleeps,
            wire: [0; MOST],
            queue: [0; MOST],
            consumer: Consumer::Waits,
            applied: [0; MOST],
            crashes: 0,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        if state.committed < self.messages {
            actions.push(Action::Commit);
        }
        actions.extend(match state.relay {
            Relay::Sleeps => (state.next_row().is_some()).then_some(Action::Poll),
            Relay::HasRead(_) => Some(Action::Publish),
            Relay::HasPublished(_) => Some(Action::Mark),
        });
        actions.extend((0..self.messages).filter(|&m| state.wire[m as usize] > 0).map(Action::Arrive));
        match state.consumer {
            Consumer::Waits => {
                actions.extend((0..self.messages).filter(|&m| state.queue[m as usize] > 0).map(Action::Take));
            }
            Consumer::Has(_) => actions.push(Action::Apply),
            Consumer::HasApplied(_) => actions.push(Action::Acknowledge),
        }
        if state.crashes < self.crashes {
            actions.extend((state.relay != Relay::Sleeps).then_some(Action::CrashRelay));
            actions.extend((state.consumer != Consumer::Waits).then_some(Action::CrashConsumer));
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match (action, last.relay, last.consumer) {
            (Action::Commit, ..) => state.committed += 1,
            (Action::Poll, ..) => state.relay = Relay::HasRead(last.next_row()?),
            (Action::Publish, Relay::HasRead(m), _) => {
                state.wire[m as usize] += 1;
                state.relay = Relay::HasPublished(m);
            }
            (Action::Mark, Relay::HasPublished(m), _) => {
                state.marked |= 1 << m;
                state.relay = Relay::Sleeps;
            }
            (Action::Arrive(m), ..) => {
                state.wire[m as usize] -= 1;
                state.queue[m as usize] += 1;
            }
            (Action::Take(m), ..) => state.consumer = Consumer::Has(m),
            // The inbox: what is known is not done again.
            (Action::Apply, _, Consumer::Has(m)) => {
                state.applied[m as usize] = 1;
                state.consumer = Consumer::HasApplied(m);
            }
            (Action::Acknowledge, _, Consumer::HasApplied(m)) => {
                state.queue[m as usize] -= 1;
                state.consumer = Consumer::Waits;
            }
            (Action::CrashRelay, ..) => (state.relay, state.crashes) = (Relay::Sleeps, last.crashes + 1),
            (Action::CrashConsumer, ..) => {
                (state.consumer, state.crashes) = (Consumer::Waits, last.crashes + 1);
            }
            _ => return None,
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let nothing_twice = |_: &Outbox, state: &State| state.applied.iter().all(|&times| times <= 1);
        vec![Property::always("nothing twice", nothing_twice)]
    }
}

impl State {
    fn next_row(&self) -> Option<u8> {
        (0..self.committed).find(|m| self.marked >> m & 1 == 0)
    }
}
