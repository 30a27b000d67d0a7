//! What stands beside this run, what the two have apart, and the tree of branches.

use super::branches::{Chip, chip};
use super::icons;
use crate::check::promise::PromiseState;
use crate::scene::story::Line;
use crate::timeline::compare::{Difference, Stand};
use crate::words::page as words;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Something that can stand beside: its value in the list, and what it is called.
pub type Choice = (String, AttrValue);

/// What is done here.
pub enum Wish {
    /// That of the list is to stand beside.
    Beside(String),
    /// That branch is to be on show.
    Flip(u32),
    /// That branch is to be called so.
    Name(u32, String),
    /// That branch is to go.
    Delete(u32),
    /// The step at which they part is to be on show.
    Part,
}

/// What the panel is made with.
pub struct Props<'p> {
    /// What can stand beside, without branches and scenarios.
    pub first: Vec<Choice>,
    /// The other branches.
    pub branches: Vec<Choice>,
    /// The other scenarios.
    pub scenarios: Vec<Choice>,
    /// The list, whose choice the page keeps right.
    pub list: NodeRef,
    /// Whether what stands beside is under another seed.
    pub under_another_seed: bool,
    /// What the two have apart, and a sentence for the step at which they part here and there. None: nothing stands
    /// beside.
    pub difference: Option<(&'p Difference, [Option<Line>; 2])>,
    /// Whether it is not told yet which promises are kept.
    pub blind: bool,
    /// What a unit of work is called, singular.
    pub noun: &'p str,
    /// The tree.
    pub chips: &'p [Chip],
    /// The name that somebody gave to the branch on show.
    pub name: AttrValue,
    /// Something is wished for.
    pub onwish: Callback<Wish>,
}

/// The panel.
#[inline(never)]
pub fn compare(props: &Props<'_>) -> Html {
    let onchoose = props
        .onwish
        .reform(|event: Event| Wish::Beside(event.target_unchecked_into::<HtmlSelectElement>().value()));
    let options = |list: &[Choice]| -> Html {
        list.iter()
            .map(
                |(value, word)| html! { <option key={value.clone()} value={value.clone()}>{ word }</option> },
            )
            .collect()
    };
    let group = |label: &'static str, list: &[Choice]| match list {
        [] => Html::default(),
        list => html! { <optgroup {label}>{ options(list) }</optgroup> },
    };
    html! {
        <section class="compare" aria-label={words::COMPARE}>
            <label><h2>{ words::BESIDE }</h2>
                <select ref={props.list.clone()} onchange={onchoose}>
                    { options(&props.first) }
                    { group(words::BRANCHES, &props.branches) }
                    { group(words::SCENARIOS, &props.scenarios) }
                </select>
            </label>
            if props.under_another_seed {
                <button onclick={props.onwish.reform(|_: MouseEvent| Wish::Beside("seed".to_owned()))}>{ words::ANOTHER_SEED }</button>
            }
            if let Some((difference, said)) = &props.difference { { told(props, difference, said) } }
            { tree(props) }
        </section>
    }
}

fn told(props: &Props<'_>, difference: &Difference, said: &[Option<Line>; 2]) -> Html {
    let show = props.onwish.reform(|_: MouseEvent| Wish::Part);
    html! {
        <div class="difference">
            <h2>{ words::DIFFERENCE }</h2>
            if difference.parting.is_some() {
                <dl>{ for [words::HERE, words::THERE].into_iter().zip(said).map(|(which, line)| side(which, line.as_ref())) }</dl>
                <button onclick={show}>{ icons::fork() }<span>{ words::SHOW_PARTING }</span></button>
            } else {
                <p>{ words::SAME }</p>
            }
            if props.blind {
                <p class="none">{ words::OPEN_QUESTION }</p>
            } else {
                <table>
                    <thead><tr><th scope="col">{ words::PROMISE }</th><th scope="col">{ words::HERE }</th><th scope="col">{ words::THERE }</th></tr></thead>
                    <tbody>{ for difference.promises.iter().map(|stand| row(stand, props.noun)) }</tbody>
                </table>
            }
        </div>
    }
}

fn side(which: &'static str, line: Option<&Line>) -> Html {
    html! {
        <div>
            if let Some(line) = line {
                <dt>{ words::step_of(which, line.step, &line.at.to_string()) }</dt><dd>{ &line.text }</dd>
            } else {
                <dt>{ which }</dt><dd>{ words::OVER }</dd>
            }
        </div>
    }
}

fn row(stand: &Stand, noun: &str) -> Html {
    let cell = |state: Option<PromiseState>| match state.map(|state| state.broken) {
        None => html! { <td class="none">{ words::NOT_PROMISED }</td> },
        Some(None) => html! { <td class="kept">{ icons::check() }{ words::WAS_KEPT }</td> },
        Some(Some(breach)) => {
            html! { <td class="broken">{ icons::cross() }{ words::WAS_BROKEN }<small>{ breach.at.to_string() }</small></td> }
        }
    };
    html! {
        <tr key={stand.promise.name()}><th scope="row">{ stand.promise.sentence(noun) }</th>{ cell(stand.here) }{ cell(stand.there) }</tr>
    }
}

fn tree(props: &Props<'_>) -> Html {
    let onflip = props.onwish.reform(Wish::Flip);
    let current = props.chips.iter().find(|chip| chip.current).map_or(0, |chip| chip.number);
    let onname = props.onwish.reform(move |event: Event| {
        Wish::Name(current, event.target_unchecked_into::<HtmlInputElement>().value())
    });
    html! {
        <div class="tree">
            <h2>{ words::BRANCHES }</h2>
            if props.chips.len() < 2 {
                <p class="none">{ words::NO_BRANCH }</p>
            } else {
                <ul>{ for props.chips.iter().map(|one| html! {
                    <li key={one.number} style={format!("--depth:{}", one.depth)}>{ chip(one, &onflip) }</li>
                }) }</ul>
                <label>{ words::BRANCH_NAME }
                    <input key={current} value={props.name.clone()} onchange={onname} maxlength="40" autocomplete="off" spellcheck="false"/>
                </label>
                <button onclick={props.onwish.reform(move |_: MouseEvent| Wish::Delete(current))}>{ words::DELETE_BRANCH }</button>
            }
        </div>
    }
}
