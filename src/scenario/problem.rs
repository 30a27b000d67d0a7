//! What is wrong with a file, and where? Problems are values; all of them are collected, not only the first.

use std::fmt;
use std::ops::Range;

/// One thing that is wrong with a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: u32,
    /// The character in the line, counted from 1.
    pub column: u32,
    /// A sentence that names what is at fault and, where there is one, the remedy.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.what)
    }
}

/// A value with its place in the file: a range of bytes.
#[derive(Clone, PartialEq, Debug)]
pub struct At<T> {
    /// What is written there.
    pub value: T,
    /// Where.
    pub at: Range<usize>,
}

/// The problems found in a text so far.
#[derive(Debug)]
pub struct Problems<'t> {
    text: &'t str,
    found: Vec<Problem>,
}

/// The most problems that are told: more help nobody.
pub const MOST_PROBLEMS: usize = 100;

impl<'t> Problems<'t> {
    /// None yet.
    pub fn new(text: &'t str) -> Problems<'t> {
        Problems { text, found: Vec::new() }
    }

    /// Adds one at that byte of the text, unless there are more than enough.
    pub fn add(&mut self, at: usize, what: impl Into<String>) {
        if self.is_full() {
            return;
        }
        let (line, column) = self.place(at);
        self.found.push(Problem { line, column, what: what.into() });
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether there are more than enough.
    pub fn is_full(&self) -> bool {
        self.found.len() >= MOST_PROBLEMS
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// All, in the order of the text.
    pub fn into_found(mut self) -> Vec<Problem> {
        self.found.sort();
        self.found.dedup();
        self.found
    }

    /// Line and column of a byte, both counted from 1; the column in characters.
    pub fn place(&self, at: usize) -> (u32, u32) {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        // The bytes that begin a character.
        let column = before[start..].iter().filter(|&&byte| byte & 0xC0 != 0x80).count() + 1;
        (line as u32, column as u32)
    }

    /// The byte of the file that is byte `offset` of a text value. Where the value is written with escapes,
    /// the two don't run in step, and the start of the value is as near as it gets.
    pub fn inside(&self, value: &At<String>, offset: usize) -> usize {
        let raw = self.text.get(value.at.clone()).unwrap_or_default();
        let inner = raw.get(1..raw.len().saturating_sub(1));
        if inner == Some(value.value.as_str()) { value.at.start + 1 + offset } else { value.at.start }
    }
}

/// Quotes what a person wrote, cut short where it is long.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut shown: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Names in a row, cut short where they are many: `mail, stock`.
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 20;
    let mut text = String::new();
    for (place, name) in names.into_iter().enumerate() {
        if place == MOST {
            text.push_str(", …");
            break;
        }
        if place > 0 {
            text.push_str(", ");
        }
        text.push_str(name);
    }
    if text.is_empty() { "none".to_owned() } else { text }
}
