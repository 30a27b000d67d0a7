//! A link that carries a scenario of its own: read beside the page, then opened.

use super::super::browser;
use super::super::worker::Worker;
use super::address::{Opened, linked};
use super::{App, Msg};
use crate::scenario::prepared;
use crate::timeline::own::Carried;
use crate::words::page as words;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// A link that is being read.
pub(super) struct Reading {
    /// It stays the address until then.
    pub(super) fragment: String,
    _worker: Worker,
}

/// What the page keeps of scenarios that links carry.
#[derive(Default)]
pub(super) struct Carrying {
    pub(super) reading: Option<Reading>,
    /// The one that was read last, prepared.
    prepared: Option<Uint8Array>,
}

impl App {
    /// Begins to read the scenario that the address carries. What is on show stays until then.
    #[inline(never)]
    pub(super) fn read_own(&mut self, ctx: &Context<Self>) {
        let fragment = browser::fragment();
        let begun = Carried::of(&fragment).and_then(|carried| {
            let carried = carried.ok_or(words::UNKNOWN)?;
            let asked = [("name", carried.name.into()), ("packed", carried.packed.into())];
            Worker::ask("read.js", &asked, ctx.link().callback(Msg::Own))
                .map_err(|error| browser::told(&error))
        });
        match begun {
            Ok(worker) => {
                self.carrying.reading = Some(Reading { fragment, _worker: worker });
                self.notice = Some(words::READING_OWN.to_owned());
            }
            Err(what) => self.notice = Some(words::damaged(&what)),
        }
    }

    /// The scenario of the link was read, or not.
    #[inline(never)]
    pub(super) fn hear_own(&mut self, ctx: &Context<Self>, said: Result<JsValue, String>) {
        // Something else was opened in the meantime.
        let Some(reading) = self.carrying.reading.take() else { return };
        let opened = said.and_then(|said| {
            let get = |key: &str| Reflect::get(&said, &key.into()).unwrap_or_default();
            let bytes: Uint8Array =
                get("prepared").dyn_into().map_err(|_| get("problem").as_string().unwrap_or_default())?;
            let scenario = prepared::unpack(&bytes.to_vec())?.pop().ok_or(words::UNKNOWN)?;
            Ok((linked(&reading.fragment, |_, _| Ok(scenario))?, bytes))
        });
        match opened {
            Ok((opened, bytes)) => {
                self.carrying.prepared = Some(bytes);
                self.notice = None;
                self.arrive(ctx, opened);
            }
            Err(what) => {
                self.notice = Some(words::damaged(&what));
                self.write_address();
            }
        }
    }

    /// The scenario on show, prepared, if a link has carried it here.
    pub(super) fn own_prepared(&self) -> Option<Uint8Array> {
        self.carrying.prepared.clone().filter(|_| self.session.own().is_some())
    }

    /// Shows what an address opens.
    pub(super) fn arrive(&mut self, ctx: &Context<Self>, opened: Opened) {
        self.halt |= opened.halt;
        self.show(opened.view, opened.card, ctx);
        if opened.card.is_none() {
            self.sequence.on = opened.sequence;
            self.tab = opened.tab;
            self.take(opened.session);
        }
    }
}
