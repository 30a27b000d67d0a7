//! What follows from where the session stands: the lines, the views, the tokens.

use super::super::tokens::Message as LayerMessage;
use super::App;
use crate::scene::layout::Room;
use crate::scene::stage::stage;
use crate::scene::story;
use crate::scene::tokens;
use crate::timeline::marks::marks;
use crate::timeline::moment::Moment;
use crate::timeline::session::Session;
use std::rc::Rc;

/// How many sentences the log holds.
const LOG: u32 = 60;
/// A stage with more room than this is shown larger, up to so many times: it is read from the back of a room.
const WIDTH: f32 = 800.0;
/// See [`WIDTH`].
const HEIGHT: f32 = 400.0;
/// See [`WIDTH`].
const LARGEST: f32 = 1.75;
/// The height of a stage's caption, in pixels.
const CAPTION: f32 = 40.0;

impl App {
    /// Another session is in hand.
    pub(super) fn take(&mut self, session: Session) {
        self.session = session;
        self.pause();
        self.selected = None;
        self.seed_problem = None;
        self.typed = None;
        self.run_changed();
    }

    /// The run is another one.
    pub(super) fn run_changed(&mut self) {
        self.marks = Rc::new(marks(self.session.run()));
        self.moved();
        self.write_address();
    }

    /// The cursor is elsewhere.
    pub(super) fn moved(&mut self) {
        self.copied = false;
        let run = self.session.run();
        let here = run.here();
        let last = here.step();
        self.lines = Rc::new(story::lines(&here.world, &here.ledger, last.saturating_sub(LOG).max(1), last));
        let beside = self.session.beside().map(|beside| beside.run.here());
        let (width, height) = self.room;
        let two = beside.is_some();
        let height = if two { (height - 2.0 * CAPTION) / 2.0 } else { height - CAPTION };
        self.scale =
            if width < Room::NARROW { 1.0 } else { (width / WIDTH).min(height / HEIGHT).clamp(1.0, LARGEST) };
        let room = Room { width: width / self.scale, height: height / self.scale, compact: two };
        let view = |moment: &Moment| Rc::new(stage(moment, room));
        self.views = std::iter::once(here).chain(beside).map(view).collect();
    }

    pub(super) fn draw_tokens(&self) {
        let beside = self.session.beside().map(|beside| beside.run.here());
        let moments = std::iter::once(self.session.run().here()).chain(beside);
        for ((moment, view), layer) in moments.zip(&self.views).zip(&self.layers) {
            if let Some(layer) = layer {
                let tokens = tokens::tokens(moment, &view.layout, self.session.playhead(), self.steps_only);
                layer.send_message(LayerMessage::Frame(tokens));
            }
        }
    }
}
