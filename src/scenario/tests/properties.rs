//! Does it hold for files and faults that nobody thought of?

use super::spec::world;
use crate::broker::command::Command;
use crate::fault::plan::{Fault, Outage, PacketFault, Side, StepFault, Which};
use crate::fault::point::ActorId;
use crate::scenario::spec::{parse_command, parse_fault};
use crate::scenario::steps::{has_database, packets_of, steps_of};
use crate::scenario::write::{write_command, write_fault};
use crate::scenario::{Scenario, catalogue};
use crate::sim::chance::Rate;
use crate::sim::time::{Instant, Span};
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn which() -> impl Strategy<Value = Which> {
    prop_oneof![
        (1..=u32::MAX).prop_map(Which::Nth),
        (1..=1_000_000u32).prop_map(|millionths| Which::Rate(Rate(millionths))),
    ]
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![1_000..=Span::MAX_NAMED.0, (1..=86_400u64).prop_map(|s| s * 1_000_000)].prop_map(Span)
}

fn step_fault(actor: ActorId) -> BoxedStrategy<Fault> {
    let (setup, cast) = world();
    let steps = select(steps_of(cast.role(actor), &setup));
    let crash = |after, down| StepFault::Crash(if after { Side::After } else { Side::Before }, down);
    let fault = prop_oneof![
        (any::<bool>(), proptest::option::of(span())).prop_map(move |(after, down)| crash(after, down)),
        Just(StepFault::Fail),
        span().prop_map(StepFault::Slow),
    ];
    (steps, which(), fault)
        .prop_map(move |(step, which, fault)| match fault {
            StepFault::Fail if !step.can_fail() => (step, which, StepFault::Slow(Span(1_000))),
            fault => (step, which, fault),
        })
        .prop_map(move |(step, which, fault)| Fault::AtStep { actor, step, which, fault })
        .boxed()
}

fn other_fault(actor: ActorId) -> BoxedStrategy<Fault> {
    let (setup, cast) = world();
    let mut outages = vec![Outage::Down(actor)];
    if actor != cast.broker {
        outages.push(Outage::Cut(actor));
    }
    if has_database(cast.role(actor), &setup) {
        outages.push(Outage::Database(actor));
    }
    let during = (select(outages), 0..=40_000_000u64, proptest::option::of(span())).prop_map(
        |(outage, from, lasts)| {
            let until = lasts.map(|span| Instant((from + span.0).min(Span::MAX_NAMED.0)));
            Fault::During { outage, from: Instant(from), until }
        },
    );
    let yields =
        (0..=Span::MAX_NAMED.0, 1..=9u32).prop_map(|(at, nth)| Fault::Yield { at: Instant(at), nth });
    let during = prop_oneof![4 => during, 1 => yields];
    let kinds = packets_of(cast.role(actor), &setup);
    if kinds.is_empty() {
        return during.boxed();
    }
    let fault = prop_oneof![
        Just(PacketFault::Lose),
        Just(PacketFault::Hold),
        span().prop_map(PacketFault::Delay),
        span().prop_map(PacketFault::Double),
        span().prop_map(PacketFault::Hurry),
        span().prop_map(PacketFault::Lag),
    ];
    let packet = (select(kinds), which(), fault).prop_map(move |(kind, which, fault)| Fault::OnPacket {
        actor,
        kind,
        which,
        fault,
    });
    prop_oneof![during, packet].boxed()
}

fn fault() -> impl Strategy<Value = Fault> {
    let parties = world().1.actors.len() as u8;
    (0..parties).prop_flat_map(|actor| prop_oneof![step_fault(ActorId(actor)), other_fault(ActorId(actor))])
}

