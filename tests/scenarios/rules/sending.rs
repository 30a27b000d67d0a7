//! Sending, failing to, and serialization: rules 162 to 174.

use super::super::world::{Play, ms, to_mail, two_messages, with_database};
use brokerlab::broker::record::Kind;
use brokerlab::broker::setup::{OnError, Publishing, Serialization};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test(unsupported = test)]
fn r162_a_retry_after_a_lost_confirmation_sends_the_message_twice() {
    let play = Play::with(with_database(Publishing::Outbox, 1), &["lose confirm relay"]);
    assert_eq!(play.subjects("relay", Kind::TimedOut), [0]);
    assert_eq!(play.subjects("broker", Kind::Accepted), [0, 0], "the broker had it already");
    assert_eq!(play.counts().duplicates, 1);
}

#[wasm_bindgen_test(unsupported = test)]
fn r164_after_the_first_of_two_sends_a_failed_commit_or_a_crash_leaves_a_ghost() {
    for fault in ["fail orders commit", "crash orders before publish #2 for 20ms", "lose publish orders #2"] {
        let play = Play::with(two_messages(Publishing::BeforeCommit, 1), &[fault]);
        assert_eq!(play.subjects("orders", Kind::RolledBack), [0], "{fault}");
        assert_eq!(play.moment.world.service(0).rows().len(), 0, "{fault}");
        assert_eq!(play.subjects("mail", Kind::Applied), [0], "{fault}");
        assert!(play.counts().ghosts >= 1, "{fault}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r165_sending_after_the_commit_has_no_ghosts_and_loses_in_a_crash_between_the_two() {
    let rolled_back = Play::with(with_database(Publishing::AfterCommit, 2), &["fail orders commit"]);
    assert_eq!((rolled_back.counts().ghosts, rolled_back.subjects("mail", Kind::Applied)), (0, vec![1]));
    let crashed =
        Play::with(with_database(Publishing::AfterCommit, 2), &["crash orders after commit for 20ms"]);
    assert_eq!((crashed.counts().lost, crashed.subjects("mail", Kind::Applied)), (1, vec![1]));
    let refused = Play::with(with_database(Publishing::AfterCommit, 2), &["down broker 0s..150ms"]);
    assert_eq!((refused.counts().lost, refused.subjects("mail", Kind::Applied)), (1, vec![1]));
}

#[wasm_bindgen_test(unsupported = test)]
fn r166_a_message_sent_before_the_commit_can_be_handled_before_its_row_is_there() {
    let mut setup = with_database(Publishing::BeforeCommit, 1);
    setup.services[0].confirm = None;
    let play = Play::with(setup, &["slow orders commit by 100ms"]);
    assert!(play.times("mail", Kind::Applied)[0] < play.times("orders", Kind::Committed)[0]);
    assert_eq!(play.counts(), Default::default(), "early, and true in the end");
}

#[wasm_bindgen_test(unsupported = test)]
fn r167_all_is_serialized_before_the_first_is_sent_or_half_of_it_is_sent() {
    let outcome = |serialization| {
        let mut setup = two_messages(Publishing::BeforeCommit, 1);
        setup.services[0].serialization = serialization;
        let play = Play::with(setup, &["fail orders serialize #2"]);
        assert_eq!(play.subjects("orders", Kind::RolledBack), [0]);
        let counts = play.counts();
        (play.count("orders", Kind::Sent), counts.ghosts, counts.half_sent)
    };
    assert_eq!(outcome(Serialization::AsSent), (1, 1, 1));
    assert_eq!(outcome(Serialization::AllFirst), (0, 0, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r173_what_cannot_be_decoded_is_not_tried_again() {
    for on_error in [OnError::Requeue, OnError::Reject] {
        let mut setup = to_mail(3);
        setup.consumers[0].on_error = on_error;
        let play = Play::with(setup, &["fail mail receive #2"]);
        assert_eq!(play.subjects("mail", Kind::Received), [0, 1, 2], "one attempt each");
        assert_eq!(play.subjects("mail", Kind::DecodeFailed), [1]);
        assert_eq!(play.moment.world.queue(0).parked(), [1]);
        assert_eq!((play.counts().parked, play.counts().lost), (1, 0));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r174_one_poisoned_message_blocks_the_queue_or_is_parked_or_is_dropped() {
    // The first message fails every time it is tried: as long as nothing else is, every attempt is its.
    let outcome = |on_error, dead_letters, fault: &str| {
        let mut setup = to_mail(3);
        setup.services[0].every = ms(1);
        setup.limit = brokerlab::sim::time::Instant(3_000_000);
        setup.consumers[0].on_error = on_error;
        setup.queues[0].dead_letters = dead_letters;
        let play = Play::with(setup, &[fault]);
        (play.subjects("mail", Kind::Applied), play.moment.world.queue(0).parked().to_vec())
    };
    assert_eq!(outcome(OnError::Requeue, true, "fail mail apply rate 100%"), (vec![], vec![]));
    assert_eq!(outcome(OnError::Reject, true, "fail mail apply #1"), (vec![1, 2], vec![0]));
    assert_eq!(outcome(OnError::Reject, false, "fail mail apply #1"), (vec![1, 2], vec![]));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_call_that_is_on_the_wire_when_its_caller_crashes_is_not_half_sent_for_it_arrives() {
    let outcome = |faults: &[&str]| {
        let mut setup = super::super::world::calling(1);
        let again = setup.services[0].messages[0].clone();
        setup.services[0].messages.push(again);
        let play = Play::with(setup, faults);
        (play.subjects("mail", Kind::Received), play.counts().half_sent)
    };
    assert_eq!(outcome(&["crash orders after call #2 for 1s"]), (vec![0, 1], 0));
    assert_eq!(outcome(&["crash orders after call #2 for 1s", "lose call orders #2"]), (vec![0], 1));
}
