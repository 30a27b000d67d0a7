//! What did the judge find, in a sentence, and why did it come to that? Read off the proof of the finding and the
//! causes behind it.

use super::causes::causes;
use super::measures::seconds;
use super::names::{self, sentence};
use super::sentence::done;
use crate::broker::record::{Kind, NONE, Record, Why};
use crate::broker::setup::{Consumer, Inbox, Publishing, Serialization, Service};
use crate::broker::world::World;
use crate::check::finding::{Finding, NO_QUEUE, Verdict};
use crate::check::ledger::Ledger;
use crate::fault::point::PacketKind;
use crate::sim::time::Instant;
use crate::words::story::found as say;

/// The sentence, and the reason.
pub(super) fn of_finding(world: &World, ledger: &Ledger, finding: &Finding) -> (String, String) {
    let history = world.history();
    let proof = |n: usize| history.get(finding.proof[n]).copied();
    let order = names::order(world, finding.order);
    let message = names::message(world, finding.message);
    match finding.verdict {
        Verdict::Ghost => ghost(world, finding, proof(1), proof(2)),
        Verdict::Lost => {
            let listener = names::listener(world.setup(), finding.queue);
            let short = names::short(world, finding.message);
            let text = match ledger.was_received(finding.message, finding.queue) {
                true => say::never_done(&order, &listener, &short),
                false => say::lost(&order, &listener, &short),
            };
            (text, lost(world, finding, proof(1)))
        }
        Verdict::Duplicate => {
            let text = match proof(1) {
                Some(again) => say::duplicate(&done(world, &again)),
                None => say::duplicate_of(&order),
            };
            (text, duplicate(world, proof(0), proof(1)))
        }
        Verdict::HalfSent => {
            let short = names::short_of_several(world, finding.message);
            (say::half_sent(&order, &short), half_sent(world, finding, proof(1)))
        }
        Verdict::Stuck => stuck(world, ledger, finding, &message, proof(1)),
        Verdict::Parked if finding.queue == NO_QUEUE => {
            (say::parked_in_table(&message), say::IN_THE_TABLE.to_owned())
        }
        Verdict::Parked => (say::parked(&message), say::IN_THE_QUEUE.to_owned()),
        Verdict::Failed => failed(world, finding, proof(1)),
        Verdict::Late => {
            let took = took(proof(0), proof(1));
            let promised = world
                .setup()
                .bounds
                .answer
                .map_or(String::new(), |bound| say::were_promised(&seconds(bound)));
            if proof(1).is_some_and(|record| record.kind == Kind::Ended) {
                let who = if finding.order == NONE { say::SOMEBODY_WHO_ASKED } else { order.as_str() };
                return (say::no_answer(who, &took), say::still_waits(&promised));
            }
            (say::answered_late(&order, &took), say::waits_for_everything(&promised))
        }
        Verdict::Overdue => {
            let took = took(proof(0), proof(1));
            let promised = world
                .setup()
                .bounds
                .done
                .map_or(String::new(), |bound| say::were_promised_first(&seconds(bound)));
            let text = match finding.order {
                NONE => say::not_done(&took),
                _ => say::done_late(&order, &took),
            };
            (text, say::more_workers(&promised))
        }
        Verdict::OutOfOrder => {
            let later = proof(1).and_then(|record| world.message(record.subject));
            let later = later.map_or(say::A_LATER_ONE.to_owned(), |later| {
                say::a_later_one(&names::order(world, later.order))
            });
            let why = proof(1).and_then(|record| {
                super::outbox::overtaken(world, finding.proof[0], finding.message, record.subject)
            });
            let why = why.unwrap_or_else(|| say::NOTHING_KEEPS_THE_ORDER.to_owned());
            (say::out_of_order(&order, &later), why)
        }
    }
}

/// How long it was from the one to the other.
fn took(from: Option<Record>, to: Option<Record>) -> String {
    let span = from.zip(to).map(|(from, to)| to.at.since(from.at));
    span.map_or(String::new(), |span| Instant(span.0).to_string())
}

fn failed(world: &World, finding: &Finding, last: Option<Record>) -> (String, String) {
    let Some(last) = last.filter(|_| finding.order != NONE) else {
        let noun = last.map_or(say::REQUEST, |last| names::noun(world, last.actor));
        return (say::turned_away(noun), say::SERVICE_IS_DOWN.to_owned());
    };
    let text = say::request_fails(&names::order(world, finding.order));
    let calls = service(world, finding.order).is_some_and(|service| service.publishing == Publishing::Call);
    let why = match Why::of(last.other.saturating_sub(1)) {
        Why::NotTaken if calls => say::CALLED_IS_NOT_THERE,
        Why::TimedOut if calls => say::CALLED_DID_NOT_REPLY,
        Why::Handler if calls => say::CALLED_COULD_NOT,
        Why::NotTaken => say::BROKER_NOT_REACHED,
        Why::TimedOut => say::BROKER_DID_NOT_CONFIRM,
        Why::Crash => say::CRASHED_IN_THE_MIDDLE,
        Why::Serialization => say::NOT_SERIALIZED,
        _ => say::DATABASE_DID_NOT_GO_ALONG,
    };
    (text, why.to_owned())
}

