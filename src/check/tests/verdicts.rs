//! Duplicates, ghosts, half-sent, stuck, parked, out of order: found where, and where not?

use super::*;

#[test]
fn every_application_after_the_first_is_a_duplicate() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_receives(0);
    let first = tale.say(MAIL, Applied, 0, 0);
    tale.expect_nothing();
    tale.say(MAIL, Crashed, NONE, 0);
    tale.say(BROKER, Requeued, 0, AT_MAIL);
    let second = tale.mail_receives(0) + 1;
    tale.say(MAIL, Applied, 0, 0);
    tale.expect(Verdict::Duplicate, second, 0, 0, [first, second, NONE]);
    tale.say(MAIL, Applied, 0, 0);
    assert_eq!(tale.ledger.counts().duplicates, 2);
}

#[test]
fn a_repeat_that_the_inbox_recognises_is_no_duplicate() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_serves(0);
    tale.say(BROKER, Accepted, 0, 0);
    tale.also(BROKER, Enqueued, 0, AT_MAIL);
    tale.mail_receives(0);
    tale.say(MAIL, Recognised, 0, 0);
    tale.also(MAIL, RolledBack, 0, Why::Repeat.code());
    tale.say(BROKER, Settled, 0, AT_MAIL);
    tale.end();
    tale.expect_nothing();
    assert_eq!(Promise::ARecognisedRepeat.state(&tale.ledger).held, Some(true));
    assert_eq!(Promise::ARedelivery.state(&tale.ledger).held, Some(true));
}

#[test]
fn a_message_that_is_recognised_but_was_never_applied_is_lost() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_receives(0);
    tale.say(MAIL, Recognised, 0, 0);
    tale.expect_nothing();
    tale.say(BROKER, Settled, 0, AT_MAIL);
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn a_ghost_is_found_when_the_rollback_comes_first() {
    let mut tale = Tale::to_mail();
    tale.say(SHOP, Requested, 0, 1);
    let accepted = tale.reaches_mails(0);
    let undone = tale.say(SHOP, RolledBack, 0, Why::CommitFailed.code());
    tale.expect_nothing();
    let received = tale.mail_receives(0);
    tale.expect(Verdict::Ghost, received, 0, 0, [accepted, undone, received]);
    tale.say(MAIL, Crashed, NONE, 0);
    tale.mail_serves(0);
    assert_eq!(tale.verdicts(), [Verdict::Ghost], "once a pair");
}

#[test]
fn a_ghost_is_found_when_the_receipt_comes_first() {
    let mut tale = Tale::to_mail();
    tale.say(SHOP, Requested, 0, 1);
    let accepted = tale.reaches_mails(0);
    let received = tale.mail_receives(0);
    tale.expect_nothing();
    let undone = tale.say(SHOP, RolledBack, 0, Why::CommitFailed.code());
    tale.expect(Verdict::Ghost, undone, 0, 0, [accepted, undone, received]);
}

#[test]
fn a_rolled_back_message_that_no_consumer_sees_is_no_ghost() {
    let mut tale = Tale::to_mail();
    tale.say(SHOP, Requested, 0, 1);
    tale.reaches_mails(0);
    tale.say(SHOP, RolledBack, 0, Why::CommitFailed.code());
    tale.say(BROKER, Dropped, 0, AT_MAIL);
    tale.end();
    tale.expect_nothing();
}

#[test]
fn the_rollback_of_a_consumer_makes_no_ghost() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_receives(0);
    tale.say(MAIL, RolledBack, 0, Why::CommitFailed.code());
    tale.say(BROKER, Requeued, 0, AT_MAIL);
    tale.mail_serves(0);
    tale.end();
    tale.expect_nothing();
    assert_eq!(Promise::ARollback.state(&tale.ledger).held, Some(false));
}

#[test]
fn a_unit_is_half_sent_when_the_second_message_is_given_up() {
    let mut tale = Tale::two_to_mail();
    tale.say(SHOP, Requested, 0, 2);
    tale.say(SHOP, Committed, 0, 0);
    let accepted = tale.reaches_mails(0);
    tale.expect_nothing();
    tale.say(SHOP, SerializationFailed, 1, 0);
    let gave_up = tale.say(SHOP, GaveUp, 1, Why::Serialization.code());
    let half = tale.found()[0];
    assert_eq!((half.verdict, half.step, half.message), (Verdict::HalfSent, tale.step_of(gave_up), 1));
    assert_eq!((half.queue, half.proof), (NO_QUEUE, [accepted, gave_up, NONE]));
    assert_eq!(tale.verdicts(), [Verdict::HalfSent, Verdict::Lost]);
}

