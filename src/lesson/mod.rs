//! What is there to learn from a run? The lesson beside a scenario, the question asked before it plays, and the
//! interview cards. Their texts are data (`lessons/en/`); what is true is computed by running.
//!
//! ```text
//! lessons/en/*.toml ──read──▶ Lesson, Card ──▶ Task::done (what the run really did), Question (what will happen),
//!                                              Show (the moment that a card is about)
//! ```

pub mod condition;
pub mod count;
pub mod question;
#[cfg(feature = "files")]
pub mod read;
pub mod show;
pub mod text;

pub use text::{Card, Lesson};
