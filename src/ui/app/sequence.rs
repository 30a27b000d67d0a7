//! The sequence diagrams in the place of the stages: which records are looked at, and what is on its way to a file.

use super::super::diagram::{self, Drag, Sight, Word, chain, diagram, scrolled, sight};
use super::super::download;
use super::super::transport::Control;
use super::{App, Msg};
use crate::scene::diagram::svg::{self, Look, Size};
use crate::scene::diagram::{Index, lanes, told, window};
use crate::scene::export::{self, Format, export};
use crate::timeline::moment::Moment;
use crate::timeline::run::Run;
use std::cell::{Cell, OnceCell};
use yew::prelude::*;

/// The most records of a chain of causes that are told.
const CHAIN: usize = 24;

/// What is on show of one run.
#[derive(Default)]
struct Sheet {
    /// Made when it is first looked at.
    index: OnceCell<Index>,
    node: NodeRef,
    drag: Drag,
    /// How far it is scrolled, and the room that it has: width and height.
    seen: Cell<(i32, (i32, i32))>,
    /// The step that was last brought into sight.
    followed: Cell<Option<u32>>,
}

/// The sequence diagrams.
#[derive(Default)]
pub(super) struct Sequence {
    pub(super) on: bool,
    sheets: [Sheet; 2],
    chosen: Option<(usize, u32)>,
    over: Option<(usize, u32)>,
}

impl Sequence {
    /// The runs are others.
    pub(super) fn forget(&mut self) {
        for sheet in &mut self.sheets {
            sheet.index.take();
        }
        (self.chosen, self.over) = (None, None);
    }

    fn looked_at(&self) -> Option<(usize, u32)> {
        self.over.or(self.chosen)
    }
}

impl App {
    fn run_of(&self, index: usize) -> &Run {
        match self.session.beside() {
            Some(beside) if index > 0 => &beside.run,
            _ => self.session.run(),
        }
    }

    fn sight_of(&self, index: usize) -> Sight {
        let run = self.run_of(index);
        let (top, room) = self.sequence.sheets[index].seen.get();
        let room = if room.0 > 0 { room } else { (self.room.0 as i32 - 16, self.room.1 as i32) };
        let lanes = run.here().world.cast().actors.len() as u8;
        sight(run.here().step(), run.end().step(), lanes, top, room)
    }

    pub(super) fn hear_sequence(&mut self, ctx: &Context<Self>, word: Word) -> bool {
        match word {
            Word::Show(on) => {
                self.sequence.on = on;
                self.sequence.forget();
                for sheet in &self.sequence.sheets {
                    sheet.followed.set(None);
                }
                self.selected = None;
                self.write_address();
            }
            Word::Seen(index) => return self.measure_sheet(index),
            Word::Over(index, place) => {
                let over = place.map(|place| (index, place));
                if self.sequence.over == over {
                    return false;
                }
                self.sequence.over = over;
            }
            Word::Choose(index, place) => {
                let chosen = place.map(|place| (index, place));
                self.sequence.chosen = chosen.filter(|_| self.sequence.chosen != chosen);
            }
            Word::Next(index, forward) => self.choose_next(index, forward),
            Word::Travel(index, step) => self.travel(ctx, index, step),
            Word::Go => {
                if let Some((index, place)) = self.sequence.chosen
                    && let Some(record) = self.run_of(index).end().world.history().get(place)
                {
                    let step = record.step;
                    self.travel(ctx, index, step);
                }
            }
            Word::Export(format) => self.export(format),
        }
        true
    }

    fn travel(&mut self, ctx: &Context<Self>, index: usize, step: u32) {
        let control = match index {
            0 => Control::Jump(step),
            _ => Control::Seek(self.run_of(index).time_of(step)),
        };
        self.control(ctx, control);
    }

    /// Looks where the sheet stands. Whether other rows are to be drawn.
    fn measure_sheet(&mut self, index: usize) -> bool {
        let before = self.sight_of(index);
        let sheet = &self.sequence.sheets[index];
        let Some(node) = sheet.node.cast::<web_sys::Element>() else { return false };
        sheet.seen.set((node.scroll_top(), (node.client_width(), node.client_height())));
        before != self.sight_of(index)
    }

    /// The next record that has words, from the one that is chosen.
    fn choose_next(&mut self, index: usize, forward: bool) {
        let here = self.run_of(index).here();
        let history = here.world.history();
        let chosen = self.sequence.chosen.filter(|&(on, _)| on == index).map(|(_, place)| place);
        let step = chosen.and_then(|place| history.get(place)).map_or(here.step(), |record| record.step);
        let (first, last) = (step.saturating_sub(60), step.saturating_add(60));
        let window = window(self.index_of(index), &here.world, &here.ledger, first, last);
        let mut places =
            window.rows.iter().flat_map(|row| row.texts.iter().map(|text| (text.place, row.step)));
        let next = match chosen {
            None => places.next_back(),
            Some(chosen) if forward => places.find(|&(place, _)| place > chosen),
            Some(chosen) => places.rfind(|&(place, _)| place < chosen),
        };
        if let Some((place, step)) = next {
            self.sequence.chosen = Some((index, place));
            self.bring_into_sight(index, step);
        }
    }

