//! Random ways from publishers to queues, and what queues put up with.

use super::worlds::span;
use brokerlab::broker::routing::{
    Compare, Condition, DeadLetter, Limits, Overflow, Routing, Subscription, Terms, TopicKind,
};
use brokerlab::broker::setup::Topic;
use brokerlab::sim::time::Instant;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn text(text: &str) -> String {
    text.to_owned()
}

/// What messages show, of so few words that much of it fits.
pub fn routing() -> impl Strategy<Value = Routing> {
    let key = vec(select(vec![text("a"), text("a.b"), text("b"), text("")]), 0..3);
    let value = select(vec![text("a"), text("b"), text("7")]);
    let attributes = vec((select(vec![text("x"), text("y")]), vec(value, 1..3)), 0..3);
    (key, attributes, prop::bool::weighted(0.2)).prop_map(|(key, attributes, mandatory)| Routing {
        key,
        attributes,
        mandatory,
    })
}

fn filter() -> impl Strategy<Value = Terms> {
    let condition = prop_oneof![
        3 => select(vec!["a", "b"]).prop_map(|value| Condition::Is(text(value))),
        1 => Just(Condition::AnythingBut(vec![text("a")])),
        1 => Just(Condition::Numeric(vec![(Compare::AtLeast, 5)])),
        1 => any::<bool>().prop_map(Condition::Exists),
    ];
    let key = (select(vec![text("x"), text("y")]), vec(condition, 1..3));
    vec(key, 1..3).prop_map(Terms::Filter)
}

fn terms(kind: TopicKind) -> BoxedStrategy<Terms> {
    let pair = || (select(vec![text("x"), text("y")]), select(vec![text("a"), text("b")]));
    match kind {
        TopicKind::Topic => prop_oneof![1 => Just(Terms::Any), 2 => filter()].boxed(),
        TopicKind::Direct => select(vec!["a", "b", ""]).prop_map(|key| Terms::Key(text(key))).boxed(),
        TopicKind::Pattern => {
            select(vec!["a.*", "a.#", "#", "*"]).prop_map(|key| Terms::Pattern(text(key))).boxed()
        }
        TopicKind::Headers => {
            (any::<bool>(), vec(pair(), 1..3)).prop_map(|(all, wanted)| Terms::Headers(all, wanted)).boxed()
        }
        TopicKind::Fanout => Just(Terms::Any).boxed(),
    }
}

fn subscription(kind: TopicKind, queue: u8) -> impl Strategy<Value = Subscription> {
    let late = option::weighted(0.3, 1..300u64);
    (terms(kind), late, prop::bool::weighted(0.2), option::weighted(0.7, Just(super::recount::DEAD)))
        .prop_map(move |(terms, late, wrapped, dead_letters)| match kind {
            TopicKind::Topic => {
                let from = late.map(|ms| Instant(ms * 1_000));
                Subscription { queue, terms, from, wrapped, dead_letters }
            }
            _ => Subscription { terms, ..Subscription::of(queue) },
        })
}

/// A topic or exchange before the queues 0 and 1.
pub fn topic() -> impl Strategy<Value = Topic> {
    let plain = select(vec![vec![], vec![0], vec![1], vec![0, 1], vec![1, 0]]);
    let kind = select(vec![
        TopicKind::Topic,
        TopicKind::Topic,
        TopicKind::Direct,
        TopicKind::Pattern,
        TopicKind::Headers,
    ]);
    let asking = kind.prop_flat_map(|kind| {
        // A queue is subscribed once, and bound as often as it likes.
        let most: usize = if kind == TopicKind::Topic { 2 } else { 3 };
        let of = |queue| subscription(kind, queue);
        (of(0), of(1), of(0), 0..=most).prop_map(move |(a, b, c, count)| {
            let mut subscriptions = vec![a, b, c];
            subscriptions.truncate(count);
            Topic { kind, subscriptions, ..Topic::to("topic", Vec::new()) }
        })
    });
    let fanout =
        plain.clone().prop_map(|queues| Topic { kind: TopicKind::Fanout, ..Topic::to("topic", queues) });
    prop_oneof![3 => plain.prop_map(|queues| Topic::to("topic", queues)), 5 => asking, 1 => fanout]
}

/// The exchange that brings dead letters to that queue.
pub fn dead_letters(queue: u8) -> Topic {
    Topic { kind: TopicKind::Fanout, ..Topic::to("failures", vec![queue]) }
}

/// Now and then a queue does not put up with everything.
pub fn limits() -> impl Strategy<Value = Limits> {
    let overflow = select(vec![Overflow::DropHead, Overflow::RejectPublish]);
    let ttl = option::weighted(0.2, span());
    (ttl, option::weighted(0.3, 1..3u32), overflow, option::weighted(0.2, 0..3u16), prop::bool::weighted(0.2))
        .prop_map(|(ttl, length, overflow, returns, exchange)| Limits {
            ttl,
            length,
            overflow,
            returns,
            dead_letter: exchange.then_some(DeadLetter { exchange: 1, key: None }),
        })
}