fn service(world: &World, order: u32) -> Option<&Service> {
    world.setup().services.get(names::service_of(world, order) as usize)
}

fn commits_first(publishing: Publishing) -> bool {
    matches!(publishing, Publishing::AfterCommit | Publishing::CollectAfterCommit)
}

fn ghost(world: &World, finding: &Finding, undone: Option<Record>, told: Option<Record>) -> (String, String) {
    let order = names::order(world, finding.order);
    let who = told.map_or(say::A_CONSUMER.to_owned(), |record| names::party(world, record.actor));
    let reason = undone.map_or(say::THE_WORK_FAILED, |record| match Why::of(record.other) {
        Why::CommitFailed => say::THE_COMMIT_FAILED,
        Why::Serialization => say::ANOTHER_NOT_SERIALIZED,
        Why::NotTaken => say::THE_BROKER_WAS_AWAY,
        Why::Full => say::A_QUEUE_WAS_FULL,
        Why::TimedOut => say::NOT_CONFIRMED,
        Why::Crash => say::THE_SERVICE_CRASHED,
        Why::Database => say::THE_DATABASE_WAS_AWAY,
        Why::Handler => say::A_LATER_STEP_FAILED,
        Why::Repeat => say::THE_WORK_FAILED,
    });
    let before = finding.proof[2] < finding.proof[1];
    let text = match before {
        true => say::ghost_undone(&who, &order),
        false => say::ghost(&who, &order),
    };
    let why = say::left_while_open(reason, &order);
    (text, why)
}

/// What to say of a run that is over: what went wrong in it, or what was set aside; none if nothing was.
#[inline(never)]
pub(super) fn in_sum(world: &World, ledger: &Ledger) -> Option<String> {
    let counts = ledger.counts();
    let wrong = || ledger.findings().filter(|finding| finding.verdict != Verdict::Parked);
    match wrong().next() {
        None if counts.parked == 0 => None,
        None => Some(say::set_aside(counts.parked as usize)),
        Some(first) => {
            let what = names::sentence(of_finding(world, ledger, first).0);
            Some(match wrong().count() {
                1 => say::went_wrong(&first.at, &what),
                more => say::things_went_wrong(more, &first.at, &what),
            })
        }
    }
}

#[inline(never)]
fn lost(world: &World, finding: &Finding, last: Option<Record>) -> String {
    let Some(last) = last else { return say::NOTHING_BRINGS_IT.to_owned() };
    // The publisher's word may have come after it.
    let at_topic = |record: &&Record| {
        let failed = matches!(record.kind, Kind::Undeliverable | Kind::TurnedAway);
        failed && record.subject == finding.message && record.other == u16::from(finding.queue)
    };
    let last = world.history().before_step(finding.step + 1).find(at_topic).copied().unwrap_or(last);
    let hears =
        |consumer: &&Consumer| consumer.queue == finding.queue && consumer.inbox == Inbox::IdThenEffect;
    if let Some(consumer) = world.setup().consumers.iter().find(hears)
        && matches!(last.kind, Kind::Settled | Kind::Recognised)
    {
        return super::inbox::gap(consumer).unwrap_or_default().to_owned();
    }
    if let Some(why) = super::outbox::lost(world, &last) {
        return why.to_owned();
    }
    let committed_first =
        service(world, finding.order).is_some_and(|service| commits_first(service.publishing));
    match (last.kind, Why::of(last.other)) {
        (Kind::GaveUp, Why::Crash) if committed_first => say::CRASHED_AFTER_COMMIT,
        (Kind::GaveUp, Why::Crash) => say::CRASHED_BEFORE_SENDING,
        (Kind::LetterDiscarded, _) => say::PARKED_THEN_DISCARDED,
        (Kind::GaveUp, Why::NotTaken | Why::TimedOut) if tries(world, finding) > 1 => {
            return say::tried_in_vain(tries(world, finding));
        }
        (Kind::GaveUp, Why::NotTaken) => say::BROKER_AWAY_AFTER_COMMIT,
        (Kind::GaveUp, Why::TimedOut) => say::NOT_CONFIRMED_AFTER_COMMIT,
        (Kind::GaveUp, Why::Full) => say::FULL_AFTER_COMMIT,
        (Kind::GaveUp, Why::Serialization) => say::NOT_SERIALIZED_AFTER_COMMIT,
        (Kind::GaveUp, _) => say::NOT_SENT_AFTER_COMMIT,
        (Kind::Lost, _) if last.packet().0 == PacketKind::Publish => say::LOST_TO_BROKER,
        (Kind::Lost, _) => say::LOST_TO_CONSUMER,
        (Kind::Unroutable, _) => say::NO_QUEUE_SUBSCRIBED,
        (Kind::Dropped, _) => return dropped(world, &last),
        (Kind::Discarded, _) => say::THROWN_AWAY,
        (Kind::Undeliverable, _) => say::NOT_DELIVERED,
        (Kind::Accepted, _) => say::NO_BINDING,
        (Kind::TurnedAway, _) => say::NOT_TAKEN,
        (Kind::Crashed, _) => say::ACKED_THEN_CRASHED,
        (Kind::HandlerFailed | Kind::DecodeFailed, _) => say::ACKED_THEN_FAILED,
        _ => say::NOTHING_BRINGS_IT,
    }
    .to_owned()
}

