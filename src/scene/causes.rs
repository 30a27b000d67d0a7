//! What led to it? The chain of causes behind a record.

use crate::broker::record::Record;
use crate::broker::world::World;

/// The records that led to that one, with their places, the latest first.
pub fn causes<'w>(world: &'w World, record: &Record) -> impl Iterator<Item = (u32, Record)> + use<'w> {
    let history = world.history();
    let mut next = record.cause;
    std::iter::from_fn(move || {
        let (place, found) = (next, *history.get(next)?);
        next = found.cause;
        Some((place, found))
    })
}
