//! What may JavaScript and TypeScript ask of Brokerlab? The API of [`brokerlab::testing`], for the tests of other
//! projects. The page's own JavaScript is another (`src/js.rs`): it has no reader of files, and must be light.
//!
//! `types.ts` has the types of what goes in and out, by hand; this file says which is whose.

#![cfg(target_arch = "wasm32")]

mod answers;

use answers::{ExploredAnswer, ScenarioInfo, SearchOptions, Standing, StoryLine};
use brokerlab::scenario::catalogue;
use brokerlab::sim::time::Span;
use brokerlab::testing::{self, Look, ms};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::time::Duration;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("types.ts");

type Answer = Result<JsValue, JsError>;

/// What JSON would be, as an object.
fn give<T: Serialize + ?Sized>(value: &T) -> Answer {
    Ok(value.serialize(&Serializer::json_compatible())?)
}

/// A whole number that is not negative; JavaScript has only one kind of number.
fn whole(number: f64, what: &str) -> Result<u64, JsError> {
    if number.fract() == 0.0 && (0.0..=9_007_199_254_740_991.0).contains(&number) {
        return Ok(number as u64);
    }
    Err(JsError::new(&format!("{what} must be a whole number from 0 on; it is {number}")))
}

/// So many milliseconds of virtual time, 1 to those of 24 hours: the spans that a scenario may name.
fn span(milliseconds: f64, what: &str) -> Result<Duration, JsError> {
    let whole = whole(milliseconds, what)?;
    match (1..=Span::MAX_NAMED.0 / 1_000).contains(&whole) {
        true => Ok(ms(whole)),
        false => Err(JsError::new(&format!("{what} must be from 1 to 86400000 (24 h); it is {whole}"))),
    }
}

/// The scenarios of the catalogue, in the order in which they teach.
#[wasm_bindgen(unchecked_return_type = "ScenarioInfo[]")]
pub fn scenarios() -> Answer {
    give(&catalogue::scenarios().iter().map(ScenarioInfo::of).collect::<Vec<_>>())
}

/// A case to be tried: a scenario, under its seed, with its faults. It never changes; each method gives another.
#[wasm_bindgen]
pub struct Case(testing::Case);

#[wasm_bindgen]
impl Case {
    /// The scenario of that name in the catalogue.
    ///
    /// # Errors
    /// There is none; the nearest one that there is.
    pub fn named(name: &str) -> Result<Case, JsError> {
        Ok(Case(testing::Case::named(name)?))
    }

    /// The scenario of a scenario file's text, under that name.
    ///
    /// # Errors
    /// Everything that is wrong with it, with line and column.
    pub fn text(name: &str, toml: &str) -> Result<Case, JsError> {
        Ok(Case(testing::Case::text(name, toml)?))
    }

    /// Under another seed: digits or three words.
    ///
    /// # Errors
    /// It is neither.
    #[wasm_bindgen(js_name = withSeed)]
    pub fn with_seed(&self, seed: &str) -> Result<Case, JsError> {
        Ok(Case(self.0.seed(seed)?))
    }

    /// With a fault more, in the words of `brokerlab run --fault`.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    #[wasm_bindgen(js_name = withFault)]
    pub fn with_fault(&self, fault: &str) -> Result<Case, JsError> {
        Ok(Case(self.0.fault(fault)?))
    }

    /// Without the faults that the scenario lays itself, and without those that were added.
    #[wasm_bindgen(js_name = withoutOwnFaults)]
    pub fn without_own_faults(&self) -> Case {
        Case(self.0.without_own_faults())
    }

    /// Ended after so many milliseconds of virtual time at the latest, 1 to 86400000 (24 h).
    ///
    /// # Errors
    /// That is no whole number, or beyond.
    pub fn until(&self, milliseconds: f64) -> Result<Case, JsError> {
        Ok(Case(self.0.until(span(milliseconds, "the number of milliseconds")?)))
    }

    /// The scenario's name.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.0.scenario().id.clone()
    }

    /// Its title.
    #[wasm_bindgen(getter)]
    pub fn title(&self) -> String {
        self.0.scenario().title.clone()
    }

    /// The seed, in digits.
    #[wasm_bindgen(getter)]
    pub fn seed(&self) -> String {
        self.0.scenario().seed.to_string()
    }

    /// Runs it to its end. The run stands at its start.
    pub fn run(&self) -> Run {
        let run = self.0.run();
        Run { here: run.start(), run }
    }

    /// Tries every placement of a few faults.
    ///
    /// # Errors
    /// What is wrong with the options.
    #[wasm_bindgen(unchecked_return_type = "Explored")]
    pub fn explore(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "SearchOptions")] options: Option<JsValue>,
    ) -> Answer {
        let search = SearchOptions::read(options.unwrap_or(JsValue::UNDEFINED))?;
        give(&ExploredAnswer::of(&self.0, &self.0.explore(&search))?)
    }
}

/// A run, computed to its end, which stands at one of its steps.
#[wasm_bindgen]
pub struct Run {
    run: testing::Run,
    here: Look,
}

#[wasm_bindgen]
impl Run {
    /// The step at which it stands; 0 at the start.
    #[wasm_bindgen(getter)]
    pub fn step(&self) -> u32 {
        self.here.step()
    }

