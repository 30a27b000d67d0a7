//! Which ways does a scenario file lay from publishers to queues? Topics with subscriptions, exchanges with
//! bindings, what a message shows them, and what a queue puts up with: read, looked up, checked.

use super::build::{MOST_PLACES, Names};
use super::nearest::unknown;
use super::problem::{At, Problems, quoted};
use super::read::{self, Section, kind};
use crate::broker::routing::{
    Compare, Condition, DeadLetter, Limits, Overflow, Routing, Subscription, Terms, TopicKind,
};
use crate::broker::setup::Topic;
use crate::sim::time::{Instant, Span};
use toml::de::{DeTable, DeValue};

/// The keys of the tables.
pub mod keys {
    /// Of `[[topic]]`.
    pub const TOPIC: &[&str] = &["name", "queues"];
    /// Of `[[subscription]]`.
    pub const SUBSCRIPTION: &[&str] = &["topic", "queue", "filter", "from", "wrapped", "dead-letter-queue"];
    /// Of `[[exchange]]`.
    pub const EXCHANGE: &[&str] = &["name", "kind"];
    /// Of `[[binding]]`.
    pub const BINDING: &[&str] = &["exchange", "queue", "key", "headers", "match"];
}

/// The words of an exchange's `kind`.
pub const KINDS: &[(&str, TopicKind)] = &[
    ("direct", TopicKind::Direct),
    ("topic", TopicKind::Pattern),
    ("fanout", TopicKind::Fanout),
    ("headers", TopicKind::Headers),
];
/// The words of `overflow`.
pub const OVERFLOW: &[(&str, Overflow)] =
    &[("drop-head", Overflow::DropHead), ("reject-publish", Overflow::RejectPublish)];
/// The words of a binding's `match`: whether all headers must be there.
pub const MATCH: &[(&str, bool)] = &[("all", true), ("any", false)];

/// The most keys of a filter policy, and the most combinations of its conditions (R79).
const MOST_KEYS: usize = 5;
const MOST_COMBINATIONS: usize = 150;
/// The most values, conditions or headers in one list.
const MOST_VALUES: usize = 200;

/// Everything between publishers and queues, as written.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    /// `[[topic]]`
    pub topics: Vec<TopicEntry>,
    /// `[[exchange]]`
    pub exchanges: Vec<(At<String>, Option<TopicKind>)>,
    subscriptions: Vec<SubscriptionEntry>,
    bindings: Vec<BindingEntry>,
}

/// A `[[topic]]`; the keys as in the file.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct TopicEntry {
    pub name: At<String>,
    pub queues: Vec<At<String>>,
}

#[derive(Clone, Debug)]
struct SubscriptionEntry {
    topic: At<String>,
    queue: At<String>,
    filter: Option<Vec<(String, Vec<Condition>)>>,
    from: Option<Span>,
    wrapped: bool,
    dead_letters: Option<At<String>>,
}

#[derive(Clone, Debug)]
struct BindingEntry {
    at: usize,
    exchange: At<String>,
    queue: At<String>,
    key: Option<At<String>>,
    headers: Option<At<Vec<(String, String)>>>,
    all: Option<At<bool>>,
}

