//! Trying again, the collector, the dead-letter table of the sender, and what a wait is: rules 148, 160 to 170 and
//! 177 to 179.

use super::super::world::{
    Play, calling, consumer, ms, queue, relay, service, two_messages, with_database, with_faults,
};
use brokerlab::broker::dead_letter::LetterState;
use brokerlab::broker::record::{Kind, Why};
use brokerlab::broker::setup::{Jitter, OnSendFailure, Publishing, Retry, Setup, Target, Wait};
use brokerlab::check::finding::Verdict;
use brokerlab::fault::point::PacketKind;
use brokerlab::sim::chance::Dice;
use brokerlab::sim::time::{Instant, Span};
use wasm_bindgen_test::wasm_bindgen_test;

fn span(ms: u64) -> Span {
    Span::from_millis(ms)
}

/// The waits of Ecotone's default: 10 ms, then 400 ms; three attempts in all.
const TEN_THEN_400: Retry = Retry {
    attempts: 3,
    wait: Wait::Exponential,
    base: Span::from_millis(10),
    factor: 40,
    cap: Span::from_millis(400),
    jitter: Jitter::None,
};

/// Two orders, 100 ms apart, and the first wire is so quick that a refusal takes no time worth counting.
fn retrying(publishing: Publishing, retry: Retry) -> Setup {
    let mut setup = with_database(publishing, 1);
    setup.services[0].latency = brokerlab::sim::chance::SpanRange::exactly(Span(1));
    setup.services[0].retry = retry;
    setup
}

fn parking(publishing: Publishing, count: u32) -> Setup {
    let mut setup = with_database(publishing, count);
    setup.services[0].on_failure = OnSendFailure::Park;
    setup
}

fn published(play: &Play) -> Vec<u64> {
    let sent = play.all("orders", Kind::Sent).into_iter();
    sent.filter(|record| record.packet().0 == PacketKind::Publish).map(|record| record.at.0 / 1_000).collect()
}

fn sorted(mut messages: Vec<u32>) -> Vec<u32> {
    messages.sort_unstable();
    messages
}

