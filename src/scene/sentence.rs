//! What does one record say, in a sentence for people, and why did it happen or what does it mean?

use super::causes::causes;
use super::edited;
use super::found::dropped;
use super::sending;
use super::story::Tone;
use super::{inbox, names, outbox, polling, routed};
use crate::broker::record::{Kind, Record, Why};
use crate::broker::setup::{Consumer, OnError, OnFailure, Publishing, Role};
use crate::broker::world::World;
use crate::check::ledger::Ledger;
use crate::fault::point::{PacketKind, Step};
use crate::scenario::steps::is_polled;
use crate::sim::time::Span;

/// The sentence, the reason, the tone.
pub(super) type Told = (String, Option<String>, Tone);

/// A sentence that needs no reason.
pub(super) fn plain(text: String) -> Told {
    (text, None, Tone::Plain)
}

/// A sentence with its reason.
pub(super) fn with(text: String, why: impl Into<String>, tone: Tone) -> Told {
    (text, Some(why.into()), tone)
}

/// What is told of a record.
pub(super) fn of_record(world: &World, ledger: &Ledger, record: &Record) -> Told {
    use Kind::*;
    if let Some(said) = polling::of_record(world, record) {
        return said;
    }
    let who = names::party(world, record.actor);
    let role = world.cast().role(record.actor);
    let setup = world.setup();
    let order = |order| names::order(world, order);
    let message = || names::message(world, record.subject);
    match record.kind {
        Requested => plain(format!("{who} takes in {}.", order(record.subject))),
        Refused => with(
            format!("{who} is down: a new {} is refused.", noun(world, role)),
            "Nothing was promised, so nothing is lost.",
            Tone::Plain,
        ),
        Produced => plain(format!("New at {who}: {}.", order(record.subject))),
        Began => match role {
            Role::Service(_) => plain(format!("{who} opens a transaction for {}.", order(record.subject))),
            _ => plain(format!("{who} opens a transaction for {}.", message())),
        },
        Wrote => with(
            format!("The row of {} is staged.", order(record.subject)),
            "Only this transaction sees it until the commit.",
            Tone::Plain,
        ),
        Serialized => plain(format!("{} is turned into bytes.", message())),
        SerializationFailed => with(
            format!("{} cannot be turned into bytes.", message()),
            "Its amount is not a number, and no text can say that: the serializer fails, as it would every time.",
            Tone::Trouble,
        ),
        WroteOutbox => with(
            format!("{} goes into the outbox table.", message()),
            "It is a row in the same transaction: both will be there after the commit, or neither.",
            Tone::Plain,
        ),
        Committed => {
            with(format!("{} is committed.", order(record.subject)), committed(world, role), Tone::Good)
        }
        RolledBack => rolled_back(world, record, role),
        GaveUp => with(format!("{} will never be sent.", message()), gave_up(record), Tone::Trouble),
        Sent => sent(world, record),
        Confirmed if world.callee(record.subject).is_some() => {
            let callee = names::receiver(world, record.subject);
            plain(format!("{who} has the reply: {callee} has done its part of {}.", about(world, record)))
        }
        Confirmed => plain(format!("{who} knows now that the broker has {}.", message())),
        NotTaken if world.callee(record.subject).is_some() => with(
            format!("{who} finds nobody at {}.", names::receiver(world, record.subject)),
            "The connection was refused. A call needs the other side to be up at this very moment.",
            Tone::Trouble,
        ),
        CallFailed => with(
            format!(
                "{} could not do its part of {}.",
                names::receiver(world, record.subject),
                about(world, record)
            ),
            "It replies with an error, and the work of the caller cannot go on.",
            Tone::Trouble,
        ),
        Arrived => {
            plain(format!("A new {} comes to {who}: somebody waits for the answer.", noun(world, role)))
        }
        Answered if record.other == 0 => {
            with(format!("{} has its answer.", order(record.subject)), "Whoever asked goes on.", Tone::Good)
        }
        Answered => with(
            format!("{} fails: whoever asked sees an error.", order(record.subject)),
            "The answer is as good as the weakest of all that were called for it.",
            Tone::Trouble,
        ),
        Stopping => with(
            format!("{who} is to be replaced: it ends what it has in hand first."),
            "A planned stop: nothing new is begun.",
            Tone::Plain,
        ),
        Stopped => with(
            format!("{who} is stopped, as planned, to be replaced by a new version."),
            "Nothing is in its hands, and until the new one is up nobody is there.",
            Tone::Plain,
        ),
        NotTaken if record.other == 1 => with(
            format!("{who} learns that a queue is full: {} was not taken.", message()),
            "That is back-pressure: it can slow down, or try again later.",
            Tone::Trouble,
        ),
        NotTaken => with(
            format!("{who} cannot reach the broker: {} was not taken.", message()),
            match role {
                Role::Relay(relay) => outbox::failed(&setup.relays[relay as usize]),
                _ => "The connection was refused.",
            },
            Tone::Trouble,
        ),
        TimedOut => with(
            match world.callee(record.subject) {
                Some(callee) => {
                    let callee = names::party(world, callee);
                    format!("{who} has waited in vain for the reply of {callee} on {}.", about(world, record))
                }
                None => format!("{who} has waited in vain for the broker's word on {}.", message()),
            },
            match role {
                _ if world.callee(record.subject).is_some() => {
                    "The work may be done or not: nobody on this side can tell."
                }
                Role::Relay(relay) if setup.relays[relay as usize].on_failure == OnFailure::Stop => {
                    "It may have arrived or not, nobody on this side can tell. The relay will send it again."
                }
                Role::Relay(relay) => outbox::failed(&setup.relays[relay as usize]),
                _ => "It may have arrived or not: nobody on this side can tell.",
            },
            Tone::Trouble,
        ),
        Polled | PollFailed | Marked | RowTaken | PositionSaved | Cleaned => outbox::of_record(world, record),
        Accepted => accepted(world, record),
        Enqueued => plain(format!("{} waits in queue {}.", message(), names::queue(setup, record.other))),
        Unroutable => routed::unroutable(world, record),
        SetAgain => with(
            format!("{who} sets for {} what was set before: nothing changes.", message()),
            "To set a value twice is to set it once. Such a handler needs no inbox.",
            Tone::Good,
        ),
        DelayChanged => plain(format!(
            "Queue {} hides new messages for {} from now on.",
            names::queue(setup, record.other),
            Span::from_millis(u64::from(record.subject))
        )),
        Subscribed | SubscriptionDown | SubscriptionUp | Filtered | Undeliverable | Diverted | Returned
        | Spoiled | Expired | Overflowed | TurnedAway | LimitReached => routed::of_record(world, record),
        Settled => plain(format!(
            "The broker learns that {} is done and deletes it from queue {}{}.",
            message(),
            names::queue(setup, record.other & 0xff),
            if record.other >> 8 > 0 { ", but one of its servers has not heard of that" } else { "" }
        )),
        Requeued => {
            let given_back = causes(world, record).next().is_some_and(|(_, cause)| cause.kind == Kind::Sent);
            let why = match given_back {
                true => "The consumer gave it back. It will be handed out again.",
                false => "It was handed out and never acknowledged. It will be handed out again.",
            };
            let queue = names::queue(setup, record.other);
            with(format!("{} goes back to its place in queue {queue}.", message()), why, Tone::Trouble)
        }
        DeadLettered => {
            (format!("{} is parked.", message()), Some(routed::set_aside(world, record)), Tone::Trouble)
        }
        Dropped => {
            let queue = names::queue(setup, record.other);
            let text = format!("{} is thrown away from queue {queue}.", message());
            (text, Some(dropped(world, record)), Tone::Trouble)
        }
        Stale => plain(format!(
            "An answer about {} comes to the broker too late: its connection is gone.",
            message()
        )),
        Lost => lost(world, record),
        Doubled => with(format!("The wire doubles {}.", message()), "Its twin arrives later.", Tone::Trouble),
        Delayed => with(
            format!("{} is delayed on the wire.", message()),
            "What was sent later may overtake it.",
            Tone::Trouble,
        ),
        Held => plain(format!("{} is held on the wire.", message())),
        Released => plain(format!("{} goes on.", message())),
        Received if world.callee(record.subject).is_some() => {
            plain(format!("{who} takes in the call about {}.", about(world, record)))
        }
        Received if record.other == 1 => {
            let requeued = causes(world, record).find(|(_, cause)| cause.kind == Kind::Requeued);
            let answer = requeued.and_then(|(_, requeued)| causes(world, &requeued).next());
            let why = match answer.map(|(_, answer)| answer.kind) {
                Some(Kind::Sent) => "It was handed out before and given back.",
                _ => polling::again(world, record).unwrap_or(
                    "It was handed out before and never acknowledged; nobody can say whether the work was done.",
                ),
            };
            with(format!("{who} receives {}, marked as a possible repeat.", message()), why, Tone::Plain)
        }
        Received if ledger.is_undone(record.subject) => with(
            format!("{who} receives {}.", message()),
            "It cannot know that there is nothing behind it.",
            Tone::Trouble,
        ),
        Received => plain(format!("{who} receives {}.", message())),
        DecodeFailed if enveloped(world, record, role) => with(
            format!("{who} cannot read {}.", message()),
            "One expects the topic's envelope around it and the other does not: raw delivery must fit what the consumer expects. It is rejected.",
            Tone::Trouble,
        ),
        DecodeFailed => with(
            format!("{who} cannot read {}.", message()),
            match polled(world, role) {
                true => "It is not deleted, so it comes back when its timeout is over: unreadable as before.",
                false => {
                    "Bytes that cannot be decoded today cannot be tomorrow: it is rejected without another try."
                }
            },
            Tone::Trouble,
        ),
        WroteInbox | NotKnown | IdKept | Forgot | Stored | PutBack | Recognised => {
            inbox::of_record(world, record)
        }
        Staged => plain(format!("{who} stages its effect for {}.", message())),
        Applied if ledger.is_undone(record.subject) => {
            let order = world.message(record.subject).map_or(String::new(), |m| order(m.order));
            let why = format!("{order} is rolled back, but what was done because of it stays done.");
            (format!("{}.", done(world, record)), Some(names::sentence(why)), Tone::Trouble)
        }
        Applied => (format!("{}.", done(world, record)), None, Tone::Good),
        HandlerFailed if world.is_bad(record.subject) => with(
            format!("The handler of {who} fails on {}.", message()),
            match consumer(world, role).map(|consumer| consumer.on_error) {
                Some(OnError::Reject) => {
                    "Something is wrong with the message: it would fail every time. It is rejected."
                }
                _ => {
                    "Something is wrong with the message: it would fail every time. It goes back for another try all the same."
                }
            },
            Tone::Trouble,
        ),
        HandlerFailed => with(
            format!("The handler of {who} fails on {}.", message()),
            match consumer(world, role).map(|consumer| consumer.on_error) {
                Some(OnError::Reject) => {
                    "It throws an exception. The message is rejected without another try."
                }
                Some(OnError::Leave) => {
                    "It throws an exception. The message is not deleted: it comes back when its timeout is over."
                }
                _ => "It throws an exception. The message goes back for another try.",
            },
            Tone::Trouble,
        ),
        Struck => plain("The fault strikes.".to_owned()),
        Laid => plain("A fault was laid down by hand.".to_owned()),
        Crashed => match role {
            Role::Broker => with(
                "The broker goes down.".to_owned(),
                "Every connection breaks. Durable queues keep what they hold.",
                Tone::Trouble,
            ),
            _ => with(
                format!("{who} crashes."),
                "What was only in its memory is gone; what was committed stays.",
                Tone::Trouble,
            ),
        },
        Restarted => match role {
            Role::Broker => plain("The broker is up again.".to_owned()),
            _ if was_replaced(world, record) => with(
                format!("The new version of {who} is up."),
                "It takes up the work where the old one left it.",
                Tone::Good,
            ),
            _ => plain(format!("{who} is up again.")),
        },
        DatabaseDown => with(
            format!("The database of {who} does not answer."),
            "No statement succeeds until it does.",
            Tone::Trouble,
        ),
        DatabaseUp => plain(format!("The database of {who} answers again.")),
        Cut => with(
            if names::uses_broker(world, record.actor) {
                format!("The wire between {who} and the broker is cut.")
            } else {
                format!("The wire of {who} is cut.")
            },
            "Nothing passes, and nobody is told.",
            Tone::Trouble,
        ),
        Healed if !names::uses_broker(world, record.actor) => {
            plain(format!("The wire of {who} is whole again."))
        }
        Healed => plain(format!("The wire between {who} and the broker is whole again.")),
        Slowed => {
            let step = Step::ALL.get(record.other as usize).map_or("a step", |step| step.name());
            with(
                format!("{who} is held up before “{step}”."),
                "It goes on later than it would have.",
                Tone::Trouble,
            )
        }
        Leased | VisibilityEnded | Extended | ExtendRefused | DelayEnded | LongPolled | PollTimedOut
        | Reexposed | Redriven | Discarded => plain(String::new()),
        WroteMore | Collected | WillRetry | WroteDeadLetter | ReplayAsked | ReplayFailed | LetterRemoved
        | LetterEdited | LetterDiscarded => sending::of_record(world, record),
        TakenOut | NotTakenOut => edited::of_record(world, record),
        Ended if record.subject == 0 => plain("All is quiet: nothing is left to happen.".to_owned()),
        Ended => plain("The scenario's time is over.".to_owned()),
    }
}

