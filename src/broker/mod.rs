//! The model: the world, and the parties in it.
//!
//! ```text
//!   service + database ──publish──▶ broker: topic ─▶ queue ──delivery──▶ consumer + database
//!        └ outbox ◀─poll─ relay ──publish──▶   ◀──confirm / ack / nack──
//! ```
//! Three kinds of data, three files: what is asked from outside ([`command`]), what waits in the agenda
//! ([`event`]), what happened ([`record`]). The parties are state machines of single steps; each keeps to a file
//! of its own, touches its own state, and reaches the others only by packets on a wire.

pub mod setup;
pub mod command;
pub mod event;
pub mod record;
pub mod world;
mod rules;
pub mod wire;
pub mod service;
pub mod relay;
pub mod queue;
pub mod consumer;
mod outage;
#[cfg(test)]
mod tests;
