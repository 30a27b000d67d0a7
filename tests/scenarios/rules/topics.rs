//! Topics and their subscriptions: rules 5, 79, 81 and 84 to 86.

use super::super::world::{Play, queue, to_topic, with_faults};
use brokerlab::broker::record::Kind;
use brokerlab::broker::routing::{Compare, Condition, Routing, Subscription, Terms};
use brokerlab::broker::setup::Setup;
use brokerlab::sim::time::Instant;
use wasm_bindgen_test::wasm_bindgen_test;

/// The topic `events`, with these subscriptions instead of its plain ones.
fn subscribed(count: u32, subscriptions: Vec<Subscription>) -> Setup {
    let mut setup = to_topic(count);
    setup.topics[0].queues.clear();
    setup.topics[0].subscriptions = subscriptions;
    setup
}

fn is(value: &str) -> Condition {
    Condition::Is(value.to_owned())
}

fn key(name: &str, conditions: Vec<Condition>) -> (String, Vec<Condition>) {
    (name.to_owned(), conditions)
}

fn filtered(queue: u8, keys: Vec<(String, Vec<Condition>)>) -> Subscription {
    Subscription { terms: Terms::Filter(keys), ..Subscription::of(queue) }
}

/// What a message shows: each name with the values that the orders take in turn.
fn showing(attributes: &[(&str, &[&str])]) -> Routing {
    let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    let attributes = attributes.iter().map(|(name, values)| ((*name).to_owned(), owned(values)));
    Routing { attributes: attributes.collect(), ..Routing::default() }
}

#[wasm_bindgen_test(unsupported = test)]
fn r005_a_subscriber_that_comes_later_misses_what_was_published_before() {
    let late = Subscription { from: Some(Instant(250_000)), ..Subscription::of(1) };
    let mut play = Play::start(&subscribed(4, vec![Subscription::of(0), late]));
    play.until(249);
    assert_eq!((play.subjects("mail", Kind::Applied), play.count("", Kind::Subscribed)), (vec![0, 1], 0));
    play.finish();
    assert_eq!(play.times("broker", Kind::Subscribed), [250]);
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 1, 2, 3]);
    assert_eq!(play.subjects("stock", Kind::Applied), [2, 3]);
    assert_eq!(play.counts(), Default::default(), "nobody was owed what came before");
}

#[wasm_bindgen_test(unsupported = test)]
fn r005_a_subscription_made_by_hand_gets_what_comes_from_then_on() {
    let late = Subscription { from: Some(Instant(50_000_000)), ..Subscription::of(1) };
    let mut play = Play::start(&subscribed(4, vec![Subscription::of(0), late]));
    play.until(150);
    play.hand("up events.stocks");
    play.finish();
    assert_eq!(play.subjects("stock", Kind::Applied), [1, 2, 3]);
    assert_eq!((play.count("broker", Kind::Subscribed), play.counts().lost), (1, 0), "it is made once");
}

#[wasm_bindgen_test(unsupported = test)]
fn r079_every_key_must_match_by_any_of_its_values() {
    let hundred = Condition::Numeric(vec![(Compare::AtLeast, 100)]);
    let mut setup = subscribed(
        4,
        vec![
            filtered(0, vec![key("store", vec![is("a")]), key("price", vec![hundred])]),
            filtered(1, vec![key("store", vec![is("a"), is("b")])]),
            filtered(2, vec![key("colour", vec![is("red")])]),
        ],
    );
    setup.services[0].messages[0].routing =
        showing(&[("store", &["a", "a", "b", "c"]), ("price", &["210", "50", "210", "210"])]);
    let play = Play::of(&setup);
    assert_eq!(play.subjects("mail", Kind::Applied), [0], "and across the keys");
    assert_eq!(play.subjects("stock", Kind::Applied), [0, 1, 2], "or in the list");
    assert_eq!(play.count("bill", Kind::Applied), 0, "a key that the message does not have");
    let refused: Vec<(u32, u16)> =
        play.all("broker", Kind::Filtered).iter().map(|r| (r.subject, r.other)).collect();
    assert_eq!(refused, [(0, 2), (1, 0), (1, 2), (2, 0), (2, 2), (3, 0), (3, 1), (3, 2)]);
    assert_eq!(play.subjects("broker", Kind::Unroutable), [3], "nobody wanted the last");
    assert_eq!(play.counts(), Default::default(), "what nobody asked for is not lost");
}

