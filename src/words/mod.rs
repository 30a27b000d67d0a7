//! Every word that a person reads of a run, in one place for whoever translates them.
//!
//! Whoever shows something decides *which* sentence it is; how it sounds stands here. So nothing here knows anything
//! of the rest: names, numbers and times come in, text goes out.
//!
//! In scope is what people read on the page, and in the terminal where it tells the same: the story, the stage, the
//! tables, plots, verdicts and promises, what can be done, the sequence diagram, what exports are labelled with, and
//! the page itself. Not in scope are what is wrong about scenario files, faults and links (`scenario`, `timeline`),
//! the help and the tables of the command line, the assertions of `testing`, and names that are a language of
//! their own, also where the page shows them: the fields and values of JSON, the words of the fault grammar (steps,
//! kinds of packet, places of a search). What the lessons teach stands in `lessons/`, and what a scenario calls its
//! parties and their work in `scenarios/`.

// A text says itself what it says.
#![allow(missing_docs)]

pub mod actions;
pub mod diagram;
pub mod exports;
pub mod measures;
pub mod names;
pub mod page;
pub mod plots;
pub mod promises;
pub mod review;
pub mod stage;
pub mod story;
pub mod tables;
pub mod verdicts;
