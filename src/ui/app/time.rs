//! Who moves time? The one owner of the clock: frames while the run plays, and the controls.

use super::super::browser;
use super::super::transport::{Control, SPEEDS};
use super::focus::Focus;
use super::{App, HALT, Msg};
use crate::scenario::words::parse_seed;
use crate::sim::time::Span;
use crate::timeline::interest::interesting;
use yew::prelude::*;

/// The slowest a frame may be taken for, in milliseconds: a page that was away does not catch up.
const LONGEST_FRAME: f64 = 100.0;
/// Between two steps of a run that plays in steps (reduced motion), in milliseconds at speed 1.
const STEP_PAUSE: f64 = 900.0;

/// Between two moves of clock and line while the run plays, in milliseconds: each asks the browser for a layout,
/// and nobody reads faster.
const HANDS_PAUSE: f64 = 48.0;

impl App {
    #[inline(never)]
    pub(super) fn frame(&mut self, ctx: &Context<Self>, at: f64) -> bool {
        if !self.playing {
            return false;
        }
        let since = self.last_frame.map_or(0.0, |last| (at - last).clamp(0.0, LONGEST_FRAME));
        self.last_frame = Some(at);
        let speed = f64::from(SPEEDS[self.speed]) / 100.0;
        let before = self.session.run().here().step();
        let breach = self.halt.then(|| self.session.next_breach()).flatten();
        let mut halted = false;
        let moved = if self.steps_only {
            self.owed += since * speed;
            let step = self.owed >= STEP_PAUSE;
            if step {
                self.owed = 0.0;
                self.session.step();
                halted = self.session.is_past(breach);
            }
            step
        } else {
            self.owed += since * speed * 1000.0;
            let whole = self.owed.floor();
            self.owed -= whole;
            let moved;
            (moved, halted) = self.session.pass_to_breach(Span(whole as u64), breach);
            moved
        };
        // Where a prediction is proved the run stops, so that the answer can be read at its moment.
        let proof = self.stops_since(before);
        if let Some(step) = proof {
            self.session.seek_step(step);
            self.focus = Some(Focus::Answer);
        }
        let ended = self.session.at_end() && self.session.playhead() >= self.session.end() || proof.is_some();
        if moved || ended {
            self.moved();
        }
        if ended || halted {
            self.pause();
            self.lead(Focus::Verdict);
            self.write_address();
        } else {
            self.ask_for_a_frame(ctx);
        }
        if !moved {
            if at - self.hands_at >= HANDS_PAUSE {
                self.hands_at = at;
                self.hands.show(self.session.playhead(), self.session.end());
            }
            self.draw_tokens();
        }
        moved || ended
    }

    fn ask_for_a_frame(&self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        browser::next_frame(move |at| link.send_message(Msg::Frame(at)));
    }

    pub(super) fn play(&mut self, ctx: &Context<Self>) {
        self.read_answer();
        if self.session.at_end() {
            self.session.seek_step(0);
            self.moved();
        }
        self.playing = true;
        self.lead(Focus::Stage);
        self.last_frame = None;
        self.owed = if self.steps_only { STEP_PAUSE } else { 0.0 };
        self.ask_for_a_frame(ctx);
    }

    /// What matters now comes into sight; a presenter's view has it all.
    fn lead(&mut self, to: Focus) {
        if !self.podium.on {
            self.focus.get_or_insert(to);
        }
    }

    pub(super) fn pause(&mut self) {
        self.playing = false;
        self.last_frame = None;
    }

    #[inline(never)]
    pub(super) fn control(&mut self, ctx: &Context<Self>, control: Control) {
        match control {
            Control::Toggle if self.playing => {
                self.pause();
                self.write_address();
            }
            Control::Toggle => return self.play(ctx),
            Control::Speed(speed) => {
                self.speed = speed.min(SPEEDS.len() - 1);
                return;
            }
            Control::Typing(text) => {
                self.typed = Some(text);
                return;
            }
            Control::Halt => {
                self.halt = !self.halt;
                browser::keep_or_forget(HALT, self.halt);
                self.write_address();
                return;
            }
            _ => {}
        }
        let mut changed = false;
        match control {
            Control::Step => self.session.step(),
            Control::Back => self.session.step_back(),
            Control::Seek(at) => {
                self.session.seek(at);
            }
            Control::Jump(step) => self.session.seek_step(step),
            Control::Interesting(forward) => {
                let run = self.session.run();
                if let Some(step) = interesting(run, run.here().step(), forward) {
                    self.session.seek_step(step);
                }
            }
            Control::Reset => {
                self.session.reset();
                self.learn.another_run();
                self.selected = None;
                changed = true;
            }
            Control::Undo => {
                changed = self.session.undo();
            }
            Control::Seed(text) => match parse_seed(text.trim()) {
                Ok(seed) => {
                    self.seed_problem = None;
                    self.typed = None;
                    self.session.reseed(seed);
                    self.learn.another_run();
                    changed = true;
                }
                Err(problem) => self.seed_problem = Some(problem),
            },
            Control::AnySeed => {
                self.seed_problem = None;
                self.typed = None;
                self.session.reseed(browser::any_seed());
                self.learn.another_run();
                changed = true;
            }
            Control::Toggle | Control::Speed(_) | Control::Typing(_) | Control::Halt => {}
        }
        self.pause();
        if changed {
            self.run_changed();
        } else {
            self.moved();
        }
        self.write_address();
    }
}
