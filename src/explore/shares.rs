//! How is a search done bit by bit? Piece by piece, so that whoever makes it can tell how far it is, and stop.

use super::search::{Found, Options, Search};
use crate::scenario::Scenario;

/// A search that is made piece by piece.
pub struct Shares {
    search: Search,
    done: u32,
    found: Found,
    /// How much of the work is done, and how much there is.
    part: (u64, u64),
}

impl Shares {
    /// Before the first piece.
    pub fn new(scenario: &Scenario, options: &Options) -> Shares {
        let search = Search::new(scenario, options);
        let all = (0..search.pieces()).map(|piece| search.weight(piece)).sum();
        Shares { done: 0, found: search.first().clone(), part: (0, all), search }
    }

    /// How much of the work is done, in thousandths: a guess.
    pub fn permille(&self) -> u32 {
        let (done, all) = self.part;
        (u128::from(done) * 1_000).checked_div(u128::from(all)).unwrap_or(1_000) as u32
    }
}

impl Iterator for Shares {
    type Item = Found;

    /// Makes the next piece. What has been found so far, marked as cut off until all is done; none afterwards.
    fn next(&mut self) -> Option<Found> {
        if self.done == self.search.pieces() {
            return None;
        }
        self.found.merge(self.search.piece(self.done, &mut || true));
        self.part.0 += self.search.weight(self.done);
        self.done += 1;
        let more = self.done < self.search.pieces();
        Some(Found { cut_off: self.found.cut_off || more, ..self.found.clone() })
    }
}
