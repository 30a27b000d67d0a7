//! What does a lesson say, and what a card? Their texts, every name in them looked up.

use super::condition::Condition;
use super::question::About;
use super::show::Show;
use serde::{Deserialize, Serialize};

/// The lesson of one scenario.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Lesson {
    /// The scenario's name in the catalogue.
    pub scenario: String,
    /// Two to five sentences: the situation, what goes wrong or right, and why.
    pub says: Vec<String>,
    /// What to watch, in a sentence.
    pub watch: String,
    /// What is asked before the run plays.
    pub predict: Option<Predict>,
    /// What to try.
    pub tasks: Vec<Task>,
    /// What to remember, in a sentence.
    pub remember: String,
    /// Where it can be read up.
    pub sources: Vec<Source>,
}

/// What is asked before a run plays. The answer is computed by running (`question.rs`).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Predict {
    /// The question.
    pub ask: String,
    /// What it is about.
    pub about: About,
}

/// A small task, ticked off by what really happens in the run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Task {
    /// What to do.
    pub task: String,
    /// What then holds, all of it.
    pub done: Vec<Condition>,
    /// One way to do it.
    pub how: How,
}

/// One way to do a task.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct How {
    /// Faults laid down at the start, in the words of the fault grammar.
    pub faults: Vec<String>,
    /// Another seed.
    pub seed: Option<u64>,
    /// Whether the counterpart stands beside.
    pub beside: bool,
}

/// A page to read.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Source {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// An interview card.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Card {
    /// Its number, from 1 without a gap.
    pub number: u32,
    /// The heading it belongs under.
    pub topic: String,
    /// The question.
    pub question: String,
    /// A short answer.
    pub answer: String,
    /// What may be asked next.
    pub follow_ups: Vec<String>,
    /// The experiment that shows it.
    pub show: Show,
    /// What the experiment shows instead, where the subject itself is not simulated.
    pub note: Option<String>,
}
