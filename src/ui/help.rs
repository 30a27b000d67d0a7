//! The keys.

use super::words;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

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
                    <h2 id="help-title">{ words::KEYS_TITLE }</h2>
                    <dl>{ for words::KEYS.iter().map(|(key, what)| html! { <div key={*key}><dt>{ key }</dt><dd>{ what }</dd></div> }) }</dl>
                    <p>{ words::HELP }</p>
                    <button onclick={close}>{ words::CLOSE }</button>
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
