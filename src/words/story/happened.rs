//! What happens to services, messages and parties everywhere; what belongs to one pattern has its own file.

use std::fmt::Display;

// A unit of work at its service.

pub fn takes_in(who: &str, order: &str) -> String {
    format!("{who} takes in {order}.")
}

pub fn refuses(who: &str, noun: &str) -> String {
    format!("{who} is down: a new {noun} is refused.")
}

pub const NOTHING_WAS_PROMISED: &str = "Nothing was promised, so nothing is lost.";

pub fn is_new(who: &str, order: &str) -> String {
    format!("New at {who}: {order}.")
}

pub fn opens_transaction(who: &str, about: &str) -> String {
    format!("{who} opens a transaction for {about}.")
}

pub fn stages_row(order: &str) -> String {
    format!("The row of {order} is staged.")
}

pub const ONLY_THIS_TRANSACTION_SEES_IT: &str = "Only this transaction sees it until the commit.";

pub fn is_serialized(message: &str) -> String {
    format!("{message} is turned into bytes.")
}

pub fn cannot_be_serialized(message: &str) -> String {
    format!("{message} cannot be turned into bytes.")
}

pub const NO_TEXT_CAN_SAY_THAT: &str =
    "Its amount is not a number, and no text can say that: the serializer fails, as it would every time.";

pub fn goes_into_the_outbox(message: &str) -> String {
    format!("{message} goes into the outbox table.")
}

pub const BOTH_OR_NEITHER: &str =
    "It is a row in the same transaction: both will be there after the commit, or neither.";

pub fn is_committed(order: &str) -> String {
    format!("{order} is committed.")
}

pub const EVERYBODY_HAS_DONE_IT: &str = "Now it is a fact, and everybody it was asked of has done it.";
pub const SAFE_IN_THE_OUTBOX: &str =
    "What is to be sent is safe in the outbox with it, whatever crashes now.";
pub const A_FACT_AND_TRUE: &str = "Now it is a fact, and what was sent before is true.";
pub const A_FACT_STILL_TO_BE_TOLD: &str =
    "Now it is a fact. That it is still to be told stands only in the service's memory.";

pub fn will_never_be_sent(message: &str) -> String {
    format!("{message} will never be sent.")
}

pub const ONLY_IN_MEMORY: &str = "The plan to send it was only in memory, and the memory is gone.";
pub const NOT_EVEN_PARKED: &str = "The database did not answer, so it could not even be parked.";
pub const BROKER_NOT_REACHED: &str = "The broker could not be reached, and nobody tries again.";
pub const QUEUE_WAS_FULL: &str = "A queue was full, and nobody tries again.";
pub const NO_CONFIRMATION: &str = "No confirmation came, and nobody tries again.";
pub const NOT_BYTES: &str = "It could not be turned into bytes.";
pub const TRANSACTION_UNDONE: &str = "Its transaction was undone.";

pub fn is_rolled_back(order: &str) -> String {
    format!("{order} is rolled back: it never happened.")
}

pub const A_MESSAGE_HAS_LEFT: &str =
    " But a message about it has left already, and nothing calls a message back.";

// Why it was rolled back.
pub const THE_COMMIT_FAILED: &str = "The commit failed.";
pub const NOT_SERIALIZED: &str = "One of its messages could not be serialized.";
pub const CALLED_WAS_NOT_THERE: &str = "The service that was called was not there.";
pub const CALLED_DID_NOT_REPLY: &str = "The service that was called did not reply.";
pub const CALLED_COULD_NOT: &str = "The service that was called could not do it.";
pub const THE_BROKER_WAS_AWAY: &str = "The broker could not be reached.";
pub const A_QUEUE_WAS_FULL: &str = "A queue was full and did not take its message.";
pub const NOT_CONFIRMED: &str = "No confirmation came from the broker.";
pub const CRASHED_IN_TRANSACTION: &str = "The service crashed with the transaction open.";
pub const NO_DATABASE: &str = "The database did not answer.";
pub const A_LATER_STEP_FAILED: &str = "A later step of its handler failed.";
pub const THE_WORK_FAILED: &str = "The work failed.";

// Calls, answers, and what publishers hear.

pub fn has_the_reply(who: &str, callee: &str, order: &str) -> String {
    format!("{who} has the reply: {callee} has done its part of {order}.")
}

pub fn knows_of_the_confirmation(who: &str, message: &str) -> String {
    format!("{who} knows now that the broker has {message}.")
}

