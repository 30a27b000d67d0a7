//! What becomes of a message that a service could not send? The dead-letter table of its database: written in the
//! transaction of the unit of work (R168), reviewed, mended, replayed or discarded by an operator (R169).
//!
//! A replay publishes the message, waits for the confirmation, and removes the row. In between, everything can go
//! wrong as it can for a relay, and then the row is still there: replaying is at-least-once, too (R170).

use super::command::{Amount, Letters};
use super::event::Event;
use super::record::{Kind, Why};
use super::world::World;
use crate::fault::point::{ActorId, Step};
use crate::sim::chunked::Chunked;
use crate::sim::shape::Shape;
use std::collections::VecDeque;
use std::ops::Range;

/// What a dead-letter row is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LetterState {
    /// Written in a transaction that is still open.
    Staged,
    /// There, for the operator.
    Waiting,
    /// Undone with its transaction.
    RolledBack,
    /// Removed: the message was sent again, and confirmed.
    Replayed,
    /// Removed: the operator threw it away.
    Discarded,
}

/// A row of the dead-letter table, or what is known of one that was removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DeadLetter {
    /// The message.
    pub message: u32,
    /// The error: why it could not be sent. After a replay that failed, why that did.
    pub why: Why,
    /// What became of the row.
    pub state: LetterState,
    /// How often it was handed to the wire, before it was parked and since.
    pub attempts: u32,
    /// How often it was replayed in vain.
    pub failures: u32,
    /// Whether it cannot be serialized as it is.
    pub unreadable: bool,
    /// Whether it was edited.
    pub edited: bool,
    /// What its amount says since it was edited; none: what it should say.
    pub amount: Option<Amount>,
}

/// What is done with the first of the rows that are to be replayed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Doing {
    Sending,
    /// By the number of the wait.
    Awaiting(u32),
    Removing,
}

/// The dead-letter table of a service, and the replays in hand.
#[derive(Clone, Debug, Default)]
pub struct DeadLetters {
    /// Disk. Every row that was ever written, so that a number stays a row's own.
    rows: Chunked<DeadLetter>,
    /// Memory: places of rows to be replayed, and what is done with the first.
    replays: VecDeque<u32>,
    doing: Option<Doing>,
    /// What was written into rows by hand, in order: the records of edits count these.
    edits: Chunked<Option<Amount>>,
}

impl DeadLetters {
    /// Every row that was ever written, oldest first; the first has the number 1.
    pub fn rows(&self) -> &Chunked<DeadLetter> {
        &self.rows
    }

    /// What was written by hand in the edit of that number; none: what it should have said.
    pub fn edit(&self, number: u16) -> Option<Amount> {
        self.edits.get(number as usize).copied().flatten()
    }

    /// Whether any row waits that is not being replayed.
    pub fn any_waiting(&self) -> bool {
        self.meant(Letters::All).next().is_some()
    }

    /// Whether the row of that number is being replayed, or is about to be.
    pub fn is_replaying(&self, number: u32) -> bool {
        self.replays.iter().any(|&place| place + 1 == number)
    }

    /// Whether the row of that number, counted from 1, is there and nobody replays it: an operator can act on it.
    pub fn waits(&self, number: u32) -> bool {
        self.meant(Letters::One(number)).next().is_some()
    }

    pub(super) fn write(&mut self, message: u32, why: Why, attempts: u32, committed: bool) {
        let state = if committed { LetterState::Waiting } else { LetterState::Staged };
        let unreadable = why == Why::Serialization;
        let (edited, amount) = (false, None);
        self.rows.push(DeadLetter { message, why, state, attempts, failures: 0, unreadable, edited, amount });
    }

    /// The transaction that staged so many rows of these messages is committed.
    pub(super) fn commit(&mut self, messages: Range<u32>, rows: u32) {
        self.settle(messages, rows, LetterState::Waiting);
    }

    /// It is undone.
    pub(super) fn roll_back(&mut self, messages: Range<u32>, rows: u32) {
        self.settle(messages, rows, LetterState::RolledBack);
    }

