//! Confirmations, prefetch, acknowledgements, redelivery: rules 97 to 109.

use super::super::world::{Play, consumer, ms, to_mail, with_faults};
use brokerlab::broker::record::Kind;
use brokerlab::broker::setup::{AckTime, OnError, Setup};
use brokerlab::broker::wire::HEARTBEAT;
use brokerlab::broker::world::Ending;
use brokerlab::sim::time::{Instant, Span};
use wasm_bindgen_test::wasm_bindgen_test;

/// Two consumers on one queue, slow, with these prefetches.
fn rivals(count: u32, prefetches: [u16; 2]) -> Setup {
    let mut setup = to_mail(count);
    setup.services[0].every = ms(1);
    setup.services[0].confirm = None;
    setup.consumers = ["a", "b"].map(|name| consumer(name, 0)).to_vec();
    for (consumer, prefetch) in setup.consumers.iter_mut().zip(prefetches) {
        consumer.handler = ms(1_000);
        consumer.prefetch = prefetch;
    }
    setup
}

#[wasm_bindgen_test(unsupported = test)]
fn r097_an_unroutable_message_is_confirmed_all_the_same() {
    let mut setup = super::super::world::to_topic(1);
    setup.topics[0].queues.clear();
    let play = Play::of(&setup);
    assert_eq!((play.count("", Kind::Unroutable), play.count("orders", Kind::Confirmed)), (1, 1));
}

#[wasm_bindgen_test(unsupported = test)]
fn r099_what_was_confirmed_survives_the_broker_in_a_durable_queue() {
    let down = ["down mail 0s..5s", "down broker 450ms..900ms"];
    let mut play = Play::start(&with_faults(to_mail(4), &down));
    play.until(449);
    let confirmed = play.subjects("orders", Kind::Confirmed);
    assert_eq!(confirmed, [0, 1, 2, 3]);
    play.until(4_900);
    assert_eq!(play.waiting(0).iter().map(|copy| copy.0).collect::<Vec<_>>(), confirmed);
    play.finish();
    assert_eq!(play.subjects("mail", Kind::Applied), confirmed);
    assert_eq!(play.counts().lost, 0);
}

#[wasm_bindgen_test(unsupported = test)]
fn r099_a_queue_that_is_not_durable_is_empty_after_the_broker_went_down() {
    let mut setup = to_mail(4);
    setup.queues[0].durable = false;
    let play = Play::with(setup, &["down mail 0s..5s", "down broker 450ms..900ms"]);
    assert_eq!(play.count("orders", Kind::Confirmed), 4);
    assert_eq!(play.subjects("broker", Kind::Dropped), [0, 1, 2, 3]);
    assert_eq!((play.waiting(0), play.count("mail", Kind::Applied)), (vec![], 0));
    assert_eq!(play.counts().lost, 4);
}

