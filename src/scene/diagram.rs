//! Who told whom what, and when? The run as a sequence diagram: a lane for each party, time downwards, a row for each
//! step. The whole run is read once ([`Index`]); whoever draws asks for the rows that are to be seen ([`window`]).
//!
//! Rows are evenly spaced, a step each, with the virtual time beside them: events come in bunches, and by the clock
//! most would lie on top of each other.

mod index;
mod rows;
pub mod svg;
pub mod words;

pub use index::{Arrow, Bar, BarKind, Fate, Index};
pub use rows::{Row, Text, Weight, Window, window};

use super::names;
use super::story::{self, Line};
use crate::broker::record::{Kind, NONE, Record};
use crate::broker::setup::Role;
use crate::broker::world::World;
use crate::check::ledger::Ledger;
use crate::fault::point::{ActorId, PacketKind};

/// What a lane is called, for each party in the order of the cast.
pub fn lanes(world: &World) -> Vec<String> {
    let cast = world.cast();
    (0..).take(cast.actors.len()).map(|n| names::party_title(world, ActorId(n))).collect()
}

/// The places in the history of that record and of those that led to it, the earliest first; of a long chain the
/// last `most`.
pub fn chain(world: &World, place: u32, most: usize) -> Vec<u32> {
    let mut chain = Vec::new();
    let (mut place, mut message) = (place, None);
    while let Some(record) = world.history().get(place).filter(|_| chain.len() < most) {
        chain.push(place);
        message = record.message().or(message);
        place = before(world, place, record, message);
    }
    chain.reverse();
    chain
}

/// What led to a record that is about that message. Why a relay looked is not told (it always does): it sends what
/// was committed.
fn before(world: &World, place: u32, record: &Record, message: Option<u32>) -> u32 {
    let history = world.history();
    let relay = matches!(world.cast().role(record.actor), Role::Relay(_));
    let looked = |record: &Record| record.kind == Kind::Polled;
    let publishes = record.kind == Kind::Sent && record.packet().0 == PacketKind::Publish;
    let follows = publishes && !history.get(record.cause).is_some_and(looked);
    if !relay || !(looked(record) || follows) {
        return record.cause;
    }
    // Nothing was there to be sent.
    let Some(message) = message.and_then(|message| world.message(message)) else { return NONE };
    let committed = |&place: &u32| {
        history
            .get(place)
            .is_some_and(|record| record.kind == Kind::Committed && record.subject == message.order)
    };
    (0..place).rev().find(committed).unwrap_or(NONE)
}

/// The sentences of such a chain, one for each of its records.
pub fn told(world: &World, ledger: &Ledger, chain: &[u32]) -> Vec<Line> {
    chain.iter().filter_map(|&place| story::of_place(world, ledger, place)).collect()
}

#[cfg(test)]
mod tests;
