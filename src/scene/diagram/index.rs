//! What spans more than one row of the diagram? Packets on their way, and what lasts: found in one pass over the
//! history, and kept so that those which touch a few rows are found without looking at all.

use crate::broker::record::{Kind, NONE, Record};
use crate::broker::setup::Role;
use crate::broker::world::World;
use crate::fault::point::{ActorId, PacketKind};

/// What became of a packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It arrived.
    Arrived,
    /// It was lost on its way.
    Lost,
    /// Nobody was there to take it, and the sender is told so.
    Refused,
    /// Nothing in the history says: it was not heeded, or the run ended before.
    Unheeded,
}

/// A packet, from where it was sent to where its way ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arrow {
    /// The place in the history where it was sent.
    pub sent: u32,
    /// The place of the record that ended its way; [`NONE`] if there is none.
    pub end: u32,
    /// The step in which it was sent.
    pub first: u32,
    /// The step in which its way ended; if nothing says, the one after it was sent.
    pub last: u32,
    /// The message that it carries or is about, or [`NONE`].
    pub message: u32,
    /// Who sent it.
    pub from: ActorId,
    /// To whom.
    pub to: ActorId,
    /// What it is.
    pub kind: PacketKind,
    /// What became of it.
    pub fate: Fate,
}

/// What lasts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BarKind {
    /// A transaction is open.
    Transaction,
    /// A message is hidden from others: the visibility timeout of a polled queue runs.
    Hidden,
    /// The party is down.
    Down,
    /// Its database does not answer.
    NoDatabase,
    /// It is cut off.
    Cut,
}

/// Something that lasts, on the lane of a party.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bar {
    /// The place of the record that began it.
    pub start: u32,
    /// The place of the record that ended it; [`NONE`] if the run ended before.
    pub end: u32,
    /// The step in which it began.
    pub first: u32,
    /// The step in which it ended; `u32::MAX` if it never did.
    pub last: u32,
    /// The order or message it is about, or [`NONE`].
    pub subject: u32,
    /// On whose lane.
    pub lane: ActorId,
    /// How many others of its kind are open beside it on that lane.
    pub depth: u8,
    /// What it is.
    pub kind: BarKind,
    /// Whether it ended well: a commit, a delete in time.
    pub good: bool,
    /// For [`BarKind::Hidden`]: the queue.
    queue: u8,
}

/// How many spans share a mark: who looks for those that touch a row passes over whole blocks.
const BLOCK: usize = 64;

/// Spans in the order of their beginning, with the latest end of each block.
#[derive(Clone, Debug)]
struct Spans<T> {
    all: Vec<T>,
    latest: Vec<u32>,
}

trait Span {
    fn steps(&self) -> (u32, u32);
}

impl Span for Arrow {
    fn steps(&self) -> (u32, u32) {
        (self.first, self.last)
    }
}

impl Span for Bar {
    fn steps(&self) -> (u32, u32) {
        (self.first, self.last)
    }
}

impl<T: Span> Spans<T> {
    fn new(all: Vec<T>) -> Spans<T> {
        let latest =
            all.chunks(BLOCK).map(|block| block.iter().map(|span| span.steps().1).max().unwrap_or(0));
        let latest = latest.collect();
        Spans { all, latest }
    }

    fn touching(&self, first: u32, last: u32) -> impl Iterator<Item = &T> {
        let until = self.all.partition_point(|span| span.steps().0 <= last);
        let blocks = self.all[..until].chunks(BLOCK).zip(&self.latest);
        let blocks = blocks.filter(move |&(_, &latest)| latest >= first);
        blocks.flat_map(|(block, _)| block).filter(move |span| span.steps().1 >= first)
    }
}

/// The packets of a whole run, and what lasted in it.
#[derive(Clone, Debug)]
pub struct Index {
    arrows: Spans<Arrow>,
    bars: Spans<Bar>,
}

impl Index {
    /// Reads the history of that world, once.
    pub fn of(world: &World) -> Index {
        let mut reading = Reading { world, arrows: Vec::new(), bars: Vec::new(), open: Vec::new() };
        for (place, record) in (0..).zip(world.history().iter()) {
            reading.arrow(place, record);
            reading.bar(place, record);
        }
        Index { arrows: Spans::new(reading.arrows), bars: Spans::new(reading.bars) }
    }

    /// The packets that were on their way in any of the steps from `first` to `last`, in the order of sending.
    pub fn arrows(&self, first: u32, last: u32) -> impl Iterator<Item = &Arrow> {
        self.arrows.touching(first, last)
    }

