//! Exchanges and their bindings: rules 93 to 97.

use super::super::world::{Play, consumer, queue, to_topic};
use brokerlab::broker::record::Kind;
use brokerlab::broker::routing::{Subscription, Terms, TopicKind, fits};
use brokerlab::broker::setup::{Setup, Target};
use wasm_bindgen_test::wasm_bindgen_test;

/// An exchange of that kind instead of the topic, with these bindings; the orders take the routing keys in turn.
fn bound(count: u32, kind: TopicKind, bindings: Vec<(u8, Terms)>, keys: &[&str]) -> Setup {
    let mut setup = to_topic(count);
    let exchange = &mut setup.topics[0];
    exchange.kind = kind;
    exchange.queues.clear();
    for (queue, terms) in bindings {
        match terms {
            Terms::Any => exchange.queues.push(queue),
            terms => exchange.subscriptions.push(Subscription { terms, ..Subscription::of(queue) }),
        }
    }
    setup.services[0].messages[0].routing.key = keys.iter().map(|key| (*key).to_owned()).collect();
    setup
}

fn exact(key: &str) -> Terms {
    Terms::Key(key.to_owned())
}

fn like(pattern: &str) -> Terms {
    Terms::Pattern(pattern.to_owned())
}

fn applied(play: &Play) -> [Vec<u32>; 3] {
    ["mail", "stock", "bill"].map(|name| play.subjects(name, Kind::Applied))
}

