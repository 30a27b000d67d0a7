//! What does a scenario file say? Its types: what is written, with its place, before any name is looked up.

pub mod keys;

use super::polling::{PollEntry, PollingEntry};
use super::problem::{At, Problems};
use super::read::{self, Section};
use super::ready::Part;
use super::routes::{self, LimitsEntry, Routes};
use crate::broker::backoff::{Jitter, Retry, Wait};
use crate::broker::poll::LONGEST_DELAY;
use crate::broker::routing::Routing;
use crate::broker::setup::{
    AckTime, Inbox, InboxKey, Locking, Marking, OnError, OnFailure, OnSendFailure, Publishing, QueueOrder,
    Reading, SentRows, Serialization,
};
use crate::check::measures::Measure;
use crate::sim::chance::SpanRange;
use crate::sim::time::Span;
use toml::de::{DeTable, DeValue};

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 1 << 20;

/// The words of `part`.
pub const PARTS: &[(&str, Part)] =
    &[("plain", Part::Plain), ("naive", Part::Naive), ("repaired", Part::Repaired)];
/// The words of `publish`.
pub const PUBLISHING: &[(&str, Publishing)] = &[
    ("plain", Publishing::Plain),
    ("before-commit", Publishing::BeforeCommit),
    ("after-commit", Publishing::AfterCommit),
    ("outbox", Publishing::Outbox),
    ("call", Publishing::Call),
    ("in-handler", Publishing::InHandler),
    ("collect-before-commit", Publishing::CollectBeforeCommit),
    ("collect-after-commit", Publishing::CollectAfterCommit),
];
/// The words of `on-failure`.
pub const ON_SEND_FAILURE: &[(&str, OnSendFailure)] =
    &[("fail", OnSendFailure::Fail), ("drop", OnSendFailure::Drop), ("park", OnSendFailure::Park)];
/// The words of `ids`: whether each attempt at sending a message gives it a new one.
pub const IDS: &[(&str, bool)] = &[("per-message", false), ("per-attempt", true)];
/// The words of `wait` in `retry`.
pub const WAIT: &[(&str, Wait)] = &[
    ("none", Wait::None),
    ("fixed", Wait::Fixed),
    ("linear", Wait::Linear),
    ("exponential", Wait::Exponential),
];
/// The words of `jitter` in `retry`.
pub const JITTER: &[(&str, Jitter)] = &[
    ("none", Jitter::None),
    ("full", Jitter::Full),
    ("equal", Jitter::Equal),
    ("decorrelated", Jitter::Decorrelated),
];
/// The words of `serialize`.
pub const SERIALIZATION: &[(&str, Serialization)] =
    &[("as-sent", Serialization::AsSent), ("all-first", Serialization::AllFirst)];
/// The words of `mark`.
pub const MARKING: &[(&str, Marking)] = &[
    ("per-row", Marking::PerRow),
    ("per-batch", Marking::PerBatch),
    ("before-publish", Marking::BeforePublish),
];
/// The words of `finds`.
pub const READING: &[(&str, Reading)] = &[
    ("unsent", Reading::Unsent),
    ("cursor", Reading::Cursor),
    ("log", Reading::Log),
    ("snapshot", Reading::Snapshot),
    ("gap-wait", Reading::GapWait(GAP_WAIT)),
];
/// The words of `lock`.
pub const LOCKING: &[(&str, Locking)] =
    &[("none", Locking::None), ("skip-locked", Locking::SkipLocked), ("per-key", Locking::PerKey)];
/// The words of `on-failure`.
pub const ON_FAILURE: &[(&str, OnFailure)] =
    &[("stop", OnFailure::Stop), ("hold-key", OnFailure::HoldKey), ("skip", OnFailure::Skip)];
/// The words of `ack`.
pub const ACK: &[(&str, AckTime)] =
    &[("after-effect", AckTime::AfterEffect), ("before-effect", AckTime::BeforeEffect)];
/// The words of `on-error`.
pub const ON_ERROR: &[(&str, OnError)] =
    &[("requeue", OnError::Requeue), ("reject", OnError::Reject), ("leave", OnError::Leave)];
