//! What stands beside a run? Its counterpart, the same under another seed, another scenario, or another branch: in
//! lockstep, by the same clock.

use super::run::Run;
use crate::broker::command::{Command, Placed};
use crate::scenario::Scenario;
use crate::scenario::catalogue;
use crate::scenario::spec::parse_command;
use crate::scenario::write::write_command;

/// What stands beside.
#[derive(Clone, PartialEq, Debug)]
pub enum Against {
    /// The counterpart, under the same seed and the same faults, with the same things done by hand.
    Counterpart,
    /// The same scenario under another seed, with the same things done by hand.
    Seed(u64),
    /// Another scenario of the catalogue, under the same seed, with the same things done by hand as far as they mean
    /// something there.
    Scenario(String),
    /// A branch of the same scenario: that seed, and that done by hand.
    Branch(u64, Vec<Placed>),
}

/// A run beside another.
#[derive(Clone, Debug)]
pub struct Beside {
    /// What it is.
    pub against: Against,
    /// Its scenario; a counterpart has the faults of the one it stands beside.
    pub scenario: Scenario,
    /// Its run; the cursor keeps step with the playhead.
    pub run: Run,
}

impl Beside {
    /// What stands beside that run of that scenario. None if there is no such thing.
    pub fn lay(against: &Against, named: &Scenario, shown: &Scenario, run: &Run) -> Option<Beside> {
        let (scenario, seed) = match against {
            Against::Counterpart => (counterpart(named, shown)?, run.seed()),
            Against::Seed(seed) => (shown.clone(), *seed),
            Against::Scenario(name) => (catalogue::find(name).ok()?.clone(), run.seed()),
            Against::Branch(seed, _) => (shown.clone(), *seed),
        };
        let run = match against {
            Against::Branch(seed, commands) => Run::new(scenario.setup.clone(), *seed, commands.clone()),
            _ => following(run, shown, &scenario, seed),
        };
        Some(Beside { against: against.clone(), scenario, run })
    }
}

/// The counterpart of a scenario, with the faults that it is shown with.
pub fn counterpart(named: &Scenario, shown: &Scenario) -> Option<Scenario> {
    catalogue::find(named.counterpart.as_deref()?).ok()?.with_faults_of(shown).ok()
}

/// A run of that scenario in which the same is done by hand, at the same moments, as far as it means something
/// there (what names a packet does not).
fn following(run: &Run, shown: &Scenario, scenario: &Scenario, seed: u64) -> Run {
    let mut there = Run::new(scenario.setup.clone(), seed, Vec::new());
    let (ours, theirs) = (shown.setup.cast(), scenario.setup.cast());
    for placed in run.commands() {
        let spec = write_command(&placed.command, &ours);
        let names_a_packet =
            matches!(placed.command, Command::Lose(_) | Command::Hold(_) | Command::Release(_));
        if let (false, Ok(command)) = (names_a_packet, parse_command(&spec, &theirs, &scenario.setup)) {
            let step = there.step_at(placed.at);
            there.seek(step);
            there.command(placed.at, command);
        }
    }
    there
}
