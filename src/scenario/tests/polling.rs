//! What do a polled queue, its consumers and its operator get to hear, right or wrong?

use crate::broker::command::{Command, Operator};
use crate::broker::setup::QueueOrder;
use crate::scenario::Scenario;
use crate::scenario::spec::{parse_command, parse_operator};
use crate::scenario::write::write_command;
use crate::sim::time::{Instant, Span};
use expect_test::{Expect, expect};

/// A right file, of which each test spoils something.
const RIGHT: &str = r#"title = "Mails that are polled"
operator = ["redrive all of dead at 9s"]
[[service]]
name = "orders"
publish = "plain"
messages = [{ name = "order placed", to = "mails" }, { name = "order packed", to = "pushed" }]
[[queue]]
name = "mails"
model = "poll"
max-receives = 3
dead-letter = "dead"
[[queue]]
name = "dead"
model = "poll"
[[queue]]
name = "pushed"
[[consumer]]
name = "mail"
queue = "mails"
receive = 10
[[consumer]]
name = "stock"
queue = "pushed"
"#;

fn spoilt(right: &str, wrong: &str, expected: Expect) {
    assert!(RIGHT.contains(right), "{right} does not stand in the file");
    let text = RIGHT.replacen(right, wrong, 1);
    let problems = Scenario::read("test", &text).expect_err("the file was read");
    let lines: Vec<String> = problems.iter().map(|problem| format!("{problem}\n")).collect();
    expected.assert_eq(&lines.concat());
}

