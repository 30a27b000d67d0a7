//! Does any placement break a promise? Every placement of up to so many faults is tried, in the very world that the
//! page shows.
//!
//! Nothing is run twice from the start, and nothing is another model: a placement's history is, to the bit, that of
//! a run of the scenario with these faults laid beforehand. The work falls into pieces, one for each step of the run
//! without faults: all placements whose first fault strikes in that step. The pieces can be done in any order and
//! anywhere, and what they find adds up.

pub use super::found::{Counterexample, Found, MOST_FAULTS, Outcome};
use super::kinds::{DOWN, Kinds};
use super::tree::{Rules, Sum, Trunk, Work};
use crate::check::promise::Promise;
use crate::scenario::Scenario;
use crate::sim::time::Span;
use crate::timeline::moment::Moment;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What to try.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Options {
    /// The most faults at once, 1 to [`MOST_FAULTS`].
    pub faults: u8,
    /// Which kinds of fault.
    pub kinds: Kinds,
    /// How long a party that was made to crash stays down.
    pub down: Span,
    /// Whether the scenario's own faults stay; without them it starts from a run in which nothing fails.
    pub own_faults: bool,
    /// Whether other orders are tried, too: every packet wherever its wire's latency allows it to come, sooner or later;
    /// of what is due at once, each first. Each counts as a fault.
    pub schedules: bool,
    /// The promises to judge by; empty: all that the scenario names.
    pub promises: Vec<Promise>,
    /// Which share of the work: of `shard.1` shares the one of index `shard.0`.
    pub shard: (u32, u32),
    /// Whether a run ends where it comes to a state that is known. The same is found without, in more steps.
    pub prunes: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            faults: 1,
            kinds: Kinds::ALL,
            down: DOWN,
            own_faults: false,
            schedules: false,
            promises: Vec::new(),
            shard: (0, 1),
            prunes: true,
        }
    }
}

/// The promises and facts that a search of that scenario judges, each once.
pub fn judged(scenario: &Scenario, options: &Options) -> Vec<Promise> {
    match options.promises.is_empty() {
        true => scenario.promises().map(|(promise, _)| promise).collect(),
        false => Promise::ALL.into_iter().filter(|promise| options.promises.contains(promise)).collect(),
    }
}

/// A search: the run without any more faults is done, the pieces are to do.
#[derive(Clone, Debug)]
pub struct Search {
    rules: Rules,
    faults: usize,
    /// None if it has no end.
    trunk: Option<Trunk>,
    first: Found,
}

impl Search {
    /// Runs the scenario without faults, or with its own.
    pub fn new(scenario: &Scenario, options: &Options) -> Search {
        Search::begin(scenario, options, &mut || true)
    }

    /// The same; `go_on` is asked after every run. When it says no, less is known beforehand: the pieces find the same,
    /// in more steps.
    pub fn begin(scenario: &Scenario, options: &Options, go_on: &mut dyn FnMut() -> bool) -> Search {
        let rules = Rules { options: options.clone(), promises: judged(scenario, options) };
        let mut setup = (*scenario.setup).clone();
        if !options.own_faults {
            setup.faults.clear();
        }
        let mut start = Moment::start(&Arc::new(setup), scenario.seed);
        start.world.watch_everything();
        let faults = usize::from(options.faults.clamp(1, MOST_FAULTS));
        let mut work = Work::new(go_on);
        // What one fault less does is worth knowing beforehand only where it saves something later.
        let known = if rules.prunes() { faults - 1 } else { 0 };
        let trunk = rules.trunk(start, &mut Vec::new(), known, None, &mut work);
        let mut first = Found::new(&rules.promises);
        match &trunk {
            Some(trunk) => {
                let mut sum = Sum::new(&rules.promises);
                sum.count(trunk.end(), &[]);
                first.take(0, sum);
                first.steps = u64::from(trunk.steps());
            }
            None => first.cut_off = true,
        }
        Search { rules, faults, trunk, first }
    }

    /// What comes of the run without any more faults.
    pub fn first(&self) -> &Found {
        &self.first
    }

    /// What comes of no run at all.
    pub fn nothing(&self) -> Found {
        Found::new(&self.rules.promises)
    }

    /// Into how many pieces the rest falls.
    pub fn pieces(&self) -> u32 {
        self.trunk.as_ref().map_or(0, Trunk::steps)
    }

    /// How much work a piece is, compared with the others: a guess. All of them add up to what a `u64` holds.
    pub fn weight(&self, piece: u32) -> u64 {
        let pieces = self.pieces();
        let weight = u64::from(pieces.saturating_sub(piece)).saturating_pow(self.faults as u32);
        weight.min(u64::MAX / u64::from(pieces.max(1)))
    }

    /// Does a piece, from 0 on: every placement whose first fault strikes in that step of the first run. `go_on` is
    /// asked after every run; when it says no, what has been found so far is the answer, marked as cut off.
    pub fn piece(&self, piece: u32, go_on: &mut dyn FnMut() -> bool) -> Found {
        let mut found = self.nothing();
        let Some(trunk) = &self.trunk else { return found };
        let mut work = Work::new(go_on);
        let sums = self.rules.leave_at(trunk, piece, self.faults, &mut work);
        for (index, sum) in sums.into_iter().enumerate() {
            found.take(index + 1, sum);
        }
        found.steps = work.steps;
        found.pruned = work.pruned;
        found.cut_off = work.stopped || work.left_out;
        found.rows = work.rows;
        found
    }
}

/// Tries every placement of up to that many faults; of a share, its part of them. A run that does not end within
/// [`crate::timeline::run::MAX_STEPS`] cuts it off. `go_on` is asked after every run; when it says no, what has been
/// found so far is the answer, marked as cut off.
pub fn explore(scenario: &Scenario, options: &Options, go_on: &mut dyn FnMut() -> bool) -> Found {
    let search = Search::new(scenario, options);
    let (share, shares) = (options.shard.0, options.shard.1.max(1));
    let mut found = if share == 0 { search.first().clone() } else { search.nothing() };
    let mut goes_on = true;
    for piece in (share..search.pieces()).step_by(shares as usize) {
        let more = search.piece(piece, &mut || {
            goes_on = go_on();
            goes_on
        });
        found.merge(more);
        if !goes_on {
            break;
        }
    }
    found
}
