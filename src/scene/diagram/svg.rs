//! The diagram drawn, as SVG: for the page, whose style sheet knows its classes, or for paper, with the style in each
//! element, light, so that whatever opens the file shows it alike.

use super::index::{Arrow, Bar, BarKind, Fate};
use super::rows::{Row, Text, Weight, Window};
use super::words;
use crate::broker::record::NONE;
use crate::broker::world::World;
use crate::fault::point::ActorId;
use crate::scene::names;
use crate::words::diagram as say;
use std::fmt::Write;

/// Who looks at it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// The page: classes, and what a pointer and a screen reader need.
    Page,
    /// A file.
    Paper,
}

/// The measures of a drawing, in pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// The width of a lane.
    pub lane: i64,
    /// The height of a row.
    pub row: i64,
    /// The width of the column with the times.
    pub gutter: i64,
    /// The height of the lane's names above the first row; none on the page, which has them in a head that stays.
    pub head: i64,
}

impl Size {
    /// The measures of a file with that many lanes.
    pub const PAPER: Size = Size { lane: 190, row: 26, gutter: 72, head: 56 };

    /// The width of a drawing with that many lanes.
    pub fn width(self, lanes: u8) -> i64 {
        self.gutter + self.lane * i64::from(lanes)
    }

    fn x(self, lane: ActorId) -> i64 {
        self.gutter + self.lane * i64::from(lane.0) + self.lane / 2
    }
}

/// How wide a letter is at most places, in tenths of a pixel, at the size of the diagram's words.
const LETTER: i64 = 66;
/// From the line of a party to the words beside it, in pixels.
const BESIDE: i64 = 10;

/// Draws the rows of a window. `lit` names the places of records that stand out, in order; `name` sets the ids of one
/// drawing apart from those of another on the same page.
pub fn draw(world: &World, window: &Window, size: Size, look: Look, lit: &[u32], name: &str) -> String {
    let rows = i64::from(window.last) - i64::from(window.first) + 1;
    let (width, height) = (size.width(window.lanes), size.head + size.row * rows);
    let mut pen = Pen { out: String::new(), window, size, look, lit, name };
    let _ = write!(
        pen.out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\""
    );
    match look {
        Look::Page => pen.out.push_str(" role=\"presentation\">"),
        Look::Paper => pen.out.push_str(" font-family=\"system-ui, sans-serif\" font-size=\"12\">"),
    }
    pen.heads();
    if look == Look::Paper {
        let _ = write!(pen.out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>");
    }
    window.rows.iter().for_each(|row| pen.band(row, width));
    window.bars.iter().filter(|bar| bar.is_wide()).for_each(|bar| pen.wide(world, bar));
    pen.lifelines(height);
    window.bars.iter().filter(|bar| !bar.is_wide()).for_each(|bar| pen.narrow(world, bar));
    window.arrows.iter().for_each(|arrow| pen.arrow(arrow));
    window.rows.iter().for_each(|row| pen.row(world, row, width));
    if look == Look::Paper {
        pen.names(world);
    }
    pen.out.push_str("</svg>");
    pen.out
}

struct Pen<'w> {
    out: String,
    window: &'w Window,
    size: Size,
    look: Look,
    lit: &'w [u32],
    name: &'w str,
}

