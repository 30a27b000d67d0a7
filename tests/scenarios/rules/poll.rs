//! Queues that are polled: rules 9 and 12 to 34.

use super::super::world::{Play, ms, polled, polled_queue, to_mail, with_faults};
use brokerlab::broker::record::{Kind, NONE};
use brokerlab::broker::setup::{AckTime, Poll, Setup};
use brokerlab::broker::world::Ending;
use brokerlab::fault::point::PacketKind;
use brokerlab::scenario::Scenario;
use brokerlab::sim::time::{Instant, Span};
use wasm_bindgen_test::wasm_bindgen_test;

/// The setup with its queue changed.
fn with_poll(mut setup: Setup, change: impl FnOnce(&mut Poll)) -> Setup {
    change(setup.queues[0].poll.as_mut().unwrap());
    setup
}

fn visible_for(count: u32, visibility: u64) -> Setup {
    with_poll(polled(count), |poll| poll.visibility = Span::from_millis(visibility))
}

/// The moments at which the broker answered a poll, with the message or none.
fn answers(play: &Play) -> Vec<(u64, Option<u32>)> {
    let sent =
        play.all("broker", Kind::Sent).into_iter().filter(|record| record.packet().0 == PacketKind::Reply);
    sent.map(|record| (record.at.0 / 1_000, (record.subject != NONE).then_some(record.subject))).collect()
}

/// How many milliseconds lie between the receive of that number and what ends its timeout.
fn hidden_for(play: &Play, nth: usize) -> u64 {
    play.times("broker", Kind::VisibilityEnded)[nth] - play.times("broker", Kind::Leased)[nth]
}

