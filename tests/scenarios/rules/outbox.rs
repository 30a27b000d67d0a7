//! Dual write and the outbox: rules 131 to 148.

use super::super::world::{Play, ms, two_messages, with_database, with_faults};
use brokerlab::broker::record::Kind;
use brokerlab::broker::setup::{Inbox, Marking, OnError, Publishing, Setup};
use brokerlab::fault::point::Step;
use brokerlab::scenario::steps::steps_of;
use brokerlab::sim::time::Span;
use wasm_bindgen_test::wasm_bindgen_test;

fn outbox(count: u32) -> Setup {
    with_database(Publishing::Outbox, count)
}

#[wasm_bindgen_test(unsupported = test)]
fn r131_without_a_common_transaction_row_or_message_can_exist_alone() {
    let play = Play::with(with_database(Publishing::BeforeCommit, 3), &["fail orders commit #2"]);
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 1, 2]);
    assert_eq!(play.moment.world.service(0).rows().iter().copied().collect::<Vec<_>>(), [0, 2]);
    assert_eq!((play.counts().ghosts, play.counts().lost), (1, 0), "a message without its row");

    let play =
        Play::with(with_database(Publishing::AfterCommit, 3), &["crash orders after commit #2 for 20ms"]);
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 2]);
    assert_eq!(play.moment.world.service(0).rows().iter().copied().collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!((play.counts().ghosts, play.counts().lost), (0, 1), "a row that is never announced");
}

