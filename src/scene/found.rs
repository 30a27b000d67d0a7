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
            let text = format!("{order} is committed, and {listener} will never hear of it: {short} is lost.");
            (text, lost(world, finding, proof(1)))
        }
        Verdict::Duplicate => {
            let text = match proof(1) {
                Some(again) => format!("A duplicate: {} once more.", done(world, &again)),
                None => format!("A duplicate: {order} is handled once more."),
            };
            (text, duplicate(world, proof(0), proof(1)))
        }
        Verdict::HalfSent => {
            let short = names::short(world, finding.message).replace("its message “", "“");
            (format!("{order} is half-sent: one of its messages is out, and {short} never will be."), half_sent(world, finding, proof(1)))
        }
        Verdict::Stuck => stuck(world, ledger, finding, &message, proof(1)),
        Verdict::Parked if finding.queue == NO_QUEUE => (
            format!("{message} could not be sent and is parked."),
            "It is set aside in the dead-letter table, with the error, where an operator can look at it and replay it. It is not lost.".to_owned(),
        ),
        Verdict::Parked => (
            format!("{message} is parked."),
            "It is set aside with the dead letters, where an operator can look at it and replay it. It is not lost.".to_owned(),
        ),
        Verdict::Failed => failed(world, finding, proof(1)),
        Verdict::Late => {
            let took = took(proof(0), proof(1));
            let promised = world.setup().bounds.answer.map_or(String::new(), |bound| format!(" {} were promised.", seconds(bound)));
            if proof(1).is_some_and(|record| record.kind == Kind::Ended) {
                let who = if finding.order == NONE { "Somebody who asked" } else { order.as_str() };
                return (format!("{who} has no answer after {took}, and none will come."), format!("Whoever asked still waits.{promised}"));
            }
            (format!("{order} gets its answer after {took}: too late."), format!("Whoever asked waits for everything that is done before the answer.{promised}"))
        }
        Verdict::Overdue => {
            let took = took(proof(0), proof(1));
            let promised = world.setup().bounds.done.map_or(String::new(), |bound| format!("{} were promised. ", seconds(bound)));
            let text = match finding.order {
                NONE => format!("After {took} the work is not done, and nothing more happens."),
                _ => format!("{order} is done after {took}: later than promised."),
            };
            (text, format!("{promised}One after the other they take their time; more workers would share it."))
        }
        Verdict::OutOfOrder => {
            let later = proof(1).and_then(|record| world.message(record.subject));
            let later = later.map_or("one that was committed later".to_owned(), |later| {
                format!("{}, which was committed later", names::order(world, later.order))
            });
            let why = proof(1).and_then(|record| super::outbox::overtaken(world, finding.proof[0], finding.message, record.subject));
            let why = why.unwrap_or_else(|| "Nothing on the way keeps one behind the other.".to_owned());
            (format!("{order} is handled after {later}: out of order."), why)
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
        let noun = last.map_or("request", |last| names::noun(world, last.actor));
        return (
            format!("A {noun} is turned away: whoever asked sees an error."),
            "The service is down, and nobody else takes it in.".to_owned(),
        );
    };
    let text = format!("{} fails: whoever asked sees an error.", names::order(world, finding.order));
    let calls = service(world, finding.order).is_some_and(|service| service.publishing == Publishing::Call);
    let why = match Why::of(last.other.saturating_sub(1)) {
        Why::NotTaken if calls => {
            "The service that was called is not there, and without its reply there is no answer."
        }
        Why::TimedOut if calls => {
            "The service that was called did not reply in time, and without its reply there is no answer."
        }
        Why::Handler if calls => {
            "The service that was called could not do its part, and without it there is no answer."
        }
        Why::NotTaken => "The broker could not be reached.",
        Why::TimedOut => "The broker did not confirm in time.",
        Why::Crash => "The service crashed in the middle of it.",
        Why::Serialization => "A message could not be serialized.",
        _ => "The database did not go along.",
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
    let who = told.map_or("a consumer".to_owned(), |record| names::party(world, record.actor));
    let reason = undone.map_or("the work failed", |record| match Why::of(record.other) {
        Why::CommitFailed => "the commit failed",
        Why::Serialization => "another message could not be serialized",
        Why::NotTaken => "the broker could not be reached",
        Why::Full => "a queue was full",
        Why::TimedOut => "the broker's confirmation did not come",
        Why::Crash => "the service crashed",
        Why::Database => "the database did not answer",
        Why::Handler => "a later step of the work failed",
        Why::Repeat => "the work failed",
    });
    let before = finding.proof[2] < finding.proof[1];
    let text = match before {
        true => format!("A ghost: {who} has been told about {order}, and now there is no {order}."),
        false => format!("A ghost: {who} is told about {order}, which does not exist."),
    };
    let why = format!(
        "The message left while the transaction was still open. Then {reason}, and {order} was rolled back. Nothing calls a message back."
    );
    (text, why)
}

