//! What is in the history, for a machine? An object for each record, its numbers turned into names.
//!
//! Orders and messages are counted from 1, as people see them; `place` and `cause` are places in the history,
//! counted from 0, so that the cause of a record stands in line `cause + 1`.

use super::names;
use crate::broker::record::{Kind, NONE, Record, Why};
use crate::broker::setup::Role;
use crate::broker::world::World;
use crate::fault::point::{ActorId, Step};
use crate::scenario::write::write_fault;
use serde::Serialize;

/// A record as it is written. What a kind does not have is left out, except for the cause.
#[derive(Serialize, Default)]
pub struct Line<'w> {
    /// Its place in the history, counted from 0.
    pub place: u32,
    /// When it happened, in microseconds of virtual time.
    pub at_us: u64,
    /// The step that it belongs to, counted from 1.
    pub step: u32,
    /// The place of the record that led to it; none: it came by itself.
    pub cause: Option<u32>,
    /// What happened: `rolled-back`.
    pub kind: String,
    /// Whom it happened to.
    pub actor: &'w str,
    /// The unit of work, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<u64>,
    /// The message, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<u64>,
    /// What the message is called: `order placed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_name: Option<&'w str>,
    /// How many messages a unit of work sends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<u16>,
    /// The kind of the packet: `publish`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packet: Option<&'static str>,
    /// The party that a packet is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<&'w str>,
    /// The party that a packet came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<&'w str>,
    /// The queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<&'w str>,
    /// The topic or the exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<&'w str>,
    /// The consumer whose effect was applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer: Option<&'w str>,
    /// How many rows a relay found or deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u32>,
    /// Whether a delivery is marked as a possible repeat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redelivered: Option<bool>,
    /// How often a polled message was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receives: Option<u16>,
    /// The number of the next attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u16>,
    /// Why it happened, or how the run ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The fault that struck or was laid, in the words of the fault grammar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The step that a fault slowed down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slowed_step: Option<&'static str>,
}

/// Every record of a run, in the order of the history.
pub fn lines(world: &World) -> impl Iterator<Item = Line<'_>> {
    (0..).zip(world.history().iter()).map(|(place, record)| line(world, place, record))
}

fn line<'w>(world: &'w World, place: u32, record: &Record) -> Line<'w> {
    let (cast, setup) = (world.cast(), world.setup());
    let party = |actor: ActorId| cast.actors.get(actor.0 as usize).map(|actor| actor.name.as_str());
    let mut line = Line {
        place,
        at_us: record.at.0,
        step: record.step,
        cause: (record.cause != NONE).then_some(record.cause),
        kind: kebab(record.kind),
        actor: party(record.actor).unwrap_or_default(),
        ..Line::default()
    };
    let mut about = record.message();
    match record.kind {
        Kind::Began | Kind::RolledBack => match cast.role(record.actor) {
            Role::Service(_) => line.order = Some(human(record.subject)),
            _ => about = Some(record.subject),
        },
        Kind::Requested | Kind::Produced => {
            line.order = Some(human(record.subject));
            line.messages = Some(record.other);
        }
        Kind::Wrote | Kind::WroteMore | Kind::Committed => line.order = Some(human(record.subject)),
        Kind::Answered => {
            line.order = Some(human(record.subject));
            line.why = record.other.checked_sub(1).map(|code| kebab(Why::of(code)));
        }
        Kind::Polled | Kind::Cleaned => line.rows = Some(record.subject),
        Kind::Sent
        | Kind::Lost
        | Kind::Doubled
        | Kind::Delayed
        | Kind::Hurried
        | Kind::Lagged
        | Kind::Held
        | Kind::Released => {
            let (kind, to) = record.packet();
            line.packet = Some(kind.name());
            line.to = party(to);
        }
        Kind::Accepted | Kind::Stale => line.from = party(ActorId(record.other as u8)),
        Kind::Subscribed | Kind::SubscriptionDown | Kind::SubscriptionUp => {
            line.topic = cast.topics.get(record.subject as usize).map(String::as_str);
            line.queue = Some(names::queue(setup, record.other));
        }
        Kind::Enqueued | Kind::Settled | Kind::Requeued | Kind::DeadLettered | Kind::Dropped => {
            line.queue = Some(names::queue(setup, record.other & 0xff));
        }
        Kind::TakenOut | Kind::NotTakenOut => line.queue = Some(names::queue(setup, record.other & 0xff)),
        Kind::Leased | Kind::VisibilityEnded | Kind::Extended | Kind::DelayEnded | Kind::LongPolled => {
            line.queue = Some(names::queue(setup, record.other & 0xff));
            line.receives = (record.kind == Kind::Leased).then_some(record.other >> 8);
        }
        Kind::DelayChanged => line.queue = Some(names::queue(setup, record.other)),
        Kind::Reexposed | Kind::Redriven | Kind::Discarded => {
            line.queue = Some(names::queue(setup, record.other & 0xff));
        }
        Kind::Filtered | Kind::Undeliverable | Kind::Diverted | Kind::Expired => {
            line.queue = Some(names::queue(setup, record.other));
        }
        Kind::Overflowed | Kind::TurnedAway | Kind::LimitReached => {
            line.queue = Some(names::queue(setup, record.other));
        }
        Kind::Received => line.redelivered = Some(record.other == 1),
        Kind::Applied => {
            line.consumer = setup.consumers.get(record.other as usize).map(|consumer| consumer.name.as_str());
        }
        Kind::Struck | Kind::Laid => {
            line.fault = world.fault(record.other).map(|fault| write_fault(&fault, cast));
            about = (record.subject != NONE).then_some(record.subject);
        }
        Kind::Slowed => {
            line.slowed_step = Step::ALL.get(record.other as usize).map(|step| step.name());
        }
        Kind::WillRetry => line.attempt = Some(record.other),
        Kind::Ended => line.why = Some(if record.subject == 0 { "quiet" } else { "limit" }.to_owned()),
        _ => {}
    }
    if record.kind == Kind::NotTaken && record.other == 1 {
        line.why = Some(kebab(Why::Full));
    }
    use Kind::{GaveUp, PutBack, ReplayFailed, RolledBack, WroteDeadLetter};
    if matches!(record.kind, RolledBack | GaveUp | WroteDeadLetter | ReplayFailed | PutBack) {
        line.why = Some(kebab(Why::of(record.other)));
    }
    if let Some((number, message)) = about.and_then(|number| Some((number, world.message(number)?))) {
        line.message = Some(human(number));
        line.order = Some(human(message.order));
        let service = setup.services.get(message.service as usize);
        let kind = service.and_then(|service| service.messages.get(message.kind as usize));
        line.message_name = kind.map(|kind| kind.name.as_str());
    }
    line
}

/// People count from 1.
fn human(number: u32) -> u64 {
    u64::from(number) + 1
}

/// `SerializationFailed` as `serialization-failed`.
fn kebab(name: impl std::fmt::Debug) -> String {
    let mut text = String::new();
    for letter in format!("{name:?}").chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
