//! Which moment of which run? The address: scenario, seed, what was done by hand, and the moment, in a form that
//! people can read.
//!
//! `v=1&run=dual-write-ghost&seed=calm-amber-otter&at=41&t=4120000&do=17@1900000:crash+orders&beside=1`
//!
//! `at` is the step, `t` the moment in microseconds (a picture between two steps), `do` what was done by hand:
//! `step@microseconds:command`, separated by `;`, in the words of the fault grammar (`docs/scenarios.md`); `own=0`
//! leaves the scenario's own faults out. `name` is what the branch on show is called. `beside=1` lays the counterpart
//! beside, `beside=seed:WORDS` the same under another seed, `beside=run:NAME` another scenario, and
//! `beside=branch:SEED:COMMANDS` another branch. `halt=1` stops the play where a promise is broken. `view=present`
//! shows it as a presenter does, `view=embed` as a part of another page; `stage=sequence` the sequence diagram in the
//! place of the stage, and `tab=plots` and its like what stands beside that.
//!
//! What would be longer than people care to read is written as version 2: `v=2&z=…`, the same text packed
//! (`pack`). A scenario that the catalogue does not have is carried whole, in version 3: `v=3&run=NAME&file=…`, its
//! file packed (`own`), then the rest as in version 1, or `z=…` and that packed. Old links stay: all versions are
//! read for good.

use super::beside::Against;
use super::own::{Carried, Own};
use super::pack::{pack, unpack};
use crate::broker::command::Placed;
use crate::broker::setup::Cast;
use crate::scenario::Scenario;
use crate::scenario::catalogue;
use crate::scenario::problem::{listed, quoted};
use crate::scenario::spec::parse_command;
use crate::scenario::words::{parse_seed, seed_words};
use crate::scenario::write::write_command;
use crate::sim::time::Instant;
use std::fmt::Write;
use std::sync::Arc;

/// The longest address that is read, in bytes.
const LONGEST: usize = 16_384;
/// An address longer than this is packed, in bytes.
const LEGIBLE: usize = 240;
/// The most commands that an address holds, by branch.
const MOST_COMMANDS: usize = 500;

/// How a moment is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum View {
    /// With everything around it.
    #[default]
    Page,
    /// Large, with what came of it kept back until it is asked for.
    Present,
    /// As a part of another page: the stage and the line.
    Embed,
}

/// What stands beside the stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tab {
    /// The verdict, the story, what can be broken.
    #[default]
    Now,
    /// The lesson.
    Lesson,
    /// What has been set aside: only where the scenario has such a place.
    Review,
    /// Every placement of faults, tried by the machine.
    Search,
    /// What goes on over time.
    Plots,
    /// What stands beside, and the branches.
    Compare,
}

/// Their names; the first goes without saying.
const TABS: [(&str, Tab); 6] = [
    ("now", Tab::Now),
    ("lesson", Tab::Lesson),
    ("review", Tab::Review),
    ("search", Tab::Search),
    ("plots", Tab::Plots),
    ("compare", Tab::Compare),
];

/// A moment of a run.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// The scenario's name in the catalogue, or that of the one it carries.
    pub scenario: String,
    /// The scenario itself, where the catalogue does not have it.
    pub own: Option<Arc<Own>>,
    /// Whether the scenario's own faults are left out.
    pub bare: bool,
    /// The seed.
    pub seed: u64,
    /// What was done by hand.
    pub commands: Vec<Placed>,
    /// The step at which the run stands.
    pub step: u32,
    /// The moment, not before that step.
    pub at: Instant,
    /// What the branch is called, if it has a name.
    pub name: Option<String>,
    /// What stands beside it.
    pub beside: Option<Against>,
    /// Whether the play stops where a promise is broken.
    pub halt: bool,
    /// How it is looked at.
    pub view: View,
    /// Whether the sequence diagram stands in the place of the stage.
    pub sequence: bool,
    /// What stands beside the stage.
    pub tab: Tab,
}

impl Link {
    /// The link to the start of a scenario.
    pub fn to(scenario: &Scenario, own: Option<Arc<Own>>) -> Link {
        Link {
            scenario: scenario.id.clone(),
            own,
            bare: false,
            seed: scenario.seed,
            commands: Vec::new(),
            step: 0,
            at: Instant::START,
            name: None,
            beside: None,
            halt: false,
            view: View::default(),
            sequence: false,
            tab: Tab::default(),
        }
    }

    /// The link in the form that [`Link::parse`] reads, without the `#`: legible if it is short, packed if not.
    pub fn write(&self, scenario: &Scenario) -> String {
        let (head, plain) = match &self.own {
            Some(own) => (self.carry(own), self.write_rest(scenario)),
            None => ("v=2&".to_owned(), self.write_plain(scenario)),
        };
        let whole = || self.write_plain(scenario);
        if plain.len() <= LEGIBLE {
            return whole();
        }
        let packed = pack(&plain).filter(|packed| packed.len() + "z=".len() < plain.len());
        packed.map_or_else(whole, |packed| format!("{head}z={packed}"))
    }

