//! What is on its way? Packets between a party and the broker, or between a caller and who it calls: latency,
//! loss, twins, holding.
//!
//! Packets of one party in one direction keep their order, as on one connection; only one that a fault delayed,
//! doubled or held may be overtaken. One that a fault hurries or makes lag has another latency, no more. A loss is
//! decided when the packet is sent (or by hand) and seen half-way; a cut wire also catches what is already on it. What
//! was sent to a party that has crashed since does not arrive: that connection is gone. What a party had handed to its
//! host before it crashed still does.

use super::edited::Form;
use super::event::Event;
use super::record::{Kind, NONE, packet_code};
use super::setup::Target;
use super::world::World;
use crate::fault::plan::PacketFault;
use crate::fault::point::{ActorId, PacketKind};
use crate::sim::chance::{Dice, SpanRange};
use crate::sim::shape::Shape;
use crate::sim::time::{Instant, Span};

/// How long the broker takes to notice that a connection has died without a word: the heartbeat timeout, 60 s in
/// RabbitMQ (R122, <https://www.rabbitmq.com/docs/heartbeats>), here in the stretched time of a lesson.
pub const HEARTBEAT: Span = Span::from_millis(3_000);

/// Where a packet is on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flight {
    /// It will arrive when due.
    Flying,
    /// It stands still since that moment, until released.
    Held(Instant),
}

/// A packet in flight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Packet {
    /// Its number, unique in the run; what commands by hand name.
    pub number: u32,
    /// The message it carries or is about.
    pub message: u32,
    /// What it is.
    pub kind: PacketKind,
    /// For a nack: whether the copy goes back to the queue (else it is rejected for good). For a change of
    /// visibility: whether it gives the message back at once (else it asks for more time).
    pub requeue: bool,
    /// For a delivery: in which form it is.
    pub form: Form,
    /// For the answer to a poll: how many messages it carries.
    pub count: u8,
    /// The party whose wire it is on: the one at the other end from the broker, or the caller.
    pub party: ActorId,
    /// When it was sent.
    pub sent: Instant,
    /// When its flight ends.
    pub due: Instant,
    /// When it would arrive if nothing were wrong: its place on the wire follows from this.
    pub arrives: Instant,
    /// Whether it still flies.
    pub flight: Flight,
    /// Whether a fault has decided that it vanishes half-way: holding it does not save it.
    doomed: bool,
    /// The place in the history where it was sent.
    pub record: u32,
    /// For deliveries, acks and nacks: which delivery. For a polled queue: the receipt handle, of an answer that of
    /// its first message; of a poll and an empty answer: which poll of the worker it is.
    pub tag: u32,
    /// The receiver's crashes when it was sent (for the broker: its own).
    session: u32,
}

impl Packet {
    /// The event of its arrival. One that carries nothing to be done does not keep the world from being quiet.
    fn arrival(&self, slot: u32, late: bool) -> Event {
        let number = self.number;
        match self.kind {
            PacketKind::Poll => Event::IdleArrives { late, slot, number },
            PacketKind::Reply if self.count == 0 => Event::IdleArrives { late, slot, number },
            _ => Event::Arrives { late, slot, number },
        }
    }

    /// Where it arrives, or half-way there, where a doomed one vanishes.
    fn end_of_flight(&self) -> Instant {
        if self.doomed { self.sent + Span(self.arrives.since(self.sent).0 / 2) } else { self.arrives }
    }

    /// How far it is at `now`, in thousandths of its way.
    pub fn progress(&self, now: Instant) -> u32 {
        let at = if let Flight::Held(since) = self.flight { now.min(since) } else { now };
        let way = self.arrives.since(self.sent).0.max(1);
        (at.since(self.sent).0.saturating_mul(1000) / way).min(1000) as u32
    }
}

/// What travels besides the message itself.
#[derive(Clone, Copy, Default)]
pub(super) struct Freight {
    pub tag: u32,
    pub requeue: bool,
    pub form: Form,
}

/// One direction of one party's wire.
#[derive(Clone, Debug)]
struct Lane {
    latency: SpanRange,
    dice: Dice,
    /// When the last packet arrives: the next does not overtake it.
    last: Instant,
}

