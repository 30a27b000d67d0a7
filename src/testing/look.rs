//! What is there to be seen at one moment? Tables, outboxes, inboxes, queues, who is up.

use super::wrong::{PromiseName, Wrong};
use crate::broker::command::Placed;
use crate::broker::setup::Role;
use crate::check::finding::Counts;
use crate::check::ledger::Ledger;
use crate::check::promise::PromiseState;
use crate::fault::point::ActorId;
use crate::scenario::nearest::unknown;
use crate::scene::story;
use crate::scene::tables::{Row, TableKind, tables};
use crate::timeline::moment::Moment;
use crate::timeline::run::MAX_STEPS;
use std::sync::Arc;
use std::time::Duration;

/// The run at one moment, right after a step. Rows and messages are named as people see them: `2 lamp`,
/// `2 order placed`; orders are counted from 1.
///
/// ```
/// use brokerlab::testing::*;
///
/// # fn main() -> Result<(), Wrong> {
/// let run = Case::named("outbox-relay-crash")?.run();
/// let down = run.first(|look| look.is_up("relay") == Ok(false)).expect("the relay crashes");
///
/// // The row is sent already, and not marked: it will be sent again.
/// let waiting = |row: &Row| row.state == RowState::Waits || row.state == RowState::Sending;
/// assert!(down.outbox("orders")?.iter().any(waiting), "{}", down.sentence());
/// assert_eq!(down.verdict().duplicates, 0);
///
/// let end = run.end();
/// assert!(end.queue("mails")?.is_empty());
/// assert_eq!(end.table("mail")?.len(), 6, "five orders, one of them twice");
/// assert!(down.time() < end.time());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Look {
    moment: Moment,
    /// What is done by hand in its run.
    commands: Arc<[Placed]>,
}

/// What a queue holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Messages {
    /// What waits, the next one first.
    pub ready: Vec<String>,
    /// What is out with a consumer and neither acknowledged nor deleted.
    pub out: Vec<String>,
    /// What a polled queue does not show yet.
    pub delayed: Vec<String>,
    /// What the queue has set aside.
    pub parked: Vec<String>,
}

impl Messages {
    /// How many messages there are in all, besides those set aside.
    pub fn len(&self) -> usize {
        self.ready.len() + self.out.len() + self.delayed.len()
    }

    /// Whether there is none, besides those set aside.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Look {
    pub(super) fn at(moment: Moment, commands: Arc<[Placed]>) -> Look {
        Look { moment, commands }
    }

    /// One step later; none at the end of the run.
    pub fn next(&self) -> Option<Look> {
        let mut next = self.clone();
        (next.step() < MAX_STEPS && next.moment.advance(&next.commands)).then_some(next)
    }

    /// How many steps the run has done.
    pub fn step(&self) -> u32 {
        self.moment.step()
    }

    /// The moment of the last step, in virtual time.
    pub fn time(&self) -> Duration {
        Duration::from_micros(self.moment.now().0)
    }

    /// What happened in the last step, in a sentence; empty at the start.
    pub fn sentence(&self) -> String {
        let step = self.step();
        story::lines(&self.moment.world, &self.moment.ledger, step, step)
            .pop()
            .map_or(String::new(), |line| line.text)
    }

    /// How many findings of each kind the judge has so far.
    pub fn verdict(&self) -> Counts {
        self.moment.ledger.counts()
    }

    /// How a promise stands so far.
    ///
    /// # Errors
    /// There is no promise of that name.
    pub fn promise(&self, promise: impl PromiseName) -> Result<PromiseState, Wrong> {
        Ok(promise.promise()?.state(&self.moment.ledger))
    }

    /// Whether that party is up: a service, a relay, the broker, a consumer or one of its workers (`mail-2`). A consumer
    /// is up if any of its workers is.
    ///
    /// # Errors
    /// There is no party of that name.
    pub fn is_up(&self, party: &str) -> Result<bool, Wrong> {
        Ok(self.actors(party)?.into_iter().any(|actor| self.moment.world.is_up(actor)))
    }

    /// The rows of a service's table or a consumer's effects, oldest first, also those of open transactions and those that
    /// were rolled back (see [`Row::state`]). Of a very long run the latest only.
    ///
    /// # Errors
    /// There is no service and no consumer of that name.
    pub fn table(&self, party: &str) -> Result<Vec<Row>, Wrong> {
        self.rows(party, TableKind::Business, "table")
    }

