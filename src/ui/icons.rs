//! The pictures: inline SVG, because no font can be relied on. Each stands for one meaning everywhere.

use crate::check::finding::Verdict;
use crate::scene::tables::RowState;
use crate::words::verdicts;
use yew::prelude::*;

fn stroke(path: &'static str) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 18 18" aria-hidden="true" fill="none" stroke="currentColor"
            stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d={path}/></svg>
    }
}

fn fill(path: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 18 18" aria-hidden="true" fill="currentColor"><path d={path}/></svg> }
}

/// The body of a ghost, eyes cut out.
pub const GHOST: &str = "M2 17V8a7 7 0 0 1 14 0v9l-2.4-2-2.3 2L9 15l-2.3 2-2.3-2zM6.6 7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6m4.8 0a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6";

pub fn check() -> Html {
    stroke("M3 9.5 7.2 14 15 4.5")
}

pub fn cross() -> Html {
    stroke("M4 4l10 10M14 4 4 14")
}

pub fn open_circle() -> Html {
    stroke("M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3")
}

pub fn bolt() -> Html {
    fill("M10.5 1 3 10.5h4.6L6.5 17 15 7.2h-5z")
}

pub fn triangle() -> Html {
    fill("M9 3l7 12.5H2z")
}

pub fn back_arrow() -> Html {
    stroke("M4 9a5.5 5.5 0 1 0 2-4.2M4 2v4h4")
}

pub fn play() -> Html {
    fill("M4.5 2.5 15.5 9l-11 6.5z")
}

pub fn pause() -> Html {
    fill("M4.5 3h3.2v12H4.500zM10.300 3h3.200v12h-3.200z")
}

pub fn step() -> Html {
    fill("M11.5 3H14v12h-2.5zM3 3v12l7.5-6z")
}

pub fn step_back() -> Html {
    fill("M4 3h2.5v12H4zM15 3v12L7.5 9z")
}

pub fn left() -> Html {
    stroke("M11.5 3.500 6 9l5.500 5.500")
}

pub fn right() -> Html {
    stroke("M6.500 3.500 12 9l-5.500 5.500")
}

/// A stack of cards.
pub fn cards() -> Html {
    stroke("M2.500 5.500h10v10h-10zM6 2.500h9.500V12")
}

/// A screen on its stand.
pub fn screen() -> Html {
    stroke("M2 3h14v9H2zM9 12v3.500M5.500 15.500h7")
}

pub fn link() -> Html {
    stroke(
        "M7.5 10.500a3 3 0 0 0 4.300.3l2.400-2.400a3 3 0 0 0-4.250-4.250L8.800 5.300M10.500 7.500a3 3 0 0 0-4.300-.3L3.800 9.600a3 3 0 0 0 4.250 4.250L9.200 12.700",
    )
}

pub fn beside() -> Html {
    stroke("M3 3.500h12v4.500H3zM3 10.500h12V15H3z")
}

pub fn menu() -> Html {
    stroke("M3 5h12M3 9h12M3 13h12")
}

pub fn hand() -> Html {
    stroke(
        "M6 9V4.200a1.200 1.200 0 0 1 2.400 0V8V3a1.200 1.200 0 0 1 2.400 0v5V4.200a1.200 1.200 0 0 1 2.400 0V11c0 3-1.700 5-4.600 5-2.400 0-3.600-1-4.900-3.300L2.500 10.500c.6-.9 1.700-.8 2.300 0z",
    )
}

/// The squares of a code.
pub fn code() -> Html {
    stroke(
        "M3 3h4.500v4.500H3zM10.500 3H15v4.500h-4.500zM3 10.500h4.500V15H3zM10.500 10.500h.1M15 10.500v.1M12.700 12.700h.1M10.500 15h.1M15 15h.1",
    )
}

/// One way that becomes two.
pub fn fork() -> Html {
    stroke("M4.500 2.500v13M4.500 12c0-4 8-2.500 8-6.500M9.500 7.500l3-3 3 3")
}

