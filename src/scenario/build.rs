//! What does a scenario file mean? Every name looked up, every number held against the others: a [`Scenario`],
//! or all that is wrong.

use super::calls::{Doors, check_bounds, check_calls};
use super::catalogue;
use super::change::MOST_FAULTS;
use super::file::{ConsumerEntry, File, QueueEntry, RelayEntry, ServiceEntry};
use super::nearest::unknown;
use super::outboxes::check_outboxes;
use super::polling;
use super::problem::{At, Problem, Problems, quoted};
use super::ready::Scenario;
use super::spec::{parse_fault, parse_operator};
use crate::broker::limits::MOST_DEAD_LETTERING;
use crate::broker::routing::Limits;
use crate::broker::setup::{
    Bounds, Consumer, InboxKey, MessageKind, OnError, OnSendFailure, Publishing, Queue, Relay, Serialization,
    Service, Setup, Target,
};
use crate::check::promise::{Promise, When};
use crate::sim::time::{Instant, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most messages that one unit of work sends.
pub const MOST_MESSAGES: usize = 50;
/// The most messages that all services send in one run.
pub const MOST_IN_ALL: usize = 10_000_000;
/// The most topics, and the most queues.
pub const MOST_PLACES: usize = 200;

impl Scenario {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file.
    pub fn read(id: &str, text: &str) -> Result<Scenario, Vec<Problem>> {
        let mut problems = Problems::new(text);
        let file = File::read(text, &mut problems).filter(|file| check_sizes(file, &mut problems));
        let scenario = file.map(|file| build(id, &file, &mut problems));
        match scenario {
            Some(scenario) if problems.is_empty() => Ok(scenario),
            _ => Err(problems.into_found()),
        }
    }
}

/// The names of a kind of thing, with their places in the list.
pub(super) struct Names<'f>(Vec<&'f str>);

