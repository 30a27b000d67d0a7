//! The operator's desk: what has been set aside, why, and what to do about it.

use super::inspector::action;
use crate::broker::command::{Amount, Command};
use crate::scene::review::{Editable, Payload, Row, Store};
use crate::words::page as words;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

/// The stores, one under the other.
#[inline(never)]
pub fn review(stores: &[Store], onact: &Callback<Command>) -> Html {
    html! {
        <section class="review" aria-label={words::DEAD_LETTERS}>
            { for stores.iter().map(|store| html! {
                <div key={store.title.clone()}>
                    <h2>{ &store.title }</h2>
                    if store.rows.is_empty() {
                        <p class="none">{ words::NOTHING_ASIDE }</p>
                    } else {
                        <div class="buttons">{ for store.actions.iter().map(|a| action(a, onact)) }</div>
                        <ol>{ for store.rows.iter().map(|row| item(row, onact)) }</ol>
                        if !store.is_table { <p class="none">{ words::NO_EDIT }</p> }
                    }
                    if store.more > 0 {
                        <p class="none">{ words::more(store.more) }</p>
                    }
                </div>
            }) }
        </section>
    }
}

fn item(row: &Row, onact: &Callback<Command>) -> Html {
    html! {
        <li key={row.id}>
            <p><b>{ &row.label }</b>{ " " }<em class="state">{ row.state }</em></p>
            { for row.lines.iter().map(|line| html! { <p>{ line }</p> }) }
            if let Some(payload) = &row.payload { { payload_of(payload, onact) } }
            <div class="buttons">{ for row.actions.iter().map(|a| action(a, onact)) }</div>
        </li>
    }
}

/// The message as it was serialized; while the row waits, with its amount to be edited.
pub fn payload_of(payload: &Payload, onact: &Callback<Command>) -> Html {
    let tone = classes!("payload", payload.broken.then_some("broken"));
    let Some(editable) = payload.editable else {
        return html! {
            <p class={tone}><code>{ &payload.before }<b>{ &payload.amount }</b>{ payload.after }</code>
                if let Some(why) = &payload.refused { <span class="why">{ words::not_taken_out(why) }</span> }</p>
        };
    };
    let (edit, broken) = match editable {
        Editable::Row(..) => (words::EDIT, words::BROKEN_AMOUNT),
        Editable::Copy(..) => (words::SEND_EDITED, words::BROKEN_COPY),
    };
    let onsubmit = {
        let (payload, onact) = (payload.clone(), onact.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form = event.target().and_then(|form| form.dyn_into::<Element>().ok());
            let field = form.and_then(|form| form.query_selector("input").ok().flatten());
            let field = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
            // What cannot be an amount the browser has refused by the pattern.
            if let Some(command) = field.and_then(|field| payload.edit(&field.value())) {
                onact.emit(command);
            }
        })
    };
    // What is being typed stays when the page is drawn anew: only the value to begin with is the page's.
    html! {
        <form class={tone} {onsubmit}>
            <code>{ &payload.before }
                <input type="text" ~defaultValue={payload.amount.clone()} aria-label={words::AMOUNT} title={words::AMOUNT_FORM} required=true
                    pattern="\\s*[A-Za-z0-9.+\\-]{1,16}\\s*" maxlength={(Amount::LONGEST + 4).to_string()} size="8" spellcheck="false" autocomplete="off"/>
                { payload.after }</code>
            <button class="act mends">{ edit }</button>
            if payload.broken { <span class="why">{ broken }</span> }
        </form>
    }
}
