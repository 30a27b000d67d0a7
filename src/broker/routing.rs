//! Which queues get a copy of a message? What a message shows (routing key, attributes), and what a subscription
//! or a binding asks of it. Pure: broker and judge ask the same questions of the same setup.

use crate::sim::time::{Instant, Span};
use serde::{Deserialize, Serialize};

/// What a message shows to topics and exchanges. Where a list has several values, the units of work of a service take
/// them in turn; `turn` is how many of them were before.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Routing {
    /// The routing key; none: it is empty.
    pub key: Vec<String>,
    /// Attributes (SNS) or headers (RabbitMQ): each name with its values.
    pub attributes: Vec<(String, Vec<String>)>,
    /// Whether the publisher is to be told if no queue gets it (R97).
    pub mandatory: bool,
}

fn in_turn(values: &[String], turn: u32) -> Option<&str> {
    values.get(turn as usize % values.len().max(1)).map(String::as_str)
}

impl Routing {
    /// The routing key of the message of that unit of work.
    pub fn key(&self, turn: u32) -> &str {
        in_turn(&self.key, turn).unwrap_or_default()
    }

    /// The value of an attribute, if the message has it.
    pub fn attribute(&self, name: &str, turn: u32) -> Option<&str> {
        let (_, values) = self.attributes.iter().find(|(known, _)| known == name)?;
        in_turn(values, turn)
    }
}

/// What stands between publishers and queues.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum TopicKind {
    /// A topic with subscriptions (SNS).
    Topic,
    /// An exchange that compares the whole routing key (R94).
    Direct,
    /// An exchange that compares the routing key with patterns (R94).
    Pattern,
    /// An exchange that copies to every queue bound to it (R94).
    Fanout,
    /// An exchange that compares headers (R95).
    Headers,
}

/// What a subscription or a binding asks of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Terms {
    /// Nothing.
    Any,
    /// A filter policy: every key must match, by any of its conditions (R79).
    Filter(Vec<(String, Vec<Condition>)>),
    /// That routing key exactly (R94).
    Key(String),
    /// A routing key that fits the pattern: words with dots between them, `*` for one word, `#` for any number (R94).
    Pattern(String),
    /// Those headers: all of them, or any (R95).
    Headers(bool, Vec<(String, String)>),
}

/// One condition of a filter policy, on the value of one attribute (R79,
/// <https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html>).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// That value.
    Is(String),
    /// It is there and none of those.
    AnythingBut(Vec<String>),
    /// It begins so.
    Prefix(String),
    /// It ends so.
    Suffix(String),
    /// That value, capitals or not (ASCII).
    IgnoreCase(String),
    /// A whole number that compares so with each of those.
    Numeric(Vec<(Compare, i64)>),
    /// Whether it is there at all.
    Exists(bool),
}

/// How two numbers compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Compare {
    /// `=`
    Equal,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
}

impl Compare {
    /// Its sign.
    pub const fn sign(self) -> &'static str {
        match self {
            Compare::Equal => "=",
            Compare::Above => ">",
            Compare::AtLeast => ">=",
            Compare::Below => "<",
            Compare::AtMost => "<=",
        }
    }

    /// Every way, in the order of this list.
    pub const ALL: [Compare; 5] =
        [Compare::Equal, Compare::Above, Compare::AtLeast, Compare::Below, Compare::AtMost];

    fn holds(self, value: i64, limit: i64) -> bool {
        match self {
            Compare::Equal => value == limit,
            Compare::Above => value > limit,
            Compare::AtLeast => value >= limit,
            Compare::Below => value < limit,
            Compare::AtMost => value <= limit,
        }
    }
}

