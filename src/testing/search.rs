//! Does any placement of faults break it? The search of `brokerlab explore`, for assertions.

use super::assert::{known, meaningless};
use super::case::Case;
use super::run::Run;
use super::value;
use super::wrong::{PromiseName, Wrong};
use crate::check::promise::{Promise, When};
use crate::explore::search::Outcome;
use crate::explore::{FaultKind, Found, Kinds, Options, explore, table};
use crate::scenario::write::write_fault;
use crate::sim::time::Span;
use std::fmt;
use std::time::Duration;

/// What to try.
#[derive(Clone, Debug)]
pub struct Search(Options);

impl Search {
    /// Every placement of up to that many faults, 1 to 3 (a larger number counts as 3): each step of each party crashed
    /// before and after, each step that can fail failed, each packet lost and doubled.
    pub fn of_faults(most: u8) -> Search {
        Search(Options { faults: most, ..Options::default() })
    }

    /// Only faults of these kinds: `crash,lose`.
    ///
    /// # Errors
    /// One of them is no kind, or there is none.
    pub fn kinds(mut self, kinds: &str) -> Result<Search, Wrong> {
        self.0.kinds = Kinds::parse(kinds).map_err(Wrong)?;
        if self.0.kinds == Kinds::NONE {
            let known = FaultKind::ALL.map(FaultKind::name).join(", ");
            return Err(Wrong(format!("without any kind of fault nothing is tried; name some of {known}")));
        }
        Ok(self)
    }

    /// How long a party that was made to crash stays down, 1 ms to 24 h (1 s); a time beyond counts as the nearest.
    #[must_use]
    pub fn down(mut self, time: Duration) -> Search {
        self.0.down = value::span_of(time).clamp(Span::from_millis(1), Span::MAX_NAMED);
        self
    }

    /// The faults of the case itself stay; without this it starts from a run in which nothing fails.
    #[must_use]
    pub fn with_own_faults(mut self) -> Search {
        self.0.own_faults = true;
        self
    }
}

/// What came of a search.
///
/// ```
/// use brokerlab::testing::*;
///
/// # fn main() -> Result<(), Wrong> {
/// let found = Case::named("dual-write-lost")?.explore(&Search::of_faults(1).kinds("crash")?);
/// // What breaks comes back as a run: the fewest faults, the earliest moment.
/// let shortest = found.assert_sometimes_broken("nothing-lost");
/// assert_eq!(shortest.case().scenario().setup.faults.len(), 1);
/// shortest.assert_broken("nothing-lost");
/// assert!(found.is_complete());
///
/// let told = std::panic::catch_unwind(|| found.assert_always_kept("nothing-lost").placements()).unwrap_err();
/// let told = told.downcast_ref::<String>().expect("a text");
/// assert!(told.contains("`nothing-lost` can be broken"), "{told}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Explored {
    case: Case,
    own_faults: bool,
    found: Found,
}

impl Explored {
    pub(super) fn new(case: Case, search: &Search) -> Explored {
        let mut options = search.0.clone();
        // All that can be broken is judged, so that every assertion has its answer; facts where they are named.
        options.promises = case.promises().chain(case.scenario().reaches.iter().copied()).collect();
        let found = explore(case.scenario(), &options, &mut || true);
        Explored { case, own_faults: options.own_faults, found }
    }

    /// How many placements were tried, the run without a fault included.
    pub fn placements(&self) -> u64 {
        self.found.runs()
    }

    /// Whether everything was tried; a run that does not come to its end cuts a search off.
    pub fn is_complete(&self) -> bool {
        !self.found.cut_off
    }

    /// All of what was found.
    pub fn found(&self) -> &Found {
        &self.found
    }

