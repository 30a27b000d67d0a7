//! What an operator does about a message in a queue that says the wrong thing: it is taken out, and an edited copy is
//! sent. What a consumer could not receive can't be taken out either (R31, R39, R48, R58).

use super::super::world::{Play, consumer, polled, queue, to_mail, with_dead_letters, with_faults};
use brokerlab::broker::edited::NotTakenOut;
use brokerlab::broker::record::Kind;
use brokerlab::broker::routing::{DeadLetter, Overflow, TopicKind};
use brokerlab::broker::setup::{Inbox, OnError, QueueOrder, Setup, Target, Topic};
use brokerlab::sim::time::Span;
use wasm_bindgen_test::wasm_bindgen_test;

fn waits(play: &Play, queue: u8) -> Vec<u32> {
    play.waiting(queue).into_iter().map(|(message, _)| message).collect()
}

/// Why the operator was refused, each time.
fn refused(play: &Play) -> Vec<NotTakenOut> {
    play.all("broker", Kind::NotTakenOut).iter().map(|record| NotTakenOut::of(record.other)).collect()
}

/// A queue that pushes; what its consumer rejects an exchange brings to `mails-dead`.
fn rejecting(count: u32) -> Setup {
    let mut setup = to_mail(count);
    setup.queues.push(queue("mails-dead"));
    setup.topics = vec![Topic { kind: TopicKind::Fanout, ..Topic::to("dead-letters", vec![1]) }];
    setup.queues[0].limits.dead_letter = Some(DeadLetter { exchange: 0, key: None });
    setup.consumers[0].on_error = OnError::Reject;
    setup
}

