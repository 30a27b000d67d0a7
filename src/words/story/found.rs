//! What the judge found, and why it came to that.

use std::fmt::Display;

// Set aside, stuck.

pub fn parked_in_table(message: &str) -> String {
    format!("{message} could not be sent and is parked.")
}

pub const IN_THE_TABLE: &str = "It is set aside in the dead-letter table, with the error, where an operator can look at it and replay it. It is not lost.";

pub fn parked(message: &str) -> String {
    format!("{message} is parked.")
}

pub const IN_THE_QUEUE: &str =
    "It is set aside with the dead letters, where an operator can look at it and replay it. It is not lost.";

pub fn stuck(message: &str, listener: &str) -> String {
    format!("{message} is stuck: {listener} has not got it and will not.")
}

pub fn never_coped_with(message: &str, listener: &str) -> String {
    format!("{message} is stuck: {listener} has not coped with it and will not.")
}

pub fn not_in_time(message: &str, listener: &str) -> String {
    format!("{message} has not come to {listener} when the time is over.")
}

pub const IT_COUNTS_AS_STUCK: &str = "It counts as stuck. It is not lost: with more time it might have come.";
pub const HELD_ON_THE_WIRE: &str = "It stands still on the wire until somebody releases it.";

pub fn waits_in_queue(queue: &str) -> String {
    format!("It waits in queue {queue}, and nobody comes for it.")
}

pub const WAITS_IN_THE_OUTBOX: &str = "Its row waits in the outbox, and no relay comes for it.";
pub const WAITS_FOR_EVER: &str = "It waits for something that no longer comes.";

pub fn not_lost(why: &str) -> String {
    format!("{why} It is not lost: an operator could still move it.")
}

pub const EVERY_TRY_FAILS: &str =
    "Something is wrong with it: every try fails, and it goes back to the queue for another, for ever.";

pub fn waits_behind(before: &str) -> String {
    format!("It waits behind {before}, which fails every time and goes back to the head of the queue.")
}

// Done late, out of order, or answered with an error.

pub fn were_promised(seconds: &str) -> String {
    format!(" {seconds} were promised.")
}

pub const SOMEBODY_WHO_ASKED: &str = "Somebody who asked";

pub fn no_answer(who: &str, took: &str) -> String {
    format!("{who} has no answer after {took}, and none will come.")
}

pub fn still_waits(promised: &str) -> String {
    format!("Whoever asked still waits.{promised}")
}

pub fn answered_late(order: &str, took: &str) -> String {
    format!("{order} gets its answer after {took}: too late.")
}

pub fn waits_for_everything(promised: &str) -> String {
    format!("Whoever asked waits for everything that is done before the answer.{promised}")
}

pub fn were_promised_first(seconds: &str) -> String {
    format!("{seconds} were promised. ")
}

pub fn not_done(took: &str) -> String {
    format!("After {took} the work is not done, and nothing more happens.")
}

pub fn done_late(order: &str, took: &str) -> String {
    format!("{order} is done after {took}: later than promised.")
}

pub fn more_workers(promised: &str) -> String {
    format!("{promised}One after the other they take their time; more workers would share it.")
}

pub const A_LATER_ONE: &str = "one that was committed later";

pub fn a_later_one(order: &str) -> String {
    format!("{order}, which was committed later")
}

pub const NOTHING_KEEPS_THE_ORDER: &str = "Nothing on the way keeps one behind the other.";

pub fn out_of_order(order: &str, later: &str) -> String {
    format!("{order} is handled after {later}: out of order.")
}

pub const REQUEST: &str = "request";

pub fn turned_away(noun: &str) -> String {
    format!("A {noun} is turned away: whoever asked sees an error.")
}

pub const SERVICE_IS_DOWN: &str = "The service is down, and nobody else takes it in.";

pub fn request_fails(order: &str) -> String {
    format!("{order} fails: whoever asked sees an error.")
}

pub const CALLED_IS_NOT_THERE: &str =
    "The service that was called is not there, and without its reply there is no answer.";
pub const CALLED_DID_NOT_REPLY: &str =
    "The service that was called did not reply in time, and without its reply there is no answer.";
pub const CALLED_COULD_NOT: &str =
    "The service that was called could not do its part, and without it there is no answer.";
