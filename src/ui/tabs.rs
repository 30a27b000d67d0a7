//! Tabs, as the ARIA practices describe them: one stop for Tab, the arrow keys go from one to the next.

use wasm_bindgen::JsCast;
use yew::prelude::*;

/// The id of the one panel; what it shows is the tab that is chosen.
pub const PANEL: &str = "panel";

/// What tabs are made with.
pub struct Props {
    /// What they are about, for those who do not see them.
    pub label: AttrValue,
    /// Their words, in order.
    pub words: Vec<AttrValue>,
    /// The place of the one that is chosen.
    pub current: usize,
    /// One was chosen: its place.
    pub onchoose: Callback<usize>,
}

/// The id of the tab at that place.
pub fn id(place: usize) -> String {
    format!("tab{place}")
}

/// The row of tabs.
pub fn tabs(props: &Props) -> Html {
    let last = props.words.len().saturating_sub(1);
    let onkeydown = {
        let (current, onchoose) = (props.current, props.onchoose.clone());
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowRight" if current < last => current + 1,
                "ArrowRight" | "Home" => 0,
                "ArrowLeft" if current > 0 => current - 1,
                "ArrowLeft" | "End" => last,
                _ => return,
            };
            // The page's own keys are not meant.
            event.prevent_default();
            event.stop_propagation();
            let row = event.current_target().and_then(|row| row.dyn_into::<web_sys::Element>().ok());
            if let Some(tab) = row.and_then(|row| row.query_selector(&format!("#{}", id(to))).ok().flatten())
            {
                super::browser::focus_on(&tab);
            }
            onchoose.emit(to);
        })
    };
    html! {
        <div class="tabs" role="tablist" aria-label={props.label.clone()} {onkeydown}>
            { for props.words.iter().enumerate().map(|(place, word)| {
                let chosen = place == props.current;
                html! {
                    <button role="tab" id={id(place)} aria-selected={chosen.to_string()} aria-controls={PANEL}
                        tabindex={if chosen { "0" } else { "-1" }} class={classes!(chosen.then_some("on"))}
                        onclick={props.onchoose.reform(move |_: MouseEvent| place)}>{ counted(word) }</button>
                }
            }) }
        </div>
    }
}

/// The word of a tab; the count behind it, if there is one, goes where the row has no room for it.
fn counted(word: &str) -> Html {
    match word.split_once(' ') {
        Some((word, count)) if count.starts_with(|letter: char| letter.is_ascii_digit()) => {
            html! { <>{ word }<span class="tally">{ " " }{ count }</span></> }
        }
        _ => html! { word },
    }
}