/// The words of `model`: whether the queue is polled.
pub const MODEL: &[(&str, bool)] = &[("push", false), ("poll", true)];
/// The words of `order`.
pub const QUEUE_ORDER: &[(&str, QueueOrder)] =
    &[("arrival", QueueOrder::Arrival), ("best-effort", QueueOrder::BestEffort), ("fifo", QueueOrder::Fifo)];

/// The words of `measure`.
pub const MEASURES: &[(&str, Measure)] = &[
    ("makespan", Measure::Makespan),
    ("answer-time", Measure::AnswerTime),
    ("failed-requests", Measure::FailedRequests),
    ("backlog", Measure::Backlog),
];

/// A whole file.
#[derive(Clone, Debug)]
pub struct File {
    /// `title`
    pub title: String,
    /// `group`
    pub group: String,
    /// `shows`
    pub shows: String,
    /// `counterpart`
    pub counterpart: Option<At<String>>,
    /// `part`
    pub part: Part,
    /// `measure`
    pub measure: Option<Measure>,
    /// `seed`
    pub seed: u64,
    /// `until`
    pub until: Span,
    /// `latency`
    pub latency: SpanRange,
    /// `faults`
    pub faults: Vec<At<String>>,
    /// `operator`
    pub operator: Vec<At<String>>,
    /// `keeps` of `[promises]`
    pub keeps: Vec<At<String>>,
    /// `breaks` of `[promises]`
    pub breaks: Vec<At<String>>,
    /// `reaches` of `[promises]`
    pub reaches: Vec<At<String>>,
    /// `answers-within` of `[promises]`
    pub answers_within: Option<Span>,
    /// `done-within` of `[promises]`
    pub done_within: Option<Span>,
    /// `name` of `[broker]`
    pub broker: At<String>,
    /// `[[service]]`
    pub services: Vec<ServiceEntry>,
    /// `[[relay]]`
    pub relays: Vec<RelayEntry>,
    /// `[[topic]]`, `[[subscription]]`, `[[exchange]]`, `[[binding]]`
    pub routes: Routes,
    /// `[[queue]]`
    pub queues: Vec<QueueEntry>,
    /// `[[consumer]]`
    pub consumers: Vec<ConsumerEntry>,
    /// Whether nothing was wrong with the parties; where something was, a guess stands in for it, and what
    /// is said about them elsewhere cannot be held against it.
    pub parties_are_right: bool,
}

/// A `[[service]]`; the keys as in the file.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct ServiceEntry {
    pub name: At<String>,
    pub noun: String,
    pub items: Vec<String>,
    pub orders: u32,
    pub first: Span,
    pub every: SpanRange,
    pub keys: u32,
    pub at_once: u8,
    pub publish: At<Publishing>,
    pub serialize: Serialization,
    pub messages: Vec<MessageEntry>,
    pub answers: bool,
    pub step: SpanRange,
    pub confirm: Option<Span>,
    pub retry: At<Retry>,
    pub on_failure: At<OnSendFailure>,
    pub new_ids: At<bool>,
    pub restart: Option<Span>,
    pub latency: Option<SpanRange>,
}

/// One of a service's `messages`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct MessageEntry {
    pub name: String,
    pub to: At<String>,
    pub routing: Routing,
    pub delay: Option<At<Span>>,
    pub ttl: Option<At<Span>>,
    pub outbox: At<bool>,
}

/// A `[[relay]]`; the keys as in the file.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct RelayEntry {
    pub name: At<String>,
    pub reads: At<String>,
    pub finds: At<Reading>,
    pub lock: Locking,
    pub every: Span,
    pub batch: u32,
    pub mark: Marking,
    pub on_failure: OnFailure,
    pub sent_rows: SentRows,
    pub step: SpanRange,
    pub confirm: Span,
    pub restart: Option<Span>,
    pub latency: Option<SpanRange>,
}

/// A `[[queue]]`; the keys as in the file.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct QueueEntry {
    pub name: At<String>,
    pub durable: bool,
    pub dead_letters: bool,
    pub limits: LimitsEntry,
    pub poll: PollEntry,
}

/// A `[[consumer]]`; the keys as in the file.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct ConsumerEntry {
    pub name: At<String>,
    pub did: String,
    pub effects: String,
    pub queue: Option<At<String>>,
    pub workers: u8,
    pub prefetch: Option<At<u64>>,
    pub handler: SpanRange,
    pub step: SpanRange,
    pub ack: AckTime,
    pub inbox: Inbox,
    pub window: Option<At<Option<Span>>>,
    pub inbox_key: Option<At<InboxKey>>,
    pub unwraps: bool,
    pub on_error: Option<At<OnError>>,
    pub restart: Option<Span>,
    pub latency: Option<SpanRange>,
    pub polling: PollingEntry,
}