#[wasm_bindgen_test(unsupported = test)]
fn r079_no_policy_takes_everything_and_attributes_not_named_are_ignored() {
    let wants_a = filtered(1, vec![key("store", vec![is("a")])]);
    let mut setup = subscribed(2, vec![Subscription::of(0), wants_a]);
    setup.services[0].messages[0].routing = showing(&[("store", &["a", "b"]), ("colour", &["red"])]);
    let play = Play::of(&setup);
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 1]);
    assert_eq!(play.subjects("stock", Kind::Applied), [0]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r079_each_operator_takes_what_it_says() {
    let text = |text: &str| text.to_owned();
    let range = Condition::Numeric(vec![(Compare::Above, 0), (Compare::AtMost, 100)]);
    let values = ["car", "Car", "care", "scar", "0", "1", "100", "101"];
    // Each with what it takes of those, and whether it takes a message without the attribute.
    let cases: [(Condition, &[&str], bool); 9] = [
        (is("car"), &["car"], false),
        (
            Condition::AnythingBut(vec![text("car"), text("1")]),
            &["Car", "care", "scar", "0", "100", "101"],
            false,
        ),
        (Condition::Prefix(text("car")), &["car", "care"], false),
        (Condition::Suffix(text("car")), &["car", "scar"], false),
        (Condition::IgnoreCase(text("cAR")), &["car", "Car"], false),
        (range, &["1", "100"], false),
        (Condition::Numeric(vec![(Compare::Equal, 100)]), &["100"], false),
        (Condition::Exists(true), &values, false),
        (Condition::Exists(false), &[], true),
    ];
    for (condition, taken, without) in cases {
        let terms = Terms::Filter(vec![key("policy", vec![condition.clone()])]);
        let wants = |value: &&&str| terms.want(&showing(&[("policy", &[**value])]), 0, "");
        assert_eq!(values.iter().filter(wants).copied().collect::<Vec<_>>(), taken, "{condition:?}");
        assert_eq!(terms.want(&showing(&[("other", &["car"])]), 0, ""), without, "{condition:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r081_who_expects_the_envelope_reads_no_raw_message_and_the_other_way_round() {
    let outcome = |wrapped, unwraps| {
        let mut setup = subscribed(2, vec![Subscription { wrapped, ..Subscription::of(0) }]);
        setup.consumers[0].unwraps = unwraps;
        let play = Play::of(&setup);
        let parked = play.moment.world.queue(0).parked().to_vec();
        assert_eq!(play.subjects("mail", Kind::Received), [0, 1], "one attempt each");
        assert_eq!(play.subjects("mail", Kind::DecodeFailed), parked);
        (play.subjects("mail", Kind::Applied), parked)
    };
    assert_eq!(outcome(false, false), (vec![0, 1], vec![]));
    assert_eq!(outcome(true, true), (vec![0, 1], vec![]));
    assert_eq!(outcome(true, false), (vec![], vec![0, 1]));
    assert_eq!(outcome(false, true), (vec![], vec![0, 1]));
}

#[wasm_bindgen_test(unsupported = test)]
fn r084_what_a_topic_may_not_deliver_is_gone_and_not_tried_again() {
    let play = Play::with(to_topic(3), &["down events.stocks 150ms..250ms"]);
    assert_eq!(play.subjects("broker", Kind::Undeliverable), [1]);
    assert_eq!(play.subjects("stock", Kind::Applied), [0, 2], "not when it is whole again, either");
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 1, 2]);
    assert_eq!(play.subjects("bill", Kind::Applied), [0, 1, 2]);
    assert_eq!(play.counts().lost, 1, "it was promised a copy");
}

#[wasm_bindgen_test(unsupported = test)]
fn r085_with_dead_letters_of_its_own_a_subscription_keeps_what_could_not_be_delivered() {
    let kept = Subscription { dead_letters: Some(3), ..Subscription::of(1) };
    let mut setup = subscribed(3, vec![Subscription::of(0), kept]);
    setup.queues.push(queue("stocks-dead"));
    let play = Play::with(setup, &["down events.stocks 150ms..250ms"]);
    assert_eq!((play.subjects("broker", Kind::Diverted), play.count("", Kind::Undeliverable)), (vec![1], 0));
    assert_eq!(play.waiting(3), [(1, false)]);
    assert_eq!(play.subjects("stock", Kind::Applied), [0, 2]);
    assert_eq!(play.subjects("mail", Kind::Applied), [0, 1, 2]);
    assert_eq!((play.counts().parked, play.counts().lost), (1, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r085_a_filter_comes_before_the_dead_letters() {
    let kept = Subscription { dead_letters: Some(3), ..filtered(1, vec![key("store", vec![is("a")])]) };
    let mut setup = subscribed(2, vec![kept]);
    setup.queues.push(queue("stocks-dead"));
    setup.services[0].messages[0].routing = showing(&[("store", &["a", "b"])]);
    let play = Play::with(setup, &["down events.stocks from 1ms"]);
    assert_eq!(
        (play.subjects("broker", Kind::Diverted), play.subjects("broker", Kind::Filtered)),
        (vec![0], vec![1])
    );
    assert_eq!(play.waiting(3), [(0, false)]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r086_that_it_was_published_does_not_mean_that_it_was_delivered() {
    let down = ["down events.mails from 1ms", "down events.stocks from 1ms", "down events.bills from 1ms"];
    let play = Play::of(&with_faults(to_topic(2), &down));
    assert_eq!(play.subjects("orders", Kind::Confirmed), [0, 1]);
    assert_eq!((play.count("", Kind::Enqueued), play.counts().lost), (0, 6));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_message_that_went_to_no_queue_is_lost_in_the_step_in_which_it_was_taken() {
    let mut setup = to_topic(1);
    setup.services[0].confirm = None;
    let mut play = Play::start(&with_faults(setup, &["down events.stocks from 1ms"]));
    play.until_done("broker", Kind::Undeliverable, 1);
    let found = play.moment.ledger.findings().next().copied();
    assert_eq!((play.counts().lost, found.map(|it| it.step)), (1, Some(play.moment.step())));
}
