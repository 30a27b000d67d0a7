//! What can be counted in a run, by its name in the texts?

use crate::check::finding::Verdict;
use crate::check::ledger::Ledger;
use serde::{Deserialize, Serialize};

/// Something that is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Count {
    /// Orders committed (or produced).
    Orders,
    /// Effects applied in all, repeats and ghosts included.
    Effects,
    /// What was lost.
    Lost,
    /// Effects applied once more than once.
    Duplicates,
    /// Ghosts.
    Ghosts,
    /// Orders half-sent.
    HalfSent,
    /// What waits in vain.
    Stuck,
    /// What was set aside.
    Parked,
    /// Effects out of order.
    OutOfOrder,
    /// Requests that failed.
    Failed,
    /// Answers that came later than promised.
    Late,
}

impl Count {
    /// Every count, in the order of this list.
    pub const ALL: [Count; 11] = [
        Count::Orders,
        Count::Effects,
        Count::Lost,
        Count::Duplicates,
        Count::Ghosts,
        Count::HalfSent,
        Count::Stuck,
        Count::Parked,
        Count::OutOfOrder,
        Count::Failed,
        Count::Late,
    ];

    /// The name used in the texts.
    pub const fn name(self) -> &'static str {
        match self {
            Count::Orders => "orders",
            Count::Effects => "effects",
            Count::Lost => "lost",
            Count::Duplicates => "duplicates",
            Count::Ghosts => "ghosts",
            Count::HalfSent => "half-sent",
            Count::Stuck => "stuck",
            Count::Parked => "parked",
            Count::OutOfOrder => "out-of-order",
            Count::Failed => "failed",
            Count::Late => "late",
        }
    }

    /// The verdict that it counts; none for what is neither good nor bad.
    pub const fn verdict(self) -> Option<Verdict> {
        match self {
            Count::Orders | Count::Effects => None,
            Count::Lost => Some(Verdict::Lost),
            Count::Duplicates => Some(Verdict::Duplicate),
            Count::Ghosts => Some(Verdict::Ghost),
            Count::HalfSent => Some(Verdict::HalfSent),
            Count::Stuck => Some(Verdict::Stuck),
            Count::Parked => Some(Verdict::Parked),
            Count::OutOfOrder => Some(Verdict::OutOfOrder),
            Count::Failed => Some(Verdict::Failed),
            Count::Late => Some(Verdict::Late),
        }
    }

    /// How many there are, by what the ledger has seen so far. It only grows.
    pub fn of(self, ledger: &Ledger) -> u32 {
        match (self, self.verdict()) {
            (_, Some(verdict)) => ledger.counts().of(verdict),
            (Count::Orders, None) => ledger.totals().committed,
            (_, None) => ledger.totals().effects,
        }
    }
}
