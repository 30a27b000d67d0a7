//! What can the ledger be asked, and how do the promises stand?

use super::*;

#[test]
fn it_knows_which_message_belongs_to_what() {
    let mut tale = Tale::two_to_mail();
    tale.say(SHOP, Requested, 0, 2);
    tale.say(SHOP, Requested, 1, 2);
    let ledger = &tale.ledger;
    assert_eq!((ledger.order_of(3), ledger.kind_of(3), ledger.messages_of(1)), (Some(1), Some(1), 2..4));
    assert_eq!((ledger.service_of(1), ledger.order_state(1)), (Some(0), Some(OrderState::Open)));
    assert_eq!((ledger.order_of(4), ledger.kind_of(4), ledger.messages_of(2)), (None, None, 0..0));
    assert_eq!((ledger.service_of(2), ledger.order_state(2), ledger.applied(9, 9)), (None, None, 0));
}

#[test]
fn nonsense_is_passed_over() {
    let mut tale = Tale::to_mail();
    for number in 0..=(Stopped as u8) {
        // Every kind, by every party, about things that don't exist.
        let kind = KINDS[usize::from(number)];
        for actor in [SHOP, RELAY, BROKER, MAIL, ActorId(77)] {
            for other in [0, 1, 9, PUBLISH, TO_MAIL, u16::MAX] {
                tale.say(actor, kind, 1_000_000, other);
                tale.say(actor, kind, NONE, other);
            }
        }
    }
    tale.expect_nothing();
}

const KINDS: [Kind; Stopped as usize + 1] = [
    Requested,
    Refused,
    Produced,
    Began,
    Wrote,
    Serialized,
    SerializationFailed,
    WroteOutbox,
    Committed,
    RolledBack,
    GaveUp,
    Sent,
    Confirmed,
    NotTaken,
    TimedOut,
    Polled,
    Marked,
    Accepted,
    Enqueued,
    Unroutable,
    Settled,
    Requeued,
    DeadLettered,
    Dropped,
    Stale,
    Lost,
    Doubled,
    Delayed,
    Held,
    Released,
    Received,
    DecodeFailed,
    WroteInbox,
    Recognised,
    Staged,
    Applied,
    HandlerFailed,
    Struck,
    Laid,
    Crashed,
    Restarted,
    DatabaseDown,
    DatabaseUp,
    Cut,
    Healed,
    Slowed,
    Ended,
    PollFailed,
    Leased,
    VisibilityEnded,
    Extended,
    ExtendRefused,
    DelayEnded,
    LongPolled,
    PollTimedOut,
    Reexposed,
    Redriven,
    Discarded,
    RowTaken,
    PositionSaved,
    Cleaned,
    NotKnown,
    IdKept,
    Forgot,
    Stored,
    PutBack,
    WroteMore,
    Collected,
    WillRetry,
    WroteDeadLetter,
    ReplayAsked,
    ReplayFailed,
    LetterRemoved,
    LetterEdited,
    LetterDiscarded,
    Arrived,
    Answered,
    CallFailed,
    Stopping,
    Stopped,
];

#[test]
fn a_promise_is_open_until_it_is_broken_reached_or_the_run_ends() {
    let mut tale = Tale::to_mail();
    let promises = [
        Promise::NothingLost,
        Promise::NoGhost,
        Promise::EverythingArrives,
        Promise::BrokerDown,
        Promise::ACut,
    ];
    let held =
        |tale: &Tale| judge(&tale.ledger, &promises).iter().map(|state| state.held).collect::<Vec<_>>();
    tale.order(0);
    tale.reaches_mails(0);
    assert_eq!(held(&tale), [None; 5]);
    let down = tale.say(BROKER, Crashed, NONE, 0);
    let dropped = tale.say(BROKER, Dropped, 0, AT_MAIL);
    assert_eq!(held(&tale), [Some(false), None, None, Some(true), None]);
    let end = tale.end();
    assert_eq!(held(&tale), [Some(false), Some(true), Some(false), Some(true), Some(false)]);
    let states = judge(&tale.ledger, &promises);
    let breach = |index: usize| states[index].broken.map(|breach| (breach.step, breach.finding));
    assert_eq!((breach(0), breach(2)), (Some((tale.step_of(dropped), 0)), Some((tale.step_of(end), 0))));
    assert_eq!(states[3].reached.map(|moment| moment.place), Some(down));
}

#[test]
fn a_repeat_that_changes_nothing_puts_nothing_twice_to_the_test() {
    let mut tale = Tale::to_mail();
    tale.order(0);
    tale.reaches_mails(0);
    tale.mail_serves(0);
    assert!(!Promise::NothingTwice.is_tested(&tale.ledger), "it came once");
    // The twin of a delivery says of itself that it is the first.
    tale.say(MAIL, Received, 0, 0);
    tale.say(MAIL, SetAgain, 0, 0);
    assert!(Promise::NothingTwice.is_tested(&tale.ledger));
    tale.expect_nothing();
}

#[test]
fn names_are_unique_and_read_back() {
    for promise in Promise::ALL {
        assert_eq!(Promise::of(promise.name()), Some(promise));
        let sentence = promise.sentence("photo");
        assert!(!sentence.contains("order") || promise == Promise::InOrder, "{sentence}");
    }
    assert_eq!(Promise::of("nothing"), None);
    assert_eq!((Promise::InOrder.when(), Promise::AnEffect.when()), (When::Always, When::Sometimes));
    assert_eq!(Promise::EverythingArrives.when(), When::Eventually);
    assert_eq!(Verdict::ALL.map(Verdict::name)[3..5], ["half-sent", "stuck"]);
}
