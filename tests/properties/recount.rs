//! The judge's counts once more, straight from the definitions: from the records (and, for what can still happen,
//! from the world at its end), in quadratic time and without any of the judge's own books.

use brokerlab::broker::dead_letter::LetterState;
use brokerlab::broker::record::{Kind, Record};
use brokerlab::broker::setup::{MessageKind, Role, Setup, Target};
use brokerlab::broker::wire::Flight;
use brokerlab::broker::world::{Ending, World};
use brokerlab::check::finding::Counts;
use brokerlab::fault::point::PacketKind;
use brokerlab::timeline::moment::Moment;

/// The queue in which polled queues park.
pub const DEAD: u8 = 2;

struct Order {
    service: u8,
    key: u32,
    /// How many orders of its service came before.
    turn: u32,
    /// Where in the history it came.
    came: usize,
    committed: Option<usize>,
    rolled_back: bool,
    /// First message, one past the last.
    messages: (u32, u32),
}

/// What is expected: the effect of a message at a queue.
struct Pair {
    order: usize,
    message: u32,
    queue: u8,
    /// Where in the history it was applied.
    applied: Vec<usize>,
    received: bool,
    parked: u32,
    /// Whether anybody is owed it.
    owed: bool,
    /// Of those, how many were moved back or thrown away since.
    moved: u32,
}

fn orders(setup: &Setup, world: &World) -> Vec<Order> {
    let mut orders: Vec<Order> = Vec::new();
    let mut message = 0;
    for (place, record) in world.history().iter().enumerate() {
        match (record.kind, world.cast().role(record.actor)) {
            (Kind::Requested | Kind::Produced, Role::Service(service)) => {
                let before = orders.iter().filter(|order| order.service == service).count() as u32;
                let count = u32::from(record.other);
                orders.push(Order {
                    service,
                    turn: before,
                    came: place,
                    key: before % setup.services[service as usize].keys,
                    committed: (record.kind == Kind::Produced).then_some(place),
                    rolled_back: false,
                    messages: (message, message + count),
                });
                message += count;
            }
            (Kind::Committed, _) => orders[record.subject as usize].committed = Some(place),
            (Kind::RolledBack, Role::Service(_)) => orders[record.subject as usize].rolled_back = true,
            _ => {}
        }
    }
    orders
}

/// Whether a queue is to have a message: nothing was asked of it, or it fits, and the subscription was made before
/// the order came, or before the message did.
fn is_owed(
    setup: &Setup,
    history: &[&Record],
    kind: &MessageKind,
    order: &Order,
    message: u32,
    queue: u8,
) -> bool {
    let Target::Topic(topic) = kind.target else { return true };
    let spec = &setup.topics[topic as usize];
    let subscribed =
        |r: &&Record| (r.kind, r.subject, r.other) == (Kind::Subscribed, topic.into(), queue.into());
    let made = history.iter().position(subscribed);
    let in_time = |made: usize| {
        let taken = |r: &&Record| r.kind == Kind::Accepted && r.subject == message;
        made < order.came || history[made..].iter().any(taken)
    };
    spec.queues.contains(&queue)
        || spec.subscriptions.iter().filter(|it| it.queue == queue).any(|it| {
            let wanted = it.terms.want(&kind.routing, order.turn, kind.routing.key(order.turn));
            wanted && (it.from.is_none() || made.is_some_and(in_time))
        })
}

