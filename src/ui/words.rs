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

pub const DEAD_LETTERS: &str = "Dead letters";
pub const NOTHING_ASIDE: &str = "Nothing is set aside here now.";
pub const NO_EDIT: &str =
    "What lies in a queue cannot be edited there: it can only go back as it is, or be thrown away.";
pub const AMOUNT: &str = "Amount";
pub const AMOUNT_FORM: &str = "Up to 16 letters, digits, points, plus and minus signs, like 19.90";
pub const BROKEN_AMOUNT: &str = "This is not a number, so the message cannot be sent.";
pub const EDIT: &str = "Save the edit";

pub const YOUR_ANSWER: &str = "Your answer";
pub const GO_ON: &str = "Go on";
pub const CLOSE: &str = "Close";

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

pub const NO_PROGRAM: &str = "the page does not name its program";
pub const UNKNOWN: &str = "the browser does not say why";

pub const NO_CARDS: &str = "The cards could not be fetched. Is there a network?";
pub const NO_LESSONS: &str = "The lessons could not be fetched. Is there a network?";
pub const TRY_AGAIN: &str = "Try again";

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

/// How many more rows there are than are shown.
pub fn more(more: usize) -> String {
    format!("and {more} more")
}

/// Why a search came to nothing.
pub fn search_failed(why: &str) -> String {
    format!("The search stopped: {why}.")
}

/// What is wrong about the address that was opened.
pub fn damaged(what: &str) -> String {
    let stop = if what.ends_with(['.', '?']) { "" } else { "." };
    format!("The link could not be opened: {what}{stop} Here is the catalogue instead.")
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
