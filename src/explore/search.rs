//! Does any placement break a promise? A walk through the run: before each step that passes places where a fault
//! could strike, the world is cloned, and each clone goes on with one fault more.
//!
//! Nothing is run twice from the start, and nothing is another model: a placement's history is, to the bit, that of
//! a run of the scenario with these faults laid beforehand.

use super::kinds::{DOWN, Kinds, faults_at, the_next};
use super::table::{Row, Site};
use crate::broker::world::Passed;
use crate::check::ledger::Ledger;
use crate::check::promise::{Promise, When};
use crate::fault::plan::Fault;
use crate::scenario::Scenario;
use crate::sim::time::{Instant, Span};
use crate::timeline::moment::Moment;
use crate::timeline::run::MAX_STEPS;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most faults that are placed at once.
pub const MOST_FAULTS: u8 = 3;

/// What to try.
#[derive(Clone, Debug)]
pub struct Options {
    /// The most faults at once, 1 to [`MOST_FAULTS`].
    pub faults: u8,
    /// Which kinds of fault.
    pub kinds: Kinds,
    /// How long a party that was made to crash stays down.
    pub down: Span,
    /// Whether the scenario's own faults stay; without them it starts from a run in which nothing fails.
    pub own_faults: bool,
    /// The promises to judge by; empty: all that the scenario names.
    pub promises: Vec<Promise>,
    /// Which share of the work: of `shard.1` shares the one of index `shard.0`.
    pub shard: (u32, u32),
}

impl Default for Options {
    fn default() -> Options {
        Options {
            faults: 1,
            kinds: Kinds::ALL,
            down: DOWN,
            own_faults: false,
            promises: Vec::new(),
            shard: (0, 1),
        }
    }
}

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

/// What came of one promise over all placements.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Which.
    pub promise: Promise,
    /// In how many runs it was broken, or, for a fact, reached.
    pub runs: u64,
    /// The shortest way to break it: fewest faults, then the earliest moment, then the first found.
    pub shortest: Option<Counterexample>,
}

/// What the search covered, and what it found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Found {
    /// Placements tried, by the number of faults; the first is the run without any.
    pub placements: [u64; MOST_FAULTS as usize + 1],
    /// Steps done in all.
    pub steps: u64,
    /// Whether it was stopped before it had tried everything.
    pub cut_off: bool,
    /// What a single fault does at each place, summed over its occurrences.
    pub rows: BTreeMap<Site, Row>,
    /// What came of each promise, and of each fact that is to be reached.
    pub outcomes: Vec<Outcome>,
}

impl Found {
    fn new(promises: &[Promise]) -> Found {
        let outcome = |&promise| Outcome { promise, runs: 0, shortest: None };
        Found {
            placements: [0; MOST_FAULTS as usize + 1],
            steps: 0,
            cut_off: false,
            rows: BTreeMap::new(),
            outcomes: promises.iter().map(outcome).collect(),
        }
    }

    /// How many runs were judged.
    pub fn runs(&self) -> u64 {
        self.placements.iter().sum()
    }

    /// Adds what another share of the same work found. The order of the shares makes no difference.
    pub fn merge(&mut self, other: Found) {
        self.placements.iter_mut().zip(other.placements).for_each(|(mine, theirs)| *mine += theirs);
        self.steps += other.steps;
        self.cut_off |= other.cut_off;
        for (site, row) in other.rows {
            self.rows.entry(site).or_default().add(&row);
        }
        for (mine, theirs) in self.outcomes.iter_mut().zip(other.outcomes) {
            mine.runs += theirs.runs;
            mine.shortest = match (mine.shortest.take(), theirs.shortest) {
                (Some(a), Some(b)) => Some(if rank(&b) < rank(&a) { b } else { a }),
                (a, b) => a.or(b),
            };
        }
    }
}

/// What makes one counterexample shorter than another: the faults themselves decide the rest, so that shares can be
/// put together in any order.
fn rank(example: &Counterexample) -> (usize, Instant, &[Fault]) {
    (example.faults.len(), example.at, &example.faults)
}

/// The promises and facts that a search of that scenario judges.
pub fn judged(scenario: &Scenario, options: &Options) -> Vec<Promise> {
    match options.promises.is_empty() {
        true => scenario.promises().map(|(promise, _)| promise).collect(),
        false => options.promises.clone(),
    }
}

