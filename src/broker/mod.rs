//! The model: the world, and the parties in it.
//!
//! ```text
//!   service + database ──publish──▶ broker: topic ─▶ queue ──delivery──▶ consumer + database
//!        └ outbox ◀─poll─ relay ──publish──▶   ◀──confirm / ack / nack──
//! ```
//! Three kinds of data, three files: what is asked from outside ([`command`]), what waits in the agenda
//! ([`event`]), what happened ([`record`]). The parties are state machines of single steps; each keeps to a file
//! of its own, touches its own state, and reaches the others only by packets on a wire.

pub mod backoff;
pub mod command;
pub mod consumer;
pub mod dead_letter;
pub mod edited;
pub mod event;
pub mod inbox;
pub mod limits;
mod order;
mod outage;
pub mod outbox;
pub mod poll;
pub mod poller;
pub mod program;
mod publisher;
pub mod queue;
pub mod record;
pub mod relay;
pub mod routing;
mod rules;
pub mod service;
pub mod setup;
mod shape;
mod ties;
mod topic;
pub mod wire;
pub mod world;