    /// How many steps it has.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> u32 {
        self.run.steps()
    }

    /// The moment of the step at which it stands, in microseconds of virtual time.
    #[wasm_bindgen(getter, js_name = timeUs)]
    pub fn time_us(&self) -> f64 {
        self.here.time().as_micros() as f64
    }

    /// What happened in the step at which it stands, in a sentence; empty at the start.
    #[wasm_bindgen(getter)]
    pub fn sentence(&self) -> String {
        self.here.sentence()
    }

    /// Goes one step forward. False at the end.
    #[wasm_bindgen(js_name = stepForward)]
    pub fn step_forward(&mut self) -> bool {
        let next = self.here.next();
        let there = next.is_some();
        self.here = next.unwrap_or_else(|| self.here.clone());
        there
    }

    /// Goes one step back. False at the start.
    #[wasm_bindgen(js_name = stepBack)]
    pub fn step_back(&mut self) -> bool {
        let step = self.here.step();
        self.here = self.run.at_step(step.saturating_sub(1));
        step > 0
    }

    /// Goes to that step; to the end, if there are fewer.
    ///
    /// # Errors
    /// That is no whole number.
    #[wasm_bindgen(js_name = seekStep)]
    pub fn seek_step(&mut self, step: f64) -> Result<(), JsError> {
        let step = u32::try_from(whole(step, "the step")?).unwrap_or(u32::MAX);
        self.here = self.run.at_step(step);
        Ok(())
    }

    /// Goes to that moment of virtual time, in microseconds, with everything that has happened by then.
    ///
    /// # Errors
    /// That is no whole number.
    #[wasm_bindgen(js_name = seekTime)]
    pub fn seek_time(&mut self, microseconds: f64) -> Result<(), JsError> {
        let time = whole(microseconds, "the number of microseconds")?;
        self.here = self.run.at(std::time::Duration::from_micros(time));
        Ok(())
    }

    /// Does something by hand where it stands, in the words of `brokerlab run --fault` or those for a hand (`restart
    /// relay`); what comes after is computed anew. The run stands right after it.
    ///
    /// # Errors
    /// What is wrong with it, and where. Nothing has been changed then.
    pub fn inject(&mut self, fault: &str) -> Result<(), JsError> {
        // After the end nothing can be done: it is done right before.
        let step = self.here.step().min(self.run.steps().saturating_sub(1));
        self.run = self.run.inject(step, fault)?;
        self.here = self.run.at_step(step + 1);
        Ok(())
    }

    /// How many findings of each kind the judge has by now.
    #[wasm_bindgen(unchecked_return_type = "Verdict")]
    pub fn verdict(&self) -> Answer {
        give(&self.here.verdict())
    }

    /// How every promise stands by now, and every fact that the scenario is to reach.
    #[wasm_bindgen(unchecked_return_type = "Standing[]")]
    pub fn promises(&self) -> Answer {
        give(&Standing::all(self.run.case(), &self.here)?)
    }

    /// The rows of a service's table or of a consumer's effects by now.
    ///
    /// # Errors
    /// There is no such party.
    #[wasm_bindgen(unchecked_return_type = "Row[]")]
    pub fn table(&self, party: &str) -> Answer {
        give(&answers::rows(self.here.table(party)?))
    }

    /// The rows of a service's outbox by now.
    ///
    /// # Errors
    /// There is no such service, or it has no outbox.
    #[wasm_bindgen(unchecked_return_type = "Row[]")]
    pub fn outbox(&self, service: &str) -> Answer {
        give(&answers::rows(self.here.outbox(service)?))
    }

    /// The rows of a consumer's inbox by now.
    ///
    /// # Errors
    /// There is no such consumer, or it has no inbox.
    #[wasm_bindgen(unchecked_return_type = "Row[]")]
    pub fn inbox(&self, consumer: &str) -> Answer {
        give(&answers::rows(self.here.inbox(consumer)?))
    }

    /// The rows of a service's dead-letter table by now.
    ///
    /// # Errors
    /// There is no such service, or it has no such table.
    #[wasm_bindgen(js_name = deadLetters, unchecked_return_type = "Row[]")]
    pub fn dead_letters(&self, service: &str) -> Answer {
        give(&answers::rows(self.here.dead_letters(service)?))
    }

    /// What a queue holds by now.
    ///
    /// # Errors
    /// There is no such queue.
    #[wasm_bindgen(unchecked_return_type = "Messages")]
    pub fn queue(&self, name: &str) -> Answer {
        give(&answers::Messages::of(self.here.queue(name)?))
    }

    /// Whether that party is up by now.
    ///
    /// # Errors
    /// There is no such party.
    #[wasm_bindgen(js_name = isUp)]
    pub fn is_up(&self, party: &str) -> Result<bool, JsError> {
        Ok(self.here.is_up(party)?)
    }

    /// The report of the whole run.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn report(&self) -> Answer {
        let mut report = self.run.report();
        // A number beyond 2^53 is refused by the serializer; here it may be rounded.
        let seed = std::mem::take(&mut report.seed);
        let report = give(&report)?;
        js_sys::Reflect::set(&report, &"seed".into(), &(seed as f64).into())
            .map_err(|_| JsError::new("the report cannot be written"))?;
        Ok(report)
    }

    /// The whole run in sentences.
    #[wasm_bindgen(unchecked_return_type = "StoryLine[]")]
    pub fn story(&self) -> Answer {
        give(&self.run.story().into_iter().map(StoryLine::of).collect::<Vec<_>>())
    }

    /// The history of the whole run, record by record.
    #[wasm_bindgen(unchecked_return_type = "HistoryRecord[]")]
    pub fn records(&self) -> Answer {
        give(&self.run.records().collect::<Vec<_>>())
    }

    /// The link (`#v=1&run=…`) to the moment at which it stands; it carries a scenario that the page does not have.
    pub fn link(&self) -> Option<String> {
        self.run.link_to_step(self.here.step())
    }

    /// The command line that tells the run again.
    pub fn command(&self) -> String {
        self.run.command()
    }

    /// The story up to the first broken promise, the verdict, the command and the link: for the message of an assertion.
    #[wasm_bindgen(js_name = toString)]
    pub fn text(&self) -> String {
        self.run.to_string()
    }
}