/// The effect in the scenario's words: `the mail service wrote to the customer about order 3`.
pub(super) fn done(world: &World, record: &Record) -> String {
    let who = names::party(world, record.actor);
    let order = world.message(record.subject).map_or(String::new(), |m| names::order(world, m.order));
    let did = world.setup().consumers.get(record.other as usize).map_or("handled {}", |c| &c.did);
    format!("{who} {}", did.replace("{}", &order))
}

/// Whether the party polls its queue.
fn polled(world: &World, role: Role) -> bool {
    consumer(world, role).is_some_and(|consumer| is_polled(consumer, world.setup()))
}

fn publishing(world: &World, role: Role) -> Option<Publishing> {
    match role {
        Role::Service(service) => Some(world.setup().services.get(service as usize)?.publishing),
        _ => None,
    }
}

fn consumer(world: &World, role: Role) -> Option<&Consumer> {
    match role {
        Role::Worker(consumer, _) => world.setup().consumers.get(consumer as usize),
        _ => None,
    }
}

fn noun(world: &World, role: Role) -> &str {
    match role {
        Role::Service(service) => {
            world.setup().services.get(service as usize).map_or("order", |service| &service.noun)
        }
        _ => "order",
    }
}

/// Whether a delivery could not be read because of the topic's envelope, and not because of a fault.
fn enveloped(world: &World, record: &Record, role: Role) -> bool {
    let struck = causes(world, record).next().is_some_and(|(_, cause)| cause.kind == Kind::Struck);
    let queue = consumer(world, role).map(|consumer| consumer.queue);
    let wrapped = world.setup().topics.iter().flat_map(|topic| &topic.subscriptions);
    let wrapped = wrapped.filter(|s| Some(s.queue) == queue).any(|s| s.wrapped);
    !struck && wrapped != consumer(world, role).is_some_and(|consumer| consumer.unwraps)
}

