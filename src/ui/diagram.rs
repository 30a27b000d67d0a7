//! The sequence diagram of a run: only the rows that are to be seen are drawn, wherever they are in the run.

use super::browser::around;
use super::icons;
use crate::scene::diagram::svg::Size;
use crate::scene::export::Format;
use crate::scene::story::Line;
use crate::words::page as words;
use yew::prelude::*;

/// The height of a row, in pixels.
pub const ROW: i64 = 26;
/// Rows drawn beyond what is to be seen, so that scrolling by a few draws nothing anew.
const MORE: u32 = 8;
/// The most rows that a browser can scroll through at once; of a longer run those around now.
const MOST: u32 = 300_000;
/// How far a pointer moves before it drags, in pixels.
const STILL: i32 = 4;

/// What the diagram says to the page.
#[derive(Clone, Debug)]
pub enum Word {
    /// It is shown in the place of the stage, or not.
    Show(bool),
    /// It was scrolled, or has that much room now.
    Seen(usize),
    /// A pointer is over that record, or over none.
    Over(usize, Option<u32>),
    /// That record was chosen, or none.
    Choose(usize, Option<u32>),
    /// The next thing, or the one before.
    Next(usize, bool),
    /// To the moment of that step.
    Travel(usize, u32),
    /// To the moment of what is chosen.
    Go,
    /// A file is wanted; none: a picture made of pixels.
    Export(Option<Format>),
}

/// Which rows are to be seen, and on how much room: measured by whoever shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sight {
    /// The first row of the sheet.
    pub base: u32,
    /// The first row drawn.
    pub first: u32,
    /// The last row drawn.
    pub last: u32,
    /// The rows of the sheet.
    pub rows: u32,
    /// The measures of the drawing.
    pub size: Size,
}

/// What is to be seen of a run of so many steps that stands at `now`, scrolled down by so many pixels, in so much room.
pub fn sight(now: u32, steps: u32, lanes: u8, top: i32, room: (i32, i32)) -> Sight {
    let (width, height) = room;
    // Step 0 is the start.
    let all = steps + 1;
    let base = if all > MOST { now.saturating_sub(MOST / 2).min(all - MOST) } else { 0 };
    let rows = all.min(MOST);
    let above = (i64::from(top.max(0)) / ROW) as u32;
    // What was seen of a longer run may be beyond the end of this one.
    let end = base + rows - 1;
    let first = (base + (above / MORE * MORE).saturating_sub(MORE)).min(end);
    let last = first + (i64::from(height.max(200)) / ROW) as u32 + 4 * MORE;
    let narrow = width < 560;
    let gutter = if narrow { 48 } else { 64 };
    let lane = (i64::from(width) - gutter) / i64::from(lanes.max(1));
    let lane = lane.clamp(if narrow { 96 } else { 130 }, 320);
    let size = Size { lane, row: ROW, gutter, head: 0 };
    Sight { base, first, last: last.min(end), rows, size }
}

/// What the diagram is made with.
pub struct Props {
    /// Which of the runs on show.
    pub index: usize,
    /// The names of the lanes.
    pub lanes: Vec<String>,
    /// The rows to be seen, drawn.
    pub drawn: String,
    /// Where they are.
    pub sight: Sight,
    /// The step on show.
    pub now: u32,
    /// What is chosen, or under the pointer.
    pub chosen: Option<u32>,
    /// The node that scrolls.
    pub node: NodeRef,
    /// What a drag began with.
    pub drag: Drag,
    /// Something is said.
    pub onword: Callback<Word>,
}

/// A pointer that is down: where it went down, and whether it has moved since.
#[derive(Clone, Default)]
pub struct Drag(std::rc::Rc<std::cell::Cell<Option<(i32, bool)>>>);

/// The id of a record's words on the sheet of that run.
fn id(index: usize, place: u32) -> String {
    format!("{}{place}", name(index))
}

/// What the ids of a drawing begin with.
pub fn name(index: usize) -> String {
    format!("d{index}-")
}

/// The record that an event is about.
fn place(event: &Event) -> Option<u32> {
    around(event, "[data-p]")?.get_attribute("data-p")?.parse().ok()
}

