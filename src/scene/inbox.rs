//! What do consumers keep of messages, in words? Their sentences, and how they work.

use super::names;
use super::sentence::{Told, with};
use super::story::Tone;
use crate::broker::record::{Kind, Record, Why};
use crate::broker::setup::{AckTime, Consumer, Inbox, InboxKey, Role, Service};
use crate::broker::world::World;
use crate::fault::point::Step;
use crate::words::story::inbox as say;

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
        Kind::Recognised => with(say::knows_and_skips(&who, &message), say::a_repeat(id), Tone::Good),
        Kind::WroteInbox if inbox == Inbox::IdThenEffect => {
            with(say::notes_id(&who, id, &message), say::IN_ITS_OWN_TRANSACTION, Tone::Plain)
        }
        Kind::WroteInbox => {
            with(say::notes_id(&who, id, &message), say::IN_THE_SAME_TRANSACTION, Tone::Plain)
        }
        Kind::NotKnown => with(say::does_not_find_id(&who, id, &message), say::TO_BE_DONE, Tone::Plain),
        Kind::IdKept if inbox == Inbox::EffectThenId => {
            with(say::commits_id(&who, id, &message), say::THE_EFFECT_WAS_FIRST, Tone::Plain)
        }
        Kind::IdKept => {
            with(say::commits_id_first(&who, id, &message), say::A_CRASH_NOW_SKIPS_IT, Tone::Plain)
        }
        Kind::Forgot => with(say::forgets_id(&who, id, &message), say::NO_LONGER_RECOGNISED, Tone::Plain),
        Kind::Stored => with(say::stores(&who, &message), say::SAFE_HERE, Tone::Good),
        Kind::PutBack => with(
            say::puts_back(&who, &message),
            match Why::of(record.other) {
                Why::Crash => say::IT_CRASHED,
                Why::Database => say::NO_DATABASE,
                Why::CommitFailed => say::THE_COMMIT_FAILED,
                _ => say::THE_HANDLER_FAILED,
            },
            Tone::Trouble,
        ),
        _ => (say::knows_already(&who, &message), None, Tone::Plain),
    }
}

/// What it knows a repeat by.
fn id(consumer: Option<&Consumer>) -> &'static str {
    match consumer.map(|consumer| consumer.inbox_key) {
        Some(InboxKey::BusinessKey) => say::BUSINESS_KEY,
        _ => say::ID,
    }
}

/// Why an inbox that goes by ids takes a repeat of that producer's for another message.
pub(super) fn other_id(consumer: &Consumer, producer: Option<&Service>) -> Option<&'static str> {
    let goes_by_ids = consumer.inbox.is_kept() && consumer.inbox_key == InboxKey::MessageId;
    let both = goes_by_ids && producer.is_some_and(|service| service.new_ids);
    both.then_some(say::EACH_ATTEMPT_A_NEW_ID)
}

/// Why a rollback at a consumer is no harm.
pub(super) fn undone(world: &World, record: &Record) -> &'static str {
    match consumer_of(world, record).map(|consumer| consumer.inbox) {
        Some(Inbox::Ids | Inbox::IdsLast) => say::UNDONE_TOGETHER,
        Some(Inbox::IdThenEffect) => say::THE_ID_STAYS,
        _ => say::THE_EFFECT_IS_UNDONE,
    }
}

/// Why an effect is lost or doubled although there is an inbox.
pub(super) fn gap(consumer: &Consumer) -> Option<&'static str> {
    match consumer.inbox {
        Inbox::IdThenEffect => Some(say::ID_BEFORE_EFFECT),
        Inbox::EffectThenId => Some(say::EFFECT_BEFORE_ID),
        Inbox::Ids | Inbox::IdsLast | Inbox::StoreFirst if consumer.window.is_some() => {
            Some(say::ID_FORGOTTEN)
        }
        _ => None,
    }
}

/// How a consumer works, in a few words.
#[inline(never)]
pub(super) fn how(consumer: &Consumer) -> String {
    let words = match (consumer.inbox, consumer.ack) {
        (Inbox::Ids, _) if consumer.inbox_key == InboxKey::BusinessKey => say::KEEPS_KEYS_ACKS,
        (Inbox::Ids, _) => say::KEEPS_IDS_ACKS,
        (Inbox::IdsLast, _) => say::ACTS_NOTES_COMMITS,
        (Inbox::NotNeeded, AckTime::AfterEffect) => say::SETS_ACKS,
        (Inbox::NotNeeded, AckTime::BeforeEffect) => say::ACKS_SETS,
        (Inbox::IdThenEffect, _) => say::NOTES_ACTS,
        (Inbox::EffectThenId, _) => say::ACTS_NOTES,
        (Inbox::StoreFirst, _) => say::STORES_WORKS_LATER,
        (Inbox::None, AckTime::AfterEffect) => say::ACTS_ACKS,
        (Inbox::None, AckTime::BeforeEffect) => say::ACKS_ACTS,
    };
    match consumer.window {
        Some(window) if consumer.inbox.is_kept() => say::keeps_ids_for(&window),
        _ => words.to_owned(),
    }
}

/// What a worker does with a message that it has stored.
#[inline(never)]
pub(super) fn working(world: &World, worker: u8) -> Option<String> {
    let job = world.worker(worker).job()?;
    let order = world.message(job.message).map_or(String::new(), |m| names::order(world, m.order));
    Some(match job.next {
        Step::Begin => say::takes_from_inbox(&order),
        Step::Commit => say::commits(&order),
        _ => say::works(&order),
    })
}
