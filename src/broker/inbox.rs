//! What stands in a consumer's inbox? Ids of messages that were dealt with (R150), for a while (R156), or the
//! messages themselves, stored before they are acknowledged and worked on from there (R149).

use super::consumer::{InHand, RETRY_KEY};
use super::edited::Edited;
use super::event::Event;
use super::record::{Kind, Why};
use super::world::World;
use crate::fault::point::Step;
use crate::sim::chunked::Chunked;
use crate::sim::shape::Shape;
use crate::sim::time::{Instant, Span};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What a consumer keeps of messages in its database.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Inbox {
    /// Nothing: it cannot know a repeat.
    None,
    /// The ids, each in the transaction of the effect (R150).
    Ids,
    /// The ids, each committed before the effect: a crash in between loses the effect (R153).
    IdThenEffect,
    /// The ids, each committed after the effect: a crash in between applies the effect twice (R153).
    EffectThenId,
    /// The messages: stored, acknowledged, and worked on from the table (R149).
    StoreFirst,
    /// The ids, each in the transaction of the effect, but written last: who finds the id taken has done the work in
    /// vain, and undoes it (R152).
    IdsLast,
    /// Nothing, and it needs nothing: its effect sets a value, and to set it again changes nothing (R158).
    NotNeeded,
}

impl Inbox {
    /// Whether there is a table.
    pub fn is_kept(self) -> bool {
        !matches!(self, Inbox::None | Inbox::NotNeeded)
    }

    /// Whether id and effect are one transaction.
    pub fn is_one_transaction(self) -> bool {
        matches!(self, Inbox::Ids | Inbox::IdsLast)
    }
}

/// How long a worker rests when the work on a stored message has failed.
const REST: Span = Span::from_millis(25 * RETRY_KEY.0 / 1_000);

/// What a worker does with a message, from its receipt to the end (without the acknowledgement).
pub const fn work(inbox: Inbox) -> &'static [Step] {
    match inbox {
        Inbox::None | Inbox::NotNeeded => &[Step::Apply],
        Inbox::IdsLast => &[Step::Begin, Step::Apply, Step::WriteInbox, Step::Commit],
        Inbox::Ids => &[Step::Begin, Step::WriteInbox, Step::Apply, Step::Commit],
        Inbox::IdThenEffect => &[Step::Begin, Step::WriteInbox, Step::Commit, Step::Apply],
        Inbox::EffectThenId => &[Step::CheckInbox, Step::Apply, Step::WriteInbox],
        Inbox::StoreFirst => &[Step::WriteInbox],
    }
}

/// What it does with a message that it has stored.
pub const STORED_WORK: &[Step] = &[Step::Begin, Step::Apply, Step::Commit];

/// By what an inbox knows a repeat (R157).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum InboxKey {
    /// The id of the message: what its producer sends under another id is another message.
    #[default]
    MessageId,
    /// A key of the business, like the id of a payment: it is the same whatever id the message has.
    BusinessKey,
}

/// The id of a message, as its producer gave it: the message, and which of its ids.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct MessageId {
    message: u32,
    id: u8,
}

impl MessageId {
    /// The first id of that message, and the only one where its producer makes it once.
    pub const fn of(message: u32) -> MessageId {
        MessageId { message, id: 0 }
    }

    /// Which of the ids of its message it is, from 0 on.
    pub const fn which(self) -> u8 {
        self.id
    }
}

/// A stored message in a worker's hands: memory, gone in a crash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Job {
    /// The message.
    pub message: u32,
    /// What an operator made of it.
    pub(super) edited: Edited,
    /// The step that comes next with it.
    pub next: Step,
}

/// A consumer's database, shared by its workers: disk, kept in a crash.
#[derive(Clone, Debug, Default)]
pub struct ConsumerDb {
    /// The messages whose first id is known: one bit a message.
    inbox: Chunked<u64>,
    /// Other ids that are known.
    others: Vec<MessageId>,
    /// All of them with the moment, oldest first, where ids are forgotten after a while.
    since: VecDeque<(Instant, MessageId)>,
    /// Ids staged in open transactions, with the worker.
    pub(super) open: Vec<(u8, MessageId)>,
    /// Stored messages that are not done, oldest first, with the worker that has one in hand.
    stored: VecDeque<(u32, Edited, Option<u8>)>,
    pub(super) applied: u32,
}