#[wasm_bindgen_test(unsupported = test)]
fn r099_without_a_confirmation_the_message_may_be_there_or_not() {
    let before = Play::with(to_mail(1), &["crash broker before accept for 500ms"]);
    let after = Play::with(to_mail(1), &["lose confirm orders"]);
    for play in [&before, &after] {
        assert_eq!((play.count("orders", Kind::Confirmed), play.count("orders", Kind::TimedOut)), (0, 1));
    }
    assert_eq!([before.count("mail", Kind::Applied), after.count("mail", Kind::Applied)], [0, 1]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r100_competing_consumers_take_turns() {
    let play = Play::of(&rivals(6, [0, 0]));
    assert_eq!(play.subjects("a", Kind::Received), [0, 2, 4]);
    assert_eq!(play.subjects("b", Kind::Received), [1, 3, 5]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r101_prefetch_is_the_most_that_is_out_unacknowledged_and_each_ack_frees_a_place() {
    let mut play = Play::start(&rivals(8, [1, 3]));
    play.until(500);
    assert_eq!([play.unacked(0), play.unacked(1)], [vec![0], vec![1, 2, 3]]);
    assert_eq!(play.waiting(0), [(4, false), (5, false), (6, false), (7, false)]);
    play.until_done("broker", Kind::Settled, 1);
    assert_eq!((play.subjects("broker", Kind::Settled), play.unacked(0)), (vec![0], vec![4]));
    while play.step() {
        assert!(play.unacked(0).len() <= 1 && play.unacked(1).len() <= 3);
    }
    assert_eq!(play.count("", Kind::Applied), 8);
}

#[wasm_bindgen_test(unsupported = test)]
fn r102_without_a_limit_the_first_takes_all_and_the_latecomer_starves() {
    let mut play = Play::start(&with_faults(rivals(5, [0, 0]), &["down b 0s..300ms"]));
    play.until(400);
    assert!(play.moment.world.is_up(play.moment.world.cast().worker(1, 0)));
    assert_eq!([play.unacked(0), play.unacked(1)], [vec![0, 1, 2, 3, 4], vec![]]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r104_unacknowledged_messages_of_a_closed_connection_come_back_in_order_marked_as_redelivered() {
    let mut setup = to_mail(4);
    setup.services[0].every = ms(1);
    setup.services[0].confirm = None;
    setup.consumers[0].prefetch = 0;
    setup.consumers[0].handler = ms(50);
    // Of 0 the ack is lost, 1 is done, 2 is at work, 3 waits in its memory.
    let mut play =
        Play::start(&with_faults(setup, &["lose ack mail #1", "crash mail before apply #3 for 1s"]));
    play.until_done("broker", Kind::Requeued, 3);
    assert_eq!(play.waiting(0), [(0, true), (2, true), (3, true)]);
    play.finish();
    let received: Vec<(u32, u16)> =
        play.all("mail", Kind::Received).iter().map(|r| (r.subject, r.other)).collect();
    assert_eq!(received, [(0, 0), (1, 0), (2, 0), (3, 0), (0, 1), (2, 1), (3, 1)]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r104_when_the_broker_goes_down_every_connection_is_closed() {
    let mut setup = to_mail(3);
    setup.consumers[0].handler = ms(1_000);
    let mut play = Play::start(&with_faults(setup, &["down broker 500ms..600ms"]));
    play.until(510);
    assert_eq!((play.unacked(0), play.waiting(0)), (vec![], vec![(0, true), (1, false), (2, false)]));
    play.finish();
    assert_eq!(play.subjects("mail", Kind::Received), [0, 0, 1, 2]);
    assert_eq!(
        play.count("broker", Kind::Stale),
        1,
        "the ack of a delivery from before is no longer its own"
    );
    assert_eq!(play.counts().duplicates, 1);
}

#[wasm_bindgen_test(unsupported = test)]
fn r105_what_was_acknowledged_before_the_effect_is_lost_in_a_crash() {
    let mut setup = to_mail(3);
    setup.consumers[0].ack = AckTime::BeforeEffect;
    let play = Play::with(setup, &["crash mail before apply #2 for 50ms"]);
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 2]);
    assert_eq!((play.counts().lost, play.counts().duplicates), (1, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r106_a_nack_puts_the_message_back_in_its_place() {
    let mut setup = to_mail(3);
    setup.services[0].every = ms(1);
    let play = Play::with(setup, &["fail mail apply #1"]);
    let received: Vec<(u32, u16)> =
        play.all("mail", Kind::Received).iter().map(|r| (r.subject, r.other)).collect();
    assert_eq!(received, [(0, 0), (0, 1), (1, 0), (2, 0)]);
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 1, 2]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r107_without_a_limit_a_message_that_always_fails_goes_round_for_ever() {
    let mut setup = to_mail(3);
    setup.limit = Instant(10_000_000);
    let play = Play::with(setup, &["fail mail apply rate 100%"]);
    assert_eq!(play.ended(), Some(Ending::Limit));
    assert!(play.count("mail", Kind::HandlerFailed) > 300);
    assert!(play.subjects("mail", Kind::Received).iter().all(|&message| message == 0), "it blocks the rest");
    assert_eq!((play.counts().stuck, play.counts().lost), (3, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r108_a_rejected_message_is_parked_where_there_are_dead_letters_and_dropped_where_not() {
    for dead_letters in [true, false] {
        let mut setup = to_mail(3);
        setup.queues[0].dead_letters = dead_letters;
        setup.consumers[0].on_error = OnError::Reject;
        let play = Play::with(setup, &["fail mail apply #2"]);
        assert_eq!(play.subjects("mail", Kind::Received), [0, 1, 2], "no second attempt");
        assert_eq!(play.moment.world.queue(0).parked().len(), usize::from(dead_letters));
        assert_eq!(play.count("broker", Kind::DeadLettered), usize::from(dead_letters));
        assert_eq!(play.count("broker", Kind::Dropped), usize::from(!dead_letters));
        let counts = play.counts();
        assert_eq!((counts.parked, counts.lost), if dead_letters { (1, 0) } else { (0, 1) });
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r109_what_is_not_marked_as_redelivered_was_never_seen_from_this_queue() {
    let mut setup = to_mail(12);
    setup.consumers[0].workers = 2;
    setup.consumers[0].prefetch = 3;
    setup.consumers[0].restart = Some(Span::from_millis(70));
    let faults = [
        "crash mail-1 after apply rate 30%",
        "fail mail-2 apply rate 30%",
        "crash broker after accept #7 for 80ms",
    ];
    let play = Play::with(setup, &faults);
    let (mut seen, mut again) = (Vec::new(), 0);
    for record in play.all("", Kind::Received) {
        assert!(record.other == 1 || !seen.contains(&record.subject), "{record:?}");
        again += usize::from(record.other);
        seen.push(record.subject);
    }
    assert!(again > 0);
    // A second copy of the publisher's is another matter: both are new to the queue.
    let play = Play::with(to_mail(1), &["double publish orders by 5ms"]);
    let marks: Vec<u16> = play.all("mail", Kind::Received).iter().map(|record| record.other).collect();
    assert_eq!(marks, [0, 0]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r122_a_peer_that_fell_silent_is_noticed_by_the_heartbeat_and_its_messages_go_to_another() {
    let mut setup = rivals(2, [1, 1]);
    setup.consumers.iter_mut().for_each(|consumer| consumer.handler = ms(5));
    let mut play = Play::start(&with_faults(setup, &["cut a 105ms..20s"]));
    play.until_done("broker", Kind::Lost, 1);
    let lost = play.moment.now();
    play.until_done("broker", Kind::Requeued, 1);
    assert_eq!(play.moment.now(), lost + HEARTBEAT, "until then it stays locked");
    play.finish();
    assert_eq!((play.count("a", Kind::Applied), play.subjects("b", Kind::Applied)), (0, vec![1, 0]));
}
