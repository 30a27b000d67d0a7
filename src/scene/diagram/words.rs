//! What stands at a packet and at what a party does, in two or three words: the whole sentence is the story's.

use super::index::{Arrow, Fate};
use super::rows::Weight;
use crate::broker::record::{Kind, NONE, Record};
use crate::broker::setup::Role;
use crate::broker::world::World;
use crate::fault::point::{PacketKind, Step};
use crate::scene::names;
use crate::words::diagram as say;

/// What stands at a packet: `publish 1`, `delivery 1 lost`.
pub fn packet(world: &World, arrow: &Arrow) -> String {
    let name = match (arrow.kind, arrow.message) {
        (PacketKind::Poll, _) => say::POLL.to_owned(),
        (PacketKind::Reply, NONE) => say::NOTHING_THERE.to_owned(),
        (kind, NONE) => kind.name().to_owned(),
        (PacketKind::Delivery | PacketKind::Reply, message) => {
            let end = world.history().get(arrow.end);
            let again = end.is_some_and(|end| end.kind == Kind::Received && end.other == 1);
            say::deliver(&names::label(world, message), if again { say::AGAIN } else { "" })
        }
        (PacketKind::Response, message) => say::reply_done(&names::label(world, message)),
        (kind, message) => format!("{} {}", kind.name(), names::label(world, message)),
    };
    match arrow.fate {
        Fate::Lost => say::lost(&name),
        Fate::Refused => say::refused(&name),
        _ => name,
    }
}

/// Whether a packet answers another: such lines are broken.
pub fn is_answer(kind: PacketKind) -> bool {
    use PacketKind::*;
    matches!(kind, Confirm | Refuse | Return | Reject | Ack | Nack | Delete | Response | Error)
}