/// A hand that says: no further.
pub fn halt() -> Html {
    stroke(
        "M6.200 2.500h5.600l3.700 3.700v5.600l-3.700 3.700H6.200l-3.700-3.700V6.200zM9 5.700v4M9 12.200v.1",
    )
}

/// To the next thing.
pub fn next() -> Html {
    stroke("M3.500 4 8.500 9l-5 5M9.500 4l5 5-5 5")
}

/// To the one before.
pub fn last() -> Html {
    stroke("M14.500 4 9.500 9l5 5M8.500 4l-5 5 5 5")
}

pub fn undo() -> Html {
    stroke("M4 7h7a4 4 0 0 1 0 8H7M7 4 4 7l3 3")
}

/// The sign of a row's state, where there is one.
pub fn row(state: RowState) -> Html {
    match state {
        RowState::Committed | RowState::Sent | RowState::Applied => check(),
        RowState::RolledBack | RowState::Discarded => cross(),
        RowState::Staged | RowState::Held => html! {
            <svg class="icon" viewBox="0 0 18 18" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2">
                <circle cx="9" cy="9" r="6" stroke-dasharray="3 3"/>
            </svg>
        },
        RowState::Waits | RowState::Parked | RowState::Edited => {
            stroke("M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3M9 6v3.200l2.200 1.500")
        }
        RowState::Sending => stroke("M2.500 9h11M9.500 4.500 14 9l-4.500 4.500"),
        RowState::Locked => stroke("M4 8.500h10V15H4zM6 8.500V6a3 3 0 0 1 6 0v2.500"),
        RowState::Skipped => stroke("M3 9h12"),
        RowState::PassedOver => cross(),
    }
}

/// The sign of a verdict: the same on the stage, in the list and on the time line.
pub fn verdict(verdict: Verdict) -> Html {
    match verdict {
        Verdict::Ghost => html! {
            <svg class="icon" viewBox="0 0 18 18" aria-hidden="true" fill="currentColor">
                <path fill-rule="evenodd" d={GHOST}/>
            </svg>
        },
        Verdict::Lost => {
            stroke("M9 2.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M6.500 6.500l5 5M11.500 6.500l-5 5")
        }
        Verdict::Duplicate => stroke("M6.500 6.500h9v9h-9zM3 11.500v-9h9"),
        Verdict::HalfSent => html! {
            <svg class="icon" viewBox="0 0 18 18" aria-hidden="true">
                <path d="M9 2.500a6.500 6.500 0 0 0 0 13z" fill="currentColor"/>
                <path d="M9 2.500a6.500 6.500 0 0 1 0 13" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="2.500 2.500"/>
            </svg>
        },
        Verdict::Stuck => stroke(
            "M5 2.500h8M5 15.500h8M5.500 2.500c0 4 7 4.500 7 6.500s-7 2.500-7 6.500M12.500 2.500c0 4-7 4.500-7 6.500s7 2.500 7 6.500",
        ),
        Verdict::Parked => stroke("M3 3h12v12H3zM7.500 13V6h2.300a2.200 2.200 0 0 1 0 4.400H7.500"),
        Verdict::OutOfOrder => stroke("M3 6h11l-3-3M15 12H4l3 3"),
        Verdict::Failed => stroke("M9 2.500l7 12.500H2zM9 7v4M9 12.500v.500"),
        Verdict::Late | Verdict::Overdue => {
            stroke("M9 2.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M9 5.500v4l3 2")
        }
    }
}

/// The word for a verdict, on the time line and in lists.
pub fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ghost => verdicts::GHOST,
        Verdict::Lost => verdicts::LOST,
        Verdict::Duplicate => verdicts::TWICE,
        Verdict::HalfSent => verdicts::HALF_SENT,
        Verdict::Stuck => verdicts::STUCK,
        Verdict::Parked => verdicts::PARKED,
        Verdict::OutOfOrder => verdicts::OUT_OF_ORDER,
        Verdict::Failed => verdicts::FAILED,
        Verdict::Late => verdicts::LATE,
        Verdict::Overdue => verdicts::OVERDUE,
    }
}
