//! A dialog over the page: the browser's own, which keeps the focus, closes on Escape, and gives the focus back.

use crate::words::page as words;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// What a dialog is made with.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Its heading.
    pub title: AttrValue,
    /// What it says.
    pub children: Html,
    /// It is closed.
    pub onclose: Callback<()>,
}

/// A dialog. A component with a state of its own and not one of hooks: those bring their machinery along.
pub struct Dialog {
    node: NodeRef,
}

impl Component for Dialog {
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Dialog {
        Dialog { node: NodeRef::default() }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let node = self.node.clone();
        let close = Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        });
        html! {
            <dialog class="veil" ref={self.node.clone()} aria-labelledby="dialog-title" onclick={close.clone()}
                onclose={props.onclose.reform(|_: Event| ())}>
                <div class="dialog" onclick={Callback::from(|event: MouseEvent| event.stop_propagation())}>
                    <h2 id="dialog-title">{ &props.title }</h2>
                    { props.children.clone() }
                    <button onclick={close}>{ words::CLOSE }</button>
                </div>
            </dialog>
        }
    }

    fn rendered(&mut self, _: &Context<Self>, first: bool) {
        if first && let Some(dialog) = self.node.cast::<HtmlDialogElement>() {
            let _ = dialog.show_modal();
        }
    }
}
