//! At which address does the page show how a promise broke, or any other moment of a run? Faults that the page's own
//! scenario does not have are laid there by hand, at the start; where that gives another run, and for a scenario that
//! the page does not have, the address carries the scenario.

use super::link::Link;
use super::own::{self, Own};
use super::run::Run;
use crate::broker::command::{Command, Placed};
use crate::check::promise::{Promise, judge};
use crate::scenario::{Scenario, catalogue};
use crate::sim::time::Instant;
use std::sync::Arc;

/// The address of the moment at which the first of these promises broke. `text` is that of the file that the scenario
/// was made of; the page's own need none.
pub fn link(scenario: &Scenario, text: Option<&str>, run: &Run, promises: &[Promise]) -> Option<String> {
    let first = |run: &Run| {
        let states = judge(&run.end().ledger, promises);
        let broken = states.into_iter().filter_map(|state| Some((state.promise, state.broken?)));
        broken.min_by_key(|(_, breach)| breach.step)
    };
    let (promise, breach) = first(run)?;
    let by_name = There::of(scenario, run).and_then(|there| {
        let (promise_there, breach_there) = first(&there.run)?;
        let same = (promise, breach.at) == (promise_there, breach_there.at);
        same.then(|| there.write(breach_there.step, breach_there.at))
    });
    by_name.or_else(|| carrying(scenario, text, run, breach.step, breach.at))
}

/// The address of the moment right after that step; `text` as for [`link`].
pub fn link_to_step(scenario: &Scenario, text: Option<&str>, run: &Run, step: u32) -> Option<String> {
    let step = step.min(run.end().step());
    let here = run.time_of(step);
    let by_name = There::of(scenario, run).and_then(|there| {
        let ends = |run: &Run| (run.end().now(), run.end().ledger.counts(), run.end().ledger.totals());
        let shifted = if step == 0 { 0 } else { step + there.laid };
        let same = ends(run) == ends(&there.run) && here == there.run.time_of(shifted);
        same.then(|| there.write(shifted, here))
    });
    by_name.or_else(|| carrying(scenario, text, run, step, here))
}

/// The address that carries the scenario. None where its file is not known, or not all of it can be said in one.
fn carrying(scenario: &Scenario, text: Option<&str>, run: &Run, step: u32, at: Instant) -> Option<String> {
    if run.end().step() > own::MOST_STEPS {
        return None;
    }
    let known = || catalogue::all().iter().find(|entry| entry.id == scenario.id).map(|entry| entry.text);
    let own = Arc::new(Own::of(text.or_else(known)?, scenario)?);
    let link = Link {
        seed: run.seed(),
        commands: run.commands().to_vec(),
        step,
        at,
        ..Link::to(&own.scenario, Some(own.clone()))
    };
    Some(format!("#{}", link.write(scenario)))
}

/// The same run, made of the page's own scenario.
struct There {
    original: &'static Scenario,
    /// Whether the scenario's own faults are left out.
    bare: bool,
    /// How many faults are laid by hand: so many steps later everything happens there.
    laid: u32,
    run: Run,
}

impl There {
    fn of(scenario: &Scenario, run: &Run) -> Option<There> {
        let original = catalogue::find(&scenario.id).ok()?;
        let mut alike = (*scenario.setup).clone();
        alike.faults.clone_from(&original.setup.faults);
        alike.limit = original.setup.limit;
        if alike != *original.setup {
            // A file of one's own that bears the same name.
            return None;
        }
        let own = scenario.setup.faults.strip_prefix(original.setup.faults.as_slice());
        // What is not there cannot be taken away by hand; all of it can be left out.
        let (bare, more) = own.map_or((true, scenario.setup.faults.as_slice()), |more| (false, more));
        let mut setup = (*original.setup).clone();
        if bare {
            setup.faults.clear();
        }
        let laid = more.len() as u32;
        let lay = |(step, &fault): (usize, _)| Placed {
            step: step as u32,
            at: Instant::START,
            command: Command::Lay(fault),
        };
        let by_hand = run.commands().iter().map(|placed| Placed { step: placed.step + laid, ..*placed });
        let commands = more.iter().enumerate().map(lay).chain(by_hand).collect();
        let run = Run::new(Arc::new(setup), run.seed(), commands);
        Some(There { original, bare, laid, run })
    }

    fn write(&self, step: u32, at: Instant) -> String {
        let link = Link {
            bare: self.bare,
            seed: self.run.seed(),
            commands: self.run.commands().to_vec(),
            step,
            at,
            ..Link::to(self.original, None)
        };
        format!("#{}", link.write(self.original))
    }
}
