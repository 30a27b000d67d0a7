//! How are runs with a common beginning, or a common end, run once? As a tree. A trunk is a run with its faults
//! placed; before each of its steps branches leave it, each with one fault more. A branch that comes to a state in
//! which a trunk below it has been needs no further running: what follows is what followed there.
//!
//! Trunks are worked off from their end to their beginning, so that whatever can follow from a state is known, and
//! added up, before a branch from an earlier one can come to it.

use super::found::{Counterexample, Outcome};
use super::kinds::{faults_at, the_next};
use super::orders::{orders_at, tell};
use super::search::Options;
use super::table::{Row, Site};
use crate::broker::world::Passed;
use crate::check::finding::Verdict;
use crate::check::ledger::Ledger;
use crate::check::promise::{Promise, When};
use crate::fault::plan::Fault;
use crate::sim::digest::Digest;
use crate::sim::time::Instant;
use crate::timeline::moment::Moment;
use crate::timeline::run::MAX_STEPS;
use std::collections::BTreeMap;

const VERDICTS: usize = Verdict::ALL.len();
const _: () = assert!(Promise::ALL.len() <= u64::BITS as usize, "a bit each");
/// The most states of a trunk that are kept; of a longer one, every second, fourth, … is.
const MOST_POINTS: usize = 2_048;

/// How far a run has come with what is judged, or to what end.
#[derive(Clone, Debug)]
pub(super) struct Stand {
    /// By verdict: step and moment of the first finding.
    pub firsts: [Option<(u32, Instant)>; VERDICTS],
    /// By judged promise, a bit each: put to the test, or reached.
    tested: u64,
    /// The last step, and its moment.
    last: (u32, Instant),
}

impl Stand {
    fn of(moment: &Moment, promises: &[Promise]) -> Stand {
        let ledger: &Ledger = &moment.ledger;
        let first = |verdict| ledger.first_finding(verdict).map(|(_, finding)| (finding.step, finding.at));
        let bit = |(index, promise): (usize, &Promise)| u64::from(promise.is_tested(ledger)) << index;
        Stand {
            firsts: Verdict::ALL.map(first),
            tested: promises.iter().enumerate().map(bit).sum(),
            last: (moment.step(), moment.now()),
        }
    }

    fn first(&self, promise: Promise) -> Option<(u32, Instant)> {
        promise.broken_by().into_iter().flatten().find_map(|verdict| self.firsts[verdict as usize])
    }

    /// Where the promise broke, in a run that has ended like this.
    fn breach(&self, promise: Promise) -> Option<(u32, Instant)> {
        let first = self.first(promise)?;
        Some(if promise.when() == When::Eventually { self.last } else { first })
    }

    fn is_tested(&self, index: usize) -> bool {
        self.tested >> index & 1 == 1
    }

    /// Whether all that was found and reached there was found and reached here, too: only then does what comes later
    /// add here what it adds there.
    fn holds_all_of(&self, other: &Stand) -> bool {
        let found = |verdict: usize| other.firsts[verdict].is_none() || self.firsts[verdict].is_some();
        (0..VERDICTS).all(found) && other.tested & !self.tested == 0
    }

    /// The end of a run that stands like this now, and goes on as another did that stood like `from` and ended
    /// like `end`.
    fn followed_by(&self, from: &Stand, end: &Stand) -> Stand {
        let here = |(step, at): (u32, Instant)| (step - from.last.0 + self.last.0, at);
        let mut firsts = self.firsts;
        for (first, later) in firsts.iter_mut().zip(end.firsts) {
            *first = first.or_else(|| later.map(here));
        }
        Stand { firsts, tested: self.tested | end.tested, last: here(end.last) }
    }
}

/// What came of some runs.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    /// How many.
    pub runs: u64,
    /// By judged promise.
    pub outcomes: Vec<Outcome>,
}

impl Sum {
    pub fn new(promises: &[Promise]) -> Sum {
        Sum { runs: 0, outcomes: promises.iter().copied().map(Outcome::new).collect() }
    }

