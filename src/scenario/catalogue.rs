//! Which scenarios come with Brokerlab? The files of `scenarios/`, embedded, in the order in which they teach.

use super::build::{Scenario, unknown_scenario};
use std::sync::OnceLock;

/// A file of the catalogue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its name without the ending; links and tests rely on it.
    pub id: &'static str,
    /// What it says.
    pub text: &'static str,
}

macro_rules! entries {
    ($($id:literal)*) => {
        &[$(Entry { id: $id, text: include_str!(concat!("../../scenarios/", $id, ".toml")) }),*]
    };
}

/// Grouped as the notes that they teach are (`group`), each naive one near what repairs it.
const ENTRIES: &[Entry] = entries! {
    "queue-competing-consumers"
    "pubsub-every-subscriber"
    "pubsub-late-subscriber"
    "sns-sqs-fan-out"
    "sns-sqs-one-subscriber-fails"
    "sns-sqs-subscription-dead-letters"
    "exchange-routing"
    "dual-write-ghost"
    "dual-write-lost"
    "dual-write-broker-down"
    "outbox-polling-relay"
    "outbox-broker-down"
    "outbox-relay-crash"
    "outbox-with-inbox"
    "serialize-as-you-send"
    "serialize-before-sending"
    "poison-blocks-the-queue"
    "poison-message"
};

/// The files.
pub fn all() -> &'static [Entry] {
    ENTRIES
}

/// The scenarios, read once. One that could not be read would be missing; a test sees to it that none is.
pub fn scenarios() -> &'static [Scenario] {
    static READ: OnceLock<Vec<Scenario>> = OnceLock::new();
    READ.get_or_init(|| {
        ENTRIES.iter().filter_map(|entry| Scenario::read(entry.id, entry.text).ok()).collect()
    })
}

/// The scenario of that name.
///
/// # Errors
/// A sentence with the nearest known name.
pub fn find(id: &str) -> Result<&'static Scenario, String> {
    scenarios().iter().find(|scenario| scenario.id == id).ok_or_else(|| unknown_scenario(id))
}
