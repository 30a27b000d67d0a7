//! What is the world made of? Everything a run needs besides its seed and commands: parties, how they are
//! wired, what they are asked to do, and which faults await them.

pub use super::backoff::{Jitter, Retry, Wait};
use super::command::Command;
pub use super::inbox::{Inbox, InboxKey};
pub use super::order::QueueOrder;
use super::routing::{Limits, Routing, Subscription, TopicKind};
use crate::fault::plan::Plan;
use crate::fault::point::ActorId;
use crate::sim::chance::SpanRange;
use crate::sim::time::{Instant, Span};
use serde::{Deserialize, Serialize};

/// The parts of a world before it starts. Names are unique across all parties, topics and queues.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    /// Services, each with a database of its own unless it only produces.
    pub services: Vec<Service>,
    /// Relays, each reading the outbox of one service.
    pub relays: Vec<Relay>,
    /// The broker's name.
    pub broker: String,
    /// Topics of the broker.
    pub topics: Vec<Topic>,
    /// Queues of the broker.
    pub queues: Vec<Queue>,
    /// Consumers, each with one or more workers that compete for the messages of one queue.
    pub consumers: Vec<Consumer>,
    /// The run ends here at the latest.
    pub limit: Instant,
    /// The faults laid down beforehand.
    pub faults: Plan,
    /// What the operator does, and when: the same as by hand.
    pub operator: Vec<(Instant, Command)>,
    /// What is promised in time. The world does not look at it; the judge does.
    pub bounds: Bounds,
}

/// How soon things are promised.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Bounds {
    /// From the coming of a request to its answer, at most.
    pub answer: Option<Span>,
    /// From the first unit of work that is taken in to the last effect, at most.
    pub done: Option<Span>,
}

/// Where a message is published to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Target {
    /// The topic or exchange of that index: every queue subscribed to it gets a copy (R4).
    Topic(u8),
    /// The queue of that index (with RabbitMQ: through the default exchange, R94).
    Queue(u8),
}

/// When a service publishes the messages of a unit of work.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Publishing {
    /// It has no database and only produces.
    Plain,
    /// Inside the transaction, directly before the commit (dual write, pattern A).
    BeforeCommit,
    /// Directly after the commit (dual write, pattern B; R165).
    AfterCommit,
    /// As rows of the outbox table in the same transaction; a relay publishes them (R132).
    Outbox,
    /// In the handler as it goes, before the rest of its rows is written (R163).
    InHandler,
    /// Collected in the handler, all serialized and sent directly before the commit (R163, R164, pattern D).
    CollectBeforeCommit,
    /// Collected in the handler, all serialized, committed, then sent (R163, R165, pattern E).
    CollectAfterCommit,
    /// Not at all: inside the transaction it calls who is to do the work, and waits for the reply.
    Call,
}

/// When a service serializes the messages of a unit of work.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Serialization {
    /// Each as it is sent.
    AsSent,
    /// All before the first is sent (R167).
    AllFirst,
}

/// What a service does with a message that it could not send, when it has tried as often as it does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum OnSendFailure {
    /// The unit of work fails: it is rolled back; once it is committed, the message is given up.
    Fail,
    /// It gives the message up and goes on.
    Drop,
    /// It writes the message into the dead-letter table of its database, with the error, and goes on (R168).
    Park,
}

/// One of the messages that every unit of work sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageKind {
    /// Its name, for people: `order placed`.
    pub name: String,
    /// Where it goes.
    pub target: Target,
    /// What it shows there.
    pub routing: Routing,
    /// How long it stays hidden in a polled queue before it can be received; none: as the queue says (R32).
    pub delay: Option<Span>,
    /// How long it may wait in a queue that pushes, besides what the queue says (R113).
    pub ttl: Option<Span>,
    /// Whether it goes through the outbox even where the service sends its others directly (R148).
    pub outbox: bool,
}

/// A service: takes orders, writes a row for each, and sends its messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// What one unit of work is called, singular: `order`.
    pub noun: String,
    /// Words for the rows, used in turn: `shoes`, `lamp`. May be empty.
    pub items: Vec<String>,
    /// How many units of work arrive.
    pub count: u32,
    /// When the first arrives.
    pub first: Instant,
    /// The gap to the next.
    pub every: SpanRange,
    /// How many different ordering keys the units have, in turn; at least 1.
    pub keys: u32,
    /// How many units it works on at once, each in a transaction of its own; at least 1.
    pub at_once: u8,
    /// When it publishes.
    pub publishing: Publishing,
    /// When it serializes.
    pub serialization: Serialization,
    /// The messages of one unit of work, in the order they are sent; at least one.
    pub messages: Vec<MessageKind>,
    /// Whether each unit of work is a request of somebody who waits for its answer.
    pub answers: bool,
    /// How long one statement of its database (or one step of work) takes.
    pub step: SpanRange,
    /// How long it waits for the broker's confirmation, or for the reply of who it calls; none: it does not wait,
    /// and does not know (who calls always waits).
    pub confirm: Option<Span>,
    /// How often and when it tries again to send what the broker did not take (R160).
    pub retry: Retry,
    /// What it does with what it could not send.
    pub on_failure: OnSendFailure,
    /// Whether each attempt at sending a message gives it a new id: no inbox knows it again by that (R157). What goes
    /// through the outbox has the id of its row.
    pub new_ids: bool,
    /// How long after a crash it is up again; none: it stays down.
    pub restart: Option<Span>,
    /// How long its packets travel.
    pub latency: SpanRange,
}

