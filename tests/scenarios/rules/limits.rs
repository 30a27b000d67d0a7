//! What a queue puts up with, and where it goes then: rules 106, 108, 112 to 118, 173 and 174.

use super::super::world::{Play, consumer, ms, queue, service, to_mail, with_faults};
use brokerlab::broker::record::{Kind, Why};
use brokerlab::broker::routing::{DeadLetter, Overflow, Subscription, Terms, TopicKind};
use brokerlab::broker::setup::{OnError, Setup, Target, Topic};
use brokerlab::broker::world::Ending;
use brokerlab::sim::time::{Instant, Span};
use wasm_bindgen_test::wasm_bindgen_test;

const DEAD: u8 = 1;

/// The queue `mails`, whose dead letters an exchange brings to the queue `mails-dead`, which nobody reads.
fn with_exchange(count: u32) -> Setup {
    let mut setup = to_mail(count);
    setup.queues.push(queue("mails-dead"));
    setup.topics = vec![Topic { kind: TopicKind::Fanout, ..Topic::to("dead-letters", vec![DEAD]) }];
    setup.queues[0].limits.dead_letter = Some(DeadLetter { exchange: 0, key: None });
    setup
}

fn limited(count: u32, most: u32, overflow: Overflow) -> Setup {
    let mut setup = with_exchange(count);
    setup.queues[0].limits.length = Some(most);
    setup.queues[0].limits.overflow = overflow;
    setup
}

