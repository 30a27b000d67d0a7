//! Which moment of which run shows it? What a card opens, and what the way to do a task comes to.

use super::text::{How, Lesson};
use crate::check::promise::Promise;
use crate::scenario::catalogue;
use crate::scenario::problem::quoted;
use crate::scenario::spec::parse_command;
use crate::sim::time::Span;
use crate::timeline::session::Session;
use serde::{Deserialize, Serialize};

/// A moment of an experiment.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Show {
    /// The scenario's name in the catalogue.
    pub scenario: String,
    /// Which moment.
    pub moment: Place,
    /// Under which faults more, seed, and beside what.
    pub how: How,
}

/// A place in a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Place {
    /// Before anything has happened.
    Start,
    /// When all is over.
    End,
    /// After so much virtual time.
    After(Span),
    /// When a promise is broken, or a fact is reached.
    When(Promise),
}

impl Show {
    /// Opens it there.
    ///
    /// # Errors
    /// A sentence on what does not exist: the scenario, something in a fault, or the moment.
    pub fn open(&self) -> Result<Session, String> {
        let mut session = self.how.open(&self.scenario)?;
        match self.moment {
            Place::Start => {}
            Place::End => {
                session.seek(session.end());
            }
            Place::After(span) => {
                session.pass(span);
            }
            Place::When(promise) => {
                let state = promise.state(&session.run().end().ledger);
                let broken = state.broken.map(|broken| broken.step);
                let step = broken.or(state.reached.map(|reached| reached.step));
                session.seek_step(step.ok_or_else(|| {
                    format!(
                        "{} does not come to {} in that run",
                        quoted(&self.scenario),
                        quoted(promise.name())
                    )
                })?);
            }
        }
        Ok(session)
    }
}

impl How {
    /// Opens a scenario in that way, at the start.
    ///
    /// # Errors
    /// A sentence on what does not exist: the scenario, or something in a fault.
    pub fn open(&self, scenario: &str) -> Result<Session, String> {
        let scenario = catalogue::find(scenario)?;
        let setup = &scenario.setup;
        let cast = setup.cast();
        let mut commands = Vec::new();
        for fault in &self.faults {
            let command = parse_command(fault, &cast, setup);
            commands.push(command.map_err(|error| format!("{}: {}", quoted(fault), error.what))?);
        }
        let mut session = Session::laid(scenario, self.seed.unwrap_or(scenario.seed), &commands);
        if self.beside {
            session.lay_beside();
        }
        Ok(session)
    }
}

impl Lesson {
    /// The run of its scenario in which a task is done, at the end.
    ///
    /// # Errors
    /// A sentence on what the way to do it names that does not exist; or there is no such task.
    pub fn done(&self, task: usize) -> Result<Session, String> {
        let task = self.tasks.get(task).ok_or_else(|| format!("there is no task {}", task + 1))?;
        let mut session = task.how.open(&self.scenario)?;
        session.seek(session.end());
        Ok(session)
    }
}