    /// What came of each promise, and of each fact that the scenario names: `always kept`, `sometimes broken`, `reached`, or
    /// `never reached` (no run came to where it could be broken); and in how many runs it was broken or reached.
    pub fn outcomes(&self) -> impl Iterator<Item = (Promise, &'static str, u64)> + '_ {
        self.found.outcomes.iter().map(|outcome| (outcome.promise, outcome.standing().name(), outcome.runs))
    }

    /// The failure windows as a table in Markdown.
    pub fn table(&self) -> String {
        table::markdown(self.case.scenario(), &self.found)
    }

    /// The shortest way to break that promise, as a run; none if there is none.
    ///
    /// # Errors
    /// There is no promise of that name.
    pub fn counterexample(&self, promise: impl PromiseName) -> Result<Option<Run>, Wrong> {
        let promise = promise.promise()?;
        let Some(example) = self.outcome(promise).and_then(|outcome| outcome.shortest.as_ref()) else {
            return Ok(None);
        };
        let cast = self.case.scenario().setup.cast();
        let mut case = self.case.clone();
        if !self.own_faults {
            case = case.without_own_faults();
        }
        for fault in &example.faults {
            case = case.fault(&write_fault(fault, &cast))?;
        }
        Ok(Some(case.run()))
    }

    /// No placement breaks the promise, some put it to the test, and every placement was tried.
    ///
    /// # Panics
    /// One breaks it: with the story of the shortest, the command and the link. Or none could: what is never put to the
    /// test is kept by everything.
    #[track_caller]
    pub fn assert_always_kept(&self, promise: impl PromiseName) -> &Explored {
        let promise = known(promise);
        self.refuse(promise);
        let outcome = self.outcome(promise);
        let runs = outcome.map_or(0, |outcome| outcome.runs);
        if runs > 0 {
            let name = promise.name();
            let story = match self.counterexample(promise) {
                Ok(Some(run)) => super::assert::Told { run: &run, promise: Some(promise) }.to_string(),
                Ok(None) => String::new(),
                Err(wrong) => wrong.to_string(),
            };
            panic!(
                "`{name}` can be broken: {runs} of {} placements do. The shortest:\n\n{story}",
                self.placements()
            );
        }
        assert!(self.is_complete(), "not everything was tried: a run did not come to its end\n\n{self}");
        assert!(
            outcome.is_some_and(|outcome| outcome.tested > 0),
            "nothing puts `{}` to the test, in none of {} placements: that it is kept proves nothing\n\n{self}",
            promise.name(),
            self.placements()
        );
        self
    }

    /// Some placement breaks the promise. Returns the shortest, as a run.
    ///
    /// # Panics
    /// None does.
    #[track_caller]
    pub fn assert_sometimes_broken(&self, promise: impl PromiseName) -> Run {
        let promise = known(promise);
        self.refuse(promise);
        match self.counterexample(promise) {
            Ok(Some(run)) => run,
            Ok(None) => {
                panic!("`{}` is kept in all {} placements\n\n{self}", promise.name(), self.placements())
            }
            Err(wrong) => panic!("{wrong}"),
        }
    }

    #[track_caller]
    fn refuse(&self, promise: Promise) {
        if promise.when() == When::Sometimes {
            panic!(
                "`{}` is a fact that a run reaches, not a promise that it keeps or breaks",
                promise.name()
            );
        }
        if let Some(what) = meaningless(promise, &self.case.scenario().setup) {
            panic!("{what}");
        }
    }

    fn outcome(&self, promise: Promise) -> Option<&Outcome> {
        self.found.outcomes.iter().find(|outcome| outcome.promise == promise)
    }
}

impl fmt::Display for Explored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = &self.case.scenario().title;
        let covered = if self.is_complete() { "all of them" } else { "cut off" };
        writeln!(f, "{title}: {} placements tried; {covered}", self.placements())?;
        for (promise, verdict, runs) in self.outcomes() {
            writeln!(f, "  {verdict:<16} {}  ({runs} runs)", promise.name())?;
        }
        Ok(())
    }
}