/// All wires.
#[derive(Clone, Debug)]
pub(super) struct Wires {
    packets: Vec<Option<Packet>>,
    free: Vec<u32>,
    sent: u32,
    to_broker: Vec<Lane>,
    from_broker: Vec<Lane>,
    /// Whether nothing passes between the party and the broker.
    pub cut: Vec<bool>,
}

impl Wires {
    pub fn new(seed: u64, parties: impl Iterator<Item = (String, SpanRange)>) -> Wires {
        let (mut to_broker, mut from_broker) = (Vec::new(), Vec::new());
        for (name, latency) in parties {
            let lane =
                |purpose| Lane { latency, dice: Dice::new(seed, purpose, &name), last: Instant::START };
            to_broker.push(lane("latency to broker"));
            from_broker.push(lane("latency from broker"));
        }
        let cut = vec![false; to_broker.len()];
        Wires { packets: Vec::new(), free: Vec::new(), sent: 0, to_broker, from_broker, cut }
    }

    fn lane(&mut self, party: ActorId, to_broker: bool) -> &mut Lane {
        let lanes = if to_broker { &mut self.to_broker } else { &mut self.from_broker };
        &mut lanes[party.0 as usize]
    }

    /// How long a packet to the broker takes now (also how long the broker takes to notice a broken connection).
    pub fn draw_to_broker(&mut self, party: ActorId) -> Span {
        let lane = self.lane(party, true);
        lane.dice.span(lane.latency)
    }

    /// How long until everything that is on the way to the broker is there, and a moment more.
    pub fn after_all_to_broker(&self, party: ActorId, now: Instant) -> Span {
        self.to_broker[party.0 as usize].last.since(now) + Span(1)
    }

    fn put(&mut self, packet: Packet) -> u32 {
        if let Some(slot) = self.free.pop() {
            self.packets[slot as usize] = Some(packet);
            slot
        } else {
            self.packets.push(Some(packet));
            self.packets.len() as u32 - 1
        }
    }

    /// The packet there, if it is still the one with that number and its flight is over now.
    pub fn landed(&self, slot: u32, number: u32, now: Instant) -> Option<Packet> {
        let packet = (*self.packets.get(slot as usize)?)?;
        let over = packet.number == number && packet.due <= now && !matches!(packet.flight, Flight::Held(_));
        over.then_some(packet)
    }

    /// The packet there, if it is still the one with that number.
    pub fn get(&self, slot: u32, number: u32) -> Option<Packet> {
        (*self.packets.get(slot as usize)?).filter(|packet| packet.number == number)
    }

