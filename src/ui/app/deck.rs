//! Which card is on top? The interview cards in somebody's hands.

use super::super::browser;
use super::super::cards::{self, Turn, cards};
use super::address::Missing;
use super::focus::Focus;
use super::{App, Msg};
use crate::lesson::Card;
use crate::sim::chance::Dice;
use crate::sim::chance::SpanRange;
use crate::sim::time::Span;
use crate::words::page as words;
use yew::prelude::*;

/// Under this name the browser keeps the numbers of the cards that are known.
const KNOWN: &str = "brokerlab-known";

/// The cards.
pub(super) struct Deck {
    /// Whether they are shown instead of the playground.
    pub(super) open: bool,
    cards: Vec<Card>,
    topic: Option<String>,
    /// In an order that this number decides.
    shuffled: Option<u64>,
    hides: bool,
    known: Vec<u32>,
    /// The number of the card on top.
    number: u32,
    answered: bool,
    /// The card whose experiment is on show.
    from: Option<u32>,
}

impl Deck {
    pub(super) fn new() -> Deck {
        let known = browser::kept(KNOWN).unwrap_or_default();
        Deck {
            open: false,
            cards: Vec::new(),
            topic: None,
            shuffled: None,
            hides: false,
            known: known.split_whitespace().filter_map(|number| number.parse().ok()).collect(),
            number: 1,
            answered: false,
            from: None,
        }
    }

    /// The cards have come.
    pub(super) fn take(&mut self, cards: Vec<Card>) {
        self.cards = cards;
        self.stay();
    }

    /// Whether they are still to come.
    pub(super) fn is_empty(&self) -> bool {
        self.cards.is_empty()
    }

    /// The card of that number comes on top.
    pub(super) fn lay(&mut self, number: u32) {
        if self.number != number {
            self.number = number;
            self.answered = false;
        }
    }

    /// What the address says while they are shown.
    pub(super) fn address(&self) -> String {
        format!("cards={}", self.number)
    }

    /// The experiment on show is no card's any more.
    pub(super) fn forget_experiment(&mut self) {
        self.from = None;
    }

    fn of_topic(&self) -> impl Iterator<Item = &Card> {
        self.cards.iter().filter(|card| self.topic.as_ref().is_none_or(|topic| *topic == card.topic))
    }

    /// Those that are asked, in their order.
    fn asked(&self) -> Vec<&Card> {
        let wanted = |card: &&Card| !self.hides || !self.known.contains(&card.number);
        let asked = self.of_topic().filter(wanted);
        let Some(seed) = self.shuffled else { return asked.collect() };
        let mut shuffled: Vec<&Card> = Vec::new();
        for card in asked {
            let most = Span(shuffled.len() as u64);
            let place = Dice::new(seed, "card", &card.number.to_string())
                .span(SpanRange { min: Span::ZERO, max: most });
            shuffled.insert(place.0 as usize, card);
        }
        shuffled
    }

    fn top(&self) -> Option<&Card> {
        self.cards.iter().find(|card| card.number == self.number)
    }

    /// Keeps the card on top if it is among those that are asked; else the first of them comes.
    fn stay(&mut self) {
        let numbers: Vec<u32> = self.asked().iter().map(|card| card.number).collect();
        if !numbers.contains(&self.number) {
            self.answered = false;
            self.number = numbers.first().copied().unwrap_or(1);
        }
    }

    #[inline(never)]
    fn turn(&mut self, forward: bool) {
        let numbers: Vec<u32> = self.asked().iter().map(|card| card.number).collect();
        if numbers.is_empty() {
            return;
        }
        let at = numbers.iter().position(|&number| number == self.number);
        let last = numbers.len() - 1;
        let to = match (at, forward) {
            (Some(at), true) if at < last => at + 1,
            (Some(at), false) if at > 0 => at - 1,
            (Some(_), false) => last,
            _ => 0,
        };
        self.number = numbers[to];
        self.answered = false;
    }
}

