//! What stands in the tables? Rows as a learner sees them (also those that were rolled back), read off the
//! last stretch of the history.

use super::names;
use crate::broker::record::{Kind, NONE, Record};
use crate::broker::setup::{InboxKey, Locking, Publishing, Reading, Relay, Role, SentRows};
use crate::broker::world::World;
use crate::check::finding::{Finding, Verdict};
use crate::check::ledger::Ledger;
use crate::fault::point::{ActorId, PacketKind};
use crate::words::tables as say;

/// How many records back a table looks. Rows older than that are only counted.
const WINDOW: usize = 6000;

/// How many findings back rows are checked against: more than a table holds rows.
const MOST_VERDICTS: usize = 200;

/// The state of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RowState {
    /// In an open transaction: only that transaction sees it.
    Staged,
    /// Committed.
    Committed,
    /// Undone.
    RolledBack,
    /// An outbox row that is committed and not marked as sent.
    Waits,
    /// An outbox row that a relay has in hand; nothing keeps another from taking it, too.
    Sending,
    /// An outbox row that a relay has in hand and has locked: no other relay gets it.
    Locked,
    /// An outbox row that is marked as sent.
    Sent,
    /// An outbox row that no relay will ever ask for.
    PassedOver,
    /// An effect that was applied, or something a plain producer made: a fact that needs no word.
    Applied,
    /// A repeat that the inbox recognised: nothing was done.
    Skipped,
    /// A message in the collector: only in memory, not sent yet.
    Held,
    /// A dead-letter row that is there for the operator.
    Parked,
    /// A dead-letter row that was edited.
    Edited,
    /// A dead-letter row that the operator threw away.
    Discarded,
}

impl RowState {
    /// Every state, in the order of this list.
    pub const ALL: [RowState; 14] = [
        RowState::Staged,
        RowState::Committed,
        RowState::RolledBack,
        RowState::Waits,
        RowState::Sending,
        RowState::Locked,
        RowState::Sent,
        RowState::PassedOver,
        RowState::Applied,
        RowState::Skipped,
        RowState::Held,
        RowState::Parked,
        RowState::Edited,
        RowState::Discarded,
    ];

    /// The word beside the row.
    pub const fn word(self) -> &'static str {
        match self {
            RowState::Staged => say::STAGED,
            RowState::Committed => say::COMMITTED,
            RowState::RolledBack => say::ROLLED_BACK,
            RowState::Waits => say::WAITS,
            RowState::Sending => say::IN_HAND,
            RowState::Locked => say::LOCKED,
            RowState::Sent => say::SENT,
            RowState::PassedOver => say::MISSED,
            RowState::Applied => say::DONE,
            RowState::Skipped => say::SKIPPED,
            RowState::Held => say::HELD,
            RowState::Parked => say::PARKED,
            RowState::Edited => say::EDITED,
            RowState::Discarded => say::DISCARDED,
        }
    }
}

/// A row of a table.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Tells it from the other rows of its table: the place of the record that wrote it.
    pub id: u32,
    /// What it says.
    pub label: String,
    /// Its state.
    pub state: RowState,
    /// What is wrong with it, if something is.
    pub badge: Option<Verdict>,
    /// The order it is about.
    pub order: u32,
    /// The message it is about, or `record::NONE`.
    pub message: u32,
}

/// What a table holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TableKind {
    /// The rows of the business, or the effects of a consumer.
    Business,
    /// What is to be sent.
    Outbox,
    /// What could not be sent.
    DeadLetters,
    /// What is to be sent by the handler in hand: memory.
    Collector,
    /// What a consumer has seen.
    Inbox,
}

/// A table under its party.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// What it holds.
    pub kind: TableKind,
    /// Its title: `table orders`.
    pub title: String,
    /// Its last rows, the newest last.
    pub rows: Vec<Row>,
    /// How many older rows are not shown.
    pub earlier: u32,
}

impl Table {
    fn new(kind: TableKind, title: impl Into<String>) -> Table {
        Table { kind, title: title.into(), rows: Vec::new(), earlier: 0 }
    }

    fn row(&mut self, matches: impl Fn(&Row) -> bool) -> Option<&mut Row> {
        self.rows.iter_mut().rev().find(|row| matches(row))
    }

