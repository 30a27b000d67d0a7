//! What lies in a dead-letter queue, why, and what can be done about it? For an operator to review.

use super::actions::{of_dead_letter_queue, of_queued_message};
use super::edited::payload;
use super::names;
use super::review::{MOST, Row, Store};
use super::story::{Line, Tone};
use crate::broker::queue::Stored;
use crate::broker::record::{Kind, Record};
use crate::broker::setup::Setup;
use crate::broker::world::World;
use crate::sim::time::Instant;
use crate::words::review as say;

/// How many records back a reason is looked for.
const WINDOW: usize = 20_000;

/// What lies in the dead-letter queues, in sentences, one for each message.
pub fn lines(world: &World) -> Vec<Line> {
    let in_queue =
        |queue: u8| world.queue(queue).ready().iter().take(MOST).map(move |stored| (queue, stored));
    let line = |(queue, stored): (u8, &Stored)| {
        let name = names::queue(world.setup(), u16::from(queue));
        let came = world.history().get(stored.cause());
        Line {
            step: came.map_or(0, |came| came.step),
            at: came.map_or(Instant::START, |came| came.at),
            text: names::sentence(say::lies_in(&names::message(world, stored.message), name)),
            why: Some(reason(world, stored)),
            tone: Tone::Trouble,
            message: Some(stored.message),
            place: Some(world.cast().broker),
        }
    };
    queues(world).flat_map(in_queue).map(line).collect()
}

/// Whether that queue takes the dead letters of another, from which it can move them back.
pub fn is_dead_letter_queue(setup: &Setup, queue: u8) -> bool {
    setup.queues.iter().filter_map(|other| other.poll).any(|poll| poll.dead_letter == Some(queue))
}

/// Whether what lies in that queue is for an operator to review: dead letters of another queue or of a subscription, or
/// what an exchange for dead letters brings and no consumer takes.
pub fn is_reviewed(setup: &Setup, queue: u8) -> bool {
    let diverted = || {
        let mut subscriptions = setup.topics.iter().flat_map(|topic| &topic.subscriptions);
        subscriptions.any(|subscription| subscription.dead_letters == Some(queue))
    };
    let buried = || {
        let mut exchanges = setup.queues.iter().filter_map(|other| other.limits.dead_letter.as_ref());
        exchanges.any(|to| {
            let topic = setup.topics.get(usize::from(to.exchange));
            topic.is_some_and(|topic| topic.all_queues().contains(&queue))
        })
    };
    let taken = || setup.consumers.iter().any(|consumer| consumer.queue == queue);
    is_dead_letter_queue(setup, queue) || (!taken() && (diverted() || buried()))
}

fn queues(world: &World) -> impl Iterator<Item = u8> + '_ {
    (0..world.setup().queues.len() as u8).filter(|&queue| is_reviewed(world.setup(), queue))
}

/// The dead-letter queues with what they hold now.
pub(super) fn dead_letter_queues(world: &World) -> impl Iterator<Item = Store> + '_ {
    queues(world).map(|queue| {
        let ready = world.queue(queue).ready();
        Store {
            title: say::queue(names::queue(world.setup(), u16::from(queue))),
            rows: ready.iter().take(MOST).map(|stored| row(world, queue, stored)).collect(),
            more: ready.len().saturating_sub(MOST),
            actions: of_dead_letter_queue(world, queue),
            is_table: false,
        }
    })
}

fn row(world: &World, queue: u8, stored: &Stored) -> Row {
    let from = stored.source().map(|queue| names::queue(world.setup(), u16::from(queue)));
    Row {
        id: stored.message,
        label: names::label(world, stored.message),
        state: say::PARKED,
        lines: from.map(say::from).into_iter().chain([reason(world, stored)]).collect(),
        payload: Some(payload(world, queue, stored)),
        actions: of_queued_message(world, stored.message),
    }
}

