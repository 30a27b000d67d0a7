//! What does a wrong file get to hear? Lines, columns, names at fault, and what was probably meant.

use crate::scenario::Scenario;
use expect_test::{Expect, expect};

/// A right file, of which each test spoils something.
pub(super) const RIGHT: &str = r#"title = "Orders and mails"
faults = ["fail orders commit #2"]
[promises]
keeps = ["nothing-lost"]
[[service]]
name = "orders"
publish = "outbox"
messages = [{ name = "order placed", to = "mails" }]
[[relay]]
name = "relay"
reads = "orders"
[[queue]]
name = "mails"
[[consumer]]
name = "mail"
queue = "mails"
workers = 2
"#;

pub(super) fn check(text: &str, expected: Expect) {
    let problems = Scenario::read("test", text).expect_err("the file was read");
    let lines: Vec<String> = problems.iter().map(|problem| format!("{problem}\n")).collect();
    expected.assert_eq(&lines.concat());
}

fn spoilt(right: &str, wrong: &str, expected: Expect) {
    assert!(RIGHT.contains(right), "{right} does not stand in the file");
    check(&RIGHT.replacen(right, wrong, 1), expected);
}

#[test]
fn the_right_file_is_right() {
    Scenario::read("test", RIGHT).unwrap();
}

