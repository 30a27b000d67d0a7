//! What stands on the stage: what parties are, how they work, what they do now, and what went wrong there.

use std::fmt::Display;

// What stands in the broker.
pub const TOPIC: &str = "topic";
pub const EXCHANGE: &str = "exchange";
pub const QUEUE: &str = "queue";
pub const A_PERSON: &str = "a person";

// What the judge found, at the party where it shows.

pub fn does_not_exist(order: &str) -> String {
    format!("{order} does not exist")
}

pub fn nobody_hears_of(order: &str) -> String {
    format!("nobody hears of {order}")
}

pub fn never_hears_of(who: &str, order: &str) -> String {
    format!("{who} never hears of {order}")
}

pub fn never_done_by(who: &str, order: &str) -> String {
    format!("{order}: never done by {who}")
}

pub fn done_twice(order: &str) -> String {
    format!("{order}: done twice")
}

pub fn half_told(order: &str) -> String {
    format!("{order} is half told")
}

pub fn stuck(order: &str) -> String {
    format!("{order} is stuck")
}

pub fn parked(order: &str) -> String {
    format!("{order} is parked")
}

pub fn out_of_order(order: &str) -> String {
    format!("{order} came out of order")
}

pub fn failed(order: &str) -> String {
    format!("{order} failed: an error is shown")
}

pub fn late_answer(order: &str) -> String {
    format!("{order}: a late answer")
}

pub const NOT_DONE_IN_TIME: &str = "not done in time";

// How a party works.
pub const CRITICAL_BY_OUTBOX: &str = "critical ones by the outbox";
pub const PUBLISHES: &str = "publishes";
pub const PUBLISHES_COMMITS: &str = "publishes, then commits";
pub const COMMITS_PUBLISHES: &str = "commits, then publishes";
pub const MESSAGE_BESIDE_ROW: &str = "message beside the row, one commit";
pub const CALLS_WAITS_COMMITS: &str = "calls, waits, then commits";
pub const PUBLISHES_AT_WORK: &str = "publishes while it works";
pub const COLLECTS_PUBLISHES_COMMITS: &str = "collects, publishes, then commits";
pub const COLLECTS_COMMITS_PUBLISHES: &str = "collects, commits, then publishes";
pub const ASKS_KEEPS_DELETES: &str = "asks, keeps ids, deletes";
pub const ASKS_DELETES_ACTS: &str = "asks, deletes, acts";
pub const ASKS_ACTS_KEEPS_HIDDEN: &str = "asks, acts, keeps it hidden";
pub const ASKS_ACTS_DELETES: &str = "asks, acts, deletes";
pub const ACTS_REPLIES: &str = "acts, then replies";

// What a party does now.
pub const DOWN: &str = "down";
pub const NO_DATABASE: &str = "its database does not answer";
pub const WAITS_FOR_WORK: &str = "waits for work";

pub fn opens_transaction(order: &str) -> String {
    format!("{order}: opens a transaction")
}

pub fn writes_row(order: &str) -> String {
    format!("{order}: writes the row")
}

pub fn serializes(order: &str) -> String {
    format!("{order}: serializes")
}

pub fn writes_outbox_row(order: &str) -> String {
    format!("{order}: writes the outbox row")
}

pub fn will_try_again(order: &str) -> String {
    format!("{order}: will try again")
}

pub fn publishes(order: &str) -> String {
    format!("{order}: publishes")
}

pub fn collects(order: &str) -> String {
    format!("{order}: collects its messages")
}

pub fn writes_the_rest(order: &str) -> String {
    format!("{order}: writes the rest")
}

pub fn parks(order: &str) -> String {
    format!("{order}: parks the message")
}

pub fn waits_for_broker(order: &str) -> String {
    format!("{order}: waits for the broker")
}

pub fn calls(order: &str) -> String {
    format!("{order}: calls")
}

pub fn waits_for_reply(order: &str) -> String {
    format!("{order}: waits for the reply")
}

pub fn commits(order: &str) -> String {
    format!("{order}: commits")
}

pub const WAITS_FOR_ANSWER: &str = "waits for an answer";

pub fn asks_again(next: &dyn Display) -> String {
    format!("asks again at {next}")
}

pub const WAITS_FOR_CALL: &str = "waits for a call";
pub const WAITS_FOR_MESSAGE: &str = "waits for a message";

pub fn deletes(order: &str) -> String {
    format!("{order}: deletes it")
}

pub fn replies(order: &str) -> String {
    format!("{order}: replies")
}

pub fn acknowledges(order: &str) -> String {
    format!("{order}: acknowledges")
}

pub fn looks_into_inbox(order: &str) -> String {
    format!("{order}: looks into the inbox")
}

pub fn works(order: &str) -> String {
    format!("{order}: works")
}
