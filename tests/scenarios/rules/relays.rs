//! How the rows of an outbox are found, shared and let go: rules 134 and 138 to 145.

use super::super::world::{Play, ms, relay, with_database, with_faults};
use brokerlab::broker::record::Kind;
use brokerlab::broker::setup::{Locking, Marking, OnFailure, Publishing, Reading, SentRows, Setup};
use brokerlab::sim::time::Span;
use wasm_bindgen_test::wasm_bindgen_test;

/// Orders come every 100 ms; the commit of the first is 150 ms late, so that the second overtakes it.
const OVERLAP: &str = "slow orders commit #1 by 150ms";

fn read_by(reading: Reading, count: u32) -> Setup {
    let mut setup = with_database(Publishing::Outbox, count);
    setup.services[0].at_once = 2;
    setup.relays[0].reading = reading;
    setup
}

#[wasm_bindgen_test(unsupported = test)]
fn r134_mark_then_publish_loses_on_a_crash_and_publish_then_mark_does_not() {
    let sent = |marking| {
        let mut setup = with_database(Publishing::Outbox, 3);
        setup.relays[0].marking = marking;
        let play = Play::with(setup, &["crash relay before publish #2 for 60ms"]);
        (play.subjects("broker", Kind::Accepted), play.counts().lost)
    };
    assert_eq!(sent(Marking::BeforePublish), (vec![0, 2], 1));
    assert_eq!(sent(Marking::PerRow), (vec![0, 1, 2], 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r138_a_cursor_never_sees_the_row_whose_lower_id_is_committed_later() {
    let play = Play::with(read_by(Reading::Cursor, 3), &[OVERLAP]);
    let ids = play.all("orders", Kind::WroteOutbox);
    assert_eq!(ids.iter().map(|row| (row.subject, row.other)).collect::<Vec<_>>(), [(0, 1), (1, 2), (2, 3)]);
    assert_eq!(play.subjects("orders", Kind::Committed), [1, 0, 2], "ids are taken before the commit");
    assert_eq!(play.subjects("broker", Kind::Accepted), [1, 2]);
    assert_eq!((play.counts().lost, play.counts().stuck), (1, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r138_what_the_cursor_passed_over_and_was_rolled_back_is_no_loss() {
    let play = Play::with(read_by(Reading::Cursor, 3), &[OVERLAP, "rollback orders #2"]);
    assert_eq!(play.subjects("orders", Kind::RolledBack), [0]);
    assert_eq!((play.subjects("broker", Kind::Accepted), play.counts()), (vec![1, 2], Default::default()));
}

#[wasm_bindgen_test(unsupported = test)]
fn r139_asking_for_what_is_not_sent_finds_it_later() {
    let play = Play::with(read_by(Reading::Unsent, 3), &[OVERLAP]);
    assert_eq!(play.subjects("broker", Kind::Accepted), [1, 0, 2], "second, first");
    assert_eq!(play.counts(), Default::default());
}

/// Six rows wait when two relays with batches of three look for the first time.
fn six_rows(locking: Locking, keys: u32) -> Setup {
    let mut setup = with_database(Publishing::Outbox, 6);
    setup.services[0].every = ms(5);
    setup.services[0].keys = keys;
    setup.relays.push(relay("rival"));
    for relay in &mut setup.relays {
        relay.interval = Span::from_millis(200);
        relay.batch = 3;
        relay.locking = locking;
    }
    setup
}

#[wasm_bindgen_test(unsupported = test)]
fn r140_skip_locked_gives_each_relay_rows_of_its_own() {
    let play = Play::of(&six_rows(Locking::SkipLocked, 1));
    assert_eq!(play.subjects("relay", Kind::RowTaken), [0, 1, 2]);
    assert_eq!(play.subjects("rival", Kind::RowTaken), [3, 4, 5]);
    assert_eq!(play.counts().duplicates, 0);
    assert!(play.counts().out_of_order > 0, "the rows of one key are with both");
}

#[wasm_bindgen_test(unsupported = test)]
fn r140_a_lock_for_each_key_restores_the_order_and_lets_other_keys_go_on() {
    let play = Play::of(&six_rows(Locking::PerKey, 2));
    // Both keys are among the first three rows.
    assert_eq!(play.subjects("relay", Kind::RowTaken)[..3], [0, 1, 2]);
    assert!(play.count("rival", Kind::Polled) > 0);
    assert_eq!(play.counts(), Default::default());
    let mut setup = six_rows(Locking::PerKey, 6);
    setup.relays[0].batch = 2;
    let play = Play::of(&setup);
    assert_eq!(play.subjects("rival", Kind::RowTaken)[..3], [2, 3, 4], "keys of its own");
}

#[wasm_bindgen_test(unsupported = test)]
fn r140_a_crash_lets_the_locks_go() {
    let play = Play::with(six_rows(Locking::SkipLocked, 1), &["crash relay after publish #1"]);
    let mut applied = play.subjects("mail", Kind::Applied);
    applied.sort_unstable();
    applied.dedup();
    assert_eq!(applied, (0..6).collect::<Vec<_>>(), "the other relay takes over");
    assert_eq!((play.counts().lost, play.counts().stuck), (0, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r141_a_failing_row_holds_up_only_its_key_or_is_overtaken() {
    let sent = |on_failure| {
        let mut setup = with_database(Publishing::Outbox, 4);
        setup.services[0].every = ms(5);
        setup.services[0].keys = 2;
        setup.relays[0].interval = Span::from_millis(200);
        setup.relays[0].on_failure = on_failure;
        let play = Play::with(setup, &["lose publish relay #1"]);
        (play.subjects("broker", Kind::Accepted), play.counts().out_of_order)
    };
    assert_eq!(sent(OnFailure::Stop), (vec![0, 1, 2, 3], 0));
    assert_eq!(sent(OnFailure::HoldKey), (vec![1, 3, 0, 2], 0));
    assert_eq!(sent(OnFailure::Skip), (vec![1, 2, 3, 0], 1));
}

#[wasm_bindgen_test(unsupported = test)]
fn r142_the_log_has_the_order_of_the_commits_and_nothing_that_was_rolled_back() {
    let play = Play::with(read_by(Reading::Log, 4), &[OVERLAP, "rollback orders #3"]);
    let committed = play.subjects("orders", Kind::Committed);
    assert_eq!((committed.as_slice(), play.count("orders", Kind::RolledBack)), ([1, 0, 3].as_slice(), 1));
    assert_eq!(play.subjects("relay", Kind::PositionSaved), committed);
    assert_eq!(play.subjects("broker", Kind::Accepted), committed);
    assert!(
        play.subjects("relay", Kind::Polled).iter().all(|&commits| commits > 0),
        "it is told, and never asks"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn r143_after_a_crash_the_tailer_reads_on_from_the_last_saved_position() {
    let repeats = |marking| {
        let mut setup = read_by(Reading::Log, 4);
        setup.services[0].every = ms(1);
        setup.relays[0].marking = marking;
        let last = if marking == Marking::PerRow { "#4" } else { "#1" };
        let crash = format!("crash relay before save-position {last} for 50ms");
        let play = Play::with(setup, &["down relay 0s..150ms", &crash]);
        assert_eq!((play.counts().lost, play.counts().stuck), (0, 0));
        play.counts().duplicates
    };
    assert_eq!([repeats(Marking::PerRow), repeats(Marking::PerBatch)], [1, 4]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r144_a_log_that_nobody_reads_cannot_be_let_go() {
    let mut play = Play::start(&with_faults(read_by(Reading::Log, 8), &["down relay 0s..900ms"]));
    let mut kept = Vec::new();
    for moment in [350, 650, 890] {
        play.until(moment);
        kept.push(play.moment.world.service(0).outbox().len());
    }
    assert_eq!(kept, [3, 6, 8]);
    play.finish();
    assert!(play.moment.world.service(0).outbox().is_empty(), "back again, it drains");
    assert_eq!(play.counts(), Default::default());
}

#[wasm_bindgen_test(unsupported = test)]
fn r145_rows_that_were_sent_are_kept_for_a_while_and_then_deleted() {
    let mut setup = with_database(Publishing::Outbox, 6);
    setup.relays[0].sent_rows = SentRows::DeleteAfter(Span::from_millis(150));
    let mut play = Play::start(&setup);
    let mut most = 0;
    while play.step() {
        most = most.max(play.moment.world.service(0).outbox().kept());
    }
    assert!((2..=3).contains(&most), "{most} rows at most");
    assert!(play.subjects("relay", Kind::Cleaned).iter().sum::<u32>() >= 4);
    assert_eq!(play.counts(), Default::default());
}

#[wasm_bindgen_test(unsupported = test)]
fn r139b_what_is_older_than_every_open_transaction_comes_in_order_and_a_long_one_holds_all_back() {
    let mut play = Play::start(&with_faults(read_by(Reading::Snapshot, 3), &[OVERLAP]));
    play.until_done("orders", Kind::Committed, 2);
    assert_eq!(play.subjects("orders", Kind::Committed), [1, 0]);
    assert!(play.times("orders", Kind::Committed)[0] + 40 < play.times("orders", Kind::Committed)[1]);
    assert_eq!(play.count("relay", Kind::Sent), 0, "the second waits for the first, though it is committed");
    play.finish();
    assert_eq!(play.subjects("broker", Kind::Accepted), [0, 1, 2], "first, second");
    assert_eq!((play.counts().lost, play.counts().duplicates), (0, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r139b_what_was_rolled_back_holds_nothing_back() {
    let play = Play::with(read_by(Reading::Snapshot, 3), &[OVERLAP, "rollback orders #2"]);
    assert_eq!((play.subjects("broker", Kind::Accepted), play.counts()), (vec![1, 2], Default::default()));
}

#[wasm_bindgen_test(unsupported = test)]
fn r139c_at_a_gap_the_relay_waits_for_the_missing_id() {
    let wait = Reading::GapWait(Span::from_millis(600));
    let play = Play::with(read_by(wait, 3), &[OVERLAP]);
    assert_eq!(play.subjects("orders", Kind::Committed), [1, 0, 2]);
    assert_eq!(play.subjects("broker", Kind::Accepted), [0, 1, 2]);
    assert_eq!((play.counts().lost, play.counts().duplicates), (0, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r139c_an_id_that_was_rolled_back_never_comes_so_it_goes_on_after_a_while() {
    let wait = Reading::GapWait(Span::from_millis(600));
    let play = Play::with(read_by(wait, 3), &[OVERLAP, "rollback orders #2"]);
    assert_eq!((play.subjects("broker", Kind::Accepted), play.counts()), (vec![1, 2], Default::default()));
    let waited = play.times("relay", Kind::Sent)[0] - play.times("orders", Kind::Committed)[0];
    assert!((600..700).contains(&waited), "{waited} ms");
}

#[wasm_bindgen_test(unsupported = test)]
fn r139c_a_gap_that_was_waited_out_is_not_waited_for_again_when_the_publish_after_it_fails() {
    let wait = Reading::GapWait(Span::from_millis(600));
    let play = Play::with(read_by(wait, 3), &[OVERLAP, "rollback orders #2", "lose publish relay #1"]);
    assert_eq!(play.subjects("broker", Kind::Accepted), [1, 2]);
    let sent = play.times("relay", Kind::Sent);
    assert!(sent[1] - sent[0] < 200, "{sent:?}");
}

#[wasm_bindgen_test(unsupported = test)]
fn r139c_who_waits_too_little_loses_the_row_as_a_cursor_does() {
    let wait = Reading::GapWait(Span::from_millis(50));
    let play = Play::with(read_by(wait, 3), &["slow orders commit #1 by 300ms"]);
    assert_eq!(play.subjects("broker", Kind::Accepted), [1, 2]);
    assert_eq!((play.counts().lost, play.counts().stuck), (1, 0));
}
