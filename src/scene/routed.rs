//! What do topics, exchanges and limits do, in words? Their sentences, and what a subscription asks for.

use super::causes::causes;
use super::names;
use super::sentence::{Told, with};
use super::story::Tone;
use crate::broker::record::{Kind, Record};
use crate::broker::routing::{Condition, Terms, TopicKind};
use crate::broker::setup::{Target, Topic};
use crate::broker::world::World;

/// The sentence, the reason, the tone of a record about routing.
#[inline(never)]
pub(super) fn of_record(world: &World, record: &Record) -> Told {
    use Kind::*;
    let setup = world.setup();
    let message = || names::message(world, record.subject);
    let queue = names::queue(setup, record.other);
    let topic = setup.topics.get(record.subject as usize);
    let of = topic.map_or("the topic", |topic| &topic.name);
    let exchange = topic.is_some_and(|topic| topic.kind != TopicKind::Topic);
    match record.kind {
        Subscribed => with(
            format!("Queue {queue} is subscribed to {of} now."),
            "It gets a copy of what comes from now on. What was published before is not kept anywhere for it.",
            Tone::Good,
        ),
        SubscriptionDown if exchange => with(
            format!("The binding from {of} to queue {queue} is gone."),
            "What it would have matched goes past that queue.",
            Tone::Trouble,
        ),
        SubscriptionDown => with(
            format!("Queue {queue} cannot be reached from {of} any more."),
            "Deleted, or no longer allowed: the topic does not try such a queue again. The other subscribers do not notice.",
            Tone::Trouble,
        ),
        SubscriptionUp => (format!("Queue {queue} can be reached from {of} again."), None, Tone::Plain),
        Filtered => (
            format!("The subscription of queue {queue} does not want {}.", message()),
            Some(wanted(world, record)),
            Tone::Plain,
        ),
        Undeliverable => with(
            format!("The copy of {} for queue {queue} cannot be delivered: it is gone.", message()),
            "The publisher was told that all is well, for the topic has the message. This subscription has no dead letters to keep it in.",
            Tone::Trouble,
        ),
        Diverted => with(
            format!("The copy of {} for queue {queue} cannot be delivered: it is set aside.", message()),
            "The subscription has a dead-letter queue. Nothing is lost, and an operator can move it on later.",
            Tone::Trouble,
        ),
        Returned => with(
            format!("{} comes back to {}.", message(), names::party(world, record.actor)),
            "No queue got it. The publisher had asked to be told, so it knows; otherwise nobody would.",
            Tone::Trouble,
        ),
        Spoiled => with(
            format!("Something is wrong with {}.", message()),
            "Whoever handles it will fail, every time: trying again does not help.",
            Tone::Trouble,
        ),
        Expired => with(
            format!("{} has waited too long in queue {queue}.", message()),
            "Messages of this queue have a time to live. What is too old is never delivered.",
            Tone::Trouble,
        ),
        Overflowed => with(
            format!("Queue {queue} holds too much: its oldest, {}, has to go.", message()),
            "It has a maximum length, and makes room for the newest. The publisher hears nothing of it.",
            Tone::Trouble,
        ),
        TurnedAway => with(
            format!("Queue {queue} is full and does not take {}.", message()),
            "It has a maximum length, and refuses the newest. The publisher is told, and can slow down.",
            Tone::Trouble,
        ),
        _ => with(
            format!("{} has come back to queue {queue} once too often.", message()),
            "The queue has a delivery limit: it does not hand the same message out for ever.",
            Tone::Trouble,
        ),
    }
}

/// Why a subscription did not want a message.
fn wanted(world: &World, record: &Record) -> String {
    let asks = topic_of(world, record.subject).and_then(|topic| {
        topic.subscriptions.iter().find(|subscription| u16::from(subscription.queue) == record.other)
    });
    let asks = asks.and_then(|subscription| terms(&subscription.terms)).unwrap_or_default();
    format!("Its filter asks for {asks}. No copy is made, and nobody misses it.")
}

/// The topic or exchange that a message goes to.
fn topic_of(world: &World, message: u32) -> Option<&Topic> {
    let found = world.message(message)?;
    let kind = world.setup().services.get(found.service as usize)?.messages.get(found.kind as usize)?;
    match kind.target {
        Target::Topic(topic) => world.setup().topics.get(topic as usize),
        Target::Queue(_) => None,
    }
}

/// Why no queue got a message.
#[inline(never)]
pub(super) fn unroutable(world: &World, record: &Record) -> Told {
    let message = names::message(world, record.subject);
    let topic = topic_of(world, record.subject);
    let (text, why) = match topic {
        Some(topic) if topic.kind != TopicKind::Topic => {
            let found = world.message(record.subject);
            let kind = found
                .and_then(|m| world.setup().services.get(m.service as usize)?.messages.get(m.kind as usize));
            let returned = kind.is_some_and(|kind| kind.routing.mandatory);
            let why = match returned {
                true => {
                    "An exchange keeps nothing. The message was sent as mandatory, so it goes back to its publisher."
                }
                false => {
                    "An exchange keeps nothing, and the publisher is told that all is well. Sent as mandatory, it would have come back."
                }
            };
            let key =
                kind.zip(found).map_or("", |(kind, found)| kind.routing.key(world.turn_of(found.order)));
            let key = if key.is_empty() { String::new() } else { format!(" {key}") };
            (format!("No binding of exchange {} matches{key}: {message} goes to no queue.", topic.name), why)
        }
        Some(topic) if !topic.subscriptions.is_empty() || !topic.queues.is_empty() => (
            format!("No subscription of {} wants {message}: it is gone.", topic.name),
            "A topic keeps nothing: whoever is not subscribed when it comes, or filters it out, never gets it.",
        ),
        _ => (
            format!("No queue is subscribed: {message} is gone."),
            "A topic keeps nothing: whoever is not subscribed when it comes never gets it.",
        ),
    };
    (text, Some(why.to_owned()), Tone::Trouble)
}

