//! The keys.

use yew::prelude::*;

/// Every key and what it does. The same list decides what the keyboard does (`app.rs`) and what is shown.
pub const KEYS: [(&str, &str); 17] = [
    ("Space", "play or pause"),
    ("→", "one step forward"),
    ("←", "one step back"),
    ("Shift →", "to the next thing that went wrong"),
    ("Shift ←", "to the one before"),
    ("Home or R", "back to the start, nothing done by hand"),
    ("End", "to the end"),
    ("+ and −", "faster, slower"),
    ("B", "the counterpart beside"),
    ("U", "undo what was done by hand"),
    ("L", "copy the link to this moment"),
    ("N", "another seed"),
    ("C", "the scenarios"),
    ("I", "the interview cards"),
    ("P", "the presenter's view, and back"),
    ("A", "there: what came of it"),
    ("?", "this list; Escape closes"),
];

/// What the list is made with.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// It is closed.
    pub onclose: Callback<()>,
}

/// The list of keys.
#[component]
pub fn Help(props: &Props) -> Html {
    // The browser's own dialog: it keeps the focus, closes on Escape, and gives the focus back.
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = node.cast::<web_sys::HtmlDialogElement>() {
                let _ = dialog.show_modal();
            }
        });
    }
    let close = {
        let node = node.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = node.cast::<web_sys::HtmlDialogElement>() {
                dialog.close();
            }
        })
    };
    html! {
        <dialog class="veil" ref={node} aria-labelledby="help-title" onclick={close.clone()}
            onclose={props.onclose.reform(|_: Event| ())}>
            <div class="dialog" onclick={Callback::from(|event: MouseEvent| event.stop_propagation())}>
                <h2 id="help-title">{ "Keys" }</h2>
                <dl>{ for KEYS.iter().map(|(key, what)| html! { <div key={*key}><dt>{ key }</dt><dd>{ what }</dd></div> }) }</dl>
                <p>{ "Click a party to see what can be done to it, a message to see its life, a row to see who wrote it. Everything runs in this page; nothing is sent anywhere. The times are stretched so that an eye can follow." }</p>
                <button onclick={close}>{ "Close" }</button>
            </div>
        </dialog>
    }
}
