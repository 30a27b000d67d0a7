//! What is written under this key? Tables of a TOML file read key by key, so that every problem is found, with
//! its place, and not only the first.

use super::nearest::unknown;
use super::problem::{At, Problems, quoted};
use crate::sim::chance::SpanRange;
use crate::sim::time::Span;
use std::ops::{Range, RangeInclusive};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One table of the file.
pub struct Section<'f, 'i> {
    what: &'static str,
    table: &'f DeTable<'i>,
    at: Range<usize>,
}

impl<'f, 'i> Section<'f, 'i> {
    /// The table, called `what`; keys that are not among `keys` are problems.
    pub fn open(
        what: &'static str,
        keys: &[&str],
        table: &'f DeTable<'i>,
        at: Range<usize>,
        problems: &mut Problems<'_>,
    ) -> Section<'f, 'i> {
        for (key, _) in table.iter() {
            let name: &str = key.get_ref();
            if !keys.contains(&name) && !problems.is_full() {
                let plural = format!("keys of {what}");
                problems.add(key.span().start, unknown("key", name, &plural, keys));
            }
        }
        Section { what, table, at }
    }

    /// The name of a party; an empty one stands for one that is missing and was reported.
    pub fn name(&self, key: &str, problems: &mut Problems<'_>) -> At<String> {
        let nothing = At { value: String::new(), at: self.at() };
        self.required(key, problems, text).unwrap_or(nothing)
    }

    /// Where the table stands.
    pub fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    fn get(&self, key: &str) -> Option<&'f Spanned<DeValue<'i>>> {
        self.table.get(key)
    }

    /// What `read` makes of the value; none if it is not there or (then it is a problem) not right.
    pub fn optional<T>(
        &self,
        key: &str,
        problems: &mut Problems<'_>,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<At<T>> {
        let value = self.get(key)?;
        match read(value.get_ref()) {
            Ok(read) => Some(At { value: read, at: value.span() }),
            Err(what) => {
                problems.add(value.span().start, format!("`{key}` {what}"));
                None
            }
        }
    }

    /// The same; that it is not there is a problem too.
    pub fn required<T>(
        &self,
        key: &str,
        problems: &mut Problems<'_>,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<At<T>> {
        if self.get(key).is_none() {
            problems.add(self.at.start, format!("{} has no `{key}`", self.what));
        }
        self.optional(key, problems, read)
    }

    /// The value under the key, or the default.
    pub fn or<T>(
        &self,
        key: &str,
        default: T,
        problems: &mut Problems<'_>,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> T {
        self.optional(key, problems, read).map_or(default, |found| found.value)
    }

    /// The texts of a list; an empty one where the key is not there.
    pub fn texts(&self, key: &str, problems: &mut Problems<'_>) -> Vec<At<String>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            let is = kind(value.get_ref());
            problems.add(
                value.span().start,
                format!("`{key}` must be a list of texts like [\"…\", \"…\"], not {is}"),
            );
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in list.iter() {
            match text(item.get_ref()) {
                Ok(value) => texts.push(At { value, at: item.span() }),
                Err(what) => problems.add(item.span().start, format!("one of `{key}` {what}")),
            }
        }
        texts
    }

    /// The table under the key.
    pub fn table(
        &self,
        key: &str,
        what: &'static str,
        keys: &[&str],
        problems: &mut Problems<'_>,
    ) -> Option<Section<'f, 'i>> {
        let value = self.get(key)?;
        match value.get_ref().as_table() {
            Some(table) => Some(Section::open(what, keys, table, value.span(), problems)),
            None => {
                let is = kind(value.get_ref());
                let how = match what {
                    "a retry" => {
                        "a table like { attempts = 3, wait = \"exponential\", base = \"500ms\" }".to_owned()
                    }
                    _ => format!("a table that begins with [{key}]"),
                };
                problems.add(value.span().start, format!("`{key}` must be {how}, not {is}"));
                None
            }
        }
    }

    /// The tables under the key: `[[key]]` each, or `{ … }` in a list.
    pub fn tables(
        &self,
        key: &str,
        what: &'static str,
        keys: &[&str],
        problems: &mut Problems<'_>,
    ) -> Vec<Section<'f, 'i>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            let is = kind(value.get_ref());
            let how = match what {
                "a message" => "a list like [{ name = \"order placed\", to = \"mails\" }]".to_owned(),
                _ => format!("tables that begin with [[{key}]] (two brackets) each"),
            };
            problems.add(value.span().start, format!("`{key}` must be {how}, not {is}"));
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in list.iter() {
            match item.get_ref().as_table() {
                Some(table) => sections.push(Section::open(what, keys, table, item.span(), problems)),
                None => {
                    let is = kind(item.get_ref());
                    problems.add(item.span().start, format!("one of `{key}` must be a table, not {is}"));
                }
            }
        }
        sections
    }
}