/// What a party does or what happens to it; none where an arrow, a bar or another record of the step says it.
pub fn event(world: &World, record: &Record) -> Option<(String, Weight)> {
    use Kind::*;
    use Weight::{Heavy, Light, Plain};
    let service = matches!(world.cast().role(record.actor), Role::Service(_));
    let order = || names::order(world, record.subject);
    let message = || record.message().map_or(String::new(), |message| names::label(world, message));
    let queue = || names::queue(world.setup(), record.other & 0xff);
    Some(match record.kind {
        Requested => (say::takes_in(&order()), Plain),
        Produced => (say::makes(&order()), Plain),
        Refused => (say::REQUEST_REFUSED.to_owned(), Heavy),
        Arrived => (say::REQUEST_COMES.to_owned(), Light),
        Answered if record.other > 0 => (say::fails(&order()), Heavy),
        Answered => (say::answered(&order()), Plain),
        Began => (say::BEGIN.to_owned(), Light),
        Wrote => (say::writes(&order()), Light),
        WroteMore => (say::WRITES_THE_REST.to_owned(), Light),
        Serialized => (say::serializes(&message()), Light),
        SerializationFailed => (say::cannot_serialize(&message()), Heavy),
        WroteOutbox => (say::outbox_row(&message()), Light),
        Collected => (say::collects(&message()), Light),
        Committed => (say::committed(&order()), Plain),
        RolledBack if service => (say::rolled_back(&order()), Heavy),
        RolledBack => (say::ROLL_BACK.to_owned(), Light),
        GaveUp => (say::never_sent(&message()), Heavy),
        WillRetry => (say::sent_again(&message()), Plain),
        TimedOut => (say::no_confirmation(&message()), Heavy),
        PollTimedOut => (say::NO_ANSWER.to_owned(), Heavy),
        PollFailed => (say::CANNOT_READ_OUTBOX.to_owned(), Heavy),
        NotTaken if record.other == 1 => (say::not_taken(&message()), Heavy),
        Polled if record.subject == 0 => (say::NOTHING_TO_SEND.to_owned(), Light),
        Polled => (say::read_of_outbox(&rows(record.subject)), Light),
        RowTaken => return None,
        Marked => (say::marked(&message()), Plain),
        PositionSaved => (say::position_saved(&message()), Plain),
        Cleaned => (say::deleted(&rows(record.subject)), Light),
        Enqueued => (say::in_queue(queue()), Light),
        Unroutable => (say::no_queue(&message()), Heavy),
        Requeued => (say::back_in(&message(), queue()), Plain),
        DeadLettered => (say::parked(&message()), Heavy),
        Dropped => (say::forgotten(&message()), Heavy),
        Stale => (say::TOO_LATE.to_owned(), Plain),
        VisibilityEnded => (say::visible_again(&message()), Heavy),
        Reexposed => (say::there_again(&message()), Heavy),
        DelayChanged => (say::another_delay(queue()), Plain),
        DelayEnded => (say::can_be_received(&message()), Light),
        ExtendRefused => (say::NO_MORE_TIME.to_owned(), Heavy),
        Redriven => (say::moved_back(&message(), queue()), Plain),
        Discarded => (say::thrown_away(&message()), Plain),
        TakenOut => (say::taken_out(&message()), Plain),
        NotTakenOut => (say::not_taken_out(&message()), Light),
        LongPolled => (say::WAITS_FOR_MESSAGE.to_owned(), Light),
        SetAgain => (say::set_again(&message()), Plain),
        Applied => (say::applied(&message()), Plain),
        Staged => (say::stages(&message()), Light),
        Recognised => (say::skipped(&message()), Plain),
        NotKnown => (say::is_new(&message()), Light),
        WroteInbox => (say::inbox_row(&message()), Light),
        IdKept => (say::id_kept(&message()), Plain),
        Forgot => (say::forgets(&message()), Plain),
        Stored => (say::stored(&message()), Plain),
        PutBack => (say::waits_again(&message()), Plain),
        DecodeFailed => (say::cannot_read(&message()), Heavy),
        HandlerFailed => (say::handler_fails(&message()), Heavy),
        WroteDeadLetter => (say::dead_letter_row(&message()), Heavy),
        ReplayAsked => (say::replays(&message()), Plain),
        ReplayFailed => (say::cannot_replay(&message()), Heavy),
        LetterRemoved => (say::no_longer_parked(&message()), Plain),
        LetterEdited => (say::mended(&message()), Plain),
        LetterDiscarded => (say::thrown_away(&message()), Plain),
        Spoiled => (say::is_bad(&message()), Heavy),
        Subscribed => (say::subscribes(queue()), Plain),
        SubscriptionDown => (say::queue_cut_off(queue()), Heavy),
        SubscriptionUp => (say::reachable_again(queue()), Plain),
        Filtered => (say::not_for(queue()), Light),
        Undeliverable | Diverted | Expired => (say::none_for(&message(), queue()), Heavy),
        Overflowed | TurnedAway => (say::full(queue()), Heavy),
        LimitReached => (say::too_often(&message()), Heavy),
        Crashed if record.actor == world.cast().broker => (say::DOWN.to_owned(), Heavy),
        Crashed => (say::CRASHED.to_owned(), Heavy),
        Restarted => (say::UP_AGAIN.to_owned(), Plain),
        Stopping => (say::ASKED_TO_STOP.to_owned(), Plain),
        Stopped => (say::STOPPED.to_owned(), Plain),
        DatabaseDown => (say::DATABASE_DOWN.to_owned(), Heavy),
        DatabaseUp => (say::DATABASE_UP.to_owned(), Plain),
        Cut => (say::CUT_OFF.to_owned(), Heavy),
        Healed => (say::CONNECTED.to_owned(), Plain),
        Slowed => {
            let step = Step::ALL.get(usize::from(record.other));
            (step.map_or(say::YIELDS.to_owned(), |step| say::held_up(step.name())), Heavy)
        }
        Delayed => (say::delayed(record.packet().0.name()), Heavy),
        Doubled => (say::doubled(record.packet().0.name()), Heavy),
        Hurried => (say::quick(record.packet().0.name()), Plain),
        Lagged => (say::slow(record.packet().0.name()), Plain),
        Held => (say::held(record.packet().0.name()), Heavy),
        Released => (say::goes_on(record.packet().0.name()), Plain),
        Laid => (say::BY_HAND.to_owned(), Heavy),
        Ended if record.subject == 0 => (say::ALL_QUIET.to_owned(), Light),
        Ended => (say::TIME_OVER.to_owned(), Light),
        Sent | Confirmed | NotTaken | CallFailed | Returned | Accepted | Received | Settled | Lost
        | Struck | Leased | Extended => return None,
    })
}

fn rows(count: u32) -> String {
    if count == 1 { say::ONE_ROW.to_owned() } else { say::rows(count) }
}
