//! What stands at a packet and at what a party does, in two or three words: the whole sentence is the story's.

use super::index::{Arrow, Fate};
use super::rows::Weight;
use crate::broker::record::{Kind, NONE, Record};
use crate::broker::setup::Role;
use crate::broker::world::World;
use crate::fault::point::{PacketKind, Step};
use crate::scene::names;

/// What stands at a packet: `publish 1`, `delivery 1 lost`.
pub fn packet(world: &World, arrow: &Arrow) -> String {
    let name = match (arrow.kind, arrow.message) {
        (PacketKind::Poll, _) => "poll".to_owned(),
        (PacketKind::Reply, NONE) => "nothing there".to_owned(),
        (kind, NONE) => kind.name().to_owned(),
        (PacketKind::Delivery | PacketKind::Reply, message) => {
            let end = world.history().get(arrow.end);
            let again = end.is_some_and(|end| end.kind == Kind::Received && end.other == 1);
            format!("deliver {}{}", names::label(world, message), if again { " again" } else { "" })
        }
        (PacketKind::Response, message) => format!("done {}", names::label(world, message)),
        (kind, message) => format!("{} {}", kind.name(), names::label(world, message)),
    };
    match arrow.fate {
        Fate::Lost => format!("{name} lost"),
        Fate::Refused => format!("{name} refused"),
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
        Requested => (format!("takes in {}", order()), Plain),
        Produced => (format!("makes {}", order()), Plain),
        Refused => ("a request is refused".to_owned(), Heavy),
        Arrived => ("a request comes".to_owned(), Light),
        Answered if record.other > 0 => (format!("{} fails", order()), Heavy),
        Answered => (format!("{} answered", order()), Plain),
        Began => ("begin".to_owned(), Light),
        Wrote => (format!("write {}", order()), Light),
        WroteMore => ("write the rest".to_owned(), Light),
        Serialized => (format!("serialize {}", message()), Light),
        SerializationFailed => (format!("cannot serialize {}", message()), Heavy),
        WroteOutbox => (format!("outbox row {}", message()), Light),
        Collected => (format!("collect {}", message()), Light),
        Committed => (format!("{} committed", order()), Plain),
        RolledBack if service => (format!("{} rolled back", order()), Heavy),
        RolledBack => ("roll back".to_owned(), Light),
        GaveUp => (format!("will never send {}", message()), Heavy),
        WillRetry => (format!("will send {} again", message()), Plain),
        TimedOut => (format!("no confirmation of {}", message()), Heavy),
        PollTimedOut => ("no answer".to_owned(), Heavy),
        PollFailed => ("cannot read the outbox".to_owned(), Heavy),
        NotTaken if record.other == 1 => (format!("{} not taken: a queue is full", message()), Heavy),
        Polled if record.subject == 0 => ("nothing to send".to_owned(), Light),
        Polled => (format!("read {} of the outbox", rows(record.subject)), Light),
        RowTaken => return None,
        Marked => (format!("{} marked as sent", message()), Plain),
        PositionSaved => (format!("position saved: {}", message()), Plain),
        Cleaned => (format!("{} deleted", rows(record.subject)), Light),
        Enqueued => (format!("in {}", queue()), Light),
        Unroutable => (format!("no queue for {}", message()), Heavy),
        Requeued => (format!("{} back in {}", message(), queue()), Plain),
        DeadLettered => (format!("{} parked", message()), Heavy),
        Dropped => (format!("{} forgotten", message()), Heavy),
        Stale => ("too late".to_owned(), Plain),
        VisibilityEnded => (format!("{} visible again", message()), Heavy),
        Reexposed => (format!("{} is there again", message()), Heavy),
        DelayChanged => (format!("another delay of {}", queue()), Plain),
        DelayEnded => (format!("{} can be received", message()), Light),
        ExtendRefused => ("no more time".to_owned(), Heavy),
        Redriven => (format!("{} moved back to {}", message(), queue()), Plain),
        Discarded => (format!("{} thrown away", message()), Plain),
        TakenOut => (format!("{} taken out", message()), Plain),
        NotTakenOut => (format!("{} not taken out", message()), Light),
        LongPolled => ("waits for a message".to_owned(), Light),
        SetAgain => (format!("{} set again", message()), Plain),
        Applied => (format!("{} applied", message()), Plain),
        Staged => (format!("stage the effect of {}", message()), Light),
        Recognised => (format!("{} known, skipped", message()), Plain),
        NotKnown => (format!("{} is new", message()), Light),
        WroteInbox => (format!("inbox row {}", message()), Light),
        IdKept => (format!("id of {} kept", message()), Plain),
        Forgot => (format!("forget {}", message()), Plain),
        Stored => (format!("{} stored", message()), Plain),
        PutBack => (format!("{} waits again", message()), Plain),
        DecodeFailed => (format!("cannot read {}", message()), Heavy),
        HandlerFailed => (format!("handler fails on {}", message()), Heavy),
        WroteDeadLetter => (format!("dead-letter row {}", message()), Heavy),
        ReplayAsked => (format!("replay {}", message()), Plain),
        ReplayFailed => (format!("cannot replay {}", message()), Heavy),
        LetterRemoved => (format!("{} no longer parked", message()), Plain),
        LetterEdited => (format!("{} mended", message()), Plain),
        LetterDiscarded => (format!("{} thrown away", message()), Plain),
        Spoiled => (format!("{} is bad", message()), Heavy),
        Subscribed => (format!("{} subscribes", queue()), Plain),
        SubscriptionDown => (format!("{} cut off", queue()), Heavy),
        SubscriptionUp => (format!("{} reachable again", queue()), Plain),
        Filtered => (format!("not for {}", queue()), Light),
        Undeliverable | Diverted | Expired => (format!("no {} for {}", message(), queue()), Heavy),
        Overflowed | TurnedAway => (format!("{} is full", queue()), Heavy),
        LimitReached => (format!("{} came back too often", message()), Heavy),
        Crashed if record.actor == world.cast().broker => ("down".to_owned(), Heavy),
        Crashed => ("crashed".to_owned(), Heavy),
        Restarted => ("up again".to_owned(), Plain),
        Stopping => ("asked to stop".to_owned(), Plain),
        Stopped => ("stopped".to_owned(), Plain),
        DatabaseDown => ("database down".to_owned(), Heavy),
        DatabaseUp => ("database up again".to_owned(), Plain),
        Cut => ("cut off".to_owned(), Heavy),
        Healed => ("connected again".to_owned(), Plain),
        Slowed => {
            let step = Step::ALL.get(usize::from(record.other)).map_or("a step", |step| step.name());
            (format!("held up before {step}"), Heavy)
        }
        Delayed => (format!("{} delayed", record.packet().0.name()), Heavy),
        Doubled => (format!("{} doubled", record.packet().0.name()), Heavy),
        Held => (format!("{} held", record.packet().0.name()), Heavy),
        Released => (format!("{} goes on", record.packet().0.name()), Plain),
        Laid => ("a fault by hand".to_owned(), Heavy),
        Ended if record.subject == 0 => ("all is quiet".to_owned(), Light),
        Ended => ("time is over".to_owned(), Light),
        Sent | Confirmed | NotTaken | CallFailed | Returned | Accepted | Received | Settled | Lost
        | Struck | Leased | Extended => return None,
    })
}

fn rows(count: u32) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}
