//! The stage: the parties with their tables, the queues, the wires.

use super::icons;
use super::tokens::Layer;
use crate::broker::record::NONE;
use crate::broker::setup::Role;
use crate::check::finding::Verdict;
use crate::fault::point::ActorId;
use crate::scene::layout::{Px, Rect};
use crate::scene::stage::{Chip, Hidden, Party, Stage, Strip};
use crate::scene::tables::{Row, RowState, Table};
use crate::words::page as words;
use crate::words::stage::QUEUE;
use std::rc::Rc;
use yew::prelude::*;

/// What a person points at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Selection {
    /// A party.
    Party(ActorId),
    /// A message, and its packet while it flies.
    Message(u32, Option<u32>),
    /// An order.
    Order(u32),
}

/// A stage and what is chosen on it.
pub struct Props {
    /// What stands there.
    pub stage: Rc<Stage>,
    /// What is chosen, on the stage that the panels are about.
    pub selected: Option<Selection>,
    /// Something was chosen.
    pub onselect: Callback<Selection>,
    /// Takes the handle of the layer of tokens.
    pub onlayer: Callback<html::Scope<Layer>>,
    /// Its name for those who do not see it.
    pub label: AttrValue,
    /// How much larger than its own measures it is shown.
    pub scale: f32,
    /// What stands above everything, and the party that it is about.
    pub over: Option<(Html, Option<ActorId>)>,
}

pub(super) fn place(rect: Rect) -> String {
    let Rect { x, y, w, h, .. } = rect;
    format!("left:{}px;top:{}px;width:{}px;height:{}px", Px(x), Px(y), Px(w), Px(h))
}

/// One stage.
pub fn stage_view(props: &Props) -> Html {
    let stage = &props.stage;
    let compact = stage.layout.compact;
    let height = stage.layout.height;
    let width = stage.room.width;
    let about = props.over.as_ref().and_then(|(_, about)| *about);
    let choose = |selection: Selection| {
        let onselect = props.onselect.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            onselect.emit(selection);
        })
    };
    let onmessage = {
        let onselect = props.onselect.clone();
        Callback::from(move |(message, packet)| onselect.emit(Selection::Message(message, packet)))
    };
    html! {
        <section class={classes!("stage", compact.then_some("compact"), stage.layout.narrow.then_some("narrow"))}
            aria-label={props.label.clone()}
            style={format!("width:{}px;height:{}px;transform:scale({})", Px(width), Px(height), Px(props.scale))}>
            <svg class="wires" width={Px(width).to_string()} height={Px(height).to_string()} aria-hidden="true">
                { for stage.wires.iter().map(wire) }
            </svg>
            { for stage.parties.iter().map(|party| party_box(party, props.selected, about == Some(party.actor), &choose)) }
            { for stage.strips.iter().map(|strip| strip_box(strip, props.selected, &choose)) }
            <Layer onready={props.onlayer.clone()} onselect={onmessage} {width} {height}/>
            if let Some((over, _)) = &props.over { { over.clone() } }
        </section>
    }
}

fn wire(wire: &crate::scene::stage::Wire) -> Html {
    let (x, y) = wire.path.to;
    let back = if wire.path.down { wire.path.from.1 > y } else { wire.path.from.0 > x };
    let head = match (wire.path.down, back) {
        (true, false) => "l-6-9h12z",
        (true, true) => "l-6 9h12z",
        (false, false) => "l-10-6v12z",
        (false, true) => "l10-6v12z",
    };
    let head = format!("M{} {}{head}", Px(x), Px(y));
    html! {
        <g key={wire.actor.0} class={classes!("wire", wire.cut.then_some("cut"))}>
            <path class="line" d={wire.path.svg()}/>
            <path class="head" d={head}/>
        </g>
    }
}

