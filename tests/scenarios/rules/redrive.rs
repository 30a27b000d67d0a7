//! Dead-letter queues of polled queues: rules 39 and 47 to 56.

use super::super::world::{Play, consumer, polled, with_dead_letters, with_faults};
use brokerlab::broker::record::Kind;
use brokerlab::broker::routing::Subscription;
use brokerlab::broker::setup::{OnError, Setup, Target, Topic};
use brokerlab::broker::world::Ending;
use brokerlab::sim::time::{Instant, Span};
use wasm_bindgen_test::wasm_bindgen_test;

/// How often each receive of the message was the how-manieth.
fn receives(play: &Play) -> Vec<u16> {
    play.all("broker", Kind::Leased).iter().map(|record| record.other >> 8).collect()
}

fn dead(play: &Play) -> Vec<u32> {
    play.waiting(1).iter().map(|&(message, _)| message).collect()
}

/// Nothing is handled until that moment, when the fault is mended.
fn broken_until(setup: Setup, tries: u32) -> Setup {
    let faults: Vec<String> = (1..=tries).map(|n| format!("fail mail apply #{n}")).collect();
    with_faults(setup, &faults.iter().map(String::as_str).collect::<Vec<_>>())
}

#[wasm_bindgen_test(unsupported = test)]
fn r039_receives_are_counted_on_in_the_dead_letter_queue() {
    let mut play = Play::start(&broken_until(with_dead_letters(1, 3), 3));
    play.until_done("broker", Kind::DeadLettered, 1);
    assert_eq!(receives(&play), [1, 2, 3]);
    play.hand("peek dead");
    assert_eq!(receives(&play), [1, 2, 3, 4]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r047_a_message_is_delivered_as_often_as_is_said_and_then_moved() {
    let play = Play::with(with_dead_letters(1, 3), &["fail mail apply rate 100%"]);
    assert_eq!(play.subjects("mail", Kind::Received), [0, 0, 0]);
    assert_eq!((play.waiting(0), dead(&play)), (vec![], vec![0]));
    assert_eq!((play.counts().parked, play.counts().lost), (1, 0), "parked is safe");
    assert_eq!(play.ended(), Some(Ending::Quiet));
}

#[wasm_bindgen_test(unsupported = test)]
fn r048_the_move_comes_with_the_next_receive_and_not_before() {
    let mut play = Play::start(&with_faults(with_dead_letters(1, 1), &["crash mail after receive for 1s"]));
    play.until_done("broker", Kind::VisibilityEnded, 1);
    assert_eq!((play.waiting(0).len(), dead(&play).len()), (1, 0), "its time is over, and it still is there");
    play.until_done("broker", Kind::DeadLettered, 1);
    assert!(play.times("broker", Kind::DeadLettered) > play.times("mail", Kind::Restarted));
    assert_eq!((play.waiting(0).len(), dead(&play).len()), (0, 1));
}

#[wasm_bindgen_test(unsupported = test)]
fn r049_without_dead_letters_a_poison_message_is_tried_for_ever() {
    let play = Play::with(polled(1), &["fail mail apply rate 100%"]);
    assert_eq!(play.ended(), Some(Ending::Limit));
    let tries = play.count("mail", Kind::Received);
    assert!((120..=150).contains(&tries), "every 400 ms and a poll for 60 s: {tries}");
}

#[wasm_bindgen_test(unsupported = test)]
fn r053_to_look_at_a_message_is_a_receive() {
    let setup = with_faults(with_dead_letters(1, 2), &["down mail 1ms..3s"]);
    let mut play = Play::start(&setup);
    for _ in 0..2 {
        play.until(play.clock.0 / 1_000 + 500);
        play.hand("peek mails");
    }
    play.finish();
    assert_eq!(receives(&play), [1, 2], "two looks");
    assert_eq!((play.count("mail", Kind::Received), dead(&play)), (0, vec![0]), "the third receive moves it");
}

#[wasm_bindgen_test(unsupported = test)]
fn r054_redrive_moves_the_oldest_first_one_after_the_other_and_counts_from_the_start() {
    let mut setup = broken_until(with_dead_letters(3, 1), 2);
    setup.services[0].first = Instant(100_000);
    setup.consumers[0].polling.pause = Span::from_millis(400);
    let mut play = Play::start(&setup);
    play.until_done("broker", Kind::DeadLettered, 2);
    assert_eq!(dead(&play), [0, 1]);
    play.hand("redrive all of dead");
    play.finish();
    assert_eq!(play.subjects("broker", Kind::Redriven), [0, 1]);
    let moved = play.times("broker", Kind::Redriven);
    assert_eq!(moved[1] - moved[0], 200, "at a rate");
    assert!(receives(&play).iter().all(|&receives| receives == 1), "each counts from the start");
    assert_eq!(play.subjects("mail", Kind::Applied).len(), 3);
    assert_eq!((dead(&play), play.counts().lost), (vec![], 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r054_one_message_can_be_moved_alone() {
    let mut play = Play::start(&broken_until(with_dead_letters(2, 1), 2));
    play.until_done("broker", Kind::DeadLettered, 2);
    play.hand("redrive #2 of dead");
    play.finish();
    assert_eq!((play.subjects("mail", Kind::Applied), dead(&play)), (vec![1], vec![0]));
}

#[wasm_bindgen_test(unsupported = test)]
fn r056_what_is_moved_back_before_the_cause_is_mended_comes_back_to_the_dead_letters() {
    let mut play = Play::start(&with_faults(with_dead_letters(1, 2), &["fail mail apply rate 100%"]));
    play.until_done("broker", Kind::DeadLettered, 1);
    play.hand("redrive all of dead");
    play.finish();
    assert_eq!(receives(&play), [1, 2, 1, 2]);
    assert_eq!((dead(&play), play.counts().parked), (vec![0], 2));

    let mut play = Play::start(&broken_until(with_dead_letters(1, 2), 2));
    play.until_done("broker", Kind::DeadLettered, 1);
    play.hand("redrive all of dead");
    play.finish();
    assert_eq!((play.subjects("mail", Kind::Applied), dead(&play)), (vec![0], vec![]));
}

#[wasm_bindgen_test(unsupported = test)]
fn what_an_operator_throws_away_is_lost() {
    let mut play = Play::start(&broken_until(with_dead_letters(2, 1), 2));
    play.until_done("broker", Kind::DeadLettered, 2);
    play.hand("discard #1 of dead");
    assert_eq!((dead(&play), play.counts().lost), (vec![1], 1));
    play.hand("discard all of dead");
    assert_eq!((dead(&play), play.counts().lost), (vec![], 2));
}

#[wasm_bindgen_test(unsupported = test)]
fn an_operator_of_the_scenario_acts_as_a_hand_does() {
    use brokerlab::scenario::spec::parse_operator;
    let mut setup = broken_until(with_dead_letters(1, 1), 1);
    let act = parse_operator("redrive all of dead at 3s", &setup.cast(), &setup).unwrap();
    setup.operator.push(act);
    let play = Play::of(&setup);
    assert_eq!(play.times("broker", Kind::Redriven), [3_000]);
    assert_eq!((play.subjects("mail", Kind::Applied), play.counts().lost), (vec![0], 0));
}

/// The same with `undertaker`, whose long polls wait at the dead-letter queue.
fn with_undertaker(count: u32) -> Setup {
    let mut setup = with_dead_letters(count, 1);
    let mut undertaker = consumer("undertaker", 1);
    undertaker.on_error = OnError::Leave;
    setup.queues[1].poll.as_mut().unwrap().wait = Span::from_millis(20_000);
    setup.consumers.push(undertaker);
    setup
}

#[wasm_bindgen_test(unsupported = test)]
fn r048_a_message_that_is_moved_goes_to_who_waits_for_it_and_not_with_what_is_handed_out() {
    let mut setup = with_undertaker(8);
    setup.consumers[0].polling.receive = 10;
    setup.consumers[0].polling.pause = Span::from_millis(500);
    let play = Play::with(setup, &["fail mail apply #1"]);
    assert_eq!(play.subjects("mail", Kind::Received), (0..8).collect::<Vec<_>>());
    let moved = play.times("broker", Kind::DeadLettered);
    assert_eq!(play.subjects("undertaker", Kind::Received), [0]);
    assert_eq!(play.times("undertaker", Kind::Received), [moved[0] + 10], "at once");
    assert_eq!(play.subjects("mail", Kind::Applied), (1..8).collect::<Vec<_>>());
}

#[wasm_bindgen_test(unsupported = test)]
fn r053_a_look_that_moves_a_message_is_seen_by_who_waits_at_the_dead_letters() {
    let mut play = Play::start(&with_faults(with_undertaker(1), &["crash mail after receive"]));
    play.until_done("broker", Kind::VisibilityEnded, 1);
    play.hand("peek mails");
    let moved = play.times("broker", Kind::DeadLettered);
    play.until_done("undertaker", Kind::Received, 1);
    assert_eq!(play.times("undertaker", Kind::Received), [moved[0] + 10], "at once");
}

#[wasm_bindgen_test(unsupported = test)]
fn dead_letter_queues_in_a_circle_go_round_without_an_end_to_the_step() {
    // A file may not say so; a setup of another's making can.
    let mut setup = with_undertaker(1);
    for queue in &mut setup.queues {
        let poll = queue.poll.as_mut().unwrap();
        (poll.max_receives, poll.wait) = (1, Span::from_millis(20_000));
    }
    setup.queues[1].poll.as_mut().unwrap().dead_letter = Some(0);
    setup.limit = Instant(5_000_000);
    let play = Play::with(setup, &["fail mail apply rate 100%", "fail undertaker apply rate 100%"]);
    assert_eq!(play.ended(), Some(Ending::Limit));
}

#[wasm_bindgen_test(unsupported = test)]
fn r054_a_redrive_keeps_the_envelope_of_the_topic() {
    let mut setup = with_dead_letters(1, 1);
    let subscription = Subscription { wrapped: true, ..Subscription::of(0) };
    setup.topics = vec![Topic { subscriptions: vec![subscription], ..Topic::to("events", vec![]) }];
    setup.services[0].messages[0].target = Target::Topic(0);
    setup.consumers[0].unwraps = true;
    let mut play = Play::start(&broken_until(setup, 1));
    play.until_done("broker", Kind::DeadLettered, 1);
    play.hand("redrive all of dead");
    play.finish();
    assert_eq!((play.count("mail", Kind::DecodeFailed), play.subjects("mail", Kind::Applied)), (0, vec![0]));
}
