//! The right-hand side: tabs, and what stands under the one on show. A new tab is a variant of [`Tab`], its word,
//! and an arm in `App::panel`.

use super::super::story::{self as telling, log, story as story_now};
use super::super::tabs::{self, tabs};
use super::super::transport::Control;
use super::super::verdict::{self, promises, score, verdict};
use super::{App, Msg};
use crate::scenario::{Part, Scenario};
use yew::prelude::*;

/// What the right-hand side shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tab {
    /// The verdict, the story, what can be broken.
    #[default]
    Now,
    /// Every placement of faults, tried by the machine.
    Search,
}

impl Tab {
    /// In the order in which they stand.
    pub(super) const ALL: [Tab; 2] = [Tab::Now, Tab::Search];

    fn word(self) -> &'static str {
        match self {
            Tab::Now => "What happened",
            Tab::Search => "Find failures",
        }
    }
}

impl App {
    /// The tabs that have something to show, in their order.
    pub(super) fn open_tabs(&self) -> Vec<Tab> {
        Tab::ALL.to_vec()
    }

    pub(super) fn aside(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let open = self.open_tabs();
        let panel = match self.tab {
            Tab::Now => self.what_happened(ctx),
            Tab::Search => self.find_failures(ctx),
        };
        // One alone needs no choosing.
        if open.len() < 2 {
            return html! { <aside>{ panel }</aside> };
        }
        let words: Vec<AttrValue> = open.iter().map(|tab| tab.word().into()).collect();
        let current = open.iter().position(|&tab| tab == self.tab).unwrap_or_default();
        html! {
            <aside>
                { tabs(&tabs::Props {
                    label: "Beside the stage".into(),
                    words,
                    current,
                    onchoose: link.callback(move |place: usize| Msg::Tab(open[place])),
                }) }
                <div class="panel" role="tabpanel" id={tabs::PANEL} aria-labelledby={tabs::id(current)}>{ panel }</div>
            </aside>
        }
    }

    fn what_happened(&self, ctx: &Context<Self>) -> Html {
        let scenario = self.session.scenario();
        let onjump = ctx.link().callback(|step| Msg::Control(Control::Jump(step)));
        let telling = telling::Props {
            lines: self.lines.clone(),
            opening: opening(scenario),
            onjump: onjump.clone(),
            aloud: !self.playing,
        };
        let ledger = &self.session.run().here().ledger;
        html! {
                   <>
                       { verdict(&verdict::Props {
        noun: scenario.setup.noun().to_owned().into(),
                           score: score(scenario, ledger),
                           promises: promises(scenario, ledger),
                           onjump,
                       }) }
                       { story_now(&telling) }
                       { self.inspector(ctx) }
                       { self.break_it(ctx) }
                       { log(&telling) }
                   </>
               }
    }
}

fn opening(scenario: &Scenario) -> AttrValue {
    match scenario.part {
        Part::Naive => "Press play and watch the message. Something will go wrong.",
        Part::Repaired => "Press play: the same faults as beside it, and the promise holds.",
        Part::Plain => "Press play and watch who gets what.",
    }
    .into()
}