/// How often the service may try to send one message.
fn tries(world: &World, finding: &Finding) -> u32 {
    service(world, finding.order).map_or(1, |service| service.retry.attempts)
}

/// Why a queue threw a message away.
pub(super) fn dropped(world: &World, record: &Record) -> String {
    let queue = names::queue(world.setup(), record.other);
    let limit = causes(world, record).next().map(|(_, cause)| cause.kind);
    let limit = match limit {
        Some(Kind::Expired) => say::WAITED_TOO_LONG,
        Some(Kind::Overflowed) => say::HELD_TOO_MUCH,
        Some(Kind::LimitReached) => say::CAME_BACK_TOO_OFTEN,
        _ => "",
    };
    if !limit.is_empty() {
        return say::not_kept(limit, queue);
    }
    let behind = causes(world, record).find(|(_, cause)| {
        matches!(cause.kind, Kind::Crashed | Kind::DecodeFailed | Kind::HandlerFailed | Kind::Received)
    });
    let reason = match behind.map(|(_, cause)| cause.kind) {
        Some(Kind::Crashed) => {
            return say::not_durable(queue);
        }
        Some(Kind::DecodeFailed) => say::COULD_NOT_READ,
        Some(Kind::HandlerFailed) => say::HANDLER_FAILED,
        _ => say::REJECTED,
    };
    say::rejected_and_gone(reason, queue)
}

#[inline(never)]
fn duplicate(world: &World, first: Option<Record>, again: Option<Record>) -> String {
    let how = first.zip(again).and_then(|(first, again)| came_twice(world, &first, &again));
    let how = how.unwrap_or_else(|| say::CAME_TWICE.to_owned());
    let consumer = again.and_then(|record| world.setup().consumers.get(record.other as usize));
    let producer = again.and_then(|record| service(world, world.message(record.subject)?.order));
    if let Some(why) = consumer.and_then(|consumer| super::inbox::other_id(consumer, producer)) {
        return format!("{how} {why}");
    }
    match consumer.map(|consumer| (consumer.inbox, super::inbox::gap(consumer))) {
        Some((_, Some(gap))) => format!("{how} {gap}"),
        None | Some((Inbox::None, _)) => say::keeps_no_record(&how),
        _ => how,
    }
}

/// How one message came to be delivered twice.
#[inline(never)]
fn came_twice(world: &World, first: &Record, again: &Record) -> Option<String> {
    let handed_out = |applied: &Record| {
        causes(world, applied).find(|(_, cause)| {
            matches!(
                cause.kind,
                Kind::Enqueued | Kind::Requeued | Kind::VisibilityEnded | Kind::Reexposed | Kind::Redriven
            )
        })
    };
    // Whoever was handed it later may have been done with it first.
    let (here, there) = (handed_out(again)?, handed_out(first)?);
    let queued = if there.0 > here.0 { there.1 } else { here.1 };
    if queued.kind == Kind::Requeued {
        return Some(say::NEVER_ACKED.to_owned());
    }
    match queued.kind {
        Kind::VisibilityEnded => {
            return Some(say::TIMEOUT_ENDED.to_owned());
        }
        Kind::Reexposed => {
            return Some(say::SERVER_HAD_NOT_HEARD.to_owned());
        }
        Kind::Redriven => {
            return Some(say::MOVED_BACK.to_owned());
        }
        _ => {}
    }
    if here.0 == there.0 {
        return Some(say::DELIVERY_DOUBLED.to_owned());
    }
    let published = |applied: &Record| {
        causes(world, applied)
            .find(|(_, cause)| cause.kind == Kind::Sent && cause.packet().0 == PacketKind::Publish)
    };
    let ((one, sent), (two, sent_again)) = (published(first)?, published(again)?);
    if one == two {
        return Some(say::MESSAGE_DOUBLED.to_owned());
    }
    let who = names::party(world, sent.actor);
    if sent.actor != sent_again.actor {
        let other = names::party(world, sent_again.actor);
        let why = say::both_sent(&who, &other);
        return Some(sentence(why));
    }
    let between = || {
        let records = world.history().iter_from(one as usize).take((two.saturating_sub(one)) as usize);
        records.filter(|record| record.actor == sent.actor)
    };
    let replayed =
        between().any(|record| record.kind == Kind::ReplayAsked && record.subject == again.subject);
    let trouble =
        between().find(|record| matches!(record.kind, Kind::Crashed | Kind::TimedOut | Kind::NotTaken));
    let why = match trouble.map(|record| record.kind) {
        Some(Kind::Crashed) if replayed => say::replayed_then_crashed(&who),
        _ if replayed => say::replayed_unconfirmed(&who),
        Some(Kind::Crashed) => say::crashed_before(&who, super::outbox::not_yet(world, sent.actor)),
        Some(_) => say::never_confirmed(&who),
        None => say::sent_twice(&who),
    };
    Some(sentence(why))
}

