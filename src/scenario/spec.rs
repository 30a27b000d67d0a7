//! What does this fault mean? One grammar for scenario files, the command line and links; a verb comes first.
//!
//! ```text
//! crash ACTOR before|after STEP [#N | rate P%] [for SPAN]     fail ACTOR STEP [#N | rate P%]
//! rollback ACTOR [#N | rate P%]                               slow ACTOR STEP [#N | rate P%] by SPAN
//! lose|hold KIND ACTOR [#N | rate P%]                         delay|double KIND ACTOR [#N | rate P%] by SPAN
//!                                                             hurry|lag KIND ACTOR [#N | rate P%] by SPAN
//! down ACTOR[.database] T..T | from T                         cut ACTOR T..T | from T
//! down TOPIC.QUEUE T..T | from T                              poison SERVICE [#N | rate P%]
//! stop CONSUMER T..T | from T
//! ```
//! and by hand, besides all of these: `crash ACTOR [after-next-step]`, `restart ACTOR`, `down|up ACTOR[.database]`,
//! `down|up TOPIC.QUEUE`, `stop CONSUMER`, `cut ACTOR`, `heal ACTOR`, `lose|hold|release packet N`,
//! `redrive|discard all|#N of QUEUE`, `resend #N of QUEUE [with AMOUNT]`, `hide #N of QUEUE for SPAN`,
//! `set delay of QUEUE to SPAN`, `peek QUEUE`,
//! `replay|edit|discard all|#N of SERVICE`, `edit … to AMOUNT`. The operator of a scenario file does those last ones `at T`.

mod operator;

use super::nearest::unknown;
use super::problem::{listed, quoted};
use super::steps::{has_database, packets_of, steps_of};
use crate::broker::command::{Command, Operator};
use crate::broker::setup::{Cast, Role, Setup};
use crate::fault::plan::{Fault, Outage, PacketFault, Side, StepFault, Which};
use crate::fault::point::{ActorId, PacketKind, Step};
use crate::sim::chance::Rate;
use crate::sim::time::{Instant, Span};
use std::fmt;

/// The verbs of a fault.
pub const FAULT_VERBS: [&str; 15] = [
    "crash", "fail", "rollback", "slow", "lose", "hold", "delay", "double", "hurry", "lag", "down", "stop",
    "cut", "poison", "yield",
];
/// The verbs that only a hand can use.
pub const HAND_VERBS: [&str; 12] = [
    "restart", "up", "heal", "release", "redrive", "discard", "resend", "hide", "set", "peek", "replay",
    "edit",
];
/// The verbs of an operator in a scenario file.
pub const OPERATOR_VERBS: [&str; 8] =
    ["redrive", "discard", "resend", "hide", "set", "peek", "replay", "edit"];

/// What is wrong with a fault, and at which byte of its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SpecError {
    /// The byte.
    pub at: usize,
    /// A sentence.
    pub what: String,
}

