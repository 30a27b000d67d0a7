//! Does the program answer as its help says? Each test runs the built binary.
#![cfg(not(target_arch = "wasm32"))]

use brokerlab::scenario::catalogue;
use expect_test::expect_file;
use serde_json::Value;
use std::process::{Command, Output, Stdio};

fn brokerlab(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_brokerlab")).args(args).output().expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// The answer, where the exit code is as expected and standard error is silent.
fn good(args: &[&str]) -> String {
    let output = brokerlab(args);
    assert_eq!((output.status.code(), err(&output)), (Some(0), String::new()), "{args:?}");
    out(&output)
}

/// The complaint about bad input: exit code 2, nothing on standard output.
fn bad(args: &[&str]) -> String {
    let output = brokerlab(args);
    assert_eq!((output.status.code(), out(&output)), (Some(2), String::new()), "{args:?}");
    err(&output)
}

fn json(args: &[&str]) -> Value {
    let output = brokerlab(&[args, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The file of a scenario of the catalogue.
fn text_of(scenario: &brokerlab::scenario::Scenario) -> String {
    let entry = catalogue::all().iter().find(|entry| entry.id == scenario.id);
    entry.expect("a file").text.to_owned()
}

/// A file that is gone when the test is over.
struct Temporary(std::path::PathBuf);

impl Temporary {
    fn new(name: &str, text: &str) -> Temporary {
        let path = std::env::temp_dir().join(format!("brokerlab-{}-{name}.toml", std::process::id()));
        std::fs::write(&path, text).expect("a file can be written");
        Temporary(path)
    }

    fn name(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn list_names_every_scenario_under_its_heading() {
    let list = good(&["list"]);
    for scenario in catalogue::scenarios() {
        for part in [&scenario.id, &scenario.title, &scenario.group] {
            assert!(list.contains(part.as_str()), "{part} is missing");
        }
    }
    assert!(!list.contains('\x1b'), "colour where nobody sees it");
}

#[test]
fn every_scenario_comes_out_as_it_says() {
    for scenario in catalogue::scenarios() {
        let story = good(&["run", &scenario.id]);
        assert!(story.starts_with(&scenario.title));
        // What is set aside is worth a sign too, though nothing is wrong with it.
        let found = !scenario.breaks.is_empty() || story.contains(" is parked.");
        assert_eq!(story.contains(">>"), found, "{}", scenario.id);
        assert_eq!(
            story.contains("See it happen: open the page with #v=1&run="),
            !scenario.breaks.is_empty()
        );
    }
}

#[test]
fn the_story_can_be_read() {
    expect_file!["stories/dual-write-ghost.txt"].assert_eq(&good(&["run", "dual-write-ghost"]));
    expect_file!["stories/outbox-relay-crash.txt"].assert_eq(&good(&["run", "outbox-relay-crash"]));
}

#[test]
fn json_says_what_was_promised_and_what_came_of_it() {
    let ghost = json(&["run", "dual-write-ghost"]);
    assert_eq!(ghost["scenario"], "dual-write-ghost");
    assert_eq!(ghost["seed"], 24614);
    assert!(ghost["steps"].as_u64().is_some_and(|steps| steps > 10));
    assert!(ghost["virtual_time_us"].as_u64().is_some_and(|us| us > 1_000_000));
    let hash = ghost["hash"].as_str().expect("a text");
    assert!(
        hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)),
        "{hash}"
    );
    for count in ["lost", "duplicates", "ghosts", "half_sent", "stuck", "parked", "out_of_order"] {
        assert_eq!(ghost["verdict"][count], u64::from(count == "ghosts"), "{count}");
    }
    let promises = ghost["promises"].as_array().expect("a list");
    let broken = promises.iter().find(|promise| promise["name"] == "no-ghost").expect("no-ghost");
    assert_eq!((&broken["held"], &broken["expected"]), (&Value::Bool(false), &Value::from("broken")));
    let step = broken["broken_at_step"].as_u64().expect("a number");
    assert!(ghost["link"].as_str().is_some_and(|link| link.contains(&format!("&at={step}&"))));
    for promise in promises {
        assert!(promise["name"].is_string() && promise["held"].is_boolean());
        assert_eq!(promise["broken_at_step"].is_null(), promise["held"] == true);
    }
}

#[test]
fn a_seed_may_be_words() {
    let words = json(&["run", "dual-write-lost", "--seed", "calm-amber-otter"]);
    assert_eq!(words, json(&["run", "dual-write-lost", "--seed", "24614"]));
    assert_ne!(words["hash"], json(&["run", "dual-write-lost"])["hash"]);
    let complaint = bad(&["run", "dual-write-lost", "--seed", "calm-amber-oter"]);
    assert!(complaint.contains("--seed") && complaint.contains("did you mean `otter`?"), "{complaint}");
}

#[test]
fn one_fault_more_breaks_what_held() {
    let args = ["run", "queue-competing-consumers", "--fault", "lose publish gallery #2"];
    let output = brokerlab(&args);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        err(&output).contains("`nothing-lost` should be kept, and is broken at step"),
        "{}",
        err(&output)
    );
    assert!(out(&output).contains(">>"));
    let summary = json(&args);
    assert_eq!(summary["as_expected"], false);
    assert_eq!(summary["faults"][0], "lose publish gallery #2");
    let link = summary["link"].as_str().expect("a link").trim_start_matches('#');
    let link = brokerlab::timeline::link::Link::parse(link).expect("a link that can be read");
    assert_eq!(link.commands.len(), 1);
}

#[test]
fn the_link_of_a_file_of_ones_own_carries_it() {
    let text = include_str!("../scenarios/dual-write-lost.toml").replace("orders   = 5", "orders   = 4");
    let file = Temporary::new("own", &text);
    let opened = |link: &Value| {
        let link = link.as_str().expect("a link").trim_start_matches('#').to_owned();
        assert!(link.starts_with("v=3&run=brokerlab-") && link.len() < 600, "{} long: {link}", link.len());
        brokerlab::timeline::session::Session::follow(&link).expect("a link that opens")
    };
    let ran = json(&["run", file.name()]);
    let session = opened(&ran["link"]);
    let scenario = brokerlab::scenario::Scenario::read("x", &text).expect("a scenario");
    assert_eq!(session.scenario().setup, scenario.setup);
    assert_eq!(session.run().seed(), scenario.seed);
    let lost = brokerlab::check::promise::Promise::NothingLost.state(&session.run().here().ledger);
    assert_eq!(lost.broken.map(|breach| breach.step), Some(session.run().here().step()));

    let found = json(&["explore", file.name(), "--faults", "1", "--promise", "nothing-lost"]);
    let shortest = &found["shortest"][0];
    let session = opened(&shortest["link"]);
    assert_eq!(session.run().here().step(), shortest["broken_at_step"].as_u64().expect("a step") as u32);
    assert_eq!(session.scenario().setup.faults.len(), 1, "the one that was found, and not the file's own");
}

#[test]
fn a_naive_scenario_that_no_longer_breaks_is_told() {
    // The limit comes before the fault.
    let output = brokerlab(&["run", "dual-write-ghost", "--until", "1s"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("`no-ghost` should break here, and is kept."), "{}", err(&output));
}

#[test]
fn until_ends_the_run() {
    let summary = json(&["run", "pubsub-every-subscriber", "--until", "1s"]);
    assert_eq!((&summary["virtual_time_us"], &summary["ended"]), (&1_000_000.into(), &"limit".into()));
    assert!(bad(&["run", "dual-write-ghost", "--until", "soon"]).contains("is not a span of time"));
    assert!(bad(&["run", "dual-write-ghost", "--until", "0s"]).contains("--until"));
}

#[test]
fn jsonl_holds_every_record() {
    for scenario in catalogue::scenarios() {
        let text = good(&["run", &scenario.id, "--format", "jsonl"]);
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(json(&["run", &scenario.id])["records"], lines.len());
        for (place, line) in lines.iter().enumerate() {
            assert_eq!(line["place"], place);
            assert!(line["at_us"].is_u64() && line["step"].is_u64() && line["actor"].is_string());
            assert!(
                line["cause"].is_null() || line["cause"].as_u64().is_some_and(|cause| cause < place as u64)
            );
            let kind = line["kind"].as_str().expect("a text");
            assert!(kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{kind}");
        }
        assert_eq!(lines.last().expect("a record")["kind"], "ended");
    }
}

#[test]
fn mermaid_draws_a_sequence() {
    let diagram = good(&["run", "outbox-relay-crash", "--format", "mermaid"]);
    assert!(diagram.starts_with("sequenceDiagram\n  participant p0 as orders\n"));
    assert_eq!(diagram.matches("p1->>p2: publish 2\n").count(), 2, "{diagram}");
    let down = good(&["run", "dual-write-broker-down", "--format", "mermaid"]);
    assert_eq!(down.matches("p0-xp1: publish").count(), 2, "{down}");
}

#[test]
fn a_run_is_exported_for_other_tools() {
    let picture = good(&["run", "outbox-relay-crash", "--format", "svg"]);
    assert!(picture.starts_with("<svg xmlns=") && picture.ends_with("</svg>"), "{picture}");
    assert!(picture.contains(">relay</text>") && picture.matches(">deliver 2<").count() == 2, "{picture}");
    let trace: Value =
        serde_json::from_str(&good(&["run", "outbox-relay-crash", "--format", "trace"])).expect("JSON");
    let events = trace["traceEvents"].as_array().expect("a list");
    let crash = events.iter().find(|event| event["cat"] == "fault").expect("a fault");
    assert_eq!(crash["name"], "crash relay before mark-sent #2 for 1s");
}

#[test]
fn a_wrong_name_is_answered_with_the_nearest() {
    let complaint = bad(&["run", "dual-write-gost"]);
    assert!(complaint.contains("did you mean `dual-write-ghost`?"), "{complaint}");
    assert!(complaint.contains("brokerlab list"), "{complaint}");
    assert!(bad(&["run", "no/such/file.toml"]).starts_with("no/such/file.toml: cannot be read: "));
    assert!(bad(&["rum", "dual-write-ghost"]).contains("run"));
    assert!(bad(&["run", "dual-write-ghost", "--format", "jsno"]).contains("json"));
    let complaint = bad(&["run", "dual-write-ghost", "--fault", "fail ordrs commit"]);
    assert!(complaint.contains("--fault, character 6: unknown party `ordrs`; did you mean `orders`?"));
    assert!(complaint.contains("\n  fail ordrs commit\n       ^"), "{complaint}");
}

#[test]
fn check_tells_all_that_is_wrong_with_its_place() {
    let entry = catalogue::all().iter().find(|entry| entry.id == "dual-write-ghost");
    let text = entry.expect("a scenario of the catalogue").text;
    let file = Temporary::new("good", text);
    assert!(good(&["check", file.name()]).contains("consumer"));
    good(&["run", file.name()]);
    let file = Temporary::new(
        "bad",
        &text.replace("queue   = \"mails\"", "queue   = \"mials\"").replace("no-ghost", "no-gost"),
    );
    let complaint = bad(&["check", file.name()]);
    let lines: Vec<&str> = complaint.lines().collect();
    assert_eq!(lines.len(), 2, "{complaint}");
    for (line, guess) in lines.iter().zip(["no-ghost", "mails"]) {
        let rest = line.strip_prefix(&format!("{}:", file.name())).expect("the file's name first");
        let mut numbers = rest.split(':');
        assert!(numbers.next().is_some_and(|line| line.parse::<u32>().is_ok()), "{line}");
        assert!(numbers.next().is_some_and(|column| column.parse::<u32>().is_ok()), "{line}");
        assert!(line.contains(&format!("did you mean `{guess}`?")), "{line}");
    }
    assert_eq!(bad(&["run", file.name()]), complaint);
}

#[test]
fn whoever_reads_may_stop_reading() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_brokerlab"))
        .args(["run", "outbox-polling-relay", "--format", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((output.status.code(), err(&output)), (Some(0), String::new()));
}

#[test]
fn help_is_there_for_a_stranger() {
    let help = good(&["--help"]);
    assert!(help.contains("brokerlab run dual-write-ghost") && help.contains("Exit code"));
    let help = good(&["run", "--help"]);
    assert!(help.contains("--fault <SPEC>") && help.contains("Examples:"));
}

#[test]
fn a_search_names_the_window_and_the_shortest_way_to_break_a_promise() {
    let output = brokerlab(&["explore", "dual-write-lost", "--kinds", "crash", "--promise", "nothing-lost"]);
    assert_eq!(
        (output.status.code(), err(&output)),
        (Some(0), String::new()),
        "the naive one does not keep it"
    );
    let text = out(&output);
    let row = text.lines().find(|line| line.starts_with("crash orders after commit")).unwrap();
    assert_eq!(
        row.split_whitespace().skip(4).take(3).collect::<Vec<_>>(),
        ["5", "5", "."],
        "tried, lost, doubled"
    );
    let command = text.lines().find_map(|line| line.trim().strip_prefix("brokerlab run ")).unwrap();
    let (before, fault) = command.split_once(" --fault ").unwrap();
    let mut args: Vec<&str> = std::iter::once("run").chain(before.split(' ')).collect();
    args.extend(["--fault", fault.trim_matches('\'')]);
    let lost = json(&args)["verdict"]["lost"].as_u64();
    assert_eq!(lost, Some(1), "{command}");
}

#[test]
fn a_search_of_what_repairs_it_finds_every_promise_kept_and_its_exit_code_says_so() {
    let args = ["explore", "outbox-with-inbox", "--faults", "2", "--kinds", "crash"];
    let text = good(&args);
    assert!(text.contains("always kept") && !text.contains("sometimes broken"), "{text}");
    let whole = json(&[&args[..], &["--workers", "1"]].concat());
    assert_eq!(
        whole,
        json(&[&args[..], &["--workers", "3"]].concat()),
        "the number of threads changes nothing"
    );
    assert_eq!(whole["complete"], true);
    let kept = brokerlab(&["explore", "outbox-with-inbox", "--kinds", "fail"]);
    assert_eq!(kept.status.code(), Some(1), "what cannot be decoded is lost without dead letters");
}

#[test]
fn what_a_search_of_a_file_finds_names_the_file() {
    let file = Temporary::new("of my own", &catalogue::find("outbox-relay-crash").map(text_of).unwrap());
    let found = json(&["explore", file.name(), "--own-faults", "--promise", "nothing-twice"]);
    let shortest = &found["shortest"][0];
    let command = shortest["command"].as_str().unwrap();
    assert!(command.starts_with(&format!("brokerlab run '{}' --seed", file.name())), "{command}");
    let test = shortest["test"].as_str().unwrap();
    assert!(test.contains(&format!("include_str!({:?})", file.name())), "{test}");
    assert!(
        test.contains("\"crash relay before mark-sent #2 for 1s\","),
        "its own faults stand in it: {test}"
    );
}

#[test]
fn shares_of_a_search_add_up() {
    let count = |share: &[&str]| {
        let found = json(
            &[&["explore", "outbox-relay-crash", "--faults", "2", "--kinds", "crash"][..], share].concat(),
        );
        found["placements"][2].as_u64().unwrap()
    };
    assert_eq!(
        count(&["--shard", "1/3"]) + count(&["--shard", "2/3"]) + count(&["--shard", "3/3"]),
        count(&[])
    );
}

#[test]
fn a_search_refuses_what_it_cannot_place() {
    assert!(
        bad(&["explore", "dual-write-lost", "--kinds", "crash,melt"]).contains("`melt` is no kind of fault")
    );
    assert!(
        bad(&["explore", "dual-write-lost", "--promise", "no-gost"])
            .contains("there is no promise `no-gost`")
    );
    assert!(bad(&["explore", "dual-write-lost", "--faults", "4"]).contains("4"));
    assert!(bad(&["explore", "dual-write-lost", "--shard", "5/4"]).contains("2/4"));
    assert!(bad(&["explore", "dual-write-lost", "--down", "0ms"]).contains("1ms at least"));
    assert!(bad(&["explore", "dual-write-lost", "--down", "25h"]).contains("longer than 24h"));
    assert!(bad(&["explore", "dual-write-lost", "--kinds", "none"]).contains("nothing would be tried"));
}

#[test]
fn the_window_table_can_stand_in_a_document() {
    let table = good(&[
        "explore",
        "outbox-relay-crash",
        "--kinds",
        "crash",
        "--promise",
        "nothing-lost",
        "--format",
        "markdown",
    ]);
    assert!(table.starts_with("| one fault | lost | duplicate |"), "{table}");
    assert!(table.contains("| `crash relay after publish` | | 5 of 5 |"), "{table}");
}

#[test]
fn a_search_goes_on_from_its_file_and_the_files_of_its_shares_are_put_together() {
    let args = ["explore", "outbox-relay-crash", "--faults", "2", "--kinds", "crash", "--format", "json"];
    let whole = out(&brokerlab(&args));
    let names: Vec<Temporary> = (1..=3).map(|n| Temporary::new(&format!("part {n}"), "")).collect();
    for (n, file) in names.iter().enumerate() {
        std::fs::remove_file(file.name()).unwrap();
        let share = format!("{}/3", n + 1);
        let told = brokerlab(&[&args[..], &["--shard", &share, "--resume", file.name()]].concat());
        // Twice: what is done is not done again, and not counted twice.
        let again = brokerlab(&[&args[..], &["--shard", &share, "--resume", file.name()]].concat());
        assert_eq!((out(&told), err(&told)), (out(&again), err(&again)));
    }
    let files: Vec<&str> = names.iter().map(Temporary::name).collect();
    assert_eq!(out(&brokerlab(&[&["merge", "--format", "json"], &files[..]].concat())), whole);
    let some = brokerlab(&["merge", files[0], files[2]]);
    assert_eq!(some.status.code(), Some(3), "a share is missing");
    assert!(out(&some).contains("cut off"), "{}", out(&some));
    assert!(bad(&["merge", files[0], files[1], files[0]]).contains("name each share once"));
    assert!(
        bad(&["explore", "outbox-relay-crash", "--resume", files[0]]).contains("results of other options")
    );
    assert!(bad(&["merge", "no such file"]).contains("there is no such file"));
    std::fs::write(files[1], "nothing").unwrap();
    assert!(bad(&["merge", files[0], files[1]]).contains("these are no results of a search"));
}

#[test]
fn half_a_search_is_gone_on_with_where_it_was_left() {
    let args = ["explore", "dual-write-lost"];
    let whole = json(&args);
    let file = Temporary::new("half", "");
    std::fs::remove_file(file.name()).unwrap();
    json(&[&args[..], &["--resume", file.name()]].concat());
    // As if it had been stopped at once: nothing but the run without a fault is done.
    let mut kept: Value = serde_json::from_str(&std::fs::read_to_string(file.name()).unwrap()).unwrap();
    assert!(kept["done"].as_array().unwrap().len() > 20);
    kept["done"] = serde_json::json!([]);
    kept["found"]["placements"] = serde_json::json!([1, 0, 0, 0]);
    kept["found"]["rows"] = serde_json::json!([]);
    std::fs::write(file.name(), kept.to_string()).unwrap();
    let again = json(&[&args[..], &["--resume", file.name()]].concat());
    assert_eq!((&again["placements"], &again["windows"]), (&whole["placements"], &whole["windows"]));
    // And now all of it is.
    assert_eq!(json(&[&args[..], &["--resume", file.name()]].concat()), again);
}

#[cfg(unix)]
#[test]
fn a_search_that_is_interrupted_tells_what_it_has_and_is_gone_on_with() {
    let file = Temporary::new("interrupted", "");
    std::fs::remove_file(file.name()).unwrap();
    let args = ["explore", "outbox-with-inbox", "--faults", "3", "--kinds", "crash", "--workers", "2"];
    let args = [&args[..], &["--resume", file.name()]].concat();
    let running = Command::new(env!("CARGO_BIN_EXE_brokerlab"))
        .args(&args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // By the time that it has written the file for the first time it listens.
    while !std::path::Path::new(file.name()).exists() {
        std::thread::yield_now();
    }
    let interrupt = Command::new("kill").args(["-INT", &running.id().to_string()]).status();
    assert!(interrupt.expect("kill is there").success());
    let output = running.wait_with_output().expect("the program ends");
    assert_eq!((output.status.code(), err(&output)), (Some(3), String::new()), "no bar where nobody looks");
    assert!(out(&output).contains("cut off"), "{}", out(&output));
    let kept = brokerlab(&["merge", file.name()]);
    assert_eq!(out(&kept), out(&output), "what it told is what it kept");
}

#[test]
fn results_that_somebody_edited_are_refused_or_told_and_nothing_else_is_touched() {
    let (file, beside) = (Temporary::new("edited", ""), Temporary::new("edited.1", "mine"));
    std::fs::remove_file(file.name()).unwrap();
    let part = std::path::Path::new(file.name()).with_extension("part");
    std::fs::write(&part, "mine").unwrap();
    json(&["explore", "dual-write-lost", "--resume", file.name()]);
    assert_eq!(std::fs::read_to_string(&part).unwrap(), "mine", "a file of somebody else");
    std::fs::remove_file(&part).unwrap();

    let kept: Value = serde_json::from_str(&std::fs::read_to_string(file.name()).unwrap()).unwrap();
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut kept = kept.clone();
        edit(&mut kept);
        std::fs::write(beside.name(), kept.to_string()).unwrap();
        beside.name()
    };
    let lost = kept["found"]["outcomes"].as_array().unwrap().iter().position(|it| it["shortest"].is_object());
    let lost = lost.expect("something can be broken");
    let shortest = |kept: &mut Value| {
        let fault = &mut kept["found"]["outcomes"][lost]["shortest"]["faults"][0];
        fault.as_object_mut().unwrap().values_mut().next().unwrap()["actor"] = 200.into();
    };
    let site = |kept: &mut Value| {
        let site = &mut kept["found"]["rows"][0][0];
        site.as_object_mut().unwrap().values_mut().next().unwrap()[0] = 200.into();
    };
    for edit in [&shortest as &dyn Fn(&mut Value), &site] {
        assert!(bad(&["merge", edited(edit)]).contains("a party that the scenario does not have"));
        let resume = ["explore", "dual-write-lost", "--resume", edited(edit)];
        assert!(bad(&resume).contains("a party that the scenario does not have"));
    }
    let other = edited(&|kept| kept["pieces"] = 3.into());
    assert!(bad(&["explore", "dual-write-lost", "--resume", other]).contains("a run of another length"));
    let many = brokerlab(&["merge", edited(&|kept| kept["options"]["faults"] = 200.into())]);
    let code = brokerlab(&["merge", file.name()]).status.code();
    assert_eq!((many.status.code(), err(&many)), (code, String::new()));
    assert!(out(&many).contains(" of 3; all of them"), "{}", out(&many));
}

#[test]
fn an_order_that_breaks_a_promise_is_told_like_any_other_counterexample() {
    let text = r#"
title = "Two workers"
seed = SEED
[promises]
keeps = ["in-order"]
[[service]]
name = "orders"
publish = "plain"
messages = [{ name = "placed", to = "mails" }]
orders = 2
every = "5ms"
step = "1ms"
latency = "10ms"
[[queue]]
name = "mails"
[[consumer]]
name = "mail"
queue = "mails"
workers = 2
step = "1ms"
handler = "1ms"
latency = "10ms..50ms"
"#;
    let searched = (1..20).find_map(|seed| {
        let file = Temporary::new("workers", &text.replace("SEED", &seed.to_string()));
        let args = ["explore", file.name(), "--schedules", "--kinds", "none"];
        let found = json(&args);
        let fault = found["shortest"][0]["faults"][0].as_str()?.to_owned();
        fault.starts_with("hurry delivery mail-2 ").then_some((file, found, fault))
    });
    let (file, found, fault) = searched.expect("a seed whose order only a quicker packet changes");
    assert_eq!(found["complete"], true);
    let shortest = &found["shortest"][0];
    assert!(shortest["command"].as_str().unwrap().ends_with(&format!(" --fault '{fault}'")), "{shortest}");
    assert!(shortest["test"].as_str().unwrap().contains(&format!("{fault:?},")), "{shortest}");
    assert!(shortest["file"].as_str().unwrap().contains(&fault), "{shortest}");
    let records = brokerlab(&["run", file.name(), "--fault", &fault, "--format", "jsonl"]);
    assert!(out(&records).contains("\"kind\":\"hurried\""), "{}", out(&records));
    let told = json(&["run", file.name(), "--fault", &fault]);
    assert_eq!(told["promises"][0]["held"], false, "{told}");
    let link = shortest["link"].as_str().unwrap().trim_start_matches('#').to_owned();
    let session = brokerlab::timeline::session::Session::follow(&link).expect("a link that opens");
    assert_eq!(Some(u64::from(session.run().here().step())), shortest["broken_at_step"].as_u64());
}

#[test]
fn a_counterexample_is_a_scenario_file_that_breaks_the_same_promise() {
    let directory = std::env::temp_dir().join(format!("brokerlab-{}-examples", std::process::id()));
    let name = directory.to_str().unwrap();
    for scenario in ["dual-write-lost", "outbox-relay-crash", "serialize-as-you-send", "sqs-poll-model"] {
        let found = json(&["explore", scenario, "--examples", name]);
        for shortest in found["shortest"].as_array().unwrap() {
            let promise = shortest["promise"].as_str().unwrap();
            let path = directory.join(format!("{scenario}-{promise}.toml"));
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(shortest["file"].as_str(), Some(text.as_str()));
            let told = json(&["run", path.to_str().unwrap()]);
            let its = told["promises"].as_array().unwrap().iter().find(|it| it["name"] == promise).unwrap();
            assert_eq!(its["held"], false, "{promise} of {text}");
        }
    }
    std::fs::remove_dir_all(directory).unwrap();
}
