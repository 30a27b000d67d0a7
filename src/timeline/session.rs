//! What does a person have in hand? One scenario's run and the branches that were made of it, perhaps another run
//! beside it in lockstep, and a playhead. The page and its tests move it; no clock is read here.

use super::beside::{Against, Beside, counterpart};
use super::branches::Branches;
use super::link::Link;
use super::own::{self, Own};
use super::run::Run;
use crate::broker::command::{Command, Placed};
use crate::check::promise::{Promise, When};
use crate::fault::plan::Fault;
use crate::scenario::Scenario;
use crate::scenario::catalogue;
use crate::sim::time::{Instant, Span};
use std::sync::Arc;

/// When a promise is broken, and in which step if that is of the run on show and not of the one beside.
pub type Breached = (Instant, Option<u32>);

/// A run in somebody's hands.
#[derive(Clone, Debug)]
pub struct Session {
    named: Scenario,
    /// How a link carries it, where the catalogue does not have it.
    own: Option<Arc<Own>>,
    /// The same without its own faults, if they were left out.
    bare: Option<Scenario>,
    run: Run,
    branches: Branches,
    beside: Option<Beside>,
    playhead: Instant,
}

impl Session {
    /// Opens a scenario under its own seed, at the start.
    pub fn open(scenario: &Scenario) -> Session {
        Session::with(scenario, None, None, scenario.seed, Vec::new())
    }

    /// Opens a scenario under that seed, at the start, with these things done by hand before anything else.
    pub fn laid(scenario: &Scenario, seed: u64, commands: &[Command]) -> Session {
        Session::with(scenario, None, None, seed, at_the_start(commands.iter().copied()))
    }

    /// Opens the run in which these faults strike and none of the scenario's own, under that seed.
    pub fn open_with(scenario: &Scenario, seed: u64, faults: &[Fault]) -> Session {
        let commands = at_the_start(faults.iter().copied().map(Command::Lay));
        Session::with(scenario, None, without_faults(scenario), seed, commands)
    }

    /// The same of the scenario in hand.
    pub fn open_again_with(&self, seed: u64, faults: &[Fault]) -> Session {
        Session { own: self.own.clone(), ..Session::open_with(&self.named, seed, faults) }
    }

    fn with(
        named: &Scenario,
        own: Option<Arc<Own>>,
        bare: Option<Scenario>,
        seed: u64,
        commands: Vec<Placed>,
    ) -> Session {
        let named = named.clone();
        let setup = bare.as_ref().unwrap_or(&named).setup.clone();
        let branches = Branches::new(seed, commands.clone());
        let run = Run::new(setup, seed, commands);
        let mut session = Session { named, own, bare, run, branches, beside: None, playhead: Instant::START };
        session.judge_branch();
        session
    }

    /// Opens the moment that a link names.
    ///
    /// # Errors
    /// What is damaged about the link.
    #[cfg(feature = "files")]
    pub fn follow(text: &str) -> Result<Session, String> {
        Session::at(&Link::parse(text)?)
    }

    /// Opens the moment of a link.
    ///
    /// # Errors
    /// What of it does not exist in that run.
    pub fn at(link: &Link) -> Result<Session, String> {
        let scenario = match &link.own {
            Some(own) => {
                own::check_length(&own.scenario, link.seed)?;
                &own.scenario
            }
            None => catalogue::find(&link.scenario)?,
        };
        let bare = without_faults(scenario).filter(|_| link.bare);
        let mut session = Session::with(scenario, link.own.clone(), bare, link.seed, link.commands.clone());
        reaches(&session.run, &link.commands)?;
        if let Some(name) = &link.name {
            session.branches.name(session.branches.current().number(), name);
        }
        if let Some(Against::Branch(seed, commands)) = &link.beside {
            session.branches.keep(*seed, commands);
        }
        session.seek_step(link.step);
        session.move_playhead(link.at);
        if let Some(against) = &link.beside {
            session.lay(against);
        }
        if let (Some(Against::Branch(_, commands)), Some(beside)) = (&link.beside, &session.beside) {
            reaches(&beside.run, commands)?;
        }
        Ok(session)
    }

    /// The link to this moment.
    pub fn link(&self) -> Link {
        Link {
            bare: self.bare.is_some(),
            seed: self.run.seed(),
            commands: self.run.commands().to_vec(),
            step: self.run.here().step(),
            at: self.playhead,
            name: self.branches.current().name.clone(),
            beside: self.beside.as_ref().map(|beside| beside.against.clone()),
            ..Link::to(&self.named, self.own.clone())
        }
    }

    /// Takes the branches in that were made of this scenario before; the one on show stays on show.
    pub(super) fn recall(&mut self, kept: Branches) {
        self.branches.recall(kept);
        self.judge_branch();
    }

    /// How a link carries the scenario, where the catalogue does not have it.
    pub fn own(&self) -> Option<&Arc<Own>> {
        self.own.as_ref()
    }