#[inline(never)]
fn half_sent(world: &World, finding: &Finding, last: Option<Record>) -> String {
    let one_by_one =
        service(world, finding.order).is_some_and(|service| service.serialization == Serialization::AsSent);
    match last.map(|record| (record.kind, Why::of(record.other))) {
        Some((Kind::GaveUp | Kind::RolledBack, Why::Serialization)) if one_by_one => {
            say::SERIALIZED_ONE_BY_ONE
        }
        Some((Kind::GaveUp | Kind::RolledBack, Why::Serialization)) => say::COULD_NOT_BE_SERIALIZED,
        Some((Kind::GaveUp | Kind::RolledBack, Why::Crash)) => say::CRASHED_AMONG_THEM,
        Some((Kind::GaveUp | Kind::RolledBack, Why::NotTaken)) => say::BROKER_AWAY_FOR_THIS_ONE,
        Some((Kind::GaveUp | Kind::RolledBack, Why::TimedOut)) => say::NO_CONFIRMATION,
        Some((Kind::Lost, _)) => say::LOST_AND_NOT_KEPT,
        _ => say::WENT_WRONG_BETWEEN,
    }
    .to_owned()
}

/// Where a bad message goes back to its queue for ever: why this one does not get through.
#[inline(never)]
fn tried_for_ever(world: &World, finding: &Finding) -> Option<String> {
    if world.is_bad(finding.message) {
        return Some(say::EVERY_TRY_FAILS.to_owned());
    }
    let queue = world.queue(finding.queue);
    let out = world.takers(finding.queue).iter().flat_map(|&worker| world.connection(worker).unacked());
    let waiting = queue.ready().iter().chain(out.map(|out| &out.stored));
    let bad = waiting.filter(|stored| world.is_bad_copy(stored)).map(|stored| stored.message).next()?;
    let before = names::message(world, bad);
    Some(say::waits_behind(&before))
}

#[inline(never)]
fn stuck(
    world: &World,
    ledger: &Ledger,
    finding: &Finding,
    message: &str,
    last: Option<Record>,
) -> (String, String) {
    let listener = names::listener(world.setup(), finding.queue);
    let limit =
        world.history().iter().next_back().is_some_and(|end| end.kind == Kind::Ended && end.subject == 1);
    if limit && let Some(why) = tried_for_ever(world, finding) {
        let bad = world.is_bad(finding.message);
        let text =
            if bad { say::never_coped_with(message, &listener) } else { say::stuck(message, &listener) };
        return (text, why);
    }
    if limit {
        let text = say::not_in_time(message, &listener);
        return (text, say::IT_COUNTS_AS_STUCK.to_owned());
    }
    let outbox = service(world, finding.order).is_some_and(Service::has_outbox);
    let why = match last.map(|record| (record.kind, record.other)) {
        Some((Kind::Held, _)) => say::HELD_ON_THE_WIRE.to_owned(),
        Some((
            Kind::Enqueued | Kind::Requeued | Kind::VisibilityEnded | Kind::DelayEnded | Kind::Redriven,
            queue,
        )) => {
            let queue = names::queue(world.setup(), queue & 0xff);
            say::waits_in_queue(queue)
        }
        _ if outbox && ledger.times_accepted(finding.message) == 0 => say::WAITS_IN_THE_OUTBOX.to_owned(),
        _ => say::WAITS_FOR_EVER.to_owned(),
    };
    (say::stuck(message, &listener), say::not_lost(&why))
}