pub fn knows_of_the_end(who: &str, message: &str) -> String {
    format!("{who} knows now that the broker is done with {message}: no queue wanted it.")
}

pub fn finds_nobody(who: &str, callee: &str) -> String {
    format!("{who} finds nobody at {callee}.")
}

pub const THE_OTHER_SIDE_MUST_BE_UP: &str =
    "The connection was refused. A call needs the other side to be up at this very moment.";

pub fn could_not_do_its_part(callee: &str, order: &str) -> String {
    format!("{callee} could not do its part of {order}.")
}

pub const THE_CALLER_CANNOT_GO_ON: &str =
    "It replies with an error, and the work of the caller cannot go on.";

pub fn request_comes(noun: &str, who: &str) -> String {
    format!("A new {noun} comes to {who}: somebody waits for the answer.")
}

pub fn has_its_answer(order: &str) -> String {
    format!("{order} has its answer.")
}

pub const WHOEVER_ASKED_GOES_ON: &str = "Whoever asked goes on.";

pub fn request_fails(order: &str) -> String {
    format!("{order} fails: whoever asked sees an error.")
}

pub const AS_GOOD_AS_THE_WEAKEST: &str =
    "The answer is as good as the weakest of all that were called for it.";

pub fn learns_of_a_full_queue(who: &str, message: &str) -> String {
    format!("{who} learns that a queue is full: {message} was not taken.")
}

pub const BACK_PRESSURE: &str = "That is back-pressure: it can slow down, or try again later.";

pub fn cannot_reach_the_broker(who: &str, message: &str) -> String {
    format!("{who} cannot reach the broker: {message} was not taken.")
}

pub const THE_CONNECTION_WAS_REFUSED: &str = "The connection was refused.";

pub fn no_reply_in_time(who: &str, callee: &str, order: &str) -> String {
    format!("{who} has waited in vain for the reply of {callee} on {order}.")
}

pub fn no_confirmation_in_time(who: &str, message: &str) -> String {
    format!("{who} has waited in vain for the broker's word on {message}.")
}

pub const DONE_OR_NOT: &str = "The work may be done or not: nobody on this side can tell.";
pub const ARRIVED_OR_NOT_RELAY: &str =
    "It may have arrived or not, nobody on this side can tell. The relay will send it again.";
pub const ARRIVED_OR_NOT: &str = "It may have arrived or not: nobody on this side can tell.";

// Packets.

pub fn publishes(who: &str, message: &str) -> String {
    format!("{who} publishes {message}.")
}

pub const STILL_OPEN: &str =
    "The transaction is still open: it is not certain yet that there is anything to tell.";

pub const WITH_A_NEW_ID: &str = "With a new id: who knows messages by their ids takes it for another one.";

pub fn confirms(to: &str, message: &str) -> String {
    format!("The broker confirms to {to} that it has {message}.")
}

pub fn call_is_refused(who: &str) -> String {
    format!("Nobody answers at {who}: the call is refused.")
}

pub fn calls(who: &str, to: &str, order: &str) -> String {
    format!("{who} calls {to} about {order}, and waits.")
}

pub fn replies(who: &str, to: &str) -> String {
    format!("{who} replies to {to}: done.")
}

pub fn replies_with_error(who: &str, to: &str) -> String {
    format!("{who} replies to {to}: it could not be done.")
}

pub fn publish_is_refused(message: &str) -> String {
    format!("Nothing answers at the broker: {message} is refused.")
}

pub fn hands_out(message: &str, to: &str) -> String {
    format!("The broker hands {message} to {to}.")
}

pub fn acknowledges(who: &str, message: &str) -> String {
    format!("{who} acknowledges {message}.")
}

pub fn gives_back(who: &str, message: &str) -> String {
    format!("{who} gives {message} back.")
}

pub fn returns(message: &str, to: &str) -> String {
    format!("The broker sends {message} back to {to}: no queue got it.")
}

pub fn rejects(to: &str, message: &str) -> String {
    format!("The broker tells {to} that it did not take {message}.")
}

pub fn lost_to_broker(message: &str) -> String {
    format!("{message} is lost on its way to the broker.")
}

pub const NOBODY_IS_TOLD: &str = "Nobody is told.";

pub fn call_is_lost(to: &str, order: &str) -> String {
    format!("The call to {to} about {order} is lost.")
}

pub const NOBODY_IS_TOLD_OF_THE_CALL: &str = "Nobody is told: the caller waits until its patience ends.";

