//! What an operator takes out of a queue, edits and sends again, or why not.

// Why a message cannot be taken out of its queue.

pub fn in_service(name: &str) -> String {
    format!("In {name}.")
}

pub const NOT_THERE: &str = "It is not there any more.";
pub const OUT_WITH_A_CONSUMER: &str = "A consumer has it: until it comes back, nobody else can take it.";
pub const DELAYED: &str = "Its delay is not over: nobody can receive it yet.";
pub const BEHIND_ITS_GROUP: &str =
    "One of its group that came before it is not done: the queue gives out nothing behind that.";
pub const THE_DEAD_LETTER_QUEUE: &str = "the dead-letter queue";

pub fn received_too_often(dead: &str) -> String {
    format!("It was received as often as may be: the next receive moves it to {dead}.")
}

pub const QUEUE_IS_FULL: &str = "The queue for its copy is full.";
pub const BROKER_IS_DOWN: &str = "The broker is down.";

pub fn cannot_take_out(message: &str, queue: &str) -> String {
    format!("The operator cannot take {message} out of {queue}.")
}

// What comes of it.

pub fn takes_out_and_sends(message: &str, queue: &str, amount: &str) -> String {
    format!("The operator takes {message} out of {queue} and sends an edited copy: its amount is {amount}.")
}

pub const NEW_TO_THE_BROKER: &str = "It has the id that its producer gave it. To the broker it is new: at the end of the queue, its deliveries counted from the start.";
pub const BAD_COPY: &str = "That is not a number: every handler fails on it.";
