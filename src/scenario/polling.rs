//! What does a file say about polling? The keys of a polled queue and of its consumers: read, and held against what
//! kind of queue it is.

use super::build::Names;
use super::file::{File, MODEL, QUEUE_ORDER, QueueEntry};
use super::problem::{At, Problems, quoted};
use super::read::{self, Section};
use crate::broker::poll::{LONGEST_DELAY, LONGEST_VISIBILITY};
use crate::broker::setup::{OnError, Poll, Polling, QueueOrder, Setup, Target};
use crate::sim::time::Span;

/// The longest that a poll waits (R21).
pub const LONGEST_WAIT: Span = Span::from_millis(20_000);
/// How long a received message is hidden, unless the file says otherwise (R14).
const VISIBILITY: Span = Span::from_millis(30_000);
/// After how many receives a message is moved, where a dead-letter queue is named and no number (R47).
const MAX_RECEIVES: u16 = 10;

/// What a `[[queue]]` says about polling; the keys as in the file.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct PollEntry {
    pub model: bool,
    pub visibility: Option<At<Span>>,
    pub delay: Option<At<Span>>,
    pub wait: Option<At<Span>>,
    pub max_receives: Option<At<u64>>,
    pub dead_letter: Option<At<String>>,
    pub order: Option<At<QueueOrder>>,
}

impl PollEntry {
    pub(super) fn of(s: &Section<'_, '_>, p: &mut Problems<'_>) -> PollEntry {
        PollEntry {
            model: s.or("model", false, p, read::one_of(MODEL)),
            visibility: s.optional("visibility", p, read::span_up_to(LONGEST_VISIBILITY)),
            delay: s.optional("delay", p, read::span_up_to(LONGEST_DELAY)),
            wait: s.optional("wait", p, read::span_up_to(LONGEST_WAIT)),
            max_receives: s.optional("max-receives", p, read::whole(1..=1_000)),
            dead_letter: s.optional("dead-letter", p, read::text),
            order: s.optional("order", p, read::one_of(QUEUE_ORDER)),
        }
    }
}

impl PollEntry {
    fn is_fifo(&self) -> bool {
        self.order.as_ref().is_some_and(|order| order.value == QueueOrder::Fifo)
    }
}

/// What a `[[consumer]]` says about polling; the keys as in the file.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct PollingEntry {
    pub receive: Option<At<u64>>,
    pub pause: Option<At<Span>>,
    pub heartbeat: Option<At<Span>>,
}

impl PollingEntry {
    pub(super) fn of(s: &Section<'_, '_>, p: &mut Problems<'_>) -> PollingEntry {
        PollingEntry {
            receive: s.optional("receive", p, read::whole(1..=10)),
            pause: s.optional("pause", p, read::span(Span::ZERO)),
            heartbeat: s.optional("heartbeat", p, read::span(Span::from_millis(1))),
        }
    }

    /// How the consumer polls.
    pub(super) fn polling(&self) -> Polling {
        let default = Polling::default();
        Polling {
            receive: self.receive.as_ref().map_or(default.receive, |receive| receive.value as u8),
            pause: self.pause.as_ref().map_or(default.pause, |pause| pause.value),
            heartbeat: self.heartbeat.as_ref().map(|heartbeat| heartbeat.value),
        }
    }
}

/// How a queue is polled; none: it pushes, and then nothing may be said that only polling knows.
pub(super) fn poll(
    entry: &QueueEntry,
    file: &File,
    queues: &Names<'_>,
    p: &mut Problems<'_>,
) -> Option<Poll> {
    let said = &entry.poll;
    if !said.model {
        let at = |found: &Option<At<Span>>| found.as_ref().map(|found| found.at.start);
        let keys = [
            ("visibility", at(&said.visibility)),
            ("delay", at(&said.delay)),
            ("wait", at(&said.wait)),
            ("max-receives", said.max_receives.as_ref().map(|found| found.at.start)),
            ("dead-letter", said.dead_letter.as_ref().map(|found| found.at.start)),
            ("order", said.order.as_ref().map(|found| found.at.start)),
        ];
        for (key, at) in keys {
            if let Some(at) = at {
                p.add(
                    at,
                    format!(
                        "`{key}` means something only for a queue that is polled; give it model = \"poll\""
                    ),
                );
            }
        }
        return None;
    }
    if entry.dead_letters {
        let how = "a polled queue moves its dead letters to another queue; name it with dead-letter = \"…\"";
        p.add(entry.name.at.start, format!("{}: {how}", quoted(&entry.name.value)));
    }
    let dead_letter = said.dead_letter.as_ref().and_then(|name| {
        let index = queues.look_up(name, "queue", p)?;
        if name.value == entry.name.value {
            p.add(name.at.start, "a queue cannot be its own dead-letter queue".to_owned());
        } else if let Some(dead) = file.queues.get(usize::from(index)).map(|queue| &queue.poll) {
            if !dead.model {
                let how = "the dead-letter queue of a polled queue is polled too; give it model = \"poll\"";
                p.add(name.at.start, format!("{}: {how}", quoted(&name.value)));
            } else if dead.is_fifo() != said.is_fifo() {
                let how = "the dead-letter queue of a FIFO queue is FIFO too, and of another it is not; give both the same `order`";
                p.add(name.at.start, format!("{}: {how}", quoted(&name.value)));
            }
        }
        Some(index)
    });
    if let (Some(max), None) = (&said.max_receives, &said.dead_letter) {
        p.add(
            max.at.start,
            "`max-receives` needs a queue to move to; name it with dead-letter = \"…\"".to_owned(),
        );
    }
    let span = |found: &Option<At<Span>>, default| found.as_ref().map_or(default, |found| found.value);
    Some(Poll {
        visibility: span(&said.visibility, VISIBILITY),
        delay: span(&said.delay, Span::ZERO),
        wait: span(&said.wait, Span::ZERO),
        max_receives: said.max_receives.as_ref().map_or(MAX_RECEIVES, |max| max.value as u16),
        dead_letter,
        order: said.order.as_ref().map_or(QueueOrder::Arrival, |order| order.value),
    })
}

