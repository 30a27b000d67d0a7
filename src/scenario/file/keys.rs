//! Which keys has each table? For the errors, and for the test that keeps `docs/scenarios.md` in step.

/// Of the file itself.
pub const FILE: &[&str] = &[
    "title",
    "group",
    "shows",
    "counterpart",
    "part",
    "measure",
    "seed",
    "until",
    "latency",
    "faults",
    "operator",
    "promises",
    "broker",
    "service",
    "relay",
    "topic",
    "subscription",
    "exchange",
    "binding",
    "queue",
    "consumer",
];
/// Of `[promises]`.
pub const PROMISES: &[&str] = &["keeps", "breaks", "reaches", "answers-within", "done-within"];
/// Of `[broker]`.
pub const BROKER: &[&str] = &["name"];
/// Of `[[service]]`.
pub const SERVICE: &[&str] = &[
    "name",
    "noun",
    "items",
    "orders",
    "first",
    "every",
    "keys",
    "at-once",
    "publish",
    "serialize",
    "messages",
    "answers",
    "step",
    "confirm",
    "retry",
    "on-failure",
    "ids",
    "restart",
    "latency",
];
/// Of each of a service's `messages`.
pub const MESSAGE: &[&str] = &["name", "to", "outbox", "delay", "ttl", "key", "attributes", "mandatory"];
/// Of a service's `retry`.
pub const RETRY: &[&str] = &["attempts", "wait", "base", "factor", "cap", "jitter"];
/// Of `[[relay]]`.
pub const RELAY: &[&str] = &[
    "name",
    "reads",
    "finds",
    "gap-wait",
    "lock",
    "every",
    "batch",
    "mark",
    "on-failure",
    "sent-rows",
    "step",
    "confirm",
    "restart",
    "latency",
];
pub use super::super::routes::keys::{BINDING, EXCHANGE, SUBSCRIPTION, TOPIC};
/// Of `[[queue]]`.
pub const QUEUE: &[&str] = &[
    "name",
    "durable",
    "dead-letters",
    "ttl",
    "max-length",
    "overflow",
    "delivery-limit",
    "dead-letter-exchange",
    "dead-letter-key",
    "model",
    "visibility",
    "delay",
    "wait",
    "max-receives",
    "dead-letter",
    "order",
];
/// Of `[[consumer]]`.
pub const CONSUMER: &[&str] = &[
    "name",
    "did",
    "effects",
    "queue",
    "workers",
    "prefetch",
    "handler",
    "step",
    "ack",
    "inbox",
    "inbox-window",
    "inbox-key",
    "unwraps",
    "on-error",
    "restart",
    "latency",
    "receive",
    "pause",
    "heartbeat",
];
/// Every table with its keys.
pub const ALL: [(&str, &[&str]); 13] = [
    ("file", FILE),
    ("promises", PROMISES),
    ("broker", BROKER),
    ("service", SERVICE),
    ("message", MESSAGE),
    ("retry", RETRY),
    ("relay", RELAY),
    ("topic", TOPIC),
    ("subscription", SUBSCRIPTION),
    ("exchange", EXCHANGE),
    ("binding", BINDING),
    ("queue", QUEUE),
    ("consumer", CONSUMER),
];