#[test]
fn a_unit_is_half_sent_only_when_the_first_message_has_arrived() {
    let mut tale = Tale::two_to_mail();
    tale.say(SHOP, Requested, 0, 2);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(SHOP, Crashed, NONE, 0);
    let gave_up = tale.also(SHOP, GaveUp, 1, Why::Crash.code());
    tale.say(SHOP, RolledBack, 0, Why::Crash.code());
    tale.expect_nothing();
    let accepted = tale.say(BROKER, Accepted, 0, 0);
    let half = tale.found()[0];
    assert_eq!((half.verdict, half.step), (Verdict::HalfSent, tale.step));
    assert_eq!(half.proof[0], accepted);
    assert!(half.proof[1] >= gave_up);
    assert_eq!(tale.ledger.counts().half_sent, 1);
}

#[test]
fn a_unit_of_which_nothing_was_sent_is_not_half_sent() {
    let mut tale = Tale::two_to_mail();
    tale.say(SHOP, Requested, 0, 2);
    tale.say(SHOP, GaveUp, 0, Why::Serialization.code());
    tale.say(SHOP, GaveUp, 1, Why::Serialization.code());
    tale.say(SHOP, RolledBack, 0, Why::Serialization.code());
    tale.expect_nothing();
}

#[test]
fn a_unit_is_not_half_sent_while_a_row_waits() {
    let mut tale = Tale::two_to_mail();
    tale.say(SHOP, Requested, 0, 2);
    tale.say(SHOP, WroteOutbox, 0, 0);
    tale.say(SHOP, WroteOutbox, 1, 0);
    tale.say(SHOP, Committed, 0, 0);
    for message in [0, 1] {
        tale.say(RELAY, Sent, message, PUBLISH);
    }
    tale.say(BROKER, Accepted, 0, u16::from(RELAY.0));
    tale.also(BROKER, Enqueued, 0, AT_MAIL);
    tale.say(RELAY, Lost, 1, PUBLISH);
    tale.say(RELAY, Crashed, NONE, 0);
    tale.expect_nothing();
}

#[test]
fn what_waits_at_the_end_is_stuck() {
    let mut tale = Tale::to_mail();
    let row = tale.order_with_row(0, 0);
    let queued = tale.order_with_row(1, 1);
    tale.say(RELAY, Sent, 1, PUBLISH);
    let accepted = tale.say(BROKER, Accepted, 1, u16::from(RELAY.0));
    tale.also(BROKER, Enqueued, 1, AT_MAIL);
    let marked = tale.say(RELAY, Marked, 1, 0);
    tale.say(SHOP, Requested, 2, 1);
    tale.expect_nothing();
    tale.end();
    let proofs: Vec<_> = tale.found().iter().map(|finding| finding.proof).collect();
    assert_eq!(tale.verdicts(), [Verdict::Stuck; 2]);
    assert_eq!(proofs, [[row, row - 1, NONE], [queued, marked, accepted]]);
    assert_eq!(tale.ledger.first_finding(Verdict::Stuck).unwrap().0, 0);
    assert_eq!(Promise::EverythingArrives.state(&tale.ledger).held, Some(false));
    assert_eq!(Promise::NothingLost.state(&tale.ledger).held, Some(true));
}

#[test]
fn a_parked_copy_is_not_lost_and_not_stuck() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    let accepted = tale.reaches_mails(0);
    let received = tale.mail_receives(0);
    tale.say(MAIL, DecodeFailed, 0, 0);
    tale.expect_nothing();
    let parked = tale.say(BROKER, DeadLettered, 0, AT_MAIL);
    tale.end();
    tale.expect(Verdict::Parked, parked, 0, 0, [accepted, received, parked]);
    assert_eq!(Promise::EverythingArrives.state(&tale.ledger).held, Some(true));
}

/// Four orders in hand of mail; 0 and 2 have one key, 1 and 3 the other.
fn four_orders() -> (Tale, Vec<u32>) {
    let mut tale = Tale::to_mail();
    let commits = (0..4).map(|order| tale.order(order)).collect();
    (0..4).for_each(|message| {
        tale.reaches_mails(message);
    });
    (tale, commits)
}

