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
use crate::words::story::happened as say;

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
        Requested => plain(say::takes_in(&who, &order(record.subject))),
        Refused => with(say::refuses(&who, noun(world, role)), say::NOTHING_WAS_PROMISED, Tone::Plain),
        Produced => plain(say::is_new(&who, &order(record.subject))),
        Began => match role {
            Role::Service(_) => plain(say::opens_transaction(&who, &order(record.subject))),
            _ => plain(say::opens_transaction(&who, &message())),
        },
        Wrote => {
            with(say::stages_row(&order(record.subject)), say::ONLY_THIS_TRANSACTION_SEES_IT, Tone::Plain)
        }
        Serialized => plain(say::is_serialized(&message())),
        SerializationFailed => {
            with(say::cannot_be_serialized(&message()), say::NO_TEXT_CAN_SAY_THAT, Tone::Trouble)
        }
        WroteOutbox => with(say::goes_into_the_outbox(&message()), say::BOTH_OR_NEITHER, Tone::Plain),
        Committed => with(say::is_committed(&order(record.subject)), committed(world, role), Tone::Good),
        RolledBack => rolled_back(world, record, role),
        GaveUp => with(say::will_never_be_sent(&message()), gave_up(record), Tone::Trouble),
        Sent => sent(world, record),
        Confirmed if world.callee(record.subject).is_some() => {
            let callee = names::receiver(world, record.subject);
            plain(say::has_the_reply(&who, &callee, &about(world, record)))
        }
        Confirmed if came_back(world, record) => plain(say::knows_of_the_end(&who, &message())),
        Confirmed => plain(say::knows_of_the_confirmation(&who, &message())),
        NotTaken if world.callee(record.subject).is_some() => with(
            say::finds_nobody(&who, &names::receiver(world, record.subject)),
            say::THE_OTHER_SIDE_MUST_BE_UP,
            Tone::Trouble,
        ),
        CallFailed => with(
            say::could_not_do_its_part(&names::receiver(world, record.subject), &about(world, record)),
            say::THE_CALLER_CANNOT_GO_ON,
            Tone::Trouble,
        ),
        Arrived => plain(say::request_comes(noun(world, role), &who)),
        Answered if record.other == 0 => {
            with(say::has_its_answer(&order(record.subject)), say::WHOEVER_ASKED_GOES_ON, Tone::Good)
        }
        Answered => {
            with(say::request_fails(&order(record.subject)), say::AS_GOOD_AS_THE_WEAKEST, Tone::Trouble)
        }
        Stopping => with(say::is_to_be_replaced(&who), say::NOTHING_NEW_IS_BEGUN, Tone::Plain),
        Stopped => with(say::is_stopped(&who), say::NOBODY_IS_THERE, Tone::Plain),
        NotTaken if record.other == 1 => {
            with(say::learns_of_a_full_queue(&who, &message()), say::BACK_PRESSURE, Tone::Trouble)
        }
        NotTaken => with(
            say::cannot_reach_the_broker(&who, &message()),
            match role {
                Role::Relay(relay) => outbox::failed(&setup.relays[relay as usize]),
                _ => say::THE_CONNECTION_WAS_REFUSED,
            },
            Tone::Trouble,
        ),
        TimedOut => with(
            match world.callee(record.subject) {
                Some(callee) => {
                    let callee = names::party(world, callee);
                    say::no_reply_in_time(&who, &callee, &about(world, record))
                }
                None => say::no_confirmation_in_time(&who, &message()),
            },
            match role {
                _ if world.callee(record.subject).is_some() => say::DONE_OR_NOT,
                Role::Relay(relay) if setup.relays[relay as usize].on_failure == OnFailure::Stop => {
                    say::ARRIVED_OR_NOT_RELAY
                }
                Role::Relay(relay) => outbox::failed(&setup.relays[relay as usize]),
                _ => say::ARRIVED_OR_NOT,
            },
            Tone::Trouble,
        ),
        Polled | PollFailed | Marked | RowTaken | PositionSaved | Cleaned => outbox::of_record(world, record),
        Accepted => accepted(world, record),
        Enqueued => plain(say::waits_in_queue(&message(), names::queue(setup, record.other))),
        Unroutable => routed::unroutable(world, record),
        SetAgain => with(say::sets_again(&who, &message()), say::TO_SET_TWICE_IS_TO_SET_ONCE, Tone::Good),
        DelayChanged => plain(say::delay_is_changed(
            names::queue(setup, record.other),
            &Span::from_millis(u64::from(record.subject)),
        )),
        Subscribed | SubscriptionDown | SubscriptionUp | Filtered | Undeliverable | Diverted | Returned
        | Spoiled | Expired | Overflowed | TurnedAway | LimitReached => routed::of_record(world, record),
        Settled => plain(say::is_deleted(
            &message(),
            names::queue(setup, record.other & 0xff),
            if record.other >> 8 > 0 { say::A_SERVER_HAS_NOT_HEARD } else { "" },
        )),
        Requeued => {
            let given_back = causes(world, record).next().is_some_and(|(_, cause)| cause.kind == Kind::Sent);
            let why = match given_back {
                true => say::THE_CONSUMER_GAVE_IT_BACK,
                false => say::NEVER_ACKNOWLEDGED,
            };
            let queue = names::queue(setup, record.other);
            with(say::goes_back_to_its_place(&message(), queue), why, Tone::Trouble)
        }
        DeadLettered => (say::is_parked(&message()), Some(routed::set_aside(world, record)), Tone::Trouble),
        Dropped => {
            let queue = names::queue(setup, record.other);
            let text = say::is_thrown_away(&message(), queue);
            (text, Some(dropped(world, record)), Tone::Trouble)
        }
        Stale => plain(say::answer_comes_too_late(&message())),
        Lost => lost(world, record),
        Doubled => with(say::is_doubled(&message()), say::ITS_TWIN_ARRIVES_LATER, Tone::Trouble),
        Delayed => with(say::is_delayed(&message()), say::IT_MAY_BE_OVERTAKEN, Tone::Trouble),
        Hurried => plain(say::is_quick(&message())),
        Lagged => with(say::is_slow(&message()), say::WHAT_FOLLOWS_WAITS, Tone::Plain),
        Held => plain(say::is_held(&message())),
        Released => plain(say::goes_on(&message())),
        Received if world.callee(record.subject).is_some() => {
            plain(say::takes_in_the_call(&who, &about(world, record)))
        }
        Received if record.other == 1 => {
            let requeued = causes(world, record).find(|(_, cause)| cause.kind == Kind::Requeued);
            let answer = requeued.and_then(|(_, requeued)| causes(world, &requeued).next());
            let why = match answer.map(|(_, answer)| answer.kind) {
                Some(Kind::Sent) => say::GIVEN_BACK_BEFORE,
                _ => polling::again(world, record).unwrap_or(say::NEVER_ACKNOWLEDGED_BEFORE),
            };
            with(say::receives_a_repeat(&who, &message()), why, Tone::Plain)
        }
        Received if ledger.is_undone(record.subject) => {
            with(say::receives(&who, &message()), say::NOTHING_BEHIND_IT, Tone::Trouble)
        }
        Received => plain(say::receives(&who, &message())),
        DecodeFailed if enveloped(world, record, role) => {
            with(say::cannot_read(&who, &message()), say::ENVELOPE_DOES_NOT_FIT, Tone::Trouble)
        }
        DecodeFailed => with(
            say::cannot_read(&who, &message()),
            match polled(world, role) {
                true => say::UNREADABLE_AND_NOT_DELETED,
                false => say::UNREADABLE_AND_REJECTED,
            },
            Tone::Trouble,
        ),
        WroteInbox | NotKnown | IdKept | Forgot | Stored | PutBack | Recognised => {
            inbox::of_record(world, record)
        }
        Staged => plain(say::stages_effect(&who, &message())),
        Applied if ledger.is_undone(record.subject) => {
            let order = world.message(record.subject).map_or(String::new(), |m| order(m.order));
            let why = say::stays_done(&order);
            (format!("{}.", done(world, record)), Some(names::sentence(why)), Tone::Trouble)
        }
        Applied => (format!("{}.", done(world, record)), None, Tone::Good),
        HandlerFailed if world.is_bad(record.subject) => with(
            say::handler_fails(&who, &message()),
            match consumer(world, role).map(|consumer| consumer.on_error) {
                Some(OnError::Reject) => say::BAD_AND_REJECTED,
                _ => say::BAD_AND_TRIED_AGAIN,
            },
            Tone::Trouble,
        ),
        HandlerFailed => with(
            say::handler_fails(&who, &message()),
            match consumer(world, role).map(|consumer| consumer.on_error) {
                Some(OnError::Reject) => say::FAILED_AND_REJECTED,
                Some(OnError::Leave) => say::FAILED_AND_LEFT,
                _ => say::FAILED_AND_TRIED_AGAIN,
            },
            Tone::Trouble,
        ),
        Struck => plain(say::THE_FAULT_STRIKES.to_owned()),
        Laid => plain(say::LAID_BY_HAND.to_owned()),
        Crashed => match role {
            Role::Broker => {
                with(say::THE_BROKER_GOES_DOWN.to_owned(), say::EVERY_CONNECTION_BREAKS, Tone::Trouble)
            }
            _ => with(say::crashes(&who), say::WHAT_WAS_COMMITTED_STAYS, Tone::Trouble),
        },
        Restarted => match role {
            Role::Broker => plain(say::THE_BROKER_IS_UP.to_owned()),
            _ if was_replaced(world, record) => {
                with(say::new_version_is_up(&who), say::TAKES_UP_THE_WORK, Tone::Good)
            }
            _ => plain(say::is_up(&who)),
        },
        DatabaseDown => with(say::database_is_down(&who), say::NO_STATEMENT_SUCCEEDS, Tone::Trouble),
        DatabaseUp => plain(say::database_is_up(&who)),
        Cut => with(
            if names::uses_broker(world, record.actor) {
                say::wire_to_broker_is_cut(&who)
            } else {
                say::wire_is_cut(&who)
            },
            say::NOTHING_PASSES,
            Tone::Trouble,
        ),
        Healed if !names::uses_broker(world, record.actor) => plain(say::wire_is_whole(&who)),
        Healed => plain(say::wire_to_broker_is_whole(&who)),
        Slowed => match Step::ALL.get(record.other as usize) {
            Some(step) => {
                with(say::is_held_up(&who, step.name()), say::LATER_THAN_IT_WOULD_HAVE, Tone::Trouble)
            }
            None => plain(say::lets_others_go_first(&who)),
        },
        Leased | VisibilityEnded | Extended | ExtendRefused | DelayEnded | LongPolled | PollTimedOut
        | Reexposed | Redriven | Discarded => plain(String::new()),
        WroteMore | Collected | WillRetry | WroteDeadLetter | ReplayAsked | ReplayFailed | LetterRemoved
        | LetterEdited | LetterDiscarded => sending::of_record(world, record),
        TakenOut | NotTakenOut => edited::of_record(world, record),
        Ended if record.subject == 0 => {
            (say::ALL_IS_QUIET.to_owned(), super::found::in_sum(world, ledger), Tone::Plain)
        }
        Ended => plain(say::TIME_IS_OVER.to_owned()),
    }
}

