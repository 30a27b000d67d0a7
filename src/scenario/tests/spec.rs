//! Does every form of the grammar mean what it says?

use crate::broker::command::{Amount, Command, Letters, Operator};
use crate::broker::setup::{Cast, Role, Setup};
use crate::fault::plan::{Fault, Outage, PacketFault, Side, StepFault, Which};
use crate::fault::point::{PacketKind, Step};
use crate::scenario::spec::{FAULT_VERBS, HAND_VERBS, parse_command, parse_fault, parse_operator};
use crate::scenario::steps::steps_of;
use crate::scenario::write::{write_command, write_fault};
use crate::scenario::{Scenario, catalogue};
use crate::sim::chance::Rate;
use crate::sim::time::{Instant, Span};
use std::sync::Arc;

/// A world with every kind of party: orders (outbox), relay, broker, mail-1, mail-2.
pub(super) fn world() -> (Arc<Setup>, Cast) {
    let setup = Scenario::read("test", super::errors::RIGHT).unwrap().setup;
    let cast = setup.cast();
    (setup, cast)
}

#[test]
fn dead_letters_are_named_by_their_number_and_their_service() {
    let parking = super::errors::RIGHT.replace("\"outbox\"", "\"before-commit\"\non-failure = \"park\"");
    let parking = parking.replace("[[relay]]\nname = \"relay\"\nreads = \"orders\"\n", "");
    let setup = Scenario::read("test", &parking).unwrap().setup;
    let cast = setup.cast();
    let orders = cast.find("orders").unwrap();
    for (written, command) in [
        ("replay all of orders", Operator::Replay { service: orders, letters: Letters::All }),
        ("replay #2 of orders", Operator::Replay { service: orders, letters: Letters::One(2) }),
        ("edit #1 of orders", Operator::Edit { service: orders, letters: Letters::One(1), to: None }),
        (
            "edit all of orders to 19.90",
            Operator::Edit { service: orders, letters: Letters::All, to: Amount::new("19.90") },
        ),
        ("resend #2 of mails", Operator::SendEdited { queue: 0, message: 1, to: None }),
        (
            "resend #2 of mails with 19.90",
            Operator::SendEdited { queue: 0, message: 1, to: Amount::new("19.90") },
        ),
        ("discard all of orders", Operator::DiscardLetters { service: orders, letters: Letters::All }),
    ] {
        let command = Command::Operate(command);
        assert_eq!(parse_command(written, &cast, &setup), Ok(command));
        assert_eq!(write_command(&command, &cast), written);
        let at = (Instant(1_500_000), command);
        assert_eq!(parse_operator(&format!("{written} at 1.5s"), &cast, &setup), Ok(at));
    }
}

#[test]
fn a_fault_means_what_it_says() {
    let (setup, cast) = world();
    let actor = |name: &str| cast.find(name).unwrap();
    let check = |spec: &str, written: &str, fault: Fault| {
        assert_eq!(parse_fault(spec, &cast, &setup), Ok(fault), "{spec}");
        assert_eq!(parse_command(spec, &cast, &setup), Ok(Command::Lay(fault)), "{spec}");
        assert_eq!(write_fault(&fault, &cast), written);
    };
    let at = |name: &str, step, which, fault| Fault::AtStep { actor: actor(name), step, which, fault };
    check(
        "  crash   orders after commit ",
        "crash orders after commit #1",
        at("orders", Step::Commit, Which::Nth(1), StepFault::Crash(Side::After, None)),
    );
    check(
        "crash relay before mark-sent #2 for 1.5s",
        "crash relay before mark-sent #2 for 1500ms",
        at("relay", Step::MarkSent, Which::Nth(2), StepFault::Crash(Side::Before, Some(Span(1_500_000)))),
    );
    let rolled_back = at("orders", Step::Commit, Which::Nth(3), StepFault::Fail);
    check("rollback orders #3", "fail orders commit #3", rolled_back);
    check("fail orders commit #3", "fail orders commit #3", rolled_back);
    check(
        "fail mail-2 apply rate 0.25%",
        "fail mail-2 apply rate 0.25%",
        at("mail-2", Step::Apply, Which::Rate(Rate(2_500)), StepFault::Fail),
    );
    check(
        "slow broker accept rate 100% by 2s",
        "slow broker accept rate 100% by 2s",
        at("broker", Step::Accept, Which::Rate(Rate(1_000_000)), StepFault::Slow(Span(2_000_000))),
    );
    let on = |name: &str, kind, which, fault| Fault::OnPacket { actor: actor(name), kind, which, fault };
    check(
        "lose confirm relay #4",
        "lose confirm relay #4",
        on("relay", PacketKind::Confirm, Which::Nth(4), PacketFault::Lose),
    );
    check(
        "double delivery mail-1 by 1ms",
        "double delivery mail-1 #1 by 1ms",
        on("mail-1", PacketKind::Delivery, Which::Nth(1), PacketFault::Double(Span(1_000))),
    );
    check(
        "hurry publish relay #2 by 5ms",
        "hurry publish relay #2 by 5ms",
        on("relay", PacketKind::Publish, Which::Nth(2), PacketFault::Hurry(Span(5_000))),
    );
    check(
        "lag ack mail-1 by 1us",
        "lag ack mail-1 #1 by 1us",
        on("mail-1", PacketKind::Ack, Which::Nth(1), PacketFault::Lag(Span(1))),
    );
    check("yield at 3.5s", "yield at 3500ms #1", Fault::Yield { at: Instant(3_500_000), nth: 1 });
    check("yield at 1000001us #2", "yield at 1000001us #2", Fault::Yield { at: Instant(1_000_001), nth: 2 });
    let during = |outage, from, until: Option<u64>| Fault::During {
        outage,
        from: Instant(from),
        until: until.map(Instant),
    };
    check(
        "down broker 3s..6.5s",
        "down broker 3s..6500ms",
        during(Outage::Down(actor("broker")), 3_000_000, Some(6_500_000)),
    );
    check(
        "down orders.database from 0s",
        "down orders.database from 0s",
        during(Outage::Database(actor("orders")), 0, None),
    );
    check(
        "cut mail-1 1s..2s",
        "cut mail-1 1s..2s",
        during(Outage::Cut(actor("mail-1")), 1_000_000, Some(2_000_000)),
    );
}

