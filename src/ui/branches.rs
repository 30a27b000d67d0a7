//! The branches in a row under the line: what was tried, and a click to go over to it.

use super::icons;
use crate::words::page as words;
use yew::prelude::*;

/// A branch as people see it.
#[derive(Clone, PartialEq)]
pub struct Chip {
    /// By which it is chosen.
    pub number: u32,
    /// How deep it stands in the tree.
    pub depth: usize,
    /// What it is called.
    pub title: AttrValue,
    /// Whether it is on show.
    pub current: bool,
    /// How many promises it breaks, once that was seen.
    pub broken: Option<usize>,
}

/// A branch to click.
#[inline(never)]
pub fn chip(chip: &Chip, onflip: &Callback<u32>) -> Html {
    let number = chip.number;
    let onclick = onflip.reform(move |_: MouseEvent| number);
    let tone = chip.broken.map(|broken| if broken > 0 { "breaks" } else { "holds" });
    html! {
        <button key={number} class={classes!("twig", tone)} aria-pressed={chip.current.to_string()} {onclick}>
            { match chip.broken {
                None => Html::default(),
                Some(0) => icons::check(),
                Some(_) => icons::cross(),
            } }
            <span>{ &chip.title }</span>
            if let Some(broken) = chip.broken { <span class="sr">{ format!(", {}", words::breaks(broken)) }</span> }
        </button>
    }
}

/// The row. Without `oncompare` there is no way from it to the panel.
pub fn strip(chips: &[Chip], onflip: &Callback<u32>, oncompare: Option<&Callback<()>>) -> Html {
    html! {
        <div class="branches" role="group" aria-label={words::BRANCHES}>
            { icons::fork() }
            <div class="twigs">{ for chips.iter().map(|one| chip(one, onflip)) }</div>
            if let Some(oncompare) = oncompare {
                <button class="more" onclick={oncompare.reform(|_: MouseEvent| ())}>{ words::COMPARE }</button>
            }
        </div>
    }
}
