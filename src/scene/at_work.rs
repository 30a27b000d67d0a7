//! What is a party at, and how does it work?

use super::{inbox, names, outbox};
use crate::broker::program::Op;
use crate::broker::setup::{AckTime, Inbox, Publishing, Role};
use crate::broker::world::World;
use crate::fault::point::{ActorId, Step};
use crate::scenario::steps::is_polled;
use crate::words::stage as say;

/// How a party works, in a few words.
pub(super) fn how(world: &World, actor: ActorId) -> String {
    let setup = world.setup();
    match world.cast().role(actor) {
        Role::Service(index) => {
            let service = &setup.services[index as usize];
            match service.publishing {
                _ if service.has_outbox() && service.sends_itself() => say::CRITICAL_BY_OUTBOX,
                Publishing::Plain => say::PUBLISHES,
                Publishing::BeforeCommit => say::PUBLISHES_COMMITS,
                Publishing::AfterCommit => say::COMMITS_PUBLISHES,
                Publishing::Outbox => say::MESSAGE_BESIDE_ROW,
                Publishing::Call => say::CALLS_WAITS_COMMITS,
                Publishing::InHandler => say::PUBLISHES_AT_WORK,
                Publishing::CollectBeforeCommit => say::COLLECTS_PUBLISHES_COMMITS,
                Publishing::CollectAfterCommit => say::COLLECTS_COMMITS_PUBLISHES,
            }
            .to_owned()
        }
        Role::Relay(index) => outbox::how(&setup.relays[index as usize]),
        Role::Broker => String::new(),
        Role::Worker(consumer, _) => {
            let consumer = &setup.consumers[consumer as usize];
            if is_polled(consumer, setup) && matches!(consumer.inbox, Inbox::None | Inbox::Ids) {
                return match (consumer.inbox, consumer.polling.heartbeat, consumer.ack) {
                    (Inbox::Ids, ..) => say::ASKS_KEEPS_DELETES.to_owned(),
                    (_, _, AckTime::BeforeEffect) => say::ASKS_DELETES_ACTS.to_owned(),
                    (_, Some(_), _) => say::ASKS_ACTS_KEEPS_HIDDEN.to_owned(),
                    _ => say::ASKS_ACTS_DELETES.to_owned(),
                };
            }
            if names::uses_broker(world, actor) { inbox::how(consumer) } else { say::ACTS_REPLIES.to_owned() }
        }
    }
}

/// What a party is at.
pub(super) fn doing(world: &World, actor: ActorId) -> String {
    if !world.is_up(actor) {
        return say::DOWN.to_owned();
    }
    if !world.database_answers(actor) {
        return say::NO_DATABASE.to_owned();
    }
    let about = |message: u32| world.message(message).map_or(String::new(), |m| names::order(world, m.order));
    match world.cast().role(actor) {
        Role::Service(index) => {
            let service = world.service(index);
            let Some((unit, op)) = service.unit().zip(service.next_op()) else {
                return say::WAITS_FOR_WORK.to_owned();
            };
            does_next(op, unit.failed > 0, &names::order(world, unit.order))
        }
        Role::Relay(index) => outbox::doing(world, index),
        Role::Broker => String::new(),
        Role::Worker(..) => {
            let index = actor.0 - world.cast().broker.0 - 1;
            let worker = world.worker(index);
            let poller = worker.poller();
            let Some((delivery, step)) = worker.current() else {
                return match (poller.next_poll(), inbox::working(world, index)) {
                    (_, Some(working)) => working,
                    _ if poller.asks() => say::WAITS_FOR_ANSWER.to_owned(),
                    (Some(next), None) => say::asks_again(&next),
                    (None, None) if !names::uses_broker(world, actor) => say::WAITS_FOR_CALL.to_owned(),
                    (None, None) => say::WAITS_FOR_MESSAGE.to_owned(),
                };
            };
            works_at(world, actor, step, &about(delivery.message))
        }
    }
}

/// What a service is about to do.
#[inline(never)]
fn does_next(op: Op, failed: bool, order: &str) -> String {
    match op {
        Op::Begin => say::opens_transaction(order),
        Op::Write => say::writes_row(order),
        Op::Serialize(_) => say::serializes(order),
        Op::WriteOutbox(_) => say::writes_outbox_row(order),
        Op::Publish(_) if failed => say::will_try_again(order),
        Op::Publish(_) => say::publishes(order),
        Op::Collect(_) => say::collects(order),
        Op::WriteMore => say::writes_the_rest(order),
        Op::Park(_) => say::parks(order),
        Op::Await(_) => say::waits_for_broker(order),
        Op::Call(_) => say::calls(order),
        Op::AwaitReply(_) => say::waits_for_reply(order),
        Op::Commit => say::commits(order),
    }
}

/// What a worker is at.
#[inline(never)]
fn works_at(world: &World, actor: ActorId, step: Step, order: &str) -> String {
    let consumer = world.worker(actor.0 - world.cast().broker.0 - 1).consumer();
    let polls = world.setup().consumers.get(consumer as usize);
    match step {
        Step::Ack if polls.is_some_and(|consumer| is_polled(consumer, world.setup())) => say::deletes(order),
        Step::Ack if !names::uses_broker(world, actor) => say::replies(order),
        Step::Ack => say::acknowledges(order),
        Step::WriteInbox | Step::CheckInbox => say::looks_into_inbox(order),
        Step::Commit => say::commits(order),
        _ => say::works(order),
    }
}
