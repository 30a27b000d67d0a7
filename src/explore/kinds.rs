//! Which faults are tried, and where? For each place that a run passes, the faults that mean something there.

use crate::broker::world::Passed;
use crate::fault::plan::{Fault, PacketFault, Side, StepFault, Which};
use crate::fault::point::PacketKind;
use crate::sim::time::Span;
use serde::{Deserialize, Serialize};

/// A kind of fault that the search places.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[repr(u8)]
pub enum FaultKind {
    /// A party crashes before or after a step, and comes back.
    Crash,
    /// A step that can go wrong does: a commit, a serialization, a deserialization, a handler.
    Fail,
    /// A packet is lost.
    Lose,
    /// A packet arrives twice.
    Double,
}

impl FaultKind {
    /// Every kind, in the order of this list.
    pub const ALL: [FaultKind; 4] = [FaultKind::Crash, FaultKind::Fail, FaultKind::Lose, FaultKind::Double];

    /// The name used on the command line: the verb of the fault grammar.
    pub const fn name(self) -> &'static str {
        match self {
            FaultKind::Crash => "crash",
            FaultKind::Fail => "fail",
            FaultKind::Lose => "lose",
            FaultKind::Double => "double",
        }
    }
}

/// A set of kinds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kinds(u8);

impl Kinds {
    /// None of them: only other orders are tried.
    pub const NONE: Kinds = Kinds(0);
    /// All of them.
    pub const ALL: Kinds = Kinds(0b1111);

    /// Whether that kind is tried.
    pub const fn has(self, kind: FaultKind) -> bool {
        self.0 >> kind as u8 & 1 == 1
    }

    /// Reads a list like `crash,lose`, or `none`.
    ///
    /// # Errors
    /// A sentence that names the word that is no kind.
    pub fn parse(text: &str) -> Result<Kinds, String> {
        let mut kinds = 0;
        if text.trim() == "none" {
            return Ok(Kinds::NONE);
        }
        for word in text.split(',').map(str::trim) {
            let kind = FaultKind::ALL.into_iter().find(|kind| kind.name() == word);
            let known = FaultKind::ALL.map(FaultKind::name).join(", ");
            let wrong = || format!("`{word}` is no kind of fault; there are {known}, or none");
            kinds |= 1 << kind.ok_or_else(wrong)? as u8;
        }
        Ok(Kinds(kinds))
    }
}

/// How long a party that was made to crash stays down, unless asked otherwise: longer than a relay's round and a
/// publisher's wait, shorter than a lesson.
pub const DOWN: Span = Span::from_millis(1_000);
/// How much later the twin of a doubled packet arrives.
const TWIN: Span = Span::from_millis(200);

/// The faults to try at a place, the occurrence counted from the start of the run.
pub fn faults_at(place: Passed, kinds: Kinds, down: Span) -> Vec<Fault> {
    let mut faults = Vec::new();
    match place {
        Passed::Step(actor, step, n) => {
            let mut add = |fault| faults.push(Fault::AtStep { actor, step, which: Which::Nth(n), fault });
            if kinds.has(FaultKind::Crash) {
                add(StepFault::Crash(Side::Before, Some(down)));
                add(StepFault::Crash(Side::After, Some(down)));
            }
            if kinds.has(FaultKind::Fail) && step.can_fail() {
                add(StepFault::Fail);
            }
        }
        // Only what is said about a broker that is down already: no fault of its own.
        Passed::Packet(_, PacketKind::Refuse, _) | Passed::Tie(..) => {}
        Passed::Packet(actor, kind, n) => {
            let mut add = |fault| faults.push(Fault::OnPacket { actor, kind, which: Which::Nth(n), fault });
            if kinds.has(FaultKind::Lose) {
                add(PacketFault::Lose);
            }
            if kinds.has(FaultKind::Double) {
                add(PacketFault::Double(TWIN));
            }
        }
    }
    faults
}

/// The same fault, its occurrence counted from the present moment.
pub(super) fn the_next(fault: Fault, n: u32) -> Fault {
    match fault {
        Fault::AtStep { actor, step, fault, .. } => {
            Fault::AtStep { actor, step, which: Which::Nth(n), fault }
        }
        Fault::OnPacket { actor, kind, fault, .. } => {
            Fault::OnPacket { actor, kind, which: Which::Nth(n), fault }
        }
        during => during,
    }
}