#[wasm_bindgen_test(unsupported = test)]
fn r093_two_bindings_of_one_queue_that_match_give_one_copy() {
    let bindings = vec![(0, like("order.#")), (0, like("#.eu")), (1, like("order.*"))];
    let play = Play::of(&bound(3, TopicKind::Pattern, bindings, &["order.eu", "order", "bill.eu"]));
    assert_eq!(play.subjects("mail", Kind::Received), [0, 1, 2], "once, though the first fits both");
    assert_eq!(play.subjects("stock", Kind::Received), [0]);
    assert_eq!((play.counts().duplicates, play.counts().lost), (0, 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn r094_a_direct_exchange_compares_the_whole_key() {
    let bindings = vec![(0, exact("placed")), (1, exact("placed")), (1, exact("paid")), (2, exact(""))];
    let keys = ["placed", "paid", "placed.eu", "Placed"];
    let play = Play::of(&bound(4, TopicKind::Direct, bindings.clone(), &keys));
    assert_eq!(applied(&play), [vec![0], vec![0, 1], vec![]]);
    let play = Play::of(&bound(1, TopicKind::Direct, bindings, &[]));
    assert_eq!(applied(&play), [vec![], vec![], vec![0]], "without a key the key is empty");
}

#[wasm_bindgen_test(unsupported = test)]
fn r094_the_default_exchange_finds_the_queue_of_that_name() {
    let mut setup = bound(2, TopicKind::Fanout, vec![(0, Terms::Any)], &["mails"]);
    setup.services[0].messages[0].target = Target::Queue(1);
    assert_eq!(applied(&Play::of(&setup)), [vec![], vec![0, 1], vec![]]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r094_a_fanout_exchange_ignores_the_key() {
    let bindings = vec![(0, Terms::Any), (2, Terms::Any)];
    let play = Play::of(&bound(2, TopicKind::Fanout, bindings, &["placed", ""]));
    assert_eq!(applied(&play), [vec![0, 1], vec![], vec![0, 1]]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r094_in_a_topic_exchange_a_star_is_one_word_and_a_hash_any_number() {
    let keys = ["", "a", "b", "a.b", "a.c", "x.c", "a.b.c", "a.b.d.c"];
    let cases: [(&str, &[&str]); 9] = [
        ("a.*", &["a.b", "a.c"]),
        ("a.#", &["a", "a.b", "a.c", "a.b.c", "a.b.d.c"]),
        ("*.b", &["a.b"]),
        ("a.*.c", &["a.b.c"]),
        ("*", &["a", "b"]),
        ("#", &keys),
        ("#.c", &["a.c", "x.c", "a.b.c", "a.b.d.c"]),
        ("a.#.c", &["a.c", "a.b.c", "a.b.d.c"]),
        ("#.b.#.c", &["a.b.c", "a.b.d.c"]),
    ];
    for (pattern, wanted) in cases {
        let fit: Vec<&str> = keys.iter().copied().filter(|key| fits(pattern, key)).collect();
        assert_eq!(fit, wanted, "{pattern}");
        let play = Play::of(&bound(8, TopicKind::Pattern, vec![(0, like(pattern))], &keys));
        let taken = play.subjects("mail", Kind::Applied);
        let taken: Vec<&str> = taken.into_iter().map(|message| keys[message as usize]).collect();
        assert_eq!(taken, wanted, "{pattern}");
        assert_eq!(play.counts().lost, 0, "{pattern}: what does not fit is owed to nobody");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn r095_a_headers_exchange_asks_for_all_of_them_or_any() {
    let pdf_report = || vec![("kind".to_owned(), "pdf".to_owned()), ("type".to_owned(), "report".to_owned())];
    let bindings = vec![(0, Terms::Headers(true, pdf_report())), (1, Terms::Headers(false, pdf_report()))];
    // The key would fit nothing: it is not looked at.
    let mut setup = bound(3, TopicKind::Headers, bindings, &["x"]);
    let list = |values: [&str; 3]| values.map(str::to_owned).to_vec();
    setup.services[0].messages[0].routing.attributes = vec![
        ("kind".to_owned(), list(["pdf", "pdf", "zip"])),
        ("type".to_owned(), list(["report", "log", "log"])),
    ];
    assert_eq!(applied(&Play::of(&setup)), [vec![0], vec![0, 1], vec![]]);
}

#[wasm_bindgen_test(unsupported = test)]
fn r096_a_binding_is_not_retroactive() {
    let bindings = vec![(0, exact("placed")), (1, Terms::Any)];
    let faults = ["down events.mails 1ms..150ms", "down events.stocks 1ms..150ms"];
    let play = Play::with(bound(2, TopicKind::Direct, bindings, &["placed"]), &faults);
    assert_eq!(play.subjects("broker", Kind::Unroutable), [0], "nothing was bound, so it is dropped");
    assert_eq!(applied(&play), [vec![1], vec![1], vec![]]);
    assert_eq!(play.count("", Kind::Undeliverable), 0, "a binding that is gone does not match");
}

#[wasm_bindgen_test(unsupported = test)]
fn r097_a_mandatory_message_that_no_queue_gets_is_returned_and_then_confirmed() {
    let outcome = |mandatory| {
        let mut setup = bound(2, TopicKind::Direct, vec![(0, exact("placed"))], &["placed", "unknown"]);
        setup.services[0].messages[0].routing.mandatory = mandatory;
        let play = Play::of(&setup);
        assert_eq!(play.subjects("broker", Kind::Unroutable), [1]);
        assert_eq!(applied(&play)[0], [0]);
        let told = play.moment.world.history().iter();
        told.filter(|record| record.subject == 1 && matches!(record.kind, Kind::Returned | Kind::Confirmed))
            .map(|record| record.kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(outcome(true), [Kind::Returned, Kind::Confirmed]);
    assert_eq!(outcome(false), [Kind::Confirmed], "dropped without a word");
}

#[wasm_bindgen_test(unsupported = test)]
fn r097_a_topic_that_nobody_subscribed_for_counts_as_no_queue_too() {
    let mut setup = to_topic(1);
    setup.topics[0].queues.clear();
    setup.services[0].messages[0].routing.mandatory = true;
    setup.queues.push(queue("audits"));
    setup.consumers.push(consumer("audit", 3));
    let play = Play::of(&setup);
    assert_eq!(
        (play.subjects("orders", Kind::Returned), play.subjects("orders", Kind::Confirmed)),
        (vec![0], vec![0])
    );
}
