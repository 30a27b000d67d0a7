//! The plots: their titles, and what each comes to in a sentence.

use std::fmt::Display;

pub const WAITING: &str = "Waiting in the queues";
pub const HANDED_OUT: &str = "Handed out, not acknowledged";
pub const OLDEST: &str = "Age of the oldest that waits";

pub fn done_lately(span: &str) -> String {
    format!("Done in the last {span}")
}

pub const TO_THE_EFFECT: &str = "From the beginning to the effect";
pub const TO_THE_ANSWER: &str = "From the request to the answer";
pub const ALWAYS_NONE: &str = "Always none.";

pub fn at_most(most: &str, when: &dyn Display) -> String {
    format!("At most {most}, at {when}.")
}

pub const NONE: &str = "None.";

pub fn percentiles(p50: &str, p95: &str, p99: &str, most: &str) -> String {
    format!("Half within {p50} (p50), 95 % within {p95} (p95), 99 % within {p99} (p99), all within {most}.")
}
