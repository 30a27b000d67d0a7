//! The run as a trace that Perfetto (<https://ui.perfetto.dev>) and Chrome (`chrome://tracing`) show: a track for each
//! party, a flow for each packet, an instant for each fault and for what the judge found.
//!
//! The trace event format, in its JSON form: <https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>.
//! Times are microseconds of virtual time. A step takes no time; it is drawn as long as the format's shortest slice,
//! because a flow begins and ends at slices.

use super::diagram::{Arrow, BarKind, Fate, Index, window, words};
use super::json::Object;
use super::{names, story};
use crate::broker::record::{Kind, Record};
use crate::broker::world::World;
use crate::check::ledger::Ledger;
use crate::check::measures::Gauges;
use crate::fault::point::ActorId;
use crate::scenario::write::write_fault;
use crate::words::exports as say;

/// How long a step is drawn, in microseconds.
const STEP: u64 = 1;

/// The trace of a run so far, one event a line.
pub fn events(world: &World, ledger: &Ledger) -> String {
    let mut trace =
        Trace { world, out: String::from("{\"displayTimeUnit\":\"ms\",\"traceEvents\":["), any: false };
    for (n, _) in (0..).zip(&world.cast().actors) {
        let title = names::party_title(world, ActorId(n));
        trace.event("M", "thread_name", ActorId(n), 0, |event| {
            event.object("args", |args| _ = args.text("name", &title));
        });
        trace.event("M", "thread_sort_index", ActorId(n), 0, |event| {
            event.object("args", |args| _ = args.number("sort_index", n));
        });
    }
    let index = Index::of(world);
    let window = window(&index, world, ledger, 1, world.steps().max(1));
    for row in &window.rows {
        for text in &row.texts {
            trace.slice(&text.words, text.lane, row.at.0, STEP, row.step);
        }
    }
    for (id, arrow) in (1..).zip(&window.arrows) {
        trace.packet(id, arrow);
    }
    for (id, bar) in (1_u32..).zip(&window.bars) {
        let end = trace.at(bar.end).unwrap_or(world.now().0);
        let name = match bar.kind {
            BarKind::Transaction => say::TRANSACTION.to_owned(),
            BarKind::Hidden => say::hidden(&names::label(world, bar.subject)),
            BarKind::Down => say::DOWN.to_owned(),
            BarKind::NoDatabase => say::NO_DATABASE.to_owned(),
            BarKind::Cut => say::CUT_OFF.to_owned(),
        };
        // They may overlap, so they are asynchronous: with an id, and not nested in the slices of the track.
        for (phase, at) in [("b", trace.at(bar.start).unwrap_or_default()), ("e", end)] {
            trace.event(phase, &name, bar.lane, at, |event| {
                event.text("cat", "lasting").number("id", id);
            });
        }
    }
    trace.faults();
    for finding in ledger.findings() {
        let line = story::found_line(world, ledger, finding);
        let lane = line.place.unwrap_or(ActorId(0));
        trace.event(
            "i",
            &format!("{}: {}", finding.verdict.name(), line.text),
            lane,
            finding.at.0,
            |event| {
                event.text("cat", "verdict").text("s", "g");
            },
        );
    }
    trace.depths();
    trace.out.push_str("\n]}\n");
    trace.out
}

struct Trace<'w> {
    world: &'w World,
    out: String,
    any: bool,
}

impl Trace<'_> {
    fn event(&mut self, phase: &str, name: &str, lane: ActorId, at: u64, more: impl FnOnce(&mut Object<'_>)) {
        self.out.push_str(if self.any { ",\n" } else { "\n" });
        self.any = true;
        let mut event = Object::begin(&mut self.out);
        // Tracks are counted from 1: 0 is the idle one.
        event.text("ph", phase).text("name", name).number("pid", 1_u32).number("tid", u32::from(lane.0) + 1);
        event.number("ts", at);
        more(&mut event);
        event.end();
    }

    fn slice(&mut self, name: &str, lane: ActorId, at: u64, long: u64, step: u32) {
        self.event("X", name, lane, at, |event| {
            event.number("dur", long).object("args", |args| _ = args.number("step", step));
        });
    }

    fn at(&self, place: u32) -> Option<u64> {
        self.world.history().get(place).map(|record| record.at.0)
    }

    /// A packet: a slice where it is sent, and a flow from there to the slice where it arrives, or the word that it
    /// does not.
    fn packet(&mut self, id: u32, arrow: &Arrow) {
        let sent = self.at(arrow.sent).unwrap_or_default();
        let name = words::packet(self.world, arrow);
        self.slice(&say::send(&name), arrow.from, sent, STEP, arrow.first);
        let flow = |event: &mut Object<'_>| _ = event.text("cat", "packet").number("id", id);
        self.event("s", "packet", arrow.from, sent, flow);
        match (self.at(arrow.end), arrow.fate) {
            (Some(at), Fate::Arrived | Fate::Refused) => self.event("f", "packet", arrow.to, at, |event| {
                event.text("bp", "e");
                flow(event);
            }),
            (at, fate) => {
                let name = if fate == Fate::Lost { name } else { say::not_heeded(&name) };
                self.event("i", &name, arrow.from, at.unwrap_or(sent), |event| {
                    event.text("s", "t");
                    flow(event);
                });
            }
        }
    }

    fn faults(&mut self) {
        let world = self.world;
        for record in world.history().iter() {
            if let Some(name) = fault(world, record) {
                self.event("i", &name, record.actor, record.at.0, |event| {
                    event.text("cat", "fault").text("s", "p");
                });
            }
        }
    }

    /// How many messages wait in each queue, as counters.
    fn depths(&mut self) {
        let world = self.world;
        let mut gauges = Gauges::new(world.setup());
        let mut before = vec![0; world.setup().queues.len()];
        for record in world.history().iter() {
            gauges.observe(record);
            for (queue, before) in (0..).zip(&mut before) {
                let depth = gauges.depth(queue);
                if depth != *before {
                    *before = depth;
                    let name = say::waiting_in(names::queue(world.setup(), queue.into()));
                    self.event("C", &name, ActorId(0), record.at.0, |event| {
                        event.object("args", |args| _ = args.number("messages", depth));
                    });
                }
            }
        }
    }
}

/// What a fault is called where it strikes.
fn fault(world: &World, record: &Record) -> Option<String> {
    match record.kind {
        Kind::Struck => world.fault(record.other).map(|fault| write_fault(&fault, world.cast())),
        Kind::Crashed | Kind::Cut | Kind::DatabaseDown | Kind::Laid => {
            words::event(world, record).map(|(words, _)| words)
        }
        _ => None,
    }
}