    /// The scenario, without its own faults if they were left out.
    pub fn scenario(&self) -> &Scenario {
        self.bare.as_ref().unwrap_or(&self.named)
    }

    /// Whether the scenario's own faults were left out.
    pub fn is_bare(&self) -> bool {
        self.bare.is_some()
    }

    /// Its run.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The branches that were made of it.
    pub fn branches(&self) -> &Branches {
        &self.branches
    }

    /// What stands beside, if anything does.
    pub fn beside(&self) -> Option<&Beside> {
        self.beside.as_ref()
    }

    /// The moment that is shown: not before the last step, not after the next.
    pub fn playhead(&self) -> Instant {
        self.playhead
    }

    /// When the later of the runs on show ends.
    pub fn end(&self) -> Instant {
        let beside = self.beside.as_ref().map_or(Instant::START, |beside| beside.run.end().now());
        self.run.end().now().max(beside)
    }

    /// Whether the playhead stands at the end.
    pub fn at_end(&self) -> bool {
        let beside = self.beside.as_ref().is_none_or(|b| b.run.here().step() == b.run.end().step());
        self.run.here().step() == self.run.end().step() && beside
    }

    /// Lets virtual time pass. Returns whether a step was passed.
    pub fn pass(&mut self, span: Span) -> bool {
        self.seek(self.playhead + span)
    }

    /// Moves the playhead to that moment, with everything that has happened by then. Returns whether the
    /// cursor of a run moved.
    pub fn seek(&mut self, at: Instant) -> bool {
        self.playhead = at.min(self.end());
        let step = self.run.step_at(self.playhead);
        let moved = step != self.run.here().step();
        if moved {
            self.go(step);
        }
        self.follow_beside() || moved
    }

    /// Moves the cursor; what it has come past on this branch has been seen.
    fn go(&mut self, step: u32) {
        self.run.seek(step);
        self.branches.saw(self.run.here().step());
    }

    fn follow_beside(&mut self) -> bool {
        let Some(beside) = &mut self.beside else { return false };
        let step = beside.run.step_at(self.playhead);
        let moved = step != beside.run.here().step();
        if moved {
            beside.run.seek(step);
        }
        moved
    }

    /// Puts the cursor right after that step.
    pub fn seek_step(&mut self, step: u32) {
        self.go(step);
        self.playhead = self.run.here().now();
        self.follow_beside();
    }

    /// One step forward. When this run is over and the one beside is not, time goes on to its next step.
    pub fn step(&mut self) {
        let here = self.run.here().step();
        if here < self.run.end().step() {
            self.seek_step(here + 1);
        } else if let Some(beside) = &self.beside {
            let next = beside.run.here().step() + 1;
            let at = beside.run.time_of(next).min(beside.run.end().now());
            self.seek(at);
        }
    }

    /// One step back.
    pub fn step_back(&mut self) {
        let here = self.run.here().step();
        self.seek_step(here.saturating_sub(1));
    }

    /// Back to the start, exactly: of the run in which nothing was done by hand.
    pub fn reset(&mut self) {
        self.branches.untouched(self.run.seed());
        self.take_branch();
        self.seek_step(0);
    }

    /// The same scenario under another seed, from the start.
    pub fn reseed(&mut self, seed: u64) {
        self.branches.reseed(seed);
        self.take_branch();
        self.seek_step(0);
    }

    /// Does something by hand at the playhead. Where a future was there already, it stays as a branch of its own.
    #[inline(never)]
    pub fn act(&mut self, command: Command) {
        let at = self.playhead;
        self.run.command(at, command);
        let commands = self.run.commands().to_vec();
        let step = commands.last().map_or(0, |placed| placed.step);
        self.branches.act(step, commands);
        self.judge_branch();
        self.playhead = self.run.here().now();
        self.lay_again();
    }

    /// Takes the last thing done by hand back.
    #[inline(never)]
    pub fn undo(&mut self) -> bool {
        let Some(last) = self.run.commands().last().copied() else { return false };
        let undone = self.branches.undo();
        self.take_branch();
        self.go(last.step);
        self.move_playhead(last.at);
        self.follow_beside();
        undone
    }

    /// Shows the branch of that number at the same moment. False if there is none.
    #[inline(never)]
    pub fn flip(&mut self, number: u32) -> bool {
        let shown = self.branches.show(number);
        self.take_branch();
        self.seek(self.playhead);
        shown
    }

    /// Deletes the branch of that number; if it is on show, the one it came from is then. The last one stays: false.
    #[inline(never)]
    pub fn delete_branch(&mut self, number: u32) -> bool {
        let deleted = self.branches.delete(number);
        self.take_branch();
        self.seek(self.playhead);
        deleted
    }

    /// Names the branch of that number; an empty name takes it away.
    pub fn name_branch(&mut self, number: u32, name: &str) {
        self.branches.name(number, name);
    }

