//! What does a queue say that is polled, in a sentence for people? Polls, answers, timeouts, redrive.

use super::causes::causes;
use super::measures::seconds;
use super::names;
use super::sentence::{Told, with};
use super::story::Tone;
use crate::broker::record::{Kind, NONE, Record};
use crate::broker::setup::{Poll, Role};
use crate::broker::world::World;
use crate::fault::point::{ActorId, PacketKind};
use crate::sim::time::Span;

fn said(text: String, why: impl Into<String>, tone: Tone) -> Option<Told> {
    Some(with(text, why, tone))
}

/// The sentence of a record that only a polled queue or its consumer leaves; none for all others.
#[inline(never)]
pub(super) fn of_record(world: &World, record: &Record) -> Option<Told> {
    let message = || names::message(world, record.subject);
    let queue = || names::queue(world.setup(), record.other & 0xff);
    let poll = poll_of(world, record.other);
    match record.kind {
        Kind::Sent => sent(world, record),
        Kind::Lost => lost(world, record),
        Kind::Doubled | Kind::Delayed | Kind::Held | Kind::Released => on_the_wire(world, record),
        Kind::Leased => {
            let text = format!("Queue {} hides {} for {}.", queue(), message(), seconds(poll?.visibility));
            let times = record.other >> 8;
            let why = if times > 1 {
                format!("It was received for the {} time.", ordinal(times))
            } else {
                "It stays in the queue. If it is not deleted by then, it can be received again.".to_owned()
            };
            said(text, why, Tone::Plain)
        }
        Kind::VisibilityEnded if given_back(world, record) => said(
            format!("{} can be received again.", message()),
            "It was given back, so nobody has to wait until its timeout is over.".to_owned(),
            Tone::Plain,
        ),
        Kind::VisibilityEnded => said(
            format!("The visibility timeout of {} is over: it can be received again.", message()),
            "Nobody has deleted it. The queue cannot tell whether its consumer is slow or dead.".to_owned(),
            Tone::Trouble,
        ),
        Kind::Extended if record.other >> 8 > 0 => said(
            format!("{} is given back: its visibility timeout is set to nothing.", message()),
            "Its consumer did not do the work, and wants it to be tried again at once.".to_owned(),
            Tone::Plain,
        ),
        Kind::Extended => said(
            format!("The visibility timeout of {} starts anew.", message()),
            "It counts from now. Nobody else gets the message meanwhile.".to_owned(),
            Tone::Good,
        ),
        Kind::ExtendRefused if record.other == 1 => said(
            format!("{} cannot be hidden for that long.", message()),
            "No message stays hidden for more than 12 hours after it was received.".to_owned(),
            Tone::Trouble,
        ),
        Kind::ExtendRefused => said(
            format!("{} is not in flight under that handle: its timeout stays as it is.", message()),
            "It was deleted, or its timeout had ended before.".to_owned(),
            Tone::Trouble,
        ),
        Kind::DelayEnded => Some((
            format!("The delay of {} is over: it can be received from queue {}.", message(), queue()),
            None,
            Tone::Plain,
        )),
        Kind::LongPolled => {
            let who = names::party(world, ActorId((record.other >> 8) as u8));
            said(
                format!("Queue {} has nothing: the question of {who} waits at the broker.", queue()),
                format!(
                    "It is answered as soon as a message comes, or with nothing after {}.",
                    seconds(poll?.wait)
                ),
                Tone::Plain,
            )
        }
        Kind::PollTimedOut => said(
            format!(
                "{} has waited in vain for an answer and will ask again.",
                names::party(world, record.actor)
            ),
            "What may have been on its way with the answer stays hidden until its timeout is over."
                .to_owned(),
            Tone::Trouble,
        ),
        Kind::Reexposed => said(
            format!("{} is there again, although it was deleted.", message()),
            "One of the servers of the queue had not heard of the delete. It is rare, and it happens."
                .to_owned(),
            Tone::Trouble,
        ),
        Kind::Redriven => {
            let dead = names::queue(world.setup(), record.other >> 8);
            said(
                format!("{} is moved from {dead} back to queue {}.", message(), queue()),
                "It counts as new: it stands at the end, and its receives are counted from the start."
                    .to_owned(),
                Tone::Good,
            )
        }
        Kind::Discarded => said(
            format!("{} is thrown away by hand.", message()),
            "An operator decided so. Nothing brings it back.".to_owned(),
            Tone::Trouble,
        ),
        Kind::DeadLettered => {
            let (poll, dead) = (poll?, poll?.dead_letter?);
            let dead = names::queue(world.setup(), u16::from(dead));
            let times = if poll.max_receives == 1 {
                "once".to_owned()
            } else {
                format!("{} times", poll.max_receives)
            };
            said(
                format!("{} is moved to the dead-letter queue {dead}.", message()),
                format!("It was received {times} and never deleted. There an operator can look at it."),
                Tone::Trouble,
            )
        }
        Kind::Stale => stale(world, record),
        _ => None,
    }
}