/// A file whose queue and consumer say that.
fn file(queue: &str, consumer: &str) -> Result<Scenario, String> {
    let text = format!(
        "title = \"t\"\n[[service]]\nname = \"orders\"\npublish = \"plain\"\nmessages = [{{ name = \"m\", to = \"mails\" }}]\n\
         [[queue]]\nname = \"mails\"\nmodel = \"poll\"\n{queue}\n[[consumer]]\nname = \"mail\"\nqueue = \"mails\"\n{consumer}\n"
    );
    Scenario::read("t", &text).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

#[wasm_bindgen_test(unsupported = test)]
fn r009_nothing_reaches_a_consumer_that_does_not_ask() {
    let mut setup = polled(5);
    setup.consumers[0].polling.pause = Span::from_millis(2_000);
    let mut play = Play::start(&setup);
    play.until(1_900);
    assert_eq!((play.count("mail", Kind::Received), play.waiting(0).len()), (0, 5));
    play.until_done("mail", Kind::Received, 1);
    assert!(play.times("mail", Kind::Received)[0] > 2_000);

    let mut pushed = to_mail(5);
    pushed.consumers[0].prefetch = 3;
    pushed.consumers[0].handler = ms(10_000);
    let mut play = Play::start(&pushed);
    play.until(1_900);
    assert_eq!(play.count("mail", Kind::Received), 3, "pushed up to the prefetch");
}

#[wasm_bindgen_test(unsupported = test)]
fn r012_a_deleted_message_may_come_again() {
    let play = Play::with(polled(2), &["fail broker delete #1"]);
    assert_eq!(play.subjects("mail", Kind::Received), [0, 1, 0]);
    assert_eq!(play.subjects("broker", Kind::Reexposed), [0]);
    assert_eq!((play.counts().duplicates, play.counts().lost), (1, 0));
    assert_eq!(play.ended(), Some(Ending::Quiet));
}

#[wasm_bindgen_test(unsupported = test)]
fn r014_the_visibility_timeout_hides_a_received_message() {
    let poll = file("", "").unwrap().setup.queues[0].poll.unwrap();
    assert_eq!(poll.visibility, Span::from_millis(30_000), "the default");
    assert!(file("visibility = \"12h\"", "").is_ok() && file("visibility = \"0s\"", "").is_ok());
    assert!(file("visibility = \"12h1s\"", "").is_err() && file("visibility = \"43201s\"", "").is_err());

    let mut play = Play::start(&with_faults(visible_for(1, 30_000), &["crash mail after receive for 50ms"]));
    play.until_done("broker", Kind::Leased, 1);
    let received = play.times("broker", Kind::Leased)[0];
    play.until(received + 29_999);
    assert_eq!((play.in_flight(0), play.waiting(0)), (vec![0], vec![]));
    play.until(received + 30_000);
    assert_eq!((play.in_flight(0), play.waiting(0)), (vec![], vec![(0, true)]), "the deadline is half-open");
    play.finish();
    assert_eq!(play.subjects("mail", Kind::Received), [0, 0]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r015_the_clock_starts_when_the_queue_answers_not_when_the_work_begins() {
    let mut setup = visible_for(10, 300);
    setup.services[0].every = ms(0);
    setup.consumers[0].polling.receive = 10;
    setup.consumers[0].polling.pause = Span::from_millis(300);
    setup.consumers[0].handler = ms(40);
    let mut play = Play::start(&setup);
    play.until_done("broker", Kind::VisibilityEnded, 1);
    let done = play.count("mail", Kind::Applied);
    assert!((5..9).contains(&done), "the first of the batch are done in time, the last are not: {done}");
    assert_eq!(hidden_for(&play, 0), 300);
}

#[wasm_bindgen_test(unsupported = test)]
fn r016_every_receive_has_a_handle_of_its_own() {
    let mut play = Play::start(&with_faults(polled(1), &["crash mail after receive for 50ms"]));
    let mut handles = Vec::new();
    for nth in 1..=2 {
        play.until_done("broker", Kind::Leased, nth);
        let held = *play.moment.world.queue(0).polled().in_flight().next().unwrap();
        assert_eq!((held.stored.message, held.stored.receives), (0, nth as u16));
        handles.extend(held.stored.handle());
    }
    assert!(handles.len() == 2 && handles[0] != handles[1]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r017_a_delete_with_an_old_handle_deletes_nothing() {
    let mut setup = visible_for(1, 60);
    setup.consumers[0].workers = 2;
    setup.consumers[0].handler = ms(100);
    let mut play = Play::start(&setup);
    play.until_done("broker", Kind::Stale, 1);
    assert_eq!(play.count("broker", Kind::Settled), 0);
    assert_eq!(play.in_flight(0).len() + play.waiting(0).len(), 1, "it stays with the other");
}

#[wasm_bindgen_test(unsupported = test)]
fn r017_an_old_handle_deletes_nothing_when_nobody_has_the_message_either() {
    let mut setup = visible_for(1, 60);
    setup.consumers[0].workers = 2;
    setup.consumers[0].handler = ms(200);
    let mut play = Play::start(&setup);
    // Both have received it, one after the other, and both have taken too long.
    play.until_done("broker", Kind::Stale, 1);
    assert_eq!((play.count("broker", Kind::Leased), play.count("broker", Kind::VisibilityEnded)), (2, 2));
    assert_eq!((play.count("broker", Kind::Settled), play.waiting(0)), (0, vec![(0, true)]));
}

#[wasm_bindgen_test(unsupported = test)]
fn r017_the_latest_handle_deletes_even_when_its_timeout_is_over() {
    let mut setup = visible_for(1, 60);
    setup.consumers[0].handler = ms(100);
    let play = Play::of(&setup);
    assert_eq!(play.count("broker", Kind::VisibilityEnded), 1);
    assert_eq!((play.count("broker", Kind::Settled), play.count("mail", Kind::Received)), (1, 1));
}

#[wasm_bindgen_test(unsupported = test)]
fn r018_to_delete_twice_succeeds() {
    let play = Play::with(polled(1), &["double delete mail #1 by 5ms"]);
    assert_eq!((play.count("broker", Kind::Settled), play.count("broker", Kind::Stale)), (1, 1));
    assert_eq!((play.waiting(0), play.in_flight(0)), (vec![], vec![]));
    assert_eq!(play.ended(), Some(Ending::Quiet));
}

#[wasm_bindgen_test(unsupported = test)]
fn r019_a_poll_takes_at_most_what_it_asks_for() {
    let mut setup = polled(12);
    setup.services[0].every = ms(0);
    setup.consumers[0].polling.receive = 10;
    setup.consumers[0].polling.pause = Span::from_millis(1_000);
    let mut play = Play::start(&setup);
    play.until_done("broker", Kind::Leased, 1);
    assert_eq!((play.in_flight(0).len(), play.waiting(0).len()), (10, 2));
    play.finish();
    assert_eq!(play.subjects("mail", Kind::Applied), (0..12).collect::<Vec<_>>());
    assert!(file("", "receive = 10").is_ok());
    assert!(file("", "receive = 0").is_err() && file("", "receive = 11").is_err());
}

#[wasm_bindgen_test(unsupported = test)]
fn r020_a_short_poll_may_miss_what_is_there_and_a_long_one_never_does() {
    let mut setup = polled(1);
    setup.consumers[0].polling.pause = Span::from_millis(300);
    let play = Play::with(setup.clone(), &["fail broker hand-out #1"]);
    let [first, second] = answers(&play)[..] else { panic!("{:?}", answers(&play)) };
    assert_eq!((first.1, second.1), (None, Some(0)), "the next call finds it");

    let long = with_poll(setup, |poll| poll.wait = Span::from_millis(1_000));
    let play = Play::with(long, &["fail broker hand-out #1"]);
    assert_eq!(answers(&play)[0].1, Some(0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r021_a_long_poll_returns_as_soon_as_there_is_a_message() {
    let mut setup = with_poll(polled(2), |poll| poll.wait = Span::from_millis(500));
    setup.services[0].every = ms(1_500);
    let play = Play::of(&setup);
    let (came, asked) = (play.times("broker", Kind::Enqueued), play.times("broker", Kind::LongPolled));
    let answers = answers(&play);
    assert_eq!(answers[0], (came[0], Some(0)), "asked at {}", asked[0]);
    assert_eq!(answers[1], (asked[1] + 500, None), "nothing came in time");
    assert_eq!(answers.last(), Some(&(came[1], Some(1))));
    assert!(file("wait = \"20s\"", "").is_ok() && file("wait = \"21s\"", "").is_err());
}

#[wasm_bindgen_test(unsupported = test)]
fn r022_a_long_poll_wakes_when_a_hidden_message_becomes_visible() {
    let mut setup = with_poll(visible_for(1, 900), |poll| poll.wait = Span::from_millis(5_000));
    setup.consumers[0].workers = 2;
    let play = Play::with(setup, &["crash mail-1 after receive for 40s"]);
    let shown = play.times("broker", Kind::VisibilityEnded);
    assert_eq!(answers(&play)[1], (shown[0], Some(0)));
    assert_eq!(play.subjects("mail-2", Kind::Applied), [0]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r023_a_timeout_that_is_too_short_lets_two_work_at_once() {
    let mut setup = visible_for(1, 200);
    setup.consumers[0].workers = 2;
    let mut play = Play::start(&with_faults(setup, &["slow mail-1 apply by 300ms"]));
    play.until_done("mail-2", Kind::Received, 1);
    assert_eq!(
        (play.count("mail-1", Kind::Received), play.count("mail-1", Kind::Applied)),
        (1, 0),
        "still at work"
    );
    play.finish();
    assert_eq!(play.counts().duplicates, 1);
}

#[wasm_bindgen_test(unsupported = test)]
fn r024_a_timeout_that_is_too_long_delays_what_a_crash_left() {
    let mut setup = visible_for(1, 900_000);
    setup.limit = Instant(2_000_000_000);
    let play = Play::with(setup, &["crash mail before apply for 10ms"]);
    let received = play.times("mail", Kind::Received);
    assert!((900_000..900_100).contains(&(received[1] - received[0])), "{received:?}");
}

#[wasm_bindgen_test(unsupported = test)]
fn r025_a_change_of_visibility_counts_from_the_call() {
    let mut play = Play::start(&with_faults(visible_for(1, 6_000), &["crash mail after receive for 50s"]));
    play.until_done("broker", Kind::Leased, 1);
    let received = play.times("broker", Kind::Leased)[0];
    play.until(received + 1_500);
    play.hand("hide #1 of mails for 1s");
    play.until_done("broker", Kind::VisibilityEnded, 1);
    assert_eq!(hidden_for(&play, 0), 2_500);
}

#[wasm_bindgen_test(unsupported = test)]
fn r026_a_change_of_visibility_is_not_remembered() {
    let faults = ["crash mail after receive for 10ms", "crash mail after receive #2 for 10ms"];
    let mut play = Play::start(&with_faults(visible_for(1, 2_000), &faults));
    play.until_done("broker", Kind::Leased, 1);
    play.hand("hide #1 of mails for 4s");
    play.finish();
    assert_eq!((hidden_for(&play, 0), hidden_for(&play, 1)), (4_000, 2_000));
}

#[wasm_bindgen_test(unsupported = test)]
fn r027_no_time_gives_the_message_back_at_once() {
    let mut setup = polled(1);
    setup.consumers[0].on_error = brokerlab::broker::setup::OnError::Requeue;
    let play = Play::with(setup, &["fail mail apply #1"]);
    let (given, shown) = (play.times("broker", Kind::Extended), play.times("broker", Kind::VisibilityEnded));
    assert_eq!(given, shown);
    assert_eq!(play.all("broker", Kind::Leased)[1].other >> 8, 2, "received twice");
    assert_eq!(play.subjects("mail", Kind::Applied), [0]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r028_a_heartbeat_keeps_the_message_for_as_long_as_the_work_takes() {
    let mut setup = visible_for(1, 2_000);
    setup.consumers[0].handler = ms(10_000);
    setup.consumers[0].workers = 2;
    let without = Play::of(&setup);
    assert!(without.count("broker", Kind::Leased) > 1);
    setup.consumers[0].polling.heartbeat = Some(Span::from_millis(1_000));
    let play = Play::of(&setup);
    assert_eq!((play.count("broker", Kind::Leased), play.count("", Kind::Applied)), (1, 1));
    assert_eq!(play.count("broker", Kind::Extended), 10, "one a second");
    assert_eq!(play.ended(), Some(Ending::Quiet));
}

#[wasm_bindgen_test(unsupported = test)]
fn r029_no_message_is_hidden_for_more_than_twelve_hours() {
    let mut setup = visible_for(1, 60_000);
    setup.limit = Instant(50_000_000_000);
    let mut play = Play::start(&with_faults(setup, &["crash mail after receive for 100s"]));
    play.until_done("broker", Kind::Leased, 1);
    let received = play.times("broker", Kind::Leased)[0];
    play.until(received + 5_000);
    play.hand("hide #1 of mails for 43200s");
    assert_eq!(play.all("broker", Kind::ExtendRefused)[0].other, 1);
    play.hand("hide #1 of mails for 43195s");
    assert_eq!(play.count("broker", Kind::Extended), 1);
}

#[wasm_bindgen_test(unsupported = test)]
fn r030_what_is_not_in_flight_cannot_be_given_more_time() {
    let mut play = Play::start(&with_faults(visible_for(1, 300), &["crash mail after receive for 2s"]));
    play.until_done("broker", Kind::VisibilityEnded, 1);
    play.hand("hide #1 of mails for 10s");
    assert_eq!(play.count("broker", Kind::ExtendRefused), 1);
    assert_eq!(play.waiting(0), [(0, true)]);
    play.finish();
    assert_eq!(play.subjects("mail", Kind::Applied), [0]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r031_a_delay_queue_hides_what_is_new() {
    let setup = with_poll(polled(1), |poll| poll.delay = Span::from_millis(2_000));
    let mut play = Play::start(&setup);
    play.until_done("broker", Kind::Enqueued, 1);
    let came = play.times("broker", Kind::Enqueued)[0];
    play.until(came + 1_999);
    assert_eq!(
        (play.moment.world.queue(0).polled().delayed().len(), play.count("mail", Kind::Received)),
        (1, 0)
    );
    play.finish();
    assert_eq!(play.times("broker", Kind::DelayEnded), [came + 2_000]);
    assert_eq!(play.subjects("mail", Kind::Applied), [0]);
    assert!(file("delay = \"900s\"", "").is_ok() && file("delay = \"901s\"", "").is_err());
}

#[wasm_bindgen_test(unsupported = test)]
fn r032_the_timer_of_a_message_overrides_the_delay_of_the_queue() {
    for (queue, message) in [(2_000, 0), (0, 700)] {
        let mut setup = with_poll(polled(1), |poll| poll.delay = Span::from_millis(queue));
        setup.services[0].messages[0].delay = Some(Span::from_millis(message));
        let play = Play::of(&setup);
        let came = play.times("broker", Kind::Enqueued)[0];
        let ended: Vec<u64> = (message > 0).then_some(came + message).into_iter().collect();
        assert_eq!(play.times("broker", Kind::DelayEnded), ended);
        assert_eq!(play.count("mail", Kind::Applied), 1);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r034_delay_comes_once_before_the_first_receive_and_visibility_after_each() {
    let setup = with_poll(polled(1), |poll| poll.delay = Span::from_millis(300));
    let mut play = Play::start(&with_faults(setup, &["fail mail apply #1"]));
    let counters = |play: &Play| {
        let queue = play.moment.world.queue(0);
        (queue.polled().delayed().len(), queue.ready().len(), queue.polled().in_flight().len())
    };
    let mut seen = vec![(0, 0, 0)];
    while play.step() {
        if seen.last() != Some(&counters(&play)) {
            seen.push(counters(&play));
        }
    }
    assert_eq!(seen, [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 0), (0, 0, 1), (0, 0, 0)]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r045_a_lost_answer_leaves_a_message_in_flight_that_nobody_has() {
    let mut setup = polled(1);
    setup.consumers[0].polling.pause = Span::from_millis(150);
    let mut play = Play::start(&with_faults(setup, &["lose reply mail #1"]));
    play.until_done("broker", Kind::Lost, 1);
    assert_eq!((play.in_flight(0), play.count("mail", Kind::Received)), (vec![0], 0));
    play.finish();
    assert_eq!(play.count("mail", Kind::PollTimedOut), 1);
    assert_eq!(play.all("broker", Kind::Leased)[1].other >> 8, 2, "the count is 2 at the first that arrives");
    assert_eq!((play.subjects("mail", Kind::Applied), play.ended()), (vec![0], Some(Ending::Quiet)));
}

/// The connection of a poll that was given up is closed: what its answer brings, nobody takes in.
#[wasm_bindgen_test(unsupported = test)]
fn r045_the_answer_to_a_poll_that_was_given_up_goes_nowhere() {
    // Given up after 2 s. Then the worker pauses for 20 ms, or 5 s: the answer comes while it waits for another, or
    // for none.
    for (pause, wait) in [(20, 15_000), (5_000, 0)] {
        let mut setup = with_poll(polled(1), |poll| {
            poll.visibility = Span::from_millis(40_000);
            poll.wait = Span::from_millis(wait);
        });
        setup.consumers[0].polling.pause = Span::from_millis(pause);
        setup.limit = Instant(120_000_000);
        let late = format!("delay reply mail #1 by {}ms", wait + 3_000);
        let play = Play::with(setup, &[&late]);
        assert_eq!(play.count("mail", Kind::PollTimedOut), 1);
        let lost = play.times("broker", Kind::Lost);
        assert_eq!(lost.len(), 1, "the late answer");
        let leased = play.times("broker", Kind::Leased);
        assert!(leased.len() == 2 && leased[1] > lost[0] && leased[1] >= leased[0] + 40_000, "{leased:?}");
        assert_eq!(play.subjects("mail", Kind::Received), [0], "only what the second answer brings");
        assert!(play.times("mail", Kind::Received)[0] > leased[1]);
        assert_eq!((play.subjects("mail", Kind::Applied), play.ended()), (vec![0], Some(Ending::Quiet)));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_consumer_that_polls_for_ever_does_not_keep_the_world_from_being_quiet() {
    for wait in [0, 800] {
        let setup = with_poll(polled(2), |poll| poll.wait = Span::from_millis(wait));
        let play = Play::of(&setup);
        assert_eq!(play.ended(), Some(Ending::Quiet));
        assert!(play.moment.now().0 < 1_000_000, "{}", play.moment.now());
    }
    let down = Play::with(polled(2), &["down mail from 50ms"]);
    assert_eq!((down.ended(), down.counts().stuck), (Some(Ending::Quiet), 2), "nobody asks");
    let away = Play::with(polled(2), &["cut mail from 50ms"]);
    assert_eq!((away.ended(), away.counts().stuck), (Some(Ending::Quiet), 2), "nobody can ask");
}

#[wasm_bindgen_test(unsupported = test)]
fn what_a_queue_hides_survives_the_broker_if_the_queue_is_durable() {
    for durable in [true, false] {
        let mut setup = visible_for(1, 600);
        setup.queues[0] = polled_queue("mails", 600);
        setup.queues[0].durable = durable;
        let play = Play::with(setup, &["crash mail after receive for 50ms", "down broker 200ms..300ms"]);
        assert_eq!(play.count("mail", Kind::Applied), usize::from(durable));
        assert_eq!(play.counts().lost, u32::from(!durable));
        assert_eq!(play.ended(), Some(Ending::Quiet));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r012_a_message_that_a_server_has_not_heard_the_delete_of_is_not_lost_yet() {
    let mut setup = polled(1);
    setup.consumers[0].ack = AckTime::BeforeEffect;
    let faults = ["fail broker delete #1", "fail mail apply #1"];
    let mut play = Play::start(&with_faults(setup.clone(), &faults));
    play.until_done("broker", Kind::Reexposed, 1);
    assert_eq!((play.count("broker", Kind::Settled), play.count("mail", Kind::HandlerFailed)), (1, 1));
    assert_eq!(play.counts().lost, 0);
    play.finish();
    assert_eq!((play.subjects("mail", Kind::Applied), play.counts()), (vec![0], Default::default()));

    let mut play = Play::start(&with_faults(setup, &faults));
    play.until_done("mail", Kind::HandlerFailed, 1);
    play.until_done("broker", Kind::Settled, 1);
    play.hand("discard all of mails");
    assert_eq!(play.counts().lost, 1, "that was the last trace of it");
    play.finish();
    assert_eq!((play.count("broker", Kind::Reexposed), play.counts().stuck), (0, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r030_what_was_deleted_cannot_be_given_more_time() {
    let mut play = Play::start(&with_faults(polled(1), &["fail broker delete #1"]));
    play.until_done("broker", Kind::Settled, 1);
    play.hand("hide #1 of mails for 10s");
    assert_eq!((play.count("broker", Kind::ExtendRefused), play.count("broker", Kind::Extended)), (1, 0));
    let received = play.times("broker", Kind::Leased)[0];
    play.until_done("broker", Kind::Reexposed, 1);
    assert_eq!(play.times("broker", Kind::Reexposed), [received + 400]);
}
