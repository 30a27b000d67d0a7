//! Does every link come back as it was, legible or packed, and does no link that nobody wrote do harm?

use brokerlab::broker::command::{Command, Placed};
use brokerlab::broker::world::World;
use brokerlab::fault::point::ActorId;
use brokerlab::scenario::Scenario;
use brokerlab::scenario::catalogue;
use brokerlab::scenario::spec::parse_command;
use brokerlab::sim::time::Instant;
use brokerlab::timeline::beside::Against;
use brokerlab::timeline::link::{Link, Tab, View};
use brokerlab::timeline::own::{self, Own};
use brokerlab::timeline::pack::{LONGEST_TEXT, pack, unpack};
use brokerlab::timeline::session::Session;
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

/// What a link has room for: the most that a typical one takes, in characters.
const TYPICAL: usize = 600;

fn scenario() -> impl Strategy<Value = &'static Scenario> {
    prop::sample::select(catalogue::scenarios().iter().collect::<Vec<_>>())
}

/// Something that can be done by hand in that scenario, whether it makes sense or not.
fn command(scenario: &'static Scenario) -> impl Strategy<Value = Command> {
    let cast = scenario.setup.cast();
    let actors = cast.actors.len() as u8;
    let lay = cast.actors.iter().flat_map(|actor| {
        let name = &actor.name;
        [
            format!("crash {name} after-next-step"),
            format!("down {name} 1s..2500ms"),
            format!("cut {name} 100ms..9s"),
        ]
    });
    let lay: Vec<Command> =
        lay.filter_map(|spec| parse_command(&spec, &scenario.setup.cast(), &scenario.setup).ok()).collect();
    prop_oneof![
        (0..actors).prop_map(|actor| Command::Crash(ActorId(actor))),
        (0..actors).prop_map(|actor| Command::Restart(ActorId(actor))),
        any::<u32>().prop_map(Command::Lose),
        (0..40u32).prop_map(Command::Hold),
        prop::sample::select(lay),
    ]
}

fn commands(scenario: &'static Scenario, most: usize) -> impl Strategy<Value = Vec<Placed>> {
    let one = (1..40u32, 0..2_000_000u64, command(scenario));
    vec(one, 0..most).prop_map(|many| {
        let mut place = (0, Instant(0));
        let placed = many.into_iter().map(|(steps, micros, command)| {
            place = (place.0 + steps, Instant(place.1.0 + micros));
            Placed { step: place.0, at: place.1, command }
        });
        placed.collect()
    })
}

fn against(scenario: &'static Scenario) -> impl Strategy<Value = Option<Against>> {
    prop_oneof![
        Just(None),
        Just(Some(Against::Counterpart)),
        any::<u64>().prop_map(|seed| Some(Against::Seed(seed))),
        self::scenario().prop_map(|other| Some(Against::Scenario(other.id.clone()))),
        (any::<u64>(), commands(scenario, 8)).prop_map(|(seed, done)| Some(Against::Branch(seed, done))),
    ]
}

/// The catalogue's scenarios as ones of one's own, with another end and without their faults, so that they are others.
static OWN: LazyLock<Vec<Arc<Own>>> = LazyLock::new(|| {
    let change = |entry: &catalogue::Entry| {
        let scenario = catalogue::find(entry.id).unwrap().clone().without_own_faults();
        Arc::new(Own::of(entry.text, &scenario.until(Instant(7_654_321))).unwrap())
    };
    catalogue::all().iter().step_by(5).map(change).collect()
});

fn link() -> impl Strategy<Value = (Link, &'static Scenario)> {
    let view = prop::sample::select(vec![View::Page, View::Present, View::Embed]);
    let seed = prop_oneof![0..200_000u64, any::<u64>()];
    let name = prop::option::of("\\PC{1,40}");
    let moment = (any::<u32>(), any::<u64>(), any::<bool>(), any::<bool>());
    let tabs = vec![Tab::Now, Tab::Lesson, Tab::Review, Tab::Search, Tab::Plots, Tab::Compare];
    let shown = (any::<bool>(), prop::sample::select(tabs));
    let own = prop::sample::select(OWN.iter().collect::<Vec<_>>());
    let scenario = prop_oneof![
        3 => scenario().prop_map(|scenario| (scenario, None)),
        1 => own.prop_map(|own| (&own.scenario, Some(own))),
    ];
    scenario.prop_flat_map(move |(scenario, carried)| {
        let own = (commands(scenario, 24), against(scenario));
        let how = (name.clone(), view.clone(), shown.clone());
        (own, seed.clone(), how, moment).prop_map(
            move |((commands, beside), seed, (name, view, (sequence, tab)), (step, at, bare, halt))| {
                let to = Link::to(scenario, carried.cloned());
                let at = Instant(at);
                (
                    Link { bare, seed, commands, step, at, name, beside, halt, view, sequence, tab, ..to },
                    scenario,
                )
            },
        )
    })
}

