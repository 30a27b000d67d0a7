//! What stands on the stage? The parties with what they hold and do, at one moment of the run.

use super::at_work::{doing, how};
use super::layout::{self, Layout, NOTE, Px, Rect, Room, layout};
use super::tables::{Table, tables};
use super::{names, routed};
use crate::broker::queue::Stored;
use crate::broker::routing::TopicKind;
use crate::broker::setup::{Publishing, Role, Service, Target};
use crate::broker::world::World;
use crate::check::finding::Verdict;
use crate::check::ledger::Ledger;
use crate::fault::point::{ActorId, PacketKind};
use crate::scenario::steps::is_polled;
use crate::sim::time::Instant;
use crate::words::stage as say;

/// A party's box.
#[derive(Clone, PartialEq, Debug)]
pub struct Party {
    /// Who.
    pub actor: ActorId,
    /// Its name.
    pub name: String,
    /// How it works: `publishes before it commits`.
    pub how: String,
    /// What it does now: `waits for the broker`.
    pub now: String,
    /// What it is.
    pub role: Role,
    /// Whether it is up.
    pub up: bool,
    /// Whether its database answers.
    pub database: bool,
    /// Whether its wire to the broker is whole.
    pub connected: bool,
    /// Its tables.
    pub tables: Vec<Table>,
    /// What went wrong here, in a few words, with its verdict.
    pub alert: Option<(Verdict, String)>,
    /// Where it stands.
    pub rect: Rect,
}

/// A message in a queue.
#[derive(Clone, PartialEq, Debug)]
pub struct Chip {
    /// The message.
    pub message: u32,
    /// Its short label.
    pub label: String,
    /// It is out with a consumer, not yet acknowledged.
    pub out: bool,
    /// Its order was rolled back.
    pub ghost: bool,
    /// It was delivered before.
    pub again: bool,
    /// Every handler fails on it.
    pub bad: bool,
    /// It is hidden by a polled queue.
    pub hidden: Option<Hidden>,
}

/// How a polled queue hides a message.
#[derive(Clone, PartialEq, Debug)]
pub struct Hidden {
    /// Until when.
    pub until: Instant,
    /// How much of the time is left, in thousandths.
    pub left: u16,
    /// Who received it, in words; none: it is new and still delayed.
    pub by: Option<String>,
    /// How often it was received.
    pub receives: u16,
}

/// A topic, an exchange or a queue within the broker.
#[derive(Clone, PartialEq, Debug)]
pub struct Strip {
    /// Its name.
    pub title: String,
    /// Its messages, the next one first.
    pub chips: Vec<Chip>,
    /// How many more there are.
    pub more: usize,
    /// How many are parked.
    pub parked: usize,
    /// What it is: `topic`, `exchange`, `queue`.
    pub what: &'static str,
    /// Of a topic or an exchange what it does, of a queue what it asks its topic or exchange for; empty where there
    /// is nothing to say.
    pub note: String,
    /// Whether a topic or an exchange does not bring it anything: not yet, or not any more.
    pub cut: bool,
    /// Whether it survives the broker going down.
    pub durable: bool,
    /// Where it stands.
    pub rect: Rect,
}

/// A wire from one point to another.
#[derive(Clone, PartialEq, Debug)]
pub struct Wire {
    /// The party whose wire it is.
    pub actor: ActorId,
    /// Its path.
    pub path: Path,
    /// Whether nothing passes.
    pub cut: bool,
}

/// A curve that leaves and arrives along the stage's direction.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Path {
    /// Where it starts.
    pub from: (f32, f32),
    /// Where it ends.
    pub to: (f32, f32),
    /// Whether it runs downwards (the phone).
    pub down: bool,
}

impl Path {
    fn controls(&self) -> ((f32, f32), (f32, f32)) {
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        if self.down {
            ((self.from.0, self.from.1 + dy * 0.5), (self.to.0, self.to.1 - dy * 0.5))
        } else {
            ((self.from.0 + dx * 0.5, self.from.1), (self.to.0 - dx * 0.5, self.to.1))
        }
    }