impl ConsumerDb {
    /// Whether the inbox holds that id.
    pub fn knows(&self, id: MessageId) -> bool {
        let MessageId { message, id: other } = id;
        match other {
            0 => self.inbox.get(message as usize / 64).is_some_and(|bits| bits >> (message % 64) & 1 == 1),
            _ => self.others.contains(&id),
        }
    }

    /// How many effects were applied.
    pub fn applied(&self) -> u32 {
        self.applied
    }

    /// The stored messages that are not done, oldest first.
    pub fn stored(&self) -> impl Iterator<Item = u32> + '_ {
        self.stored.iter().map(|&(message, ..)| message)
    }

    pub(super) fn remember(&mut self, id: MessageId, now: Instant, window: Option<Span>) {
        self.set(id, true);
        if window.is_some() {
            self.since.push_back((now, id));
        }
    }

    fn set(&mut self, id: MessageId, known: bool) {
        let MessageId { message, id: other } = id;
        if other != 0 {
            self.others.retain(|&old| old != id);
            self.others.extend(known.then_some(id));
            return;
        }
        while self.inbox.len() <= message as usize / 64 {
            self.inbox.push(0);
        }
        if let Some(bits) = self.inbox.get_mut(message as usize / 64) {
            *bits = *bits & !(1 << (message % 64)) | u64::from(known) << (message % 64);
        }
    }

    /// Forgets the oldest id if it is older than the window.
    #[inline(never)]
    fn forget(&mut self, now: Instant, window: Span) -> Option<u32> {
        let (since, id) = *self.since.front()?;
        if since + window > now {
            return None;
        }
        self.since.pop_front();
        self.set(id, false);
        Some(id.message)
    }

    fn take_up(&mut self, worker: u8) -> Option<(u32, Edited)> {
        let row = self.stored.iter_mut().find(|(.., by)| by.is_none())?;
        row.2 = Some(worker);
        Some((row.0, row.1))
    }

    fn let_go(&mut self, worker: u8) {
        self.stored.iter_mut().filter(|(.., by)| *by == Some(worker)).for_each(|row| row.2 = None);
    }
}

impl World {
    /// What the inbox would keep of that delivery.
    pub(super) fn id_in_inbox(&self, worker: u8, delivery: InHand) -> MessageId {
        let id = match self.consumer_of(worker).inbox_key {
            InboxKey::MessageId => delivery.form.id,
            InboxKey::BusinessKey => 0,
        };
        MessageId { message: delivery.message, id }
    }

    /// Before it looks into its inbox, a consumer forgets what is too old.
    pub(super) fn forget_old_ids(&mut self, worker: u8) {
        let Some(window) = self.consumer_of(worker).window else { return };
        let (now, actor) = (self.now, self.worker_actor(worker));
        while let Some(message) = self.database_of(worker).forget(now, window) {
            self.record(Kind::Forgot, actor, message, 0);
        }
    }

    /// The message is a row of the inbox.
    pub(super) fn store(&mut self, worker: u8, id: MessageId, edited: Edited) {
        let message = id.message;
        let (now, window) = (self.now, self.consumer_of(worker).window);
        let database = self.database_of(worker);
        database.remember(id, now, window);
        database.stored.push_back((message, edited, None));
        self.cause = self.record(Kind::Stored, self.worker_actor(worker), message, 0);
        self.worker_looks_into_inbox(worker);
    }

    /// The worker takes up the oldest message that nobody has in hand.
    pub(super) fn worker_looks_into_inbox(&mut self, worker: u8) {
        let state = &self.workers[worker as usize];
        if self.consumer_of(worker).inbox != Inbox::StoreFirst || state.job.is_some() || state.rests {
            return;
        }
        if let Some((message, edited)) = self.database_of(worker).take_up(worker) {
            self.job_goes_on(worker, Job { message, edited, next: Step::Begin });
        }
    }

    fn job_goes_on(&mut self, worker: u8, job: Job) {
        let spec = self.consumer_of(worker);
        let takes = if job.next == Step::Apply { spec.handler } else { spec.step };
        let epoch = self.epoch(self.worker_actor(worker));
        let state = &mut self.workers[worker as usize];
        state.job = Some(job);
        let span = state.work.span(takes);
        self.schedule_in(span, Event::InboxStep { worker, late: false, epoch });
    }

