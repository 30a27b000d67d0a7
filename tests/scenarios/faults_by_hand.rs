//! Does what a person does while a run plays do what it says, and replay?

use super::world::{Play, to_mail, with_database, with_faults};
use brokerlab::broker::record::Kind;
use brokerlab::broker::setup::{Publishing, Setup};
use brokerlab::broker::world::Ending;
use brokerlab::timeline::run::Run;
use std::sync::Arc;
use wasm_bindgen_test::wasm_bindgen_test;

/// The same commands in a new run give the same run.
#[track_caller]
fn assert_replays(setup: &Setup, play: &Play) {
    let run = Run::new(Arc::new(setup.clone()), 1, play.commands.clone());
    assert_eq!(run.end().world.fingerprint(), play.moment.world.fingerprint());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_party_crashes_and_is_restarted_by_hand() {
    for party in ["orders", "relay", "broker", "mail"] {
        let setup = with_database(Publishing::Outbox, 5);
        let mut play = Play::start(&setup);
        play.until(215);
        play.hand(&format!("crash {party}"));
        let crashed = play.moment.now();
        play.until(420);
        play.hand(&format!("restart {party}"));
        play.finish();
        assert_eq!(play.all(party, Kind::Crashed)[0].at, crashed, "{party}");
        assert_eq!(play.count(party, Kind::Restarted), 1, "{party}");
        let refused = play.count("orders", Kind::Refused);
        assert_eq!(refused > 0, party == "orders");
        assert_eq!(play.count("orders", Kind::Committed) + refused, 5, "{party}");
        assert_eq!(play.counts().lost, 0, "{party}");
        assert_replays(&setup, &play);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_party_crashes_right_after_its_next_step() {
    let setup = with_database(Publishing::AfterCommit, 3);
    let mut play = Play::start(&setup);
    play.until_done("orders", Kind::Serialized, 1);
    // The next step of the shop is to publish; others may have theirs before it.
    play.hand("crash orders after-next-step");
    play.until_done("orders", Kind::Crashed, 1);
    let crashed = play.all("orders", Kind::Crashed)[0];
    assert_eq!(play.all("orders", Kind::Sent).last().map(|sent| sent.step), Some(crashed.step));
    play.finish();
    assert_eq!(play.count("orders", Kind::Crashed), 1, "once");
    assert_replays(&setup, &play);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_database_and_a_wire_are_stopped_and_mended_by_hand() {
    let setup = with_database(Publishing::Outbox, 6);
    let mut play = Play::start(&setup);
    play.until(180);
    play.hand("down orders.database");
    play.until(280);
    play.hand("up orders.database");
    play.until(305);
    play.hand("cut relay");
    assert!(play.moment.world.is_cut(play.moment.world.cast().relay(0)));
    play.until(500);
    play.hand("heal relay");
    play.finish();
    let happened =
        [Kind::DatabaseDown, Kind::DatabaseUp, Kind::Cut, Kind::Healed].map(|kind| play.count("", kind));
    assert_eq!(happened, [1, 1, 1, 1]);
    assert_eq!(play.subjects("orders", Kind::RolledBack), [1]);
    assert_eq!((play.count("mail", Kind::Applied), play.counts().lost), (5, 0));
    assert_replays(&setup, &play);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_fault_laid_by_hand_counts_from_then_on() {
    let setup = with_database(Publishing::AfterCommit, 6);
    let mut play = Play::start(&setup);
    play.until_done("mail", Kind::Applied, 2);
    play.hand("fail orders commit #2");
    play.hand("lose publish orders #1");
    play.hand("down broker 450ms..480ms");
    play.finish();
    assert_eq!(play.count("broker", Kind::Laid), 3);
    assert_eq!(play.subjects("orders", Kind::RolledBack), [3], "the second to be committed after that");
    assert_eq!(play.subjects("orders", Kind::Lost), [2], "the first to be sent after that");
    assert_eq!(
        (play.times("broker", Kind::Crashed), play.times("broker", Kind::Restarted)),
        (vec![450], vec![480])
    );
    assert_replays(&setup, &play);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_packet_is_lost_by_hand_on_the_spot() {
    let setup = to_mail(2);
    let mut play = Play::start(&setup);
    play.until(105);
    let number = play.moment.world.packets().next().map_or(0, |packet| packet.number);
    play.hand(&format!("lose packet {number}"));
    assert_eq!(play.moment.world.packets().count(), 0);
    assert_eq!(play.subjects("orders", Kind::Lost), [0]);
    play.finish();
    assert_eq!(play.subjects("mail", Kind::Applied), [1]);
    assert_eq!(play.counts().lost, 1);
    assert_replays(&setup, &play);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_packet_that_is_held_by_hand_goes_on_where_it_stood() {
    let setup = to_mail(3);
    let mut play = Play::start(&setup);
    play.until_done("broker", Kind::Sent, 2);
    let delivery = play.moment.world.packets().find(|p| p.party == play.moment.world.cast().worker(0, 0));
    let delivery = delivery.copied().unwrap();
    play.hand(&format!("hold packet {}", delivery.number));
    play.until(250);
    assert_eq!(play.count("mail", Kind::Received), 0);
    play.hand(&format!("release packet {}", delivery.number));
    play.finish();
    let held = play.all("broker", Kind::Held)[0].at;
    let released = play.all("broker", Kind::Released)[0].at;
    let pause = released.since(held);
    assert_eq!(play.all("mail", Kind::Received)[0].at, delivery.due + pause);
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 1, 2]);
    assert_replays(&setup, &play);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_packet_that_a_fault_loses_is_not_saved_by_holding_it() {
    let setup = with_faults(to_mail(2), &["lose publish orders #1"]);
    let mut play = Play::start(&setup);
    play.until_done("orders", Kind::Sent, 1);
    let number = play.moment.world.packets().next().map_or(0, |packet| packet.number);
    play.hand(&format!("hold packet {number}"));
    play.until(205);
    assert_eq!(play.count("orders", Kind::Lost), 0, "it stands still");
    play.hand(&format!("release packet {number}"));
    play.finish();
    assert_eq!(play.subjects("orders", Kind::Lost), [0]);
    assert_eq!(play.subjects("mail", Kind::Applied), [1]);
    assert_replays(&setup, &play);
}

#[wasm_bindgen_test(unsupported = test)]
fn what_makes_no_sense_any_more_changes_nothing() {
    let setup = with_database(Publishing::Outbox, 2);
    let untouched = Play::of(&setup);
    let mut play = Play::start(&setup);
    for spec in [
        "restart mail",
        "up orders.database",
        "heal relay",
        "lose packet 77",
        "hold packet 77",
        "release packet 77",
    ] {
        play.until(play.moment.now().0 / 1_000 + 20);
        play.hand(spec);
    }
    play.finish();
    let what = |play: &Play| -> Vec<_> {
        play.moment.world.history().iter().map(|record| (record.at, record.kind, record.subject)).collect()
    };
    assert_eq!(what(&play), what(&untouched));
    // After the end too: nothing is left to be done to.
    play.hand("crash mail");
    assert_eq!((play.count("mail", Kind::Crashed), play.ended()), (0, Some(Ending::Quiet)));
}