    /// The point at `part` of the way, 0 to 1.
    pub fn at(&self, part: f32) -> (f32, f32) {
        let (a, b) = self.controls();
        let rest = 1.0 - part;
        let weigh = |p0: f32, p1: f32, p2: f32, p3: f32| {
            rest * rest * rest * p0
                + 3.0 * rest * rest * part * p1
                + 3.0 * rest * part * part * p2
                + part * part * part * p3
        };
        (weigh(self.from.0, a.0, b.0, self.to.0), weigh(self.from.1, a.1, b.1, self.to.1))
    }

    /// The path for an SVG `d` attribute.
    pub fn svg(&self) -> String {
        let (a, b) = self.controls();
        format!(
            "M{} {}C{} {} {} {} {} {}",
            Px(self.from.0),
            Px(self.from.1),
            Px(a.0),
            Px(a.1),
            Px(b.0),
            Px(b.1),
            Px(self.to.0),
            Px(self.to.1)
        )
    }

    fn reversed_and_shifted(&self, by: f32) -> Path {
        let shift = |(x, y): (f32, f32)| if self.down { (x + by, y) } else { (x, y + by) };
        Path { from: shift(self.to), to: shift(self.from), down: self.down }
    }
}

/// Everything on the stage.
#[derive(Clone, PartialEq, Debug)]
pub struct Stage {
    /// The parties, in the order of the cast.
    pub parties: Vec<Party>,
    /// The topics, then the queues.
    pub strips: Vec<Strip>,
    /// The wires, to be drawn under everything.
    pub wires: Vec<Wire>,
    /// Where everything stands.
    pub layout: Layout,
    /// The room it was laid out in.
    pub room: Room,
}

/// The most messages a queue shows before it counts, however large its strip.
const MOST_CHIPS: usize = 24;
/// A chip with its gap, in pixels: what its label takes comes on top. The style sheet uses the same.
const CHIP: (f32, f32) = (30.0, 28.0);
/// What the sign of a ghost takes in a chip, in pixels.
const GHOST_SIGN: f32 = 15.0;

/// How many of these labels a strip has room for, with room left for a count of the rest.
fn chips_that_fit<'c>(rect: Rect, chips: impl Iterator<Item = &'c Chip>) -> usize {
    let (width, lines) = (rect.w - 20.0, ((rect.h - 34.0) / CHIP.1).floor().max(1.0));
    let (mut line, mut x, mut fit) = (1.0, 0.0, 0);
    for chip in chips {
        let sign = if chip.ghost { GHOST_SIGN } else { 0.0 };
        let chip = (14.0 + 7.6 * chip.label.chars().count() as f32 + sign + 4.0).max(CHIP.0).min(width);
        if x + chip > width + 4.0 {
            line += 1.0;
            x = 0.0;
        }
        if line > lines {
            break;
        }
        x += chip;
        fit += 1;
    }
    fit
}