pub fn reply_is_lost(to: &str, order: &str) -> String {
    format!("The reply to {to} about {order} is lost.")
}

pub const DONE_OR_NOT_FOR_THE_CALLER: &str = "The caller can't tell whether the work was done.";

pub fn word_of_broker_is_lost(message: &str, to: &str) -> String {
    format!("The broker's word on {message} never reaches {to}.")
}

pub const ARRIVED_OR_NOT_FOR_THE_SENDER: &str = "The sender can't tell whether it arrived.";

pub fn lost_to_consumer(message: &str, to: &str) -> String {
    format!("{message} is lost on its way to {to}.")
}

pub const THE_QUEUE_KEEPS_ITS_COPY: &str = "The queue keeps its copy until it is acknowledged.";

pub fn acknowledgement_is_lost(message: &str) -> String {
    format!("The acknowledgement of {message} is lost.")
}

pub const KEPT_UNTIL_THE_CONNECTION_BREAKS: &str = "The broker does not know what became of it: it keeps its copy until the connection breaks, then hands it out again.";

pub fn is_doubled(message: &str) -> String {
    format!("The wire doubles {message}.")
}

pub const ITS_TWIN_ARRIVES_LATER: &str = "Its twin arrives later.";

pub fn is_delayed(message: &str) -> String {
    format!("{message} is delayed on the wire.")
}

pub const IT_MAY_BE_OVERTAKEN: &str = "What was sent later may overtake it.";

pub fn is_quick(message: &str) -> String {
    format!("{message} is quick on the wire.")
}

pub fn is_slow(message: &str) -> String {
    format!("{message} is slow on the wire.")
}

pub const WHAT_FOLLOWS_WAITS: &str = "What is sent after it on the same wire waits behind it.";

pub fn is_held(message: &str) -> String {
    format!("{message} is held on the wire.")
}

pub fn goes_on(message: &str) -> String {
    format!("{message} goes on.")
}

// Queues.

pub fn reaches_the_broker(message: &str) -> String {
    format!("{message} reaches the broker.")
}

pub fn waits_in_queue(message: &str, queue: &str) -> String {
    format!("{message} waits in queue {queue}.")
}

pub fn delay_is_changed(queue: &str, span: &dyn Display) -> String {
    format!("Queue {queue} hides new messages for {span} from now on.")
}

pub fn is_deleted(message: &str, queue: &str, server: &str) -> String {
    format!("The broker learns that {message} is done and deletes it from queue {queue}{server}.")
}

pub const A_SERVER_HAS_NOT_HEARD: &str = ", but one of its servers has not heard of that";

pub fn goes_back_to_its_place(message: &str, queue: &str) -> String {
    format!("{message} goes back to its place in queue {queue}.")
}

pub const THE_CONSUMER_GAVE_IT_BACK: &str = "The consumer gave it back. It will be handed out again.";
pub const NEVER_ACKNOWLEDGED: &str = "It was handed out and never acknowledged. It will be handed out again.";

pub fn is_parked(message: &str) -> String {
    format!("{message} is parked.")
}

pub fn is_thrown_away(message: &str, queue: &str) -> String {
    format!("{message} is thrown away from queue {queue}.")
}

pub fn answer_comes_too_late(message: &str) -> String {
    format!("An answer about {message} comes to the broker too late: its connection is gone.")
}

// Consumers.

pub fn takes_in_the_call(who: &str, order: &str) -> String {
    format!("{who} takes in the call about {order}.")
}

pub fn receives_a_repeat(who: &str, message: &str) -> String {
    format!("{who} receives {message}, marked as a possible repeat.")
}

pub const GIVEN_BACK_BEFORE: &str = "It was handed out before and given back.";
pub const NEVER_ACKNOWLEDGED_BEFORE: &str =
    "It was handed out before and never acknowledged; nobody can say whether the work was done.";

pub fn receives(who: &str, message: &str) -> String {
    format!("{who} receives {message}.")
}

pub const NOTHING_BEHIND_IT: &str = "It cannot know that there is nothing behind it.";

pub fn cannot_read(who: &str, message: &str) -> String {
    format!("{who} cannot read {message}.")
}

pub const ENVELOPE_DOES_NOT_FIT: &str = "One expects the topic's envelope around it and the other does not: raw delivery must fit what the consumer expects. It is rejected.";
pub const UNREADABLE_AND_NOT_DELETED: &str =
    "It is not deleted, so it comes back when its timeout is over: unreadable as before.";
