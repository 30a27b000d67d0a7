//! How is a question answered? From the arguments to the exit code.

use crate::args::{Cli, Command, Format, TableFormat};
use crate::style::Style;
use crate::{args, explore, json, list, source, text};
use brokerlab::explore::table;
use brokerlab::scenario::Scenario;
use brokerlab::scenario::expectations::Unmet;
use brokerlab::scene::export::{self, export};
use brokerlab::timeline::breach;
use brokerlab::timeline::run::{MAX_STEPS, Run};
use clap::Parser;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

/// Not as the scenario expects.
const UNMET: u8 = 1;
/// The question could not be understood, or the answer not written.
const BAD: u8 = 2;
/// A search was stopped before it had tried everything.
const CUT_OFF: u8 = 3;

/// A run, told in one of the formats.
pub struct Told {
    /// The scenario with what the command line changed.
    pub scenario: Scenario,
    /// Its run.
    pub run: Run,
    /// What did not come as expected.
    pub unmet: Vec<Unmet>,
    /// The address of the moment in which the first promise broke.
    pub link: Option<String>,
}

/// Answers the arguments of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = BufWriter::new(io::stdout().lock());
    let code = answer(cli, &mut out).unwrap_or_else(|problem| {
        complain(&problem);
        BAD
    });
    ExitCode::from(code)
}

/// Tells a problem on standard error; if even that cannot be written, there is nobody to tell.
fn complain(problem: &str) {
    let _ = writeln!(io::stderr(), "{problem}");
}

/// Writes the answer. Returns the exit code.
///
/// # Errors
/// What is wrong with the question, or why the answer cannot be written.
fn answer(cli: Cli, out: &mut impl Write) -> Result<u8, String> {
    let style = Style::of_stdout();
    match cli.command {
        Command::List => written(list::catalogue(out, style), out).map(|()| 0),
        Command::Check { scenario } => {
            let scenario = source::load(&scenario)?;
            written(list::contents(out, style, &scenario), out).map(|()| 0)
        }
        Command::Run(asked) => {
            let told = run(&asked)?;
            let end = told.run.end();
            let exported = |format| export(format, &end.world, &end.ledger);
            let result = match asked.format {
                Format::Text => text::story(out, style, &told),
                Format::Json => json::summary(out, &told),
                Format::Jsonl => out.write_all(exported(export::Format::JsonLines).as_bytes()),
                Format::Mermaid => out.write_all(exported(export::Format::Mermaid).as_bytes()),
                Format::Svg => out.write_all(exported(export::Format::Svg).as_bytes()),
                Format::Trace => out.write_all(exported(export::Format::Trace).as_bytes()),
            };
            written(result, out)?;
            Ok(verdict(&told))
        }
        Command::Explore(asked) => {
            let searched = explore::search(&asked)?;
            if let Some(directory) = &asked.examples {
                for path in explore::write_examples(&searched, directory)? {
                    complain(&format!("written: {path}"));
                }
            }
            tell(out, style, asked.format, &searched)
        }
        Command::Merge(asked) => tell(out, style, asked.format, &explore::merge(&asked)?),
    }
}

fn tell(
    out: &mut impl Write,
    style: Style,
    format: TableFormat,
    searched: &explore::Searched,
) -> Result<u8, String> {
    let result = match format {
        TableFormat::Text => explore::text(out, style, searched),
        TableFormat::Json => explore::json(out, searched),
        TableFormat::Markdown => {
            out.write_all(table::markdown(&searched.scenario, &searched.found).as_bytes())
        }
    };
    written(result, out)?;
    Ok(match (searched.surprises(), searched.cut_off()) {
        (true, _) => UNMET,
        (false, true) => CUT_OFF,
        (false, false) => 0,
    })
}

fn written(result: io::Result<()>, out: &mut impl Write) -> Result<(), String> {
    match result.and_then(|()| out.flush()) {
        // Whoever reads has read enough.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("the answer cannot be written: {error}"))
        }
        _ => Ok(()),
    }
}

fn run(asked: &args::Run) -> Result<Told, String> {
    let scenario = source::load(&asked.scenario)?;
    let mut scenario = source::change(scenario, asked.until, asked.no_own_faults, &asked.faults)?;
    scenario.seed = asked.seed.unwrap_or(scenario.seed);
    let run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
    let unmet = scenario.expectations(&run.end().ledger);
    let promises: Vec<_> = scenario.keeps.iter().chain(&scenario.breaks).copied().collect();
    let text = source::text(&asked.scenario).ok();
    let link = breach::link(&scenario, text.as_deref(), &run, &promises);
    Ok(Told { scenario, run, unmet, link })
}

/// Says what is not as expected.
fn verdict(told: &Told) -> u8 {
    for unmet in &told.unmet {
        complain(&format!("{}: {unmet}", told.scenario.id));
    }
    let cut_short = told.run.cut_short();
    if cut_short {
        complain(&format!(
            "{}: the run was stopped after {MAX_STEPS} steps, before its end; --until makes it shorter",
            told.scenario.id
        ));
    }
    if cut_short || !told.unmet.is_empty() { UNMET } else { 0 }
}
