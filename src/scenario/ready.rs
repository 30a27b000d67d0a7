//! What is a scenario, ready to run? A world, a seed, and what is promised of it.

use super::spec::{parse_fault, parse_operator};
use super::write::{write_command, write_fault};
use crate::broker::command::Command;
use crate::broker::setup::{Cast, Setup};
use crate::check::measures::Measure;
use crate::check::promise::Promise;
use crate::sim::time::{Instant, Span};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which side of a comparison a scenario is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Part {
    /// None: it shows how something works.
    Plain,
    /// The one that breaks.
    Naive,
    /// The one that holds.
    Repaired,
}

/// A scenario, ready to run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Its name in the catalogue, links and tests; for a file of one's own, whatever the caller says.
    pub id: String,
    /// A few words.
    pub title: String,
    /// The heading under which it stands.
    pub group: String,
    /// A plain sentence on what it shows; may be empty.
    pub shows: String,
    /// The scenario to lay beside it: the naive one of a repaired, the repaired one of a naive.
    pub counterpart: Option<String>,
    /// Which of the two it is.
    pub part: Part,
    /// What it shows large.
    pub measure: Option<Measure>,
    /// The seed, unless another is asked for.
    pub seed: u64,
    /// The world.
    pub setup: Arc<Setup>,
    /// The promises that hold in every run.
    pub keeps: Vec<Promise>,
    /// The promises that break in every run.
    pub breaks: Vec<Promise>,
    /// The facts that every run comes to see; without them the promises prove nothing.
    pub reaches: Vec<Promise>,
}

impl Scenario {
    /// This scenario under the seed and the faults of another: the comparison of a naive scenario with its
    /// repaired counterpart, or the other way round. Parties are matched by their names.
    ///
    /// # Errors
    /// A sentence that names the fault that means nothing here.
    pub fn with_faults_of(&self, other: &Scenario) -> Result<Scenario, String> {
        let (mine, theirs) = (self.setup.cast(), other.setup.cast());
        let mut setup = (*self.setup).clone();
        setup.faults.clear();
        for fault in &other.setup.faults {
            let written = write_fault(fault, &theirs);
            let fault = parse_fault(&written, &mine, &self.setup).map_err(|error| {
                format!("the fault `{written}` of {} does not fit {}: {error}", other.id, self.id)
            })?;
            setup.faults.push(fault);
        }
        // An operator does here what is done there, and keeps to what can only be done here.
        type Act = (Instant, Command);
        let written =
            |(at, act): &Act, cast: &Cast| format!("{} at {}", write_command(act, cast), Span(at.0));
        let only_here = |act: &Act| parse_operator(&written(act, &mine), &theirs, &other.setup).is_err();
        setup.operator.retain(only_here);
        let acts = other.setup.operator.iter().map(|act| written(act, &theirs));
        setup.operator.extend(acts.filter_map(|act| parse_operator(&act, &mine, &self.setup).ok()));
        setup.operator.sort_by_key(|(at, _)| *at);
        Ok(Scenario { seed: other.seed, setup: Arc::new(setup), ..self.clone() })
    }
}