impl Routes {
    /// Reads the tables of a file.
    pub fn read(file: &Section<'_, '_>, p: &mut Problems<'_>) -> Routes {
        let topics = file.tables("topic", "a topic", keys::TOPIC, p);
        let topic = |s: &Section<'_, '_>, p: &mut Problems<'_>| TopicEntry {
            name: s.name("name", p),
            queues: s.texts("queues", p),
        };
        let subscriptions = file.tables("subscription", "a subscription", keys::SUBSCRIPTION, p);
        let subscription = |s: &Section<'_, '_>, p: &mut Problems<'_>| SubscriptionEntry {
            topic: s.name("topic", p),
            queue: s.name("queue", p),
            filter: s.optional("filter", p, filter).map(|found| found.value),
            from: s.optional("from", p, read::span(Span::ZERO)).map(|found| found.value),
            wrapped: s.or("wrapped", false, p, read::flag),
            dead_letters: s.optional("dead-letter-queue", p, read::text),
        };
        let exchanges = file.tables("exchange", "an exchange", keys::EXCHANGE, p);
        let exchange = |s: &Section<'_, '_>, p: &mut Problems<'_>| {
            let kind = s.required("kind", p, read::one_of(KINDS));
            (s.name("name", p), kind.map(|found| found.value))
        };
        let bindings = file.tables("binding", "a binding", keys::BINDING, p);
        let binding = |s: &Section<'_, '_>, p: &mut Problems<'_>| BindingEntry {
            at: s.at().start,
            exchange: s.name("exchange", p),
            queue: s.name("queue", p),
            key: s.optional("key", p, read::text),
            headers: s.optional("headers", p, headers),
            all: s.optional("match", p, read::one_of(MATCH)),
        };
        Routes {
            topics: topics.iter().map(|s| topic(s, p)).collect(),
            subscriptions: subscriptions.iter().map(|s| subscription(s, p)).collect(),
            exchanges: exchanges.iter().map(|s| exchange(s, p)).collect(),
            bindings: bindings.iter().map(|s| binding(s, p)).collect(),
        }
    }

    /// The names of the topics, then of the exchanges.
    pub fn names(&self) -> impl Iterator<Item = &At<String>> {
        self.topics.iter().map(|topic| &topic.name).chain(self.exchanges.iter().map(|(name, _)| name))
    }

    /// How many subscriptions and bindings there are.
    pub fn links(&self) -> usize {
        let short: usize = self.topics.iter().map(|topic| topic.queues.len()).sum();
        short + self.subscriptions.len() + self.bindings.len()
    }

    /// The topics and exchanges, every name looked up.
    pub(super) fn build(&self, queues: &Names<'_>, p: &mut Problems<'_>) -> Vec<Topic> {
        let mut topics: Vec<Topic> = Vec::new();
        for entry in &self.topics {
            let mut topic = Topic::to(&entry.name.value, Vec::new());
            for name in &entry.queues {
                if let Some(queue) = queues.look_up(name, "queue", p) {
                    subscribe(&mut topic, name, Subscription::of(queue), p);
                }
            }
            topics.push(topic);
        }
        let names = Names::of(self.topics.iter().map(|topic| &topic.name));
        for entry in &self.subscriptions {
            let topic = names.look_up(&entry.topic, "topic", p);
            let queue = queues.look_up(&entry.queue, "queue", p);
            let kept = entry.dead_letters.as_ref().map(|name| queues.look_up(name, "queue", p));
            let itself = entry.dead_letters.as_ref().filter(|name| name.value == entry.queue.value);
            if let Some(name) = itself {
                let what = "is the queue itself; its dead letters need another";
                p.add(name.at.start, format!("{} {what}", quoted(&name.value)));
            }
            let (Some(topic), Some(queue)) = (topic, queue) else { continue };
            if kept == Some(None) || itself.is_some() {
                continue;
            }
            let subscription = Subscription {
                queue,
                terms: entry.filter.clone().map_or(Terms::Any, Terms::Filter),
                from: entry.from.map(|span| Instant(span.0)),
                wrapped: entry.wrapped,
                dead_letters: kept.flatten(),
            };
            subscribe(&mut topics[topic as usize], &entry.queue, subscription, p);
        }
        let first = topics.len();
        for (name, kind) in &self.exchanges {
            let kind = kind.unwrap_or(TopicKind::Fanout);
            topics.push(Topic { kind, ..Topic::to(&name.value, Vec::new()) });
        }
        let names = Names::of(self.exchanges.iter().map(|(name, _)| name));
        for entry in &self.bindings {
            let exchange = names.look_up(&entry.exchange, "exchange", p);
            let queue = queues.look_up(&entry.queue, "queue", p);
            let (Some(exchange), Some(queue)) = (exchange.map(usize::from), queue) else { continue };
            // What it may ask depends on a kind that is known.
            if self.exchanges[exchange].1.is_some() {
                bind(&mut topics[first + exchange], queue, entry, p);
            }
        }
        topics
    }
}

