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
use crate::words::story::sending as say;

fn service<'w>(world: &'w World, record: &Record) -> Option<&'w Service> {
    match world.cast().role(record.actor) {
        Role::Service(index) => world.setup().services.get(index as usize),
        _ => None,
    }
}

/// Why a message could not be sent, in a few words: what stands in the table as its error.
pub(super) fn error(why: Why) -> &'static str {
    match why {
        Why::NotTaken => say::NOT_REACHED,
        Why::TimedOut => say::NOT_CONFIRMED,
        Why::Serialization => say::NOT_BYTES,
        Why::Database => say::NO_DATABASE,
        Why::Crash => say::SERVICE_DOWN,
        _ => say::FAILED,
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
            say::writes_the_rest(&names::order(world, record.subject)),
            say::STILL_OPEN.to_owned(),
            Tone::Plain,
        ),
        Kind::Collected => with(
            say::collects(&message()),
            match service(world, record).map(|service| service.publishing) {
                Some(Publishing::CollectAfterCommit) => say::SENT_AFTER_COMMIT,
                _ => say::SENT_BEFORE_COMMIT,
            }
            .to_owned(),
            Tone::Plain,
        ),
        Kind::WillRetry => {
            with(say::will_retry(&who, &message()), retry(service(world, record), record.other), Tone::Plain)
        }
        Kind::WroteDeadLetter => {
            with(say::parks(&who, &message()), say::the_row_holds(failed), Tone::Trouble)
        }
        Kind::ReplayAsked => (say::replays(&message()), None, Tone::Plain),
        Kind::ReplayFailed => with(
            say::replay_fails(&message(), failed),
            match Why::of(record.other) {
                Why::Serialization => say::IT_HAS_TO_BE_MENDED,
                Why::TimedOut => say::IT_MAY_HAVE_ARRIVED,
                Why::Database => say::ITS_ROW_STAYS,
                _ => say::IT_CAN_BE_REPLAYED,
            }
            .to_owned(),
            Tone::Trouble,
        ),
        Kind::LetterRemoved => {
            with(say::removes_row(&message()), say::FIRST_SENT_THEN_REMOVED.to_owned(), Tone::Good)
        }
        Kind::LetterEdited => edited(world, record),
        _ => with(say::discards(&message()), say::NOBODY_WILL_SEND_IT.to_owned(), Tone::Trouble),
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
    let text = say::edits(&message, &amount);
    if good {
        (text, Some(say::IT_IS_A_NUMBER.to_owned()), Tone::Good)
    } else {
        let why = say::IT_IS_NO_NUMBER;
        (text, Some(why.to_owned()), Tone::Trouble)
    }
}

/// How long it waits for that, and why.
fn retry(service: Option<&Service>, attempt: u16) -> String {
    let Some(retry) = service.map(|service| service.retry) else { return String::new() };
    let which = say::attempt(attempt, retry.attempts);
    match (retry.wait, retry.jitter) {
        (Wait::None, _) => say::at_once(&which),
        (_, Jitter::None) => {
            let wait = retry.steady(u32::from(attempt).saturating_sub(2));
            say::after_a_wait(&which, &seconds(wait))
        }
        _ => say::after_a_drawn_wait(&which),
    }
}
