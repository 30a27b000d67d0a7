//! In which form does JavaScript get what the library knows? One type for each of `types.ts` that the library has not
//! itself.

use brokerlab::scenario::nearest::unknown;
use brokerlab::scenario::{Part, Scenario};
use brokerlab::scene::story::{Line, Tone};
use brokerlab::testing::{self, Case, Look, Search, Wrong};
use js_sys::Object;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

#[derive(Serialize)]
pub struct ScenarioInfo<'s> {
    name: &'s str,
    title: &'s str,
    group: &'s str,
    shows: &'s str,
    part: &'static str,
    counterpart: Option<&'s str>,
}

impl<'s> ScenarioInfo<'s> {
    pub fn of(scenario: &'s Scenario) -> ScenarioInfo<'s> {
        ScenarioInfo {
            name: &scenario.id,
            title: &scenario.title,
            group: &scenario.group,
            shows: &scenario.shows,
            part: match scenario.part {
                Part::Plain => "plain",
                Part::Naive => "naive",
                Part::Repaired => "repaired",
            },
            counterpart: scenario.counterpart.as_deref(),
        }
    }
}

#[derive(Serialize)]
pub struct Standing {
    name: &'static str,
    when: &'static str,
    held: Option<bool>,
    broken_at_step: Option<u32>,
    broken_at_us: Option<u64>,
}

impl Standing {
    pub fn all(case: &Case, look: &Look) -> Result<Vec<Standing>, Wrong> {
        let all = case.promises().chain(case.scenario().reaches.iter().copied());
        all.map(|promise| {
            let state = look.promise(promise)?;
            Ok(Standing {
                name: promise.name(),
                when: promise.when().name(),
                held: state.held,
                broken_at_step: state.broken.map(|breach| breach.step),
                broken_at_us: state.broken.map(|breach| breach.at.0),
            })
        })
        .collect()
    }
}

#[derive(Serialize)]
pub struct StoryLine {
    step: u32,
    at_us: u64,
    text: String,
    why: Option<String>,
    tone: &'static str,
}

impl StoryLine {
    pub fn of(line: Line) -> StoryLine {
        let tone = match line.tone {
            Tone::Plain => "plain",
            Tone::Good => "good",
            Tone::Trouble => "trouble",
            Tone::Broken(_) => "broken",
        };
        StoryLine { step: line.step, at_us: line.at.0, text: line.text, why: line.why, tone }
    }
}

#[derive(Serialize)]
pub struct Row {
    label: String,
    state: &'static str,
}

pub fn rows(rows: Vec<testing::Row>) -> Vec<Row> {
    rows.into_iter().map(|row| Row { label: row.label, state: row.state.word() }).collect()
}

#[derive(Serialize)]
pub struct Messages {
    ready: Vec<String>,
    out: Vec<String>,
    delayed: Vec<String>,
    parked: Vec<String>,
}

impl Messages {
    pub fn of(messages: testing::Messages) -> Messages {
        let testing::Messages { ready, out, delayed, parked } = messages;
        Messages { ready, out, delayed, parked }
    }
}

const KNOWN: [&str; 4] = ["faults", "kinds", "downMs", "ownFaults"];

/// What to try, as it comes.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub struct SearchOptions {
    faults: Option<f64>,
    kinds: Option<Vec<String>>,
    down_ms: Option<f64>,
    own_faults: Option<bool>,
}

impl SearchOptions {
    pub fn read(options: JsValue) -> Result<Search, JsError> {
        // What has a name is looked for by it: a slip of the keyboard would go unnoticed.
        for key in options.dyn_ref::<Object>().map(Object::keys).into_iter().flatten() {
            let key = key.as_string().unwrap_or_default();
            if !KNOWN.contains(&key.as_str()) {
                return Err(JsError::new(&unknown("option", &key, "options of a search", &KNOWN)));
            }
        }
        let options: Option<SearchOptions> = serde_wasm_bindgen::from_value(options)
            .map_err(|error| JsError::new(&format!("the options of the search: {error}")))?;
        let options = options.unwrap_or_default();
        let faults = options.faults.unwrap_or(1.0);
        if ![1.0, 2.0, 3.0].contains(&faults) {
            return Err(JsError::new(&format!("`faults` must be 1, 2 or 3; it is {faults}")));
        }
        let mut search = Search::of_faults(faults as u8);
        if let Some(kinds) = options.kinds {
            let words = kinds.join(",");
            search = search.kinds(if kinds.is_empty() { "none" } else { &words })?;
        }
        if let Some(down) = options.down_ms {
            search = search.down(super::span(down, "`downMs`")?);
        }
        Ok(if options.own_faults == Some(true) { search.with_own_faults() } else { search })
    }
}

#[derive(Serialize)]
pub struct ExploredAnswer {
    scenario: String,
    placements: u64,
    complete: bool,
    promises: Vec<Outcome>,
    table: String,
}

#[derive(Serialize)]
struct Outcome {
    name: &'static str,
    verdict: &'static str,
    runs: u64,
    shortest: Option<Shortest>,
}

#[derive(Serialize)]
struct Shortest {
    faults: Vec<String>,
    broken_at_step: u32,
    broken_at_us: u64,
    command: String,
    link: Option<String>,
}

impl ExploredAnswer {
    pub fn of(case: &Case, explored: &testing::Explored) -> Result<ExploredAnswer, Wrong> {
        let mut promises = Vec::new();
        for (promise, verdict, runs) in explored.outcomes() {
            let mut shortest = None;
            if let Some(run) = explored.counterexample(promise)?
                && let Some(broken) = run.at_break_of(promise)?
            {
                shortest = Some(Shortest {
                    faults: run.report().faults,
                    broken_at_step: broken.step(),
                    broken_at_us: broken.time().as_micros() as u64,
                    command: run.command(),
                    link: run.link_to(promise)?,
                });
            }
            promises.push(Outcome { name: promise.name(), verdict, runs, shortest });
        }
        Ok(ExploredAnswer {
            scenario: case.scenario().id.clone(),
            placements: explored.placements(),
            complete: explored.is_complete(),
            promises,
            table: explored.table(),
        })
    }
}