    /// What lasted in any of those steps, in the order of beginning.
    pub fn bars(&self, first: u32, last: u32) -> impl Iterator<Item = &Bar> {
        self.bars.touching(first, last)
    }
}

struct Reading<'w> {
    world: &'w World,
    arrows: Vec<Arrow>,
    bars: Vec<Bar>,
    /// The places of the bars that are open.
    open: Vec<usize>,
}

impl Reading<'_> {
    fn arrow(&mut self, place: u32, record: &Record) {
        match record.kind {
            Kind::Sent => {
                self.ends_a_way(place, record);
                let (kind, to) = record.packet();
                self.answers_a_poll(place, record, kind, to);
                self.set_out(place, record, kind, to);
            }
            Kind::Doubled => self.has_a_twin(record),
            _ => self.ends_a_way(place, record),
        }
    }

    /// The twin sets out with what it is the twin of; of an answer each message has its own.
    fn has_a_twin(&mut self, record: &Record) {
        let (kind, to) = record.packet();
        let its = |arrow: &Arrow| (arrow.kind, arrow.to, arrow.message) == (kind, to, record.subject);
        let mut of_step = self.arrows.iter().rev().take_while(|arrow| arrow.first == record.step);
        if let Some(behind) = of_step.position(its) {
            let at = self.arrows.len() - behind;
            self.arrows.insert(at, Arrow { end: NONE, fate: Fate::Unheeded, ..self.arrows[at - 1] });
        }
    }

    fn set_out(&mut self, sent: u32, record: &Record, kind: PacketKind, to: ActorId) {
        self.arrows.push(Arrow {
            sent,
            end: NONE,
            first: record.step,
            last: record.step + 1,
            message: record.subject,
            from: record.actor,
            to,
            kind,
            fate: Fate::Unheeded,
        });
    }

    /// The place where the packet was sent that this record is about: the first behind it, past what faults did.
    fn packet_of(&self, record: &Record) -> Option<u32> {
        let history = self.world.history();
        let mut place = record.cause;
        loop {
            let behind = history.get(place)?;
            match behind.kind {
                Kind::Sent => {
                    return (behind.step < record.step || record.kind == Kind::Doubled).then_some(place);
                }
                Kind::Struck
                | Kind::Delayed
                | Kind::Hurried
                | Kind::Lagged
                | Kind::Doubled
                | Kind::Held
                | Kind::Released
                | Kind::Slowed => {
                    place = behind.cause;
                }
                // Who crashes instead of taking it loses it.
                Kind::Crashed if record.kind == Kind::Lost => place = behind.cause,
                _ => return None,
            }
        }
    }

    fn ends_a_way(&mut self, place: u32, record: &Record) {
        use Kind::*;
        if matches!(
            record.kind,
            Struck | Delayed | Hurried | Lagged | Doubled | Held | Released | Slowed | Crashed | TimedOut
        ) {
            return;
        }
        let Some(sent) = self.packet_of(record) else { return };
        let lost = record.kind == Lost;
        let step = self.world.history().get(sent).map_or(0, |record| record.step);
        let from = self.arrows.partition_point(|arrow| (arrow.first, arrow.sent) < (step, sent));
        // A lost answer to a poll has a record for each of its messages, all caused by the first.
        let found = self.arrows.iter_mut().skip(from).take_while(|arrow| arrow.first == step).find(|arrow| {
            let meant = arrow.sent == sent || lost && arrow.kind == record.packet().0;
            let there = if lost { arrow.message == record.subject } else { arrow.to == record.actor };
            arrow.end == NONE && meant && there
        });
        let Some(arrow) = found else { return };
        arrow.end = place;
        arrow.last = record.step;
        arrow.fate = match record.kind {
            Lost => Fate::Lost,
            Sent if record.packet().0 == PacketKind::Refuse => Fate::Refused,
            _ => Fate::Arrived,
        };
    }

    /// A poll that finds something is not named by what it gets: its answer says that it has come.
    fn answers_a_poll(&mut self, place: u32, record: &Record, kind: PacketKind, to: ActorId) {
        if kind != PacketKind::Reply {
            return;
        }
        let asked = self.arrows.iter_mut().rev().take(4 * BLOCK);
        let mut asked = asked.filter(|arrow| arrow.kind == PacketKind::Poll && arrow.from == to);
        if let Some(poll) = asked.next().filter(|poll| poll.end == NONE && poll.first < record.step) {
            poll.end = place;
            poll.last = record.step;
            poll.fate = Fate::Arrived;
        }
    }

    fn bar(&mut self, place: u32, record: &Record) {
        use Kind::*;
        let (actor, subject) = (record.actor, record.subject);
        let queue = record.other as u8;
        match record.kind {
            Began => self.begin(place, record, BarKind::Transaction, actor, 0),
            Committed => self.end(place, record, true, |bar| bar.is(BarKind::Transaction, actor, subject)),
            Recognised => {
                // Where the id is written last, the work was done in vain: what is undone next has not ended well.
                let next = self.world.history().get(place + 1);
                let good = next.is_none_or(|next| (next.kind, next.cause) != (RolledBack, place));
                self.end(place, record, good, |bar| bar.is(BarKind::Transaction, actor, subject));
            }
            Applied | IdKept | SetAgain => {
                self.end(place, record, true, |bar| bar.is(BarKind::Transaction, actor, subject))
            }
            RolledBack | PutBack => {
                self.end(place, record, false, |bar| bar.is(BarKind::Transaction, actor, subject))
            }
            Crashed | Stopped => {
                self.end(place, record, false, |bar| bar.kind == BarKind::Transaction && bar.lane == actor);
                self.begin(place, record, BarKind::Down, actor, 0);
            }
            Restarted => self.end(place, record, true, |bar| bar.is_of(BarKind::Down, actor)),
            DatabaseDown => self.begin(place, record, BarKind::NoDatabase, actor, 0),
            DatabaseUp => self.end(place, record, true, |bar| bar.is_of(BarKind::NoDatabase, actor)),
            Cut => self.begin(place, record, BarKind::Cut, actor, 0),
            Healed => self.end(place, record, true, |bar| bar.is_of(BarKind::Cut, actor)),
            // Whose it is says the answer that follows.
            Leased => self.begin(place, record, BarKind::Hidden, actor, queue),
            Sent if record.packet().0 == PacketKind::Reply => self.is_given(record),
            Settled | DeadLettered => self.end(place, record, true, |bar| bar.hides(queue, subject)),
            VisibilityEnded | Reexposed => self.end(place, record, false, |bar| bar.hides(queue, subject)),
            Extended if record.other >> 8 == 1 => {
                self.end(place, record, true, |bar| bar.hides(queue, subject))
            }
            Discarded => {
                let queue = (record.other >> 8) as u8;
                self.end(place, record, true, |bar| bar.hides(queue, subject));
            }
            Dropped => self.end(place, record, false, |bar| bar.hides(queue, subject)),
            _ => {}
        }
    }

    fn begin(&mut self, place: u32, record: &Record, kind: BarKind, lane: ActorId, queue: u8) {
        let beside = self.open.iter().filter(|&&at| self.bars[at].is_of(kind, lane)).count();
        self.open.push(self.bars.len());
        self.bars.push(Bar {
            start: place,
            end: NONE,
            first: record.step,
            last: u32::MAX,
            subject: record.subject,
            lane,
            depth: beside.min(3) as u8,
            kind,
            good: false,
            queue,
        });
    }

    fn end(&mut self, place: u32, record: &Record, good: bool, meant: impl Fn(&Bar) -> bool) {
        let bars = &mut self.bars;
        self.open.retain(|&at| {
            let ends = meant(&bars[at]);
            if ends {
                bars[at].end = place;
                bars[at].last = record.step;
                bars[at].good = good;
            }
            !ends
        });
    }

    /// The message that was just hidden is on its way to whoever asked: the bar stands on that lane.
    fn is_given(&mut self, sent: &Record) {
        let to = sent.packet().1;
        let worker = matches!(self.world.cast().role(to), Role::Worker(..));
        let beside = self.open.iter().filter(|&&at| self.bars[at].is_of(BarKind::Hidden, to)).count();
        let open = self.open.iter().rev();
        if let Some(&at) = open.clone().find(|&&at| self.bars[at].start == sent.cause).filter(|_| worker) {
            self.bars[at].lane = to;
            self.bars[at].depth = beside.min(3) as u8;
        }
    }
}

impl Bar {
    fn is_of(&self, kind: BarKind, lane: ActorId) -> bool {
        self.kind == kind && self.lane == lane
    }

    fn is(&self, kind: BarKind, lane: ActorId, subject: u32) -> bool {
        self.is_of(kind, lane) && self.subject == subject
    }

    fn hides(&self, queue: u8, message: u32) -> bool {
        self.kind == BarKind::Hidden && self.queue == queue && self.subject == message
    }
}
