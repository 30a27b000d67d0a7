//! Time in one's hands: play, step, the clock, speed, seed, and the line to drag.

use super::icons;
use crate::scene::layout::Px;
use crate::sim::time::Instant;
use crate::timeline::marks::{Mark, MarkKind};
use crate::words::page as words;
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The speeds, in hundredths: a tenth to fifty times.
pub const SPEEDS: [u32; 9] = [10, 25, 50, 100, 200, 500, 1000, 2000, 5000];

/// The nodes that follow the playhead at every frame, between Yew's own renderings.
#[derive(Clone, PartialEq, Default)]
pub struct Hands {
    /// The clock.
    pub clock: NodeRef,
    /// The line.
    pub line: NodeRef,
    /// The part of the line that is past.
    pub past: NodeRef,
    /// The speed: what was chosen by hand outweighs the attribute of an option, so that keys have to move the
    /// choice itself.
    pub speed: NodeRef,
}

impl Hands {
    /// Shows the playhead.
    pub fn show(&self, playhead: Instant, end: Instant) {
        if let Some(clock) = self.clock.cast::<web_sys::Element>() {
            clock.set_text_content(Some(&playhead.to_string()));
        }
        if let Some(line) = self.line.cast::<HtmlInputElement>() {
            line.set_value(&playhead.0.to_string());
        }
        if let Some(past) = self.past.cast::<web_sys::HtmlElement>() {
            let part = playhead.0 as f64 / end.0.max(1) as f64;
            // A transform, unlike a width, asks for no new layout.
            let _ = past.style().set_property("transform", &format!("scaleX({})", Px(part as f32)));
        }
    }

    /// Shows the speed.
    pub fn choose(&self, speed: usize) {
        if let Some(select) = self.speed.cast::<HtmlSelectElement>() {
            select.set_selected_index(speed as i32);
        }
    }
}

/// What the controls say to the page.
#[derive(Clone, Debug)]
pub enum Control {
    /// Play or pause.
    Toggle,
    /// One step forward.
    Step,
    /// One step back.
    Back,
    /// To the start.
    Reset,
    /// To that moment.
    Seek(Instant),
    /// Right after that step.
    Jump(u32),
    /// The speed of that index.
    Speed(usize),
    /// A seed, as it is being typed.
    Typing(String),
    /// A seed, as typed.
    Seed(String),
    /// Any seed.
    AnySeed,
    /// Undo what was done by hand.
    Undo,
    /// To the next interesting step, or the one before.
    Interesting(bool),
    /// Whether the play stops where a promise is broken: the other way.
    Halt,
}

/// What the controls are made with.
pub struct Props {
    /// Whether the run plays.
    pub playing: bool,
    /// The moment on show.
    pub playhead: Instant,
    /// The end of the run.
    pub end: Instant,
    /// The step on show.
    pub step: u32,
    /// All steps.
    pub steps: u32,
    /// What is to be seen on the line.
    pub marks: Rc<Vec<Mark>>,
    /// The index of the speed.
    pub speed: usize,
    /// The seed in words or digits.
    pub seed: AttrValue,
    /// What is wrong with the seed that was typed.
    pub seed_problem: Option<AttrValue>,
    /// Whether something was done by hand.
    pub hands_on: bool,
    /// Whether the play stops where a promise is broken.
    pub halt: bool,
    /// The nodes that follow every frame.
    pub hands: Hands,
    /// The branches, under the line.
    pub branches: Html,
    /// Something is asked for.
    pub oncontrol: Callback<Control>,
}

/// How a speed is written.
pub fn speed_label(hundredths: u32) -> String {
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => format!("{whole}×"),
        (whole, part) if part.is_multiple_of(10) => format!("{whole}.{}×", part / 10),
        (whole, part) => format!("{whole}.{part:02}×"),
    }
}

