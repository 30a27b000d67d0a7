//! Is what leaves as a file what other tools read?

use super::*;
use crate::broker::command::Placed;
use crate::broker::setup::SentRows;
use crate::scenario::catalogue;
use crate::scenario::spec::parse_command;
use crate::scene::story;
use crate::sim::time::{Instant, Span};
use crate::timeline::moment::Moment;
use crate::timeline::run::Run;
use expect_test::expect_file;
use serde_json::Value;
use std::collections::BTreeMap;

fn end(id: &str) -> Moment {
    let scenario = catalogue::find(id).unwrap();
    Run::new(scenario.setup.clone(), scenario.seed, Vec::new()).end().clone()
}

fn exported(format: Format, id: &str) -> String {
    let end = end(id);
    export(format, &end.world, &end.ledger)
}

fn events(id: &str) -> Vec<Value> {
    let trace: Value = serde_json::from_str(&exported(Format::Trace, id)).expect("valid JSON");
    trace["traceEvents"].as_array().expect("a list").clone()
}

#[test]
fn in_a_trace_every_packet_sets_out_once_and_arrives_or_is_told_lost() {
    for scenario in catalogue::scenarios() {
        let mut flows: BTreeMap<u64, (u32, u32, u32)> = BTreeMap::new();
        let events = events(&scenario.id);
        for event in events.iter().filter(|event| event["cat"] == "packet") {
            let flow = flows.entry(event["id"].as_u64().expect("an id")).or_default();
            match event["ph"].as_str() {
                Some("s") => flow.0 += 1,
                Some("f") => flow.1 += 1,
                _ => flow.2 += 1,
            }
        }
        assert!(!flows.is_empty(), "{}", scenario.id);
        for (id, (set_out, arrived, not)) in flows {
            assert_eq!((set_out, arrived + not), (1, 1), "{}: packet {id}", scenario.id);
        }
    }
}

#[test]
fn a_flow_begins_and_ends_at_a_slice_of_its_track() {
    for id in ["outbox-relay-crash", "sns-sqs-fan-out", "sqs-visibility-timeout-too-short"] {
        let events = events(id);
        let place = |event: &Value| (event["tid"].as_u64(), event["ts"].as_u64());
        let slices: Vec<_> = events.iter().filter(|event| event["ph"] == "X").map(place).collect();
        for flow in events.iter().filter(|event| event["ph"] == "s" || event["ph"] == "f") {
            // A poll that waits is heard of in the broker's own row; each flow's end has a slice at its moment.
            assert!(slices.contains(&place(flow)), "{id}: {flow}");
        }
    }
}

#[test]
fn a_trace_names_its_tracks_and_marks_faults_and_what_they_broke() {
    let events = events("dual-write-lost");
    let name = |event: &Value| event["name"].as_str().map(str::to_owned);
    let named: Vec<_> = events
        .iter()
        .filter(|event| event["name"] == "thread_name")
        .map(|event| event["args"]["name"].clone())
        .collect();
    assert_eq!(named, ["orders service", "broker", "mail service"]);
    let of = |category: &str| {
        events.iter().filter(|event| event["cat"] == category).filter_map(name).collect::<Vec<_>>()
    };
    assert!(of("fault").iter().any(|name| name.starts_with("crash orders")), "{:?}", of("fault"));
    assert!(of("verdict").iter().any(|name| name.starts_with("lost: ")), "{:?}", of("verdict"));
    assert!(events.iter().any(|event| event["ph"] == "C" && event["name"] == "waiting in mails"));
}