fn pairs(setup: &Setup, world: &World, orders: &[Order]) -> Vec<Pair> {
    let all: Vec<&Record> = world.history().iter().collect();
    let history: &[&Record] = &all;
    let queue_of = |record: &Record| match world.cast().role(record.actor) {
        Role::Worker(consumer, _) => Some(setup.consumers[consumer as usize].queue),
        _ => None,
    };
    let mut pairs = Vec::new();
    for (number, order) in orders.iter().enumerate() {
        for (kind, message) in (order.messages.0..order.messages.1).enumerate() {
            let target = setup.services[order.service as usize].messages[kind].target;
            for queue in setup.queues_of(target) {
                if !setup.consumers.iter().any(|consumer| consumer.queue == queue) {
                    continue;
                }
                let about = |record: &Record| record.subject == message && queue_of(record) == Some(queue);
                let of = |kind| (0..history.len()).filter(move |&n| history[n].kind == kind);
                let kind = &setup.services[order.service as usize].messages[kind];
                let owed = is_owed(setup, history, kind, order, message, queue);
                pairs.push(Pair {
                    owed,
                    order: number,
                    message,
                    queue,
                    applied: of(Kind::Applied).filter(|&n| about(history[n])).collect(),
                    received: of(Kind::Received).any(|n| about(history[n])),
                    parked: of(Kind::DeadLettered)
                        .chain(of(Kind::Diverted))
                        .filter(|&n| history[n].subject == message && history[n].other == u16::from(queue))
                        .count() as u32,
                    moved: of(Kind::Redriven)
                        .chain(of(Kind::Discarded).filter(|&n| history[n].other >> 8 == u16::from(DEAD)))
                        .filter(|&n| history[n].subject == message && history[n].other as u8 == queue)
                        .count() as u32
                        + of(Kind::TakenOut)
                            .filter(|&n| history[n].subject == message && history[n + 1].other as u8 == queue)
                            .filter(|&n| history[n].other >> 8 > 0 || history[n].other as u8 == DEAD)
                            .count() as u32,
                });
            }
        }
    }
    pairs
}

/// Whether the broker may still come to have it (once more) when nothing happens by itself any more.
fn waits_for_the_broker(world: &World, message: u32) -> bool {
    let services = 0..world.setup().services.len() as u8;
    let row = services.into_iter().any(|service| world.service(service).outbox().contains(message));
    // Who is called takes a message itself.
    let under_way = [PacketKind::Publish, PacketKind::Call];
    row || is_parked(world, message) || under_way.into_iter().any(|kind| held(world, message, kind, None))
}

/// The state of the dead-letter row of a message, if it has one.
fn letter(world: &World, message: u32) -> Option<LetterState> {
    let mut services = 0..world.setup().services.len() as u8;
    services.find_map(|service| {
        let rows = world.service(service).dead_letters().rows();
        rows.iter().find(|row| row.message == message).map(|row| row.state)
    })
}

fn is_parked(world: &World, message: u32) -> bool {
    letter(world, message) == Some(LetterState::Waiting)
}

/// Whether the queue still has it, or a wire on which it stands still.
fn waits_for_a_consumer(world: &World, message: u32, queue: u8) -> bool {
    let ready = world.queue(queue).ready().iter().any(|copy| copy.message == message);
    let out = world.takers(queue).iter().flat_map(|&worker| world.connection(worker).unacked());
    let polled = world.queue(queue).polled();
    let reads = |consumer: &&usize| world.setup().consumers[**consumer].queue == queue;
    let stored = |&consumer: &usize| world.consumer_db(consumer as u8).stored().any(|row| row == message);
    let consumers: Vec<usize> = (0..world.setup().consumers.len()).collect();
    ready
        || consumers.iter().filter(reads).any(stored)
        || polled.in_flight().any(|held| held.stored.message == message)
        || held(world, message, PacketKind::Reply, Some(queue))
        || out.into_iter().any(|out| out.stored.message == message)
        || held(world, message, PacketKind::Delivery, Some(queue))
}

fn held(world: &World, message: u32, kind: PacketKind, queue: Option<u8>) -> bool {
    world.packets().any(|packet| {
        let there = match world.cast().role(packet.party) {
            Role::Worker(consumer, _) => Some(world.setup().consumers[consumer as usize].queue),
            _ => None,
        };
        (packet.kind, there) == (kind, queue)
            && world.carried(packet).any(|(carried, _)| carried == message)
            && matches!(packet.flight, Flight::Held(_))
    })
}

