//! How does a scenario come from a file? Reading, checking with errors that help, the fault grammar, the
//! catalogue: what the page, the terminal and the tests load.
//!
//! ```text
//! text ──read──▶ file (what is written) ──build──▶ Scenario (what it means: a Setup, a seed, promises)
//! ```

pub mod build;
pub mod catalogue;
pub mod expectations;
pub mod file;
pub mod nearest;
pub mod problem;
pub mod read;
pub mod routes;
pub mod spec;
pub mod steps;
pub mod words;
pub mod write;

#[cfg(test)]
mod tests;

pub use build::{Part, Scenario};
pub use problem::Problem;
