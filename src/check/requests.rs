//! Does whoever asks get an answer, and in time? Requests that failed, answers that came late, work that was not
//! done when it was promised.

use super::finding::{NO_QUEUE, Totals, Verdict};
use super::ledger::{Ledger, Moment};
use super::reach::Part;
use crate::broker::record::{NONE, Record};
use crate::broker::setup::{Bounds, Setup};
use crate::sim::shape::Shape;
use crate::sim::time::{Instant, Span};
use std::collections::VecDeque;

/// The requests that wait for an answer, and what is promised in time.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Requests {
    bounds: Bounds,
    /// Whether anybody asked for anything.
    asked: bool,
    /// By service: requests that came and were not taken in yet, oldest first.
    waiting: Vec<VecDeque<Moment>>,
    /// Orders that somebody waits for, with the coming of the request.
    in_hand: Vec<(u32, Moment)>,
    /// When the first unit of work was taken in.
    first: Option<Moment>,
    /// Whether it was found that not all was done in time.
    overdue: bool,
}

impl Requests {
    pub(super) fn new(setup: &Setup) -> Requests {
        let waiting = vec![VecDeque::new(); setup.services.len()];
        Requests { bounds: setup.bounds, waiting, ..Requests::default() }
    }

    /// Whether anybody asked for anything.
    pub(super) fn any_came(&self) -> bool {
        self.asked
    }

    /// What is promised in time.
    pub(super) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// What decides what can still be found; moments only where something is promised in time.
    pub(super) fn shape(&self, shape: &mut Shape, totals: &Totals) {
        let Requests { bounds, asked: _, waiting, in_hand, first, overdue } = self;
        let mut came = |came: &Moment| {
            if bounds.answer.is_some() {
                shape.at(came.at);
            }
            shape.word(0);
        };
        waiting.iter().for_each(|waiting| waiting.iter().for_each(&mut came));
        in_hand.iter().for_each(|(_, moment)| came(moment));
        waiting.iter().for_each(|waiting| shape.word(waiting.len() as u64));
        in_hand.iter().for_each(|&(order, _)| shape.word(u64::from(order)));
        if bounds.done.is_some() {
            shape.maybe(first.map(|first| first.at.0));
            shape.word(u64::from(*overdue));
            shape.word(u64::from(totals.arrived) << 32 | u64::from(totals.expected));
        }
    }

    /// A service takes in the next unit of work.
    pub(super) fn taken_in(&mut self, now: Moment, service: u8, order: u32) {
        self.first.get_or_insert(now);
        if let Some(came) = self.waiting.get_mut(usize::from(service)).and_then(VecDeque::pop_front) {
            self.in_hand.push((order, came));
        }
    }
}

fn over(from: Instant, to: Instant, bound: Option<Span>) -> bool {
    bound.is_some_and(|bound| to.since(from) > bound)
}

impl Ledger {
    /// A request comes.
    pub(super) fn arrive(&mut self, now: Moment, record: &Record) {
        self.requests.asked = true;
        if let Part::Service(service) = self.reach.part(record.actor)
            && let Some(waiting) = self.requests.waiting.get_mut(usize::from(service))
        {
            waiting.push_back(now);
        }
    }

    /// The service is down: whoever asked sees an error.
    pub(super) fn refuse(&mut self, now: Moment, record: &Record) {
        if let Part::Service(service) = self.reach.part(record.actor)
            && let Some(came) =
                self.requests.waiting.get_mut(usize::from(service)).and_then(VecDeque::pop_front)
        {
            self.find(Verdict::Failed, now, NONE, NONE, NO_QUEUE, [came.place, now.place, NONE]);
        }
    }

    /// Whoever asked has an answer, or an error.
    pub(super) fn answer(&mut self, now: Moment, record: &Record) {
        let order = record.subject;
        let Some(at) = self.requests.in_hand.iter().position(|&(number, _)| number == order) else { return };
        let (_, came) = self.requests.in_hand.remove(at);
        let proof = [came.place, now.place, NONE];
        if record.other != 0 {
            self.find(Verdict::Failed, now, order, NONE, NO_QUEUE, proof);
        } else if over(came.at, now.at, self.requests.bounds.answer) {
            self.find(Verdict::Late, now, order, NONE, NO_QUEUE, proof);
        }
    }

    /// An effect: is all done in time? Found once.
    pub(super) fn look_at_the_clock(&mut self, now: Moment, message: u32) {
        let Some(first) = self.requests.first else { return };
        if !self.requests.overdue && over(first.at, now.at, self.requests.bounds.done) {
            self.requests.overdue = true;
            let order = self.order_of(message).unwrap_or(NONE);
            self.find(Verdict::Overdue, now, order, message, NO_QUEUE, [first.place, now.place, NONE]);
        }
    }

    /// At the end: what is missing is not done in time either, and an answer that never comes is late. Where the
    /// limit cut the run short, one that may still come in time is not.
    pub(super) fn end_of_the_work(&mut self, now: Moment, quiet: bool) {
        let waiting = self.requests.waiting.iter().flatten().map(|&came| (NONE, came));
        let open: Vec<(u32, Moment)> = waiting.chain(self.requests.in_hand.iter().copied()).collect();
        let bound = self.requests.bounds.answer;
        for (order, came) in open {
            if bound.is_some() && (quiet || over(came.at, now.at, bound)) {
                self.find(Verdict::Late, now, order, NONE, NO_QUEUE, [came.place, now.place, NONE]);
            }
        }
        let Some(first) = self.requests.first.filter(|_| self.requests.bounds.done.is_some()) else { return };
        if !self.requests.overdue && self.totals.arrived < self.totals.expected {
            self.requests.overdue = true;
            self.find(Verdict::Overdue, now, NONE, NONE, NO_QUEUE, [first.place, now.place, NONE]);
        }
    }
}
