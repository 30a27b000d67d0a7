//! The idempotent consumer: rules 150 to 159.

use super::super::world::{Play, ms, to_topic, with_database, with_faults};
use brokerlab::broker::backoff::{Jitter, Retry, Wait};
use brokerlab::broker::inbox::MessageId;
use brokerlab::broker::record::Kind;
use brokerlab::broker::setup::{Inbox, InboxKey, Publishing, Setup};
use brokerlab::scenario::steps::steps_of;
use brokerlab::sim::time::Span;
use wasm_bindgen_test::wasm_bindgen_test;

fn with_inbox(count: u32) -> Setup {
    let mut setup = with_database(Publishing::Outbox, count);
    setup.consumers[0].inbox = Inbox::Ids;
    setup
}

#[wasm_bindgen_test(unsupported = test)]
fn r150_the_id_and_the_effect_are_one_transaction_and_a_repeat_is_acknowledged() {
    let play = Play::with(with_inbox(2), &["double publish relay #1 by 20ms"]);
    assert_eq!(play.subjects("mail", Kind::Received), [0, 0, 1]);
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 1]);
    assert_eq!(play.subjects("mail", Kind::Recognised), [0]);
    assert_eq!(play.count("broker", Kind::Settled), 3, "the repeat too");
    assert!(play.moment.world.consumer_db(0).knows(MessageId::of(0)));
    assert_eq!(play.moment.world.consumer_db(0).applied(), 2);
}

