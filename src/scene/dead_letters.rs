//! What stands in a service's dead-letter table, what came of each row, and what can be done about it?

use super::actions::{Action, of_letter, of_letters};
use super::{names, sending};
use crate::broker::dead_letter::{DeadLetter, LetterState};
use crate::broker::setup::Role;
use crate::broker::world::World;
use crate::check::ledger::Ledger;
use crate::fault::point::ActorId;

/// A row of the table, as an operator reviews it.
#[derive(Clone, PartialEq, Debug)]
pub struct Letter {
    /// Its number, which it keeps.
    pub number: u32,
    /// The message.
    pub message: u32,
    /// Its order.
    pub order: u32,
    /// What it says: `3 order placed`.
    pub label: String,
    /// The serialized message, as far as a model has one.
    pub payload: String,
    /// The error, in a few words.
    pub error: &'static str,
    /// How often it was tried to send it, replays included.
    pub attempts: u32,
    /// Its state, in a word or two.
    pub state: &'static str,
    /// What came of the message, in a sentence; empty as long as it only waits.
    pub outcome: String,
    /// What can be done to it now.
    pub actions: Vec<Action>,
}

/// A dead-letter table.
#[derive(Clone, PartialEq, Debug)]
pub struct DeadLetterTable {
    /// Whose.
    pub actor: ActorId,
    /// Its title.
    pub title: String,
    /// Its rows, also those that were removed, oldest first.
    pub rows: Vec<Letter>,
    /// How many older rows are not shown.
    pub earlier: usize,
    /// What can be done to all that wait.
    pub actions: Vec<Action>,
}

/// The most rows that are shown.
const MOST: usize = 200;

/// The dead-letter table of that party; none if it has none.
pub fn of(world: &World, ledger: &Ledger, actor: ActorId) -> Option<DeadLetterTable> {
    let Role::Service(index) = world.cast().role(actor) else { return None };
    if !world.setup().services[index as usize].has_dead_letters() {
        return None;
    }
    let letters = world.service(index).dead_letters();
    let earlier = letters.rows().len().saturating_sub(MOST);
    let row = |(place, letter): (u32, &DeadLetter)| row(world, ledger, actor, place + 1, letter);
    Some(DeadLetterTable {
        actor,
        title: format!("dead letters of the {}", names::party_title(world, actor)),
        rows: (earlier as u32..).zip(letters.rows().iter_from(earlier)).map(row).collect(),
        earlier,
        actions: of_letters(world, actor),
    })
}

fn row(world: &World, ledger: &Ledger, actor: ActorId, number: u32, letter: &DeadLetter) -> Letter {
    let found = world.message(letter.message);
    let order = found.map_or(0, |message| message.order);
    let kind = found.and_then(|message| {
        world.setup().services.get(message.service as usize)?.messages.get(message.kind as usize)
    });
    let name = kind.map_or("", |kind| kind.name.as_str());
    let what =
        if letter.unreadable { "cannot be turned into bytes".to_owned() } else { names::row(world, order) };
    Letter {
        number,
        message: letter.message,
        order,
        label: format!("{} {name}", u64::from(order) + 1),
        payload: format!("{{ \"type\": \"{name}\", \"{}\": \"{what}\" }}", noun(world, order)),
        error: sending::error(letter.why),
        attempts: letter.attempts,
        state: state(world, actor, number, letter),
        outcome: outcome(world, ledger, letter),
        actions: of_letter(world, actor, number),
    }
}

fn noun(world: &World, order: u32) -> &str {
    &world.setup().services[names::service_of(world, order) as usize].noun
}

/// The word for a row.
pub(super) fn state(world: &World, actor: ActorId, number: u32, letter: &DeadLetter) -> &'static str {
    let replaying = world.service(actor.0).dead_letters().is_replaying(number);
    match letter.state {
        LetterState::Staged => "staged",
        LetterState::Waiting if replaying => "is replayed",
        LetterState::Waiting if letter.edited => "parked, mended",
        LetterState::Waiting => "parked",
        LetterState::RolledBack => "rolled back",
        LetterState::Replayed => "replayed",
        LetterState::Discarded => "discarded",
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
            1 => told.push(format!("{listener} has handled it")),
            times => told.push(format!("{listener} has handled it {times} times")),
        }
    }
    let taken = ledger.times_accepted(letter.message);
    let text = match (letter.state, told.is_empty(), taken) {
        (_, false, _) => told.join(", "),
        (LetterState::RolledBack, ..) => "its order was rolled back, and the row with it".to_owned(),
        (LetterState::Discarded, true, 0) => "it was never sent, and will not be".to_owned(),
        (_, true, 0) if letter.failures > 0 => "a replay failed, and it is still here".to_owned(),
        (_, true, 0) => return String::new(),
        (_, true, 1) => "the broker has it".to_owned(),
        (_, true, times) => format!("the broker was given it {times} times"),
    };
    names::sentence(format!("{text}."))
}
