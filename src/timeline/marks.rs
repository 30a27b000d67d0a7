//! What is worth seeing on the time line? Faults, and what broke because of them.

use super::run::Run;
use crate::broker::record::Kind;
use crate::broker::setup::Role;
use crate::check::finding::Verdict;
use crate::sim::time::Instant;

/// What a mark stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MarkKind {
    /// A party crashed, or the broker went down.
    Crash,
    /// A party was stopped as planned.
    Stop,
    /// It came back.
    Restart,
    /// A transaction was rolled back.
    Rollback,
    /// Something could not be serialized or decoded, or a handler failed.
    Error,
    /// A packet was lost.
    LostPacket,
    /// A wire or a database stopped answering.
    Outage,
    /// Something was done by hand.
    Hand,
    /// The run beside goes another way from here.
    Parting,
    /// The judge found something.
    Found(Verdict),
}

/// A mark on the time line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// When.
    pub at: Instant,
    /// In which step.
    pub step: u32,
    /// What.
    pub kind: MarkKind,
}

/// The most marks a time line shows; a run of a million steps has more, and they would only be a smear.
const MOST: usize = 400;

/// The marks of a whole run, in the order of time.
pub fn marks(run: &Run) -> Vec<Mark> {
    let world = &run.end().world;
    let cast = world.cast();
    let mut marks = Vec::new();
    for record in world.history().iter() {
        let kind = match record.kind {
            Kind::Crashed => MarkKind::Crash,
            Kind::Stopped => MarkKind::Stop,
            Kind::Restarted => MarkKind::Restart,
            Kind::RolledBack if matches!(cast.role(record.actor), Role::Service(_)) => MarkKind::Rollback,
            Kind::SerializationFailed | Kind::DecodeFailed | Kind::HandlerFailed => MarkKind::Error,
            Kind::Lost => MarkKind::LostPacket,
            Kind::Cut | Kind::DatabaseDown => MarkKind::Outage,
            Kind::Laid | Kind::ReplayAsked | Kind::LetterEdited | Kind::LetterDiscarded => MarkKind::Hand,
            Kind::TakenOut => MarkKind::Hand,
            _ => continue,
        };
        marks.push(Mark { at: record.at, step: record.step, kind });
        if marks.len() >= MOST {
            break;
        }
    }
    for finding in run.end().ledger.findings().take(MOST) {
        // Into its place, and no sort of all: that would bring 3 KB of code to the page for each kind of list.
        let place = marks.partition_point(|mark| mark.step <= finding.step);
        let kind = MarkKind::Found(finding.verdict);
        marks.insert(place, Mark { at: finding.at, step: finding.step, kind });
    }
    marks
}
