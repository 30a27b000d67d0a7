//! Does the diagram tell what happened, all of it, and nothing of the future?

use super::*;
use crate::broker::inbox::Inbox;
use crate::broker::record::{Kind, NONE};
use crate::broker::setup::Setup;
use crate::scenario::catalogue;
use crate::scenario::spec::parse_fault;
use crate::timeline::run::Run;
use expect_test::expect_file;
use std::fmt::Write;

fn run(id: &str) -> Run {
    let scenario = catalogue::find(id).unwrap();
    Run::new(scenario.setup.clone(), scenario.seed, Vec::new())
}

/// A run of that scenario with other faults, changed a little.
fn changed(id: &str, faults: &[&str], change: impl Fn(&mut Setup)) -> Run {
    let mut setup = (*catalogue::find(id).unwrap().setup).clone();
    change(&mut setup);
    let cast = setup.cast();
    setup.faults = faults.iter().map(|fault| parse_fault(fault, &cast, &setup).unwrap()).collect();
    Run::new(setup.into(), 1, Vec::new())
}

fn seen(run: &Run, first: u32, last: u32) -> Window {
    let end = run.end();
    window(&Index::of(&end.world), &end.world, &end.ledger, first, last)
}

/// A window as a person reads it: the rows, then what spans them.
fn read(run: &Run, window: &Window) -> String {
    let world = &run.here().world;
    let lanes = lanes(world);
    let name = |lane: crate::fault::point::ActorId| &lanes[usize::from(lane.0)];
    let mut out = String::new();
    for row in &window.rows {
        let texts: Vec<String> =
            row.texts.iter().map(|text| format!("{}: {}", name(text.lane), text.words)).collect();
        let found = row.found.map_or(String::new(), |verdict| format!("   <- {}", verdict.name()));
        let _ = writeln!(out, "{:>3} {}  {}{found}", row.step, row.at, texts.join(" | "));
    }
    out.push('\n');
    for arrow in &window.arrows {
        let _ = writeln!(
            out,
            "{:>3} to {:>3}  {} -> {}: {} ({:?})",
            arrow.first,
            arrow.last,
            name(arrow.from),
            name(arrow.to),
            words::packet(world, arrow),
            arrow.fate
        );
    }
    out.push('\n');
    for bar in &window.bars {
        let last = if bar.last == u32::MAX { "...".to_owned() } else { bar.last.to_string() };
        let good = if bar.good { "well" } else { "badly" };
        let _ =
            writeln!(out, "{:>3} to {last:>3}  {}: {:?}, ends {good}", bar.first, name(bar.lane), bar.kind);
    }
    out
}

#[test]
fn a_run_reads_as_a_diagram() {
    for id in ["dual-write-lost", "sqs-visibility-timeout-too-short", "exchange-routing"] {
        let mut run = run(id);
        run.seek(u32::MAX);
        let whole = seen(&run, 1, u32::MAX);
        expect_file![format!("snapshots/{id}.txt")].assert_eq(&read(&run, &whole));
    }
}

#[test]
fn of_every_packet_it_is_known_what_became_of_it() {
    for scenario in catalogue::scenarios() {
        let run = run(&scenario.id);
        let world = &run.end().world;
        let index = Index::of(world);
        let history = world.history();
        let sent = history.iter().filter(|r| matches!(r.kind, Kind::Sent | Kind::Doubled)).count();
        assert_eq!(index.arrows(0, u32::MAX).count(), sent, "{}", scenario.id);
        for arrow in index.arrows(0, u32::MAX) {
            // A poll that is under way when all is quiet is never answered.
            let last_poll =
                arrow.kind == crate::fault::point::PacketKind::Poll && arrow.last + 2 > world.steps();
            assert!(arrow.fate != Fate::Unheeded || last_poll, "{}: {arrow:?}", scenario.id);
            assert!(arrow.first < arrow.last && (arrow.end == NONE || arrow.sent < arrow.end));
        }
        let lost = history.iter().filter(|record| record.kind == Kind::Lost).count();
        let crosses = index.arrows(0, u32::MAX).filter(|arrow| arrow.fate == Fate::Lost).count();
        assert_eq!(crosses, lost, "{}", scenario.id);
    }
}

