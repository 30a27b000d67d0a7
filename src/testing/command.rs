//! How does somebody else see the same run? The command that tells it again.

use super::case::Case;
use crate::sim::time::Span;
use std::fmt::Write;

/// The command line that runs the case: `brokerlab run shop.toml --seed 7 --fault 'crash relay after publish'`.
pub(super) fn command(case: &Case) -> String {
    let mut text = format!("brokerlab run {} --seed {}", word(&case.argument()), case.scenario().seed);
    let (bare, faults, until) = case.options();
    if bare {
        text.push_str(" --no-own-faults");
    }
    for fault in faults {
        let _ = write!(text, " --fault {}", word(fault));
    }
    if let Some(until) = until {
        let _ = write!(text, " --until {}", Span(until.0));
    }
    text
}

/// The text as one word of a shell.
fn word(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