impl<'f> Names<'f> {
    pub(super) fn of(names: impl Iterator<Item = &'f At<String>>) -> Names<'f> {
        Names(names.map(|name| name.value.as_str()).collect())
    }

    /// The place of a name; none for an unknown one, which is a problem. Empty names were reported before.
    pub(super) fn look_up(&self, name: &At<String>, what: &str, p: &mut Problems<'_>) -> Option<u8> {
        let found = self.0.iter().position(|known| *known == name.value);
        if found.is_none() && !name.value.is_empty() && !p.is_full() {
            p.add(name.at.start, unknown(what, &name.value, &format!("{what}s here"), &self.0));
        }
        // Lists longer than a byte can count are problems of their own.
        found.map(|found| found as u8)
    }

    /// The same where something must stand: 0 for an unknown one.
    pub(super) fn find(&self, name: &At<String>, what: &str, p: &mut Problems<'_>) -> u8 {
        self.look_up(name, what, p).unwrap_or(0)
    }
}

fn build(id: &str, file: &File, p: &mut Problems<'_>) -> Scenario {
    check_names(file, p);
    let topics = Names::of(file.routes.names());
    let queues = Names::of(file.queues.iter().map(|queue| &queue.name));
    let services = Names::of(file.services.iter().map(|service| &service.name));
    let doors = Doors::of(file);
    if file.services.is_empty() {
        p.add(0, "there is no service, so nothing would happen; add one that begins with [[service]]");
    }
    let mut setup = Setup {
        services: file
            .services
            .iter()
            .map(|entry| service(entry, file, &topics, &queues, &doors, p))
            .collect(),
        relays: file.relays.iter().map(|entry| relay(entry, file, &services, p)).collect(),
        broker: file.broker.value.clone(),
        topics: Vec::new(),
        queues: Vec::new(),
        consumers: file.consumers.iter().map(|entry| consumer(entry, file, &queues, &doors, p)).collect(),
        limit: Instant(file.until.0),
        faults: Vec::new(),
        operator: Vec::new(),
        bounds: Bounds { answer: file.answers_within, done: file.done_within },
    };
    setup.topics = file.routes.build(&queues, p);
    for entry in &file.queues {
        let name = entry.name.value.clone();
        let limits = entry.limits.build(&file.routes, p);
        let poll = polling::poll(entry, file, &queues, p);
        if poll.is_some() && entry.limits.is_there() {
            let how = "`ttl`, `max-length`, `overflow`, `delivery-limit` and `dead-letter-exchange` are of a queue that pushes; a polled one has `dead-letter` and `max-receives`";
            p.add(entry.name.at.start, how);
        }
        let (durable, dead_letters) = (entry.durable, entry.dead_letters);
        setup.queues.push(Queue { name, durable, dead_letters, limits, poll, door: false });
    }
    for name in doors.names() {
        let (name, limits) = (name.value.clone(), Limits::default());
        setup.queues.push(Queue { name, durable: true, dead_letters: false, limits, poll: None, door: true });
    }
    polling::check(file, &setup, p);
    if file.parties_are_right {
        check_outboxes(file, &setup, p);
        check_sending(file, &setup, p);
        check_calls(file, p);
        check_bounds(file, p);
        lay_faults(file, &mut setup, p);
    }
    if let Some(name) = &file.counterpart {
        let known = catalogue::ids();
        if !known.contains(&name.value.as_str()) {
            p.add(name.at.start, unknown("scenario", &name.value, "scenarios", known));
        }
    }
    let keeps = promises(&file.keeps, false, p);
    let breaks = promises(&file.breaks, false, p);
    for name in &file.breaks {
        if file.keeps.iter().any(|kept| kept.value == name.value) {
            p.add(name.at.start, format!("{} is kept and broken at once", quoted(&name.value)));
        }
    }
    Scenario {
        id: id.to_owned(),
        title: file.title.clone(),
        group: file.group.clone(),
        shows: file.shows.clone(),
        counterpart: file.counterpart.as_ref().map(|name| name.value.clone()),
        part: file.part,
        measure: file.measure,
        seed: file.seed,
        setup: Arc::new(setup),
        keeps,
        breaks,
        reaches: promises(&file.reaches, true, p),
    }
}

/// Whether there are no more of anything than fit: only then is the rest worth a look.
fn check_sizes(file: &File, p: &mut Problems<'_>) -> bool {
    let mut fits = true;
    let workers: usize = file.consumers.iter().map(|entry| usize::from(entry.workers)).sum();
    let places = file.queues.len() + file.consumers.iter().filter(|entry| entry.queue.is_none()).count();
    let messages = |entry: &ServiceEntry| u64::from(entry.orders) * entry.messages.len() as u64;
    // A count is 32 bits wide in the page.
    let messages = file.services.iter().map(messages).sum::<u64>().min(u64::from(u32::MAX));
    let sizes = [
        (
            "parties (each worker is one)",
            file.services.len() + file.relays.len() + 1 + workers,
            Setup::MAX_ACTORS,
        ),
        ("topics and exchanges", file.routes.names().count(), MOST_PLACES),
        ("queues (a consumer without one counts)", places, MOST_PLACES),
        ("subscriptions and bindings", file.routes.links(), MOST_PLACES * 10),
        (
            "queues with a dead-letter-exchange",
            file.queues.iter().filter(|entry| entry.limits.has_exchange()).count(),
            MOST_DEAD_LETTERING,
        ),
        ("faults", file.faults.len(), MOST_FAULTS),
        ("acts of the operator", file.operator.len(), MOST_FAULTS),
        ("messages in all", messages as usize, MOST_IN_ALL),
    ];
    for (what, count, most) in sizes {
        if count > most {
            fits = false;
            p.add(0, format!("there are {count} {what}; at most {most} fit"));
        }
    }
    for entry in file.services.iter().filter(|entry| entry.messages.len() > MOST_MESSAGES) {
        fits = false;
        p.add(entry.name.at.start, format!("a unit of work sends at most {MOST_MESSAGES} messages"));
    }
    fits
}

/// Holds every name against the rules and the others.
fn check_names(file: &File, p: &mut Problems<'_>) {
    let mut names: Vec<(&str, String, &At<String>)> = Vec::new();
    names.extend(file.services.iter().map(|entry| ("a service", entry.name.value.clone(), &entry.name)));
    names.extend(file.relays.iter().map(|entry| ("a relay", entry.name.value.clone(), &entry.name)));
    names.push(("the broker", file.broker.value.clone(), &file.broker));
    let topics = file.routes.topics.iter().map(|entry| ("a topic", &entry.name));
    let exchanges = file.routes.exchanges.iter().map(|(name, _)| ("an exchange", name));
    names.extend(topics.chain(exchanges).map(|(what, name)| (what, name.value.clone(), name)));
    names.extend(file.queues.iter().map(|entry| ("a queue", entry.name.value.clone(), &entry.name)));
    for entry in &file.consumers {
        names.push(("a consumer", entry.name.value.clone(), &entry.name));
        for worker in 1..=entry.workers {
            if entry.workers > 1 {
                names.push(("a worker", format!("{}-{worker}", entry.name.value), &entry.name));
            }
        }
    }
    let mut taken: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for (what, name, at) in names {
        if name.is_empty() {
            continue;
        }
        if what != "a worker" && !is_name(&name) {
            p.add(
                at.at.start,
                format!(
                    "{} is not a name; a name begins with a letter and goes on with letters, digits, `-` or `_`, at most {LONGEST_NAME}",
                    quoted(&name)
                ),
            );
        }
        if let Some((other, first)) = taken.get(&name) {
            // The broker has its name by default, and then no line.
            let line =
                if *other == "the broker" { String::new() } else { format!(" (line {})", p.place(*first).0) };
            p.add(at.at.start, format!("{what} cannot be called {}: {other} is{line}", quoted(&name)));
        } else {
            taken.insert(name, (what, at.at.start));
        }
    }
}

const LONGEST_NAME: usize = 30;

fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(char::is_alphabetic)
        && letters.all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        && name.chars().count() <= LONGEST_NAME
}