    pub(super) fn inbox_steps(&mut self, worker: u8, late: bool, epoch: u32) {
        let actor = self.worker_actor(worker);
        if self.epoch(actor) != epoch {
            return;
        }
        let Some(job) = self.workers[worker as usize].job else {
            self.workers[worker as usize].rests = false;
            return self.worker_looks_into_inbox(worker);
        };
        let again = Event::InboxStep { worker, late: true, epoch };
        self.take_step(actor, job.next, late, again, |world, fails| world.do_job(worker, job, fails));
    }

    #[inline(never)]
    fn do_job(&mut self, worker: u8, job: Job, fails: bool) {
        let (actor, message) = (self.worker_actor(worker), job.message);
        let fails =
            fails || (self.any_bad && job.next == Step::Apply && self.cannot_be_handled(message, job.edited));
        if self.database_down[actor.0 as usize] {
            return self.job_failed(worker, message, Why::Database);
        }
        match job.next {
            Step::Begin => {
                self.cause = self.record(Kind::Began, actor, message, 0);
                self.job_goes_on(worker, Job { next: Step::Apply, ..job });
            }
            Step::Apply if fails => self.job_failed(worker, message, Why::Handler),
            Step::Apply => {
                self.cause = self.record(Kind::Staged, actor, message, 0);
                self.job_goes_on(worker, Job { next: Step::Commit, ..job });
            }
            _ if fails => self.job_failed(worker, message, Why::CommitFailed),
            _ => {
                let consumer = self.workers[worker as usize].consumer();
                self.cause = self.record(Kind::Applied, actor, message, u16::from(consumer));
                let database = self.database_of(worker);
                database.applied += 1;
                database.stored.retain(|&(.., by)| by != Some(worker));
                self.workers[worker as usize].job = None;
                self.worker_looks_into_inbox(worker);
            }
        }
    }

    /// Nothing happened: the row waits again, and the worker rests a little.
    fn job_failed(&mut self, worker: u8, message: u32, why: Why) {
        let actor = self.worker_actor(worker);
        self.cause = self.record(Kind::PutBack, actor, message, why.code());
        self.database_of(worker).let_go(worker);
        let state = &mut self.workers[worker as usize];
        (state.job, state.rests) = (None, true);
        let epoch = self.epoch(actor);
        self.schedule_in(REST, Event::InboxStep { worker, late: true, epoch });
    }

    /// The worker is gone: what it had taken up waits again, and a colleague who has nothing to do takes it up. So
    /// also where it only rested after a failure: nobody else may ever look.
    pub(super) fn job_crashed(&mut self, worker: u8) {
        let actor = self.worker_actor(worker);
        self.database_of(worker).let_go(worker);
        let state = &mut self.workers[worker as usize];
        state.rests = false;
        let (consumer, before) = (state.consumer(), self.cause);
        if let Some(job) = state.job.take() {
            self.cause = self.record(Kind::PutBack, actor, job.message, Why::Crash.code());
        }
        for colleague in 0..self.workers.len() as u8 {
            if self.workers[colleague as usize].consumer() == consumer
                && self.is_up(self.worker_actor(colleague))
            {
                self.worker_looks_into_inbox(colleague);
            }
        }
        self.cause = before;
    }
}

impl ConsumerDb {
    /// What it knows of that message.
    pub(super) fn shape_of_message(&self, shape: &mut Shape, message: u32) {
        let mut others: Vec<u8> =
            self.others.iter().filter(|other| other.message == message).map(|other| other.id).collect();
        others.sort_unstable();
        let known = u64::from(self.knows(MessageId::of(message)));
        shape.word((others.len() as u64) << 1 | known);
        others.into_iter().for_each(|id| shape.word(u64::from(id)));
    }

    /// Without what it knows of messages that are over: see [`World::shape_of_messages`].
    pub(super) fn shape(&self, shape: &mut Shape) {
        let ConsumerDb { inbox: _, others: _, since, open, stored, applied: _ } = self;
        shape.word(since.len() as u64);
        for &(at, MessageId { message, id }) in since {
            shape.at(at);
            shape.word(u64::from(id) << 32 | u64::from(message));
        }
        shape.word(open.len() as u64);
        for &(worker, MessageId { message, id }) in open {
            shape.word(u64::from(id) << 8 | u64::from(worker));
            shape.message(message);
        }
        shape.word(stored.len() as u64);
        for &(message, edited, worker) in stored {
            shape.maybe(worker.map(u64::from));
            shape.word(edited as u64);
            shape.message(message);
        }
    }
}
