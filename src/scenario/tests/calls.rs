//! What does a wrong file get to hear about calls, answers and promises in time?

use super::errors::check;
use crate::scenario::Scenario;
use expect_test::{Expect, expect};

/// A right file in which one calls the other.
const CALLS: &str = r#"title = "A call"
[promises]
keeps = ["no-request-fails"]
[[service]]
name = "shop"
publish = "call"
answers = true
messages = [{ name = "order placed", to = "mail" }]
[[consumer]]
name = "mail"
[[consumer]]
name = "stock"
queue = "stocks"
[[queue]]
name = "stocks"
"#;

#[test]
fn calls_and_answers() {
    Scenario::read("test", CALLS).unwrap();
    let spoilt = |right: &str, wrong: &str, expected: Expect| {
        assert!(CALLS.contains(right), "{right} does not stand in the file");
        check(&CALLS.replacen(right, wrong, 1), expected);
    };
    spoilt(
        "to = \"mail\"",
        "to = \"mial\"",
        expect![[r#"
        line 8, column 43: unknown consumer `mial`; did you mean `mail`? (consumers that can be called: mail)
        line 10, column 8: nothing comes to `mail`; give it a `queue`, or call it from a service with publish = "call"
    "#]],
    );
    spoilt(
        "to = \"mail\"",
        "to = \"stock\"",
        expect![[r#"
        line 8, column 43: `stock` takes from a queue; a consumer that is called has none
        line 10, column 8: nothing comes to `mail`; give it a `queue`, or call it from a service with publish = "call"
    "#]],
    );
    spoilt(
        "to = \"mail\"",
        "to = \"mail\", ttl = \"2s\"",
        expect![[r#"
            line 8, column 57: a message has a `ttl` only where the queue pushes
        "#]],
    );
    spoilt(
        "publish = \"call\"",
        "publish = \"after-commit\"",
        expect![[r#"
        line 8, column 43: unknown queue `mail` (queues here: stocks)
        line 10, column 8: nothing comes to `mail`; give it a `queue`, or call it from a service with publish = "call"
    "#]],
    );
    spoilt(
        "name = \"mail\"",
        "name = \"mail\"\nworkers = 3",
        expect![[r#"
        line 10, column 8: `mail` has 3 workers: a consumer that is called is one party; workers share the work of a queue
    "#]],
    );
    spoilt(
        "answers = true",
        "answers = true\nconfirm = \"none\"",
        expect![[r#"
        line 6, column 11: who calls waits for the reply: `confirm` says how long, and cannot be "none"
    "#]],
    );
    spoilt(
        "answers = true",
        "answers = false",
        expect![[r#"
        line 3, column 10: nobody waits for an answer, so `no-request-fails` says nothing; give a service answers = true
    "#]],
    );
    spoilt(
        "no-request-fails",
        "answers-in-time",
        expect![[r#"
        line 3, column 10: `answers-in-time` needs a time; add answers-within = "500ms"
    "#]],
    );
    spoilt(
        "no-request-fails",
        "done-in-time",
        expect![[r#"
        line 3, column 10: `done-in-time` needs a time; add done-within = "10s"
    "#]],
    );
    spoilt(
        "title = \"A call\"",
        "title = \"A call\"\nfaults = [\"stop shop 1s..2s\"]",
        expect![[r#"
        line 2, column 17: `shop` is no consumer; only a consumer is stopped
    "#]],
    );
    spoilt(
        "title = \"A call\"",
        "title = \"A call\"\nfaults = [\"lose delivery mail\"]",
        expect![[r#"
        line 2, column 26: `mail` sends and receives no packets: what comes to it and goes back are packets of its caller
    "#]],
    );
    spoilt(
        "title = \"A call\"",
        "title = \"A call\"\nmeasure = \"speed\"",
        expect![[r#"
        line 2, column 11: `measure` is `speed`; it must be "makespan" or "answer-time" or "failed-requests" or "backlog"
    "#]],
    );
}
