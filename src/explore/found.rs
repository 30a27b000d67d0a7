//! What did a search find? For each promise in how many runs it broke and the shortest way to break it, and what a
//! single fault does at each place.

use super::table::{Row, Site};
use super::tree::Sum;
use crate::check::promise::{Promise, When};
use crate::fault::plan::Fault;
use crate::sim::time::Instant;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// The most faults that are placed at once.
pub const MOST_FAULTS: u8 = 3;

/// A placement that breaks a promise.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Counterexample {
    /// The faults that were placed.
    pub faults: Vec<Fault>,
    /// The step at which the promise broke.
    pub step: u32,
    /// The moment at which it broke.
    pub at: Instant,
}

/// How a promise stands over all placements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// No run broke it, and some run put it to the test.
    AlwaysKept,
    /// Some run broke it.
    SometimesBroken,
    /// Of a fact: some run reached it.
    Reached,
    /// No run reached the fact, or came to where the promise could be broken.
    NeverReached,
}

impl Standing {
    /// The words for people and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Standing::AlwaysKept => "always kept",
            Standing::SometimesBroken => "sometimes broken",
            Standing::Reached => "reached",
            Standing::NeverReached => "never reached",
        }
    }
}

/// What came of one promise over all placements.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Which.
    pub promise: Promise,
    /// In how many runs it was broken, or, for a fact, reached.
    pub runs: u64,
    /// In how many runs it was put to the test ([`Promise::is_tested`]).
    pub tested: u64,
    /// The shortest way to break it: fewest faults, then the earliest moment, then the first found.
    pub shortest: Option<Counterexample>,
}

impl Outcome {
    /// Of no run yet.
    pub(super) fn new(promise: Promise) -> Outcome {
        Outcome { promise, runs: 0, tested: 0, shortest: None }
    }

    /// How the promise stands.
    pub fn standing(&self) -> Standing {
        match (self.promise.when(), self.runs, self.tested) {
            (When::Sometimes, 1.., _) => Standing::Reached,
            (_, 1.., _) => Standing::SometimesBroken,
            (When::Sometimes, 0, _) | (_, 0, 0) => Standing::NeverReached,
            (_, 0, 1..) => Standing::AlwaysKept,
        }
    }

    /// Adds what came of other runs. Results come from files, too, where anything may stand: no sum overflows.
    pub(super) fn add(&mut self, other: &Outcome) {
        self.runs = self.runs.saturating_add(other.runs);
        self.tested = self.tested.saturating_add(other.tested);
        if let Some(Counterexample { faults, step, at }) = &other.shortest {
            self.offer(faults, *step, *at);
        }
    }

    /// Keeps the shorter way: fewest faults, then the earliest, then the faults themselves, so that parts can be put
    /// together in any order.
    pub(super) fn offer(&mut self, faults: &[Fault], step: u32, at: Instant) {
        let best =
            |best: &Counterexample| (faults.len(), at, faults) >= (best.faults.len(), best.at, &best.faults);
        if !self.shortest.as_ref().is_some_and(best) {
            self.shortest = Some(Counterexample { faults: faults.to_vec(), step, at });
        }
    }
}

/// What the search covered, and what it found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Found {
    /// Placements tried, by the number of faults; the first is the run without any.
    pub placements: [u64; MOST_FAULTS as usize + 1],
    /// Steps done in all: states of the world that were seen.
    pub steps: u64,
    /// Runs that came to a state that another had been in: what follows was known, and not done again.
    pub pruned: u64,
    /// Whether it was stopped before it had tried everything.
    pub cut_off: bool,
    /// What a single fault does at each place, summed over its occurrences.
    #[serde(serialize_with = "as_pairs", deserialize_with = "of_pairs")]
    pub rows: BTreeMap<Site, Row>,
    /// What came of each promise, and of each fact that is to be reached.
    pub outcomes: Vec<Outcome>,
}

/// A site is no text, so that JSON cannot have it for a key.
fn as_pairs<S: Serializer>(rows: &BTreeMap<Site, Row>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(rows)
}

fn of_pairs<'d, D: Deserializer<'d>>(from: D) -> Result<BTreeMap<Site, Row>, D::Error> {
    Ok(Vec::<(Site, Row)>::deserialize(from)?.into_iter().collect())
}

impl Found {
    /// Nothing yet.
    pub(super) fn new(promises: &[Promise]) -> Found {
        Found {
            placements: [0; MOST_FAULTS as usize + 1],
            steps: 0,
            pruned: 0,
            cut_off: false,
            rows: BTreeMap::new(),
            outcomes: promises.iter().copied().map(Outcome::new).collect(),
        }
    }

    /// Takes in what came of runs with that many faults.
    pub(super) fn take(&mut self, faults: usize, sum: Sum) {
        self.placements[faults] += sum.runs;
        for (mine, theirs) in self.outcomes.iter_mut().zip(sum.outcomes) {
            mine.add(&theirs);
        }
    }

    /// How many runs were judged.
    pub fn runs(&self) -> u64 {
        self.placements.iter().fold(0, |all, &of| all.saturating_add(of))
    }

    /// Adds what another share of the same work found. The order of the shares makes no difference.
    pub fn merge(&mut self, other: Found) {
        let add = |mine: &mut u64, theirs: u64| *mine = mine.saturating_add(theirs);
        self.placements.iter_mut().zip(other.placements).for_each(|(mine, theirs)| add(mine, theirs));
        add(&mut self.steps, other.steps);
        add(&mut self.pruned, other.pruned);
        self.cut_off |= other.cut_off;
        for (site, row) in other.rows {
            self.rows.entry(site).or_default().add(&row);
        }
        for (mine, theirs) in self.outcomes.iter_mut().zip(other.outcomes) {
            mine.add(&theirs);
        }
    }
}
