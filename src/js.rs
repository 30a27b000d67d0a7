//! What may JavaScript ask of the page? The engine's benchmarks, and a scenario of one's own. The page offers it
//! as `window.brokerlab`:
//!
//! ```js
//! brokerlab.run(name, seed, faults)     // the report of a run, as `brokerlab run --format json` prints it
//! brokerlab.bench(own, judge)           // { steps, records }: a whole run, as fast as it goes
//! brokerlab.scrub(own, seeks)           // milliseconds: the whole run computed, then each of so many random seeks
//! brokerlab.memory_bytes()              // bytes of memory that the page's engine holds
//! brokerlab.open(own, milliseconds)     // shows that scenario at that moment; false before the page is there
//! ```
//!
//! `name` is one of the catalogue's, `seed` digits or three words (undefined: the scenario's own), `faults` a list
//! in the words of the fault grammar, on top of the scenario's own. `own` is a scenario file of one's own, prepared
//! (a `Uint8Array` with what `prepare - < FILE` writes, prepare): the page has no reader of files. What is wrong
//! with any of them is thrown.

use crate::broker::world::World;
use crate::explore::shares::Shares;
use crate::explore::{Kinds, Options};
use crate::scenario::words::parse_seed;
use crate::scenario::{Scenario, catalogue, prepared};
use crate::sim::chance::{Dice, SpanRange};
use crate::sim::time::{Instant, Span};
use crate::timeline::moment::Moment;
use crate::timeline::report::Report;
use crate::timeline::run::Run;
use crate::ui;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

fn read(own: &[u8]) -> Result<Scenario, JsValue> {
    let mut scenarios = prepared::unpack(own).map_err(|what| JsValue::from_str(&what))?;
    scenarios.pop().ok_or_else(|| JsValue::from_str("there is no scenario in it"))
}

/// The report of a run of the catalogue's scenario.
///
/// # Errors
/// What is wrong with the name, the seed or a fault.
#[wasm_bindgen]
pub fn run(name: &str, seed: Option<String>, faults: Option<Vec<String>>) -> Result<JsValue, JsValue> {
    let wrong = |what: String| JsValue::from_str(&what);
    let mut scenario = catalogue::find(name).map_err(wrong)?.clone();
    let seed = seed.map_or(Ok(scenario.seed), |text| parse_seed(&text)).map_err(wrong)?;
    for spec in faults.unwrap_or_default() {
        scenario = scenario.with_fault(&spec).map_err(|error| wrong(error.what))?;
    }
    let run = Run::new(scenario.setup.clone(), seed, Vec::new());
    let mut report = Report::new(&scenario, &run);
    // A number beyond 2^53 is refused by the serializer; here it may be rounded.
    let seed = std::mem::take(&mut report.seed);
    let report = report.serialize(&Serializer::json_compatible())?;
    js_sys::Reflect::set(&report, &"seed".into(), &(seed as f64).into())?;
    Ok(report)
}

/// Runs a scenario to its end, every step and every record, with or without the judge.
///
/// # Errors
/// Something else than a prepared scenario.
#[wasm_bindgen]
pub fn bench(own: &[u8], judge: bool) -> Result<JsValue, JsValue> {
    let scenario = read(own)?;
    let (steps, records) = if judge {
        let mut moment = Moment::start(&scenario.setup, scenario.seed);
        while moment.advance(&[]) {}
        (moment.step(), moment.world.history().len())
    } else {
        let mut world = World::new(scenario.setup, scenario.seed);
        while world.step() {}
        (world.steps(), world.history().len())
    };
    let counted = js_sys::Object::new();
    js_sys::Reflect::set(&counted, &"steps".into(), &steps.into())?;
    js_sys::Reflect::set(&counted, &"records".into(), &(records as u32).into())?;
    Ok(counted.into())
}

/// Computes a run with the judge and checkpoints, then puts its cursor at random steps. Returns how long each
/// took, in milliseconds; the first is the run itself.
///
/// # Errors
/// Something else than a prepared scenario.
#[wasm_bindgen]
pub fn scrub(own: &[u8], seeks: u32) -> Result<Vec<f64>, JsValue> {
    let scenario = read(own)?;
    let now = || web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now());
    let started = now();
    let mut run = Run::new(scenario.setup, scenario.seed, Vec::new());
    let mut times = vec![now() - started];
    let all = SpanRange { min: Span::ZERO, max: Span(u64::from(run.end().step())) };
    let mut dice = Dice::new(1, "seek", "bench");
    for _ in 0..seeks {
        let step = dice.span(all).0 as u32;
        let started = now();
        run.seek(step);
        times.push(now() - started);
    }
    Ok(times)
}

/// The bytes of memory that the page's engine holds. It never gives any back.
#[wasm_bindgen]
pub fn memory_bytes() -> f64 {
    core::arch::wasm32::memory_size(0) as f64 * 65_536.0
}

/// Shows a scenario in the page, at that moment of virtual time. False if there is no page yet.
///
/// # Errors
/// Something else than a prepared scenario.
#[wasm_bindgen]
pub fn open(own: &[u8], milliseconds: f64) -> Result<bool, JsValue> {
    // It stays for as long as the page does, like those of the catalogue.
    let scenario: &'static Scenario = Box::leak(Box::new(read(own)?));
    Ok(ui::open(scenario, Instant::START + Span::from_millis(milliseconds.max(0.0) as u64)))
}

/// A search for failures, piece by piece; what `www/search.js` drives in a worker.
#[wasm_bindgen]
pub struct Search(Shares);

#[wasm_bindgen]
impl Search {
    /// A search of the catalogue's scenario, or of the prepared one that is given, without its own faults, under that
    /// seed, with up to that many faults of those kinds (`crash,fail,lose,double`).
    ///
    /// # Errors
    /// What is wrong with the name, the seed or the kinds.
    #[wasm_bindgen(constructor)]
    pub fn new(
        name: &str,
        seed: &str,
        faults: u8,
        kinds: &str,
        own: Option<Vec<u8>>,
    ) -> Result<Search, JsValue> {
        let wrong = |what: String| JsValue::from_str(&what);
        let mut scenario = match own {
            Some(own) => read(&own)?,
            None => catalogue::find(name).map_err(wrong)?.clone(),
        };
        scenario.seed = parse_seed(seed).map_err(wrong)?;
        let kinds = Kinds::parse(kinds).map_err(wrong)?;
        Ok(Search(Shares::new(&scenario, &Options { faults, kinds, ..Options::default() })))
    }

    /// Makes the next piece. What has been found so far, in postcard's form; nothing when all is done.
    #[allow(clippy::should_implement_trait)] // It is JavaScript that calls it.
    pub fn next(&mut self) -> Option<Vec<u8>> {
        let found = self.0.next()?;
        Some(postcard::to_allocvec(&found).unwrap_or_default())
    }

    /// How much of it is done, from 0 to 1.
    pub fn part(&self) -> f64 {
        f64::from(self.0.permille()) / 1_000.0
    }
}