#[test]
fn when_all_is_quiet_no_transaction_is_open_and_nobody_has_a_message_in_hand() {
    for scenario in catalogue::scenarios() {
        let run = run(&scenario.id);
        let index = Index::of(&run.end().world);
        let left = index.bars(0, u32::MAX).filter(|bar| bar.last == u32::MAX);
        let left: Vec<_> =
            left.filter(|bar| matches!(bar.kind, BarKind::Transaction | BarKind::Hidden)).collect();
        assert!(left.is_empty(), "{}: {left:?}", scenario.id);
    }
}

#[test]
fn a_transaction_that_was_undone_ends_badly_and_the_next_try_is_another() {
    let transactions = |run: &Run| {
        let index = Index::of(&run.end().world);
        let mine = index.bars(0, u32::MAX).filter(|bar| bar.kind == BarKind::Transaction && bar.subject == 0);
        let worker = run.end().world.worker_actor(0);
        mine.filter(|bar| bar.lane == worker).map(|bar| (bar.depth, bar.good)).collect::<Vec<_>>()
    };
    let stored = changed("inbox-store-first", &["fail mail apply #1"], |_| ());
    assert_eq!(transactions(&stored), [(0, false), (0, true)], "put back, then done");
    let last = changed("outbox-with-inbox", &["double delivery mail #1 by 20ms"], |setup| {
        setup.consumers[0].inbox = Inbox::IdsLast;
    });
    assert_eq!(transactions(&last), [(0, true), (0, false)], "done, then done in vain");
}

#[test]
fn of_an_answer_with_several_messages_each_has_its_twin() {
    let run = changed("sqs-poll-model", &["down mail 100ms..9s", "double reply mail #1 by 5ms"], |_| ());
    let world = &run.end().world;
    let twin = world.history().iter().find(|record| record.kind == Kind::Doubled).unwrap().step;
    let index = Index::of(world);
    let replies = index.arrows(twin, twin).filter(|arrow| arrow.first == twin);
    let replies: Vec<_> = replies.map(|arrow| (arrow.message, arrow.fate)).collect();
    assert!(replies.len() >= 4, "{replies:?}");
    for pair in replies.chunks(2) {
        // The poll is answered by then: nobody waits for the twin.
        assert_eq!(pair, [(pair[0].0, Fate::Arrived), (pair[0].0, Fate::Lost)], "{replies:?}");
    }
}

#[test]
fn queues_are_strung_together_only_behind_a_queue() {
    let say = |words: &str| Text {
        lane: ActorId(0),
        words: words.to_owned(),
        weight: Weight::Light,
        place: 0,
        last: 0,
        from: None,
    };
    let mut texts = Vec::new();
    for words in ["1 back in mails", "1 parked", "in dead", "in audit"] {
        rows::join(&mut texts, say(words));
    }
    assert_eq!(texts, [say("1 back in mails · 1 parked · in dead, audit")]);
}

#[test]
fn what_xml_does_not_allow_becomes_a_space() {
    assert_eq!(svg::escape("a<b & \u{1}\"c\u{fffe}\u{ffff}"), "a&lt;b &amp;  &quot;c  ");
}

#[test]
fn a_window_holds_what_the_whole_diagram_holds_there() {
    for id in ["outbox-relay-crash", "use-decoupling", "sqs-poll-model", "critical-through-outbox"] {
        let run = run(id);
        let whole = seen(&run, 1, u32::MAX);
        let steps = run.end().step();
        for first in (1..=steps).step_by(7) {
            let last = (first + 9).min(steps);
            let part = seen(&run, first, last);
            let crosses = |from: u32, to: u32| from <= last && to >= first;
            let rows: Vec<_> = whole.rows.iter().filter(|row| crosses(row.step, row.step)).collect();
            let arrows: Vec<_> =
                whole.arrows.iter().filter(|arrow| crosses(arrow.first, arrow.last)).collect();
            let bars: Vec<_> = whole.bars.iter().filter(|bar| crosses(bar.first, bar.last)).collect();
            assert_eq!(part.rows.iter().collect::<Vec<_>>(), rows, "{id} from {first}");
            assert_eq!(part.arrows.iter().collect::<Vec<_>>(), arrows, "{id} from {first}");
            assert_eq!(part.bars.iter().collect::<Vec<_>>(), bars, "{id} from {first}");
        }
    }
}

