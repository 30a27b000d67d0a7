//! What do consumers keep of messages, in words? Their sentences, and how they work.

use super::names;
use super::sentence::{Told, with};
use super::story::Tone;
use crate::broker::record::{Kind, Record, Why};
use crate::broker::setup::{AckTime, Consumer, Inbox, InboxKey, Role, Service};
use crate::broker::world::World;
use crate::fault::point::Step;

fn consumer_of<'w>(world: &'w World, record: &Record) -> Option<&'w Consumer> {
    match world.cast().role(record.actor) {
        Role::Worker(index, _) => world.setup().consumers.get(index as usize),
        _ => None,
    }
}

/// The sentence of a record about an inbox.
#[inline(never)]
pub(super) fn of_record(world: &World, record: &Record) -> Told {
    let who = names::party(world, record.actor);
    let message = names::message(world, record.subject);
    let consumer = consumer_of(world, record);
    let inbox = consumer.map_or(Inbox::None, |consumer| consumer.inbox);
    let id = id(consumer);
    match record.kind {
        Kind::Recognised => with(
            format!("{who} knows {message} already and does nothing."),
            format!("Its {id} is in the inbox: this is a repeat."),
            Tone::Good,
        ),
        Kind::WroteInbox if inbox == Inbox::IdThenEffect => with(
            format!("{who} notes the {id} of {message} in its inbox."),
            "In a transaction of its own, before the work is done.",
            Tone::Plain,
        ),
        Kind::WroteInbox => with(
            format!("{who} notes the {id} of {message} in its inbox."),
            "In the same transaction as the effect: both, or neither.",
            Tone::Plain,
        ),
        Kind::NotKnown => with(
            format!("{who} looks for the {id} of {message} in its inbox: it is not there."),
            "So the work is to be done.",
            Tone::Plain,
        ),
        Kind::IdKept if inbox == Inbox::EffectThenId => with(
            format!("{who} commits the {id} of {message} to its inbox."),
            "The effect was a fact before; only now would a repeat be recognised.",
            Tone::Plain,
        ),
        Kind::IdKept => with(
            format!("{who} commits the {id} of {message} to its inbox, and has not done the work yet."),
            "If it crashes now, a repeat will be taken for done.",
            Tone::Plain,
        ),
        Kind::Forgot => with(
            format!("{who} deletes the {id} of {message} from its inbox: it is too old."),
            "From now on a repeat of it would not be recognised.",
            Tone::Plain,
        ),
        Kind::Stored => with(
            format!("{who} stores {message} in its inbox."),
            "Now it is safe here, and the broker need not keep it until the work is done.",
            Tone::Good,
        ),
        Kind::PutBack => with(
            format!("{who} has not done its work on {message}: it waits in the inbox."),
            match Why::of(record.other) {
                Why::Crash => "It crashed; what was stored stays, and is worked on when it is back.",
                Why::Database => "The database did not answer. It tries again in a little while.",
                Why::CommitFailed => "The commit failed. It tries again in a little while.",
                _ => {
                    "The handler failed. It tries again in a little while; the broker is not troubled with it."
                }
            },
            Tone::Trouble,
        ),
        _ => (format!("{who} knows {message} already."), None, Tone::Plain),
    }
}

/// What it knows a repeat by.
fn id(consumer: Option<&Consumer>) -> &'static str {
    match consumer.map(|consumer| consumer.inbox_key) {
        Some(InboxKey::BusinessKey) => "business key",
        _ => "id",
    }
}

/// Why an inbox that goes by ids takes a repeat of that producer's for another message.
pub(super) fn other_id(consumer: &Consumer, producer: Option<&Service>) -> Option<&'static str> {
    let goes_by_ids = consumer.inbox.is_kept() && consumer.inbox_key == InboxKey::MessageId;
    let both = goes_by_ids && producer.is_some_and(|service| service.new_ids);
    both.then_some(
        "Each attempt at sending it gave it a new id: the inbox took the second for another message.",
    )
}

/// Why a rollback at a consumer is no harm.
pub(super) fn undone(world: &World, record: &Record) -> &'static str {
    match consumer_of(world, record).map(|consumer| consumer.inbox) {
        Some(Inbox::Ids | Inbox::IdsLast) => "Effect and inbox id are undone together.",
        Some(Inbox::IdThenEffect) => "An id that was committed before stays: the message is taken for done.",
        _ => "The effect is undone.",
    }
}

/// Why an effect is lost or doubled although there is an inbox.
pub(super) fn gap(consumer: &Consumer) -> Option<&'static str> {
    match consumer.inbox {
        Inbox::IdThenEffect => Some(
            "Its id was committed to the inbox before the effect, and in between the consumer crashed or failed. When the message came again it was taken for done.",
        ),
        Inbox::EffectThenId => Some(
            "The effect was a fact before the id was in the inbox, and in between the consumer crashed. When the message came again nobody knew it.",
        ),
        Inbox::Ids | Inbox::IdsLast | Inbox::StoreFirst if consumer.window.is_some() => {
            Some("The inbox had forgotten the id by then: it remembers ids only for a while.")
        }
        _ => None,
    }
}

/// How a consumer works, in a few words.
#[inline(never)]
pub(super) fn how(consumer: &Consumer) -> String {
    let words = match (consumer.inbox, consumer.ack) {
        (Inbox::Ids, _) if consumer.inbox_key == InboxKey::BusinessKey => "keeps keys, acknowledges",
        (Inbox::Ids, _) => "keeps ids, acknowledges",
        (Inbox::IdsLast, _) => "acts, notes the id, commits",
        (Inbox::NotNeeded, AckTime::AfterEffect) => "sets, then acknowledges",
        (Inbox::NotNeeded, AckTime::BeforeEffect) => "acknowledges, then sets",
        (Inbox::IdThenEffect, _) => "notes the id, then acts",
        (Inbox::EffectThenId, _) => "acts, then notes the id",
        (Inbox::StoreFirst, _) => "stores, works later",
        (Inbox::None, AckTime::AfterEffect) => "acts, then acknowledges",
        (Inbox::None, AckTime::BeforeEffect) => "acknowledges, then acts",
    };
    match consumer.window {
        Some(window) if consumer.inbox.is_kept() => format!("keeps ids for {window}"),
        _ => words.to_owned(),
    }
}

/// What a worker does with a message that it has stored.
#[inline(never)]
pub(super) fn working(world: &World, worker: u8) -> Option<String> {
    let job = world.worker(worker).job()?;
    let order = world.message(job.message).map_or(String::new(), |m| names::order(world, m.order));
    Some(match job.next {
        Step::Begin => format!("{order}: takes it from the inbox"),
        Step::Commit => format!("{order}: commits"),
        _ => format!("{order}: works"),
    })
}