/// The controls.
pub fn transport(props: &Props) -> Html {
    let say = |control: Control| props.oncontrol.reform(move |_: MouseEvent| control.clone());
    let oninput = props.oncontrol.reform(|event: InputEvent| {
        let value = event.target_unchecked_into::<HtmlInputElement>().value();
        Control::Seek(Instant(value.parse().unwrap_or(0)))
    });
    let onspeed = props.oncontrol.reform(|event: Event| {
        Control::Speed(event.target_unchecked_into::<HtmlSelectElement>().selected_index().max(0) as usize)
    });
    let ontype = props.oncontrol.reform(|event: InputEvent| {
        Control::Typing(event.target_unchecked_into::<HtmlInputElement>().value())
    });
    let onseed = props
        .oncontrol
        .reform(|event: Event| Control::Seed(event.target_unchecked_into::<HtmlInputElement>().value()));
    let past = props.playhead.0 as f64 / props.end.0.max(1) as f64;
    html! {
        <footer class="transport" aria-label={words::TIME}>
            <div class="controls">
                <button class="round" onclick={say(Control::Reset)} aria-label={words::RESET} title={words::RESET_KEY}>{ icons::back_arrow() }</button>
                <button class="round" onclick={say(Control::Back)} aria-label={words::STEP_BACK} title={words::STEP_BACK_KEY} aria-disabled={(props.step == 0).to_string()}>{ icons::step_back() }</button>
                <button class="round play" data-first="" onclick={say(Control::Toggle)} aria-label={words::toggle(props.playing)} title={words::TOGGLE_KEY}>
                    { if props.playing { icons::pause() } else { icons::play() } }
                </button>
                <button class="round" onclick={say(Control::Step)} aria-label={words::STEP} title={words::STEP_KEY}>{ icons::step() }</button>
                <span class="clock" ref={props.hands.clock.clone()}>{ props.playhead.to_string() }</span>
                <span class="count">{ words::step(props.step, props.steps) }</span>
                if props.hands_on {
                    <button class="undo" onclick={say(Control::Undo)} title={words::UNDO_KEY} aria-label={words::UNDO}>{ icons::undo() }<span>{ words::UNDO }</span></button>
                }
                <span class="space"></span>
                <button class="round halt" onclick={say(Control::Halt)} aria-pressed={props.halt.to_string()} aria-label={words::HALT} title={format!("{} (H)", words::HALT)}>{ icons::halt() }</button>
                <label>{ words::SPEED }
                    <select ref={props.hands.speed.clone()} onchange={onspeed}>
                        { for SPEEDS.iter().enumerate().map(|(n, &speed)| html! {
                            <option selected={n == props.speed}>{ speed_label(speed) }</option>
                        }) }
                    </select>
                </label>
                <label class="seed">{ words::SEED }
                    <input value={props.seed.clone()} oninput={ontype} onchange={onseed} spellcheck="false" autocomplete="off"
                        aria-invalid={props.seed_problem.is_some().to_string()} size="18"/>
                </label>
                <button class="any" onclick={say(Control::AnySeed)} title={words::ANY_SEED_KEY} aria-label={words::ANY_SEED}>{ words::ANOTHER }</button>
            </div>
            if let Some(problem) = &props.seed_problem { <p class="problem" role="alert">{ problem }</p> }
            <div class="way">
                <button class="jump" onclick={say(Control::Interesting(false))} aria-label={words::LAST_INTERESTING} title={format!("{} (,)", words::LAST_INTERESTING)}>{ icons::last() }</button>
                <div class="line">
                    <div class="track"><div class="past" ref={props.hands.past.clone()} style={format!("transform:scaleX({})", Px(past as f32))}></div></div>
                    <input type="range" ref={props.hands.line.clone()} min="0" max={props.end.0.max(1).to_string()} step="1"
                        value={props.playhead.0.to_string()} {oninput} aria-label={words::TIME_LINE}
                        aria-valuetext={format!("{}, {}", props.playhead, words::step(props.step, props.steps))}/>
                    <div class="marks">{ for placed(&props.marks, props.end).into_iter().map(|(mark, label)| mark_view(mark, label, props.end, &props.oncontrol)) }</div>
                </div>
                <button class="jump" onclick={say(Control::Interesting(true))} aria-label={words::NEXT_INTERESTING} title={format!("{} (.)", words::NEXT_INTERESTING)}>{ icons::next() }</button>
            </div>
            { props.branches.clone() }
        </footer>
    }
}

/// Where there is room for the words of a mark.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
enum Label {
    /// Nowhere: another's are too near.
    Never,
    /// Where the line is long.
    Wide,
    /// On a phone, too.
    Always,
}

/// The marks, those that fall together thinned out, and whether there is room for their words.
fn placed(marks: &[Mark], end: Instant) -> Vec<(Mark, Label)> {
    let part = |mark: &Mark| mark.at.0 as f64 / end.0.max(1) as f64;
    let mut placed: Vec<(Mark, Label)> = Vec::new();
    // What the judge found comes first: it keeps its place and its words.
    let (found, others): (Vec<&Mark>, Vec<&Mark>) =
        marks.iter().partition(|mark| matches!(mark.kind, MarkKind::Found(_) | MarkKind::Parting));
    for mark in found.into_iter().chain(others) {
        let near = |within: f64| placed.iter().any(|(other, _)| (part(other) - part(mark)).abs() < within);
        if near(0.008) {
            continue;
        }
        // Whether no other's words of at least that kind stand nearer.
        let free = |within: f64, least: Label| {
            placed.iter().all(|(other, label)| *label < least || (part(other) - part(mark)).abs() > within)
        };
        let label = match free(0.07, Label::Wide) {
            true if free(0.2, Label::Always) => Label::Always,
            true => Label::Wide,
            false => Label::Never,
        };
        placed.push((*mark, label));
    }
    placed
}

fn mark_view(mark: Mark, label: Label, end: Instant, oncontrol: &Callback<Control>) -> Html {
    let part = mark.at.0 as f64 / end.0.max(1) as f64 * 100.0;
    let (class, icon, word) = match mark.kind {
        MarkKind::Crash => ("fault", icons::bolt(), words::DOWN),
        MarkKind::Stop => ("restart", icons::open_circle(), words::STOPPED),
        MarkKind::Restart => ("restart", icons::open_circle(), words::UP),
        MarkKind::Rollback => ("fault", icons::triangle(), words::ROLLBACK),
        MarkKind::Error => ("fault", icons::triangle(), words::ERROR),
        MarkKind::LostPacket => ("fault", icons::cross(), words::PACKET_LOST),
        MarkKind::Outage => ("fault", icons::triangle(), words::OUTAGE),
        MarkKind::Parting => ("parting", icons::fork(), words::PART),
        MarkKind::Hand => ("hand", icons::hand(), words::BY_HAND),
        MarkKind::Found(verdict) => (verdict.name(), icons::verdict(verdict), icons::word(verdict)),
    };
    let found = matches!(mark.kind, MarkKind::Found(_));
    let step = mark.step;
    let onclick = oncontrol.reform(move |_: MouseEvent| Control::Jump(step));
    html! {
        <button key={format!("{step}{word}")} class={classes!("mark", found.then_some("found"), class)} style={format!("left:{}%", Px(part as f32))} {onclick}
            aria-label={words::mark(word, &mark.at)} title={words::mark(word, &mark.at)}>
            { icon }
            if label != Label::Never { <span class={classes!((label == Label::Wide).then_some("wide"))}>{ word }</span> }
        </button>
    }
}
