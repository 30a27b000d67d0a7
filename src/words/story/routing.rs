//! What topics, exchanges and limits do with a message, and what a subscription asks for.

// Subscriptions and bindings.
pub const THE_TOPIC: &str = "the topic";

pub fn subscribes(queue: &str, of: &str) -> String {
    format!("Queue {queue} is subscribed to {of} now.")
}

pub const COPIES_FROM_NOW_ON: &str =
    "It gets a copy of what comes from now on. What was published before is not kept anywhere for it.";

pub fn binding_is_gone(of: &str, queue: &str) -> String {
    format!("The binding from {of} to queue {queue} is gone.")
}

pub const GOES_PAST: &str = "What it would have matched goes past that queue.";

pub fn out_of_reach(queue: &str, of: &str) -> String {
    format!("Queue {queue} cannot be reached from {of} any more.")
}

pub const NOT_TRIED_AGAIN: &str = "Deleted, or no longer allowed: the topic does not try such a queue again. The other subscribers do not notice.";

pub fn reachable_again(queue: &str, of: &str) -> String {
    format!("Queue {queue} can be reached from {of} again.")
}

pub fn not_wanted(queue: &str, message: &str) -> String {
    format!("The subscription of queue {queue} does not want {message}.")
}

pub fn filter_asks_for(asks: &str) -> String {
    format!("Its filter asks for {asks}. No copy is made, and nobody misses it.")
}

// What becomes of a copy.

pub fn cannot_be_delivered(message: &str, queue: &str) -> String {
    format!("The copy of {message} for queue {queue} cannot be delivered: it is gone.")
}

pub const NO_DEAD_LETTERS: &str = "The publisher was told that all is well, for the topic has the message. This subscription has no dead letters to keep it in.";

pub fn diverted(message: &str, queue: &str) -> String {
    format!("The copy of {message} for queue {queue} cannot be delivered: it is set aside.")
}

pub const DEAD_LETTERS_KEPT: &str =
    "The subscription has a dead-letter queue. Nothing is lost, and an operator can move it on later.";

pub fn comes_back(message: &str, who: &str) -> String {
    format!("{message} comes back to {who}.")
}

pub const NO_QUEUE_GOT_IT: &str =
    "No queue got it. The publisher had asked to be told, so it knows; otherwise nobody would.";

pub fn spoiled(message: &str) -> String {
    format!("Something is wrong with {message}.")
}

pub const EVERY_TRY_FAILS: &str = "Whoever handles it will fail, every time: trying again does not help.";

pub fn too_old(message: &str, queue: &str) -> String {
    format!("{message} has waited too long in queue {queue}.")
}

pub const A_TIME_TO_LIVE: &str =
    "Messages of this queue have a time to live. What is too old is never delivered.";

pub fn queue_overflows(queue: &str, message: &str) -> String {
    format!("Queue {queue} holds too much: its oldest, {message}, has to go.")
}

pub const MAKES_ROOM: &str =
    "It has a maximum length, and makes room for the newest. The publisher hears nothing of it.";

pub fn queue_is_full(queue: &str, message: &str) -> String {
    format!("Queue {queue} is full and does not take {message}.")
}

pub const REFUSES_THE_NEWEST: &str =
    "It has a maximum length, and refuses the newest. The publisher is told, and can slow down.";

pub fn came_back_too_often(message: &str, queue: &str) -> String {
    format!("{message} has come back to queue {queue} once too often.")
}

pub const A_DELIVERY_LIMIT: &str =
    "The queue has a delivery limit: it does not hand the same message out for ever.";
pub const TOO_OFTEN: &str = "It came back too often. ";
pub const TOO_LONG: &str = "It waited too long. ";
pub const QUEUE_TOO_LONG: &str = "The queue was too long. ";

pub fn set_aside(reason: &str) -> String {
    format!("{reason}It is set aside where an operator can look at it and replay it.")
}

// Why no queue got a message.

pub fn no_binding_matches(exchange: &str, key: &str, message: &str) -> String {
    format!("No binding of exchange {exchange} matches{key}: {message} goes to no queue.")
}

pub const GOES_BACK_TO_PUBLISHER: &str =
    "An exchange keeps nothing. The message was sent as mandatory, so it goes back to its publisher.";
pub const NOT_MANDATORY: &str = "An exchange keeps nothing, and the publisher is told that all is well. Sent as mandatory, it would have come back.";

pub fn no_subscription_wants(topic: &str, message: &str) -> String {
    format!("No subscription of {topic} wants {message}: it is gone.")
}

pub const NOT_WANTED_OR_NOT_THERE: &str =
    "A topic keeps nothing: whoever is not subscribed when it comes, or filters it out, never gets it.";

pub fn no_queue_is_subscribed(message: &str) -> String {
    format!("No queue is subscribed: {message} is gone.")
}

pub const NOT_THERE: &str = "A topic keeps nothing: whoever is not subscribed when it comes never gets it.";

// Who gets a copy.

pub fn to_exact_key(name: &str, key: &str) -> String {
    format!("Exchange {name} gives a copy to each queue that is bound with exactly {key}.")
}

pub fn to_matching_pattern(name: &str, key: &str) -> String {
    format!("Exchange {name} gives a copy to each queue whose pattern fits {key}.")
}

pub fn to_matching_headers(name: &str) -> String {
    format!("Exchange {name} gives a copy to each queue whose headers match.")
}

pub fn to_each_bound(name: &str) -> String {
    format!("Exchange {name} gives a copy to each queue that is bound to it.")
}

pub fn to_each_subscription(name: &str) -> String {
    format!("Each subscription of {name} that is there and wants it gets a copy of its own.")
}

pub fn to_the_subscribed(name: &str) -> String {
    format!("The queue that is subscribed to {name} gets a copy.")
}

pub fn to_all_subscribed(queues: usize, name: &str) -> String {
    format!("Each of the {queues} queues subscribed to {name} gets a copy of its own.")
}

pub const COPIES_TO_ALL: &str = "copies to all";
pub const BY_KEY: &str = "by the exact key";
pub const BY_PATTERN: &str = "by a pattern of the key";
pub const BY_HEADERS: &str = "by headers";
pub const BINDING_GONE: &str = "binding gone";
pub const UNREACHABLE: &str = "out of reach";
pub const NOT_SUBSCRIBED_YET: &str = "not subscribed yet";

// What a subscription or binding asks for.
pub const AND: &str = " and ";
pub const OR: &str = " or ";

pub fn anything_but(values: &str) -> String {
    format!("anything but {values}")
}

pub fn begins_with(start: &str) -> String {
    format!("begins with {start}")
}

pub fn ends_with(end: &str) -> String {
    format!("ends with {end}")
}

pub fn in_any_case(value: &str) -> String {
    format!("= {value} in any case")
}

pub const IS_THERE: &str = "is there";
pub const IS_NOT_THERE: &str = "is not there";