proptest! {
    #[test]
    fn a_link_comes_back_as_it_was_legible_or_packed((link, scenario) in link()) {
        let written = link.write(scenario);
        prop_assert!(written.bytes().all(|byte| byte.is_ascii_graphic()), "{}", written);
        prop_assert_eq!(&Link::parse(&written), &Ok(link.clone()), "{}", written);
        let plain = link.write_plain(scenario);
        prop_assert!(written.len() <= plain.len());
        prop_assert_eq!(Link::parse(&plain), Ok(link), "{}", plain);
    }

    #[test]
    fn any_text_comes_back_from_its_packing(text in "\\PC{0,300}") {
        let packed = pack(&text).unwrap();
        prop_assert!(packed.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
        prop_assert_eq!(unpack(&packed), Ok(text));
    }

    #[test]
    fn letters_that_nobody_packed_are_refused_and_no_more_is_made_of_them_than_a_text_may_be(letters in "[A-Za-z0-9_-]{0,400}") {
        if let Ok(text) = unpack(&letters) {
            // One in 65,536 has the right checksum by chance.
            prop_assert!(text.len() <= LONGEST_TEXT);
        }
        for link in [format!("v=2&z={letters}"), format!("v=3&run=x&file={letters}&seed=1")] {
            let sentence = Link::parse(&link).unwrap_err();
            prop_assert!(sentence.len() > 10);
        }
    }

    #[test]
    fn a_scenario_in_a_link_that_somebody_has_tampered_with_is_read_or_refused_in_a_sentence(own in prop::sample::select(OWN.iter().collect::<Vec<_>>()), at in any::<prop::sample::Index>(), piece in "[\\PC\n]{0,3}", most in 0..20usize) {
        let text = own::text(&own.packed).unwrap();
        let start = at.index(text.len());
        let end = (start + most).min(text.len());
        if let (Some(head), Some(tail)) = (text.get(..start), text.get(end..)) {
            let packed = own::pack(&format!("{head}{piece}{tail}")).unwrap();
            match Link::parse(&format!("v=3&run=x&file={packed}")) {
                Ok(link) => prop_assert!(link.own.is_some()),
                Err(sentence) => prop_assert!(sentence.contains("the scenario that it carries is wrong: line "), "{}", sentence),
            }
        }
    }

    #[test]
    fn a_packed_link_that_was_damaged_is_told_from_a_whole_one((link, scenario) in link(), at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_-]", cut in any::<bool>()) {
        let packed = pack(&link.write_plain(scenario)).unwrap();
        let at = at.index(packed.len());
        let damaged = if cut { packed[..at].to_owned() } else { format!("{}{letter}{}", &packed[..at], &packed[at + 1..]) };
        match unpack(&damaged) {
            // The last letter holds fewer bits than it could, and a text that ends early may lose only zeros.
            Ok(text) => prop_assert_eq!(text, link.write_plain(scenario)),
            Err(sentence) => prop_assert!(sentence.len() > 10),
        }
    }
}

/// Several things done by hand by a person who plays, in every scenario, with the branch named and something beside.
#[test]
fn a_typical_link_is_short() {
    let mut longest = (0, String::new());
    for scenario in catalogue::scenarios() {
        let mut session = Session::open(scenario);
        let cast = scenario.setup.cast();
        let steps = session.run().end().step();
        for n in 1..=12 {
            let actor = ActorId(n as u8 % cast.actors.len() as u8);
            session.seek_step(session.run().here().step() + steps / 16);
            session.act(if n % 2 == 0 { Command::Restart(actor) } else { Command::Crash(actor) });
        }
        let done = session.run().commands().len();
        assert!(done >= 10, "{}: {done}", scenario.id);
        session.name_branch(session.branches().current().number(), "it crashed, and came back too late");
        session.lay_beside();
        let text = session.link().write(session.scenario());
        assert!(text.starts_with("v=2&z="), "{text}");
        assert_eq!(Session::follow(&text).unwrap().link(), session.link());
        assert!(text.len() < TYPICAL / 2, "{} bytes: {text}", text.len());
        longest = longest.max((text.len(), text));
    }
    println!("the longest has {} characters: {}", longest.0, longest.1);
}

/// Far more than a person does still fits into what is read.
#[test]
fn five_hundred_things_done_by_hand_fit_into_a_link() {
    let scenario = catalogue::find("outbox-with-inbox").unwrap();
    let mut world = World::new(scenario.setup.clone(), scenario.seed);
    let mut commands = Vec::new();
    for n in 0..500u32 {
        world.step();
        commands.push(Placed {
            step: world.steps() + n,
            at: world.now(),
            command: Command::Crash(ActorId(n as u8 % 4)),
        });
    }
    let link = Link { commands, ..Session::open(scenario).link() };
    let text = link.write(scenario);
    assert_eq!(Link::parse(&text), Ok(link));
    println!("500 commands: {} characters", text.len());
}

#[test]
fn a_bomb_a_link_within_a_link_and_one_that_is_too_long_are_refused_with_the_reason() {
    // It says that it holds 65,535 bytes.
    let bomb = "v=2&z=__8AAAAA";
    assert!(Link::parse(bomb).unwrap_err().contains("65535 bytes; the most that is unpacked is 49152"));
    let plain = "v=1&run=dual-write-ghost";
    let nested = (0..3).fold(plain.to_owned(), |inner, _| format!("v=2&z={}", pack(&inner).unwrap()));
    assert!(Link::parse(&nested).unwrap_err().contains("version 2, but not in its form"));
    let once = format!("v=2&z={}", pack(plain).unwrap());
    assert_eq!(Link::parse(&once), Link::parse(plain));
    // Nothing but zeros, as tightly as it goes.
    let zeros = "0".repeat(LONGEST_TEXT);
    let packed = pack(&zeros).unwrap();
    assert!(packed.len() < 400, "{}", packed.len());
    assert!(Link::parse(&format!("v=2&z={packed}")).unwrap_err().len() < 200);
    assert_eq!(pack(&"0".repeat(LONGEST_TEXT + 1)), None);
    let long = format!("v=2&z={}", "A".repeat(20_000));
    assert!(Link::parse(&long).unwrap_err().contains("bytes long"));
}
