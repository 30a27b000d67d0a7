//! A run that can be moved in time: forwards, backwards, to a moment, and into another future.

pub mod moment;
pub mod run;
pub mod marks;
pub mod link;
pub mod session;