impl Condition {
    fn holds(&self, value: Option<&str>) -> bool {
        let Some(value) = value else { return *self == Condition::Exists(false) };
        match self {
            Condition::Is(wanted) => value == wanted,
            Condition::AnythingBut(others) => others.iter().all(|other| value != other),
            Condition::Prefix(start) => value.starts_with(start.as_str()),
            Condition::Suffix(end) => value.ends_with(end.as_str()),
            Condition::IgnoreCase(wanted) => value.eq_ignore_ascii_case(wanted),
            Condition::Numeric(limits) => value
                .parse::<i64>()
                .is_ok_and(|value| limits.iter().all(|&(compare, limit)| compare.holds(value, limit))),
            Condition::Exists(there) => *there,
        }
    }
}

impl Terms {
    /// Whether the message of that unit of work, under that routing key, is wanted.
    pub fn want(&self, routing: &Routing, turn: u32, key: &str) -> bool {
        match self {
            Terms::Any => true,
            Terms::Filter(keys) => keys.iter().all(|(name, conditions)| {
                let value = routing.attribute(name, turn);
                conditions.iter().any(|condition| condition.holds(value))
            }),
            Terms::Key(wanted) => key == wanted,
            Terms::Pattern(pattern) => fits(pattern, key),
            Terms::Headers(all, wanted) => {
                let has = |(name, value): &(String, String)| {
                    routing.attribute(name, turn).is_some_and(|there| there == value)
                };
                if *all { wanted.iter().all(has) } else { wanted.iter().any(has) }
            }
        }
    }
}

/// Whether a routing key fits a pattern of a topic exchange (R94). An empty key has no words.
pub fn fits(pattern: &str, key: &str) -> bool {
    fn words(text: &str) -> Vec<&str> {
        if text.is_empty() { Vec::new() } else { text.split('.').collect() }
    }
    let (pattern, key) = (words(pattern), words(key));
    let (mut at, mut next) = (0, 0);
    // The last `#`, and how many words it has taken: it takes one more where the rest does not fit.
    let mut hash: Option<(usize, usize)> = None;
    while next < key.len() {
        match pattern.get(at) {
            Some(&"#") => {
                hash = Some((at, next));
                at += 1;
            }
            Some(&word) if word == "*" || word == key[next] => {
                at += 1;
                next += 1;
            }
            _ => {
                let Some((place, taken)) = hash else { return false };
                hash = Some((place, taken + 1));
                at = place + 1;
                next = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|&word| word == "#")
}

/// A subscription of a queue to a topic, or a binding of a queue to an exchange, that asks for something or is
/// anything but there from the start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subscription {
    /// Index of the queue.
    pub queue: u8,
    /// What it asks of a message.
    pub terms: Terms,
    /// When it is made; none: it is there from the start. What was published before does not come to it (R5).
    pub from: Option<Instant>,
    /// Whether the message comes in the topic's envelope, as with raw delivery off (R81).
    pub wrapped: bool,
    /// Index of the queue that keeps what could not be delivered; none: it is thrown away (R85).
    pub dead_letters: Option<u8>,
}

impl Subscription {
    /// From the start, everything, as it is.
    pub fn of(queue: u8) -> Subscription {
        Subscription { queue, terms: Terms::Any, from: None, wrapped: false, dead_letters: None }
    }
}

/// What a queue does when it is full (R114).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Overflow {
    /// The oldest goes, to the dead letters or away.
    #[default]
    DropHead,
    /// The newest is not taken, and its publisher is told.
    RejectPublish,
}

/// Where the dead letters of a queue go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// Index of the exchange among the topics.
    pub exchange: u8,
    /// Under which routing key; none: under the message's own.
    pub key: Option<String>,
}

/// What a queue puts up with (RabbitMQ). Nothing is limited by default.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Limits {
    /// How long a message may wait in it (R112).
    pub ttl: Option<Span>,
    /// How many messages may wait in it; what is out with consumers does not count (R114).
    pub length: Option<u32>,
    /// What happens to one more.
    pub overflow: Overflow,
    /// How often a message may come back to it: it is delivered once more than that (R115).
    pub returns: Option<u16>,
    /// The exchange that gets what is rejected, expires or is too much (R108); none: it is parked in the queue
    /// itself where that has dead letters, and dropped where not.
    pub dead_letter: Option<DeadLetter>,
}
