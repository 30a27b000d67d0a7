//! What do relays do, in words? Their sentences, what stands under their names, and what they are at.

use super::names;
use super::sentence::{Told, with};
use super::story::Tone;
use crate::broker::record::{Kind, Record};
use crate::broker::relay::Doing;
use crate::broker::setup::{Locking, Marking, OnFailure, Reading, Relay, Role, SentRows};
use crate::broker::world::World;
use crate::fault::point::{ActorId, PacketKind};
use crate::words::story::outbox as say;

/// The relay that did it.
fn relay_of<'w>(world: &'w World, record: &Record) -> Option<&'w Relay> {
    match world.cast().role(record.actor) {
        Role::Relay(index) => world.setup().relays.get(index as usize),
        _ => None,
    }
}

/// The sentence of a record that only relays write.
#[inline(never)]
pub(super) fn of_record(world: &World, record: &Record) -> Told {
    let who = names::party(world, record.actor);
    let message = || names::message(world, record.subject);
    let relay = relay_of(world, record);
    let first = relay.is_some_and(|relay| relay.marking == Marking::BeforePublish);
    let reading = relay.map_or(Reading::Unsent, |relay| relay.reading);
    match record.kind {
        Kind::Polled => (polled(&who, record.subject, relay), None, Tone::Plain),
        Kind::PollFailed => {
            with(say::finds_no_database(&who), say::NOTHING_IS_LOST_BY_WAITING, Tone::Trouble)
        }
        Kind::Marked if first => {
            with(say::marks_before_sending(&who, &message()), say::NOBODY_WILL_EVER_SEND_IT, Tone::Plain)
        }
        Kind::Marked => with(
            say::marks_as_sent(&who, &message()),
            match relay.map(|relay| relay.sent_rows) {
                Some(SentRows::Delete) => say::THE_ROW_IS_DELETED,
                _ => say::NOT_SENT_AGAIN,
            },
            Tone::Good,
        ),
        Kind::PositionSaved if first => with(
            say::notes_position_before_sending(&who, &message()),
            say::NOBODY_WILL_EVER_SEND_IT,
            Tone::Plain,
        ),
        Kind::PositionSaved if reading == Reading::Cursor => {
            with(say::notes_highest_id(&who, &message()), say::A_LOWER_ID_IS_NEVER_ASKED_FOR, Tone::Plain)
        }
        Kind::PositionSaved if reading == Reading::Snapshot => {
            with(say::notes_all_sent(&who, &message()), say::NOTHING_OLDER_IS_OPEN, Tone::Good)
        }
        Kind::PositionSaved if matches!(reading, Reading::GapWait(_)) => {
            with(say::notes_id_after_gap(&who, &message()), say::THE_GAP_IS_OVER, Tone::Plain)
        }
        Kind::PositionSaved => {
            with(say::notes_place_in_log(&who, &message()), say::READS_ON_FROM_HERE, Tone::Good)
        }
        Kind::Cleaned => {
            let text = match record.subject {
                1 => say::deletes_one_sent_row(&who),
                rows => say::deletes_sent_rows(&who, rows),
            };
            with(text, say::THE_TABLE_WOULD_GROW, Tone::Plain)
        }
        _ => (say::has_in_hand(&who, &message()), None, Tone::Plain),
    }
}

fn polled(who: &str, rows: u32, relay: Option<&Relay>) -> String {
    let reading = relay.map_or(Reading::Unsent, |relay| relay.reading);
    let locks = relay.is_some_and(|relay| relay.locking != Locking::None);
    match (reading, rows) {
        (Reading::Log, 1) => say::reads_one_commit(who),
        (Reading::Log, _) => say::reads_commits(who, rows),
        (Reading::Cursor, 0) => say::finds_no_higher_ids(who),
        (Reading::Cursor, 1) => say::finds_one_higher_id(who),
        (Reading::Cursor, _) => say::finds_higher_ids(who, rows),
        (Reading::Snapshot, 0) => say::finds_nothing_old_enough(who),
        (Reading::Snapshot, 1) => say::finds_one_row_old_enough(who),
        (Reading::Snapshot, _) => say::finds_rows_old_enough(who, rows),
        (Reading::GapWait(_), 0) => say::finds_none_without_a_gap(who),
        (Reading::GapWait(_), 1) => say::finds_one_higher_id(who),
        (Reading::GapWait(_), _) => say::finds_higher_ids(who, rows),
        (Reading::Unsent, 0) if locks => say::finds_no_free_row(who),
        (Reading::Unsent, 1) if locks => say::locks_one_row(who),
        (Reading::Unsent, _) if locks => say::locks_rows(who, rows),
        (Reading::Unsent, 0) => say::finds_nothing_waiting(who),
        (Reading::Unsent, 1) => say::finds_one_row_waiting(who),
        (Reading::Unsent, _) => say::finds_rows_waiting(who, rows),
    }
}

/// Why it matters that a relay publishes.
pub(super) fn published(relay: &Relay) -> &'static str {
    match (relay.marking, relay.reading) {
        (Marking::BeforePublish, _) => say::MARKED_ALREADY,
        (_, Reading::Unsent) => say::ROW_STAYS_UNTIL_CONFIRMED,
        (_, Reading::Cursor | Reading::Log | Reading::Snapshot | Reading::GapWait(_)) => {
            say::NOTED_WHEN_CONFIRMED
        }
    }
}