impl Pen<'_> {
    /// The middle of a row.
    fn y(&self, step: u32) -> i64 {
        let row = i64::from(step) - i64::from(self.window.first);
        self.size.head + row * self.size.row + self.size.row / 2
    }

    /// The same, not further outside the drawing than matters: a bar may have begun long before.
    fn near(&self, step: u32) -> i64 {
        let (first, last) = (self.window.first.saturating_sub(2), self.window.last.saturating_add(2));
        self.y(step.clamp(first, last))
    }

    /// The class of an element; on paper what it stands for.
    fn class(&mut self, class: &str) {
        let _ = match self.look {
            Look::Page => write!(self.out, " class=\"{class}\""),
            Look::Paper => write!(self.out, " {}", on_paper(class)),
        };
    }

    fn is_lit(&self, from: u32, to: u32) -> bool {
        let at = self.lit.partition_point(|&place| place < from);
        self.lit.get(at).is_some_and(|&place| place <= to)
    }

    fn heads(&mut self) {
        self.out.push_str("<defs>");
        for kind in ["flow", "soft", "bad"] {
            let _ = write!(
                self.out,
                "<marker id=\"{}{kind}\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"10\" markerHeight=\"10\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 1 10 5 0 9z\"",
                self.name
            );
            self.class(match kind {
                "flow" => "head flow",
                "soft" => "head soft",
                _ => "head bad",
            });
            self.out.push_str("/></marker>");
        }
        self.out.push_str("</defs>");
    }

    fn line(&mut self, class: &str, x1: i64, y1: i64, x2: i64, y2: i64) {
        let _ = write!(self.out, "<path d=\"M{x1} {y1}L{x2} {y2}\"");
        self.class(class);
        self.out.push_str("/>");
    }

    fn rect(&mut self, class: &str, x: i64, y: i64, w: i64, h: i64) {
        let _ = write!(self.out, "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"");
        self.class(class);
        self.out.push_str("/>");
    }

    /// The lines of the parties: up to now, and paler beyond.
    fn lifelines(&mut self, height: i64) {
        let top = self.size.head;
        let now = (self.y(self.window.now) + self.size.row / 2).clamp(top, height);
        for lane in (0..self.window.lanes).map(ActorId) {
            let x = self.size.x(lane);
            if now > top {
                self.line("life", x, top, x, now);
            }
            if now < height && self.look == Look::Page {
                self.line("life later", x, now, x, height);
            }
        }
    }

    fn names(&mut self, world: &World) {
        for (lane, title) in (0..).zip(super::lanes(world)) {
            let x = self.size.x(ActorId(lane));
            self.rect("name-box", x - self.size.lane / 2 + 8, 12, self.size.lane - 16, 28);
            let _ = write!(self.out, "<text x=\"{x}\" y=\"30\"");
            self.class("name");
            let _ = write!(self.out, ">{}</text>", escape(&cut(&title, self.size.lane - 24)));
        }
    }

    fn band(&mut self, row: &Row, width: i64) {
        if let Some(verdict) = row.found {
            let (y, half) = (self.y(row.step), self.size.row / 2);
            self.rect(&format!("band {}", verdict.name()), 0, y - half, width, self.size.row);
            // At the end where nothing else stands.
            let left = row.texts.iter().all(|text| 2 * text.lane.0 >= self.window.lanes);
            let (x, anchor) = if left { (self.size.gutter, "start") } else { (width - 6, "end") };
            let _ = write!(self.out, "<text x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\"", y + 4);
            self.class(&format!("found {}", verdict.name()));
            let _ = write!(self.out, ">{}</text>", verdict.name().replace('-', " "));
        }
    }

    /// What happens to the whole party: it is down, or cut off.
    fn wide(&mut self, world: &World, bar: &Bar) {
        let (top, end, open) = self.span(bar);
        let half = self.size.lane / 2 - 6;
        let class = match bar.kind {
            BarKind::Down => "down",
            BarKind::NoDatabase => "nodb",
            _ => "cut",
        };
        let x = self.size.x(bar.lane) - half;
        self.rect(class, x, top, 2 * half, (end - top).max(4) + if open { self.size.row / 2 } else { 0 });
        self.title(&format!("{} {}", names::sentence(names::party(world, bar.lane)), bar.kind.words()));
    }

    /// The upper and the lower end of a bar, and whether it is still open.
    fn span(&self, bar: &Bar) -> (i64, i64, bool) {
        let open = bar.end == NONE;
        let last = if open { self.window.now } else { bar.last };
        (self.near(bar.first), self.near(last), open)
    }

    /// What somebody has in hand: a transaction, a message that is hidden from others.
    fn narrow(&mut self, world: &World, bar: &Bar) {
        let (top, end, open) = self.span(bar);
        let kind = if bar.kind == BarKind::Transaction { "tx" } else { "hidden" };
        let state = match (open, bar.good) {
            (true, _) => "open",
            (_, true) => "good",
            _ => "bad",
        };
        // Messages in hand on the one side of the line, transactions on the other.
        let shift = i64::from(bar.depth) * 7;
        let x = self.size.x(bar.lane) + if kind == "tx" { -4 - shift } else { -4 + shift };
        let more = if open { self.size.row / 2 } else { 0 };
        let class = format!("bar {kind} {state}");
        self.out.push_str("<g");
        if self.look == Look::Page {
            let place = if open { bar.start } else { bar.end };
            let _ = write!(self.out, " data-p=\"{place}\"");
        }
        self.out.push('>');
        self.rect(&class, x, top, 8, (end - top).max(4) + more);
        let what = match kind {
            "tx" => say::A_TRANSACTION.to_owned(),
            _ => say::is_hidden(&names::message(world, bar.subject)),
        };
        self.title(&what);
        self.out.push_str("</g>");
    }

    /// Turns the element just closed into one with a title that the page shows when a pointer rests on it.
    fn title(&mut self, text: &str) {
        if self.out.ends_with("/>") {
            self.out.truncate(self.out.len() - 2);
            let _ = write!(self.out, "><title>{}</title></rect>", escape(text));
        }
    }

    fn arrow(&mut self, arrow: &Arrow) {
        let (from, to) = (self.size.x(arrow.from), self.size.x(arrow.to));
        let (sent, mut end) = (self.y(arrow.first), self.y(arrow.last));
        let known = arrow.end != NONE;
        let side = (to - from).signum();
        // Beside the lines, so that the dots on them are seen.
        let (from, mut to) = (from + 4 * side, to - 5 * side);
        match arrow.fate {
            Fate::Lost => to = from + (to - from) * 3 / 5,
            Fate::Unheeded if arrow.last == self.window.now => {
                // On its way: where it is, nobody can say from the history; it ends where the present does.
                end = self.y(self.window.now) + self.size.row / 2;
                to = from + (to - from) * 3 / 5;
            }
            Fate::Unheeded => to = from + (to - from) / 4,
            _ => {}
        }
        let answer = words::is_answer(arrow.kind) || arrow.message == NONE;
        let class = match arrow.fate {
            Fate::Lost | Fate::Refused => "arrow bad",
            Fate::Unheeded if answer => "arrow soft way",
            Fate::Unheeded => "arrow flow way",
            _ if answer => "arrow soft",
            _ => "arrow flow",
        };
        let lit = match known {
            true => self.is_lit(arrow.end, arrow.end) && self.is_lit(arrow.sent, arrow.sent),
            false => self.is_lit(arrow.sent, arrow.sent),
        };
        self.out.push_str("<g");
        if self.look == Look::Page {
            let place = if known { arrow.end } else { arrow.sent };
            let _ = write!(self.out, " data-p=\"{place}\"{}", if lit { " class=\"lit\"" } else { "" });
        }
        self.out.push('>');
        if self.look == Look::Page {
            self.line("hit", from, sent, to, end);
        }
        let _ = write!(self.out, "<circle cx=\"{}\" cy=\"{sent}\" r=\"2.5\"", from - 4 * side);
        self.class("dot light");
        self.out.push_str("/>");
        self.line(class, from, sent, to, end);
        // The head, or the cross where it ends for good.
        if matches!(arrow.fate, Fate::Arrived | Fate::Refused) {
            let kind = if arrow.fate == Fate::Refused {
                "bad"
            } else if answer {
                "soft"
            } else {
                "flow"
            };
            self.out.truncate(self.out.len() - 2);
            let _ = write!(self.out, " marker-end=\"url(#{}{kind})\"/>", self.name);
        }
        if matches!(arrow.fate, Fate::Lost) {
            let _ = write!(self.out, "<path d=\"M{} {}l12 12m0-12l-12 12\"", to - 6, end - 6);
            self.class("cross");
            self.out.push_str("/>");
        }
        self.out.push_str("</g>");
    }

    fn row(&mut self, world: &World, row: &Row, width: i64) {
        let y = self.y(row.step);
        let micros = row.at.0;
        let _ = write!(self.out, "<text x=\"{}\" y=\"{}\"", self.size.gutter - 10, y + 4);
        self.class("time");
        let _ = write!(self.out, ">{}.{:03}</text>", micros / 1_000_000, micros / 1_000 % 1_000);
        for text in &row.texts {
            self.text(world, row, text, y, width);
        }
    }

    fn text(&mut self, world: &World, row: &Row, text: &Text, y: i64, width: i64) {
        let x = self.size.x(text.lane);
        // Beside the line where there is more room, the right-hand side first.
        let right = text.lane.0 + 1 < self.window.lanes || self.window.lanes == 1;
        let here = |lane: ActorId| if right { lane.0 > text.lane.0 } else { lane.0 < text.lane.0 };
        // Out of the way of what comes from above and of what leaves downwards on that side.
        let arrows = &self.window.arrows;
        let sent = &arrows[arrows.partition_point(|arrow| arrow.first < row.step)..];
        let mut sent = sent.iter().take_while(|arrow| arrow.first == row.step);
        let shift = match text.from.is_some_and(here) {
            true => 13,
            false if sent.any(|arrow| arrow.from == text.lane && here(arrow.to)) => -4,
            false => 4,
        };
        let room = if right { width - x } else { x - self.size.gutter } - BESIDE;
        let lit = self.is_lit(text.place, text.last);
        let weight = match text.weight {
            Weight::Light => "light",
            Weight::Plain => "plain",
            Weight::Heavy => "heavy",
        };
        self.out.push_str("<g");
        if self.look == Look::Page {
            let _ = write!(self.out, " data-p=\"{}\"{}", text.place, if lit { " class=\"lit\"" } else { "" });
        }
        let _ = write!(self.out, "><circle cx=\"{x}\" cy=\"{y}\" r=\"4\"");
        if self.look == Look::Page {
            // Named by itself: beside it there may be room for a part of the words only.
            let _ = write!(
                self.out,
                " role=\"option\" id=\"{}{}\" aria-selected=\"{lit}\" aria-label=\"{}\"",
                self.name,
                text.place,
                escape(&say::at_step(&names::party_title(world, text.lane), row.step, &text.words)),
            );
        }
        self.class(&format!("dot {weight}"));
        let x = if right { x + BESIDE } else { x - BESIDE };
        let anchor = if right { "" } else { " text-anchor=\"end\"" };
        let _ = write!(self.out, "/><text x=\"{x}\" y=\"{}\"{anchor}", y + shift);
        self.class(&format!("words {weight}"));
        if self.look == Look::Page {
            self.out.push_str(" aria-hidden=\"true\"");
        }
        let _ = write!(self.out, ">{}</text></g>", escape(&cut(&text.words, room)));
    }
}

