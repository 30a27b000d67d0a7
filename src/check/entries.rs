//! What does a record change in the accounts? One entry per kind that matters.

use super::account::{Delivery, Hold, Message, Order, OrderState, Pair};
use super::finding::Verdict;
use super::ledger::{Fact, Ledger, Moment};
use super::reach::Part;
use crate::broker::record::{Kind, NONE, Record};
use crate::fault::point::{ActorId, PacketKind};

/// A service at work.
impl Ledger {
    /// A unit of work with the messages that it is to send.
    pub(super) fn take_in(&mut self, now: Moment, record: &Record) {
        let Part::Service(service) = self.reach.part(record.actor) else { return };
        let Some(&source) = self.reach.source(service) else { return };
        if record.subject != self.orders.len() as u32 {
            return;
        }
        let next = &mut self.next_keys[usize::from(service)];
        let key = *next;
        *next = if key + 1 < source.keys { key + 1 } else { 0 };
        self.orders.push(Order {
            first_message: self.messages.len() as u32,
            key,
            sequence: 0,
            settled: NONE,
            accepted: NONE,
            never: NONE,
            messages: record.other.min(source.kinds),
            service,
            state: OrderState::Open,
        });
        for kind in 0..record.other.min(source.kinds) {
            let route = source.first_route + kind;
            let pairs = self.reach.targets(route).len() as u8;
            let first_pair = self.pairs.len() as u32;
            let order = record.subject;
            self.messages.push(Message::new(order, now.place, first_pair, route, kind as u8, pairs));
            for _ in 0..pairs {
                self.pairs.push(Pair::new(now.place));
            }
        }
        if record.kind == Kind::Produced {
            self.commit(now, record.subject);
        }
    }

    /// The row takes over from the service's own intention.
    pub(super) fn stage_row(&mut self, now: Moment, number: u32) {
        if let Some(message) = self.messages.get_mut(number as usize) {
            message.clear(Message::MEANT);
            message.set(Message::ROW_STAGED);
            message.last = now.place;
        }
    }

    pub(super) fn commit(&mut self, now: Moment, number: u32) {
        let Some(order) = self.orders.get_mut(number as usize) else { return };
        if order.state != OrderState::Open {
            return;
        }
        self.totals.committed += 1;
        order.state = OrderState::Committed;
        order.settled = now.place;
        order.sequence = self.totals.committed;
        let order = *order;
        for number in self.messages_of(number) {
            let Some(message) = self.messages.get_mut(number as usize) else { return };
            if message.is(Message::ROW_STAGED) {
                message.clear(Message::ROW_STAGED);
                message.set(Message::ROW_WAITS);
            }
            let message = *message;
            self.totals.expected += u32::from(message.pairs);
            if message.accepted != NONE {
                self.count_early(now, &order, number, &message);
            }
            self.weigh_message(now, number);
        }
    }

    pub(super) fn roll_back(&mut self, now: Moment, number: u32) {
        let Some(order) = self.orders.get_mut(number as usize) else { return };
        if order.state != OrderState::Open {
            return;
        }
        self.totals.rolled_back += 1;
        order.state = OrderState::RolledBack;
        order.settled = now.place;
        for number in self.messages_of(number) {
            let Some(message) = self.messages.get_mut(number as usize) else { return };
            message.clear(Message::MEANT | Message::ROW_STAGED);
            message.set(Message::ROLLED_BACK);
            message.last = now.place;
            let message = *message;
            for slot in 0..message.pairs {
                let pair = self.pairs.get(message.first_pair as usize + usize::from(slot));
                if pair.is_some_and(|pair| pair.received != NONE) {
                    self.find_ghost(now, number, slot);
                }
            }
            self.weigh_message(now, number);
        }
    }

    /// The service will not send it (again).
    pub(super) fn end_intention(&mut self, now: Moment, number: u32) {
        if let Some(message) = self.messages.get_mut(number as usize)
            && message.is(Message::MEANT)
        {
            message.clear(Message::MEANT);
            message.last = now.place;
            self.weigh_message(now, number);
        }
    }

    pub(super) fn mark(&mut self, now: Moment, number: u32) {
        if let Some(message) = self.messages.get_mut(number as usize) {
            message.clear(Message::ROW_STAGED | Message::ROW_WAITS);
            message.last = now.place;
            self.weigh_message(now, number);
        }
    }
}

/// On the way to the broker.
impl Ledger {
    pub(super) fn publish(&mut self, now: Moment, record: &Record) {
        let Some(message) = self.messages.get_mut(record.subject as usize) else { return };
        message.publishes = message.publishes.saturating_add(1);
        message.last = now.place;
        if let Part::Service(service) = self.reach.part(record.actor) {
            if self.reach.source(service).is_some_and(|source| source.waits) {
                message.set(Message::SENT);
                self.sending[usize::from(service)] = message.order;
            } else {
                message.clear(Message::MEANT);
            }
        }
    }

