//! What is in the history? One JSON object a line for each record, its numbers turned into names.
//!
//! Orders and messages are counted from 1, as people see them; `place` and `cause` are places in the history,
//! counted from 0, so that the cause of a record stands in line `cause + 1`.

use brokerlab::broker::record::{Kind, NONE, Record, Why};
use brokerlab::broker::setup::Role;
use brokerlab::broker::world::World;
use brokerlab::fault::point::{ActorId, Step};
use brokerlab::scenario::write::write_fault;
use brokerlab::scene::names;
use serde::Serialize;
use std::io::{self, Write};

/// A record as it is written. What a kind does not have is left out, except for the cause.
#[derive(Serialize, Default)]
struct Line<'w> {
    place: u32,
    at_us: u64,
    step: u32,
    cause: Option<u32>,
    kind: String,
    actor: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_name: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    packet: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumer: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redelivered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receives: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slowed_step: Option<&'static str>,
}

/// Every record of a run.
pub fn all(out: &mut impl Write, world: &World) -> io::Result<()> {
    for (place, record) in (0..).zip(world.history().iter()) {
        serde_json::to_writer(&mut *out, &line(world, place, record))?;
        out.write_all(b"\n")?;
    }
    Ok(())
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
        Kind::Polled => line.rows = Some(record.subject),
        Kind::Sent | Kind::Lost | Kind::Doubled | Kind::Delayed | Kind::Held | Kind::Released => {
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
            line.queue = Some(names::queue(setup, record.other));
        }
        Kind::Leased | Kind::VisibilityEnded | Kind::Extended | Kind::DelayEnded | Kind::LongPolled => {
            line.queue = Some(names::queue(setup, record.other & 0xff));
            line.receives = (record.kind == Kind::Leased).then_some(record.other >> 8);
        }
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
            line.fault = setup.faults.get(record.other as usize).map(|fault| write_fault(fault, cast));
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
    if matches!(record.kind, Kind::RolledBack | Kind::GaveUp | Kind::WroteDeadLetter | Kind::ReplayFailed) {
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
