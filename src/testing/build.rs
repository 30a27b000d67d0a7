//! How is a scenario built in Rust? As the text of a scenario file, which is read: the same defaults, the same checks,
//! the same set-up.

use super::case::{Case, Origin};
use super::parts::{Binding, Consumer, Exchange, Queue, Relay, Service, Subscription, Topic, setters};
use super::value::{self, Spread, Table, text};
use super::wrong::Wrong;
use crate::check::measures::Measure;
use crate::check::promise::{Promise, When};
use crate::scenario::file;
use crate::scenario::{Part, Scenario};
use std::fmt::{Display, Write};
use std::time::Duration;

/// A scenario that is being built. What is not said has the default of a scenario file (`docs/scenarios.md`), given
/// here in parentheses.
///
/// ```
/// use brokerlab::testing::*;
///
/// # fn main() -> Result<(), Wrong> {
/// let builder = Case::build("Prices for everyone")
///     .service(Service::new("prices", Publishing::Plain).sends(
///         Message::new("price changed", "prices-changed").attribute("country", &["de", "fr"]),
///     ))
///     .topic(Topic::new("prices-changed", &["archive"]))
///     .subscription(
///         Subscription::new("prices-changed", "french").filter("country", &[Condition::Is("fr".to_owned())]),
///     )
///     .queue(Queue::new("archive"))
///     .queue(Queue::polled("french").visibility(secs(5)))
///     .consumer(Consumer::new("archivist", "archive").handler(ms(10)..=ms(20)))
///     .consumer(Consumer::new("translator", "french"))
///     .keeps(Promise::EverythingArrives);
///
/// // It is a scenario file in the making, and can be saved as one.
/// assert!(builder.toml().contains("[[subscription]]"));
/// builder.ready()?.run().assert_as_expected();
///
/// // Names are looked up, numbers held against their limits, and what is wrong is said.
/// let wrong = Case::build("Oops").service(Service::new("prices", Publishing::Plain)).ready().unwrap_err();
/// assert!(wrong.to_string().contains("`prices` sends nothing"), "{wrong}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    title: String,
    /// The keys above the first heading.
    file: Table,
    /// `[promises]`
    promises: Table,
    /// What follows, each table under its heading.
    parts: Vec<(&'static str, Table)>,
}

impl Builder {
    pub(super) fn new(title: &str) -> Builder {
        let file = Table::of([("title", text(title))]);
        Builder { title: title.to_owned(), file, promises: Table::default(), parts: Vec::new() }
    }

    setters! {
        of file:
        /// The heading under which it stands (`My scenarios`).
        group(heading: &str) = "group", text(heading);
        /// A plain sentence on what it shows (none).
        shows(sentence: &str) = "shows", text(sentence);
        /// The scenario of the catalogue to lay beside it (none).
        counterpart(name: &str) = "counterpart", text(name);
        /// Which side of a comparison it is (none).
        part(part: Part) = "part", value::word(file::PARTS, &part);
        /// What it shows large (nothing).
        measure(measure: Measure) = "measure", value::word(file::MEASURES, &measure);
        /// The seed: a number or three words (1).
        seed(seed: impl Display) = "seed", text(&seed.to_string());
        /// The run ends at that moment at the latest (60 s).
        until(limit: Duration) = "until", value::span(limit);
        /// How long a packet travels (250 to 400 ms).
        latency(time: impl Into<Spread>) = "latency", value::spread(time.into());
    }

    /// Lays a fault, in the words of the fault grammar: `crash relay before mark-sent #2 for 1s`.
    #[must_use]
    pub fn fault(mut self, spec: &str) -> Builder {
        self.file.push("faults", &text(spec), ['[', ']']);
        self
    }

    /// Has the operator do something: `redrive all of dead at 9s`.
    #[must_use]
    pub fn operator(mut self, act: &str) -> Builder {
        self.file.push("operator", &text(act), ['[', ']']);
        self
    }

