//! How is a scenario said in few words? The text of a file that reads as that scenario and has nothing in it that
//! goes without saying: what a link carries.

use super::ready::Scenario;
use super::write::{toml_text as quote, write_fault};
use crate::sim::time::Span;
use std::fmt::Write;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// More entries than that are not tried one by one for whether they are needed.
const MOST_TRIED: usize = 300;

/// The text of a file that says what `scenario` is, but for its seed and its group. `text` is the file it was made
/// of: other faults, another end, other promises and other numbers of units of work may have come since. None where
/// more than that has changed.
pub fn compact(text: &str, scenario: &Scenario) -> Option<String> {
    let document = DeTable::parse(text).ok()?;
    let mut tree = table(text, document.get_ref())?;
    change(&mut tree, scenario)?;
    let says = |tree: &Node| {
        let read = Scenario::read(&scenario.id, &tree.file());
        read.is_ok_and(|read| {
            Scenario { seed: scenario.seed, group: scenario.group.clone(), ..read } == *scenario
        })
    };
    if !says(&tree) {
        return None;
    }
    let mut paths = Vec::new();
    tree.paths(&mut Vec::new(), &mut paths);
    if paths.len() <= MOST_TRIED {
        // From the end, so that the other paths stay what they are.
        for path in paths.iter().rev() {
            let mut less = tree.clone();
            less.remove(path);
            if says(&less) {
                tree = less;
            }
        }
    }
    Some(tree.file())
}

/// A value of the file, without its place.
#[derive(Clone)]
enum Node {
    Table(Vec<(String, Node)>),
    List(Vec<Node>),
    /// As it is written.
    Plain(String),
}

fn table(text: &str, table: &DeTable<'_>) -> Option<Node> {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let key: &std::borrow::Cow<'_, str> = key.get_ref();
        Some((key.to_string(), node(text, value)?))
    };
    table.iter().map(entry).collect::<Option<_>>().map(Node::Table)
}

fn node(text: &str, value: &Spanned<DeValue<'_>>) -> Option<Node> {
    match value.get_ref() {
        DeValue::Table(inner) => table(text, inner),
        DeValue::Array(list) => list.iter().map(|one| node(text, one)).collect::<Option<_>>().map(Node::List),
        // However it was written, on one line.
        DeValue::String(said) => Some(Node::Plain(quote(said))),
        _ => text.get(value.span()).map(|written| Node::Plain(written.to_owned())),
    }
}

/// What may have changed since the file was read.
fn change(tree: &mut Node, scenario: &Scenario) -> Option<()> {
    let cast = scenario.setup.cast();
    let faults = scenario.setup.faults.iter().map(|fault| Node::Plain(quote(&write_fault(fault, &cast))));
    tree.set("faults", Node::List(faults.collect()))?;
    tree.set("until", Node::Plain(quote(&Span(scenario.setup.limit.0).to_string())))?;
    let mut promises = tree.take("promises").unwrap_or(Node::Table(Vec::new()));
    for (key, list) in
        [("keeps", &scenario.keeps), ("breaks", &scenario.breaks), ("reaches", &scenario.reaches)]
    {
        let names = list.iter().map(|promise| Node::Plain(quote(promise.name())));
        promises.set(key, Node::List(names.collect()))?;
    }
    tree.set("promises", promises)?;
    if let Some(Node::List(mut services)) = tree.take("service") {
        for (service, built) in services.iter_mut().zip(&scenario.setup.services) {
            service.set("orders", Node::Plain(built.count.to_string()))?;
        }
        tree.set("service", Node::List(services))?;
    }
    Some(())
}

impl Node {
    fn take(&mut self, key: &str) -> Option<Node> {
        let Node::Table(entries) = self else { return None };
        let at = entries.iter().position(|(name, _)| name == key)?;
        Some(entries.remove(at).1)
    }

    /// Sets what stands under that key; the keys stay in the order of the alphabet. None if this is no table.
    fn set(&mut self, key: &str, value: Node) -> Option<()> {
        self.take(key);
        let Node::Table(entries) = self else { return None };
        let at = entries.partition_point(|(name, _)| name.as_str() < key);
        entries.insert(at, (key.to_owned(), value));
        Some(())
    }

    /// The ways to all entries of tables, each by its places.
    fn paths(&self, here: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
        let nodes: Vec<&Node> = match self {
            Node::Table(entries) => entries.iter().map(|(_, node)| node).collect(),
            Node::List(list) => list.iter().collect(),
            Node::Plain(_) => return,
        };
        for (place, node) in nodes.into_iter().enumerate() {
            here.push(place);
            if matches!(self, Node::Table(_)) {
                all.push(here.clone());
            }
            node.paths(here, all);
            here.pop();
        }
    }

    fn remove(&mut self, path: &[usize]) {
        match (self, path) {
            (Node::Table(entries), &[place]) if place < entries.len() => {
                entries.remove(place);
            }
            (Node::Table(entries), [place, rest @ ..]) => {
                if let Some((_, node)) = entries.get_mut(*place) {
                    node.remove(rest);
                }
            }
            (Node::List(list), [place, rest @ ..]) => {
                if let Some(node) = list.get_mut(*place) {
                    node.remove(rest);
                }
            }
            _ => {}
        }
    }

    /// As a whole file.
    fn file(&self) -> String {
        let Node::Table(entries) = self else { return String::new() };
        let mut text = String::new();
        let is_tables = |list: &[Node]| list.iter().all(|one| matches!(one, Node::Table(_)));
        let tables = |node: &Node| match node {
            Node::Table(_) => true,
            Node::List(list) => !list.is_empty() && is_tables(list),
            Node::Plain(_) => false,
        };
        for (key, node) in entries.iter().filter(|(_, node)| !tables(node)) {
            let _ = writeln!(text, "{}={}", bare(key), node.inline());
        }
        for (key, node) in entries.iter().filter(|(_, node)| tables(node)) {
            let (open, close, list) = match node {
                Node::List(list) => ("[[", "]]", list.as_slice()),
                one => ("[", "]", std::slice::from_ref(one)),
            };
            for one in list {
                let _ = writeln!(text, "{open}{}{close}", bare(key));
                if let Node::Table(entries) = one {
                    for (key, node) in entries {
                        let _ = writeln!(text, "{}={}", bare(key), node.inline());
                    }
                }
            }
        }
        text
    }

    /// On one line.
    fn inline(&self) -> String {
        match self {
            Node::Plain(written) => written.clone(),
            Node::List(list) => {
                let list: Vec<String> = list.iter().map(Node::inline).collect();
                format!("[{}]", list.join(","))
            }
            Node::Table(entries) => {
                let entry = |(key, node): &(String, Node)| format!("{}={}", bare(key), node.inline());
                let entries: Vec<String> = entries.iter().map(entry).collect();
                format!("{{{}}}", entries.join(","))
            }
        }
    }
}

/// A key, in quotes where it needs them.
fn bare(key: &str) -> String {
    let plain = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'-' || letter == b'_';
    if !key.is_empty() && key.bytes().all(plain) { key.to_owned() } else { quote(key) }
}