const MILLI: Span = Span::from_millis(1);
/// How long a relay waits for an id that is missing, unless the file says otherwise.
const GAP_WAIT: Span = Span::from_millis(2_000);
const LATENCY: SpanRange = SpanRange { min: Span::from_millis(250), max: Span::from_millis(400) };
const STEP: SpanRange = SpanRange { min: Span::from_millis(100), max: Span::from_millis(150) };
const HANDLER: SpanRange = SpanRange { min: Span::from_millis(300), max: Span::from_millis(400) };
const EVERY: SpanRange = SpanRange { min: Span::from_millis(900), max: Span::from_millis(1100) };
const CONFIRM: Span = Span::from_millis(2_000);
const RESTART: Span = Span::from_millis(1_500);

impl File {
    /// Reads a file. Where it is wrong, the problems say so and a default stands in.
    pub fn read(text: &str, problems: &mut Problems<'_>) -> Option<File> {
        if text.len() > LARGEST {
            problems.add(0, format!("the file is larger than {LARGEST} bytes, the most that is read"));
            return None;
        }
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            problems.add(
                error.span().map_or(0, |span| span.start),
                format!("this is not TOML: {}", error.message()),
            );
        }
        // A file that could be read in part only would be told of keys that it has.
        errors.is_empty().then(|| File::of(document.get_ref(), problems))
    }

    fn of(table: &DeTable<'_>, p: &mut Problems<'_>) -> File {
        let file = Section::open("the file", keys::FILE, table, 0..0, p);
        let promises = file.table("promises", "[promises]", keys::PROMISES, p);
        let mut names = |key| promises.as_ref().map(|section| section.texts(key, p)).unwrap_or_default();
        let (keeps, breaks, reaches) = (names("keeps"), names("breaks"), names("reaches"));
        let mut bound = |key| {
            let found = promises.as_ref().and_then(|section| section.optional(key, p, read::span(MILLI)));
            found.map(|found| found.value)
        };
        let (answers_within, done_within) = (bound("answers-within"), bound("done-within"));
        let before = p.len();
        let broker = file.table("broker", "[broker]", keys::BROKER, p);
        let broker = broker.and_then(|section| section.required("name", p, read::text));
        let sections = |key, what, keys, p: &mut Problems<'_>| file.tables(key, what, keys, p);
        let services = sections("service", "a service", keys::SERVICE, p);
        let services = services.iter().map(|section| ServiceEntry::of(section, p)).collect();
        let relays = sections("relay", "a relay", keys::RELAY, p);
        let relays = relays.iter().map(|section| RelayEntry::of(section, p)).collect();
        let consumers = sections("consumer", "a consumer", keys::CONSUMER, p);
        let consumers = consumers.iter().map(|section| ConsumerEntry::of(section, p)).collect();
        let parties_are_right = p.len() == before && !p.is_full();
        let routes = Routes::read(&file, p);
        let queues = sections("queue", "a queue", keys::QUEUE, p);
        File {
            title: file.required("title", p, read::text).map(|found| found.value).unwrap_or_default(),
            group: file.or("group", "My scenarios".to_owned(), p, read::text),
            shows: file.or("shows", String::new(), p, read::text),
            counterpart: file.optional("counterpart", p, read::text),
            part: file.or("part", Part::Plain, p, read::one_of(PARTS)),
            measure: file.optional("measure", p, read::one_of(MEASURES)).map(|found| found.value),
            seed: file.or("seed", 1, p, read::seed),
            until: file.or("until", Span::from_millis(60_000), p, read::span(MILLI)),
            latency: file.or("latency", LATENCY, p, read::range(Span(1))),
            faults: file.texts("faults", p),
            operator: file.texts("operator", p),
            keeps,
            breaks,
            reaches,
            answers_within,
            done_within,
            broker: broker.unwrap_or(At { value: "broker".to_owned(), at: 0..0 }),
            services,
            relays,
            routes,
            queues: queues.iter().map(|section| QueueEntry::of(section, p)).collect(),
            consumers,
            parties_are_right,
        }
    }
}