#[test]
fn keys() {
    spoilt(
        "publish =",
        "publich =",
        expect![[r#"
            line 5, column 1: a service has no `publish`
            line 7, column 1: unknown key `publich`; did you mean `publish`?
        "#]],
    );
    spoilt(
        "title =",
        "titel =",
        expect![[r#"
            line 1, column 1: the file has no `title`
            line 1, column 1: unknown key `titel`; did you mean `title`?
        "#]],
    );
    spoilt(
        "publish = \"outbox\"",
        "colour = \"red\"",
        expect![[r#"
            line 5, column 1: a service has no `publish`
            line 7, column 1: unknown key `colour` (keys of a service: name, noun, items, orders, first, every, keys, at-once, publish, serialize, messages, answers, step, confirm, retry, on-failure, ids, restart, latency)
        "#]],
    );
    spoilt(
        "[[queue]]",
        "[[queues]]",
        expect![[r#"
            line 8, column 43: unknown queue `mails` (queues here: none)
            line 12, column 3: unknown key `queues`; did you mean `queue`?
            line 16, column 9: unknown queue `mails` (queues here: none)
        "#]],
    );
}

#[test]
fn how_long_an_inbox_remembers_needs_an_inbox() {
    spoilt(
        "workers = 2",
        "inbox-window = \"5s\"",
        expect![[r#"
            line 17, column 16: `mail` keeps no ids that it could forget; write inbox = true, or leave `inbox-window` out
        "#]],
    );
    spoilt(
        "workers = 2",
        "inbox = \"not-needed\"\ninbox-window = \"5s\"",
        expect![[r#"
            line 18, column 16: `mail` keeps no ids that it could forget; write inbox = true, or leave `inbox-window` out
        "#]],
    );
    spoilt(
        "workers = 2",
        "inbox-key = \"business-key\"",
        expect![[r#"
        line 17, column 13: `mail` keeps nothing by which it could know a repeat; write inbox = true, or leave `inbox-key` out
    "#]],
    );
    let said = |inbox: &str| RIGHT.replace("workers = 2", inbox);
    Scenario::read("test", &said("inbox = true\ninbox-key = \"business-key\"")).unwrap();
    Scenario::read("test", &said("inbox = true\ninbox-window = \"5s\"")).unwrap();
    Scenario::read("test", &said("inbox-window = \"for-ever\"")).unwrap();
}

#[test]
fn names() {
    spoilt(
        "queue = \"mails\"",
        "queue = \"mials\"",
        expect![[r#"
        line 16, column 9: unknown queue `mials`; did you mean `mails`? (queues here: mails)
    "#]],
    );
    spoilt(
        "reads = \"orders\"",
        "reads = \"stock\"",
        expect![[r#"
            line 11, column 9: unknown service `stock` (services here: orders)
        "#]],
    );
    spoilt(
        "name = \"mail\"",
        "name = \"mails\"",
        expect![[r#"
        line 15, column 8: a consumer cannot be called `mails`: a queue is (line 13)
    "#]],
    );
    spoilt(
        "name = \"mails\"",
        "name = \"mail-2\"",
        expect![[r#"
        line 8, column 43: unknown queue `mails`; did you mean `mail-2`? (queues here: mail-2)
        line 15, column 8: a worker cannot be called `mail-2`: a queue is (line 13)
        line 16, column 9: unknown queue `mails`; did you mean `mail-2`? (queues here: mail-2)
    "#]],
    );
    spoilt(
        "name = \"mail\"",
        "name = \"the mail\"",
        expect![[r#"
        line 15, column 8: `the mail` is not a name; a name begins with a letter and goes on with letters, digits, `-` or `_`, at most 30
    "#]],
    );
    spoilt(
        "keeps = [\"nothing-lost\"]",
        "keeps = [\"nothing-last\"]\nbreaks = [\"no-ghosts\"]",
        expect![[r#"
            line 4, column 10: unknown promise `nothing-last`; did you mean `nothing-lost`?
            line 5, column 11: unknown promise `no-ghosts`; did you mean `no-ghost`?
        "#]],
    );
    spoilt(
        "keeps = [\"nothing-lost\"]",
        "keeps = [\"a-crash\"]\nreaches = [\"no-ghost\", \"a-crsh\"]",
        expect![[r#"
        line 4, column 10: `a-crash` is a fact that a run reaches; it belongs under reaches
        line 5, column 12: `no-ghost` is a promise, kept or broken; it belongs under keeps or breaks
        line 5, column 24: unknown promise `a-crsh`; did you mean `a-crash`?
    "#]],
    );
    spoilt(
        "[promises]",
        "counterpart = \"outbox-with-inbx\"\n[promises]",
        expect![[r#"
            line 3, column 15: unknown scenario `outbox-with-inbx`; did you mean `outbox-with-inbox`?
        "#]],
    );
}

#[test]
fn values() {
    spoilt(
        "workers = 2",
        "workers = \"two\"",
        expect![[r#"
        line 17, column 11: `workers` must be a whole number from 1 to 50, not a text
    "#]],
    );
    spoilt(
        "workers = 2",
        "workers = 51",
        expect![[r#"
        line 17, column 11: `workers` must be a whole number from 1 to 50; it is 51
    "#]],
    );
    spoilt(
        "workers = 2",
        "workers = -1\nhandler = 300",
        expect![[r#"
        line 17, column 11: `workers` must be a whole number from 1 to 50; it is -1
        line 18, column 11: `handler` must be a span of time in quotes like "250ms", not a whole number
    "#]],
    );
    spoilt(
        "workers = 2",
        "inbox = \"yes\"\nhandler = \"300\"\nstep = \"2s..1s\"\nrestart = \"0s\"",
        expect![[r#"
            line 17, column 9: `inbox` is `yes`; it must be "id-then-effect" or "effect-then-id" or "store-first" or "id-last" or "not-needed" (or true or false)
            line 18, column 11: `handler` is wrong: `300` is not a span of time; write it like 250us, 50ms, 1.5s, 2m or 1h
            line 19, column 8: `step` is a range that runs backwards; write 1s..2s
            line 20, column 11: `restart` must be at least 1ms; it is 0s (or "never")
        "#]],
    );
    spoilt(
        "publish = \"outbox\"",
        "publish = \"inbox\"",
        expect![[r#"
            line 7, column 11: `publish` is `inbox`; it must be "plain" or "before-commit" or "after-commit" or "outbox" or "call" or "in-handler" or "collect-before-commit" or "collect-after-commit"
        "#]],
    );
    spoilt(
        "[promises]",
        "seed = \"calm-amber-oter\"\nuntil = \"25h\"\n[promises]",
        expect![[r#"
            line 3, column 8: `seed` is wrong: no seed has the animal `oter`; did you mean `otter`?
            line 4, column 9: `until` is wrong: `25h` is longer than 24h, the longest span a scenario may name
        "#]],
    );
    spoilt(
        "messages = [{ name = \"order placed\", to = \"mails\" }]",
        "messages = []",
        expect![[r#"
        line 6, column 8: `orders` sends nothing; add messages = [{ name = "order placed", to = "mails" }]
    "#]],
    );
    spoilt(
        "name = \"relay\"",
        "name = \"\"\nbatch = 0",
        expect![[r#"
        line 10, column 8: `name` is empty
        line 11, column 9: `batch` must be a whole number from 1 to 10000; it is 0
    "#]],
    );
}

#[test]
fn shape() {
    check(
        "",
        expect![[r#"
        line 1, column 1: the file has no `title`
        line 1, column 1: there is no service, so nothing would happen; add one that begins with [[service]]
    "#]],
    );
    spoilt(
        "[[relay]]",
        "[relay]",
        expect![[r#"
            line 9, column 1: `relay` must be tables that begin with [[relay]] (two brackets) each, not a table
        "#]],
    );
    spoilt(
        "workers = 2",
        "workers = ",
        expect![[r#"
        line 17, column 11: this is not TOML: string values must be quoted, expected literal string
    "#]],
    );
    spoilt(
        "workers = 2",
        "workers = 2\nworkers = 3",
        expect![[r#"
        line 18, column 1: this is not TOML: duplicate key
    "#]],
    );
    spoilt(
        "[[relay]]\nname = \"relay\"\nreads = \"orders\"\n",
        "",
        expect![[r#"
        line 7, column 11: nobody empties the outbox of `orders`; add a [[relay]] with reads = "orders"
    "#]],
    );
    spoilt(
        "publish = \"outbox\"",
        "publish = \"before-commit\"",
        expect![[r#"
        line 11, column 9: `orders` has no outbox to read; give it publish = "outbox"
    "#]],
    );
    let many = RIGHT.replace("workers = 2", "workers = 50")
        + &(0..4)
            .map(|n| format!("[[consumer]]\nname = \"c{n}\"\nqueue = \"mails\"\nworkers = 50\n"))
            .collect::<String>();
    check(
        &many,
        expect![[r#"
        line 1, column 1: there are 253 parties (each worker is one); at most 200 fit
    "#]],
    );
}

#[test]
fn sending() {
    let spoil = |more: &str, expected| {
        let wrong = format!("publish = \"after-commit\"\n{more}\nmessages");
        let text = RIGHT.replacen("publish = \"outbox\"\nmessages", &wrong, 1);
        check(&text.replacen("[[relay]]\nname = \"relay\"\nreads = \"orders\"\n", "", 1), expected);
    };
    spoil(
        "retry = { attempts = 3, wait = \"expo\" }",
        expect![[r#"
        line 8, column 32: `wait` is `expo`; did you mean "exponential"? (it must be "none" or "fixed" or "linear" or "exponential")
    "#]],
    );
    spoil(
        "retry = { base = \"2s\", cap = \"1s\" }",
        expect![[r#"
        line 8, column 30: `cap` is the longest wait and must be at least `base`, 2s; it is 1s
    "#]],
    );
    spoil(
        "retry = 3",
        expect![[r#"
        line 8, column 9: `retry` must be a table like { attempts = 3, wait = "exponential", base = "500ms" }, not a whole number
    "#]],
    );
    spoil(
        "retry = { attempts = 3 }\nconfirm = \"none\"",
        expect![[r#"
        line 8, column 9: `orders` does not wait for the broker's word, so it never knows that it should try again; give it a `confirm`
    "#]],
    );
    spoil(
        "on-failure = \"parked\"",
        expect![[r#"
        line 8, column 14: `on-failure` is `parked`; did you mean "park"? (it must be "fail" or "drop" or "park")
    "#]],
    );
    check(
        &RIGHT.replacen("messages", "ids = \"per-attempt\"\nmessages", 1),
        expect![[r#"
        line 8, column 7: `orders` sends nothing itself: the relay of its outbox does, and tries until the broker has it, with the id of the row
    "#]],
    );
    let text = RIGHT.replacen("messages", "retry = { attempts = 2 }\non-failure = \"park\"\nmessages", 1);
    check(
        &text,
        expect![[r#"
        line 8, column 9: `orders` sends nothing itself: the relay of its outbox does, and tries until the broker has it
        line 9, column 14: `orders` sends nothing itself: the relay of its outbox does, and tries until the broker has it
    "#]],
    );
    let plain = text.replacen("publish = \"outbox\"", "publish = \"plain\"", 1);
    check(
        &plain.replacen("to = \"mails\"", "to = \"mails\", outbox = true", 1),
        expect![[r#"
        line 2, column 24: `orders` has no step `commit` (its steps: write-outbox, park, replay, remove)
        line 9, column 14: `orders` has no database to park a message in; give it another `publish`
        line 10, column 61: `orders` has no database, and so no outbox; give it another `publish`
    "#]],
    );
    let critical = RIGHT.replacen("publish = \"outbox\"", "publish = \"after-commit\"", 1);
    let critical = critical.replacen("to = \"mails\"", "to = \"mails\", outbox = true", 1);
    check(
        &critical.replacen("[[relay]]\nname = \"relay\"\nreads = \"orders\"\n", "", 1),
        expect![[r#"
        line 8, column 61: nobody empties the outbox of `orders`; add a [[relay]] with reads = "orders"
    "#]],
    );
}

#[test]
fn the_operator() {
    let spoil = |act: &str, expected| {
        let text =
            RIGHT.replacen("publish = \"outbox\"", "publish = \"before-commit\"\non-failure = \"park\"", 1);
        let text = text.replacen("[[relay]]\nname = \"relay\"\nreads = \"orders\"\n", "", 1);
        let laid = format!("operator = [\"{act}\"]\n[promises]");
        check(&text.replacen("[promises]", &laid, 1), expected);
    };
    spoil(
        "replay all of orders",
        expect![[r#"
        line 3, column 34: the moment is missing here: `at` and a span like 9s
    "#]],
    );
    spoil(
        "replay 3 of orders at 9s",
        expect![[r#"
        line 3, column 21: `3` is not a row of a dead-letter table; write `all`, or #1 for the first, #2 for the second …
    "#]],
    );
    spoil(
        "replay #0 of orders at 9s",
        expect![[r#"
        line 3, column 21: `#0` is not a row of a dead-letter table; write `all`, or #1 for the first, #2 for the second …
    "#]],
    );
    spoil(
        "replay all at 9s",
        expect![[r#"
        line 3, column 25: here stands `of` and the service whose dead letters are meant
    "#]],
    );
    spoil(
        "replay all of mail-1 at 9s",
        expect![[r#"
        line 3, column 28: `mail-1` has no dead-letter table; a service with on-failure = "park" has one
    "#]],
    );
    spoil(
        "repaly all of orders at 9s",
        expect![[r#"
            line 3, column 14: unknown verb `repaly`; did you mean `replay`? (verbs: redrive, discard, resend, hide, set, peek, replay, edit)
        "#]],
    );
    spoil(
        "restart orders at 9s",
        expect![[r#"
        line 3, column 14: `restart` is done by hand while a run plays; it is not a fault of a plan
    "#]],
    );
    spoilt(
        "fail orders commit #2",
        "replay all of orders",
        expect![[r#"
        line 2, column 12: `replay` is no fault: an operator does it, so it stands in `operator`, with its moment, or is done by hand
    "#]],
    );
}

#[test]
fn faults() {
    let spoil = |fault: &str, expected| spoilt("fail orders commit #2", fault, expected);
    spoil(
        "fail shop commit #2",
        expect![[r#"
        line 2, column 17: unknown party `shop` (parties: orders, relay, broker, mail-1, mail-2)
    "#]],
    );
    spoil(
        "fail ordres commit #2",
        expect![[r#"
        line 2, column 17: unknown party `ordres`; did you mean `orders`? (parties: orders, relay, broker, mail-1, mail-2)
    "#]],
    );
    spoil(
        "fail orders publish #2",
        expect![[r#"
        line 2, column 24: `orders` has no step `publish` (its steps: begin, write, serialize, write-outbox, commit)
    "#]],
    );
    spoil(
        "fail orders begin",
        expect![[r#"
        line 2, column 24: `begin` cannot fail by itself (steps of orders that can: serialize, commit); a crash can stand before or after any step
    "#]],
    );
    spoil(
        "fale orders commit",
        expect![[r#"
            line 2, column 12: unknown verb `fale` (verbs: crash, fail, rollback, slow, lose, hold, delay, double, hurry, lag, down, stop, cut, poison, yield)
        "#]],
    );
    spoil(
        "crash mail before apply",
        expect![[r#"
        line 2, column 18: `mail` has several workers; say which one: mail-1, mail-2
    "#]],
    );
    spoil(
        "crash mail-1 before aply",
        expect![[r#"
        line 2, column 32: unknown step `aply`; did you mean `apply`? (steps of mail-1: receive, apply, ack)
    "#]],
    );
    spoil(
        "crash mails before apply",
        expect![[r#"
        line 2, column 18: `mails` is a queue; faults happen to parties (parties: orders, relay, broker, mail-1, mail-2)
    "#]],
    );
    spoil(
        "crash relay after publish #0",
        expect![[r#"
            line 2, column 38: `#0` is not a count; write #1 for the first, #2 for the second …
        "#]],
    );
    spoil(
        "crash relay after publish #1 for 0s",
        expect![[r#"
        line 2, column 45: the span must be at least 1ms; it is 0s
    "#]],
    );
    spoil(
        "down broker 6s..3s",
        expect![[r#"
        line 2, column 24: the interval ends at 3s, which is not after its start at 6s
    "#]],
    );
    spoil(
        "slow relay publish #1",
        expect![[r#"
        line 2, column 33: `by` and a span like 2s are missing here
    "#]],
    );
    spoil(
        "lose publish orders",
        expect![[r#"
        line 2, column 25: `orders` sends and receives no packets: its relay publishes for it
    "#]],
    );
    spoil(
        "lose delivery relay",
        expect![[r#"
        line 2, column 26: no delivery packet goes to or from `relay` (its packets: publish, confirm, refuse)
    "#]],
    );
    spoil(
        "cut broker 1s..2s",
        expect![[r#"
        line 2, column 16: `broker` is the broker; name the party that is cut off from it
    "#]],
    );
    spoil(
        "heal relay",
        expect![[r#"
        line 2, column 12: `heal` is done by hand while a run plays; it is not a fault of a plan
    "#]],
    );
    spoil(
        "",
        expect![[r#"
            line 2, column 11: one of `faults` is empty
        "#]],
    );
    spoil(
        "fail orders commit rate 101%",
        expect![[r#"
        line 2, column 36: `101%` is not a rate; write more than 0% and at most 100%, with at most 4 decimals: 5% or 0.25%
    "#]],
    );
    spoil(
        "fail orders commit #1 #2",
        expect![[r#"
        line 2, column 34: nothing may follow here, but `#2` does
    "#]],
    );
}

#[test]
fn a_relay_that_keeps_a_position() {
    spoilt(
        "reads = \"orders\"",
        "reads = \"orders\"\nfinds = \"log\"\nlock = \"skip-locked\"\non-failure = \"skip\"\nsent-rows = \"delete\"",
        expect![[r#"
            line 12, column 9: `relay` keeps a position: it cannot come back to a row that failed; leave `on-failure` out: it stops there
            line 12, column 9: `relay` keeps a position: it has no rows to lock; leave `lock` out
            line 12, column 9: `relay` keeps a position: it marks no rows; leave `sent-rows` out
        "#]],
    );
    spoilt(
        "reads = \"orders\"",
        "reads = \"orders\"\nfinds = \"logs\"\nsent-rows = \"soon\"",
        expect![[r#"
            line 12, column 9: `finds` is `logs`; did you mean "log"? (it must be "unsent" or "cursor" or "log" or "snapshot" or "gap-wait")
            line 13, column 13: `sent-rows` is wrong: `soon` is not a span of time; write it like 250us, 50ms, 1.5s, 2m or 1h (or "keep" or "delete")
        "#]],
    );
}

#[test]
fn all_problems_are_told_at_once() {
    let text = RIGHT
        .replace("title", "titel")
        .replace("[promises]", "until = \"soon\"\n[promises]")
        .replace("reads = \"orders\"", "reads = \"ordres\"")
        .replace("fail orders", "fail nobody");
    check(
        &text,
        expect![[r#"
            line 1, column 1: the file has no `title`
            line 1, column 1: unknown key `titel`; did you mean `title`?
            line 2, column 17: unknown party `nobody` (parties: orders, relay, broker, mail-1, mail-2)
            line 3, column 9: `until` is wrong: `soon` is not a span of time; write it like 250us, 50ms, 1.5s, 2m or 1h
            line 12, column 9: unknown service `ordres`; did you mean `orders`? (services here: orders)
        "#]],
    );
}

#[test]
fn a_place_is_counted_in_characters() {
    let text = RIGHT.replace("faults = [\"fail orders", "faults = [\"down bröker 1s..2s\", \"fail nobody");
    check(
        &text,
        expect![[r#"
        line 2, column 17: unknown party `bröker`; did you mean `broker`? (parties: orders, relay, broker, mail-1, mail-2)
        line 2, column 39: unknown party `nobody` (parties: orders, relay, broker, mail-1, mail-2)
    "#]],
    );
}