    fn settle(&mut self, messages: Range<u32>, rows: u32, state: LetterState) {
        let staged = |row: &DeadLetter| row.state == LetterState::Staged && messages.contains(&row.message);
        let of_it = |place: &usize| self.rows.get(*place).is_some_and(staged);
        // Rows are written as the work goes on, so those of a transaction stand near the end.
        let places: Vec<usize> = (0..self.rows.len()).rev().filter(of_it).take(rows as usize).collect();
        for place in places {
            if let Some(row) = self.rows.get_mut(place) {
                row.state = state;
            }
        }
    }

    /// The wait that a replay is in, and the message whose confirmation it waits for.
    pub(super) fn awaited(&self) -> Option<(u32, u32)> {
        match self.doing? {
            Doing::Awaiting(wait) => Some((wait, self.in_hand()?.message)),
            _ => None,
        }
    }

    /// A crash: whoever was at it is gone, the rows are not. Whether a wait is over by that.
    pub(super) fn forget_replays(&mut self) -> bool {
        self.replays.clear();
        matches!(self.doing.take(), Some(Doing::Awaiting(_)))
    }

    fn in_hand(&self) -> Option<&DeadLetter> {
        self.rows.get(*self.replays.front()? as usize)
    }

    fn row(&mut self, place: u32) -> Option<&mut DeadLetter> {
        self.rows.get_mut(place as usize)
    }

    /// The places of the rows that are meant, of those that wait and are not being replayed.
    fn meant(&self, which: Letters) -> impl Iterator<Item = u32> + '_ {
        let rows = self.rows.len() as u32;
        let places = match which {
            Letters::All => 0..rows,
            Letters::One(number) => number.saturating_sub(1)..number.min(rows),
        };
        let waits =
            |place: &u32| self.rows.get(*place as usize).is_some_and(|row| row.state == LetterState::Waiting);
        places.filter(waits).filter(|place| !self.replays.contains(place))
    }
}

impl World {
    fn letters(&mut self, index: u8) -> &mut DeadLetters {
        &mut self.services[index as usize].letters
    }

    /// Whether the service can do something with those dead letters now; if not, that is said of each.
    fn able_to_answer(&mut self, actor: ActorId, places: &[u32]) -> bool {
        let why = match (self.is_up(actor), self.database_answers(actor)) {
            (true, true) => return true,
            (false, _) => Why::Crash,
            (true, false) => Why::Database,
        };
        for &place in places {
            if let Some(row) = self.letters(actor.0).row(place).copied() {
                self.record(Kind::ReplayFailed, actor, row.message, why.code());
            }
        }
        false
    }

    #[inline(never)]
    pub(super) fn replay_by_hand(&mut self, actor: ActorId, which: Letters) {
        let Some(state) = self.services.get(actor.0 as usize) else { return };
        let places: Vec<u32> = state.letters.meant(which).collect();
        if !self.able_to_answer(actor, &places) {
            return;
        }
        for place in places {
            let Some(message) = self.letters(actor.0).row(place).map(|row| row.message) else { continue };
            self.cause = self.record(Kind::ReplayAsked, actor, message, 0);
            self.letters(actor.0).replays.push_back(place);
        }
        if self.letters(actor.0).doing.is_none() {
            self.next_replay(actor.0);
        }
    }

    pub(super) fn edit_by_hand(&mut self, actor: ActorId, which: Letters, to: Option<Amount>) {
        let Some(edits) = self.services.get_mut(actor.0 as usize).map(|state| &mut state.letters.edits)
        else {
            return;
        };
        let number = u16::try_from(edits.len()).unwrap_or(u16::MAX);
        edits.push(to);
        self.change_by_hand(actor, which, (Kind::LetterEdited, number), |row| {
            row.edited = true;
            row.amount = to;
            row.unreadable = to.is_some_and(|amount| !amount.is_number());
        });
    }

    pub(super) fn discard_by_hand(&mut self, actor: ActorId, which: Letters) {
        let discard = |row: &mut DeadLetter| row.state = LetterState::Discarded;
        self.change_by_hand(actor, which, (Kind::LetterDiscarded, 0), discard);
    }

    #[inline(never)]
    fn change_by_hand(
        &mut self,
        actor: ActorId,
        which: Letters,
        (kind, other): (Kind, u16),
        change: impl Fn(&mut DeadLetter),
    ) {
        let Some(state) = self.services.get(actor.0 as usize) else { return };
        // It is the database that is asked: whether the service is up does not matter.
        if !self.database_answers(actor) {
            return;
        }
        for place in state.letters.meant(which).collect::<Vec<u32>>() {
            if let Some(row) = self.letters(actor.0).row(place) {
                change(row);
                let message = row.message;
                self.record(kind, actor, message, other);
            }
        }
    }

