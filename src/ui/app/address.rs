//! What does the address say, and when is it written?

use super::super::browser;
use super::App;
use crate::scenario::catalogue;
use crate::timeline::session::Session;

/// The session that the address names, or the first scenario with what is wrong about the address.
pub(super) fn from_address() -> (Session, Option<String>) {
    let fragment = browser::fragment();
    let first = || Session::open(&catalogue::scenarios()[FIRST]);
    if fragment.is_empty() {
        return (first(), None);
    }
    match Session::follow(&fragment) {
        Ok(session) => (session, None),
        Err(what) => {
            let stop = if what.ends_with(['.', '?']) { "" } else { "." };
            (
                first(),
                Some(format!("The link could not be opened: {what}{stop} Here is the catalogue instead.")),
            )
        }
    }
}

/// The scenario that a newcomer sees: the ghost.
const FIRST: usize = 2;

impl App {
    pub(super) fn write_address(&self) {
        if !self.playing {
            browser::replace_fragment(&self.session.link().write(self.session.scenario()));
        }
    }
}
