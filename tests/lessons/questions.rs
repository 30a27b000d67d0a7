//! Does every question have an answer, and does the proving step prove it?

use super::lessons;
use brokerlab::check::finding::Verdict;
use brokerlab::lesson::count::Count;
use brokerlab::lesson::question::{About, Choice};
use brokerlab::scenario::catalogue;
use brokerlab::timeline::run::Run;
use brokerlab::timeline::session::Session;

fn run(scenario: &str) -> Run {
    Session::open(catalogue::find(scenario).unwrap()).run().clone()
}

#[test]
fn every_question_can_be_answered_rightly_and_wrongly() {
    for lesson in lessons() {
        let Some(predict) = lesson.predict else { continue };
        let run = run(&lesson.scenario);
        let choices = predict.about.choices(&run);
        assert!((3..=9).contains(&choices.len()), "{}: {choices:?}", lesson.scenario);
        let (mut right, mut wrong) = (0, 0);
        for choice in choices {
            let outcome = predict.about.outcome(&run, choice);
            assert!(outcome.step <= run.end().step());
            *if outcome.right { &mut right } else { &mut wrong } += 1;
        }
        assert!(right > 0, "{}: no choice is right", lesson.scenario);
        assert!(wrong > right, "{}: {right} of the choices are right", lesson.scenario);
    }
}

#[test]
fn a_verdict_is_proved_by_the_step_in_which_the_judge_finds_it() {
    let mut run = run("dual-write-ghost");
    let about = About::Verdict;
    assert_eq!(about.truth(&run), [Choice::Found(Verdict::Ghost)]);
    for answer in [Choice::Found(Verdict::Ghost), Choice::Nothing] {
        let outcome = about.outcome(&run, answer);
        assert_eq!(outcome.right, answer == Choice::Found(Verdict::Ghost));
        run.seek(outcome.step - 1);
        assert_eq!(run.here().ledger.counts().ghosts, 0, "not yet");
        run.seek(outcome.step);
        assert_eq!(run.here().ledger.counts().ghosts, 1, "now it is certain");
    }
}

#[test]
fn that_a_verdict_never_comes_is_proved_at_the_end_whatever_comes_before() {
    let run = run("dual-write-ghost");
    let outcome = About::Verdict.outcome(&run, Choice::Found(Verdict::Lost));
    assert_eq!((outcome.right, outcome.step), (false, run.end().step()), "a ghost does not disprove a loss");
}

#[test]
fn that_nothing_goes_wrong_is_proved_at_the_end() {
    let run = run("outbox-polling-relay");
    for (answer, right) in [(Choice::Nothing, true), (Choice::Found(Verdict::Ghost), false)] {
        let outcome = About::Verdict.outcome(&run, answer);
        assert_eq!((outcome.right, outcome.step), (right, run.end().step()));
    }
}

#[test]
fn a_wrong_number_of_effects_leads_to_what_makes_the_difference_whatever_was_said() {
    for (scenario, why, said) in [
        ("dual-write-ghost", Verdict::Ghost, [3, 4, 6]),
        ("outbox-two-relays", Verdict::Duplicate, [4, 5, 9]),
        ("inbox-new-ids", Verdict::Duplicate, [1, 4, 9]),
        ("consumer-acks-first", Verdict::Lost, [2, 3, 5]),
    ] {
        let mut run = run(scenario);
        for number in said {
            let outcome = About::Number(Count::Effects).outcome(&run, Choice::Number(number));
            assert!(!outcome.right, "{scenario}: {number}");
            run.seek(outcome.step - 1);
            assert_eq!(run.here().ledger.counts().of(why), 0, "{scenario}, {number}: not yet");
            run.seek(outcome.step);
            assert_eq!(run.here().ledger.counts().of(why), 1, "{scenario}, {number}: this is why");
        }
    }
}

#[test]
fn a_number_that_is_as_it_should_be_is_proved_by_counting() {
    let mut run = run("outbox-polling-relay");
    let about = About::Number(Count::Effects);
    let truth = Count::Effects.of(&run.end().ledger);
    assert_eq!(about.truth(&run), [Choice::Number(truth)]);
    let choices = about.choices(&run);
    assert!(choices.contains(&Choice::Number(truth)) && choices.is_sorted(), "{choices:?}");
    let end = run.end().step();
    assert_eq!(about.outcome(&run, Choice::Number(truth)).step, end);
    assert_eq!(about.outcome(&run, Choice::Number(truth + 4)).step, end);
    let outcome = about.outcome(&run, Choice::Number(truth - 2));
    assert!(!outcome.right && outcome.step < end);
    run.seek(outcome.step);
    assert_eq!(Count::Effects.of(&run.here().ledger), truth - 1, "one too many");
    run.seek(outcome.step - 1);
    assert_eq!(Count::Effects.of(&run.here().ledger), truth - 2);
}