/// Why a message comes to a consumer again.
pub(super) fn again(world: &World, record: &Record) -> Option<&'static str> {
    let back = |kind: Kind| matches!(kind, Kind::Requeued | Kind::VisibilityEnded | Kind::Reexposed);
    let back = causes(world, record).map(|(_, cause)| cause).find(|cause| back(cause.kind))?;
    Some(match back.kind {
        Kind::VisibilityEnded if given_back(world, &back) => "It was handed out before and given back.",
        Kind::VisibilityEnded => {
            "It was handed out before and never deleted; nobody can say whether the work was done."
        }
        Kind::Reexposed => "It was deleted before, and one of the servers of the queue had not heard of it.",
        _ => return None,
    })
}

/// Whether its timeout was set to nothing.
fn given_back(world: &World, record: &Record) -> bool {
    causes(world, record)
        .next()
        .is_some_and(|(_, cause)| cause.kind == Kind::Extended && cause.other >> 8 > 0)
}

/// How the queue in the low byte is polled.
fn poll_of(world: &World, queue: u16) -> Option<Poll> {
    world.setup().queues.get((queue & 0xff) as usize)?.poll
}

/// The queue that the party polls.
fn queue_of(world: &World, actor: ActorId) -> Option<(&str, Poll)> {
    let Role::Worker(consumer, _) = world.cast().role(actor) else { return None };
    let consumer = world.setup().consumers.get(consumer as usize)?;
    let queue = world.setup().queues.get(consumer.queue as usize)?;
    Some((&queue.name, queue.poll?))
}

