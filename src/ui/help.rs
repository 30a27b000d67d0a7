//! The keys.

use web_sys::HtmlDialogElement;
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

/// The list of keys. A component with a state of its own and not one of hooks: those bring their machinery along.
pub struct Help {
    node: NodeRef,
}

impl Component for Help {
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Help {
        Help { node: NodeRef::default() }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let node = self.node.clone();
        let close = Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        });
        html! {
            <dialog class="veil" ref={self.node.clone()} aria-labelledby="help-title" onclick={close.clone()}
                onclose={ctx.props().onclose.reform(|_: Event| ())}>
                <div class="dialog" onclick={Callback::from(|event: MouseEvent| event.stop_propagation())}>
                    <h2 id="help-title">{ "Keys" }</h2>
                    <dl>{ for KEYS.iter().map(|(key, what)| html! { <div key={*key}><dt>{ key }</dt><dd>{ what }</dd></div> }) }</dl>
                    <p>{ "Click a party to see what can be done to it, a message to see its life, a row to see who wrote it. Everything runs in this page; nothing is sent anywhere. The times are stretched so that an eye can follow." }</p>
                    <button onclick={close}>{ "Close" }</button>
                </div>
            </dialog>
        }
    }

    fn rendered(&mut self, _: &Context<Self>, first: bool) {
        // The browser's own dialog: it keeps the focus, closes on Escape, and gives the focus back.
        if first && let Some(dialog) = self.node.cast::<HtmlDialogElement>() {
            let _ = dialog.show_modal();
        }
    }
}
