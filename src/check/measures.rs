//! How long, how many, how deep? What is measured in a run, folded over its history.

use crate::broker::record::{Kind, Record};
use crate::broker::setup::{Role, Setup};
use crate::fault::point::{ActorId, PacketKind};
use crate::sim::time::{Instant, Span};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What a scenario shows large.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Measure {
    /// From the first unit of work taken in to the last effect.
    Makespan,
    /// From the coming of a request to its answer.
    AnswerTime,
    /// How many requests failed.
    FailedRequests,
    /// How many messages waited in one queue at most.
    Backlog,
}

/// The copies of a message in a queue.
#[derive(Clone, Copy, Debug)]
struct Copies {
    since: Instant,
    waiting: u16,
    out: u16,
}

/// What is in the queues at a moment: how many messages wait, how many are out, since when the oldest waits.
#[derive(Clone, Debug)]
pub struct Gauges {
    /// By party: the queue that a worker takes from.
    queues: Vec<Option<u8>>,
    copies: Vec<BTreeMap<u32, Copies>>,
    /// Those that wait, by age.
    waiting: BTreeSet<(Instant, u8, u32)>,
    /// How many wait, by queue.
    depths: Vec<u32>,
    out: u32,
}

impl Gauges {
    /// Before anything has happened.
    pub fn new(setup: &Setup) -> Gauges {
        let queue_of = |role| match role {
            Role::Worker(consumer, _) => setup.consumers.get(consumer as usize).map(|c| c.queue),
            _ => None,
        };
        Gauges {
            queues: setup.cast().actors.iter().map(|actor| queue_of(actor.role)).collect(),
            copies: vec![BTreeMap::new(); setup.queues.len()],
            waiting: BTreeSet::new(),
            depths: vec![0; setup.queues.len()],
            out: 0,
        }
    }

    /// How many messages wait in that queue.
    pub fn depth(&self, queue: u8) -> u32 {
        self.depths.get(usize::from(queue)).copied().unwrap_or(0)
    }

    /// How many messages wait in all queues.
    pub fn waiting(&self) -> u32 {
        self.depths.iter().sum()
    }

    /// How many are handed out and not yet acknowledged.
    pub fn in_flight(&self) -> u32 {
        self.out
    }

    /// How long the oldest that waits has been in its queue.
    pub fn oldest(&self, now: Instant) -> Span {
        self.waiting.first().map_or(Span::ZERO, |&(since, ..)| now.since(since))
    }

    /// Takes in the next record.
    pub fn observe(&mut self, record: &Record) {
        let (message, now) = (record.subject, record.at);
        let queue = record.other as u8;
        match record.kind {
            Kind::Enqueued | Kind::Reexposed => self.change(queue, message, now, 1, 0),
            Kind::Requeued | Kind::VisibilityEnded if self.is_out(queue, message) => {
                self.change(queue, message, now, 1, -1);
            }
            Kind::Leased => self.change(queue, message, now, -1, 1),
            // What was handed out goes first; the rest is taken where it waits.
            Kind::Settled | Kind::DeadLettered | Kind::Dropped => self.remove(queue, message, now),
            Kind::Discarded => self.remove((record.other >> 8) as u8, message, now),
            Kind::TakenOut if record.other >> 8 == 0 => self.remove(queue, message, now),
            Kind::Redriven => {
                self.remove((record.other >> 8) as u8, message, now);
                self.change(queue, message, now, 1, 0);
            }
            Kind::Sent if record.packet().0 == PacketKind::Delivery => {
                let ActorId(worker) = record.packet().1;
                let Some(&Some(queue)) = self.queues.get(usize::from(worker)) else { return };
                self.change(queue, message, now, -1, 1);
            }
            _ => {}
        }
    }

    fn is_out(&self, queue: u8, message: u32) -> bool {
        let copies = self.copies.get(usize::from(queue)).and_then(|copies| copies.get(&message));
        copies.is_some_and(|copies| copies.out > 0)
    }

    fn remove(&mut self, queue: u8, message: u32, now: Instant) {
        let out = self.is_out(queue, message);
        self.change(queue, message, now, if out { 0 } else { -1 }, if out { -1 } else { 0 });
    }

    fn change(&mut self, queue: u8, message: u32, now: Instant, waiting: i32, out: i32) {
        let Some(copies) = self.copies.get_mut(usize::from(queue)) else { return };
        let entry = copies.entry(message).or_insert(Copies { since: now, waiting: 0, out: 0 });
        let before = *entry;
        entry.waiting = (i32::from(entry.waiting) + waiting).max(0) as u16;
        entry.out = (i32::from(entry.out) + out).max(0) as u16;
        let after = *entry;
        if (after.waiting, after.out) == (0, 0) {
            copies.remove(&message);
        }
        let place = (after.since, queue, message);
        if after.waiting > 0 {
            self.waiting.insert(place)
        } else {
            self.waiting.remove(&place)
        };
        let depth = &mut self.depths[usize::from(queue)];
        *depth = (*depth + u32::from(after.waiting)).saturating_sub(u32::from(before.waiting));
        self.out = (self.out + u32::from(after.out)).saturating_sub(u32::from(before.out));
    }
}