/// The row under a pointer.
fn row(event: &MouseEvent, sight: Sight) -> u32 {
    let Some(area) = around(event, ".sheet").map(|sheet| sheet.get_bounding_client_rect()) else {
        return sight.base;
    };
    // By its height as it is: a presenter sees it larger.
    let part = (f64::from(event.client_y()) - area.top()) / area.height().max(1.0);
    sight.base + (part.clamp(0.0, 1.0) * f64::from(sight.rows)) as u32
}

/// The diagram.
pub fn diagram(props: &Props) -> Html {
    let Props { index, sight, .. } = *props;
    let (now, onword) = (props.now, &props.onword);
    let width = sight.size.width(props.lanes.len() as u8);
    let y = |row: u32| (i64::from(row) - i64::from(sight.base)) * ROW;
    // What was chosen at a line may have no words of its own, or is out of sight.
    let chosen = props.chosen.map(|place| id(index, place));
    let active = chosen.clone().filter(|id| props.drawn.contains(&format!("id=\"{id}\"")));
    let sheet = format!("width:{width}px;height:{}px", i64::from(sight.rows) * ROW);
    html! {
        <div class="sequence" ref={props.node.clone()} onscroll={onword.reform(move |_: Event| Word::Seen(index))}>
            <div class="lanes" style={format!("width:{width}px;padding-left:{}px", sight.size.gutter)} aria-hidden="true">
                { for props.lanes.iter().map(|lane| html! { <span style={format!("width:{}px", sight.size.lane)}>{ lane }</span> }) }
            </div>
            <div class={classes!("sheet", chosen.map(|_| "chosen"))} style={sheet} role="listbox" tabindex="0" aria-label={words::SEQUENCE}
                aria-activedescendant={active}
                onpointerdown={pointer_down(props)} onpointermove={pointer_moves(props)} onpointerup={pointer_up(props)}
                onpointercancel={let_go(props)}
                onpointerover={onword.reform(move |event: PointerEvent| Word::Over(index, place(&event)))}
                onpointerleave={onword.reform(move |_: PointerEvent| Word::Over(index, None))}
                onkeydown={key(props)}>
                <div class="drawn" role="presentation" style={format!("top:{}px", y(sight.first))}>
                    { Html::from_html_unchecked(props.drawn.clone().into()) }
                </div>
                <div class="beside-lanes" style={format!("width:{}px", sight.size.gutter)} aria-hidden="true"></div>
                <div class="present" style={format!("top:{}px", y(now + 1))} aria-hidden="true"><i></i></div>
            </div>
        </div>
    }
}

fn pointer_down(props: &Props) -> Callback<PointerEvent> {
    let (drag, gutter) = (props.drag.clone(), props.sight.size.gutter as i32);
    Callback::from(move |event: PointerEvent| {
        let left = around(&event, ".sheet").map_or(0.0, |sheet| sheet.get_bounding_client_rect().left());
        // A finger scrolls, except beside the lanes.
        let beside = f64::from(event.client_x()) - left < f64::from(gutter);
        if event.button() == 0 && (event.pointer_type() == "mouse" || beside) {
            drag.0.set(Some((event.client_y(), false)));
        }
    })
}

fn pointer_moves(props: &Props) -> Callback<PointerEvent> {
    let Props { index, sight, now, .. } = *props;
    let (drag, onword) = (props.drag.clone(), props.onword.clone());
    Callback::from(move |event: PointerEvent| {
        let Some((from, moved)) = drag.0.get() else { return };
        // It was let go elsewhere.
        if event.buttons() == 0 {
            return drag.0.set(None);
        }
        if !moved && (event.client_y() - from).abs() < STILL {
            return;
        }
        if !moved {
            // Also outside of it, until it is let go.
            drop(around(&event, ".sheet").map(|sheet| sheet.set_pointer_capture(event.pointer_id())));
            drag.0.set(Some((from, true)));
        }
        let row = row(&event, sight);
        if row != now {
            onword.emit(Word::Travel(index, row));
        }
    })
}

fn pointer_up(props: &Props) -> Callback<PointerEvent> {
    let Props { index, sight, .. } = *props;
    let (drag, onword) = (props.drag.clone(), props.onword.clone());
    Callback::from(move |event: PointerEvent| {
        let dragged = drag.0.take().is_some_and(|(_, moved)| moved);
        if dragged || event.button() != 0 {
            return;
        }
        onword.emit(match place(&event) {
            Some(place) => Word::Choose(index, Some(place)),
            // A finger that lands beside everything wants to scroll, or nothing.
            None if event.pointer_type() != "mouse" => Word::Choose(index, None),
            None => Word::Travel(index, row(&event, sight)),
        });
    })
}

