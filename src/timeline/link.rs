//! Which moment of which run? The address: scenario, seed, what was done by hand, and the moment, in a form that
//! people can read.
//!
//! `v=1&run=dual-write-ghost&seed=calm-amber-otter&at=41&t=4120000&do=17@1900000:crash+orders&beside=1`
//!
//! `at` is the step, `t` the moment in microseconds (a picture between two steps), `do` what was done by hand:
//! `step@microseconds:command`, separated by `;`, in the words of the fault grammar (`docs/scenarios.md`); `own=0`
//! leaves the scenario's own faults out.
//! `view=present` shows it as a presenter does.

use crate::broker::command::Placed;
use crate::scenario::Scenario;
use crate::scenario::catalogue;
use crate::scenario::problem::quoted;
use crate::scenario::spec::parse_command;
use crate::scenario::words::{parse_seed, seed_words};
use crate::scenario::write::write_command;
use crate::sim::time::Instant;
use std::fmt::Write;

/// The longest address that is read, in bytes.
const LONGEST: usize = 16_384;
/// The most commands that an address holds.
const MOST_COMMANDS: usize = 500;

/// How a moment is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum View {
    /// With everything around it.
    #[default]
    Page,
    /// Large, with what came of it kept back until it is asked for.
    Present,
}

/// A moment of a run.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// The scenario's name in the catalogue.
    pub scenario: String,
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
    /// Whether the counterpart stands beside it.
    pub beside: bool,
    /// How it is looked at.
    pub view: View,
}

impl Link {
    /// The link in the form that [`Link::parse`] reads, without the `#`.
    pub fn write(&self, scenario: &Scenario) -> String {
        let seed = seed_words(self.seed).unwrap_or_else(|| self.seed.to_string());
        let mut text = format!("v=1&run={}&seed={seed}", escape(&self.scenario));
        if self.bare {
            text.push_str("&own=0");
        }
        if self.step > 0 || self.at > Instant::START {
            let _ = write!(text, "&at={}&t={}", self.step, self.at.0);
        }
        let cast = scenario.setup.cast();
        for (n, placed) in self.commands.iter().enumerate() {
            let spec = escape(&write_command(&placed.command, &cast));
            let _ =
                write!(text, "{}{}@{}:{spec}", if n == 0 { "&do=" } else { ";" }, placed.step, placed.at.0);
        }
        if self.beside {
            text.push_str("&beside=1");
        }
        if self.view == View::Present {
            text.push_str("&view=present");
        }
        text
    }

    /// Reads a link (without the `#`).
    ///
    /// # Errors
    /// A sentence that says which part is damaged. Nothing has been changed then.
    pub fn parse(text: &str) -> Result<Link, String> {
        if text.len() > LONGEST {
            return Err(format!(
                "the address is {} bytes long; the longest that is read has {LONGEST}",
                text.len()
            ));
        }
        let mut parts = Parts::default();
        for part in text.split('&').filter(|part| !part.is_empty()) {
            let (key, value) =
                part.split_once('=').ok_or_else(|| format!("{} has no value", quoted(part)))?;
            let value =
                unescape(value).ok_or_else(|| format!("the value of {} is not readable", quoted(key)))?;
            match key {
                "v" if value == "1" => {}
                "v" => return Err(format!("it is of version {}; this page reads version 1", quoted(&value))),
                "run" => parts.scenario = Some(value),
                "own" => parts.bare = !flag(key, &value)?,
                "seed" => parts.seed = Some(parse_seed(&value)?),
                "at" => parts.step = number(key, &value)?,
                "t" => parts.at = number(key, &value)?,
                "do" => parts.commands = value,
                "beside" => parts.beside = flag(key, &value)?,
                "view" if value == "present" => parts.view = View::Present,
                "view" => {
                    return Err(format!("it asks for a view {}; there is only `present`", quoted(&value)));
                }
                _ => return Err(format!("it has a part {} that this page does not know", quoted(key))),
            }
        }
        let name = parts.scenario.ok_or("it names no scenario (run=…)")?;
        let scenario = catalogue::find(&name)?;
        let commands = commands(&parts.commands, scenario)?;
        Ok(Link {
            scenario: name,
            bare: parts.bare,
            seed: parts.seed.unwrap_or(scenario.seed),
            commands,
            step: parts.step,
            at: Instant(parts.at),
            beside: parts.beside,
            view: parts.view,
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
    beside: bool,
    view: View,
}

fn flag(key: &str, value: &str) -> Result<bool, String> {
    match value {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(format!("{} is neither 0 nor 1", quoted(&format!("{key}={value}")))),
    }
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
