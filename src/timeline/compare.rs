//! Where do two runs part, and what did each promise? The difference of two that stand beside each other.

use super::run::Run;
use crate::broker::record::Record;
use crate::check::promise::{Promise, PromiseState, When};
use crate::scenario::Scenario;
use crate::sim::time::Instant;

/// A run and the scenario whose promises it is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Side<'r> {
    /// The scenario.
    pub scenario: &'r Scenario,
    /// Its run.
    pub run: &'r Run,
}

/// A step of a run, and when it happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The step.
    pub step: u32,
    /// The moment.
    pub at: Instant,
}

/// Where two runs part: the first step of each in which something else happens than in the other. None where that
/// one is over by then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parting {
    /// In the first run.
    pub here: Option<Place>,
    /// In the second.
    pub there: Option<Place>,
}

/// A promise in both runs, at their ends; none where the scenario does not make it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stand {
    /// Which.
    pub promise: Promise,
    /// In the first run.
    pub here: Option<PromiseState>,
    /// In the second.
    pub there: Option<PromiseState>,
}

/// What two runs have apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Where they part; none if the same happens in both.
    pub parting: Option<Parting>,
    /// What each promised, and whether it kept it.
    pub promises: Vec<Stand>,
}

/// What these two have apart.
#[inline(never)]
pub fn difference(here: Side<'_>, there: Side<'_>) -> Difference {
    let promised = |side: Side<'_>, promise: Promise| {
        let (keeps, breaks) = (&side.scenario.keeps, &side.scenario.breaks);
        let made = keeps.contains(&promise) || breaks.contains(&promise);
        made.then(|| promise.state(&side.run.end().ledger))
    };
    let stands = Promise::ALL.into_iter().filter(|promise| promise.when() != When::Sometimes);
    let stands = stands.map(|promise| {
        let (here, there) = (promised(here, promise), promised(there, promise));
        Stand { promise, here, there }
    });
    Difference {
        parting: parting(here.run, there.run),
        promises: stands.filter(|stand| stand.here.is_some() || stand.there.is_some()).collect(),
    }
}

/// Where two runs part. What happens counts, to whom and about what, but not when: under another seed all times are
/// others, and a run that is only slower is not another story. Parties are matched by their names.
pub fn parting(here: &Run, there: &Run) -> Option<Parting> {
    let (one, other) = (&here.end().world, &there.end().world);
    let (ours, theirs) = (one.cast(), other.cast());
    // The numbers in `other` name parties and queues, which are others in another world.
    let alike = ours == theirs;
    let same = |a: &Record, b: &Record| {
        a.kind == b.kind
            && a.subject == b.subject
            && match alike {
                true => (a.actor, a.other) == (b.actor, b.other),
                false => ours.name(a.actor) == theirs.name(b.actor),
            }
    };
    let (one, other) = (one.history(), other.history());
    let shared = one.iter().zip(other.iter()).take_while(|(a, b)| same(a, b)).count() as u32;
    let place = |record: &Record| Place { step: record.step, at: record.at };
    let parting = Parting { here: one.get(shared).map(place), there: other.get(shared).map(place) };
    (parting.here.is_some() || parting.there.is_some()).then_some(parting)
}
