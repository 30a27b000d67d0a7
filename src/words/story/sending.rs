//! What a service does to send: trying again, parking in its dead-letter table, replaying.

// Why sending failed, within a sentence.
pub const NOT_REACHED: &str = "the broker could not be reached";
pub const NOT_CONFIRMED: &str = "no confirmation came";
pub const NOT_BYTES: &str = "it cannot be turned into bytes";
pub const NO_DATABASE: &str = "the database did not answer";
pub const SERVICE_DOWN: &str = "the service was down";
pub const FAILED: &str = "sending failed";

// Within the unit of work.

pub fn writes_the_rest(order: &str) -> String {
    format!("The rest of {order} is written.")
}

pub const STILL_OPEN: &str = "Still in the open transaction: until the commit nobody else sees it.";

pub fn collects(message: &str) -> String {
    format!("{message} goes into the collector.")
}

pub const SENT_AFTER_COMMIT: &str = "It is only kept in memory for now, and sent when the commit is done.";
pub const SENT_BEFORE_COMMIT: &str =
    "It is only kept in memory for now, and sent with the others just before the commit.";

// Trying again.

pub fn will_retry(who: &str, message: &str) -> String {
    format!("{who} will try again to send {message}.")
}

pub fn attempt(attempt: u16, attempts: u32) -> String {
    format!("Attempt {attempt} of {attempts}")
}

pub fn at_once(which: &str) -> String {
    format!("{which}, at once: if the broker is away for longer, it meets the same silence.")
}

pub fn after_a_wait(which: &str, wait: &str) -> String {
    format!("{which}, after a wait of {wait}: so the broker gets a chance to come back.")
}

pub fn after_a_drawn_wait(which: &str) -> String {
    format!("{which}, after a wait drawn by chance: so not everybody comes back at once.")
}

// The dead-letter table.

pub fn parks(who: &str, message: &str) -> String {
    format!("{who} parks {message} in its dead-letter table.")
}

pub fn the_row_holds(failed: &str) -> String {
    format!(
        "The row holds the message and the error: {failed}. The work goes on, and an operator can send it later."
    )
}

pub fn replays(message: &str) -> String {
    format!("The operator replays {message}.")
}

pub fn replay_fails(message: &str, failed: &str) -> String {
    format!("Replaying {message} fails: {failed}.")
}

pub const IT_HAS_TO_BE_MENDED: &str = "Its row stays. It has to be mended before it can be sent.";
pub const IT_MAY_HAVE_ARRIVED: &str =
    "Its row stays. It may have arrived or not: to replay it again may send it twice.";
pub const ITS_ROW_STAYS: &str = "Its row stays, whether the message has been sent by now or not.";
pub const IT_CAN_BE_REPLAYED: &str = "Its row stays, and it can be replayed again.";

pub fn removes_row(message: &str) -> String {
    format!("{message} is out: its dead-letter row is removed.")
}

pub const FIRST_SENT_THEN_REMOVED: &str =
    "First sent, then removed: a crash in between leaves the row, and the next replay sends it again.";

pub fn discards(message: &str) -> String {
    format!("The operator discards {message}.")
}

pub const NOBODY_WILL_SEND_IT: &str = "Its dead-letter row is gone: nobody will send it any more.";

pub fn edits(message: &str, amount: &str) -> String {
    format!("The operator edits {message} in the dead-letter table: its amount is now {amount}.")
}

pub const IT_IS_A_NUMBER: &str = "That is a number: it can be turned into bytes, and replayed.";
pub const IT_IS_NO_NUMBER: &str =
    "That is not a number: it cannot be turned into bytes, and to replay it would fail.";