fn committed(world: &World, role: Role) -> &'static str {
    match publishing(world, role) {
        Some(Publishing::Call) => "Now it is a fact, and everybody it was asked of has done it.",
        Some(Publishing::Outbox) => "What is to be sent is safe in the outbox with it, whatever crashes now.",
        Some(Publishing::BeforeCommit | Publishing::CollectBeforeCommit | Publishing::InHandler) => {
            "Now it is a fact, and what was sent before is true."
        }
        _ => "Now it is a fact. That it is still to be told stands only in the service's memory.",
    }
}

fn accepted(world: &World, record: &Record) -> Told {
    let text = format!("{} reaches the broker.", names::message(world, record.subject));
    let why = routed::copied(world, record.subject);
    (text, why, Tone::Plain)
}

#[inline(never)]
fn sent(world: &World, record: &Record) -> Told {
    let who = names::party(world, record.actor);
    let message = names::message(world, record.subject);
    let (kind, to) = record.packet();
    let to = names::party(world, to);
    let text = match kind {
        PacketKind::Publish => format!("{who} publishes {message}."),
        PacketKind::Confirm => format!("The broker confirms to {to} that it has {message}."),
        PacketKind::Refuse if world.callee(record.subject).is_some() => {
            format!("Nobody answers at {who}: the call is refused.")
        }
        PacketKind::Call => format!("{who} calls {to} about {}, and waits.", about(world, record)),
        PacketKind::Response => format!("{who} replies to {to}: done."),
        PacketKind::Error => format!("{who} replies to {to}: it could not be done."),
        PacketKind::Refuse => format!("Nothing answers at the broker: {message} is refused."),
        PacketKind::Delivery => format!("The broker hands {message} to {to}."),
        PacketKind::Ack => format!("{who} acknowledges {message}."),
        PacketKind::Nack => format!("{who} gives {message} back."),
        // Those of polled queues have sentences of their own.
        PacketKind::Poll | PacketKind::Reply | PacketKind::Delete | PacketKind::Extend => String::new(),
        PacketKind::Return => format!("The broker sends {message} back to {to}: no queue got it."),
        PacketKind::Reject => format!("The broker tells {to} that it did not take {message}."),
    };
    let role = world.cast().role(record.actor);
    let why = match (kind, publishing(world, role), role) {
        (
            PacketKind::Publish,
            Some(Publishing::BeforeCommit | Publishing::CollectBeforeCommit | Publishing::InHandler),
            _,
        ) if !is_replay(world, record) => Some(
            "The transaction is still open: it is not certain yet that there is anything to tell.".to_owned(),
        ),
        (PacketKind::Publish, _, Role::Service(index))
            if world.setup().services[usize::from(index)].new_ids && is_tried_again(world, record) =>
        {
            Some("With a new id: who knows messages by their ids takes it for another one.".to_owned())
        }
        (PacketKind::Publish, _, Role::Relay(relay)) => {
            Some(outbox::published(&world.setup().relays[relay as usize]).to_owned())
        }
        _ => None,
    };
    let trouble =
        matches!(kind, PacketKind::Refuse | PacketKind::Return | PacketKind::Reject | PacketKind::Error);
    (text, why, if trouble { Tone::Trouble } else { Tone::Plain })
}

