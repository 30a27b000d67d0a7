//! What has been set aside, and what can an operator do about it? Every dead-letter table and queue of the scenario,
//! in one form.

use super::actions::Action;
use super::dead_letters::{self, DeadLetterTable, Letter};
use super::parked::{self, DeadLetterQueue, Parked, is_dead_letter_queue};
use crate::broker::setup::Service;
use crate::broker::world::World;
use crate::check::ledger::Ledger;

/// Something set aside.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// What it is: `3 order placed`.
    pub label: String,
    /// Its state, in a word or two; may be empty.
    pub state: &'static str,
    /// Where it came from, why it is here, what came of it: a sentence each.
    pub lines: Vec<String>,
    /// What can be done to it now.
    pub actions: Vec<Action>,
}

/// A place where things are set aside.
#[derive(Clone, PartialEq, Debug)]
pub struct Store {
    /// What it is called.
    pub title: String,
    /// What lies there, oldest first.
    pub rows: Vec<Row>,
    /// How many more there are.
    pub more: usize,
    /// What can be done to all of it.
    pub actions: Vec<Action>,
}

/// Whether the scenario has such a place.
pub fn has_stores(world: &World) -> bool {
    let setup = world.setup();
    setup.services.iter().any(Service::has_dead_letters)
        || (0..setup.queues.len() as u8).any(|queue| is_dead_letter_queue(world, queue))
}

/// Every place of the scenario where things are set aside, also those that are empty now.
pub fn stores(world: &World, ledger: &Ledger) -> Vec<Store> {
    let tables = (0..world.setup().services.len() as u8)
        .filter_map(|service| dead_letters::of(world, ledger, world.cast().service(service)));
    let queues = parked::dead_letter_queues(world);
    tables.map(of_table).chain(queues.into_iter().map(of_queue)).collect()
}

fn of_table(table: DeadLetterTable) -> Store {
    let row = |letter: Letter| {
        let attempts = if letter.attempts == 1 { "attempt" } else { "attempts" };
        let why = format!("{} {attempts}; the last time, {}.", letter.attempts, letter.error);
        Row {
            label: letter.label,
            state: letter.state,
            lines: [why, letter.payload, letter.outcome]
                .into_iter()
                .filter(|line| !line.is_empty())
                .collect(),
            actions: letter.actions,
        }
    };
    Store {
        title: table.title,
        rows: table.rows.into_iter().map(row).collect(),
        more: table.earlier,
        actions: table.actions,
    }
}

fn of_queue(queue: DeadLetterQueue) -> Store {
    let row = |parked: Parked| Row {
        label: parked.label,
        state: "parked",
        lines: match parked.from.is_empty() {
            true => vec![parked.reason],
            false => vec![format!("From {}.", parked.from), parked.reason],
        },
        actions: parked.actions,
    };
    Store {
        title: format!("queue {}", queue.title),
        rows: queue.rows.into_iter().map(row).collect(),
        more: queue.more,
        actions: queue.actions,
    }
}
