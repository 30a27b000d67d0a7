//! The same scenario, but with other faults or another end: what a command line, a test and a page ask for.

use super::ready::Scenario;
use super::spec::{SpecError, parse_fault};
use crate::sim::time::Instant;
use std::sync::Arc;

/// The most faults of one scenario, those laid by a file and those added.
pub const MOST_FAULTS: usize = 1_000;

impl Scenario {
    /// The scenario without the faults that it lays itself.
    pub fn without_own_faults(mut self) -> Scenario {
        Arc::make_mut(&mut self.setup).faults.clear();
        self
    }

    /// The scenario with a fault more, in the words of the fault grammar.
    ///
    /// # Errors
    /// What is wrong with the fault, and at which byte of it.
    pub fn with_fault(mut self, spec: &str) -> Result<Scenario, SpecError> {
        let fault = parse_fault(spec, &self.setup.cast(), &self.setup)?;
        let setup = Arc::make_mut(&mut self.setup);
        if setup.faults.len() == MOST_FAULTS {
            return Err(SpecError { at: 0, what: format!("at most {MOST_FAULTS} faults fit") });
        }
        setup.faults.push(fault);
        Ok(self)
    }

    /// The scenario, ended at that moment of virtual time at the latest.
    pub fn until(mut self, limit: Instant) -> Scenario {
        Arc::make_mut(&mut self.setup).limit = limit;
        self
    }
}
