//! In which other order could it have come? A packet could have been slower or quicker, within its wire's latency, and
//! so have come after something that it came before, or the other way round; of two things that are due at the same
//! moment the other could have been first.
//!
//! What could have been is said as a fault: a packet that is hurried or that lags, something that yields to what is due
//! with it. So a run with another order is a run with these faults, and can be told, linked and replayed like any other.
//! Packets keep their order on their wire: one that lags holds up what comes after it, as a slow wire does.
//!
//! # What is tried
//! Each packet of each run that is branched from, at the moments from as soon as its wire allows to as late. What comes of
//! the packet moves with it, so moments are told apart by the order of all that happens in the run: looked at are those
//! around each of its other steps, and where two of them make different orders, those found by halving until the change
//! from one to the other is known to the microsecond. Between two moments that make the same order, every one is taken
//! to make it. Of each order the soonest moment is tried and the latest, and if more changes are to follow, the one in
//! the middle: the next change finds room on both sides.
//!
//! One such move is one change. So with one change every order is tried that another latency of one packet makes; with
//! k, those that up to k changes make one after the other, in the order in which they come. A packet is
//! moved once, also one that a fault loses or doubles.
//!
//! Of several things that are due at the same moment, steps, packets or timers (a timeout, the end of a delay or of an
//! outage, the coming of a unit of work), each may let the others go first.

use super::kinds::the_next;
use crate::broker::record::{History, Kind};
use crate::broker::world::Passed;
use crate::fault::plan::{Fault, PacketFault, Which};
use crate::sim::digest::Digest;
use crate::sim::time::{Instant, Span};
use crate::timeline::moment::Moment;
use std::collections::BTreeSet;

/// The least that makes something later than another.
const LEAST: Span = Span(1);

/// The faults that give what was passed there another place in the order of things. `before` and `after` are what was
/// right before and after it, the `nth` of its kind in that step; `later` are the moments of the steps that follow,
/// earliest first. Nothing more is moved after the change that `is_last`. `look` goes on from a state to the end and
/// tells one order of events from another; none if it was stopped.
pub fn orders_at(
    place: Passed,
    nth: u32,
    (before, after): (&Moment, &Moment),
    later: &[Instant],
    is_last: bool,
    look: &mut dyn FnMut(Moment) -> Option<u64>,
) -> Vec<Fault> {
    let now = after.now();
    match place {
        Passed::Tie(at, nth) => vec![Fault::Yield { at, nth }],
        Passed::Step(..) => Vec::new(),
        Passed::Packet(actor, kind, n) => {
            let mut sent: Vec<_> = (after.world.packets())
                .filter(|packet| (packet.party, packet.kind, packet.sent) == (actor, kind, now))
                .collect();
            sent.sort_unstable_by_key(|packet| packet.number);
            // Not the twin of one that a fault has doubled.
            sent.dedup_by_key(|packet| (packet.message, packet.tag));
            let Some(packet) = sent.get(nth as usize - 1) else { return Vec::new() };
            let at = packet.arrives;
            let moved = |to: Instant| {
                let fault = match to < at {
                    true => PacketFault::Hurry(at.since(to)),
                    false => PacketFault::Lag(to.since(at)),
                };
                Fault::OnPacket { actor, kind, which: Which::Nth(n), fault }
            };
            let mut order = |to: Instant| {
                let mut branch = before.clone();
                if to != at {
                    branch.world.lay_unseen(the_next(moved(to), nth));
                }
                look(branch)
            };
            let moments = moments(at, before.world.arrives_within(packet), later);
            let Some(mut orders) = each_order(moments, is_last, &mut order) else { return Vec::new() };
            orders.remove(&at);
            orders.into_iter().map(moved).collect()
        }
    }
}

/// Of each order that comes of something between the first of those moments and the last: the soonest moment, the latest,
/// and the one in the middle, unless it `is_last`. None if `order`, which tells what comes of a moment, was stopped.
fn each_order(
    moments: BTreeSet<Instant>,
    is_last: bool,
    order: &mut dyn FnMut(Instant) -> Option<u64>,
) -> Option<BTreeSet<Instant>> {
    let mut known: Vec<(Instant, u64)> = Vec::new();
    for moment in moments {
        let mut later = vec![(moment, order(moment)?)];
        while let Some(&next) = later.last() {
            match known.last() {
                Some(last) if last.1 != next.1 && next.0.since(last.0) > LEAST => {
                    let between = middle(last.0, next.0);
                    later.push((between, order(between)?));
                }
                _ => known.extend(later.pop()),
            }
        }
    }
    let ends = known.chunk_by(|one, other| one.1 == other.1).map(|same| (same[0].0, same[same.len() - 1].0));
    let of_each =
        |(soonest, latest)| [soonest, if is_last { soonest } else { middle(soonest, latest) }, latest];
    Some(ends.flat_map(of_each).collect())
}

/// The moment half-way.
fn middle(from: Instant, to: Instant) -> Instant {
    from + Span(to.since(from).0 / 2)
}

/// When something could come that comes at `at` and can come from `soonest` to `latest`: then, as soon and as late as can
/// be, and around each of the moments `later`, earliest first.
fn moments(at: Instant, (soonest, latest): (Instant, Instant), later: &[Instant]) -> BTreeSet<Instant> {
    let mut moments = BTreeSet::from([soonest, latest]);
    for together in later.chunk_by(|one, other| one == other) {
        let (moment, alone) = (together[0], together.len() == 1);
        let before = Instant(moment.0.saturating_sub(LEAST.0));
        let near = match (alone, moment == at) {
            // It is what happens there.
            (true, true) => continue,
            (true, false) => [before, before, moment + LEAST],
            (false, _) => [before, moment, moment + LEAST],
        };
        moments.extend(near.into_iter().filter(|near| (soonest..=latest).contains(near)));
    }
    moments.insert(at);
    moments
}

/// Folds in what happened, to whom and about what: not when, and not what a fault has said of it.
pub fn tell(happened: &History, order: &mut Digest) {
    for record in happened.iter_from(0) {
        if !matches!(record.kind, Kind::Struck | Kind::Hurried | Kind::Lagged | Kind::Slowed) {
            order.word(record.kind as u64 | u64::from(record.actor.0) << 8 | u64::from(record.other) << 16);
            order.word(u64::from(record.subject));
        }
    }
}
