//! What does a copy in a queue say, can an operator take it out and send an edited one, and what came of that?

use super::names;
use super::review::{Editable, Payload};
use super::sentence::{Told, with};
use super::story::Tone;
use crate::broker::edited::{Edited, NotTakenOut};
use crate::broker::queue::Stored;
use crate::broker::record::{Kind, Record};
use crate::broker::world::World;
use crate::words::story::edited as say;

/// A copy of a message in a queue.
#[derive(Clone, PartialEq, Debug)]
pub struct Held {
    /// Where it is: `In mails.`
    pub place: String,
    /// What it says.
    pub payload: Payload,
}

/// Every queue that holds that message, with what the copy says.
#[inline(never)]
pub fn copies_of(world: &World, message: u32) -> Vec<Held> {
    let queues = (0..).zip(&world.setup().queues).filter(|(_, spec)| !spec.door);
    let copy = |queue: u8| {
        let state = world.queue(queue);
        let held = state.polled().in_flight().filter(|held| !held.is_deleted()).map(|held| &held.stored);
        let out = world.takers(queue).iter().flat_map(|&worker| world.connection(worker).unacked());
        let delayed = state.polled().delayed().map(|waits| &waits.stored);
        let here = state.ready().iter().chain(state.parked_copies()).chain(held).chain(delayed);
        here.chain(out.map(|out| &out.stored)).find(|stored| stored.message == message).copied()
    };
    let held = |queue: u8, name: &str| {
        let stored = copy(queue)?;
        Some(Held { place: say::in_service(name), payload: payload(world, queue, &stored) })
    };
    queues.filter_map(|(queue, spec)| held(queue, &spec.name)).collect()
}

/// What that copy says, and what can be done about it.
pub(super) fn payload(world: &World, queue: u8, stored: &Stored) -> Payload {
    let broken = world.is_bad_copy(stored);
    let amount = match stored.form.edited {
        Edited::Not => None,
        Edited::Good | Edited::Bad => world.amount_of_copy(stored),
    };
    let refused = world.why_not_taken_out(queue, stored.message);
    Payload {
        refused: refused.map(|why| why_not(world, why, queue)),
        ..Payload::new(
            world,
            stored.message,
            (amount, broken),
            refused.is_none().then_some(Editable::Copy(queue, stored.message)),
        )
    }
}

/// Why a message can't be taken out of that queue.
fn why_not(world: &World, why: NotTakenOut, queue: u8) -> String {
    match why {
        NotTakenOut::Absent => say::NOT_THERE.to_owned(),
        NotTakenOut::InFlight => say::OUT_WITH_A_CONSUMER.to_owned(),
        NotTakenOut::Delayed => say::DELAYED.to_owned(),
        NotTakenOut::Behind => say::BEHIND_ITS_GROUP.to_owned(),
        NotTakenOut::MovesOn => {
            let dead = world.setup().queues.get(usize::from(queue)).and_then(|spec| spec.poll?.dead_letter);
            let dead =
                dead.map_or(say::THE_DEAD_LETTER_QUEUE, |dead| names::queue(world.setup(), dead.into()));
            say::received_too_often(dead)
        }
        NotTakenOut::Full => say::QUEUE_IS_FULL.to_owned(),
        NotTakenOut::BrokerDown => say::BROKER_IS_DOWN.to_owned(),
    }
}

/// The sentence, the reason, the tone.
#[inline(never)]
pub(super) fn of_record(world: &World, record: &Record) -> Told {
    let message = names::message(world, record.subject);
    let queue = names::queue(world.setup(), record.other & 0xff);
    if record.kind == Kind::NotTakenOut {
        let why = why_not(world, NotTakenOut::of(record.other), record.other as u8);
        return with(say::cannot_take_out(&message, queue), why, Tone::Trouble);
    }
    let order = world.message(record.subject).map_or(0, |message| message.order);
    let to = world.edit_in_step(record.step);
    let good = to.is_none_or(|amount| amount.is_number());
    let amount =
        to.map_or_else(|| super::dead_letters::right_amount(order), |amount| amount.text().to_owned());
    let text = say::takes_out_and_sends(&message, queue, &amount);
    if good {
        let why = say::NEW_TO_THE_BROKER;
        with(text, why, Tone::Good)
    } else {
        with(text, say::BAD_COPY, Tone::Trouble)
    }
}