impl Service {
    /// Whether it has a database.
    pub fn has_database(&self) -> bool {
        self.publishing != Publishing::Plain
    }

    /// Whether its message of that index goes through the outbox.
    pub fn in_outbox(&self, message: u8) -> bool {
        self.publishing == Publishing::Outbox
            || self.messages.get(message as usize).is_some_and(|kind| kind.outbox)
    }

    /// Whether any of its messages goes through the outbox.
    pub fn has_outbox(&self) -> bool {
        self.publishing == Publishing::Outbox || self.messages.iter().any(|kind| kind.outbox)
    }

    /// Whether it sends any message itself; what goes through the outbox, its relay sends.
    pub fn sends_itself(&self) -> bool {
        self.publishing != Publishing::Outbox && self.messages.iter().any(|kind| !kind.outbox)
    }

    /// Whether its database has a dead-letter table.
    pub fn has_dead_letters(&self) -> bool {
        self.on_failure == OnSendFailure::Park
    }
}

/// When a relay marks rows as sent, or saves how far it has read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Marking {
    /// Each row when it is confirmed.
    PerRow,
    /// All rows of the batch in one statement when the last is confirmed.
    PerBatch,
    /// Each row before it is published: the wrong order, a crash in between loses it (R134).
    BeforePublish,
}

/// How a relay finds what is to be sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Reading {
    /// It asks for the rows that are not marked as sent (R139 a).
    Unsent,
    /// It asks for the rows whose id is higher than the last it has seen: the wrong question, for ids are taken
    /// before the commit (R138).
    Cursor,
    /// It reads the database's log, in the order of the commits, and keeps its place there (R142, R143).
    Log,
    /// It asks for the rows of transactions that are older than every open one, in the order of the transactions: that
    /// order is kept, and one long transaction holds everything back (R139 b).
    Snapshot,
    /// It asks as a cursor does, and waits where an id is missing: until its row is there, or so long and then goes on
    /// without it, for the id of what was rolled back never comes (R139 c).
    GapWait(Span),
}

/// What a relay that shares its outbox does about the others.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Locking {
    /// Nothing: each reads what the others have in hand too.
    None,
    /// It locks what it reads, until the row is marked or the round over, and passes over what is locked
    /// (`FOR UPDATE SKIP LOCKED`, R140).
    SkipLocked,
    /// It passes over every row whose key another has in hand, too, so that the order of a key is kept (R140).
    PerKey,
}

/// What a relay does when a row cannot be published.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum OnFailure {
    /// It gives the round up: nothing overtakes the row (R146).
    Stop,
    /// It leaves the rows of that key for the next round and goes on with the others (R141).
    HoldKey,
    /// It goes on with the next row, which so overtakes it (R146).
    Skip,
}

/// What becomes of rows that are marked as sent (R145).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum SentRows {
    /// They stay.
    Keep,
    /// They are deleted with the mark.
    Delete,
    /// They are deleted by a poll, when they have been marked for that long.
    DeleteAfter(Span),
}

/// An outbox relay: a polling publisher (reads rows that are not marked as sent, publishes, marks them; R133),
/// or one that tails the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relay {
    /// Its name.
    pub name: String,
    /// Index of the service whose outbox it reads.
    pub service: u8,
    /// How it finds what is to be sent.
    pub reading: Reading,
    /// What it does about other relays at the same outbox.
    pub locking: Locking,
    /// From the end of one round to the next poll; where the log is read, from a failed round to the next.
    pub interval: Span,
    /// The most rows a poll reads; at least 1.
    pub batch: u32,
    /// When it marks.
    pub marking: Marking,
    /// What it does when a row cannot be published.
    pub on_failure: OnFailure,
    /// What becomes of rows that are marked as sent.
    pub sent_rows: SentRows,
    /// How long one statement takes.
    pub step: SpanRange,
    /// How long it waits for the broker's confirmation before it gives the round up.
    pub confirm: Span,
    /// How long after a crash it is up again; none: it stays down.
    pub restart: Option<Span>,
    /// How long its packets travel.
    pub latency: SpanRange,
}

