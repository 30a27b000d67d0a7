//! What lies in a dead-letter queue, why, and what can be done about it? For an operator to review.

use super::actions::{Action, of_polled_message, of_polled_queue};
use super::names;
use crate::broker::queue::Stored;
use crate::broker::record::{Kind, Record};
use crate::broker::world::World;

/// A message in a dead-letter queue.
#[derive(Clone, PartialEq, Debug)]
pub struct Parked {
    /// The message.
    pub message: u32,
    /// What it says: `3 order placed`.
    pub label: String,
    /// The name of the queue that it came from; empty if it was sent here.
    pub from: String,
    /// How often it was received, here and where it came from.
    pub receives: u16,
    /// Why it is here, in a sentence.
    pub reason: String,
    /// What can be done to it now.
    pub actions: Vec<Action>,
}

/// A dead-letter queue.
#[derive(Clone, PartialEq, Debug)]
pub struct DeadLetterQueue {
    /// Its index.
    pub queue: u8,
    /// Its name.
    pub title: String,
    /// What can be received from it, oldest first.
    pub rows: Vec<Parked>,
    /// How many more there are.
    pub more: usize,
    /// What can be done to all of them.
    pub actions: Vec<Action>,
}

/// The most rows that are shown.
const MOST: usize = 200;
/// How many records back a reason is looked for.
const WINDOW: usize = 20_000;

/// Whether that queue takes the dead letters of another.
pub fn is_dead_letter_queue(world: &World, queue: u8) -> bool {
    let takes =
        |poll: Option<crate::broker::setup::Poll>| poll.is_some_and(|poll| poll.dead_letter == Some(queue));
    world.setup().queues.iter().any(|other| takes(other.poll))
}

/// The dead-letter queues with what they hold now.
pub fn dead_letter_queues(world: &World) -> Vec<DeadLetterQueue> {
    let queues = (0..world.setup().queues.len() as u8).filter(|&queue| is_dead_letter_queue(world, queue));
    queues
        .map(|queue| {
            let ready = world.queue(queue).ready();
            DeadLetterQueue {
                queue,
                title: names::queue(world.setup(), u16::from(queue)).to_owned(),
                rows: ready.iter().take(MOST).map(|stored| row(world, stored)).collect(),
                more: ready.len().saturating_sub(MOST),
                actions: of_polled_queue(world, queue),
            }
        })
        .collect()
}

fn row(world: &World, stored: &Stored) -> Parked {
    let from = stored.source().map_or("", |queue| names::queue(world.setup(), u16::from(queue)));
    Parked {
        message: stored.message,
        label: names::label(world, stored.message),
        from: from.to_owned(),
        receives: stored.receives,
        reason: reason(world, stored),
        actions: of_polled_message(world, stored.message),
    }
}

/// What went wrong with it the last time, as far as the records tell.
fn reason(world: &World, stored: &Stored) -> String {
    let times = match stored.receives {
        1 => "once".to_owned(),
        times => format!("{times} times"),
    };
    let about = |record: &&Record| record.subject == stored.message;
    let failed = world.history().iter().rev().take(WINDOW).filter(about).find_map(|record| {
        let who = names::party(world, record.actor);
        match record.kind {
            Kind::HandlerFailed => Some(format!("the handler of {who} failed on it")),
            Kind::DecodeFailed => Some(format!("{who} could not read it")),
            Kind::Received => crashed(world, record).then(|| format!("{who} crashed with it in hand")),
            _ => None,
        }
    });
    let why = failed.unwrap_or_else(|| "it was not deleted before its timeout was over".to_owned());
    format!("Received {times}; the last time, {why}.")
}

/// Whether who received it crashed before anything came of it.
fn crashed(world: &World, received: &Record) -> bool {
    let history = world.history();
    let from = history.first_not(|record| record.step <= received.step);
    let after = history.iter_from(from as usize).take(WINDOW);
    let mut own = after.filter(|record| record.actor == received.actor);
    own.find(|record| record.kind == Kind::Crashed || record.subject == received.subject)
        .is_some_and(|record| record.kind == Kind::Crashed)
}
