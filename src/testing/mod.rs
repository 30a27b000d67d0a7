//! How does a developer test with Brokerlab? Take a scenario (built in Rust, from a file, from the catalogue), run it,
//! assert what must hold, look into tables and queues, break it, and have every placement of faults tried.
//!
//! Add the crate as a dev-dependency with the core and nothing else:
//!
//! ```toml
//! [dev-dependencies]
//! brokerlab = { version = "0.1", default-features = false, features = ["files"] }
//! ```
//!
//! A shop that publishes before it commits tells the customer of an order that was rolled back; with an outbox it
//! does not:
//!
//! ```
//! use brokerlab::testing::*;
//!
//! # fn main() -> Result<(), Wrong> {
//! let shop = |publishing| {
//!     Case::build("My shop")
//!         .service(Service::new("shop", publishing).orders(3).sends(Message::new("order placed", "mails")))
//!         .queue(Queue::new("mails").dead_letters(true))
//!         .consumer(Consumer::new("mailer", "mails").inbox(Inbox::Ids))
//! };
//!
//! let naive = shop(Publishing::BeforeCommit).ready()?.fault("rollback shop #2")?.run();
//! naive.assert_broken(Promise::NoGhost);
//! assert_eq!(naive.verdict().ghosts, 1, "{naive}");
//!
//! let outbox = shop(Publishing::Outbox).relay(Relay::new("relay", "shop")).ready()?;
//! outbox.clone().fault("rollback shop #2")?.run().assert_kept("no-ghost");
//!
//! // Not in one unlucky run only: a crash, a failure, a loss or a twin at every place where there can be one.
//! let tried = outbox.explore(&Search::of_faults(1));
//! tried.assert_always_kept("nothing-lost").assert_always_kept("nothing-twice");
//! assert!(tried.placements() > 100);
//! # Ok(())
//! # }
//! ```
//!
//! An assertion that fails panics with the story of the run up to the moment at which the promise broke, the command
//! that tells it again, and the link that shows it. What can be wrong with what you wrote (a name, a fault, a file) is a
//! [`Wrong`], whose text says where, why and what to do; a test that returns `Result<(), Wrong>` shows it.
//!
//! The same tests run natively and, with `wasm-bindgen-test`, as WebAssembly: `examples/rust-tests`.

mod assert;
mod build;
mod case;
mod command;
mod look;
mod parts;
mod run;
mod search;
mod value;
mod wrong;

#[cfg(test)]
mod tests;

pub use build::Builder;
pub use case::{Case, load, text_of};
pub use look::{Look, Messages};
pub use parts::{Binding, Consumer, Exchange, Message, Queue, Relay, Retry, Service, Subscription, Topic};
pub use run::Run;
pub use search::{Explored, Search};
pub use value::{Spread, ms, secs};
pub use wrong::{PromiseName, Wrong};

pub use crate::broker::backoff::{Jitter, Wait};
pub use crate::broker::routing::{Compare, Condition, Overflow, TopicKind};
pub use crate::broker::setup::{
    AckTime, Inbox, InboxKey, Locking, Marking, OnError, OnFailure, OnSendFailure, Publishing, QueueOrder,
    Reading, SentRows, Serialization,
};
pub use crate::check::finding::{Counts, Verdict};
pub use crate::check::promise::Promise;
pub use crate::explore::{FaultKind, Kinds};
pub use crate::scene::tables::{Row, RowState};
pub use crate::timeline::report::Report;
