//! Which accounts are these? What decides what can still be found: the ledger without its findings, and without the
//! orders of which nothing more can come.

use super::account::{Bench, Message, Order, OrderState, Pair, Turn};
use super::ledger::Ledger;
use crate::broker::record::NONE;
use crate::broker::setup::Reading;
use crate::sim::shape::Shape;

impl Ledger {
    /// Marks the messages of which something can still become by this account.
    pub fn mark_open(&self, shape: &mut Shape) {
        self.aside.messages().for_each(|message| shape.mark(message));
        for (number, message) in self.messages.iter().enumerate() {
            if self.is_open(message) {
                shape.mark(number as u32);
            }
        }
    }

    fn is_open(&self, message: &Message) -> bool {
        let Some(order) = self.orders.get(message.order as usize) else { return true };
        let undecided = |pair: &Pair| {
            pair.may_be_applied()
                || pair.parked > 0
                || order.state == OrderState::Committed && !pair.is_decided()
        };
        order.state == OrderState::Open || message.may_arrive() || self.pairs_of(message).any(undecided)
    }

    fn pairs_of(&self, message: &Message) -> impl Iterator<Item = &Pair> {
        let first = message.first_pair as usize;
        (first..first + usize::from(message.pairs)).filter_map(|index| self.pairs.get(index))
    }

    /// Folds in the accounts of the marked messages, and what is kept of all of them together.
    pub fn shape(&self, shape: &mut Shape, marked: &[u32]) {
        let Ledger {
            reach: _,
            orders,
            messages,
            pairs: _,
            aside,
            turns,
            rounds,
            requests,
            made,
            benches,
            next_keys,
            taken_in,
            totals,
            findings: _,
            counts: _,
            firsts: _,
            facts: _,
            ended,
            taken,
            taken_at: _,
            kept_back: _,
        } = self;
        shape.word(u64::from(ended.seen().is_some()) << 32 | u64::from(*taken));
        shape.word(orders.len() as u64);
        next_keys.iter().chain(taken_in).for_each(|&count| shape.word(u64::from(count)));
        made.iter().for_each(|&(topic, queue)| shape.word(u64::from(topic) << 8 | u64::from(queue)));
        aside.shape(shape);
        rounds.shape(shape);
        requests.shape(shape, totals);
        for Bench { coming, in_hand } in benches {
            shape.word((coming.len() as u64) << 32 | in_hand.len() as u64);
            for &(message, still) in coming {
                shape.word(u64::from(message) << 1 | u64::from(still));
            }
            in_hand.iter().for_each(|&message| shape.word(u64::from(message)));
        }
        let open: Vec<&Message> = marked.iter().filter_map(|&number| messages.get(number as usize)).collect();
        let order_of = |message: &&Message| orders.get(message.order as usize);
        let mut sequences: Vec<u32> = open.iter().filter_map(order_of).map(|order| order.sequence).collect();
        sequences.sort_unstable();
        sequences.dedup();
        let rank = |sequence: u32| sequences.partition_point(|&other| other < sequence) as u64;
        for message in &open {
            self.shape_message(shape, message);
            if let Some(order) = order_of(message) {
                shape_order(shape, order, rank(order.sequence));
            }
        }
        // A message that was taken before its order was committed is looked at again then, with all that were applied
        // since.
        let early = |order: &Order| order.state == OrderState::Open && order.accepted != NONE;
        let early = open.iter().filter_map(order_of).any(early);
        for Turn { sequence, place: _, message: _, last } in turns.iter() {
            shape.word(rank(*sequence));
            shape.word(if early { u64::from(*last) } else { 0 });
        }
        if early {
            self.shape_applications(shape);
        }
    }

    fn shape_message(&self, shape: &mut Shape, message: &Message) {
        let Message {
            order: _,
            first_pair: _,
            accepted,
            last: _,
            publishes,
            route: _,
            kind: _,
            pairs: _,
            still,
            takes: _,
            rounds,
            ..
        } = *message;
        let small = u64::from(still) | u64::from(rounds) << 8 | u64::from(message.flags()) << 16;
        shape.word(small | u64::from(publishes) << 32 | u64::from(accepted != NONE) << 48);
        for pair in self.pairs_of(message) {
            let Pair {
                applied,
                first_applied: _,
                received,
                last: _,
                copies,
                hands,
                stored,
                parked,
                before: _,
                ..
            } = *pair;
            let flags = u64::from(applied > 0) << 1 | u64::from(received != NONE);
            shape.word(
                flags | u64::from(pair.flags()) << 8 | u64::from(stored) << 16 | u64::from(parked) << 24,
            );
            shape.word(u64::from(copies) << 32 | u64::from(hands));
        }
    }

    /// Every first application, in the order in which they came.
    fn shape_applications(&self, shape: &mut Shape) {
        let applied = self.pairs.iter().enumerate().filter(|(_, pair)| pair.first_applied != NONE);
        let mut applied: Vec<(u32, usize, u32)> =
            applied.map(|(index, pair)| (pair.first_applied, index, pair.before)).collect();
        applied.sort_unstable();
        for (_, index, before) in applied {
            shape.word((index as u64) << 32 | u64::from(before));
        }
        for order in self.orders.iter() {
            shape.word(u64::from(order.sequence) << 8 | order.state as u64);
        }
    }
}

/// Orders are compared by the rank of their commits.
fn shape_order(shape: &mut Shape, order: &Order, rank: u64) {
    let Order {
        first_message: _,
        turn,
        key,
        sequence: _,
        settled: _,
        accepted,
        never,
        messages: _,
        service: _,
        state,
    } = *order;
    let flags = state as u64 | u64::from(accepted != NONE) << 8 | u64::from(never != NONE) << 9;
    shape.word(flags | rank << 16);
    shape.word(u64::from(turn) << 32 | u64::from(key));
}

impl super::rounds::Rounds {
    fn shape(&self, shape: &mut Shape) {
        let super::rounds::Rounds { in_hand, ahead } = self;
        for rows in in_hand {
            shape.word(rows.len() as u64);
            rows.iter().for_each(|&row| shape.word(u64::from(row)));
        }
        for (reading, rows) in ahead.iter().flatten() {
            shape.word((rows.len() as u64) << 1 | u64::from(*reading == Reading::Log));
            rows.iter().for_each(|&row| shape.word(u64::from(row)));
        }
    }
}