impl Bar {
    fn is_wide(&self) -> bool {
        !matches!(self.kind, BarKind::Transaction | BarKind::Hidden)
    }
}

impl BarKind {
    fn words(self) -> &'static str {
        match self {
            BarKind::Down => say::IS_DOWN,
            BarKind::NoDatabase => say::HAS_NO_DATABASE,
            _ => say::IS_CUT_OFF,
        }
    }
}

/// The style of a class on paper.
fn on_paper(class: &str) -> &'static str {
    let mut words = class.split(' ');
    match (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    ) {
        ("head", "flow", _) => r##"fill="#0b63a5""##,
        ("head", "soft", _) => r##"fill="#565f69""##,
        ("head", ..) => r##"fill="#b3261e""##,
        ("life", ..) => r##"stroke="#c9c4ba" fill="none""##,
        ("arrow", "flow", "way") => {
            r##"stroke="#0b63a5" stroke-width="1.5" stroke-dasharray="2 3" fill="none""##
        }
        ("arrow", "soft", "way") => r##"stroke="#565f69" stroke-dasharray="2 3" fill="none""##,
        ("arrow", "flow", _) => r##"stroke="#0b63a5" stroke-width="1.5" fill="none""##,
        ("arrow", "soft", _) => r##"stroke="#565f69" stroke-dasharray="5 3" fill="none""##,
        ("arrow", ..) => r##"stroke="#b3261e" stroke-width="1.5" fill="none""##,
        ("cross", ..) => r##"stroke="#b3261e" stroke-width="2.5" fill="none""##,
        ("bar", "tx", "bad") => r##"fill="#f3d6d3" stroke="#b3261e""##,
        ("bar", "tx", "good") => r##"fill="#cfe5dd" stroke="#0b7053""##,
        ("bar", "tx", _) => r##"fill="#f1eee7" stroke="#565f69" stroke-dasharray="3 2""##,
        ("bar", _, "bad") => r##"fill="#f3d6d3" stroke="#b3261e" stroke-dasharray="3 2""##,
        ("bar", _, "good") => r##"fill="#d6e5f2" stroke="#0b63a5" stroke-dasharray="3 2""##,
        ("bar", ..) => r##"fill="#f1eee7" stroke="#565f69" stroke-dasharray="1 2""##,
        ("down", ..) => r##"fill="#f7e3e1""##,
        ("nodb" | "cut", ..) => r##"fill="none" stroke="#b3261e" stroke-dasharray="4 3""##,
        ("band", ..) => r##"fill="#fbeeec""##,
        ("found", ..) => r##"fill="#b3261e" font-weight="700""##,
        ("time", ..) => r##"fill="#565f69" font-size="11" text-anchor="end""##,
        ("dot", "heavy", _) => r##"fill="#b3261e""##,
        ("dot", "light", _) => r##"fill="#8a929b""##,
        ("dot", ..) => r##"fill="#1d2126""##,
        ("words", "heavy", _) => {
            r##"fill="#b3261e" font-weight="600" stroke="#fff" stroke-width="3" paint-order="stroke""##
        }
        ("words", "light", _) => r##"fill="#565f69" stroke="#fff" stroke-width="3" paint-order="stroke""##,
        ("words", ..) => r##"fill="#1d2126" stroke="#fff" stroke-width="3" paint-order="stroke""##,
        ("name", ..) => r##"fill="#1d2126" font-size="13" font-weight="600" text-anchor="middle""##,
        ("name-box", ..) => r##"fill="#fbfaf7" stroke="#c9c4ba""##,
        _ => "",
    }
}

/// As much of a text as there is room for, in pixels.
fn cut(text: &str, room: i64) -> String {
    let most = (room * 10 / LETTER).max(3) as usize;
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// A text as it stands between tags or in quotes; what XML does not allow at all becomes a space.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}
