//! Is there hope left, and if not, what has to be said? Where findings are made.

use super::account::{Message, Order, OrderState, Pair};
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
        if message.accepted == NONE && !message.is(Message::NEVER) && !self.is_called_for(&message) {
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

    /// Whether a call with it is on the wire: whoever is called may still take it.
    fn is_called_for(&self, message: &Message) -> bool {
        let first = message.first_pair as usize;
        let slots = first..first + usize::from(message.pairs);
        slots.into_iter().any(|index| self.pairs.get(index).is_some_and(|pair| pair.hands > 0))
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
        let Some((slot, index)) = self.pair_of(number, queue) else { return };
        let Some(turn) = self.turns.get_mut(self.reach.turn(order.service, queue, order.key)) else { return };
        let before = std::mem::replace(&mut turn.last, index as u32);
        let overtaken = turn.sequence > order.sequence;
        let place = turn.place;
        if order.state == OrderState::Committed && !overtaken {
            (turn.sequence, turn.place, turn.message) = (order.sequence, now.place, number);
        }
        if let Some(pair) = self.pairs.get_mut(index) {
            pair.before = before;
        }
        // Not committed: it has no turn yet, and `count_early` looks at it then.
        if order.state != OrderState::Committed {
            return;
        }
        self.totals.arrived += 1;
        if overtaken {
            self.find_overtaken(now, number, slot, place, now.place);
        }
    }

    /// Counts the effects that were applied before their order was committed. Orders of the same key that were
    /// committed before and applied since came out of order, which shows only now.
    #[inline(never)]
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
            let mut since = turn.last;
            // No order was committed later.
            (turn.sequence, turn.place, turn.message) = (order.sequence, pair.first_applied, number);
            while let Some(&late) = self.pairs.get(since as usize)
                && late.first_applied > pair.first_applied
            {
                let (number, slot) = self.message_of_pair(since);
                let other = self.order_of(number).and_then(|order| self.orders.get(order as usize));
                let earlier = other.is_some_and(|other| {
                    other.state == OrderState::Committed && other.sequence < order.sequence
                });
                if earlier {
                    self.find_overtaken(now, number, slot, pair.first_applied, late.first_applied);
                }
                since = late.before;
            }
        }
    }

    /// The message and the slot of the pair of that index.
    fn message_of_pair(&self, index: u32) -> (u32, u8) {
        let after = self.messages.partition_point(|message| message.first_pair <= index);
        let number = after.saturating_sub(1) as u32;
        let first = self.messages.get(number as usize).map_or(index, |message| message.first_pair);
        (number, (index - first) as u8)
    }

    /// The effect of a message that came at `late`, after that of an order that was committed later.
    fn find_overtaken(&mut self, now: Moment, number: u32, slot: u8, before: u32, late: u32) {
        if let Some((message, _)) = self.change_pair(number, slot, Pair::OVERTAKEN) {
            let committed = self.orders.get(message.order as usize).map_or(NONE, |order| order.settled);
            let queue = self.reach.targets(message.route)[usize::from(slot)];
            self.find(Verdict::OutOfOrder, now, message.order, number, queue, [committed, before, late]);
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
    #[inline(never)]
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
