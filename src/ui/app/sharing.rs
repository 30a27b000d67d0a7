//! A moment is shared: the dialog, what is copied, and the moment as a part of another page.

use super::super::browser;
use super::super::share::{self, Form, share};
use super::{App, Msg};
use crate::scene::qr::Qr;
use crate::timeline::link::View;
use crate::words::page as words;
use yew::prelude::*;

/// What is heard about sharing.
pub enum ShareMsg {
    /// The dialog is wanted or not.
    Open(bool),
    /// It is to be copied.
    Copy(Form),
    /// It was copied, or the browser did not allow it.
    Copied(Form, bool),
}

/// The dialog.
#[derive(Clone, Copy, Default)]
pub(super) struct Sharing {
    /// Whether it is open.
    pub(super) open: bool,
    copied: Option<(Form, bool)>,
}

impl App {
    #[inline(never)]
    pub(super) fn hear_share(&mut self, ctx: &Context<Self>, message: ShareMsg) {
        match message {
            ShareMsg::Open(open) => {
                if open {
                    self.pause();
                    self.write_address();
                }
                self.sharing = Sharing { open, copied: None };
            }
            ShareMsg::Copy(form) => {
                let text = match form {
                    Form::Link => self.whole_address(None),
                    Form::Frame => {
                        let link = self.whole_address(Some(View::Embed));
                        share::frame(&link, &self.session.scenario().title)
                    }
                    Form::Code => Qr::of(&self.whole_address(None)).map_or(String::new(), |code| code.svg()),
                };
                let link = ctx.link().clone();
                browser::copy(&text, move |there| {
                    link.send_message(Msg::Share(ShareMsg::Copied(form, there)));
                });
            }
            ShareMsg::Copied(form, there) => {
                if !there {
                    // Where the link can be taken by hand.
                    self.hear_share(ctx, ShareMsg::Open(true));
                }
                self.sharing.copied = Some((form, there));
                self.copied = there && form == Form::Link;
            }
        }
    }

    /// The address of this moment for others, in another view where that is asked for.
    fn whole_address(&self, view: Option<View>) -> String {
        let here = browser::address();
        let page = here.split('#').next().unwrap_or_default();
        format!("{page}#{}", self.address_as(view))
    }

    pub(super) fn share_dialog(&self, ctx: &Context<Self>) -> Html {
        if self.sharing.open { self.open_dialog(ctx) } else { Html::default() }
    }

    #[inline(never)]
    fn open_dialog(&self, ctx: &Context<Self>) -> Html {
        let say = ctx.link();
        share(share::Props {
            link: self.whole_address(None).into(),
            copied: self.sharing.copied,
            oncopy: say.callback(|form| Msg::Share(ShareMsg::Copy(form))),
            onclose: say.callback(|()| Msg::Share(ShareMsg::Open(false))),
        })
    }

    /// What stands above the stage where this is a part of another page: what it is, and the way to all of it.
    pub(super) fn embed_head(&self) -> Html {
        if self.embedded { self.head_of_part() } else { Html::default() }
    }

    #[inline(never)]
    fn head_of_part(&self) -> Html {
        let whole = self.whole_address(Some(View::Page));
        let said = self.lines.last().map(|line| line.text.clone());
        html! {
            <div class="embed-head" role="banner">
                <div>
                    <h1>{ &self.session.scenario().title }</h1>
                    <p aria-live={if self.playing { "off" } else { "polite" }}>{ said.unwrap_or_else(|| self.session.scenario().shows.clone()) }</p>
                </div>
                <a href={whole} target="_blank" rel="noopener">{ words::OPEN_WHOLE }</a>
            </div>
        }
    }
}