/// What a run measures, up to a moment. All times are virtual, in microseconds.
#[derive(Clone, Debug)]
pub struct Measures {
    gauges: Gauges,
    /// By party: whether it is a service.
    services: u8,
    /// By service: requests that came and were not taken in yet.
    coming: Vec<VecDeque<Instant>>,
    /// By order: when it came, or was taken in.
    came: Vec<Instant>,
    /// By message: its order.
    orders: Vec<u32>,
    applied: BTreeSet<(u32, u16)>,
    first: Option<Instant>,
    last: Option<Instant>,
    answers: Vec<u64>,
    ways: Vec<u64>,
    failed: Vec<Instant>,
    deepest: u32,
    oldest: Span,
}

impl Measures {
    /// Before anything has happened.
    pub fn new(setup: &Setup) -> Measures {
        Measures {
            gauges: Gauges::new(setup),
            services: setup.services.len() as u8,
            coming: vec![VecDeque::new(); setup.services.len()],
            came: Vec::new(),
            orders: Vec::new(),
            applied: BTreeSet::new(),
            first: None,
            last: None,
            answers: Vec::new(),
            ways: Vec::new(),
            failed: Vec::new(),
            deepest: 0,
            oldest: Span::ZERO,
        }
    }

    /// The measures of a history.
    pub fn of<'r>(setup: &Setup, records: impl Iterator<Item = &'r Record>) -> Measures {
        let mut measures = Measures::new(setup);
        records.for_each(|record| measures.observe(record));
        measures
    }

    /// Takes in the next record.
    pub fn observe(&mut self, record: &Record) {
        self.oldest = self.oldest.max(self.gauges.oldest(record.at));
        self.gauges.observe(record);
        let service = usize::from(record.actor.0);
        let comes = record.actor.0 < self.services;
        match record.kind {
            Kind::Enqueued | Kind::Requeued | Kind::VisibilityEnded | Kind::Reexposed | Kind::Redriven => {
                self.deepest = self.deepest.max(self.gauges.depth(record.other as u8));
            }
            Kind::Arrived if comes => self.coming[service].push_back(record.at),
            Kind::Refused if comes && self.coming[service].pop_front().is_some() => {
                self.failed.push(record.at);
            }
            Kind::Requested | Kind::Produced if comes => {
                self.first.get_or_insert(record.at);
                self.came.push(self.coming[service].pop_front().unwrap_or(record.at));
                self.orders.extend((0..record.other).map(|_| record.subject));
            }
            Kind::Answered if record.other == 0 => {
                let came = self.came.get(record.subject as usize).copied();
                self.answers.extend(came.map(|came| record.at.since(came).0));
            }
            Kind::Answered => self.failed.push(record.at),
            Kind::Applied => {
                let order = self.orders.get(record.subject as usize);
                let came = order.and_then(|&order| self.came.get(order as usize)).copied();
                if self.applied.insert((record.subject, record.other)) {
                    self.last = Some(record.at);
                    self.ways.extend(came.map(|came| record.at.since(came).0));
                }
            }
            _ => {}
        }
    }

    /// What is in the queues now.
    pub fn gauges(&self) -> &Gauges {
        &self.gauges
    }

    /// From the first unit of work taken in to the last effect so far.
    pub fn makespan(&self) -> Option<Span> {
        Some(self.last?.since(self.first?))
    }

    /// How many requests have an answer.
    pub fn answered(&self) -> u32 {
        self.answers.len() as u32
    }

    /// From the coming of a request to its answer: that part of all, in hundredths, took no longer.
    pub fn answer_time(&self, part: u32) -> Option<Span> {
        rank(&self.answers, part)
    }

    /// How many requests failed: those who asked saw an error.
    pub fn failed(&self) -> u32 {
        self.failed.len() as u32
    }

    /// When the first and the last of them failed.
    pub fn failed_between(&self) -> Option<(Instant, Instant)> {
        Some((*self.failed.first()?, *self.failed.last()?))
    }

    /// How many messages waited in one queue at most.
    pub fn deepest(&self) -> u32 {
        self.deepest
    }

    /// The longest that a message waited in its queue.
    pub fn oldest(&self) -> Span {
        self.oldest
    }

    /// From the coming of a unit of work to its effect: that part of all, in hundredths, took no longer.
    pub fn end_to_end(&self, part: u32) -> Option<Span> {
        rank(&self.ways, part)
    }

    /// How many effects were applied; a repeat is not counted.
    pub fn done(&self) -> usize {
        self.ways.len()
    }

    /// The last way that a message took to its effect.
    pub fn last_way(&self) -> Option<Span> {
        self.ways.last().map(|&way| Span(way))
    }

    /// How long the last answer took.
    pub fn last_answer(&self) -> Option<Span> {
        self.answers.last().map(|&took| Span(took))
    }
}

fn rank(spans: &[u64], part: u32) -> Option<Span> {
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    nearest_rank(&sorted, part).map(Span)
}

/// The smallest of the values, which are sorted, that at least `part` hundredths of them do not exceed (nearest rank).
pub(crate) fn nearest_rank(sorted: &[u64], part: u32) -> Option<u64> {
    let place = (sorted.len() as u64 * u64::from(part)).div_ceil(100).max(1) - 1;
    sorted.get(place as usize).copied()
}
