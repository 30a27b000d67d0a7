//! The search at work: a worker that tries every placement, so that the page keeps its frames.

use super::super::browser;
use super::super::search::{self, Way, search};
use super::super::transport::Control;
use super::super::worker::Worker;
use super::{App, Msg};
use crate::explore::Found;
use crate::words::page as words;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// What is heard about a search.
pub enum SearchMsg {
    /// One with up to that many faults is wanted.
    Start(u8),
    /// The worker said something.
    Said(JsValue),
    /// The worker failed before it could say anything.
    Failed(String),
    /// It is to stop.
    Stop,
    /// A run that it found is to be opened.
    Open(Way),
}

/// The search of the scenario on show.
#[derive(Default)]
pub struct Searching {
    worker: Option<Worker>,
    scenario: String,
    /// The seed under which it searches: what it finds is opened under this one, whatever is on show by then.
    seed: u64,
    found: Option<Found>,
    percent: Option<u32>,
    problem: Option<String>,
}

impl Searching {
    /// Stops, unless it is of that scenario.
    pub(super) fn stop_unless(&mut self, scenario: &str) {
        if self.scenario != scenario {
            self.stop();
        }
    }

    /// Forgets what it has found: it was of another scenario, under the same name.
    pub(super) fn forget(&mut self) {
        *self = Searching::default();
    }

    fn stop(&mut self) {
        self.worker = None;
        self.percent = None;
    }

    #[inline(never)]
    fn start(
        &mut self,
        scenario: &str,
        seed: u64,
        faults: u8,
        own: Option<Uint8Array>,
        say: Callback<SearchMsg>,
    ) -> Result<(), JsValue> {
        *self = Searching { scenario: scenario.to_owned(), seed, ..Searching::default() };
        let (script, program) = browser::program().ok_or(words::NO_PROGRAM)?;
        let asked = [
            ("script", script.into()),
            ("program", program.into()),
            ("name", scenario.into()),
            ("seed", seed.to_string().into()),
            ("faults", faults.into()),
            ("kinds", "crash,fail,lose,double".into()),
            ("own", own.into()),
        ];
        let answer = Callback::from(move |answer| {
            say.emit(match answer {
                Ok(said) => SearchMsg::Said(said),
                Err(problem) => SearchMsg::Failed(problem),
            });
        });
        self.worker = Some(Worker::ask("search.js", &asked, answer)?);
        self.percent = Some(0);
        Ok(())
    }

    fn fail(&mut self, problem: &str) {
        self.stop();
        self.problem = Some(words::search_failed(problem));
    }

    #[inline(never)]
    fn hear(&mut self, said: &JsValue) {
        let get = |key: &str| js_sys::Reflect::get(said, &key.into()).unwrap_or_default();
        if let Some(problem) = get("problem").as_string() {
            return self.fail(&problem);
        }
        if let Ok(bytes) = get("found").dyn_into::<Uint8Array>() {
            self.found = postcard::from_bytes(&bytes.to_vec()).ok().or(self.found.take());
        }
        self.percent = get("part").as_f64().map(|part| (part * 100.0) as u32);
        if get("done").is_truthy() {
            self.stop();
        }
    }
}

impl App {
    #[inline(never)]
    pub(super) fn hear_search(&mut self, ctx: &Context<Self>, message: SearchMsg) {
        match message {
            SearchMsg::Start(faults) => {
                let say = ctx.link().callback(Msg::Search);
                let (scenario, seed) = (self.session.scenario().id.clone(), self.session.run().seed());
                if let Err(problem) = self.searching.start(&scenario, seed, faults, self.own_prepared(), say)
                {
                    self.searching.fail(&browser::told(&problem));
                }
            }
            SearchMsg::Said(said) => self.searching.hear(&said),
            SearchMsg::Failed(problem) => self.searching.fail(&problem),
            SearchMsg::Stop => self.searching.stop(),
            SearchMsg::Open((faults, at)) => {
                // Only what was found of the scenario on show is on show.
                self.take(self.session.open_again_with(self.searching.seed, &faults));
                self.control(ctx, Control::Seek(at));
            }
        }
    }

    #[inline(never)]
    pub(super) fn find_failures(&self, ctx: &Context<Self>) -> Html {
        let say = ctx.link();
        let scenario = self.session.scenario();
        let of_this = self.searching.scenario == scenario.id;
        search(&search::Props {
            scenario,
            found: self.searching.found.as_ref().filter(|_| of_this),
            percent: self.searching.percent.filter(|_| of_this),
            problem: self.searching.problem.as_deref().filter(|_| of_this),
            onstart: say.callback(|faults| Msg::Search(SearchMsg::Start(faults))),
            onstop: say.callback(|()| Msg::Search(SearchMsg::Stop)),
            onopen: say.callback(|way| Msg::Search(SearchMsg::Open(way))),
        })
    }
}
