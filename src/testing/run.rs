//! How did it go? A run, its verdict, and its moments.

use super::case::Case;
use super::command::command;
use super::look::Look;
use super::value;
use super::wrong::{PromiseName, Wrong};
use crate::broker::command::Placed;
use crate::check::finding::Counts;
use crate::check::promise::Promise;
use crate::scenario::spec::parse_command;
use crate::scene::records;
use crate::scene::story::{self, Line};
use crate::sim::time::Instant;
use crate::timeline::breach;
use crate::timeline::moment::Moment;
use crate::timeline::report::Report;
use crate::timeline::run::Run as Timeline;
use std::time::Duration;

/// A run, computed to its end. Its text (`{run}`) is its story up to the first broken promise, the verdict, the command
/// that tells it again and the link that shows it: put it into the message of an assertion.
///
/// ```
/// use brokerlab::testing::*;
///
/// # fn main() -> Result<(), Wrong> {
/// let run = Case::named("dual-write-ghost")?.run();
/// run.assert_as_expected().assert_broken(Promise::NoGhost).assert_reached("a-rollback");
/// assert_eq!(run.verdict().ghosts, 1, "{run}");
/// assert_eq!(run.verdict().lost, 0, "{run}");
///
/// // Into the past, to do something there by hand: another future, the same luck.
/// let before = run.first(|look| look.verdict().ghosts == 1).expect("there is a ghost").step() - 1;
/// let other = run.inject(before, "down broker")?;
/// assert!(other.records().any(|record| record.kind == "crashed"));
/// assert_eq!(run.at_step(before).verdict(), other.at_step(before).verdict());
///
/// // What a failed assertion tells.
/// let told = std::panic::catch_unwind(|| run.assert_kept("no-ghost")).unwrap_err();
/// let told = told.downcast_ref::<String>().expect("a text");
/// assert!(told.contains("`no-ghost` is broken at step"), "{told}");
/// assert!(told.contains("brokerlab run dual-write-ghost --seed"), "{told}");
/// assert!(told.contains("#v=1&run=dual-write-ghost"), "{told}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Run {
    case: Case,
    pub(super) run: Timeline,
}

impl Run {
    pub(super) fn new(case: Case, commands: Vec<Placed>) -> Run {
        let scenario = case.scenario();
        let run = Timeline::new(scenario.setup.clone(), scenario.seed, commands);
        Run { case, run }
    }

    /// What was run.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// How many findings of each kind the judge has at the end.
    pub fn verdict(&self) -> Counts {
        self.run.end().ledger.counts()
    }

    /// The report: verdict, totals, measures, promises; what `brokerlab run --format json` prints.
    pub fn report(&self) -> Report {
        Report::new(self.case.scenario(), &self.run)
    }

    /// How many steps it did.
    pub fn steps(&self) -> u32 {
        self.run.end().step()
    }

    /// Before anything has happened; [`Look::next`] goes on from there, step by step.
    pub fn start(&self) -> Look {
        self.look(&Moment::start(self.run.setup(), self.run.seed()))
    }

    /// At the end.
    pub fn end(&self) -> Look {
        self.look(self.run.end())
    }

    /// Right after that step; at the end, if the run has fewer.
    pub fn at_step(&self, step: u32) -> Look {
        Look::at(self.run.moment_at(step), self.run.commands().into())
    }

    /// With everything that has happened by that moment of virtual time.
    pub fn at(&self, time: Duration) -> Look {
        self.at_step(self.run.step_at(Instant(value::span_of(time).0)))
    }

    /// At the first step after which that is true.
    pub fn first(&self, is_true: impl Fn(&Look) -> bool) -> Option<Look> {
        std::iter::successors(Some(self.start()), Look::next).find(is_true)
    }

    fn look(&self, moment: &Moment) -> Look {
        Look::at(moment.clone(), self.run.commands().into())
    }

    /// Right after the step at which that promise broke; none, if it did not.
    ///
    /// # Errors
    /// There is no promise of that name.
    pub fn at_break_of(&self, promise: impl PromiseName) -> Result<Option<Look>, Wrong> {
        let broken = promise.promise()?.state(&self.run.end().ledger).broken;
        Ok(broken.map(|breach| self.at_step(breach.step)))
    }

    /// Another run: the same up to that step, then this is done by hand, in the words of the fault grammar (any fault, and
    /// what only a hand can do, like `restart relay`). What was done by hand later is forgotten.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn inject(&self, after_step: u32, spec: &str) -> Result<Run, Wrong> {
        let setup = self.run.setup();
        let command = parse_command(spec, &setup.cast(), setup).map_err(|error| {
            Wrong(format!("`{spec}`, character {}: {}", error.character(spec), error.what))
        })?;
        let mut other = self.clone();
        other.run.seek(after_step);
        let at = other.run.here().now();
        other.run.command(at, command);
        Ok(other)
    }

    /// The story: what happened in each step, in sentences.
    pub fn story(&self) -> Vec<Line> {
        let end = self.run.end();
        story::account(&end.world, &end.ledger, 1, end.step())
    }

    /// The history, record by record: what `brokerlab run --format jsonl` prints.
    pub fn records(&self) -> impl Iterator<Item = records::Line<'_>> {
        records::lines(&self.run.end().world)
    }

    /// The command line that tells it again. A scenario that was built or given as a text must be saved first
    /// ([`Case::toml`]); what was done by hand is in the link only.
    pub fn command(&self) -> String {
        command(&self.case)
    }

    /// The link (`#v=1&run=…`) to the moment at which a promise first broke, of those that the scenario names and those
    /// that every run keeps; none if none broke, or if the page does not have the scenario and its file is
    /// not known (a [`Case`] made of a [`crate::scenario::Scenario`]).
    pub fn link(&self) -> Option<String> {
        breach::link(self.case.scenario(), self.case.toml(), &self.run, &self.promises())
    }

    /// The link to the moment right after that step; none as for [`Run::link`].
    pub fn link_to_step(&self, step: u32) -> Option<String> {
        breach::link_to_step(self.case.scenario(), self.case.toml(), &self.run, step)
    }

    /// The link to the moment at which that promise broke; none if it did not, or as for [`Run::link`].
    ///
    /// # Errors
    /// There is no promise of that name.
    pub fn link_to(&self, promise: impl PromiseName) -> Result<Option<String>, Wrong> {
        Ok(breach::link(self.case.scenario(), self.case.toml(), &self.run, &[promise.promise()?]))
    }

    /// What the run is held against: everything that can be broken in it.
    pub(super) fn promises(&self) -> Vec<Promise> {
        self.case.promises().collect()
    }
}
