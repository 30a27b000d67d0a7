//! Where can this party fail? The steps that it has and the packets that it exchanges, by its role and setup.

use crate::broker::inbox::{STORED_WORK, work};
use crate::broker::program::{Op, program};
use crate::broker::routing::Overflow;
use crate::broker::setup::{
    AckTime, Consumer, Inbox, Marking, Publishing, Reading, Relay, Role, Service, Setup,
};
use crate::fault::point::{PacketKind, Step};

/// The steps of a party, in the order in which it does them.
pub fn steps_of(role: Role, setup: &Setup) -> Vec<Step> {
    match role {
        Role::Service(index) => setup.services.get(index as usize).map(service_steps).unwrap_or_default(),
        Role::Relay(index) => setup.relays.get(index as usize).map(relay_steps).unwrap_or_default(),
        Role::Broker if setup.polls() => vec![Step::Accept, Step::HandOut, Step::Delete, Step::Settle],
        Role::Broker if !setup.uses_broker() => Vec::new(),
        Role::Broker => vec![Step::Accept, Step::Settle],
        Role::Worker(index, _) => match setup.consumers.get(index as usize) {
            Some(consumer) if is_polled(consumer, setup) => polling_steps(consumer),
            Some(consumer) => worker_steps(consumer),
            None => Vec::new(),
        },
    }
}

/// Whether the consumer's queue is polled.
pub fn is_polled(consumer: &Consumer, setup: &Setup) -> bool {
    setup.queues.get(consumer.queue as usize).is_some_and(|queue| queue.poll.is_some())
}

fn polling_steps(consumer: &Consumer) -> Vec<Step> {
    let heartbeat = consumer.polling.heartbeat.map(|_| Step::Heartbeat);
    [Step::Poll].into_iter().chain(worker_steps(consumer)).chain(heartbeat).collect()
}

/// What its program does, each step once, and what it does with its dead letters.
fn service_steps(service: &Service) -> Vec<Step> {
    let mut steps = Vec::new();
    for step in program(service).into_iter().map(Op::step) {
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    if service.has_dead_letters() {
        steps.extend([Step::Park, Step::Replay, Step::Remove]);
    }
    steps
}

fn relay_steps(relay: &Relay) -> Vec<Step> {
    let done = if relay.reading == Reading::Unsent { Step::MarkSent } else { Step::SavePosition };
    match relay.marking {
        Marking::BeforePublish => vec![Step::Poll, done, Step::Publish, Step::Confirmed],
        Marking::PerRow | Marking::PerBatch => vec![Step::Poll, Step::Publish, Step::Confirmed, done],
    }
}

fn worker_steps(consumer: &Consumer) -> Vec<Step> {
    let work = work(consumer.inbox);
    let steps = match consumer.ack {
        AckTime::AfterEffect => [&[Step::Receive], work, &[Step::Ack]].concat(),
        AckTime::BeforeEffect => [&[Step::Receive, Step::Ack], work].concat(),
    };
    let later = if consumer.inbox == Inbox::StoreFirst { STORED_WORK } else { &[] };
    [&steps, later].concat()
}

/// The kinds of packet that a party sends and receives.
pub fn packets_of(role: Role, setup: &Setup) -> Vec<PacketKind> {
    match role {
        Role::Service(index) => match setup.services.get(index as usize) {
            Some(service) if service.publishing == Publishing::Call => {
                vec![PacketKind::Call, PacketKind::Response, PacketKind::Error, PacketKind::Refuse]
            }
            Some(service) if !service.sends_itself() => Vec::new(),
            Some(service) => publisher(service, service.confirm.is_some(), setup),
            None => Vec::new(),
        },
        Role::Relay(index) => {
            let service = setup.relays.get(index as usize).map_or(0, |relay| relay.service);
            setup.services.get(service as usize).map_or_else(Vec::new, |s| publisher(s, true, setup))
        }
        Role::Broker => Vec::new(),
        // What comes to a consumer that is called, and its word back, are packets of the caller.
        Role::Worker(index, _) if is_called(index, setup) => Vec::new(),
        Role::Worker(index, _) => match setup.consumers.get(index as usize) {
            Some(consumer) if is_polled(consumer, setup) => {
                vec![PacketKind::Poll, PacketKind::Reply, PacketKind::Delete, PacketKind::Extend]
            }
            _ => vec![PacketKind::Delivery, PacketKind::Ack, PacketKind::Nack],
        },
    }
}

/// Whether the consumer of that index is called, instead of taking from a queue.
fn is_called(consumer: u8, setup: &Setup) -> bool {
    let queue = setup.consumers.get(consumer as usize).map(|consumer| consumer.queue as usize);
    queue.and_then(|queue| setup.queues.get(queue)).is_some_and(|queue| queue.door)
}

/// What goes out and comes back when the messages of that service are published.
fn publisher(service: &Service, confirmed: bool, setup: &Setup) -> Vec<PacketKind> {
    let mut kinds = vec![PacketKind::Publish];
    kinds.extend(confirmed.then_some(PacketKind::Confirm));
    kinds.push(PacketKind::Refuse);
    let returned = service.messages.iter().any(|message| message.routing.mandatory);
    kinds.extend(returned.then_some(PacketKind::Return));
    let full = setup.queues.iter().any(|queue| queue.limits.overflow == Overflow::RejectPublish);
    kinds.extend((confirmed && full).then_some(PacketKind::Reject));
    kinds
}

/// Whether the party has a database that can be down.
pub fn has_database(role: Role, setup: &Setup) -> bool {
    match role {
        Role::Service(index) => setup.services.get(index as usize).is_some_and(Service::has_database),
        Role::Worker(..) => true,
        Role::Relay(_) | Role::Broker => false,
    }
}