    pub fn remove(&mut self, slot: u32) {
        if self.packets[slot as usize].take().is_some() {
            self.free.push(slot);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Packet> {
        self.packets.iter().flatten()
    }

    fn find(&self, number: u32) -> Option<u32> {
        let at = self.packets.iter().position(|p| p.is_some_and(|packet| packet.number == number))?;
        Some(at as u32)
    }
}

impl World {
    /// The packets in flight.
    pub fn packets(&self) -> impl Iterator<Item = &Packet> {
        self.wires.iter()
    }

    /// When that packet, if it is sent next on its wire, arrives at the soonest and at the latest.
    pub fn arrives_within(&self, packet: &Packet) -> (Instant, Instant) {
        let lanes = if packet.kind.outward() { &self.wires.to_broker } else { &self.wires.from_broker };
        let Some(lane) = lanes.get(packet.party.0 as usize) else { return (packet.arrives, packet.arrives) };
        let after = |span: Span| (packet.sent + span).max(lane.last);
        (after(lane.latency.min), after(lane.latency.max))
    }

    /// The packet in flight with that number.
    pub fn packet(&self, number: u32) -> Option<&Packet> {
        self.packets().find(|packet| packet.number == number)
    }

    /// The messages that a packet carries or is about, and whether each was received before from a polled queue.
    pub fn carried(&self, packet: &Packet) -> impl Iterator<Item = (u32, bool)> {
        let others = packet.tag + 1..packet.tag + u32::from(packet.count);
        let again = self.receipt(packet.tag).is_some_and(|receipt| packet.count > 0 && receipt.again);
        let first = (packet.message != NONE).then_some((packet.message, again));
        let others = others.filter_map(|handle| self.receipt(handle));
        first.into_iter().chain(others.map(|receipt| (receipt.message, receipt.again)))
    }

    /// Whether nothing passes between the party and the others.
    pub fn is_cut(&self, party: ActorId) -> bool {
        self.wires.cut[party.0 as usize]
    }

    /// Who sends such a packet on that party's wire, and who gets it.
    fn ends(&self, party: ActorId, kind: PacketKind, message: u32) -> (ActorId, ActorId) {
        let far = match kind {
            PacketKind::Call | PacketKind::Response | PacketKind::Error | PacketKind::Refuse => {
                self.callee(message).unwrap_or(self.cast.broker)
            }
            _ => self.cast.broker,
        };
        if kind.outward() { (party, far) } else { (far, party) }
    }

    /// Who is called with that message; none if it goes through the broker.
    pub fn callee(&self, message: u32) -> Option<ActorId> {
        let message = self.message(message)?;
        let kind = self.setup.services.get(message.service as usize)?.messages.get(message.kind as usize)?;
        match kind.target {
            Target::Queue(door) if self.setup.queues.get(door as usize)?.door => {
                self.takers(door).first().map(|&worker| self.worker_actor(worker))
            }
            _ => None,
        }
    }

    fn nothing_passes(&self, from: ActorId, to: ActorId) -> bool {
        self.wires.cut[from.0 as usize] || self.wires.cut[to.0 as usize]
    }

    /// Puts a packet on the wire of `party`. Returns the place of its record.
    pub(super) fn send(&mut self, party: ActorId, kind: PacketKind, message: u32, freight: Freight) -> u32 {
        let (from, to) = self.ends(party, kind, message);
        let record = self.record(Kind::Sent, from, message, packet_code(kind, to));
        self.put_on_wire(party, kind, message, freight, 0, record);
        record
    }

    /// Answers a poll with messages: those of that many handles from `first` on. Each has a record of its own.
    #[inline(never)]
    pub(super) fn send_reply(&mut self, party: ActorId, first: u32, count: u8) {
        let (from, to) = self.ends(party, PacketKind::Reply, NONE);
        let mut sent = None;
        for handle in first..first + u32::from(count) {
            let Some(receipt) = self.receipt(handle) else { return };
            self.cause = receipt.record;
            let record = self.record(Kind::Sent, from, receipt.message, packet_code(PacketKind::Reply, to));
            self.receipt_sent(handle, record);
            sent = sent.or(Some((receipt.message, record)));
        }
        if let Some((message, record)) = sent {
            let freight = Freight { tag: first, ..Freight::default() };
            self.put_on_wire(party, PacketKind::Reply, message, freight, count, record);
        }
    }

    fn put_on_wire(
        &mut self,
        party: ActorId,
        kind: PacketKind,
        message: u32,
        freight: Freight,
        count: u8,
        record: u32,
    ) {
        let (from, to) = self.ends(party, kind, message);
        let lane = self.wires.lane(party, kind.outward());
        let soonest = (self.now + lane.latency.min).max(lane.last);
        let arrives = (self.now + lane.dice.span(lane.latency)).max(lane.last);
        lane.last = arrives;
        self.wires.sent += 1;
        let mut packet = Packet {
            number: self.wires.sent,
            message,
            kind,
            requeue: freight.requeue,
            form: freight.form,
            count,
            party,
            sent: self.now,
            due: arrives,
            arrives,
            flight: Flight::Flying,
            doomed: false,
            record,
            tag: freight.tag,
            session: self.epoch(to),
        };
        let struck = self.rules.on_packet(party, kind);
        let doomed = self.nothing_passes(from, to);
        let before = std::mem::replace(&mut self.cause, record);
        for (rule, fault) in struck.into_iter().flatten() {
            self.cause = self.record(Kind::Struck, from, message, rule);
            match fault {
                PacketFault::Lose => packet.doomed = true,
                PacketFault::Delay(by) => {
                    packet.arrives += by;
                    packet.due = packet.arrives;
                    self.record_flight(Kind::Delayed, &packet);
                }
                PacketFault::Hurry(by) => {
                    packet.arrives = Instant(packet.arrives.0.saturating_sub(by.0)).max(soonest);
                    self.wires.lane(party, kind.outward()).last = packet.arrives;
                    self.record_flight(Kind::Hurried, &packet);
                }
                PacketFault::Lag(by) => {
                    packet.arrives += by;
                    self.wires.lane(party, kind.outward()).last = packet.arrives;
                    self.record_flight(Kind::Lagged, &packet);
                }
                PacketFault::Double(after) => {
                    packet.record = record;
                    self.record_flight(Kind::Doubled, &packet);
                    self.wires.sent += 1;
                    let arrives = packet.arrives + after;
                    self.launch(Packet { number: self.wires.sent, due: arrives, arrives, ..packet });
                }
                PacketFault::Hold => {
                    // Where it can be seen: a third of the way.
                    let third = Span(packet.arrives.since(packet.sent).0 / 3);
                    packet.flight = Flight::Held(packet.sent + third);
                    self.record_flight(Kind::Held, &packet);
                }
            }
        }
        packet.record = std::mem::replace(&mut self.cause, before);
        packet.doomed |= doomed;
        self.launch(packet);
    }

    fn launch(&mut self, mut packet: Packet) {
        packet.due = packet.end_of_flight();
        let slot = self.wires.put(packet);
        if !matches!(packet.flight, Flight::Held(_)) {
            let before = std::mem::replace(&mut self.cause, packet.record);
            self.schedule(packet.due, packet.arrival(slot, false));
            self.cause = before;
        }
    }

    /// A packet's flight is over: it is lost, or it is somebody's to take.
    pub(super) fn packet_lands(&mut self, slot: u32, number: u32, late: bool) {
        let Some(packet) = self.wires.landed(slot, number, self.now) else { return };
        let (from, to) = self.ends(packet.party, packet.kind, packet.message);
        let asks = matches!(packet.kind, PacketKind::Publish | PacketKind::Call);
        let broken = packet.session != self.epoch(to) || (!self.is_up(to) && !asks);
        let refused =
            asks && self.is_up(packet.party) && (!self.is_up(to) || self.turns_calls_away(packet, to));
        if packet.doomed || self.nothing_passes(from, to) || (broken && !refused) {
            self.wires.remove(slot);
            self.lose(packet);
            return;
        }
        if refused {
            // Nothing listens there: the host answers (connection refused).
            self.wires.remove(slot);
            self.send(packet.party, PacketKind::Refuse, packet.message, Freight::default());
            return;
        }
        let again = packet.arrival(slot, true);
        match packet.kind {
            PacketKind::Publish
            | PacketKind::Ack
            | PacketKind::Nack
            | PacketKind::Poll
            | PacketKind::Delete
            | PacketKind::Extend => self.broker_takes(packet, slot, late, again),
            PacketKind::Reply => self.worker_hears(packet, slot, late, again),
            PacketKind::Delivery | PacketKind::Call => self.worker_takes(packet, slot, late, again),
            PacketKind::Confirm
            | PacketKind::Refuse
            | PacketKind::Return
            | PacketKind::Reject
            | PacketKind::Response
            | PacketKind::Error => self.publisher_hears(packet, slot, late, again),
        }
        if !self.is_up(to) && self.wires.landed(slot, number, self.now).is_some() {
            // The receiver crashed instead of taking it, or what was left of it.
            let packet = self.wires.get(slot, number).unwrap_or(packet);
            self.wires.remove(slot);
            self.lose(packet);
        }
    }

    pub(super) fn take_packet(&mut self, slot: u32) {
        self.wires.remove(slot);
    }

    /// The first message of an answer was taken in.
    #[inline(never)]
    pub(super) fn take_first(&mut self, slot: u32) {
        let Some(packet) = self.wires.packets[slot as usize].as_mut() else { return };
        packet.tag += 1;
        packet.count -= 1;
        let (tag, left) = (packet.tag, packet.count);
        match self.receipt(tag).filter(|_| left > 0) {
            Some(next) => {
                if let Some(packet) = self.wires.packets[slot as usize].as_mut() {
                    packet.message = next.message;
                }
            }
            None => self.wires.remove(slot),
        }
    }

    pub(super) fn lose(&mut self, packet: Packet) {
        let (from, to) = self.ends(packet.party, packet.kind, packet.message);
        self.cause = self.record_flight(Kind::Lost, &packet);
        let consumer_side = matches!(packet.kind, PacketKind::Delivery | PacketKind::Ack | PacketKind::Nack);
        if consumer_side && self.is_up(from) && self.is_up(to) {
            // What is lost for good is a connection that has died without a word: heartbeats tell (R122).
            self.connection_breaks_in(self.worker_index(packet.party), HEARTBEAT);
        }
    }

    /// By hand: the packet is lost on the spot.
    pub(super) fn lose_by_hand(&mut self, number: u32) {
        let Some(slot) = self.wires.find(number) else { return };
        let Some(packet) = self.wires.packets[slot as usize] else { return };
        self.wires.remove(slot);
        self.cause = packet.record;
        self.lose(packet);
    }

    /// By hand: the packet stands still.
    #[inline(never)]
    pub(super) fn hold_by_hand(&mut self, number: u32) {
        let now = self.now;
        let Some(slot) = self.wires.find(number) else { return };
        let Some(packet) = self.wires.packets[slot as usize].as_mut() else { return };
        if matches!(packet.flight, Flight::Held(_)) {
            return;
        }
        packet.flight = Flight::Held(now);
        let packet = *packet;
        self.cause = packet.record;
        self.record_flight(Kind::Held, &packet);
    }

    /// By hand: the packet goes on from where it stands.
    #[inline(never)]
    pub(super) fn release_by_hand(&mut self, number: u32) {
        let now = self.now;
        let Some(slot) = self.wires.find(number) else { return };
        let Some(packet) = self.wires.packets[slot as usize].as_mut() else { return };
        let Flight::Held(since) = packet.flight else { return };
        let pause = now.since(since);
        packet.flight = Flight::Flying;
        packet.sent += pause;
        packet.arrives += pause;
        packet.due = packet.end_of_flight().max(now);
        let packet = *packet;
        self.cause = packet.record;
        self.cause = self.record_flight(Kind::Released, &packet);
        self.schedule(packet.due, packet.arrival(slot, false));
    }

    /// Writes down what became of a packet on its way: a record for each of its messages. Returns the first's place.
    fn record_flight(&mut self, kind: Kind, packet: &Packet) -> u32 {
        let (from, to) = self.ends(packet.party, packet.kind, packet.message);
        let code = packet_code(packet.kind, to);
        let place = self.record(kind, from, packet.message, code);
        for handle in packet.tag + 1..packet.tag + u32::from(packet.count) {
            if let Some(receipt) = self.receipt(handle) {
                self.record(kind, from, receipt.message, code);
            }
        }
        place
    }
}

impl Packet {
    /// Whether it stands still.
    pub(super) fn is_held(&self) -> bool {
        matches!(self.flight, Flight::Held(_))
    }
}

impl Wires {
    /// The wires without their packets.
    pub fn shape(&self, shape: &mut Shape, now: Instant) {
        let Wires { packets: _, free: _, sent: _, to_broker, from_broker, cut } = self;
        for Lane { latency: _, dice, last } in to_broker.iter().chain(from_broker) {
            dice.shape(shape);
            // What has arrived holds nothing up.
            shape.at((*last).max(now));
        }
        cut.iter().for_each(|&cut| shape.word(u64::from(cut)));
    }
}

impl World {
    pub(super) fn shape_packet(&self, shape: &mut Shape, packet: &Packet) {
        let Packet {
            number: _,
            message,
            kind,
            requeue,
            form,
            count,
            party,
            sent,
            due,
            arrives,
            flight,
            doomed,
            record: _,
            tag,
            session,
        } = *packet;
        let to = self.ends(party, kind, message).1;
        let flags = [requeue, doomed, session == self.epoch(to)];
        let flags = flags.into_iter().fold(0, |word, flag| word << 1 | u64::from(flag));
        shape.word(u64::from(kind as u8) | u64::from(party.0) << 8 | u64::from(count) << 16 | flags << 24);
        shape.word(form.bits());
        shape.message(message);
        shape.at(due);
        shape.at(arrives);
        if let Flight::Held(since) = flight {
            shape.at(since);
            shape.at(sent);
        }
        let polls =
            |party: ActorId| party.0 > self.cast.broker.0 && self.polls(self.worker_index(party)).is_some();
        if !polls(party) {
            return shape.name(tag);
        }
        shape.word(u64::from(tag));
        (tag..tag + u32::from(count.max(1))).for_each(|handle| self.shape_receipt(shape, handle));
    }

    fn shape_receipt(&self, shape: &mut Shape, handle: u32) {
        if let Some(receipt) = self.receipt(handle) {
            shape.message(receipt.message);
            receipt.shape(shape);
        }
    }
}