    fn index_of(&self, index: usize) -> &Index {
        self.sequence.sheets[index].index.get_or_init(|| Index::of(&self.run_of(index).end().world))
    }

    fn bring_into_sight(&self, index: usize, step: u32) {
        let sheet = &self.sequence.sheets[index];
        let Some(node) = sheet.node.cast::<web_sys::Element>() else { return };
        if let Some(top) = scrolled(step, self.sight_of(index), node.scroll_top(), node.client_height()) {
            node.set_scroll_top(top);
        }
    }

    /// After the page was drawn: the present stays in sight, and what has another size or place is drawn anew.
    pub(super) fn follow_sequence(&self, ctx: &Context<Self>) {
        if !self.sequence.on {
            return;
        }
        for index in 0..=usize::from(self.session.beside().is_some()) {
            let sheet = &self.sequence.sheets[index];
            let step = self.run_of(index).here().step();
            let Some(node) = sheet.node.cast::<web_sys::Element>() else { continue };
            let room = (node.client_width(), node.client_height());
            if sheet.followed.replace(Some(step)) != Some(step) || sheet.seen.get().1 != room {
                self.bring_into_sight(index, step);
            }
            // Its place, too: another node stands at the top, and says nothing of it.
            if sheet.seen.get() != (node.scroll_top(), room) {
                ctx.link().send_message(Msg::Sequence(Word::Seen(index)));
            }
        }
    }

    /// The diagram of a run.
    pub(super) fn sheet(&self, ctx: &Context<Self>, index: usize, moment: &Moment) -> Html {
        let (world, ledger) = (&moment.world, self.account(index, moment));
        let sight = self.sight_of(index);
        let looked_at = self.sequence.looked_at().filter(|&(on, _)| on == index);
        let chain: Vec<u32> =
            looked_at.map_or(Vec::new(), |(_, place)| crate::scene::diagram::chain(world, place, CHAIN));
        let window = window(self.index_of(index), world, ledger, sight.first, sight.last);
        let name = diagram::name(index);
        let sheet = &self.sequence.sheets[index];
        diagram(&diagram::Props {
            index,
            lanes: lanes(world),
            drawn: svg::draw(world, &window, sight.size, Look::Page, &chain, &name),
            sight,
            now: moment.step(),
            // What has not happened yet cannot be looked at.
            chosen: chain.last().copied(),
            node: sheet.node.clone(),
            drag: sheet.drag.clone(),
            onword: ctx.link().callback(Msg::Sequence),
        })
    }

    /// What led to what is looked at.
    pub(super) fn chain(&self, ctx: &Context<Self>) -> Html {
        if !self.sequence.on {
            return Html::default();
        }
        let looked_at = self.sequence.looked_at();
        // Nothing is looked at: what led to the present.
        let last = self.session.run().here().world.history().len() as u32;
        let (index, place) = looked_at.unwrap_or((0, last.saturating_sub(1)));
        let moment = self.run_of(index).here();
        let told = told(
            &moment.world,
            self.account(index, moment),
            &crate::scene::diagram::chain(&moment.world, place, CHAIN),
        );
        let link = ctx.link();
        let onjump = link.callback(move |step| Msg::Sequence(Word::Travel(index, step)));
        let onclose = link.callback(move |_: MouseEvent| Msg::Sequence(Word::Choose(index, None)));
        chain(&told, looked_at.is_some() && self.sequence.over.is_none(), &onjump, onclose)
    }

    /// The run on show up to now, as a file.
    fn export(&self, format: Option<Format>) {
        let moment = self.session.run().here();
        let (world, ledger) = (&moment.world, self.account(0, moment));
        let id = &self.session.scenario().id;
        if let Some(format) = format {
            let name = format!("{id}.{}", format.ending());
            return download::text(&name, format.media_type(), &export(format, world, ledger));
        }
        // As much of it as a canvas holds: the last rows.
        let size = Size::PAPER;
        let most = ((download::TALLEST - size.head) / size.row) as u32;
        let rows = i64::from(world.steps().clamp(1, most));
        let drawn = export::picture(world, ledger, most);
        let lanes = world.cast().actors.len() as u8;
        download::pixels(&format!("{id}.png"), &drawn, (size.width(lanes), size.head + size.row * rows));
    }
}