fn subscribe(topic: &mut Topic, name: &At<String>, subscription: Subscription, p: &mut Problems<'_>) {
    let queue = subscription.queue;
    if topic.all_queues().contains(&queue) {
        p.add(name.at.start, format!("{} is subscribed to this topic twice", quoted(&name.value)));
    } else if subscription == Subscription::of(queue) {
        topic.queues.push(queue);
    } else {
        topic.subscriptions.push(subscription);
    }
}

fn bind(exchange: &mut Topic, queue: u8, entry: &BindingEntry, p: &mut Problems<'_>) {
    let name = quoted(&exchange.name);
    let key = || entry.key.as_ref().map(|key| key.value.clone());
    let headers = || entry.headers.as_ref().map(|headers| headers.value.clone());
    let all = entry.all.as_ref().is_none_or(|all| all.value);
    let (word, terms) = match exchange.kind {
        TopicKind::Direct => ("key", key().map(Terms::Key)),
        TopicKind::Pattern => ("key", key().map(Terms::Pattern)),
        TopicKind::Headers => ("headers", headers().map(|headers| Terms::Headers(all, headers))),
        TopicKind::Topic | TopicKind::Fanout => ("nothing", Some(Terms::Any)),
    };
    let kind = KINDS.iter().find(|(_, kind)| *kind == exchange.kind).map_or("", |(word, _)| word);
    let Some(terms) = terms else {
        return p.add(entry.at, format!("{name} is a {kind} exchange; a binding to it needs `{word}`"));
    };
    let strange = [
        ("key", entry.key.as_ref().map(|key| key.at.start)),
        ("headers", entry.headers.as_ref().map(|headers| headers.at.start)),
        ("match", entry.all.as_ref().filter(|_| word != "headers").map(|all| all.at.start)),
    ];
    for (key, at) in strange.into_iter().filter(|(key, _)| *key != word) {
        if let Some(at) = at {
            p.add(at, format!("{name} is a {kind} exchange; it does not look at `{key}`"));
        }
    }
    let subscription = Subscription { terms, ..Subscription::of(queue) };
    let twice = exchange.queues.contains(&queue) || exchange.subscriptions.contains(&subscription);
    if twice {
        p.add(entry.queue.at.start, format!("{} is bound so already", quoted(&entry.queue.value)));
    } else if exchange.subscriptions.len() == MOST_PLACES {
        p.add(entry.at, format!("at most {MOST_PLACES} bindings fit on one exchange"));
    } else if subscription.terms == Terms::Any {
        exchange.queues.push(queue);
    } else {
        exchange.subscriptions.push(subscription);
    }
}

/// What a message shows.
pub fn routing(s: &Section<'_, '_>, p: &mut Problems<'_>) -> Routing {
    Routing {
        key: s.or("key", Vec::new(), p, values),
        attributes: s.or("attributes", Vec::new(), p, attributes),
        mandatory: s.or("mandatory", false, p, read::flag),
    }
}

/// A queue's limits as written; the dead-letter exchange by its name.
#[derive(Clone, Debug, Default)]
pub struct LimitsEntry {
    limits: Limits,
    overflow: Option<At<Overflow>>,
    exchange: Option<At<String>>,
    key: Option<At<String>>,
}