    /// A publish packet is gone, and the broker does not have it.
    pub(super) fn end_publish(&mut self, now: Moment, number: u32) {
        if let Some(message) = self.messages.get_mut(number as usize) {
            message.publishes = message.publishes.saturating_sub(1);
            message.last = now.place;
            self.weigh_message(now, number);
        }
    }

    pub(super) fn accept(&mut self, now: Moment, number: u32) {
        let Some(message) = self.messages.get_mut(number as usize) else { return };
        message.publishes = message.publishes.saturating_sub(1);
        message.last = now.place;
        message.takes = message.takes.saturating_add(1);
        self.taken = (number, now);
        self.unsettled = true;
        if message.accepted != NONE {
            self.note(Fact::Redelivery, now);
            return;
        }
        message.accepted = now.place;
        let number = message.order;
        if let Some(order) = self.orders.get_mut(number as usize)
            && order.accepted == NONE
        {
            order.accepted = now.place;
            if order.never != NONE {
                self.find_half_sent(now, number);
            }
        }
    }

    pub(super) fn lose_packet(&mut self, now: Moment, record: &Record) {
        match record.packet() {
            (PacketKind::Publish, _) => self.end_publish(now, record.subject),
            (PacketKind::Delivery, to) => {
                let Part::Worker(queue, worker) = self.reach.part(to) else { return };
                let list = &mut self.deliveries[usize::from(worker)];
                let is = |d: &Delivery| d.message == record.subject && d.hold != Hold::InHand;
                // Its twin, if any, was sent before.
                if let Some(index) = list.iter().rposition(is) {
                    list.remove(index);
                    self.end_delivery(now, record.subject, queue);
                }
            }
            _ => {}
        }
    }

    pub(super) fn double_packet(&mut self, now: Moment, record: &Record) {
        match record.packet() {
            (PacketKind::Publish, _) => {
                if let Some(message) = self.messages.get_mut(record.subject as usize) {
                    message.publishes = message.publishes.saturating_add(1);
                    message.last = now.place;
                }
            }
            (PacketKind::Delivery, to) => self.deliver(record.subject, to),
            _ => {}
        }
    }

    /// Only deliveries matter: at the end those on the way are gone, those that stand still are not.
    pub(super) fn hold_packet(&mut self, record: &Record) {
        let (PacketKind::Delivery, to) = record.packet() else { return };
        let Part::Worker(_, worker) = self.reach.part(to) else { return };
        let (from, into) = match record.kind {
            Kind::Held => (Hold::OnTheWay, Hold::StandsStill),
            _ => (Hold::StandsStill, Hold::OnTheWay),
        };
        let list = &mut self.deliveries[usize::from(worker)];
        if let Some(delivery) = list.iter_mut().find(|d| d.message == record.subject && d.hold == from) {
            delivery.hold = into;
        }
    }
}

/// In a queue; `other` names it.
impl Ledger {
    pub(super) fn enqueue(&mut self, now: Moment, record: &Record) {
        if let Some((_, index)) = self.pair_of(record.subject, record.other as u8)
            && let Some(pair) = self.pairs.get_mut(index)
        {
            pair.copies = pair.copies.saturating_add(1);
            pair.last = now.place;
        }
    }

    pub(super) fn touch(&mut self, now: Moment, record: &Record) {
        if let Some((_, index)) = self.pair_of(record.subject, record.other as u8)
            && let Some(pair) = self.pairs.get_mut(index)
        {
            pair.last = now.place;
        }
    }

    pub(super) fn remove_copy(&mut self, now: Moment, record: &Record) {
        if let Some((slot, index)) = self.pair_of(record.subject, record.other as u8)
            && let Some(pair) = self.pairs.get_mut(index)
        {
            pair.copies = pair.copies.saturating_sub(1);
            pair.last = now.place;
            if !pair.may_be_applied() && !pair.is_decided() {
                self.weigh_pair(now, record.subject, slot);
            }
        }
    }

    pub(super) fn park(&mut self, now: Moment, record: &Record) {
        let queue = record.other as u8;
        if let Some((_, index)) = self.pair_of(record.subject, queue)
            && let Some(pair) = self.pairs.get_mut(index)
        {
            pair.copies = pair.copies.saturating_sub(1);
            pair.last = now.place;
            pair.set(Pair::PARKED);
            let received = pair.received;
            if let Some(&message) = self.messages.get(record.subject as usize) {
                let proof = [message.accepted, received, now.place];
                self.find(Verdict::Parked, now, message.order, record.subject, queue, proof);
            }
        }
    }
}

/// With a worker.
impl Ledger {
    /// A delivery is on the way to a worker.
    pub(super) fn deliver(&mut self, message: u32, to: ActorId) {
        let Part::Worker(queue, worker) = self.reach.part(to) else { return };
        if let Some((_, index)) = self.pair_of(message, queue)
            && let Some(pair) = self.pairs.get_mut(index)
        {
            pair.hands = pair.hands.saturating_add(1);
            self.deliveries[usize::from(worker)].push_back(Delivery { message, hold: Hold::OnTheWay });
        }
    }

