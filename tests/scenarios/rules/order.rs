//! In which order a polled queue hands out, and how its delay changes: rules 13, 33 and 57 to 62.

use super::super::world::{Play, consumer, ms, polled, with_faults};
use brokerlab::broker::record::Kind;
use brokerlab::broker::setup::{OnError, Poll, QueueOrder, Setup};
use brokerlab::sim::time::Span;
use wasm_bindgen_test::wasm_bindgen_test;

fn with_poll(mut setup: Setup, change: impl FnOnce(&mut Poll)) -> Setup {
    change(setup.queues[0].poll.as_mut().unwrap());
    setup
}

fn ordered(count: u32, order: QueueOrder) -> Setup {
    with_poll(polled(count), |poll| poll.order = order)
}

/// So many messages of so many groups in turn, which are all there when somebody asks for the first time.
fn in_groups(count: u32, groups: u32, receive: u8) -> Setup {
    let mut setup = ordered(count, QueueOrder::Fifo);
    setup.services[0].every = ms(1);
    setup.services[0].confirm = None;
    setup.services[0].keys = groups;
    setup.consumers[0].polling.receive = receive;
    setup.consumers[0].polling.pause = Span::from_millis(300);
    setup
}

#[wasm_bindgen_test(unsupported = test)]
fn r013_order_is_best_effort() {
    let received = |order, seed| {
        let mut setup = ordered(12, order);
        setup.services[0].every = ms(1);
        setup.services[0].confirm = None;
        setup.consumers[0].polling.pause = Span::from_millis(200);
        let play = Play::under(&setup, seed);
        assert_eq!((play.counts().lost, play.counts().duplicates), (0, 0));
        play.subjects("mail", Kind::Received)
    };
    let in_turn: Vec<u32> = (0..12).collect();
    assert_eq!(received(QueueOrder::Arrival, 1), in_turn);
    let mixed = received(QueueOrder::BestEffort, 1);
    assert_ne!(mixed, in_turn);
    assert_eq!(mixed, received(QueueOrder::BestEffort, 1), "as the seed says");
    assert_ne!(mixed, received(QueueOrder::BestEffort, 2));
    assert!(mixed.iter().enumerate().all(|(place, &message)| message as usize <= place + 3), "about");
    let mut sorted = mixed;
    sorted.sort_unstable();
    assert_eq!(sorted, in_turn, "each once");
}

