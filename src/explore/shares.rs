//! How is a search done bit by bit? In many small shares, so that whoever makes it can tell how far it is, and stop.

use super::search::{Found, Options, explore};
use crate::scenario::Scenario;

/// How many shares a search is cut into.
pub const SHARES: u32 = 128;

/// A search that is made share by share.
pub struct Shares {
    scenario: Scenario,
    options: Options,
    done: u32,
    found: Option<Found>,
}

impl Shares {
    /// Before the first share.
    pub fn new(scenario: Scenario, options: Options) -> Shares {
        Shares { scenario, options, done: 0, found: None }
    }

    /// How many shares are made.
    pub fn done(&self) -> u32 {
        self.done
    }
}

impl Iterator for Shares {
    type Item = Found;

    /// Makes the next share. What has been found so far, marked as cut off until all is done; none afterwards.
    fn next(&mut self) -> Option<Found> {
        if self.done == SHARES {
            return None;
        }
        let options = Options { shard: (self.done, SHARES), ..self.options.clone() };
        let share = explore(&self.scenario, &options, &mut |_| true);
        self.done += 1;
        match &mut self.found {
            Some(found) => found.merge(share),
            None => self.found = Some(share),
        }
        let more = self.done < SHARES;
        self.found.clone().map(|found| Found { cut_off: found.cut_off || more, ..found })
    }
}
