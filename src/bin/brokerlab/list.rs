//! What is there? The catalogue, and what one scenario holds.

use crate::style::{Style, wrapped};
use brokerlab::broker::routing::TopicKind;
use brokerlab::broker::setup::{AckTime, Inbox, Publishing, Role, Setup, Target};
use brokerlab::check::promise::Promise;
use brokerlab::scenario::steps::{packets_of, steps_of};
use brokerlab::scenario::words::seed_words;
use brokerlab::scenario::write::write_fault;
use brokerlab::scenario::{Part, Scenario, catalogue as known};
use std::io::{self, Write};

/// Every scenario under its heading, with its counterpart.
pub fn catalogue(out: &mut impl Write, style: Style) -> io::Result<()> {
    let mut group = "";
    let widest = known::scenarios().iter().map(|scenario| scenario.id.len()).max().unwrap_or(0);
    for scenario in known::scenarios() {
        if scenario.group != group {
            let gap = if group.is_empty() { "" } else { "\n" };
            writeln!(out, "{gap}{}", style.bold(&scenario.group))?;
            group = &scenario.group;
        }
        writeln!(out, "  {:<widest$}  {}", scenario.id, scenario.title)?;
        if let Some(part) = part(scenario) {
            writeln!(out, "  {:<widest$}  {}", "", style.dim(&part))?;
        }
    }
    writeln!(out, "\n{}", style.dim("brokerlab run NAME tells what happens and why."))
}

/// `naive; outbox-polling-relay repairs it`; nothing for a plain scenario.
pub fn part(scenario: &Scenario) -> Option<String> {
    let other = scenario.counterpart.as_deref();
    match (scenario.part, other) {
        (Part::Plain, _) => None,
        (Part::Naive, Some(other)) => Some(format!("naive; {other} repairs it")),
        (Part::Naive, None) => Some("naive".to_owned()),
        (Part::Repaired, Some(other)) => Some(format!("repaired; {other} is the naive one")),
        (Part::Repaired, None) => Some("repaired".to_owned()),
    }
}

/// What one scenario holds.
pub fn contents(out: &mut impl Write, style: Style, scenario: &Scenario) -> io::Result<()> {
    writeln!(out, "{}", style.bold(&scenario.title))?;
    if let Some(part) = part(scenario) {
        writeln!(out, "{}", style.dim(&part))?;
    }
    for line in wrapped(&scenario.shows, 0).iter().filter(|line| !line.is_empty()) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    let mut row = |name: &str, text: &str| -> io::Result<()> {
        for (n, line) in wrapped(text, 12).iter().enumerate() {
            writeln!(out, "{:<10}  {line}", if n == 0 { name } else { "" })?;
        }
        Ok(())
    };
    let setup = &*scenario.setup;
    for (name, text) in parts(setup) {
        row(name, &text)?;
    }
    let number = scenario.seed.to_string();
    row("seed", &seed_words(scenario.seed).map_or(number.clone(), |words| format!("{words} ({number})")))?;
    row("until", &setup.limit.to_string())?;
    let cast = setup.cast();
    for fault in &setup.faults {
        row("fault", &write_fault(fault, &cast))?;
    }
    let mut promises = |name: &str, promises: &[Promise]| -> io::Result<()> {
        match names(promises.iter().map(|promise| promise.name())) {
            text if text.is_empty() => Ok(()),
            text => row(name, &text),
        }
    };
    promises("keeps", &scenario.keeps)?;
    promises("breaks", &scenario.breaks)?;
    promises("reaches", &scenario.reaches)?;
    writeln!(out, "\nWhere faults can strike, party by party:")?;
    for actor in &cast.actors {
        let steps = names(steps_of(actor.role, setup).into_iter().map(|step| step.name()));
        writeln!(out, "  {}: steps {steps}", actor.name)?;
        let packets = names(packets_of(actor.role, setup).into_iter().map(|kind| kind.name()));
        if !packets.is_empty() && actor.role != Role::Broker {
            writeln!(out, "  {:>width$}  packets {packets}", "", width = actor.name.chars().count())?;
        }
    }
    Ok(())
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// A word and a line for each part of the world.
fn parts(setup: &Setup) -> Vec<(&'static str, String)> {
    let mut parts = Vec::new();
    for service in &setup.services {
        let how = match service.publishing {
            Publishing::Plain => "no database, only produces",
            Publishing::BeforeCommit => "publishes before the commit",
            Publishing::AfterCommit => "publishes after the commit",
            Publishing::Outbox => "publishes through its outbox",
            Publishing::InHandler => "publishes in the handler as it goes",
            Publishing::CollectBeforeCommit => "collects, publishes before the commit",
            Publishing::CollectAfterCommit => "collects, publishes after the commit",
            Publishing::Call => "calls, and commits after the reply",
        };
        let sends = service.messages.iter().map(|message| {
            let to = match message.target {
                Target::Topic(topic) => &setup.topics[topic as usize].name,
                Target::Queue(queue) => &setup.queues[queue as usize].name,
            };
            format!("“{}” to {to}", message.name)
        });
        let sends = sends.collect::<Vec<_>>().join(", ");
        let (name, count, noun) = (&service.name, service.count, &service.noun);
        parts.push(("service", format!("{name}: {count} × {noun}; {how}; sends {sends}")));
    }
    for relay in &setup.relays {
        let service = &setup.services[relay.service as usize].name;
        parts.push((
            "relay",
            format!("{}: reads the outbox of {service} every {}", relay.name, relay.interval),
        ));
    }
    if setup.uses_broker() {
        parts.push(("broker", setup.broker.clone()));
    }
    for topic in &setup.topics {
        let queues = topic.all_queues();
        let queues = names(queues.iter().map(|&queue| setup.queues[queue as usize].name.as_str()));
        let queues = if queues.is_empty() {
            "nobody has subscribed".to_owned()
        } else {
            format!("copies to {queues}")
        };
        let what = if topic.kind == TopicKind::Topic { "topic" } else { "exchange" };
        parts.push((what, format!("{}: {queues}", topic.name)));
    }
    for queue in setup.queues.iter().filter(|queue| !queue.door) {
        let durable = if queue.durable { "durable" } else { "not durable" };
        let dead = if queue.dead_letters { ", with dead letters" } else { "" };
        parts.push(("queue", format!("{}: {durable}{dead}", queue.name)));
    }
    for consumer in &setup.consumers {
        let queue = &setup.queues[consumer.queue as usize];
        let reads = if queue.door { "is called".to_owned() } else { format!("reads {}", queue.name) };
        let workers =
            if consumer.workers > 1 { format!("{} workers; ", consumer.workers) } else { String::new() };
        let ack = match consumer.ack {
            _ if queue.door => "replies when it is done",
            AckTime::AfterEffect => "acknowledges after the effect",
            AckTime::BeforeEffect => "acknowledges before the effect",
        };
        let inbox = match consumer.inbox {
            Inbox::None => "",
            Inbox::Ids => "; with an inbox",
            Inbox::IdThenEffect => "; with an inbox, the id first",
            Inbox::EffectThenId => "; with an inbox, the effect first",
            Inbox::StoreFirst => "; stores first",
            Inbox::IdsLast => "; with an inbox, the id last",
            Inbox::NotNeeded => "; sets a value, so a repeat changes nothing",
        };
        parts.push(("consumer", format!("{}: {workers}{reads}; {ack}{inbox}", consumer.name)));
    }
    parts
}
