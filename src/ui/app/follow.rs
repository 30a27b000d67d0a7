//! What follows from where the session stands: the lines, the views, the tokens.

use super::super::tokens::Message as LayerMessage;
use super::App;
use crate::check::ledger::Ledger;
use crate::check::measures::Measures;
use crate::scenario::{Part, Scenario};
use crate::scene::layout::Room;
use crate::scene::measures::{Large, large};
use crate::scene::plots::plots;
use crate::scene::stage::stage;
use crate::scene::story;
use crate::scene::tokens;
use crate::timeline::link::Tab;
use crate::timeline::marks::marks;
use crate::timeline::moment::Moment;
use crate::timeline::run::Run;
use crate::timeline::session::Session;
use crate::words::page as words;
use std::rc::Rc;

/// How many sentences the log holds.
const LOG: u32 = 60;
/// A stage with more room than this is shown larger, up to so many times: it is read from the back of a room.
const WIDTH: f32 = 800.0;
/// See [`WIDTH`].
const HEIGHT: f32 = 400.0;
/// See [`WIDTH`].
const LARGEST: f32 = 1.75;
/// The same for a presenter.
const LARGEST_PRESENTED: f32 = 2.5;
/// The height of a stage's caption, in pixels.
const CAPTION: f32 = 40.0;

impl App {
    /// Another session is in hand.
    pub(super) fn take(&mut self, session: Session) {
        self.carrying.reading = None;
        self.searching.stop_unless(&session.scenario().id);
        if self.session.own() != session.own() {
            self.searching.forget();
        }
        let left = std::mem::replace(&mut self.session, session);
        self.shelf.put(&left);
        self.shelf.give(&mut self.session);
        self.learn.another_run();
        self.deck.forget_experiment();
        self.pause();
        self.selected = None;
        self.seed_problem = None;
        self.typed = None;
        self.run_changed();
    }

    /// The run is another one.
    pub(super) fn run_changed(&mut self) {
        self.marks = Rc::new(marks(self.session.run()));
        self.find_difference();
        self.plot();
        self.sequence.forget();
        self.moved();
        self.write_address();
    }

    /// The runs on show: the one in hand, and the one beside it.
    fn runs(&self) -> impl Iterator<Item = &Run> {
        std::iter::once(self.session.run()).chain(self.session.beside().map(|beside| &beside.run))
    }

    /// The account of a moment as it is shown: to a presenter's room without what was found.
    pub(super) fn account<'m>(&'m self, place: usize, moment: &'m Moment) -> &'m Ledger {
        self.kept_back.get(place).unwrap_or(&moment.ledger)
    }

    /// The cursor is elsewhere.
    pub(super) fn moved(&mut self) {
        self.copied = false;
        self.learn.look(&self.session);
        self.kept_back = match self.podium.keeps_back() {
            true => self.runs().map(|run| run.here().ledger.kept_back()).collect(),
            false => Vec::new(),
        };
        let here = self.session.run().here();
        let (first, last) = (here.step().saturating_sub(LOG).max(1), here.step());
        self.lines = Rc::new(story::lines(&here.world, self.account(0, here), first, last));
        self.large = self.measure();
        let (width, height) = self.room;
        let two = self.session.beside().is_some();
        let height = if two { (height - 2.0 * CAPTION) / 2.0 } else { height - CAPTION };
        let largest = if self.podium.on { LARGEST_PRESENTED } else { LARGEST };
        self.scale =
            if width < Room::NARROW { 1.0 } else { (width / WIDTH).min(height / HEIGHT).clamp(1.0, largest) };
        let room = Room { width: width / self.scale, height: height / self.scale, compact: two };
        let view = |(place, run): (usize, &Run)| {
            Rc::new(stage(&run.here().world, self.account(place, run.here()), room))
        };
        self.views = self.runs().enumerate().map(view).collect();
    }

    /// What the scenario measures, by now, here and beside.
    #[inline(never)]
    fn measure(&self) -> Vec<(&'static str, Large)> {
        let of = |scenario: &Scenario, run: &Run| {
            let history = run.here().world.history();
            large(scenario, &Measures::of(run.setup(), history.iter()))
        };
        let scenario = self.session.scenario();
        let Some(here) = scenario.measure.and_then(|_| of(scenario, self.session.run())) else {
            return Vec::new();
        };
        let beside = self.session.beside();
        let there = beside.and_then(|beside| of(&beside.scenario, &beside.run));
        let words = match (scenario.part, &there) {
            (_, None) => ["", ""],
            (Part::Repaired, _) => [words::OF_REPAIRED, words::OF_NAIVE],
            _ => [words::OF_THIS, words::OF_REPAIRED],
        };
        words.into_iter().zip([Some(here), there].into_iter().flatten()).collect()
    }

    /// The plots of the runs on show, as long as somebody looks at them.
    #[inline(never)]
    pub(super) fn plot(&mut self) {
        if self.tab != Tab::Plots {
            return;
        }
        let runs: Vec<&Run> = self.runs().collect();
        self.plots = Rc::new(plots(&runs, self.session.end()));
    }

    pub(super) fn draw_tokens(&self) {
        // In the place of the stages: nobody would see them.
        if self.sequence.on {
            return;
        }
        let (playhead, steps_only) = (self.session.playhead(), self.steps_only);
        for (place, ((run, view), layer)) in self.runs().zip(&self.views).zip(&self.layers).enumerate() {
            if let Some(layer) = layer {
                let here = run.here();
                let tokens = tokens::tokens(
                    &here.world,
                    self.account(place, here),
                    &view.layout,
                    playhead,
                    steps_only,
                );
                layer.send_message(LayerMessage::Frame(tokens));
            }
        }
    }
}
