//! The interview cards: one question at a time, its answer when it is asked for, and the experiment that shows it.

use super::icons;
use crate::lesson::Card;
use crate::words::page as words;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What a person does with the cards.
#[derive(Clone, PartialEq, Debug)]
pub enum Turn {
    /// They are opened.
    Open,
    /// Back to the playground.
    Close,
    /// The next card, or the one before.
    Next(bool),
    /// The answer is shown, or hidden again.
    Answer,
    /// The card is known, or is not.
    Known,
    /// The experiment is shown.
    Show,
    /// Only the cards of that topic; none: of all.
    Topic(Option<String>),
    /// In another order, or in their own.
    Shuffle,
    /// Only those that are not known.
    HideKnown(bool),
}

/// What the cards are made with.
pub struct Props<'c> {
    /// Whether they have come.
    pub here: bool,
    /// Whether they could not be fetched.
    pub missing: bool,
    /// They are asked for again.
    pub onagain: Callback<()>,
    /// Every topic, once each.
    pub topics: Vec<&'c str>,
    /// The one that is chosen.
    pub topic: Option<&'c str>,
    /// Whether they are in another order.
    pub shuffled: bool,
    /// Whether only those that are not known are asked.
    pub hides: bool,
    /// How many of the topic are known, and how many there are.
    pub progress: (usize, usize),
    /// The card on top, its place among those that are asked, and how many they are.
    pub top: Option<(&'c Card, usize, usize)>,
    /// Whether it is known.
    pub known: bool,
    /// Whether its answer is shown.
    pub answered: bool,
    /// Something is done.
    pub onturn: Callback<Turn>,
}

/// The cards.
#[inline(never)]
pub fn cards(props: &Props<'_>) -> Html {
    let turn = |turn: Turn| props.onturn.reform(move |_: MouseEvent| turn.clone());
    let topics: Vec<String> = props.topics.iter().map(|&topic| topic.to_owned()).collect();
    let ontopic = props.onturn.reform(move |event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        Turn::Topic(usize::try_from(chosen - 1).ok().and_then(|chosen| topics.get(chosen).cloned()))
    });
    let onhide = props
        .onturn
        .reform(|event: Event| Turn::HideKnown(event.target_unchecked_into::<HtmlInputElement>().checked()));
    let (known, of) = props.progress;
    html! {
        <div class="deck">
            <header>
                <button class="leave" onclick={turn(Turn::Close)}>{ icons::left() }<span>{ words::BACK }</span></button>
                <h1 tabindex="-1">{ words::CARDS }</h1>
            </header>
            <section class="filters" aria-label={words::WHICH}>
                <label>{ words::TOPIC }
                    <select onchange={ontopic}>
                        <option selected={props.topic.is_none()}>{ words::ALL_TOPICS }</option>
                        { for props.topics.iter().map(|&topic| html! { <option selected={props.topic == Some(topic)}>{ topic }</option> }) }
                    </select>
                </label>
                <button class={classes!(props.shuffled.then_some("on"))} aria-pressed={props.shuffled.to_string()} onclick={turn(Turn::Shuffle)}>{ words::SHUFFLE }</button>
                <label class="hide"><input type="checkbox" checked={props.hides} onchange={onhide}/>{ words::HIDE_KNOWN }</label>
                <div class="progress">
                    <span>{ words::known(known, of) }</span>
                    <progress max={of.max(1).to_string()} value={known.to_string()} aria-label={words::known(known, of)}></progress>
                </div>
            </section>
            <main>
                if let Some((card, place, of)) = props.top {
                    { top(props, card, place, of) }
                } else if props.here {
                    <div class="card"><p class="nothing">{ words::NONE_LEFT }</p>
                        <p class="ways"><button onclick={props.onturn.reform(|_: MouseEvent| Turn::HideKnown(false))}>{ words::SHOW_ALL }</button></p></div>
                } else if props.missing {
                    <div class="card"><p class="nothing" role="alert">{ words::NO_CARDS }</p>
                        <p class="ways"><button onclick={props.onagain.reform(|_: MouseEvent| ())}>{ words::TRY_AGAIN }</button></p></div>
                } else {
                    <p class="nothing" role="status">{ words::LOADING }</p>
                }
            </main>
            <footer class="hints" aria-hidden="true">
                { for words::CARD_KEYS.iter().map(|(key, what)| html! { <span key={*key}><kbd>{ key }</kbd>{ what }</span> }) }
            </footer>
        </div>
    }
}

fn top(props: &Props<'_>, card: &Card, place: usize, of: usize) -> Html {
    let turn = |turn: Turn| props.onturn.reform(move |_: MouseEvent| turn.clone());
    html! {
        <article class="card" key={card.number} aria-labelledby="card-question">
            <p class="about"><span>{ &card.topic }</span><span>{ words::card(card.number) }</span></p>
            <h2 id="card-question" tabindex="-1">{ &card.question }</h2>
            <div class="back" aria-live="polite">
                if props.answered {
                    <p class="answer">{ &card.answer }</p>
                    <h3>{ words::FOLLOW_UPS }</h3>
                    <ul>{ for card.follow_ups.iter().map(|next| html! { <li key={next.clone()}>{ next }</li> }) }</ul>
                }
            </div>
            if let Some(note) = &card.note { <p class="note">{ note }</p> }
            <p class="ways">
                if !props.answered { <button class="first" data-first="" onclick={turn(Turn::Answer)}>{ words::SHOW_ANSWER }</button> }
                <button class={classes!(props.answered.then_some("first"))} onclick={turn(Turn::Show)}>{ icons::play() }{ words::SHOW_ME }</button>
                <button class={classes!("known", props.known.then_some("on"))} aria-pressed={props.known.to_string()} onclick={turn(Turn::Known)}>{ icons::check() }{ words::KNOWN }</button>
                <span class="turning">
                    <button class="round" onclick={turn(Turn::Next(false))} aria-label={words::PREVIOUS}>{ icons::left() }</button>
                    <span class="place">{ format!("{} / {of}", place + 1) }</span>
                    <button class="round" onclick={turn(Turn::Next(true))} aria-label={words::NEXT}>{ icons::right() }</button>
                </span>
            </p>
        </article>
    }
}