#[test]
fn what_happens_in_a_trace_stands_at_its_time_on_its_track_and_what_lasts_begins_before_it_ends() {
    let id = "outbox-relay-crash";
    let end = end(id);
    let cast = end.world.cast();
    let track = |actor: &str| cast.find(actor).map(|actor| u64::from(actor.0) + 1);
    let history: Vec<Value> = exported(Format::JsonLines, id)
        .lines()
        .map(|line| serde_json::from_str(line).expect("valid JSON"))
        .collect();
    let happened = |step: &Value, at: &Value, tid: &Value| {
        history.iter().any(|line| {
            let actor = line["actor"].as_str().expect("a name");
            line["step"] == *step && line["at_us"] == *at && track(actor) == tid.as_u64()
        })
    };
    let events = events(id);
    let slices = || events.iter().filter(|event| event["ph"] == "X");
    assert!(slices().count() > 40);
    for slice in slices() {
        assert!(happened(&slice["args"]["step"], &slice["ts"], &slice["tid"]), "{slice}");
    }
    let depths = events.iter().filter(|event| event["name"] == "waiting in mails");
    let depths: Vec<_> = depths.map(|event| event["args"]["messages"].as_u64()).collect();
    assert!(depths.len() > 5 && depths.contains(&Some(1)) && depths.last() == Some(&Some(0)), "{depths:?}");
    let lasting = |phase: &str| {
        let of = events.iter().filter(|event| event["cat"] == "lasting" && event["ph"] == phase);
        of.map(|event| (event["id"].as_u64(), (event["name"].clone(), event["ts"].as_u64()))).collect()
    };
    let (begun, ended): (BTreeMap<_, _>, BTreeMap<_, _>) = (lasting("b"), lasting("e"));
    let named = |name: &str| begun.values().filter(|(other, _)| other == name).count();
    assert!(named("transaction") >= 5 && named("down") == 1, "{begun:?}");
    assert_eq!(begun.keys().collect::<Vec<_>>(), ended.keys().collect::<Vec<_>>());
    for (id, (name, from)) in &begun {
        assert!(ended[id].0 == *name && ended[id].1 > *from, "{name} {id:?}");
    }
}

#[test]
fn mermaid_draws_no_more_than_anybody_reads_and_says_so() {
    let scenario = catalogue::find("outbox-relay-crash").unwrap();
    let mut setup = (*scenario.setup).clone();
    setup.services[0].count = 200;
    setup.limit = crate::sim::time::Instant(600_000_000);
    let run = Run::new(setup.into(), scenario.seed, Vec::new());
    let text = export(Format::Mermaid, &run.end().world, &run.end().ledger);
    let parties = run.end().world.cast().actors.len();
    assert_eq!(text.lines().count(), 1 + parties + 500 + 1);
    assert!(text.trim_end().ends_with("the rest is left out"), "{}", text.lines().last().unwrap_or_default());
}

#[test]
fn a_picture_is_well_formed_and_carries_its_style() {
    for scenario in catalogue::scenarios() {
        let svg = exported(Format::Svg, &scenario.id);
        well_formed(&svg);
        assert!(svg.contains("xmlns=\"http://www.w3.org/2000/svg\""));
        // Nothing that only the page knows.
        for own in [" class=", "data-p", "role="] {
            assert!(!svg.contains(own), "{}: {own}", scenario.id);
        }
        for shape in ["<path d=", "<text "] {
            let bare = svg.match_indices(shape).filter(|(at, _)| {
                let tag = &svg[*at..*at + svg[*at..].find('>').expect("an end")];
                !tag.contains("fill") && !tag.contains("stroke")
            });
            assert_eq!(bare.count(), 0, "{}: a {shape} without a colour", scenario.id);
        }
    }
}

/// Every tag is closed in order, no attribute is there twice, and nothing stands bare that must be escaped.
fn well_formed(text: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "a bare >: {}", &rest[..at]);
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "before {}", &rest[..at]);
        } else {
            let name = tag.split([' ', '/']).next().expect("a name");
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            let keys: Vec<&str> =
                tag.split('"').step_by(2).map(str::trim).filter(|key| key.ends_with('=')).collect();
            let mut once = keys.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), keys.len(), "{tag}");
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    for (at, _) in text.match_indices('&') {
        assert!(["&amp;", "&lt;", "&gt;", "&quot;"].iter().any(|entity| text[at..].starts_with(entity)));
    }
}

#[test]
fn mermaid_is_as_it_was() {
    expect_file!["snapshots/outbox-relay-crash.mmd"]
        .assert_eq(&exported(Format::Mermaid, "outbox-relay-crash"));
}

