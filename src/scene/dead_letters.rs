//! What stands in a service's dead-letter table, what came of each row, and what can be done about it?

use super::actions::{of_letter, of_letters};
use super::review::{Editable, MOST, Payload, Row, Store};
use super::{names, sending};
use crate::broker::dead_letter::{DeadLetter, LetterState};
use crate::broker::setup::Role;
use crate::broker::world::World;
use crate::check::ledger::Ledger;
use crate::fault::point::ActorId;
use crate::words::review as say;

/// The dead-letter table of that party, also with the rows that were removed; none if it has none.
#[inline(never)]
pub(super) fn of(world: &World, ledger: &Ledger, actor: ActorId) -> Option<Store> {
    let Role::Service(index) = world.cast().role(actor) else { return None };
    if !world.setup().services[index as usize].has_dead_letters() {
        return None;
    }
    let letters = world.service(index).dead_letters();
    let earlier = letters.rows().len().saturating_sub(MOST);
    let row = |(place, letter): (u32, &DeadLetter)| row(world, ledger, actor, place + 1, letter);
    Some(Store {
        title: say::dead_letters_of(&names::party_title(world, actor)),
        rows: (earlier as u32..).zip(letters.rows().iter_from(earlier)).map(row).collect(),
        more: earlier,
        actions: of_letters(world, actor),
        is_table: true,
    })
}

fn row(world: &World, ledger: &Ledger, actor: ActorId, number: u32, letter: &DeadLetter) -> Row {
    let order = world.message(letter.message).map_or(0, |message| message.order);
    let name = kind_name(world, letter.message);
    let error = sending::error(letter.why);
    let why = match letter.attempts {
        0 => say::never_sent(error),
        1 => say::sent_once(error),
        times => say::sent(times, error),
    };
    let can = world.database_answers(actor) && world.service(actor.0).dead_letters().waits(number);
    Row {
        id: number,
        label: format!("{} {name}", u64::from(order) + 1),
        state: state(world, actor, number, letter),
        lines: [why, outcome(world, ledger, letter)].into_iter().filter(|line| !line.is_empty()).collect(),
        payload: Some(Payload::new(
            world,
            letter.message,
            (letter.amount, letter.unreadable),
            can.then_some(Editable::Row(actor, number)),
        )),
        actions: of_letter(world, actor, number),
    }
}

/// What a message about that order should say for its amount.
pub(super) fn right_amount(order: u32) -> String {
    (10 * (u64::from(order) + 1)).to_string()
}

/// What kind of message it is: `order placed`.
pub(super) fn kind_name(world: &World, message: u32) -> &str {
    let kind = world.message(message).and_then(|message| {
        world.setup().services.get(message.service as usize)?.messages.get(message.kind as usize)
    });
    kind.map_or("", |kind| &kind.name)
}

/// The word for a row.
fn state(world: &World, actor: ActorId, number: u32, letter: &DeadLetter) -> &'static str {
    let replaying = world.service(actor.0).dead_letters().is_replaying(number);
    match letter.state {
        LetterState::Staged => say::STAGED,
        LetterState::Waiting if replaying => say::IS_REPLAYED,
        LetterState::Waiting if letter.edited => say::PARKED_EDITED,
        LetterState::Waiting => say::PARKED,
        LetterState::RolledBack => say::ROLLED_BACK,
        LetterState::Replayed => say::REPLAYED,
        LetterState::Discarded => say::DISCARDED,
    }
}

/// What came of the message behind the row.
fn outcome(world: &World, ledger: &Ledger, letter: &DeadLetter) -> String {
    let queues = ledger.queues_of(letter.message);
    let mut told = Vec::new();
    for &queue in queues {
        let listener = names::listener(world.setup(), queue);
        match ledger.applied(letter.message, queue) {
            0 => {}
            1 => told.push(say::has_handled(&listener)),
            times => told.push(say::has_handled_times(&listener, times)),
        }
    }
    let taken = ledger.times_accepted(letter.message);
    let text = match (letter.state, told.is_empty(), taken) {
        (_, false, _) => told.join(", "),
        (LetterState::RolledBack, ..) => say::ROLLED_BACK_WITH_IT.to_owned(),
        (LetterState::Discarded, true, 0) => say::NEVER_WILL_BE_SENT.to_owned(),
        (_, true, 0) if letter.failures > 0 => say::A_REPLAY_FAILED.to_owned(),
        (_, true, 0) => return String::new(),
        (_, true, 1) => say::THE_BROKER_HAS_IT.to_owned(),
        (_, true, times) => say::broker_got_it(times),
    };
    names::sentence(format!("{text}."))
}
