//! What do relays do, in words? Their sentences, what stands under their names, and what they are at.

use super::names;
use super::sentence::{Told, with};
use super::story::Tone;
use crate::broker::record::{Kind, Record};
use crate::broker::relay::Doing;
use crate::broker::setup::{Locking, Marking, OnFailure, Reading, Relay, Role, SentRows};
use crate::broker::world::World;
use crate::fault::point::{ActorId, PacketKind};

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
        Kind::PollFailed => with(
            format!("{who} finds no database: it will look again."),
            "Nothing is lost by that: what waits in the outbox waits a little longer.",
            Tone::Trouble,
        ),
        Kind::Marked if first => with(
            format!("{who} marks {} as sent, and has not sent it yet.", message()),
            "If it crashes now, nobody will ever send it.",
            Tone::Plain,
        ),
        Kind::Marked => with(
            format!("{who} marks {} as sent.", message()),
            match relay.map(|relay| relay.sent_rows) {
                Some(SentRows::Delete) => "The row is deleted: it will not be sent again.",
                _ => "From now on it will not be sent again.",
            },
            Tone::Good,
        ),
        Kind::PositionSaved if first => with(
            format!("{who} notes that it has read as far as {}, and has not sent it yet.", message()),
            "If it crashes now, nobody will ever send it.",
            Tone::Plain,
        ),
        Kind::PositionSaved if reading == Reading::Cursor => with(
            format!(
                "{who} notes the id of the row of {}: next time it asks only for higher ones.",
                message()
            ),
            "A row with a lower id that is committed later is never asked for.",
            Tone::Plain,
        ),
        Kind::PositionSaved if reading == Reading::Snapshot => with(
            format!("{who} notes that it has sent all as far as {}.", message()),
            "No transaction that is still open is older, so nothing can come before it any more.",
            Tone::Good,
        ),
        Kind::PositionSaved if matches!(reading, Reading::GapWait(_)) => with(
            format!("{who} notes the id of the row of {}.", message()),
            "What is missing before it was rolled back, or was waited for in vain.",
            Tone::Plain,
        ),
        Kind::PositionSaved => with(
            format!("{who} notes that it has read the log as far as {}.", message()),
            "After a crash it reads on from here.",
            Tone::Good,
        ),
        Kind::Cleaned => {
            let text = match record.subject {
                1 => format!("{who} deletes 1 row that was sent a while ago."),
                rows => format!("{who} deletes {rows} rows that were sent a while ago."),
            };
            with(text, "Otherwise the table would grow for ever.", Tone::Plain)
        }
        _ => (format!("{who} has {} in hand.", message()), None, Tone::Plain),
    }
}

fn polled(who: &str, rows: u32, relay: Option<&Relay>) -> String {
    let reading = relay.map_or(Reading::Unsent, |relay| relay.reading);
    let locks = relay.is_some_and(|relay| relay.locking != Locking::None);
    match (reading, rows) {
        (Reading::Log, 1) => format!("{who} reads the log of the database: 1 new commit."),
        (Reading::Log, _) => format!("{who} reads the log of the database: {rows} new commits."),
        (Reading::Cursor, 0) => format!("{who} looks for higher ids in the outbox: there are none."),
        (Reading::Cursor, 1) => format!("{who} looks for higher ids in the outbox: 1 row."),
        (Reading::Cursor, _) => format!("{who} looks for higher ids in the outbox: {rows} rows."),
        (Reading::Snapshot, 0) => {
            format!("{who} looks into the outbox: nothing is older than every open transaction.")
        }
        (Reading::Snapshot, 1) => format!("{who} looks into the outbox: 1 row that is old enough."),
        (Reading::Snapshot, _) => format!("{who} looks into the outbox: {rows} rows that are old enough."),
        (Reading::GapWait(_), 0) => {
            format!("{who} looks for higher ids in the outbox: none that follows without a gap.")
        }
        (Reading::GapWait(_), 1) => format!("{who} looks for higher ids in the outbox: 1 row."),
        (Reading::GapWait(_), _) => format!("{who} looks for higher ids in the outbox: {rows} rows."),
        (Reading::Unsent, 0) if locks => format!("{who} looks into the outbox: no row is free."),
        (Reading::Unsent, 1) if locks => format!("{who} looks into the outbox and locks 1 row."),
        (Reading::Unsent, _) if locks => format!("{who} looks into the outbox and locks {rows} rows."),
        (Reading::Unsent, 0) => format!("{who} looks into the outbox: nothing waits."),
        (Reading::Unsent, 1) => format!("{who} looks into the outbox: 1 row waits."),
        (Reading::Unsent, _) => format!("{who} looks into the outbox: {rows} rows wait."),
    }
}