#[wasm_bindgen_test(unsupported = test)]
fn r132_the_message_row_shares_the_fate_of_the_business_row() {
    let mut play = Play::start(&with_faults(outbox(2), &["fail orders commit #1", "down relay 0s..5s"]));
    play.until_done("orders", Kind::RolledBack, 1);
    assert_eq!(play.count("orders", Kind::WroteOutbox), 1, "it was staged");
    assert!(
        play.moment.world.service(0).outbox().is_empty() && play.moment.world.service(0).rows().is_empty()
    );
    play.until_done("orders", Kind::Committed, 1);
    assert_eq!(play.moment.world.service(0).rows().iter().copied().collect::<Vec<_>>(), [1]);
    assert!(play.moment.world.service(0).outbox().messages().eq([1]));
    play.finish();
    assert_eq!(play.subjects("mail", Kind::Applied), [1]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r133_the_relay_publishes_at_least_once() {
    let play = Play::with(outbox(2), &["crash relay before mark-sent #1 for 100ms"]);
    assert_eq!(play.subjects("broker", Kind::Accepted), [0, 0, 1], "the same id twice");
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 0, 1]);
    assert_eq!((play.counts().duplicates, play.counts().lost), (1, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r134_no_crash_of_the_relay_loses_a_row_because_it_marks_last() {
    for side in ["before", "after"] {
        for step in ["poll", "publish", "confirmed", "mark-sent"] {
            for marking in [Marking::PerRow, Marking::PerBatch] {
                let mut setup = outbox(4);
                setup.services[0].every = ms(5);
                setup.relays[0].marking = marking;
                let fault = format!("crash relay {side} {step} #2 for 100ms");
                let play = Play::with(setup, &[&fault]);
                let counts = play.counts();
                assert_eq!((counts.lost, counts.stuck, counts.ghosts), (0, 0, 0), "{fault}");
                assert!(play.moment.world.service(0).outbox().is_empty(), "{fault}");
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r134_marking_a_whole_batch_at_once_sends_a_whole_batch_again() {
    let repeats = |marking| {
        let mut setup = outbox(4);
        setup.services[0].every = ms(1);
        setup.relays[0].marking = marking;
        let last = if marking == Marking::PerRow { "#4" } else { "#1" };
        // The relay finds all four rows at once, and crashes before its last mark.
        let faults =
            ["down relay 0s..150ms".to_owned(), format!("crash relay before mark-sent {last} for 50ms")];
        Play::with(setup, &[&faults[0], &faults[1]]).counts().duplicates
    };
    assert_eq!([repeats(Marking::PerRow), repeats(Marking::PerBatch)], [1, 4]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r135_both_copies_carry_the_same_id_and_an_inbox_keeps_one() {
    let mut setup = outbox(2);
    setup.consumers[0].inbox = Inbox::Ids;
    let play = Play::with(setup, &["crash relay before mark-sent #1 for 100ms"]);
    assert_eq!(play.subjects("broker", Kind::Accepted), [0, 0, 1]);
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 1]);
    assert_eq!(play.subjects("mail", Kind::Recognised), [0]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r136_the_outbox_stores_bytes_so_only_the_transaction_can_fail_to_serialize() {
    let setup = outbox(3);
    let cast = setup.cast();
    assert!(steps_of(cast.role(cast.service(0)), &setup).contains(&Step::Serialize));
    assert!(!steps_of(cast.role(cast.relay(0)), &setup).contains(&Step::Serialize));
    let play = Play::with(setup, &["fail orders serialize #2"]);
    assert_eq!(play.subjects("orders", Kind::RolledBack), [1]);
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 2]);
    assert_eq!(play.moment.world.service(0).rows().len(), 2);
}

#[wasm_bindgen_test(unsupported = test)]
fn r137_polling_costs_half_the_interval_on_average_and_empty_polls() {
    let mut setup = outbox(30);
    setup.services[0].every = ms(1_733);
    setup.relays[0].interval = Span::from_millis(1_000);
    let play = Play::of(&setup);
    let (committed, sent) = (play.times("orders", Kind::Committed), play.times("relay", Kind::Sent));
    let lag: u64 = committed.iter().zip(&sent).map(|(committed, sent)| sent - committed).sum();
    let mean = lag / committed.len() as u64;
    assert!((450..600).contains(&mean), "{mean} ms");
    assert!(play.subjects("relay", Kind::Polled).contains(&0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r146_the_relay_stops_at_the_failing_row_and_keeps_the_order() {
    for marking in [Marking::PerRow, Marking::PerBatch] {
        let mut setup = outbox(4);
        setup.services[0].every = ms(1);
        setup.relays[0].marking = marking;
        let play = Play::with(setup, &["down relay 0s..150ms", "lose publish relay #2"]);
        // 1 is given up for this round, and with it all that follow; 0 is not sent again.
        assert_eq!(play.subjects("relay", Kind::TimedOut), [1], "{marking:?}");
        assert_eq!(play.subjects("relay", Kind::Sent), [0, 1, 1, 2, 3], "{marking:?}");
        assert_eq!(play.subjects("broker", Kind::Accepted), [0, 1, 2, 3], "{marking:?}");
        let (given_up, again) = (play.times("relay", Kind::TimedOut)[0], play.times("relay", Kind::Sent)[2]);
        assert!(again >= given_up + 40, "{marking:?}: not before the next poll");
        assert_eq!((play.counts().duplicates, play.counts().out_of_order), (0, 0), "{marking:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r146_while_the_broker_is_down_rows_wait_and_go_out_in_order() {
    let mut play = Play::start(&with_faults(outbox(8), &["down broker 180ms..3s"]));
    play.until(2_900);
    assert_eq!(play.moment.world.service(0).outbox().len(), 7);
    assert!(play.count("relay", Kind::NotTaken) > 10, "it asks again and again");
    assert!(play.subjects("relay", Kind::NotTaken).iter().all(|&message| message == 1), "the oldest only");
    play.finish();
    assert_eq!(play.subjects("mail", Kind::Applied), (0..8).collect::<Vec<_>>());
    assert_eq!((play.counts().lost, play.counts().duplicates, play.counts().out_of_order), (0, 0, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r140_two_relays_that_share_an_outbox_publish_everything_twice() {
    let mut setup = outbox(3);
    setup.relays.push(super::super::world::relay("rival"));
    let play = Play::of(&setup);
    assert_eq!(play.subjects("broker", Kind::Accepted), [0, 0, 1, 1, 2, 2]);
    assert_eq!((play.counts().duplicates, play.counts().lost), (3, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r140_as_long_as_another_relay_has_the_row_in_hand_nothing_is_lost() {
    let mut setup = outbox(1);
    setup.queues[0].dead_letters = false;
    setup.consumers[0].on_error = OnError::Reject;
    setup.relays.push(super::super::world::relay("rival"));
    // The first to publish marks the row, and its message is thrown away; then comes the second.
    let faults = ["slow rival publish by 200ms", "fail mail apply #1"];
    let mut play = Play::start(&with_faults(setup, &faults));
    play.until_done("broker", Kind::Dropped, 1);
    assert_eq!((play.count("relay", Kind::Marked), play.counts().lost), (1, 0));
    play.finish();
    assert_eq!((play.subjects("mail", Kind::Applied), play.counts()), (vec![0], Default::default()));
}

/// Every single crash of the service, put to the three ways of publishing.
#[wasm_bindgen_test(unsupported = test)]
fn r148_under_every_crash_of_the_service_only_the_outbox_loses_nothing_and_haunts_nobody() {
    let sweep = |publishing| {
        let setup = two_messages(publishing, 3);
        let (mut lost, mut ghosts, mut half_sent) = (0, 0, 0);
        for step in steps_of(setup.cast().role(setup.cast().service(0)), &setup) {
            for side in ["before", "after"] {
                let fault = format!("crash orders {side} {} #2 for 30ms", step.name());
                let counts = Play::with(setup.clone(), &[&fault]).counts();
                lost += counts.lost;
                ghosts += counts.ghosts;
                half_sent += counts.half_sent;
            }
        }
        (lost > 0, ghosts > 0, half_sent > 0)
    };
    assert_eq!(sweep(Publishing::BeforeCommit), (false, true, true));
    assert_eq!(sweep(Publishing::AfterCommit), (true, false, true));
    assert_eq!(sweep(Publishing::Outbox), (false, false, false));
}
