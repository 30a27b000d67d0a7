//! Does the reference (`docs/scenarios.md`) say what the parser does?

use crate::check::promise::Promise;
use crate::fault::point::{PacketKind, Step};
use crate::scenario::file::{self, keys};
use crate::scenario::spec::{FAULT_VERBS, HAND_VERBS, parse_command, parse_fault, parse_operator};
use crate::scenario::steps::steps_of;
use crate::scenario::{Scenario, build, change, routes, words};

fn reference() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/scenarios.md");
    std::fs::read_to_string(path).expect("docs/scenarios.md can be read").replace("\r\n", "\n")
}

/// The fenced blocks of that kind.
fn blocks(text: &str, kind: &str) -> Vec<String> {
    let open = format!("\n```{kind}\n");
    text.split(&open).skip(1).filter_map(|rest| Some(rest.split_once("\n```")?.0.to_owned())).collect()
}

fn read(text: &str) -> Scenario {
    Scenario::read("docs", text).unwrap_or_else(|problems| panic!("{problems:?} in\n{text}"))
}

#[test]
fn every_name_stands_in_the_reference() {
    let text = reference();
    let has = |name: &str, what: &str| {
        let stands =
            ["`", "`\"", "[", "{ ", ", "].iter().any(|before| text.contains(&format!("{before}{name}")));
        assert!(stands, "the {what} {name} does not stand in docs/scenarios.md");
    };
    for (table, keys) in keys::ALL {
        for key in keys {
            has(key, &format!("key of {table}"));
        }
    }
    Step::ALL.iter().for_each(|step| has(step.name(), "step"));
    PacketKind::ALL.iter().for_each(|kind| has(kind.name(), "packet"));
    Promise::ALL.iter().for_each(|promise| has(promise.name(), "promise"));
    FAULT_VERBS.iter().for_each(|verb| has(verb, "verb"));
    let commands = ["commands", "operator", "letters"].map(|kind| blocks(&text, kind).concat()).concat();
    HAND_VERBS.iter().for_each(|verb| assert!(commands.contains(verb), "the verb {verb}"));
    file::PARTS.iter().for_each(|(word, _)| has(word, "part"));
    file::PUBLISHING.iter().for_each(|(word, _)| has(word, "way to publish"));
    file::SERIALIZATION.iter().for_each(|(word, _)| has(word, "way to serialize"));
    file::MARKING.iter().for_each(|(word, _)| has(word, "way to mark"));
    file::READING.iter().for_each(|(word, _)| has(word, "way to find rows"));
    file::LOCKING.iter().for_each(|(word, _)| has(word, "way to lock"));
    file::ON_FAILURE.iter().for_each(|(word, _)| has(word, "way on from a failed row"));
    file::ACK.iter().for_each(|(word, _)| has(word, "time to ack"));
    file::MODEL.iter().for_each(|(word, _)| has(word, "model of a queue"));
    file::INBOXES.iter().for_each(|(word, _)| has(word, "way to keep an inbox"));
    file::ON_SEND_FAILURE.iter().for_each(|(word, _)| has(word, "way out of a failure to send"));
    file::MEASURES.iter().for_each(|(word, _)| has(word, "measure"));
    file::WAIT.iter().for_each(|(word, _)| has(word, "wait"));
    file::JITTER.iter().for_each(|(word, _)| has(word, "jitter"));
    routes::KINDS.iter().for_each(|(word, _)| has(word, "kind of exchange"));
    routes::OVERFLOW.iter().for_each(|(word, _)| has(word, "overflow"));
    routes::MATCH.iter().for_each(|(word, _)| has(word, "match"));
    file::ON_ERROR.iter().for_each(|(word, _)| has(word, "way out of an error"));
}