    /// Keeps the newest rows, so that the table fits.
    fn keep(&mut self, most: usize) {
        let over = self.rows.len().saturating_sub(most);
        self.rows.drain(..over);
        self.earlier += over as u32;
    }
}

/// All tables of all parties, in the order of the cast: those of services and of workers, with as many of the newest
/// rows as `fits` says for each party.
pub fn tables(world: &World, ledger: &Ledger, fits: &[usize]) -> Vec<Vec<Table>> {
    let cast = world.cast();
    let mut all: Vec<Vec<Table>> = (0..cast.actors.len() as u8).map(|id| empty(world, ActorId(id))).collect();
    let history = world.history();
    let start = history.len().saturating_sub(WINDOW);
    for (place, record) in (start as u32..).zip(history.iter_from(start)) {
        apply(world, &mut all, place, record);
    }
    for (index, relay) in world.setup().relays.iter().enumerate() {
        if let Some(outbox) = of_kind(&mut all[relay.service as usize], TableKind::Outbox) {
            show_position(world, relay, outbox);
        }
        let locked = relay.locking != Locking::None;
        for &message in world.relay(index as u8).in_hand() {
            if let Some(outbox) = of_kind(&mut all[relay.service as usize], TableKind::Outbox)
                && let Some(row) = outbox.row(|row| row.message == message && row.state == RowState::Waits)
            {
                row.state = if locked { RowState::Locked } else { RowState::Sending };
            }
        }
    }
    let verdicts: Vec<(u32, Verdict)> = (ledger.findings().rev().take(MOST_VERDICTS))
        .filter(|finding| {
            use Verdict::{Failed, HalfSent, Late, Lost, Stuck};
            matches!(finding.verdict, Lost | HalfSent | Stuck | Failed | Late)
        })
        .map(|finding| (finding.order, finding.verdict))
        .collect();
    for (actor, (tables, &fits)) in all.iter_mut().zip(fits).enumerate() {
        if fits == 0 {
            tables.clear();
        }
        // Only what is kept is looked at closely: there may be thousands before it.
        let repeats = match tables.first() {
            Some(effects) if !ledger.keeps_back() => repeats(&effects.rows, fits),
            _ => Vec::new(),
        };
        for (place, table) in tables.iter_mut().enumerate() {
            table.keep(fits);
            for row in &mut table.rows {
                let repeat = (place == 0 && repeats.contains(&row.id)).then_some(Verdict::Duplicate);
                row.badge = badge(world, ledger, &verdicts, ActorId(actor as u8), row).or(repeat);
            }
        }
    }
    all
}

fn empty(world: &World, actor: ActorId) -> Vec<Table> {
    let setup = world.setup();
    match world.cast().role(actor) {
        Role::Service(index) => {
            let service = &setup.services[index as usize];
            let nouns = names::plural(&service.noun);
            if !service.has_database() {
                return vec![Table::new(TableKind::Business, nouns)];
            }
            let mut tables = vec![Table::new(TableKind::Business, say::table(&nouns))];
            if service.has_outbox() {
                tables.push(Table::new(TableKind::Outbox, say::OUTBOX));
            }
            if service.has_dead_letters() {
                tables.push(Table::new(TableKind::DeadLetters, say::DEAD_LETTERS));
            }
            let collects = matches!(
                service.publishing,
                Publishing::CollectBeforeCommit | Publishing::CollectAfterCommit
            );
            // Beside one other table at most, so that both can be read.
            if collects && tables.len() == 1 {
                tables.push(Table::new(TableKind::Collector, say::IN_MEMORY));
            }
            tables
        }
        Role::Worker(consumer, _) => {
            let consumer = &setup.consumers[consumer as usize];
            let mut tables = vec![Table::new(TableKind::Business, consumer.effects.clone())];
            if consumer.inbox.is_kept() {
                tables.push(Table::new(TableKind::Inbox, say::INBOX));
            }
            tables
        }
        _ => Vec::new(),
    }
}

fn of_kind(tables: &mut [Table], kind: TableKind) -> Option<&mut Table> {
    tables.iter_mut().find(|table| table.kind == kind)
}

