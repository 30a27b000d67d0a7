//! Every placement of faults, tried by the machine: what it covered, which promises hold, and the grid of windows.

use super::icons;
use crate::check::finding::Verdict;
use crate::check::promise::{Promise, When};
use crate::explore::table::{self, Example, Row};
use crate::explore::{Found, Outcome, Standing};
use crate::fault::plan::Fault;
use crate::scenario::Scenario;
use crate::sim::time::Instant;
use crate::words::page as words;
use yew::prelude::*;

/// A run to open: the faults laid, and the moment to go to.
pub type Way = (Vec<Fault>, Instant);

/// What the panel is made with.
pub struct Props<'p> {
    /// The scenario that is searched.
    pub scenario: &'p Scenario,
    /// What has been found so far.
    pub found: Option<&'p Found>,
    /// How much of it is done, in percent, while it is at work.
    pub percent: Option<u32>,
    /// Why it could not be done.
    pub problem: Option<&'p str>,
    /// A search with up to that many faults is wanted.
    pub onstart: Callback<u8>,
    /// It is to stop.
    pub onstop: Callback<()>,
    /// A run is to be opened.
    pub onopen: Callback<Way>,
}

/// The panel.
#[inline(never)]
pub fn search(props: &Props<'_>) -> Html {
    let start = |faults: u8, words: &'static str| {
        let onclick = props.onstart.reform(move |_: MouseEvent| faults);
        html! { <button {onclick} disabled={props.percent.is_some()}>{ words }</button> }
    };
    html! {
        <section class="search" aria-label={words::FIND}>
            <p>{ words::MACHINE }</p>
            <div class="buttons">
                { start(1, words::EVERY_ONE) }
                { start(2, words::EVERY_TWO) }
                if props.percent.is_some() {
                    <button onclick={props.onstop.reform(|_: MouseEvent| ())}>{ words::STOP }</button>
                }
            </div>
            if let Some(percent) = props.percent {
                <progress max="100" value={percent.to_string()} aria-label={words::TRIED}/>
            }
            if let Some(problem) = props.problem {
                <p role="alert">{ problem }</p>
            }
            if let Some(found) = props.found {
                <p class="covered" role={props.percent.is_none().then_some("status")}>{ words::covered(found.placements[1], found.placements[2], found.cut_off, props.percent.is_some()) }</p>
                <ul class="outcomes">{ for outcomes(found).filter_map(|outcome| line(props, outcome)) }</ul>
                { grid(props, found) }
            }
        </section>
    }
}

/// In the order in which promises always stand.
fn outcomes(found: &Found) -> impl Iterator<Item = &Outcome> {
    Promise::ALL
        .iter()
        .filter_map(|promise| found.outcomes.iter().find(|outcome| outcome.promise == *promise))
}

/// What came of a promise; facts that are only reached are not asked about here.
fn line(props: &Props<'_>, outcome: &Outcome) -> Option<Html> {
    let promise = outcome.promise;
    if promise.when() == When::Sometimes {
        return None;
    }
    let sentence = promise.sentence(props.scenario.setup.noun());
    Some(match &outcome.shortest {
        None if outcome.standing() == Standing::NeverReached => {
            html! { <li>{ icons::open_circle() }<span>{ sentence }{ words::UNTESTED }</span></li> }
        }
        None => html! { <li class="kept">{ icons::check() }<span>{ sentence }{ words::ALWAYS }</span></li> },
        Some(way) => {
            let way: Way = (way.faults.clone(), way.at);
            let onclick = props.onopen.reform(move |_: MouseEvent| way.clone());
            html! {
                <li class="broken">{ icons::cross() }<button {onclick} title={words::SHORTEST}>
                    <span>{ sentence }{ words::broken_in(outcome.runs) }</span>
                </button></li>
            }
        }
    })
}

/// The places at which a single fault does harm, party by party.
fn grid(props: &Props<'_>, found: &Found) -> Html {
    let harm = |row: &Row| row.found.iter().any(|&n| n > 0);
    let all = table::rows(props.scenario, found);
    let rows: Vec<_> = all.iter().filter(|(_, row)| harm(row)).collect();
    let columns: Vec<usize> =
        (0..Verdict::ALL.len()).filter(|&n| rows.iter().any(|(_, row)| row.found[n] > 0)).collect();
    let cast = props.scenario.setup.cast();
    let mut last = None;
    let harmless = all.len() - rows.len();
    html! {
        <>
            if !rows.is_empty() {
                <table class="windows">
                    <caption class="sr">{ words::BY_PLACE }</caption>
                    <thead><tr><th scope="col">{ words::ONE_FAULT }</th>
                        { for columns.iter().map(|&n| {
                            let verdict = Verdict::ALL[n];
                            html! { <th scope="col" class={verdict.name()}>{ icons::verdict(verdict) }{ verdict.name() }</th> }
                        }) }
                    </tr></thead>
                    <tbody>{ for rows.into_iter().map(|(site, row)| {
                        let party = (last != Some(site.actor())).then(|| cast.name(site.actor()).to_owned());
                        last = Some(site.actor());
                        html! {
                            <>
                                if let Some(party) = party {
                                    <tr><th scope="rowgroup" class="whose" colspan={(columns.len() + 1).to_string()}>{ party }</th></tr>
                                }
                                <tr><th scope="row">{ site.what() }</th>
                                    { for columns.iter().map(|&n| cell(props, row, n)) }</tr>
                            </>
                        }
                    }) }</tbody>
                </table>
            }
            <p class="harmless">{ words::harmless(harmless, all.len()) }</p>
        </>
    }
}

fn cell(props: &Props<'_>, row: &Row, column: usize) -> Html {
    let name = Verdict::ALL[column].name();
    match row.first[column] {
        Some(Example { fault, at, .. }) => {
            let onclick = props.onopen.reform(move |_: MouseEvent| (vec![fault], at));
            let title = words::in_so_many(name, row.found[column], row.tried);
            html! { <td class={name}><button {onclick} title={title.clone()} aria-label={title}>{ row.found[column] }</button></td> }
        }
        None => html! { <td/> },
    }
}