/// The effect in the scenario's words: `the mail service wrote to the customer about order 3`.
pub(super) fn done(world: &World, record: &Record) -> String {
    let who = names::party(world, record.actor);
    let order = world.message(record.subject).map_or(String::new(), |m| names::order(world, m.order));
    let did = world.setup().consumers.get(record.other as usize).map_or(say::HANDLED, |c| &c.did);
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
            world.setup().services.get(service as usize).map_or(say::ORDER, |service| &service.noun)
        }
        _ => say::ORDER,
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
        Some(Publishing::Call) => say::EVERYBODY_HAS_DONE_IT,
        Some(Publishing::Outbox) => say::SAFE_IN_THE_OUTBOX,
        Some(Publishing::BeforeCommit | Publishing::CollectBeforeCommit | Publishing::InHandler) => {
            say::A_FACT_AND_TRUE
        }
        _ => say::A_FACT_STILL_TO_BE_TOLD,
    }
}

fn accepted(world: &World, record: &Record) -> Told {
    let text = say::reaches_the_broker(&names::message(world, record.subject));
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
        PacketKind::Publish => say::publishes(&who, &message),
        PacketKind::Confirm => say::confirms(&to, &message),
        PacketKind::Refuse if world.callee(record.subject).is_some() => say::call_is_refused(&who),
        PacketKind::Call => say::calls(&who, &to, &about(world, record)),
        PacketKind::Response => say::replies(&who, &to),
        PacketKind::Error => say::replies_with_error(&who, &to),
        PacketKind::Refuse => say::publish_is_refused(&message),
        PacketKind::Delivery => say::hands_out(&message, &to),
        PacketKind::Ack => say::acknowledges(&who, &message),
        PacketKind::Nack => say::gives_back(&who, &message),
        // Those of polled queues have sentences of their own.
        PacketKind::Poll | PacketKind::Reply | PacketKind::Delete | PacketKind::Extend => String::new(),
        PacketKind::Return => say::returns(&message, &to),
        PacketKind::Reject => say::rejects(&to, &message),
    };
    let role = world.cast().role(record.actor);
    let why = match (kind, publishing(world, role), role) {
        (
            PacketKind::Publish,
            Some(Publishing::BeforeCommit | Publishing::CollectBeforeCommit | Publishing::InHandler),
            _,
        ) if !is_replay(world, record) => Some(say::STILL_OPEN.to_owned()),
        (PacketKind::Publish, _, Role::Service(index))
            if world.setup().services[usize::from(index)].new_ids && is_tried_again(world, record) =>
        {
            Some(say::WITH_A_NEW_ID.to_owned())
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

/// Whether a confirmed message came back from the broker, for no queue wanted it.
fn came_back(world: &World, record: &Record) -> bool {
    let about_it = |other: &&Record| {
        other.subject == record.subject && matches!(other.kind, Kind::Returned | Kind::Accepted)
    };
    let last = world.history().before_step(record.step).find(about_it);
    last.is_some_and(|last| last.kind == Kind::Returned && last.actor == record.actor)
}

/// Whether it was sent before.
fn is_tried_again(world: &World, record: &Record) -> bool {
    let again = causes(world, record).next().is_some_and(|(_, cause)| cause.kind == Kind::WillRetry);
    again || is_replay(world, record)
}

/// Whether an operator asked for that publish, so that no transaction stands behind it.
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
        PacketKind::Publish => (say::lost_to_broker(&message), say::NOBODY_IS_TOLD),
        PacketKind::Call => (say::call_is_lost(&to, &about(world, record)), say::NOBODY_IS_TOLD_OF_THE_CALL),
        PacketKind::Response | PacketKind::Error => {
            (say::reply_is_lost(&to, &about(world, record)), say::DONE_OR_NOT_FOR_THE_CALLER)
        }
        PacketKind::Confirm | PacketKind::Refuse | PacketKind::Return | PacketKind::Reject => {
            (say::word_of_broker_is_lost(&message, &to), say::ARRIVED_OR_NOT_FOR_THE_SENDER)
        }
        PacketKind::Delivery => (say::lost_to_consumer(&message, &to), say::THE_QUEUE_KEEPS_ITS_COPY),
        _ => (say::acknowledgement_is_lost(&message), say::KEPT_UNTIL_THE_CONNECTION_BREAKS),
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
        Why::Crash => say::ONLY_IN_MEMORY,
        Why::Database => say::NOT_EVEN_PARKED,
        Why::NotTaken => say::BROKER_NOT_REACHED,
        Why::Full => say::QUEUE_WAS_FULL,
        Why::TimedOut => say::NO_CONFIRMATION,
        Why::Serialization => say::NOT_BYTES,
        _ => say::TRANSACTION_UNDONE,
    }
}