/// Tries every placement of up to that many faults. A run that does not end within [`MAX_STEPS`] cuts it off. `go_on` is asked after every run; when it says no, what has
/// been found so far is the answer, marked as cut off.
pub fn explore(scenario: &Scenario, options: &Options, go_on: &mut dyn FnMut(&Found) -> bool) -> Found {
    let mut setup = (*scenario.setup).clone();
    if !options.own_faults {
        setup.faults.clear();
    }
    let mut start = Moment::start(&Arc::new(setup), scenario.seed);
    start.world.watch_everything();
    let mut search = Search {
        options,
        found: Found::new(&judged(scenario, options)),
        laid: Vec::new(),
        branches: 0,
        go_on,
    };
    search.walk(start, options.faults.min(MOST_FAULTS), None);
    search.found
}

struct Search<'a> {
    options: &'a Options,
    found: Found,
    laid: Vec<Fault>,
    /// Placements of the first fault so far: what the work is shared by.
    branches: u32,
    go_on: &'a mut dyn FnMut(&Found) -> bool,
}

/// Where a branch began: the places of that step, and which of them (and which of its faults) was struck. What
/// comes before has been tried the other way round.
struct Fork<'f> {
    places: &'f [Passed],
    place: usize,
    fault: usize,
}

impl Search<'_> {
    fn walk(&mut self, mut moment: Moment, left: u8, mut fork: Option<Fork<'_>>) {
        loop {
            self.found.cut_off |= moment.step() >= MAX_STEPS;
            if self.found.cut_off {
                return;
            }
            if left == 0 {
                let steps = moment.step();
                while moment.step() < MAX_STEPS && moment.advance(&[]) {}
                self.found.steps += u64::from(moment.step() - steps);
                break;
            }
            let before = moment.clone();
            if !moment.advance(&[]) {
                break;
            }
            self.found.steps += u64::from(self.counts());
            let places = moment.world.take_passed();
            for (index, &place) in places.iter().enumerate() {
                let nth = places[..=index].iter().filter(|other| alike(**other, place)).count() as u32;
                let faults = faults_at(place, self.options.kinds, self.options.down);
                for (number, fault) in faults.into_iter().enumerate() {
                    if fork.as_ref().is_some_and(|fork| fork.has_tried(place, number)) || !self.is_mine() {
                        continue;
                    }
                    let mut branch = before.clone();
                    branch.world.take_passed();
                    branch.world.lay_unseen(the_next(fault, nth));
                    self.laid.push(fault);
                    self.walk(branch, left - 1, Some(Fork { places: &places, place: index, fault: number }));
                    self.laid.pop();
                }
            }
            fork = None;
        }
        if self.counts() {
            self.judge(&moment.ledger);
        }
    }

    /// Whether the run at hand is this share's to count: the one without a fault, which each walks, is the first's.
    fn counts(&self) -> bool {
        !self.laid.is_empty() || self.options.shard.0 == 0
    }

    /// Whether a first fault is this share's to place; what follows from it is too.
    fn is_mine(&mut self) -> bool {
        if !self.laid.is_empty() {
            return true;
        }
        self.branches += 1;
        self.branches % self.options.shard.1.max(1) == self.options.shard.0
    }

    fn judge(&mut self, ledger: &Ledger) {
        let faults = self.laid.len();
        self.found.placements[faults] += 1;
        if let [fault] = self.laid[..]
            && let Some(site) = Site::of(&fault)
        {
            self.found.rows.entry(site).or_default().count(fault, ledger);
        }
        for outcome in &mut self.found.outcomes {
            let state = outcome.promise.state(ledger);
            if outcome.promise.when() == When::Sometimes {
                outcome.runs += u64::from(state.held == Some(true));
                continue;
            }
            let Some(breach) = state.broken else { continue };
            outcome.runs += 1;
            let mine = (faults, breach.at, self.laid.as_slice());
            if outcome.shortest.as_ref().is_none_or(|best| mine < rank(best)) {
                let (step, at) = (breach.step, breach.at);
                outcome.shortest = Some(Counterexample { faults: self.laid.clone(), step, at });
            }
        }
        self.found.cut_off |= !(self.go_on)(&self.found);
    }
}

impl Fork<'_> {
    fn has_tried(&self, place: Passed, fault: usize) -> bool {
        match self.places.iter().position(|other| *other == place) {
            Some(index) => (index, fault) <= (self.place, self.fault),
            None => false,
        }
    }
}

/// Whether two places differ only in the occurrence.
fn alike(one: Passed, other: Passed) -> bool {
    match (one, other) {
        (Passed::Step(a, b, _), Passed::Step(c, d, _)) => (a, b) == (c, d),
        (Passed::Packet(a, b, _), Passed::Packet(c, d, _)) => (a, b) == (c, d),
        _ => false,
    }
}
