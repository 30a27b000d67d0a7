//! Which scenarios come with Brokerlab? The files of `scenarios/`, in the order in which they teach: embedded, or
//! (the page) prepared when it was built.

use super::nearest::nearest;
use super::problem::quoted;
use super::ready::Scenario;
use std::sync::OnceLock;

static SCENARIOS: OnceLock<Vec<Scenario>> = OnceLock::new();

/// The scenarios. Without the feature `files` those that were [installed](install).
pub fn scenarios() -> &'static [Scenario] {
    #[cfg(feature = "files")]
    return SCENARIOS.get_or_init(|| {
        // One that could not be read would be missing; a test sees to it that none is.
        files::all().iter().filter_map(|entry| Scenario::read(entry.id, entry.text).ok()).collect()
    });
    #[cfg(not(feature = "files"))]
    return SCENARIOS.get().map(Vec::as_slice).unwrap_or_default();
}

/// Takes the catalogue from its prepared form, unless it is there already.
///
/// # Errors
/// A sentence, if this is not what `prepare` wrote for this version.
pub fn install(prepared: &[u8]) -> Result<(), String> {
    let scenarios = super::prepared::unpack(prepared)?;
    SCENARIOS.get_or_init(|| scenarios);
    Ok(())
}

/// Whether there is a scenario of that name.
pub fn has(id: &str) -> bool {
    // Who asks only this does not come with the texts.
    #[cfg(feature = "files")]
    return files::ids().contains(&id);
    #[cfg(not(feature = "files"))]
    return scenarios().iter().any(|scenario| scenario.id == id);
}

/// The scenario of that name.
///
/// # Errors
/// A sentence with the nearest known name.
pub fn find(id: &str) -> Result<&'static Scenario, String> {
    scenarios().iter().find(|scenario| scenario.id == id).ok_or_else(|| {
        let known = || scenarios().iter().map(|scenario| scenario.id.as_str());
        match nearest(id, known()) {
            Some(guess) => format!("there is no scenario {}; did you mean `{guess}`?", quoted(id)),
            None => {
                format!("there is no scenario {} among the {} of the catalogue", quoted(id), known().count())
            }
        }
    })
}

#[cfg(feature = "files")]
pub use files::{Entry, all, ids};

/// The files themselves.
#[cfg(feature = "files")]
mod files {
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
            /// Their names: who wants only those does not come with the texts.
            const IDS: &[&str] = &[$($id),*];

            /// Grouped as the notes that they teach are (`group`), each naive one near what repairs it.
            const ENTRIES: &[Entry] =
                &[$(Entry { id: $id, text: include_str!(concat!("../../scenarios/", $id, ".toml")) }),*];
        };
    }

    entries! {
        "queue-competing-consumers"
        "queue-slow-consumer-backlog"
        "push-or-poll"
        "sqs-poll-model"
        "sqs-consumer-crash"
        "sqs-visibility-timeout-too-short"
        "sqs-visibility-heartbeat"
        "pubsub-every-subscriber"
        "pubsub-late-subscriber"
        "sns-sqs-fan-out"
        "sns-sqs-one-subscriber-fails"
        "sns-sqs-subscription-dead-letters"
        "exchange-routing"
        "use-large-work-one-worker"
        "use-large-work"
        "use-notifications-in-the-request"
        "use-notifications"
        "use-user-events-direct"
        "use-user-events"
        "use-decoupling-direct"
        "use-decoupling"
        "dual-write-ghost"
        "dual-write-lost"
        "dual-write-broker-down"
        "retry-none"
        "retry-without-delay"
        "retry-with-delay"
        "ghost-sent-in-handler"
        "ghost-collector-before-commit"
        "ghost-collector-after-commit"
        "sender-dead-letter"
        "sender-dead-letter-replay-twice"
        "critical-through-outbox"
        "outbox-polling-relay"
        "outbox-broker-down"
        "outbox-relay-crash"
        "outbox-with-inbox"
        "outbox-mark-before-publish"
        "outbox-mark-after-publish"
        "outbox-cursor-skips-a-row"
        "outbox-log-tailing"
        "outbox-two-relays"
        "outbox-skip-locked"
        "outbox-skip-locked-reorders"
        "outbox-lock-per-key"
        "outbox-row-overtaken"
        "outbox-order-per-key"
        "consumer-acks-first"
        "inbox-store-first"
        "inbox-window-too-short"
        "inbox-new-ids"
        "inbox-business-key"
        "inbox-in-two-transactions"
        "inbox-in-one-transaction"
        "serialize-as-you-send"
        "serialize-before-sending"
        "poison-blocks-the-queue"
        "poison-message"
        "dead-letter-redrive"
    }

    /// The files.
    pub fn all() -> &'static [Entry] {
        ENTRIES
    }

    /// Their names.
    pub fn ids() -> &'static [&'static str] {
        IDS
    }
}
