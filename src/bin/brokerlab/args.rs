//! What can be asked? The commands, their options, and their help.

use brokerlab::check::promise::Promise;
use brokerlab::explore::Kinds;
use brokerlab::explore::search::MOST_FAULTS;
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
  brokerlab run dual-write-lost --format svg > run.svg
  brokerlab run dual-write-lost --format trace > run.json     open it in ui.perfetto.dev

Faults:
  crash PARTY before|after STEP [#N | rate P%] [for SPAN]     fail PARTY STEP [#N | rate P%]
  rollback PARTY [#N | rate P%]                               slow PARTY STEP [#N | rate P%] by SPAN
  lose|hold KIND PARTY [#N | rate P%]                         delay|double KIND PARTY [#N | rate P%] by SPAN
                                                              hurry|lag KIND PARTY [#N | rate P%] by SPAN
  down PARTY[.database] 3s..6s | from 3s                      cut PARTY 3s..6s | from 3s
`brokerlab check NAME` names the parties of a scenario with their steps and packets.

Exit code: 0 as the scenario expects (a naive one expects its break), 1 not so, 2 bad input.")]
    Run(Run),
    /// Try every placement of a few faults and tell which break a promise
    #[command(after_help = "\
Examples:
  brokerlab explore dual-write-lost                     every single fault, everywhere
  brokerlab explore outbox-with-inbox --faults 2        every two faults
  brokerlab explore outbox-relay-crash --kinds crash --promise nothing-twice
  brokerlab explore outbox-with-inbox --faults 3 --resume found.json
  brokerlab explore outbox-with-inbox --faults 3 --shard 1/4 --resume part-1.json
  brokerlab explore dual-write-lost --examples broken   and then: brokerlab run broken/*.toml

It starts from the scenario without its own faults (--own-faults keeps them) and drives the same world as `run`.

--schedules starts from the order that the seed gives. A change of it is a packet that takes another time on its way, \
from the least to the most that its wire may take (so that it comes before or after others, and what follows from it, \
too), or a step, a packet or a timer that gives way to what else is due at the same microsecond. Up to --faults changes and \
faults are tried together; on its own wire no packet overtakes another. Every order is tried that one such change makes, \
and of those that several make the ones that come of one after the other. Not tried: other lengths of steps and \
handlers, and of the time in which the broker notices that a connection broke. --kinds none tries orders alone.

Ctrl-C stops it: what it has found so far is told, marked as cut off, and with --resume it can go on another time.

Exit code: 0 no promise that the scenario keeps was broken, 1 one was, 2 bad input, 3 none was, but it was stopped \
before it had tried everything.")]
    Explore(Explore),
    /// Put the results of the shares of a search together
    #[command(after_help = "\
Example:
  brokerlab explore outbox-with-inbox --faults 3 --shard 1/2 --resume part-1.json
  brokerlab explore outbox-with-inbox --faults 3 --shard 2/2 --resume part-2.json
  brokerlab merge part-1.json part-2.json

What it tells is what one search would have told. Exit code as for `explore`.")]
    Merge(Merge),
}

/// What to put together.
#[derive(Args, Debug)]
pub struct Merge {
    /// Files that `explore --resume` wrote, one for each share
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = TableFormat::Text, value_name = "FORMAT")]
    pub format: TableFormat,
}

/// What to try.
#[derive(Args, Debug)]
pub struct Explore {
    /// A scenario of the catalogue (`brokerlab list`), or a file
    #[arg(value_name = "NAME-or-FILE")]
    pub scenario: String,
    /// The most faults at once, 1 to 3
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=i64::from(MOST_FAULTS)), value_name = "K")]
    pub faults: u8,
    /// Try other orders, too. One change, which counts as a fault, moves one packet, sooner or later, within its wire's
    /// latency: for each order of events that comes of it, as soon, as late and half-way; or makes the others first of
    /// what is due at once, timers too. With --faults K, up to K changes, in the order in which they come
    #[arg(long)]
    pub schedules: bool,
    /// Which kinds of fault: any of crash, fail, lose, double, or none [default: all]
    #[arg(long, value_parser = Kinds::parse, value_name = "KINDS")]
    pub kinds: Option<Kinds>,
    /// Judge by this promise alone; may be given several times [default: all that the scenario names]
    #[arg(long = "promise", value_parser = parse_promise, value_name = "PROMISE")]
    pub promises: Vec<Promise>,
    /// How long a party that was made to crash stays down
    #[arg(long, value_parser = parse_down, value_name = "SPAN")]
    pub down: Option<Span>,
    /// Keep the faults of the scenario itself
    #[arg(long)]
    pub own_faults: bool,
    /// The seed, a number or three words [default: the scenario's own]
    #[arg(long, value_parser = parse_seed)]
    pub seed: Option<u64>,
    /// How many threads [default: as many as the machine has]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=256), value_name = "N")]
    pub workers: Option<u32>,
    /// Only the I-th of N shares of the work
    #[arg(long, value_parser = parse_shard, value_name = "I/N")]
    pub shard: Option<(u32, u32)>,
    /// Keep the results in this file, and go on from what is there
    #[arg(long, value_name = "FILE")]
    pub resume: Option<String>,
    /// Write each shortest way to break a promise as a scenario file into this directory
    #[arg(long, value_name = "DIRECTORY")]
    pub examples: Option<String>,
    /// Run every placement to its end, also where what follows is known
    #[arg(long)]
    pub no_pruning: bool,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = TableFormat::Text, value_name = "FORMAT")]
    pub format: TableFormat,
}

/// How a search is told.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub enum TableFormat {
    /// The table and the shortest ways to break it, for a terminal
    Text,
    /// One JSON object
    Json,
    /// The table for a document
    Markdown,
}

fn parse_promise(text: &str) -> Result<Promise, String> {
    Promise::of(text).ok_or_else(|| {
        let known: Vec<&str> = Promise::ALL.iter().map(|promise| promise.name()).collect();
        format!("there is no promise `{text}`; there are {}", known.join(", "))
    })
}

fn parse_down(text: &str) -> Result<Span, String> {
    match Span::parse(text)? {
        span if span < Span::from_millis(1) => {
            Err("a party that crashes is down for 1ms at least".to_owned())
        }
        span => Ok(span),
    }
}

fn parse_shard(text: &str) -> Result<(u32, u32), String> {
    let parts =
        text.split_once('/').and_then(|(i, n)| Some((i.parse::<u16>().ok()?, n.parse::<u16>().ok()?)));
    match parts {
        Some((i, n)) if 1 <= i && i <= n => Ok((u32::from(i), u32::from(n))),
        _ => Err("a share is written like 2/4: the second of four, of at most 65535".to_owned()),
    }
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
    /// Leave out the faults of the scenario itself
    #[arg(long)]
    pub no_own_faults: bool,
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
    /// A sequence diagram as a picture
    Svg,
    /// A trace for Perfetto (ui.perfetto.dev) or chrome://tracing: a track a party, a flow a packet
    Trace,
}

fn parse_limit(text: &str) -> Result<Instant, String> {
    match Span::parse(text)? {
        Span::ZERO => Err("a run needs some time; write it like 60s or 1500ms".to_owned()),
        span => Ok(Instant(span.0)),
    }
}