/// The stage at a moment, in the room there is.
pub fn stage(world: &World, ledger: &Ledger, room: Room) -> Stage {
    let setup = world.setup();
    let layout = layout(setup, room);
    let mut all = tables(world, ledger, &layout.rows);
    let parties: Vec<Party> = (0..world.cast().actors.len())
        .map(|index| {
            let actor = ActorId(index as u8);
            let tables = std::mem::take(&mut all[index]);
            let found = tables.iter().flat_map(|table| &table.rows).any(|row| row.badge.is_some());
            let alert = found.then(|| told(world, ledger, &tables)).flatten();
            let alert = alert.or_else(|| ghost_in_hand(world, ledger, actor));
            Party {
                actor,
                alert,
                name: names::party_title(world, actor),
                how: how(world, actor),
                now: doing(world, actor),
                role: world.cast().role(actor),
                up: world.is_up(actor),
                database: world.database_answers(actor),
                connected: !world.is_cut(actor),
                tables,
                rect: layout.parties[index],
            }
        })
        .collect();
    let topics = setup.topics.iter().zip(&layout.topics).map(|(topic, &rect)| Strip {
        title: topic.name.clone(),
        chips: Vec::new(),
        more: 0,
        parked: 0,
        what: if topic.kind == TopicKind::Topic { say::TOPIC } else { say::EXCHANGE },
        note: routed::does(topic.kind).to_owned(),
        cut: false,
        durable: true,
        rect,
    });
    let queues = (0..setup.queues.len())
        .filter(|&index| !setup.queues[index].door)
        .map(|index| queue(world, ledger, index as u8, layout.queues[index]));
    let strips = topics.chain(queues).collect();
    let parties: Vec<Party> =
        parties.into_iter().filter(|party| party.role != Role::Broker || setup.uses_broker()).collect();
    let mut wires = Vec::new();
    for party in &parties {
        let path = match party.role {
            Role::Broker => continue,
            // The wire is the caller's.
            Role::Worker(..) if !names::uses_broker(world, party.actor) => continue,
            // Who polls goes to the queue itself (R9).
            Role::Worker(consumer, _) if is_polled(&setup.consumers[consumer as usize], setup) => {
                delivery_path(world, &layout, party.actor).reversed_and_shifted(0.0)
            }
            Role::Worker(..) => delivery_path(world, &layout, party.actor),
            Role::Service(s) if setup.services[s as usize].publishing == Publishing::Call => {
                wires.extend(calls(world, &layout, party, &setup.services[s as usize]));
                continue;
            }
            // A service that sends all through its outbox speaks to the broker only through its relay.
            Role::Service(s) if !setup.services[s as usize].sends_itself() => continue,
            _ => first_publish_path(world, &layout, party.actor),
        };
        wires.push(Wire { actor: party.actor, path, cut: !party.connected });
    }
    Stage { parties, strips, wires, layout, room }
}

/// The wires of who calls others.
#[inline(never)]
fn calls(world: &World, layout: &Layout, party: &Party, service: &Service) -> Vec<Wire> {
    let callees = service.messages.iter().filter_map(|message| callee(world, message.target));
    let wire = |callee| Wire {
        actor: party.actor,
        path: call_path(layout, party.actor, callee),
        cut: !party.connected || world.is_cut(callee),
    };
    callees.map(wire).collect()
}

/// What is told of what was found in these tables.
#[inline(never)]
fn told(world: &World, ledger: &Ledger, tables: &[Table]) -> Option<(Verdict, String)> {
    let rows = || tables.iter().flat_map(|table| &table.rows).filter(|row| row.badge.is_some());
    let latest = rows().next_back()?;
    // What waits behind something that is stuck is stuck only because of it.
    let row = match latest.badge {
        Some(Verdict::Stuck) => rows().find(|row| row.badge == Some(Verdict::Stuck))?,
        _ => latest,
    };
    let order = names::order(world, row.order);
    row.badge.map(|verdict| match verdict {
        Verdict::Lost => (verdict, lost(world, ledger, row.order, &order)),
        _ => (verdict, alert(verdict, &order)),
    })
}