/// Why it matters that a relay publishes.
pub(super) fn published(relay: &Relay) -> &'static str {
    match (relay.marking, relay.reading) {
        (Marking::BeforePublish, _) => {
            "Its row is marked as sent already: nothing is left from which it could be sent again."
        }
        (_, Reading::Unsent) => "Its row stays in the outbox until the broker has confirmed it.",
        (_, Reading::Cursor | Reading::Log | Reading::Snapshot | Reading::GapWait(_)) => {
            "The relay notes how far it has read only when the broker has confirmed it."
        }
    }
}

/// What a relay makes of a message that the broker did not take.
pub(super) fn failed(relay: &Relay) -> &'static str {
    match (relay.marking, relay.on_failure) {
        (Marking::BeforePublish, _) => "Its row is marked as sent already, so nobody will try again.",
        (_, OnFailure::Stop) => "Its row stays in the outbox, and the relay will try again.",
        (_, OnFailure::HoldKey) => {
            "Its row stays in the outbox, and with it the other rows of its key. What belongs to other keys goes on."
        }
        (_, OnFailure::Skip) => {
            "Its row stays in the outbox. The relay goes on with the next, which so overtakes it."
        }
    }
}

/// Why a message that had a row in the outbox is lost, by the last record about it.
pub(super) fn lost(world: &World, last: &Record) -> Option<&'static str> {
    let relay = relay_of(world, last)?;
    Some(match (last.kind, relay.marking, relay.reading) {
        (Kind::Marked | Kind::PositionSaved, Marking::BeforePublish, _) => {
            "The relay had marked its row as sent before it sent it, and then it crashed. Up again, it found nothing to send."
        }
        (Kind::PositionSaved, _, Reading::Cursor) => {
            "Its row took its id before the commit, and was committed when the relay had seen a higher one. The relay asks only for higher ids, so it never sees this row."
        }
        (Kind::PositionSaved, _, Reading::GapWait(_)) => {
            "Its row took its id before the commit, and was committed when the relay had waited for that id long enough and gone on. It never sees this row."
        }
        (Kind::NotTaken | Kind::TimedOut | Kind::Lost, Marking::BeforePublish, _) => {
            "The relay had marked its row as sent before it sent it, so nobody sends it again."
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
        Some(Reading::Log) => {
            "noted how far it had read the log. Up again, it read it from the old place and sent it again"
        }
        Some(Reading::Cursor | Reading::GapWait(_)) => {
            "noted its id. Up again, it found it once more and sent it again"
        }
        _ => "marked the row as sent. Up again, it found the row unmarked and sent it again",
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
        return Some(names::sentence(format!(
            "{who} could not send it, left its row for later and went on with the next ones."
        )));
    }
    let publish: fn(&Record) -> bool =
        |record| record.kind == Kind::Sent && record.packet().0 == PacketKind::Publish;
    let (one, two) = (about(message, publish)?.actor, about(by, publish)?.actor);
    (one != two).then(|| {
        let (one, two) = (names::party(world, one), names::party(world, two));
        names::sentence(format!(
            "{one} had it in hand, {two} took the next row of the same key, and nothing keeps one behind the other."
        ))
    })
}

/// How a relay works, in a few words.
#[inline(never)]
pub(super) fn how(relay: &Relay) -> String {
    let reading = match relay.reading {
        Reading::Log => "reads the log".to_owned(),
        Reading::Cursor => format!("asks for higher ids every {}", relay.interval),
        Reading::Snapshot => "reads what nothing open precedes".to_owned(),
        Reading::GapWait(wait) => {
            format!("asks by id, waits {wait} at a gap")
        }
        Reading::Unsent => format!("polls every {}", relay.interval),
    };
    let more = match (relay.marking, relay.locking, relay.on_failure) {
        (Marking::BeforePublish, ..) => ", marks, then publishes",
        (_, Locking::SkipLocked, _) => ", skips locked rows",
        (_, Locking::PerKey, _) => ", locks the key",
        (_, _, OnFailure::HoldKey) => ", a failing row holds up its key",
        (_, _, OnFailure::Skip) => ", passes over a failing row",
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
            Some(next) => format!("sleeps, polls again at {next}"),
            None => "waits for the next commit".to_owned(),
        },
        Doing::Publishing => format!("{order}: sends"),
        Doing::Awaiting(_) => format!("{order}: waits for the broker"),
        Doing::Marking if spec.reading == Reading::Unsent => format!("{order}: marks as sent"),
        Doing::Marking => format!("{order}: notes how far it has read"),
    }
}
