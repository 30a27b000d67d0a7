//! The head of the page: what is on show, and what can be done with it as a whole.

use super::icons;
use crate::words::page as words;
use yew::prelude::*;

/// What the head is made with.
pub struct Props {
    /// The scenario's title.
    pub title: AttrValue,
    /// Its plain sentence.
    pub shows: AttrValue,
    /// What the switch for the counterpart says; none: there is no counterpart.
    pub counterpart: Option<AttrValue>,
    /// Whether the counterpart stands beside.
    pub beside: bool,
    /// Whether the link was copied just now.
    pub copied: bool,
    /// The switch was used.
    pub onbeside: Callback<()>,
    /// The link is wanted.
    pub onshare: Callback<()>,
    /// The keys are wanted.
    pub onhelp: Callback<()>,
    /// The interview cards are wanted.
    pub oncards: Callback<()>,
    /// The presenter's view is wanted.
    pub onpresent: Callback<()>,
    /// The catalogue is wanted, where it is a drawer.
    pub onmenu: Callback<()>,
}

/// The head.
pub fn header(props: &Props) -> Html {
    let click = |callback: &Callback<()>| callback.reform(|_: MouseEvent| ());
    html! {
        <header>
            <button class="menu" onclick={click(&props.onmenu)} aria-label={words::SCENARIOS}>{ icons::menu() }</button>
            <b class="brand">{ "Brokerlab" }</b>
            <div class="title">
                <h1>{ &props.title }</h1>
                <p>{ &props.shows }</p>
            </div>
            <div class="whole">
                if let Some(counterpart) = &props.counterpart {
                    <button class={classes!("beside", props.beside.then_some("on"))} onclick={click(&props.onbeside)}
                        title={words::BOTH}>
                        { icons::beside() }<span class="long">{ counterpart }</span><span class="short">{ if props.beside { words::ALONE } else { words::COMPARE } }</span>
                    </button>
                }
                <button class="share" onclick={click(&props.onshare)} aria-haspopup="dialog" title={words::SHARE_KEY}
                    aria-label={words::share(props.copied)}>
                    { icons::link() }<span>{ words::share(props.copied) }</span>
                </button>
                <button class="cards" onclick={click(&props.oncards)} aria-label={words::CARDS} title={words::CARDS_KEY}>
                    { icons::cards() }<span>{ words::CARDS_SHORT }</span>
                </button>
                <button class="present" onclick={click(&props.onpresent)} aria-label={words::PRESENT} title={words::PRESENT_KEY}>
                    { icons::screen() }<span>{ words::PRESENT }</span>
                </button>
                <button class="keys" onclick={click(&props.onhelp)} aria-label={words::KEYS_AND_HELP}>{ "?" }</button>
            </div>
        </header>
    }
}
