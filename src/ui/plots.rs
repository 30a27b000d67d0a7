//! The plots of a run over virtual time, with its faults and the playhead; a click goes to that moment.

use super::browser::around;
use super::transport::Control;
use crate::scene::measures::seconds;
use crate::scene::plots::{HEIGHT, PARTS, Plot, Series, WIDTH, column};
use crate::sim::time::{Instant, Span};
use crate::timeline::marks::{Mark, MarkKind};
use crate::words::page as words;
use std::fmt::Write;
use yew::prelude::*;

/// What the plots are made with.
pub struct Props<'a> {
    /// The plots.
    pub plots: &'a [Plot],
    /// What is marked on them.
    pub marks: &'a [Mark],
    /// The moment on show.
    pub playhead: Instant,
    /// The end of the time.
    pub end: Instant,
    /// A moment was asked for.
    pub oncontrol: Callback<Control>,
}

/// Room above the highest value, in cells.
const HEAD: u32 = 6;

/// All plots, one below the other.
#[inline(never)]
pub fn plots(props: &Props<'_>) -> Html {
    let end = props.end;
    let onclick = props.oncontrol.reform(move |event: MouseEvent| {
        let Some(plot) = around(&event, ".plot").map(|plot| plot.get_bounding_client_rect()) else {
            return Control::Seek(Instant::START);
        };
        let part = (f64::from(event.client_x()) - plot.left()) / plot.width().max(1.0);
        Control::Seek(Instant((end.0 as f64 * part.clamp(0.0, 1.0)) as u64))
    });
    html! {
        <section class="plots" aria-label={words::PLOTS_OVER_TIME}>
            if props.plots.is_empty() { <p>{ words::NO_PLOTS }</p> }
            { for props.plots.iter().map(|plot| one(plot, props, &onclick)) }
            if !props.plots.is_empty() {
                <p class="scale" aria-hidden="true"><span>{ "0 s" }</span><span>{ seconds(Span(end.0)) }</span></p>
                <p class="hint">{ words::PLOTS_HINT }</p>
            }
        </section>
    }
}

fn one(plot: &Plot, props: &Props<'_>, onclick: &Callback<MouseEvent>) -> Html {
    let box_ = format!("0 0 {WIDTH} {}", HEIGHT + HEAD);
    let playhead = column(props.playhead, props.end);
    html! {
        <figure key={plot.title.clone()}>
            <figcaption><h3>{ &plot.title }</h3><small>{ &plot.summary }</small>
                if !plot.parts.is_empty() {
                    <small class="legend" aria-hidden="true">
                        { for PARTS.iter().map(|part| html! { <span><i class={format!("p{part}")}></i>{ format!("p{part}") }</span> }) }
                    </small>
                }
            </figcaption>
            <div class="plot" {onclick}>
                <span class="top" aria-hidden="true">{ &plot.top }</span>
                <svg viewBox={box_} preserveAspectRatio="none" role="img" aria-label={format!("{}. {}", plot.title, plot.summary)}>
                    { for props.marks.iter().map(|mark| mark_line(mark, props.end)) }
                    // The one beside lies under the one on show.
                    { for plot.series.iter().enumerate().rev().map(|(n, series)| {
                        let class = if n == 0 { "this" } else { "other" };
                        let path = if plot.is_dots() { dots(series) } else { line(series) };
                        html! { <path class={classes!(class, if plot.is_dots() { "dots" } else { "steps" })} d={path}/> }
                    }) }
                    { for PARTS.iter().zip(&plot.parts).map(|(part, series)| html! {
                        <path class={format!("part p{part}")} d={line(series)}/>
                    }) }
                    <path class="playhead" d={upright(playhead)}/>
                </svg>
            </div>
        </figure>
    }
}

fn upright(x: u32) -> String {
    format!("M{x} 0V{}", HEIGHT + HEAD)
}

fn mark_line(mark: &Mark, end: Instant) -> Html {
    let class = match mark.kind {
        MarkKind::Restart | MarkKind::Hand | MarkKind::Parting => "quiet",
        MarkKind::Found(_) => "found",
        _ => "fault",
    };
    html! { <path class={classes!("at", class)} d={upright(column(mark.at, end))}/> }
}

/// A line that goes in steps.
fn line(series: &Series) -> String {
    let mut path = String::new();
    for (n, &(x, y)) in series.points.iter().enumerate() {
        let y = HEIGHT + HEAD - y;
        let _ = if n == 0 { write!(path, "M{x} {y}") } else { write!(path, "H{x}V{y}") };
    }
    let _ = write!(path, "H{WIDTH}");
    path
}

/// A dot for each: a line of no length with a round end.
fn dots(series: &Series) -> String {
    series.points.iter().fold(String::new(), |mut path, &(x, y)| {
        let _ = write!(path, "M{x} {}h0", HEIGHT + HEAD - y);
        path
    })
}
