//! What happened, for a person? The story in the order of virtual time, then the verdict and the promises.

use crate::list;
use crate::style::{Style, wrapped};
use crate::terminal::Told;
use brokerlab::broker::world::Ending;
use brokerlab::check::finding::Verdict;
use brokerlab::check::measures::Measures;
use brokerlab::scenario::expectations::Expected;
use brokerlab::scenario::words::seed_words;
use brokerlab::scenario::write::write_fault;
use brokerlab::scene::measures::large;
use brokerlab::scene::story::{self, Line, Tone};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// How many steps are told at a time, so that a long run needs no memory for its sentences.
const STEPS_AT_ONCE: u32 = 1_000;
/// The most findings of one step that are told one by one.
const MOST_OF_A_STEP: usize = 5;
/// Where a sentence begins: after the mark and the clock.
const INDENT: usize = 15;

/// The story, the verdict, the promises.
pub fn story(out: &mut impl Write, style: Style, told: &Told) -> io::Result<()> {
    head(out, style, told)?;
    let mut teller = Teller { style, said: BTreeSet::new(), step: 0, findings: 0, broken: false };
    let end = told.run.end();
    let mut first = 1;
    while first <= end.step() {
        let last = first.saturating_add(STEPS_AT_ONCE - 1);
        for line in story::account(&end.world, &end.ledger, first, last) {
            teller.tell(out, line)?;
        }
        first = last.saturating_add(1);
    }
    teller.swallowed(out)?;
    verdict(out, style, told)?;
    promises(out, style, told)
}

fn head(out: &mut impl Write, style: Style, told: &Told) -> io::Result<()> {
    let scenario = &told.scenario;
    writeln!(out, "{}", style.bold(&scenario.title))?;
    if let Some(part) = list::part(scenario) {
        writeln!(out, "{}", style.dim(&part))?;
    }
    for line in wrapped(&scenario.shows, 0).iter().filter(|line| !line.is_empty()) {
        writeln!(out, "{line}")?;
    }
    let seed = told.run.seed();
    match seed_words(seed) {
        Some(words) => writeln!(out, "\nseed   {words} ({seed})")?,
        None => writeln!(out, "\nseed   {seed}")?,
    }
    let cast = scenario.setup.cast();
    for fault in &scenario.setup.faults {
        writeln!(out, "fault  {}", write_fault(fault, &cast))?;
    }
    writeln!(out)
}

/// Tells line after line.
struct Teller {
    style: Style,
    /// What was explained already. What is explained the tenth time is noise.
    said: BTreeSet<String>,
    step: u32,
    /// How many findings the step at hand has.
    findings: usize,
    /// Whether the last line told was a finding.
    broken: bool,
}

impl Teller {
    fn tell(&mut self, out: &mut impl Write, line: Line) -> io::Result<()> {
        if line.step != self.step {
            self.swallowed(out)?;
            (self.step, self.findings) = (line.step, 0);
        }
        let broken = matches!(line.tone, Tone::Broken(_));
        self.findings += usize::from(broken);
        if self.findings > MOST_OF_A_STEP {
            return Ok(());
        }
        if self.broken && !broken {
            writeln!(out)?;
        }
        self.broken = broken;
        let mark = if broken { ">>" } else { "  " };
        let clock = self.style.dim(&format!("{:>11}", line.at.to_string()));
        for (n, text) in wrapped(&line.text, INDENT).iter().enumerate() {
            let text = match line.tone {
                Tone::Plain => text.clone(),
                Tone::Good => self.style.good(text),
                Tone::Trouble => self.style.trouble(text),
                Tone::Broken(_) => self.style.broken(text),
            };
            match n {
                0 => writeln!(out, "{mark}{clock}  {text}")?,
                _ => writeln!(out, "{:INDENT$}{text}", "")?,
            }
        }
        if let Some(why) = line.why.filter(|why| broken || self.said.insert(why.clone())) {
            for text in wrapped(&why, INDENT + 2) {
                writeln!(out, "{:INDENT$}  {}", "", self.style.dim(&text))?;
            }
        }
        Ok(())
    }

    /// Says how many findings of a step were not told.
    fn swallowed(&self, out: &mut impl Write) -> io::Result<()> {
        match self.findings.saturating_sub(MOST_OF_A_STEP) {
            0 => Ok(()),
            more => writeln!(out, ">>{:13}and {more} more in the same step.", ""),
        }
    }
}

