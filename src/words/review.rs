//! What has been set aside: where it came from, why it is there, what came of it.

// In a queue of dead letters.

pub fn lies_in(message: &str, name: &str) -> String {
    format!("{message} lies in {name}.")
}

pub fn queue(name: &str) -> String {
    format!("queue {name}")
}

pub const PARKED: &str = "parked";

pub fn from(from: &str) -> String {
    format!("From {from}.")
}

pub const ONCE: &str = "once";

pub fn times(times: u16) -> String {
    format!("{times} times")
}

pub fn handler_failed(who: &str) -> String {
    format!("the handler of {who} failed on it")
}

pub fn could_not_read(who: &str) -> String {
    format!("{who} could not read it")
}

pub fn crashed_with_it(who: &str) -> String {
    format!("{who} crashed with it in hand")
}

pub const NOT_DELETED_IN_TIME: &str = "it was not deleted before its timeout was over";

pub fn received(times: &str, why: &str) -> String {
    format!("Received {times}; the last time, {why}.")
}

// In a dead-letter table.

pub fn dead_letters_of(title: &str) -> String {
    format!("dead letters of the {title}")
}

pub fn never_sent(error: &str) -> String {
    format!("Never sent: {error}.")
}

pub fn sent_once(error: &str) -> String {
    format!("Sent once: {error}.")
}

pub fn sent(times: u32, error: &str) -> String {
    format!("Sent {times} times; the last time, {error}.")
}

pub const STAGED: &str = "staged";
pub const IS_REPLAYED: &str = "is replayed";
pub const PARKED_EDITED: &str = "parked, edited";
pub const ROLLED_BACK: &str = "rolled back";
pub const REPLAYED: &str = "replayed";
pub const DISCARDED: &str = "discarded";

pub fn has_handled(listener: &str) -> String {
    format!("{listener} has handled it")
}

pub fn has_handled_times(listener: &str, times: u32) -> String {
    format!("{listener} has handled it {times} times")
}

pub const ROLLED_BACK_WITH_IT: &str = "its order was rolled back, and the row with it";
pub const NEVER_WILL_BE_SENT: &str = "it was never sent, and will not be";
pub const A_REPLAY_FAILED: &str = "a replay failed, and it is still here";
pub const THE_BROKER_HAS_IT: &str = "the broker has it";

pub fn broker_got_it(times: u8) -> String {
    format!("the broker was given it {times} times")
}
