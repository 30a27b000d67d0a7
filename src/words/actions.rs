//! What can be done by hand: what the buttons say.

use std::fmt::Display;

// To a party.
pub const TAKE_DOWN: &str = "Take it down";
pub const BRING_UP: &str = "Bring it up";
pub const RESTART: &str = "Restart";
pub const MEND_WIRE: &str = "Mend its wire";
pub const MEND_DATABASE: &str = "Mend its database";

pub fn roll_back(noun: &str) -> String {
    format!("Roll back next {noun}")
}

pub const FAIL_SERIALIZATION: &str = "Fail next serialization";
pub const STOP: &str = "Stop, to replace it";
pub const CRASH: &str = "Crash";
pub const CRASH_AFTER_NEXT_STEP: &str = "Crash after next step";
pub const CUT_WIRE_TO_BROKER: &str = "Cut its wire to the broker";
pub const CUT_WIRE: &str = "Cut its wire";
pub const DATABASE_DOWN: &str = "Its database stops answering";

pub fn spoil_next(noun: &str) -> String {
    format!("Make the message of the next {noun} a bad one")
}

pub const FAIL_DECODE: &str = "Fail to decode the next delivery";
pub const FAIL_HANDLER: &str = "Fail in the next handler";
pub const LOSE_ANSWER: &str = "Lose the next answer to it";
pub const LOSE_DELETE: &str = "Lose its next delete";

// To the way from a topic or exchange to a queue.

pub fn subscribe(name: &str) -> String {
    format!("Subscribe {name} now")
}

pub fn reach_again(of: &str, name: &str) -> String {
    format!("Let {of} reach {name} again")
}

pub fn cut_off(name: &str, of: &str) -> String {
    format!("Cut {name} off from {of}")
}

// To what a queue holds.

pub fn move_back(name: &str) -> String {
    format!("Move {name} back")
}

pub fn throw_away_all(name: &str) -> String {
    format!("Throw {name} away")
}

pub fn show_now(queue: &str) -> String {
    format!("Show it in {queue} now")
}

pub fn hide(timeout: &dyn Display) -> String {
    format!("Hide it for {timeout} from now")
}

pub fn move_it_back(back: &str) -> String {
    format!("Move it back to {back}")
}

pub fn throw_away(queue: &str) -> String {
    format!("Throw it away from {queue}")
}

// To the rows of a dead-letter table.
pub const REPLAY_ALL: &str = "Replay all dead letters";
pub const MEND_ALL: &str = "Mend all dead letters";
pub const DISCARD_ALL: &str = "Discard all dead letters";
pub const REPLAY: &str = "Replay it";
pub const DISCARD: &str = "Discard it";
pub const MEND: &str = "Mend it";

// To a packet, and what it is called there.

pub fn let_go(name: &str) -> String {
    format!("Let {name} go")
}

pub fn hold(name: &str) -> String {
    format!("Hold {name}")
}

pub fn lose(name: &str) -> String {
    format!("Lose {name}")
}

pub const IT: &str = "it";

pub fn what_goes_out(party: &str) -> String {
    format!("what goes out from {party}")
}

pub fn the_word_to(party: &str) -> String {
    format!("the word to {party}")
}

pub fn what_comes_back(party: &str) -> String {
    format!("what comes back to {party}")
}

pub fn the_delivery_to(party: &str) -> String {
    format!("the delivery to {party}")
}

pub fn the_answer_of(party: &str) -> String {
    format!("the answer of {party}")
}

pub fn the_poll_of(party: &str) -> String {
    format!("the poll of {party}")
}

pub fn the_answer_to(party: &str) -> String {
    format!("the answer to {party}")
}

pub fn the_delete_of(party: &str) -> String {
    format!("the delete of {party}")
}

pub fn the_word_on_timeout(party: &str) -> String {
    format!("the word of {party} on the timeout")
}

pub fn the_call_of(party: &str) -> String {
    format!("the call of {party}")
}

pub fn the_reply_to(party: &str) -> String {
    format!("the reply to {party}")
}
