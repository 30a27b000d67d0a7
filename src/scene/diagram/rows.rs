//! What is to be seen in some rows of the diagram, at a moment of the run.

use super::index::{Arrow, Bar, Fate, Index};
use super::words;
use crate::broker::record::{NONE, Record};
use crate::broker::world::World;
use crate::check::finding::Verdict;
use crate::check::ledger::Ledger;
use crate::fault::point::ActorId;
use crate::scene::story::findings_of_step;
use crate::sim::time::Instant;
use crate::words::diagram::IN;

/// How much a word matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// For whoever looks closely.
    Light,
    /// It belongs to the plot.
    Plain,
    /// Something goes wrong.
    Heavy,
}

/// What stands at a party in a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// At whom.
    pub lane: ActorId,
    /// The words.
    pub words: String,
    /// How much the weightiest of them matters.
    pub weight: Weight,
    /// The place of the record that they are about: of several the first.
    pub place: u32,
    /// Of several the last.
    pub last: u32,
    /// The sender of the packet that arrives there, if one does: its line comes from that side.
    pub from: Option<ActorId>,
}

/// A step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Which.
    pub step: u32,
    /// When.
    pub at: Instant,
    /// What stands in it, in the order of the records.
    pub texts: Vec<Text>,
    /// What the judge found in it: the first of it.
    pub found: Option<Verdict>,
}

/// Some rows of the diagram, with all that crosses them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Window {
    /// How many lanes there are.
    pub lanes: u8,
    /// The first row that was asked for.
    pub first: u32,
    /// The last.
    pub last: u32,
    /// The last step that has happened: what comes later is not known yet.
    pub now: u32,
    /// The steps in it that have happened, in order.
    pub rows: Vec<Row>,
    /// The packets that cross it; of those on their way at the moment nothing more is known, and they reach to now.
    pub arrows: Vec<Arrow>,
    /// What lasts in it; what is open at the moment has no end.
    pub bars: Vec<Bar>,
}

/// The rows of the steps from `first` to `last` (row 0 is the start), as they are in that world. The index may know more
/// of the same run than the world: what is later is left out.
pub fn window(index: &Index, world: &World, ledger: &Ledger, first: u32, last: u32) -> Window {
    let now = world.steps();
    // Never fewer rows than one: a drawing has a height.
    let last = last.max(first);
    let seen = last.min(now);
    let mut arrows: Vec<Arrow> = index.arrows(first, seen).copied().collect();
    for arrow in arrows.iter_mut().filter(|arrow| arrow.last > now) {
        (arrow.end, arrow.fate, arrow.last) = (NONE, Fate::Unheeded, now);
    }
    let mut ends: Vec<(u32, usize)> = (0..).zip(&arrows).map(|(n, arrow)| (arrow.end, n)).collect();
    ends.sort_unstable();
    // What is on its way has its words where it set out, until it arrives.
    let mut under_way: Vec<(u32, usize)> = (0..).zip(&arrows).map(|(n, arrow)| (arrow.sent, n)).collect();
    under_way.retain(|&(_, n)| arrows[n].end == NONE);
    let leaving = |place| {
        let at = under_way.binary_search_by_key(&place, |&(sent, _)| sent).ok()?;
        arrows.get(under_way[at].1)
    };
    let ending = |place| {
        let at = ends.binary_search_by_key(&place, |&(end, _)| end).ok()?;
        arrows.get(ends[at].1)
    };
    let mut bars: Vec<Bar> = index.bars(first, seen).copied().collect();
    for bar in bars.iter_mut().filter(|bar| bar.last > now) {
        (bar.end, bar.last, bar.good) = (NONE, u32::MAX, false);
    }
    let history = world.history();
    let start = history.first_not(|record| record.step < first.max(1));
    let mut rows: Vec<Row> = Vec::new();
    for (place, record) in (start..).zip(history.iter_from(start as usize)) {
        if record.step > seen {
            break;
        }
        if rows.last().is_none_or(|row| row.step != record.step) {
            let found = findings_of_step(ledger, record.step).next().map(|finding| finding.verdict);
            rows.push(Row { step: record.step, at: record.at, texts: Vec::new(), found });
        }
        let Some(row) = rows.last_mut() else { continue };
        for text in texts(world, ending(place), place, record) {
            join(&mut row.texts, text);
        }
        // Where something else is said, what sets out there is not.
        if let Some(arrow) = leaving(place)
            && row.texts.iter().all(|text| text.lane != arrow.from)
        {
            let words = format!("{} …", words::packet(world, arrow));
            row.texts.push(Text {
                lane: arrow.from,
                words,
                weight: Weight::Light,
                place,
                last: place,
                from: None,
            });
        }
    }
    let lanes = world.cast().actors.len() as u8;
    Window { lanes, first, last, now, rows, arrows, bars }
}

/// What a record says: the packet whose way it ends, then what it is itself.
fn texts(world: &World, came: Option<&Arrow>, place: u32, record: &Record) -> impl Iterator<Item = Text> {
    let packet = came.map(|arrow| Text {
        lane: arrow.to,
        words: words::packet(world, arrow),
        weight: match arrow.fate {
            Fate::Lost | Fate::Refused => Weight::Heavy,
            _ if arrow.message == NONE => Weight::Light,
            _ => Weight::Plain,
        },
        place,
        last: place,
        from: Some(arrow.from),
    });
    let own = words::event(world, record).map(|(words, weight)| Text {
        lane: record.actor,
        words,
        weight,
        place,
        last: place,
        from: None,
    });
    packet.into_iter().chain(own)
}

/// One text for each party in a row: what is said twice is said once.
pub(super) fn join(texts: &mut Vec<Text>, text: Text) {
    let Some(there) = texts.iter_mut().find(|there| there.lane == text.lane) else { return texts.push(text) };
    // `in mails` and `in audit`: `in mails, audit`.
    let last = there.words.rsplit(" · ").next().unwrap_or_default();
    match text.words.strip_prefix(IN).filter(|_| last.starts_with(IN)) {
        Some(queue) => there.words = format!("{}, {queue}", there.words),
        None if there.words.is_empty() => there.words = text.words,
        None => there.words = format!("{} · {}", there.words, text.words),
    }
    there.weight = there.weight.max(text.weight);
    there.last = text.last;
    there.from = there.from.or(text.from);
}
