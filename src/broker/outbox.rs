//! What stands in the outbox table (or in the database's log), and how far has it been read? Disk: kept in a
//! crash of anybody.
//!
//! A row takes its id when it is inserted, from a sequence that is never wound back. Commits come in another
//! order where transactions overlap, so a lower id can appear after a higher one (R138).

use super::setup::Reading;
use crate::sim::shape::Shape;
use crate::sim::time::Instant;
use std::collections::VecDeque;
use std::ops::Range;

/// A row of the outbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    /// Its id, from 1, in the order of the inserts; where the log is read, its place there, from 1, in the order
    /// of the commits (R142); where it is read by snapshots, its place in the order of the transactions, which are
    /// numbered as they begin (R139).
    pub place: u32,
    /// The message.
    pub message: u32,
    /// The ordering key of its unit of work.
    pub key: u32,
    /// The relay that has locked it, by index.
    pub locked_by: Option<u8>,
}

/// The outbox of a service.
#[derive(Clone, PartialEq, Debug)]
pub struct Outbox {
    reading: Reading,
    /// The last id taken.
    ids: u32,
    /// The last place of the log.
    logged: u32,
    /// Rows of open transactions.
    staged: Vec<Row>,
    /// Committed rows that a relay is still to read, in the order in which it reads them.
    rows: VecDeque<Row>,
    /// What was last saved as read, where a position is kept.
    position: u32,
    /// Rows that are marked as sent and will be deleted, oldest first, with the moment of the mark.
    sent: VecDeque<Instant>,
}

impl Outbox {
    pub(super) fn new(reading: Reading) -> Outbox {
        Outbox {
            reading,
            ids: 0,
            logged: 0,
            staged: Vec::new(),
            rows: VecDeque::new(),
            position: 0,
            sent: VecDeque::new(),
        }
    }

    /// The committed rows that a relay is still to deal with, in the order in which it reads them.
    pub fn rows(&self) -> &VecDeque<Row> {
        &self.rows
    }

    /// Their messages.
    pub fn messages(&self) -> impl Iterator<Item = u32> + '_ {
        self.rows.iter().map(|row| row.message)
    }

    /// How many wait. Where the log is read, so much of it cannot be let go (R144).
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether the row of that message waits.
    pub fn contains(&self, message: u32) -> bool {
        self.messages().any(|row| row == message)
    }

    /// The id or place in the log up to which a relay that keeps a position has read.
    pub fn position(&self) -> u32 {
        self.position
    }

    /// How many rows are kept that are marked as sent and will be deleted.
    pub fn kept(&self) -> usize {
        self.sent.len()
    }

    /// A row is inserted in an open transaction. Returns its id.
    pub(super) fn write(&mut self, message: u32, key: u32) -> u32 {
        self.ids += 1;
        self.staged.push(Row { place: self.ids, message, key, locked_by: None });
        self.ids
    }

    /// The transaction that staged the rows of these messages is committed.
    pub(super) fn commit(&mut self, messages: Range<u32>) {
        for at in 0..self.staged.len() {
            let mut row = self.staged[at];
            if !messages.contains(&row.message) {
                continue;
            }
            match self.reading {
                Reading::Log => {
                    self.logged += 1;
                    row.place = self.logged;
                }
                Reading::Snapshot => row.place = row.message + 1,
                Reading::Cursor | Reading::GapWait(_) | Reading::Unsent => {}
            }
            // Nobody will ask for it (R138).
            if self.reading != Reading::Unsent && row.place <= self.position {
                continue;
            }
            let at = self.rows.partition_point(|other| other.place < row.place);
            self.rows.insert(at, row);
        }
        self.undo(messages);
    }

    /// The transaction that staged the rows of these messages is undone. Their ids are gone for good.
    pub(super) fn undo(&mut self, messages: Range<u32>) {
        self.staged.retain(|row| !messages.contains(&row.message));
    }

    /// A row is marked as sent. False if it was not there.
    pub(super) fn mark(&mut self, message: u32) -> bool {
        match self.rows.iter().position(|row| row.message == message) {
            Some(at) => self.rows.remove(at).is_some(),
            None => false,
        }
    }

    /// A row that was marked is kept for a while.
    pub(super) fn keep(&mut self, marked: Instant) {
        self.sent.push_back(marked);
    }

    /// Deletes what was marked at that moment or before. Returns how many rows.
    pub(super) fn clean(&mut self, until: Instant) -> u32 {
        let mut deleted = 0;
        while self.sent.front().is_some_and(|&marked| marked <= until) {
            self.sent.pop_front();
            deleted += 1;
        }
        deleted
    }

    /// Everything up to that place counts as read.
    pub(super) fn save_position(&mut self, place: u32) {
        self.position = self.position.max(place);
        while self.rows.front().is_some_and(|row| row.place <= self.position) {
            self.rows.pop_front();
        }
    }

    /// Locks the row of that message.
    pub(super) fn lock(&mut self, message: u32, relay: u8) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.message == message) {
            row.locked_by = Some(relay);
        }
    }

    /// The relay lets go what it has locked, or of that the row of one message.
    pub(super) fn unlock(&mut self, relay: u8, only: Option<u32>) {
        let its = |row: &&mut Row| {
            row.locked_by == Some(relay) && only.is_none_or(|message| row.message == message)
        };
        self.rows.iter_mut().filter(its).for_each(|row| row.locked_by = None);
    }
}

impl Outbox {
    /// Where rows are marked, only their order counts; where a position is kept, so do the numbers.
    pub(super) fn shape(&self, shape: &mut Shape) {
        let Outbox { reading, ids, logged, staged, rows, position, sent: _ } = self;
        let mut places: Vec<u32> = staged.iter().chain(rows).map(|row| row.place).collect();
        places.sort_unstable();
        let counted = *reading != Reading::Unsent;
        shape.word((staged.len() as u64) << 32 | rows.len() as u64);
        for Row { place, message, key, locked_by } in staged.iter().chain(rows) {
            let rank = places.partition_point(|other| other < place) as u64;
            shape.word(if counted { u64::from(*place) } else { rank });
            shape.word(u64::from(*key));
            shape.message(*message);
            shape.maybe(locked_by.map(u64::from));
        }
        if counted {
            [ids, logged, position].into_iter().for_each(|&word| shape.word(u64::from(word)));
        }
    }
}
