//! What just happened, and why? One plain sentence for each step.

use super::found::of_finding;
use super::names::{self, sentence};
use super::sentence::of_record;
use crate::broker::record::{Kind, NONE, Record, Why};
use crate::broker::setup::Role;
use crate::broker::world::World;
use crate::check::finding::{Finding, NO_QUEUE, Verdict};
use crate::check::ledger::Ledger;
use crate::fault::point::ActorId;
use crate::sim::time::Instant;

/// How a sentence sounds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// Life goes on.
    Plain,
    /// A step forward that matters.
    Good,
    /// Something failed, and may yet be mended.
    Trouble,
    /// The judge found something.
    Broken(Verdict),
}

/// The sentence of one step.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// The step.
    pub step: u32,
    /// When.
    pub at: Instant,
    /// What happened.
    pub text: String,
    /// Why, or what it means, where that helps.
    pub why: Option<String>,
    /// How it sounds.
    pub tone: Tone,
    /// The message it is about.
    pub message: Option<u32>,
    /// The party where it is to be seen; none: it is about the whole run.
    pub place: Option<ActorId>,
}

/// The sentence of a step, from the records of that step. `records` are (place, record) pairs of one step.
pub fn line(world: &World, ledger: &Ledger, records: &[(u32, Record)]) -> Option<Line> {
    let first = records.first()?.1;
    // Of several that weigh the same the first speaks.
    let found = findings_of_step(ledger, first.step).min_by_key(|finding| gravity(finding.verdict));
    found.map(|finding| found_line(world, ledger, &finding)).or_else(|| event(world, ledger, records))
}

/// The sentence of a step as it goes on by itself, whatever the judge found in it.
fn event(world: &World, ledger: &Ledger, records: &[(u32, Record)]) -> Option<Line> {
    let (_, record) = records.iter().max_by_key(|(place, record)| (interest(record), u32::MAX - place))?;
    Some(record_line(world, ledger, record))
}

/// The sentence of the record at that place of the history, whatever else happened in its step.
pub fn of_place(world: &World, ledger: &Ledger, place: u32) -> Option<Line> {
    world.history().get(place).map(|record| record_line(world, ledger, record))
}

fn record_line(world: &World, ledger: &Ledger, record: &Record) -> Line {
    let (text, why, tone) = of_record(world, ledger, record);
    let place = (record.kind != Kind::Ended).then_some(record.actor);
    Line {
        step: record.step,
        at: record.at,
        text: sentence(text),
        why,
        tone,
        message: record.message(),
        place,
    }
}

/// The sentence of something that the judge found.
pub(super) fn found_line(world: &World, ledger: &Ledger, finding: &Finding) -> Line {
    let (text, why) = of_finding(world, ledger, finding);
    Line {
        step: finding.step,
        at: finding.at,
        text: sentence(text),
        why: Some(why),
        tone: Tone::Broken(finding.verdict),
        message: (finding.message != NONE).then_some(finding.message),
        place: place_of(world, finding),
    }
}

/// The party at which something found is to be seen: who did what should not have been done, or else whose unit of
/// work it was.
fn place_of(world: &World, finding: &Finding) -> Option<ActorId> {
    let worker = |actor: &ActorId| matches!(world.cast().role(*actor), Role::Worker(..));
    let proofs = finding.proof.iter().rev().filter_map(|&place| world.history().get(place));
    match finding.verdict {
        Verdict::Ghost | Verdict::Duplicate | Verdict::OutOfOrder => {
            proofs.map(|record| record.actor).find(worker)
        }
        Verdict::Overdue => None,
        Verdict::Parked if finding.queue != NO_QUEUE => Some(world.cast().broker),
        _ if finding.order == NONE => Some(world.cast().service(0)),
        _ => Some(world.cast().service(names::service_of(world, finding.order))),
    }
}

/// The sentences of the steps from `first` to `last`, both included.
pub fn lines(world: &World, ledger: &Ledger, first: u32, last: u32) -> Vec<Line> {
    each_step(world, first, last, |lines, step| lines.extend(line(world, ledger, step)))
}

/// The same at length: for each step all that is worth a line, then all that the judge found in it. A relay that
/// looks and finds nothing is passed over; it would drown the rest.
pub fn account(world: &World, ledger: &Ledger, first: u32, last: u32) -> Vec<Line> {
    each_step(world, first, last, |lines, step| {
        let number = step.first().map_or(0, |(_, record)| record.step);
        let own = step.iter().filter(|(_, record)| interest(record) >= WORTH_A_LINE);
        let before = lines.len();
        lines.extend(own.map(|(_, record)| record_line(world, ledger, record)));
        if lines.len() == before {
            let idle = step.iter().all(|(_, record)| record.kind == Kind::Polled);
            lines.extend(event(world, ledger, step).filter(|_| !idle));
        }
        lines.extend(findings_of_step(ledger, number).map(|finding| found_line(world, ledger, &finding)));
    })
}

