//! How does a link carry a scenario that the catalogue does not have? As the text of its file, in few words
//! (`scenario::compact`) and packed (`pack`): whoever opens it reads it as any file, with the same checks, and what
//! could be read once can be read for good.
//!
//! The page has no reader of files. It asks a program of its own for it (`src/reader.rs`), when there is such a link.

#[cfg(feature = "files")]
mod primer;

use crate::broker::world::World;
use crate::scenario::{Scenario, catalogue};

/// The most steps that a run of such a scenario has: a page that is given a link should not have to compute for long.
pub const MOST_STEPS: u32 = 1_000_000;
/// The longest name, in characters.
const LONGEST_NAME: usize = 60;

/// A scenario of one's own, as a link carries it.
#[derive(Clone, PartialEq, Debug)]
pub struct Own {
    /// Its text, packed.
    pub packed: String,
    /// What it says.
    pub scenario: Scenario,
}

/// What a link carries besides what other links say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Carried<'l> {
    /// The name of the scenario, as it stands there.
    pub name: &'l str,
    /// The text of its file, packed.
    pub packed: &'l str,
    /// Everything else.
    pub rest: &'l str,
}

impl<'l> Carried<'l> {
    /// What that link carries; none if it names a scenario of the catalogue.
    ///
    /// # Errors
    /// What is missing.
    pub fn of(link: &'l str) -> Result<Option<Carried<'l>>, String> {
        let Some(carried) = link.strip_prefix("v=3&") else { return Ok(None) };
        let name = carried.strip_prefix("run=").and_then(|carried| carried.split_once("&file="));
        let (name, carried) = name.ok_or("it is of version 3, but not in its form (v=3&run=…&file=…)")?;
        let (packed, rest) = carried.split_once('&').unwrap_or((carried, ""));
        Ok(Some(Carried { name, packed, rest }))
    }
}

/// Looks whether the run of a scenario that a link carries is short enough.
///
/// # Errors
/// It has more than [`MOST_STEPS`] steps.
#[inline(never)]
pub fn check_length(scenario: &Scenario, seed: u64) -> Result<(), String> {
    let mut world = World::new(scenario.setup.clone(), seed);
    world.forget_history();
    while world.steps() <= MOST_STEPS && world.step() {}
    if world.steps() > MOST_STEPS {
        let how = "give it fewer units of work, or an earlier `until`";
        return Err(format!(
            "the run of the scenario that it carries has more than {MOST_STEPS} steps; {how}"
        ));
    }
    Ok(())
}

/// The name that a scenario has in a link: ASCII letters, digits, `-` and `_`, and not that of one of the catalogue.
pub fn name(id: &str) -> String {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let one = |letter: char| if fits(letter) { letter } else { '-' };
    let mut name: String = id.chars().map(one).take(LONGEST_NAME).collect();
    if name.is_empty() {
        name.push_str("own");
    }
    if catalogue::has(&name) {
        name.push_str("-changed");
    }
    name
}

#[cfg(feature = "files")]
pub use text::{pack, read, text};

#[cfg(feature = "files")]
mod text {
    use super::super::pack::{pack_after, unpack_after};
    use super::primer::PRIMER;
    use super::{Own, name};
    use crate::scenario::Scenario;
    use crate::scenario::compact::compact;

    impl Own {
        /// That scenario, made of a file with that text. None where more has changed since than can be said, or where
        /// it is too long.
        pub fn of(text: &str, scenario: &Scenario) -> Option<Own> {
            let packed = pack(&compact(text, scenario)?)?;
            let scenario = read(&name(&scenario.id), &packed).ok()?;
            Some(Own { packed, scenario })
        }
    }

    /// The text of a file in letters for a link. None if it is too long.
    pub fn pack(text: &str) -> Option<String> {
        pack_after(PRIMER, text)
    }

    /// The scenario of that name in a link.
    ///
    /// # Errors
    /// What is damaged, or the first thing that is wrong with the scenario.
    pub fn read(id: &str, packed: &str) -> Result<Scenario, String> {
        Scenario::read(&name(id), &text(packed)?).map_err(|problems| {
            let first = problems.first().map(ToString::to_string).unwrap_or_default();
            let more = match problems.len() {
                0 | 1 => String::new(),
                many => format!(" (and {} more)", many - 1),
            };
            format!("the scenario that it carries is wrong: {first}{more}")
        })
    }

    /// The text of the file.
    ///
    /// # Errors
    /// What is damaged.
    pub fn text(packed: &str) -> Result<String, String> {
        unpack_after(PRIMER, packed).map_err(|what| format!("the scenario that it carries: {what}"))
    }
}