/// Whether an operator asked for that publish, so that no transaction stands behind it.
/// Whether it was sent before.
fn is_tried_again(world: &World, record: &Record) -> bool {
    let again = causes(world, record).next().is_some_and(|(_, cause)| cause.kind == Kind::WillRetry);
    again || is_replay(world, record)
}

fn is_replay(world: &World, record: &Record) -> bool {
    causes(world, record).next().is_some_and(|(_, cause)| {
        matches!(cause.kind, Kind::ReplayAsked | Kind::LetterRemoved | Kind::ReplayFailed)
    })
}

#[inline(never)]
fn lost(world: &World, record: &Record) -> Told {
    let message = names::message(world, record.subject);
    let (kind, to) = record.packet();
    let to = names::party(world, to);
    let (text, why) = match kind {
        PacketKind::Publish => (format!("{message} is lost on its way to the broker."), "Nobody is told."),
        PacketKind::Call => (
            format!("The call to {to} about {} is lost.", about(world, record)),
            "Nobody is told: the caller waits until its patience ends.",
        ),
        PacketKind::Response | PacketKind::Error => (
            format!("The reply to {to} about {} is lost.", about(world, record)),
            "The caller can't tell whether the work was done.",
        ),
        PacketKind::Confirm | PacketKind::Refuse | PacketKind::Return | PacketKind::Reject => (
            format!("The broker's word on {message} never reaches {to}."),
            "The sender can't tell whether it arrived.",
        ),
        PacketKind::Delivery => (
            format!("{message} is lost on its way to {to}."),
            "The queue keeps its copy until it is acknowledged.",
        ),
        _ => (
            format!("The acknowledgement of {message} is lost."),
            "The broker does not know what became of it: it keeps its copy until the connection breaks, then hands it out again.",
        ),
    };
    (text, Some(why.to_owned()), Tone::Trouble)
}