/// No dead-letter queue leads back to where a message came from: what fails for ever would go round for ever.
fn check_circles(file: &File, setup: &Setup, p: &mut Problems<'_>) {
    let behind = |queue: u8| setup.queues.get(usize::from(queue))?.poll?.dead_letter;
    for (index, entry) in file.queues.iter().enumerate() {
        let mut circle = vec![index as u8];
        let mut next = behind(index as u8);
        // Each circle once, at the first of its queues in the file; of one alone it was said before.
        while let Some(queue) = next.filter(|&queue| usize::from(queue) > index && !circle.contains(&queue)) {
            circle.push(queue);
            next = behind(queue);
        }
        if let (Some(name), true) = (&entry.poll.dead_letter, circle.len() > 1 && next == Some(index as u8)) {
            let names = circle.iter().filter_map(|&queue| file.queues.get(usize::from(queue)));
            let names: Vec<String> = names.map(|queue| quoted(&queue.name.value)).collect();
            let how =
                "what fails every time would go round for ever; leave out the dead-letter of one of them";
            p.add(
                name.at.start,
                format!("the dead-letter queues {} stand in a circle: {how}", names.join(", ")),
            );
        }
    }
}

/// Holds what consumers and messages say about polling against the queues that they name.
pub(super) fn check(file: &File, setup: &Setup, p: &mut Problems<'_>) {
    check_circles(file, setup, p);
    for (entry, consumer) in file.consumers.iter().zip(&setup.consumers) {
        let Some(queue) = setup.queues.get(usize::from(consumer.queue)) else { continue };
        // A name that is not known is a problem of its own.
        if entry.queue.as_ref().is_none_or(|name| name.value != queue.name) {
            continue;
        }
        let on_error = entry.on_error.as_ref();
        if queue.poll.is_some() {
            if let Some(reject) = on_error.filter(|on_error| on_error.value == OnError::Reject) {
                let how = "a polled message cannot be rejected: write \"leave\" (it comes back when its visibility timeout ends) or \"requeue\" (at once), and give the queue a dead-letter queue";
                p.add(reject.at.start, how.to_owned());
            }
            if let Some(prefetch) = &entry.prefetch {
                let how = "`prefetch` is of a queue that pushes; a consumer that polls takes `receive` messages at once";
                p.add(prefetch.at.start, how.to_owned());
            }
            continue;
        }
        let said = &entry.polling;
        let at = |found: &Option<At<Span>>| found.as_ref().map(|found| found.at.start);
        let keys = [
            ("receive", said.receive.as_ref().map(|found| found.at.start)),
            ("pause", at(&said.pause)),
            ("heartbeat", at(&said.heartbeat)),
            ("on-error = \"leave\"", on_error.filter(|it| it.value == OnError::Leave).map(|it| it.at.start)),
        ];
        for (key, at) in keys {
            if let Some(at) = at {
                let name = quoted(&queue.name);
                p.add(at, format!("`{key}` means something only for a consumer that polls, and the queue {name} pushes; give the queue model = \"poll\""));
            }
        }
    }
    let kinds = file.services.iter().zip(&setup.services);
    for (said, kind) in kinds.flat_map(|(entry, service)| entry.messages.iter().zip(&service.messages)) {
        let queue = match kind.target {
            Target::Queue(queue) => setup.queues.get(usize::from(queue)),
            Target::Topic(_) => None,
        };
        let poll = queue.and_then(|queue| queue.poll);
        if let Some(delay) = &said.delay {
            let what = match poll {
                None => "a message can be delayed only on its way to a queue with model = \"poll\"",
                // R63.
                Some(poll) if poll.order == QueueOrder::Fifo => {
                    "a FIFO queue knows no delay of a single message; give the queue a `delay`"
                }
                Some(_) => continue,
            };
            p.add(delay.at.start, what.to_owned());
        }
        if let Some(ttl) = said.ttl.as_ref().filter(|_| queue.is_some_and(|it| it.poll.is_some() || it.door))
        {
            p.add(ttl.at.start, "a message has a `ttl` only where the queue pushes".to_owned());
        }
    }
}