fn states(play: &Play) -> Vec<LetterState> {
    play.moment.world.service(0).dead_letters().rows().iter().map(|row| row.state).collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn r148_what_goes_through_the_outbox_survives_what_the_others_do_not() {
    // Message 0 is the critical one.
    let sweep = |publishing| {
        let (mut critical, mut direct) = (0, 0);
        for side in ["before", "after"] {
            for step in ["begin", "write", "serialize", "write-outbox", "commit", "publish", "confirmed"] {
                let mut setup = two_messages(publishing, 2);
                setup.services[0].messages[0].outbox = true;
                setup.relays = vec![relay("relay")];
                let play = Play::with(setup, &[&format!("crash orders {side} {step} #1 for 20ms")]);
                // That it is not sent for an order that is undone does no harm.
                let harm = play.moment.ledger.findings().filter(|it| it.verdict != Verdict::HalfSent);
                for finding in harm {
                    match play.moment.ledger.kind_of(finding.message) {
                        Some(0) => critical += 1,
                        _ => direct += 1,
                    }
                }
            }
        }
        (critical, direct > 0)
    };
    assert_eq!(sweep(Publishing::AfterCommit), (0, true));
    assert_eq!(sweep(Publishing::BeforeCommit), (0, true));
}

#[wasm_bindgen_test(unsupported = test)]
fn r160_a_retry_after_a_delay_finds_the_broker_back() {
    let attempts = |fault: &str| {
        let play = Play::with(retrying(Publishing::AfterCommit, TEN_THEN_400), &[fault]);
        let first = published(&play)[0];
        let after = published(&play).into_iter().map(|at| at - first).collect::<Vec<_>>();
        (after, play.counts().lost, play.subjects("mail", Kind::Applied))
    };
    assert_eq!(attempts("down broker 0s..400ms"), (vec![0, 10, 410], 0, vec![0]));
    assert_eq!(attempts("down broker 0s..1s"), (vec![0, 10, 410], 1, vec![]), "all three in vain");
    assert_eq!(attempts("down broker 0s..50ms").0, [0], "no retry where none is needed");
}

#[wasm_bindgen_test(unsupported = test)]
fn r161_without_a_delay_every_attempt_meets_the_same_outage() {
    let retry = Retry { wait: Wait::None, ..TEN_THEN_400 };
    let play = Play::with(retrying(Publishing::AfterCommit, retry), &["down broker 0s..400ms"]);
    assert_eq!(play.count("orders", Kind::NotTaken), 3);
    assert!(published(&play).iter().all(|at| at - published(&play)[0] <= 1), "{:?}", published(&play));
    assert_eq!((play.counts().lost, play.subjects("orders", Kind::GaveUp)), (1, vec![0]));
}

#[wasm_bindgen_test(unsupported = test)]
fn r161_before_the_commit_the_unit_of_work_fails_with_its_message() {
    let play = Play::with(retrying(Publishing::BeforeCommit, TEN_THEN_400), &["down broker 0s..1s"]);
    assert_eq!(play.subjects("orders", Kind::RolledBack), [0]);
    assert_eq!(play.all("orders", Kind::RolledBack)[0].other, Why::NotTaken.code());
    assert_eq!(play.counts(), Default::default(), "nothing was promised, so nothing is lost");
}

#[wasm_bindgen_test(unsupported = test)]
fn r162_a_service_that_tries_again_after_a_lost_confirmation_sends_twice() {
    let play = Play::with(retrying(Publishing::AfterCommit, TEN_THEN_400), &["lose confirm orders"]);
    assert_eq!(play.subjects("broker", Kind::Accepted), [0, 0]);
    assert_eq!((play.counts().duplicates, play.counts().lost), (1, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r163_the_collector_sends_nothing_of_a_handler_that_fails() {
    let outcome = |publishing| {
        let play = Play::with(with_database(publishing, 2), &["fail orders write-more"]);
        assert_eq!(play.subjects("orders", Kind::RolledBack), [0]);
        (play.subjects("mail", Kind::Applied), play.counts().ghosts)
    };
    assert_eq!(outcome(Publishing::InHandler), (vec![0, 1], 1));
    assert_eq!(outcome(Publishing::CollectBeforeCommit), (vec![1], 0));
    assert_eq!(outcome(Publishing::CollectAfterCommit), (vec![1], 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r164_a_collector_that_sends_before_the_commit_leaves_a_ghost_when_the_commit_fails() {
    for fault in ["fail orders commit", "crash orders before publish #2 for 20ms", "lose publish orders #2"] {
        let play = Play::with(two_messages(Publishing::CollectBeforeCommit, 1), &[fault]);
        assert_eq!(play.subjects("orders", Kind::RolledBack), [0], "{fault}");
        assert!(play.counts().ghosts >= 1, "{fault}");
    }
    let play = Play::with(two_messages(Publishing::CollectBeforeCommit, 1), &["fail orders serialize #2"]);
    assert_eq!((play.counts().ghosts, play.count("orders", Kind::Sent)), (0, 0), "all is serialized first");
}

#[wasm_bindgen_test(unsupported = test)]
fn r165_a_collector_that_sends_after_the_commit_has_no_ghosts_and_loses_in_a_crash() {
    let play = Play::with(with_database(Publishing::CollectAfterCommit, 2), &["fail orders commit"]);
    assert_eq!((play.counts().ghosts, play.subjects("mail", Kind::Applied)), (0, vec![1]));
    let crash = ["crash orders after commit for 20ms"];
    let play = Play::with(with_database(Publishing::CollectAfterCommit, 2), &crash);
    assert_eq!((play.counts().lost, play.subjects("mail", Kind::Applied)), (1, vec![1]));
}

#[wasm_bindgen_test(unsupported = test)]
fn r168_what_cannot_be_sent_is_parked_in_the_same_transaction_and_the_commit_goes_on() {
    let down = ["down broker 0s..150ms"];
    let play = Play::with(parking(Publishing::BeforeCommit, 2), &down);
    assert_eq!(play.subjects("orders", Kind::WroteDeadLetter), [0]);
    assert_eq!(play.subjects("orders", Kind::Committed), [0, 1]);
    assert_eq!(states(&play), [LetterState::Waiting]);
    assert_eq!((play.counts().parked, play.counts().lost, play.counts().stuck), (1, 0, 0));

    let play = Play::with(with_database(Publishing::BeforeCommit, 2), &down);
    assert_eq!(play.subjects("orders", Kind::RolledBack), [0], "without the table the unit of work fails");

    let undone = Play::with(parking(Publishing::BeforeCommit, 1), &[down[0], "fail orders commit"]);
    assert_eq!(states(&undone), [LetterState::RolledBack], "row and dead letter share their fate");
    assert_eq!(undone.counts().parked, 0);
}

#[wasm_bindgen_test(unsupported = test)]
fn r168_the_table_is_no_help_when_the_service_crashes_or_its_database_is_down() {
    let faults = ["down broker 0s..150ms", "crash orders before park for 20ms"];
    let play = Play::with(parking(Publishing::AfterCommit, 1), &faults);
    assert_eq!((play.counts().lost, play.counts().parked), (1, 0), "committed, and parked nowhere");
    let faults = ["down broker 0s..150ms", "down orders.database 110ms..200ms"];
    let play = Play::with(parking(Publishing::AfterCommit, 1), &faults);
    assert_eq!((play.counts().lost, play.counts().parked), (1, 0));
    assert_eq!(play.all("orders", Kind::GaveUp)[0].other, Why::Database.code());
}

#[wasm_bindgen_test(unsupported = test)]
fn r168_dropping_goes_on_as_parking_does_and_loses() {
    let mut setup = with_database(Publishing::BeforeCommit, 2);
    setup.services[0].on_failure = OnSendFailure::Drop;
    let play = Play::with(setup, &["down broker 0s..150ms"]);
    assert_eq!(play.subjects("orders", Kind::Committed), [0, 1]);
    assert_eq!((play.subjects("orders", Kind::GaveUp), play.counts().lost), (vec![0], 1));
}

/// The first order is parked, the broker is back, and the run goes on to 600 ms.
fn with_one_parked(faults: &[&str]) -> Play {
    let faults = [&["down broker 0s..150ms"], faults].concat();
    let mut play = Play::start(&with_faults(parking(Publishing::BeforeCommit, 6), &faults));
    play.until(300);
    play
}

#[wasm_bindgen_test(unsupported = test)]
fn r169_a_replayed_message_arrives_late_and_its_row_is_gone() {
    let mut play = with_one_parked(&[]);
    play.hand("replay all of orders");
    play.finish();
    assert_eq!(states(&play), [LetterState::Replayed]);
    let applied = play.subjects("mail", Kind::Applied);
    assert_eq!(applied.iter().filter(|&&message| message == 0).count(), 1, "once");
    assert!(applied.iter().position(|&message| message == 0) > Some(0), "out of its turn: {applied:?}");
    assert_eq!(play.counts().out_of_order, 1);
    assert_eq!((play.counts().lost, play.counts().duplicates, play.counts().parked), (0, 0, 1));
}

#[wasm_bindgen_test(unsupported = test)]
fn r169_a_replay_that_fails_leaves_the_row_with_the_new_error_and_one_more_attempt() {
    let mut play = with_one_parked(&["down broker 290ms..350ms"]);
    let row = |play: &Play| *play.moment.world.service(0).dead_letters().rows().get(0).unwrap();
    assert_eq!((row(&play).attempts, row(&play).failures), (1, 0));
    play.hand("replay #1 of orders");
    play.until(340);
    assert_eq!((row(&play).state, row(&play).why), (LetterState::Waiting, Why::NotTaken));
    assert_eq!((row(&play).attempts, row(&play).failures), (2, 1));
    play.until(400);
    play.hand("replay #1 of orders");
    play.finish();
    assert_eq!(row(&play).state, LetterState::Replayed);
    assert_eq!(play.subjects("orders", Kind::ReplayFailed), [0]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r169_a_message_that_cannot_be_serialized_can_be_mended_and_then_replayed() {
    let setup = with_faults(parking(Publishing::BeforeCommit, 6), &["fail orders serialize"]);
    let mut play = Play::start(&setup);
    play.until(200);
    play.hand("replay #1 of orders");
    play.until(250);
    assert_eq!(play.subjects("orders", Kind::ReplayFailed), [0], "as it is, it fails every time");
    play.hand("edit #1 of orders");
    play.hand("replay #1 of orders");
    play.finish();
    assert_eq!(states(&play), [LetterState::Replayed]);
    assert!(play.subjects("mail", Kind::Applied).contains(&0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r169_an_edit_that_does_not_correct_the_message_does_not_make_it_go() {
    let setup = with_faults(parking(Publishing::BeforeCommit, 6), &["fail orders serialize"]);
    let mut play = Play::start(&setup);
    play.until(200);
    play.hand("edit #1 of orders to none");
    play.hand("replay #1 of orders");
    play.until(250);
    assert_eq!(play.subjects("orders", Kind::ReplayFailed), [0], "what was written is no number either");
    play.hand("edit #1 of orders to 19.90");
    play.hand("replay #1 of orders");
    play.finish();
    assert_eq!(states(&play), [LetterState::Replayed]);
    assert!(play.subjects("mail", Kind::Applied).contains(&0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r169_an_edit_can_break_what_was_whole() {
    let mut play = with_one_parked(&[]);
    play.hand("edit #1 of orders to NaN");
    play.hand("replay #1 of orders");
    play.finish();
    assert_eq!(
        (play.subjects("orders", Kind::ReplayFailed), states(&play)),
        (vec![0], vec![LetterState::Waiting])
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn r169_a_message_that_is_discarded_is_lost_for_good() {
    let mut play = with_one_parked(&[]);
    assert_eq!(play.counts().lost, 0, "parked is safe");
    play.hand("discard all of orders");
    assert_eq!((play.counts().lost, states(&play)), (1, vec![LetterState::Discarded]));
    play.hand("replay all of orders");
    play.finish();
    assert!(!play.subjects("mail", Kind::Applied).contains(&0), "there is nothing left to replay");
}

#[wasm_bindgen_test(unsupported = test)]
fn r170_a_crash_between_sending_and_removing_makes_the_next_replay_a_duplicate() {
    let mut play = with_one_parked(&["crash orders before remove for 20ms"]);
    play.hand("replay all of orders");
    play.until(400);
    assert_eq!((play.count("orders", Kind::Crashed), states(&play)), (1, vec![LetterState::Waiting]));
    play.hand("replay all of orders");
    play.finish();
    assert_eq!(play.subjects("broker", Kind::Accepted).iter().filter(|&&message| message == 0).count(), 2);
    assert_eq!((play.counts().duplicates, play.counts().lost), (1, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r170_a_replay_that_crashes_before_it_has_sent_loses_nothing() {
    let mut play = with_one_parked(&["crash orders before replay for 20ms"]);
    play.hand("replay all of orders");
    play.until(400);
    assert_eq!(states(&play), [LetterState::Waiting]);
    play.hand("replay all of orders");
    play.finish();
    assert_eq!((play.counts().duplicates, states(&play)), (0, vec![LetterState::Replayed]));
}

#[wasm_bindgen_test(unsupported = test)]
fn r177_the_waits_are_fixed_or_grow_by_a_sum_or_by_a_factor_up_to_the_longest() {
    let retry = |wait| Retry {
        attempts: 9,
        wait,
        base: span(100),
        factor: 2,
        cap: span(1_000),
        jitter: Jitter::None,
    };
    let series = |wait| (0..6).map(|n| retry(wait).steady(n).0 / 1_000).collect::<Vec<_>>();
    assert_eq!(series(Wait::None), [0; 6]);
    assert_eq!(series(Wait::Fixed), [100; 6]);
    assert_eq!(series(Wait::Linear), [100, 200, 300, 400, 500, 600]);
    assert_eq!(series(Wait::Exponential), [100, 200, 400, 800, 1_000, 1_000], "n is 0 for the first retry");
    assert_eq!(retry(Wait::Exponential).steady(u32::MAX), span(1_000), "however often");
}

#[wasm_bindgen_test(unsupported = test)]
fn r178_jitter_keeps_to_its_bounds() {
    let draws = |jitter| {
        let retry = Retry {
            attempts: 9,
            wait: Wait::Exponential,
            base: span(100),
            factor: 2,
            cap: span(900),
            jitter,
        };
        let mut dice = Dice::new(1, "backoff", "orders");
        (0..10_000).map(|_| retry.draw(2, span(250), &mut dice).0).collect::<Vec<u64>>()
    };
    let bounds = |draws: &[u64]| (draws.iter().min().copied().unwrap(), draws.iter().max().copied().unwrap());
    let mean = |draws: &[u64]| draws.iter().sum::<u64>() / draws.len() as u64;
    let near = |found: u64, wanted: u64| found.abs_diff(wanted) < wanted / 50;
    // The wait before the third retry is 400 ms.
    let full = draws(Jitter::Full);
    assert!(bounds(&full).0 < 1_000 && bounds(&full).1 <= 400_000 && near(mean(&full), 200_000));
    let equal = draws(Jitter::Equal);
    assert!(bounds(&equal).0 >= 200_000 && bounds(&equal).1 <= 400_000 && near(mean(&equal), 300_000));
    let decorrelated = draws(Jitter::Decorrelated);
    let (least, most) = bounds(&decorrelated);
    assert!(least >= 100_000 && most <= 750_000 && near(mean(&decorrelated), 425_000));
    let mut dice = Dice::new(1, "backoff", "orders");
    let tight = Retry { jitter: Jitter::Decorrelated, base: span(100), cap: span(120), ..TEN_THEN_400 };
    assert!((0..100).all(|n| tight.draw(n, span(90_000), &mut dice) <= span(120)), "never above the cap");
}

/// The most first retries that a hundred services make within the same tenth of a second.
fn peak(jitter: Jitter) -> usize {
    let retry =
        Retry { attempts: 3, wait: Wait::Fixed, base: span(1_000), factor: 2, cap: span(1_000), jitter };
    let one = |n: usize| {
        let mut one = service(&format!("shop-{n}"), 1, &[Target::Queue(0)]);
        one.retry = retry;
        one
    };
    let mut setup = with_database(Publishing::Plain, 1);
    setup.services = (0..100).map(one).collect();
    setup.queues = vec![queue("mails")];
    setup.consumers = vec![consumer("mail", 0)];
    setup.consumers[0].handler = ms(1);
    let mut play = Play::start(&with_faults(setup, &["down broker 0s..150ms"]));
    play.finish();
    let mut windows = std::collections::BTreeMap::new();
    for record in play.all("", Kind::Sent) {
        if record.packet().0 == PacketKind::Publish && record.at > Instant(150_000) {
            *windows.entry(record.at.0 / 100_000).or_insert(0) += 1;
        }
    }
    windows.into_values().max().unwrap_or(0)
}

#[wasm_bindgen_test(unsupported = test)]
fn r179_without_jitter_all_come_back_at_once_and_with_it_they_do_not() {
    assert_eq!(peak(Jitter::None), 100);
    assert!(peak(Jitter::Full) < 30, "{}", peak(Jitter::Full));
}

#[wasm_bindgen_test(unsupported = test)]
fn r169_the_replay_of_a_call_is_a_call() {
    let mut setup = calling(6);
    setup.services[0].on_failure = OnSendFailure::Park;
    let mut play = Play::start(&with_faults(setup, &["down mail 0s..150ms"]));
    play.until(300);
    assert_eq!(states(&play), [LetterState::Waiting]);
    play.hand("replay all of orders");
    play.finish();
    assert_eq!(states(&play), [LetterState::Replayed]);
    let sent = play.all("orders", Kind::Sent);
    assert!(sent.iter().all(|record| record.packet().0 == PacketKind::Call), "{sent:?}");
    assert_eq!(play.count("broker", Kind::Accepted), 0, "the broker has no part in it");
    assert_eq!(sorted(play.subjects("mail", Kind::Applied)), (0..6).collect::<Vec<_>>());
    assert_eq!((play.counts().lost, play.counts().duplicates), (0, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r147_what_is_sent_after_the_commit_and_fails_every_time_is_a_row_that_nobody_hears_of_until_it_is_replayed()
 {
    let mut setup = parking(Publishing::AfterCommit, 6);
    setup.services[0].retry = TEN_THEN_400;
    let mut play = Play::start(&with_faults(setup, &["down broker 0s..700ms"]));
    play.until(1_000);
    assert_eq!(play.subjects("orders", Kind::Committed)[0], 0, "the row is there");
    assert_eq!((play.count("", Kind::Accepted), states(&play)[0]), (0, LetterState::Waiting));
    assert_eq!((play.counts().lost, play.counts().parked > 0), (0, true));
    play.hand("replay all of orders");
    play.finish();
    assert!(play.subjects("mail", Kind::Applied).contains(&0));
    assert_eq!((play.counts().lost, play.counts().duplicates), (0, 0));
}
