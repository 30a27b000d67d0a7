//! What is to be seen: pure view models over the world, its history and the judge's account. The page and the
//! terminal draw them; no rule of the simulation is decided here.

pub mod actions;
mod at_work;
pub mod callout;
mod causes;
pub mod dead_letters;
pub mod diagram;
pub mod edited;
pub mod export;
mod found;
mod inbox;
mod json;
pub mod layout;
pub mod measures;
mod mermaid;
pub mod names;
mod outbox;
pub mod parked;
pub mod plots;
mod polling;
pub mod qr;
pub mod records;
pub mod review;
pub mod routed;
mod sending;
mod sentence;
pub mod stage;
pub mod story;
pub mod tables;
pub mod tokens;
mod trace;

#[cfg(test)]
mod tests;
