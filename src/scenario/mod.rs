//! How does a scenario come from a file? Reading, checking with errors that help, the fault grammar, the
//! catalogue: what the page, the terminal and the tests load.
//!
//! ```text
//! text ──read──▶ file (what is written) ──build──▶ Scenario (what it means: a Setup, a seed, promises)
//!                                                     │  ▲
//!                                                     ▼  │ prepared (bytes, for the page)
//! ```

#[cfg(feature = "files")]
pub mod build;
#[cfg(feature = "files")]
mod calls;
pub mod catalogue;
pub mod change;
#[cfg(feature = "files")]
pub mod compact;
pub mod expectations;
#[cfg(feature = "files")]
pub mod file;
pub mod nearest;
#[cfg(feature = "files")]
mod outboxes;
#[cfg(feature = "files")]
pub mod polling;
pub mod prepared;
pub mod problem;
#[cfg(feature = "files")]
pub mod read;
pub mod ready;
#[cfg(feature = "files")]
pub mod rewrite;
#[cfg(feature = "files")]
pub mod routes;
pub mod spec;
pub mod steps;
pub mod words;
pub mod write;

#[cfg(test)]
mod tests;

pub use problem::Problem;
pub use ready::{Part, Scenario};