    /// Notes what the branch on show comes to.
    fn judge_branch(&mut self) {
        let end = self.run.end();
        let broken = promises(self.scenario()).filter(|promise| promise.state(&end.ledger).broken.is_some());
        let (steps, broken) = (end.step(), broken.count());
        self.branches.judged(steps, broken);
    }

    /// Computes the run of the branch on show, if it is another. Where the cursor stands then is for the caller to say:
    /// what it comes past there has been seen.
    fn take_branch(&mut self) {
        let branch = self.branches.current();
        if branch.seed != self.run.seed() {
            self.run = Run::new(self.run.setup().clone(), branch.seed, branch.commands.clone());
            self.lay_again();
        } else if branch.commands != self.run.commands() {
            let commands = branch.commands.clone();
            self.run.switch(&commands);
            self.lay_again();
        }
        self.judge_branch();
    }

    /// The scenario that would stand beside this one.
    pub fn counterpart(&self) -> Option<Scenario> {
        counterpart(&self.named, self.scenario())
    }

    /// Lays the counterpart beside: the same seed, the same faults, the same things done by hand as far as they
    /// mean something there.
    pub fn lay_beside(&mut self) {
        self.lay(&Against::Counterpart);
    }

    /// Lays something beside. What there is not leaves everything as it was: false.
    #[inline(never)]
    pub fn lay(&mut self, against: &Against) -> bool {
        let beside = Beside::lay(against, &self.named, self.scenario(), &self.run);
        let laid = beside.is_some();
        self.beside = beside.or(self.beside.take());
        self.follow_beside();
        laid
    }

    /// What is done by hand here is done beside as well.
    fn lay_again(&mut self) {
        let against = self.beside.as_ref().map(|beside| beside.against.clone());
        // A branch is what it is, whatever is done here.
        if let Some(against) = against.filter(|against| !matches!(against, Against::Branch(..))) {
            self.lay(&against);
        }
    }

    /// Takes away what stands beside.
    pub fn take_beside_away(&mut self) {
        self.beside = None;
    }

    /// The next moment at which a promise is broken, here or beside, with the step if it is here. Each promise counts
    /// where it is broken first.
    #[inline(never)]
    pub fn next_breach(&self) -> Option<Breached> {
        let beside = self.beside.as_ref().map(|beside| (&beside.scenario, &beside.run));
        let mut next: Option<Breached> = None;
        for (scenario, run) in std::iter::once((self.scenario(), &self.run)).chain(beside) {
            for promise in promises(scenario) {
                let breach = promise.state(&run.end().ledger).broken;
                let Some(breach) = breach.filter(|breach| breach.step > run.here().step()) else { continue };
                if next.is_none_or(|(at, _)| breach.at < at) {
                    let here = std::ptr::eq(run, &self.run);
                    next = Some((breach.at, here.then_some(breach.step)));
                }
            }
        }
        next
    }

    /// Whether that moment has come.
    pub fn is_past(&self, breach: Option<Breached>) -> bool {
        breach.is_some_and(|(at, step)| match step {
            Some(step) => self.run.here().step() >= step,
            None => self.playhead >= at,
        })
    }

    /// Lets virtual time pass, but not beyond that moment. Returns whether a step was passed, and whether it stands at
    /// that moment.
    #[inline(never)]
    pub fn pass_to_breach(&mut self, span: Span, breach: Option<Breached>) -> (bool, bool) {
        let Some((at, step)) = breach.filter(|(at, _)| *at <= self.playhead + span) else {
            return (self.pass(span), false);
        };
        match step {
            Some(step) => self.seek_step(step),
            None => {
                self.seek(at);
            }
        }
        (true, true)
    }

    fn move_playhead(&mut self, at: Instant) {
        let latest = self.run.time_of(self.run.here().step() + 1).max(self.run.here().now());
        self.playhead = at.clamp(self.run.here().now(), latest);
    }
}

/// The promises that a scenario's run can break.
fn promises(scenario: &Scenario) -> impl Iterator<Item = Promise> {
    let all = scenario.keeps.iter().chain(&scenario.breaks).copied();
    all.filter(|promise| promise.when() != When::Sometimes)
}

/// Whether a run comes as far as what is done in it by hand.
fn reaches(run: &Run, commands: &[Placed]) -> Result<(), String> {
    let steps = run.end().step();
    match commands.last().filter(|last| last.step >= steps) {
        Some(Placed { step, .. }) => {
            Err(format!("it does something by hand after step {step}, but the run has only {steps}"))
        }
        None => Ok(()),
    }
}

/// The scenario without its own faults; none if it has none.
fn without_faults(scenario: &Scenario) -> Option<Scenario> {
    let mut setup = (*scenario.setup).clone();
    let any = !setup.faults.is_empty();
    setup.faults.clear();
    any.then(|| Scenario { setup: Arc::new(setup), ..scenario.clone() })
}

/// These commands one after the other before anything has happened.
fn at_the_start(commands: impl Iterator<Item = Command>) -> Vec<Placed> {
    (0..).zip(commands).map(|(step, command)| Placed { step, at: Instant::START, command }).collect()
}
