//! Which queues should a message reach? All that the judge takes from the setup, as flat tables.

use crate::broker::routing::{Routing, Subscription};
use crate::broker::setup::{Inbox, Publishing, Role, Setup, Target};
use crate::fault::point::ActorId;

/// What a party is to the judge.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Part {
    /// The service of that index.
    Service(u8),
    /// A relay or the broker.
    Between,
    /// A worker: its queue, and its place among all workers.
    Worker(u8, u8),
}

/// What the judge needs of a service.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Source {
    /// The route of its first message; the others follow.
    pub(super) first_route: u16,
    /// How many kinds of message it has.
    pub(super) kinds: u16,
    /// How many ordering keys.
    pub(super) keys: u32,
    /// Whether it waits for confirmations.
    pub(super) waits: bool,
    /// Whether it calls instead of publishing.
    pub(super) calls: bool,
}

/// The tables. A route is a message of a service; a slot counts the queues that a route should reach.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Reach {
    parts: Vec<Part>,
    broker: ActorId,
    sources: Vec<Source>,
    queues: usize,
    /// By route and queue: the slot.
    slots: Vec<Option<u8>>,
    /// By route: the queue of each slot.
    targets: Vec<Vec<u8>>,
    /// By route: what its messages show to a topic that asks for something.
    shows: Vec<Option<(u8, Routing)>>,
    /// By topic: what it asks; nothing for a queue that gets everything from the start.
    asks: Vec<Vec<Subscription>>,
    /// By service and queue: where the turns of its keys start.
    turns: Vec<u32>,
    turn_count: u32,
    workers: usize,
    /// By worker: whether it stores messages before it works on them.
    stores: Vec<bool>,
    /// By queue: whether it is the door of a consumer that is called.
    doors: Vec<bool>,
}

impl Reach {
    pub(super) fn new(setup: &Setup) -> Reach {
        let mut workers = 0;
        let part = |role| match role {
            Role::Service(service) => Part::Service(service),
            Role::Relay(_) | Role::Broker => Part::Between,
            Role::Worker(consumer, _) => {
                workers += 1;
                Part::Worker(setup.consumers[consumer as usize].queue, workers as u8 - 1)
            }
        };
        let cast = setup.cast();
        let parts = cast.actors.iter().map(|actor| actor.role).map(part).collect();
        let queues = setup.queues.len();
        let mut reach = Reach {
            parts,
            broker: cast.broker,
            sources: Vec::new(),
            queues,
            slots: Vec::new(),
            targets: Vec::new(),
            shows: Vec::new(),
            asks: setup.topics.iter().map(|topic| topic.subscriptions.clone()).collect(),
            turns: Vec::new(),
            turn_count: 0,
            workers,
            stores: Vec::new(),
            doors: setup.queues.iter().map(|queue| queue.door).collect(),
        };
        for consumer in &setup.consumers {
            let stores = consumer.inbox == Inbox::StoreFirst;
            reach.stores.extend((0..consumer.workers).map(|_| stores));
        }
        for service in &setup.services {
            // More keys than units would only be empty turns.
            let keys = service.keys.min(service.count).max(1);
            reach.sources.push(Source {
                first_route: reach.targets.len() as u16,
                kinds: service.messages.len() as u16,
                keys,
                waits: service.confirm.is_some(),
                calls: service.publishing == Publishing::Call,
            });
            let mut touched = vec![false; queues];
            for message in &service.messages {
                let mut targets = Vec::new();
                for queue in setup.queues_of(message.target) {
                    let heard = setup.consumers.iter().any(|consumer| consumer.queue == queue);
                    if heard && !targets.contains(&queue) {
                        targets.push(queue);
                    }
                }
                let slot = |queue| targets.iter().position(|&target| usize::from(target) == queue);
                reach.slots.extend((0..queues).map(|queue| slot(queue).map(|slot| slot as u8)));
                targets.iter().for_each(|&queue| touched[usize::from(queue)] = true);
                reach.targets.push(targets);
                reach.shows.push(match message.target {
                    Target::Topic(topic) if !setup.topics[usize::from(topic)].subscriptions.is_empty() => {
                        Some((topic, message.routing.clone()))
                    }
                    _ => None,
                });
            }
            for touched in touched {
                reach.turns.push(reach.turn_count);
                reach.turn_count += if touched { keys } else { 0 };
            }
        }
        reach
    }

    /// What that party is.
    pub(super) fn part(&self, actor: ActorId) -> Part {
        self.parts.get(usize::from(actor.0)).copied().unwrap_or(Part::Between)
    }

    /// Whether that party is the broker.
    pub(super) fn is_broker(&self, actor: ActorId) -> bool {
        actor == self.broker
    }

    /// Whether that party is a service that calls instead of publishing.
    pub(super) fn calls(&self, actor: ActorId) -> bool {
        matches!(self.part(actor), Part::Service(service) if self.source(service).is_some_and(|it| it.calls))
    }

    /// Whether that queue is the door of a consumer that is called.
    pub(super) fn is_door(&self, queue: u8) -> bool {
        self.doors.get(usize::from(queue)).copied().unwrap_or(false)
    }

    /// The service of that index.
    pub(super) fn source(&self, service: u8) -> Option<&Source> {
        self.sources.get(usize::from(service))
    }

    /// The queues that a message of that route should reach, by slot.
    pub(super) fn targets(&self, route: u16) -> &[u8] {
        self.targets.get(usize::from(route)).map_or(&[], |targets| targets)
    }

    /// The slot of a queue, if the route should reach it.
    pub(super) fn slot(&self, route: u16, queue: u8) -> Option<u8> {
        if usize::from(queue) >= self.queues {
            return None;
        }
        self.slots.get(usize::from(route) * self.queues + usize::from(queue)).copied().flatten()
    }

    /// Whether a topic asks something of the messages of that route.
    pub(super) fn is_asked(&self, route: u16) -> bool {
        self.shows.get(usize::from(route)).is_some_and(Option::is_some)
    }

    /// Whether the queue, one that the route may reach, is owed the message of that unit of work; `made` tells
    /// whether a late subscription, by topic and queue, has been made.
    pub(super) fn owes(&self, route: u16, queue: u8, turn: u32, made: impl Fn(u8, u8) -> bool) -> bool {
        let Some(Some((topic, routing))) = self.shows.get(usize::from(route)) else { return true };
        let mut asks = self.asks[usize::from(*topic)].iter().filter(|ask| ask.queue == queue).peekable();
        let everything = asks.peek().is_none();
        everything
            || asks.any(|ask| {
                (ask.from.is_none() || made(*topic, queue))
                    && ask.terms.want(routing, turn, routing.key(turn))
            })
    }

    /// Where the turn of that service, queue and key is kept.
    pub(super) fn turn(&self, service: u8, queue: u8, key: u32) -> usize {
        (self.turns[usize::from(service) * self.queues + usize::from(queue)] + key) as usize
    }

    /// How many turns there are.
    pub(super) fn turn_count(&self) -> u32 {
        self.turn_count
    }

    /// How many services there are.
    pub(super) fn services(&self) -> usize {
        self.sources.len()
    }

    /// Whether that worker stores messages before it works on them.
    pub(super) fn stores_first(&self, worker: u8) -> bool {
        self.stores.get(usize::from(worker)).copied().unwrap_or_default()
    }

    /// How many workers there are.
    pub(super) fn workers(&self) -> usize {
        self.workers
    }
}
