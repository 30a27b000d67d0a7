//! Do the sentences say what happened, to whom and why?

use super::*;
use crate::fault::plan::Fault;
use crate::scenario::catalogue;
use crate::timeline::run::Run;
use expect_test::expect;
use std::fmt::Write;

/// The sentence at the first finding of every scenario that has one.
#[test]
fn the_first_finding_of_each_scenario_names_the_order_and_says_why() {
    let mut told = String::new();
    for scenario in catalogue::scenarios() {
        let mut run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
        let Some(finding) = run.end().ledger.finding(0).copied() else { continue };
        run.seek(finding.step);
        let here = run.here();
        let line = lines(&here.world, &run.end().ledger, finding.step, finding.step).remove(0);
        let order = crate::scene::names::order(&here.world, finding.order);
        assert!(line.text.to_lowercase().contains(&order), "{}: {}", scenario.id, line.text);
        let why = line.why.unwrap_or_default();
        let _ = writeln!(told, "{}, step {} ({})\n  {}\n  {why}", scenario.id, line.step, line.at, line.text);
    }
    expect![[r#"
        sqs-visibility-timeout-too-short, step 55 (7.572 s)
          A duplicate: worker 1 of resize resized photo 3 once more.
          Its visibility timeout ended before it was deleted, so the queue handed it out again. The consumer keeps no record of what it has done.
        sns-sqs-one-subscriber-fails, step 29 (4.124 s)
          Payment 3 is committed, and the mail service will never hear of it: its message is lost.
          The topic could not deliver it to that queue, does not try again, and the subscription has no dead letters. The publisher was told that all is well.
        sns-sqs-subscription-dead-letters, step 28 (3.873 s)
          The message about payment 3 is parked.
          It is set aside with the dead letters, where an operator can look at it and replay it. It is not lost.
        use-large-work-one-worker, step 48 (7.527 s)
          Batch 5 is done after 7.327 s: later than promised.
          6 s were promised. One after the other they take their time; more workers would share it.
        use-notifications-in-the-request, step 9 (2.465 s)
          Order 1 gets its answer after 2.265 s: too late.
          Whoever asked waits for everything that is done before the answer. 1.2 s were promised.
        use-user-events-direct, step 25 (4.134 s)
          Sign-up 3 fails: whoever asked sees an error.
          The service that was called is not there, and without its reply there is no answer.
        use-decoupling-direct, step 25 (4.220 s)
          Order 3 fails: whoever asked sees an error.
          The service that was called is not there, and without its reply there is no answer.
        dual-write-ghost, step 30 (4.227 s)
          A ghost: the mail service is told about order 3, which does not exist.
          The message left while the transaction was still open. Then the commit failed, and order 3 was rolled back. Nothing calls a message back.
        dual-write-lost, step 15 (2.043 s)
          Order 2 is committed, and the mail service will never hear of it: its message is lost.
          The service crashed between the commit and the publish. That a message was still to be sent stood only in its memory.
        dual-write-broker-down, step 21 (4.197 s)
          Order 2 is committed, and the mail service will never hear of it: its message is lost.
          The broker could not be reached when it was to be sent. The commit is done, and nobody tries again.
        retry-none, step 21 (3.943 s)
          Order 2 is committed, and the mail service will never hear of it: its message is lost.
          The broker could not be reached when it was to be sent. The commit is done, and nobody tries again.
        retry-without-delay, step 27 (5.302 s)
          Order 2 is committed, and the mail service will never hear of it: its message is lost.
          The service tried 3 times to send it, and each time in vain. The commit is done, and nobody tries again.
        ghost-sent-in-handler, step 22 (3.260 s)
          A ghost: the mail service has been told about order 2, and now there is no order 2.
          The message left while the transaction was still open. Then a later step of the work failed, and order 2 was rolled back. Nothing calls a message back.
        ghost-collector-before-commit, step 44 (6.931 s)
          A ghost: the mail service has been told about order 4, and now there is no order 4.
          The message left while the transaction was still open. Then the commit failed, and order 4 was rolled back. Nothing calls a message back.
        sender-dead-letter, step 33 (5.463 s)
          The message about order 2 could not be sent and is parked.
          It is set aside in the dead-letter table, with the error, where an operator can look at it and replay it. It is not lost.
        sender-dead-letter-replay-twice, step 30 (5.463 s)
          The message about order 2 could not be sent and is parked.
          It is set aside in the dead-letter table, with the error, where an operator can look at it and replay it. It is not lost.
        critical-through-outbox, step 31 (2.611 s)
          Order 2 is committed, and the mail service will never hear of it: its message “thank you” is lost.
          The service crashed between the commit and the publish. That a message was still to be sent stood only in its memory.
        outbox-relay-crash, step 53 (5.922 s)
          A duplicate: the mail service wrote to the customer about order 2 once more.
          The relay crashed after it had sent the message and before it had marked the row as sent. Up again, it found the row unmarked and sent it again. The consumer keeps no record of what it has done.
        outbox-mark-before-publish, step 25 (2.712 s)
          Order 2 is committed, and the mail service will never hear of it: its message is lost.
          The relay had marked its row as sent before it sent it, and then it crashed. When it is up again it will find nothing to send.
        outbox-cursor-skips-a-row, step 30 (3.370 s)
          Order 1 is committed, and the mail service will never hear of it: its message is lost.
          Its row took its id before the commit, and was committed when the relay had seen a higher one. The relay asks only for higher ids, so it never sees this row.
        outbox-two-relays, step 37 (3.129 s)
          A duplicate: the mail service wrote to the customer about order 1 once more.
          Relay 1 and relay 2 both sent it: the second had read its row before the first had marked it as sent. The consumer keeps no record of what it has done.
        outbox-skip-locked-reorders, step 61 (6.443 s)
          Order 1 is handled after order 3, which was committed later: out of order.
          Relay 1 had it in hand, relay 2 took the next row of the same key, and nothing keeps one behind the other.
        outbox-row-overtaken, step 59 (9.132 s)
          Order 1 is handled after order 3, which was committed later: out of order.
          The relay could not send it, left its row for later and went on with the next ones.
        consumer-acks-first, step 38 (3.765 s)
          Order 2 is committed, and the mail service will never act on it: its message is lost.
          The consumer had acknowledged before the work was done, and then it crashed.
        inbox-window-too-short, step 64 (6.249 s)
          A duplicate: the mail service wrote to the customer about order 2 once more.
          The relay crashed after it had sent the message and before it had marked the row as sent. Up again, it found the row unmarked and sent it again. The inbox had forgotten the id by then: it remembers ids only for a while.
        inbox-new-ids, step 45 (6.127 s)
          A duplicate: the bank service paid the seller for payment 2 once more.
          The shop service never got the broker's confirmation of the first time, so it sent the message again. Each attempt at sending it gave it a new id: the inbox took the second for another message.
        inbox-in-two-transactions, step 81 (6.215 s)
          Order 2 is committed, and the mail service will never act on it: its message is lost.
          Its id was committed to the inbox before the effect, and in between the consumer crashed or failed. When the message came again it was taken for done.
        serialize-as-you-send, step 24 (2.494 s)
          Order 2 is half-sent: one of its messages is out, and “stock wanted” never will be.
          Each message is serialized only when its turn to be sent comes: the first had left when the next one failed.
        poison-blocks-the-queue, step 53 (11.000 s)
          The message about order 2 is stuck: the mail service has not coped with it and will not.
          Something is wrong with it: every try fails, and it goes back to the queue for another, for ever.
        poison-message, step 26 (4.873 s)
          The message about order 2 is parked.
          It is set aside with the dead letters, where an operator can look at it and replay it. It is not lost.
        dead-letter-redrive, step 42 (5.002 s)
          The message about order 2 is parked.
          It is set aside with the dead letters, where an operator can look at it and replay it. It is not lost.
    "#]].assert_eq(&told);
}

/// Sentences begin with a capital, end with a full stop, and leave no name out.
#[test]
fn the_end_tells_what_went_wrong_or_was_set_aside() {
    let told = |name: &str| {
        let scenario = catalogue::find(name).unwrap();
        let run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
        let (end, last) = (run.end(), run.end().step());
        lines(&end.world, &end.ledger, last, last).remove(0).why.unwrap_or_default()
    };
    assert_eq!(told("outbox-with-inbox"), "");
    assert_eq!(
        told("dual-write-ghost"),
        "But at 4.227 s something went wrong. A ghost: the mail service is told about order 3, which does not exist."
    );
    assert!(
        told("outbox-two-relays").contains(" things went wrong, the first at "),
        "{}",
        told("outbox-two-relays")
    );
    assert!(told("sns-sqs-subscription-dead-letters").starts_with("2 messages are set aside: "));
}

#[test]
fn every_sentence_is_one() {
    let storm = [
        "fail mail apply #1",
        "crash mail before ack #2 for 1s",
        "fail mail receive #5",
        "lose publish relay #3",
    ];
    for scenario in catalogue::scenarios() {
        let mut setup = (*scenario.setup).clone();
        let cast = setup.cast();
        let faults =
            storm.iter().filter_map(|spec| crate::scenario::spec::parse_fault(spec, &cast, &setup).ok());
        let faults: Vec<_> = faults.collect();
        setup.faults.extend(faults);
        let run = Run::new(setup.into(), scenario.seed, Vec::new());
        let end = run.end();
        let account = account(&end.world, &end.ledger, 1, end.step());
        assert!(account.windows(2).all(|two| two[0].step <= two[1].step), "{}", scenario.id);
        for line in account {
            for text in std::iter::once(line.text).chain(line.why) {
                let first = text.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
                assert!(
                    first && text.ends_with('.') && !text.contains("  ") && !text.contains("{}"),
                    "{text}"
                );
                assert!(!text.contains("..") && !text.contains(" ,"), "{text}");
            }
        }
    }
}

/// What is told of a step does not depend on how far the run has gone since, as long as no order is undone.
#[test]
fn a_step_reads_the_same_at_the_time_and_afterwards() {
    for scenario in catalogue::scenarios().iter().filter(|scenario| scenario.breaks.is_empty()) {
        let mut run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
        let afterwards = lines(&run.end().world, &run.end().ledger, 1, run.end().step());
        for line in afterwards {
            run.seek(line.step);
            let here = run.here();
            let then = lines(&here.world, &here.ledger, line.step, line.step);
            assert_eq!(then, [line], "{}", scenario.id);
        }
    }
}

/// A consumer that gives a message back has not let its visibility timeout run out.
#[test]
fn what_yields_is_told_of_the_party_that_it_happens_to() {
    let scenario = catalogue::find("dual-write-ghost").unwrap();
    let mut setup = (*scenario.setup).clone();
    setup.faults = vec![Fault::Yield { at: setup.services[0].first, nth: 1 }];
    let run = Run::new(setup.into(), scenario.seed, Vec::new());
    let told = lines(&run.end().world, &run.end().ledger, 1, 1);
    let told: Vec<&str> = told.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(told, ["What is due at the orders service now lets the rest go first."]);
}

#[test]
fn what_is_given_back_is_not_told_as_a_timeout_that_is_over() {
    let told_of = |name: &str| {
        let scenario = catalogue::find(name).unwrap();
        let run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
        account(&run.end().world, &run.end().ledger, 1, run.end().step())
    };
    let whys = |account: &[Line]| -> Vec<String> {
        let again = account.iter().filter(|line| line.text.contains("possible repeat"));
        again.filter_map(|line| line.why.clone()).collect()
    };
    let given_back = told_of("dead-letter-redrive");
    assert!(given_back.iter().any(|line| line.text.contains("is given back")));
    assert!(given_back.iter().all(|line| !line.text.contains("The visibility timeout")));
    assert_eq!(whys(&given_back), ["It was handed out before and given back."; 2]);
    let crashed = told_of("sqs-consumer-crash");
    assert!(crashed.iter().any(|line| line.text.contains("The visibility timeout")));
    let never = "It was handed out before and never deleted; nobody can say whether the work was done.";
    assert_eq!(whys(&crashed), [never]);
}
