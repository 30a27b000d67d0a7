//! Was the promise put to the test at all? One that nothing could have broken proves nothing by being kept.

use super::finding::Verdict;
use super::ledger::{Fact, Ledger};
use super::promise::{Promise, When};
use crate::broker::record::NONE;

impl Promise {
    /// Whether the run so far has come to where the promise could be broken: something was committed that can be lost, a
    /// message came again, a unit of work was rolled back. Of a fact: whether it was reached. Once true it stays true.
    pub fn is_tested(self, ledger: &Ledger) -> bool {
        match self {
            Promise::NothingLost | Promise::EverythingArrives => ledger.totals().committed > 0,
            Promise::NothingTwice => {
                let again = [Fact::Redelivery, Fact::RepeatSkipped, Fact::Repeat];
                again.into_iter().any(|fact| ledger.reached(fact).is_some())
                    || ledger.first_finding(Verdict::Duplicate).is_some()
            }
            Promise::NoGhost => ledger.reached(Fact::Rollback).is_some(),
            Promise::AllOrNone => ledger.orders.iter().any(|order| order.messages > 1),
            Promise::InOrder => ledger.pairs.iter().any(|pair| pair.before != NONE),
            Promise::NoRequestFails => ledger.requests.any_came(),
            Promise::AnswersInTime => ledger.requests.any_came() && ledger.requests.bounds().answer.is_some(),
            Promise::DoneInTime => ledger.totals().committed > 0 && ledger.requests.bounds().done.is_some(),
            fact => fact.when() == When::Sometimes && fact.state(ledger).held == Some(true),
        }
    }
}
