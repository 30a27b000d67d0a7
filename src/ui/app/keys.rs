//! What does a key do? The list that people see is in `help.rs`.

use super::super::browser;
use super::super::cards::Turn;
use super::super::diagram::Word as Sign;
use super::super::present::Gesture;
use super::super::share::Form;
use super::super::transport::Control;
use super::sharing::ShareMsg;
use super::{App, Msg};
use crate::sim::time::Instant;
use crate::timeline::marks::MarkKind;
use wasm_bindgen::JsCast;
use yew::prelude::*;

impl App {
    #[inline(never)]
    pub(super) fn key(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) -> bool {
        if event.key() == "Tab" {
            self.by_pointer = false;
        }
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return false;
        }
        // A dialog closes itself.
        if self.help || self.sharing.open {
            return false;
        }
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        // Tabs have their own.
        if target.as_ref().is_some_and(|tab| tab.matches("[role=tab]").unwrap_or_default())
            && matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight" | "Home" | "End")
        {
            return false;
        }
        let tag = target.as_ref().map(web_sys::Element::tag_name).unwrap_or_default();
        let kind = target.as_ref().and_then(|t| t.get_attribute("type")).unwrap_or_default();
        let (range, tick) = (kind == "range", kind == "checkbox");
        // Where people write, keys are letters.
        if (tag == "INPUT" && !range && !tick) || tag == "SELECT" {
            return false;
        }
        let pressed = matches!(tag.as_str(), "BUTTON" | "A" | "SUMMARY") || tick;
        if self.deck.open {
            return self.key_among_cards(ctx, event, pressed);
        }
        let marked = |forward: bool| self.next_mark(forward).map(Control::Jump);
        let control = match event.key().as_str() {
            // Who walks by the keyboard presses the button with it; after a click the space bar plays.
            " " if pressed && !self.by_pointer => return false,
            " " => {
                if pressed {
                    browser::blur();
                }
                Some(Control::Toggle)
            }
            "." => Some(Control::Interesting(true)),
            "," => Some(Control::Interesting(false)),
            "h" | "H" => Some(Control::Halt),
            "ArrowRight" if event.shift_key() => marked(true),
            "ArrowLeft" if event.shift_key() => marked(false),
            "PageDown" if self.podium.on => Some(Control::Step),
            "PageUp" if self.podium.on => Some(Control::Back),
            "ArrowRight" => Some(Control::Step),
            "ArrowLeft" => Some(Control::Back),
            // On the line itself they are what they are on every line.
            "ArrowUp" if range => Some(Control::Step),
            "ArrowDown" if range => Some(Control::Back),
            "Home" if range => Some(Control::Seek(Instant::START)),
            "Home" | "r" | "R" => Some(Control::Reset),
            "End" => Some(Control::Seek(self.session.end())),
            "+" | "=" => Some(Control::Speed(self.speed + 1)),
            "-" => Some(Control::Speed(self.speed.saturating_sub(1))),
            "u" | "U" => Some(Control::Undo),
            "n" | "N" => Some(Control::AnySeed),
            key => return self.other_key(ctx, key),
        };
        event.prevent_default();
        if let Some(control) = control {
            self.control(ctx, control);
        }
        true
    }

    #[inline(never)]
    fn key_among_cards(&mut self, ctx: &Context<Self>, event: &KeyboardEvent, pressed: bool) -> bool {
        let key = event.key();
        // Who walks by the keyboard presses the button with it.
        if key == " " && pressed && !self.by_pointer {
            return false;
        }
        let Some(turn) = App::card_key(&key) else { return false };
        event.prevent_default();
        self.turn(ctx, turn);
        true
    }

    #[inline(never)]
    fn other_key(&mut self, ctx: &Context<Self>, key: &str) -> bool {
        match key {
            "b" | "B" if self.session.scenario().counterpart.is_some() || self.session.beside().is_some() => {
                ctx.link().send_message(Msg::Beside)
            }
            "v" | "V" => self.flip(key == "v"),
            "l" | "L" => ctx.link().send_message(Msg::Share(ShareMsg::Copy(Form::Link))),
            // A part of another page is no more than that.
            "i" | "I" | "p" | "P" | "c" | "C" if self.embedded => return false,
            "d" | "D" => {
                let on = !self.sequence.on;
                ctx.link().send_message(Msg::Sequence(Sign::Show(on)));
            }
            "i" | "I" if !self.podium.on => ctx.link().send_message(Msg::Cards(Turn::Open)),
            "p" | "P" => ctx.link().send_message(Msg::Present(Gesture::Present(!self.podium.on))),
            "a" | "A" if self.podium.on => ctx.link().send_message(Msg::Present(Gesture::Reveal)),
            "c" | "C" if self.podium.on => return false,
            "c" | "C" if self.menu => self.close_menu(),
            "c" | "C" => self.open_menu(),
            "?" => self.help = true,
            "Escape" => {
                if self.podium.on {
                    ctx.link().send_message(Msg::Present(Gesture::Present(false)));
                } else if self.menu {
                    self.close_menu();
                } else if self.selected.is_some() {
                    self.deselect();
                }
                self.notice = None;
            }
            _ => return false,
        }
        true
    }

    pub(super) fn next_mark(&self, forward: bool) -> Option<u32> {
        let here = self.session.run().here().step();
        let mut steps = self.marks.iter().filter(|mark| mark.kind != MarkKind::Restart).map(|mark| mark.step);
        if forward { steps.find(|&step| step > here) } else { steps.rfind(|&step| step < here) }
    }
}