    fn next_replay(&mut self, index: u8) {
        let letters = self.letters(index);
        letters.doing = letters.replays.front().map(|_| Doing::Sending);
        self.replay_goes_on(index);
    }

    fn replay_goes_on(&mut self, index: u8) {
        if self.letters(index).doing.is_some() {
            let span = self.services[index as usize].work(&self.setup.services[index as usize]);
            let epoch = self.epoch(self.cast.service(index));
            self.schedule_in(span, Event::ReplayStep { service: index, late: false, epoch });
        }
    }

    pub(super) fn replay_steps(&mut self, index: u8, late: bool, epoch: u32) {
        let actor = self.cast.service(index);
        if self.epoch(actor) != epoch {
            return;
        }
        let again = Event::ReplayStep { service: index, late: true, epoch };
        match self.letters(index).doing {
            Some(Doing::Sending) => {
                self.take_step(actor, Step::Replay, late, again, |world, _| world.replay_sends(index, actor));
            }
            Some(Doing::Removing) => {
                self.take_step(actor, Step::Remove, late, again, |world, _| {
                    world.replay_removes(index, actor)
                });
            }
            Some(Doing::Awaiting(_)) | None => {}
        }
    }

    #[inline(never)]
    fn replay_sends(&mut self, index: u8, actor: ActorId) {
        let Some(row) = self.letters(index).in_hand().copied() else { return };
        if self.database_down[actor.0 as usize] {
            return self.replay_failed(index, Why::Database);
        }
        if row.unreadable {
            return self.replay_failed(index, Why::Serialization);
        }
        self.cause = self.send_message(index, row.message, row.attempts);
        let letters = self.letters(index);
        if let Some(row) = letters.replays.front().copied().and_then(|place| letters.row(place)) {
            row.attempts += 1;
        }
        match self.wait_for_word(index) {
            Some(wait) => self.letters(index).doing = Some(Doing::Awaiting(wait)),
            None => self.replay_confirmed(index),
        }
    }

    /// The broker has the message: now the row can go.
    pub(super) fn replay_confirmed(&mut self, index: u8) {
        self.letters(index).doing = Some(Doing::Removing);
        self.replay_goes_on(index);
    }

    #[inline(never)]
    fn replay_removes(&mut self, index: u8, actor: ActorId) {
        if self.database_down[actor.0 as usize] {
            return self.replay_failed(index, Why::Database);
        }
        let letters = self.letters(index);
        if let Some(row) = letters.replays.pop_front().and_then(|place| letters.row(place)) {
            row.state = LetterState::Replayed;
            let message = row.message;
            self.cause = self.record(Kind::LetterRemoved, actor, message, 0);
        }
        self.next_replay(index);
    }

    /// The row stays, with the new error, and the next one gets its own try.
    pub(super) fn replay_failed(&mut self, index: u8, why: Why) {
        let letters = self.letters(index);
        if let Some(row) = letters.replays.pop_front().and_then(|place| letters.row(place)) {
            row.failures += 1;
            row.why = why;
            let message = row.message;
            self.cause = self.record(Kind::ReplayFailed, self.cast.service(index), message, why.code());
        }
        self.next_replay(index);
    }
}

impl DeadLetters {
    pub(super) fn shape(&self, shape: &mut Shape) {
        // What an amount says is shown; what follows from it is whether the message can be read.
        let DeadLetters { rows, replays, doing, edits: _ } = self;
        shape.word(rows.len() as u64);
        for row in rows.iter() {
            let DeadLetter {
                message,
                why,
                state,
                attempts: _,
                failures: _,
                unreadable,
                edited: _,
                amount: _,
            } = *row;
            shape.message(message);
            shape.word(state as u64 | u64::from(unreadable) << 8 | u64::from(why.code()) << 16);
        }
        shape.word(replays.len() as u64);
        replays.iter().for_each(|&place| shape.word(u64::from(place)));
        shape.word(match doing {
            None => 0,
            Some(Doing::Sending) => 1,
            Some(Doing::Awaiting(_)) => 2,
            Some(Doing::Removing) => 3,
        });
    }
}
