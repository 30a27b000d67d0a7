//! The tables of the parties: their titles, and the states of their rows.

// The states of rows.
pub const STAGED: &str = "staged";
pub const COMMITTED: &str = "committed";
pub const ROLLED_BACK: &str = "rolled back";
pub const WAITS: &str = "waits";
pub const IN_HAND: &str = "in hand";
pub const LOCKED: &str = "locked";
pub const SENT: &str = "sent";
pub const MISSED: &str = "missed";
pub const DONE: &str = "done";
pub const SKIPPED: &str = "skipped";
pub const HELD: &str = "held";
pub const PARKED: &str = "parked";
pub const EDITED: &str = "edited";
pub const DISCARDED: &str = "discarded";

// The titles of tables.

pub fn table(nouns: &str) -> String {
    format!("table {nouns}")
}

pub const OUTBOX: &str = "table outbox";
pub const DEAD_LETTERS: &str = "dead letters";
pub const IN_MEMORY: &str = "in memory";
pub const INBOX: &str = "table inbox";

pub fn id(id: u16) -> String {
    format!("id {id}")
}

/// The id of a message; where it has several, each has a letter more: `id 2`, `id 2b`, `id 2c`.
pub fn id_of(label: &str, which: u16) -> String {
    match which {
        0 => format!("id {label}"),
        _ => format!("id {label}{}", char::from(b'a' + which.min(25) as u8)),
    }
}

/// The key of the business that a message is about.
pub fn key_of(label: &str) -> String {
    format!("key {label}")
}

pub const OUTBOX_NONE_READ: &str = "outbox, none read";

pub fn outbox_to_id(id: u32) -> String {
    format!("outbox, to id {id}")
}

pub fn outbox_to(order: &str) -> String {
    format!("outbox, to {order}")
}

pub fn log_to(place: u32) -> String {
    format!("log, read to {place}")
}