/// A topic or an exchange: keeps nothing, copies to every subscribed queue (R4, R5, R93).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: TopicKind,
    /// Indices of the queues that get everything, as it is, from the start. No queue stands here and among the
    /// subscriptions too.
    pub queues: Vec<u8>,
    /// Subscriptions and bindings with terms.
    pub subscriptions: Vec<Subscription>,
}

impl Topic {
    /// A topic that copies to these queues.
    pub fn to(name: &str, queues: Vec<u8>) -> Topic {
        Topic { name: name.to_owned(), kind: TopicKind::Topic, queues, subscriptions: Vec::new() }
    }

    /// Every queue that may get a copy, once.
    pub fn all_queues(&self) -> Vec<u8> {
        let mut queues = self.queues.clone();
        for subscription in &self.subscriptions {
            if !queues.contains(&subscription.queue) {
                queues.push(subscription.queue);
            }
        }
        queues
    }
}

/// A queue that is polled: nothing reaches a consumer that does not ask (R9). The terms of Amazon SQS.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Poll {
    /// How long a received message is hidden: 0 to 12 h (R14).
    pub visibility: Span,
    /// How long a new message is hidden: 0 to 900 s (R31).
    pub delay: Span,
    /// How long a poll waits for a message: 0 (short polling) to 20 s (R20, R21).
    pub wait: Span,
    /// After how many receives a message goes to the dead-letter queue (R47).
    pub max_receives: u16,
    /// The index of the dead-letter queue, itself polled.
    pub dead_letter: Option<u8>,
    /// In which order it hands out.
    pub order: QueueOrder,
}

/// A queue: each message to one consumer at a time (R1), pushed up to the prefetch (R101), or polled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// Whether its messages survive the broker going down.
    pub durable: bool,
    /// Whether a message that a consumer rejects for good is parked (dead-lettered) or dropped (R108).
    pub dead_letters: bool,
    /// What it puts up with.
    pub limits: Limits,
    /// How it is polled; none: it pushes.
    pub poll: Option<Poll>,
    /// Whether this is no queue but the door of a consumer that is called directly: nothing waits here. Such a
    /// door has one consumer with one worker, and the broker has no part in it.
    pub door: bool,
}

/// When a consumer acknowledges.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum AckTime {
    /// On receipt, before the effect: at most once.
    BeforeEffect,
    /// After the effect: at least once.
    AfterEffect,
}

/// What a consumer does with a delivery that it could not handle.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum OnError {
    /// Back to its place in the queue (nack, requeue; R106).
    Requeue,
    /// Rejected: parked if the queue has dead letters, dropped if not (R108).
    Reject,
    /// Nothing: it comes back when its visibility timeout ends. Only of a polled queue.
    Leave,
}

/// How a consumer polls, where its queue is polled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Polling {
    /// The most messages it takes at once: 1 to 10 (R19).
    pub receive: u8,
    /// From when it is done to the next poll.
    pub pause: Span,
    /// How often it asks for more time while it works (R28).
    pub heartbeat: Option<Span>,
}

impl Default for Polling {
    fn default() -> Polling {
        Polling { receive: 1, pause: Span::from_millis(400), heartbeat: None }
    }
}

/// A consumer: takes messages from one queue and applies an effect for each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Consumer {
    /// Its name.
    pub name: String,
    /// What it does, past tense, with `{}` for the order: `wrote to the customer about {}`.
    pub did: String,
    /// What its effects are called, plural: `mails sent`.
    pub effects: String,
    /// Index of its queue.
    pub queue: u8,
    /// How many workers compete (R1); at least 1.
    pub workers: u8,
    /// The most unacknowledged deliveries a worker holds; 0: no limit (R101).
    pub prefetch: u16,
    /// How long the handler works.
    pub handler: SpanRange,
    /// How long one statement of its database takes.
    pub step: SpanRange,
    /// When it acknowledges.
    pub ack: AckTime,
    /// What it keeps of messages in an inbox table.
    pub inbox: Inbox,
    /// How long ids are remembered; none: for ever (R156).
    pub window: Option<Span>,
    /// By what it knows a repeat.
    pub inbox_key: InboxKey,
    /// Whether it expects messages in a topic's envelope; what comes otherwise it cannot decode (R81).
    pub unwraps: bool,
    /// What it does on a handler exception. A delivery that cannot be decoded is always rejected (R173).
    pub on_error: OnError,
    /// How long after a crash a worker is up again; none: it stays down.
    pub restart: Option<Span>,
    /// How long packets to and from its workers travel.
    pub latency: SpanRange,
    /// How it polls.
    pub polling: Polling,
}

/// What a party is, with its index among its kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Role {
    /// The service of that index.
    Service(u8),
    /// The relay of that index.
    Relay(u8),
    /// The broker.
    Broker,
    /// A worker of the consumer of the first index; the second counts from 0 within it.
    Worker(u8, u8),
}