fn service(
    entry: &ServiceEntry,
    file: &File,
    topics: &Names<'_>,
    queues: &Names<'_>,
    doors: &Doors<'_>,
    p: &mut Problems<'_>,
) -> Service {
    let mut messages = Vec::new();
    for message in &entry.messages {
        let to = &message.to.value;
        if entry.publish.value == Publishing::Call {
            let target = doors.called(&message.to, file, p);
            let (name, routing) = (message.name.clone(), message.routing.clone());
            messages.push(MessageKind { name, target, routing, delay: None, ttl: None, outbox: false });
            continue;
        }
        let target = match topics.0.iter().position(|topic| topic == to) {
            Some(topic) => Target::Topic(topic as u8),
            None if queues.0.contains(&to.as_str()) || topics.0.is_empty() || to.is_empty() => {
                Target::Queue(queues.find(&message.to, "queue", p))
            }
            None => {
                let known: Vec<&str> = topics.0.iter().chain(&queues.0).copied().collect();
                p.add(message.to.at.start, unknown("topic or queue", to, "topics and queues here", &known));
                Target::Queue(0)
            }
        };
        let span = |found: &Option<At<Span>>| found.as_ref().map(|found| found.value);
        let (delay, ttl) = (span(&message.delay), span(&message.ttl));
        let (name, routing, outbox) = (message.name.clone(), message.routing.clone(), message.outbox.value);
        messages.push(MessageKind { name, target, routing, outbox, delay, ttl });
    }
    if messages.is_empty() {
        let how = "messages = [{ name = \"order placed\", to = \"mails\" }]";
        p.add(entry.name.at.start, format!("{} sends nothing; add {how}", quoted(&entry.name.value)));
    }
    Service {
        name: entry.name.value.clone(),
        noun: entry.noun.clone(),
        items: entry.items.clone(),
        count: entry.orders,
        first: Instant(entry.first.0),
        every: entry.every,
        keys: entry.keys,
        at_once: entry.at_once,
        publishing: entry.publish.value,
        serialization: match entry.publish.value {
            // That is what the collector is for.
            Publishing::CollectBeforeCommit | Publishing::CollectAfterCommit => Serialization::AllFirst,
            _ => entry.serialize,
        },
        messages,
        answers: entry.answers,
        step: entry.step,
        confirm: entry.confirm,
        retry: entry.retry.value,
        on_failure: entry.on_failure.value,
        new_ids: entry.new_ids.value,
        restart: entry.restart,
        latency: entry.latency.unwrap_or(file.latency),
    }
}

fn relay(entry: &RelayEntry, file: &File, services: &Names<'_>, p: &mut Problems<'_>) -> Relay {
    Relay {
        name: entry.name.value.clone(),
        service: services.find(&entry.reads, "service", p),
        reading: entry.finds.value,
        locking: entry.lock,
        interval: entry.every,
        batch: entry.batch,
        marking: entry.mark,
        on_failure: entry.on_failure,
        sent_rows: entry.sent_rows,
        step: entry.step,
        confirm: entry.confirm,
        restart: entry.restart,
        latency: entry.latency.unwrap_or(file.latency),
    }
}