fn party_box(
    party: &Party,
    selected: Option<Selection>,
    proof: bool,
    choose: &impl Fn(Selection) -> Callback<MouseEvent>,
) -> Html {
    let kind = match party.role {
        Role::Service(_) => "service",
        Role::Relay(_) => "relay",
        Role::Broker => "broker",
        Role::Worker(..) => "worker",
    };
    // A box for its name and one line: that says what it is at.
    let small = party.tables.is_empty() && party.role != Role::Broker;
    let this = Selection::Party(party.actor);
    let foot = match (party.role, &party.alert) {
        (Role::Broker, _) => Html::default(),
        (_, Some((verdict, text))) => alert(*verdict, text),
        _ => html! { <p class="foot">{ if party.up { party.now.clone() } else { String::new() } }</p> },
    };
    html! {
        <article key={format!("p{}", party.actor.0)}
            class={classes!("party", kind, small.then_some("small"), (!party.up).then_some("down"), (selected == Some(this)).then_some("chosen"), proof.then_some("proof"))}
            style={place(party.rect)}>
            <button class="name" onclick={choose(this)} aria-pressed={(selected == Some(this)).to_string()}>
                <strong>{ &party.name }</strong>
                if !(party.up && party.database && party.connected) {
                    { cannot(party) }
                } else if !party.how.is_empty() {
                    <small>{ party.how.clone() }</small>
                }
            </button>
            if !party.tables.is_empty() {
                <div class={classes!("tables", (party.tables.len() > 1).then_some("two"))}>
                    { for party.tables.iter().map(|table| table_box(table, selected, choose)) }
                </div>
            }
            { foot }
        </article>
    }
}

/// What went wrong with what lies there.
#[inline(never)]
fn alert(verdict: Verdict, text: &str) -> Html {
    html! { <p class={classes!("foot", "alert", verdict.name())}>{ icons::verdict(verdict) }{ text }</p> }
}

/// Why a party cannot work.
#[inline(never)]
fn cannot(party: &Party) -> Html {
    let (sign, word) = if !party.up {
        (icons::bolt(), words::DOWN)
    } else if !party.database {
        (icons::triangle(), words::NO_DATABASE)
    } else {
        (icons::cross(), words::CUT_OFF)
    };
    html! { <span class="state down">{ sign }{ word }</span> }
}

fn table_box(
    table: &Table,
    selected: Option<Selection>,
    choose: &impl Fn(Selection) -> Callback<MouseEvent>,
) -> Html {
    html! {
        <section class="table" key={table.title.clone()}>
            <h3>{ &table.title }
                if table.earlier > 0 { <span class="earlier" title={words::older(table.earlier)}>{ format!("+{}", table.earlier) }</span> }
            </h3>
            <ul>{ for table.rows.iter().map(|row| table_row(row, selected, choose)) }</ul>
        </section>
    }
}

fn state_class(state: RowState) -> &'static str {
    match state {
        RowState::Staged => "staged",
        RowState::Committed => "committed",
        RowState::RolledBack => "rolled-back",
        RowState::Waits => "waits",
        RowState::Sending => "sending",
        RowState::Locked => "locked",
        RowState::Sent => "sent",
        RowState::Applied => "applied",
        RowState::Skipped => "skipped",
        RowState::PassedOver => "passed-over",
        RowState::Held => "staged",
        RowState::Parked | RowState::Edited => "waits",
        RowState::Discarded => "rolled-back",
    }
}

#[inline(never)]
fn table_row(
    row: &Row,
    selected: Option<Selection>,
    choose: &impl Fn(Selection) -> Callback<MouseEvent>,
) -> Html {
    let this =
        if row.message == NONE { Selection::Order(row.order) } else { Selection::Message(row.message, None) };
    let chosen = match (selected, this) {
        (Some(Selection::Message(one, _)), Selection::Message(other, _)) => one == other,
        (Some(one), other) => one == other,
        _ => false,
    };
    let word = match (row.badge, row.state) {
        (Some(verdict), _) => icons::word(verdict),
        (None, RowState::Applied) => "",
        (None, state) => state.word(),
    };
    // In words also where the stage shows a sign only.
    let state = row.badge.map_or(row.state.word(), icons::word);
    html! {
        <li key={row.id}>
            <button aria-pressed={chosen.to_string()} class={classes!("row", state_class(row.state), row.badge.map(|v| format!("found {}", v.name())), chosen.then_some("chosen"))}
                onclick={choose(this)} title={row.label.clone()}>
                <span class="what">{ what(&row.label) }</span>
                <span class="sr">{ ", " }{ state }</span>
                <span class="word" aria-hidden="true"><span>{ word }</span>{ row.badge.map_or_else(|| icons::row(row.state), icons::verdict) }</span>
            </button>
        </li>
    }
}

