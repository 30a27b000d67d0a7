//! What do topics, exchanges and limits do, in words? Their sentences, and what a subscription asks for.

use super::causes::causes;
use super::names;
use super::sentence::{Told, with};
use super::story::Tone;
use crate::broker::record::{Kind, Record};
use crate::broker::routing::{Condition, Terms, TopicKind};
use crate::broker::setup::{Target, Topic};
use crate::broker::world::World;
use crate::words::story::routing as say;

/// The sentence, the reason, the tone of a record about routing.
#[inline(never)]
pub(super) fn of_record(world: &World, record: &Record) -> Told {
    use Kind::*;
    let setup = world.setup();
    let message = || names::message(world, record.subject);
    let queue = names::queue(setup, record.other);
    let topic = setup.topics.get(record.subject as usize);
    let of = topic.map_or(say::THE_TOPIC, |topic| &topic.name);
    let exchange = topic.is_some_and(|topic| topic.kind != TopicKind::Topic);
    match record.kind {
        Subscribed => with(say::subscribes(queue, of), say::COPIES_FROM_NOW_ON, Tone::Good),
        SubscriptionDown if exchange => with(say::binding_is_gone(of, queue), say::GOES_PAST, Tone::Trouble),
        SubscriptionDown => with(say::out_of_reach(queue, of), say::NOT_TRIED_AGAIN, Tone::Trouble),
        SubscriptionUp => (say::reachable_again(queue, of), None, Tone::Plain),
        Filtered => (say::not_wanted(queue, &message()), Some(wanted(world, record)), Tone::Plain),
        Undeliverable => {
            with(say::cannot_be_delivered(&message(), queue), say::NO_DEAD_LETTERS, Tone::Trouble)
        }
        Diverted => with(say::diverted(&message(), queue), say::DEAD_LETTERS_KEPT, Tone::Trouble),
        Returned => with(
            say::comes_back(&message(), &names::party(world, record.actor)),
            say::NO_QUEUE_GOT_IT,
            Tone::Trouble,
        ),
        Spoiled => with(say::spoiled(&message()), say::EVERY_TRY_FAILS, Tone::Trouble),
        Expired => with(say::too_old(&message(), queue), say::A_TIME_TO_LIVE, Tone::Trouble),
        Overflowed => with(say::queue_overflows(queue, &message()), say::MAKES_ROOM, Tone::Trouble),
        TurnedAway => with(say::queue_is_full(queue, &message()), say::REFUSES_THE_NEWEST, Tone::Trouble),
        _ => with(say::came_back_too_often(&message(), queue), say::A_DELIVERY_LIMIT, Tone::Trouble),
    }
}

/// Why a subscription did not want a message.
fn wanted(world: &World, record: &Record) -> String {
    let asks = topic_of(world, record.subject).and_then(|topic| {
        topic.subscriptions.iter().find(|subscription| u16::from(subscription.queue) == record.other)
    });
    let asks = asks.and_then(|subscription| terms(&subscription.terms)).unwrap_or_default();
    say::filter_asks_for(&asks)
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
                true => say::GOES_BACK_TO_PUBLISHER,
                false => say::NOT_MANDATORY,
            };
            let key =
                kind.zip(found).map_or("", |(kind, found)| kind.routing.key(world.turn_of(found.order)));
            let key = if key.is_empty() { String::new() } else { format!(" {key}") };
            (say::no_binding_matches(&topic.name, &key, &message), why)
        }
        Some(topic) if !topic.subscriptions.is_empty() || !topic.queues.is_empty() => {
            (say::no_subscription_wants(&topic.name, &message), say::NOT_WANTED_OR_NOT_THERE)
        }
        _ => (say::no_queue_is_subscribed(&message), say::NOT_THERE),
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
        TopicKind::Direct => say::to_exact_key(name, kind.routing.key(world.turn_of(found.order))),
        TopicKind::Pattern => say::to_matching_pattern(name, kind.routing.key(world.turn_of(found.order))),
        TopicKind::Headers => say::to_matching_headers(name),
        TopicKind::Fanout => say::to_each_bound(name),
        TopicKind::Topic if !topic.subscriptions.is_empty() => say::to_each_subscription(name),
        TopicKind::Topic if queues == 1 => say::to_the_subscribed(name),
        TopicKind::Topic => say::to_all_subscribed(queues, name),
    })
}

/// Why a copy was set aside.
pub(super) fn set_aside(world: &World, record: &Record) -> String {
    let cause = causes(world, record).next().map(|(_, cause)| cause.kind);
    let reason = match cause {
        Some(Kind::LimitReached) => say::TOO_OFTEN,
        Some(Kind::Expired) => say::TOO_LONG,
        Some(Kind::Overflowed) => say::QUEUE_TOO_LONG,
        _ => "",
    };
    say::set_aside(reason)
}

/// What a subscription or binding asks for: `policy = car`; nothing if it takes everything.
pub fn terms(terms: &Terms) -> Option<String> {
    Some(match terms {
        Terms::Any => return None,
        Terms::Key(key) | Terms::Pattern(key) => key.clone(),
        Terms::Headers(all, headers) => {
            let one = |(name, value): &(String, String)| format!("{name} = {value}");
            let headers: Vec<String> = headers.iter().map(one).collect();
            headers.join(if *all { say::AND } else { say::OR })
        }
        Terms::Filter(keys) => {
            let one = |(name, conditions): &(String, Vec<Condition>)| {
                let conditions: Vec<String> = conditions.iter().map(condition).collect();
                format!("{name} {}", conditions.join(say::OR))
            };
            keys.iter().map(one).collect::<Vec<String>>().join(say::AND)
        }
    })
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Is(value) => format!("= {value}"),
        Condition::AnythingBut(values) => say::anything_but(&values.join(", ")),
        Condition::Prefix(start) => say::begins_with(start),
        Condition::Suffix(end) => say::ends_with(end),
        Condition::IgnoreCase(value) => say::in_any_case(value),
        Condition::Exists(there) => if *there { say::IS_THERE } else { say::IS_NOT_THERE }.to_owned(),
        Condition::Numeric(limits) => {
            let one = |(compare, limit): &(crate::broker::routing::Compare, i64)| {
                format!("{} {limit}", compare.sign())
            };
            limits.iter().map(one).collect::<Vec<String>>().join(say::AND)
        }
    }
}

/// What a topic or an exchange does.
pub(super) fn does(kind: TopicKind) -> &'static str {
    match kind {
        TopicKind::Topic | TopicKind::Fanout => say::COPIES_TO_ALL,
        TopicKind::Direct => say::BY_KEY,
        TopicKind::Pattern => say::BY_PATTERN,
        TopicKind::Headers => say::BY_HEADERS,
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
            asked.push(if exchange { say::BINDING_GONE } else { say::UNREACHABLE }.to_owned());
        } else if !world.is_subscribed(index, queue) {
            cut = true;
            asked.push(say::NOT_SUBSCRIBED_YET.to_owned());
        } else {
            let mine = topic.subscriptions.iter().filter(|subscription| subscription.queue == queue);
            asked.extend(mine.filter_map(|subscription| terms(&subscription.terms)));
        }
    }
    (asked.join(", "), cut)
}
