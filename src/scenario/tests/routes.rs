//! What does a wrong file get to hear about topics, exchanges and what a queue puts up with?

use super::errors::check;
use crate::scenario::Scenario;
use expect_test::{Expect, expect};

/// A right file with a topic, an exchange and a queue that is limited.
const ROUTES: &str = r#"title = "Ways"
[[service]]
name = "shop"
publish = "plain"
messages = [
  { name = "order placed", to = "events", attributes = { policy = ["car", "house"] } },
  { name = "order paid", to = "payments", key = "paid" },
]
[[topic]]
name = "events"
[[subscription]]
topic = "events"
queue = "mails"
filter = { policy = ["car", { prefix = "h" }] }
dead-letter-queue = "undelivered"
[[exchange]]
name = "payments"
kind = "direct"
[[binding]]
exchange = "payments"
queue = "bills"
key = "paid"
[[exchange]]
name = "failures"
kind = "fanout"
[[binding]]
exchange = "failures"
queue = "undelivered"
[[queue]]
name = "mails"
[[queue]]
name = "bills"
max-length = 5
dead-letter-exchange = "failures"
[[queue]]
name = "undelivered"
[[consumer]]
name = "mail"
queue = "mails"
[[consumer]]
name = "bill"
queue = "bills"
"#;

#[track_caller]
fn spoilt(right: &str, wrong: &str, expected: Expect) {
    assert!(ROUTES.contains(right), "{right} does not stand in the file");
    check(&ROUTES.replacen(right, wrong, 1), expected);
}

#[test]
fn the_right_file_is_right() {
    Scenario::read("test", ROUTES).unwrap();
}

