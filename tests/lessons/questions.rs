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
fn too_small_a_number_is_disproved_by_the_one_too_many_and_every_other_at_the_end() {
    let mut run = run("dual-write-ghost");
    let about = About::Number(Count::Effects);
    assert_eq!(about.truth(&run), [Choice::Number(5)], "four orders and a ghost");
    let choices = about.choices(&run);
    assert!(choices.contains(&Choice::Number(5)) && choices.is_sorted(), "{choices:?}");
    let end = run.end().step();
    assert_eq!(about.outcome(&run, Choice::Number(5)).step, end);
    assert_eq!(about.outcome(&run, Choice::Number(9)).step, end);
    let outcome = about.outcome(&run, Choice::Number(3));
    assert!(!outcome.right && outcome.step < end);
    run.seek(outcome.step);
    assert_eq!(Count::Effects.of(&run.here().ledger), 4);
    run.seek(outcome.step - 1);
    assert_eq!(Count::Effects.of(&run.here().ledger), 3);
}
