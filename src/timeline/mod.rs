//! A run that can be moved in time: forwards, backwards, to a moment, and into another future.

pub mod beside;
pub mod branches;
#[cfg(feature = "files")]
pub mod breach;
pub mod compare;
pub mod interest;
pub mod link;
pub mod marks;
pub mod moment;
pub mod own;
pub mod pack;
pub mod report;
pub mod run;
pub mod session;
pub mod shelf;
