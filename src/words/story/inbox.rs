//! What consumers keep of messages, and how they work.

use std::fmt::Display;

// What it knows a repeat by, within a sentence.
pub const BUSINESS_KEY: &str = "business key";
pub const ID: &str = "id";

pub fn knows_and_skips(who: &str, message: &str) -> String {
    format!("{who} knows {message} already and does nothing.")
}

pub fn a_repeat(id: &str) -> String {
    format!("Its {id} is in the inbox: this is a repeat.")
}

pub fn notes_id(who: &str, id: &str, message: &str) -> String {
    format!("{who} notes the {id} of {message} in its inbox.")
}

pub const IN_ITS_OWN_TRANSACTION: &str = "In a transaction of its own, before the work is done.";
pub const IN_THE_SAME_TRANSACTION: &str = "In the same transaction as the effect: both, or neither.";

pub fn does_not_find_id(who: &str, id: &str, message: &str) -> String {
    format!("{who} looks for the {id} of {message} in its inbox: it is not there.")
}

pub const TO_BE_DONE: &str = "So the work is to be done.";

pub fn commits_id(who: &str, id: &str, message: &str) -> String {
    format!("{who} commits the {id} of {message} to its inbox.")
}

pub const THE_EFFECT_WAS_FIRST: &str = "The effect was a fact before; only now would a repeat be recognised.";

pub fn commits_id_first(who: &str, id: &str, message: &str) -> String {
    format!("{who} commits the {id} of {message} to its inbox, and has not done the work yet.")
}

pub const A_CRASH_NOW_SKIPS_IT: &str = "If it crashes now, a repeat will be taken for done.";

pub fn forgets_id(who: &str, id: &str, message: &str) -> String {
    format!("{who} deletes the {id} of {message} from its inbox: it is too old.")
}

pub const NO_LONGER_RECOGNISED: &str = "From now on a repeat of it would not be recognised.";

pub fn stores(who: &str, message: &str) -> String {
    format!("{who} stores {message} in its inbox.")
}

pub const SAFE_HERE: &str = "Now it is safe here, and the broker need not keep it until the work is done.";

pub fn puts_back(who: &str, message: &str) -> String {
    format!("{who} has not done its work on {message}: it waits in the inbox.")
}

pub const IT_CRASHED: &str = "It crashed; what was stored stays, and is worked on when it is back.";
pub const NO_DATABASE: &str = "The database did not answer. It tries again in a little while.";
pub const THE_COMMIT_FAILED: &str = "The commit failed. It tries again in a little while.";
pub const THE_HANDLER_FAILED: &str =
    "The handler failed. It tries again in a little while; the broker is not troubled with it.";

pub fn knows_already(who: &str, message: &str) -> String {
    format!("{who} knows {message} already.")
}

// What a rollback at a consumer undoes.
pub const UNDONE_TOGETHER: &str = "Effect and inbox id are undone together.";
pub const THE_ID_STAYS: &str = "An id that was committed before stays: the message is taken for done.";
pub const THE_EFFECT_IS_UNDONE: &str = "The effect is undone.";

// Why an effect is lost or doubled although there is an inbox.
pub const ID_BEFORE_EFFECT: &str = "Its id was committed to the inbox before the effect, and in between the consumer crashed or failed. When the message came again it was taken for done.";
pub const EFFECT_BEFORE_ID: &str = "The effect was a fact before the id was in the inbox, and in between the consumer crashed. When the message came again nobody knew it.";
pub const EACH_ATTEMPT_A_NEW_ID: &str =
    "Each attempt at sending it gave it a new id: the inbox took the second for another message.";
pub const ID_FORGOTTEN: &str = "The inbox had forgotten the id by then: it remembers ids only for a while.";

// How a consumer works, and what it is at.
pub const KEEPS_KEYS_ACKS: &str = "keeps keys, acknowledges";
pub const KEEPS_IDS_ACKS: &str = "keeps ids, acknowledges";
pub const ACTS_NOTES_COMMITS: &str = "acts, notes the id, commits";
pub const SETS_ACKS: &str = "sets, then acknowledges";
pub const ACKS_SETS: &str = "acknowledges, then sets";
pub const NOTES_ACTS: &str = "notes the id, then acts";
pub const ACTS_NOTES: &str = "acts, then notes the id";
pub const STORES_WORKS_LATER: &str = "stores, works later";
pub const ACTS_ACKS: &str = "acts, then acknowledges";
pub const ACKS_ACTS: &str = "acknowledges, then acts";

pub fn keeps_ids_for(window: &dyn Display) -> String {
    format!("keeps ids for {window}")
}

pub fn takes_from_inbox(order: &str) -> String {
    format!("{order}: takes it from the inbox")
}

pub fn commits(order: &str) -> String {
    format!("{order}: commits")
}

pub fn works(order: &str) -> String {
    format!("{order}: works")
}
