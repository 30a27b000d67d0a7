//! A run that can be moved in time: forwards, backwards, to a moment, and into another future.

pub mod breach;
pub mod link;
pub mod marks;
pub mod moment;
pub mod report;
pub mod run;
pub mod session;
