//! What relays do with the rows of an outbox, how they work, and why a row is never sent, or sent twice.

use std::fmt::Display;

// Looking for rows.

pub fn finds_no_database(who: &str) -> String {
    format!("{who} finds no database: it will look again.")
}

pub const NOTHING_IS_LOST_BY_WAITING: &str =
    "Nothing is lost by that: what waits in the outbox waits a little longer.";

pub fn reads_one_commit(who: &str) -> String {
    format!("{who} reads the log of the database: 1 new commit.")
}

pub fn reads_commits(who: &str, rows: u32) -> String {
    format!("{who} reads the log of the database: {rows} new commits.")
}

pub fn finds_no_higher_ids(who: &str) -> String {
    format!("{who} looks for higher ids in the outbox: there are none.")
}

pub fn finds_one_higher_id(who: &str) -> String {
    format!("{who} looks for higher ids in the outbox: 1 row.")
}

pub fn finds_higher_ids(who: &str, rows: u32) -> String {
    format!("{who} looks for higher ids in the outbox: {rows} rows.")
}

pub fn finds_nothing_old_enough(who: &str) -> String {
    format!("{who} looks into the outbox: nothing is older than every open transaction.")
}

pub fn finds_one_row_old_enough(who: &str) -> String {
    format!("{who} looks into the outbox: 1 row that is old enough.")
}

pub fn finds_rows_old_enough(who: &str, rows: u32) -> String {
    format!("{who} looks into the outbox: {rows} rows that are old enough.")
}

pub fn finds_none_without_a_gap(who: &str) -> String {
    format!("{who} looks for higher ids in the outbox: none that follows without a gap.")
}

pub fn finds_no_free_row(who: &str) -> String {
    format!("{who} looks into the outbox: no row is free.")
}

pub fn locks_one_row(who: &str) -> String {
    format!("{who} looks into the outbox and locks 1 row.")
}

pub fn locks_rows(who: &str, rows: u32) -> String {
    format!("{who} looks into the outbox and locks {rows} rows.")
}

pub fn finds_nothing_waiting(who: &str) -> String {
    format!("{who} looks into the outbox: nothing waits.")
}

pub fn finds_one_row_waiting(who: &str) -> String {
    format!("{who} looks into the outbox: 1 row waits.")
}

pub fn finds_rows_waiting(who: &str, rows: u32) -> String {
    format!("{who} looks into the outbox: {rows} rows wait.")
}

pub fn has_in_hand(who: &str, message: &str) -> String {
    format!("{who} has {message} in hand.")
}

// Marking rows, or noting a position.

pub fn marks_before_sending(who: &str, message: &str) -> String {
    format!("{who} marks {message} as sent, and has not sent it yet.")
}

pub fn marks_as_sent(who: &str, message: &str) -> String {
    format!("{who} marks {message} as sent.")
}

pub fn notes_position_before_sending(who: &str, message: &str) -> String {
    format!("{who} notes that it has read as far as {message}, and has not sent it yet.")
}

pub const NOBODY_WILL_EVER_SEND_IT: &str = "If it crashes now, nobody will ever send it.";
pub const THE_ROW_IS_DELETED: &str = "The row is deleted: it will not be sent again.";
pub const NOT_SENT_AGAIN: &str = "From now on it will not be sent again.";

pub fn notes_highest_id(who: &str, message: &str) -> String {
    format!("{who} notes the id of the row of {message}: next time it asks only for higher ones.")
}

pub const A_LOWER_ID_IS_NEVER_ASKED_FOR: &str =
    "A row with a lower id that is committed later is never asked for.";

pub fn notes_all_sent(who: &str, message: &str) -> String {
    format!("{who} notes that it has sent all as far as {message}.")
}

pub const NOTHING_OLDER_IS_OPEN: &str =
    "No transaction that is still open is older, so nothing can come before it any more.";

pub fn notes_id_after_gap(who: &str, message: &str) -> String {
    format!("{who} notes the id of the row of {message}.")
}

pub const THE_GAP_IS_OVER: &str = "What is missing before it was rolled back, or was waited for in vain.";

pub fn notes_place_in_log(who: &str, message: &str) -> String {
    format!("{who} notes that it has read the log as far as {message}.")
}

