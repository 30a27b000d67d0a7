//! What can be asked? The commands, their options, and their help.

use brokerlab::scenario::words::parse_seed;
use brokerlab::sim::time::{Instant, Span};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// What was asked.
#[derive(Parser, Debug)]
#[command(
    name = "brokerlab",
    about = "A simulated message broker that you may break: see why messages are lost, doubled or haunted",
    after_help = "\
Begin with:
  brokerlab list
  brokerlab run dual-write-ghost            a message about an order that does not exist
  brokerlab run outbox-polling-relay        the same, repaired

Exit code: 0 as the scenario expects (a naive one expects its break), 1 not so, 2 bad input.",
    disable_help_subcommand = true
)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// A command.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Name the scenarios that come with Brokerlab
    #[command(after_help = "\
A naive scenario breaks a promise in every run; its counterpart repairs it under the same seed and faults.")]
    List,
    /// Read a scenario file, say what it holds, or all that is wrong with it
    #[command(after_help = "\
Examples:
  brokerlab check my-shop.toml
  brokerlab check dual-write-ghost          one of the catalogue

Problems are told as FILE:LINE:COLUMN: what is wrong. How a file is written stands in docs/scenarios.md.")]
    Check {
        /// A scenario file
        #[arg(value_name = "FILE")]
        scenario: String,
    },
    /// Run a scenario and tell what happened, when, and why
    #[command(after_help = "\
Examples:
  brokerlab run dual-write-ghost
  brokerlab run my-shop.toml --seed calm-amber-otter --until 20s
  brokerlab run outbox-polling-relay --fault 'crash relay before mark-sent #2 for 1s'
  brokerlab run queue-competing-consumers --fault 'lose ack resize-1 #1'
  brokerlab run dual-write-lost --format json | jq .verdict
  brokerlab run dual-write-lost --format mermaid > run.mmd

Faults:
  crash PARTY before|after STEP [#N | rate P%] [for SPAN]     fail PARTY STEP [#N | rate P%]
  rollback PARTY [#N | rate P%]                               slow PARTY STEP [#N | rate P%] by SPAN
  lose|hold KIND PARTY [#N | rate P%]                         delay|double KIND PARTY [#N | rate P%] by SPAN
  down PARTY[.database] 3s..6s | from 3s                      cut PARTY 3s..6s | from 3s
`brokerlab check NAME` names the parties of a scenario with their steps and packets.

Exit code: 0 as the scenario expects (a naive one expects its break), 1 not so, 2 bad input.")]
    Run(Run),
}

/// What to run, and how.
#[derive(Args, Debug)]
pub struct Run {
    /// A scenario of the catalogue (`brokerlab list`), or a file
    #[arg(value_name = "NAME-or-FILE")]
    pub scenario: String,
    /// The seed, a number or three words [default: the scenario's own]
    #[arg(long, value_parser = parse_seed)]
    pub seed: Option<u64>,
    /// End the run at this moment of virtual time at the latest, like 60s or 1500ms
    #[arg(long, value_name = "SPAN", value_parser = parse_limit)]
    pub until: Option<Instant>,
    /// One fault more than the scenario has; may be given several times
    #[arg(long = "fault", value_name = "SPEC")]
    pub faults: Vec<String>,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
}

/// How a run is told.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub enum Format {
    /// The story in plain words, then the verdict and the promises
    Text,
    /// One JSON object: the verdict, the promises, the fingerprint
    Json,
    /// One JSON object a line for each record; orders and messages are counted from 1, `place` and `cause` from 0
    Jsonl,
    /// A sequence diagram in Mermaid's notation
    Mermaid,
}

fn parse_limit(text: &str) -> Result<Instant, String> {
    match Span::parse(text)? {
        Span::ZERO => Err("a run needs some time; write it like 60s or 1500ms".to_owned()),
        span => Ok(Instant(span.0)),
    }
}