fn queue(world: &World, ledger: &Ledger, index: u8, rect: Rect) -> Strip {
    let queue = world.queue(index);
    let chip = |stored: &Stored, out: bool| Chip {
        message: stored.message,
        label: names::label(world, stored.message),
        out,
        again: stored.redelivered,
        ghost: ledger.is_undone(stored.message),
        hidden: None,
        bad: world.is_bad_copy(stored),
    };
    let mut chips: Vec<Chip> = Vec::new();
    for &worker in world.takers(index) {
        chips.extend(
            (world.connection(worker).unacked().iter()).take(MOST_CHIPS).map(|out| chip(&out.stored, true)),
        );
    }
    let polled = queue.polled();
    for held in polled.in_flight().filter(|held| !held.is_deleted()).take(MOST_CHIPS) {
        let stored = &held.stored;
        let by = held.worker().map(|worker| names::party(world, world.worker_actor(worker)));
        let hidden = Hidden {
            until: held.until,
            left: left(world, held.since, held.until),
            by: Some(by.unwrap_or_else(|| say::A_PERSON.to_owned())),
            receives: stored.receives,
        };
        chips.push(Chip { hidden: Some(hidden), ..chip(stored, true) });
    }
    chips.extend(queue.ready().iter().take(MOST_CHIPS).map(|stored| chip(stored, false)));
    for waits in polled.delayed().take(MOST_CHIPS) {
        let hidden = Hidden { until: waits.until, left: 0, by: None, receives: 0 };
        chips.push(Chip { hidden: Some(hidden), ..chip(&waits.stored, false) });
    }
    let total: usize = queue.ready().len()
        + polled.in_flight().filter(|held| !held.is_deleted()).count()
        + polled.delayed().len()
        + world.takers(index).iter().map(|&w| world.connection(w).unacked().len()).sum::<usize>();
    let (note, cut) = routed::asks(world, index);
    let note_takes = if layout::has_note(world.setup(), index) { NOTE } else { 0.0 };
    let fit = chips_that_fit(Rect { h: rect.h - note_takes, ..rect }, chips.iter()).min(MOST_CHIPS);
    chips.truncate(if fit < total { fit.saturating_sub(1).max(1) } else { fit });
    let spec = &world.setup().queues[index as usize];
    Strip {
        title: spec.name.clone(),
        more: total - chips.len(),
        chips,
        parked: queue.parked_copies().len(),
        what: say::QUEUE,
        note,
        cut,
        durable: spec.durable,
        rect,
    }
}

/// What is left of a time that began and ends then, in thousandths.
fn left(world: &World, since: Instant, until: Instant) -> u16 {
    let whole = until.since(since).0.max(1);
    (until.since(world.now()).0.saturating_mul(1000) / whole).min(1000) as u16
}

/// A worker that works on a message whose order was rolled back: the ghost is to be seen where it is told.
fn ghost_in_hand(world: &World, ledger: &Ledger, actor: ActorId) -> Option<(Verdict, String)> {
    let Role::Worker(..) = world.cast().role(actor) else { return None };
    let (delivery, _) = world.worker(actor.0 - world.cast().broker.0 - 1).current()?;
    let order = world.message(delivery.message)?.order;
    ledger
        .is_undone(delivery.message)
        .then(|| (Verdict::Ghost, alert(Verdict::Ghost, &names::order(world, order))))
}

#[inline(never)]
fn alert(verdict: Verdict, order: &str) -> String {
    match verdict {
        Verdict::Ghost => say::does_not_exist(order),
        Verdict::Lost => say::nobody_hears_of(order),
        Verdict::Duplicate => say::done_twice(order),
        Verdict::HalfSent => say::half_told(order),
        Verdict::Stuck => say::stuck(order),
        Verdict::Parked => say::parked(order),
        Verdict::OutOfOrder => say::out_of_order(order),
        Verdict::Failed => say::failed(order),
        Verdict::Late => say::late_answer(order),
        Verdict::Overdue => say::NOT_DONE_IN_TIME.to_owned(),
    }
}

/// Who misses what is lost: nobody else may have got it.
#[inline(never)]
fn lost(world: &World, ledger: &Ledger, number: u32, order: &str) -> String {
    let finding = ledger.findings_of_order(number).find(|finding| finding.verdict == Verdict::Lost);
    let Some(finding) = finding else { return say::nobody_hears_of(order) };
    let mut consumers = world.setup().consumers.iter();
    let Some(who) = consumers.find(|consumer| consumer.queue == finding.queue) else {
        return say::nobody_hears_of(order);
    };
    if ledger.was_received(finding.message, finding.queue) {
        say::never_done_by(&who.name, order)
    } else if ledger.is_for_several(number) {
        say::never_hears_of(&who.name, order)
    } else {
        say::nobody_hears_of(order)
    }
}

