//! What do the text files of the lessons mean? TOML, every name looked up at once, so that the page needs no reader.

use super::condition::Condition;
use super::count::Count;
use super::question::About;
use super::show::{Place, Show};
use super::text::{Card, How, Lesson, Predict, Source, Task};
use crate::check::promise::{Promise, When};
use crate::scenario::nearest::unknown;
use crate::scenario::words::parse_seed;
use crate::sim::time::Span;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LessonFile {
    says: Vec<String>,
    watch: String,
    remember: String,
    sources: Vec<Source>,
    predict: Option<PredictEntry>,
    #[serde(rename = "try", default)]
    tasks: Vec<TaskEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PredictEntry {
    ask: String,
    about: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskEntry {
    task: String,
    done: Vec<String>,
    how: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardFile {
    card: Vec<CardEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CardEntry {
    number: u32,
    topic: String,
    question: String,
    answer: String,
    follow_ups: Vec<String>,
    show: ShowEntry,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShowEntry {
    scenario: String,
    moment: String,
    #[serde(default)]
    faults: Vec<String>,
    seed: Option<String>,
    #[serde(default)]
    beside: bool,
}

/// Reads the lesson of that scenario.
///
/// # Errors
/// A sentence on what is wrong, with its place where there is one.
pub fn lesson(scenario: &str, text: &str) -> Result<Lesson, String> {
    let file: LessonFile = toml::from_str(text).map_err(|error| error.to_string())?;
    let task = |entry: TaskEntry| -> Result<Task, String> {
        let done: Result<Vec<Condition>, String> = entry.done.iter().map(|words| condition(words)).collect();
        let wrong = |what| format!("the task `{}`: {what}", entry.task);
        Ok(Task { done: done.map_err(wrong)?, how: how(&entry.how).map_err(wrong)?, task: entry.task })
    };
    let predict =
        |entry: PredictEntry| Ok::<_, String>(Predict { about: about(&entry.about)?, ask: entry.ask });
    Ok(Lesson {
        scenario: scenario.to_owned(),
        says: file.says,
        watch: file.watch,
        predict: file.predict.map(predict).transpose()?,
        tasks: file.tasks.into_iter().map(task).collect::<Result<_, _>>()?,
        remember: file.remember,
        sources: file.sources,
    })
}

/// Reads the interview cards.
///
/// # Errors
/// A sentence on what is wrong, with its place where there is one.
pub fn cards(text: &str) -> Result<Vec<Card>, String> {
    let file: CardFile = toml::from_str(text).map_err(|error| error.to_string())?;
    let card = |entry: CardEntry| -> Result<Card, String> {
        let show = entry.show;
        let wrong = |what| format!("card {}: {what}", entry.number);
        let seed = show.seed.as_deref().map(parse_seed).transpose().map_err(wrong)?;
        Ok(Card {
            number: entry.number,
            topic: entry.topic,
            question: entry.question,
            answer: entry.answer,
            follow_ups: entry.follow_ups,
            show: Show {
                scenario: show.scenario,
                moment: place(&show.moment).map_err(wrong)?,
                how: How { faults: show.faults, seed, beside: show.beside },
            },
            note: entry.note,
        })
    };
    file.card.into_iter().map(card).collect()
}

/// `verdict`, or the name of a count.
fn about(word: &str) -> Result<About, String> {
    if word == "verdict" { Ok(About::Verdict) } else { count(word).map(About::Number) }
}

fn count(word: &str) -> Result<Count, String> {
    let names: Vec<&str> = Count::ALL.iter().map(|count| count.name()).collect();
    let found = Count::ALL.into_iter().find(|count| count.name() == word);
    found.ok_or_else(|| unknown("count", word, "counts", &names))
}

fn promise(word: &str, fact: bool) -> Result<Promise, String> {
    let known = Promise::ALL.iter().filter(|promise| (promise.when() == When::Sometimes) == fact);
    let names: Vec<&str> = known.map(|promise| promise.name()).collect();
    let (what, many) = if fact { ("fact", "facts") } else { ("promise", "promises") };
    let found = Promise::of(word).filter(|promise| names.contains(&promise.name()));
    found.ok_or_else(|| unknown(what, word, many, &names))
}

/// `by-hand`, `beside`, `seed`, a fact, `keeps PROMISE`, `breaks PROMISE`, `COUNT > N` or `COUNT = N`.
fn condition(words: &str) -> Result<Condition, String> {
    let parts: Vec<&str> = words.split_whitespace().collect();
    let number =
        |word: &str| word.parse::<u32>().map_err(|_| format!("`{word}` in `{words}` is not a number"));
    Ok(match parts.as_slice() {
        ["by-hand"] => Condition::ByHand,
        ["beside"] => Condition::Beside,
        ["seed"] => Condition::OtherSeed,
        ["keeps", name] => Condition::Kept(promise(name, false)?),
        ["breaks", name] => Condition::Broken(promise(name, false)?),
        [name, ">", than] => Condition::More(count(name)?, number(than)?),
        [name, "=", exactly] => Condition::Exactly(count(name)?, number(exactly)?),
        [fact] => Condition::Reached(promise(fact, true)?),
        _ => {
            return Err(format!(
                "`{words}` is no condition; it is `by-hand`, `beside`, `seed`, a fact, `keeps PROMISE`, \
                 `breaks PROMISE`, `COUNT > N` or `COUNT = N`"
            ));
        }
    })
}

/// Faults, `beside`, and `seed SEED`.
fn how(words: &[String]) -> Result<How, String> {
    let mut how = How::default();
    for spec in words {
        match spec.strip_prefix("seed ") {
            Some(seed) => how.seed = Some(parse_seed(seed)?),
            None if spec == "beside" => how.beside = true,
            None => how.faults.push(spec.clone()),
        }
    }
    Ok(how)
}

/// `start`, `end`, a span, `breaks PROMISE` or `reaches FACT`.
fn place(words: &str) -> Result<Place, String> {
    let parts: Vec<&str> = words.split_whitespace().collect();
    Ok(match parts.as_slice() {
        ["start"] => Place::Start,
        ["end"] => Place::End,
        ["breaks", name] => Place::When(promise(name, false)?),
        ["reaches", name] => Place::When(promise(name, true)?),
        [span] => Place::After(Span::parse(span)?),
        _ => {
            return Err(format!(
                "`{words}` is no moment; it is `start`, `end`, a span like `2.5s`, `breaks PROMISE` or `reaches FACT`"
            ));
        }
    })
}
