//! What will happen? The question that is asked before a run plays: what can be chosen, what is true, and the step
//! that proves it. All of it is computed by running; nothing is written down beforehand.

use super::count::Count;
use crate::check::finding::Verdict;
use crate::check::ledger::Ledger;
use crate::timeline::moment::Moment;
use crate::timeline::run::Run;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What a question is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum About {
    /// What comes of it all: one of the verdicts, or none.
    Verdict,
    /// A number.
    Number(Count),
}

/// Something that can be answered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Choice {
    /// A verdict.
    Found(Verdict),
    /// Nothing goes wrong.
    Nothing,
    /// A number.
    Number(u32),
}

/// What came of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Whether it was right.
    pub right: bool,
    /// What is true: one choice, or several verdicts.
    pub truth: Vec<Choice>,
    /// The step that proves it: after it nobody can doubt any more.
    pub step: u32,
}

/// How many neighbouring numbers can be chosen.
const NEIGHBOURS: u32 = 4;

impl About {
    /// What can be chosen, in the order in which it stands.
    pub fn choices(self, run: &Run) -> Vec<Choice> {
        let Some(count) = self.count() else {
            let setup = run.setup();
            let verdicts = Verdict::ALL.into_iter().filter(|verdict| verdict.can_happen(setup));
            let verdicts = verdicts.map(Choice::Found);
            return verdicts.chain([Choice::Nothing]).collect();
        };
        let ledger = &run.end().ledger;
        let answer = count.of(ledger);
        // The right one stands at a place that the seed decides, among its neighbours and what one might think of.
        let lowest = answer.saturating_sub((run.seed() % u64::from(NEIGHBOURS)) as u32);
        let obvious = if count.verdict().is_some() { 0 } else { ledger.orders() };
        let mut numbers: Vec<u32> = (lowest..lowest + NEIGHBOURS).chain([obvious]).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().map(Choice::Number).collect()
    }

    /// What is true of a run: one choice, or several verdicts in the order of their list.
    pub fn truth(self, run: &Run) -> Vec<Choice> {
        let ledger = &run.end().ledger;
        if let Some(count) = self.count() {
            return vec![Choice::Number(count.of(ledger))];
        }
        let found = Verdict::ALL.into_iter().filter(|&verdict| ledger.counts().of(verdict) > 0);
        let found: Vec<Choice> = found.map(Choice::Found).collect();
        if found.is_empty() { vec![Choice::Nothing] } else { found }
    }

    /// What comes of an answer. A verdict is right if it is among those that the judge finds.
    pub fn outcome(self, run: &Run, answer: Choice) -> Outcome {
        let truth = self.truth(run);
        let right = truth.contains(&answer);
        let first = |verdict| run.end().ledger.first_finding(verdict).map(|(_, finding)| finding.step);
        let step = match (answer, self.count()) {
            (Choice::Number(number), Some(count)) if !right => what_makes_the_difference(run, count)
                .or_else(|| first_step(run, |ledger| count.of(ledger) > number)),
            (Choice::Found(verdict), _) if right => first(verdict),
            // The first finding shows that something goes wrong; that a verdict never comes, only the end does.
            (Choice::Nothing, None) if !right => {
                truth.iter().filter_map(|choice| choice.verdict()).filter_map(first).min()
            }
            _ => None,
        };
        Outcome { right, truth, step: step.unwrap_or(run.end().step()) }
    }

    fn count(self) -> Option<Count> {
        match self {
            About::Verdict => None,
            About::Number(count) => Some(count),
        }
    }
}

impl Choice {
    /// The verdict that was chosen, if it was one.
    pub fn verdict(self) -> Option<Verdict> {
        match self {
            Choice::Found(verdict) => Some(verdict),
            Choice::Nothing | Choice::Number(_) => None,
        }
    }
}

/// Where effects came to another number than there should be: the step of the first finding that tells why. It is
/// the same whatever was said, for that is what there is to learn; an effect that only was one more than said may be
/// a good one.
fn what_makes_the_difference(run: &Run, count: Count) -> Option<u32> {
    let ledger = &run.end().ledger;
    let totals = ledger.totals();
    let why: &[Verdict] = match totals.effects.cmp(&totals.expected) {
        _ if count != Count::Effects => &[],
        Ordering::Greater => &[Verdict::Ghost, Verdict::Duplicate],
        Ordering::Less => &[Verdict::Lost, Verdict::Parked, Verdict::Stuck],
        Ordering::Equal => &[],
    };
    let first = |&verdict: &Verdict| ledger.first_finding(verdict).map(|(_, finding)| finding.step);
    why.iter().filter_map(first).min()
}

/// The first step of a run after which that holds, if it ever does.
fn first_step(run: &Run, holds: impl Fn(&Ledger) -> bool) -> Option<u32> {
    let mut moment = Moment::start(run.setup(), run.seed());
    loop {
        if holds(&moment.ledger) {
            return Some(moment.step());
        }
        if !moment.advance(run.commands()) || moment.step() >= run.end().step() {
            return holds(&moment.ledger).then_some(moment.step());
        }
    }
}