    /// Counts a run with those faults that ended like this.
    pub fn count(&mut self, end: &Stand, laid: &[Fault]) {
        self.runs += 1;
        for (index, outcome) in self.outcomes.iter_mut().enumerate() {
            let tested = end.is_tested(index);
            outcome.tested += u64::from(tested);
            if outcome.promise.when() == When::Sometimes {
                outcome.runs += u64::from(tested);
            } else if let Some((step, at)) = end.breach(outcome.promise) {
                outcome.runs += 1;
                outcome.offer(laid, step, at);
            }
        }
    }

    fn add(&mut self, other: &Sum) {
        self.runs += other.runs;
        for (mine, theirs) in self.outcomes.iter_mut().zip(&other.outcomes) {
            mine.add(theirs);
        }
    }
}

/// A state of a trunk.
#[derive(Clone, Debug)]
struct Point {
    /// How many steps of the trunk come before it.
    index: u32,
    moment: Moment,
    stand: Stand,
    /// The state itself, in 128 bits; see [`Moment::key`].
    key: u128,
    /// What comes of all placements of exactly one, two, … faults more from here on. Empty until that is known.
    more: Vec<Sum>,
}

/// A run with its faults placed, kept so that branches can leave it, and come to it.
#[derive(Clone, Debug)]
pub(super) struct Trunk {
    laid: Vec<Fault>,
    points: Vec<Point>,
    spacing: u32,
    /// How many steps it has of its own: a branch that came to another trunk has its end from there.
    steps: u32,
    end: Stand,
    /// What comes of it in the trunk that it came to.
    tail: Vec<Sum>,
}

impl Trunk {
    /// How many steps it has.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// How it ended.
    pub fn end(&self) -> &Stand {
        &self.end
    }

    /// The moments of the steps that follow its `index`-th, counted from 0, as far as they are kept.
    fn times_after(&self, index: u32) -> Vec<Instant> {
        let from = self.points.partition_point(|point| point.index < index + 2);
        self.points[from..].iter().map(|point| point.moment.now()).collect()
    }

    /// The steps of a stretch of it, from its `at`-th kept state to the next: what was before each, and the places
    /// that it passed.
    fn stretch(&self, at: usize) -> Vec<(Moment, Vec<Passed>)> {
        let Some(point) = self.points.get(at) else { return Vec::new() };
        let to = self.points.get(at + 1).map_or(self.steps, |next| next.index);
        let mut moment = point.moment.clone();
        (point.index..to)
            .map(|_| {
                let before = moment.clone();
                let places = step(&mut moment);
                (before, places.unwrap_or_default())
            })
            .collect()
    }
}

/// The trunks below a branch, the nearest first.
#[derive(Clone, Copy)]
pub(super) struct Below<'t> {
    pub trunk: &'t Trunk,
    pub next: Option<&'t Below<'t>>,
}

/// What comes of a branch.
struct Branch {
    /// Of itself, without any more faults.
    end: Stand,
    /// Of exactly one, two, … faults more.
    more: Vec<Sum>,
}

/// A piece of work: what was done, and whether to go on.
pub(super) struct Work<'g> {
    /// Asked after every run; when it says no, the rest is left.
    pub go_on: &'g mut dyn FnMut() -> bool,
    pub stopped: bool,
    pub steps: u64,
    pub pruned: u64,
    /// Whether some other order was not tried.
    pub left_out: bool,
    /// What a single fault does.
    pub rows: BTreeMap<Site, Row>,
    /// Every placement that was tried.
    #[cfg(test)]
    pub placed: Vec<Vec<Fault>>,
}

impl<'g> Work<'g> {
    pub fn new(go_on: &'g mut dyn FnMut() -> bool) -> Work<'g> {
        Work {
            go_on,
            stopped: false,
            steps: 0,
            pruned: 0,
            left_out: false,
            rows: BTreeMap::new(),
            #[cfg(test)]
            placed: Vec::new(),
        }
    }
}

/// Where a branch began: the places of that step, and which of them (and which of its faults) was struck. What
/// comes before has been tried the other way round.
#[derive(Clone, Copy)]
struct Fork<'f> {
    places: &'f [Passed],
    place: usize,
    fault: usize,
}

