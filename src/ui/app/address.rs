//! What does the address say, and when is it written?

use super::super::browser;
use super::focus::Focus;
use super::podium::Podium;
use super::{App, Msg};
use crate::lesson::packed;
use crate::scenario::{Scenario, catalogue};
use crate::timeline::link::{Link, Tab, View};
use crate::timeline::session::Session;
use crate::words::page as words;
use serde::de::DeserializeOwned;
use yew::prelude::*;

/// What an address opens.
pub(super) struct Opened {
    /// The run at its moment.
    pub(super) session: Session,
    /// How it is looked at.
    pub(super) view: View,
    /// Whether the play stops where a promise is broken.
    pub(super) halt: bool,
    /// Whether the sequence diagram stands in the place of the stage.
    pub(super) sequence: bool,
    /// What stands beside it.
    pub(super) tab: Tab,
    /// Whether the address carries a scenario, which is yet to be read.
    pub(super) carries: bool,
    /// The interview card of that number, instead of all that.
    pub(super) card: Option<u32>,
    /// What is wrong about the address.
    pub(super) notice: Option<String>,
}

/// What the address opens: the first scenario if it names none, or if something is wrong about it.
pub(super) fn from_address() -> Opened {
    let fragment = browser::fragment();
    let first = |card: Option<u32>, notice: Option<String>| {
        let scenario = catalogue::find(FIRST).unwrap_or(&catalogue::scenarios()[0]);
        let link = Link::to(scenario, None);
        Opened { card, notice, ..opened(&link, Session::open(scenario)) }
    };
    if fragment.is_empty() {
        return first(None, None);
    }
    if let Some(card) = fragment.strip_prefix("cards") {
        // Cards have no wrong numbers: there is always one on top.
        return first(Some(card.trim_start_matches('=').parse().unwrap_or(1)), None);
    }
    if fragment.starts_with("v=3&") {
        return Opened { carries: true, ..first(None, None) };
    }
    let none = |_: &str, _: &str| Err(words::UNKNOWN.to_owned());
    linked(&fragment, none).unwrap_or_else(|what| first(None, Some(words::damaged(&what))))
}

/// What a link opens. Apart, because most who come have none: prepare/src/split.rs.
#[inline(never)]
pub(super) fn linked(
    fragment: &str,
    read: impl FnOnce(&str, &str) -> Result<Scenario, String>,
) -> Result<Opened, String> {
    let link = Link::parse_with(fragment, read)?;
    let session = Session::at(&link)?;
    Ok(opened(&link, session))
}

fn opened(link: &Link, session: Session) -> Opened {
    let Link { view, halt, sequence, tab, .. } = *link;
    Opened { session, view, halt, sequence, tab, carries: false, card: None, notice: None }
}

/// The scenario that a newcomer sees: the ghost.
const FIRST: &str = "dual-write-ghost";

impl App {
    /// Shows what an address opens in that way.
    pub(super) fn show(&mut self, view: View, card: Option<u32>, ctx: &Context<Self>) {
        self.podium = if view == View::Present { Podium::begun() } else { Podium::default() };
        self.embedded = view == View::Embed;
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
        if let Some(reading) = &self.carrying.reading {
            return reading.fragment.clone();
        }
        self.address_as(None)
    }

    /// The address of this moment, in another view where that is asked for.
    pub(super) fn address_as(&self, view: Option<View>) -> String {
        let mut link = self.session.link();
        link.halt = self.halt;
        link.sequence = self.sequence.on;
        link.tab = self.tab;
        link.view = view.unwrap_or(match (self.podium.on, self.embedded) {
            (true, _) => View::Present,
            (_, true) => View::Embed,
            _ => View::Page,
        });
        link.write(self.session.scenario())
    }

    pub(super) fn write_address(&self) {
        if !self.playing {
            browser::replace_fragment(&self.address());
        }
    }

    /// The texts that stand beside the page are fetched when they are wanted.
    pub(super) fn ask_for_lessons(&mut self, ctx: &Context<Self>) {
        let files = self.learn.ask(&self.session.scenario().id);
        self.ask_for(files, ctx, Msg::Lessons, Missing::Lessons);
    }

    /// See [`App::ask_for_lessons`].
    pub(super) fn ask_for_cards(&mut self, ctx: &Context<Self>) {
        if self.deck.is_empty() {
            self.ask_for(vec!["assets/cards.bin".to_owned()], ctx, Msg::Deck, Missing::Cards);
        }
    }

    fn ask_for<T: DeserializeOwned + 'static>(
        &mut self,
        files: Vec<String>,
        ctx: &Context<Self>,
        come: fn(Vec<T>) -> Msg,
        missing: Missing,
    ) {
        self.missing.retain(|&other| other != missing);
        let link = ctx.link().clone();
        browser::fetch(files, move |bytes| {
            let texts = bytes.and_then(|bytes| packed::unpack(&bytes).ok());
            link.send_message(texts.map_or(Msg::Missing(missing), come));
        });
    }

    /// Texts did not come: that is told where they would stand, and they can be asked for again.
    pub(super) fn ask_again(&mut self, ctx: &Context<Self>, which: Missing) {
        match which {
            Missing::Lessons => self.ask_for_lessons(ctx),
            Missing::Cards => self.ask_for_cards(ctx),
        }
    }
}

/// Texts that could not be fetched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Missing {
    /// The lessons.
    Lessons,
    /// The interview cards.
    Cards,
}
