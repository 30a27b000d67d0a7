//! What may relays still publish? One that shares its outbox, or marks first, publishes what it has in hand also
//! when the row is marked: until then there is hope for it. One that keeps a position never comes back to what
//! lies before it.

use super::account::Message;
use super::ledger::{Ledger, Moment};
use crate::broker::record::Record;
use crate::broker::setup::{Reading, Setup};
use crate::fault::point::ActorId;
use std::collections::VecDeque;

/// What relays have in hand, and the rows that they read by their place. Empty where marks tell all.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Rounds {
    /// By party: rows it has read and not yet published.
    pub(super) in_hand: Vec<VecDeque<u32>>,
    /// By service: its rows, in the order in which they are read, if a position is kept.
    pub(super) ahead: Vec<Option<(Reading, VecDeque<u32>)>>,
}

impl Rounds {
    pub(super) fn new(setup: &Setup) -> Rounds {
        let mut rounds = Rounds::default();
        let ahead = |service| match setup.reading_of(service) {
            Reading::Unsent => None,
            reading => Some((reading, VecDeque::new())),
        };
        let services = 0..setup.services.len() as u8;
        if services.clone().any(|service| ahead(service).is_some()) {
            rounds.ahead = services.map(ahead).collect();
        }
        if (0..setup.relays.len() as u8).any(|relay| setup.reads_ahead(relay)) {
            rounds.in_hand = vec![VecDeque::new(); setup.services.len() + setup.relays.len()];
        }
        rounds
    }

    fn ahead(&mut self, service: u8) -> Option<&mut (Reading, VecDeque<u32>)> {
        self.ahead.get_mut(usize::from(service))?.as_mut()
    }

    /// A row is a fact: it has its place in the log.
    pub(super) fn row_committed(&mut self, service: u8, message: u32) {
        if let Some((Reading::Log, rows)) = self.ahead(service) {
            rows.push_back(message);
        }
    }
}

impl Ledger {
    /// A row was inserted: it has its id.
    pub(super) fn row_inserted(&mut self, order: u32, message: u32) {
        if self.rounds.ahead.is_empty() {
            return;
        }
        let service = self.service_of(order).unwrap_or_default();
        match self.rounds.ahead(service) {
            Some((Reading::Cursor | Reading::GapWait(_), rows)) => rows.push_back(message),
            // Transactions are numbered as their messages are.
            Some((Reading::Snapshot, rows)) => {
                let at = rows.partition_point(|&other| other < message);
                rows.insert(at, message);
            }
            _ => {}
        }
    }

    /// Everything up to that row counts as sent: what is not, or is not even committed, never will be.
    pub(super) fn save_position(&mut self, now: Moment, record: &Record) {
        let order = self.order_of(record.subject).and_then(|order| self.service_of(order));
        let Some((_, rows)) = order.and_then(|service| self.rounds.ahead(service)) else { return };
        let Some(last) = rows.iter().position(|&row| row == record.subject) else { return };
        for number in rows.drain(..=last).collect::<Vec<u32>>() {
            if let Some(message) = self.messages.get_mut(number as usize) {
                message.clear(Message::ROW_STAGED | Message::ROW_WAITS);
                message.last = now.place;
            }
            self.weigh_message(now, number);
        }
    }

    /// A relay has a row in hand.
    pub(super) fn take_row(&mut self, record: &Record) {
        let Some(in_hand) = self.rounds.in_hand.get_mut(usize::from(record.actor.0)) else { return };
        in_hand.push_back(record.subject);
        if let Some(message) = self.messages.get_mut(record.subject as usize) {
            message.rounds = message.rounds.saturating_add(1);
        }
    }

    /// A relay publishes a row that it had in hand: from now on the packet is the hope.
    pub(super) fn take_from_round(&mut self, record: &Record) {
        let Some(in_hand) = self.rounds.in_hand.get_mut(usize::from(record.actor.0)) else { return };
        if let Some(at) = in_hand.iter().position(|&row| row == record.subject) {
            in_hand.remove(at);
            if let Some(message) = self.messages.get_mut(record.subject as usize) {
                message.rounds = message.rounds.saturating_sub(1);
            }
        }
    }

    /// What the relay has in hand it will not publish.
    pub(super) fn end_round(&mut self, now: Moment, relay: ActorId) {
        let Some(in_hand) = self.rounds.in_hand.get_mut(usize::from(relay.0)) else { return };
        for number in std::mem::take(in_hand) {
            if let Some(message) = self.messages.get_mut(number as usize) {
                message.rounds = message.rounds.saturating_sub(1);
            }
            self.weigh_message(now, number);
        }
    }

    /// Nobody publishes anything any more.
    pub(super) fn end_rounds(&mut self, now: Moment) {
        for relay in 0..self.rounds.in_hand.len() as u8 {
            self.end_round(now, ActorId(relay));
        }
    }
}
