//! What have relays in hand that share an outbox? Each publishes what it has read, also a row that another has
//! marked since: until then there is hope for it. A relay alone marks only what it has published itself, so
//! nothing is kept for it.

use super::ledger::{Ledger, Moment};
use crate::broker::record::Record;
use crate::broker::setup::Setup;
use crate::fault::point::ActorId;
use std::collections::VecDeque;

/// The outboxes that several relays share, and what these relays have in hand. Empty if there are none.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Rounds {
    /// By party: the service whose outbox it shares.
    shares: Vec<Option<u8>>,
    /// By service: the rows that wait, oldest first.
    rows: Vec<VecDeque<u32>>,
    /// By party: rows it has read and not yet published.
    in_hand: Vec<VecDeque<u32>>,
}

impl Rounds {
    pub(super) fn new(setup: &Setup) -> Rounds {
        let readers = |service| setup.relays.iter().filter(|relay| relay.service == service).count();
        if setup.relays.iter().all(|relay| readers(relay.service) < 2) {
            return Rounds::default();
        }
        let cast = setup.cast();
        let mut shares = vec![None; cast.actors.len()];
        for (index, relay) in setup.relays.iter().enumerate().filter(|(_, relay)| readers(relay.service) > 1)
        {
            shares[usize::from(cast.relay(index as u8).0)] = Some(relay.service);
        }
        let in_hand = vec![VecDeque::new(); shares.len()];
        Rounds { shares, rows: vec![VecDeque::new(); setup.services.len()], in_hand }
    }

    /// A committed row waits.
    pub(super) fn row_waits(&mut self, service: u8, message: u32) {
        if self.shares.contains(&Some(service)) {
            self.rows[usize::from(service)].push_back(message);
        }
    }

    /// A row was marked as sent.
    pub(super) fn row_marked(&mut self, message: u32) {
        self.rows.iter_mut().for_each(|rows| rows.retain(|&row| row != message));
    }
}

impl Ledger {
    /// A relay has read that many rows; what it had in hand before, it has given up.
    pub(super) fn poll(&mut self, now: Moment, record: &Record) {
        self.end_round(now, record.actor);
        let Some(&Some(service)) = self.rounds.shares.get(usize::from(record.actor.0)) else { return };
        for &number in self.rounds.rows[usize::from(service)].iter().take(record.subject as usize) {
            self.rounds.in_hand[usize::from(record.actor.0)].push_back(number);
            if let Some(message) = self.messages.get_mut(number as usize) {
                message.rounds = message.rounds.saturating_add(1);
            }
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