/// The last row about that message in the table of that kind gets that state.
fn set(tables: &mut [Table], kind: TableKind, message: u32, state: RowState) {
    if let Some(row) = of_kind(tables, kind).and_then(|table| table.row(|row| row.message == message)) {
        row.state = state;
    }
}

fn apply(world: &World, all: &mut [Vec<Table>], place: u32, record: &Record) {
    let tables = &mut all[record.actor.0 as usize];
    let service = matches!(world.cast().role(record.actor), Role::Service(_));
    let subject = record.subject;
    let order_row = |state| Row {
        id: place,
        label: names::row(world, subject),
        state,
        badge: None,
        order: subject,
        message: NONE,
    };
    let message_row = |state, label: String| {
        let order = world.message(subject).map_or(NONE, |message| message.order);
        Row { id: place, label, state, badge: None, order, message: subject }
    };
    let about = |message: u32| world.message(message).map_or(String::new(), |m| names::order(world, m.order));
    match record.kind {
        Kind::Wrote => tables[0].rows.push(order_row(RowState::Staged)),
        Kind::Produced => tables[0].rows.push(order_row(RowState::Applied)),
        Kind::WroteOutbox => {
            if let Some(outbox) = of_kind(tables, TableKind::Outbox) {
                let label = match record.other {
                    0 => names::label(world, subject),
                    id => say::id(id),
                };
                outbox.rows.push(message_row(RowState::Staged, label));
            }
        }
        Kind::Committed => {
            settle(tables, subject, true);
            if service && is_read_from_log(world, record) {
                in_log_order(tables, subject);
            }
        }
        Kind::RolledBack if service => settle(tables, subject, false),
        Kind::Collected => {
            if let Some(collector) = of_kind(tables, TableKind::Collector) {
                collector.rows.push(message_row(RowState::Held, names::label(world, subject)));
            }
        }
        Kind::Sent if service && record.packet().0 == PacketKind::Publish => {
            set(tables, TableKind::Collector, subject, RowState::Sent);
            set(tables, TableKind::DeadLetters, subject, RowState::Sending);
        }
        Kind::GaveUp => set(tables, TableKind::Collector, subject, RowState::RolledBack),
        Kind::WroteDeadLetter => {
            let order = world.message(subject).map_or(NONE, |message| message.order);
            let committed =
                tables[0].row(|row| row.order == order && row.state == RowState::Committed).is_some();
            if let Some(letters) = of_kind(tables, TableKind::DeadLetters) {
                let state = if committed { RowState::Parked } else { RowState::Staged };
                letters.rows.push(message_row(state, names::label(world, subject)));
            }
        }
        Kind::ReplayFailed => set(tables, TableKind::DeadLetters, subject, RowState::Parked),
        Kind::LetterEdited => set(tables, TableKind::DeadLetters, subject, RowState::Edited),
        Kind::LetterRemoved => set(tables, TableKind::DeadLetters, subject, RowState::Sent),
        Kind::LetterDiscarded => set(tables, TableKind::DeadLetters, subject, RowState::Discarded),
        Kind::Crashed if service => {
            // Memory is gone; a replay in hand is, too, but its row is not.
            if let Some(letters) = of_kind(tables, TableKind::DeadLetters) {
                let sending = letters.rows.iter_mut().filter(|row| row.state == RowState::Sending);
                sending.for_each(|row| row.state = RowState::Parked);
            }
        }
        Kind::RolledBack => {
            for table in tables {
                table.rows.retain(|row| row.state != RowState::Staged || row.message != subject);
            }
        }
        Kind::Marked | Kind::Confirmed | Kind::Cleaned => {
            let Role::Relay(index) = world.cast().role(record.actor) else { return };
            let relay = &world.setup().relays[index as usize];
            if let Some(outbox) = of_kind(&mut all[relay.service as usize], TableKind::Outbox) {
                relay_told(relay, outbox, record);
            }
        }
        Kind::WroteInbox | Kind::IdKept | Kind::Stored => {
            if let Some(inbox) = of_kind(tables, TableKind::Inbox) {
                let label = names::label(world, subject);
                let label = match (record.kind, inbox_key(world, record)) {
                    (Kind::Stored, _) => label,
                    (_, InboxKey::BusinessKey) => say::key_of(&label),
                    (_, InboxKey::MessageId) => say::id_of(&label, record.other),
                };
                inbox_told(inbox, message_row(RowState::Staged, label), record.kind);
            }
        }
        Kind::Forgot => {
            if let Some(inbox) = of_kind(tables, TableKind::Inbox) {
                // Of several ids of one message the one that was kept first.
                if let Some(at) = inbox.rows.iter().position(|row| row.message == subject) {
                    inbox.rows.remove(at);
                }
            }
        }
        Kind::PutBack => {
            tables[0].rows.retain(|row| row.state != RowState::Staged || row.message != subject);
            let inbox = of_kind(tables, TableKind::Inbox);
            if let Some(row) = inbox.and_then(|inbox| inbox.row(|row| row.message == subject)) {
                row.state = RowState::Waits;
            }
        }
        Kind::Began if !service => {
            let stored = |row: &Row| row.message == subject && row.state == RowState::Waits;
            let inbox = of_kind(tables, TableKind::Inbox);
            if let Some(row) = inbox.and_then(|inbox| inbox.row(stored)) {
                row.state = RowState::Sending;
            }
        }
        Kind::Staged => tables[0].rows.push(message_row(RowState::Staged, about(subject))),
        Kind::Recognised => {
            tables[0].rows.push(message_row(RowState::Skipped, about(subject)));
        }
        Kind::Applied => {
            let staged = |row: &Row| row.state == RowState::Staged && row.message == subject;
            if let Some(inbox) = of_kind(tables, TableKind::Inbox) {
                if let Some(row) = inbox.row(|row| row.message == subject && row.state == RowState::Sending) {
                    row.state = RowState::Applied;
                } else if let Some(row) = inbox.row(staged) {
                    row.state = RowState::Committed;
                }
            }
            match tables[0].row(staged) {
                Some(row) => row.state = RowState::Applied,
                None => tables[0].rows.push(message_row(RowState::Applied, about(subject))),
            }
        }
        _ => {}
    }
}

