//! Do the rules of messaging hold that the model is built on? Each test is named by its number in the collection
//! of rules (with sources) from which the model was written.

mod broker;
mod edited;
mod exchanges;
mod inbox;
mod limits;
mod order;
mod outbox;
mod poll;
mod queue;
mod redrive;
mod relays;
mod retries;
mod sending;
mod topics;