#[wasm_bindgen_test(unsupported = test)]
fn r033_another_delay_is_for_new_messages_and_in_a_fifo_queue_for_those_inside_too() {
    // The first comes at 111 ms, the second at 611 ms; at 400 ms the delay is changed.
    let shown = |order, before: u64, after: u64| {
        let mut setup = with_poll(ordered(2, order), |poll| poll.delay = Span::from_millis(before));
        setup.services[0].every = ms(500);
        let mut play = Play::start(&setup);
        play.until(400);
        play.hand(&format!("set delay of mails to {after}ms"));
        play.finish();
        assert_eq!(play.times("broker", Kind::DelayChanged), [400]);
        let mut received: Vec<(u32, u64)> = Vec::new();
        received.extend(play.all("broker", Kind::Leased).iter().map(|it| (it.subject, it.at.0 / 1_000)));
        received.sort_unstable();
        // Soon somebody asks.
        received.into_iter().map(|(_, at)| at / 100 * 100).collect::<Vec<u64>>()
    };
    assert_eq!(shown(QueueOrder::Arrival, 3_000, 0), [3_100, 600]);
    assert_eq!(shown(QueueOrder::Fifo, 3_000, 0), [400, 600]);
    assert_eq!(shown(QueueOrder::Arrival, 1_000, 2_000), [1_100, 2_600]);
    assert_eq!(shown(QueueOrder::Fifo, 1_000, 2_000), [2_100, 2_600]);
    assert_eq!(shown(QueueOrder::Fifo, 2_000, 500), [600, 1_100]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r057_each_group_keeps_its_order_and_does_not_wait_for_the_others() {
    let mut setup = in_groups(12, 3, 2);
    setup.consumers[0].workers = 3;
    setup.consumers[0].on_error = OnError::Leave;
    let play = Play::with(setup, &["fail mail-1 apply #2", "crash mail-2 before apply #1 for 100ms"]);
    let applied = play.subjects("", Kind::Applied);
    for group in 0..3 {
        let its: Vec<u32> = applied.iter().copied().filter(|message| message % 3 == group).collect();
        let mut first = its.clone();
        first.dedup();
        assert!(first.is_sorted(), "group {group}: {its:?}");
    }
    assert!(!applied.is_sorted(), "across the groups there is no order: {applied:?}");
    assert_eq!(play.counts().out_of_order, 0);
}

#[wasm_bindgen_test(unsupported = test)]
fn r058_while_a_message_is_in_flight_nothing_behind_it_in_its_group_is_received() {
    // The first takes one, and works on it; the other takes what it can get.
    let mut setup = in_groups(5, 2, 1);
    setup.consumers[0].handler = ms(300);
    let mut other = consumer("other", 0);
    other.on_error = OnError::Leave;
    (other.polling.receive, other.polling.pause) = (10, Span::from_millis(350));
    setup.consumers.push(other);
    let mut play = Play::start(&setup);
    play.until_done("other", Kind::Received, 2);
    assert_eq!(play.subjects("mail", Kind::Received), [0]);
    assert_eq!(play.subjects("other", Kind::Received), [1, 3], "the other group");
    assert_eq!(play.waiting(0), [(2, false), (4, false)]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r059_a_group_is_received_as_far_as_the_first_message_that_is_still_hidden() {
    let faults = ["crash mail after receive #3 for 20ms"];
    let mut play = Play::start(&with_faults(in_groups(3, 1, 10), &faults));
    play.until_done("broker", Kind::Leased, 3);
    play.hand("hide #2 of mails for 3s");
    play.finish();
    assert_eq!(play.subjects("mail", Kind::Received), [0, 1, 2, 0, 1, 2]);
    let received = play.times("mail", Kind::Received);
    assert!(received[3] < 1_000 && received[4] > 3_000 && received[5] > 3_000, "{received:?}");
}

#[wasm_bindgen_test(unsupported = test)]
fn r060_one_call_takes_several_of_one_group_before_it_goes_to_the_next() {
    let mut setup = in_groups(6, 2, 2);
    setup.consumers[0].workers = 2;
    setup.consumers[0].handler = ms(100);
    let mut play = Play::start(&setup);
    play.until_done("broker", Kind::Leased, 4);
    assert_eq!(play.subjects("broker", Kind::Leased), [0, 2, 1, 3]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r061_a_batch_that_timed_out_comes_back_in_its_order() {
    let play = Play::with(in_groups(3, 1, 10), &["crash mail after receive #3 for 20ms"]);
    assert_eq!(play.subjects("mail", Kind::Received), [0, 1, 2, 0, 1, 2]);
    assert_eq!((play.subjects("mail", Kind::Applied), play.counts()), (vec![0, 1, 2], Default::default()));
}

#[wasm_bindgen_test(unsupported = test)]
fn r062_a_group_goes_on_when_all_that_was_received_of_it_is_deleted_and_not_before() {
    let mut setup = in_groups(4, 1, 3);
    setup.services[0].every = ms(30);
    setup.consumers[0].handler = ms(50);
    setup.consumers[0].polling.pause = Span::from_millis(80);
    setup.consumers[0].workers = 2;
    let setup = with_poll(setup, |poll| poll.wait = Span::from_millis(5_000));
    let play = Play::of(&setup);
    assert_eq!(play.subjects("mail-1", Kind::Received), [0, 3]);
    assert_eq!(play.subjects("mail-2", Kind::Received), [1, 2]);
    let (deleted, leased) = (play.times("broker", Kind::Settled), play.times("broker", Kind::Leased));
    assert_eq!(leased[1], deleted[0], "when the head is deleted, the poll that waits has what is behind it");
    assert_eq!(leased[3], deleted[2], "when one of two is deleted, nobody has anything");
}

#[wasm_bindgen_test(unsupported = test)]
fn r012_what_was_deleted_from_a_fifo_queue_does_not_come_again() {
    let play = Play::with(ordered(2, QueueOrder::Fifo), &["fail broker delete #1"]);
    assert_eq!(play.subjects("mail", Kind::Received), [0, 1]);
    assert_eq!((play.count("broker", Kind::Reexposed), play.counts().duplicates), (0, 0));
}
