//! What can be taken away from a run? Its diagram and its history, in the formats of other tools.

use super::diagram::svg::{self, Look, Size};
use super::diagram::{Index, window};
use super::{json, mermaid, records, trace};
use crate::broker::world::World;
use crate::check::ledger::Ledger;

/// The form of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// The sequence diagram as a picture that can be scaled.
    Svg,
    /// The sequence diagram in Mermaid's notation.
    Mermaid,
    /// The history, a JSON object a line for each record.
    JsonLines,
    /// The history in the trace event format that Perfetto and Chrome read.
    Trace,
}

impl Format {
    /// Every form, in the order of this list.
    pub const ALL: [Format; 4] = [Format::Svg, Format::Mermaid, Format::JsonLines, Format::Trace];

    /// How the name of such a file ends.
    pub const fn ending(self) -> &'static str {
        match self {
            Format::Svg => "svg",
            Format::Mermaid => "mmd",
            Format::JsonLines => "jsonl",
            Format::Trace => "trace.json",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Format::Svg => "image/svg+xml",
            Format::Mermaid => "text/plain",
            Format::JsonLines => "application/jsonl",
            Format::Trace => "application/json",
        }
    }
}

/// The run of that world so far, in that form.
pub fn export(format: Format, world: &World, ledger: &Ledger) -> String {
    match format {
        Format::Svg => picture(world, ledger, u32::MAX),
        Format::Mermaid => mermaid::diagram(world),
        Format::JsonLines => records::lines(world).fold(String::new(), |mut out, line| {
            json::record(&mut out, &line);
            out.push('\n');
            out
        }),
        Format::Trace => trace::events(world, ledger),
    }
}

/// The last rows of the diagram as a picture, `most` of them at most.
pub fn picture(world: &World, ledger: &Ledger, most: u32) -> String {
    let last = world.steps().max(1);
    let first = last.saturating_sub(most.saturating_sub(1)).max(1);
    let window = window(&Index::of(world), world, ledger, first, last);
    svg::draw(world, &window, Size::PAPER, Look::Paper, &[], "m")
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
