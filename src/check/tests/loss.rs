//! When is something lost, and when is there hope?

use super::*;

#[test]
fn a_run_without_trouble_has_no_findings() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_serves(0);
    tale.end();
    tale.expect_nothing();
    let totals = tale.ledger.totals();
    assert_eq!((totals.committed, totals.expected, totals.arrived, totals.effects), (1, 1, 1, 1));
    assert_eq!((totals.deliveries, totals.redeliveries, totals.rolled_back), (1, 0, 0));
    assert_eq!(tale.ledger.applied(0, 0), 1);
}

#[test]
fn a_crash_between_commit_and_publish_loses() {
    let mut tale = Tale::to_mail();
    let committed = tale.order(0);
    tale.say(SHOP, Crashed, NONE, 0);
    tale.expect_nothing();
    let gave_up = tale.also(SHOP, GaveUp, 0, Why::Crash.code());
    let found = tale.found();
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
    assert_eq!((found[0].step, found[0].proof), (tale.step, [committed, gave_up, NONE]));
    tale.end();
    assert_eq!(tale.ledger.counts().lost, 1, "a loss counts once");
    assert_eq!(tale.ledger.counts().stuck, 0);
}

#[test]
fn a_lost_packet_without_confirmation_loses() {
    let mut tale = Tale::without_confirmation();
    let committed = tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.expect_nothing();
    let lost = tale.say(SHOP, Lost, 0, PUBLISH);
    tale.expect(Verdict::Lost, lost, 0, 0, [committed, lost, NONE]);
}

#[test]
fn a_lost_packet_is_no_loss_while_the_service_waits_for_the_confirmation() {
    let mut tale = Tale::to_mail();
    let committed = tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(SHOP, Lost, 0, PUBLISH);
    tale.say(SHOP, TimedOut, 0, 0);
    tale.expect_nothing();
    let gave_up = tale.say(SHOP, GaveUp, 0, Why::TimedOut.code());
    tale.expect(Verdict::Lost, gave_up, 0, 0, [committed, gave_up, NONE]);
}