impl LimitsEntry {
    /// Reads the keys of a `[[queue]]`.
    pub fn read(s: &Section<'_, '_>, p: &mut Problems<'_>) -> LimitsEntry {
        let length = s.optional("max-length", p, read::whole(1..=1_000_000));
        let returns = s.optional("delivery-limit", p, read::whole(0..=10_000));
        let overflow = s.optional("overflow", p, read::one_of(OVERFLOW));
        LimitsEntry {
            limits: Limits {
                ttl: s.optional("ttl", p, read::span(Span::from_millis(1))).map(|found| found.value),
                length: length.map(|found| found.value as u32),
                overflow: overflow.as_ref().map_or(Overflow::DropHead, |found| found.value),
                returns: returns.map(|found| found.value as u16),
                dead_letter: None,
            },
            overflow,
            exchange: s.optional("dead-letter-exchange", p, read::text),
            key: s.optional("dead-letter-key", p, read::text),
        }
    }

    /// The limits, the exchange looked up among the topics and exchanges.
    pub(super) fn build(&self, routes: &Routes, p: &mut Problems<'_>) -> Limits {
        if let Some(key) = self.key.as_ref().filter(|_| self.exchange.is_none()) {
            p.add(key.at.start, "`dead-letter-key` needs a `dead-letter-exchange` beside it");
        }
        if let Some(overflow) = self.overflow.as_ref().filter(|_| self.limits.length.is_none()) {
            p.add(
                overflow.at.start,
                "`overflow` needs a `max-length` beside it: without it, a queue is never full",
            );
        }
        let names = Names::of(routes.exchanges.iter().map(|(name, _)| name));
        let dead_letter = self.exchange.as_ref().map(|name| DeadLetter {
            exchange: routes.topics.len() as u8 + names.find(name, "exchange", p),
            key: self.key.as_ref().map(|key| key.value.clone()),
        });
        Limits { dead_letter, ..self.limits.clone() }
    }

    /// Whether there is an exchange for its dead letters.
    pub(super) fn has_exchange(&self) -> bool {
        self.exchange.is_some()
    }

    /// Whether anything is limited.
    pub(super) fn is_there(&self) -> bool {
        self.limits != Limits::default() || self.exchange.is_some() || self.overflow.is_some()
    }
}

/// A text or a whole number, as text.
fn one(value: &DeValue<'_>) -> Result<String, String> {
    if let Some(number) = value.as_integer() {
        let number = i64::from_str_radix(number.as_str(), number.radix());
        return number.map(|number| number.to_string()).map_err(|_| "is too large a number".to_owned());
    }
    match value.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(format!("must be a text or a whole number, not {}", kind(value))),
    }
}

/// One such value, or a list of them.
fn values(value: &DeValue<'_>) -> Result<Vec<String>, String> {
    let Some(list) = value.as_array() else { return one(value).map(|value| vec![value]) };
    if list.is_empty() || list.len() > MOST_VALUES {
        return Err(format!("must be a value or a list of 1 to {MOST_VALUES}"));
    }
    list.iter().map(|item| one(item.get_ref())).collect()
}

fn table<'v, 'i>(value: &'v DeValue<'i>, like: &str) -> Result<&'v DeTable<'i>, String> {
    let table =
        value.as_table().ok_or_else(|| format!("must be a table like {like}, not {}", kind(value)))?;
    if table.is_empty() || table.len() > MOST_VALUES {
        return Err(format!("must have 1 to {MOST_VALUES} entries, like {like}"));
    }
    Ok(table)
}

fn attributes(value: &DeValue<'_>) -> Result<Vec<(String, Vec<String>)>, String> {
    let table = table(value, "{ policy = [\"car\", \"house\"] }")?;
    let entry = |(name, value): (&toml::Spanned<std::borrow::Cow<'_, str>>, &toml::Spanned<DeValue<'_>>)| {
        let name = name.get_ref().to_string();
        let values = values(value.get_ref()).map_err(|what| format!("is wrong: `{name}` {what}"))?;
        Ok((name, values))
    };
    table.iter().map(entry).collect()
}

