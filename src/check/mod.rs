//! What must hold: the ledger, an account of its own fed by records, and the promises.
//!
//! ```text
//!   records ──▶ ledger: hope and effects per (message, queue) ──▶ findings ──▶ promises: held, broken, open
//! ```
//! The judge is not a player: from the setup it takes only which queues a message should reach, and everything
//! else from the records. So a mistake in a pattern shows as a broken promise.

mod account;
mod entries;
pub mod finding;
pub mod ledger;
pub mod measures;
pub mod promise;
mod reach;
mod requests;
mod rounds;
mod weigh;

#[cfg(test)]
mod tests;