pub const BROKER_NOT_REACHED: &str = "The broker could not be reached.";
pub const BROKER_DID_NOT_CONFIRM: &str = "The broker did not confirm in time.";
pub const CRASHED_IN_THE_MIDDLE: &str = "The service crashed in the middle of it.";
pub const NOT_SERIALIZED: &str = "A message could not be serialized.";
pub const DATABASE_DID_NOT_GO_ALONG: &str = "The database did not go along.";

// A ghost, and why the transaction was rolled back, within a sentence.

pub fn ghost_undone(who: &str, order: &str) -> String {
    format!("A ghost: {who} has been told about {order}, and now there is no {order}.")
}

pub fn ghost(who: &str, order: &str) -> String {
    format!("A ghost: {who} is told about {order}, which does not exist.")
}

pub const A_CONSUMER: &str = "a consumer";

pub fn left_while_open(reason: &str, order: &str) -> String {
    format!(
        "The message left while the transaction was still open. Then {reason}, and {order} was rolled back. Nothing calls a message back."
    )
}

pub const THE_WORK_FAILED: &str = "the work failed";
pub const THE_COMMIT_FAILED: &str = "the commit failed";
pub const ANOTHER_NOT_SERIALIZED: &str = "another message could not be serialized";
pub const THE_BROKER_WAS_AWAY: &str = "the broker could not be reached";
pub const A_QUEUE_WAS_FULL: &str = "a queue was full";
pub const NOT_CONFIRMED: &str = "the broker's confirmation did not come";
pub const THE_SERVICE_CRASHED: &str = "the service crashed";
pub const THE_DATABASE_WAS_AWAY: &str = "the database did not answer";
pub const A_LATER_STEP_FAILED: &str = "a later step of the work failed";

// Lost.

pub fn lost(order: &str, listener: &str, short: &str) -> String {
    format!("{order} is committed, and {listener} will never hear of it: {short} is lost.")
}

/// The message got there, and what was to be done about it is lost.
pub fn never_done(order: &str, listener: &str, short: &str) -> String {
    format!("{order} is committed, and {listener} will never act on it: {short} is lost.")
}

// What is said of it all, when the run is over.

pub fn went_wrong(at: &dyn Display, what: &str) -> String {
    format!("But at {at} something went wrong. {what}")
}

pub fn things_went_wrong(how_many: usize, at: &dyn Display, first: &str) -> String {
    format!("But {how_many} things went wrong, the first at {at}. {first}")
}

pub fn set_aside(how_many: usize) -> String {
    match how_many {
        1 => "One message is set aside: nothing comes of it until an operator has looked at it.".to_owned(),
        _ => format!(
            "{how_many} messages are set aside: nothing comes of them until an operator has looked at them."
        ),
    }
}

pub const NOTHING_BRINGS_IT: &str = "Nothing that can still happen will bring it there.";
pub const CRASHED_AFTER_COMMIT: &str = "The service crashed between the commit and the publish. That a message was still to be sent stood only in its memory.";
pub const CRASHED_BEFORE_SENDING: &str =
    "The service crashed before it had sent it. That it was still to be sent stood only in its memory.";
pub const PARKED_THEN_DISCARDED: &str =
    "It could not be sent and was parked, and then the operator threw it away.";

pub fn tried_in_vain(times: u32) -> String {
    format!(
        "The service tried {times} times to send it, and each time in vain. The commit is done, and nobody tries again."
    )
}

pub const BROKER_AWAY_AFTER_COMMIT: &str =
    "The broker could not be reached when it was to be sent. The commit is done, and nobody tries again.";
pub const NOT_CONFIRMED_AFTER_COMMIT: &str =
    "No confirmation came from the broker. The commit is done, and nobody tries again.";
pub const FULL_AFTER_COMMIT: &str =
    "A queue was full and did not take it. The commit is done, and nobody tries again.";
pub const NOT_SERIALIZED_AFTER_COMMIT: &str = "It could not be serialized, and the commit was done already.";
pub const NOT_SENT_AFTER_COMMIT: &str = "It could not be sent. The commit is done, and nobody tries again.";
pub const LOST_TO_BROKER: &str =
    "It was lost on the wire, and whoever sent it keeps nothing from which it could be sent again.";
pub const LOST_TO_CONSUMER: &str = "It was lost on the wire, and the broker keeps no copy.";
pub const NO_QUEUE_SUBSCRIBED: &str = "No queue was subscribed to the topic, and a topic keeps nothing.";
pub const THROWN_AWAY: &str = "An operator threw it away.";
pub const NOT_DELIVERED: &str = "The topic could not deliver it to that queue, does not try again, and the subscription has no dead letters. The publisher was told that all is well.";
pub const NO_BINDING: &str = "No binding brought it there any more, and an exchange keeps nothing.";
pub const NOT_TAKEN: &str = "The queue was full and did not take it.";
pub const ACKED_THEN_CRASHED: &str =
    "The consumer had acknowledged before the work was done, and then it crashed.";