#[wasm_bindgen_test(unsupported = test)]
fn an_edited_copy_of_a_dead_letter_goes_to_the_queue_that_it_came_from_and_is_handled() {
    let mut play = Play::start(&with_faults(with_dead_letters(2, 2), &["poison orders #1"]));
    play.until_done("broker", Kind::DeadLettered, 1);
    play.hand("resend #1 of dead with 20");
    assert_eq!((waits(&play, 1), play.counts().lost), (vec![], 0));
    play.finish();
    assert!(play.subjects("mail", Kind::Applied).contains(&0));
    let receives = play.all("broker", Kind::Leased);
    let receives = receives.iter().filter(|record| record.subject == 0).map(|record| record.other >> 8);
    assert_eq!(receives.collect::<Vec<_>>(), [1, 2, 1], "to the queue it is new");
    assert_eq!((play.counts().lost, play.counts().duplicates, play.counts().stuck), (0, 0, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn what_an_exchange_brought_to_a_queue_of_dead_letters_goes_to_the_queue_that_it_left() {
    let mut play = Play::start(&with_faults(rejecting(2), &["poison orders #1"]));
    play.until_done("broker", Kind::DeadLettered, 1);
    assert_eq!(waits(&play, 1), [0]);
    play.hand("resend #1 of mails-dead");
    play.finish();
    let mut applied = play.subjects("mail", Kind::Applied);
    applied.sort_unstable();
    assert_eq!((waits(&play, 1), applied), (vec![], vec![0, 1]));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_copy_that_says_no_number_is_one_on_which_every_handler_fails() {
    let mut play = Play::start(&with_faults(rejecting(1), &["fail mail apply #1"]));
    play.until_done("broker", Kind::DeadLettered, 1);
    play.hand("resend #1 of mails-dead with ten");
    play.until_done("broker", Kind::DeadLettered, 2);
    assert_eq!((play.count("mail", Kind::HandlerFailed), waits(&play, 1)), (2, vec![0]));
    play.hand("resend #1 of mails-dead with 10");
    play.finish();
    assert_eq!((play.count("mail", Kind::HandlerFailed), play.count("mail", Kind::Applied)), (2, 1));
}

#[wasm_bindgen_test(unsupported = test)]
fn only_the_copy_that_was_taken_out_is_edited() {
    let mut setup = to_mail(1);
    setup.queues.push(queue("stock"));
    setup.consumers.push(consumer("stock", 1));
    setup.topics = vec![Topic { kind: TopicKind::Fanout, ..Topic::to("all", vec![0, 1]) }];
    setup.services[0].messages[0].target = Target::Topic(0);
    setup.consumers.iter_mut().for_each(|consumer| consumer.on_error = OnError::Reject);
    setup.queues.iter_mut().for_each(|queue| queue.dead_letters = true);
    let mut play = Play::start(&with_faults(setup, &["poison orders #1"]));
    play.until_done("broker", Kind::DeadLettered, 2);
    let parked = |play: &Play, queue| play.moment.world.queue(queue).parked();
    assert_eq!((parked(&play, 0), parked(&play, 1)), (vec![0], vec![0]));
    play.hand("resend #1 of mails with 10");
    play.finish();
    assert_eq!((play.count("mail", Kind::Applied), play.count("stock", Kind::Applied)), (1, 0));
    assert_eq!((parked(&play, 0), parked(&play, 1)), (vec![], vec![0]));
}

#[wasm_bindgen_test(unsupported = test)]
fn an_inbox_knows_the_edited_copy_by_the_id_of_its_producer() {
    let mut setup = with_dead_letters(1, 1);
    setup.consumers[0].inbox = Inbox::Ids;
    // Its delete is lost: the work is done, and the message comes to the dead letters all the same.
    let mut play = Play::start(&with_faults(setup, &["lose delete mail #1"]));
    play.until_done("broker", Kind::DeadLettered, 1);
    play.hand("resend #1 of dead with 10");
    play.finish();
    assert_eq!((play.count("mail", Kind::Applied), play.count("mail", Kind::Recognised)), (1, 1));
}

#[wasm_bindgen_test(unsupported = test)]
fn what_nobody_could_receive_now_cannot_be_taken_out() {
    let mut play = Play::start(&polled(1));
    play.hand("resend #1 of mails");
    play.until_done("broker", Kind::Leased, 1);
    play.hand("resend #1 of mails");
    play.hand("down broker");
    play.hand("resend #1 of mails");
    assert_eq!(refused(&play), [NotTakenOut::Absent, NotTakenOut::InFlight, NotTakenOut::BrokerDown]);
    assert_eq!(play.count("broker", Kind::TakenOut), 0);

    let mut delayed = polled(1);
    delayed.queues[0].poll.as_mut().unwrap().delay = Span::from_millis(2_000);
    let mut play = Play::start(&delayed);
    play.until_done("broker", Kind::Enqueued, 1);
    play.hand("resend #1 of mails");
    assert_eq!(refused(&play), [NotTakenOut::Delayed]);

    // Its next receive moves it to the dead letters (R48).
    let mut play = Play::start(&with_faults(with_dead_letters(1, 1), &["crash mail after receive"]));
    play.until_done("broker", Kind::VisibilityEnded, 1);
    play.hand("resend #1 of mails");
    assert_eq!(refused(&play), [NotTakenOut::MovesOn]);
}

#[wasm_bindgen_test(unsupported = test)]
fn in_a_fifo_queue_nothing_is_taken_out_from_behind_what_is_hidden() {
    let mut setup = polled(2);
    setup.queues[0].poll.as_mut().unwrap().order = QueueOrder::Fifo;
    let mut play = Play::start(&with_faults(setup, &["down mail from 1ms"]));
    play.until_done("broker", Kind::Enqueued, 2);
    play.hand("peek mails");
    play.hand("resend #2 of mails");
    assert_eq!((refused(&play), waits(&play, 0)), (vec![NotTakenOut::Behind], vec![1]));
}

#[wasm_bindgen_test(unsupported = test)]
fn no_copy_is_sent_to_a_queue_that_is_full() {
    let mut setup = rejecting(3);
    setup.queues[0].limits.length = Some(1);
    setup.queues[0].limits.overflow = Overflow::RejectPublish;
    setup.consumers[0].prefetch = 1;
    let mut play = Play::start(&with_faults(setup, &["fail mail apply #1", "slow mail apply #2 by 9s"]));
    play.until_done("broker", Kind::Enqueued, 4);
    assert_eq!((waits(&play, 0).len(), waits(&play, 1)), (1, vec![0]));
    play.hand("resend #1 of mails-dead with 10");
    assert_eq!((refused(&play), waits(&play, 1)), (vec![NotTakenOut::Full], vec![0]));
}