#[inline(never)]
fn lost(world: &World, finding: &Finding, last: Option<Record>) -> String {
    let Some(last) = last else { return "Nothing that can still happen will bring it there.".to_owned() };
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
        (Kind::GaveUp, Why::Crash) if committed_first => "The service crashed between the commit and the publish. That a message was still to be sent stood only in its memory.",
        (Kind::GaveUp, Why::Crash) => "The service crashed before it had sent it. That it was still to be sent stood only in its memory.",
        (Kind::LetterDiscarded, _) => "It could not be sent and was parked, and then the operator threw it away.",
        (Kind::GaveUp, Why::NotTaken | Why::TimedOut) if tries(world, finding) > 1 => return format!("The service tried {} times to send it, and each time in vain. The commit is done, and nobody tries again.", tries(world, finding)),
        (Kind::GaveUp, Why::NotTaken) => "The broker could not be reached when it was to be sent. The commit is done, and nobody tries again.",
        (Kind::GaveUp, Why::TimedOut) => "No confirmation came from the broker. The commit is done, and nobody tries again.",
        (Kind::GaveUp, Why::Full) => "A queue was full and did not take it. The commit is done, and nobody tries again.",
        (Kind::GaveUp, Why::Serialization) => "It could not be serialized, and the commit was done already.",
        (Kind::GaveUp, _) => "It could not be sent. The commit is done, and nobody tries again.",
        (Kind::Lost, _) if last.packet().0 == PacketKind::Publish => "It was lost on the wire, and whoever sent it keeps nothing from which it could be sent again.",
        (Kind::Lost, _) => "It was lost on the wire, and the broker keeps no copy.",
        (Kind::Unroutable, _) => "No queue was subscribed to the topic, and a topic keeps nothing.",
        (Kind::Dropped, _) => return dropped(world, &last),
        (Kind::Discarded, _) => "An operator threw it away.",
        (Kind::Undeliverable, _) => "The topic could not deliver it to that queue, does not try again, and the subscription has no dead letters. The publisher was told that all is well.",
        (Kind::Accepted, _) => "No binding brought it there any more, and an exchange keeps nothing.",
        (Kind::TurnedAway, _) => "The queue was full and did not take it.",
        (Kind::Crashed, _) => "The consumer had acknowledged before the work was done, and then it crashed.",
        (Kind::HandlerFailed | Kind::DecodeFailed, _) => "The consumer had acknowledged before the work was done, and then it failed.",
        _ => "Nothing that can still happen will bring it there.",
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
        Some(Kind::Expired) => "It waited longer than the queue allows",
        Some(Kind::Overflowed) => "The queue held more than it may",
        Some(Kind::LimitReached) => "It came back once too often",
        _ => "",
    };
    if !limit.is_empty() {
        return format!("{limit}, and nothing keeps the dead letters of queue {queue}.");
    }
    let behind = causes(world, record).find(|(_, cause)| {
        matches!(cause.kind, Kind::Crashed | Kind::DecodeFailed | Kind::HandlerFailed | Kind::Received)
    });
    let reason = match behind.map(|(_, cause)| cause.kind) {
        Some(Kind::Crashed) => {
            return format!(
                "Queue {queue} is not durable: it forgets what it holds when the broker goes down."
            );
        }
        Some(Kind::DecodeFailed) => "The consumer could not read it and rejected it",
        Some(Kind::HandlerFailed) => "The consumer's handler failed on it and rejected it",
        _ => "The consumer rejected it",
    };
    format!("{reason}, and queue {queue} has no dead letters to keep it in.")
}

