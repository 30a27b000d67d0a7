//! What happened, and why: one plain sentence for each step. A function or a constant is named by what it says
//! happened; a reason stands beside what it is a reason for.

pub mod edited;
pub mod found;
pub mod happened;
pub mod inbox;
pub mod outbox;
pub mod polling;
pub mod routing;
pub mod sending;
