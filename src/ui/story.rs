//! What just happened: one plain sentence, and why; below it the sentences before.

use super::icons;
use crate::scene::story::{Line, Tone};
use crate::words::page as words;
use std::rc::Rc;
use yew::prelude::*;

/// What the story is made with.
pub struct Props {
    /// The last sentences, the newest last.
    pub lines: Rc<Vec<Line>>,
    /// What to say before anything has happened.
    pub opening: AttrValue,
    /// A moment was asked for.
    pub onjump: Callback<u32>,
    /// Whether sentences are read out as they come (not while the run plays).
    pub aloud: bool,
}

fn tone_class(tone: Tone) -> Classes {
    match tone {
        Tone::Plain => classes!("plain"),
        Tone::Good => classes!("good"),
        Tone::Trouble => classes!("trouble"),
        Tone::Broken(verdict) => classes!("found", verdict.name()),
    }
}

/// The story.
pub fn story(props: &Props) -> Html {
    let last = props.lines.last();
    html! {
        <section class="story" aria-label={words::HAPPENED}>
            <h2>{ words::HAPPENED }</h2>
            <div class="now" aria-live={if props.aloud { "polite" } else { "off" }}>
                if let Some(line) = last {
                    <p class={classes!("say", tone_class(line.tone))}>
                        if let Tone::Broken(verdict) = line.tone { { icons::verdict(verdict) } }
                        { &line.text }
                    </p>
                    if let Some(why) = &line.why { <p class="why">{ why }</p> }
                } else {
                    <p class="say">{ &props.opening }</p>
                }
            </div>
        </section>
    }
}

/// The sentences so far.
pub fn log(props: &Props) -> Html {
    html! {
        <section class="log" aria-label={words::STORY}>
            <h2>{ words::STORY }</h2>
            <ol reversed=true>
                { for props.lines.iter().rev().map(|line| {
                    let step = line.step;
                    let onclick = props.onjump.reform(move |_: MouseEvent| step);
                    html! {
                        <li key={line.step} class={tone_class(line.tone)}>
                            <button {onclick}><time>{ line.at.to_string() }</time><span>{ &line.text }</span></button>
                        </li>
                    }
                }) }
            </ol>
        </section>
    }
}