    /// The rows of a service's outbox, oldest first, also those that are sent. Of a very long run the latest only.
    ///
    /// # Errors
    /// There is no service of that name, or it has no outbox.
    pub fn outbox(&self, service: &str) -> Result<Vec<Row>, Wrong> {
        self.rows(service, TableKind::Outbox, "outbox")
    }

    /// The rows of a consumer's inbox, oldest first. Of a very long run the latest only.
    ///
    /// # Errors
    /// There is no consumer of that name, or it has no inbox.
    pub fn inbox(&self, consumer: &str) -> Result<Vec<Row>, Wrong> {
        self.rows(consumer, TableKind::Inbox, "inbox")
    }

    /// The rows of a service's dead-letter table, oldest first. Of a very long run the latest only.
    ///
    /// # Errors
    /// There is no service of that name, or it has no such table.
    pub fn dead_letters(&self, service: &str) -> Result<Vec<Row>, Wrong> {
        self.rows(service, TableKind::DeadLetters, "dead-letter table")
    }

    /// What a queue holds.
    ///
    /// # Errors
    /// There is no queue of that name.
    pub fn queue(&self, name: &str) -> Result<Messages, Wrong> {
        let world = &self.moment.world;
        let queues = &world.setup().queues;
        let named = || queues.iter().filter(|queue| !queue.door).map(|queue| queue.name.as_str());
        let index = queues
            .iter()
            .position(|queue| !queue.door && queue.name == name)
            .ok_or_else(|| Wrong(unknown("queue", name, "queues here", &named().collect::<Vec<_>>())))?
            as u8;
        let label = |message: u32| {
            let Some(found) = world.message(message) else { return String::new() };
            let kind = &world.setup().services[usize::from(found.service)].messages[usize::from(found.kind)];
            format!("{} {}", u64::from(found.order) + 1, kind.name)
        };
        let queue = world.queue(index);
        let pushed = world.takers(index).iter().flat_map(|&worker| world.connection(worker).unacked());
        let polled = queue.polled().in_flight().filter(|held| !held.is_deleted());
        let out = pushed.map(|out| out.stored.message).chain(polled.map(|held| held.stored.message));
        Ok(Messages {
            ready: queue.ready().iter().map(|stored| label(stored.message)).collect(),
            out: out.map(label).collect(),
            delayed: queue.polled().delayed().map(|waits| label(waits.stored.message)).collect(),
            parked: queue.parked().into_iter().map(label).collect(),
        })
    }

    /// The judge's account so far: for what this type does not answer.
    pub fn ledger(&self) -> &Ledger {
        &self.moment.ledger
    }

    fn rows(&self, party: &str, kind: TableKind, what: &str) -> Result<Vec<Row>, Wrong> {
        let actors = self.actors(party)?;
        let mut rows = Vec::new();
        let mut has = false;
        // Whatever its length: nothing is drawn here.
        let whole = vec![usize::MAX; self.moment.world.cast().actors.len()];
        let all = tables(&self.moment.world, &self.moment.ledger, &whole);
        for actor in actors {
            for table in
                all.get(usize::from(actor.0)).into_iter().flatten().filter(|table| table.kind == kind)
            {
                has = true;
                rows.extend(table.rows.iter().cloned());
            }
        }
        if has { Ok(rows) } else { Err(Wrong(format!("`{party}` has no {what}"))) }
    }

    /// The party of that name; of a consumer with several workers all of them.
    fn actors(&self, name: &str) -> Result<Vec<ActorId>, Wrong> {
        let (cast, setup) = (self.moment.world.cast(), self.moment.world.setup());
        if let Some(actor) = cast.find(name) {
            return Ok(vec![actor]);
        }
        if let Some(consumer) = setup.consumers.iter().position(|consumer| consumer.name == name) {
            let ids = (0..cast.actors.len() as u8).map(ActorId);
            return Ok(ids
                .filter(|&id| matches!(cast.role(id), Role::Worker(of, _) if usize::from(of) == consumer))
                .collect());
        }
        let known: Vec<&str> = cast.actors.iter().map(|actor| actor.name.as_str()).collect();
        Err(Wrong(unknown("party", name, "parties here", &known)))
    }
}