    /// The link with nothing packed but a scenario that it carries, however long it is.
    pub fn write_plain(&self, scenario: &Scenario) -> String {
        let head = match &self.own {
            Some(own) => self.carry(own),
            None => format!("v=1&run={}&", escape(&self.scenario)),
        };
        head + &self.write_rest(scenario)
    }

    fn carry(&self, own: &Own) -> String {
        format!("v=3&run={}&file={}&", self.scenario, own.packed)
    }

    fn write_rest(&self, scenario: &Scenario) -> String {
        let mut text = format!("seed={}", write_seed(self.seed));
        if self.bare {
            text.push_str("&own=0");
        }
        if self.step > 0 || self.at > Instant::START {
            let _ = write!(text, "&at={}&t={}", self.step, self.at.0);
        }
        let cast = scenario.setup.cast();
        if !self.commands.is_empty() {
            text.push_str("&do=");
            write_commands(&mut text, &self.commands, &cast);
        }
        if let Some(name) = &self.name {
            let _ = write!(text, "&name={}", escape(name));
        }
        if self.sequence {
            text.push_str("&stage=sequence");
        }
        if let Some((tab, _)) = TABS[1..].iter().find(|(_, tab)| *tab == self.tab) {
            let _ = write!(text, "&tab={tab}");
        }
        match &self.beside {
            None => {}
            Some(Against::Counterpart) => text.push_str("&beside=1"),
            Some(Against::Seed(seed)) => {
                let _ = write!(text, "&beside=seed:{}", write_seed(*seed));
            }
            Some(Against::Scenario(name)) => {
                let _ = write!(text, "&beside=run:{}", escape(name));
            }
            Some(Against::Branch(seed, commands)) => {
                let _ = write!(text, "&beside=branch:{}:", write_seed(*seed));
                write_commands(&mut text, commands, &cast);
            }
        }
        if self.halt {
            text.push_str("&halt=1");
        }
        match self.view {
            View::Page => {}
            View::Present => text.push_str("&view=present"),
            View::Embed => text.push_str("&view=embed"),
        }
        text
    }

    /// Reads a link (without the `#`).
    ///
    /// # Errors
    /// A sentence that says which part is damaged. Nothing has been changed then.
    #[cfg(feature = "files")]
    pub fn parse(text: &str) -> Result<Link, String> {
        Link::parse_with(text, super::own::read)
    }

    /// Reads a link (without the `#`); a scenario that it carries is read by `read` from its name and its packed file.
    ///
    /// # Errors
    /// A sentence that says which part is damaged. Nothing has been changed then.
    #[inline(never)]
    pub fn parse_with(
        text: &str,
        read: impl FnOnce(&str, &str) -> Result<Scenario, String>,
    ) -> Result<Link, String> {
        if text.len() > LONGEST {
            return Err(format!(
                "the address is {} bytes long; the longest that is read has {LONGEST}",
                text.len()
            ));
        }
        if let Some(carried) = Carried::of(text)? {
            let scenario = read(carried.name, carried.packed)?;
            let own = Arc::new(Own { packed: carried.packed.to_owned(), scenario });
            return match carried.rest.strip_prefix("z=") {
                Some(packed) => Link::parse_plain(&unpack(packed)?, Some(own)),
                None => Link::parse_plain(carried.rest, Some(own)),
            };
        }
        match text.strip_prefix("v=2&z=") {
            Some(packed) => Link::parse_plain(&unpack(packed)?, None),
            None => Link::parse_plain(text, None),
        }
    }

    fn parse_plain(text: &str, own: Option<Arc<Own>>) -> Result<Link, String> {
        let mut parts = Parts::default();
        for part in text.split('&').filter(|part| !part.is_empty()) {
            let (key, value) =
                part.split_once('=').ok_or_else(|| format!("{} has no value", quoted(part)))?;
            let value =
                unescape(value).ok_or_else(|| format!("the value of {} is not readable", quoted(key)))?;
            match key {
                "v" if value == "1" => {}
                "v" if value == "2" => {
                    return Err("it is of version 2, but not in its form (v=2&z=…)".to_owned());
                }
                "v" if value == "3" => {
                    return Err("it is of version 3, but not in its form (v=3&run=…&file=…)".to_owned());
                }
                "v" => {
                    return Err(format!(
                        "it is of version {}; this page reads versions 1 to 3",
                        quoted(&value)
                    ));
                }
                "run" => parts.scenario = Some(value),
                "own" => parts.bare = !flag(key, &value)?,
                "seed" => parts.seed = Some(parse_seed(&value)?),
                "at" => parts.step = number(key, &value)?,
                "t" => parts.at = number(key, &value)?,
                "do" => parts.commands = value,
                "name" => parts.name = Some(value),
                "beside" => parts.beside = value,
                "halt" => parts.halt = flag(key, &value)?,
                "view" if value == "present" => parts.view = View::Present,
                "view" if value == "embed" => parts.view = View::Embed,
                "view" => {
                    let wanted = quoted(&value);
                    return Err(format!("it asks for a view {wanted}; there are `present` and `embed`"));
                }
                "stage" if value == "sequence" => parts.sequence = true,
                "stage" => {
                    let wanted = quoted(&value);
                    return Err(format!("it asks for {wanted} on the stage; there is `sequence`"));
                }
                "tab" => parts.tab = tab(&value)?,
                _ => return Err(format!("it has a part {} that this page does not know", quoted(key))),
            }
        }
        let scenario = match (&own, &parts.scenario) {
            (Some(own), None) => &own.scenario,
            (Some(_), Some(name)) => {
                return Err(format!("it names {} beside the scenario that it carries", quoted(name)));
            }
            (None, name) => catalogue::find(name.as_deref().ok_or("it names no scenario (run=…)")?)?,
        };
        let commands = commands(&parts.commands, scenario)?;
        Ok(Link {
            scenario: scenario.id.clone(),
            bare: parts.bare,
            seed: parts.seed.unwrap_or(scenario.seed),
            commands,
            step: parts.step,
            at: Instant(parts.at),
            name: parts.name,
            beside: beside(&parts.beside, scenario)?,
            halt: parts.halt,
            view: parts.view,
            sequence: parts.sequence,
            tab: parts.tab,
            own,
        })
    }
}