impl ServiceEntry {
    fn of(s: &Section<'_, '_>, p: &mut Problems<'_>) -> ServiceEntry {
        let messages = s.tables("messages", "a message", keys::MESSAGE, p);
        let message = |section: &Section<'_, '_>, p: &mut Problems<'_>| MessageEntry {
            name: section.required("name", p, read::text).map(|found| found.value).unwrap_or_default(),
            to: section.name("to", p),
            routing: routes::routing(section, p),
            delay: section.optional("delay", p, read::span_up_to(LONGEST_DELAY)),
            ttl: section.optional("ttl", p, read::span(MILLI)),
            outbox: section
                .optional("outbox", p, read::flag)
                .unwrap_or(At { value: false, at: section.at() }),
        };
        let publish = s.required("publish", p, read::one_of(PUBLISHING));
        ServiceEntry {
            name: s.name("name", p),
            noun: s.or("noun", "order".to_owned(), p, read::text),
            items: s.texts("items", p).into_iter().map(|item| item.value).collect(),
            orders: s.or("orders", 5, p, read::whole(1..=1_000_000)) as u32,
            first: s.or("first", Span::from_millis(200), p, read::span(Span::ZERO)),
            every: s.or("every", EVERY, p, read::range(Span::ZERO)),
            keys: s.or("keys", 1, p, read::whole(1..=1_000_000)) as u32,
            at_once: s.or("at-once", 1, p, read::whole(1..=50)) as u8,
            publish: publish.unwrap_or(At { value: Publishing::Plain, at: s.at() }),
            serialize: s.or("serialize", Serialization::AsSent, p, read::one_of(SERIALIZATION)),
            messages: messages.iter().map(|section| message(section, p)).collect(),
            answers: s.or("answers", false, p, read::flag),
            step: s.or("step", STEP, p, read::range(Span::ZERO)),
            confirm: s.or("confirm", Some(CONFIRM), p, read::span_or("none")),
            retry: retry(s, p),
            on_failure: s
                .optional("on-failure", p, read::one_of(ON_SEND_FAILURE))
                .unwrap_or(At { value: OnSendFailure::Fail, at: s.at() }),
            new_ids: s.optional("ids", p, read::one_of(IDS)).unwrap_or(At { value: false, at: s.at() }),
            restart: s.or("restart", Some(RESTART), p, read::span_or("never")),
            latency: s.optional("latency", p, read::range(Span(1))).map(|found| found.value),
        }
    }
}

/// How a service tries again; without the table it does not.
fn retry(s: &Section<'_, '_>, p: &mut Problems<'_>) -> At<Retry> {
    let Some(s) = s.table("retry", "a retry", keys::RETRY, p) else {
        return At { value: Retry::NEVER, at: s.at() };
    };
    let wait = s.or("wait", Wait::Exponential, p, read::one_of(WAIT));
    let base = s.or("base", Span::from_millis(500), p, read::span(Span(1)));
    let cap = s.optional("cap", p, read::span(Span(1)));
    if let Some(cap) = cap.as_ref().filter(|cap| cap.value < base) {
        p.add(
            cap.at.start,
            format!("`cap` is the longest wait and must be at least `base`, {base}; it is {}", cap.value),
        );
    }
    let retry = Retry {
        attempts: s.or("attempts", 3, p, read::whole(1..=1_000)) as u32,
        wait,
        base,
        factor: s.or("factor", 2, p, read::whole(1..=1_000)) as u32,
        cap: cap.map_or(base.max(Span::from_millis(20_000)), |cap| cap.value),
        jitter: s.or("jitter", Jitter::None, p, read::one_of(JITTER)),
    };
    At { value: retry, at: s.at() }
}