pub const UNREADABLE_AND_REJECTED: &str =
    "Bytes that cannot be decoded today cannot be tomorrow: it is rejected without another try.";

pub fn stages_effect(who: &str, message: &str) -> String {
    format!("{who} stages its effect for {message}.")
}

pub fn stays_done(order: &str) -> String {
    format!("{order} is rolled back, but what was done because of it stays done.")
}

pub fn sets_again(who: &str, message: &str) -> String {
    format!("{who} sets for {message} what was set before: nothing changes.")
}

pub const TO_SET_TWICE_IS_TO_SET_ONCE: &str =
    "To set a value twice is to set it once. Such a handler needs no inbox.";

pub fn rolls_back_work(who: &str, message: &str) -> String {
    format!("{who} rolls back its work on {message}.")
}

pub fn handler_fails(who: &str, message: &str) -> String {
    format!("The handler of {who} fails on {message}.")
}

pub const BAD_AND_REJECTED: &str =
    "Something is wrong with the message: it would fail every time. It is rejected.";
pub const BAD_AND_TRIED_AGAIN: &str = "Something is wrong with the message: it would fail every time. It goes back for another try all the same.";
pub const FAILED_AND_REJECTED: &str = "It throws an exception. The message is rejected without another try.";
pub const FAILED_AND_LEFT: &str =
    "It throws an exception. The message is not deleted: it comes back when its timeout is over.";
pub const FAILED_AND_TRIED_AGAIN: &str = "It throws an exception. The message goes back for another try.";
pub const HANDLED: &str = "handled {}";

// Faults, crashes, outages, the end.
pub const THE_FAULT_STRIKES: &str = "The fault strikes.";
pub const LAID_BY_HAND: &str = "A fault was laid down by hand.";
pub const THE_BROKER_GOES_DOWN: &str = "The broker goes down.";
pub const EVERY_CONNECTION_BREAKS: &str = "Every connection breaks. Durable queues keep what they hold.";

pub fn crashes(who: &str) -> String {
    format!("{who} crashes.")
}

pub const WHAT_WAS_COMMITTED_STAYS: &str = "What was only in its memory is gone; what was committed stays.";
pub const THE_BROKER_IS_UP: &str = "The broker is up again.";

pub fn new_version_is_up(who: &str) -> String {
    format!("The new version of {who} is up.")
}

pub const TAKES_UP_THE_WORK: &str = "It takes up the work where the old one left it.";

pub fn is_up(who: &str) -> String {
    format!("{who} is up again.")
}

pub fn is_to_be_replaced(who: &str) -> String {
    format!("{who} is to be replaced: it ends what it has in hand first.")
}

pub const NOTHING_NEW_IS_BEGUN: &str = "A planned stop: nothing new is begun.";

pub fn is_stopped(who: &str) -> String {
    format!("{who} is stopped, as planned, to be replaced by a new version.")
}

pub const NOBODY_IS_THERE: &str = "Nothing is in its hands, and until the new one is up nobody is there.";

pub fn database_is_down(who: &str) -> String {
    format!("The database of {who} does not answer.")
}

pub const NO_STATEMENT_SUCCEEDS: &str = "No statement succeeds until it does.";

pub fn database_is_up(who: &str) -> String {
    format!("The database of {who} answers again.")
}

pub fn wire_to_broker_is_cut(who: &str) -> String {
    format!("The wire between {who} and the broker is cut.")
}

pub fn wire_is_cut(who: &str) -> String {
    format!("The wire of {who} is cut.")
}

pub const NOTHING_PASSES: &str = "Nothing passes, and nobody is told.";

pub fn wire_is_whole(who: &str) -> String {
    format!("The wire of {who} is whole again.")
}

pub fn wire_to_broker_is_whole(who: &str) -> String {
    format!("The wire between {who} and the broker is whole again.")
}

pub fn is_held_up(who: &str, step: &str) -> String {
    format!("{who} is held up before “{step}”.")
}

pub fn lets_others_go_first(who: &str) -> String {
    format!("What is due at {who} now lets the rest go first.")
}

pub const LATER_THAN_IT_WOULD_HAVE: &str = "It goes on later than it would have.";
pub const ALL_IS_QUIET: &str = "All is quiet: nothing is left to happen.";
pub const TIME_IS_OVER: &str = "The scenario's time is over.";
pub const ORDER: &str = "order";