#[test]
fn a_service_that_crashes_while_it_waits_for_the_confirmation_does_not_send_again() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(SHOP, Crashed, NONE, 0);
    tale.also(SHOP, GaveUp, 0, Why::Crash.code());
    tale.expect_nothing();
    tale.say(SHOP, Lost, 0, PUBLISH);
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn a_refused_publish_is_lost_when_the_service_gives_up() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(BROKER, Sent, 0, packet_code(PacketKind::Refuse, SHOP));
    tale.say(SHOP, NotTaken, 0, 0);
    tale.expect_nothing();
    tale.also(SHOP, GaveUp, 0, Why::NotTaken.code());
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn a_lost_packet_is_no_loss_while_its_twin_is_on_the_way() {
    let mut tale = Tale::without_confirmation();
    tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.also(SHOP, Doubled, 0, PUBLISH);
    tale.say(SHOP, Lost, 0, PUBLISH);
    tale.expect_nothing();
    tale.say(SHOP, Lost, 0, PUBLISH);
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn a_lost_packet_is_no_loss_while_the_outbox_row_waits() {
    let mut tale = Tale::to_mail();
    tale.order_with_row(0, 0);
    tale.say(RELAY, Sent, 0, PUBLISH);
    tale.say(RELAY, Lost, 0, PUBLISH);
    tale.say(RELAY, Crashed, NONE, 0);
    tale.say(SHOP, Crashed, NONE, 0);
    tale.expect_nothing();
    tale.say(RELAY, Sent, 0, PUBLISH);
    tale.say(BROKER, Accepted, 0, u16::from(RELAY.0));
    tale.also(BROKER, Enqueued, 0, AT_MAIL);
    tale.say(RELAY, Marked, 0, 0);
    tale.mail_serves(0);
    tale.end();
    tale.expect_nothing();
}

#[test]
fn a_row_that_is_marked_before_it_is_sent_is_lost() {
    let mut tale = Tale::to_mail();
    let committed = tale.order_with_row(0, 0);
    let marked = tale.say(RELAY, Marked, 0, 0);
    tale.expect(Verdict::Lost, marked, 0, 0, [committed, marked, NONE]);
}

#[test]
fn a_packet_lost_before_the_commit_is_lost_at_the_commit() {
    let mut tale = Tale::without_confirmation();
    tale.say(SHOP, Requested, 0, 1);
    tale.say(SHOP, Sent, 0, PUBLISH);
    let lost = tale.say(SHOP, Lost, 0, PUBLISH);
    tale.expect_nothing();
    let committed = tale.say(SHOP, Committed, 0, 0);
    tale.expect(Verdict::Lost, committed, 0, 0, [committed, lost, NONE]);
}

#[test]
fn a_packet_lost_before_the_rollback_is_no_loss() {
    let mut tale = Tale::without_confirmation();
    tale.say(SHOP, Requested, 0, 1);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(SHOP, Lost, 0, PUBLISH);
    tale.say(SHOP, RolledBack, 0, Why::CommitFailed.code());
    tale.end();
    tale.expect_nothing();
    assert_eq!(tale.ledger.order_state(0), Some(OrderState::RolledBack));
}

#[test]
fn a_produced_unit_counts_as_committed() {
    let mut tale = Tale::without_confirmation();
    let produced = tale.say(SHOP, Produced, 0, 1);
    tale.say(SHOP, Sent, 0, PUBLISH);
    let lost = tale.say(SHOP, Lost, 0, PUBLISH);
    tale.expect(Verdict::Lost, lost, 0, 0, [produced, lost, NONE]);
}

#[test]
fn a_copy_that_is_dropped_is_lost() {
    let mut tale = Tale::to_mail();
    let committed = tale.order(0);
    let accepted = tale.reaches_mails(0);
    tale.say(BROKER, Crashed, NONE, 0);
    let dropped = tale.say(BROKER, Dropped, 0, AT_MAIL);
    tale.expect(Verdict::Lost, dropped, 0, 0, [committed, dropped, accepted]);
}

#[test]
fn a_copy_that_is_dropped_is_no_loss_while_a_delivery_is_on_the_way() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.say(BROKER, Sent, 0, TO_MAIL);
    tale.say(BROKER, Crashed, NONE, 0);
    tale.also(BROKER, Dropped, 0, AT_MAIL);
    tale.expect_nothing();
    let mut lucky = tale.clone();
    lucky.say(MAIL, Received, 0, 0);
    lucky.say(MAIL, Applied, 0, 0);
    lucky.end();
    lucky.expect_nothing();
    tale.say(BROKER, Lost, 0, TO_MAIL);
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn a_delivery_still_on_the_way_at_a_quiet_end_never_arrives() {
    for (held, verdict) in [(false, Verdict::Lost), (true, Verdict::Stuck)] {
        let mut tale = Tale::to_mail();
        tale.order(0);
        tale.reaches_mails(0);
        tale.say(BROKER, Sent, 0, TO_MAIL);
        if held {
            tale.also(BROKER, Held, 0, TO_MAIL);
        }
        tale.say(BROKER, Dropped, 0, AT_MAIL);
        tale.expect_nothing();
        tale.end();
        assert_eq!(tale.verdicts(), [verdict]);
    }
}

#[test]
fn a_publish_still_on_the_way_at_a_quiet_end_never_arrives() {
    for (held, verdict) in [(false, Verdict::Lost), (true, Verdict::Stuck)] {
        let mut tale = Tale::without_confirmation();
        tale.order(0);
        tale.say(SHOP, Sent, 0, PUBLISH);
        if held {
            tale.also(SHOP, Held, 0, PUBLISH);
        }
        tale.end();
        assert_eq!(tale.verdicts(), [verdict]);
    }
}

#[test]
fn what_is_on_the_way_to_a_worker_is_not_gone_with_what_it_has_in_hand() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_receives(0);
    tale.say(BROKER, Sent, 0, TO_MAIL);
    tale.say(BROKER, Settled, 0, AT_MAIL);
    tale.say(MAIL, Crashed, NONE, 0);
    tale.also(MAIL, RolledBack, 0, Why::Crash.code());
    tale.expect_nothing();
    tale.say(BROKER, Lost, 0, TO_MAIL);
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn a_worker_that_crashes_before_the_ack_loses_nothing() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_receives(0);
    tale.say(MAIL, Crashed, NONE, 0);
    tale.say(BROKER, Requeued, 0, AT_MAIL);
    tale.mail_serves(0);
    tale.end();
    tale.expect_nothing();
}

#[test]
fn an_ack_before_the_effect_and_then_a_crash_loses() {
    let mut tale = Tale::to_mail();
    let committed = tale.order(0);
    let accepted = tale.reaches_mails(0);
    tale.mail_receives(0);
    tale.say(BROKER, Settled, 0, AT_MAIL);
    tale.expect_nothing();
    let crashed = tale.say(MAIL, Crashed, NONE, 0);
    tale.expect(Verdict::Lost, crashed, 0, 0, [committed, crashed, accepted]);
}

#[test]
fn an_ack_before_the_effect_and_then_an_exception_loses() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_receives(0);
    tale.say(BROKER, Settled, 0, AT_MAIL);
    tale.say(MAIL, HandlerFailed, 0, 0);
    assert_eq!(tale.verdicts(), [Verdict::Lost]);
}

#[test]
fn an_accepted_message_that_is_put_in_no_queue_is_lost_after_the_step() {
    let mut tale = Tale::to_mail();
    let committed = tale.order(0);
    tale.say(SHOP, Sent, 0, PUBLISH);
    tale.say(SHOP, GaveUp, 0, 0);
    let accepted = tale.say(BROKER, Accepted, 0, 0);
    tale.expect_nothing();
    tale.end();
    tale.expect(Verdict::Lost, accepted, 0, 0, [committed, accepted, accepted]);
}
