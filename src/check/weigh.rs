//! Is there hope left, and if not, what has to be said? Where findings are made.

use super::account::{Message, Order, OrderState, Pair, Turn};
use super::finding::{Finding, NO_QUEUE, Verdict};
use super::ledger::{Ledger, Moment};
use crate::broker::record::NONE;

impl Ledger {
    /// Looks at a message whose hope of arriving at the broker may have ended.
    pub(super) fn weigh_message(&mut self, now: Moment, number: u32) {
        let Some(&message) = self.messages.get(number as usize) else { return };
        if message.may_arrive() {
            return;
        }
        if message.accepted == NONE && !message.is(Message::NEVER) {
            self.call_never(now, number);
        }
        if !self.is_committed(message.order) {
            return;
        }
        for slot in 0..message.pairs {
            let pair = self.pairs.get(message.first_pair as usize + usize::from(slot));
            if pair.is_some_and(|pair| !pair.may_be_applied() && !pair.is_decided()) {
                self.find_lost(now, number, slot);
            }
        }
    }

    /// Looks at a pair that has no copy left and is not decided: is a new copy to be hoped for?
    pub(super) fn weigh_pair(&mut self, now: Moment, number: u32, slot: u8) {
        let Some(message) = self.messages.get(number as usize) else { return };
        if !message.may_arrive() && self.is_committed(message.order) {
            self.find_lost(now, number, slot);
        }
    }

    /// The message will never be accepted.
    fn call_never(&mut self, now: Moment, number: u32) {
        let Some(message) = self.messages.get_mut(number as usize) else { return };
        message.set(Message::NEVER);
        let order_number = message.order;
        if let Some(order) = self.orders.get_mut(order_number as usize)
            && order.never == NONE
        {
            order.never = number;
            if order.accepted != NONE {
                self.find_half_sent(now, order_number);
            }
        }
    }

    /// The first application of a pair: does it come in turn?
    pub(super) fn take_turn(&mut self, now: Moment, number: u32, queue: u8) {
        let Some(message) = self.messages.get(number as usize) else { return };
        let Some(&order) = self.orders.get(message.order as usize) else { return };
        // Not committed: it has no turn yet, and `count_early` looks at it then.
        if order.state != OrderState::Committed {
            return;
        }
        self.totals.arrived += 1;
        let turn = self.reach.turn(order.service, queue, order.key);
        let Some(turn) = self.turns.get_mut(turn) else { return };
        if turn.sequence > order.sequence {
            let proof = [order.settled, turn.place, now.place];
            let order = message.order;
            self.find(Verdict::OutOfOrder, now, order, number, queue, proof);
        } else {
            *turn = Turn { sequence: order.sequence, place: now.place, message: number };
        }
    }

    /// Counts the effects that were applied before their order was committed. An order of the same key that
    /// was committed before and applied in between came out of order, which shows only now.
    pub(super) fn count_early(&mut self, now: Moment, order: &Order, number: u32, message: &Message) {
        for slot in 0..message.pairs {
            let queue = self.reach.targets(message.route)[usize::from(slot)];
            let Some(&pair) = self.pairs.get(message.first_pair as usize + usize::from(slot)) else { return };
            if pair.applied == 0 {
                continue;
            }
            self.totals.arrived += 1;
            let turn = self.reach.turn(order.service, queue, order.key);
            let Some(turn) = self.turns.get_mut(turn) else { return };
            let before = *turn;
            if before.sequence < order.sequence {
                *turn = Turn { sequence: order.sequence, place: pair.first_applied, message: number };
            }
            let late = before.sequence > 0 && before.sequence < order.sequence;
            if late && before.place > pair.first_applied {
                let late_order = self.order_of(before.message).unwrap_or(NONE);
                let committed = self.orders.get(late_order as usize).map_or(NONE, |order| order.settled);
                let proof = [committed, pair.first_applied, before.place];
                self.find(Verdict::OutOfOrder, now, late_order, before.message, queue, proof);
            }
        }
    }

    fn find_lost(&mut self, now: Moment, number: u32, slot: u8) {
        if let Some((message, pair)) = self.change_pair(number, slot, Pair::LOST) {
            self.find_missing(Verdict::Lost, now, number, slot, &message, &pair);
        }
    }

    /// What is missing although its order was committed.
    fn find_missing(
        &mut self,
        verdict: Verdict,
        now: Moment,
        number: u32,
        slot: u8,
        message: &Message,
        pair: &Pair,
    ) {
        let committed = self.orders.get(message.order as usize).map_or(NONE, |order| order.settled);
        let proof = [committed, message.last.max(pair.last), message.accepted];
        let queue = self.reach.targets(message.route)[usize::from(slot)];
        self.find(verdict, now, message.order, number, queue, proof);
    }

    /// A message of an order that was rolled back, received: a ghost, counted once a pair.
    pub(super) fn find_ghost(&mut self, now: Moment, number: u32, slot: u8) {
        if let Some((message, pair)) = self.change_pair(number, slot, Pair::GHOST) {
            let undone = self.orders.get(message.order as usize).map_or(NONE, |order| order.settled);
            let queue = self.reach.targets(message.route)[usize::from(slot)];
            let proof = [message.accepted, undone, pair.received];
            self.find(Verdict::Ghost, now, message.order, number, queue, proof);
        }
    }

    /// An order of which one message was accepted and another never will be. Both become known only once.
    pub(super) fn find_half_sent(&mut self, now: Moment, number: u32) {
        let Some(&order) = self.orders.get(number as usize) else { return };
        let ended = self.messages.get(order.never as usize).map_or(NONE, |message| message.last);
        let proof = [order.accepted, ended, NONE];
        self.find(Verdict::HalfSent, now, number, order.never, NO_QUEUE, proof);
    }

    /// At the end: what was committed, is missing and has hope left waits in vain.
    pub(super) fn find_stuck(&mut self, now: Moment) {
        for number in 0..self.messages.len() as u32 {
            let Some(&message) = self.messages.get(number as usize) else { return };
            // What is parked is not stuck: it was said to be parked.
            if !self.is_committed(message.order) || message.is(Message::PARKED) {
                continue;
            }
            for slot in 0..message.pairs {
                let pair = self.pairs.get(message.first_pair as usize + usize::from(slot)).copied();
                if let Some(pair) = pair.filter(|pair| !pair.is_decided()) {
                    self.find_missing(Verdict::Stuck, now, number, slot, &message, &pair);
                }
            }
        }
    }

    /// Sets a flag of a pair; nothing if it was set before.
    fn change_pair(&mut self, number: u32, slot: u8, flag: u8) -> Option<(Message, Pair)> {
        let message = *self.messages.get(number as usize)?;
        let pair = self.pairs.get_mut(message.first_pair as usize + usize::from(slot))?;
        if pair.is(flag) {
            return None;
        }
        pair.set(flag);
        Some((message, *pair))
    }

    /// Writes a finding down.
    pub(super) fn find(
        &mut self,
        verdict: Verdict,
        now: Moment,
        order: u32,
        message: u32,
        queue: u8,
        proof: [u32; 3],
    ) {
        let finding = Finding { verdict, queue, step: now.step, at: now.at, order, message, proof };
        let first = &mut self.firsts[verdict as usize];
        if *first == NONE {
            *first = self.findings.len() as u32;
        }
        self.findings.push(finding);
        self.counts.add(verdict);
    }
}
