//! The words of lessons, predictions, cards and the presenter's view, in one place for whoever translates them.
//! What they teach stands in `lessons/`.

use super::icons;
use crate::lesson::question::Choice;

pub const LESSON: &str = "Lesson";
pub const WATCH: &str = "Watch:";
pub const TRY: &str = "Try this";
pub const DONE: &str = "done";
pub const HOW: &str = "Show me how";
pub const REMEMBER: &str = "Remember";
pub const SOURCES: &str = "To read on";
pub const ASK_FIRST: &str = "Ask me before each run";
pub const START_OVER: &str = "Start over";

pub const PREDICT: &str = "What will happen?";
pub const CHOICES: &str = "Your prediction";
pub const SKIP: &str = "Skip";
pub const NEVER_ASK: &str = "Do not ask again";
pub const NOW_PLAY: &str = "Now press play and see.";
pub const SEE_WHY: &str = "Show me the moment";

pub const CARDS: &str = "Interview cards";
pub const CARDS_SHORT: &str = "Cards";
pub const BACK: &str = "Back to the playground";
pub const BACK_TO_CARD: &str = "Back to the card";
pub const WHICH: &str = "Which cards";
pub const TOPIC: &str = "Topic";
pub const ALL_TOPICS: &str = "All topics";
pub const SHUFFLE: &str = "Shuffle";
pub const HIDE_KNOWN: &str = "Hide what I know";
pub const SHOW_ANSWER: &str = "Show the answer";
pub const FOLLOW_UPS: &str = "What may be asked next";
pub const SHOW_ME: &str = "Show me";
pub const KNOWN: &str = "I know this";
pub const PREVIOUS: &str = "Previous card";
pub const NEXT: &str = "Next card";
pub const NONE_LEFT: &str = "Nothing is left here: you know them all.";
pub const SHOW_ALL: &str = "Show them all the same";
pub const LOADING: &str = "The cards are on their way.";
/// The keys of the cards, and what they do.
pub const CARD_KEYS: [(&str, &str); 5] =
    [("Space", "answer"), ("← →", "turn"), ("S", "show me"), ("K", "known"), ("Esc", "back")];

pub const PRESENT: &str = "Present";
pub const PRESENTING: &str = "Presenting";
pub const FULL_SCREEN: &str = "Full screen";
pub const REVEAL: &str = "Reveal what came of it";
pub const HIDE: &str = "Hide it again";
pub const LEAVE: &str = "Leave";

/// An answer, as it stands on its button and after "you said".
pub fn choice(choice: Choice) -> String {
    match choice {
        Choice::Found(verdict) => icons::word(verdict).to_owned(),
        Choice::Nothing => "all goes well".to_owned(),
        Choice::Number(number) => number.to_string(),
    }
}

/// What was said, and, once it is proved, what is true.
pub fn outcome(said: Choice, proved: Option<(bool, &[Choice])>) -> String {
    let said = choice(said);
    match proved {
        None => format!("You said: {said}."),
        Some((true, _)) => format!("You said: {said}. So it is."),
        Some((false, truth)) => {
            let truth: Vec<String> = truth.iter().map(|&choice| self::choice(choice)).collect();
            format!("You said: {said}. It came to: {}.", truth.join(", "))
        }
    }
}

/// How much of a lesson is done.
pub fn so_much(done: usize, of: usize) -> String {
    format!("{done}/{of}")
}

/// How many cards are known.
pub fn known(known: usize, of: usize) -> String {
    format!("{known} of {of} known")
}

/// Which card it is.
pub fn card(number: u32) -> String {
    format!("Card {number}")
}