/// A row's label; its number stays where there is no room for all of it.
fn what(label: &str) -> Html {
    match label.rsplit_once(' ') {
        Some((noun, number)) if number.bytes().all(|letter| letter.is_ascii_digit()) => {
            html! { <><span>{ noun }{ " " }</span>{ number }</> }
        }
        _ => html! { label },
    }
}

/// A chip in words: what its looks say.
fn chip_words(chip: &Chip) -> String {
    let state = match &chip.hidden {
        Some(Hidden { until, by: Some(by), receives, .. }) => words::hidden(by, *receives, until),
        Some(Hidden { until, .. }) => words::delayed(until),
        None if chip.out => words::HANDED_OUT.to_owned(),
        None => words::WAITING.to_owned(),
    };
    words::chip(&chip.label, &state, chip.ghost, chip.again, chip.bad)
}

#[inline(never)]
fn chip_button(
    chip: &Chip,
    selected: Option<Selection>,
    choose: &impl Fn(Selection) -> Callback<MouseEvent>,
) -> Html {
    let chosen = matches!(selected, Some(Selection::Message(message, _)) if message == chip.message);
    html! {
        <button key={format!("{}{}", chip.message, chip.out)}
            class={classes!("chip", chip.out.then_some("out"), chip.ghost.then_some("ghost"),
                chip.again.then_some("again"), chip.bad.then_some("bad"), chip.hidden.is_some().then_some("hidden"), chosen.then_some("chosen"))}
            onclick={choose(Selection::Message(chip.message, None))}
            style={chip.hidden.as_ref().map(|hidden| format!("--left:{}%", Px(f32::from(hidden.left) / 10.0)))}
            aria-pressed={chosen.to_string()} aria-label={chip_words(chip)}>
            if chip.ghost { { icons::verdict(Verdict::Ghost) } }
            if chip.bad { { icons::cross() } }
            { &chip.label }
        </button>
    }
}

/// As long as what a strip is and its name may be together, in letters, so that both can be read.
const LONGEST_TITLE: usize = 16;

fn strip_box(
    strip: &Strip,
    selected: Option<Selection>,
    choose: &impl Fn(Selection) -> Callback<MouseEvent>,
) -> Html {
    let queue = strip.what == QUEUE;
    // A long name needs the room: what it is is to be seen by what stands under it.
    let prefix = strip.what.len() + strip.title.len() < LONGEST_TITLE;
    html! {
        <div key={strip.title.clone()}
            class={classes!("strip", if queue { "queue" } else { "topic" }, strip.cut.then_some("cut"))}
            style={place(strip.rect)}>
            <h3 title={strip.title.clone()}><span class={if prefix { "prefix" } else { "sr" }}>{ strip.what }{ " " }</span>{ &strip.title }
                if !strip.durable { <span class="earlier">{ words::NOT_DURABLE }</span> }
                if strip.parked > 0 { <span class="parked">{ words::parked(strip.parked) }</span> }
            </h3>
            if queue && !strip.note.is_empty() {
                <p class="note" title={strip.note.clone()}>{ &strip.note }</p>
            }
            if !queue {
                <p class="empty">if !prefix { { strip.what }{ ", " } }{ &strip.note }</p>
            } else if strip.chips.is_empty() {
                <p class="empty">{ words::EMPTY }</p>
            } else {
                <div class="chips">
                    { for strip.chips.iter().map(|chip| chip_button(chip, selected, choose)) }
                    if strip.more > 0 { <span class="more">{ format!("+{}", strip.more) }</span> }
                </div>
            }
        </div>
    }
}