pub const READS_ON_FROM_HERE: &str = "After a crash it reads on from here.";

pub fn deletes_one_sent_row(who: &str) -> String {
    format!("{who} deletes 1 row that was sent a while ago.")
}

pub fn deletes_sent_rows(who: &str, rows: u32) -> String {
    format!("{who} deletes {rows} rows that were sent a while ago.")
}

pub const THE_TABLE_WOULD_GROW: &str = "Otherwise the table would grow for ever.";

// What becomes of the row of what is sent.
pub const MARKED_ALREADY: &str =
    "Its row is marked as sent already: nothing is left from which it could be sent again.";
pub const ROW_STAYS_UNTIL_CONFIRMED: &str = "Its row stays in the outbox until the broker has confirmed it.";
pub const NOTED_WHEN_CONFIRMED: &str =
    "The relay notes how far it has read only when the broker has confirmed it.";
pub const NOBODY_TRIES_AGAIN: &str = "Its row is marked as sent already, so nobody will try again.";
pub const THE_RELAY_TRIES_AGAIN: &str = "Its row stays in the outbox, and the relay will try again.";
pub const ROW_STAYS_WITH_ITS_KEY: &str =
    "Its row stays in the outbox, and with it the other rows of its key. What belongs to other keys goes on.";
pub const ROW_STAYS_AND_IS_OVERTAKEN: &str =
    "Its row stays in the outbox. The relay goes on with the next, which so overtakes it.";

// Why a message is lost, sent twice or overtaken.
pub const MARKED_THEN_CRASHED: &str = "The relay had marked its row as sent before it sent it, and then it crashed. When it is up again it will find nothing to send.";
pub const ID_BELOW_THE_CURSOR: &str = "Its row took its id before the commit, and was committed when the relay had seen a higher one. The relay asks only for higher ids, so it never sees this row.";
pub const ID_BELOW_THE_WAITED_FOR: &str = "Its row took its id before the commit, and was committed when the relay had waited for that id long enough and gone on. It never sees this row.";
pub const MARKED_THEN_NOT_SENT: &str =
    "The relay had marked its row as sent before it sent it, so nobody sends it again.";
pub const NOT_YET_NOTED_PLACE: &str =
    "noted how far it had read the log. Up again, it read it from the old place and sent it again";
pub const NOT_YET_NOTED_ID: &str = "noted its id. Up again, it found it once more and sent it again";
pub const NOT_YET_MARKED: &str =
    "marked the row as sent. Up again, it found the row unmarked and sent it again";

pub fn left_for_later(who: &str) -> String {
    format!("{who} could not send it, left its row for later and went on with the next ones.")
}

pub fn next_of_key_taken(one: &str, two: &str) -> String {
    format!(
        "{one} had it in hand, {two} took the next row of the same key, and nothing keeps one behind the other."
    )
}

// How a relay works, and what it is at.
pub const READS_THE_LOG: &str = "reads the log";

pub fn asks_for_higher_ids(interval: &dyn Display) -> String {
    format!("asks for higher ids every {interval}")
}

pub const READS_WHAT_NOTHING_OPEN_PRECEDES: &str = "reads what nothing open precedes";

pub fn waits_at_a_gap(wait: &dyn Display) -> String {
    format!("asks by id, waits {wait} at a gap")
}

pub fn polls(interval: &dyn Display) -> String {
    format!("polls every {interval}")
}

pub const MARKS_FIRST: &str = ", marks, then publishes";
pub const SKIPS_LOCKED: &str = ", skips locked rows";
pub const LOCKS_THE_KEY: &str = ", locks the key";
pub const HOLDS_UP_ITS_KEY: &str = ", a failing row holds up its key";
pub const PASSES_OVER: &str = ", passes over a failing row";

pub fn sleeps(next: &dyn Display) -> String {
    format!("sleeps, polls again at {next}")
}

pub const WAITS_FOR_COMMIT: &str = "waits for the next commit";

pub fn sends(order: &str) -> String {
    format!("{order}: sends")
}

pub fn waits_for_broker(order: &str) -> String {
    format!("{order}: waits for the broker")
}

pub fn marks(order: &str) -> String {
    format!("{order}: marks as sent")
}

pub fn notes_position(order: &str) -> String {
    format!("{order}: notes how far it has read")
}