/// The order that a record of a message is about.
fn about(world: &World, record: &Record) -> String {
    world.message(record.subject).map_or(String::new(), |message| names::order(world, message.order))
}

/// Whether the party that is up again was stopped as planned, and did not crash.
fn was_replaced(world: &World, record: &Record) -> bool {
    let gone =
        |other: &&Record| other.actor == record.actor && matches!(other.kind, Kind::Crashed | Kind::Stopped);
    world.history().before_step(record.step).find(gone).is_some_and(|gone| gone.kind == Kind::Stopped)
}

fn gave_up(record: &Record) -> &'static str {
    match Why::of(record.other) {
        Why::Crash => "The plan to send it was only in memory, and the memory is gone.",
        Why::Database => "The database did not answer, so it could not even be parked.",
        Why::NotTaken => "The broker could not be reached, and nobody tries again.",
        Why::Full => "A queue was full, and nobody tries again.",
        Why::TimedOut => "No confirmation came, and nobody tries again.",
        Why::Serialization => "It could not be turned into bytes.",
        _ => "Its transaction was undone.",
    }
}

#[inline(never)]
fn rolled_back(world: &World, record: &Record, role: Role) -> Told {
    if !matches!(role, Role::Service(_)) {
        let text = format!(
            "{} rolls back its work on {}.",
            names::party(world, record.actor),
            names::message(world, record.subject)
        );
        return (text, Some(inbox::undone(world, record).to_owned()), Tone::Trouble);
    }
    let order = names::order(world, record.subject);
    let reason = match Why::of(record.other) {
        Why::CommitFailed => "The commit failed.",
        Why::Serialization => "One of its messages could not be serialized.",
        Why::NotTaken if publishing(world, role) == Some(Publishing::Call) => {
            "The service that was called was not there."
        }
        Why::TimedOut if publishing(world, role) == Some(Publishing::Call) => {
            "The service that was called did not reply."
        }
        Why::Handler if publishing(world, role) == Some(Publishing::Call) => {
            "The service that was called could not do it."
        }
        Why::NotTaken => "The broker could not be reached.",
        Why::Full => "A queue was full and did not take its message.",
        Why::TimedOut => "No confirmation came from the broker.",
        Why::Crash => "The service crashed with the transaction open.",
        Why::Database => "The database did not answer.",
        Why::Handler => "A later step of its handler failed.",
        _ => "The work failed.",
    };
    let out = causes(world, record)
        .take_while(|(_, cause)| !matches!(cause.kind, Kind::Requested | Kind::Produced))
        .any(|(_, cause)| cause.kind == Kind::Sent && cause.packet().0 == PacketKind::Publish);
    let more =
        if out { " But a message about it has left already, and nothing calls a message back." } else { "" };
    (format!("{order} is rolled back: it never happened."), Some(format!("{reason}{more}")), Tone::Trouble)
}