#[test]
fn what_only_polling_knows_is_wrong_for_a_queue_that_pushes() {
    Scenario::read("test", RIGHT).unwrap();
    spoilt(
        "name = \"pushed\"",
        "name = \"pushed\"\nvisibility = \"3s\"\nwait = \"1s\"",
        expect![[r#"
        line 17, column 14: `visibility` means something only for a queue that is polled; give it model = "poll"
        line 18, column 8: `wait` means something only for a queue that is polled; give it model = "poll"
    "#]],
    );
    spoilt(
        "queue = \"pushed\"",
        "queue = \"pushed\"\nheartbeat = \"1s\"\non-error = \"leave\"",
        expect![[r#"
        line 24, column 13: `heartbeat` means something only for a consumer that polls, and the queue `pushed` pushes; give the queue model = "poll"
        line 25, column 12: `on-error = "leave"` means something only for a consumer that polls, and the queue `pushed` pushes; give the queue model = "poll"
    "#]],
    );
    spoilt(
        "to = \"pushed\"",
        "to = \"pushed\", delay = \"1s\"",
        expect![[r#"
        line 6, column 102: a message can be delayed only on its way to a queue with model = "poll"
    "#]],
    );
}

#[test]
fn what_only_pushing_knows_is_wrong_for_a_queue_that_is_polled() {
    spoilt(
        "receive = 10",
        "prefetch = 3\non-error = \"reject\"",
        expect![[r#"
        line 20, column 12: `prefetch` is of a queue that pushes; a consumer that polls takes `receive` messages at once
        line 21, column 12: a polled message cannot be rejected: write "leave" (it comes back when its visibility timeout ends) or "requeue" (at once), and give the queue a dead-letter queue
    "#]],
    );
    spoilt(
        "max-receives = 3",
        "dead-letters = true",
        expect![[r#"
        line 8, column 8: `mails`: a polled queue moves its dead letters to another queue; name it with dead-letter = "…"
    "#]],
    );
}

#[test]
fn dead_letters_go_to_another_polled_queue() {
    spoilt(
        "dead-letter = \"dead\"",
        "dead-letter = \"mails\"",
        expect![[r#"
        line 11, column 15: a queue cannot be its own dead-letter queue
    "#]],
    );
    spoilt(
        "dead-letter = \"dead\"",
        "dead-letter = \"pushed\"",
        expect![[r#"
        line 11, column 15: `pushed`: the dead-letter queue of a polled queue is polled too; give it model = "poll"
    "#]],
    );
    spoilt(
        "dead-letter = \"dead\"",
        "dead-letter = \"ded\"",
        expect![[r#"
        line 11, column 15: unknown queue `ded`; did you mean `dead`? (queues here: mails, dead, pushed)
    "#]],
    );
    spoilt(
        "dead-letter = \"dead\"\n",
        "",
        expect![[r#"
        line 10, column 16: `max-receives` needs a queue to move to; name it with dead-letter = "…"
    "#]],
    );
}

#[test]
fn an_operator_is_told_what_is_missing() {
    spoilt(
        "redrive all of dead at 9s",
        "redrive all of dead",
        expect![[r#"
        line 2, column 33: the moment is missing here: `at` and a span like 9s
    "#]],
    );
    spoilt(
        "redrive all of dead at 9s",
        "redrive #0 of dead at 9s",
        expect![[r#"
        line 2, column 22: `#0` is not a message; write #1 for the first, #2 for the second …
    "#]],
    );
    spoilt(
        "redrive all of dead at 9s",
        "redrive all of pushed at 9s",
        expect![[r#"
        line 2, column 29: the queue `pushed` pushes; this is done to a queue with model = "poll"
    "#]],
    );
    spoilt(
        "redrive all of dead at 9s",
        "hide #1 of mails at 9s",
        expect![[r#"
        line 2, column 31: here stands `for` and how long from now, like 5s; 0s gives the message back at once
    "#]],
    );
    spoilt(
        "operator = [\"redrive all of dead at 9s\"]",
        "faults = [\"redrive all of dead\"]",
        expect![[r#"
        line 2, column 12: `redrive` is no fault: an operator does it, so it stands in `operator`, with its moment, or is done by hand
    "#]],
    );
}

#[test]
fn what_an_operator_does_is_read_and_written() {
    let setup = Scenario::read("test", RIGHT).unwrap().setup;
    let cast = setup.cast();
    let (queue, message, span) = (0, 2, Span::from_millis(5_000));
    let acts = [
        ("redrive all of dead", Operator::Redrive { queue: 1, message: None }),
        ("redrive #3 of dead", Operator::Redrive { queue: 1, message: Some(message) }),
        ("discard all of mails", Operator::Discard { queue, message: None }),
        ("discard #3 of mails", Operator::Discard { queue, message: Some(message) }),
        ("hide #3 of mails for 5s", Operator::Hide { queue, message, span }),
        ("peek mails", Operator::Peek { queue }),
    ];
    for (written, act) in acts {
        let command = Command::Operate(act);
        assert_eq!(parse_command(written, &cast, &setup), Ok(command));
        assert_eq!(write_command(&command, &cast), written);
        let at = format!("{written} at 9s");
        assert_eq!(parse_operator(&at, &cast, &setup), Ok((Instant(9_000_000), command)));
    }
}

#[test]
fn dead_letter_queues_do_not_stand_in_a_circle() {
    spoilt(
        "name = \"dead\"\nmodel = \"poll\"",
        "name = \"dead\"\nmodel = \"poll\"\ndead-letter = \"mails\"",
        expect![[r#"
            line 11, column 15: the dead-letter queues `mails`, `dead` stand in a circle: what fails every time would go round for ever; leave out the dead-letter of one of them
        "#]],
    );
}

#[test]
fn what_is_fifo_keeps_to_its_kind() {
    let fifo = RIGHT.replace("dead-letter = \"dead\"", "dead-letter = \"dead\"\norder = \"fifo\"");
    let both = fifo
        .replace("name = \"dead\"\nmodel = \"poll\"", "name = \"dead\"\nmodel = \"poll\"\norder = \"fifo\"");
    let scenario = Scenario::read("test", &both).unwrap();
    assert!(scenario.setup.queues[..2].iter().all(|queue| queue.poll.unwrap().order == QueueOrder::Fifo));
    let problems = |text: &str| {
        let problems = Scenario::read("test", text).expect_err("the file was read");
        problems.iter().map(|problem| format!("{problem}\n")).collect::<String>()
    };
    expect![[r#"
        line 11, column 15: `dead`: the dead-letter queue of a FIFO queue is FIFO too, and of another it is not; give both the same `order`
    "#]].assert_eq(&problems(&fifo));
    let delayed = both.replace("to = \"mails\" }", "to = \"mails\", delay = \"1s\" }");
    expect![[r#"
        line 6, column 60: a FIFO queue knows no delay of a single message; give the queue a `delay`
    "#]]
    .assert_eq(&problems(&delayed));
}

#[test]
fn order_is_of_a_queue_that_is_polled_and_a_time_to_live_of_one_that_pushes() {
    spoilt(
        "name = \"pushed\"\n",
        "name = \"pushed\"\norder = \"fifo\"\n",
        expect![[r#"
        line 17, column 9: `order` means something only for a queue that is polled; give it model = "poll"
    "#]],
    );
    spoilt(
        "to = \"mails\" }",
        "to = \"mails\", ttl = \"1s\" }",
        expect![[r#"
        line 6, column 58: a message has a `ttl` only where the queue pushes
    "#]],
    );
    let right = RIGHT.replace("to = \"pushed\" }", "to = \"pushed\", ttl = \"1s\" }");
    let scenario = Scenario::read("test", &right).unwrap();
    assert_eq!(scenario.setup.services[0].messages[1].ttl, Some(Span::from_millis(1_000)));
}

#[test]
fn the_delay_of_a_queue_is_changed_in_words_that_are_read_back() {
    let scenario = Scenario::read("test", RIGHT).unwrap();
    let cast = scenario.setup.cast();
    let command = parse_command("set delay of mails to 15s", &cast, &scenario.setup).unwrap();
    assert_eq!(command, Command::Operate(Operator::Delay { queue: 0, delay: Span::from_millis(15_000) }));
    assert_eq!(write_command(&command, &cast), "set delay of mails to 15s");
    for (wrong, expected) in [
        ("set delay of mails to 901s", expect!["a delay is at most 900s"]),
        (
            "set delay of pushed to 1s",
            expect![[r#"the queue `pushed` pushes; this is done to a queue with model = "poll""#]],
        ),
        ("set mails to 1s", expect!["here stands `delay of` and the queue whose delay is meant"]),
    ] {
        expected.assert_eq(&parse_command(wrong, &cast, &scenario.setup).unwrap_err().to_string());
    }
}
