//! Where does everything stand? Boxes for the parties, strips for the queues, in pixels of a given stage.

use crate::broker::setup::{Publishing, Queue, Role, Service, Setup};
use std::fmt;

/// A number as style sheets and paths want it, with three decimals. Written with integers: the general way to
/// write a float would weigh as much as a panel.
#[derive(Clone, Copy, Debug)]
pub struct Px(pub f32);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thousandths = (self.0 * 1000.0) as i64;
        let sign = if thousandths < 0 { "-" } else { "" };
        let size = thousandths.unsigned_abs();
        write!(f, "{sign}{}", size / 1000)?;
        if size.is_multiple_of(1000) { Ok(()) } else { write!(f, ".{:03}", size % 1000) }
    }
}

/// A rectangle, in pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

impl Rect {
    fn new(x: f32, y: f32, w: f32, h: f32) -> Rect {
        Rect { x, y, w, h }
    }

    /// Half-way down.
    pub fn middle(&self) -> f32 {
        self.y + self.h / 2.0
    }

    /// Half-way across.
    pub fn center(&self) -> f32 {
        self.x + self.w / 2.0
    }
}

/// The space there is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Room {
    /// Width in pixels.
    pub width: f32,
    /// Height in pixels; a stage that needs more takes more.
    pub height: f32,
    /// Whether to use small rows (two stages below each other, a projector).
    pub compact: bool,
}

impl Room {
    /// Below this the stage is a column.
    pub const NARROW: f32 = 560.0;

    /// Whether the stage is a column, as on a phone.
    pub fn is_narrow(&self) -> bool {
        self.width < Room::NARROW
    }
}

/// Where everything stands.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Layout {
    /// The parties, in the order of the cast.
    pub parties: Vec<Rect>,
    /// How many table rows fit in each party's box.
    pub rows: Vec<usize>,
    /// The topics, within the broker.
    pub topics: Vec<Rect>,
    /// The queues, within the broker.
    pub queues: Vec<Rect>,
    /// The height it all takes.
    pub height: f32,
    /// Whether it is a column.
    pub narrow: bool,
    /// Whether the rows are small.
    pub compact: bool,
}

/// The measures of a box, in pixels; the style sheet uses the same.
pub struct Measures {
    /// From the upper edge to the first table: name and subtitle.
    pub head: f32,
    /// A table's title.
    pub title: f32,
    /// A row with its gap.
    pub row: f32,
    /// The line at the foot that says what the party is doing.
    pub foot: f32,
    /// A queue's strip with its gap.
    pub strip: f32,
    /// A box without tables (a relay).
    pub small: f32,
}

impl Measures {
    /// The measures for that room.
    pub fn of(room: Room) -> Measures {
        if room.compact {
            Measures { head: 46.0, title: 20.0, row: 26.0, foot: 30.0, strip: 72.0, small: 56.0 }
        } else {
            Measures { head: 56.0, title: 24.0, row: 32.0, foot: 36.0, strip: 100.0, small: 60.0 }
        }
    }
}

const GAP: f32 = 14.0;

/// Lays a world out in the room there is.
pub fn layout(setup: &Setup, room: Room) -> Layout {
    if room.is_narrow() {
        return column(setup, room);
    }
    let layout = wide(setup, room);
    let too_tall = layout.height > room.height + 1.0 && !room.compact;
    if too_tall { wide(setup, Room { compact: true, ..room }) } else { layout }
}

/// Whether a table stands beside that of its business: outbox, dead letters or collector.
fn has_two_tables(service: &Service) -> bool {
    let collects =
        matches!(service.publishing, Publishing::CollectBeforeCommit | Publishing::CollectAfterCommit);
    collects || service.has_outbox() || service.has_dead_letters()
}

fn wanted_rows(setup: &Setup, room: Room) -> usize {
    let orders = setup.services.iter().map(|s| s.count as usize).max().unwrap_or(4);
    orders.clamp(3, if room.compact { 5 } else { 8 })
}

#[inline(never)]
fn wide(setup: &Setup, room: Room) -> Layout {
    let m = Measures::of(room);
    let rim = if room.compact { 8.0 } else { GAP };
    let cast = setup.cast();
    let workers = cast.actors.len() - cast.broker.0 as usize - 1;
    let two_tables = setup.services.iter().any(has_two_tables);
    let inbox = setup.consumers.iter().any(|c| c.inbox.is_kept());
    let usable = room.width - 2.0 * GAP;
    let left = (usable * if two_tables { 0.36 } else { 0.28 }).clamp(190.0, 380.0);
    let broker_w = if setup.uses_broker() { (usable * 0.23).clamp(128.0, 240.0) } else { 0.0 };
    let right = (usable * if inbox { 0.31 } else { 0.26 }).clamp(170.0, 320.0);
    let gap = ((usable - left - broker_w - right) / 2.0).max(30.0);

    let rows = wanted_rows(setup, room);
    let chrome = m.head + m.title + m.foot;
    let relays = setup.relays.len() as f32;
    let services = setup.services.len().max(1) as f32;
    // Everything below the upper edge, as far as the room allows; then as many rows as fit.
    let left_fixed = services * chrome + (services - 1.0) * rim + relays * (m.small + rim);
    let fit = |fixed: f32, boxes: f32| {
        let free = (room.height - 2.0 * rim - fixed) / boxes / m.row;
        (free.floor().max(2.0) as usize).min(rows)
    };
    let left_rows = fit(left_fixed, services);
    let boxes = workers.max(1) as f32;
    let crowd = workers > 3;
    let worker_chrome = if crowd { m.small } else { chrome };
    let right_rows = if crowd { 0 } else { fit(boxes * worker_chrome + (boxes - 1.0) * rim, boxes) };

    let broker_h = broker_height(setup, m.strip);
    let left_h = left_fixed + services * left_rows as f32 * m.row;
    let worker_h = worker_chrome + right_rows as f32 * m.row;
    let right_h = boxes * worker_h + (boxes - 1.0) * rim;
    let tallest = left_h.max(right_h).max(broker_h);
    let height = (tallest + 2.0 * rim).max(room.height);
    let top = |h: f32| ((height - h) / 2.0).max(rim);

    let mut layout = Layout { height, compact: room.compact, ..Layout::default() };
    let mut y = top(left_h);
    let service_h = chrome + left_rows as f32 * m.row;
    for _ in &setup.services {
        layout.parties.push(Rect::new(GAP, y, left, service_h));
        layout.rows.push(left_rows);
        y += service_h + rim;
    }
    for _ in &setup.relays {
        layout.parties.push(Rect::new(GAP, y, left, m.small));
        layout.rows.push(0);
        y += m.small + rim;
    }
    let broker_x = GAP + left + gap;
    let broker = Rect::new(broker_x, top(broker_h), broker_w, broker_h);
    layout.parties.push(broker);
    layout.rows.push(0);
    strips_in(&mut layout, setup, broker, m.strip);
    let mut y = top(right_h);
    for _ in 0..workers {
        layout.parties.push(Rect::new(room.width - GAP - right, y, right, worker_h));
        layout.rows.push(right_rows);
        y += worker_h + rim;
    }
    layout
}

