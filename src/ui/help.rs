//! The keys, and the signs on the stage.

use super::dialog::Dialog;
use crate::words::page as words;
use yew::prelude::*;

/// The list of keys, and what the signs mean.
pub fn help(onclose: Callback<()>) -> Html {
    html! {
        <Dialog title={words::KEYS_TITLE} {onclose}>
            <dl>{ for words::KEYS.iter().map(|(key, what)| html! { <div key={*key}><dt>{ key }</dt><dd>{ what }</dd></div> }) }</dl>
            <p>{ words::INTERESTING }</p>
            <h3>{ words::SIGNS_TITLE }</h3>
            <dl>{ for words::SIGNS.iter().map(|(sign, what)| html! { <div key={*sign}><dt>{ sign }</dt><dd>{ what }</dd></div> }) }</dl>
            <p>{ words::HELP }</p>
        </Dialog>
    }
}