impl Fork<'_> {
    fn has_tried(&self, place: Passed, fault: usize) -> bool {
        match self.places.iter().position(|other| *other == place) {
            Some(index) => (index, fault) <= (self.place, self.fault),
            None => false,
        }
    }
}

/// What is tried, and judged by what.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub options: Options,
    pub promises: Vec<Promise>,
}

impl Rules {
    /// The run from that moment on with those faults placed, and all that comes of up to `left` faults more. None
    /// if it was stopped before its end.
    pub fn trunk(
        &self,
        start: Moment,
        laid: &mut Vec<Fault>,
        left: usize,
        below: Option<&Below<'_>>,
        work: &mut Work<'_>,
    ) -> Option<Trunk> {
        let mut trunk = self.grow(start, laid, left, below, work)?;
        self.branch_out(&mut trunk, laid, left, None, below, work);
        Some(trunk)
    }

    fn tree(
        &self,
        start: Moment,
        laid: &mut Vec<Fault>,
        left: usize,
        fork: Fork<'_>,
        below: &Below<'_>,
        work: &mut Work<'_>,
    ) -> Option<Branch> {
        if left == 0 {
            return self.run(start, work).map(|end| Branch { end, more: Vec::new() });
        }
        let mut trunk = self.grow(start, laid, left, Some(below), work)?;
        let more = self.branch_out(&mut trunk, laid, left, Some(fork), Some(below), work);
        Some(Branch { end: trunk.end, more })
    }

    /// To the end without any more faults. Nothing is looked up on the way: the key of a state costs more than the few
    /// steps that are left.
    fn run(&self, mut moment: Moment, work: &mut Work<'_>) -> Option<Stand> {
        while self.next(&mut moment, work)? {}
        work.stopped |= !(work.go_on)();
        Some(Stand::of(&moment, &self.promises))
    }

    /// To the end without any more faults; what tells the order of its events from another.
    fn look(&self, mut moment: Moment, work: &mut Work<'_>) -> Option<u64> {
        let mut order = Digest::default();
        moment.world.forget_history();
        while moment.step() < MAX_STEPS && moment.advance(&[]) {
            tell(moment.world.history(), &mut order);
            moment.world.forget_history();
            moment.world.take_passed();
            work.steps += 1;
        }
        work.stopped |= moment.step() >= MAX_STEPS || !(work.go_on)();
        (!work.stopped).then(|| order.value())
    }

    /// Does the next step; false at the end. None if the run has no end.
    fn next(&self, moment: &mut Moment, work: &mut Work<'_>) -> Option<bool> {
        if moment.step() >= MAX_STEPS {
            work.stopped = true;
            return None;
        }
        let moves = step(moment).is_some();
        work.steps += u64::from(moves);
        Some(moves)
    }

    /// A trunk without its branches.
    fn grow(
        &self,
        mut moment: Moment,
        laid: &[Fault],
        left: usize,
        below: Option<&Below<'_>>,
        work: &mut Work<'_>,
    ) -> Option<Trunk> {
        let mut points = vec![self.point(0, &moment)];
        let (mut steps, mut spacing) = (0, 1);
        let (end, tail) = loop {
            if !self.next(&mut moment, work)? {
                break (Stand::of(&moment, &self.promises), Vec::new());
            }
            steps += 1;
            if let Some(known) = self.known(&moment, laid, left, below) {
                work.pruned += 1;
                break (known.end, known.more);
            }
            if steps % spacing == 0 {
                points.push(self.point(steps, &moment));
                if points.len() > MOST_POINTS {
                    spacing *= 2;
                    points.retain(|point| point.index % spacing == 0);
                }
            }
        };
        work.stopped |= !(work.go_on)();
        Some(Trunk { laid: laid.to_vec(), points, spacing, steps, end, tail })
    }

