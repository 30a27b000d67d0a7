//! What does a record change in the accounts? One entry per kind that matters.

use super::account::{Message, Order, OrderState, Pair};
use super::finding::{NO_QUEUE, Verdict};
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
        let turn = self.taken_in[usize::from(service)];
        self.taken_in[usize::from(service)] += 1;
        self.orders.push(Order {
            first_message: self.messages.len() as u32,
            turn,
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
            for slot in 0..pairs {
                let mut pair = Pair::new(now.place);
                if self.reach.is_asked(route) && !self.is_owed(route, slot, turn) {
                    pair.set(Pair::UNOWED);
                }
                self.pairs.push(pair);
            }
        }
        self.requests.taken_in(now, service, record.subject);
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
            let order = message.order;
            self.row_inserted(order, number);
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
                self.rounds.row_committed(order.service, number);
            }
            if message.is(Message::LETTER_STAGED) {
                self.set_aside(now, number);
            }
            let Some(&message) = self.messages.get(number as usize) else { return };
            self.totals.expected += self.owed(&message);
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
            message.clear(Message::MEANT | Message::ROW_STAGED | Message::LETTER_STAGED);
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

    /// A dead-letter row takes over from the service's own intention: at once, or with the commit.
    #[inline(never)]
    pub(super) fn write_letter(&mut self, now: Moment, number: u32) {
        let Some(message) = self.messages.get_mut(number as usize) else { return };
        message.clear(Message::MEANT);
        message.set(Message::LETTER_STAGED);
        message.last = now.place;
        let order = message.order;
        if self.is_committed(order) {
            self.set_aside(now, number);
        }
    }

    /// The dead-letter row is there: safe, and an operator's to replay.
    fn set_aside(&mut self, now: Moment, number: u32) {
        let Some(message) = self.messages.get_mut(number as usize) else { return };
        message.clear(Message::LETTER_STAGED);
        message.set(Message::PARKED);
        let message = *message;
        let proof = [message.accepted, NONE, message.last];
        self.find(Verdict::Parked, now, message.order, number, NO_QUEUE, proof);
        self.note(Fact::DeadLetter, now);
    }

    /// The dead-letter row is gone.
    pub(super) fn remove_letter(&mut self, now: Moment, number: u32) {
        if let Some(message) = self.messages.get_mut(number as usize) {
            message.clear(Message::PARKED);
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
        self.take_from_round(record);
        let Some(message) = self.messages.get_mut(record.subject as usize) else { return };
        message.publishes = message.publishes.saturating_add(1);
        message.last = now.place;
        // Who does not wait for a confirmation has done what it meant to.
        if let Part::Service(service) = self.reach.part(record.actor)
            && self.reach.source(service).is_some_and(|source| !source.waits)
        {
            message.clear(Message::MEANT);
        }
    }

    /// Nobody was there to take it: the broker, or who was called.
    pub(super) fn turn_away(&mut self, now: Moment, record: &Record) {
        let Part::Worker(queue, worker) = self.reach.part(record.actor) else {
            return self.end_publish(now, record.subject);
        };
        if self.benches[usize::from(worker)].take_from_wire(record.subject) {
            self.end_delivery(now, record.subject, queue);
        }
    }

    /// A publish packet is gone, and the broker does not have it.
    pub(super) fn end_publish(&mut self, now: Moment, number: u32) {
        if let Some(message) = self.messages.get_mut(number as usize) {
            message.publishes = message.publishes.saturating_sub(1);
            message.still = message.still.min(u8::try_from(message.publishes).unwrap_or(u8::MAX));
            message.last = now.place;
            self.weigh_message(now, number);
        }
    }

    pub(super) fn accept(&mut self, now: Moment, number: u32) {
        let Some(message) = self.messages.get_mut(number as usize) else { return };
        message.publishes = message.publishes.saturating_sub(1);
        self.taken = number;
        self.taken_at = now;
        let route = message.route;
        if self.reach.is_asked(route) {
            self.owe(number);
        }
        self.be_taken(now, number);
    }

    /// The broker, or who is called, has the message.
    fn be_taken(&mut self, now: Moment, number: u32) {
        let Some(message) = self.messages.get_mut(number as usize) else { return };
        message.last = now.place;
        message.takes = message.takes.saturating_add(1);
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

    #[inline(never)]
    pub(super) fn lose_packet(&mut self, now: Moment, record: &Record) {
        match record.packet() {
            (PacketKind::Publish, _) => self.end_publish(now, record.subject),
            (PacketKind::Delivery | PacketKind::Reply | PacketKind::Call, to) => {
                let Part::Worker(queue, worker) = self.reach.part(to) else { return };
                if self.benches[usize::from(worker)].take_from_wire(record.subject) {
                    self.end_delivery(now, record.subject, queue);
                }
            }
            _ => {}
        }
    }

    #[inline(never)]
    pub(super) fn double_packet(&mut self, now: Moment, record: &Record) {
        match record.packet() {
            (PacketKind::Publish, _) => {
                if let Some(message) = self.messages.get_mut(record.subject as usize) {
                    message.publishes = message.publishes.saturating_add(1);
                    message.last = now.place;
                }
            }
            (PacketKind::Delivery | PacketKind::Reply | PacketKind::Call, to) => {
                self.deliver(record.subject, to)
            }
            _ => {}
        }
    }

    /// At the end, what is on a wire is gone; what stands still there is not.
    pub(super) fn hold_packet(&mut self, record: &Record) {
        let held = record.kind == Kind::Held;
        match record.packet() {
            (PacketKind::Publish, _) => {
                if let Some(message) = self.messages.get_mut(record.subject as usize) {
                    let still = message.still;
                    message.still = if held { still.saturating_add(1) } else { still.saturating_sub(1) };
                }
            }
            (PacketKind::Delivery | PacketKind::Reply | PacketKind::Call, to) => {
                let Part::Worker(_, worker) = self.reach.part(to) else { return };
                let mut coming = self.benches[usize::from(worker)].coming.iter_mut();
                if let Some((_, still)) = coming.find(|coming| **coming == (record.subject, !held)) {
                    *still = held;
                }
            }
            _ => {}
        }
    }
}

/// At a topic that asks something of its messages.
impl Ledger {
    fn is_owed(&self, route: u16, slot: u8, turn: u32) -> bool {
        let queue = self.reach.targets(route)[usize::from(slot)];
        self.reach.owes(route, queue, turn, |topic, queue| self.made.contains(&(topic, queue)))
    }

    /// How many queues are owed the message.
    fn owed(&self, message: &Message) -> u32 {
        let owed = |slot: &u8| {
            let pair = self.pairs.get(message.first_pair as usize + usize::from(*slot));
            pair.is_some_and(|pair| !pair.is(Pair::UNOWED))
        };
        (0..message.pairs).filter(owed).count() as u32
    }

    /// The message is at the broker: it is owed to the subscriptions that have been made by now.
    #[inline(never)]
    fn owe(&mut self, number: u32) {
        let Some(&message) = self.messages.get(number as usize) else { return };
        let before = self.owed(&message);
        let turn = self.orders.get(message.order as usize).map_or(0, |order| order.turn);
        for slot in 0..message.pairs {
            if self.is_owed(message.route, slot, turn)
                && let Some(pair) = self.pairs.get_mut(message.first_pair as usize + usize::from(slot))
            {
                pair.clear(Pair::UNOWED);
            }
        }
        if self.is_committed(message.order) {
            self.totals.expected += self.owed(&message) - before;
        }
    }

    /// A queue that is full did not take a message that others may have taken.
    pub(super) fn shut_out(&mut self, now: Moment, record: &Record) {
        if self.taken == record.subject && self.taken_at.step == record.step {
            self.touch(now, record);
        } else {
            self.end_publish(now, record.subject);
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
            self.benches[usize::from(worker)].coming.push_back((message, false));
        }
    }

    #[inline(never)]
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
        let bench = &mut self.benches[usize::from(worker)];
        if !bench.take_from_wire(number) {
            pair.hands = pair.hands.saturating_add(1);
        }
        bench.in_hand.push_back(number);
        pair.last = now.place;
        if self.reach.is_door(queue) {
            self.be_taken(now, number);
        }
        let Some(pair) = self.pairs.get_mut(index) else { return };
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
        if self.benches[usize::from(worker)].take_from_hand(record.subject) {
            self.end_delivery(now, record.subject, queue);
        }
    }

    /// A consumer has the message in a table of its own: a crash does not take it.
    #[inline(never)]
    pub(super) fn store(&mut self, now: Moment, record: &Record) {
        let Part::Worker(queue, worker) = self.reach.part(record.actor) else { return };
        let in_hand = self.benches[usize::from(worker)].take_from_hand(record.subject);
        let Some((_, index)) = self.pair_of(record.subject, queue) else { return };
        let Some(pair) = self.pairs.get_mut(index) else { return };
        if in_hand {
            pair.hands = pair.hands.saturating_sub(1);
        }
        pair.stored = pair.stored.saturating_add(1);
        pair.last = now.place;
    }

    pub(super) fn apply(&mut self, now: Moment, record: &Record) {
        self.totals.effects += 1;
        let number = record.subject;
        let Part::Worker(queue, worker) = self.reach.part(record.actor) else { return };
        let in_hand =
            !self.reach.stores_first(worker) && self.benches[usize::from(worker)].take_from_hand(number);
        let Some((_, index)) = self.pair_of(number, queue) else { return };
        let Some(pair) = self.pairs.get_mut(index) else { return };
        if self.reach.stores_first(worker) {
            pair.stored = pair.stored.saturating_sub(1);
        } else if in_hand {
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
            self.look_at_the_clock(now, number);
        }
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
        // A call that nobody took.
        if self.messages.get(message as usize).is_some_and(|message| message.accepted == NONE) {
            self.weigh_message(now, message);
        }
    }
}

