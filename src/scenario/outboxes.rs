//! Do outboxes and relays fit each other?

use super::file::{File, RelayEntry};
use super::problem::{Problems, quoted};
use crate::broker::setup::{Locking, OnFailure, Publishing, Reading, SentRows, Setup};

/// An outbox needs a relay that empties it, and a relay an outbox to read.
pub(super) fn check_outboxes(file: &File, setup: &Setup, p: &mut Problems<'_>) {
    let known = |relay: &RelayEntry| file.services.iter().any(|entry| entry.name.value == relay.reads.value);
    // One that reads from nobody may be meant for any of them.
    let all_known = file.relays.iter().all(known);
    for (entry, service) in file.services.iter().zip(&setup.services) {
        let read = file.relays.iter().any(|relay| relay.reads.value == entry.name.value);
        if service.has_outbox() && !read && all_known {
            let name = quoted(&entry.name.value);
            let by_message = entry.messages.iter().map(|message| &message.outbox).find(|outbox| outbox.value);
            let at = match entry.publish.value {
                Publishing::Outbox => &entry.publish.at,
                _ => by_message.map_or(&entry.publish.at, |outbox| &outbox.at),
            };
            p.add(
                at.start,
                format!(
                    "nobody empties the outbox of {name}; add a [[relay]] with reads = \"{}\"",
                    entry.name.value
                ),
            );
        }
    }
    for (entry, relay) in file.relays.iter().zip(&setup.relays) {
        let Some(service) = setup.services.get(relay.service as usize) else { continue };
        if service.name == entry.reads.value && !service.has_outbox() {
            let name = quoted(&service.name);
            p.add(
                entry.reads.at.start,
                format!("{name} has no outbox to read; give it publish = \"outbox\""),
            );
        }
    }
    for entry in &file.relays {
        check_position(entry, file, p);
    }
}

/// A relay that keeps a position reads alone and in order: it has nothing by which it could come back to a row.
fn check_position(entry: &RelayEntry, file: &File, p: &mut Problems<'_>) {
    if entry.finds.value == Reading::Unsent {
        return;
    }
    let name = quoted(&entry.name.value);
    let mut wrong = |what: &str, instead: &str| {
        p.add(entry.finds.at.start, format!("{name} keeps a position: {what}; {instead}"));
    };
    if file.relays.iter().filter(|other| other.reads.value == entry.reads.value).count() > 1 {
        wrong("no other relay can read the same outbox", "let them find \"unsent\" rows");
    }
    if entry.lock != Locking::None {
        wrong("it has no rows to lock", "leave `lock` out");
    }
    if entry.on_failure != OnFailure::Stop {
        wrong("it cannot come back to a row that failed", "leave `on-failure` out: it stops there");
    }
    if entry.sent_rows != SentRows::Keep {
        wrong("it marks no rows", "leave `sent-rows` out");
    }
}