/// What went wrong with it the last time, as far as the records tell.
fn reason(world: &World, stored: &Stored) -> String {
    let times = match stored.receives {
        1 => say::ONCE.to_owned(),
        times => say::times(times),
    };
    let about = |record: &&Record| record.subject == stored.message;
    // Nothing that came after it was set aside can be why.
    let before = world.history().before(stored.cause().saturating_add(1)).take(WINDOW);
    let failed = before.filter(about).find_map(|record| {
        let who = names::party(world, record.actor);
        match record.kind {
            Kind::HandlerFailed => Some(say::handler_failed(&who)),
            Kind::DecodeFailed => Some(say::could_not_read(&who)),
            Kind::Received => crashed(world, record).then(|| say::crashed_with_it(&who)),
            _ => None,
        }
    });
    let why = failed.unwrap_or_else(|| say::NOT_DELETED_IN_TIME.to_owned());
    say::received(&times, &why)
}

/// Whether who received it crashed before anything came of it.
fn crashed(world: &World, received: &Record) -> bool {
    let history = world.history();
    let from = history.first_not(|record| record.step <= received.step);
    let after = history.iter_from(from as usize).take(WINDOW);
    let mut own = after.filter(|record| record.actor == received.actor);
    own.find(|record| record.kind == Kind::Crashed || record.subject == received.subject)
        .is_some_and(|record| record.kind == Kind::Crashed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::catalogue;
    use crate::scene::actions::Action;
    use crate::scene::layout::Room;
    use crate::scene::stage::{Hidden, stage};
    use crate::timeline::run::Run;

    fn run(id: &str) -> Run {
        let scenario = catalogue::find(id).expect("a scenario of the catalogue");
        Run::new(scenario.setup.clone(), scenario.seed, Vec::new())
    }

    fn labels(actions: &[Action]) -> Vec<&str> {
        actions.iter().map(|action| action.label.as_str()).collect()
    }

    #[test]
    fn an_operator_sees_what_is_parked_why_and_what_can_be_done() {
        let mut run = run("dead-letter-redrive");
        let queues = loop {
            let queues: Vec<Store> = dead_letter_queues(&run.here().world).collect();
            if queues.iter().any(|queue| !queue.rows.is_empty()) {
                break queues;
            }
            run.seek(run.here().step() + 1);
        };
        let [queue] = queues.as_slice() else { panic!("{queues:?}") };
        assert_eq!(queue.title, "queue mails-dead");
        assert_eq!(labels(&queue.actions), ["Move mails-dead back", "Throw mails-dead away"]);
        let [row] = queue.rows.as_slice() else { panic!("{queue:?}") };
        assert_eq!((row.label.as_str(), row.state), ("2", "parked"));
        let why = "Received 3 times; the last time, the handler of the mail service failed on it.";
        assert_eq!(row.lines, ["From mails.", why]);
        assert_eq!(labels(&row.actions), ["Move it back to mails", "Throw it away from mails-dead"]);
        let lines = lines(&run.here().world);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].text, "The message about order 2 lies in mails-dead.");
        assert_eq!(lines[0].step, run.here().step());
    }

    #[test]
    fn the_stage_shows_how_long_a_message_stays_hidden_and_from_whom_it_comes_back() {
        let mut run = run("sqs-poll-model");
        let room = Room { width: 860.0, height: 640.0, compact: false };
        let mut seen: Vec<Hidden> = Vec::new();
        let end = run.end().step();
        while run.here().step() < end {
            run.seek(run.here().step() + 1);
            let stage = stage(&run.here().world, &run.here().ledger, room);
            let chips = stage.strips.iter().flat_map(|strip| &strip.chips);
            seen.extend(chips.filter(|chip| chip.label == "2").filter_map(|chip| chip.hidden.clone()));
        }
        // Its answer is lost: the time runs out, and it is received again.
        assert_eq!(seen.first().map(|hidden| (hidden.left, hidden.receives)), Some((1000, 1)));
        let first: Vec<u16> =
            seen.iter().filter(|hidden| hidden.receives == 1).map(|hidden| hidden.left).collect();
        assert!(
            first.len() > 3 && first.is_sorted_by(|a, b| a >= b) && first.last() < Some(&500),
            "{first:?}"
        );
        assert_eq!(seen.last().map(|hidden| hidden.receives), Some(2));
        assert!(seen.iter().all(|hidden| hidden.by.as_deref() == Some("the mail service")));
    }
}