    fn point(&self, index: u32, moment: &Moment) -> Point {
        let stand = Stand::of(moment, &self.promises);
        Point { index, moment: moment.clone(), stand, key: moment.key(), more: Vec::new() }
    }

    /// Everything that leaves the trunk, from its end to its beginning. Returns what comes of it from its beginning on.
    fn branch_out(
        &self,
        trunk: &mut Trunk,
        laid: &mut Vec<Fault>,
        left: usize,
        fork: Option<Fork<'_>>,
        below: Option<&Below<'_>>,
        work: &mut Work<'_>,
    ) -> Vec<Sum> {
        let mut more = std::mem::take(&mut trunk.tail);
        if left == 0 {
            return more;
        }
        more.resize_with(left, || Sum::new(&self.promises));
        for at in (0..trunk.points.len()).rev() {
            let first = trunk.points[at].index;
            for (index, (before, places)) in trunk.stretch(at).iter().enumerate().rev() {
                let fork = fork.filter(|_| first == 0 && index == 0);
                let here = Below { trunk, next: below };
                let left_at = first + index as u32;
                let leaving = self.leave((before, left_at, places), fork, laid, left, &here, work);
                more.iter_mut().zip(&leaving).for_each(|(sum, leaving)| sum.add(leaving));
                if work.stopped {
                    return more;
                }
            }
            trunk.points[at].more = more.clone();
        }
        more
    }

    /// All that leaves a trunk at one of its steps: what comes of exactly one, two, … faults more, the first of
    /// them here.
    fn leave(
        &self,
        (before, index, places): (&Moment, u32, &[Passed]),
        fork: Option<Fork<'_>>,
        laid: &mut Vec<Fault>,
        left: usize,
        below: &Below<'_>,
        work: &mut Work<'_>,
    ) -> Vec<Sum> {
        let mut sums = vec![Sum::new(&self.promises); left];
        let orders = self.options.schedules.then(|| {
            let mut after = before.clone();
            step(&mut after);
            (after, below.trunk.times_after(index))
        });
        for (index, &place) in places.iter().enumerate() {
            let nth = places[..=index].iter().filter(|other| alike(**other, place)).count() as u32;
            let mut faults = faults_at(place, self.options.kinds, self.options.down);
            // A packet is moved once.
            let is_moved =
                |fork: Fork<'_>| fork.fault >= faults.len() && fork.places.get(fork.place) == Some(&place);
            if let Some((after, later)) = orders.as_ref().filter(|_| !fork.is_some_and(is_moved)) {
                let mut look = |from| self.look(from, work);
                faults.extend(orders_at(place, nth, (before, after), later, left == 1, &mut look));
                // Of a long trunk only some moments are kept, and with them only some orders.
                work.left_out |= below.trunk.spacing > 1;
            }
            for (number, fault) in faults.into_iter().enumerate() {
                if fork.as_ref().is_some_and(|fork| fork.has_tried(place, number)) {
                    continue;
                }
                let mut branch = before.clone();
                branch.world.lay_unseen(the_next(fault, nth));
                laid.push(fault);
                #[cfg(test)]
                work.placed.push(laid.clone());
                let fork = Fork { places, place: index, fault: number };
                if let Some(branch) = self.tree(branch, laid, left - 1, fork, below, work) {
                    if let ([fault], Some(site)) = (&laid[..], Site::of(&fault)) {
                        work.rows.entry(site).or_default().count(*fault, &branch.end.firsts);
                    }
                    sums[0].count(&branch.end, laid);
                    sums[1..].iter_mut().zip(&branch.more).for_each(|(sum, more)| sum.add(more));
                }
                laid.pop();
                if work.stopped {
                    return sums;
                }
            }
        }
        sums
    }

    /// All that leaves the trunk at its `step`-th step, counted from 0.
    pub fn leave_at(&self, trunk: &Trunk, step: u32, left: usize, work: &mut Work<'_>) -> Vec<Sum> {
        let at = (step / trunk.spacing) as usize;
        let stretch = trunk.stretch(at);
        let Some((before, places)) = stretch.get((step % trunk.spacing) as usize) else { return Vec::new() };
        let below = Below { trunk, next: None };
        self.leave((before, step, places), None, &mut Vec::new(), left, &below, work)
    }

