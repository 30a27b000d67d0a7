//! What was tried in the scenarios that were on show before? Their branches, for when they are opened again.

use super::branches::Branches;
use super::session::Session;
use crate::broker::setup::Setup;
use std::sync::Arc;

/// The most scenarios whose branches are kept; then those of the one that was left first go.
pub const MOST: usize = 64;

/// The branches of scenarios that are not on show. A scenario is what it is made of: without its own faults, or under
/// the name of another, it is another one.
#[derive(Clone, Debug, Default)]
pub struct Shelf(Vec<(Arc<Setup>, Branches)>);

impl Shelf {
    /// Keeps what was tried in that session.
    #[inline(never)]
    pub fn put(&mut self, session: &Session) {
        let setup = session.run().setup();
        self.0.retain(|(other, _)| other != setup);
        if session.branches().tree().len() > 1 {
            self.0.push((setup.clone(), session.branches().clone()));
        }
        if self.0.len() > MOST {
            self.0.remove(0);
        }
    }

    /// Gives what was tried in its scenario before to a session that was just opened. What it shows stays on show.
    #[inline(never)]
    pub fn give(&mut self, session: &mut Session) {
        let place = self.0.iter().position(|(setup, _)| setup == session.run().setup());
        if let Some(place) = place {
            session.recall(self.0.remove(place).1);
        }
    }
}
