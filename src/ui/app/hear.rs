//! What does the page do when it is told something?

use super::super::browser;
use super::address::from_address;
use super::focus::Focus;
use super::{App, Msg};
use crate::timeline::session::Session;
use yew::prelude::*;

impl App {
    /// Does what a message asks for. Returns whether the page is another one.
    pub(super) fn hear(&mut self, ctx: &Context<Self>, message: Msg) -> bool {
        match message {
            Msg::Frame(at) => return self.frame(ctx, at),
            Msg::Control(control) => self.control(ctx, control),
            Msg::Open(scenario) => {
                if self.menu {
                    self.close_menu();
                }
                self.notice = None;
                self.take(Session::open(scenario));
            }
            Msg::Beside => {
                if self.session.beside().is_some() {
                    self.session.take_beside_away();
                } else {
                    self.session.lay_beside();
                }
                self.run_changed();
            }
            Msg::Act(command) => {
                self.session.act(command);
                self.run_changed();
            }
            Msg::Select(..) if self.podium.on => return false,
            Msg::Select(stage, selection) => {
                let chosen = (stage, selection);
                self.selected = (self.selected != Some(chosen)).then_some(chosen);
                if self.selected.is_some() {
                    self.from = browser::focused();
                    self.focus = Some(Focus::Inspector);
                }
            }
            Msg::Tab(tab) => {
                self.tab = tab;
                self.plot();
                self.write_address();
            }
            Msg::Own(said) => self.hear_own(ctx, said),
            Msg::Sequence(word) => return self.hear_sequence(ctx, word),
            Msg::Search(message) => self.hear_search(ctx, message),
            Msg::Deselect => self.deselect(),
            Msg::Share(message) => self.hear_share(ctx, message),
            Msg::Compare(wish) => self.hear_wish(ctx, wish),
            Msg::OpenCompare => self.open_compare(),
            Msg::Help(open) => self.help = open,
            Msg::Menu(true) => self.open_menu(),
            Msg::Menu(false) => self.close_menu(),
            Msg::MenuLeft => return std::mem::take(&mut self.menu),
            Msg::Pointer => {
                self.by_pointer = true;
                return false;
            }
            Msg::Key(event) => return self.key(ctx, &event),
            Msg::Address => {
                if browser::fragment() == self.address() {
                    return false;
                }
                let mut opened = from_address();
                self.notice = opened.notice.take();
                if opened.carries {
                    self.read_own(ctx);
                } else if self.notice.is_none() {
                    self.arrive(ctx, opened);
                }
                // A damaged address leaves what is there alone.
            }
            Msg::Hidden(hidden) => {
                if !hidden || !self.playing {
                    return false;
                }
                self.pause();
                self.write_address();
            }
            Msg::Room(width, height) => {
                // Nothing is laid out while the stages are not to be seen.
                if self.room == (width, height) || width == 0.0 {
                    return false;
                }
                self.room = (width, height);
                self.moved();
            }
            Msg::Layer(index, layer) => {
                self.layers[index] = Some(layer);
                self.draw_tokens();
                return false;
            }
            Msg::Lessons(lessons) => {
                self.learn.take(lessons);
                self.learn.look(&self.session);
            }
            Msg::Deck(cards) => {
                self.deck.take(cards);
                if self.deck.open {
                    self.focus = Some(Focus::Card);
                }
            }
            Msg::Missing(which) => self.missing.push(which),
            Msg::AskAgain(which) => self.ask_again(ctx, which),
            Msg::Learn(word) => self.learn(ctx, word),
            Msg::Cards(turn) => self.turn(ctx, turn),
            Msg::Present(gesture) => self.gesture(gesture),
            Msg::Dismiss => self.notice = None,
        }
        true
    }
}