#[test]
fn every_table_of_keys_is_complete_and_has_no_others() {
    let text = reference();
    for (table, keys) in keys::ALL {
        let heading = match table {
            "file" => "### The file\n".to_owned(),
            "promises" | "broker" => format!("### `[{table}]`\n"),
            "message" => continue,
            "retry" => format!("### `{table}`\n"),
            _ => format!("### `[[{table}]]`\n"),
        };
        let (_, section) = text.split_once(&heading).unwrap_or_else(|| panic!("no {heading}"));
        let section = section.split("\n#").next().unwrap_or_default();
        let mut documented: Vec<&str> =
            section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
        let tables = [
            "promises",
            "broker",
            "service",
            "relay",
            "topic",
            "subscription",
            "exchange",
            "binding",
            "queue",
            "consumer",
        ];
        if table == "file" {
            documented.extend(tables);
        }
        documented.sort_unstable();
        let mut known = keys.to_vec();
        known.sort_unstable();
        assert_eq!(documented, known, "{heading}");
    }
}

#[test]
fn every_example_is_read() {
    let text = reference();
    let examples = blocks(&text, "toml");
    assert!(examples.len() >= 2);
    let scenarios: Vec<Scenario> = examples.iter().map(|example| read(example)).collect();
    let world = &scenarios[1];
    let cast = world.setup.cast();
    let lines = |kind| blocks(&text, kind).concat().lines().map(str::to_owned).collect::<Vec<_>>();
    for act in lines("operator") {
        let read = |world: &Scenario| parse_command(&act, &world.setup.cast(), &world.setup).is_ok();
        assert!(scenarios.iter().any(read), "{act}");
    }
    let (faults, commands) = (lines("faults"), lines("commands"));
    for line in &faults {
        parse_fault(line, &cast, &world.setup).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
    for line in &commands {
        parse_command(line, &cast, &world.setup).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
    let parking = read(&examples[0].replace("publish  =", "on-failure = \"park\"\npublish ="));
    for line in &lines("letters") {
        parse_command(line, &parking.setup.cast(), &parking.setup)
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        parse_operator(&format!("{line} at 9s"), &parking.setup.cast(), &parking.setup)
            .unwrap_or_else(|error| panic!("{line}: {error}"));
    }
    for verb in FAULT_VERBS {
        assert!(faults.iter().any(|line| line.starts_with(verb)), "no example of {verb}");
    }
}

#[test]
fn the_steps_of_the_reference_are_the_steps() {
    let text = reference();
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| service, `publish")).collect();
    assert_eq!(rows.len(), file::PUBLISHING.len());
    for row in rows {
        let mut quoted = row.split('`').skip(1).step_by(2);
        let publish = quoted.next().unwrap_or_default();
        let relay = if publish.contains("outbox") { "[[relay]]\nname = \"r\"\nreads = \"s\"\n" } else { "" };
        // Who is called has no queue.
        let taker = if publish.contains("call") { "consumer" } else { "queue" };
        let scenario = read(&format!(
            "title = \"t\"\n[[service]]\nname = \"s\"\n{publish}\nmessages = [{{ name = \"m\", to = \"q\" }}]\n{relay}[[{taker}]]\nname = \"q\"\n"
        ));
        let cast = scenario.setup.cast();
        let steps = steps_of(cast.actors[0].role, &scenario.setup);
        assert_eq!(
            quoted.collect::<Vec<_>>(),
            steps.into_iter().map(Step::name).collect::<Vec<_>>(),
            "{publish}"
        );
    }
}

#[test]
fn the_numbers_of_the_reference_are_the_limits() {
    let text = reference().replace(',', "");
    for (number, what) in [
        (change::MOST_FAULTS as u64, "faults"),
        (build::MOST_PLACES as u64, "topics"),
        (build::MOST_IN_ALL as u64, "messages in all"),
        (build::MOST_MESSAGES as u64, "`name` is for people"),
        (words::SEEDS_WITH_WORDS, ""),
    ] {
        let stands = text.lines().any(|line| line.contains(&number.to_string()) && line.contains(what));
        assert!(stands, "{number} {what}");
    }
}
