//! What does it mean when a service tries again, parks what it could not send, or an operator replays it? The
//! sentences of the sending side.

use super::dead_letters::right_amount;
use super::measures::seconds;
use super::names;
use super::sentence::{Told, with};
use super::story::Tone;
use crate::broker::record::{Kind, Record, Why};
use crate::broker::setup::{Jitter, Publishing, Role, Service, Wait};
use crate::broker::world::World;

fn service<'w>(world: &'w World, record: &Record) -> Option<&'w Service> {
    match world.cast().role(record.actor) {
        Role::Service(index) => world.setup().services.get(index as usize),
        _ => None,
    }
}

/// Why a message could not be sent, in a few words: what stands in the table as its error.
pub(super) fn error(why: Why) -> &'static str {
    match why {
        Why::NotTaken => "the broker could not be reached",
        Why::TimedOut => "no confirmation came",
        Why::Serialization => "it cannot be turned into bytes",
        Why::Database => "the database did not answer",
        Why::Crash => "the service was down",
        _ => "sending failed",
    }
}

/// The sentence, the reason, the tone.
#[inline(never)]
pub(super) fn of_record(world: &World, record: &Record) -> Told {
    let who = names::party(world, record.actor);
    let message = || names::message(world, record.subject);
    let failed = error(Why::of(record.other));
    match record.kind {
        Kind::WroteMore => with(
            format!("The rest of {} is written.", names::order(world, record.subject)),
            "Still in the open transaction: until the commit nobody else sees it.".to_owned(),
            Tone::Plain,
        ),
        Kind::Collected => with(
            format!("{} goes into the collector.", message()),
            match service(world, record).map(|service| service.publishing) {
                Some(Publishing::CollectAfterCommit) => {
                    "It is only kept in memory for now, and sent when the commit is done."
                }
                _ => "It is only kept in memory for now, and sent with the others just before the commit.",
            }
            .to_owned(),
            Tone::Plain,
        ),
        Kind::WillRetry => with(
            format!("{who} will try again to send {}.", message()),
            retry(service(world, record), record.other),
            Tone::Plain,
        ),
        Kind::WroteDeadLetter => with(
            format!("{who} parks {} in its dead-letter table.", message()),
            format!(
                "The row holds the message and the error: {failed}. The work goes on, and an operator can send it later."
            ),
            Tone::Trouble,
        ),
        Kind::ReplayAsked => {
            (format!("The operator replays {}.", message()), None, Tone::Plain)
        }
        Kind::ReplayFailed => with(
            format!("Replaying {} fails: {failed}.", message()),
            match Why::of(record.other) {
                Why::Serialization => "Its row stays. It has to be mended before it can be sent.",
                Why::TimedOut => {
                    "Its row stays. It may have arrived or not: to replay it again may send it twice."
                }
                Why::Database => "Its row stays, whether the message has been sent by now or not.",
                _ => "Its row stays, and it can be replayed again.",
            }
            .to_owned(),
            Tone::Trouble,
        ),
        Kind::LetterRemoved => with(
            format!("{} is out: its dead-letter row is removed.", message()),
            "First sent, then removed: a crash in between leaves the row, and the next replay sends it again."
                .to_owned(),
            Tone::Good,
        ),
        Kind::LetterEdited => edited(world, record),
        _ => with(
            format!("The operator discards {}.", message()),
            "Its dead-letter row is gone: nobody will send it any more.".to_owned(),
            Tone::Trouble,
        ),
    }
}

/// What an operator wrote into a dead-letter row, and what that is worth.
fn edited(world: &World, record: &Record) -> Told {
    let message = names::message(world, record.subject);
    let order = world.message(record.subject).map_or(0, |message| message.order);
    let to = match world.cast().role(record.actor) {
        Role::Service(index) => world.service(index).dead_letters().edit(record.other),
        _ => None,
    };
    let good = to.is_none_or(|amount| amount.is_number());
    let amount = to.map_or_else(|| right_amount(order), |amount| amount.text().to_owned());
    let text = format!("The operator edits {message} in the dead-letter table: its amount is now {amount}.");
    if good {
        (text, Some("That is a number: it can be turned into bytes, and replayed.".to_owned()), Tone::Good)
    } else {
        let why = "That is not a number: it cannot be turned into bytes, and to replay it would fail.";
        (text, Some(why.to_owned()), Tone::Trouble)
    }
}

/// How long it waits for that, and why.
fn retry(service: Option<&Service>, attempt: u16) -> String {
    let Some(retry) = service.map(|service| service.retry) else { return String::new() };
    let which = format!("Attempt {attempt} of {}", retry.attempts);
    match (retry.wait, retry.jitter) {
        (Wait::None, _) => {
            format!("{which}, at once: if the broker is away for longer, it meets the same silence.")
        }
        (_, Jitter::None) => {
            let wait = retry.steady(u32::from(attempt).saturating_sub(2));
            format!("{which}, after a wait of {}: so the broker gets a chance to come back.", seconds(wait))
        }
        _ => format!("{which}, after a wait drawn by chance: so not everybody comes back at once."),
    }
}