#[wasm_bindgen_test(unsupported = test)]
fn r151_two_subscribers_do_not_hide_a_message_from_each_other() {
    let mut setup = to_topic(2);
    setup.consumers.iter_mut().for_each(|consumer| consumer.inbox = Inbox::Ids);
    let play = Play::of(&setup);
    for party in ["mail", "stock", "bill"] {
        assert_eq!(play.subjects(party, Kind::Applied), [0, 1], "{party}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r152_two_workers_with_the_same_id_at_once_come_to_one_effect() {
    let mut setup = with_inbox(1);
    setup.consumers[0].workers = 2;
    setup.consumers[0].handler = ms(100);
    let play = Play::with(setup, &["double publish relay #1 by 1ms"]);
    let received = ["mail-1", "mail-2"].map(|worker| play.count(worker, Kind::Received));
    assert_eq!(received, [1, 1], "both have it in hand");
    assert_eq!(play.count("", Kind::WroteInbox), 1, "insert first: the other waits for the key");
    assert_eq!((play.count("", Kind::Staged), play.count("", Kind::Applied)), (1, 1), "one ran the handler");
    assert_eq!(play.count("", Kind::Recognised), 1);
    assert_eq!(play.counts().duplicates, 0);
}

#[wasm_bindgen_test(unsupported = test)]
fn r152_when_the_first_fails_the_one_that_waited_for_the_key_does_the_work() {
    let mut setup = with_inbox(1);
    setup.consumers[0].workers = 2;
    setup.consumers[0].handler = ms(100);
    let play = Play::with(setup, &["double publish relay #1 by 1ms", "crash mail-1 after apply"]);
    assert_eq!(play.subjects("mail-1", Kind::RolledBack), [0]);
    assert_eq!(play.subjects("mail-2", Kind::Applied), [0]);
    assert_eq!((play.counts().duplicates, play.counts().lost), (0, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r154_the_inbox_rolls_back_with_the_effect_so_a_failed_attempt_can_be_made_again() {
    for fault in ["fail mail apply #1", "fail mail commit #1", "crash mail after apply #1 for 20ms"] {
        let play = Play::with(with_inbox(1), &[fault]);
        assert_eq!(play.subjects("mail", Kind::RolledBack), [0], "{fault}");
        assert_eq!(play.subjects("mail", Kind::WroteInbox), [0, 0], "{fault}");
        assert_eq!(
            (play.count("mail", Kind::Applied), play.count("mail", Kind::Recognised)),
            (1, 0),
            "{fault}"
        );
    }
}

/// Every crash of every party, at each of its steps: at-least-once all the way, and an inbox at the end.
#[wasm_bindgen_test(unsupported = test)]
fn r159_outbox_and_inbox_together_are_effectively_once_under_every_crash() {
    let setup = with_inbox(3);
    let cast = setup.cast();
    let mut repeats = 0;
    for actor in &cast.actors {
        for step in steps_of(actor.role, &setup) {
            for side in ["before", "after"] {
                for which in ["#1", "#2", "#3"] {
                    let fault = format!("crash {} {side} {} {which} for 60ms", actor.name, step.name());
                    let play = Play::with(setup.clone(), &[&fault]);
                    assert_eq!(play.counts(), Default::default(), "{fault}");
                    let committed = play.subjects("orders", Kind::Committed);
                    assert_eq!(play.subjects("mail", Kind::Applied), committed, "{fault}");
                    repeats += play.count("mail", Kind::Recognised);
                }
            }
        }
    }
    assert!(repeats > 3, "only {repeats} repeats had to be recognised");
}

fn kept_as(inbox: Inbox, count: u32) -> Setup {
    let mut setup = with_inbox(count);
    setup.consumers[0].inbox = inbox;
    setup
}

#[wasm_bindgen_test(unsupported = test)]
fn r149_what_is_stored_first_is_acknowledged_at_once_and_worked_on_from_the_table() {
    let mut play = Play::start(&with_faults(
        kept_as(Inbox::StoreFirst, 4),
        &["fail mail apply #1", "fail mail apply #2", "crash mail before apply #4 for 500ms"],
    ));
    play.until_done("broker", Kind::Settled, 1);
    assert_eq!((play.count("mail", Kind::Applied), play.waiting(0).len()), (0, 0), "the queue is empty");
    assert!(play.moment.world.consumer_db(0).stored().eq([0]), "the backlog is here");
    play.finish();
    assert_eq!(play.count("mail", Kind::PutBack), 3, "twice failed, once crashed");
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 1, 2, 3]);
    assert_eq!(play.counts(), Default::default());
    assert_eq!(play.moment.world.consumer_db(0).stored().count(), 0);
}

#[wasm_bindgen_test(unsupported = test)]
fn r149_a_repeat_of_what_is_stored_is_recognised() {
    let play = Play::with(kept_as(Inbox::StoreFirst, 2), &["double publish relay #1 by 2ms"]);
    assert_eq!(
        (play.subjects("mail", Kind::Stored), play.subjects("mail", Kind::Recognised)),
        (vec![0, 1], vec![0])
    );
    assert_eq!(play.counts(), Default::default());
}

#[wasm_bindgen_test(unsupported = test)]
fn r153_in_two_transactions_the_id_first_loses_and_the_effect_first_doubles() {
    let sweep = |inbox| {
        let setup = kept_as(inbox, 2);
        let (mut lost, mut doubled) = (0, 0);
        for step in steps_of(setup.cast().role(setup.cast().worker(0, 0)), &setup) {
            for side in ["before", "after"] {
                let fault = format!("crash mail {side} {} #1 for 60ms", step.name());
                let counts = Play::with(setup.clone(), &[&fault]).counts();
                lost += counts.lost;
                doubled += counts.duplicates;
            }
        }
        (lost > 0, doubled > 0)
    };
    assert_eq!(sweep(Inbox::IdThenEffect), (true, false));
    assert_eq!(sweep(Inbox::EffectThenId), (false, true));
    assert_eq!(sweep(Inbox::Ids), (false, false));
    assert_eq!(sweep(Inbox::StoreFirst), (false, false));
}

#[wasm_bindgen_test(unsupported = test)]
fn r156_after_the_window_a_late_repeat_is_taken_for_new() {
    let applied = |window| {
        let mut setup = with_inbox(1);
        setup.consumers[0].window = window;
        Play::with(setup, &["double publish relay #1 by 300ms"]).count("mail", Kind::Applied)
    };
    assert_eq!(applied(None), 1);
    assert_eq!(applied(Some(Span::from_millis(1_000))), 1);
    assert_eq!(applied(Some(Span::from_millis(200))), 2);
}

#[wasm_bindgen_test(unsupported = test)]
fn r149_what_a_worker_had_taken_up_another_goes_on_with_when_it_is_gone() {
    let at_work = ["crash mail-1 before apply"];
    let at_rest = ["fail mail-1 apply #1", "down mail-1 from 400ms"];
    for gone in [&at_work[..], &at_rest[..]] {
        let mut setup = kept_as(Inbox::StoreFirst, 1);
        setup.consumers[0].workers = 2;
        let play = Play::with(setup, gone);
        assert_eq!(play.subjects("mail-2", Kind::Applied), [0], "{gone:?}");
        assert_eq!(play.counts(), Default::default(), "{gone:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r152_with_the_id_written_last_both_do_the_work_and_one_undoes_it() {
    let mut setup = kept_as(Inbox::IdsLast, 1);
    setup.consumers[0].workers = 2;
    setup.consumers[0].handler = ms(100);
    let play = Play::with(setup, &["double publish relay #1 by 1ms"]);
    assert_eq!(play.count("", Kind::Staged), 2, "both ran the handler");
    assert_eq!((play.count("", Kind::WroteInbox), play.count("", Kind::Applied)), (1, 1));
    assert_eq!((play.count("", Kind::Recognised), play.subjects("", Kind::RolledBack)), (1, vec![0]));
    assert_eq!((play.counts(), play.count("broker", Kind::Settled)), (Default::default(), 2));
}

#[wasm_bindgen_test(unsupported = test)]
fn r152_with_the_id_written_last_no_crash_loses_or_doubles_anything() {
    let setup = kept_as(Inbox::IdsLast, 2);
    for step in steps_of(setup.cast().role(setup.cast().worker(0, 0)), &setup) {
        for side in ["before", "after"] {
            let fault = format!("crash mail {side} {} #1 for 60ms", step.name());
            let play = Play::with(setup.clone(), &[&fault]);
            assert_eq!(
                (play.counts(), play.subjects("mail", Kind::Applied)),
                (Default::default(), vec![0, 1]),
                "{fault}"
            );
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r152_with_the_id_written_last_a_crash_undoes_the_work_that_waits_for_its_id() {
    for crash in ["after apply", "before write-inbox", "after write-inbox", "before commit"] {
        let play = Play::with(kept_as(Inbox::IdsLast, 1), &[&format!("crash mail {crash} #1 for 60ms")]);
        assert_eq!(play.subjects("mail", Kind::RolledBack), [0], "{crash}");
        assert_eq!(play.subjects("mail", Kind::Applied), [0], "{crash}");
    }
    let play = Play::with(kept_as(Inbox::IdsLast, 1), &["crash mail before apply #1 for 60ms"]);
    assert_eq!(play.count("mail", Kind::RolledBack), 0, "nothing was done yet");
}

/// A mail is no part of any transaction: it is sent before the id is committed, or after.
#[wasm_bindgen_test(unsupported = test)]
fn r155_what_lies_outside_the_transaction_is_done_twice_or_never() {
    let mails = |inbox, crash: &str| {
        let play = Play::with(kept_as(inbox, 1), &[crash]);
        (play.count("mail", Kind::Applied), play.count("mail", Kind::Recognised))
    };
    assert_eq!(mails(Inbox::EffectThenId, "crash mail before write-inbox for 60ms"), (2, 0));
    assert_eq!(mails(Inbox::IdThenEffect, "crash mail before apply for 60ms"), (0, 1), "taken for done");
}

#[wasm_bindgen_test(unsupported = test)]
fn r157_an_inbox_knows_a_repeat_only_by_its_id() {
    // Two clicks are two orders with an id each; one click whose message is sent twice is one.
    let outcome = |clicks, fault: &[&str]| {
        let play = Play::with(with_inbox(clicks), fault);
        (play.count("mail", Kind::Applied), play.count("mail", Kind::Recognised))
    };
    assert_eq!(outcome(2, &[]), (2, 0));
    assert_eq!(outcome(1, &["double publish relay #1 by 20ms"]), (1, 1));
    assert_eq!(outcome(1, &["lose confirm relay #1"]), (1, 1), "also where the relay tries again");
}

/// A service that hears no confirmation of its first message and sends it again.
fn sent_twice(new_ids: bool, inbox: Inbox, key: InboxKey) -> Setup {
    let mut setup = with_database(Publishing::AfterCommit, 1);
    let retry = Retry {
        attempts: 3,
        wait: Wait::Fixed,
        base: Span::from_millis(10),
        factor: 1,
        cap: Span::from_millis(1_000),
        jitter: Jitter::None,
    };
    (setup.services[0].retry, setup.services[0].new_ids) = (retry, new_ids);
    (setup.consumers[0].inbox, setup.consumers[0].inbox_key) = (inbox, key);
    with_faults(setup, &["lose confirm orders #1"])
}

#[wasm_bindgen_test(unsupported = test)]
fn r157_a_producer_that_makes_a_new_id_for_each_attempt_defeats_the_inbox_unless_it_goes_by_a_business_key() {
    let kept = [Inbox::Ids, Inbox::IdsLast, Inbox::IdThenEffect, Inbox::EffectThenId, Inbox::StoreFirst];
    for inbox in kept {
        let effects = |new_ids, key| {
            let play = Play::of(&sent_twice(new_ids, inbox, key));
            assert_eq!(play.subjects("mail", Kind::Received), [0, 0]);
            (play.count("mail", Kind::Applied), play.counts().duplicates, play.counts().lost)
        };
        assert_eq!(effects(false, InboxKey::MessageId), (1, 0, 0), "the same id again, {inbox:?}");
        assert_eq!(effects(true, InboxKey::MessageId), (2, 1, 0), "another id, {inbox:?}");
        assert_eq!(effects(true, InboxKey::BusinessKey), (1, 0, 0), "by the key of the business, {inbox:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r157_the_second_id_is_known_when_it_comes_again_and_is_forgotten_after_the_window() {
    let effects = |window: Option<Span>| {
        let mut setup = sent_twice(true, Inbox::Ids, InboxKey::MessageId);
        setup.consumers[0].window = window;
        let play = Play::with(setup, &["lose confirm orders #1", "double publish orders #2 by 300ms"]);
        assert_eq!(play.subjects("mail", Kind::Received), [0, 0, 0]);
        play.count("mail", Kind::Applied)
    };
    assert_eq!(effects(None), 2);
    assert_eq!(effects(Some(Span::from_millis(50))), 3);
}

#[wasm_bindgen_test(unsupported = test)]
fn r158_to_set_a_value_again_changes_nothing_and_to_add_again_does() {
    let outcome = |inbox| {
        let play = Play::with(kept_as(inbox, 2), &["double publish relay #1 by 20ms"]);
        assert_eq!(play.subjects("mail", Kind::Received), [0, 0, 1]);
        (
            play.subjects("mail", Kind::Applied),
            play.subjects("mail", Kind::SetAgain),
            play.counts().duplicates,
        )
    };
    assert_eq!(outcome(Inbox::NotNeeded), (vec![0, 1], vec![0], 0));
    assert_eq!(outcome(Inbox::None), (vec![0, 0, 1], vec![], 1));
}
