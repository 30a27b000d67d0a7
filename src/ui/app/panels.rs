//! The pieces of the page that are made of a moment: the stages, what can be broken, the closer look.

use super::super::diagram::{exports, switch};
use super::super::inspector::{self, action, inspector};
use super::super::stage::{self as stage_ui, Selection, stage_view};
use super::super::transport::Control;
use super::super::verdict::score;
use super::{App, Msg};
use crate::scenario::{Part, Scenario};
use crate::scene::layout::Px;
use crate::scene::stage::Stage;
use crate::scene::{actions, edited, names, parked, story};
use crate::timeline::moment::Moment;
use crate::words::page as words;
use std::rc::Rc;
use yew::prelude::*;

impl App {
    pub(super) fn stages(&self, ctx: &Context<Self>) -> Vec<Html> {
        let scenario = self.session.scenario();
        let alone = Some((scenario, self.session.run().here()));
        let beside = self.session.beside().map(|beside| (&beside.scenario, beside.run.here()));
        let shown = alone.into_iter().chain(beside).zip(&self.views).enumerate();
        shown
            .map(|(index, ((scenario, moment), stage))| self.stage(ctx, index, scenario, moment, stage))
            .collect()
    }

    fn stage(
        &self,
        ctx: &Context<Self>,
        index: usize,
        scenario: &Scenario,
        moment: &Moment,
        stage: &Rc<Stage>,
    ) -> Html {
        let words = match (index, scenario.part) {
            (0, Part::Naive) => words::AS_IT_IS,
            (0, Part::Repaired) => words::REPAIRED,
            (0, Part::Plain) if scenario.setup.faults.is_empty() => words::NO_FAULTS,
            (0, Part::Plain) => words::WITH_FAULTS,
            (_, Part::Repaired) => words::REPAIRED_BESIDE,
            _ => words::NAIVE_BESIDE,
        };
        let other = if index == 0 { self.words_here() } else { self.words_beside() };
        let words = other.unwrap_or(words.into());
        if self.sequence.on {
            return html! {
                <div class="one" key={format!("s{}{index}", scenario.id)}>
                    { self.caption(ctx, index, &words, scenario, moment) }
                    { self.sheet(ctx, index, moment) }
                </div>
            };
        }
        html! {
            <div class="one" key={format!("{}{index}", scenario.id)}>
                { self.caption(ctx, index, &words, scenario, moment) }
                <div style={format!("height:{}px", Px(stage.layout.height * self.scale))}>
                    { stage_view(&stage_ui::Props {
                        stage: stage.clone(),
                        scale: self.scale,
                        over: if index == 0 { self.answer_on_stage(ctx, stage) } else { None },
                        label: words.clone(),
                        selected: self.selected.filter(|(on, _)| *on == index).map(|(_, selection)| selection),
                        onselect: ctx.link().callback(move |selection| Msg::Select(index, selection)),
                        onlayer: ctx.link().callback(move |layer| Msg::Layer(index, layer)),
                    }) }
                </div>
            </div>
        }
    }

    fn caption(
        &self,
        ctx: &Context<Self>,
        index: usize,
        words: &AttrValue,
        scenario: &Scenario,
        moment: &Moment,
    ) -> Html {
        let onword = ctx.link().callback(Msg::Sequence);
        let on = self.sequence.on;
        html! {
            <div class="caption">
                if index == 0 { { switch(on, &onword) } }
                <h2>{ words }</h2>
                if !self.podium.keeps_back() { { score(scenario, &moment.ledger).line() } }
                if index == 0 && on { { exports(&onword) } }
            </div>
        }
    }

    pub(super) fn break_it(&self, ctx: &Context<Self>) -> Html {
        let onact = ctx.link().callback(Msg::Act);
        let world = &self.session.run().here().world;
        html! {
            <section class="break" aria-label={words::BREAK_IT}>
                <h2>{ words::BREAK_IT }</h2>
                { for actions::groups(world).iter().map(|group| html! {
                    <div class="group" role="group" aria-label={group.name.clone()} key={group.name.clone()}>
                        <h3>{ &group.name }</h3>
                        <div class="buttons">{ for group.actions.iter().map(|a| action(a, &onact)) }</div>
                    </div>
                }) }
            </section>
        }
    }

    #[inline(never)]
    pub(super) fn inspector(&self, ctx: &Context<Self>) -> Html {
        let Some((stage, selection)) = self.selected else { return Html::default() };
        let first = stage == 0;
        let here = match self.session.beside() {
            Some(beside) if !first => beside.run.here(),
            _ => self.session.run().here(),
        };
        let Moment { world, ledger } = here;
        let (title, lines, actions) = match selection {
            Selection::Party(actor) => {
                // What lies in its dead-letter queues is the broker's to show.
                let broker = actor == world.cast().broker;
                let lines = if broker { parked::lines(world) } else { Vec::new() };
                (names::sentence(names::party(world, actor)), lines, actions::closer(world, actor))
            }
            Selection::Message(message, packet) => (
                names::sentence(names::message(world, message)),
                story::life_of(world, ledger, message),
                packet
                    .map(|packet| actions::of_packet(world, packet))
                    .filter(|actions| !actions.is_empty())
                    .unwrap_or_else(|| actions::of_message(world, message)),
            ),
            Selection::Order(order) => (
                names::sentence(names::order(world, order)),
                story::life_of_order(world, ledger, order),
                actions::of_order(world, order),
            ),
        };
        let copies = match selection {
            Selection::Message(message, _) if first => edited::copies_of(world, message),
            _ => Vec::new(),
        };
        let link = ctx.link();
        inspector(&inspector::Props {
            title: title.into(),
            lines,
            copies,
            // What is done by hand is done to the first run; the one beside follows it.
            actions: if first { actions } else { Vec::new() },
            onact: link.callback(Msg::Act),
            onjump: link.callback(move |(step, at)| {
                Msg::Control(if first { Control::Jump(step) } else { Control::Seek(at) })
            }),
            onclose: link.callback(|()| Msg::Deselect),
        })
    }
}