/// By what that consumer knows a repeat.
fn inbox_key(world: &World, record: &Record) -> InboxKey {
    match world.cast().role(record.actor) {
        Role::Worker(consumer, _) => world.setup().consumers[usize::from(consumer)].inbox_key,
        _ => InboxKey::MessageId,
    }
}

/// A consumer wrote into its inbox: an id that is staged or (by itself) a fact, or a whole message.
#[inline(never)]
fn inbox_told(inbox: &mut Table, mut row: Row, kind: Kind) {
    let staged = inbox.row(|other| other.message == row.message && other.state == RowState::Staged);
    match (kind, staged) {
        (Kind::IdKept, Some(staged)) => return staged.state = RowState::Committed,
        (Kind::IdKept, None) => row.state = RowState::Committed,
        (Kind::Stored, _) => row.state = RowState::Waits,
        _ => {}
    }
    inbox.rows.push(row);
}

/// What a relay did to the rows of its outbox. One that keeps a position marks none: its rows are sent when it knows
/// that they are.
#[inline(never)]
fn relay_told(relay: &Relay, outbox: &mut Table, record: &Record) {
    let marks = relay.reading == Reading::Unsent;
    match record.kind {
        Kind::Cleaned => {
            let mut left = record.subject;
            outbox.rows.retain(|row| {
                let goes = row.state == RowState::Sent && left > 0;
                left -= u32::from(goes);
                !goes
            });
        }
        Kind::Marked if relay.sent_rows == SentRows::Delete => {
            outbox.rows.retain(|row| row.message != record.subject);
        }
        _ if marks == (record.kind == Kind::Marked) => {
            if let Some(row) = outbox.row(|row| row.message == record.subject) {
                row.state = RowState::Sent;
            }
        }
        _ => {}
    }
}

