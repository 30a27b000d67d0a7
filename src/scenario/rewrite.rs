//! How does a file say another thing? A scenario file with other faults, promises and fewer units of work; whatever
//! else stands in it, comments among it, stays as it is.

use super::words::seed_words;
use std::fmt::Write;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What the file is to say.
#[derive(Clone, Debug)]
pub struct Other<'o> {
    /// The seed.
    pub seed: u64,
    /// All its faults, in the fault grammar.
    pub faults: &'o [String],
    /// The most units of work a service takes in.
    pub orders: u32,
    /// The promises that are kept.
    pub keeps: &'o [&'static str],
    /// Those that are broken.
    pub breaks: &'o [&'static str],
    /// The facts that are reached.
    pub reaches: &'o [&'static str],
}

/// Keys that tell of another scenario, or are written anew.
const GONE: [&str; 5] = ["part", "counterpart", "measure", "seed", "faults"];
const LISTS: [&str; 3] = ["keeps", "breaks", "reaches"];

/// The text of a scenario file that says this. None if it is no such file, or written so unusually that this cannot be
/// done (promises in one line, say): whoever asks should read it back.
pub fn rewrite(text: &str, other: &Other<'_>) -> Option<String> {
    let document = DeTable::parse(text).ok()?;
    let root = document.get_ref();
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let title = line_of(text, &entry(root, "title")?);
    let mut head = String::new();
    let seed = seed_words(other.seed).unwrap_or_else(|| other.seed.to_string());
    let _ = writeln!(head, "seed = {seed:?}\nfaults = {:?}", other.faults);
    edits.push((title.end..title.end, head));
    GONE.iter()
        .filter_map(|key| entry(root, key))
        .for_each(|at| edits.push((line_of(text, &at), String::new())));
    let mut lists = String::new();
    for (key, names) in LISTS.iter().zip([other.keeps, other.breaks, other.reaches]) {
        if !names.is_empty() {
            let _ = writeln!(lists, "{key} = {names:?}");
        }
    }
    match root.get("promises").map(Spanned::get_ref) {
        Some(DeValue::Table(promises)) => {
            let old: Vec<_> = LISTS.iter().filter_map(|key| entry(promises, key)).collect();
            let first = old.iter().map(|at| line_of(text, at).start).min()?;
            old.iter().for_each(|at| edits.push((line_of(text, at), String::new())));
            edits.push((first..first, lists));
        }
        Some(_) => return None,
        None => edits.push((text.len()..text.len(), format!("\n[promises]\n{lists}"))),
    }
    if let Some(DeValue::Array(services)) = root.get("service").map(Spanned::get_ref) {
        for service in services.iter() {
            let DeValue::Table(service) = service.get_ref() else { return None };
            match service.get("orders") {
                Some(orders) => {
                    let count = text.get(orders.span())?.replace('_', "").parse::<u32>().ok()?;
                    edits.push((orders.span(), count.min(other.orders).to_string()));
                }
                None => {
                    let name = line_of(text, &entry(service, "name")?);
                    edits.push((name.end..name.end, format!("orders = {}\n", other.orders)));
                }
            }
        }
    }
    // From the end, so that places before stay where they are; what is taken out at a place goes before what comes in.
    edits.sort_by_key(|(at, new)| (at.start, new.is_empty()));
    let mut written = text.to_owned();
    for (at, new) in edits.into_iter().rev() {
        written.get(at.clone())?;
        written.replace_range(at, &new);
    }
    Some(written)
}

/// Where a key stands with its value.
fn entry(table: &DeTable<'_>, name: &str) -> Option<Range<usize>> {
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
    Some(key.span().start..value.span().end)
}

/// The lines on which that stands, whole.
fn line_of(text: &str, at: &Range<usize>) -> Range<usize> {
    let start = text.get(..at.start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let end =
        text.get(at.end..).and_then(|after| after.find('\n')).map_or(text.len(), |end| at.end + end + 1);
    start..end
}
