//! The presenter's view: the stage, one sentence in large type, and what came of it, kept back until it is asked for.

use super::icons;
use super::verdict;
use crate::scene::story::Line;
use crate::sim::time::Instant;
use crate::words::page as words;
use yew::prelude::*;

/// What a presenter does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gesture {
    /// Begins, or leaves.
    Present(bool),
    /// Shows what came of it, or keeps it back again.
    Reveal,
    /// Fills the screen.
    Fill,
}

/// What stands above the stage.
pub struct Head {
    /// The question, while the answer is kept back; then the title.
    pub title: AttrValue,
    /// The presenter does something.
    pub ongesture: Callback<Gesture>,
    /// The moment is to be shared.
    pub onshare: Callback<()>,
}

/// Above the stage.
#[inline(never)]
pub fn head(props: &Head) -> Html {
    let click = |gesture: Gesture| props.ongesture.reform(move |_: MouseEvent| gesture);
    html! {
        <div class="podium-head" role="banner">
            <h1>{ &props.title }</h1>
            <button onclick={props.onshare.reform(|_: MouseEvent| ())} aria-label={words::SHARE}>{ icons::link() }</button>
            <button onclick={click(Gesture::Fill)}>{ icons::screen() }<span>{ words::FULL_SCREEN }</span></button>
            <button class="leave" onclick={click(Gesture::Present(false))} aria-label={words::LEAVE}>{ icons::cross() }</button>
        </div>
    }
}

/// What stands below it.
pub struct Foot<'l> {
    /// What just happened.
    pub line: Option<&'l Line>,
    /// What to say before anything has happened.
    pub opening: AttrValue,
    /// What came of it, unless it is kept back.
    pub verdict: Option<verdict::Props>,
    /// When it is.
    pub at: Instant,
    /// The step on show, and how many there are.
    pub step: (u32, u32),
    /// Whether the run plays.
    pub playing: bool,
    /// The branches.
    pub branches: Html,
    /// Back, play and step.
    pub ontime: [Callback<MouseEvent>; 3],
    /// The presenter does something.
    pub ongesture: Callback<Gesture>,
}

/// Below the stage.
#[inline(never)]
pub fn foot(props: Foot<'_>) -> Html {
    let reveal = props.ongesture.reform(|_: MouseEvent| Gesture::Reveal);
    let [back, play, step] = props.ontime;
    let (say, why) = match props.line {
        Some(line) => (AttrValue::from(line.text.clone()), line.why.clone()),
        None => (props.opening, None),
    };
    let revealed = props.verdict.is_some();
    html! {
        <section class={classes!("podium", revealed.then_some("revealed"))} aria-label={words::PRESENTING}>
            <div class="telling" aria-live={if props.playing { "off" } else { "polite" }}>
                <p class="say">{ say }</p>
                if let Some(why) = why { <p class="why">{ why }</p> }
            </div>
            if let Some(props) = &props.verdict { { verdict::verdict(props) } }
            <div class="hand">
                <button class="round" onclick={back} aria-label={words::STEP_BACK}>{ icons::step_back() }</button>
                <button class="round play" data-first="" onclick={play} aria-label={words::toggle(props.playing)}>
                    { if props.playing { icons::pause() } else { icons::play() } }
                </button>
                <button class="round" onclick={step} aria-label={words::STEP}>{ icons::step() }</button>
                <span class="when">{ props.at.to_string() }</span>
                <span class="count">{ format!("{} / {}", props.step.0, props.step.1) }</span>
                { props.branches }
                <span class="space"></span>
                <button class="reveal" onclick={reveal}>{ if revealed { words::HIDE } else { words::REVEAL } }<kbd>{ "A" }</kbd></button>
            </div>
        </section>
    }
}