/// What kind of value it is, with its article.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A text, not empty.
pub fn text(value: &DeValue<'_>) -> Result<String, String> {
    match value.as_str() {
        Some(text) if text.trim().is_empty() => Err("is empty".to_owned()),
        Some(text) => Ok(text.to_owned()),
        None => Err(format!("must be a text in quotes, not {}", kind(value))),
    }
}

/// `true` or `false`.
pub fn flag(value: &DeValue<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("must be true or false, not {}", kind(value)))
}

/// A whole number in a range.
pub fn whole(range: RangeInclusive<u64>) -> impl FnOnce(&DeValue<'_>) -> Result<u64, String> {
    move |value| {
        let must = format!("must be a whole number from {} to {}", range.start(), range.end());
        let Some(number) = value.as_integer() else {
            return Err(format!("{must}, not {}", kind(value)));
        };
        match u64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) if range.contains(&number) => Ok(number),
            _ => Err(format!("{must}; it is {}", number.as_str())),
        }
    }
}

/// One of some words.
pub fn one_of<T: Copy>(words: &[(&str, T)]) -> impl FnOnce(&DeValue<'_>) -> Result<T, String> {
    move |value| {
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let quotes = || names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" or ");
        let Some(word) = value.as_str() else {
            return Err(format!("must be {}, not {}", quotes(), kind(value)));
        };
        let found = words.iter().find(|(name, _)| *name == word);
        found.map(|(_, meaning)| *meaning).ok_or_else(|| {
            match super::nearest::nearest(word, names.iter().copied()) {
                Some(guess) => {
                    format!("is {}; did you mean \"{guess}\"? (it must be {})", quoted(word), quotes())
                }
                None => format!("is {}; it must be {}", quoted(word), quotes()),
            }
        })
    }
}

fn timed<'v>(value: &'v DeValue<'_>) -> Result<&'v str, String> {
    value
        .as_str()
        .ok_or_else(|| format!("must be a span of time in quotes like \"250ms\", not {}", kind(value)))
}

/// A span of at least `least`.
pub fn span(least: Span) -> impl FnOnce(&DeValue<'_>) -> Result<Span, String> {
    move |value| {
        let span = Span::parse(timed(value)?).map_err(|what| format!("is wrong: {what}"))?;
        if span < least { Err(format!("must be at least {least}; it is {span}")) } else { Ok(span) }
    }
}

/// A span of at most `most`.
pub fn span_up_to(most: Span) -> impl FnOnce(&DeValue<'_>) -> Result<Span, String> {
    move |value| {
        let read = span(Span::ZERO)(value)?;
        if read > most { Err(format!("must be at most {most}; it is {read}")) } else { Ok(read) }
    }
}

/// A span of at least a millisecond, or the word that says there is none.
pub fn span_or(word: &'static str) -> impl FnOnce(&DeValue<'_>) -> Result<Option<Span>, String> {
    move |value| match timed(value)? {
        written if written == word => Ok(None),
        _ => span(Span::from_millis(1))(value).map(Some).map_err(|what| format!("{what} (or \"{word}\")")),
    }
}

/// A span, or two with `..` between them, of at least `least`.
pub fn range(least: Span) -> impl FnOnce(&DeValue<'_>) -> Result<SpanRange, String> {
    move |value| {
        let written = timed(value)?;
        let (min, max) = written.split_once("..").unwrap_or((written, written));
        let one = |text: &str| Span::parse(text.trim()).map_err(|what| format!("is wrong: {what}"));
        let range = SpanRange { min: one(min)?, max: one(max)? };
        if range.min > range.max {
            return Err(format!("is a range that runs backwards; write {}..{}", range.max, range.min));
        }
        if range.min < least {
            return Err(format!("must be at least {least}; it is {}", range.min));
        }
        Ok(range)
    }
}

/// A seed: a number or three words.
pub fn seed(value: &DeValue<'_>) -> Result<u64, String> {
    match value {
        DeValue::Integer(_) => whole(0..=i64::MAX as u64)(value),
        DeValue::String(text) => super::words::parse_seed(text).map_err(|what| format!("is wrong: {what}")),
        _ => Err(format!("must be a number or three words like \"calm-amber-otter\", not {}", kind(value))),
    }
}
