//! How does somebody else see the same run? The command that tells it again.

use super::case::Case;
use crate::scenario::write::shell_word;
use crate::sim::time::Span;
use std::fmt::Write;

/// The command line that runs the case: `brokerlab run shop.toml --seed 7 --fault 'crash relay after publish'`.
pub(super) fn command(case: &Case) -> String {
    let mut text = format!("brokerlab run {} --seed {}", shell_word(&case.argument()), case.scenario().seed);
    let (bare, faults, until) = case.options();
    if bare {
        text.push_str(" --no-own-faults");
    }
    for fault in faults {
        let _ = write!(text, " --fault {}", shell_word(fault));
    }
    if let Some(until) = until {
        let _ = write!(text, " --until {}", Span(until.0));
    }
    text
}
