//! The outbox with an inbox (or without), as somebody would write it for a model checker: no time and no latencies,
//! but every order of the steps of service, relay, wires and consumer, with so many crashes wherever one of them is in
//! the middle of something. States are small and plain: what the checker is fastest with.

use stateright::{Model, Property};

/// The most messages.
pub const MOST: usize = 6;

/// So many messages and crashes.
#[derive(Clone)]
pub struct Outbox {
    pub messages: u8,
    pub crashes: u8,
    pub inbox: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Service {
    Idle,
    HasWritten,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Relay {
    Sleeps,
    HasRead(u8),
    HasPublished(u8),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Consumer {
    Waits,
    Has(u8),
    HasApplied(u8),
    HasCommitted(u8),
}

/// A state.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct State {
    service: Service,
    /// How many units of work were taken up.
    taken: u8,
    /// Sets of messages, a bit each.
    committed: u8,
    marked: u8,
    seen: u8,
    relay: Relay,
    consumer: Consumer,
    /// Copies of each message on the wire to the broker, and in its queue.
    wire: [u8; MOST],
    queue: [u8; MOST],
    /// How often the effect of each was applied.
    applied: [u8; MOST],
    crashes: u8,
}

/// A step.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    Write,
    Commit,
    Read,
    Publish,
    Mark,
    Arrive(u8),
    Take(u8),
    Apply,
    /// Of the effect and, if there is one, the row of the inbox: one transaction.
    CommitEffect,
    Acknowledge,
    CrashService,
    CrashRelay,
    CrashConsumer,
}

impl Model for Outbox {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            service: Service::Idle,
            taken: 0,
            committed: 0,
            marked: 0,
            seen: 0,
            relay: Relay::Sleeps,
            consumer: Consumer::Waits,
            wire: [0; MOST],
            queue: [0; MOST],
            applied: [0; MOST],
            crashes: 0,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let some = |copies: [u8; MOST]| (0..self.messages).filter(move |&m| copies[m as usize] > 0);
        match state.service {
            Service::Idle if state.taken < self.messages => actions.push(Action::Write),
            Service::Idle => {}
            Service::HasWritten => actions.push(Action::Commit),
        }
        match state.relay {
            Relay::Sleeps => actions.extend(state.next_row().map(|_| Action::Read)),
            Relay::HasRead(_) => actions.push(Action::Publish),
            Relay::HasPublished(_) => actions.push(Action::Mark),
        }
        actions.extend(some(state.wire).map(Action::Arrive));
        match state.consumer {
            Consumer::Waits => actions.extend(some(state.queue).map(Action::Take)),
            Consumer::Has(_) => actions.push(Action::Apply),
            Consumer::HasApplied(_) => actions.push(Action::CommitEffect),
            Consumer::HasCommitted(_) => actions.push(Action::Acknowledge),
        }
        if state.crashes < self.crashes {
            actions.extend((state.service != Service::Idle).then_some(Action::CrashService));
            actions.extend((state.relay != Relay::Sleeps).then_some(Action::CrashRelay));
            actions.extend((state.consumer != Consumer::Waits).then_some(Action::CrashConsumer));
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match (action, last.relay, last.consumer) {
            (Action::Write, ..) => {
                state.service = Service::HasWritten;
                state.taken += 1;
            }
            (Action::Commit, ..) => {
                state.service = Service::Idle;
                state.committed |= 1 << (last.taken - 1);
            }
            (Action::Read, ..) => state.relay = Relay::HasRead(last.next_row()?),
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
            (Action::Apply, _, Consumer::Has(m)) if self.inbox && last.seen >> m & 1 == 1 => {
                state.consumer = Consumer::HasCommitted(m);
            }
            (Action::Apply, _, Consumer::Has(m)) => state.consumer = Consumer::HasApplied(m),
            (Action::CommitEffect, _, Consumer::HasApplied(m)) => {
                state.applied[m as usize] += 1;
                state.seen |= u8::from(self.inbox) << m;
                state.consumer = Consumer::HasCommitted(m);
            }
            (Action::Acknowledge, _, Consumer::HasCommitted(m)) => {
                state.queue[m as usize] -= 1;
                state.consumer = Consumer::Waits;
            }
            (Action::CrashService, ..) => (state.service, state.crashes) = (Service::Idle, last.crashes + 1),
            (Action::CrashRelay, ..) => (state.relay, state.crashes) = (Relay::Sleeps, last.crashes + 1),
            (Action::CrashConsumer, ..) => {
                (state.consumer, state.crashes) = (Consumer::Waits, last.crashes + 1);
            }
            _ => return None,
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let twice = |_: &Outbox, state: &State| state.applied.iter().all(|&times| times <= 1);
        let ghost = |_: &Outbox, state: &State| state.set_applied() & !state.committed == 0;
        let arrives = |outbox: &Outbox, state: &State| {
            let over = state.taken == outbox.messages && state.service == Service::Idle;
            over && state.set_applied() == state.committed
        };
        vec![
            Property::always("nothing-twice", twice),
            Property::always("no-ghost", ghost),
            Property::eventually("everything-arrives", arrives),
        ]
    }
}

impl State {
    fn next_row(&self) -> Option<u8> {
        (0..MOST as u8).find(|m| (self.committed & !self.marked) >> m & 1 == 1)
    }

    fn set_applied(&self) -> u8 {
        (0..MOST).filter(|&m| self.applied[m] > 0).map(|m| 1 << m).sum()
    }
}
