//! The labels of what a run is exported as: the trace and the Mermaid diagram.

pub const TRANSACTION: &str = "transaction";

pub fn hidden(label: &str) -> String {
    format!("{label} hidden from others")
}

pub const DOWN: &str = "down";
pub const NO_DATABASE: &str = "no database";
pub const CUT_OFF: &str = "cut off";

pub fn send(name: &str) -> String {
    format!("send {name}")
}

pub fn not_heeded(name: &str) -> String {
    format!("{name}: not heeded")
}

pub fn waiting_in(queue: &str) -> String {
    format!("waiting in {queue}")
}

pub const THE_REST_IS_LEFT_OUT: &str = "the rest is left out";
