//! A closer look: a message's life so far, who wrote a row, what can be done to a party.

use super::review::payload_of;
use crate::broker::command::Command;
use crate::scene::actions::Action;
use crate::scene::edited::Held;
use crate::scene::story::Line;
use crate::sim::time::Instant;
use crate::words::page as words;
use yew::prelude::*;

/// What the inspector is made with.
pub struct Props {
    /// What is looked at.
    pub title: AttrValue,
    /// Its life so far.
    pub lines: Vec<Line>,
    /// What its copies in queues say, to be taken out and sent as something else.
    pub copies: Vec<Held>,
    /// What can be done to it.
    pub actions: Vec<Action>,
    /// Something is done by hand.
    pub onact: Callback<Command>,
    /// A moment was asked for: a step of the run that is looked at, and when that was.
    pub onjump: Callback<(u32, Instant)>,
    /// It is closed.
    pub onclose: Callback<()>,
}

/// The closer look.
#[inline(never)]
pub fn inspector(props: &Props) -> Html {
    html! {
        <section class="inspector" aria-label={props.title.clone()}>
            <h2 tabindex="-1">{ &props.title }<button class="quiet" onclick={props.onclose.reform(|_: MouseEvent| ())}>{ words::CLOSE }</button></h2>
            if !props.actions.is_empty() { <div class="buttons">{ for props.actions.iter().map(|a| action(a, &props.onact)) }</div> }
            { for props.copies.iter().map(|held| html! {
                <div key={held.place.clone()} class="held"><p>{ &held.place }</p>{ payload_of(&held.payload, &props.onact) }</div>
            }) }
            <ol>
                { for props.lines.iter().enumerate().map(|(n, line)| {
                    let moment = (line.step, line.at);
                    html! {
                        <li key={n}>
                            <button onclick={props.onjump.reform(move |_: MouseEvent| moment)}>
                                <time>{ line.at.to_string() }</time>
                                <span>{ &line.text }if let Some(why) = &line.why { <small>{ why }</small> }</span>
                            </button>
                        </li>
                    }
                }) }
            </ol>
        </section>
    }
}

/// A button that does something by hand.
pub fn action(action: &Action, onact: &Callback<Command>) -> Html {
    let command = action.command;
    html! {
        <button key={action.label.clone()} class={classes!("act", action.mends.then_some("mends"))}
            onclick={onact.reform(move |_: MouseEvent| command)}>{ &action.label }</button>
    }
}
