//! What is to be run? A scenario with a seed and faults, and how to name it to somebody else.

use super::assert::meaningless;
use super::build::Builder;
use super::run::Run;
use super::search::{Explored, Search};
use super::value;
use super::wrong::Wrong;
use crate::check::promise::{Promise, When};
use crate::scenario::file::LARGEST;
use crate::scenario::words::parse_seed;
use crate::scenario::{Scenario, catalogue};
use crate::sim::time::{Instant, Span};
use std::fmt::Display;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// Where a scenario comes from.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    /// The catalogue has it.
    Catalogue,
    /// That file has it, with that text.
    File(String, String),
    /// It was given as a text, or built as one.
    Text(String),
    /// It was made by other means.
    Value,
}

/// A case to be tried: a scenario, under its seed, with its faults. Each method gives back a changed case.
///
/// ```
/// use brokerlab::testing::*;
///
/// # fn main() -> Result<(), Wrong> {
/// // By its name in the catalogue,
/// let case = Case::named("outbox-with-inbox")?;
/// // from the text of a scenario file (`include_str!("shop.toml")`, which works in wasm too),
/// let text = "title = 'A shop'\n[[service]]\nname = 'shop'\npublish = 'plain'\n\
///             messages = [{ name = 'order placed', to = 'mails' }]\n[[queue]]\nname = 'mails'\n\
///             [[consumer]]\nname = 'mailer'\nqueue = 'mails'";
/// let shop = Case::text("shop", text)?;
/// // or by its path: Case::file("tests/shop.toml")?; or built: Case::build("A shop") …
///
/// // Another seed, other faults: the words of the command line.
/// let case = case.seed("calm-amber-otter")?.without_own_faults().fault("crash mail after apply #1 for 1s")?;
/// assert_eq!(case.run().verdict().duplicates, 0);
/// shop.until(secs(30)).run().assert_kept("everything-arrives");
///
/// // What is wrong is said.
/// let wrong = case.fault("crash mial after apply").unwrap_err();
/// assert!(wrong.to_string().contains("did you mean `mail`?"), "{wrong}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Case {
    scenario: Scenario,
    origin: Origin,
    /// Whether the faults that the scenario lays itself were left out.
    bare: bool,
    /// What was added to them.
    faults: Vec<String>,
    /// Whether its end was moved.
    until: Option<Instant>,
}

impl From<Scenario> for Case {
    fn from(scenario: Scenario) -> Case {
        Case::of(scenario, Origin::Value)
    }
}

impl Case {
    pub(super) fn of(scenario: Scenario, origin: Origin) -> Case {
        Case { scenario, origin, bare: false, faults: Vec::new(), until: None }
    }

    /// The scenario of that name in the catalogue (`brokerlab list`, `docs/catalogue.md`).
    ///
    /// # Errors
    /// There is none of that name; the nearest one that there is.
    pub fn named(name: &str) -> Result<Case, Wrong> {
        Ok(Case::of(catalogue::find(name).map_err(Wrong)?.clone(), Origin::Catalogue))
    }

    /// The scenario in that file. In a browser and under Node there are no files: use [`Case::text`].
    ///
    /// # Errors
    /// Why it cannot be read, or everything that is wrong with it, with line and column.
    pub fn file(path: impl AsRef<Path>) -> Result<Case, Wrong> {
        let path = path.as_ref();
        let (scenario, text) = load_with_text(path).map_err(Wrong)?;
        Ok(Case::of(scenario, Origin::File(path.display().to_string(), text)))
    }

    /// The scenario of a file's text, under that name.
    ///
    /// # Errors
    /// Everything that is wrong with it, with line and column.
    pub fn text(name: &str, text: &str) -> Result<Case, Wrong> {
        Ok(Case::of(read(name, name, text).map_err(Wrong)?, Origin::Text(text.to_owned())))
    }

    /// The beginning of a scenario that is built in Rust.
    pub fn build(title: &str) -> Builder {
        Builder::new(title)
    }

    /// The case under another seed: a number or three words.
    ///
    /// # Errors
    /// It is neither; the nearest words.
    pub fn seed(&self, seed: impl Display) -> Result<Case, Wrong> {
        let mut case = self.clone();
        case.scenario.seed = parse_seed(&seed.to_string()).map_err(Wrong)?;
        Ok(case)
    }

