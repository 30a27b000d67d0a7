//! What does the ledger keep? One small account per order, per message and per (message, queue) pair.

use crate::broker::record::NONE;
use std::collections::VecDeque;

/// What became of an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OrderState {
    /// It was taken in and is neither committed nor rolled back.
    Open,
    /// It is a fact.
    Committed,
    /// It was undone.
    RolledBack,
}

/// The account of an order.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Order {
    pub(super) first_message: u32,
    /// How many orders its service had taken in before.
    pub(super) turn: u32,
    /// Its ordering key within its service.
    pub(super) key: u32,
    /// How many orders had been committed when it was, itself included; 0 before.
    pub(super) sequence: u32,
    /// The place of its commit or rollback.
    pub(super) settled: u32,
    /// The place of the first acceptance of one of its messages.
    pub(super) accepted: u32,
    /// The first of its messages that never will be accepted.
    pub(super) never: u32,
    pub(super) messages: u16,
    pub(super) service: u8,
    pub(super) state: OrderState,
}

/// The account of a message: what is still on the way to the broker.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Message {
    pub(super) order: u32,
    pub(super) first_pair: u32,
    /// The place of the first acceptance by the broker.
    pub(super) accepted: u32,
    /// The place of the last record about its way to the broker.
    pub(super) last: u32,
    /// Publish packets in flight.
    pub(super) publishes: u16,
    /// Its place among the routes of the setup.
    pub(super) route: u16,
    /// Its place among the messages of its service.
    pub(super) kind: u8,
    /// How many queues it should reach.
    pub(super) pairs: u8,
    /// How many of the publish packets stand still.
    pub(super) still: u8,
    /// How often the broker took it.
    pub(super) takes: u8,
    /// How many relays that share an outbox have its row in hand.
    pub(super) rounds: u8,
    flags: u8,
}

impl Message {
    /// The service still intends to send it.
    pub(super) const MEANT: u8 = 1;
    /// Its outbox row is part of an open transaction.
    pub(super) const ROW_STAGED: u8 = 2;
    /// Its outbox row is committed and not marked as sent.
    pub(super) const ROW_WAITS: u8 = 4;
    /// It never was accepted and never will be.
    pub(super) const NEVER: u8 = 8;
    /// Its order was rolled back.
    pub(super) const ROLLED_BACK: u8 = 16;
    /// A dead-letter row of it is part of an open transaction.
    pub(super) const LETTER_STAGED: u8 = 32;
    /// A dead-letter row of it is there: an operator can replay it.
    pub(super) const PARKED: u8 = 64;

    pub(super) fn new(order: u32, place: u32, first_pair: u32, route: u16, kind: u8, pairs: u8) -> Message {
        let flags = Message::MEANT;
        Message {
            order,
            first_pair,
            accepted: NONE,
            last: place,
            publishes: 0,
            route,
            kind,
            pairs,
            still: 0,
            takes: 0,
            rounds: 0,
            flags,
        }
    }

    pub(super) fn flags(&self) -> u8 {
        self.flags
    }

    pub(super) fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    pub(super) fn set(&mut self, flag: u8) {
        self.flags |= flag;
    }

    pub(super) fn clear(&mut self, flags: u8) {
        self.flags &= !flags;
    }

    /// Whether it may still arrive at the broker (once more).
    pub(super) fn may_arrive(&self) -> bool {
        self.publishes > 0
            || self.rounds > 0
            || self.is(Message::MEANT | Message::ROW_STAGED | Message::ROW_WAITS)
            || self.is(Message::LETTER_STAGED | Message::PARKED)
    }
}

/// The account of an expected effect: a message at one of the queues that it should reach.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Pair {
    /// How often the effect was applied.
    pub(super) applied: u32,
    /// The place of the first application.
    pub(super) first_applied: u32,
    /// The place of the first receipt.
    pub(super) received: u32,
    /// The place of the last record about it.
    pub(super) last: u32,
    /// Copies in the queue, delivered or not.
    pub(super) copies: u16,
    /// Deliveries on the way to a worker or in its hand.
    pub(super) hands: u16,
    /// Copies that consumers have stored and not dealt with (255: or more).
    pub(super) stored: u8,
    /// Copies that are set aside (255: or more).
    pub(super) parked: u8,
    /// The pair of the same turn that was first applied before this one was, or [`NONE`].
    pub(super) before: u32,
    flags: u8,
}

impl Pair {
    /// It was found lost.
    pub(super) const LOST: u8 = 1;
    /// It was found to be a ghost.
    pub(super) const GHOST: u8 = 2;
    /// It was found to be out of order.
    pub(super) const OVERTAKEN: u8 = 4;
    /// Nobody is owed it: the subscription does not want it, or was not there.
    pub(super) const UNOWED: u8 = 8;

    pub(super) fn new(place: u32) -> Pair {
        Pair {
            applied: 0,
            first_applied: NONE,
            received: NONE,
            last: place,
            copies: 0,
            hands: 0,
            stored: 0,
            parked: 0,
            before: NONE,
            flags: 0,
        }
    }

    pub(super) fn flags(&self) -> u8 {
        self.flags
    }

    pub(super) fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    pub(super) fn set(&mut self, flag: u8) {
        self.flags |= flag;
    }

    pub(super) fn clear(&mut self, flag: u8) {
        self.flags &= !flag;
    }

    /// Whether there is nothing more to ask: the effect is there, safe, or known to be lost.
    pub(super) fn is_decided(&self) -> bool {
        self.applied > 0 || self.parked > 0 || self.is(Pair::LOST | Pair::UNOWED)
    }

    /// Whether a copy that the broker has made may still lead to the effect.
    pub(super) fn may_be_applied(&self) -> bool {
        self.copies > 0 || self.hands > 0 || self.stored > 0
    }
}

/// The latest order, by commit, whose effect was applied at one queue for one key.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Turn {
    /// Its sequence; 0: none yet.
    pub(super) sequence: u32,
    /// The place of the application.
    pub(super) place: u32,
    /// The message.
    pub(super) message: u32,
    /// The pair that was first applied last, whether or not its order is committed; or [`NONE`].
    pub(super) last: u32,
}

/// What the broker has sent to one worker and the worker has not done with, oldest first.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Bench {
    /// Messages on the wire, and whether they stand still there.
    pub(super) coming: VecDeque<(u32, bool)>,
    /// Messages in hand.
    pub(super) in_hand: VecDeque<u32>,
}

impl Bench {
    /// Takes a message off the wire. False if it is not on it. What stands still neither arrives nor vanishes
    /// by itself, so of two it is the other.
    pub(super) fn take_from_wire(&mut self, message: u32) -> bool {
        let find = |which| self.coming.iter().position(|&coming| coming == which);
        let index = find((message, false)).or_else(|| find((message, true)));
        index.and_then(|index| self.coming.remove(index)).is_some()
    }

    /// Takes a message out of hand. False if it is not in it.
    pub(super) fn take_from_hand(&mut self, message: u32) -> bool {
        let index = self.in_hand.iter().position(|&held| held == message);
        index.and_then(|index| self.in_hand.remove(index)).is_some()
    }
}
