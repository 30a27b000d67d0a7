//! What do people call it? Orders, messages and parties in the words of the scenario.

use crate::broker::setup::{Publishing, Role, Setup};
use crate::broker::wire::Packet;
use crate::broker::world::World;
use crate::fault::point::{ActorId, PacketKind};
use crate::words::names as say;
pub use crate::words::names::{plural, sentence};

/// What an order is called: `order 3`. People count from 1.
pub fn order(world: &World, order: u32) -> String {
    let noun = &world.setup().services[service_of(world, order) as usize].noun;
    say::numbered(noun, u64::from(order) + 1)
}

/// The word that stands for the order in a table: `3  chair`.
pub fn row(world: &World, order: u32) -> String {
    let items = &world.setup().services[service_of(world, order) as usize].items;
    let number = u64::from(order) + 1;
    match items.get(order as usize % items.len().max(1)) {
        Some(item) => format!("{number} {item}"),
        None => number.to_string(),
    }
}

/// What a message is called in a sentence: `the message about order 3`, or by its kind where a unit has several.
pub fn message(world: &World, message: u32) -> String {
    let Some(found) = world.message(message) else { return say::A_MESSAGE.to_owned() };
    let kinds = &world.setup().services[found.service as usize].messages;
    let order = order(world, found.order);
    match kinds.get(found.kind as usize) {
        Some(kind) if kinds.len() > 1 => say::message_of_kind(&kind.name, &order),
        _ => say::message_about(&order),
    }
}

/// What a message is called where its order was just named: `its message`, or by its kind where there are several.
pub fn short(world: &World, message: u32) -> String {
    kind_of_several(world, message).map_or(say::ITS_MESSAGE.to_owned(), say::its_message)
}

/// What a message is called where its unit of work was just named as having several: `“order placed”`.
pub(super) fn short_of_several(world: &World, message: u32) -> String {
    kind_of_several(world, message).map_or(say::ITS_MESSAGE.to_owned(), say::in_quotes)
}

/// The name of a message's kind, where a unit of work sends several.
fn kind_of_several(world: &World, message: u32) -> Option<&str> {
    let found = world.message(message)?;
    let kinds = &world.setup().services.get(found.service as usize)?.messages;
    kinds.get(found.kind as usize).filter(|_| kinds.len() > 1).map(|kind| &*kind.name)
}

/// Who would have heard of it from that queue: `the mail service`.
pub fn listener(setup: &Setup, queue: u8) -> String {
    let mut consumers = setup.consumers.iter().filter(|consumer| consumer.queue == queue);
    match (consumers.next(), consumers.next()) {
        (Some(only), None) => say::service(&only.name),
        (Some(_), Some(_)) => say::ANY_CONSUMER.to_owned(),
        (None, _) => say::A_CONSUMER.to_owned(),
    }
}

/// The short label of a message on a token or in a queue: its order's number, and its kind where there are several.
pub fn label(world: &World, message: u32) -> String {
    let Some(found) = world.message(message) else { return String::new() };
    let kinds = &world.setup().services[found.service as usize].messages;
    let number = u64::from(found.order) + 1;
    match kinds.get(found.kind as usize) {
        Some(kind) if kinds.len() > 1 => format!("{number} {}", kind.name),
        _ => number.to_string(),
    }
}

/// What stands under a packet on its way: its message's label, or what it is about.
pub fn packet_label(world: &World, packet: &Packet) -> String {
    match (packet.kind, packet.count) {
        (PacketKind::Poll, _) => say::ANY.to_owned(),
        (PacketKind::Reply, 0) => say::NONE.to_owned(),
        (PacketKind::Reply, 2..) => say::messages(packet.count),
        _ => label(world, packet.message),
    }
}

/// What a party is called in a sentence.
pub fn party(world: &World, actor: ActorId) -> String {
    let name = world.cast().name(actor);
    match world.cast().role(actor) {
        Role::Service(_) => say::service(name),
        // `relay 2`, where there are several, and not `the relay-2`.
        Role::Relay(_) if name.ends_with(|c: char| c.is_ascii_digit()) => name.replace('-', " "),
        Role::Relay(_) | Role::Broker => say::the(name),
        Role::Worker(consumer, worker) => {
            let spec = &world.setup().consumers[consumer as usize];
            if spec.workers > 1 { say::worker(worker + 1, &spec.name) } else { say::service(name) }
        }
    }
}

/// What one unit of work of that service is called; `request` for any other party.
pub fn noun(world: &World, actor: ActorId) -> &str {
    match world.cast().role(actor) {
        Role::Service(index) => &world.setup().services[index as usize].noun,
        _ => say::REQUEST,
    }
}

/// Who has what a publisher sends: the broker, or who is called with it.
pub fn receiver(world: &World, message: u32) -> String {
    world.callee(message).map_or(say::THE_BROKER.to_owned(), |callee| party(world, callee))
}

/// Whether the party speaks with the broker, and not only with who it calls or is called by.
pub fn uses_broker(world: &World, actor: ActorId) -> bool {
    let setup = world.setup();
    match world.cast().role(actor) {
        Role::Service(index) => setup.services[index as usize].publishing != Publishing::Call,
        Role::Worker(consumer, _) => !setup.queues[setup.consumers[consumer as usize].queue as usize].door,
        _ => true,
    }
}

/// What a party is called as a title: `orders service`, `relay`, `resize 2`.
pub fn party_title(world: &World, actor: ActorId) -> String {
    let name = world.cast().name(actor);
    match world.cast().role(actor) {
        Role::Service(_) => say::service_title(name),
        Role::Worker(consumer, _) if world.setup().consumers[consumer as usize].workers == 1 => {
            say::service_title(name)
        }
        Role::Worker(..) => name.replace('-', " "),
        Role::Relay(_) | Role::Broker => name.to_owned(),
    }
}

/// The name of a queue.
pub fn queue(setup: &Setup, queue: u16) -> &str {
    setup.queues.get(queue as usize).map_or("", |queue| &queue.name)
}

/// The service of an order: all are the same service's where there is one.
pub(super) fn service_of(world: &World, order: u32) -> u8 {
    if world.setup().services.len() < 2 {
        return 0;
    }
    world.order_service(order)
}
