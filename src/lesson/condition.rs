//! When is a task done? When all of its conditions hold in the run on show, as far as it has come.

use super::count::Count;
use crate::check::promise::Promise;
use crate::timeline::session::Session;
use serde::{Deserialize, Serialize};

/// What must hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Condition {
    /// Something was done by hand.
    ByHand,
    /// The counterpart is shown.
    Beside,
    /// The run has another seed than its scenario's.
    OtherSeed,
    /// A fact was reached (a promise of the kind *sometimes*).
    Reached(Promise),
    /// A promise was kept, to the end of a run that is over.
    Kept(Promise),
    /// A promise is broken.
    Broken(Promise),
    /// There are more than so many.
    More(Count, u32),
    /// There are exactly so many at the end of a run that is over.
    Exactly(Count, u32),
}

impl Condition {
    /// Whether it holds now.
    #[inline(never)]
    pub fn holds(self, session: &Session) -> bool {
        let ledger = &session.run().here().ledger;
        let over = ledger.ended().is_some();
        match self {
            Condition::ByHand => !session.run().commands().is_empty(),
            Condition::Beside => session.beside().is_some(),
            Condition::OtherSeed => session.run().seed() != session.scenario().seed,
            Condition::Reached(fact) => fact.state(ledger).reached.is_some(),
            Condition::Kept(promise) => over && promise.state(ledger).held == Some(true),
            Condition::Broken(promise) => promise.state(ledger).broken.is_some(),
            Condition::More(count, than) => count.of(ledger) > than,
            Condition::Exactly(count, number) => over && count.of(ledger) == number,
        }
    }
}

/// Whether all of them hold.
pub fn all_hold(conditions: &[Condition], session: &Session) -> bool {
    conditions.iter().all(|condition| condition.holds(session))
}
