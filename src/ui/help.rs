//! The keys.

use super::dialog::Dialog;
use crate::words::page as words;
use yew::prelude::*;

/// The list of keys.
pub fn help(onclose: Callback<()>) -> Html {
    html! {
        <Dialog title={words::KEYS_TITLE} {onclose}>
            <dl>{ for words::KEYS.iter().map(|(key, what)| html! { <div key={*key}><dt>{ key }</dt><dd>{ what }</dd></div> }) }</dl>
            <p>{ words::INTERESTING }</p>
            <p>{ words::HELP }</p>
        </Dialog>
    }
}