/// How many topics and queues there are to see.
fn strips(setup: &Setup) -> usize {
    setup.topics.len() + setup.queues.iter().filter(|queue| !queue.door).count()
}

fn strips_in(layout: &mut Layout, setup: &Setup, broker: Rect, strip: f32) {
    let mut y = broker.y + 42.0;
    let mut next = |noted: bool| {
        let h = strip + if noted { NOTE } else { 0.0 };
        let rect = Rect::new(broker.x + 10.0, y, broker.w - 20.0, h - 8.0);
        y += h;
        rect
    };
    layout.topics = setup.topics.iter().map(|_| next(false)).collect();
    // A door is no place of the broker.
    let queue = |(index, queue): (usize, &Queue)| match queue.door {
        true => Rect::default(),
        false => next(has_note(setup, index as u8)),
    };
    layout.queues = setup.queues.iter().enumerate().map(queue).collect();
}

/// The line in a queue's strip that says what it asks for, in pixels; the style sheet uses the same.
pub const NOTE: f32 = 18.0;

/// Whether a queue asks its topic or exchange for something.
pub fn has_note(setup: &Setup, queue: u8) -> bool {
    setup.topics.iter().flat_map(|topic| &topic.subscriptions).any(|s| s.queue == queue)
}

/// The broker's height; none where nothing goes through it.
fn broker_height(setup: &Setup, strip: f32) -> f32 {
    if !setup.uses_broker() {
        return 0.0;
    }
    let noted = (0..setup.queues.len()).filter(|&queue| has_note(setup, queue as u8)).count();
    44.0 + strips(setup) as f32 * strip + noted as f32 * NOTE + 10.0
}

/// The phone: one below the other, messages travel downwards.
#[inline(never)]
fn column(setup: &Setup, room: Room) -> Layout {
    let m = Measures::of(Room { compact: true, ..room });
    let cast = setup.cast();
    let width = room.width - 2.0 * GAP;
    let between = 46.0;
    let rows = wanted_rows(setup, Room { compact: true, ..room });
    let chrome = m.head + m.title + m.foot;
    let workers = cast.actors.len() - cast.broker.0 as usize - 1;
    let mut layout = Layout { narrow: true, compact: true, ..Layout::default() };
    let mut y = GAP;
    for actor in &cast.actors {
        match actor.role {
            Role::Service(_) => {
                let h = chrome + rows as f32 * m.row;
                layout.parties.push(Rect::new(GAP, y, width, h));
                layout.rows.push(rows);
                y += h + if setup.relays.is_empty() { between } else { GAP * 2.0 };
            }
            Role::Relay(_) => {
                let (nth, of) = (layout.parties.len() - setup.services.len(), setup.relays.len());
                let rect = beside(nth, of, width, y, m.small);
                layout.parties.push(rect);
                layout.rows.push(0);
                if nth + 1 == of {
                    y = rect.y + rect.h + between;
                }
            }
            Role::Broker if !setup.uses_broker() => {
                layout.parties.push(Rect::default());
                layout.rows.push(0);
                strips_in(&mut layout, setup, Rect::default(), m.strip);
            }
            Role::Broker => {
                let broker = Rect::new(GAP, y, width, broker_height(setup, m.strip));
                layout.parties.push(broker);
                layout.rows.push(0);
                strips_in(&mut layout, setup, broker, m.strip);
                y += broker.h + between;
            }
            Role::Worker(..) => {
                let nth = layout.parties.len() - cast.broker.0 as usize - 1;
                let rect = beside(nth, workers, width, y, chrome + rows as f32 * m.row);
                layout.parties.push(rect);
                layout.rows.push(rows);
                if nth + 1 == workers {
                    y = rect.y + rect.h + ROW_GAP;
                }
            }
        }
    }
    layout.height = y + GAP;
    layout
}

/// Between parties side by side, in pixels.
const ROW_GAP: f32 = 8.0;

/// The place of the nth of several parties of a column: side by side, so that each has a wire of its own to the
/// broker.
fn beside(nth: usize, of: usize, width: f32, y: f32, h: f32) -> Rect {
    let across = of.min(3);
    let each = (width - (across - 1) as f32 * ROW_GAP) / across as f32;
    let line = (nth / across) as f32;
    Rect::new(GAP + (nth % across) as f32 * (each + ROW_GAP), y + line * (h + ROW_GAP), each, h)
}
