//! The run as a sequence diagram in Mermaid's notation.

use super::diagram::Arrow;
use super::diagram::words::{event, is_answer, packet};
use super::diagram::{Fate, Index, Weight};
use crate::broker::record::{NONE, Record};
use crate::broker::world::World;
use crate::fault::point::PacketKind;
use crate::words::exports::THE_REST_IS_LEFT_OUT;
use std::fmt::Write;

/// The most arrows and notes that a diagram draws: beyond that nobody can read it, and Mermaid refuses it.
const MOST: usize = 500;

/// A Mermaid `sequenceDiagram` of the history so far: packets as arrows, drawn when they arrive or are lost, so
/// that time runs downwards; what the parties do as notes.
pub fn diagram(world: &World) -> String {
    let cast = world.cast();
    let mut text = String::from("sequenceDiagram\n");
    for (index, actor) in cast.actors.iter().enumerate() {
        let _ = writeln!(text, "  participant p{index} as {}", plain(&actor.name));
    }
    let index = Index::of(world);
    let mut arrows: Vec<&Arrow> = index.arrows(0, u32::MAX).filter(|arrow| is_drawn(arrow)).collect();
    arrows.sort_unstable_by_key(|arrow| arrow.end);
    let mut arrows = arrows.into_iter().peekable();
    let mut drawn = 0;
    for (place, record) in (0..).zip(world.history().iter()) {
        let came = arrows.next_if(|arrow| arrow.end == place).map(|arrow| line(world, arrow));
        for line in came.into_iter().chain(note(world, record)) {
            if drawn == MOST {
                let last = cast.actors.len().saturating_sub(1);
                let _ = writeln!(text, "  Note over p0,p{last}: {THE_REST_IS_LEFT_OUT}");
                return text;
            }
            let _ = writeln!(text, "  {line}");
            drawn += 1;
        }
    }
    text
}

/// What says nothing is left out: polls that find nothing, and the word that nobody is there, since the arrow that it
/// answers says so.
fn is_drawn(arrow: &Arrow) -> bool {
    arrow.end != NONE && arrow.message != NONE && arrow.kind != PacketKind::Refuse
}

fn line(world: &World, arrow: &Arrow) -> String {
    let line = if is_answer(arrow.kind) { "--" } else { "-" };
    let head = if arrow.fate == Fate::Arrived { ">>" } else { "x" };
    format!("p{}{line}{head}p{}: {}", arrow.from.0, arrow.to.0, plain(&packet(world, arrow)))
}

/// What a party does or what happens to it.
fn note(world: &World, record: &Record) -> Option<String> {
    let (words, weight) = event(world, record)?;
    (weight != Weight::Light)
        .then(|| format!("Note over p{}: {} {}", record.actor.0, record.at, plain(&words)))
}

/// Without the signs that end or open something in Mermaid's notation.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || ";#%{}<>:".contains(c) { ' ' } else { c }).collect()
}