/// What a relay makes of a message that the broker did not take.
pub(super) fn failed(relay: &Relay) -> &'static str {
    match (relay.marking, relay.on_failure) {
        (Marking::BeforePublish, _) => say::NOBODY_TRIES_AGAIN,
        (_, OnFailure::Stop) => say::THE_RELAY_TRIES_AGAIN,
        (_, OnFailure::HoldKey) => say::ROW_STAYS_WITH_ITS_KEY,
        (_, OnFailure::Skip) => say::ROW_STAYS_AND_IS_OVERTAKEN,
    }
}

/// Why a message that had a row in the outbox is lost, by the last record about it.
pub(super) fn lost(world: &World, last: &Record) -> Option<&'static str> {
    let relay = relay_of(world, last)?;
    Some(match (last.kind, relay.marking, relay.reading) {
        (Kind::Marked | Kind::PositionSaved, Marking::BeforePublish, _) => say::MARKED_THEN_CRASHED,
        (Kind::PositionSaved, _, Reading::Cursor) => say::ID_BELOW_THE_CURSOR,
        (Kind::PositionSaved, _, Reading::GapWait(_)) => say::ID_BELOW_THE_WAITED_FOR,
        (Kind::NotTaken | Kind::TimedOut | Kind::Lost, Marking::BeforePublish, _) => {
            say::MARKED_THEN_NOT_SENT
        }

        _ => return None,
    })
}

/// What a relay that crashed had not yet done with a row that it had sent, and what came of it.
pub(super) fn not_yet(world: &World, actor: ActorId) -> &'static str {
    let relay = match world.cast().role(actor) {
        Role::Relay(index) => world.setup().relays.get(index as usize),
        _ => None,
    };
    match relay.map(|relay| relay.reading) {
        Some(Reading::Log) => say::NOT_YET_NOTED_PLACE,
        Some(Reading::Cursor | Reading::GapWait(_)) => say::NOT_YET_NOTED_ID,
        _ => say::NOT_YET_MARKED,
    }
}

/// How a relay let one message be overtaken by another, from the commit of its order on: no relay has it before.
#[inline(never)]
pub(super) fn overtaken(world: &World, commit: u32, message: u32, by: u32) -> Option<String> {
    let of_relay = |record: &&Record| matches!(world.cast().role(record.actor), Role::Relay(_));
    let about = |message: u32, fits: fn(&Record) -> bool| {
        let records = world.history().iter_from(commit as usize).filter(of_relay);
        records.filter(|record| record.message() == Some(message)).find(|record| fits(record)).copied()
    };
    let failed = about(message, |record| matches!(record.kind, Kind::TimedOut | Kind::NotTaken));
    if let Some(failed) = failed
        && relay_of(world, &failed).is_some_and(|relay| relay.on_failure == OnFailure::Skip)
    {
        let who = names::party(world, failed.actor);
        return Some(names::sentence(say::left_for_later(&who)));
    }
    let publish: fn(&Record) -> bool =
        |record| record.kind == Kind::Sent && record.packet().0 == PacketKind::Publish;
    let (one, two) = (about(message, publish)?.actor, about(by, publish)?.actor);
    (one != two).then(|| {
        let (one, two) = (names::party(world, one), names::party(world, two));
        names::sentence(say::next_of_key_taken(&one, &two))
    })
}

/// How a relay works, in a few words.
#[inline(never)]
pub(super) fn how(relay: &Relay) -> String {
    let reading = match relay.reading {
        Reading::Log => say::READS_THE_LOG.to_owned(),
        Reading::Cursor => say::asks_for_higher_ids(&relay.interval),
        Reading::Snapshot => say::READS_WHAT_NOTHING_OPEN_PRECEDES.to_owned(),
        Reading::GapWait(wait) => say::waits_at_a_gap(&wait),
        Reading::Unsent => say::polls(&relay.interval),
    };
    let more = match (relay.marking, relay.locking, relay.on_failure) {
        (Marking::BeforePublish, ..) => say::MARKS_FIRST,
        (_, Locking::SkipLocked, _) => say::SKIPS_LOCKED,
        (_, Locking::PerKey, _) => say::LOCKS_THE_KEY,
        (_, _, OnFailure::HoldKey) => say::HOLDS_UP_ITS_KEY,
        (_, _, OnFailure::Skip) => say::PASSES_OVER,
        _ => "",
    };
    format!("{reading}{more}")
}

/// What a relay is at.
#[inline(never)]
pub(super) fn doing(world: &World, index: u8) -> String {
    let (relay, spec) = (world.relay(index), &world.setup().relays[index as usize]);
    let order = relay.message().and_then(|message| world.message(message));
    let order = order.map_or(String::new(), |message| names::order(world, message.order));
    match relay.doing() {
        Doing::Sleeping => match relay.next_poll() {
            Some(next) => say::sleeps(&next),
            None => say::WAITS_FOR_COMMIT.to_owned(),
        },
        Doing::Publishing => say::sends(&order),
        Doing::Awaiting(_) => say::waits_for_broker(&order),
        Doing::Marking if spec.reading == Reading::Unsent => say::marks(&order),
        Doing::Marking => say::notes_position(&order),
    }
}