    /// Whether a run may end where it comes to a state that is known. Which other orders there are is asked of what
    /// follows on the same trunk: with them no run may.
    pub fn prunes(&self) -> bool {
        self.options.prunes && !self.options.schedules
    }

    /// What follows from a state, if a trunk below has been in the same.
    fn known(
        &self,
        moment: &Moment,
        laid: &[Fault],
        left: usize,
        below: Option<&Below<'_>>,
    ) -> Option<Branch> {
        if !self.prunes() {
            return None;
        }
        let (mut key, mut stand, mut next) = (None, None, below);
        while let Some(Below { trunk, next: further }) = next {
            next = *further;
            let now = moment.now();
            let first = trunk.points.partition_point(|point| point.moment.now() < now);
            let same_time = trunk.points[first..].iter().take_while(|point| point.moment.now() == now);
            for point in same_time.filter(|point| point.more.len() >= left) {
                if *key.get_or_insert_with(|| moment.key()) != point.key {
                    continue;
                }
                let stand = stand.get_or_insert_with(|| Stand::of(moment, &self.promises));
                if !stand.holds_all_of(&point.stand) {
                    continue;
                }
                let end = stand.followed_by(&point.stand, &trunk.end);
                if end.last.0 >= MAX_STEPS {
                    continue;
                }
                let here = |sum| self.as_seen_from(sum, trunk, point, moment, laid, stand);
                return Some(Branch { more: point.more[..left].iter().map(here).collect(), end });
            }
        }
        None
    }

    /// What comes of placing more faults from a state on, told of another run that has come to the same state.
    fn as_seen_from(
        &self,
        sum: &Sum,
        trunk: &Trunk,
        point: &Point,
        moment: &Moment,
        laid: &[Fault],
        stand: &Stand,
    ) -> Sum {
        let later = |fault: &Fault| {
            let passed = moment.world.times_passed(fault);
            renumber(*fault, |n| n - point.moment.world.times_passed(fault) + passed)
        };
        let outcome = |(index, outcome): (usize, &Outcome)| {
            let promise = outcome.promise;
            let mut seen = Outcome { shortest: None, ..outcome.clone() };
            if stand.is_tested(index) {
                seen.tested = sum.runs;
            }
            if promise.when() == When::Sometimes {
                seen.runs = seen.tested;
            } else if stand.first(promise).is_some() {
                // Broken already: the run without any more faults is the shorter way.
                seen.runs = sum.runs;
            } else if let Some(Counterexample { faults, step, at }) = &outcome.shortest {
                let more = faults[trunk.laid.len()..].iter().map(later);
                let faults = laid.iter().copied().chain(more).collect();
                let step = step - point.moment.step() + moment.step();
                seen.shortest = Some(Counterexample { faults, step, at: *at });
            }
            seen
        };
        Sum { runs: sum.runs, outcomes: sum.outcomes.iter().enumerate().map(outcome).collect() }
    }
}

/// Does the next step and forgets what happened; the places that it passed, or none at the end.
fn step(moment: &mut Moment) -> Option<Vec<Passed>> {
    let moves = moment.advance(&[]);
    moment.world.forget_history();
    let places = moment.world.take_passed();
    moves.then_some(places)
}

fn renumber(fault: Fault, number: impl Fn(u32) -> u32) -> Fault {
    match fault.nth() {
        Some(n) => the_next(fault, number(n)),
        None => fault,
    }
}

/// Whether two places differ only in the occurrence.
fn alike(one: Passed, other: Passed) -> bool {
    match (one, other) {
        (Passed::Step(a, b, _), Passed::Step(c, d, _)) => (a, b) == (c, d),
        (Passed::Packet(a, b, _), Passed::Packet(c, d, _)) => (a, b) == (c, d),
        _ => false,
    }
}