fn verdict(out: &mut impl Write, style: Style, told: &Told) -> io::Result<()> {
    let end = told.run.end();
    let (counts, totals) = (end.ledger.counts(), end.ledger.totals());
    writeln!(out, "\n{}", style.bold("Verdict"))?;
    let undone = match totals.rolled_back {
        0 => String::new(),
        undone => format!(", {undone} rolled back"),
    };
    writeln!(out, "  {} committed{undone}", totals.committed)?;
    let (arrived, expected) = (totals.arrived, totals.expected);
    writeln!(out, "  {arrived} of {expected} effects arrived ({} applied in all)", totals.effects)?;
    let words = |verdict, count| match (verdict, count) {
        (Verdict::Lost, _) => "lost",
        (Verdict::Duplicate, 1) => "duplicate",
        (Verdict::Duplicate, _) => "duplicates",
        (Verdict::Ghost, 1) => "ghost",
        (Verdict::Ghost, _) => "ghosts",
        (Verdict::HalfSent, _) => "half-sent",
        (Verdict::Stuck, _) => "stuck",
        (Verdict::Parked, _) => "parked",
        (Verdict::OutOfOrder, _) => "out of order",
        (Verdict::Failed, 1) => "request failed",
        (Verdict::Failed, _) => "requests failed",
        (Verdict::Late, 1) => "late answer",
        (Verdict::Late, _) => "late answers",
        (Verdict::Overdue, _) => "not done in time",
    };
    let found = Verdict::ALL.into_iter().map(|verdict| (verdict, counts.of(verdict)));
    let found = found.filter(|(_, count)| *count > 0);
    let said = |(verdict, count)| match verdict {
        Verdict::Overdue => words(verdict, count).to_owned(),
        _ => format!("{count} {}", words(verdict, count)),
    };
    let found: Vec<String> = found.map(said).collect();
    match found.is_empty() {
        true => writeln!(
            out,
            "  {}",
            style.good("nothing lost, doubled, haunted, half-sent, stuck or out of order")
        )?,
        false => writeln!(out, "  {}", style.broken(&found.join(", ")))?,
    }
    let measures = Measures::of(told.run.setup(), end.world.history().iter());
    if let Some(large) = large(&told.scenario, &measures) {
        let detail = if large.detail.is_empty() { String::new() } else { format!(" ({})", large.detail) };
        let text = format!("{}: {}{detail}", large.label, large.value);
        writeln!(out, "  {}", if large.bad { style.broken(&text) } else { style.bold(&text) })?;
    }
    let how = match end.world.ended() {
        Some(Ending::Quiet) => "nothing was left to happen",
        Some(Ending::Limit) => "the limit was reached",
        None => "the run was cut short",
    };
    let (steps, hash) = (end.step(), end.world.fingerprint());
    let last = format!("{steps} steps, {} of virtual time, {how}; fingerprint {hash:016x}", end.now());
    writeln!(out, "  {}", style.dim(&last))
}

fn promises(out: &mut impl Write, style: Style, told: &Told) -> io::Result<()> {
    let ledger = &told.run.end().ledger;
    writeln!(out, "\n{}", style.bold("Promises"))?;
    let noun = told.scenario.setup.noun();
    let widest = told.scenario.promises().map(|(promise, _)| promise.name().len()).max().unwrap_or(0);
    for (promise, expected) in told.scenario.promises() {
        let state = promise.state(ledger);
        let (word, painted): (&str, fn(Style, &str) -> String) = match (state.held, expected) {
            (None, _) => ("open", |style, text| style.dim(text)),
            (Some(true), Expected::Reached) => ("reached", |style, text| style.good(text)),
            (Some(false), Expected::Reached) => ("missed", |style, text| style.broken(text)),
            (Some(true), _) => ("kept", |style, text| style.good(text)),
            (Some(false), _) => ("broken", |style, text| style.broken(text)),
        };
        let place = state.broken.map(|breach| (breach.step, breach.at));
        let place = place.or(state.reached.map(|moment| (moment.step, moment.at)));
        let place = place.map_or(String::new(), |(step, at)| format!(", at step {step} ({at})"));
        let surprise = told.unmet.iter().any(|unmet| unmet.state.promise == promise);
        let surprise = if surprise { style.broken("  not as expected") } else { String::new() };
        let word = painted(style, &format!("{word:<8}"));
        writeln!(out, "  {word}{:<widest$}  {}{place}{surprise}", promise.name(), promise.sentence(noun))?;
    }
    let breaks = !told.scenario.breaks.is_empty();
    match (told.unmet.is_empty() && !told.run.cut_short(), breaks) {
        (true, true) => writeln!(out, "\nAs expected: this scenario is made to break.")?,
        (true, false) => writeln!(out, "\nAs expected.")?,
        (false, _) => writeln!(out, "\n{}", style.broken("Not as expected."))?,
    }
    match &told.link {
        Some(link) => writeln!(out, "See it happen: open the page with {link}"),
        None => Ok(()),
    }
}
