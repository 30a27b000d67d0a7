//! Failures as data: where a party can fail, what happens there, and the plan that says which.

pub mod plan;
pub mod point;
