//! The run as a sequence diagram in Mermaid's notation.

use super::names;
use crate::broker::record::{Kind, NONE};
use crate::broker::world::World;
use std::fmt::Write;

/// The most arrows a diagram draws: beyond that nobody can read it, and Mermaid refuses it.
pub const MOST: usize = 500;

/// A Mermaid `sequenceDiagram` of the history so far: packets as arrows, crashes and rollbacks as notes.
pub fn diagram(world: &World) -> String {
    let cast = world.cast();
    let mut text = String::from("sequenceDiagram\n");
    for (index, actor) in cast.actors.iter().enumerate() {
        let _ = writeln!(text, "  participant p{index} as {}", actor.name);
    }
    let mut arrows = 0;
    for record in world.history().iter() {
        if arrows == MOST {
            let _ = writeln!(text, "  Note over p0: the rest is left out ({MOST} arrows are drawn)");
            break;
        }
        let who = record.actor.0;
        let label =
            if record.message().is_some() { names::label(world, record.subject) } else { String::new() };
        let note = |what: &str| format!("  Note over p{who}: {} {what}\n", record.at);
        // An arrow is drawn when its packet arrives or is lost, so that time runs downwards.
        let sent = || {
            let mut place = record.cause;
            while place != NONE {
                let cause = world.history().get(place)?;
                if cause.kind == Kind::Sent && cause.subject == record.subject {
                    return Some(cause.packet());
                }
                place = cause.cause;
            }
            None
        };
        let arrow = match record.kind {
            Kind::Accepted => Some((format!("p{}", record.other), "->>", "publish")),
            Kind::Received => Some((format!("p{}", cast.broker.0), "->>", "delivery")),
            Kind::Confirmed => Some((format!("p{}", cast.broker.0), "-->>", "confirm")),
            Kind::NotTaken => Some((format!("p{}", cast.broker.0), "--x", "refused")),
            _ => None,
        };
        if let Some((from, head, what)) = arrow {
            let _ = writeln!(text, "  {from}{head}p{who}: {what} {label}");
            arrows += 1;
            continue;
        }
        match record.kind {
            Kind::Settled | Kind::Requeued | Kind::DeadLettered | Kind::Dropped => {
                if let Some((kind, _)) = sent().filter(|(kind, _)| kind.to_broker()) {
                    let from = settled_by(world, record.cause).unwrap_or(cast.broker.0);
                    let _ = writeln!(text, "  p{from}-->>p{who}: {} {label}", kind.name());
                    arrows += 1;
                }
            }
            Kind::Lost => {
                let (kind, to) = record.packet();
                let _ = writeln!(text, "  p{who}-xp{}: {} {label} lost", to.0, kind.name());
                arrows += 1;
            }
            Kind::Crashed => text.push_str(&note("down")),
            Kind::Restarted => text.push_str(&note("up again")),
            Kind::Committed => {
                text.push_str(&note(&format!("committed {}", names::order(world, record.subject))))
            }
            Kind::RolledBack => text.push_str(&note("rolled back")),
            Kind::Marked => text.push_str(&note(&format!("marked {label} as sent"))),
            Kind::Applied => text.push_str(&note(&format!("applied {label}"))),
            Kind::Recognised => text.push_str(&note(&format!("skipped {label}"))),
            _ => {}
        }
    }
    text
}

/// The sender of the ack or nack at the end of that chain of causes.
fn settled_by(world: &World, mut place: u32) -> Option<u8> {
    while place != NONE {
        let record = world.history().get(place)?;
        if record.kind == Kind::Sent && record.packet().0.to_broker() {
            return Some(record.actor.0);
        }
        place = record.cause;
    }
    None
}
