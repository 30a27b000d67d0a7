//! What does a presenter see, and when? The same session, large, with what came of it kept back.

use super::super::browser;
use super::super::present::{self, Foot, Gesture, Head};
use super::super::transport::Control;
use super::aside::opening;
use super::focus::Focus;
use super::sharing::ShareMsg;
use super::{App, Msg};
use yew::prelude::*;

/// The presenter's view.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Podium {
    /// Whether it is shown.
    pub(super) on: bool,
    /// Whether what came of it is shown too.
    revealed: bool,
}

impl Podium {
    /// Shows it, with what came of it kept back.
    pub(super) fn begun() -> Podium {
        Podium { on: true, revealed: false }
    }

    /// Whether what came of it is kept back.
    pub(super) fn keeps_back(self) -> bool {
        self.on && !self.revealed
    }
}

impl App {
    /// Does what a presenter does.
    #[inline(never)]
    pub(super) fn gesture(&mut self, gesture: Gesture) {
        match gesture {
            Gesture::Present(true) => {
                self.podium = Podium::begun();
                self.deck.open = false;
                self.selected = None;
                self.focus = Some(Focus::Podium);
                browser::fill_screen();
            }
            Gesture::Present(false) => {
                if !self.podium.on {
                    return;
                }
                self.podium = Podium::default();
                self.focus = Some(Focus::Back("header .present"));
                browser::leave_screen();
            }
            Gesture::Reveal => self.podium.revealed = self.podium.on && !self.podium.revealed,
            Gesture::Fill => browser::fill_screen(),
        }
        self.moved();
        self.write_address();
    }

    pub(super) fn podium_head(&self, ctx: &Context<Self>) -> Html {
        if !self.podium.on {
            return Html::default();
        }
        let scenario = self.session.scenario();
        let predict = self.learn.lesson(&scenario.id).and_then(|lesson| lesson.predict.as_ref());
        let question = predict.filter(|_| self.podium.keeps_back()).map(|predict| predict.ask.clone());
        present::head(&Head {
            title: question.unwrap_or_else(|| scenario.title.clone()).into(),
            ongesture: ctx.link().callback(Msg::Present),
            onshare: ctx.link().callback(|()| Msg::Share(ShareMsg::Open(true))),
        })
    }

    pub(super) fn podium_foot(&self, ctx: &Context<Self>) -> Html {
        if !self.podium.on {
            return Html::default();
        }
        let run = self.session.run();
        let link = ctx.link();
        let click = |control: Control| link.callback(move |_: MouseEvent| Msg::Control(control.clone()));
        present::foot(Foot {
            line: self.lines.last(),
            opening: opening(self.session.scenario(), self.podium.keeps_back()),
            verdict: (!self.podium.keeps_back()).then(|| self.verdict(ctx)),
            at: self.session.playhead(),
            step: (run.here().step(), run.end().step()),
            playing: self.playing,
            branches: self.branch_strip(ctx),
            ontime: [click(Control::Back), click(Control::Toggle), click(Control::Step)],
            ongesture: link.callback(Msg::Present),
        })
    }
}