/// One party of the cast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Actor {
    /// Its name; workers of a consumer with several are `mail-1`, `mail-2` …
    pub name: String,
    /// What it is.
    pub role: Role,
}

/// Who is who: services, relays, the broker, then workers. An [`ActorId`] is a place in this list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cast {
    /// All parties.
    pub actors: Vec<Actor>,
    /// Where the relays start (services stand before them).
    pub first_relay: u8,
    /// The broker's place.
    pub broker: ActorId,
    /// Where each consumer's workers start.
    pub first_worker: Vec<u8>,
    /// The names of the topics and exchanges.
    pub topics: Vec<String>,
    /// The names of the queues.
    pub queues: Vec<String>,
}

impl Cast {
    /// The party of that id.
    pub fn actor(&self, id: ActorId) -> &Actor {
        &self.actors[id.0 as usize]
    }

    /// The name of that party.
    pub fn name(&self, id: ActorId) -> &str {
        &self.actor(id).name
    }

    /// What that party is.
    pub fn role(&self, id: ActorId) -> Role {
        self.actor(id).role
    }

    /// The party of that name.
    pub fn find(&self, name: &str) -> Option<ActorId> {
        self.actors.iter().position(|actor| actor.name == name).map(|index| ActorId(index as u8))
    }

    /// The name of the queue of that index.
    pub fn queue(&self, index: u8) -> &str {
        self.queues.get(index as usize).map_or("", |name| name)
    }

    /// The id of the service of that index.
    pub fn service(&self, index: u8) -> ActorId {
        ActorId(index)
    }

    /// The id of the relay of that index.
    pub fn relay(&self, index: u8) -> ActorId {
        ActorId(self.first_relay + index)
    }

    /// The id of a worker of a consumer.
    pub fn worker(&self, consumer: u8, worker: u8) -> ActorId {
        ActorId(self.first_worker[consumer as usize] + worker)
    }
}

impl Setup {
    /// The most parties a world holds (workers counted singly).
    pub const MAX_ACTORS: usize = 200;

    /// Who is who in this world.
    pub fn cast(&self) -> Cast {
        let mut actors: Vec<Actor> = Vec::new();
        let mut add = |name: &str, role| actors.push(Actor { name: name.to_owned(), role });
        for (index, service) in self.services.iter().enumerate() {
            add(&service.name, Role::Service(index as u8));
        }
        for (index, relay) in self.relays.iter().enumerate() {
            add(&relay.name, Role::Relay(index as u8));
        }
        add(&self.broker, Role::Broker);
        let first_relay = self.services.len() as u8;
        let broker = ActorId(first_relay + self.relays.len() as u8);
        let mut first_worker = Vec::new();
        let mut next = broker.0 + 1;
        for (index, consumer) in self.consumers.iter().enumerate() {
            first_worker.push(next);
            next += consumer.workers;
            for worker in 0..consumer.workers {
                let name = if consumer.workers == 1 {
                    consumer.name.clone()
                } else {
                    format!("{}-{}", consumer.name, worker + 1)
                };
                add(&name, Role::Worker(index as u8, worker));
            }
        }
        let topics = self.topics.iter().map(|topic| topic.name.clone()).collect();
        let queues = self.queues.iter().map(|queue| queue.name.clone()).collect();
        Cast { actors, first_relay, broker, first_worker, topics, queues }
    }

    /// What a unit of work is called here, singular, by the first service: `order`.
    pub fn noun(&self) -> &str {
        self.services.first().map_or("order", |service| &service.noun)
    }

    /// How the outbox of that service is read: a position is kept by at most one relay.
    pub fn reading_of(&self, service: u8) -> Reading {
        let reader = self.relays.iter().find(|relay| relay.service == service);
        reader.map_or(Reading::Unsent, |relay| relay.reading)
    }

    /// Whether a row can be gone from the outbox while that relay is still to publish it: it marks first, or
    /// another marks too.
    pub fn reads_ahead(&self, relay: u8) -> bool {
        let Some(spec) = self.relays.get(relay as usize) else { return false };
        let readers = self.relays.iter().filter(|other| other.service == spec.service).count();
        spec.marking == Marking::BeforePublish || readers > 1
    }

    /// Whether anything goes through the broker.
    pub fn uses_broker(&self) -> bool {
        !self.topics.is_empty() || self.queues.iter().any(|queue| !queue.door)
    }

    /// The queues that a message to `target` may reach.
    pub fn queues_of(&self, target: Target) -> Vec<u8> {
        match target {
            Target::Topic(topic) => self.topics[topic as usize].all_queues(),
            Target::Queue(queue) => vec![queue],
        }
    }

    /// Whether any queue is polled.
    pub fn polls(&self) -> bool {
        self.queues.iter().any(|queue| queue.poll.is_some())
    }
}
