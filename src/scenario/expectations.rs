//! Did the run come out as its scenario says? A naive scenario expects its break, a repaired one expects none.

use super::ready::Scenario;
use crate::check::ledger::Ledger;
use crate::check::promise::{Promise, PromiseState};
use std::fmt;

/// What a scenario says about a promise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// It is kept in every run.
    Kept,
    /// It is broken in every run.
    Broken,
    /// It is reached in every run.
    Reached,
}

impl Expected {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Expected::Kept => "kept",
            Expected::Broken => "broken",
            Expected::Reached => "reached",
        }
    }
}

/// An expectation that did not come true. Its text is a sentence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unmet {
    /// What was expected.
    pub expected: Expected,
    /// What came.
    pub state: PromiseState,
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.state.promise.name();
        match (self.expected, self.state.broken) {
            (Expected::Kept, Some(breach)) => {
                write!(f, "`{name}` should be kept, and is broken at step {} ({}).", breach.step, breach.at)
            }
            (Expected::Kept, None) => write!(f, "`{name}` should be kept, and is not."),
            (Expected::Broken, _) => write!(f, "`{name}` should break here, and is kept."),
            (Expected::Reached, _) => {
                write!(f, "`{name}` should be reached, and never is: the run does not show what it is about.")
            }
        }
    }
}

impl Scenario {
    /// Every promise that the scenario speaks of, with what it says about it: kept, broken, then reached.
    pub fn promises(&self) -> impl Iterator<Item = (Promise, Expected)> + '_ {
        let all = |promises: &'_ [Promise], expected| {
            promises.iter().map(move |&promise| (promise, expected)).collect::<Vec<_>>()
        };
        let kept = all(&self.keeps, Expected::Kept);
        kept.into_iter()
            .chain(all(&self.breaks, Expected::Broken))
            .chain(all(&self.reaches, Expected::Reached))
    }

    /// The expectations that have certainly not come true, by what the ledger has seen so far. What is not
    /// decided yet is left out, so at the end of a run this is the whole answer.
    pub fn expectations(&self, ledger: &Ledger) -> Vec<Unmet> {
        let unmet = |(promise, expected): (Promise, Expected)| {
            let state = promise.state(ledger);
            let wanted = expected != Expected::Broken;
            (state.held == Some(!wanted)).then_some(Unmet { expected, state })
        };
        self.promises().filter_map(unmet).collect()
    }
}
