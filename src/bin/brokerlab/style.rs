//! How does a line look? Colour where a person reads it, and lines broken where they are too long.

use std::io::IsTerminal;

/// The widest line of a text.
const WIDTH: usize = 100;

/// Whether and how to colour.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    colour: bool,
}

impl Style {
    /// Colour only on a terminal, and not where `NO_COLOR` is set.
    pub fn of_stdout() -> Style {
        let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Style { colour: std::io::stdout().is_terminal() && !forbidden }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// A heading.
    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// What stands behind.
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// A step forward, a promise kept.
    pub fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// Something failed.
    pub fn trouble(self, text: &str) -> String {
        self.paint("33", text)
    }

    /// A promise broken.
    pub fn broken(self, text: &str) -> String {
        self.paint("1;31", text)
    }
}

/// The text broken into lines of at most [`WIDTH`] characters, each behind `indent` blanks that the first
/// has already.
pub fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let room = WIDTH.saturating_sub(indent).max(20);
    let mut lines = vec![String::new()];
    let mut length = 0;
    for word in text.split_whitespace() {
        let letters = word.chars().count();
        if length > 0 && length + 1 + letters > room {
            lines.push(String::new());
            length = 0;
        }
        if let Some(line) = lines.last_mut() {
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += letters;
        }
    }
    lines
}
