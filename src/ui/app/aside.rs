//! The right-hand side: tabs, and what stands under the one on show. A new tab is a variant of [`Tab`] with its name,
//! its word, and an arm in `App::panel`.

use super::super::plots::{self, plots};
use super::super::review::review;
use super::super::story::{self as telling, log, story as story_now};
use super::super::tabs::{self, tabs};
use super::super::transport::Control;
use super::super::verdict::{self, facts, promises, score, verdict};
use super::address::Missing;
use super::{App, Msg};
use crate::scenario::{Part, Scenario};
use crate::scene::review::{Store, has_stores, stores};
use crate::timeline::link::Tab;
use crate::words::page as words;
use yew::prelude::*;

/// In the order in which they stand.
const ALL: [Tab; 6] = [Tab::Now, Tab::Lesson, Tab::Compare, Tab::Plots, Tab::Review, Tab::Search];

impl App {
    /// What a tab says; none: it has nothing to show here.
    fn word(&self, tab: Tab) -> Option<AttrValue> {
        match tab {
            Tab::Now => Some(words::NOW.into()),
            Tab::Search => Some(words::FAILURES.into()),
            Tab::Plots => Some(words::PLOTS.into()),
            Tab::Compare => Some(words::COMPARE.into()),
            Tab::Review => has_stores(&self.session.run().here().world).then(|| words::DEAD_LETTERS.into()),
            Tab::Lesson if self.missing.contains(&Missing::Lessons) => Some(words::LESSON.into()),
            Tab::Lesson => {
                let lesson = self.learn.lesson(&self.session.scenario().id)?;
                let ticks = self.learn.ticks(lesson);
                let done = ticks.iter().filter(|done| **done).count();
                Some(format!("{} {}", words::LESSON, words::so_much(done, ticks.len())).into())
            }
        }
    }

    #[inline(never)]
    fn stores(&self) -> Vec<Store> {
        let here = self.session.run().here();
        stores(&here.world, &here.ledger)
    }

    /// What stands under a tab.
    fn panel(&self, ctx: &Context<Self>, tab: Tab) -> Html {
        match tab {
            Tab::Now => self.what_happened(ctx),
            Tab::Lesson => self.lesson(ctx),
            Tab::Review => review(&self.stores(), &ctx.link().callback(Msg::Act)),
            Tab::Search => self.find_failures(ctx),
            Tab::Compare => self.compare(ctx),
            Tab::Plots => plots(&plots::Props {
                plots: &self.plots,
                marks: &self.shown_marks(),
                playhead: self.session.playhead(),
                end: self.session.end(),
                oncontrol: ctx.link().callback(Msg::Control),
            }),
        }
    }

    pub(super) fn aside(&self, ctx: &Context<Self>) -> Html {
        let open = ALL.into_iter().filter_map(|tab| Some((tab, self.word(tab)?)));
        let (open, words): (Vec<Tab>, Vec<AttrValue>) = open.unzip();
        // What was on show may have nothing to show here.
        let current = open.iter().position(|&tab| tab == self.tab).unwrap_or_default();
        let panel = self.panel(ctx, open[current]);
        // One alone needs no choosing.
        if open.len() < 2 {
            return html! { <aside>{ panel }</aside> };
        }
        html! {
            <aside>
                { tabs(&tabs::Props {
                    label: words::BESIDE_STAGE.into(),
                    words,
                    current,
                    onchoose: ctx.link().callback(move |place: usize| Msg::Tab(open[place])),
                }) }
                <div class="panel" role="tabpanel" id={tabs::PANEL} aria-labelledby={tabs::id(current)}>{ panel }</div>
            </aside>
        }
    }

    pub(super) fn verdict(&self, ctx: &Context<Self>) -> verdict::Props {
        let scenario = self.session.scenario();
        let ledger = &self.session.run().here().ledger;
        verdict::Props {
            noun: scenario.setup.noun().to_owned().into(),
            score: score(scenario, ledger),
            large: self.large.clone(),
            promises: promises(scenario, ledger),
            onjump: ctx.link().callback(|step| Msg::Control(Control::Jump(step))),
        }
    }

    fn what_happened(&self, ctx: &Context<Self>) -> Html {
        let judged = self.verdict(ctx);
        let telling = telling::Props {
            lines: self.lines.clone(),
            opening: opening(self.session.scenario(), self.is_open_question()),
            onjump: ctx.link().callback(|step| Msg::Control(Control::Jump(step))),
            aloud: !self.playing,
        };
        html! {
            <>
                { self.prediction(ctx) }
                { verdict(&judged) }
                { story_now(&telling) }
                { facts(&judged) }
                { self.inspector(ctx) }
                { self.break_it(ctx) }
                { log(&telling) }
            </>
        }
    }
}

/// What is said before anything has happened; `blind`: without a word on how it will go.
pub(super) fn opening(scenario: &Scenario, blind: bool) -> AttrValue {
    match scenario.part {
        _ if blind => words::PLAY_BLIND,
        Part::Naive => words::PLAY_NAIVE,
        Part::Repaired => words::PLAY_REPAIRED,
        Part::Plain => words::PLAY_PLAIN,
    }
    .into()
}