fn let_go(props: &Props) -> Callback<PointerEvent> {
    let drag = props.drag.clone();
    Callback::from(move |_: PointerEvent| drag.0.set(None))
}

fn key(props: &Props) -> Callback<KeyboardEvent> {
    let (index, chosen, onword) = (props.index, props.chosen, props.onword.clone());
    Callback::from(move |event: KeyboardEvent| {
        let word = match event.key().as_str() {
            "ArrowDown" => Word::Next(index, true),
            "ArrowUp" => Word::Next(index, false),
            "Enter" if chosen.is_some() => Word::Go,
            "Escape" if chosen.is_some() => Word::Choose(index, None),
            _ => return,
        };
        // The page's own keys are not meant.
        event.prevent_default();
        event.stop_propagation();
        onword.emit(word);
    })
}

/// What led to what is chosen: a sentence each.
pub fn chain(told: &[Line], pinned: bool, onjump: &Callback<u32>, onclose: Callback<MouseEvent>) -> Html {
    html! {
        <section class={classes!("chain", pinned.then_some("pinned"))} aria-label={words::LED_TO}>
            <h3>{ words::LED_TO }
                if !pinned { <small>{ words::POINT }</small> }
                if pinned {
                    <button class="close" aria-label={words::CLOSE} onclick={onclose}>{ icons::cross() }</button>
                }
            </h3>
            <ol>
                // The latest first: what it comes from is read downwards.
                { for told.iter().rev().enumerate().map(|(n, line)| {
                    let step = line.step;
                    let onclick = onjump.reform(move |_: MouseEvent| step);
                    html! {
                        <li class={(n == 0).then_some("this")}>
                            <button {onclick} tabindex={if pinned { "0" } else { "-1" }}><time>{ line.at.to_string() }</time>{ &line.text }</button>
                        </li>
                    }
                }) }
            </ol>
        </section>
    }
}

/// What chooses between the stage and the diagram.
pub fn switch(on: bool, onword: &Callback<Word>) -> Html {
    let choose = |to: bool, word: &'static str| {
        let onclick = onword.reform(move |_: MouseEvent| Word::Show(to));
        html! { <button aria-pressed={(on == to).to_string()} {onclick}>{ word }</button> }
    };
    html! {
        <div class="switch" role="group" aria-label={words::VIEW}>
            { choose(false, words::STAGE) }
            { choose(true, words::SEQUENCE) }
        </div>
    }
}

/// The forms that a run can be taken away in, in the order of their words; none: pixels.
const FORMATS: [Option<Format>; words::EXPORTS.len()] =
    [Some(Format::Svg), None, Some(Format::Mermaid), Some(Format::JsonLines), Some(Format::Trace)];

/// What takes a run away as a file.
pub fn exports(onword: &Callback<Word>) -> Html {
    let file = |word: &'static str, detail: &'static str, format: Option<Format>| {
        let onword = onword.clone();
        let onclick = Callback::from(move |event: MouseEvent| {
            if let Some(menu) = around(&event, "details") {
                let _ = menu.remove_attribute("open");
            }
            onword.emit(Word::Export(format));
        });
        html! { <button {onclick}>{ word }<small>{ detail }</small></button> }
    };
    html! {
        <details class="exports">
            <summary>{ words::EXPORT }</summary>
            <div role="group" aria-label={words::EXPORT}>
                { for words::EXPORTS.iter().zip(FORMATS).map(|(&(word, detail), format)| file(word, detail, format)) }
            </div>
        </details>
    }
}

/// Where the sheet is to be scrolled to so that row is seen; none: it is.
pub fn scrolled(row: u32, sight: Sight, top: i32, height: i32) -> Option<i32> {
    let y = ((i64::from(row) - i64::from(sight.base)) * ROW) as i32;
    let row = ROW as i32;
    if y < top {
        return Some((y - height / 4).max(0));
    }
    // Above the names of the lanes and what comes next, a little room.
    (y + 4 * row > top + height).then_some(y + 4 * row - height)
}