fn headers(value: &DeValue<'_>) -> Result<Vec<(String, String)>, String> {
    let table = table(value, "{ kind = \"pdf\" }")?;
    let entry = |(name, value): (&toml::Spanned<std::borrow::Cow<'_, str>>, &toml::Spanned<DeValue<'_>>)| {
        let name = name.get_ref().to_string();
        let value = one(value.get_ref()).map_err(|what| format!("is wrong: `{name}` {what}"))?;
        Ok((name, value))
    };
    table.iter().map(entry).collect()
}

/// A filter policy: for each key the conditions of which one must hold.
fn filter(value: &DeValue<'_>) -> Result<Vec<(String, Vec<Condition>)>, String> {
    let table = table(value, "{ policy = [\"car\", { prefix = \"h\" }] }")?;
    let mut keys = Vec::new();
    let mut combinations = 1_usize;
    for (name, value) in table.iter() {
        let name = name.get_ref().to_string();
        let wrong = |what: String| format!("is wrong: `{name}` {what}");
        let conditions = match value.get_ref().as_array() {
            Some(list) if list.is_empty() => return Err(wrong("has no condition".to_owned())),
            Some(list) => list.iter().map(|item| condition(item.get_ref())).collect::<Result<Vec<_>, _>>(),
            None => condition(value.get_ref()).map(|condition| vec![condition]),
        };
        let conditions = conditions.map_err(wrong)?;
        combinations = combinations.saturating_mul(conditions.len());
        keys.push((name, conditions));
    }
    if keys.len() > MOST_KEYS || combinations > MOST_COMBINATIONS {
        return Err(format!(
            "is too large: at most {MOST_KEYS} keys and {MOST_COMBINATIONS} combinations of their conditions"
        ));
    }
    Ok(keys)
}

const CONDITIONS: [&str; 6] = ["anything-but", "prefix", "suffix", "equals-ignore-case", "numeric", "exists"];

fn condition(value: &DeValue<'_>) -> Result<Condition, String> {
    let Some(table) = value.as_table() else { return one(value).map(Condition::Is) };
    let mut entries = table.iter();
    let (Some((name, value)), None) = (entries.next(), entries.next()) else {
        return Err("has a condition that is not one key with its value, like { prefix = \"h\" }".to_owned());
    };
    let (name, value): (&str, _) = (name.get_ref(), value.get_ref());
    let wrong = |what: String| format!("has a wrong condition: `{name}` {what}");
    let text = || read::text(value).map_err(wrong);
    match name {
        "anything-but" => values(value).map_err(wrong).map(Condition::AnythingBut),
        "prefix" => text().map(Condition::Prefix),
        "suffix" => text().map(Condition::Suffix),
        "equals-ignore-case" => text().map(Condition::IgnoreCase),
        "exists" => read::flag(value).map_err(wrong).map(Condition::Exists),
        "numeric" => numeric(value).map_err(wrong).map(Condition::Numeric),
        _ => Err(format!("has an {}", unknown("condition", name, "conditions", &CONDITIONS))),
    }
}

fn numeric(value: &DeValue<'_>) -> Result<Vec<(Compare, i64)>, String> {
    let wrong = || "must be a list like [\">=\", 100, \"<\", 200], with whole numbers".to_owned();
    let list = value.as_array().ok_or_else(wrong)?;
    let parts: Vec<&DeValue<'_>> = list.iter().map(|item| item.get_ref()).collect();
    let (pairs, rest) = parts.as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() {
        return Err(wrong());
    }
    let pair = |[sign, number]: &[&DeValue<'_>; 2]| {
        let compare = Compare::ALL.into_iter().find(|compare| Some(compare.sign()) == sign.as_str())?;
        let number = number.as_integer()?;
        Some((compare, i64::from_str_radix(number.as_str(), number.radix()).ok()?))
    };
    pairs.iter().map(pair).collect::<Option<Vec<_>>>().ok_or_else(wrong)
}
