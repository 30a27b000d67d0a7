//! Where is the window in which it fails? A table: a row for each place and fault, a column for each verdict.

use super::search::Found;
use crate::broker::setup::Cast;
use crate::check::finding::Verdict;
use crate::fault::plan::{Fault, PacketFault, Side, StepFault};
use crate::fault::point::{ActorId, PacketKind, Step};
use crate::scenario::Scenario;
use crate::scenario::steps::steps_of;
use crate::sim::time::Instant;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// A place and what is done there, whichever the occurrence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Site {
    /// A party crashes before (or, if true, after) a step.
    Crash(ActorId, Step, bool),
    /// A step goes wrong.
    Fail(ActorId, Step),
    /// A packet is lost.
    Lose(ActorId, PacketKind),
    /// A packet arrives twice.
    Double(ActorId, PacketKind),
}

impl Site {
    /// The site of a fault that the search places.
    pub fn of(fault: &Fault) -> Option<Site> {
        Some(match *fault {
            Fault::AtStep { actor, step, fault, .. } => match fault {
                StepFault::Crash(side, _) => Site::Crash(actor, step, side == Side::After),
                StepFault::Fail => Site::Fail(actor, step),
                StepFault::Slow(_) => return None,
            },
            Fault::OnPacket { actor, kind, fault, .. } => match fault {
                PacketFault::Lose => Site::Lose(actor, kind),
                PacketFault::Double(_) => Site::Double(actor, kind),
                PacketFault::Delay(_) | PacketFault::Hold | PacketFault::Hurry(_) | PacketFault::Lag(_) => {
                    return None;
                }
            },
            Fault::Spoil { .. } | Fault::During { .. } | Fault::Yield { .. } => return None,
        })
    }

    /// The party that it happens to.
    pub fn actor(self) -> ActorId {
        match self {
            Site::Crash(actor, ..) | Site::Fail(actor, _) | Site::Lose(actor, _) | Site::Double(actor, _) => {
                actor
            }
        }
    }

    /// What happens, where the party was named already: `crash before commit`.
    pub fn what(self) -> String {
        match self {
            Site::Crash(_, step, after) => {
                format!("crash {} {}", if after { "after" } else { "before" }, step.name())
            }
            Site::Fail(_, step) => format!("fail {}", step.name()),
            Site::Lose(_, kind) => format!("lose {}", kind.name()),
            Site::Double(_, kind) => format!("double {}", kind.name()),
        }
    }

    /// In the words of the fault grammar, without the occurrence.
    pub fn write(self, cast: &Cast) -> String {
        match self {
            Site::Crash(actor, step, after) => {
                let side = if after { "after" } else { "before" };
                format!("crash {} {side} {}", cast.name(actor), step.name())
            }
            Site::Fail(actor, step) => format!("fail {} {}", cast.name(actor), step.name()),
            Site::Lose(actor, kind) => format!("lose {} {}", kind.name(), cast.name(actor)),
            Site::Double(actor, kind) => format!("double {} {}", kind.name(), cast.name(actor)),
        }
    }
}

/// A fault, and where a finding became certain in the run with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Example {
    /// The fault.
    pub fault: Fault,
    /// The step of the finding.
    pub step: u32,
    /// Its moment.
    pub at: Instant,
}

/// What a fault at a site does.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Row {
    /// How many occurrences were tried.
    pub tried: u32,
    /// In how many of these runs there is a finding of each verdict, in the order of [`Verdict::ALL`].
    pub found: [u32; Verdict::ALL.len()],
    /// For each verdict the placement whose finding comes first.
    pub first: [Option<Example>; Verdict::ALL.len()],
}

impl Row {
    /// Counts a run with that fault, by step and moment of its first finding of each verdict.
    pub(super) fn count(&mut self, fault: Fault, firsts: &[Option<(u32, Instant)>]) {
        self.tried += 1;
        for (index, first) in firsts.iter().enumerate() {
            if let Some((step, at)) = *first {
                self.found[index] += 1;
                self.offer(index, Example { fault, step, at });
            }
        }
    }

    /// Keeps the earlier; the fault itself decides between equals, so that shares can be put together in any order.
    fn offer(&mut self, index: usize, example: Example) {
        let key = |example: &Example| (example.at, example.step, example.fault);
        if self.first[index].is_none_or(|first| key(&example) < key(&first)) {
            self.first[index] = Some(example);
        }
    }

    pub(super) fn add(&mut self, other: &Row) {
        self.tried = self.tried.saturating_add(other.tried);
        for (index, found) in other.found.into_iter().enumerate() {
            self.found[index] = self.found[index].saturating_add(found);
            if let Some(example) = other.first[index] {
                self.offer(index, example);
            }
        }
    }
}

/// The rows in the order in which a reader looks for them: party by party, each party's steps in the order in which
/// it does them, then its packets.
pub fn rows(scenario: &Scenario, found: &Found) -> Vec<(Site, Row)> {
    let (setup, cast) = (&*scenario.setup, scenario.setup.cast());
    let orders: Vec<Vec<Step>> = cast.actors.iter().map(|actor| steps_of(actor.role, setup)).collect();
    let step_place = |actor: ActorId, step| {
        let steps = &orders[actor.0 as usize];
        steps.iter().position(|other| *other == step).unwrap_or(steps.len() + step as usize)
    };
    let place = |site: &Site| match *site {
        Site::Crash(actor, step, after) => (actor, 0, step_place(actor, step), usize::from(after) * 2),
        Site::Fail(actor, step) => (actor, 0, step_place(actor, step), 1),
        Site::Lose(actor, kind) => (actor, 1, kind as usize, 0),
        Site::Double(actor, kind) => (actor, 1, kind as usize, 1),
    };
    let mut rows: Vec<(Site, Row)> = found.rows.iter().map(|(site, row)| (*site, *row)).collect();
    rows.sort_by_key(|(site, _)| place(site));
    rows
}

/// The table for a document: sites at which some occurrence does harm, in Markdown; a cell says in how many of the
/// occurrences tried. Sites that do none are counted below.
pub fn markdown(scenario: &Scenario, found: &Found) -> String {
    let cast = scenario.setup.cast();
    let mut text = String::from("| one fault |");
    Verdict::ALL.iter().for_each(|verdict| text.extend([" ", verdict.name(), " |"]));
    text.push_str("\n| --- |");
    text.push_str(&" --- |".repeat(Verdict::ALL.len()));
    text.push('\n');
    let mut harmless = 0;
    for (site, row) in rows(scenario, found) {
        if row.found.iter().all(|&n| n == 0) {
            harmless += 1;
            continue;
        }
        let _ = write!(text, "| `{}` |", site.write(&cast));
        for n in row.found {
            let _ = match n {
                0 => write!(text, " |"),
                _ => write!(text, " {n} of {} |", row.tried),
            };
        }
        text.push('\n');
    }
    let _ = writeln!(text, "\n{harmless} of {} places do no harm.", found.rows.len());
    text
}
