//! The page: draws the scene, sends actions. Nothing here decides a rule of the simulation.

mod app;
mod browser;
mod catalogue;
mod header;
mod help;
mod icons;
mod inspector;
mod search;
mod stage;
mod story;
mod tabs;
mod tokens;
mod transport;
mod verdict;

pub use app::{App, open};