#[inline(never)]
fn rolled_back(world: &World, record: &Record, role: Role) -> Told {
    if !matches!(role, Role::Service(_)) {
        let text =
            say::rolls_back_work(&names::party(world, record.actor), &names::message(world, record.subject));
        return (text, Some(inbox::undone(world, record).to_owned()), Tone::Trouble);
    }
    let order = names::order(world, record.subject);
    let reason = match Why::of(record.other) {
        Why::CommitFailed => say::THE_COMMIT_FAILED,
        Why::Serialization => say::NOT_SERIALIZED,
        Why::NotTaken if publishing(world, role) == Some(Publishing::Call) => say::CALLED_WAS_NOT_THERE,
        Why::TimedOut if publishing(world, role) == Some(Publishing::Call) => say::CALLED_DID_NOT_REPLY,
        Why::Handler if publishing(world, role) == Some(Publishing::Call) => say::CALLED_COULD_NOT,
        Why::NotTaken => say::THE_BROKER_WAS_AWAY,
        Why::Full => say::A_QUEUE_WAS_FULL,
        Why::TimedOut => say::NOT_CONFIRMED,
        Why::Crash => say::CRASHED_IN_TRANSACTION,
        Why::Database => say::NO_DATABASE,
        Why::Handler => say::A_LATER_STEP_FAILED,
        _ => say::THE_WORK_FAILED,
    };
    let out = causes(world, record)
        .take_while(|(_, cause)| !matches!(cause.kind, Kind::Requested | Kind::Produced))
        .any(|(_, cause)| cause.kind == Kind::Sent && cause.packet().0 == PacketKind::Publish);
    let more = if out { say::A_MESSAGE_HAS_LEFT } else { "" };
    (say::is_rolled_back(&order), Some(format!("{reason}{more}")), Tone::Trouble)
}
