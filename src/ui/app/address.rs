//! What does the address say, and when is it written?

use super::super::browser;
use super::focus::Focus;
use super::podium::Podium;
use super::{App, Msg};
use crate::lesson::packed;
use crate::scenario::catalogue;
use crate::timeline::link::{Link, View};
use crate::timeline::session::Session;
use yew::prelude::*;

/// What an address opens.
pub(super) struct Opened {
    /// The run at its moment.
    pub(super) session: Session,
    /// How it is looked at.
    pub(super) view: View,
    /// The interview card of that number, instead of all that.
    pub(super) card: Option<u32>,
    /// What is wrong about the address.
    pub(super) notice: Option<String>,
}

/// What the address opens: the first scenario if it names none, or if something is wrong about it.
pub(super) fn from_address() -> Opened {
    let fragment = browser::fragment();
    let session = Session::open(catalogue::find(FIRST).unwrap_or(&catalogue::scenarios()[0]));
    let mut opened = Opened { session, view: View::Page, card: None, notice: None };
    let (key, value) = fragment.split_once('=').unwrap_or((&fragment, ""));
    if key == "cards" {
        // Cards have no wrong numbers: there is always one on top.
        opened.card = Some(value.parse().unwrap_or(1));
        return opened;
    }
    if fragment.is_empty() {
        return opened;
    }
    match Link::parse(&fragment).and_then(|link| Ok((Session::at(&link)?, link.view))) {
        Ok((session, view)) => Opened { session, view, ..opened },
        Err(what) => {
            let stop = if what.ends_with(['.', '?']) { "" } else { "." };
            opened.notice =
                Some(format!("The link could not be opened: {what}{stop} Here is the catalogue instead."));
            opened
        }
    }
}

/// The scenario that a newcomer sees: the ghost.
const FIRST: &str = "dual-write-ghost";

impl App {
    /// Shows what an address opens in that way.
    pub(super) fn show(&mut self, view: View, card: Option<u32>, ctx: &Context<Self>) {
        self.podium = if view == View::Present { Podium::begun() } else { Podium::default() };
        self.deck.open = card.is_some();
        if let Some(number) = card {
            self.pause();
            self.deck.lay(number);
            self.ask_for_cards(ctx);
            self.focus = Some(Focus::Card);
        }
    }

    /// The address of what is shown.
    pub(super) fn address(&self) -> String {
        if self.deck.open {
            return self.deck.address();
        }
        let mut link = self.session.link();
        link.view = if self.podium.on { View::Present } else { View::Page };
        link.write(self.session.scenario())
    }

    pub(super) fn write_address(&self) {
        if !self.playing {
            browser::replace_fragment(&self.address());
        }
    }

    /// The texts that stand beside the page are fetched when they are wanted.
    pub(super) fn ask_for_lessons(&self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        browser::fetch("assets/lessons.bin", move |bytes| {
            if let Ok(lessons) = packed::unpack(&bytes) {
                link.send_message(Msg::Lessons(lessons));
            }
        });
    }

    /// See [`App::ask_for_lessons`].
    pub(super) fn ask_for_cards(&self, ctx: &Context<Self>) {
        if !self.deck.is_empty() {
            return;
        }
        let link = ctx.link().clone();
        browser::fetch("assets/cards.bin", move |bytes| {
            if let Ok(cards) = packed::unpack(&bytes) {
                link.send_message(Msg::Deck(cards));
            }
        });
    }
}