impl App {
    /// Does what is done with the cards.
    #[inline(never)]
    pub(super) fn turn(&mut self, ctx: &Context<Self>, turn: Turn) {
        let deck = &mut self.deck;
        match turn {
            Turn::Open => {
                deck.open = true;
                self.pause();
                self.ask_for_cards(ctx);
                self.focus = Some(Focus::Card);
            }
            Turn::Close => {
                deck.open = false;
                self.focus = Some(Focus::Back("header .cards"));
            }
            Turn::Next(forward) => {
                deck.turn(forward);
                self.focus = Some(Focus::Card);
            }
            Turn::Answer => deck.answered = !deck.answered,
            Turn::Known => {
                let number = deck.number;
                let before = deck.known.len();
                deck.known.retain(|&known| known != number);
                if deck.known.len() == before {
                    deck.known.push(number);
                }
                let known: Vec<String> = deck.known.iter().map(u32::to_string).collect();
                browser::keep(KNOWN, &known.join(" "));
                deck.stay();
            }
            Turn::Show => {
                let Some(card) = deck.top() else { return };
                // Its test says that there is such a moment.
                if let Ok(session) = card.show.open() {
                    let number = card.number;
                    deck.open = false;
                    self.take(session);
                    self.deck.from = Some(number);
                    self.focus = Some(Focus::Back(".transport .play"));
                }
            }
            Turn::Topic(topic) => {
                deck.topic = topic;
                deck.stay();
            }
            Turn::Shuffle => {
                deck.shuffled = if deck.shuffled.is_some() { None } else { Some(browser::any_seed()) };
                deck.number = deck.asked().first().map_or(1, |card| card.number);
                deck.answered = false;
            }
            Turn::HideKnown(hides) => {
                deck.hides = hides;
                deck.stay();
            }
        }
        self.write_address();
    }

    /// What a key does among the cards. None: nothing.
    pub(super) fn card_key(key: &str) -> Option<Turn> {
        Some(match key {
            "ArrowRight" | "PageDown" => Turn::Next(true),
            "ArrowLeft" | "PageUp" => Turn::Next(false),
            " " | "a" | "A" => Turn::Answer,
            "k" | "K" => Turn::Known,
            "s" | "S" => Turn::Show,
            "Escape" => Turn::Close,
            _ => return None,
        })
    }

    #[inline(never)]
    pub(super) fn cards(&self, ctx: &Context<Self>) -> Html {
        let deck = &self.deck;
        let mut topics: Vec<&str> = Vec::new();
        for card in &deck.cards {
            if !topics.contains(&card.topic.as_str()) {
                topics.push(&card.topic);
            }
        }
        let asked = deck.asked();
        let top = asked.iter().position(|card| card.number == deck.number);
        let known = deck.of_topic().filter(|card| deck.known.contains(&card.number)).count();
        cards(&cards::Props {
            here: !deck.cards.is_empty(),
            missing: self.missing.contains(&Missing::Cards),
            onagain: ctx.link().callback(|()| Msg::AskAgain(Missing::Cards)),
            topics,
            topic: deck.topic.as_deref(),
            shuffled: deck.shuffled.is_some(),
            hides: deck.hides,
            progress: (known, deck.of_topic().count()),
            top: top.map(|place| (asked[place], place, asked.len())),
            known: deck.known.contains(&deck.number),
            answered: deck.answered,
            onturn: ctx.link().callback(Msg::Cards),
        })
    }

    /// Above the stage: whose experiment this is, and the way back.
    #[inline(never)]
    pub(super) fn card_strip(&self, ctx: &Context<Self>) -> Html {
        let card = self.deck.from.and_then(|from| self.deck.cards.iter().find(|card| card.number == from));
        let Some(card) = card else { return Html::default() };
        let back = ctx.link().callback(|_: MouseEvent| Msg::Cards(Turn::Open));
        html! {
            <div class="from-card">
                <p><b>{ words::card(card.number) }</b>{ " " }{ &card.question }</p>
                <button onclick={back}>{ words::BACK_TO_CARD }</button>
            </div>
        }
    }
}
