//! The run as a sequence diagram in Mermaid's notation.

use super::causes::causes;
use super::names;
use crate::broker::record::{Kind, Record};
use crate::broker::setup::Role;
use crate::broker::world::World;
use crate::fault::point::PacketKind;
use std::fmt::Write;

/// The most arrows and notes that a diagram draws: beyond that nobody can read it, and Mermaid refuses it.
pub const MOST: usize = 500;

/// A Mermaid `sequenceDiagram` of the history so far: packets as arrows, drawn when they arrive or are lost, so
/// that time runs downwards; what the parties do as notes.
pub fn diagram(world: &World) -> String {
    let cast = world.cast();
    let mut text = String::from("sequenceDiagram\n");
    for (index, actor) in cast.actors.iter().enumerate() {
        let _ = writeln!(text, "  participant p{index} as {}", plain(&actor.name));
    }
    let lines =
        world.history().iter().filter_map(|record| arrow(world, record).or_else(|| note(world, record)));
    for (drawn, line) in lines.enumerate() {
        if drawn == MOST {
            let last = cast.actors.len().saturating_sub(1);
            let _ = writeln!(text, "  Note over p0,p{last}: the rest is left out");
            break;
        }
        let _ = writeln!(text, "  {line}");
    }
    text
}

/// A packet that arrived, or did not.
fn arrow(world: &World, record: &Record) -> Option<String> {
    let broker = world.cast().broker.0;
    let label = plain(&names::label(world, record.message()?));
    let here = record.actor.0;
    Some(match record.kind {
        Kind::Accepted => format!("p{}->>p{here}: publish {label}", record.other),
        Kind::Received if world.callee(record.subject).is_some() => {
            format!("p{}->>p{here}: call {label}", sender(world, record, broker))
        }
        Kind::Received if record.other == 1 => format!("p{broker}->>p{here}: deliver {label} again"),
        Kind::Received => format!("p{broker}->>p{here}: deliver {label}"),
        Kind::DecodeFailed => return None,
        Kind::Confirmed if world.callee(record.subject).is_some() => {
            format!("p{}-->>p{here}: done {label}", sender(world, record, broker))
        }
        Kind::CallFailed => format!("p{}-->>p{here}: error {label}", sender(world, record, broker)),
        Kind::Confirmed => format!("p{broker}-->>p{here}: confirm {label}"),
        Kind::Returned => format!("p{broker}-->>p{here}: return {label}"),
        Kind::NotTaken if record.other == 1 => {
            format!("p{broker}-->>p{here}: {label} not taken, a queue is full")
        }
        // Nobody is there: what was sent ends in a cross.
        Kind::NotTaken => {
            let (to, what) = match world.callee(record.subject) {
                Some(callee) => (callee.0, "call"),
                None => (broker, "publish"),
            };
            format!("p{here}-xp{to}: {what} {label} refused")
        }
        Kind::Settled | Kind::Requeued | Kind::DeadLettered | Kind::Dropped => {
            let (_, answer) = causes(world, record).next()?;
            let (kind, _) = (answer.kind == Kind::Sent).then(|| answer.packet())?;
            format!("p{}-->>p{here}: {} {label}{}", answer.actor.0, kind.name(), fate(record.kind))
        }
        Kind::Lost => {
            let (kind, to) = record.packet();
            let asks = matches!(kind, PacketKind::Publish | PacketKind::Delivery | PacketKind::Call);
            let line = if asks { "-x" } else { "--x" };
            format!("p{here}{line}p{}: {} {label} lost", to.0, kind.name())
        }
        _ => return None,
    })
}

/// Who sent what led to this record.
fn sender(world: &World, record: &Record, otherwise: u8) -> u8 {
    causes(world, record).next().map_or(otherwise, |(_, sent)| sent.actor.0)
}

fn fate(kind: Kind) -> &'static str {
    match kind {
        Kind::Requeued => ", back to the queue",
        Kind::DeadLettered => ", parked",
        Kind::Dropped => ", thrown away",
        _ => "",
    }
}

/// What a party does or what happens to it.
fn note(world: &World, record: &Record) -> Option<String> {
    let role = world.cast().role(record.actor);
    let service = matches!(role, Role::Service(_));
    let message = record.message().map_or(String::new(), |message| names::label(world, message));
    let what = match record.kind {
        Kind::Committed if service => format!("{} committed", names::order(world, record.subject)),
        Kind::RolledBack if service => format!("{} rolled back", names::order(world, record.subject)),
        Kind::SerializationFailed => format!("cannot serialize {message}"),
        Kind::GaveUp => format!("will never send {message}"),
        Kind::TimedOut => format!("no confirmation of {message}"),
        Kind::Marked => format!("{message} marked as sent"),
        Kind::Applied => format!("{message} applied"),
        Kind::Recognised => format!("{message} known, skipped"),
        Kind::DecodeFailed => format!("cannot read {message}"),
        Kind::HandlerFailed => format!("handler fails on {message}"),
        Kind::Unroutable => format!("no queue for {message}"),
        Kind::Dropped => format!("{message} forgotten"),
        Kind::Undeliverable | Kind::Filtered | Kind::Diverted | Kind::Expired => {
            format!("no {message} for {}", names::queue(world.setup(), record.other))
        }
        Kind::Overflowed | Kind::TurnedAway => {
            format!("{} is full", names::queue(world.setup(), record.other))
        }
        Kind::Spoiled => format!("{message} is bad"),
        Kind::Subscribed => format!("{} subscribes", names::queue(world.setup(), record.other)),
        Kind::SubscriptionDown => format!("{} cut off", names::queue(world.setup(), record.other)),
        Kind::SubscriptionUp => format!("{} reachable again", names::queue(world.setup(), record.other)),
        Kind::Crashed if role == Role::Broker => "down".to_owned(),
        Kind::Crashed => "crashed".to_owned(),
        Kind::Restarted => "up again".to_owned(),
        Kind::Stopped => "stopped".to_owned(),
        Kind::Answered if record.other > 0 => {
            format!("{} fails", names::order(world, record.subject))
        }
        Kind::Refused => "a request is refused".to_owned(),
        Kind::DatabaseDown => "database down".to_owned(),
        Kind::DatabaseUp => "database up again".to_owned(),
        Kind::Cut => "cut off".to_owned(),
        Kind::Healed => "connected again".to_owned(),
        _ => return None,
    };
    Some(format!("Note over p{}: {} {}", record.actor.0, record.at, plain(&what)))
}

/// Without the signs that end or open something in Mermaid's notation.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || ";#%{}<>:".contains(c) { ' ' } else { c }).collect()
}