/// What comes of a message that reaches the broker: who gets a copy.
#[inline(never)]
pub(super) fn copied(world: &World, message: u32) -> Option<String> {
    let found = world.message(message)?;
    let topic = topic_of(world, message)?;
    let kind = world.setup().services.get(found.service as usize)?.messages.get(found.kind as usize)?;
    let queues = topic.all_queues().len();
    let name = &topic.name;
    Some(match topic.kind {
        _ if queues == 0 => return None,
        TopicKind::Direct => {
            format!(
                "Exchange {name} gives a copy to each queue that is bound with exactly {}.",
                kind.routing.key(world.turn_of(found.order))
            )
        }
        TopicKind::Pattern => {
            format!(
                "Exchange {name} gives a copy to each queue whose pattern fits {}.",
                kind.routing.key(world.turn_of(found.order))
            )
        }
        TopicKind::Headers => {
            format!("Exchange {name} gives a copy to each queue whose headers match.")
        }
        TopicKind::Fanout => format!("Exchange {name} gives a copy to each queue that is bound to it."),
        TopicKind::Topic if !topic.subscriptions.is_empty() => {
            format!("Each subscription of {name} that is there and wants it gets a copy of its own.")
        }
        TopicKind::Topic if queues == 1 => format!("The queue that is subscribed to {name} gets a copy."),
        TopicKind::Topic => {
            format!("Each of the {queues} queues subscribed to {name} gets a copy of its own.")
        }
    })
}

/// Why a copy was set aside.
pub(super) fn set_aside(world: &World, record: &Record) -> String {
    let cause = causes(world, record).next().map(|(_, cause)| cause.kind);
    let reason = match cause {
        Some(Kind::LimitReached) => "It came back too often. ",
        Some(Kind::Expired) => "It waited too long. ",
        Some(Kind::Overflowed) => "The queue was too long. ",
        _ => "",
    };
    format!("{reason}It is set aside where an operator can look at it and replay it.")
}

/// What a subscription or binding asks for: `policy = car`; nothing if it takes everything.
pub fn terms(terms: &Terms) -> Option<String> {
    Some(match terms {
        Terms::Any => return None,
        Terms::Key(key) | Terms::Pattern(key) => key.clone(),
        Terms::Headers(all, headers) => {
            let one = |(name, value): &(String, String)| format!("{name} = {value}");
            let headers: Vec<String> = headers.iter().map(one).collect();
            headers.join(if *all { " and " } else { " or " })
        }
        Terms::Filter(keys) => {
            let one = |(name, conditions): &(String, Vec<Condition>)| {
                let conditions: Vec<String> = conditions.iter().map(condition).collect();
                format!("{name} {}", conditions.join(" or "))
            };
            keys.iter().map(one).collect::<Vec<String>>().join(" and ")
        }
    })
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Is(value) => format!("= {value}"),
        Condition::AnythingBut(values) => format!("anything but {}", values.join(", ")),
        Condition::Prefix(start) => format!("begins with {start}"),
        Condition::Suffix(end) => format!("ends with {end}"),
        Condition::IgnoreCase(value) => format!("= {value} in any case"),
        Condition::Exists(there) => if *there { "is there" } else { "is not there" }.to_owned(),
        Condition::Numeric(limits) => {
            let one = |(compare, limit): &(crate::broker::routing::Compare, i64)| {
                format!("{} {limit}", compare.sign())
            };
            limits.iter().map(one).collect::<Vec<String>>().join(" and ")
        }
    }
}

/// What a topic or an exchange does.
pub(super) fn does(kind: TopicKind) -> &'static str {
    match kind {
        TopicKind::Topic | TopicKind::Fanout => "copies to all",
        TopicKind::Direct => "by the exact key",
        TopicKind::Pattern => "by a pattern of the key",
        TopicKind::Headers => "by headers",
    }
}

/// What a queue asks its topics and exchanges for, and whether one of them brings it nothing now.
#[inline(never)]
pub(super) fn asks(world: &World, queue: u8) -> (String, bool) {
    let (mut asked, mut cut) = (Vec::new(), false);
    for (index, topic) in (0..).zip(&world.setup().topics) {
        if !topic.all_queues().contains(&queue) {
            continue;
        }
        if !world.delivers(index, queue) {
            cut = true;
            let exchange = topic.kind != TopicKind::Topic;
            asked.push(if exchange { "binding gone" } else { "out of reach" }.to_owned());
        } else if !world.is_subscribed(index, queue) {
            cut = true;
            asked.push("not subscribed yet".to_owned());
        } else {
            let mine = topic.subscriptions.iter().filter(|subscription| subscription.queue == queue);
            asked.extend(mine.filter_map(|subscription| terms(&subscription.terms)));
        }
    }
    (asked.join(", "), cut)
}
