//! What is a scenario made of? The tables of a scenario file as types: what each needs is asked for by its constructor,
//! the rest has the defaults of the file (`docs/scenarios.md`).

use super::value::{self, Spread, Table, text};
use crate::broker::backoff::{Jitter, Wait};
use crate::broker::routing::{Condition, Overflow, TopicKind};
use crate::broker::setup::{
    AckTime, Inbox, InboxKey, Locking, Marking, OnError, OnFailure, OnSendFailure, Publishing, QueueOrder,
    Reading, SentRows, Serialization,
};
use crate::scenario::{file, routes};
use std::time::Duration;

/// A setter of one key of a table, the field `.0` unless another is named: what it takes, and how that is written.
macro_rules! setters {
    (of $table:tt: $($(#[$doc:meta])* $name:ident($value:ident: $type:ty) = $key:literal, $written:expr;)*) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $name(mut self, $value: $type) -> Self {
                self.$table.set($key, $written);
                self
            }
        )*
    };
    ($(#[$doc:meta] $($rest:tt)*)?) => {
        setters! { of 0: $(#[$doc] $($rest)*)? }
    };
}
pub(super) use setters;

/// A service: takes orders, writes a row for each into its database, and sends messages.
#[derive(Clone, Debug)]
pub struct Service(pub(super) Table);

impl Service {
    /// A service of that name that publishes in that way.
    pub fn new(name: &str, publishing: Publishing) -> Service {
        Service(Table::of([("name", text(name)), ("publish", value::word(file::PUBLISHING, &publishing))]))
    }

    /// Every unit of work sends this message, after those that were named before; at least one is needed.
    #[must_use]
    pub fn sends(mut self, message: Message) -> Service {
        self.0.push("messages", &message.0.inline(), ['[', ']']);
        self
    }

    /// How it tries again to send what the broker did not take (not at all).
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Service {
        self.0.set("retry", retry.0.inline());
        self
    }

    setters! {
        /// What one unit of work is called, singular (`order`).
        noun(noun: &str) = "noun", text(noun);
        /// Words for the rows, used in turn (none).
        items(items: &[&str]) = "items", value::texts(items);
        /// How many units of work arrive, 1 to 1 000 000 (5).
        orders(count: u32) = "orders", count.to_string();
        /// When the first arrives (200 ms).
        first(at: Duration) = "first", value::span(at);
        /// The gap to the next (900 to 1100 ms).
        every(gap: impl Into<Spread>) = "every", value::spread(gap.into());
        /// How many different ordering keys the units have, in turn (1).
        keys(count: u32) = "keys", count.to_string();
        /// How many units it works on at once, 1 to 50 (1).
        at_once(count: u32) = "at-once", count.to_string();
        /// When it serializes (each message as it is sent).
        serialize(when: Serialization) = "serialize", value::word(file::SERIALIZATION, &when);
        /// Whether each unit of work is a request of somebody who waits for the answer (no).
        answers(yes: bool) = "answers", yes.to_string();
        /// How long one statement of its database takes (100 to 150 ms).
        step(time: impl Into<Spread>) = "step", value::spread(time.into());
        /// How long it waits for the broker's confirmation; none: it does not wait (2 s).
        confirm(wait: Option<Duration>) = "confirm", value::span_or(wait, "none");
        /// What it does with what it could not send (the unit of work fails).
        on_failure(does: OnSendFailure) = "on-failure", value::word(file::ON_SEND_FAILURE, &does);
        /// Whether each attempt at sending a message gives it a new id (no: it keeps the first).
        new_ids(yes: bool) = "ids", value::word(file::IDS, &yes);
        /// How long after a crash it is up again; none: never (1.5 s).
        restart(after: Option<Duration>) = "restart", value::span_or(after, "never");
        /// How long its packets travel (as the scenario says).
        latency(time: impl Into<Spread>) = "latency", value::spread(time.into());
    }
}

/// A message that every unit of work sends.
#[derive(Clone, Debug)]
pub struct Message(pub(super) Table);

impl Message {
    /// A message of that name (`order placed`) to the queue, topic or exchange of that name, or, of a service that
    /// calls, to the consumer that it calls.
    pub fn new(name: &str, to: &str) -> Message {
        Message(Table::of([("name", text(name)), ("to", text(to))]))
    }

    /// An attribute (SNS) or header (RabbitMQ) with its values, which the units of work take in turn (none).
    #[must_use]
    pub fn attribute(mut self, name: &str, values: &[&str]) -> Message {
        let entry = format!("{} = {}", text(name), value::texts(values));
        self.0.push("attributes", &entry, ['{', '}']);
        self
    }

    setters! {
        /// Whether it goes through the outbox even where the service sends its others directly (no).
        outbox(yes: bool) = "outbox", yes.to_string();
        /// How long it stays hidden in a polled queue (as the queue says).
        delay(time: Duration) = "delay", value::span(time);
        /// How long it may wait in a queue that pushes (as the queue says).
        ttl(time: Duration) = "ttl", value::span(time);
        /// Its routing keys, which the units of work take in turn (the empty one).
        key(keys: &[&str]) = "key", value::texts(keys);
        /// Whether its publisher is told if no queue gets it (no).
        mandatory(yes: bool) = "mandatory", yes.to_string();
    }
}

/// How a service tries again.
#[derive(Clone, Debug)]
pub struct Retry(pub(super) Table);

impl Retry {
    /// So many attempts in all, 1 to 1000.
    pub fn new(attempts: u32) -> Retry {
        Retry(Table::of([("attempts", attempts.to_string())]))
    }

    setters! {
        /// How the wait grows (exponentially).
        wait(wait: Wait) = "wait", value::word(file::WAIT, &wait);
        /// The first wait (500 ms).
        base(time: Duration) = "base", value::span(time);
        /// How many times as long each wait is as the one before, where it grows exponentially (2).
        factor(times: u32) = "factor", times.to_string();
        /// The longest wait (20 s).
        cap(time: Duration) = "cap", value::span(time);
        /// How chance spreads it (not at all).
        jitter(jitter: Jitter) = "jitter", value::word(file::JITTER, &jitter);
    }
}

/// An outbox relay: reads rows of a service's outbox, publishes them and marks them.
#[derive(Clone, Debug)]
pub struct Relay(pub(super) Table);

impl Relay {
    /// A relay of that name that reads the outbox of that service.
    pub fn new(name: &str, service: &str) -> Relay {
        Relay(Table::of([("name", text(name)), ("reads", text(service))]))
    }

    /// How it finds what is to be sent (rows that are not marked as sent).
    #[must_use]
    pub fn finds(mut self, reading: Reading) -> Relay {
        self.0.set("finds", value::reading(reading));
        if let Reading::GapWait(wait) = reading {
            self.0.set("gap-wait", text(&wait.to_string()));
        }
        self
    }

    setters! {
        /// What it does about other relays at the same outbox (nothing).
        lock(locking: Locking) = "lock", value::word(file::LOCKING, &locking);
        /// From the end of one round to the next poll (500 ms).
        every(time: Duration) = "every", value::span(time);
        /// The most rows a poll reads, 1 to 10 000 (10).
        batch(rows: u32) = "batch", rows.to_string();
        /// When it marks (each row when it is confirmed).
        mark(marking: Marking) = "mark", value::word(file::MARKING, &marking);
        /// What it does when a row cannot be published (it gives the round up).
        on_failure(does: OnFailure) = "on-failure", value::word(file::ON_FAILURE, &does);
        /// What becomes of rows that are sent (they stay).
        sent_rows(rows: SentRows) = "sent-rows", value::sent_rows(rows);
        /// How long one statement takes (100 to 150 ms).
        step(time: impl Into<Spread>) = "step", value::spread(time.into());
        /// How long it waits for the broker's confirmation (2 s).
        confirm(wait: Duration) = "confirm", value::span(wait);
        /// How long after a crash it is up again; none: never (1.5 s).
        restart(after: Option<Duration>) = "restart", value::span_or(after, "never");
        /// How long its packets travel (as the scenario says).
        latency(time: impl Into<Spread>) = "latency", value::spread(time.into());
    }
}

/// A topic (SNS): copies to every subscribed queue.
#[derive(Clone, Debug)]
pub struct Topic(pub(super) Table);

impl Topic {
    /// A topic of that name that copies everything to these queues; more of them by [`Subscription`].
    pub fn new(name: &str, queues: &[&str]) -> Topic {
        Topic(Table::of([("name", text(name)), ("queues", value::texts(queues))]))
    }
}

/// A subscription with terms.
#[derive(Clone, Debug)]
pub struct Subscription(pub(super) Table);

impl Subscription {
    /// The subscription of that queue to that topic.
    pub fn new(topic: &str, queue: &str) -> Subscription {
        Subscription(Table::of([("topic", text(topic)), ("queue", text(queue))]))
    }

    /// It wants only messages whose attribute fits one of the conditions; with several filters all must (everything).
    #[must_use]
    pub fn filter(mut self, attribute: &str, conditions: &[Condition]) -> Subscription {
        let conditions: Vec<String> = conditions.iter().map(condition).collect();
        let entry = format!("{} = [{}]", text(attribute), conditions.join(", "));
        self.0.push("filter", &entry, ['{', '}']);
        self
    }

    setters! {
        /// When it is made (from the start).
        from(at: Duration) = "from", value::span(at);
        /// Whether messages come in the topic's envelope (no).
        wrapped(yes: bool) = "wrapped", yes.to_string();
        /// The queue that takes what cannot be delivered (none).
        dead_letter_queue(queue: &str) = "dead-letter-queue", text(queue);
    }
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Is(value) => text(value),
        Condition::AnythingBut(values) => format!("{{ anything-but = {} }}", value::texts(values)),
        Condition::Prefix(value) => format!("{{ prefix = {} }}", text(value)),
        Condition::Suffix(value) => format!("{{ suffix = {} }}", text(value)),
        Condition::IgnoreCase(value) => format!("{{ equals-ignore-case = {} }}", text(value)),
        Condition::Numeric(limits) => {
            let limit = |(compare, limit): &(_, i64)| {
                let compare: &crate::broker::routing::Compare = compare;
                format!("{}, {limit}", text(compare.sign()))
            };
            format!("{{ numeric = [{}] }}", limits.iter().map(limit).collect::<Vec<_>>().join(", "))
        }
        Condition::Exists(yes) => format!("{{ exists = {yes} }}"),
    }
}

/// An exchange (RabbitMQ): routes to queues by their bindings.
#[derive(Clone, Debug)]
pub struct Exchange(pub(super) Table);

impl Exchange {
    /// An exchange of that name and kind.
    pub fn new(name: &str, kind: TopicKind) -> Exchange {
        Exchange(Table::of([("name", text(name)), ("kind", value::word(routes::KINDS, &kind))]))
    }
}

/// A binding of a queue to an exchange.
#[derive(Clone, Debug)]
pub struct Binding(pub(super) Table);

impl Binding {
    /// The binding of that queue to that exchange.
    pub fn new(exchange: &str, queue: &str) -> Binding {
        Binding(Table::of([("exchange", text(exchange)), ("queue", text(queue))]))
    }

    /// It asks for this header (none).
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Binding {
        self.0.push("headers", &format!("{} = {}", text(name), text(value)), ['{', '}']);
        self
    }

    setters! {
        /// The routing key (direct) or its pattern (topic).
        key(key: &str) = "key", text(key);
        /// Whether all headers must be there; else any of them is enough (all).
        all(all: bool) = "match", value::word(routes::MATCH, &all);
    }
}

/// A queue: each message to one consumer at a time.
#[derive(Clone, Debug)]
pub struct Queue(pub(super) Table);

impl Queue {
    /// A queue of that name that pushes (RabbitMQ).
    pub fn new(name: &str) -> Queue {
        Queue(Table::of([("name", text(name))]))
    }

    /// A queue of that name that is polled (Amazon SQS).
    pub fn polled(name: &str) -> Queue {
        let mut queue = Queue::new(name);
        queue.0.set("model", value::word(file::MODEL, &true));
        queue
    }

    setters! {
        /// Whether its messages survive the broker going down (yes).
        durable(yes: bool) = "durable", yes.to_string();
        /// Whether it parks what is rejected for good (no: it is dropped).
        dead_letters(yes: bool) = "dead-letters", yes.to_string();
        /// How long a message may wait (for ever).
        ttl(time: Duration) = "ttl", value::span(time);
        /// The most messages that wait, 1 to 1 000 000 (any number).
        max_length(messages: u32) = "max-length", messages.to_string();
        /// What a full one does (it drops the oldest).
        overflow(does: Overflow) = "overflow", value::word(routes::OVERFLOW, &does);
        /// How often a message may come back, 0 to 10 000 (any number of times).
        delivery_limit(times: u32) = "delivery-limit", times.to_string();
        /// The exchange that takes its dead letters (none).
        dead_letter_exchange(exchange: &str) = "dead-letter-exchange", text(exchange);
        /// The routing key that dead letters get (their own).
        dead_letter_key(key: &str) = "dead-letter-key", text(key);
        /// Polled: how long a received message is hidden, up to 12 h (30 s).
        visibility(time: Duration) = "visibility", value::span(time);
        /// Polled: how long a new message is hidden, up to 15 min (not at all).
        delay(time: Duration) = "delay", value::span(time);
        /// Polled: how long a poll waits for a message, up to 20 s (not at all).
        wait(time: Duration) = "wait", value::span(time);
        /// Polled: after how many receives a message goes to the dead-letter queue (10).
        max_receives(times: u32) = "max-receives", times.to_string();
        /// Polled: the dead-letter queue, itself polled (none).
        dead_letter(queue: &str) = "dead-letter", text(queue);
        /// Polled: in which order it hands out (that of arrival).
        order(order: QueueOrder) = "order", value::word(file::QUEUE_ORDER, &order);
    }
}

/// A consumer: takes messages from one queue and applies an effect for each.
#[derive(Clone, Debug)]
pub struct Consumer(pub(super) Table);

impl Consumer {
    /// A consumer of that name that takes from that queue.
    pub fn new(name: &str, queue: &str) -> Consumer {
        let mut consumer = Consumer::called(name);
        consumer.0.set("queue", text(queue));
        consumer
    }

    /// A consumer of that name that takes from no queue: services call it ([`Publishing::Call`]).
    pub fn called(name: &str) -> Consumer {
        Consumer(Table::of([("name", text(name))]))
    }

    setters! {
        /// What it does, past tense, with `{}` for the order (`handled {}`).
        did(did: &str) = "did", text(did);
        /// What its effects are called, plural (`effects`).
        effects(effects: &str) = "effects", text(effects);
        /// How many workers compete, 1 to 50 (1).
        workers(count: u32) = "workers", count.to_string();
        /// The most unacknowledged deliveries a worker holds; 0: any number (1).
        prefetch(deliveries: u32) = "prefetch", deliveries.to_string();
        /// How long the handler works (300 to 400 ms).
        handler(time: impl Into<Spread>) = "handler", value::spread(time.into());
        /// How long one statement of its database takes (100 to 150 ms).
        step(time: impl Into<Spread>) = "step", value::spread(time.into());
        /// When it acknowledges (after the effect).
        ack(when: AckTime) = "ack", value::word(file::ACK, &when);
        /// What it keeps of messages in an inbox (nothing).
        inbox(keeps: Inbox) = "inbox", value::inbox(keeps);
        /// How long ids are remembered; none: for ever (for ever).
        inbox_window(time: Option<Duration>) = "inbox-window", value::span_or(time, "for-ever");
        /// By what the inbox knows a repeat (the id of the message).
        inbox_key(key: InboxKey) = "inbox-key", value::word(file::INBOX_KEYS, &key);
        /// Whether it expects messages in a topic's envelope (no).
        unwraps(yes: bool) = "unwraps", yes.to_string();
        /// What it does on a handler's error (back to the queue; of a polled queue: nothing).
        on_error(does: OnError) = "on-error", value::word(file::ON_ERROR, &does);
        /// How long after a crash a worker is up again; none: never (1.5 s).
        restart(after: Option<Duration>) = "restart", value::span_or(after, "never");
        /// How long packets to and from it travel (as the scenario says).
        latency(time: impl Into<Spread>) = "latency", value::spread(time.into());
        /// Of a polled queue: the most messages it takes at once, 1 to 10 (1).
        receive(messages: u32) = "receive", messages.to_string();
        /// Of a polled queue: from when it is done to the next poll (400 ms).
        pause(time: Duration) = "pause", value::span(time);
        /// Of a polled queue: how often it asks for more time while it works (never).
        heartbeat(every: Duration) = "heartbeat", value::span(every);
    }
}