#[derive(Default)]
struct Parts {
    scenario: Option<String>,
    bare: bool,
    seed: Option<u64>,
    step: u32,
    at: u64,
    commands: String,
    name: Option<String>,
    beside: String,
    halt: bool,
    view: View,
    sequence: bool,
    tab: Tab,
}

fn tab(name: &str) -> Result<Tab, String> {
    let found = TABS.iter().find(|(known, _)| *known == name).map(|(_, tab)| *tab);
    found.ok_or_else(|| {
        let known = listed(TABS.iter().map(|(name, _)| *name));
        format!("it asks for a tab {}; there are {known}", quoted(name))
    })
}

fn flag(key: &str, value: &str) -> Result<bool, String> {
    match value {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(format!("{} is neither 0 nor 1", quoted(&format!("{key}={value}")))),
    }
}

fn write_seed(seed: u64) -> String {
    seed_words(seed).unwrap_or_else(|| seed.to_string())
}

fn write_commands(text: &mut String, commands: &[Placed], cast: &Cast) {
    for (n, placed) in commands.iter().enumerate() {
        let spec = escape(&write_command(&placed.command, cast));
        let _ = write!(text, "{}{}@{}:{spec}", if n == 0 { "" } else { ";" }, placed.step, placed.at.0);
    }
}

/// What stands beside, as the link says it.
fn beside(text: &str, scenario: &Scenario) -> Result<Option<Against>, String> {
    Ok(match text.split_once(':') {
        None if text.is_empty() => None,
        None => flag("beside", text)?.then_some(Against::Counterpart),
        Some(("seed", seed)) => Some(Against::Seed(parse_seed(seed)?)),
        Some(("run", name)) => Some(Against::Scenario(catalogue::find(name)?.id.clone())),
        Some(("branch", branch)) => {
            let (seed, done) =
                branch.split_once(':').ok_or("the branch beside is not of the form seed:commands")?;
            Some(Against::Branch(parse_seed(seed)?, commands(done, scenario)?))
        }
        Some((other, _)) => {
            return Err(format!(
                "nothing like {} stands beside; there are seed, run and branch",
                quoted(other)
            ));
        }
    })
}

fn number<T: std::str::FromStr>(key: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{} is not a number in range", quoted(&format!("{key}={value}"))))
}

fn commands(text: &str, scenario: &Scenario) -> Result<Vec<Placed>, String> {
    let cast = scenario.setup.cast();
    let mut placed: Vec<Placed> = Vec::new();
    for entry in text.split(';').filter(|entry| !entry.is_empty()) {
        let damaged = || format!("{} is not of the form step@microseconds:command", quoted(entry));
        let (place, spec) = entry.split_once(':').ok_or_else(damaged)?;
        let (step, at) = place.split_once('@').ok_or_else(damaged)?;
        let step: u32 = step.parse().map_err(|_| damaged())?;
        let at = Instant(at.parse().map_err(|_| damaged())?);
        let command = parse_command(spec, &cast, &scenario.setup)
            .map_err(|error| format!("{}: {}", quoted(spec), error.what))?;
        if placed.last().is_some_and(|last| last.step >= step) {
            return Err(format!("{} stands out of order", quoted(entry)));
        }
        placed.push(Placed { step, at, command });
        if placed.len() > MOST_COMMANDS {
            return Err(format!("it does more than {MOST_COMMANDS} things by hand"));
        }
    }
    Ok(placed)
}

/// Letters, digits and what is harmless in a fragment stay; a space becomes `+`; all else is percent-encoded.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b',' => {
                out.push(byte as char)
            }
            b' ' => out.push('+'),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                let digit = |byte: u8| char::from(byte).to_digit(16);
                (digit(digits[0])? << 4 | digit(digits[1])?) as u8
            }
            _ => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