#[test]
fn the_history_as_lines_is_valid_and_names_what_led_to_each() {
    for scenario in catalogue::scenarios() {
        let lines: Vec<Value> = exported(Format::JsonLines, &scenario.id)
            .lines()
            .map(|line| serde_json::from_str(line).expect("valid JSON"))
            .collect();
        for (place, line) in (0..).zip(&lines) {
            assert_eq!(line["place"].as_u64(), Some(place));
            assert!(
                line["cause"].is_null() || line["cause"].as_u64().is_some_and(|cause| cause < place),
                "{line}"
            );
        }
    }
}

/// The lines of a kind in the history of that run.
fn lines(end: &Moment, kind: &str) -> Vec<Value> {
    let all = export(Format::JsonLines, &end.world, &end.ledger);
    let all = all.lines().map(|line| serde_json::from_str::<Value>(line).expect("valid JSON"));
    all.filter(|line| line["kind"] == kind).collect()
}

#[test]
fn a_fault_laid_by_hand_is_named_as_one_of_the_file_is() {
    let scenario = catalogue::find("outbox-relay-crash").unwrap();
    let (setup, fault) = (scenario.setup.clone(), "fail mail apply #1");
    let command = parse_command(fault, &setup.cast(), &setup).unwrap();
    let run = Run::new(setup, scenario.seed, vec![Placed { step: 0, at: Instant::START, command }]);
    for kind in ["laid", "struck"] {
        let named = lines(run.end(), kind).iter().filter(|line| line["fault"] == fault).count();
        assert_eq!(named, 1, "{kind}");
    }
    let trace = export(Format::Trace, &run.end().world, &run.end().ledger);
    let trace: Value = serde_json::from_str(&trace).expect("valid JSON");
    let events = trace["traceEvents"].as_array().expect("a list");
    assert!(events.iter().any(|event| event["cat"] == "fault" && event["name"] == fault));
}

#[test]
fn the_history_says_whose_answer_it_is_why_a_row_waits_again_and_how_many_were_deleted() {
    let answers = lines(&end("use-decoupling-direct"), "answered");
    assert!(answers.iter().all(|answer| answer["order"].is_u64()), "{answers:?}");
    let errors: Vec<&str> = answers.iter().filter_map(|answer| answer["why"].as_str()).collect();
    assert!(!errors.is_empty() && errors.len() < answers.len(), "{errors:?}");
    assert!(errors.iter().all(|why| *why == "not-taken"), "{errors:?}");
    let put_back = lines(&end("inbox-store-first"), "put-back");
    assert_eq!(put_back.iter().map(|line| &line["why"]).collect::<Vec<_>>(), ["crash"]);
    let mut setup = (*catalogue::find("outbox-polling-relay").unwrap().setup).clone();
    setup.relays[0].sent_rows = SentRows::DeleteAfter(Span::from_millis(500));
    let cleaned = lines(Run::new(setup.into(), 1, Vec::new()).end(), "cleaned");
    assert!(!cleaned.is_empty() && cleaned.iter().all(|line| line["rows"].is_u64()), "{cleaned:?}");
}

#[test]
fn in_a_trace_what_was_found_stands_at_whom_the_story_says() {
    let mut elsewhere = 0;
    for scenario in catalogue::scenarios() {
        let end = end(&scenario.id);
        let found = events(&scenario.id);
        let found: Vec<&Value> = found.iter().filter(|event| event["cat"] == "verdict").collect();
        assert_eq!(found.len(), end.ledger.findings().count());
        for (event, finding) in found.into_iter().zip(end.ledger.findings()) {
            let line = story::found_line(&end.world, &end.ledger, finding);
            let track = line.place.map_or(1, |lane| u64::from(lane.0) + 1);
            assert_eq!(event["tid"], track, "{}: {event}", scenario.id);
            elsewhere += usize::from(track > 1);
        }
    }
    assert!(elsewhere > 0);
}

#[test]
fn a_picture_of_the_last_rows_has_no_others() {
    let end = end("outbox-relay-crash");
    let (last, whole) = (picture(&end.world, &end.ledger, 5), picture(&end.world, &end.ledger, u32::MAX));
    let times = |svg: &str| svg.matches("text-anchor=\"end\"").count();
    assert!(times(&last) < 12 && times(&whole) > 40, "{} {}", times(&last), times(&whole));
    well_formed(&last);
}
