//! Do the interview cards ask, answer, and show what they say?

use super::{assert_plain, cards, sentences};
use brokerlab::lesson::show::Place;

#[test]
fn there_are_forty_numbered_without_a_gap_under_a_few_topics() {
    let cards = cards();
    let numbers: Vec<u32> = cards.iter().map(|card| card.number).collect();
    assert_eq!(numbers, (1..=40).collect::<Vec<u32>>());
    let mut topics: Vec<&str> = cards.iter().map(|card| card.topic.as_str()).collect();
    topics.sort_unstable();
    topics.dedup();
    assert!((4..=10).contains(&topics.len()), "{topics:?}");
}

#[test]
fn a_card_is_short_and_says_what_may_be_asked_next() {
    for card in cards() {
        let place = format!("card {}", card.number);
        let texts = [&card.topic, &card.question, &card.answer].into_iter().chain(&card.follow_ups);
        texts.for_each(|text| assert_plain(text, &place));
        assert!(card.question.ends_with('?'), "{place}: {}", card.question);
        assert!(card.question.chars().count() <= 120, "{place}: the question is too long");
        assert!((2..=7).contains(&sentences(&card.answer)), "{place}: {} sentences", sentences(&card.answer));
        let letters = card.answer.chars().count();
        assert!((120..=640).contains(&letters), "{place}: an answer of {letters} letters");
        assert!((1..=4).contains(&card.follow_ups.len()), "{place}: {} follow-ups", card.follow_ups.len());
        if let Some(note) = &card.note {
            assert_plain(note, &place);
            assert_eq!(sentences(note), 1, "{place}: `{note}`");
            assert!(
                note.contains("The experiment shows") || note.contains(": the experiment shows"),
                "{place}: `{note}`"
            );
        }
        assert!(card.follow_ups.iter().all(|next| next.ends_with('?')), "{place}: {:?}", card.follow_ups);
    }
}

#[test]
fn every_card_shows_its_moment() {
    for card in cards() {
        let session = card.show.open().unwrap_or_else(|what| panic!("card {}: {what}", card.number));
        match card.show.moment {
            Place::Start => assert_eq!(session.run().here().step(), 0),
            Place::End => assert!(session.at_end(), "card {}", card.number),
            Place::After(span) => assert_eq!(session.playhead().0, span.0, "card {}", card.number),
            Place::When(promise) => {
                let state = promise.state(&session.run().here().ledger);
                let there = state.broken.is_some() || state.reached.is_some();
                assert!(there, "card {}: {} is not to be seen there", card.number, promise.name());
            }
        }
        assert_eq!(session.beside().is_some(), card.show.how.beside, "card {}: beside", card.number);
    }
}
