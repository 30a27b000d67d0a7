//! What must hold: the ledger, an account of its own fed by records, and the promises.
//!
//! ```text
//!   records ──▶ ledger: hope and effects per (message, queue) ──▶ findings ──▶ promises: held, broken, open
//! ```
//! The judge is not a player. What has happened it takes from the records. From the setup it takes what is owed and
//! where hope may lie: which queues a message should reach (subscriptions, bindings and filters with it), the ordering
//! keys, what is promised in time; who waits for confirmations or calls, which consumers store first, and whether
//! relays keep a position or have rows in hand that others mark. It never asks whether a pattern did its work. So a
//! mistake in a pattern shows as a broken promise.

mod account;
mod aside;
mod entries;
pub mod finding;
pub mod ledger;
pub mod measures;
pub mod promise;
mod reach;
mod requests;
mod rounds;
mod shape;
mod tested;
mod weigh;

#[cfg(test)]
mod tests;