#[test]
fn it_grows_as_the_run_goes_on_and_tells_nothing_of_the_future() {
    let mut run = run("dual-write-lost");
    let index = Index::of(&run.end().world);
    for step in 1..=run.end().step() {
        run.seek(step);
        let here = run.here();
        // An index made of what has happened so far knows nothing else.
        let own = Index::of(&here.world);
        let [known, all] = [&own, &index].map(|index| window(index, &here.world, &here.ledger, 1, u32::MAX));
        assert_eq!(all.rows, known.rows, "step {step}");
        assert_eq!(all.bars, known.bars, "step {step}");
        assert_eq!(all.arrows.len(), known.arrows.len(), "step {step}");
        for (one, other) in all.arrows.iter().zip(&known.arrows) {
            assert_eq!((one.sent, one.end, one.fate), (other.sent, other.end, other.fate), "step {step}");
            assert!(one.last <= step, "step {step}: {one:?}");
        }
    }
}

#[test]
fn what_led_to_it_begins_with_a_request_and_ends_with_it() {
    let mut run = run("outbox-relay-crash");
    run.seek(u32::MAX);
    let here = run.here();
    let history = here.world.history();
    let applied = (0..).zip(history.iter()).find(|(_, record)| record.kind == Kind::Applied).unwrap().0;
    let chain = chain(&here.world, applied, 100);
    assert!(chain.is_sorted() && chain.last() == Some(&applied));
    let kinds: Vec<Kind> = chain.iter().map(|&place| history.get(place).unwrap().kind).collect();
    assert_eq!(kinds.first(), Some(&Kind::Requested), "{kinds:?}");
    for step in [Kind::WroteOutbox, Kind::Committed, Kind::Polled, Kind::Accepted, Kind::Received] {
        assert!(kinds.contains(&step), "{step:?} is missing in {kinds:?}");
    }
    assert_eq!(told(&here.world, &here.ledger, &chain).len(), chain.len());
    assert_eq!(super::chain(&here.world, applied, 2).len(), 2, "a long one is cut");
    assert!(super::chain(&here.world, NONE, 9).is_empty());
}

#[test]
fn a_drawing_of_some_rows_weighs_the_same_in_a_short_run_and_in_a_long_one() {
    let mut setup = (*catalogue::find("outbox-polling-relay").unwrap().setup).clone();
    let short = Run::new(setup.clone().into(), 1, Vec::new());
    setup.services[0].count = 1_500;
    setup.limit = crate::sim::time::Instant(24 * 3_600_000_000);
    let long = Run::new(setup.into(), 1, Vec::new());
    assert!(long.end().step() > 10_000, "{}", long.end().step());
    let drawn = |run: &Run, first| {
        let window = seen(run, first, first + 40);
        svg::draw(&run.end().world, &window, svg::Size::PAPER, svg::Look::Page, &[], "d").len()
    };
    let (few, many) = (drawn(&short, 20), drawn(&long, 9_000));
    assert!(many < 2 * few, "{few} bytes against {many}");
}

#[test]
fn rows_beyond_the_end_are_an_empty_drawing() {
    let run = run("exchange-routing");
    let window = seen(&run, 500, 46);
    assert!(window.rows.is_empty());
    let drawn = svg::draw(&run.end().world, &window, svg::Size::PAPER, svg::Look::Page, &[], "d");
    assert!(drawn.ends_with("</svg>") && !drawn.contains("class=\"words"));
}
