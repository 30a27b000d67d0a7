//! Who is called directly, and who waits for an answer? What a file says about that, held together.

use super::file::{File, ServiceEntry};
use super::nearest::unknown;
use super::problem::{At, Problems, quoted};
use crate::broker::setup::{Publishing, Target};
use crate::check::promise::Promise;

/// The consumers that are called: each has a door, behind the queues.
pub(super) struct Doors<'f> {
    names: Vec<&'f At<String>>,
    first: usize,
}

impl<'f> Doors<'f> {
    pub(super) fn of(file: &'f File) -> Doors<'f> {
        let called = file.consumers.iter().filter(|entry| entry.queue.is_none());
        Doors { names: called.map(|entry| &entry.name).collect(), first: file.queues.len() }
    }

    /// Their names, in the order of their doors.
    pub(super) fn names(&self) -> impl Iterator<Item = &'f At<String>> + '_ {
        self.names.iter().copied()
    }

    pub(super) fn find(&self, name: &str) -> Option<u8> {
        let at = self.names.iter().position(|known| known.value == name)?;
        // More than a byte can count are a problem of their own.
        Some((self.first + at) as u8)
    }

    /// Where a call to that name goes.
    pub(super) fn called(&self, to: &At<String>, file: &File, p: &mut Problems<'_>) -> Target {
        let door = self.find(&to.value);
        if door.is_none() && !to.value.is_empty() && !p.is_full() {
            let known: Vec<&str> = self.names.iter().map(|name| name.value.as_str()).collect();
            let reads = file.consumers.iter().any(|entry| entry.name.value == to.value);
            let what = match reads {
                true => {
                    format!("{} takes from a queue; a consumer that is called has none", quoted(&to.value))
                }
                false => unknown("consumer", &to.value, "consumers that can be called", &known),
            };
            p.add(to.at.start, what);
        }
        Target::Queue(door.unwrap_or(0))
    }
}

/// Who is called waits for no queue, and who calls waits for a reply.
pub(super) fn check_calls(file: &File, p: &mut Problems<'_>) {
    let calls: Vec<&ServiceEntry> =
        file.services.iter().filter(|entry| entry.publish.value == Publishing::Call).collect();
    for entry in file.consumers.iter().filter(|entry| entry.queue.is_none()) {
        let name = quoted(&entry.name.value);
        let called = calls.iter().flat_map(|service| &service.messages);
        if !called.into_iter().any(|message| message.to.value == entry.name.value) {
            let how = "give it a `queue`, or call it from a service with publish = \"call\"";
            p.add(entry.name.at.start, format!("nothing comes to {name}; {how}"));
        } else if entry.workers > 1 {
            let why = "a consumer that is called is one party; workers share the work of a queue";
            p.add(entry.name.at.start, format!("{name} has {} workers: {why}", entry.workers));
        }
    }
    for entry in calls.iter().filter(|entry| entry.confirm.is_none()) {
        let what = "who calls waits for the reply: `confirm` says how long, and cannot be \"none\"";
        p.add(entry.publish.at.start, what);
    }
}

/// A promise in time needs a bound, and one about answers somebody who waits for them.
pub(super) fn check_bounds(file: &File, p: &mut Problems<'_>) {
    for name in file.keeps.iter().chain(&file.breaks) {
        let bound = match Promise::of(&name.value) {
            Some(Promise::AnswersInTime) if file.answers_within.is_none() => "answers-within = \"500ms\"",
            Some(Promise::DoneInTime) if file.done_within.is_none() => "done-within = \"10s\"",
            _ => continue,
        };
        p.add(name.at.start, format!("{} needs a time; add {bound}", quoted(&name.value)));
    }
    for name in file.keeps.iter().chain(&file.breaks) {
        let asked =
            matches!(Promise::of(&name.value), Some(Promise::AnswersInTime | Promise::NoRequestFails));
        if asked && !file.services.iter().any(|entry| entry.answers) {
            let what = format!("nobody waits for an answer, so {} says nothing", quoted(&name.value));
            p.add(name.at.start, format!("{what}; give a service answers = true"));
        }
    }
}
