//! What happens to a message that is published? Topics and exchanges find the queues that are to have a copy; who
//! is not subscribed, does not want it or cannot be reached gets none (R4 to R6, R79, R84, R85, R93 to R97).

use super::edited::Form;
use super::queue::{Broker, Stored};
use super::record::{Kind, NONE};
use super::routing::TopicKind;
use super::setup::{Role, Setup, Target};
use super::wire::{Freight, Packet};
use super::world::{Message, World};
use crate::fault::point::PacketKind;
use crate::sim::shape::Shape;

/// What becomes of a copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// It goes into the queue.
    Enqueued,
    /// The subscription does not want it.
    Filtered,
    /// The queue cannot be reached, and the subscription has no dead letters.
    Undeliverable,
    /// The queue cannot be reached: it goes to the queue of that index.
    Diverted(u8),
}

/// A copy that a message is to have, or would.
#[derive(Clone, Copy, Debug)]
pub(super) struct Copied {
    pub queue: u8,
    /// Whether it comes in the topic's envelope.
    pub wrapped: bool,
    pub fate: Fate,
}

/// The subscriptions and bindings that are not as the setup has them.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    /// Topic and queue: nothing passes.
    down: Vec<(u8, u8)>,
    /// Topic and place among its subscriptions: not made yet.
    to_come: Vec<(u8, u8)>,
}

impl Links {
    pub fn new(setup: &Setup) -> Links {
        let mut links = Links::default();
        for (topic, spec) in setup.topics.iter().enumerate() {
            let late = |(place, _)| (topic as u8, place as u8);
            let subscriptions = spec.subscriptions.iter().enumerate();
            links.to_come.extend(subscriptions.filter(|(_, s)| s.from.is_some()).map(late));
        }
        links
    }
}

impl Broker {
    fn is_down(&self, topic: u8, queue: u8) -> bool {
        !self.links.down.is_empty() && self.links.down.contains(&(topic, queue))
    }

    fn is_to_come(&self, topic: u8, place: usize) -> bool {
        !self.links.to_come.is_empty() && self.links.to_come.contains(&(topic, place as u8))
    }
}

impl World {
    /// Whether a topic may deliver to a queue (the binding of an exchange is there).
    pub fn delivers(&self, topic: u8, queue: u8) -> bool {
        !self.broker.is_down(topic, queue)
    }

    /// Whether a queue is subscribed to a topic now, whatever it asks for.
    pub fn is_subscribed(&self, topic: u8, queue: u8) -> bool {
        let spec = &self.setup.topics[topic as usize];
        let made = |(place, s): (usize, &super::routing::Subscription)| {
            s.queue == queue && !self.broker.is_to_come(topic, place)
        };
        spec.queues.contains(&queue) || spec.subscriptions.iter().enumerate().any(made)
    }

    /// Finds the copies that a message is to have, under its own routing key or another.
    pub(super) fn find_copies(
        &self,
        target: Target,
        message: Message,
        key: Option<&str>,
        copies: &mut Vec<Copied>,
    ) {
        let topic = match target {
            Target::Queue(queue) => {
                return copies.push(Copied { queue, wrapped: false, fate: Fate::Enqueued });
            }
            Target::Topic(topic) => topic,
        };
        let spec = &self.setup.topics[topic as usize];
        // A binding that is gone does not match; a subscription that fails had been promised a copy.
        let exchange = spec.kind != TopicKind::Topic;
        for &queue in &spec.queues {
            match self.broker.is_down(topic, queue) {
                false => copies.push(Copied { queue, wrapped: false, fate: Fate::Enqueued }),
                true if exchange => {}
                true => copies.push(Copied { queue, wrapped: false, fate: Fate::Undeliverable }),
            }
        }
        if spec.subscriptions.is_empty() {
            return;
        }
        let routing = &self.setup.services[message.service as usize].messages[message.kind as usize].routing;
        let turn = self.turn_of(message.order);
        let key = key.unwrap_or_else(|| routing.key(turn));
        for (place, subscription) in spec.subscriptions.iter().enumerate() {
            let queue = subscription.queue;
            let down = self.broker.is_down(topic, queue);
            // Two bindings of one queue that match give one copy (R93).
            let has = copies.iter().any(|copy| copy.queue == queue && copy.fate == Fate::Enqueued);
            if has || self.broker.is_to_come(topic, place) || (exchange && down) {
                continue;
            }
            let fate = match (subscription.terms.want(routing, turn, key), subscription.dead_letters) {
                (true, _) if !down => Fate::Enqueued,
                (true, Some(kept)) => Fate::Diverted(kept),
                (true, None) => Fate::Undeliverable,
                (false, _) if exchange => continue,
                (false, _) => Fate::Filtered,
            };
            copies.push(Copied { queue, wrapped: subscription.wrapped, fate });
        }
    }