pub const ACKED_THEN_FAILED: &str =
    "The consumer had acknowledged before the work was done, and then it failed.";
pub const WAITED_TOO_LONG: &str = "It waited longer than the queue allows";
pub const HELD_TOO_MUCH: &str = "The queue held more than it may";
pub const CAME_BACK_TOO_OFTEN: &str = "It came back once too often";

pub fn not_kept(limit: &str, queue: &str) -> String {
    format!("{limit}, and nothing keeps the dead letters of queue {queue}.")
}

pub fn not_durable(queue: &str) -> String {
    format!("Queue {queue} is not durable: it forgets what it holds when the broker goes down.")
}

pub const COULD_NOT_READ: &str = "The consumer could not read it and rejected it";
pub const HANDLER_FAILED: &str = "The consumer's handler failed on it and rejected it";
pub const REJECTED: &str = "The consumer rejected it";

pub fn rejected_and_gone(reason: &str, queue: &str) -> String {
    format!("{reason}, and queue {queue} has no dead letters to keep it in.")
}

// Done twice.

pub fn duplicate(done: &str) -> String {
    format!("A duplicate: {done} once more.")
}

pub fn duplicate_of(order: &str) -> String {
    format!("A duplicate: {order} is handled once more.")
}

pub const CAME_TWICE: &str = "The message came twice.";

pub fn keeps_no_record(how: &str) -> String {
    format!("{how} The consumer keeps no record of what it has done.")
}

pub const NEVER_ACKED: &str =
    "The broker never got the acknowledgement of the first delivery, so it handed the message out again.";
pub const TIMEOUT_ENDED: &str =
    "Its visibility timeout ended before it was deleted, so the queue handed it out again.";
pub const SERVER_HAD_NOT_HEARD: &str =
    "One of the servers of the queue had not heard that it was deleted, and handed it out again.";
pub const MOVED_BACK: &str =
    "It was moved back from the dead letters, although its work had been done before.";
pub const DELIVERY_DOUBLED: &str = "The wire doubled the delivery.";
pub const MESSAGE_DOUBLED: &str = "The wire doubled the message on its way to the broker.";

pub fn both_sent(who: &str, other: &str) -> String {
    format!(
        "{who} and {other} both sent it: the second had read its row before the first had marked it as sent."
    )
}

pub fn replayed_then_crashed(who: &str) -> String {
    format!(
        "The operator replayed the message, and {who} crashed before it had removed its row. The row was still there, so it was replayed again."
    )
}

pub fn replayed_unconfirmed(who: &str) -> String {
    format!(
        "{who} never got the broker's confirmation, so the message stayed in the dead-letter table though it had arrived. The operator replayed it."
    )
}

pub fn crashed_before(who: &str, not_yet: &str) -> String {
    format!("{who} crashed after it had sent the message and before it had {not_yet}.")
}

pub fn never_confirmed(who: &str) -> String {
    format!("{who} never got the broker's confirmation of the first time, so it sent the message again.")
}

pub fn sent_twice(who: &str) -> String {
    format!("{who} sent the message twice.")
}

// Half-sent.

pub fn half_sent(order: &str, short: &str) -> String {
    format!("{order} is half-sent: one of its messages is out, and {short} never will be.")
}

pub const SERIALIZED_ONE_BY_ONE: &str = "Each message is serialized only when its turn to be sent comes: the first had left when the next one failed.";
pub const COULD_NOT_BE_SERIALIZED: &str = "It could not be serialized.";
pub const CRASHED_AMONG_THEM: &str = "The service crashed when it had sent only some of them. That more were to be sent stood only in its memory.";
pub const BROKER_AWAY_FOR_THIS_ONE: &str =
    "The broker could be reached for the first and not for this one, and nobody tries again.";
pub const NO_CONFIRMATION: &str = "No confirmation came from the broker, and nobody tries again.";
pub const LOST_AND_NOT_KEPT: &str =
    "It was lost on the wire, and nothing is kept from which it could be sent again.";
pub const WENT_WRONG_BETWEEN: &str =
    "They are sent one after the other, and in between something went wrong.";
