//! Which is the smallest run that still fails? Fewer faults came first already; now fewer messages.

use super::search::Counterexample;
use crate::check::promise::Promise;
use crate::scenario::Scenario;
use crate::timeline::run::Run;
use std::sync::Arc;

/// The scenario with the faults of the counterexample and the fewest units of work under which the promise still
/// breaks, and where it breaks then.
pub fn shrink(
    scenario: &Scenario,
    own_faults: bool,
    promise: Promise,
    example: &Counterexample,
) -> (Scenario, Counterexample) {
    let with_faults = |most: u32| {
        let mut setup = (*scenario.setup).clone();
        if !own_faults {
            setup.faults.clear();
        }
        setup.faults.extend(&example.faults);
        for service in &mut setup.services {
            service.count = service.count.min(most);
        }
        Scenario { setup: Arc::new(setup), ..scenario.clone() }
    };
    let largest = scenario.setup.services.iter().map(|service| service.count).max().unwrap_or(0);
    for most in 1..largest {
        let smaller = with_faults(most);
        let run = Run::new(smaller.setup.clone(), smaller.seed, Vec::new());
        if let Some(breach) = promise.state(&run.end().ledger).broken {
            let faults = example.faults.clone();
            return (smaller, Counterexample { faults, step: breach.step, at: breach.at });
        }
    }
    (with_faults(u32::MAX), example.clone())
}
