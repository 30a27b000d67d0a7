//! Where is a copy that was set aside, and whose is it? What the broker moves to another queue is safe as long as it
//! lies there, and at stake again when it comes back.

use super::finding::Verdict;
use super::ledger::{Ledger, Moment};
use crate::broker::record::{Kind, Record};
use crate::sim::shape::Shape;

/// The copies that lie in queues which owe them to nobody.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Aside {
    /// Message, the queue that it is in, and the slot of the pair that it was taken from.
    copies: Vec<(u32, u8, u8)>,
    /// The moves of the step at hand: one may push out what moves in its turn.
    moves: Vec<Move>,
}

/// A copy leaves a queue, for one or several others.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Move {
    /// The place of its record.
    place: u32,
    step: u32,
    /// The slot of the pair that the copy was taken from.
    slot: Option<u8>,
    /// With how many queues it came to by now.
    count: u32,
}

impl Aside {
    fn put(&mut self, message: u32, queue: u8, slot: u8) {
        self.copies.push((message, queue, slot));
    }

    /// Takes a copy of the message out of that queue. Returns whose it is.
    fn take(&mut self, message: u32, queue: u8) -> Option<u8> {
        let at = self.copies.iter().position(|&(its, there, _)| (its, there) == (message, queue))?;
        Some(self.copies.remove(at).2)
    }

    fn moves(&mut self, now: Moment, slot: Option<u8>) {
        if self.moves.last().is_some_and(|last| last.step != now.step) {
            self.moves.clear();
        }
        self.moves.push(Move { place: now.place, step: now.step, slot, count: 0 });
    }

    /// Whether the move led to that copy: whose it is, and how many other queues have one by the same move.
    fn moved_here(&mut self, record: &Record) -> Option<(u8, u32)> {
        let mut of_step = self.moves.iter_mut().rev().take_while(|its| its.step == record.step);
        let its = of_step.find(|its| its.place == record.cause)?;
        let (slot, count) = (its.slot?, its.count);
        its.count += 1;
        Some((slot, count))
    }
}

impl Aside {
    /// The messages of which a copy lies there.
    pub(super) fn messages(&self) -> impl Iterator<Item = u32> + '_ {
        self.copies.iter().map(|&(message, ..)| message)
    }

    /// What lies where. A move and what it leads to are of one step: between two, none is under way.
    pub(super) fn shape(&self, shape: &mut Shape) {
        let Aside { copies, moves: _ } = self;
        shape.word(copies.len() as u64);
        for &(message, queue, slot) in copies {
            shape.word(u64::from(message) << 16 | u64::from(queue) << 8 | u64::from(slot));
        }
    }
}

/// In a queue; `other` names it.
impl Ledger {
    /// A copy is put in a queue: a new one, or one that was set aside.
    pub(super) fn enqueue(&mut self, now: Moment, record: &Record) {
        self.arrive_aside(record);
        self.add_copy(now, record);
    }

    fn add_copy(&mut self, now: Moment, record: &Record) {
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

    /// A copy is thrown away: in its queue, or where it was set aside.
    pub(super) fn drop_copy(&mut self, now: Moment, record: &Record) {
        match self.aside.take(record.subject, record.other as u8) {
            Some(slot) => self.unpark(now, record.subject, slot),
            None => self.remove_copy(now, record),
        }
    }

    /// One copy less that was set aside.
    fn unpark(&mut self, now: Moment, number: u32, slot: u8) {
        let Some(message) = self.messages.get(number as usize) else { return };
        let Some(pair) = self.pairs.get_mut(message.first_pair as usize + usize::from(slot)) else { return };
        pair.parked = pair.parked.saturating_sub(1);
        pair.last = now.place;
        if !pair.may_be_applied() && !pair.is_decided() {
            self.weigh_pair(now, number, slot);
        }
    }

    /// A copy that is set aside comes into a queue: into another than it is owed to, where it is as safe as the
    /// queue; or back to where it was.
    fn arrive_aside(&mut self, record: &Record) {
        let Some((slot, before)) = self.aside.moved_here(record) else { return };
        let owed = self.pair_of(record.subject, record.other as u8);
        let Some(message) = self.messages.get(record.subject as usize) else { return };
        let Some(pair) = self.pairs.get_mut(message.first_pair as usize + usize::from(slot)) else { return };
        match owed {
            Some((back, _)) if back == slot => {
                pair.parked = pair.parked.saturating_sub(u8::from(before == 0));
            }
            Some(_) => {}
            None => {
                self.aside.put(record.subject, record.other as u8, slot);
                pair.parked = pair.parked.saturating_add(u8::from(before > 0));
            }
        }
    }

    pub(super) fn park(&mut self, now: Moment, record: &Record) {
        let queue = record.other as u8;
        let here = self.pair_of(record.subject, queue).map(|(slot, _)| slot);
        let slot = here.or_else(|| self.aside.take(record.subject, queue));
        self.aside.moves(now, slot);
        if let Some((_, index)) = self.pair_of(record.subject, queue)
            && let Some(pair) = self.pairs.get_mut(index)
        {
            // What was diverted never had a copy there.
            pair.copies = pair.copies.saturating_sub(u16::from(record.kind == Kind::DeadLettered));
            pair.last = now.place;
            pair.parked = pair.parked.saturating_add(1);
            let received = pair.received;
            if let Some(&message) = self.messages.get(record.subject as usize) {
                let proof = [message.accepted, received, now.place];
                self.find(Verdict::Parked, now, message.order, record.subject, queue, proof);
            }
        }
    }
}

/// What an operator does.
impl Ledger {
    /// A parked message is back in the queue.
    pub(super) fn redrive(&mut self, now: Moment, record: &Record) {
        self.aside.take(record.subject, (record.other >> 8) as u8);
        if let Some((_, index)) = self.pair_of(record.subject, record.other as u8)
            && let Some(pair) = self.pairs.get_mut(index)
        {
            pair.parked = pair.parked.saturating_sub(1);
        }
        self.add_copy(now, record);
    }

    /// A copy is in nobody's queue until an edited one is in another, or in the same, by the next record.
    pub(super) fn take_out(&mut self, now: Moment, record: &Record) {
        let queue = record.other as u8;
        let mut slot = self.aside.take(record.subject, queue);
        if slot.is_none()
            && let Some((here, index)) = self.pair_of(record.subject, queue)
            && let Some(pair) = self.pairs.get_mut(index)
        {
            slot = Some(here);
            pair.last = now.place;
            if record.other >> 8 == 0 {
                pair.copies = pair.copies.saturating_sub(1);
                pair.parked = pair.parked.saturating_add(1);
            }
        }
        self.aside.moves(now, slot);
    }

    /// A copy was thrown away: parked, or in its queue.
    pub(super) fn discard(&mut self, now: Moment, record: &Record) {
        self.aside.take(record.subject, (record.other >> 8) as u8);
        if let Some((slot, index)) = self.pair_of(record.subject, record.other as u8)
            && self.pairs.get(index).is_some_and(|pair| pair.parked > 0)
        {
            return self.unpark(now, record.subject, slot);
        }
        self.remove_copy(now, record);
    }
}
