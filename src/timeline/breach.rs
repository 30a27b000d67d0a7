//! At which address does the page show how a promise broke?

use super::link::{Link, View};
use super::run::Run;
use crate::broker::command::{Command, Placed};
use crate::check::promise::{Promise, judge};
use crate::scenario::{Scenario, catalogue};
use std::sync::Arc;

/// The address at which the page shows how the first of these promises broke. What the page's own scenario does not have
/// is done there by hand, at the start; where that gives another run, there is no such address.
pub fn link(scenario: &Scenario, run: &Run, promises: &[Promise]) -> Option<String> {
    let first = |run: &Run| {
        let states = judge(&run.end().ledger, promises);
        let broken = states.into_iter().filter_map(|state| Some((state.promise, state.broken?)));
        broken.min_by_key(|(_, breach)| breach.step)
    };
    let (promise, breach) = first(run)?;
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
    let lay = |(step, &fault): (usize, _)| Placed {
        step: step as u32,
        at: Default::default(),
        command: Command::Lay(fault),
    };
    let commands: Vec<Placed> = more.iter().enumerate().map(lay).collect();
    let there = Run::new(Arc::new(setup), run.seed(), commands.clone());
    let (promise_there, breach_there) = first(&there)?;
    if (promise, breach.at) != (promise_there, breach_there.at) {
        return None;
    }
    let link = Link {
        scenario: scenario.id.clone(),
        bare,
        seed: run.seed(),
        commands,
        step: breach_there.step,
        at: breach_there.at,
        beside: false,
        view: View::Page,
    };
    Some(format!("#{}", link.write(original)))
}
