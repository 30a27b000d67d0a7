//! The answer, on the stage: what was predicted and what is true, at the place where it is to be seen.

use super::icons;
use super::lesson::{Word, outcome_words};
use super::stage::place;
use crate::lesson::question::{Choice, Outcome};
use crate::scene::callout::{Points, callout as placed};
use crate::scene::stage::Stage;
use crate::scene::story::Line;
use crate::words::page as words;
use yew::prelude::*;

/// What a callout is made with.
pub struct Props<'l> {
    /// The stage.
    pub stage: &'l Stage,
    /// What was said.
    pub said: Choice,
    /// What came of it.
    pub outcome: &'l Outcome,
    /// The sentence of the step that proves it.
    pub line: Option<&'l Line>,
    /// Whether that step is on show.
    pub there: bool,
    /// Whether the run goes on from here.
    pub goes_on: bool,
    /// Something was said.
    pub onword: Callback<Word>,
}

/// The callout.
pub fn callout(props: &Props<'_>) -> Html {
    let at = placed(props.stage, props.line.and_then(|line| line.place));
    let side = match at.points {
        Points::Left => "left",
        Points::Right => "right",
        Points::Up => "up",
        Points::Down => "down",
        Points::Nowhere => "nowhere",
    };
    let right = props.outcome.right;
    let say = |word: Word| props.onword.reform(move |_: MouseEvent| word.clone());
    html! {
        <div class="callout-place" style={place(at.rect)}>
            <section class={classes!("callout", side, if right { "is-right" } else { "is-wrong" })} aria-label={words::YOUR_ANSWER}>
                <div role="status">
                    <p class="answered">{ if right { icons::check() } else { icons::cross() } }
                        <span>{ outcome_words(props.said, Some((right, props.outcome.truth.as_slice()))) }</span></p>
                    if let Some(line) = props.line { <p>{ &line.text }</p> }
                </div>
                <p class="ways">
                    if !props.there { <button onclick={say(Word::Prove)}>{ words::SEE_WHY }</button> }
                    <button onclick={say(Word::GoOn)}>{ if props.there && props.goes_on { words::GO_ON } else { words::CLOSE } }</button>
                </p>
            </section>
        </div>
    }
}
