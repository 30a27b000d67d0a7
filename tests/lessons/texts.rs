//! Are the texts short, whole, and about something that exists?

use super::{assert_plain, lessons, sentences};
use brokerlab::scenario::catalogue;

#[test]
fn every_lesson_belongs_to_a_scenario() {
    for lesson in lessons() {
        if let Err(what) = catalogue::find(&lesson.scenario) {
            panic!("lessons/en/{}.toml: {what}", lesson.scenario);
        }
    }
}

#[test]
fn every_scenario_has_a_lesson() {
    let lessons = lessons();
    for scenario in catalogue::scenarios() {
        assert!(lessons.iter().any(|lesson| lesson.scenario == scenario.id), "{} has no lesson", scenario.id);
    }
}

/// In letters, so that the whole fits a screen beside the stage; the page's tests measure it.
const MOST_SAID: usize = 640;
const MOST_A_SENTENCE: usize = 190;

#[test]
fn a_lesson_is_two_to_five_sentences_and_fits_a_screen() {
    for lesson in lessons() {
        let place = &lesson.scenario;
        assert!((2..=5).contains(&lesson.says.len()), "{place} says {} sentences", lesson.says.len());
        let said: usize = lesson.says.iter().map(|sentence| sentence.chars().count()).sum();
        assert!(said <= MOST_SAID, "{place} says {said} letters, more than {MOST_SAID}");
        let single = lesson.says.iter().chain([&lesson.watch, &lesson.remember]);
        for sentence in single {
            assert_plain(sentence, place);
            assert_eq!(sentences(sentence), 1, "{place}: one sentence each: `{sentence}`");
            let letters = sentence.chars().count();
            assert!(letters <= MOST_A_SENTENCE, "{place}: {letters} letters in `{sentence}`");
        }
        assert!((1..=3).contains(&lesson.tasks.len()), "{place} has {} tasks", lesson.tasks.len());
        for task in &lesson.tasks {
            assert_plain(&task.task, place);
            assert!((1..=3).contains(&sentences(&task.task)), "{place}: `{}`", task.task);
            assert!(task.task.chars().count() <= MOST_A_SENTENCE, "{place}: too long: `{}`", task.task);
        }
        if let Some(predict) = &lesson.predict {
            assert_plain(&predict.ask, place);
            assert!(predict.ask.ends_with('?'), "{place}: no question: `{}`", predict.ask);
            assert!(predict.ask.chars().count() <= MOST_A_SENTENCE, "{place}: too long: `{}`", predict.ask);
        }
        assert!((1..=3).contains(&lesson.sources.len()), "{place} has {} sources", lesson.sources.len());
        for source in &lesson.sources {
            assert_plain(&source.title, place);
            assert!(source.title.chars().count() <= 80, "{place}: too long: `{}`", source.title);
            assert!(source.url.starts_with("https://"), "{place}: `{}` is no address", source.url);
        }
    }
}
