//! What happens at queues that are polled: receives, visibility timeouts, deletes.

// Receiving, and the visibility timeout.

pub fn hides(queue: &str, message: &str, timeout: &str) -> String {
    format!("Queue {queue} hides {message} for {timeout}.")
}

pub fn received_times(times: &str) -> String {
    format!("It was received for the {times} time.")
}

pub const IT_STAYS_IN_THE_QUEUE: &str =
    "It stays in the queue. If it is not deleted by then, it can be received again.";

pub fn can_be_received(message: &str) -> String {
    format!("{message} can be received again.")
}

pub const IT_WAS_GIVEN_BACK: &str = "It was given back, so nobody has to wait until its timeout is over.";

pub fn timeout_is_over(message: &str) -> String {
    format!("The visibility timeout of {message} is over: it can be received again.")
}

pub const NOBODY_DELETED_IT: &str =
    "Nobody has deleted it. The queue cannot tell whether its consumer is slow or dead.";

pub fn gives_back(message: &str) -> String {
    format!("{message} is given back: its visibility timeout is set to nothing.")
}

pub const WANTS_IT_TRIED_AGAIN: &str =
    "Its consumer did not do the work, and wants it to be tried again at once.";

pub fn timeout_starts_anew(message: &str) -> String {
    format!("The visibility timeout of {message} starts anew.")
}

pub const IT_COUNTS_FROM_NOW: &str = "It counts from now. Nobody else gets the message meanwhile.";

pub fn not_hidden_so_long(message: &str) -> String {
    format!("{message} cannot be hidden for that long.")
}

pub const AT_MOST_TWELVE_HOURS: &str =
    "No message stays hidden for more than 12 hours after it was received.";

pub fn not_in_flight(message: &str) -> String {
    format!("{message} is not in flight under that handle: its timeout stays as it is.")
}

pub const DELETED_OR_ENDED: &str = "It was deleted, or its timeout had ended before.";

pub fn delay_is_over(message: &str, queue: &str) -> String {
    format!("The delay of {message} is over: it can be received from queue {queue}.")
}

// Polls that wait, and the servers of a queue.

pub fn waits_at_the_broker(queue: &str, who: &str) -> String {
    format!("Queue {queue} has nothing: the question of {who} waits at the broker.")
}

pub fn answered_after(wait: &str) -> String {
    format!("It is answered as soon as a message comes, or with nothing after {wait}.")
}

pub fn waited_in_vain(who: &str) -> String {
    format!("{who} has waited in vain for an answer and will ask again.")
}

pub const STAYS_HIDDEN: &str =
    "What may have been on its way with the answer stays hidden until its timeout is over.";

pub fn is_there_again(message: &str) -> String {
    format!("{message} is there again, although it was deleted.")
}

pub const A_SERVER_HAD_NOT_HEARD: &str =
    "One of the servers of the queue had not heard of the delete. It is rare, and it happens.";

// Dead letters.

pub fn moved_back(message: &str, dead: &str, queue: &str) -> String {
    format!("{message} is moved from {dead} back to queue {queue}.")
}

pub const COUNTS_AS_NEW: &str =
    "It counts as new: it stands at the end, and its receives are counted from the start.";

pub fn thrown_away(message: &str) -> String {
    format!("{message} is thrown away by hand.")
}

pub const AN_OPERATOR_DECIDED: &str = "An operator decided so. Nothing brings it back.";

pub fn moved_to_dead_letters(message: &str, dead: &str) -> String {
    format!("{message} is moved to the dead-letter queue {dead}.")
}

pub fn never_deleted(times: &str) -> String {
    format!("It was received {times} and never deleted. There an operator can look at it.")
}

pub const ONCE: &str = "once";

pub fn times(times: u16) -> String {
    format!("{times} times")
}

// Why a delivery may be a repeat.
pub const GIVEN_BACK_BEFORE: &str = "It was handed out before and given back.";
pub const NEVER_DELETED_BEFORE: &str =
    "It was handed out before and never deleted; nobody can say whether the work was done.";