fn each_step(
    world: &World,
    first: u32,
    last: u32,
    tell: impl Fn(&mut Vec<Line>, &[(u32, Record)]),
) -> Vec<Line> {
    let history = world.history();
    let mut lines = Vec::new();
    let mut step: Vec<(u32, Record)> = Vec::new();
    let start = first_place_of(world, first);
    for (place, record) in (start..).zip(history.iter_from(start as usize)) {
        if record.step > last {
            break;
        }
        if step.first().is_some_and(|(_, other)| other.step != record.step) {
            tell(&mut lines, &step);
            step.clear();
        }
        step.push((place, *record));
    }
    tell(&mut lines, &step);
    lines
}

/// The place in the history of the first record of that step or a later one.
pub fn first_place_of(world: &World, step: u32) -> u32 {
    world.history().first_not(|record| record.step < step)
}

/// The life of a message so far: a sentence for each record about it.
pub fn life_of(world: &World, ledger: &Ledger, message: u32) -> Vec<Line> {
    let about = |record: &&Record| record.message() == Some(message);
    world.history().iter().filter(about).map(|record| record_line(world, ledger, record)).collect()
}

/// The life of an order so far: a sentence for each record about it that is not about one of its messages.
pub fn life_of_order(world: &World, ledger: &Ledger, order: u32) -> Vec<Line> {
    use Kind::*;
    let about = |record: &&Record| {
        let service = matches!(world.cast().role(record.actor), Role::Service(_));
        service
            && record.subject == order
            && matches!(
                record.kind,
                Requested | Produced | Began | Wrote | WroteMore | Committed | RolledBack
            )
    };
    world.history().iter().filter(about).map(|record| record_line(world, ledger, record)).collect()
}

pub(super) fn findings_of_step(ledger: &Ledger, step: u32) -> impl Iterator<Item = Finding> + '_ {
    // Findings stand in the order of their steps.
    let (mut low, mut high) = (0, ledger.finding_count());
    while low < high {
        let middle = low.midpoint(high);
        if ledger.finding(middle).is_some_and(|finding| finding.step < step) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    (low..).map_while(|index| ledger.finding(index)).take_while(move |finding| finding.step == step).copied()
}

/// The verdicts in the order of their gravity: of several at once the first is told.
pub const GRAVEST_FIRST: [Verdict; Verdict::ALL.len()] = {
    use Verdict::*;
    [Ghost, Failed, Lost, HalfSent, Duplicate, OutOfOrder, Stuck, Late, Overdue, Parked]
};

fn gravity(verdict: Verdict) -> usize {
    GRAVEST_FIRST.iter().position(|&other| other == verdict).unwrap_or(GRAVEST_FIRST.len())
}

/// The least interest of a record that has a line of its own in an account.
const WORTH_A_LINE: u8 = 5;

/// Which record of a step speaks for it.
fn interest(record: &Record) -> u8 {
    use Kind::*;
    match record.kind {
        RolledBack if matches!(Why::of(record.other), Why::Handler | Why::Repeat) => 4,
        Crashed | Restarted | Stopped | Stopping => 10,
        Answered if record.other > 0 => 8,
        Answered => 6,
        CallFailed => 6,
        Arrived => 4,
        RolledBack => 9,
        SerializationFailed | DecodeFailed | HandlerFailed => 8,
        Applied | Committed | Recognised | Lost | Unroutable | DeadLettered | Dropped => 7,
        Accepted | Received | Requested | Produced | Cut | Healed | DatabaseDown | DatabaseUp => 6,
        NotTaken | TimedOut | PollFailed => 6,
        PositionSaved | Cleaned | NotKnown | IdKept | Stored | Forgot => 5,
        PutBack => 8,
        Subscribed | SubscriptionDown | SubscriptionUp | Returned | Spoiled => 8,
        Undeliverable | Diverted | Overflowed | TurnedAway | LimitReached | Expired => 8,
        Filtered => 4,
        Polled if record.subject == 0 => 1,
        Began | Wrote | Serialized | WroteOutbox | Polled | Marked | Confirmed => 5,
        WroteInbox | Staged | Settled | Requeued | Stale | Refused | GaveUp | Ended => 4,
        Doubled | Delayed | Hurried | Lagged | Held | Released | Laid | Slowed => 4,
        VisibilityEnded | Reexposed | Redriven | Discarded | TakenOut | NotTakenOut => 7,
        SetAgain => 7,
        Extended | ExtendRefused | DelayEnded | DelayChanged | PollTimedOut => 5,
        LongPolled => 4,
        Leased => 2,
        WroteDeadLetter | ReplayFailed | LetterRemoved | LetterDiscarded => 7,
        WillRetry => 7,
        ReplayAsked | LetterEdited => 6,
        WroteMore | Collected => 5,
        Sent => 3,
        Enqueued => 2,
        Struck | RowTaken => 0,
    }
}

#[cfg(test)]
mod tests;