#[test]
fn filters() {
    spoilt(
        "{ prefix = \"h\" }",
        "{ perfix = \"h\" }",
        expect![[r#"
            line 14, column 10: `filter` is wrong: `policy` has an unknown condition `perfix`; did you mean `prefix`? (conditions: anything-but, prefix, suffix, equals-ignore-case, numeric, exists)
        "#]],
    );
    spoilt(
        "{ prefix = \"h\" }",
        "{ prefix = \"h\", suffix = \"e\" }",
        expect![[r#"
        line 14, column 10: `filter` is wrong: `policy` has a condition that is not one key with its value, like { prefix = "h" }
    "#]],
    );
    spoilt(
        "{ prefix = \"h\" }",
        "{ prefix = 5 }",
        expect![[r#"
            line 14, column 10: `filter` is wrong: `policy` has a wrong condition: `prefix` must be a text in quotes, not a whole number
        "#]],
    );
    spoilt(
        "{ prefix = \"h\" }",
        "{ exists = \"yes\" }",
        expect![[r#"
            line 14, column 10: `filter` is wrong: `policy` has a wrong condition: `exists` must be true or false, not a text
        "#]],
    );
    spoilt(
        "{ prefix = \"h\" }",
        "{ numeric = [\"=>\", 5] }",
        expect![[r#"
            line 14, column 10: `filter` is wrong: `policy` has a wrong condition: `numeric` must be a list like [">=", 100, "<", 200], with whole numbers
        "#]],
    );
    spoilt(
        "{ prefix = \"h\" }",
        "{ numeric = [\">\"] }",
        expect![[r#"
            line 14, column 10: `filter` is wrong: `policy` has a wrong condition: `numeric` must be a list like [">=", 100, "<", 200], with whole numbers
        "#]],
    );
    spoilt(
        "{ prefix = \"h\" }",
        "true",
        expect![[r#"
        line 14, column 10: `filter` is wrong: `policy` must be a text or a whole number, not true or false
    "#]],
    );
    spoilt(
        "[\"car\", { prefix = \"h\" }]",
        "[]",
        expect![[r#"
        line 14, column 10: `filter` is wrong: `policy` has no condition
    "#]],
    );
    spoilt(
        "{ policy = [\"car\", { prefix = \"h\" }] }",
        "\"car\"",
        expect![[r#"
        line 14, column 10: `filter` must be a table like { policy = ["car", { prefix = "h" }] }, not a text
    "#]],
    );
    spoilt(
        "{ policy = [\"car\", { prefix = \"h\" }] }",
        "{}",
        expect![[r#"
        line 14, column 10: `filter` must have 1 to 200 entries, like { policy = ["car", { prefix = "h" }] }
    "#]],
    );
    let keys = "{ a = 1, b = 1, c = 1, d = 1, e = 1, f = 1 }";
    spoilt(
        "{ policy = [\"car\", { prefix = \"h\" }] }",
        keys,
        expect![[r#"
        line 14, column 10: `filter` is too large: at most 5 keys and 150 combinations of their conditions
    "#]],
    );
    let combinations =
        format!("{{ a = {list}, b = {list} }}", list = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]");
    spoilt(
        "{ policy = [\"car\", { prefix = \"h\" }] }",
        &combinations,
        expect![[r#"
        line 14, column 10: `filter` is too large: at most 5 keys and 150 combinations of their conditions
    "#]],
    );
}

#[test]
fn attributes() {
    spoilt(
        "[\"car\", \"house\"]",
        "[]",
        expect![[r#"
        line 6, column 56: `attributes` is wrong: `policy` must be a value or a list of 1 to 200
    "#]],
    );
    spoilt(
        "[\"car\", \"house\"]",
        "[1.5]",
        expect![[r#"
        line 6, column 56: `attributes` is wrong: `policy` must be a text or a whole number, not a number with a fraction
    "#]],
    );
    spoilt(
        "{ policy = [\"car\", \"house\"] }",
        "\"car\"",
        expect![[r#"
        line 6, column 56: `attributes` must be a table like { policy = ["car", "house"] }, not a text
    "#]],
    );
    spoilt(
        "key = \"paid\"",
        "mandatory = \"yes\"",
        expect![[r#"
        line 7, column 55: `mandatory` must be true or false, not a text
    "#]],
    );
}

#[test]
fn subscriptions() {
    spoilt(
        "topic = \"events\"",
        "topic = \"evnets\"",
        expect![[r#"
        line 12, column 9: unknown topic `evnets`; did you mean `events`? (topics here: events)
    "#]],
    );
    spoilt(
        "topic = \"events\"",
        "topic = \"payments\"",
        expect![[r#"
        line 12, column 9: unknown topic `payments` (topics here: events)
    "#]],
    );
    spoilt(
        "queue = \"mails\"",
        "queue = \"mials\"",
        expect![[r#"
        line 13, column 9: unknown queue `mials`; did you mean `mails`? (queues here: mails, bills, undelivered)
    "#]],
    );
    spoilt(
        "dead-letter-queue = \"undelivered\"",
        "dead-letter-queue = \"undeliverd\"",
        expect![[r#"
        line 15, column 21: unknown queue `undeliverd`; did you mean `undelivered`? (queues here: mails, bills, undelivered)
    "#]],
    );
    spoilt(
        "dead-letter-queue = \"undelivered\"",
        "dead-letter-queue = \"mails\"",
        expect![[r#"
        line 15, column 21: `mails` is the queue itself; its dead letters need another
    "#]],
    );
    spoilt(
        "dead-letter-queue",
        "dead-letters-queue",
        expect![[r#"
        line 15, column 1: unknown key `dead-letters-queue`; did you mean `dead-letter-queue`? (keys of a subscription: topic, queue, filter, from, wrapped, dead-letter-queue)
    "#]],
    );
    spoilt(
        "name = \"events\"",
        "name = \"events\"\nqueues = [\"mails\"]",
        expect![[r#"
        line 14, column 9: `mails` is subscribed to this topic twice
    "#]],
    );
    spoilt(
        "filter =",
        "from = \"soon\"\nfilter =",
        expect![[r#"
        line 14, column 8: `from` is wrong: `soon` is not a span of time; write it like 250us, 50ms, 1.5s, 2m or 1h
    "#]],
    );
}

#[test]
fn exchanges() {
    spoilt(
        "kind = \"direct\"",
        "kind = \"dirct\"",
        expect![[r#"
            line 18, column 8: `kind` is `dirct`; did you mean "direct"? (it must be "direct" or "topic" or "fanout" or "headers")
        "#]],
    );
    spoilt(
        "kind = \"direct\"",
        "colour = \"red\"",
        expect![[r#"
            line 16, column 1: an exchange has no `kind`
            line 18, column 1: unknown key `colour` (keys of an exchange: name, kind)
        "#]],
    );
    spoilt(
        "name = \"failures\"",
        "name = \"events\"",
        expect![[r#"
        line 24, column 8: an exchange cannot be called `events`: a topic is (line 10)
        line 27, column 12: unknown exchange `failures` (exchanges here: payments, events)
        line 34, column 24: unknown exchange `failures` (exchanges here: payments, events)
    "#]],
    );
    // Publishing to an exchange that is not there closes the channel (R98); a file cannot say it.
    spoilt(
        "to = \"payments\"",
        "to = \"paymets\"",
        expect![[r#"
        line 7, column 31: unknown topic or queue `paymets`; did you mean `payments`? (topics and queues here: events, payments, failures, mails, bills, undelivered)
    "#]],
    );
}

#[test]
fn bindings() {
    spoilt(
        "exchange = \"payments\"",
        "exchange = \"paymets\"",
        expect![[r#"
        line 20, column 12: unknown exchange `paymets`; did you mean `payments`? (exchanges here: payments, failures)
    "#]],
    );
    spoilt(
        "exchange = \"payments\"",
        "exchange = \"events\"",
        expect![[r#"
        line 20, column 12: unknown exchange `events` (exchanges here: payments, failures)
    "#]],
    );
    spoilt(
        "queue = \"bills\"",
        "queue = \"bils\"",
        expect![[r#"
        line 21, column 9: unknown queue `bils`; did you mean `bills`? (queues here: mails, bills, undelivered)
    "#]],
    );
    spoilt(
        "\nkey = \"paid\"",
        "",
        expect![[r#"
        line 19, column 1: `payments` is a direct exchange; a binding to it needs `key`
    "#]],
    );
    spoilt(
        "\nkey = \"paid\"",
        "\nheaders = { kind = \"pdf\" }",
        expect![[r#"
        line 19, column 1: `payments` is a direct exchange; a binding to it needs `key`
    "#]],
    );
    spoilt(
        "\nkey = \"paid\"",
        "\nkey = \"paid\"\nmatch = \"any\"",
        expect![[r#"
        line 23, column 9: `payments` is a direct exchange; it does not look at `match`
    "#]],
    );
    spoilt(
        "\nkey = \"paid\"",
        "\nkey = \"paid\"\nmatch = \"anny\"",
        expect![[r#"
        line 23, column 9: `match` is `anny`; did you mean "any"? (it must be "all" or "any")
    "#]],
    );
    spoilt(
        "queue = \"undelivered\"\n[[queue]]",
        "queue = \"undelivered\"\nkey = \"x\"\n[[queue]]",
        expect![[r#"
            line 29, column 7: `failures` is a fanout exchange; it does not look at `key`
        "#]],
    );
    spoilt(
        "kind = \"direct\"",
        "kind = \"headers\"",
        expect![[r#"
        line 19, column 1: `payments` is a headers exchange; a binding to it needs `headers`
    "#]],
    );
    let twice = "[[binding]]\nexchange = \"payments\"\nqueue = \"bills\"\nkey = \"paid\"\n[[queue]]\nname = \"mails\"";
    spoilt(
        "[[queue]]\nname = \"mails\"",
        twice,
        expect![[r#"
        line 31, column 9: `bills` is bound so already
    "#]],
    );
}

#[test]
fn limits() {
    spoilt(
        "max-length = 5",
        "max-length = 0",
        expect![[r#"
        line 33, column 14: `max-length` must be a whole number from 1 to 1000000; it is 0
    "#]],
    );
    spoilt(
        "max-length = 5",
        "ttl = \"0ms\"",
        expect![[r#"
        line 33, column 7: `ttl` must be at least 1ms; it is 0s
    "#]],
    );
    spoilt(
        "max-length = 5",
        "delivery-limit = 10001",
        expect![[r#"
        line 33, column 18: `delivery-limit` must be a whole number from 0 to 10000; it is 10001
    "#]],
    );
    spoilt(
        "max-length = 5",
        "max-length = 5\noverflow = \"drop\"",
        expect![[r#"
        line 34, column 12: `overflow` is `drop`; did you mean "drop-head"? (it must be "drop-head" or "reject-publish")
    "#]],
    );
    spoilt(
        "max-length = 5",
        "overflow = \"reject-publish\"",
        expect![[r#"
        line 33, column 12: `overflow` needs a `max-length` beside it: without it, a queue is never full
    "#]],
    );
    spoilt(
        "dead-letter-exchange = \"failures\"",
        "dead-letter-exchange = \"failure\"",
        expect![[r#"
        line 34, column 24: unknown exchange `failure`; did you mean `failures`? (exchanges here: payments, failures)
    "#]],
    );
    spoilt(
        "dead-letter-exchange = \"failures\"",
        "dead-letter-exchange = \"events\"",
        expect![[r#"
        line 34, column 24: unknown exchange `events` (exchanges here: payments, failures)
    "#]],
    );
    spoilt(
        "dead-letter-exchange = \"failures\"",
        "dead-letter-key = \"failed\"",
        expect![[r#"
        line 34, column 19: `dead-letter-key` needs a `dead-letter-exchange` beside it
    "#]],
    );
    spoilt(
        "max-length = 5",
        "max-length = 5\nmodel = \"poll\"",
        expect![[r#"
        line 32, column 8: `ttl`, `max-length`, `overflow`, `delivery-limit` and `dead-letter-exchange` are of a queue that pushes; a polled one has `dead-letter` and `max-receives`
    "#]],
    );
}

#[test]
fn faults_of_routes() {
    let fault = |fault: &str, expected| {
        check(
            &ROUTES.replacen("title = \"Ways\"", &format!("title = \"Ways\"\nfaults = [\"{fault}\"]"), 1),
            expected,
        );
    };
    fault(
        "down events.mials 1s..2s",
        expect![[r#"
        line 2, column 17: unknown queue `mials`; did you mean `mails`? (queues of events: mails)
    "#]],
    );
    fault(
        "down evnts.mails 1s..2s",
        expect![[r#"
            line 2, column 17: unknown topic `evnts`; did you mean `events`? (topics and exchanges: events, payments, failures)
        "#]],
    );
    fault(
        "down events.bills 1s..2s",
        expect![[r#"
        line 2, column 17: unknown queue `bills` (queues of events: mails)
    "#]],
    );
    fault(
        "poison mail",
        expect![[r#"
        line 2, column 19: `mail` makes no messages; name the service whose message is bad
    "#]],
    );
    fault(
        "lose return shop",
        expect![[r#"
        line 2, column 24: no return packet goes to or from `shop` (its packets: publish, confirm, refuse)
    "#]],
    );
}

#[test]
fn a_name_that_is_not_known_links_nothing_also_where_no_more_problems_are_told() {
    let many = "1, ".repeat(150);
    let text = format!(
        "title = \"t\"\nfaults = [\"down t.x 1s..2s\"]\n[[service]]\nname = \"orders\"\npublish = \"plain\"\n\
         messages = [{{ name = \"m\", to = \"t\" }}]\n[broker]\nname = \"broker\"\n[[topic]]\nname = \"t\"\n\
         queues = [\"x\", {many}]\n"
    );
    let problems = Scenario::read("many", &text).expect_err("there is no queue");
    assert!(problems.len() >= 100, "{}", problems.len());
}