/// How far a relay has read that keeps a position. Rows that wait below a cursor will never be asked for.
#[inline(never)]
fn show_position(world: &World, relay: &Relay, outbox: &mut Table) {
    let rows = world.service(relay.service).outbox();
    match (relay.reading, rows.position()) {
        (Reading::Unsent, _) => return,
        (Reading::Cursor | Reading::GapWait(_), 0) => outbox.title = say::OUTBOX_NONE_READ.to_owned(),
        (Reading::Cursor | Reading::GapWait(_), id) => outbox.title = say::outbox_to_id(id),
        (Reading::Snapshot, 0) => return outbox.title = say::OUTBOX_NONE_READ.to_owned(),
        (Reading::Snapshot, place) => {
            let order = world.message(place - 1).map_or(0, |message| message.order);
            return outbox.title = say::outbox_to(&names::order(world, order));
        }
        (Reading::Log, place) => return outbox.title = say::log_to(place),
    }
    for row in outbox.rows.iter_mut().filter(|row| row.state == RowState::Waits) {
        if !rows.contains(row.message) {
            row.state = RowState::PassedOver;
        }
    }
}

/// The transaction of an order is over.
/// Whether a relay reads the log of that service's database.
fn is_read_from_log(world: &World, record: &Record) -> bool {
    let Role::Service(index) = world.cast().role(record.actor) else { return false };
    world.setup().relays.iter().any(|relay| relay.service == index && relay.reading == Reading::Log)
}

/// A log has the rows in the order of their commits: those of that order come behind all that were committed before.
#[inline(never)]
fn in_log_order(tables: &mut [Table], order: u32) {
    let Some(outbox) = of_kind(tables, TableKind::Outbox) else { return };
    let late = outbox.rows.split_off(outbox.rows.len().saturating_sub(MOST_OPEN));
    let (its, mut others): (Vec<Row>, Vec<Row>) = late.into_iter().partition(|row| row.order == order);
    let open = others.iter().position(|row| row.state == RowState::Staged).unwrap_or(others.len());
    others.splice(open..open, its);
    outbox.rows.append(&mut others);
}

/// How far back a row can be that is still open.
const MOST_OPEN: usize = 64;

fn settle(tables: &mut [Table], order: u32, committed: bool) {
    for table in tables {
        let state = match table.kind {
            _ if !committed => RowState::RolledBack,
            TableKind::Outbox => RowState::Waits,
            TableKind::DeadLetters => RowState::Parked,
            _ => RowState::Committed,
        };
        for row in table.rows.iter_mut().rev().take(MOST_OPEN) {
            if row.order == order && row.state == RowState::Staged {
                row.state = state;
            }
        }
    }
}

fn badge(
    world: &World,
    ledger: &Ledger,
    verdicts: &[(u32, Verdict)],
    actor: ActorId,
    row: &Row,
) -> Option<Verdict> {
    match (world.cast().role(actor), row.state) {
        (Role::Service(_), _) if row.message == NONE => {
            verdicts.iter().find(|(order, _)| *order == row.order).map(|&(_, verdict)| verdict)
        }
        (Role::Worker(..), RowState::Applied) if ledger.is_undone(row.message) => Some(Verdict::Ghost),
        (Role::Worker(..), RowState::Applied) if ledger.counts().duplicates > 0 => {
            done_by_another(world, ledger, actor, row.message).then_some(Verdict::Duplicate)
        }
        (Role::Worker(..), RowState::Applied) if ledger.counts().out_of_order > 0 => {
            let late = |finding: &Finding| finding.verdict == Verdict::OutOfOrder;
            ledger.findings_of_message(row.message).any(late).then_some(Verdict::OutOfOrder)
        }
        _ => None,
    }
}

/// Whether this worker did once more what another worker of the consumer had done.
fn done_by_another(world: &World, ledger: &Ledger, actor: ActorId, message: u32) -> bool {
    let by = |place: u32| world.history().get(place).map(|record| record.actor);
    let mut findings = ledger.findings_of_message(message);
    findings.any(|finding| {
        finding.verdict == Verdict::Duplicate
            && by(finding.proof[1]) == Some(actor)
            && by(finding.proof[0]) != Some(actor)
    })
}

/// The ids of the second and later effects for the same message, of those newest rows of one worker.
fn repeats(effects: &[Row], newest: usize) -> Vec<u32> {
    let done = |row: &Row| row.state == RowState::Applied && row.message != NONE;
    let repeat = |at: &usize| {
        let row = &effects[*at];
        done(row) && effects[..*at].iter().any(|before| done(before) && before.message == row.message)
    };
    let places = effects.len().saturating_sub(newest)..effects.len();
    places.filter(repeat).map(|at| effects[at].id).collect()
}
