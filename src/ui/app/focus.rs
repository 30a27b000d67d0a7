//! Where is the focus? It goes into what opens, comes back from what closes, and is never lost.

use super::super::browser;
use super::App;

/// Where the focus goes after the page has changed.
pub(super) enum Focus {
    /// To the list of scenarios.
    Catalogue,
    /// To the closer look, which is brought into sight.
    Inspector,
    /// Nowhere else, but the answer to a prediction is brought into sight.
    Answer,
    /// Nowhere else, but where the page is one column the stage is brought into sight, for somebody plays.
    Stage,
    /// Nowhere else, but where the page is one column its head is brought into sight, with what came of the run.
    Verdict,
    /// To the card on top.
    Card,
    /// To what a presenter has in hand.
    Podium,
    /// To what compares.
    Compare,
    /// Back to where it came from, or to the first of these that can have it.
    Back(&'static str),
}

impl App {
    #[inline(never)]
    pub(super) fn open_menu(&mut self) {
        self.menu = true;
        self.from = browser::focused();
        self.focus = Some(Focus::Catalogue);
    }

    #[inline(never)]
    pub(super) fn close_menu(&mut self) {
        self.menu = false;
        self.focus = Some(Focus::Back("header .menu"));
    }

    #[inline(never)]
    pub(super) fn deselect(&mut self) {
        self.selected = None;
        self.focus = Some(Focus::Back(".stage .name"));
    }

    #[inline(never)]
    pub(super) fn place_focus(&mut self) {
        let place = std::mem::take(&mut self.place);
        match self.focus.take() {
            None => {}
            Some(Focus::Catalogue) => {
                browser::focus(".catalogue a[aria-current]");
            }
            Some(Focus::Inspector) => {
                browser::show(".inspector");
                if !self.by_pointer {
                    browser::focus(".inspector h2");
                }
            }
            Some(Focus::Answer) => browser::show(".callout"),
            Some(Focus::Stage) => browser::lead_to(".stages"),
            Some(Focus::Verdict) => browser::lead_to("header"),
            Some(Focus::Card) => {
                let _ = browser::focus(".deck .card h2") || browser::focus(".deck h1");
            }
            Some(Focus::Compare) => {
                browser::show(".compare");
                if !self.by_pointer {
                    browser::focus(".compare select");
                }
            }
            Some(Focus::Podium) => {
                browser::focus(".podium .play");
            }
            Some(Focus::Back(or)) => {
                let back = self.from.take().is_some_and(|from| browser::focus_on(&from));
                if !back && !place.is_empty() {
                    browser::focus(or);
                }
            }
        }
        browser::keep_focus(&place);
    }
}