    /// It keeps this promise; or, if it is a fact, it reaches it.
    #[must_use]
    pub fn keeps(mut self, promise: Promise) -> Builder {
        let key = if promise.when() == When::Sometimes { "reaches" } else { "keeps" };
        self.promises.push(key, &text(promise.name()), ['[', ']']);
        self
    }

    /// It breaks this promise.
    #[must_use]
    pub fn breaks(mut self, promise: Promise) -> Builder {
        self.promises.push("breaks", &text(promise.name()), ['[', ']']);
        self
    }

    /// It promises every answer within that time ([`Promise::AnswersInTime`]).
    #[must_use]
    pub fn answers_within(mut self, time: Duration) -> Builder {
        self.promises.set("answers-within", value::span(time));
        self
    }

    /// It promises that all is done within that time ([`Promise::DoneInTime`]).
    #[must_use]
    pub fn done_within(mut self, time: Duration) -> Builder {
        self.promises.set("done-within", value::span(time));
        self
    }

    /// What the broker is called (`broker`).
    #[must_use]
    pub fn broker(self, name: &str) -> Builder {
        self.with("[broker]", Table::of([("name", text(name))]))
    }

    /// A service; at least one is needed.
    #[must_use]
    pub fn service(self, service: Service) -> Builder {
        self.with("[[service]]", service.0)
    }

    /// An outbox relay.
    #[must_use]
    pub fn relay(self, relay: Relay) -> Builder {
        self.with("[[relay]]", relay.0)
    }

    /// A topic.
    #[must_use]
    pub fn topic(self, topic: Topic) -> Builder {
        self.with("[[topic]]", topic.0)
    }

    /// A subscription to a topic.
    #[must_use]
    pub fn subscription(self, subscription: Subscription) -> Builder {
        self.with("[[subscription]]", subscription.0)
    }

    /// An exchange.
    #[must_use]
    pub fn exchange(self, exchange: Exchange) -> Builder {
        self.with("[[exchange]]", exchange.0)
    }

    /// A binding to an exchange.
    #[must_use]
    pub fn binding(self, binding: Binding) -> Builder {
        self.with("[[binding]]", binding.0)
    }

    /// A queue.
    #[must_use]
    pub fn queue(self, queue: Queue) -> Builder {
        self.with("[[queue]]", queue.0)
    }

    /// A consumer.
    #[must_use]
    pub fn consumer(self, consumer: Consumer) -> Builder {
        self.with("[[consumer]]", consumer.0)
    }

    fn with(mut self, heading: &'static str, table: Table) -> Builder {
        self.parts.push((heading, table));
        self
    }

    /// Its title as the name of a file: `my-shop`.
    fn name(&self) -> String {
        let plain = |letter: char| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' };
        let words: String = self.title.chars().map(plain).collect();
        let name = words.split_whitespace().collect::<Vec<_>>().join("-");
        if name.is_empty() { "built".to_owned() } else { name }
    }

    /// The scenario file.
    pub fn toml(&self) -> String {
        let mut toml = self.file.lines();
        if self.promises != Table::default() {
            let _ = write!(toml, "\n[promises]\n{}", self.promises.lines());
        }
        for (heading, table) in &self.parts {
            let _ = write!(toml, "\n{heading}\n{}", table.lines());
        }
        toml
    }

    /// The scenario, checked.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with the line of the file that it would be.
    pub fn ready(&self) -> Result<Case, Wrong> {
        let toml = self.toml();
        match Scenario::read(&self.name(), &toml) {
            Ok(scenario) => Ok(Case::of(scenario, Origin::Text(toml))),
            Err(problems) => {
                let line = |n: u32| toml.lines().nth((n as usize).saturating_sub(1)).unwrap_or_default();
                let told = problems.iter().map(|problem| {
                    let place =
                        if problem.line == 1 { String::new() } else { format!("{}: ", line(problem.line)) };
                    format!("{place}{}", problem.what)
                });
                Err(Wrong(told.collect::<Vec<_>>().join("\n")))
            }
        }
    }
}
