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
use crate::words::story::polling as say;

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
        Kind::Doubled | Kind::Delayed | Kind::Hurried | Kind::Lagged | Kind::Held | Kind::Released => {
            on_the_wire(world, record)
        }
        Kind::Leased => {
            let text = say::hides(queue(), &message(), &seconds(poll?.visibility));
            let times = record.other >> 8;
            let why = if times > 1 {
                say::received_times(&say::ordinal(times))
            } else {
                say::IT_STAYS_IN_THE_QUEUE.to_owned()
            };
            said(text, why, Tone::Plain)
        }
        Kind::VisibilityEnded if given_back(world, record) => {
            said(say::can_be_received(&message()), say::IT_WAS_GIVEN_BACK.to_owned(), Tone::Plain)
        }
        Kind::VisibilityEnded => {
            said(say::timeout_is_over(&message()), say::NOBODY_DELETED_IT.to_owned(), Tone::Trouble)
        }
        Kind::Extended if record.other >> 8 > 0 => {
            said(say::gives_back(&message()), say::WANTS_IT_TRIED_AGAIN.to_owned(), Tone::Plain)
        }
        Kind::Extended => {
            said(say::timeout_starts_anew(&message()), say::IT_COUNTS_FROM_NOW.to_owned(), Tone::Good)
        }
        Kind::ExtendRefused if record.other == 1 => {
            said(say::not_hidden_so_long(&message()), say::AT_MOST_TWELVE_HOURS.to_owned(), Tone::Trouble)
        }
        Kind::ExtendRefused => {
            said(say::not_in_flight(&message()), say::DELETED_OR_ENDED.to_owned(), Tone::Trouble)
        }
        Kind::DelayEnded => Some((say::delay_is_over(&message(), queue()), None, Tone::Plain)),
        Kind::LongPolled => {
            let who = names::party(world, ActorId((record.other >> 8) as u8));
            said(
                say::waits_at_the_broker(queue(), &who),
                say::answered_after(&seconds(poll?.wait)),
                Tone::Plain,
            )
        }
        Kind::PollTimedOut => said(
            say::waited_in_vain(&names::party(world, record.actor)),
            say::STAYS_HIDDEN.to_owned(),
            Tone::Trouble,
        ),
        Kind::Reexposed => {
            said(say::is_there_again(&message()), say::A_SERVER_HAD_NOT_HEARD.to_owned(), Tone::Trouble)
        }
        Kind::Redriven => {
            let dead = names::queue(world.setup(), record.other >> 8);
            said(say::moved_back(&message(), dead, queue()), say::COUNTS_AS_NEW.to_owned(), Tone::Good)
        }
        Kind::Discarded => {
            said(say::thrown_away(&message()), say::AN_OPERATOR_DECIDED.to_owned(), Tone::Trouble)
        }
        Kind::DeadLettered => {
            let (poll, dead) = (poll?, poll?.dead_letter?);
            let dead = names::queue(world.setup(), u16::from(dead));
            let times =
                if poll.max_receives == 1 { say::ONCE.to_owned() } else { say::times(poll.max_receives) };
            said(say::moved_to_dead_letters(&message(), dead), say::never_deleted(&times), Tone::Trouble)
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
        Kind::VisibilityEnded if given_back(world, &back) => say::GIVEN_BACK_BEFORE,
        Kind::VisibilityEnded => say::NEVER_DELETED_BEFORE,
        Kind::Reexposed => say::DELETED_BEFORE,
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

fn sent(world: &World, record: &Record) -> Option<Told> {
    let message = || names::message(world, record.subject);
    let who = names::party(world, record.actor);
    let (kind, to) = record.packet();
    let said = match kind {
        PacketKind::Poll => {
            let (queue, poll) = queue_of(world, record.actor)?;
            let why = (poll.wait > Span::ZERO).then(|| say::up_to(&seconds(poll.wait)));
            (say::asks(&who, queue), why, Tone::Plain)
        }
        PacketKind::Reply if record.subject == NONE => nothing(world, record, to)?,
        PacketKind::Reply => {
            let (queue, poll) = queue_of(world, to)?;
            let same = |other: &&Record| {
                other.step == record.step && other.kind == Kind::Sent && other.other == record.other
            };
            let count = world.history().iter_from(super::story::first_place_of(world, record.step) as usize);
            let count = count.take_while(|other| other.step == record.step).filter(same).count();
            let what = if count > 1 { say::messages(count) } else { message() };
            let why = say::keeps_hidden(queue, &seconds(poll.visibility));
            (say::answers(&names::party(world, to), &what), Some(why), Tone::Plain)
        }
        PacketKind::Delete => (say::deletes(&who, &message()), None, Tone::Plain),
        PacketKind::Extend => (say::asks_for_timeout(&who, &message()), None, Tone::Plain),
        _ => return None,
    };
    Some(said)
}

fn nothing(world: &World, record: &Record, to: ActorId) -> Option<Told> {
    let (queue, poll) = queue_of(world, to)?;
    let missed = causes(world, record).next().is_some_and(|(_, cause)| cause.kind == Kind::Struck);
    let why = match (missed, poll.wait > Span::ZERO) {
        (true, _) => say::A_SHORT_POLL_ASKS_SOME.to_owned(),
        (_, true) => say::has_waited(&seconds(poll.wait)),
        _ => say::A_SHORT_POLL_IS_ANSWERED_AT_ONCE.to_owned(),
    };
    let text = say::answers_nothing(&names::party(world, to), queue);
    Some((text, Some(why), if missed { Tone::Trouble } else { Tone::Plain }))
}

/// What a packet of a polled queue is called: `the answer with the message about order 3`.
fn packet(world: &World, record: &Record) -> Option<String> {
    let (kind, to) = record.packet();
    let (who, message) = (names::party(world, record.actor), names::message(world, record.subject));
    let name = match kind {
        PacketKind::Poll => say::the_question(&who),
        PacketKind::Reply if record.subject == NONE => say::the_empty_answer(&names::party(world, to)),
        PacketKind::Reply => say::the_answer(&message),
        PacketKind::Delete => say::the_delete(&message),
        PacketKind::Extend => say::the_word_on_timeout(&who, &message),
        _ => return None,
    };
    Some(name)
}

fn lost(world: &World, record: &Record) -> Option<Told> {
    let name = packet(world, record)?;
    let why = match record.packet().0 {
        PacketKind::Poll => say::WILL_ASK_AGAIN,
        PacketKind::Reply if record.subject == NONE => say::WAITS_IN_VAIN,
        PacketKind::Reply => say::HIDDEN_AND_NOBODY_HAS_IT,
        PacketKind::Delete => say::SHOWN_AGAIN,
        _ => say::THE_TIMEOUT_RUNS_ON,
    };
    Some((say::is_lost(&name), Some(why.to_owned()), Tone::Trouble))
}

fn on_the_wire(world: &World, record: &Record) -> Option<Told> {
    let name = packet(world, record)?;
    let (text, why, tone) = match record.kind {
        Kind::Doubled => (say::is_doubled(&name), Some(say::ITS_TWIN_ARRIVES_LATER), Tone::Trouble),
        Kind::Delayed => (say::is_delayed(&name), None, Tone::Trouble),
        Kind::Hurried => (say::is_quick(&name), None, Tone::Plain),
        Kind::Lagged => (say::is_slow(&name), None, Tone::Plain),
        Kind::Held => (say::is_held(&name), None, Tone::Plain),
        _ => (say::goes_on(&name), None, Tone::Plain),
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
        Some(Kind::Leased | Kind::Redriven) => {
            (say::delete_too_late(&message), Some(say::ONLY_THE_LATEST_HANDLE.to_owned()), Tone::Trouble)
        }
        _ => (say::deleted_already(&message), Some(say::CHANGES_NOTHING.to_owned()), Tone::Plain),
    })
}
