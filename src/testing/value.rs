//! How is a value written in a scenario file? The forms of TOML, and of the spans of time in it.

use crate::broker::setup::{Inbox, Reading, SentRows};
use crate::scenario::file::{INBOXES, READING};
pub(super) use crate::scenario::write::toml_text as text;
use crate::sim::time::Span;
use std::fmt::Write;
use std::ops::RangeInclusive;
use std::time::Duration;

/// So many milliseconds of virtual time.
pub const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// So many seconds of virtual time.
pub const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A time that differs from one occasion to the next: `ms(250)`, always the same, or `ms(250)..=ms(400)`.
#[derive(Clone, Debug)]
pub struct Spread(RangeInclusive<Duration>);

impl From<Duration> for Spread {
    fn from(always: Duration) -> Spread {
        Spread(always..=always)
    }
}

impl From<RangeInclusive<Duration>> for Spread {
    fn from(range: RangeInclusive<Duration>) -> Spread {
        Spread(range)
    }
}

/// A table of the file: keys with their values, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Table(Vec<(&'static str, String)>);

impl Table {
    /// With these keys, each once.
    pub(super) fn of<const N: usize>(entries: [(&'static str, String); N]) -> Table {
        Table(entries.into())
    }

    /// Sets a key; what was said of it before is forgotten.
    pub(super) fn set(&mut self, key: &'static str, value: String) {
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    /// Puts another one into the list or the inline table under the key.
    pub(super) fn push(&mut self, key: &'static str, value: &str, brackets: [char; 2]) {
        let old = self.0.iter().find(|(known, _)| *known == key);
        let inner = old.and_then(|(_, old)| old.strip_prefix(brackets[0])?.strip_suffix(brackets[1]));
        let inner = inner.map_or(String::new(), |inner| format!("{inner}, "));
        self.set(key, format!("{}{inner}{value}{}", brackets[0], brackets[1]));
    }

    /// A key with its value for each line.
    pub(super) fn lines(&self) -> String {
        let mut text = String::new();
        for (key, value) in &self.0 {
            let _ = writeln!(text, "{key} = {value}");
        }
        text
    }

    /// All in one line: `{ name = "order placed", to = "mails" }`.
    pub(super) fn inline(&self) -> String {
        let entries: Vec<String> = self.0.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        format!("{{ {} }}", entries.join(", "))
    }

    #[cfg(test)]
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().map(|(key, _)| *key)
    }
}

/// A list of texts.
pub(super) fn texts<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> String {
    let values: Vec<String> = values.into_iter().map(|value| text(value.as_ref())).collect();
    format!("[{}]", values.join(", "))
}

/// In microseconds, rounded down; what is beyond all bounds is the longest there is.
pub(super) fn span_of(time: Duration) -> Span {
    Span(u64::try_from(time.as_micros()).unwrap_or(u64::MAX))
}

fn written(value: Duration) -> String {
    match u64::try_from(value.as_micros()) {
        Ok(micros) if value.subsec_nanos().is_multiple_of(1_000) => Span(micros).to_string(),
        // There is no such unit: whoever reads it says what a span looks like.
        _ => format!("{}ns", value.as_nanos()),
    }
}

/// A span of time.
pub(super) fn span(value: Duration) -> String {
    text(&written(value))
}

/// A span of time, or the word for none.
pub(super) fn span_or(value: Option<Duration>, word: &str) -> String {
    value.map_or_else(|| text(word), span)
}

/// A span of time, or a range.
pub(super) fn spread(Spread(range): Spread) -> String {
    match (written(*range.start()), written(*range.end())) {
        (min, max) if min == max => text(&min),
        (min, max) => text(&format!("{min}..{max}")),
    }
}

/// One of some words; an empty one, which nobody reads, for what has none.
pub(super) fn word<T: PartialEq>(words: &[(&str, T)], value: &T) -> String {
    text(words.iter().find(|(_, meaning)| meaning == value).map_or("", |(word, _)| word))
}

/// How a relay reads; how long it waits at a gap is a key of its own.
pub(super) fn reading(value: Reading) -> String {
    match value {
        Reading::GapWait(_) => text("gap-wait"),
        other => word(READING, &other),
    }
}

/// What a consumer keeps in its inbox.
pub(super) fn inbox(value: Inbox) -> String {
    match value {
        Inbox::None => "false".to_owned(),
        Inbox::Ids => "true".to_owned(),
        other => word(INBOXES, &other),
    }
}

/// What becomes of rows that are sent.
pub(super) fn sent_rows(value: SentRows) -> String {
    match value {
        SentRows::Keep => text("keep"),
        SentRows::Delete => text("delete"),
        SentRows::DeleteAfter(span) => text(&span.to_string()),
    }
}