/// What ends for many at once.
impl Ledger {
    /// What a service will not send any more, `GaveUp` and `RolledBack` tell; what was on the way to a worker
    /// and does not arrive, `Lost` tells. Only what a worker had in hand goes without a word.
    pub(super) fn crash(&mut self, now: Moment, record: &Record) {
        self.note(Fact::Crash, now);
        if self.reach.is_broker(record.actor) {
            self.note(Fact::BrokerDown, now);
        }
        self.end_round(now, record.actor);
        self.leave(now, record);
    }

    /// A worker is gone, and with it what it had in hand.
    pub(super) fn leave(&mut self, now: Moment, record: &Record) {
        let Part::Worker(queue, worker) = self.reach.part(record.actor) else { return };
        while let Some(message) = self.benches[usize::from(worker)].in_hand.pop_front() {
            self.end_delivery(now, message, queue);
        }
    }

    pub(super) fn end(&mut self, now: Moment, quiet: bool) {
        if quiet {
            self.end_rounds(now);
            self.clear_wires(now);
        }
        self.ended = now;
        self.find_stuck(now);
        self.end_of_the_work(now, quiet);
    }

    /// Nothing is left to happen: no wire carries anything any more, except what stands still.
    fn clear_wires(&mut self, now: Moment) {
        for actor in 0..=u8::MAX {
            let Part::Worker(queue, worker) = self.reach.part(ActorId(actor)) else { continue };
            let coming = std::mem::take(&mut self.benches[usize::from(worker)].coming);
            for &(message, _) in coming.iter().filter(|(_, still)| !still) {
                self.end_delivery(now, message, queue);
            }
        }
        for number in 0..self.messages.len() {
            let flying = self.messages.get(number).is_some_and(|m| m.publishes > u16::from(m.still));
            if flying && let Some(message) = self.messages.get_mut(number) {
                message.publishes = u16::from(message.still);
                self.weigh_message(now, number as u32);
            }
        }
    }
}
