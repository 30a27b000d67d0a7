//! How do scenario files come to the page? Read and checked, as everywhere; then packed.

use super::{Prepared, Product};
use brokerlab::scenario::{Scenario, catalogue, prepared};
use std::io::{Read, Write};

/// The catalogue.
///
/// # Errors
/// Everything that is wrong with its files.
pub fn prepare() -> Prepared {
    let (mut scenarios, mut wrong) = (Vec::new(), Vec::new());
    for entry in catalogue::all() {
        match read(entry.id, entry.text) {
            Ok(scenario) => scenarios.push(scenario),
            Err(what) => wrong.push(format!("scenarios/{}.toml:\n{what}", entry.id)),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    Ok(vec![Product { path: "catalogue".to_owned(), bytes: prepared::pack(&scenarios) }])
}

/// One scenario file, wherever it comes from.
///
/// # Errors
/// Everything that is wrong with it.
pub fn one(mut file: impl Read, mut out: impl Write) -> Result<(), String> {
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(|error| format!("the file cannot be read: {error}"))?;
    let packed = prepared::pack(&[read("own", &text)?]);
    out.write_all(&packed).map_err(|error| format!("it cannot be written: {error}"))
}

fn read(id: &str, text: &str) -> Result<Scenario, String> {
    Scenario::read(id, text).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        lines.join("\n")
    })
}