fn waits(play: &Play, queue: u8) -> Vec<u32> {
    play.waiting(queue).into_iter().map(|(message, _)| message).collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn r106_requeued_it_is_tried_again_before_what_came_after_it_and_rejected_it_is_not() {
    let attempts = |on_error| {
        let mut setup = to_mail(3);
        setup.services[0].every = ms(1);
        setup.consumers[0].on_error = on_error;
        Play::with(setup, &["fail mail apply #2"]).subjects("mail", Kind::Received)
    };
    assert_eq!(attempts(OnError::Requeue), [0, 1, 1, 2]);
    assert_eq!(attempts(OnError::Reject), [0, 1, 2]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r108_a_dead_letter_exchange_brings_what_was_rejected_where_its_bindings_say() {
    // The exchange is direct; under its own key the message goes to `mails-dead`, under the queue's to `wrong`.
    let outcome = |key: Option<&str>| {
        let mut setup = with_exchange(2);
        setup.queues.push(queue("wrong"));
        let to =
            |queue, key: &str| Subscription { terms: Terms::Key(key.to_owned()), ..Subscription::of(queue) };
        setup.topics[0] = Topic { kind: TopicKind::Direct, ..Topic::to("dead-letters", vec![]) };
        setup.topics[0].subscriptions = vec![to(DEAD, "placed"), to(2, "failed")];
        setup.services[0].messages[0].routing.key = vec!["placed".to_owned()];
        setup.queues[0].limits.dead_letter = Some(DeadLetter { exchange: 0, key: key.map(str::to_owned) });
        setup.consumers[0].on_error = OnError::Reject;
        let play = Play::with(setup, &["fail mail apply #1"]);
        assert_eq!(play.subjects("mail", Kind::Applied), [1]);
        assert!(play.moment.world.queue(0).parked().is_empty(), "it is not kept in the queue itself");
        (waits(&play, DEAD), waits(&play, 2), play.counts().parked, play.counts().lost)
    };
    assert_eq!(outcome(None), (vec![0], vec![], 1, 0));
    assert_eq!(outcome(Some("failed")), (vec![], vec![0], 1, 0));
    assert_eq!(outcome(Some("unbound")), (vec![], vec![], 0, 1), "no queue gets it: it is gone");
}

#[wasm_bindgen_test(unsupported = test)]
fn r108_of_two_copies_of_a_dead_letter_one_may_go_though_the_other_pushed_an_older_one_out_on_its_way() {
    let mut setup = with_exchange(2);
    setup.queues.push(queue("kept"));
    setup.topics[0] = Topic { kind: TopicKind::Fanout, ..Topic::to("dead-letters", vec![DEAD, 2]) };
    setup.queues[1].limits.length = Some(1);
    setup.queues[1].durable = false;
    setup.consumers[0].on_error = OnError::Reject;
    let play = Play::with(setup, &["fail mail apply #1", "fail mail apply #2", "down broker 900ms..1s"]);
    assert_eq!(play.subjects("broker", Kind::Overflowed), [0], "the second pushed the first out");
    assert_eq!((waits(&play, DEAD), waits(&play, 2)), (vec![], vec![0, 1]));
    assert_eq!((play.counts().lost, play.counts().parked), (0, 2), "the other copies are safe");
}

#[wasm_bindgen_test(unsupported = test)]
fn r112_what_waited_longer_than_it_may_is_never_delivered() {
    let mut setup = with_exchange(3);
    setup.queues[0].limits.ttl = Some(Span::from_millis(250));
    let play = Play::with(setup, &["down mail 1ms..400ms"]);
    // They came at 111, 211 and 311 ms.
    assert_eq!(
        (play.subjects("broker", Kind::Expired), play.times("broker", Kind::Expired)),
        (vec![0], vec![361])
    );
    assert_eq!(play.subjects("mail", Kind::Received), [1, 2]);
    assert_eq!(waits(&play, DEAD), [0]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r112_what_is_out_with_a_consumer_does_not_expire_and_requeued_it_keeps_its_first_expiry() {
    let outcome = |fault: &str| {
        let mut setup = with_exchange(1);
        setup.queues[0].limits.ttl = Some(Span::from_millis(400));
        setup.consumers[0].handler = ms(600);
        let play = Play::with(setup, &[fault]);
        (play.count("mail", Kind::Received), play.count("mail", Kind::Applied), waits(&play, DEAD))
    };
    assert_eq!(outcome("slow mail apply #1 by 1s"), (1, 1, vec![]));
    assert_eq!(outcome("fail mail apply #1"), (1, 0, vec![0]), "back too late: it is not delivered again");
}

#[wasm_bindgen_test(unsupported = test)]
fn r112_without_dead_letters_what_expires_is_dropped() {
    let mut setup = to_mail(1);
    setup.queues[0].dead_letters = false;
    setup.queues[0].limits.ttl = Some(Span::from_millis(250));
    let play = Play::with(setup, &["down mail 1ms..1s"]);
    assert_eq!((play.subjects("broker", Kind::Dropped), play.counts().lost), (vec![0], 1));
}

#[wasm_bindgen_test(unsupported = test)]
fn r114_a_full_queue_drops_its_oldest_and_the_publisher_does_not_notice() {
    let mut play = Play::start(&with_faults(limited(4, 2, Overflow::DropHead), &["down mail 1ms..2s"]));
    play.until(1_000);
    assert_eq!((waits(&play, 0), waits(&play, DEAD)), (vec![2, 3], vec![0, 1]));
    assert_eq!(play.subjects("broker", Kind::Overflowed), [0, 1]);
    assert_eq!((play.count("orders", Kind::Confirmed), play.count("orders", Kind::NotTaken)), (4, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r114_or_it_turns_the_newest_away_and_the_publisher_is_told() {
    let mut play = Play::start(&with_faults(limited(4, 2, Overflow::RejectPublish), &["down mail 1ms..2s"]));
    play.until(1_000);
    assert_eq!((waits(&play, 0), waits(&play, DEAD)), (vec![0, 1], vec![]));
    assert_eq!(play.subjects("orders", Kind::Confirmed), [0, 1]);
    let refused: Vec<(u32, u16)> =
        play.all("orders", Kind::NotTaken).iter().map(|record| (record.subject, record.other)).collect();
    assert_eq!(refused, [(2, 1), (3, 1)]);
    let why: Vec<Why> = play.all("orders", Kind::GaveUp).iter().map(|r| Why::of(r.other)).collect();
    assert_eq!((why, play.counts().lost), (vec![Why::Full; 2], 2));
}

#[wasm_bindgen_test(unsupported = test)]
fn r114_only_what_waits_counts_not_what_is_out_with_a_consumer() {
    let mut setup = limited(4, 2, Overflow::DropHead);
    setup.consumers[0].handler = ms(1_000);
    setup.consumers[0].prefetch = 2;
    let mut play = Play::start(&setup);
    play.until(900);
    assert_eq!((play.unacked(0), waits(&play, 0), waits(&play, DEAD)), (vec![0, 1], vec![2, 3], vec![]));
}

#[wasm_bindgen_test(unsupported = test)]
fn r115_with_a_limit_of_two_a_message_is_delivered_three_times() {
    for (most, deliveries) in [(0, 1), (2, 3)] {
        let mut setup = with_exchange(2);
        setup.queues[0].limits.returns = Some(most);
        let play = Play::with(setup, &["poison orders #1"]);
        let received = play.subjects("mail", Kind::Received);
        assert_eq!(received.iter().filter(|&&message| message == 0).count(), deliveries);
        assert_eq!((play.subjects("broker", Kind::LimitReached), waits(&play, DEAD)), (vec![0], vec![0]));
        assert_eq!(play.subjects("mail", Kind::Applied), [1]);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r115_a_crash_of_the_consumer_counts_too() {
    let mut setup = with_exchange(1);
    setup.queues[0].limits.returns = Some(1);
    let crashes = ["crash mail before apply #1 for 10ms", "crash mail before apply #2 for 10ms"];
    let play = Play::with(setup, &crashes);
    assert_eq!((play.count("mail", Kind::Received), waits(&play, DEAD)), (2, vec![0]));
}

#[wasm_bindgen_test(unsupported = test)]
fn r116_a_dead_letter_for_which_there_is_no_room_is_lost() {
    let mut setup = with_exchange(2);
    setup.queues[0].limits.ttl = Some(Span::from_millis(50));
    setup.queues[1].limits.length = Some(1);
    setup.queues[1].limits.overflow = Overflow::RejectPublish;
    let play = Play::with(setup, &["down mail from 1ms"]);
    assert_eq!((waits(&play, DEAD), play.subjects("broker", Kind::Dropped)), (vec![0], vec![1]));
    assert_eq!((play.counts().parked, play.counts().lost), (1, 1));
}

#[wasm_bindgen_test(unsupported = test)]
fn r117_a_queue_that_is_its_own_dead_letter_queue_drops_what_expires() {
    let mut setup = with_exchange(1);
    setup.topics[0].queues = vec![0];
    setup.queues[0].limits.ttl = Some(Span::from_millis(100));
    let play = Play::with(setup, &["down mail from 1ms"]);
    assert_eq!((play.subjects("broker", Kind::Dropped), waits(&play, 0)), (vec![0], vec![]));
    assert_eq!(play.ended(), Some(Ending::Quiet));
}

#[wasm_bindgen_test(unsupported = test)]
fn r117_in_a_circle_without_a_rejection_a_message_goes_round_once() {
    // Two queues, each the other's dead-letter queue.
    let mut setup = with_exchange(1);
    setup.topics.push(Topic { kind: TopicKind::Fanout, ..Topic::to("back", vec![0]) });
    setup.queues[1].limits.dead_letter = Some(DeadLetter { exchange: 1, key: None });
    for queue in &mut setup.queues {
        queue.limits.ttl = Some(Span::from_millis(100));
    }
    let play = Play::with(setup, &["down mail from 1ms"]);
    let enqueued: Vec<u16> = play.all("broker", Kind::Enqueued).iter().map(|record| record.other).collect();
    assert_eq!((enqueued, play.count("broker", Kind::Dropped)), (vec![0, 1], 1));
    assert_eq!(play.ended(), Some(Ending::Quiet));
}

#[wasm_bindgen_test(unsupported = test)]
fn r118_a_queue_to_wait_in_makes_a_delayed_retry() {
    let play = Play::with(coming_back(), &["fail mail apply #1", "fail mail apply #2"]);
    let rejected = play.times("broker", Kind::DeadLettered);
    let received = play.times("mail", Kind::Received);
    // 10 ms on the wire.
    assert_eq!(received[1..], [rejected[0] + 310, rejected[2] + 310], "after the wait, not before");
    assert_eq!((play.count("mail", Kind::Applied), play.counts().lost), (1, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r118_a_message_may_be_sent_to_the_waiting_queue_in_the_first_place() {
    let mut setup = with_exchange(1);
    setup.topics[0].queues = vec![0];
    setup.queues[0].limits.dead_letter = None;
    setup.queues[1].limits.ttl = Some(Span::from_millis(300));
    setup.queues[1].limits.dead_letter = Some(DeadLetter { exchange: 0, key: None });
    setup.services[0].messages[0].target = Target::Queue(DEAD);
    let play = Play::of(&setup);
    assert_eq!(play.times("broker", Kind::Enqueued), [111, 411]);
    assert_eq!(play.times("mail", Kind::Received), [421]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r173_what_cannot_be_decoded_goes_to_the_dead_letters_at_once_whatever_the_limit() {
    let mut setup = with_exchange(2);
    setup.queues[0].limits.returns = Some(5);
    let play = Play::with(setup, &["fail mail receive #1"]);
    assert_eq!(play.subjects("mail", Kind::Received), [0, 1], "one attempt");
    assert_eq!((waits(&play, DEAD), play.count("", Kind::LimitReached)), (vec![0], 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r174_a_poisoned_message_fails_at_every_attempt_and_every_consumer() {
    let mut setup = to_mail(3);
    setup.consumers.push(consumer("other", 0));
    setup.limit = Instant(3_000_000);
    let play = Play::with(setup, &["poison orders #1"]);
    assert_eq!(play.subjects("orders", Kind::Spoiled), [0]);
    assert!(play.count("mail", Kind::HandlerFailed) > 10 && play.count("other", Kind::HandlerFailed) > 10);
    let mut applied = play.subjects("", Kind::Applied);
    applied.sort_unstable();
    assert_eq!((applied, play.ended()), (vec![1, 2], Some(Ending::Limit)));
}

#[wasm_bindgen_test(unsupported = test)]
fn r174_a_poisoned_message_blocks_is_dropped_or_is_parked() {
    // [bad, good, good]: the goods that are done, and where the bad one is.
    let outcome = |on_error, exchange: bool, parks: bool| {
        let mut setup = if exchange { with_exchange(3) } else { to_mail(3) };
        setup.services[0].every = ms(1);
        setup.limit = Instant(3_000_000);
        setup.queues[0].dead_letters = parks;
        setup.consumers[0].on_error = on_error;
        let play = Play::with(setup, &["poison orders #1"]);
        let applied = play.subjects("mail", Kind::Applied);
        (applied, play.counts().stuck, play.counts().lost, play.counts().parked)
    };
    assert_eq!(outcome(OnError::Requeue, false, true), (vec![], 3, 0, 0), "it blocks");
    assert_eq!(outcome(OnError::Reject, false, false), (vec![1, 2], 0, 1, 0), "it is dropped");
    assert_eq!(outcome(OnError::Reject, false, true), (vec![1, 2], 0, 0, 1), "it is parked");
    assert_eq!(outcome(OnError::Reject, true, true), (vec![1, 2], 0, 0, 1), "it is dead-lettered");
}

#[wasm_bindgen_test(unsupported = test)]
fn r115_what_a_broker_that_goes_down_moves_to_the_dead_letters_it_does_not_hand_out() {
    let mut setup = with_exchange(1);
    setup.queues[0].limits.returns = Some(0);
    setup.consumers[0].handler = ms(500);
    setup.consumers.push(consumer("undertaker", DEAD));
    let play = Play::with(setup, &["down broker 150ms..1s"]);
    assert_eq!(play.times("broker", Kind::LimitReached), [150]);
    assert_eq!(play.times("undertaker", Kind::Received), [1_010], "when the broker is back");
}

#[wasm_bindgen_test(unsupported = test)]
fn r117_each_queue_with_dead_letters_is_told_from_every_other() {
    // The 65th queue is another than the first.
    let mut setup = with_exchange(1);
    setup.queues.extend((2..65).map(|n| queue(&format!("q{n}"))));
    setup.topics[0].queues = vec![64];
    setup.queues[0].limits.ttl = Some(Span::from_millis(100));
    let play = Play::with(setup, &["down mail from 1ms"]);
    assert_eq!((waits(&play, 64), play.count("", Kind::Dropped)), (vec![0], 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r117_a_delivery_limit_is_no_rejection() {
    // Once too often it comes to a queue to wait in, and from there would come back: that is a circle without a
    // rejection.
    let mut setup = with_exchange(1);
    setup.topics.push(Topic { kind: TopicKind::Fanout, ..Topic::to("back", vec![0]) });
    setup.queues[0].limits.returns = Some(1);
    setup.queues[1].limits.ttl = Some(Span::from_millis(300));
    setup.queues[1].limits.dead_letter = Some(DeadLetter { exchange: 1, key: None });
    let play = Play::with(setup, &["poison orders #1"]);
    assert_eq!((play.count("mail", Kind::Received), play.ended()), (2, Some(Ending::Quiet)));
    assert_eq!((play.count("broker", Kind::Dropped), play.counts().lost), (1, 1));
}

/// What is rejected waits 300 ms in a queue that nobody reads, and comes back to the first from there.
fn coming_back() -> Setup {
    let mut setup = with_exchange(1);
    setup.topics.push(Topic { kind: TopicKind::Fanout, ..Topic::to("back", vec![0]) });
    setup.queues[1].limits.ttl = Some(Span::from_millis(300));
    setup.queues[1].limits.dead_letter = Some(DeadLetter { exchange: 1, key: None });
    setup.consumers[0].on_error = OnError::Reject;
    setup
}

#[wasm_bindgen_test(unsupported = test)]
fn r118_what_has_come_back_from_the_waiting_queue_is_not_safe_any_more() {
    let mut setup = coming_back();
    setup.queues[0].durable = false;
    let faults = ["fail mail apply #1", "down mail 150ms..2s", "down broker 1s..1100ms"];
    let play = Play::with(setup, &faults);
    assert_eq!((play.subjects("broker", Kind::Dropped), play.count("mail", Kind::Applied)), (vec![0], 0));
    assert_eq!(play.counts().lost, 1);
}

#[wasm_bindgen_test(unsupported = test)]
fn r118_what_the_waiting_queue_throws_away_is_lost() {
    let mut setup = coming_back();
    setup.queues[1].durable = false;
    let play = Play::with(setup, &["fail mail apply #1", "down broker 200ms..300ms"]);
    assert_eq!((play.subjects("broker", Kind::Dropped), play.count("mail", Kind::Applied)), (vec![0], 0));
    assert_eq!(play.counts().lost, 1);
}

/// Two messages, which may wait so long each, for a consumer who is away.
fn mortal(first: u64, second: u64) -> Setup {
    let mut setup = with_exchange(1);
    setup.services[0].messages = service("", 0, &[Target::Queue(0), Target::Queue(0)]).messages;
    for (message, ttl) in setup.services[0].messages.iter_mut().zip([first, second]) {
        message.ttl = Some(Span::from_millis(ttl));
    }
    setup
}

#[wasm_bindgen_test(unsupported = test)]
fn r113_a_message_that_may_wait_less_expires_only_when_it_comes_to_the_front() {
    let mut play = Play::start(&with_faults(mortal(1_500, 100), &["down mail from 1ms"]));
    play.until(600);
    assert_eq!((waits(&play, 0), waits(&play, DEAD)), (vec![0, 1], vec![]), "both are still there");
    play.finish();
    assert_eq!((waits(&play, 0), waits(&play, DEAD)), (vec![], vec![0, 1]), "what is dead-lettered stays");
    let (came, expired) = (play.times("broker", Kind::Enqueued)[0], play.times("broker", Kind::Expired));
    assert_eq!(expired, [came + 1_500, came + 1_500]);
    assert_eq!(play.ended(), Some(Ending::Quiet));

    let mut play = Play::start(&with_faults(mortal(100, 1_500), &["down mail from 1ms"]));
    play.until(600);
    assert_eq!((waits(&play, 0), waits(&play, DEAD)), (vec![1], vec![0]), "the other way round each in time");
}

#[wasm_bindgen_test(unsupported = test)]
fn r113_what_comes_to_the_front_too_late_is_not_delivered() {
    let play = Play::with(mortal(10_000, 100), &["down mail 1ms..600ms"]);
    assert_eq!((play.subjects("mail", Kind::Received), waits(&play, DEAD)), (vec![0], vec![1]));
    assert_eq!(play.times("broker", Kind::Expired), [600]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r113_of_what_message_and_queue_allow_the_shorter_counts() {
    let expired = |message: u64, queue: u64| {
        let mut setup = mortal(message, message);
        setup.queues[0].limits.ttl = Some(Span::from_millis(queue));
        let play = Play::with(setup, &["down mail from 1ms"]);
        play.times("broker", Kind::Expired)[0] - play.times("broker", Kind::Enqueued)[0]
    };
    assert_eq!([expired(300, 200), expired(200, 300)], [200, 200]);
}