fn ordinal(number: u16) -> String {
    let end = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

fn sent(world: &World, record: &Record) -> Option<Told> {
    let message = || names::message(world, record.subject);
    let who = names::party(world, record.actor);
    let (kind, to) = record.packet();
    let said = match kind {
        PacketKind::Poll => {
            let (queue, poll) = queue_of(world, record.actor)?;
            let why = (poll.wait > Span::ZERO)
                .then(|| format!("If there is none, it waits for one: up to {}.", seconds(poll.wait)));
            (format!("{who} asks queue {queue} for messages."), why, Tone::Plain)
        }
        PacketKind::Reply if record.subject == NONE => nothing(world, record, to)?,
        PacketKind::Reply => {
            let (queue, poll) = queue_of(world, to)?;
            let same = |other: &&Record| {
                other.step == record.step && other.kind == Kind::Sent && other.other == record.other
            };
            let count = world.history().iter_from(super::story::first_place_of(world, record.step) as usize);
            let count = count.take_while(|other| other.step == record.step).filter(same).count();
            let what = if count > 1 { format!("{count} messages") } else { message() };
            let why =
                format!("Queue {queue} keeps what it hands out, hidden for {}.", seconds(poll.visibility));
            (format!("The broker answers {} with {what}.", names::party(world, to)), Some(why), Tone::Plain)
        }
        PacketKind::Delete => {
            (format!("{who} is done with {} and deletes it.", message()), None, Tone::Plain)
        }
        PacketKind::Extend => {
            (format!("{who} asks for another timeout for {}.", message()), None, Tone::Plain)
        }
        _ => return None,
    };
    Some(said)
}

fn nothing(world: &World, record: &Record, to: ActorId) -> Option<Told> {
    let (queue, poll) = queue_of(world, to)?;
    let missed = causes(world, record).next().is_some_and(|(_, cause)| cause.kind == Kind::Struck);
    let why = match (missed, poll.wait > Span::ZERO) {
        (true, _) => "A short poll asks only some of the servers that the queue lies on, and these had none."
            .to_owned(),
        (_, true) => format!("It has waited for {}, and no message came.", seconds(poll.wait)),
        _ => "A short poll is answered at once, with messages or without.".to_owned(),
    };
    let text = format!("The broker answers {}: nothing in queue {queue}.", names::party(world, to));
    Some((text, Some(why), if missed { Tone::Trouble } else { Tone::Plain }))
}

/// What a packet of a polled queue is called: `the answer with the message about order 3`.
fn packet(world: &World, record: &Record) -> Option<String> {
    let (kind, to) = record.packet();
    let (who, message) = (names::party(world, record.actor), names::message(world, record.subject));
    let name = match kind {
        PacketKind::Poll => format!("the question of {who}"),
        PacketKind::Reply if record.subject == NONE => {
            format!("the empty answer to {}", names::party(world, to))
        }
        PacketKind::Reply => format!("the answer with {message}"),
        PacketKind::Delete => format!("the delete of {message}"),
        PacketKind::Extend => format!("the word of {who} on the timeout of {message}"),
        _ => return None,
    };
    Some(name)
}

fn lost(world: &World, record: &Record) -> Option<Told> {
    let name = packet(world, record)?;
    let why = match record.packet().0 {
        PacketKind::Poll => "Whoever asked waits for an answer that does not come, and will ask again.",
        PacketKind::Reply if record.subject == NONE => "Whoever asked waits in vain, and will ask again.",
        PacketKind::Reply => {
            "The queue counts it as received: it is hidden, and nobody has it, until its timeout is over."
        }
        PacketKind::Delete => "The queue will show the message again when its timeout is over.",
        _ => "The timeout runs on as it was.",
    };
    Some((format!("{name} is lost."), Some(why.to_owned()), Tone::Trouble))
}

fn on_the_wire(world: &World, record: &Record) -> Option<Told> {
    let name = packet(world, record)?;
    let (text, why, tone) = match record.kind {
        Kind::Doubled => {
            (format!("The wire doubles {name}."), Some("Its twin arrives later."), Tone::Trouble)
        }
        Kind::Delayed => (format!("{name} is delayed on the wire."), None, Tone::Trouble),
        Kind::Held => (format!("{name} is held on the wire."), None, Tone::Plain),
        _ => (format!("{name} goes on."), None, Tone::Plain),
    };
    Some((text, why.map(str::to_owned), tone))
}

/// A delete with a handle that is not the latest.
fn stale(world: &World, record: &Record) -> Option<Told> {
    queue_of(world, ActorId(record.other as u8))?;
    let message = names::message(world, record.subject);
    let before = world.history().before_step(record.step);
    let last = before
        .filter(|other| other.message() == Some(record.subject))
        .find(|other| matches!(other.kind, Kind::Settled | Kind::Leased | Kind::Redriven | Kind::Discarded));
    Some(match last.map(|last| last.kind) {
        Some(Kind::Leased | Kind::Redriven) => (
            format!("The delete of {message} comes too late: nothing is deleted."),
            Some("It was handed out again since. Only the handle of the latest receive counts.".to_owned()),
            Tone::Trouble,
        ),
        _ => (
            format!("{message} is deleted already."),
            Some("To delete it once more succeeds and changes nothing.".to_owned()),
            Tone::Plain,
        ),
    })
}