    /// The case with a fault more, in the words of the fault grammar (`docs/scenarios.md`), as `--fault` of the command
    /// line takes it.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn fault(&self, spec: &str) -> Result<Case, Wrong> {
        let scenario = self.scenario.clone().with_fault(spec);
        let scenario = scenario.map_err(|error| {
            Wrong(format!("the fault `{spec}`, character {}: {}", error.character(spec), error.what))
        })?;
        let mut case = Case { scenario, ..self.clone() };
        case.faults.push(spec.to_owned());
        Ok(case)
    }

    /// The case without the faults that the scenario lays itself, and without those that were added.
    #[must_use]
    pub fn without_own_faults(&self) -> Case {
        Case {
            scenario: self.scenario.clone().without_own_faults(),
            origin: self.origin.clone(),
            bare: self.bare || self.scenario.setup.faults.len() > self.faults.len(),
            faults: Vec::new(),
            until: self.until,
        }
    }

    /// The case, ended at that moment of virtual time at the latest, 1 us to 24 h; a moment beyond counts as the nearest.
    #[must_use]
    pub fn until(&self, limit: Duration) -> Case {
        let limit = Instant(value::span_of(limit).clamp(Span(1), Span::MAX_NAMED).0);
        Case { scenario: self.scenario.clone().until(limit), until: Some(limit), ..self.clone() }
    }

    /// Runs it to its end.
    #[must_use]
    pub fn run(&self) -> Run {
        Run::new(self.clone(), Vec::new())
    }

    /// Tries every placement of a few faults. The faults of the case itself are left out, unless the search keeps them.
    #[must_use]
    pub fn explore(&self, search: &Search) -> Explored {
        Explored::new(self.clone(), search)
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What can be kept or broken in it, whether or not the scenario names it: every promise but those in time where the
    /// scenario does not say how soon.
    pub fn promises(&self) -> impl Iterator<Item = Promise> + '_ {
        let can_be_broken = |promise: &Promise| {
            promise.when() != When::Sometimes && meaningless(*promise, &self.scenario.setup).is_none()
        };
        Promise::ALL.into_iter().filter(can_be_broken)
    }

    /// The text of the scenario file, where it was read, given or built as one.
    pub fn toml(&self) -> Option<&str> {
        match &self.origin {
            Origin::Text(text) | Origin::File(_, text) => Some(text),
            _ => None,
        }
    }

    /// How the terminal names it: by its name, or by a file.
    pub(super) fn argument(&self) -> String {
        match &self.origin {
            Origin::Catalogue => self.scenario.id.clone(),
            Origin::File(path, _) => path.clone(),
            Origin::Text(_) | Origin::Value => format!("{}.toml", self.scenario.id),
        }
    }

    /// What the command line says besides the scenario and its seed: `--no-own-faults`, `--fault`, `--until`.
    pub(super) fn options(&self) -> (bool, &[String], Option<Instant>) {
        (self.bare, &self.faults, self.until)
    }
}

/// The scenario in that file, under the file's name without its ending.
///
/// # Errors
/// Why it cannot be read, or everything that is wrong with it, one problem a line: `shop.toml:3:1: …`.
pub fn load(path: &Path) -> Result<Scenario, String> {
    load_with_text(path).map(|(scenario, _)| scenario)
}

fn load_with_text(path: &Path) -> Result<(Scenario, String), String> {
    let name = path.display().to_string();
    let text = text_of(path)?;
    let id = path.file_stem().map_or(name.as_str().into(), |stem| stem.to_string_lossy());
    Ok((read(&id, &name, &text)?, text))
}

fn read(id: &str, name: &str, text: &str) -> Result<Scenario, String> {
    Scenario::read(id, text).map_err(|problems| {
        let line = |problem: &crate::scenario::Problem| {
            format!("{name}:{}:{}: {}", problem.line, problem.column, problem.what)
        };
        problems.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}

/// The text of the scenario file at that path.
///
/// # Errors
/// Why it cannot be read.
pub fn text_of(path: &Path) -> Result<String, String> {
    let wrong = |what: String| format!("{}: cannot be read: {what}", path.display());
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(|error| wrong(error.to_string()))?.take(LARGEST as u64 + 1);
    file.read_to_end(&mut bytes).map_err(|error| wrong(error.to_string()))?;
    if bytes.len() > LARGEST {
        return Err(wrong(format!("it is larger than {LARGEST} bytes, the largest scenario that is read")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        wrong(format!("it is not text in UTF-8 (byte {at})"))
    })
}