/// A file of the catalogue with a few bytes cut out, doubled or replaced.
fn mutated() -> impl Strategy<Value = String> {
    let pieces = select(vec![
        "",
        "\"",
        "[",
        "]",
        "[[",
        "{",
        "}",
        "=",
        "#",
        "\n",
        "..",
        "-1",
        "0",
        "99999999999999999999",
        "1e9",
        "true",
        "\\u0000",
        "ü",
        "💥",
        "mail",
        "orders",
        "name",
        "50",
        "5000",
        "\"0s\"",
        "rate 5%",
        "2s..1s",
        "never",
        "'''",
        "[[consumer]]\nname = \"x\"\nqueue = \"mails\"\nworkers = 50\n",
        "[[queue]]\nname = \"q\"\n",
        "workers = 50\n",
    ]);
    let edits = proptest::collection::vec((any::<Index>(), 0..12usize, pieces), 1..6);
    (select(catalogue::all().to_vec()), edits).prop_map(|(entry, edits)| {
        let mut text: Vec<char> = entry.text.chars().collect();
        for (place, cut, piece) in edits {
            let start = place.index(text.len() + 1);
            let end = (start + cut).min(text.len());
            text.splice(start..end, piece.chars());
        }
        text.into_iter().collect()
    })
}

proptest! {
    #[test]
    fn a_fault_that_is_written_reads_back(fault in fault()) {
        let (setup, cast) = world();
        let written = write_fault(&fault, &cast);
        prop_assert_eq!(parse_fault(&written, &cast, &setup), Ok(fault), "{}", &written);
        let command = Command::Lay(fault);
        prop_assert_eq!(parse_command(&write_command(&command, &cast), &cast, &setup), Ok(command));
    }

    #[test]
    fn any_words_are_a_fault_or_an_error_within_the_text(
        words in proptest::collection::vec(select(vec![
            "crash", "fail", "rollback", "slow", "lose", "delay", "down", "cut", "up", "release", "packet", "orders",
            "relay", "broker", "mail", "mail-1", "mails", "orders.database", ".", "before", "after", "commit", "apply",
            "publish", "delivery", "#1", "#", "#0", "#99999999999", "rate", "5%", "5.00001%", ".5%", "%", "for", "by",
            "from", "1s", "1s..2s", "..", "2s..1s", "after-next-step", "7", "ü",
        ]), 0..8),
        rest in ".{0,12}",
    ) {
        let (setup, cast) = world();
        let text = format!("{} {rest}", words.join(" "));
        let errors = [parse_fault(&text, &cast, &setup).err(), parse_command(&text, &cast, &setup).err()];
        for error in errors.into_iter().flatten() {
            prop_assert!(text.is_char_boundary(error.at), "{error:?} in {text:?}");
            prop_assert!(!error.what.is_empty());
        }
    }

    #[test]
    fn a_spoilt_file_is_read_or_refused_with_places_in_it(text in mutated()) {
        match Scenario::read("spoilt", &text) {
            Ok(scenario) => prop_assert!(scenario.setup.cast().actors.len() <= 200),
            Err(problems) => {
                let lines = text.lines().count() as u32 + 1;
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    prop_assert!((1..=lines).contains(&problem.line) && problem.column > 0, "{problem}");
                }
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = Scenario::read("any", &text);
        let _ = crate::scenario::words::parse_seed(&text);
    }
}

#[test]
fn a_huge_file_is_refused_at_once() {
    let started = std::time::Instant::now();
    for line in [
        "[[consumer]]\nworkers = 50\n",
        "[[queue]]\nname = \"q\"\n",
        "[[x]]\n",
        "a = [\n",
        "[[topic]]\nname = \"t\"\n",
    ] {
        let text = line.repeat(crate::scenario::file::LARGEST / line.len());
        assert!(Scenario::read("huge", &text).is_err());
    }
    let keys: String = (0..200).map(|n| format!("x{n} = 1\n")).collect();
    let text = keys
        + &(0..300).map(|n| format!("[[consumer]]\nname = \"c{n}\"\nqueue = \"q\"\n")).collect::<String>();
    assert!(Scenario::read("huge", &text).is_err());
    let faults = "\"crash nobody before nothing #99\",".repeat(20_000);
    assert!(Scenario::read("huge", &format!("faults = [{faults}]")).is_err());
    assert!(Scenario::read("huge", &" ".repeat(crate::scenario::file::LARGEST + 1)).is_err());
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
