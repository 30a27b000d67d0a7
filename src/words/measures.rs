//! What is measured and shown large.

pub fn promised(bound: &str) -> String {
    format!("promised: {bound}")
}

pub const NONE_YET: &str = "-";
pub const LAST_EFFECT_AFTER: &str = "last effect after";

pub fn the_slowest(worst: &str) -> String {
    format!("the slowest {worst}; ")
}

pub const AN_ANSWER_TAKES: &str = "an answer takes";

pub fn at(when: &str) -> String {
    format!(", at {when}")
}

pub fn from_to(first: &str, last: &str) -> String {
    format!(", from {first} to {last}")
}

pub fn that_failed(nouns: &str) -> String {
    format!("{nouns} that failed")
}

pub fn of_answered(answered: u32, between: &str) -> String {
    format!("of {answered} that have an answer{between}")
}

pub fn waiting_at_most(nouns: &str) -> String {
    format!("{nouns} waiting at most")
}

pub fn waiting_now(waiting: u32, longest: &str) -> String {
    format!("{waiting} now; the longest wait was {longest}")
}