/// The history, a line a record.
fn told(world: &World) -> String {
    let line = |(place, record): (usize, &Record)| {
        let Record { at, step, cause, subject, kind, actor, other } = *record;
        let actor = world.cast().name(actor);
        format!("{place}: {at} step {step} {actor} {kind:?} {subject} ({other}) because of {cause}\n")
    };
    world.history().iter().enumerate().map(line).collect()
}

pub fn check(setup: &Setup, end: &Moment) {
    let world = &end.world;
    let orders = orders(setup, world);
    let pairs = pairs(setup, world, &orders);
    let mut counts = Counts::default();
    let mut missing = 0;
    for pair in &pairs {
        let order = &orders[pair.order];
        counts.duplicates += (pair.applied.len() as u32).saturating_sub(1);
        counts.ghosts += u32::from(order.rolled_back && pair.received);
        counts.parked += pair.parked;
        let later = |other: &&Pair| {
            let (one, two) = (order, &orders[other.order]);
            (one.service, one.key, pair.queue) == (two.service, two.key, other.queue)
                && one.committed.is_some()
                && two.committed > one.committed
        };
        let overtaken =
            |other: &Pair| other.applied.first() < pair.applied.first() && !other.applied.is_empty();
        counts.out_of_order += u32::from(pairs.iter().filter(later).any(overtaken));
        let aside = pair.parked > pair.moved || is_parked(world, pair.message);
        if order.committed.is_some() && pair.owed && pair.applied.is_empty() && !aside {
            missing += 1;
            let waits = waits_for_the_broker(world, pair.message)
                || waits_for_a_consumer(world, pair.message, pair.queue);
            counts.stuck += u32::from(waits);
            counts.lost += u32::from(!waits);
        }
    }
    // Who is called takes a message itself.
    let takes = |r: &Record| match world.cast().role(r.actor) {
        Role::Worker(consumer, _) => {
            r.kind == Kind::Received && setup.queues[setup.consumers[consumer as usize].queue as usize].door
        }
        _ => r.kind == Kind::Accepted,
    };
    let accepted = |message| world.history().iter().any(|r| takes(r) && r.subject == message);
    let failed = |r: &&Record| r.kind == Kind::Answered && r.other != 0;
    let refused = |r: &&Record| match world.cast().role(r.actor) {
        Role::Service(service) => r.kind == Kind::Refused && setup.services[service as usize].answers,
        _ => false,
    };
    counts.failed = world.history().iter().filter(|r| failed(r) || refused(r)).count() as u32;
    for order in &orders {
        let messages = order.messages.0..order.messages.1;
        let was_parked = |&message: &u32| {
            let never_there = [LetterState::Staged, LetterState::RolledBack];
            letter(world, message).is_some_and(|state| !never_there.contains(&state))
        };
        counts.parked += messages.clone().filter(was_parked).count() as u32;
        let never = |message: u32| !accepted(message) && !waits_for_the_broker(world, message);
        counts.half_sent += u32::from(messages.clone().any(accepted) && messages.clone().any(never));
    }
    let judged = end.ledger.counts();
    // What was deleted and given up was lost, until a server that had not heard of it came up with it again.
    let again = |pair: &&Pair| {
        let back = |r: &Record| r.kind == Kind::Reexposed && r.subject == pair.message;
        world.history().iter().any(|r| back(r) && r.other == u16::from(pair.queue))
    };
    let again = pairs.iter().filter(again).count() as u32;
    let found = judged.lost + judged.stuck;
    let right = (missing..=missing + again).contains(&found);
    assert!(right, "{missing} are missing, {found} are lost or stuck:\n{}", told(world));
    if again > 0 {
        (counts.lost, counts.stuck) = (judged.lost, judged.stuck);
    }
    if world.ended() != Some(Ending::Quiet) {
        // What can still happen is not to be seen from here.
        (counts.lost, counts.stuck, counts.half_sent) = (judged.lost, judged.stuck, judged.half_sent);
    }
    assert_eq!(judged, counts, "the judge counts otherwise than the records:\n{}", told(world));
}
