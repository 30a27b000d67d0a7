//! What has been set aside, and what can an operator do about it? Every dead-letter table and queue of the scenario,
//! in one form.

use super::actions::Action;
use super::{dead_letters, names, parked};
use crate::broker::command::{Amount, Command, Letters, Operator};
use crate::broker::setup::Service;
use crate::broker::world::World;
use crate::check::ledger::Ledger;
use crate::fault::point::ActorId;

/// The serialized form of a message, with the part that can be broken between what stands before and after it.
#[derive(Clone, PartialEq, Debug)]
pub struct Payload {
    /// `{ "type": "order placed", "order": "2 lamp", "amount": `.
    pub before: String,
    /// `NaN`.
    pub amount: String,
    /// ` }`.
    pub after: &'static str,
    /// Whether it cannot be serialized as it stands or, in a queue, no handler can cope with it.
    pub broken: bool,
    /// What would be edited, while it can be.
    pub editable: Option<Editable>,
    /// Why it can't be edited now, where that is worth a word.
    pub refused: Option<String>,
}

/// What can be edited, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Editable {
    /// The row of that number of that service's dead-letter table: where it stands.
    Row(ActorId, u32),
    /// That message in that queue: it is taken out, and an edited copy is sent.
    Copy(u8, u32),
}

impl Payload {
    /// What edits it to say that. None, if it can't be edited now, or can't say that.
    pub fn edit(&self, amount: &str) -> Option<Command> {
        let to = Some(Amount::new(amount)?);
        Some(Command::Operate(match self.editable? {
            Editable::Row(service, number) => Operator::Edit { service, letters: Letters::One(number), to },
            Editable::Copy(queue, message) => Operator::SendEdited { queue, message, to },
        }))
    }

    /// What that message says: the amount that was written by hand, if one was, and whether it is broken.
    pub(super) fn new(
        world: &World,
        message: u32,
        (amount, broken): (Option<Amount>, bool),
        editable: Option<Editable>,
    ) -> Payload {
        let order = world.message(message).map_or(0, |message| message.order);
        let noun = &world.setup().services[names::service_of(world, order) as usize].noun;
        let (name, row) = (dead_letters::kind_name(world, message), names::row(world, order));
        Payload {
            before: format!("{{ \"type\": \"{name}\", \"{noun}\": \"{row}\", \"amount\": "),
            amount: match amount {
                Some(amount) => amount.text().to_owned(),
                None if broken => "NaN".to_owned(),
                None => dead_letters::right_amount(order),
            },
            after: " }",
            broken,
            editable,
            refused: None,
        }
    }
}

/// Something set aside.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Tells it from the others of its store.
    pub id: u32,
    /// What it is: `3 order placed`.
    pub label: String,
    /// Its state, in a word or two.
    pub state: &'static str,
    /// Where it came from, why it is here, what came of it: a sentence each.
    pub lines: Vec<String>,
    /// What was serialized, where that is kept.
    pub payload: Option<Payload>,
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
    /// Whether its rows can be edited where they stand: no queue lets anybody do that.
    pub is_table: bool,
}

/// The most rows that are shown of one place.
pub(super) const MOST: usize = 200;

/// Whether the scenario has such a place.
pub fn has_stores(world: &World) -> bool {
    let setup = world.setup();
    setup.services.iter().any(Service::has_dead_letters)
        || (0..setup.queues.len() as u8).any(|queue| parked::is_reviewed(world.setup(), queue))
}

/// Every place of the scenario where things are set aside, also those that are empty now.
pub fn stores(world: &World, ledger: &Ledger) -> Vec<Store> {
    let services = (0..world.setup().services.len() as u8).map(|service| world.cast().service(service));
    let tables = services.filter_map(|service| dead_letters::of(world, ledger, service));
    tables.chain(parked::dead_letter_queues(world)).collect()
}