fn consumer(
    entry: &ConsumerEntry,
    file: &File,
    queues: &Names<'_>,
    doors: &Doors<'_>,
    p: &mut Problems<'_>,
) -> Consumer {
    let takes = |queue: &QueueEntry| entry.queue.as_ref().is_some_and(|name| name.value == queue.name.value);
    let polled = file.queues.iter().any(|queue| takes(queue) && queue.poll.model);
    let on_error = if polled { OnError::Leave } else { OnError::Requeue };
    let window = entry.window.as_ref().filter(|window| window.value.is_some());
    if let Some(window) = window.filter(|_| !entry.inbox.is_kept()) {
        let how = "write inbox = true, or leave `inbox-window` out";
        p.add(
            window.at.start,
            format!("{} keeps no ids that it could forget; {how}", quoted(&entry.name.value)),
        );
    }
    let by_key = entry.inbox_key.as_ref().filter(|key| key.value == InboxKey::BusinessKey);
    if let Some(key) = by_key.filter(|_| !entry.inbox.is_kept()) {
        let how = "write inbox = true, or leave `inbox-key` out";
        p.add(
            key.at.start,
            format!("{} keeps nothing by which it could know a repeat; {how}", quoted(&entry.name.value)),
        );
    }
    Consumer {
        name: entry.name.value.clone(),
        did: entry.did.clone(),
        effects: entry.effects.clone(),
        queue: match &entry.queue {
            Some(queue) => queues.find(queue, "queue", p),
            None => doors.find(&entry.name.value).unwrap_or(0),
        },
        workers: entry.workers,
        prefetch: entry.prefetch.as_ref().map_or(1, |prefetch| prefetch.value as u16),
        handler: entry.handler,
        step: entry.step,
        ack: entry.ack,
        inbox: entry.inbox,
        window: window.and_then(|window| window.value),
        inbox_key: entry.inbox_key.as_ref().map_or(InboxKey::MessageId, |key| key.value),
        unwraps: entry.unwraps,
        on_error: entry.on_error.as_ref().map_or(on_error, |on_error| on_error.value),
        restart: entry.restart,
        latency: entry.latency.unwrap_or(file.latency),
        polling: entry.polling.polling(),
    }
}

/// Who tries again must learn that it failed, and who parks needs a table for it.
fn check_sending(file: &File, setup: &Setup, p: &mut Problems<'_>) {
    for (entry, service) in file.services.iter().zip(&setup.services) {
        let name = quoted(&entry.name.value);
        if !service.has_database() {
            for message in entry.messages.iter().filter(|message| message.outbox.value) {
                let what = format!("{name} has no database, and so no outbox; give it another `publish`");
                p.add(message.outbox.at.start, what);
            }
            if service.on_failure == OnSendFailure::Park {
                let what = format!("{name} has no database to park a message in; give it another `publish`");
                p.add(entry.on_failure.at.start, what);
            }
        }
        if service.retry.attempts > 1 && service.confirm.is_none() {
            let what = format!(
                "{name} does not wait for the broker's word, so it never knows that it should try again; give it a `confirm`"
            );
            p.add(entry.retry.at.start, what);
        }
        if service.has_database() && !service.sends_itself() {
            let own = "sends nothing itself: the relay of its outbox does, and tries until the broker has it";
            if service.retry.attempts > 1 {
                p.add(entry.retry.at.start, format!("{name} {own}"));
            }
            if service.on_failure != OnSendFailure::Fail {
                p.add(entry.on_failure.at.start, format!("{name} {own}"));
            }
            if service.new_ids {
                p.add(entry.new_ids.at.start, format!("{name} {own}, with the id of the row"));
            }
        }
    }
}

fn lay_faults(file: &File, setup: &mut Setup, p: &mut Problems<'_>) {
    let cast = setup.cast();
    let mut faults = Vec::new();
    for spec in file.faults.iter().take(MOST_FAULTS) {
        match parse_fault(&spec.value, &cast, setup) {
            Ok(fault) => faults.push(fault),
            Err(error) => p.add(p.inside(spec, error.at), error.what),
        }
    }
    setup.faults = faults;
    let mut acts = Vec::new();
    for spec in file.operator.iter().take(MOST_FAULTS) {
        match parse_operator(&spec.value, &cast, setup) {
            Ok(act) => acts.push(act),
            Err(error) => p.add(p.inside(spec, error.at), error.what),
        }
    }
    setup.operator = acts;
}

/// The promises of those names; facts that a run reaches where `reach`, promises that it keeps or breaks where not.
fn promises(names: &[At<String>], reach: bool, p: &mut Problems<'_>) -> Vec<Promise> {
    let fits = |promise: &Promise| (promise.when() == When::Sometimes) == reach;
    let mut found = Vec::new();
    for name in names {
        let what = match Promise::of(&name.value) {
            Some(promise) if found.contains(&promise) => format!("{} stands here twice", quoted(&name.value)),
            Some(promise) if fits(&promise) => {
                found.push(promise);
                continue;
            }
            Some(_) if reach => {
                format!(
                    "{} is a promise, kept or broken; it belongs under keeps or breaks",
                    quoted(&name.value)
                )
            }
            Some(_) => {
                format!("{} is a fact that a run reaches; it belongs under reaches", quoted(&name.value))
            }
            None => {
                let known: Vec<&str> =
                    Promise::ALL.iter().filter(|it| fits(it)).map(|it| it.name()).collect();
                unknown("promise", &name.value, if reach { "facts" } else { "promises" }, &known)
            }
        };
        p.add(name.at.start, what);
    }
    found
}