#[test]
fn a_queue_may_be_called_database_and_databases_still_go_down() {
    let setup = Scenario::read("test", &super::errors::RIGHT.replace("mails", "database")).unwrap().setup;
    let cast = setup.cast();
    let orders = cast.find("orders").unwrap();
    let outage = Outage::Database(orders);
    let fault = Fault::During { outage, from: Instant(1_000_000), until: Some(Instant(2_000_000)) };
    for (spec, command) in [
        ("down orders.database 1s..2s", Command::Lay(fault)),
        ("down orders.database", Command::DatabaseDown(orders)),
        ("up orders.database", Command::DatabaseUp(orders)),
    ] {
        assert_eq!(parse_command(spec, &cast, &setup), Ok(command), "{spec}");
        assert_eq!(write_command(&command, &cast), spec);
    }
}

#[test]
fn a_hand_can_do_more() {
    let (setup, cast) = world();
    let actor = |name: &str| cast.find(name).unwrap();
    let check = |spec: &str, written: &str, command: Command| {
        assert_eq!(parse_command(spec, &cast, &setup), Ok(command), "{spec}");
        assert_eq!(write_command(&command, &cast), written);
        assert_eq!(parse_command(written, &cast, &setup), Ok(command), "{written}");
    };
    check("crash orders", "crash orders", Command::Crash(actor("orders")));
    check("down broker", "crash broker", Command::Crash(actor("broker")));
    check("up broker", "restart broker", Command::Restart(actor("broker")));
    check("restart relay", "restart relay", Command::Restart(actor("relay")));
    let after = Command::CrashAfterNextStep(actor("relay"));
    check("crash relay after-next-step", "crash relay after-next-step", after);
    check("down mail-1.database", "down mail-1.database", Command::DatabaseDown(actor("mail-1")));
    check("up orders.database", "up orders.database", Command::DatabaseUp(actor("orders")));
    check("cut relay", "cut relay", Command::Cut(actor("relay")));
    check("heal relay", "heal relay", Command::Heal(actor("relay")));
    check("lose packet 7", "lose packet 7", Command::Lose(7));
    check("hold packet 0", "hold packet 0", Command::Hold(0));
    check("release packet 4294967295", "release packet 4294967295", Command::Release(u32::MAX));
    for wrong in
        ["lose packet", "lose packet -1", "release relay", "restart", "up relay.database", "crash relay now"]
    {
        assert!(parse_command(wrong, &cast, &setup).is_err(), "{wrong} was read");
    }
}

#[test]
fn what_yields_is_told_by_its_moment_and_its_number() {
    let (setup, cast) = world();
    let wrong = |spec: &str| parse_fault(spec, &cast, &setup).unwrap_err();
    let error = wrong("yield orders");
    assert_eq!((error.at, &*error.what), (6, "here stand `at` and the moment: yield at 3.5s #1"));
    let error = wrong("yield at 3s rate 5%");
    let what = "of what is due then one yields: #1 for the first, #2 for the second …";
    assert_eq!((error.at, &*error.what), (17, what));
}

#[test]
fn every_verb_is_known_and_a_plan_has_none_for_hands() {
    let (setup, cast) = world();
    for verb in FAULT_VERBS.iter().chain(&HAND_VERBS) {
        let error = parse_command(verb, &cast, &setup).unwrap_err();
        assert!(!error.what.contains("verb"), "{verb}: {error}");
    }
    for verb in HAND_VERBS {
        let error = parse_fault(verb, &cast, &setup).unwrap_err();
        assert!(error.what.contains("by hand"), "{verb}: {error}");
    }
}

#[test]
fn every_party_of_the_catalogue_has_steps_and_can_crash_at_each() {
    for scenario in catalogue::scenarios() {
        let cast = scenario.setup.cast();
        for actor in &cast.actors {
            let steps = steps_of(actor.role, &scenario.setup);
            let idle = actor.role == Role::Broker && !scenario.setup.uses_broker();
            assert!(idle || !steps.is_empty(), "{} of {}", actor.name, scenario.id);
            for step in steps {
                let spec = format!("crash {} before {} #1", actor.name, step.name());
                let fault = parse_fault(&spec, &cast, &scenario.setup).unwrap();
                assert_eq!(write_fault(&fault, &cast), spec);
            }
        }
    }
}
