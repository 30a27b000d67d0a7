//! The operator's desk: what has been set aside, why, and what to do about it.

use super::inspector::action;
use crate::broker::command::Command;
use crate::scene::review::{Row, Store};
use yew::prelude::*;

/// The stores, one under the other.
pub fn review(stores: &[Store], onact: &Callback<Command>) -> Html {
    html! {
        <section class="review" aria-label="Dead letters">
            { for stores.iter().map(|store| html! {
                <div key={store.title.clone()}>
                    <h2>{ &store.title }</h2>
                    if store.rows.is_empty() {
                        <p class="none">{ "Nothing is set aside here now." }</p>
                    } else {
                        <div class="buttons">{ for store.actions.iter().map(|a| action(a, onact)) }</div>
                        <ol>{ for store.rows.iter().enumerate().map(|(n, row)| item(n, row, onact)) }</ol>
                    }
                    if store.more > 0 {
                        <p class="none">{ format!("and {} more", store.more) }</p>
                    }
                </div>
            }) }
        </section>
    }
}

fn item(key: usize, row: &Row, onact: &Callback<Command>) -> Html {
    html! {
        <li {key}>
            <p><b>{ &row.label }</b>{ " " }<em class="state">{ row.state }</em></p>
            { for row.lines.iter().map(|line| html! { <p>{ line }</p> }) }
            <div class="buttons">{ for row.actions.iter().map(|a| action(a, onact)) }</div>
        </li>
    }
}
