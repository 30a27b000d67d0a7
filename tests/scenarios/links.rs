//! Does a link open the same moment elsewhere, and does a damaged one do no harm?

use super::time_travel::assert_same;
use brokerlab::broker::record::Kind;
use brokerlab::scenario::spec::{parse_command, parse_fault};
use brokerlab::scenario::{Scenario, catalogue};
use brokerlab::sim::time::{Instant, Span};
use brokerlab::timeline::beside::Against;
use brokerlab::timeline::link::{Link, Tab, View};
use brokerlab::timeline::own::Own;
use brokerlab::timeline::pack::pack;
use brokerlab::timeline::session::Session;
use std::sync::Arc;
use wasm_bindgen_test::wasm_bindgen_test;

fn text(session: &Session) -> String {
    session.link().write(session.scenario())
}

fn act(session: &mut Session, spec: &str) {
    let setup = &session.scenario().setup;
    let command = parse_command(spec, &setup.cast(), setup).unwrap();
    session.act(command);
}

#[track_caller]
fn assert_opens_the_same(session: &Session) {
    let text = text(session);
    let opened = Session::follow(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(opened.run().seed(), session.run().seed(), "{text}");
    assert_eq!(opened.run().commands(), session.run().commands(), "{text}");
    assert_eq!(opened.playhead(), session.playhead(), "{text}");
    assert_same(opened.run().here(), session.run().here(), &text);
    assert_same(opened.run().end(), session.run().end(), &text);
    let pair = (opened.beside().map(|b| &b.run), session.beside().map(|b| &b.run));
    assert_eq!(pair.0.is_some(), pair.1.is_some());
    if let (Some(one), Some(other)) = pair {
        assert_same(one.here(), other.here(), &text);
    }
    assert_eq!(self::text(&opened), text);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_link_to_any_moment_opens_that_moment() {
    for scenario in catalogue::scenarios() {
        let mut session = Session::open(scenario);
        assert_opens_the_same(&session);
        for seed in [scenario.seed, 99, u64::MAX] {
            session.reseed(seed);
            for ms in [0, 333, 1_999, 4_321, 7_777, 60_000] {
                session.seek(Instant(ms * 1_000));
                assert_opens_the_same(&session);
            }
        }
        session.seek(Instant(3_000_000));
        session.lay_beside();
        assert_opens_the_same(&session);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_link_holds_what_was_done_by_hand() {
    let mut session = Session::open(catalogue::find("outbox-with-inbox").unwrap());
    let doings = [
        "crash mail",
        "down broker",
        "lay beside",
        "restart mail",
        "up broker",
        "cut relay",
        "down orders.database",
        "heal relay",
        "up orders.database",
        "lose publish relay rate 12.5%",
        "crash relay after-next-step",
        "fail mail apply #2",
        "down broker 9s..10s",
    ];
    for spec in doings {
        session.pass(Span(437_211));
        match spec {
            "lay beside" => session.lay_beside(),
            _ => act(&mut session, spec),
        }
        assert_opens_the_same(&session);
    }
    assert_eq!(session.run().commands().len(), doings.len() - 1);
    session.seek(Instant(2_000_000));
    assert_opens_the_same(&session);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_link_names_the_packet_that_was_lost_held_or_released() {
    for verb in ["lose", "hold"] {
        let mut session = Session::open(catalogue::find("dual-write-ghost").unwrap());
        while session.run().here().world.packets().next().is_none() {
            session.step();
        }
        let packet = session.run().here().world.packets().next().map_or(0, |packet| packet.number);
        act(&mut session, &format!("{verb} packet {packet}"));
        assert_opens_the_same(&session);
        if verb == "hold" {
            session.pass(Span::from_millis(900));
            act(&mut session, &format!("release packet {packet}"));
            assert_opens_the_same(&session);
        }
    }
}

/// A moment with a bit of everything in it.
fn sample() -> String {
    let mut session = Session::open(catalogue::find("dual-write-ghost").unwrap());
    session.seek(Instant(1_900_000));
    act(&mut session, "crash orders");
    session.pass(Span::from_millis(800));
    act(&mut session, "fail mail apply #2");
    session.lay_beside();
    text(&session)
}

#[wasm_bindgen_test(unsupported = test)]
fn a_damaged_link_is_told_in_a_sentence() {
    for (damaged, words) in [
        ("", "names no scenario"),
        ("run", "`run` has no value"),
        ("v=4&run=dual-write-ghost", "this page reads versions 1 to 3"),
        ("v=2&run=dual-write-ghost", "not in its form"),
        ("v=3&run=dual-write-ghost", "not in its form"),
        ("run=dual-write-ghost&v=3", "not in its form"),
        ("run=dual-write-ghost&stage=opera", "there is `sequence`"),
        ("run=dual-write-ghost&tab=plot", "there are now, lesson,"),
        ("run=dual-write-gost", "did you mean `dual-write-ghost`?"),
        ("run=dual-write-ghost&seed=calm-amber-oter", "did you mean `otter`?"),
        ("run=dual-write-ghost&at=-1", "not a number in range"),
        ("run=dual-write-ghost&t=99999999999999999999999", "not a number in range"),
        ("run=dual-write-ghost&do=crash+orders", "step@microseconds:command"),
        ("run=dual-write-ghost&do=5@1:crash+orders;5@1:crash+mail", "out of order"),
        ("run=dual-write-ghost&do=5@1:crash+order", "did you mean `orders`?"),
        ("run=dual-write-ghost&do=5@1:explode+orders", "verb"),
        ("run=dual-write-ghost&colour=red", "`colour`"),
        ("run=%FF%FE", "not readable"),
        ("run=%4", "not readable"),
    ] {
        let error = Session::follow(damaged).map(|_| ()).unwrap_err();
        assert!(error.contains(words), "{damaged:?} was answered with {error:?}");
    }
    let endless = format!("run=dual-write-ghost&do={}", "1@1:crash+orders;".repeat(2_000));
    assert!(Link::parse(&endless).unwrap_err().contains("bytes long"));
    let many: String = (1..=501).map(|step| format!("{step}@1:crash+orders;")).collect();
    let sentence = Link::parse(&format!("run=dual-write-ghost&do={many}")).unwrap_err();
    assert!(sentence.contains("more than 500 things by hand"), "{sentence}");
}

#[wasm_bindgen_test(unsupported = test)]
fn whatever_is_cut_off_or_put_into_a_link_does_no_harm() {
    let link = sample();
    assert_eq!(Link::parse(&link).map(|link| link.commands.len()), Ok(2));
    for at in (0..link.len()).filter(|&at| link.is_char_boundary(at)) {
        let (head, tail) = link.split_at(at);
        let mut damaged = vec![head.to_owned(), tail.to_owned(), format!("{head}{}", &tail[1..])];
        for piece in ["&", "=", ";", "@", ":", "%", "+", "#", "0", "99999999999", "ü", "\0", "💥"] {
            damaged.push(format!("{head}{piece}{tail}"));
            damaged.push(format!("{head}{piece}{}", &tail[1..]));
        }
        for text in damaged {
            if let Err(sentence) = Link::parse(&text) {
                assert!(sentence.len() > 10, "{text}: {sentence}");
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_link_beyond_the_end_opens_the_end() {
    let link = "run=dual-write-ghost&at=4000000000&t=18446744073709551615";
    let session = Session::follow(link).unwrap();
    assert_eq!(session.run().here().step(), session.run().end().step());
    assert_eq!(session.playhead(), session.run().end().now());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_link_that_does_something_after_the_end_is_refused_with_the_reason() {
    let sentence = Session::follow("run=dual-write-ghost&do=4000000000@7:crash+orders").unwrap_err();
    assert!(sentence.contains("after step 4000000000, but the run has only"), "{sentence}");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_link_may_leave_the_scenarios_own_faults_out_and_lay_others() {
    let scenario = catalogue::find("outbox-relay-crash").unwrap();
    let fault =
        parse_fault("crash mail after apply #2 for 1s", &scenario.setup.cast(), &scenario.setup).unwrap();
    let mut session = Session::open_with(scenario, 99, &[fault]);
    assert!(session.is_bare() && session.scenario().setup.faults.is_empty());
    assert_eq!(session.run().seed(), 99, "the one under which it was found");
    assert!(text(&session).contains("&own=0&do=0@0:crash+mail"), "{}", text(&session));
    let crashed = session.run().end().world.history().iter().filter(|r| r.kind == Kind::Crashed);
    assert_eq!(crashed.map(|r| r.actor).collect::<Vec<_>>(), [scenario.setup.cast().find("mail").unwrap()]);
    session.seek(Instant(3_000_000));
    assert_opens_the_same(&session);
    session.lay_beside();
    assert_opens_the_same(&session);
    session.reset();
    assert!(
        session.is_bare() && session.run().commands().is_empty(),
        "the way back is to open the scenario anew"
    );
    assert!(!Session::open(scenario).is_bare());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_link_can_ask_for_the_presenters_view_and_only_that() {
    let mut session = Session::open(catalogue::find("dual-write-ghost").unwrap());
    session.seek(Instant(4_000_000));
    let plain = text(&session);
    let link = Link { view: View::Present, ..session.link() };
    let written = link.write(session.scenario());
    assert_eq!(written, format!("{plain}&view=present"));
    assert_eq!(Link::parse(&written).unwrap(), link);
    assert_eq!(Link::parse(&plain).unwrap().view, View::Page);
    assert_opens_the_same(&Session::follow(&written).unwrap());
    let error = Link::parse(&format!("{plain}&view=sideways")).unwrap_err();
    assert!(error.contains("sideways") && error.contains("present"), "{error}");
}

/// Links as they were shared: whatever becomes of the form, they open what they opened.
#[wasm_bindgen_test(unsupported = test)]
fn links_of_every_version_still_open() {
    let legible = "v=1&run=dual-write-ghost&seed=calm-amber-otter&at=21&t=2100000\
        &do=17@1900000:crash+orders;20@2000000:fail+mail+apply+%232&beside=1";
    let packed = "v=2&z=ggBWORpM3BGhwYRa71FwKqXU-O7wnsHo5V3j_-a43csy39veNfCxTrQ";
    assert_eq!(pack(legible).map(|z| format!("v=2&z={z}")).as_deref(), Some(packed), "packed as ever");
    for (link, step, at, done, beside) in [
        ("v=1&run=dual-write-ghost", 0, 0, 0, false),
        ("run=outbox-relay-crash&seed=1234&at=10&t=1500000", 10, 1_500_000, 0, false),
        (
            "v=1&run=outbox-relay-crash&seed=99&own=0&do=0@0:crash+mail+after+apply+%232+for+1s",
            0,
            0,
            1,
            false,
        ),
        ("v=1&run=dual-write-ghost&seed=7&at=12&t=0&beside=1&view=present", 12, 0, 0, true),
        (legible, 21, 2_100_000, 2, true),
        (packed, 21, 2_100_000, 2, true),
    ] {
        let read = Link::parse(link).unwrap_or_else(|error| panic!("{link}: {error}"));
        assert_eq!((read.step, read.at, read.commands.len()), (step, Instant(at), done), "{link}");
        assert_eq!(read.beside, beside.then_some(Against::Counterpart), "{link}");
        assert!(Session::at(&read).is_ok(), "{link}");
    }
    assert_eq!(Link::parse(packed), Link::parse(legible), "the same moment");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_link_holds_the_branch_on_show_its_name_and_what_stands_beside() {
    let mut session = Session::open(catalogue::find("outbox-with-inbox").unwrap());
    session.seek(Instant(1_900_000));
    act(&mut session, "crash orders");
    session.name_branch(session.branches().current().number(), "crashed & gone; 100 %, ü");
    session.pass(Span::from_millis(300));
    let against = [
        Against::Seed(77),
        Against::Seed(u64::MAX),
        Against::Scenario("dual-write-lost".to_owned()),
        Against::Branch(session.run().seed(), Vec::new()),
        Against::Branch(12, session.run().commands().to_vec()),
    ];
    for against in against {
        assert!(session.lay(&against));
        assert_opens_the_same(&session);
        let opened = Session::follow(&text(&session)).unwrap();
        assert_eq!(opened.beside().map(|beside| &beside.against), Some(&against));
        assert_eq!(opened.branches().current().name.as_deref(), Some("crashed & gone; 100 %, ü"));
        let trees = [&opened, &session].map(|session| session.branches().tree().len());
        assert!(trees[0] >= 2 && trees[0] <= trees[1] + 1, "{trees:?}");
    }
    let beyond = "v=1&run=dual-write-ghost&beside=branch:7:4000000@1:crash+orders";
    assert!(Session::follow(beyond).unwrap_err().contains("has only"));
    for (damaged, words) in [
        ("beside=2", "neither 0 nor 1"),
        ("beside=moon:7", "`moon`"),
        ("beside=branch:7", "seed:commands"),
        ("beside=seed:calm-amber-oter", "did you mean `otter`?"),
        ("beside=run:dual-write-gost", "did you mean `dual-write-ghost`?"),
        ("halt=often", "neither 0 nor 1"),
    ] {
        let error = Link::parse(&format!("v=1&run=dual-write-ghost&{damaged}")).unwrap_err();
        assert!(error.contains(words), "{damaged:?} was answered with {error:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_link_that_would_be_long_is_packed_and_a_short_one_stays_legible() {
    let mut session = Session::open(catalogue::find("outbox-with-inbox").unwrap());
    for n in 0..20 {
        session.pass(Span(437_211));
        let plain = session.link().write_plain(session.scenario());
        let written = text(&session);
        assert_eq!(written == plain, plain.len() <= 240, "{written}");
        assert!(written.len() <= plain.len());
        assert_opens_the_same(&session);
        act(&mut session, if n % 2 == 0 { "crash mail" } else { "restart mail" });
    }
    assert!(text(&session).len() < 300, "{}", text(&session));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_link_says_what_stands_on_the_stage_and_beside_it() {
    let session = Session::open(catalogue::find("dual-write-ghost").unwrap());
    let plain = text(&session);
    for (tab, word) in [
        (Tab::Lesson, "lesson"),
        (Tab::Review, "review"),
        (Tab::Search, "search"),
        (Tab::Plots, "plots"),
        (Tab::Compare, "compare"),
    ] {
        let link = Link { sequence: true, tab, ..session.link() };
        let written = link.write(session.scenario());
        assert_eq!(written, format!("{plain}&stage=sequence&tab={word}"));
        assert_eq!(Link::parse(&written).unwrap(), link);
    }
    let halting = Link { halt: true, ..session.link() };
    assert_eq!(halting.write(session.scenario()), format!("{plain}&halt=1"));
    assert_eq!(Link::parse(&format!("{plain}&halt=1")).unwrap(), halting);
    let opened = Link::parse(&plain).unwrap();
    assert_eq!((opened.sequence, opened.tab), (false, Tab::Now), "what goes without saying");
}

/// A shop as somebody would write one, with comments and all.
const SHOP: &str = r#"
# Mine.
title    = "My shop \"Zur Post\": ü, 100 % & more"
shows    = "It breaks."
seed     = "calm-amber-otter"
faults   = ["crash shop after commit #2 for 1s"]
until    = "20s"

[[service]]
name     = "shop"
noun     = "parcel"
items    = ['a "parcel"', "b\tc"]
orders   = 4
publish  = "after-commit"    # the wrong way
messages = [{ name = "parcel packed", to = "labels" }]

[[queue]]
name     = "labels"

[[consumer]]
name     = "printer"
queue    = "labels"
workers  = 2

[promises]
keeps    = ["no-ghost"]
breaks   = ["nothing-lost"]
"#;

fn shop() -> (Scenario, Arc<Own>) {
    let scenario = Scenario::read("my shop", SHOP).unwrap();
    let own = Arc::new(Own::of(SHOP, &scenario).unwrap());
    (scenario, own)
}

/// What a link carries goes without seed (the link says it) and group.
#[track_caller]
fn assert_says_the_same(own: &Scenario, scenario: &Scenario) {
    let Scenario { id, seed, group, .. } = own.clone();
    assert_eq!(*own, Scenario { id, seed, group, ..scenario.clone() });
}

#[wasm_bindgen_test(unsupported = test)]
fn a_link_carries_a_scenario_that_the_catalogue_does_not_have() {
    let (scenario, own) = shop();
    assert_says_the_same(&own.scenario, &scenario);
    let mut session =
        Session::at(&Link { seed: scenario.seed, ..Link::to(&own.scenario, Some(own.clone())) }).unwrap();
    assert!(text(&session).starts_with("v=3&run=my-shop&file="), "{}", text(&session));
    session.seek(Instant(2_500_000));
    assert_opens_the_same(&session);
    for n in 0..14 {
        act(&mut session, if n % 2 == 0 { "crash printer-1" } else { "restart printer-1" });
        session.pass(Span::from_millis(300));
        assert_opens_the_same(&session);
    }
    assert!(text(&session).contains("&z="), "what was done is packed, too: {}", text(&session));
    session.lay(&Against::Seed(7));
    assert_opens_the_same(&session);
    let bare = Link { bare: true, commands: Vec::new(), step: 0, at: Instant(0), ..session.link() };
    assert_opens_the_same(&Session::at(&bare).unwrap());
    assert!(session.open_again_with(9, &[]).is_bare());
    assert_opens_the_same(&session.open_again_with(9, &scenario.setup.faults));
}

#[wasm_bindgen_test(unsupported = test)]
fn every_scenario_of_the_catalogue_could_be_carried_with_changes_in_a_short_link() {
    let mut longest = (0, "");
    for entry in catalogue::all() {
        let scenario = catalogue::find(entry.id).unwrap().clone();
        let mut setup = (*scenario.setup).clone();
        setup.limit = Instant(12_345_678);
        setup.faults.truncate(1);
        setup.services[0].count = 3;
        let changed = Scenario { setup: setup.into(), ..scenario };
        let own = Own::of(entry.text, &changed).unwrap_or_else(|| panic!("{} cannot be carried", entry.id));
        let own = Arc::new(own);
        assert_says_the_same(&own.scenario, &changed);
        assert_eq!(own.scenario.id, format!("{}-changed", entry.id), "it is not mistaken for the other");
        let link = Link { seed: changed.seed, ..Link::to(&own.scenario, Some(own.clone())) };
        let written = link.write(&changed);
        assert_eq!(Link::parse(&written), Ok(link), "{written}");
        longest = longest.max((written.len(), entry.id));
    }
    assert!(longest.0 < 900, "{longest:?}");
    let (_, own) = shop();
    assert!(Link::to(&own.scenario, Some(own.clone())).write(&own.scenario).len() < 600, "a small shop");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_scenario_in_a_link_is_checked_as_any_file_is() {
    let opens = |file: &str| {
        let z = brokerlab::timeline::own::pack(file).unwrap();
        Session::follow(&format!("v=3&run=x&file={z}&seed=1")).map(|_| ())
    };
    assert_eq!(opens(SHOP), Ok(()));
    let deep = format!("title = {}1{}", "[".repeat(20_000), "]".repeat(20_000));
    let tables = format!("title = {}1{}", "{a=".repeat(9_000), "}".repeat(9_000));
    let dots = format!("a{} = 1", ".a".repeat(20_000));
    let heads = format!("[a{}]", ".a".repeat(20_000));
    let many = "[[service]]\nname = 'a'\n".repeat(2_000);
    for (file, words) in [
        ("", "has no `title`"),
        ("title", "this is not TOML"),
        (&SHOP.replace("\"labels\" }", "\"lables\" }"), "did you mean `labels`?"),
        (&SHOP.replace("workers  = 2", "workers = 99999"), "must be a whole number from 1 to"),
        (&SHOP.replace("orders   = 4", "orders = 999999999"), "`orders` must be a whole number"),
        (&SHOP.replace("crash shop after", "crash shop befor"), "line 6, column 25"),
        (&SHOP.replace("\"printer\"", "\"labels\""), "cannot be called `labels`"),
        (&deep, "this is not TOML"),
        (&tables, "this is not TOML"),
        (&dots, "wrong"),
        (&heads, "wrong"),
        (&many, "and 99 more"),
    ] {
        let sentence = opens(file).unwrap_err();
        assert!(sentence.contains("the scenario that it carries is wrong: line "), "{sentence}");
        assert!(sentence.contains(words) && sentence.len() < 800, "{words}: {sentence}");
    }
    let own = shop().1;
    for (damaged, words) in [
        (format!("v=3&run=x&file={}", &own.packed[..own.packed.len() / 2]), "it is damaged"),
        ("v=3&run=x&file=".to_owned(), "cut off"),
        ("v=3&run=x&file=%%%%".to_owned(), "a letter that does not belong"),
        // The lengths that it says it has, of which there is nothing.
        ("v=3&run=x&file=______".to_owned(), "the most that is unpacked is 49152"),
        ("v=3&run=x&file=_78AAAAA".to_owned(), "it is damaged"),
        (
            format!("v=3&run=x&file={}&run=dual-write-ghost", own.packed),
            "beside the scenario that it carries",
        ),
        (format!("v=3&run=x&file={}&do=1@1:crash+mail", own.packed), "`mail`"),
        (format!("v=3&run=x&file={}&z=AAAA", own.packed), "cut off"),
        (format!("v=3&run=x&file={}", "A".repeat(20_000)), "bytes long"),
    ] {
        let sentence = Session::follow(&damaged).map(|_| ()).unwrap_err();
        assert!(sentence.contains(words), "{sentence}, of {damaged}");
    }
    // One that never comes to an end.
    let endless = SHOP
        .replace("orders   = 4", "orders = 900000\nevery = \"1ms\"\nstep = \"1ms\"\nlatency = \"1ms\"")
        .replace("20s", "24h");
    let sentence = opens(&endless).unwrap_err();
    assert!(sentence.contains("more than 1000000 steps"), "{sentence}");
    // A name of the catalogue's is no disguise.
    let named = Session::follow(&format!("v=3&run=dual-write-ghost&file={}", own.packed)).unwrap();
    assert_eq!((named.scenario().id.as_str(), named.run().seed()), ("dual-write-ghost-changed", 1));
}

/// Links that carry a scenario, as they were shared, each after a word; the page's tests open them, too.
const CARRIED: &str = include_str!("../samples/carried-links.txt");

#[wasm_bindgen_test(unsupported = test)]
fn links_that_carry_a_scenario_still_open() {
    let carry = |file: &str| {
        let packed = brokerlab::timeline::own::pack(file).unwrap();
        format!("v=3&run=my-shop&file={packed}&seed=calm-amber-otter")
    };
    let (scenario, own) = shop();
    let mut session =
        Session::at(&Link { seed: scenario.seed, ..Link::to(&own.scenario, Some(own.clone())) }).unwrap();
    session.seek(Instant(2_500_000));
    act(&mut session, "crash printer-1");
    let now = [
        ("shop", text(&session)),
        ("comments", carry(SHOP)),
        ("typo", carry(&SHOP.replace("\"labels\" }", "\"lables\" }"))),
        ("deep", carry(&format!("title = {}1{}", "[".repeat(20_000), "]".repeat(20_000)))),
        (
            "endless",
            carry(
                &SHOP
                    .replace(
                        "orders   = 4",
                        "orders = 900000\nevery = \"1ms\"\nstep = \"1ms\"\nlatency = \"1ms\"",
                    )
                    .replace("20s", "24h"),
            ),
        ),
    ];
    let now: String = now.iter().map(|(word, link)| format!("{word} {link}\n")).collect();
    assert_eq!(CARRIED, now, "packed as ever");
    let link = |word| CARRIED.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix(' ')).unwrap();
    for (word, step, commands) in [("shop", session.run().here().step(), 1), ("comments", 0, 0)] {
        let opened = Session::follow(link(word)).unwrap();
        assert_eq!((opened.run().here().step(), opened.run().commands().len()), (step, commands), "{word}");
        assert_eq!(opened.scenario().setup, scenario.setup, "{word}");
    }
    for (word, said) in
        [("typo", "did you mean `labels`?"), ("deep", "recursion"), ("endless", "1000000 steps")]
    {
        let sentence = Session::follow(link(word)).map(|_| ()).unwrap_err();
        assert!(sentence.contains(said), "{word}: {sentence}");
    }
}