#[test]
fn an_earlier_order_of_the_same_key_that_comes_later_is_out_of_order() {
    let (mut tale, commits) = four_orders();
    let later = tale.mail_serves(2);
    tale.mail_serves(1);
    tale.expect_nothing();
    let earlier = tale.mail_receives(0) + 1;
    tale.say(MAIL, Applied, 0, 0);
    tale.expect(Verdict::OutOfOrder, earlier, 0, 0, [commits[0], later, earlier]);
}

#[test]
fn a_repeat_of_an_earlier_order_is_a_duplicate_and_not_out_of_order() {
    let (mut tale, _) = four_orders();
    for message in [0, 2, 0] {
        tale.mail_serves(message);
    }
    assert_eq!(tale.verdicts(), [Verdict::Duplicate]);
}

#[test]
fn an_effect_before_its_commit_that_overtakes_shows_at_the_commit() {
    let mut tale = Tale::to_mail();
    let committed = tale.order(0);
    tale.order(1);
    tale.say(SHOP, Requested, 2, 1);
    tale.reaches_mails(2);
    tale.reaches_mails(0);
    let early = tale.mail_serves(2);
    let late = tale.mail_serves(0);
    tale.expect_nothing();
    let commit = tale.say(SHOP, Committed, 2, 0);
    tale.expect(Verdict::OutOfOrder, commit, 0, 0, [committed, early, late]);
    assert_eq!(tale.ledger.totals().arrived, 2);
}

#[test]
fn each_of_several_that_an_early_effect_overtook_is_out_of_order() {
    let mut tale = Tale::to_mail();
    (0..4).for_each(|order| {
        tale.order(order);
    });
    tale.say(SHOP, Requested, 4, 1);
    for message in [4, 0, 2] {
        tale.reaches_mails(message);
    }
    for message in [4, 0, 2] {
        tale.mail_serves(message);
    }
    tale.expect_nothing();
    tale.say(SHOP, Committed, 4, 0);
    let overtaken: Vec<u32> = tale.found().iter().map(|finding| finding.message).collect();
    assert_eq!((tale.verdicts(), overtaken), (vec![Verdict::OutOfOrder; 2], vec![2, 0]));
}

#[test]
fn a_topic_with_two_read_queues_owes_two_effects() {
    let mut tale = Tale::new(&setup(&[Target::Topic(0)]));
    tale.order(0);
    assert_eq!(tale.ledger.queues_of(0), [0, 1]);
    assert_eq!(tale.ledger.totals().expected, 2);
    tale.reaches_mails(0);
    // The copy for stock never comes to be: certain when the publisher has no more to send.
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
    assert_eq!(tale.found()[0].queue, AT_STOCK as u8);

    let mut tale = Tale::new(&setup(&[Target::Topic(0)]));
    tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(BROKER, Accepted, 0, 0);
    for queue in [AT_MAIL, AT_STOCK, 2] {
        tale.also(BROKER, Enqueued, 0, queue);
    }
    tale.say(SHOP, Confirmed, 0, 0);
    tale.mail_serves(0);
    let dropped = tale.say(BROKER, Dropped, 0, AT_STOCK);
    assert_eq!((tale.verdicts(), tale.found()[0].step), (vec![Verdict::Lost], tale.step_of(dropped)));
    tale.say(BROKER, Dropped, 0, 2);
    assert_eq!(tale.ledger.counts().lost, 1, "nobody reads the third queue");
}

#[test]
fn any_worker_of_a_queue_can_apply_and_each_has_a_hand_of_its_own() {
    let mut tale = Tale::new(&setup(&[Target::Queue(1)]));
    tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(BROKER, Accepted, 0, 0);
    tale.also(BROKER, Enqueued, 0, AT_STOCK);
    tale.say(SHOP, Confirmed, 0, 0);
    for worker in [STOCK, STOCK_2] {
        tale.say(BROKER, Sent, 0, packet_code(PacketKind::Delivery, worker));
        tale.say(worker, Received, 0, u16::from(worker == STOCK_2));
    }
    tale.say(BROKER, Settled, 0, AT_STOCK);
    tale.say(STOCK, Crashed, NONE, 0);
    tale.expect_nothing();
    tale.say(STOCK_2, Applied, 0, 1);
    tale.end();
    tale.expect_nothing();
    assert_eq!((tale.ledger.applied(0, 1), tale.ledger.totals().redeliveries), (1, 1));
}