/// Who is behind that door.
fn callee(world: &World, target: Target) -> Option<ActorId> {
    match target {
        Target::Queue(door) => world.takers(door).first().map(|&worker| world.worker_actor(worker)),
        Target::Topic(_) => None,
    }
}

/// The way of a call.
fn call_path(layout: &Layout, caller: ActorId, callee: ActorId) -> Path {
    let (from, to) = (layout.parties[caller.0 as usize], layout.parties[callee.0 as usize]);
    if layout.narrow {
        Path { from: (to.center(), from.y + from.h), to: (to.center(), to.y), down: true }
    } else {
        Path { from: (from.x + from.w, from.middle()), to: (to.x, to.middle()), down: false }
    }
}

/// The way of what the party publishes to that target.
fn publish_path(layout: &Layout, broker: Rect, actor: ActorId, target: Rect) -> Path {
    let rect = layout.parties[actor.0 as usize];
    if layout.narrow {
        Path { from: (rect.center(), rect.y + rect.h), to: (target.center(), broker.y), down: true }
    } else {
        Path { from: (rect.x + rect.w, rect.middle()), to: (broker.x, target.middle()), down: false }
    }
}

fn target_of(layout: &Layout, target: Target) -> Rect {
    match target {
        Target::Topic(topic) => layout.topics[topic as usize],
        Target::Queue(queue) => layout.queues[queue as usize],
    }
}

fn first_publish_path(world: &World, layout: &Layout, actor: ActorId) -> Path {
    let setup = world.setup();
    let service = match world.cast().role(actor) {
        Role::Relay(relay) => setup.relays[relay as usize].service,
        Role::Service(service) => service,
        _ => 0,
    };
    let target = setup.services.get(service as usize).and_then(|s| s.messages.first());
    publish_path(
        layout,
        layout.parties[world.cast().broker.0 as usize],
        actor,
        target.map_or(Rect::default(), |kind| target_of(layout, kind.target)),
    )
}

fn delivery_path(world: &World, layout: &Layout, actor: ActorId) -> Path {
    let Role::Worker(consumer, _) = world.cast().role(actor) else { return Path::default() };
    let broker = layout.parties[world.cast().broker.0 as usize];
    let strip = layout.queues[world.setup().consumers[consumer as usize].queue as usize];
    let rect = layout.parties[actor.0 as usize];
    if layout.narrow {
        Path { from: (rect.center(), broker.y + broker.h), to: (rect.center(), rect.y), down: true }
    } else {
        Path { from: (broker.x + broker.w, strip.middle()), to: (rect.x, rect.middle()), down: false }
    }
}

/// The way of a packet of that kind about that message.
pub fn packet_path(world: &World, layout: &Layout, party: ActorId, kind: PacketKind, message: u32) -> Path {
    use PacketKind::*;
    let publish = || {
        let found = world.message(message);
        let target = found.and_then(|m| {
            let service = world.setup().services.get(m.service as usize)?;
            Some(target_of(layout, service.messages.get(m.kind as usize)?.target))
        });
        target.map_or_else(
            || first_publish_path(world, layout, party),
            |t| publish_path(layout, layout.parties[world.cast().broker.0 as usize], party, t),
        )
    };
    if let Some(callee) = world.callee(message) {
        let path = call_path(layout, party, callee);
        return if kind == Call { path } else { path.reversed_and_shifted(15.0) };
    }
    match kind {
        Publish | Call => publish(),
        Confirm | Refuse | Reject | Response | Error => publish().reversed_and_shifted(15.0),
        // On the other side: the broker's word leaves at the same moment.
        Return => publish().reversed_and_shifted(-26.0),
        Delivery | Reply => delivery_path(world, layout, party),
        Ack | Nack | Poll | Delete | Extend => delivery_path(world, layout, party).reversed_and_shifted(15.0),
    }
}
