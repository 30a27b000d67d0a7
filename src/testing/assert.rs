//! What must hold, and what is told where it does not?

use super::run::Run;
use super::wrong::PromiseName;
use crate::broker::setup::Setup;
use crate::check::finding::Verdict;
use crate::check::promise::{Promise, When};
use crate::scenario::words::seed_words;
use crate::scenario::write::{write_command, write_fault};
use crate::scene::story::{self, Line, Tone};
use std::fmt::{self, Write};

/// The most lines of a story that are told.
const MOST_LINES: usize = 40;
/// How many steps before its end a story is told at the most.
const MOST_STEPS: u32 = 400;

impl Run {
    /// The promise was kept to the end. Returns the run, for the next assertion.
    ///
    /// # Panics
    /// It was broken, or not decided: with the story up to the break, the command and the link.
    #[track_caller]
    pub fn assert_kept(&self, promise: impl PromiseName) -> &Run {
        let promise = known(promise);
        match self.fault_of(promise, true) {
            None => self,
            Some(what) => panic!("{what}\n\n{}", Told { run: self, promise: Some(promise) }),
        }
    }

    /// The promise was broken: the naive side of a comparison, or a test that a fault really bites.
    ///
    /// # Panics
    /// It was kept: with the story.
    #[track_caller]
    pub fn assert_broken(&self, promise: impl PromiseName) -> &Run {
        let promise = known(promise);
        match self.fault_of(promise, false) {
            None => self,
            Some(what) => panic!("{what}\n\n{self}"),
        }
    }

    /// The fact was reached: without it, a promise that held proves nothing.
    ///
    /// # Panics
    /// It never was: with the story.
    #[track_caller]
    pub fn assert_reached(&self, fact: impl PromiseName) -> &Run {
        self.assert_kept(fact)
    }

    /// Every promise that the scenario names came out as it says: kept, broken or reached.
    ///
    /// # Panics
    /// One did not: with the story.
    #[track_caller]
    pub fn assert_as_expected(&self) -> &Run {
        let unmet = self.case().scenario().expectations(&self.run.end().ledger);
        if let Some(first) = unmet.first() {
            let all: Vec<String> = unmet.iter().map(ToString::to_string).collect();
            let broken = first.state.broken.map(|_| first.state.promise);
            panic!("{}\n\n{}", all.join("\n"), Told { run: self, promise: broken });
        }
        assert!(!self.run.cut_short(), "the run is too long, and was stopped before its end\n\n{self}");
        self
    }

    /// What is wrong, if the promise should be so.
    fn fault_of(&self, promise: Promise, kept: bool) -> Option<String> {
        let name = promise.name();
        if let Some(what) = meaningless(promise, self.run.setup()) {
            return Some(what);
        }
        let state = promise.state(&self.run.end().ledger);
        match (state.held, state.broken) {
            (Some(held), _) if held == kept => None,
            (Some(false), Some(breach)) => {
                Some(format!("`{name}` is broken at step {} ({})", breach.step, breach.at))
            }
            (Some(false), None) if promise.when() == When::Sometimes => {
                Some(format!("`{name}` is never reached: the run does not show what it is about"))
            }
            (Some(false), None) => Some(format!("`{name}` is broken")),
            (Some(true), _) => Some(format!("`{name}` is kept, and should be broken")),
            (None, _) => Some(format!("`{name}` is not decided: the run was stopped before its end")),
        }
    }
}

#[track_caller]
pub(super) fn known(promise: impl PromiseName) -> Promise {
    promise.promise().unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// Why a promise means nothing in that world: nobody said how soon.
pub(super) fn meaningless(promise: Promise, setup: &Setup) -> Option<String> {
    let (verdict, key) = match promise {
        Promise::AnswersInTime => (Verdict::Late, "answers-within"),
        Promise::DoneInTime => (Verdict::Overdue, "done-within"),
        _ => return None,
    };
    let name = promise.name();
    (!verdict.can_happen(setup))
        .then(|| format!("`{name}` means nothing here: the scenario does not say {key} under [promises]"))
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let broken = self.promises().into_iter().filter_map(|promise| {
            promise.state(&self.run.end().ledger).broken.map(|breach| (breach.step, promise))
        });
        let first = broken.min_by_key(|(step, _)| *step);
        write!(f, "{}", Told { run: self, promise: first.map(|(_, promise)| promise) })
    }
}

/// A run, told up to the moment at which that promise broke; to its end, if there is none.
pub(super) struct Told<'r> {
    pub(super) run: &'r Run,
    pub(super) promise: Option<Promise>,
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let run = &self.run.run;
        let scenario = self.run.case().scenario();
        let seed = run.seed();
        let words = seed_words(seed).map_or(String::new(), |words| format!(" ({words})"));
        writeln!(f, "{}, seed {seed}{words}", scenario.title)?;
        let cast = scenario.setup.cast();
        for fault in &scenario.setup.faults {
            writeln!(f, "  fault: {}", write_fault(fault, &cast))?;
        }
        for placed in run.commands() {
            writeln!(f, "  by hand, after step {}: {}", placed.step, write_command(&placed.command, &cast))?;
        }
        let broken = self.promise.and_then(|promise| promise.state(&run.end().ledger).broken);
        let last = broken.map_or(run.end().step(), |breach| breach.step);
        self.story(f, last)?;
        self.verdict(f)?;
        writeln!(f, "\nTell it again:  {}", self.run.command())?;
        if self.run.case().toml().is_some() {
            let file = self.run.case().argument();
            writeln!(f, "                ({file} is what `Case::toml` gives)")?;
        }
        let link = match self.promise {
            Some(promise) => self.run.link_to(promise).ok().flatten(),
            None => self.run.link(),
        };
        match link {
            Some(link) => writeln!(f, "See it happen:  open the page with {link}"),
            None => Ok(()),
        }
    }
}

impl Told<'_> {
    fn story(&self, f: &mut fmt::Formatter<'_>, last: u32) -> fmt::Result {
        let end = self.run.run.end();
        let first = last.saturating_sub(MOST_STEPS - 1).max(1);
        let lines = story::account(&end.world, &end.ledger, first, last);
        let skipped = lines.len().saturating_sub(MOST_LINES);
        f.write_char('\n')?;
        if skipped > 0 || first > 1 {
            writeln!(f, "  … what happened before is left out")?;
        }
        lines.iter().skip(skipped).try_for_each(|line| tell(f, line))
    }

    fn verdict(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let run = &self.run.run;
        let ledger = &run.end().ledger;
        let (counts, totals) = (ledger.counts(), ledger.totals());
        let found = Verdict::ALL.into_iter().filter(|verdict| counts.of(*verdict) > 0);
        let found: Vec<String> =
            found.map(|verdict| format!("{} {}", counts.of(verdict), verdict.name())).collect();
        let found = if found.is_empty() { "nothing wrong".to_owned() } else { found.join(", ") };
        writeln!(
            f,
            "\nAt the end (step {}, {}): {} committed, {} of {} effects arrived; {found}",
            run.end().step(),
            run.end().now(),
            totals.committed,
            totals.arrived,
            totals.expected
        )
    }
}

fn tell(f: &mut fmt::Formatter<'_>, line: &Line) -> fmt::Result {
    let broken = matches!(line.tone, Tone::Broken(_));
    let mark = if broken { ">>" } else { "  " };
    writeln!(f, "{mark}{:>11}  {}", line.at.to_string(), line.text)?;
    match &line.why {
        Some(why) if broken => writeln!(f, "{:17}{why}", ""),
        _ => Ok(()),
    }
}
