//! Which scenario is meant? One of the catalogue by its name, or a file; changed as the command line asks.

use brokerlab::scenario::{Scenario, catalogue};
use brokerlab::sim::time::Instant;
use std::path::Path;

/// The scenario of that name or in that file.
///
/// # Errors
/// All that is wrong, one problem a line.
pub fn load(name: &str) -> Result<Scenario, String> {
    let path = Path::new(name);
    let like_a_file = path.extension().is_some_and(|end| end == "toml") || path.components().count() > 1;
    match catalogue::find(name) {
        Ok(scenario) => return Ok(scenario.clone()),
        Err(unknown) if !like_a_file && !path.exists() => {
            return Err(format!(
                "{unknown}\n`brokerlab list` names them all; a file of your own is named by its path, like ./{name}.toml"
            ));
        }
        Err(_) => {}
    }
    brokerlab::testing::load(path)
}

/// What stands in that file.
///
/// # Errors
/// Why it cannot be read.
pub fn text(name: &str) -> Result<String, String> {
    brokerlab::testing::text_of(Path::new(name))
}

/// The scenario with other times, perhaps without its own faults, and with more faults.
///
/// # Errors
/// What is wrong with a fault, with a mark under the place.
pub fn change(
    mut scenario: Scenario,
    until: Option<Instant>,
    no_own_faults: bool,
    faults: &[String],
) -> Result<Scenario, String> {
    if let Some(until) = until {
        scenario = scenario.until(until);
    }
    if no_own_faults {
        scenario = scenario.without_own_faults();
    }
    for spec in faults {
        scenario = scenario.with_fault(spec).map_err(|error| {
            let character = error.character(spec);
            format!("--fault, character {character}: {}\n  {spec}\n  {:>character$}", error.what, '^')
        })?;
    }
    Ok(scenario)
}