impl RelayEntry {
    fn of(s: &Section<'_, '_>, p: &mut Problems<'_>) -> RelayEntry {
        let mut finds = s.optional("finds", p, read::one_of(READING));
        if let Some(wait) = s.optional("gap-wait", p, read::span(MILLI)) {
            match &mut finds {
                Some(At { value: Reading::GapWait(span), .. }) => *span = wait.value,
                _ => p.add(wait.at.start, "`gap-wait` needs finds = \"gap-wait\" beside it".to_owned()),
            }
        }
        RelayEntry {
            name: s.name("name", p),
            reads: s.name("reads", p),
            finds: finds.unwrap_or(At { value: Reading::Unsent, at: s.at() }),
            lock: s.or("lock", Locking::None, p, read::one_of(LOCKING)),
            every: s.or("every", Span::from_millis(500), p, read::span(MILLI)),
            batch: s.or("batch", 10, p, read::whole(1..=10_000)) as u32,
            mark: s.or("mark", Marking::PerRow, p, read::one_of(MARKING)),
            on_failure: s.or("on-failure", OnFailure::Stop, p, read::one_of(ON_FAILURE)),
            sent_rows: s.or("sent-rows", SentRows::Keep, p, sent_rows),
            step: s.or("step", STEP, p, read::range(Span::ZERO)),
            confirm: s.or("confirm", CONFIRM, p, read::span(MILLI)),
            restart: s.or("restart", Some(RESTART), p, read::span_or("never")),
            latency: s.optional("latency", p, read::range(Span(1))).map(|found| found.value),
        }
    }
}

/// The words of `inbox`, beside `true` and `false`.
pub const INBOXES: &[(&str, Inbox)] = &[
    ("id-then-effect", Inbox::IdThenEffect),
    ("effect-then-id", Inbox::EffectThenId),
    ("store-first", Inbox::StoreFirst),
    ("id-last", Inbox::IdsLast),
    ("not-needed", Inbox::NotNeeded),
];

/// The words of `inbox-key`.
pub const INBOX_KEYS: &[(&str, InboxKey)] =
    &[("message-id", InboxKey::MessageId), ("business-key", InboxKey::BusinessKey)];

/// `true`, `false`, or a way to keep an inbox.
fn inbox(value: &DeValue<'_>) -> Result<Inbox, String> {
    match value.as_bool() {
        Some(true) => Ok(Inbox::Ids),
        Some(false) => Ok(Inbox::None),
        None => read::one_of(INBOXES)(value).map_err(|what| format!("{what} (or true or false)")),
    }
}

/// `keep`, `delete`, or how long after the mark a row is deleted.
fn sent_rows(value: &DeValue<'_>) -> Result<SentRows, String> {
    match value.as_str() {
        Some("keep") => Ok(SentRows::Keep),
        Some("delete") => Ok(SentRows::Delete),
        _ => read::span(MILLI)(value)
            .map(SentRows::DeleteAfter)
            .map_err(|what| format!("{what} (or \"keep\" or \"delete\")")),
    }
}

impl QueueEntry {
    fn of(s: &Section<'_, '_>, p: &mut Problems<'_>) -> QueueEntry {
        QueueEntry {
            name: s.name("name", p),
            durable: s.or("durable", true, p, read::flag),
            dead_letters: s.or("dead-letters", false, p, read::flag),
            limits: LimitsEntry::read(s, p),
            poll: PollEntry::of(s, p),
        }
    }
}

impl ConsumerEntry {
    fn of(s: &Section<'_, '_>, p: &mut Problems<'_>) -> ConsumerEntry {
        ConsumerEntry {
            name: s.name("name", p),
            did: s.or("did", "handled {}".to_owned(), p, read::text),
            effects: s.or("effects", "effects".to_owned(), p, read::text),
            queue: s.optional("queue", p, read::text),
            workers: s.or("workers", 1, p, read::whole(1..=50)) as u8,
            prefetch: s.optional("prefetch", p, read::whole(0..=10_000)),
            handler: s.or("handler", HANDLER, p, read::range(Span::ZERO)),
            step: s.or("step", STEP, p, read::range(Span::ZERO)),
            ack: s.or("ack", AckTime::AfterEffect, p, read::one_of(ACK)),
            inbox: s.or("inbox", Inbox::None, p, inbox),
            window: s.optional("inbox-window", p, read::span_or("for-ever")),
            inbox_key: s.optional("inbox-key", p, read::one_of(INBOX_KEYS)),
            unwraps: s.or("unwraps", false, p, read::flag),
            on_error: s.optional("on-error", p, read::one_of(ON_ERROR)),
            restart: s.or("restart", Some(RESTART), p, read::span_or("never")),
            latency: s.optional("latency", p, read::range(Span(1))).map(|found| found.value),
            polling: PollingEntry::of(s, p),
        }
    }
}
