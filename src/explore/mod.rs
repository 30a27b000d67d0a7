//! Where does it fail? The machine tries every placement of a few faults, in the very world that the page shows,
//! judged by the very same ledger.

pub mod found;
pub mod kinds;
mod orders;
pub mod search;
pub mod shares;
pub mod shrink;
pub mod table;
#[cfg(test)]
mod tests;
mod tree;

pub use found::{Counterexample, Found, Outcome, Standing};
pub use kinds::{FaultKind, Kinds};
pub use search::{Options, Search, explore};
