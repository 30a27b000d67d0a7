//! The model: the world, and the parties in it.
//!
//! ```text
//!   service + database ──publish──▶ broker: topic ─▶ queue ──delivery──▶ consumer + database
//!        └ outbox ◀─poll─ relay ──publish──▶   ◀──confirm / ack / nack──
//! ```
//! Four kinds of message, four enums, four files: what is asked from outside ([`command`]), what waits
//! ([`event`]), what a party asks for while it runs (methods of the world), what happened ([`record`]).

pub mod command;
pub mod event;
pub mod record;
pub mod setup;
pub mod world;
