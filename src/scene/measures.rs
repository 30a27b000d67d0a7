//! What is shown large? The measure that a scenario is about, in the words of the scenario.

use super::names;
use crate::check::measures::{Measure, Measures};
use crate::scenario::Scenario;
use crate::sim::time::Span;
use crate::words::measures as say;

/// A measure, to be read from the back of a room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Large {
    /// What it is: `all done after`.
    pub label: String,
    /// How much it is: `4.9 s`.
    pub value: String,
    /// What else there is to know: `promised: 8 s`.
    pub detail: String,
    /// Whether it is worse than promised.
    pub bad: bool,
}

/// A span as people say it: `0.74 s`, `12.3 s`.
pub fn seconds(span: Span) -> String {
    let hundredths = (span.0 + 5_000) / 10_000;
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => format!("{whole} s"),
        (whole, rest) if whole > 9 || rest.is_multiple_of(10) => format!("{whole}.{} s", rest / 10),
        (whole, rest) => format!("{whole}.{rest:02} s"),
    }
}

/// What the scenario shows large, by what was measured so far; none if it shows nothing.
pub fn large(scenario: &Scenario, measures: &Measures) -> Option<Large> {
    let bounds = scenario.setup.bounds;
    let nouns = names::plural(scenario.setup.noun());
    let promised = |bound: Option<Span>| bound.map_or(String::new(), |bound| say::promised(&seconds(bound)));
    let over =
        |span: Option<Span>, bound: Option<Span>| span.zip(bound).is_some_and(|(span, bound)| span > bound);
    let told = |span: Option<Span>| span.map_or(say::NONE_YET.to_owned(), seconds);
    Some(match scenario.measure? {
        Measure::Makespan => Large {
            label: say::LAST_EFFECT_AFTER.to_owned(),
            value: told(measures.makespan()),
            detail: promised(bounds.done),
            bad: over(measures.makespan(), bounds.done),
        },
        Measure::AnswerTime => {
            let worst = measures.answer_time(100);
            let slowest = worst.map_or(String::new(), |worst| say::the_slowest(&seconds(worst)));
            Large {
                label: say::AN_ANSWER_TAKES.to_owned(),
                value: told(measures.answer_time(50)),
                detail: format!("{slowest}{}", promised(bounds.answer)),
                bad: over(worst, bounds.answer),
            }
        }
        Measure::FailedRequests => {
            let failed = measures.failed();
            let between =
                measures.failed_between().map_or(String::new(), |(first, last)| match first == last {
                    true => say::at(&seconds(Span(first.0))),
                    false => say::from_to(&seconds(Span(first.0)), &seconds(Span(last.0))),
                });
            Large {
                label: say::that_failed(&nouns),
                value: failed.to_string(),
                detail: say::of_answered(failed + measures.answered(), &between),
                bad: failed > 0,
            }
        }
        Measure::Backlog => Large {
            label: say::waiting_at_most(&nouns),
            value: measures.deepest().to_string(),
            detail: say::waiting_now(measures.gauges().waiting(), &seconds(measures.oldest())),
            bad: false,
        },
    })
}