#[inline(never)]
fn duplicate(world: &World, first: Option<Record>, again: Option<Record>) -> String {
    let how = first.zip(again).and_then(|(first, again)| came_twice(world, &first, &again));
    let how = how.unwrap_or_else(|| "The message came twice.".to_owned());
    let consumer = again.and_then(|record| world.setup().consumers.get(record.other as usize));
    let producer = again.and_then(|record| service(world, world.message(record.subject)?.order));
    if let Some(why) = consumer.and_then(|consumer| super::inbox::other_id(consumer, producer)) {
        return format!("{how} {why}");
    }
    match consumer.map(|consumer| (consumer.inbox, super::inbox::gap(consumer))) {
        Some((_, Some(gap))) => format!("{how} {gap}"),
        None | Some((Inbox::None, _)) => format!("{how} The consumer keeps no record of what it has done."),
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
        return Some("The broker never got the acknowledgement of the first delivery, so it handed the message out again.".to_owned());
    }
    match queued.kind {
        Kind::VisibilityEnded => {
            return Some(
                "Its visibility timeout ended before it was deleted, so the queue handed it out again."
                    .to_owned(),
            );
        }
        Kind::Reexposed => {
            return Some(
                "One of the servers of the queue had not heard that it was deleted, and handed it out again."
                    .to_owned(),
            );
        }
        Kind::Redriven => {
            return Some(
                "It was moved back from the dead letters, although its work had been done before.".to_owned(),
            );
        }
        _ => {}
    }
    if here.0 == there.0 {
        return Some("The wire doubled the delivery.".to_owned());
    }
    let published = |applied: &Record| {
        causes(world, applied)
            .find(|(_, cause)| cause.kind == Kind::Sent && cause.packet().0 == PacketKind::Publish)
    };
    let ((one, sent), (two, sent_again)) = (published(first)?, published(again)?);
    if one == two {
        return Some("The wire doubled the message on its way to the broker.".to_owned());
    }
    let who = names::party(world, sent.actor);
    if sent.actor != sent_again.actor {
        let other = names::party(world, sent_again.actor);
        let why = format!(
            "{who} and {other} both sent it: the second had read its row before the first had marked it as sent."
        );
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
        Some(Kind::Crashed) if replayed => format!(
            "The operator replayed the message, and {who} crashed before it had removed its row. The row was still there, so it was replayed again."
        ),
        _ if replayed => format!(
            "{who} never got the broker's confirmation, so the message stayed in the dead-letter table though it had arrived. The operator replayed it."
        ),
        Some(Kind::Crashed) => format!(
            "{who} crashed after it had sent the message and before it had {}.",
            super::outbox::not_yet(world, sent.actor)
        ),
        Some(_) => format!(
            "{who} never got the broker's confirmation of the first time, so it sent the message again."
        ),
        None => format!("{who} sent the message twice."),
    };
    Some(sentence(why))
}

#[inline(never)]
fn half_sent(world: &World, finding: &Finding, last: Option<Record>) -> String {
    let one_by_one =
        service(world, finding.order).is_some_and(|service| service.serialization == Serialization::AsSent);
    match last.map(|record| (record.kind, Why::of(record.other))) {
        Some((Kind::GaveUp | Kind::RolledBack, Why::Serialization)) if one_by_one => "Each message is serialized only when its turn to be sent comes: the first had left when the next one failed.",
        Some((Kind::GaveUp | Kind::RolledBack, Why::Serialization)) => "It could not be serialized.",
        Some((Kind::GaveUp | Kind::RolledBack, Why::Crash)) => "The service crashed when it had sent only some of them. That more were to be sent stood only in its memory.",
        Some((Kind::GaveUp | Kind::RolledBack, Why::NotTaken)) => "The broker could be reached for the first and not for this one, and nobody tries again.",
        Some((Kind::GaveUp | Kind::RolledBack, Why::TimedOut)) => "No confirmation came from the broker, and nobody tries again.",
        Some((Kind::Lost, _)) => "It was lost on the wire, and nothing is kept from which it could be sent again.",
        _ => "They are sent one after the other, and in between something went wrong.",
    }
    .to_owned()
}

/// Where a bad message goes back to its queue for ever: why this one does not get through.
#[inline(never)]
fn tried_for_ever(world: &World, finding: &Finding) -> Option<String> {
    if world.is_bad(finding.message) {
        return Some("Something is wrong with it: every try fails, and it goes back to the queue for another, for ever.".to_owned());
    }
    let queue = world.queue(finding.queue);
    let out = world.takers(finding.queue).iter().flat_map(|&worker| world.connection(worker).unacked());
    let waiting = queue.ready().iter().chain(out.map(|out| &out.stored));
    let bad = waiting.filter(|stored| world.is_bad_copy(stored)).map(|stored| stored.message).next()?;
    let before = names::message(world, bad);
    Some(format!("It waits behind {before}, which fails every time and goes back to the head of the queue."))
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
        let text = format!("{message} is stuck: {listener} has not got it and will not.");
        let text = if world.is_bad(finding.message) { text.replace("got it", "coped with it") } else { text };
        return (text, why);
    }
    if limit {
        let text = format!("{message} has not come to {listener} when the time is over.");
        return (text, "It counts as stuck. It is not lost: with more time it might have come.".to_owned());
    }
    let outbox = service(world, finding.order).is_some_and(Service::has_outbox);
    let why = match last.map(|record| (record.kind, record.other)) {
        Some((Kind::Held, _)) => "It stands still on the wire until somebody releases it.".to_owned(),
        Some((
            Kind::Enqueued | Kind::Requeued | Kind::VisibilityEnded | Kind::DelayEnded | Kind::Redriven,
            queue,
        )) => {
            let queue = names::queue(world.setup(), queue & 0xff);
            format!("It waits in queue {queue}, and nobody comes for it.")
        }
        _ if outbox && ledger.times_accepted(finding.message) == 0 => {
            "Its row waits in the outbox, and no relay comes for it.".to_owned()
        }
        _ => "It waits for something that no longer comes.".to_owned(),
    };
    (
        format!("{message} is stuck: {listener} has not got it and will not."),
        format!("{why} It is not lost: an operator could still move it."),
    )
}
