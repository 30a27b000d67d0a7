//! What does a person have in hand? One scenario's run, perhaps its counterpart's beside it in lockstep, and a
//! playhead. The page and its tests move it; no clock is read here.

use super::link::{Link, View};
use super::run::Run;
use crate::broker::command::{Command, Placed};
use crate::fault::plan::Fault;
use crate::scenario::Scenario;
use crate::scenario::catalogue;
use crate::scenario::spec::parse_command;
use crate::scenario::write::write_command;
use crate::sim::time::{Instant, Span};
use std::sync::Arc;

/// The counterpart, under the same seed and the same faults.
#[derive(Clone, Debug)]
pub struct Beside {
    /// Its scenario, with the faults of the one it stands beside.
    pub scenario: Scenario,
    /// Its run; the cursor keeps step with the playhead.
    pub run: Run,
}

/// A run in somebody's hands.
#[derive(Clone, Debug)]
pub struct Session {
    named: &'static Scenario,
    /// The same without its own faults, if they were left out.
    bare: Option<Scenario>,
    run: Run,
    beside: Option<Beside>,
    playhead: Instant,
}

impl Session {
    /// Opens a scenario under its own seed, at the start.
    pub fn open(scenario: &'static Scenario) -> Session {
        Session::with(scenario, None, scenario.seed, Vec::new())
    }

    /// Opens a scenario under that seed, at the start, with these things done by hand before anything else.
    pub fn laid(scenario: &'static Scenario, seed: u64, commands: &[Command]) -> Session {
        Session::with(scenario, None, seed, at_the_start(commands.iter().copied()))
    }

    /// Opens the run in which these faults strike and none of the scenario's own, under that seed.
    pub fn open_with(scenario: &'static Scenario, seed: u64, faults: &[Fault]) -> Session {
        let commands = at_the_start(faults.iter().copied().map(Command::Lay));
        Session::with(scenario, without_faults(scenario), seed, commands)
    }

    fn with(named: &'static Scenario, bare: Option<Scenario>, seed: u64, commands: Vec<Placed>) -> Session {
        let setup = bare.as_ref().unwrap_or(named).setup.clone();
        Session { named, bare, run: Run::new(setup, seed, commands), beside: None, playhead: Instant::START }
    }

    /// Opens the moment that a link names.
    ///
    /// # Errors
    /// What is damaged about the link.
    pub fn follow(text: &str) -> Result<Session, String> {
        Session::at(&Link::parse(text)?)
    }

    /// Opens the moment of a link.
    ///
    /// # Errors
    /// What of it does not exist in that run.
    pub fn at(link: &Link) -> Result<Session, String> {
        let scenario = catalogue::find(&link.scenario)?;
        let last = link.commands.last().map(|placed| placed.step);
        let bare = without_faults(scenario).filter(|_| link.bare);
        let mut session = Session::with(scenario, bare, link.seed, link.commands.clone());
        let steps = session.run.end().step();
        if let Some(last) = last.filter(|&last| last >= steps) {
            return Err(format!("it does something by hand after step {last}, but the run has only {steps}"));
        }
        session.seek_step(link.step);
        session.move_playhead(link.at);
        if link.beside {
            session.lay_beside();
        }
        Ok(session)
    }

    /// The link to this moment.
    pub fn link(&self) -> Link {
        Link {
            scenario: self.named.id.clone(),
            bare: self.bare.is_some(),
            seed: self.run.seed(),
            commands: self.run.commands().to_vec(),
            step: self.run.here().step(),
            at: self.playhead,
            beside: self.beside.is_some(),
            view: View::Page,
        }
    }

    /// The scenario, without its own faults if they were left out.
    pub fn scenario(&self) -> &Scenario {
        self.bare.as_ref().unwrap_or(self.named)
    }

    /// Whether the scenario's own faults were left out.
    pub fn is_bare(&self) -> bool {
        self.bare.is_some()
    }

    /// Its run.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The counterpart, if it stands beside.
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
            self.run.seek(step);
        }
        self.follow_beside() || moved
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
        self.run.seek(step);
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

    /// Back to the start, exactly: what was done by hand is forgotten.
    pub fn reset(&mut self) {
        self.reseed(self.run.seed());
    }

    /// The same scenario under another seed, from the start.
    pub fn reseed(&mut self, seed: u64) {
        let beside = self.beside.is_some();
        *self = Session::with(self.named, self.bare.take(), seed, Vec::new());
        if beside {
            self.lay_beside();
        }
    }

    /// Does something by hand at the playhead. The future that was there is replaced.
    pub fn act(&mut self, command: Command) {
        let at = self.playhead;
        self.run.command(at, command);
        self.playhead = self.run.here().now();
        if self.beside.is_some() {
            self.lay_beside();
        }
    }

    /// Takes the last thing done by hand back.
    pub fn undo(&mut self) -> bool {
        let at = self.run.commands().last().map(|placed| placed.at);
        let undone = self.run.undo();
        if undone {
            self.move_playhead(at.unwrap_or_default());
            if self.beside.is_some() {
                self.lay_beside();
            }
        }
        undone
    }

    /// The scenario that would stand beside this one.
    pub fn counterpart(&self) -> Option<Scenario> {
        let name = self.named.counterpart.as_deref()?;
        catalogue::find(name).ok()?.with_faults_of(self.scenario()).ok()
    }

    /// Lays the counterpart beside: the same seed, the same faults, the same things done by hand as far as they
    /// mean something there (what names a packet does not).
    pub fn lay_beside(&mut self) {
        let Some(scenario) = self.counterpart() else { return };
        let mut run = Run::new(scenario.setup.clone(), self.run.seed(), Vec::new());
        let here = self.named.setup.cast();
        let there = scenario.setup.cast();
        for placed in self.run.commands() {
            let spec = write_command(&placed.command, &here);
            let names_a_packet =
                matches!(placed.command, Command::Lose(_) | Command::Hold(_) | Command::Release(_));
            if let (false, Ok(command)) = (names_a_packet, parse_command(&spec, &there, &scenario.setup)) {
                let step = run.step_at(placed.at);
                run.seek(step);
                run.command(placed.at, command);
            }
        }
        self.beside = Some(Beside { scenario, run });
        self.follow_beside();
    }

    /// Takes the counterpart away.
    pub fn take_beside_away(&mut self) {
        self.beside = None;
    }

    fn move_playhead(&mut self, at: Instant) {
        let latest = self.run.time_of(self.run.here().step() + 1).max(self.run.here().now());
        self.playhead = at.clamp(self.run.here().now(), latest);
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
