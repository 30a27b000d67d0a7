//! The page: draws the scene, sends actions. Nothing here decides a rule of the simulation.

mod app;
mod branches;
mod browser;
mod callout;
mod cards;
mod catalogue;
mod compare;
mod diagram;
mod dialog;
mod download;
mod header;
mod help;
mod icons;
mod inspector;
mod lesson;
mod plots;
mod present;
mod review;
mod search;
mod share;
mod stage;
mod story;
mod tabs;
mod tokens;
mod transport;
mod verdict;
mod worker;

pub use app::{App, open};
