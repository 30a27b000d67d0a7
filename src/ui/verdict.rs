//! The verdict: what was promised, what came of it, and where it broke.

use super::icons;
use crate::check::finding::Verdict;
use crate::check::ledger::Ledger;
use crate::check::promise::{Breach, Promise, PromiseState, When, judge};
use crate::scenario::Scenario;
use crate::scene::measures::Large;
use crate::scene::names;
use crate::scene::story::GRAVEST_FIRST;
use crate::words::page as words;
use yew::prelude::*;

/// The two numbers that should be equal.
#[derive(Clone, PartialEq)]
pub struct Score {
    promised_label: String,
    promised: u32,
    came_label: String,
    came: u32,
    /// The class that says how they compare.
    tone: &'static str,
}

/// Compares what was promised with what came of it.
pub fn score(scenario: &Scenario, ledger: &Ledger) -> Score {
    let totals = ledger.totals();
    let setup = &scenario.setup;
    let single = setup.consumers.len() == 1 && setup.services.iter().all(|s| s.messages.len() == 1);
    let noun = setup.noun();
    let plain = setup.services.iter().all(|s| s.publishing == crate::broker::setup::Publishing::Plain);
    let word = if plain { words::PUBLISHED } else { words::COMMITTED };
    let (promised_label, promised) = if single {
        (format!("{} {word}", names::plural(noun)), totals.committed)
    } else {
        let nouns = if totals.committed == 1 { noun.to_owned() } else { names::plural(noun) };
        (words::effects_due(totals.committed, &nouns), totals.expected)
    };
    let came_label = if single { setup.consumers[0].effects.clone() } else { words::APPLIED.to_owned() };
    let counts = ledger.counts();
    // What is parked is safe.
    let mut bad = GRAVEST_FIRST.into_iter().filter(|&verdict| verdict != Verdict::Parked);
    let tone = match bad.find(|verdict| counts.of(*verdict) > 0) {
        Some(verdict) => verdict.name(),
        None if promised == totals.effects && promised > 0 => "equal",
        None => "open",
    };
    Score { promised_label, promised, came_label, came: totals.effects, tone }
}

impl Score {
    /// In a line, for the caption of a stage.
    pub fn line(&self) -> Html {
        html! {
            <span class="score-line">
                { format!("{}: {}, ", self.promised_label, self.promised) }
                <b class={self.tone}>{ format!("{}: {}", self.came_label, self.came) }</b>
            </span>
        }
    }
}

/// What the verdict is made with.
pub struct Props {
    /// What a unit of work is called, singular.
    pub noun: AttrValue,
    /// The numbers.
    pub score: Score,
    /// What the scenario measures, of the run on show and then of the one beside it, each under a word.
    pub large: Vec<(&'static str, Large)>,
    /// The promises at the moment on show, in the order of the list.
    pub promises: Vec<PromiseState>,
    /// A moment was asked for.
    pub onjump: Callback<u32>,
}

/// The promises that a scenario is judged by, at a moment of its run.
pub fn promises(scenario: &Scenario, ledger: &Ledger) -> Vec<PromiseState> {
    let stands = |promise: &Promise| scenario.keeps.contains(promise) || scenario.breaks.contains(promise);
    let mut all: Vec<Promise> = Promise::ALL.into_iter().filter(stands).collect();
    all.extend(&scenario.reaches);
    judge(ledger, &all)
}

/// The numbers and the promises.
pub fn verdict(props: &Props) -> Html {
    let (score, noun) = (&props.score, props.noun.as_str());
    let promises = props.promises.iter().filter(|state| !is_fact(state));
    html! {
        <section class="verdict" aria-label={words::VERDICT}>
            <dl class="score">
                <div><dt>{ &score.promised_label }</dt><dd>{ score.promised }</dd></div>
                <div class={score.tone}><dt>{ &score.came_label }</dt><dd>{ score.came }</dd></div>
            </dl>
            if !props.large.is_empty() { { measures(&props.large) } }
            <ul class="promises">
                { for promises.map(|state| promise_line(state, noun, &props.onjump)) }
            </ul>
        </section>
    }
}

#[inline(never)]
fn measures(large: &[(&'static str, Large)]) -> Html {
    html! {
        <dl class="large">
            { for large.iter().map(|(who, large)| html! {
                <div key={*who} class={classes!(large.bad.then_some("bad"))}>
                    <dt>{ *who }{ &large.label }</dt><dd>{ &large.value }<small>{ &large.detail }</small></dd>
                </div>
            }) }
        </dl>
    }
}

fn is_fact(state: &PromiseState) -> bool {
    state.promise.when() == When::Sometimes
}

/// What the run came to: without it, a promise that held proves nothing.
pub fn facts(props: &Props) -> Html {
    let facts = props.promises.iter().filter(|state| is_fact(state));
    html! {
        <section class="facts">
            <h2>{ words::CAME_TO }</h2>
            { for facts.map(|state| html! {
                <p key={state.promise.name()} class={classes!("fact", state.reached.is_some().then_some("reached"))}>
                    { if state.reached.is_some() { icons::check() } else { icons::open_circle() } }
                    { state.promise.sentence(&props.noun) }
                </p>
            }) }
        </section>
    }
}

/// The line of a promise that is broken leads to where it broke.
#[inline(never)]
fn broken_line(state: &PromiseState, sentence: &str, broken: &Breach, onjump: &Callback<u32>) -> Html {
    let name = state.promise.name();
    let sign = match state.promise {
        Promise::NoGhost => icons::verdict(Verdict::Ghost),
        Promise::NothingTwice => icons::verdict(Verdict::Duplicate),
        Promise::AllOrNone => icons::verdict(Verdict::HalfSent),
        Promise::InOrder => icons::verdict(Verdict::OutOfOrder),
        Promise::NoRequestFails => icons::verdict(Verdict::Failed),
        Promise::AnswersInTime => icons::verdict(Verdict::Late),
        Promise::DoneInTime => icons::verdict(Verdict::Overdue),
        _ => icons::verdict(Verdict::Lost),
    };
    let step = broken.step;
    let onclick = onjump.reform(move |_: MouseEvent| step);
    html! {
        <li key={name} class={classes!("broken", name)}>
            <button {onclick} title={words::WHEN_BROKE}>
                { sign }<span>{ sentence }</span>
                <time>{ words::broken_at(&broken.at) }</time>
            </button>
        </li>
    }
}

fn promise_line(state: &PromiseState, noun: &str, onjump: &Callback<u32>) -> Html {
    let name = state.promise.name();
    let sentence = state.promise.sentence(noun);
    match &state.broken {
        Some(broken) => broken_line(state, &sentence, broken, onjump),
        None if state.held == Some(true) => html! {
            <li key={name} class="kept">{ icons::check() }<span>{ sentence }<em class="sr">{ words::KEPT }</em></span></li>
        },
        None => html! {
            <li key={name} class="so-far">{ icons::check() }<span>{ sentence }<em class="sr">{ words::SO_FAR }</em></span></li>
        },
    }
}