    pub(super) fn receive(&mut self, now: Moment, record: &Record) {
        self.totals.deliveries += 1;
        if record.other == 1 {
            self.totals.redeliveries += 1;
            self.note(Fact::Redelivery, now);
        }
        let number = record.subject;
        let Part::Worker(queue, worker) = self.reach.part(record.actor) else { return };
        let Some((slot, index)) = self.pair_of(number, queue) else { return };
        let Some(pair) = self.pairs.get_mut(index) else { return };
        let list = &mut self.deliveries[usize::from(worker)];
        match list.iter_mut().find(|d| d.message == number && d.hold != Hold::InHand) {
            Some(delivery) => delivery.hold = Hold::InHand,
            None => {
                list.push_back(Delivery { message: number, hold: Hold::InHand });
                pair.hands = pair.hands.saturating_add(1);
            }
        }
        pair.last = now.place;
        if pair.received == NONE {
            pair.received = now.place;
            if self.messages.get(number as usize).is_some_and(|message| message.is(Message::ROLLED_BACK)) {
                self.find_ghost(now, number, slot);
            }
        }
    }

    /// A worker's work on a delivery ended without the effect.
    pub(super) fn put_down(&mut self, now: Moment, record: &Record) {
        let Part::Worker(queue, worker) = self.reach.part(record.actor) else { return };
        if self.let_go(worker, record.subject) {
            self.end_delivery(now, record.subject, queue);
        }
    }

    pub(super) fn apply(&mut self, now: Moment, record: &Record) {
        self.totals.effects += 1;
        let number = record.subject;
        let Part::Worker(queue, worker) = self.reach.part(record.actor) else { return };
        let in_hand = self.let_go(worker, number);
        let Some((_, index)) = self.pair_of(number, queue) else { return };
        let Some(pair) = self.pairs.get_mut(index) else { return };
        if in_hand {
            pair.hands = pair.hands.saturating_sub(1);
        }
        pair.last = now.place;
        pair.applied = pair.applied.saturating_add(1);
        if pair.applied > 1 {
            let proof = [pair.first_applied, now.place, NONE];
            if let Some(order) = self.order_of(number) {
                self.find(Verdict::Duplicate, now, order, number, queue, proof);
            }
        } else {
            pair.first_applied = now.place;
            self.take_turn(now, number, queue);
        }
    }

    /// Takes a delivery of the message out of a worker's list: from its hand, or failing that from the way.
    fn let_go(&mut self, worker: u8, message: u32) -> bool {
        let list = &mut self.deliveries[usize::from(worker)];
        let index = list
            .iter()
            .position(|d| d.message == message && d.hold == Hold::InHand)
            .or_else(|| list.iter().position(|d| d.message == message));
        index.and_then(|index| list.remove(index)).is_some()
    }

    /// A delivery is over, without the effect.
    fn end_delivery(&mut self, now: Moment, message: u32, queue: u8) {
        if let Some((slot, index)) = self.pair_of(message, queue)
            && let Some(pair) = self.pairs.get_mut(index)
        {
            pair.hands = pair.hands.saturating_sub(1);
            pair.last = now.place;
            if !pair.may_be_applied() && !pair.is_decided() {
                self.weigh_pair(now, message, slot);
            }
        }
    }

    /// Ends the deliveries of a worker that are in one of those states.
    fn end_deliveries(&mut self, now: Moment, queue: u8, worker: u8, gone: impl Fn(Hold) -> bool) {
        let mut list = std::mem::take(&mut self.deliveries[usize::from(worker)]);
        for delivery in list.iter().filter(|delivery| gone(delivery.hold)) {
            self.end_delivery(now, delivery.message, queue);
        }
        list.retain(|delivery| !gone(delivery.hold));
        self.deliveries[usize::from(worker)] = list;
    }
}

/// What ends for many at once.
impl Ledger {
    pub(super) fn crash(&mut self, now: Moment, record: &Record) {
        self.note(Fact::Crash, now);
        match self.reach.part(record.actor) {
            // What it means to do with the rest of the unit, `GaveUp` and `RolledBack` tell.
            Part::Service(service) => {
                let order = std::mem::replace(&mut self.sending[usize::from(service)], NONE);
                for message in self.messages_of(order) {
                    if self.messages.get(message as usize).is_some_and(|m| m.is(Message::SENT)) {
                        self.end_intention(now, message);
                    }
                }
            }
            // Its connection is gone, and with it what was on the way to it.
            Part::Worker(queue, worker) => self.end_deliveries(now, queue, worker, |_| true),
            Part::Between if self.reach.is_broker(record.actor) => self.note(Fact::BrokerDown, now),
            Part::Between => {}
        }
    }

    pub(super) fn end(&mut self, now: Moment, quiet: bool) {
        if quiet {
            // Nothing is left to happen, so no wire carries anything any more, except what stands still.
            for actor in 0..=u8::MAX {
                if let Part::Worker(queue, worker) = self.reach.part(ActorId(actor)) {
                    self.end_deliveries(now, queue, worker, |hold| hold == Hold::OnTheWay);
                }
            }
        }
        self.ended = now;
        self.unsettled = true;
        self.find_stuck(now);
    }
}
