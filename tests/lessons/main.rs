//! Do the lessons and the cards keep their word? Every name exists, every task can be done and is not done before,
//! every question has its answer, and nothing is longer than a screen. Native only: it reads the files.
#![cfg(not(target_arch = "wasm32"))]

mod cards;
mod questions;
mod tasks;
mod texts;

use brokerlab::lesson::{Card, Lesson, read};
use std::fs;
use std::path::Path;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons/en")
}

/// Every lesson there is, by name.
fn lessons() -> Vec<Lesson> {
    let mut lessons = Vec::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if name != "cards" {
            let text = fs::read_to_string(&path).unwrap();
            lessons.push(
                read::lesson(&name, &text).unwrap_or_else(|what| panic!("lessons/en/{name}.toml: {what}")),
            );
        }
    }
    lessons.sort_by(|one, other| one.scenario.cmp(&other.scenario));
    assert!(!lessons.is_empty());
    lessons
}

fn cards() -> Vec<Card> {
    let text = fs::read_to_string(folder().join("cards.toml")).unwrap();
    read::cards(&text).unwrap_or_else(|what| panic!("lessons/en/cards.toml: {what}"))
}

/// How many sentences a text has: each ends with a mark, before a space or at the end.
fn sentences(text: &str) -> usize {
    let ends = text.char_indices().filter(|(_, letter)| matches!(letter, '.' | '?' | '!'));
    ends.filter(|(at, _)| text[at + 1..].is_empty() || text[at + 1..].starts_with(' ')).count()
}

/// Every text must be Latin letters and plain marks: the page brings no font along.
fn assert_plain(text: &str, place: &str) {
    let strange: Vec<char> =
        text.chars().filter(|letter| !letter.is_ascii() && !"“”’é×".contains(*letter)).collect();
    assert!(strange.is_empty(), "{place}: {strange:?} in `{text}`");
    assert!(text.trim() == text && !text.contains("  "), "{place}: a space too many in `{text}`");
}
