//! Queue and topic: rules 1 to 11.

use super::super::world::{
    Play, calling, consumer, ms, queue, to_mail, to_topic, with_database, with_faults,
};
use brokerlab::broker::record::Kind;
use brokerlab::broker::setup::{OnError, Publishing, Setup, Topic};
use brokerlab::broker::world::Ending;
use brokerlab::check::finding::Counts;
use brokerlab::check::measures::Measures;
use brokerlab::sim::time::{Instant, Span};
use wasm_bindgen_test::wasm_bindgen_test;

fn with_workers(count: u32, workers: u8) -> Setup {
    let mut setup = to_mail(count);
    setup.consumers[0].workers = workers;
    setup
}

fn sorted(mut messages: Vec<u32>) -> Vec<u32> {
    messages.sort_unstable();
    messages
}

#[wasm_bindgen_test(unsupported = test)]
fn r001_a_queue_hands_each_message_to_one_of_the_competing_consumers() {
    let mut setup = with_workers(4, 2);
    setup.consumers[0].handler = ms(300);
    let mut play = Play::start(&setup);
    while play.step() {
        let (one, other) = (play.unacked(0), play.unacked(1));
        assert!(!one.iter().any(|message| other.contains(message)), "{one:?} and {other:?}");
    }
    let (one, other) = (play.subjects("mail-1", Kind::Applied), play.subjects("mail-2", Kind::Applied));
    assert!(!one.is_empty() && !other.is_empty());
    assert_eq!(sorted([one, other].concat()), [0, 1, 2, 3]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r002_receiving_does_not_remove_only_the_acknowledgement_does() {
    let mut play = Play::start(&to_mail(1));
    play.until_done("mail", Kind::Applied, 1);
    assert_eq!(play.unacked(0), [0], "applied, and still the queue's");
    play.until_done("broker", Kind::Settled, 1);
    assert_eq!((play.unacked(0), play.waiting(0)), (vec![], vec![]));

    let play = Play::with(to_mail(1), &["crash mail after apply for 50ms"]);
    assert_eq!(play.subjects("mail", Kind::Received), [0, 0], "never acknowledged: it comes again");
}

#[wasm_bindgen_test(unsupported = test)]
fn r003_producers_and_consumers_need_not_be_up_together() {
    let mut play = Play::start(&with_faults(to_mail(50), &["down mail 1ms..10s"]));
    play.until(9_000);
    assert_eq!((play.count("orders", Kind::Confirmed), play.waiting(0).len()), (50, 50));
    play.finish();
    assert_eq!(play.subjects("mail", Kind::Applied), (0..50).collect::<Vec<_>>());
    assert_eq!(play.waiting(0), []);
}

#[wasm_bindgen_test(unsupported = test)]
fn r004_a_topic_gives_every_subscription_its_own_copy() {
    let mut play = Play::start(&with_faults(to_topic(1), &["down stock 1ms..1s", "down bill 1ms..1s"]));
    play.until(900);
    assert_eq!(play.subjects("mail", Kind::Applied), [0]);
    assert_eq!(
        [play.waiting(0), play.waiting(1), play.waiting(2)],
        [vec![], vec![(0, false)], vec![(0, false)]]
    );
    play.finish();
    assert_eq!([play.count("stock", Kind::Applied), play.count("bill", Kind::Applied)], [1, 1]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r005_r006_a_topic_without_queues_takes_a_message_and_keeps_nothing() {
    let mut setup = to_topic(3);
    setup.topics[0].queues.clear();
    let play = Play::of(&setup);
    assert_eq!(play.count("orders", Kind::Confirmed), 3, "publishing succeeds");
    assert_eq!(play.subjects("broker", Kind::Unroutable), [0, 1, 2]);
    assert_eq!(play.count("", Kind::Enqueued), 0);
    assert!((0..3).all(|queue| play.waiting(queue).is_empty()));
    assert_eq!(play.counts().lost, 0, "nobody was owed anything");
}

#[wasm_bindgen_test(unsupported = test)]
fn r007_one_queue_a_kind_of_work_and_inside_it_the_workers_compete() {
    let mut setup = to_topic(4);
    setup.consumers[0].workers = 2;
    setup.consumers[0].handler = ms(250);
    let play = Play::of(&setup);
    let shared = [play.subjects("mail-1", Kind::Applied), play.subjects("mail-2", Kind::Applied)];
    assert_eq!(shared.clone().map(|messages| messages.len()), [2, 2]);
    assert_eq!(sorted(shared.concat()), [0, 1, 2, 3]);
    assert_eq!(play.subjects("stock", Kind::Applied), [0, 1, 2, 3]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r008_subscribers_fail_independently() {
    let mut setup = to_topic(3);
    setup.consumers[1].on_error = OnError::Reject;
    let play = Play::with(setup, &["fail stock apply rate 100%"]);
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 1, 2]);
    assert_eq!(play.subjects("bill", Kind::Applied), [0, 1, 2]);
    assert_eq!((play.count("mail", Kind::Received), play.count("stock", Kind::Applied)), (3, 0));
    assert_eq!(play.moment.world.queue(1).parked(), [0, 1, 2]);
    assert!(play.moment.world.queue(0).parked().is_empty() && play.moment.world.queue(2).parked().is_empty());
}

#[wasm_bindgen_test(unsupported = test)]
fn r010_a_publisher_does_not_know_its_subscribers() {
    let before = Play::of(&to_topic(3));
    let mut setup = to_topic(3);
    setup.queues.push(queue("audits"));
    setup.consumers.push(consumer("audit", 3));
    setup.topics[0] = Topic { queues: vec![0, 1, 2, 3], ..setup.topics[0].clone() };
    let after = Play::of(&setup);
    assert_eq!(after.subjects("audit", Kind::Applied), [0, 1, 2]);
    for kind in [Kind::Produced, Kind::Sent, Kind::Confirmed] {
        assert_eq!(before.times("orders", kind), after.times("orders", kind), "{kind:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r011_five_workers_do_a_hundred_jobs_of_a_second_in_a_fifth_of_the_time() {
    let makespan = |workers| {
        let mut setup = with_workers(100, workers);
        setup.services[0].every = ms(1);
        setup.consumers[0].handler = ms(1_000);
        setup.limit = Instant(200_000_000);
        let play = Play::of(&setup);
        assert_eq!(play.ended(), Some(Ending::Quiet));
        play.times("", Kind::Applied).last().map(|ms| ms / 1_000)
    };
    assert!(makespan(1).is_some_and(|s| (100..105).contains(&s)), "{:?}", makespan(1));
    assert!(makespan(5).is_some_and(|s| (20..22).contains(&s)), "{:?}", makespan(5));
}

#[wasm_bindgen_test(unsupported = test)]
fn r011_while_mail_is_down_no_order_fails_and_the_mails_come_late() {
    let mut setup = to_mail(20);
    setup.services[0].confirm = Some(Span::from_millis(30));
    let play = Play::with(setup, &["down mail 0s..30s"]);
    assert_eq!((play.count("orders", Kind::Refused), play.count("orders", Kind::TimedOut)), (0, 0));
    assert!(play.times("orders", Kind::Confirmed).iter().all(|&at| at < 3_000));
    assert_eq!(play.count("mail", Kind::Applied), 20);
    assert!(play.times("mail", Kind::Applied).iter().all(|&at| at > 30_000));
}

#[wasm_bindgen_test(unsupported = test)]
fn r011_a_mail_in_the_request_is_waited_for_and_one_through_a_queue_is_not() {
    let worst = |publishing| {
        let mut setup =
            if publishing == Publishing::Call { calling(3) } else { with_database(publishing, 3) };
        setup.services[0].every = ms(3_000);
        setup.services[0].confirm = Some(Span::from_millis(5_000));
        setup.services[0].answers = true;
        setup.consumers[0].handler = ms(2_000);
        let play = Play::of(&setup);
        assert_eq!(play.count("mail", Kind::Applied), 3, "the mails are written either way");
        let measures = Measures::of(&setup, play.moment.world.history().iter());
        assert_eq!(measures.answered(), 3);
        measures.answer_time(100).map_or(0, |span| span.0 / 1_000)
    };
    assert!((2_000..2_050).contains(&worst(Publishing::Call)), "{} ms", worst(Publishing::Call));
    assert!(worst(Publishing::AfterCommit) < 50, "{} ms", worst(Publishing::AfterCommit));
}

#[wasm_bindgen_test(unsupported = test)]
fn r011_a_consumer_is_replaced_and_only_who_calls_it_notices() {
    let stop = "stop mail 420ms..890ms";
    let direct = Play::with(calling(10), &[stop]);
    let failed = direct.all("orders", Kind::Answered).into_iter().filter(|record| record.other > 0).count();
    assert_eq!((failed, direct.counts().failed), (4, 4), "those at 500 to 800 ms");
    assert_eq!((direct.count("mail", Kind::Stopped), direct.count("mail", Kind::Applied)), (1, 6));

    let mut setup = with_database(Publishing::AfterCommit, 10);
    setup.services[0].answers = true;
    let queued = Play::with(setup, &[stop]);
    assert_eq!((queued.counts(), queued.count("mail", Kind::Stopped)), (Counts::default(), 1));
    assert_eq!(queued.subjects("mail", Kind::Applied), (0..10).collect::<Vec<_>>());
}

#[wasm_bindgen_test(unsupported = test)]
fn r011_while_mail_is_down_every_call_to_it_fails() {
    let play = Play::with(calling(10), &["down mail 420ms..890ms"]);
    assert_eq!((play.counts().failed, play.counts().lost, play.counts().ghosts), (4, 0, 0));
    assert_eq!(play.count("orders", Kind::RolledBack), 4);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_planned_stop_ends_what_is_in_hand_and_takes_nothing_new() {
    let mut setup = to_mail(6);
    setup.consumers[0].handler = ms(150);
    setup.consumers[0].prefetch = 3;
    let mut play = Play::start(&with_faults(setup, &["stop mail 300ms..2s"]));
    play.until(1_900);
    let stopped = play.times("mail", Kind::Stopped)[0];
    let (stopping, last) = (play.times("mail", Kind::Stopping)[0], play.times("mail", Kind::Applied));
    assert_eq!(stopping, 300);
    assert!(last.iter().all(|&at| at <= stopped) && stopped < 500, "{last:?}, {stopped}");
    assert_eq!(play.unacked(0), [0; 0], "what it held besides is the queue's again");
    play.finish();
    assert_eq!(play.subjects("mail", Kind::Applied), (0..6).collect::<Vec<_>>());
    assert_eq!(play.counts(), Counts::default(), "nothing twice: its last word came before it left");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_call_whose_reply_is_lost_may_have_been_heard() {
    let play = Play::with(calling(2), &["lose response orders #1"]);
    assert_eq!(play.count("orders", Kind::TimedOut), 1);
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 1]);
    assert_eq!((play.counts().failed, play.counts().ghosts), (1, 1), "undone, and the mail is out");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_handler_that_fails_is_an_error_for_the_caller_at_once() {
    let play = Play::with(calling(2), &["fail mail apply #1"]);
    assert_eq!((play.count("orders", Kind::CallFailed), play.count("orders", Kind::TimedOut)), (1, 0));
    assert_eq!((play.counts().failed, play.subjects("mail", Kind::Applied)), (1, vec![1]));
}