    /// The broker takes a published message.
    pub(super) fn accept(&mut self, packet: Packet) {
        let Some(message) = self.message(packet.message) else { return };
        let kind = &self.setup.services[message.service as usize].messages[message.kind as usize];
        let (target, mandatory) = (kind.target, kind.routing.mandatory);
        // Lent, so that a run does not ask for memory at each message.
        let mut copies = std::mem::take(&mut self.broker.copies);
        self.find_copies(target, message, None, &mut copies);
        self.make_copies(packet, &copies, mandatory);
        copies.clear();
        self.broker.copies = copies;
    }

    fn make_copies(&mut self, packet: Packet, copies: &[Copied], mandatory: bool) {
        let broker = self.cast.broker;
        let number = packet.message;
        let waits = self.waits_for_confirmation(packet);
        let wanted = |copy: &&Copied| copy.fate != Fate::Filtered;
        let full = |world: &World, copy: &Copied| copy.fate == Fate::Enqueued && world.is_full(copy.queue);
        if let Some(first) = copies.iter().find(wanted)
            && copies.iter().filter(wanted).all(|copy| full(self, copy))
        {
            self.cause = self.record(Kind::TurnedAway, broker, number, u16::from(first.queue));
            if waits {
                self.send(packet.party, PacketKind::Reject, number, Freight::default());
            }
            return;
        }
        let accepted = self.record(Kind::Accepted, broker, number, u16::from(packet.party.0));
        self.cause = accepted;
        let routed = copies.iter().any(|copy| wanted(&copy));
        if !routed {
            self.record(Kind::Unroutable, broker, number, 0);
        }
        let mut refused = false;
        for copy in copies {
            self.cause = accepted;
            let queue = u16::from(copy.queue);
            let form = Form { wrapped: copy.wrapped, ..packet.form };
            match copy.fate {
                Fate::Enqueued if full(self, copy) => {
                    refused = true;
                    self.record(Kind::TurnedAway, broker, number, queue);
                }
                Fate::Enqueued => self.enqueue(copy.queue, number, form),
                Fate::Filtered => {
                    self.record(Kind::Filtered, broker, number, queue);
                }
                Fate::Undeliverable => {
                    self.record(Kind::Undeliverable, broker, number, queue);
                }
                Fate::Diverted(kept) => {
                    self.cause = self.record(Kind::Diverted, broker, number, queue);
                    let stored = Stored { form, source: copy.queue, ..Stored::new(number, 0, NONE) };
                    self.enqueue_new(kept, stored);
                }
            }
        }
        self.cause = accepted;
        if !routed && mandatory {
            self.send(packet.party, PacketKind::Return, number, Freight::default());
        }
        if waits {
            let word = if refused { PacketKind::Reject } else { PacketKind::Confirm };
            self.send(packet.party, word, number, Freight::default());
        }
    }

    fn waits_for_confirmation(&self, packet: Packet) -> bool {
        match self.cast.role(packet.party) {
            Role::Service(index) => self.setup.services[index as usize].confirm.is_some(),
            _ => true,
        }
    }

    /// A subscription that was to come is made.
    pub(super) fn late_subscription(&mut self, topic: u8, place: u8) {
        let to_come = &mut self.broker.links.to_come;
        let Some(at) = to_come.iter().position(|&link| link == (topic, place)) else { return };
        to_come.remove(at);
        let queue = self.setup.topics[topic as usize].subscriptions[place as usize].queue;
        self.record(Kind::Subscribed, self.cast.broker, u32::from(topic), u16::from(queue));
    }

    pub(super) fn subscription_goes_down(&mut self, topic: u8, queue: u8) {
        if !self.broker.is_down(topic, queue) {
            self.broker.links.down.push((topic, queue));
            self.record(Kind::SubscriptionDown, self.cast.broker, u32::from(topic), u16::from(queue));
        }
    }

    /// It is whole again; one that was still to come is made now.
    #[inline(never)]
    pub(super) fn subscription_comes_up(&mut self, topic: u8, queue: u8) {
        let down = &mut self.broker.links.down;
        if let Some(at) = down.iter().position(|&link| link == (topic, queue)) {
            down.remove(at);
            self.record(Kind::SubscriptionUp, self.cast.broker, u32::from(topic), u16::from(queue));
        }
        let setup = self.setup.clone();
        for (place, subscription) in setup.topics[topic as usize].subscriptions.iter().enumerate() {
            if subscription.queue == queue {
                self.late_subscription(topic, place as u8);
            }
        }
    }
}

impl Links {
    pub(super) fn shape(&self, shape: &mut Shape) {
        let Links { down, to_come } = self;
        for links in [down, to_come] {
            shape.word(links.len() as u64);
            links.iter().for_each(|&(topic, other)| shape.word(u64::from(topic) << 8 | u64::from(other)));
        }
    }
}