pub const DELETED_BEFORE: &str =
    "It was deleted before, and one of the servers of the queue had not heard of it.";

// What goes to and fro.

pub fn up_to(wait: &str) -> String {
    format!("If there is none, it waits for one: up to {wait}.")
}

pub fn asks(who: &str, queue: &str) -> String {
    format!("{who} asks queue {queue} for messages.")
}

pub fn messages(count: usize) -> String {
    format!("{count} messages")
}

pub fn keeps_hidden(queue: &str, timeout: &str) -> String {
    format!("Queue {queue} keeps what it hands out, hidden for {timeout}.")
}

pub fn answers(who: &str, what: &str) -> String {
    format!("The broker answers {who} with {what}.")
}

pub fn deletes(who: &str, message: &str) -> String {
    format!("{who} is done with {message} and deletes it.")
}

pub fn asks_for_timeout(who: &str, message: &str) -> String {
    format!("{who} asks for another timeout for {message}.")
}

pub const A_SHORT_POLL_ASKS_SOME: &str =
    "A short poll asks only some of the servers that the queue lies on, and these had none.";

pub fn has_waited(wait: &str) -> String {
    format!("It has waited for {wait}, and no message came.")
}

pub const A_SHORT_POLL_IS_ANSWERED_AT_ONCE: &str =
    "A short poll is answered at once, with messages or without.";

pub fn answers_nothing(who: &str, queue: &str) -> String {
    format!("The broker answers {who}: nothing in queue {queue}.")
}

pub fn the_question(who: &str) -> String {
    format!("the question of {who}")
}

pub fn the_empty_answer(who: &str) -> String {
    format!("the empty answer to {who}")
}

pub fn the_answer(message: &str) -> String {
    format!("the answer with {message}")
}

pub fn the_delete(message: &str) -> String {
    format!("the delete of {message}")
}

pub fn the_word_on_timeout(who: &str, message: &str) -> String {
    format!("the word of {who} on the timeout of {message}")
}

// What the wire does to it.

pub fn is_lost(name: &str) -> String {
    format!("{name} is lost.")
}

pub const WILL_ASK_AGAIN: &str = "Whoever asked waits for an answer that does not come, and will ask again.";
pub const WAITS_IN_VAIN: &str = "Whoever asked waits in vain, and will ask again.";
pub const HIDDEN_AND_NOBODY_HAS_IT: &str =
    "The queue counts it as received: it is hidden, and nobody has it, until its timeout is over.";
pub const SHOWN_AGAIN: &str = "The queue will show the message again when its timeout is over.";
pub const THE_TIMEOUT_RUNS_ON: &str = "The timeout runs on as it was.";

pub fn is_doubled(name: &str) -> String {
    format!("The wire doubles {name}.")
}

pub const ITS_TWIN_ARRIVES_LATER: &str = "Its twin arrives later.";

pub fn is_delayed(name: &str) -> String {
    format!("{name} is delayed on the wire.")
}

pub fn is_quick(name: &str) -> String {
    format!("{name} is quick on the wire.")
}

pub fn is_slow(name: &str) -> String {
    format!("{name} is slow on the wire.")
}

pub fn is_held(name: &str) -> String {
    format!("{name} is held on the wire.")
}

pub fn goes_on(name: &str) -> String {
    format!("{name} goes on.")
}

// A delete with a handle that is not the latest.

pub fn delete_too_late(message: &str) -> String {
    format!("The delete of {message} comes too late: nothing is deleted.")
}

pub const ONLY_THE_LATEST_HANDLE: &str =
    "It was handed out again since. Only the handle of the latest receive counts.";

pub fn deleted_already(message: &str) -> String {
    format!("{message} is deleted already.")
}

pub const CHANGES_NOTHING: &str = "To delete it once more succeeds and changes nothing.";

/// Which of them: `2nd`.
pub fn ordinal(number: u16) -> String {
    let end = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}
