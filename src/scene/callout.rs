//! Where does the answer to a prediction stand on the stage? Beside the place where it is to be seen, and pointing
//! at it.

use super::layout::{Rect, Room};
use super::stage::Stage;
use crate::fault::point::ActorId;

/// On which side of a callout stands what it points at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Points {
    /// To the left of it.
    Left,
    /// To the right.
    Right,
    /// Above it (the phone).
    Up,
    /// Below it.
    Down,
    /// It is about the whole run.
    Nowhere,
}

/// A place for words on the stage.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Callout {
    /// Where it stands. Its words may take less.
    pub rect: Rect,
    /// Where to what it points at.
    pub points: Points,
}

/// As wide as it may be, in pixels of the stage.
const WIDTH: f32 = 340.0;
/// Room for its words.
const HEIGHT: f32 = 190.0;
/// Between it and what it points at, or the edge.
const GAP: f32 = 12.0;

/// The place for words about what is to be seen at that party; none: about the whole run.
pub fn callout(stage: &Stage, about: Option<ActorId>) -> Callout {
    let Room { width, .. } = stage.room;
    let height = stage.layout.height.max(HEIGHT);
    let w = WIDTH.min(width - 2.0 * GAP);
    let at = |x: f32, y: f32, points| {
        let x = x.clamp(GAP, (width - w - GAP).max(GAP));
        let y = y.clamp(0.0, height - HEIGHT);
        Callout { rect: Rect { x, y, w, h: HEIGHT }, points }
    };
    let Some(party) = about.and_then(|actor| stage.parties.iter().find(|party| party.actor == actor)) else {
        return at((width - w) / 2.0, (height - HEIGHT) / 2.0, Points::Nowhere);
    };
    let seen = party.rect;
    let (below, above) = (seen.y + seen.h + GAP, seen.y - HEIGHT - GAP);
    if stage.layout.narrow {
        return match below + HEIGHT <= height || above < 0.0 {
            true => at(GAP, below, Points::Up),
            false => at(GAP, above, Points::Down),
        };
    }
    let y = seen.middle() - HEIGHT / 2.0;
    match seen.center() < width / 2.0 {
        true => at(seen.x + seen.w + GAP, y, Points::Left),
        false => at(seen.x - w - GAP, y, Points::Right),
    }
}