impl SpecError {
    /// At which character of the fault's text it is, from 1 on.
    pub fn character(&self, spec: &str) -> usize {
        spec.get(..self.at).map_or(0, |before| before.chars().count()) + 1
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

type Parsed<T> = Result<T, SpecError>;

/// Reads a fault as a scenario file lays it down.
///
/// # Errors
/// What is wrong and where, with the names that are known.
pub fn parse_fault(spec: &str, cast: &Cast, setup: &Setup) -> Parsed<Fault> {
    let mut words = Words::new(spec, cast, setup);
    let verb = words.verb(&FAULT_VERBS)?;
    let fault = words.fault(verb)?;
    words.end()?;
    Ok(fault)
}

/// Reads something that a person does while a run plays: any fault, or one of the verbs for a hand.
///
/// # Errors
/// What is wrong and where, with the names that are known.
pub fn parse_command(spec: &str, cast: &Cast, setup: &Setup) -> Parsed<Command> {
    let mut words = Words::new(spec, cast, setup);
    let verbs: Vec<&str> = FAULT_VERBS.into_iter().chain(HAND_VERBS).collect();
    let verb = words.verb(&verbs)?;
    let command = words.command(verb)?;
    words.end()?;
    Ok(command)
}

/// Reads what the operator of a scenario file does, and when: `replay all of orders at 9s`.
///
/// # Errors
/// What is wrong and where, with the names that are known.
pub fn parse_operator(spec: &str, cast: &Cast, setup: &Setup) -> Parsed<(Instant, Command)> {
    let mut words = Words::new(spec, cast, setup);
    let verb = words.verb(&OPERATOR_VERBS)?;
    let command = words.command(verb)?;
    if !words.accept("at") {
        return words.wrong("the moment is missing here: `at` and a span like 9s");
    }
    let at = Instant(words.span("the moment", Span::ZERO)?.0);
    words.end()?;
    Ok((at, command))
}

/// The words of a spec, read from left to right.
struct Words<'s> {
    spec: &'s str,
    words: Vec<(usize, &'s str)>,
    next: usize,
    cast: &'s Cast,
    setup: &'s Setup,
}

impl<'s> Words<'s> {
    fn new(spec: &'s str, cast: &'s Cast, setup: &'s Setup) -> Words<'s> {
        let start = |word: &str| word.as_ptr() as usize - spec.as_ptr() as usize;
        let words = spec.split_whitespace().map(|word| (start(word), word)).collect();
        Words { spec, words, next: 0, cast, setup }
    }

    fn peek(&self) -> Option<&'s str> {
        self.words.get(self.next).map(|(_, word)| *word)
    }

    /// The byte at which the next word stands, or the end.
    fn here(&self) -> usize {
        self.words.get(self.next).map_or(self.spec.trim_end().len(), |(at, _)| *at)
    }

    fn wrong<T>(&self, what: impl Into<String>) -> Parsed<T> {
        Err(SpecError { at: self.here(), what: what.into() })
    }

    fn take(&mut self, what: &str) -> Parsed<&'s str> {
        let Some(word) = self.peek() else { return self.wrong(format!("{what} is missing here")) };
        self.next += 1;
        Ok(word)
    }

    /// The same error, at the word that was just taken.
    fn back<T>(&mut self, what: impl Into<String>) -> Parsed<T> {
        self.next = self.next.saturating_sub(1);
        self.wrong(what)
    }

    fn accept(&mut self, word: &str) -> bool {
        let there = self.peek() == Some(word);
        self.next += usize::from(there);
        there
    }

    fn end(&self) -> Parsed<()> {
        match self.peek() {
            None => Ok(()),
            Some(word) => self.wrong(format!("nothing may follow here, but {} does", quoted(word))),
        }
    }

    fn verb(&mut self, verbs: &[&'static str]) -> Parsed<&'static str> {
        let word = self.take("a fault: it begins with a verb")?;
        match verbs.iter().find(|verb| **verb == word) {
            Some(verb) => Ok(verb),
            None if OPERATOR_VERBS.contains(&word) => self.back(format!(
                "`{word}` is no fault: an operator does it, so it stands in `operator`, with its moment, or is done by hand"
            )),
            None if HAND_VERBS.contains(&word) => {
                self.back(format!("`{word}` is done by hand while a run plays; it is not a fault of a plan"))
            }
            None => self.back(unknown("verb", word, "verbs", verbs)),
        }
    }

    fn fault(&mut self, verb: &str) -> Parsed<Fault> {
        match verb {
            "crash" => {
                let actor = self.actor()?;
                self.crash(actor)
            }
            "fail" => {
                let actor = self.actor()?;
                let step = self.step(actor, true)?;
                let which = self.which()?;
                Ok(Fault::AtStep { actor, step, which, fault: StepFault::Fail })
            }
            "rollback" => {
                let actor = self.actor()?;
                if !steps_of(self.cast.role(actor), self.setup).contains(&Step::Commit) {
                    let name = self.cast.name(actor);
                    return self
                        .back(format!("`{name}` has no transaction of its own that could be rolled back"));
                }
                let which = self.which()?;
                Ok(Fault::AtStep { actor, step: Step::Commit, which, fault: StepFault::Fail })
            }
            "slow" => {
                let actor = self.actor()?;
                let step = self.step(actor, false)?;
                let which = self.which()?;
                Ok(Fault::AtStep { actor, step, which, fault: StepFault::Slow(self.by()?) })
            }
            "lose" | "hold" | "delay" | "double" | "hurry" | "lag" => self.packet_fault(verb),
            "down" => {
                let outage = self.down()?;
                self.during(outage)
            }
            "stop" => {
                let outage = Outage::Stop(self.consumer()?);
                self.during(outage)
            }
            "poison" => self.poison(),
            "yield" => self.tie(),
            _ => {
                let outage = Outage::Cut(self.party_of_broker("cut off from")?);
                self.during(outage)
            }
        }
    }

    fn command(&mut self, verb: &str) -> Parsed<Command> {
        match verb {
            "crash" => {
                let actor = self.actor()?;
                match self.peek() {
                    None => Ok(Command::Crash(actor)),
                    Some("after-next-step") => {
                        self.next += 1;
                        Ok(Command::CrashAfterNextStep(actor))
                    }
                    Some(_) => self.crash(actor).map(Command::Lay),
                }
            }
            "restart" => Ok(Command::Restart(self.actor()?)),
            "heal" => Ok(Command::Heal(self.party_of_broker("cut off from")?)),
            "up" => Ok(match self.down()? {
                Outage::Database(actor) => Command::DatabaseUp(actor),
                Outage::Subscription { topic, queue } => Command::SubscriptionUp(topic, queue),
                Outage::Down(actor) | Outage::Stop(actor) | Outage::Cut(actor) => Command::Restart(actor),
            }),
            "down" => {
                let outage = self.down()?;
                match (self.peek(), outage) {
                    (None, Outage::Database(actor)) => Ok(Command::DatabaseDown(actor)),
                    (None, Outage::Subscription { topic, queue }) => {
                        Ok(Command::SubscriptionDown(topic, queue))
                    }
                    (None, Outage::Down(actor) | Outage::Stop(actor) | Outage::Cut(actor)) => {
                        Ok(Command::Crash(actor))
                    }
                    (Some(_), outage) => self.during(outage).map(Command::Lay),
                }
            }
            "stop" => {
                let actor = self.consumer()?;
                match self.peek() {
                    None => Ok(Command::Stop(actor)),
                    Some(_) => self.during(Outage::Stop(actor)).map(Command::Lay),
                }
            }
            "cut" => {
                let actor = self.party_of_broker("cut off from")?;
                match self.peek() {
                    None => Ok(Command::Cut(actor)),
                    Some(_) => self.during(Outage::Cut(actor)).map(Command::Lay),
                }
            }
            "lose" if self.accept("packet") => Ok(Command::Lose(self.packet_number()?)),
            "hold" if self.accept("packet") => Ok(Command::Hold(self.packet_number()?)),
            "release" if self.accept("packet") => Ok(Command::Release(self.packet_number()?)),
            "release" => self.wrong("write `release packet N`, with the packet's number"),
            "redrive" => self
                .messages()
                .map(|(queue, message)| Operator::Redrive { queue, message })
                .map(Command::Operate),
            "discard" if self.names_a_service() => self
                .letters()
                .map(|(service, letters)| Operator::DiscardLetters { service, letters })
                .map(Command::Operate),
            "discard" => self
                .messages_of(Words::queue_that_holds)
                .map(|(queue, message)| Operator::Discard { queue, message })
                .map(Command::Operate),
            "resend" => self.resend(),
            "hide" => self.hide(),
            "set" => self.set_delay(),
            "peek" => Ok(Command::Operate(Operator::Peek { queue: self.polled_queue()? })),
            "replay" => self
                .letters()
                .map(|(service, letters)| Operator::Replay { service, letters })
                .map(Command::Operate),
            "edit" => self.edit(),
            _ => self.fault(verb).map(Command::Lay),
        }
    }

    fn crash(&mut self, actor: ActorId) -> Parsed<Fault> {
        let side = match self.take("`before` or `after`, and a step,")? {
            "before" => Side::Before,
            "after" => Side::After,
            word => return self.back(unknown("word", word, "here stands one of", &["before", "after"])),
        };
        let step = self.step(actor, false)?;
        let which = self.which()?;
        let down = if self.accept("for") { Some(self.span("the span", Span::from_millis(1))?) } else { None };
        Ok(Fault::AtStep { actor, step, which, fault: StepFault::Crash(side, down) })
    }

    fn poison(&mut self) -> Parsed<Fault> {
        let actor = self.actor()?;
        if !matches!(self.cast.role(actor), Role::Service(_)) {
            let name = self.cast.name(actor);
            return self.back(format!("`{name}` makes no messages; name the service whose message is bad"));
        }
        let which = self.which()?;
        Ok(Fault::Spoil { actor, which })
    }

    fn tie(&mut self) -> Parsed<Fault> {
        if !self.accept("at") {
            return self.wrong("here stand `at` and the moment: yield at 3.5s #1");
        }
        let at = Instant(self.span("the moment", Span::ZERO)?.0);
        match self.which()? {
            Which::Nth(nth) => Ok(Fault::Yield { at, nth }),
            Which::Rate(_) => {
                self.back("of what is due then one yields: #1 for the first, #2 for the second …")
            }
        }
    }

    fn packet_fault(&mut self, verb: &str) -> Parsed<Fault> {
        let word = self.take("a kind of packet")?;
        let names = PacketKind::ALL.map(PacketKind::name);
        let Some(kind) = PacketKind::ALL.into_iter().find(|kind| kind.name() == word) else {
            return self.back(unknown("kind of packet", word, "kinds", &names));
        };
        let actor = self.party_of_broker("on a wire to")?;
        let kinds = packets_of(self.cast.role(actor), self.setup);
        if !kinds.contains(&kind) {
            let name = self.cast.name(actor);
            let what = if kinds.is_empty() {
                let why = match self.cast.role(actor) {
                    Role::Worker(..) => "what comes to it and goes back are packets of its caller",
                    _ => "its relay publishes for it",
                };
                format!("`{name}` sends and receives no packets: {why}")
            } else {
                let kinds = listed(kinds.into_iter().map(PacketKind::name));
                format!("no {} packet goes to or from `{name}` (its packets: {kinds})", kind.name())
            };
            return self.back(what);
        }
        let which = self.which()?;
        let fault = match verb {
            "lose" => PacketFault::Lose,
            "hold" => PacketFault::Hold,
            "delay" => PacketFault::Delay(self.by()?),
            "hurry" => PacketFault::Hurry(self.by()?),
            "lag" => PacketFault::Lag(self.by()?),
            _ => PacketFault::Double(self.by()?),
        };
        Ok(Fault::OnPacket { actor, kind, which, fault })
    }

    fn actor(&mut self) -> Parsed<ActorId> {
        let word = self.take("a party")?;
        self.actor_named(word)
    }

    fn actor_named(&mut self, name: &str) -> Parsed<ActorId> {
        if let Some(actor) = self.cast.find(name) {
            return Ok(actor);
        }
        if let Some(index) = self.setup.consumers.iter().position(|consumer| consumer.name == name) {
            let index = index as u8;
            let mine = |role: Role| matches!(role, Role::Worker(consumer, _) if consumer == index);
            let workers = self.cast.actors.iter().filter(|actor| mine(actor.role));
            let workers = listed(workers.map(|actor| actor.name.as_str()));
            return self.back(format!("`{name}` has several workers; say which one: {workers}"));
        }
        let queue = self.setup.queues.iter().any(|queue| queue.name == name);
        if queue || self.setup.topics.iter().any(|topic| topic.name == name) {
            let (what, parties) = (if queue { "queue" } else { "topic" }, self.parties());
            return self.back(format!("`{name}` is a {what}; faults happen to parties (parties: {parties})"));
        }
        let parties: Vec<&str> = self.cast.actors.iter().map(|actor| actor.name.as_str()).collect();
        self.back(unknown("party", name, "parties", &parties))
    }

    fn parties(&self) -> String {
        listed(self.cast.actors.iter().map(|actor| actor.name.as_str()))
    }

    /// A party at the other end of a wire to the broker.
    fn party_of_broker(&mut self, what: &str) -> Parsed<ActorId> {
        let actor = self.actor()?;
        if actor == self.cast.broker {
            let name = self.cast.name(actor);
            return self.back(format!("`{name}` is the broker; name the party that is {what} it"));
        }
        Ok(actor)
    }

    fn consumer(&mut self) -> Parsed<ActorId> {
        let actor = self.actor()?;
        match self.cast.role(actor) {
            Role::Worker(..) => Ok(actor),
            _ => self.back(format!("`{}` is no consumer; only a consumer is stopped", self.cast.name(actor))),
        }
    }

    /// What goes down: a party, or with `.database` after its name its database; or the way from a topic to a
    /// queue, both named.
    fn down(&mut self) -> Parsed<Outage> {
        let word = self.take("a party")?;
        let Some((name, part)) = word.split_once('.') else {
            return self.actor_named(word).map(Outage::Down);
        };
        if let Some(topic) = self.cast.topics.iter().position(|topic| topic == name) {
            return self.subscription(topic as u8, part);
        }
        // A queue may be called `database`, too: of a topic it was meant above, of a party it is not.
        if part != "database" && self.cast.queues.iter().any(|queue| queue == part) {
            let known: Vec<&str> = self.cast.topics.iter().map(String::as_str).collect();
            return self.back(unknown("topic", name, "topics and exchanges", &known));
        }
        let actor = self.actor_named(name)?;
        if part != "database" {
            return self.back(unknown("part", part, "parts", &["database"]));
        }
        if !has_database(self.cast.role(actor), self.setup) {
            return self.back(format!("`{name}` has no database"));
        }
        Ok(Outage::Database(actor))
    }

    fn subscription(&mut self, topic: u8, queue: &str) -> Parsed<Outage> {
        let linked = self.setup.topics[topic as usize].all_queues();
        let name = |linked: u8| self.cast.queues.get(usize::from(linked)).map_or("", String::as_str);
        match linked.iter().find(|linked| name(**linked) == queue) {
            Some(&queue) => Ok(Outage::Subscription { topic, queue }),
            None => {
                let known: Vec<&str> = linked.iter().map(|linked| name(*linked)).collect();
                let of = format!("queues of {}", self.cast.topics[topic as usize]);
                self.back(unknown("queue", queue, &of, &known))
            }
        }
    }

    fn step(&mut self, actor: ActorId, must_fail: bool) -> Parsed<Step> {
        let word = self.take("a step")?;
        let name = self.cast.name(actor);
        let steps = steps_of(self.cast.role(actor), self.setup);
        let Some(step) = Step::ALL.into_iter().find(|step| step.name() == word) else {
            let names: Vec<&str> = steps.into_iter().map(Step::name).collect();
            return self.back(unknown("step", word, &format!("steps of {name}"), &names));
        };
        if !steps.contains(&step) {
            let names = listed(steps.into_iter().map(Step::name));
            return self.back(format!("`{name}` has no step `{word}` (its steps: {names})"));
        }
        if must_fail && !step.can_fail() {
            let able = listed(steps.into_iter().filter(|step| step.can_fail()).map(Step::name));
            return self.back(format!(
                "`{word}` cannot fail by itself (steps of {name} that can: {able}); a crash can stand before or after any step"
            ));
        }
        Ok(step)
    }

    /// `#N` or `rate P%`; neither means the first.
    fn which(&mut self) -> Parsed<Which> {
        if self.accept("rate") {
            let word = self.take("a rate like 5%")?;
            return match rate(word) {
                Some(rate) => Ok(Which::Rate(rate)),
                None => self.back(format!(
                    "{} is not a rate; write more than 0% and at most 100%, with at most 4 decimals: 5% or 0.25%",
                    quoted(word)
                )),
            };
        }
        let Some(number) = self.peek().and_then(|word| word.strip_prefix('#')) else {
            return Ok(Which::Nth(1));
        };
        match number.parse::<u32>() {
            Ok(n) if n > 0 && digits(number) => {
                self.next += 1;
                Ok(Which::Nth(n))
            }
            _ => self.wrong(format!(
                "{} is not a count; write #1 for the first, #2 for the second …",
                quoted(&format!("#{number}"))
            )),
        }
    }

    fn by(&mut self) -> Parsed<Span> {
        match self.peek() {
            Some("by") => {
                self.next += 1;
                self.span("the span", Span(1))
            }
            Some(word) => self.wrong(format!("here stands `by` and a span like 2s, not {}", quoted(word))),
            None => self.wrong("`by` and a span like 2s are missing here"),
        }
    }

    fn span(&mut self, what: &str, least: Span) -> Parsed<Span> {
        let word = self.take(&format!("{what} of time"))?;
        match Span::parse(word) {
            Ok(span) if span >= least => Ok(span),
            Ok(span) => self.back(format!("{what} must be at least {least}; it is {span}")),
            Err(what) => self.back(what),
        }
    }

    fn during(&mut self, outage: Outage) -> Parsed<Fault> {
        if self.accept("from") {
            let from = Instant(self.span("the moment", Span::ZERO)?.0);
            return Ok(Fault::During { outage, from, until: None });
        }
        let word = self.take("an interval like 3s..6s, or `from 3s`,")?;
        let Some((from, until)) = word.split_once("..") else {
            return self.back(format!("{} is not an interval; write 3s..6s, or `from 3s`", quoted(word)));
        };
        match (Span::parse(from), Span::parse(until)) {
            (Ok(from), Ok(until)) if from < until => {
                Ok(Fault::During { outage, from: Instant(from.0), until: Some(Instant(until.0)) })
            }
            (Ok(from), Ok(until)) => {
                self.back(format!("the interval ends at {until}, which is not after its start at {from}"))
            }
            (Err(what), _) | (_, Err(what)) => self.back(what),
        }
    }

    fn packet_number(&mut self) -> Parsed<u32> {
        let word = self.take("the packet's number")?;
        match word.parse() {
            Ok(number) if digits(word) => Ok(number),
            _ => self.back(format!("{} is not a packet's number", quoted(word))),
        }
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `5%`, `0.25%`: above 0 and up to 100, in steps of a millionth.
fn rate(text: &str) -> Option<Rate> {
    let number = text.strip_suffix('%')?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if !digits(whole) || !digits(fraction) || fraction.len() > 4 {
        return None;
    }
    let part: u32 = format!("{fraction:0<4}").parse().ok()?;
    let millionths = whole.parse::<u32>().ok()?.checked_mul(10_000)?.checked_add(part)?;
    (1..=1_000_000).contains(&millionths).then_some(Rate(millionths))
}
