//! The words of the page itself: its buttons, headings, hints, and what it says of itself.

use std::fmt::Display;

// The head of the page, and its notice.
pub const ALONE_AGAIN: &str = "Alone again";
pub const BESIDE_NAIVE: &str = "Beside the naive one";
pub const BESIDE_REPAIRED: &str = "Beside the repaired one";
pub const CHOOSE: &str = "Choose a scenario";
pub const DISMISS: &str = "Dismiss";
pub const BOTH: &str = "Both beside each other (B)";
pub const ALONE: &str = "Alone";
pub const COMPARE: &str = "Compare";
pub const SCENARIOS: &str = "Scenarios";
pub const SHARE_KEY: &str = "Share this moment (L copies the link)";
pub const CARDS_KEY: &str = "Interview cards (I)";
pub const PRESENT_KEY: &str = "Present (P)";
pub const KEYS_AND_HELP: &str = "Keys and help";
pub const BREAKS: &str = "breaks";
pub const HOLDS: &str = "holds";

// The keys.
/// Every key and what it does, for people to read; what the keyboard does stands in `app/keys.rs`.
pub const KEYS: [(&str, &str); 21] = [
    ("Space", "play or pause"),
    ("→", "one step forward"),
    ("←", "one step back"),
    (". and ,", "to the next interesting step, to the one before"),
    ("Shift →", "to the next thing that went wrong"),
    ("Shift ←", "to the one before"),
    ("Home or R", "back to the start, nothing done by hand"),
    ("End", "to the end"),
    ("+ and −", "faster, slower"),
    ("H", "halt where a promise is broken, or not"),
    ("B", "the counterpart beside"),
    ("V", "the next branch at this moment; Shift V: the one before"),
    ("D", "the sequence diagram, and back to the stage"),
    ("U", "undo what was done by hand"),
    ("L", "copy the link to this moment"),
    ("N", "another seed"),
    ("C", "the scenarios"),
    ("I", "the interview cards"),
    ("P", "the presenter's view, and back"),
    ("A", "there: what came of it"),
    ("?", "this list; Escape closes"),
];
pub const KEYS_TITLE: &str = "Keys";
pub const SIGNS_TITLE: &str = "Signs on the stage";
/// What is on the stage that does not say by itself what it is.
pub const SIGNS: [(&str, &str); 7] = [
    ("dashed row", "written, and not committed yet"),
    ("dashed message", "handed out, and not acknowledged yet"),
    ("shadow behind a message", "it was handed out before: a repeat"),
    ("bar under a message", "it is hidden until the bar is gone"),
    ("+3", "three more, for which there is no room"),
    ("green tick on a wire", "an acknowledgement, or a confirmation"),
    ("arrow to the broker", "this consumer asks for its messages"),
];
pub const HELP: &str = "Click a party to see what can be done to it, a message to see its life, a row to see who wrote it. Everything runs in this page; nothing is sent anywhere. The times are stretched so that an eye can follow.";

// The tabs, and what stands under the first.
pub const NOW: &str = "Now";
pub const FAILURES: &str = "Failures";
pub const PLOTS: &str = "Plots";
pub const BESIDE_STAGE: &str = "Beside the stage";
pub const PLAY_BLIND: &str = "Press play.";
pub const PLAY_NAIVE: &str = "Press play and watch the message. Something will go wrong.";
pub const PLAY_REPAIRED: &str = "Press play: the same faults as beside it, and the promise holds.";
pub const PLAY_PLAIN: &str = "Press play and watch who gets what.";
pub const HAPPENED: &str = "What just happened";
pub const STORY: &str = "The story so far";
pub const BREAK_IT: &str = "Break it";
pub const AS_IT_IS: &str = "As it is";
pub const REPAIRED: &str = "Repaired";
pub const NO_FAULTS: &str = "No faults";
pub const WITH_FAULTS: &str = "With faults";
pub const REPAIRED_BESIDE: &str = "Repaired, under the same seed and the same faults";
pub const NAIVE_BESIDE: &str = "Naive, under the same seed and the same faults";
pub const OF_REPAIRED: &str = "Repaired: ";
pub const OF_NAIVE: &str = "Naive: ";
pub const OF_THIS: &str = "As it is: ";

// The verdict.
pub const VERDICT: &str = "Promised, and what came of it";
pub const WHEN_BROKE: &str = "Go to the moment when it broke";
pub const CAME_TO: &str = "Put to the test";
pub const KEPT: &str = ", kept";
pub const SO_FAR: &str = ", unbroken so far";
pub const PUBLISHED: &str = "published";
pub const COMMITTED: &str = "committed";
pub const APPLIED: &str = "effects applied";

/// Since when a promise is broken; in two lines where there is no room for one.
pub fn broken_at(at: &dyn Display) -> String {
    format!("broken\u{a0}at {}", at.to_string().replace(' ', "\u{a0}"))
}

// The stage.
pub const DOWN: &str = "down";
pub const NO_DATABASE: &str = "no database";
pub const CUT_OFF: &str = "cut off";
pub const NOT_DURABLE: &str = "not durable";
pub const EMPTY: &str = "empty";

// Time.
pub const TIME: &str = "Time";
pub const RESET: &str = "Reset";
pub const RESET_KEY: &str = "Reset (R)";
pub const STEP_BACK: &str = "Step back";
pub const STEP_BACK_KEY: &str = "Step back (←)";
pub const STEP: &str = "Step";
pub const STEP_KEY: &str = "Step (→)";
pub const TOGGLE_KEY: &str = "Play or pause (Space)";
pub const UNDO_KEY: &str = "Undo (U)";
pub const UNDO: &str = "Undo what I did";
pub const SPEED: &str = "Speed";
pub const SEED: &str = "Seed";
pub const ANY_SEED_KEY: &str = "Another seed (N)";
pub const ANY_SEED: &str = "Another seed";
pub const ANOTHER: &str = "Another";
pub const TIME_LINE: &str = "Time line";
pub const STOPPED: &str = "stopped";
pub const UP: &str = "up";
pub const ROLLBACK: &str = "rollback";
pub const ERROR: &str = "error";
pub const PACKET_LOST: &str = "packet lost";
pub const OUTAGE: &str = "outage";
pub const BY_HAND: &str = "by hand";
pub const PART: &str = "they part";

// The plots.
pub const PLOTS_OVER_TIME: &str = "Plots over time";
pub const NO_PLOTS: &str = "Nothing to plot: no message goes through a queue here.";
pub const PLOTS_HINT: &str = "A click goes to that moment. Thin lines: what failed, and what came back.";

// The search for failures.
pub const FIND: &str = "Find failures";
pub const MACHINE: &str = "The machine tries everything: a crash in every gap between two steps, a failure of every step that can fail, a loss and a twin of every packet. The scenario's own faults are left out.";
pub const EVERY_ONE: &str = "Every single fault";
pub const EVERY_TWO: &str = "Every two faults";
pub const STOP: &str = "Stop";
pub const TRIED: &str = "How much has been tried";
pub const ALWAYS: &str = ": always";
pub const UNTESTED: &str = ": never put to the test";
pub const SHORTEST: &str = "Open the shortest way to break it";
pub const BY_PLACE: &str = "What a single fault does, by place";
pub const ONE_FAULT: &str = "One fault";

// Lessons and predictions.
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
    "What lies in a queue cannot be edited there: whoever wants that takes it out and sends an edited copy.";
pub const SEND_EDITED: &str = "Take it out, send an edited copy";
pub const AMOUNT: &str = "Amount";
pub const AMOUNT_FORM: &str = "Up to 16 letters, digits, points, plus and minus signs, like 19.90";
pub const BROKEN_AMOUNT: &str = "This is not a number, so the message cannot be sent.";
pub const BROKEN_COPY: &str = "This is not a number: every handler fails on it.";
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

pub const READING_OWN: &str = "Reading the scenario that the link carries…";
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

/// What counts as interesting: `timeline::interest`.
pub const INTERESTING: &str = "Interesting is where something was promised, done or went wrong: a commit, an effect, a fault and its end, a crash, a rollback, a lost packet, a dead letter, what you do, what the judge finds, the end.";
pub const NEXT_INTERESTING: &str = "Next interesting step";
pub const LAST_INTERESTING: &str = "Interesting step before";
pub const HALT: &str = "Halt where a promise is broken";

pub const SHARE: &str = "Share this moment";
pub const COPY_LINK: &str = "Copy the link";
pub const COPY_FRAME: &str = "Copy as an <iframe>";
pub const COPY_CODE: &str = "Copy the QR code as SVG";
pub const CODE: &str = "QR code of the link";
pub const CODE_TOO_LONG: &str = "This link is too long for a QR code.";
pub const LINK: &str = "Link";
pub const LINK_THERE: &str = "The link is on the clipboard.";
pub const FRAME_THERE: &str = "The <iframe> is on the clipboard: paste it into a page.";
pub const CODE_THERE: &str = "The QR code is on the clipboard.";
pub const NOT_COPIED: &str = "The browser did not let it be copied: select the link and copy it by hand.";
pub const OPEN_WHOLE: &str = "Open in Brokerlab";

pub const BRANCHES: &str = "Branches";
pub const UNTOUCHED: &str = "nothing by hand";
pub const NO_BRANCH: &str =
    "Step back and do something else: the old future stays here as a branch, to flip back to.";
pub const BRANCH_NAME: &str = "Name of this branch";
pub const DELETE_BRANCH: &str = "Delete this branch";
pub const BESIDE: &str = "Beside this run";
pub const BESIDE_NOTHING: &str = "nothing";
pub const BESIDE_COUNTERPART: &str = "its counterpart";
pub const BESIDE_SEED: &str = "the same under another seed";
pub const ANOTHER_SEED: &str = "Yet another seed";
pub const DIFFERENCE: &str = "The difference";
pub const SAME: &str = "The same happens in both.";
pub const SHOW_PARTING: &str = "Show where they part";
pub const OVER: &str = "Nothing more: it is over.";
pub const PROMISE: &str = "What was promised";
pub const HERE: &str = "here";
pub const THERE: &str = "beside";
pub const WAS_KEPT: &str = "kept";
pub const WAS_BROKEN: &str = "broken";
pub const NOT_PROMISED: &str = "not promised";
pub const OPEN_QUESTION: &str = "Which promises are kept is told once your prediction is settled.";
pub const VIEW: &str = "What the middle shows";
pub const STAGE: &str = "Stage";
pub const SEQUENCE: &str = "Sequence";
pub const LED_TO: &str = "What led to it";
pub const POINT: &str =
    "Point at something, or choose it with the arrow keys. Drag beside the lanes to travel.";
pub const EXPORT: &str = "Export";
/// What a run can be taken away as: the word, and what it is.
pub const EXPORTS: [(&str, &str); 5] = [
    ("SVG", "a picture that scales"),
    ("PNG", "a picture of pixels"),
    ("Mermaid", "text for a document"),
    ("JSON lines", "every record"),
    ("Trace", "for Perfetto or Chrome"),
];

/// The answer that nothing will go wrong.
pub const ALL_WELL: &str = "all goes well";

/// What was said.
pub fn you_said(said: &str) -> String {
    format!("You said: {said}.")
}

/// What was said, when it proved true.
pub fn you_were_right(said: &str) -> String {
    format!("You said: {said}. So it is.")
}

/// What was said, and what is true instead.
pub fn you_were_wrong(said: &str, truth: &str) -> String {
    format!("You said: {said}. In the end it comes to: {truth}.")
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

/// What hands the link out, before and after.
pub fn share(copied: bool) -> &'static str {
    if copied { "Link copied" } else { SHARE }
}

/// What plays, or stops playing.
pub fn toggle(playing: bool) -> &'static str {
    if playing { "Pause" } else { "Play" }
}

/// Which step it is.
pub fn step(step: u32, of: u32) -> String {
    format!("step {step} of {of}")
}

/// Something on the time line.
pub fn mark(word: &str, at: &dyn Display) -> String {
    format!("{word} at {at}")
}

/// What is due for so many units of work.
pub fn effects_due(committed: u32, nouns: &str) -> String {
    format!("effects due ({committed} {nouns})")
}

/// How many messages are set aside.
pub fn parked(parked: usize) -> String {
    format!("{parked} parked")
}

/// In how many runs of a search a promise broke.
pub fn broken_in(runs: u64) -> String {
    format!(": broken in {runs} runs")
}

/// What a place comes to.
pub fn in_so_many(verdict: &str, found: u32, tried: u32) -> String {
    format!("{verdict} in {found} of {tried}: open one")
}

/// How many places are safe.
pub fn harmless(harmless: usize, of: usize) -> String {
    format!("{harmless} of {of} places do no harm.")
}

/// What a search has covered: so many placements of one fault and of two.
pub fn covered(one: u64, two: u64, cut_off: bool, at_work: bool) -> String {
    let pairs = if two > 0 { format!(" and {two} of two") } else { String::new() };
    let so_far = match (cut_off, at_work) {
        (true, true) => " so far",
        (true, false) => ", then stopped",
        (false, _) => ": all there are",
    };
    format!("{one} placements of one fault{pairs} tried{so_far}.")
}

pub const HANDED_OUT: &str = "handed out, not yet acknowledged";
pub const WAITING: &str = "waiting";

/// How a polled queue hides a message.
pub fn hidden(by: &str, receives: u16, until: &dyn Display) -> String {
    format!("received by {by}, {receives} times so far, hidden until {until}")
}

/// How a polled queue hides a message that nobody has received.
pub fn delayed(until: &dyn Display) -> String {
    format!("delayed until {until}")
}

/// A chip in words: what its looks say.
pub fn chip(label: &str, state: &str, ghost: bool, again: bool, bad: bool) -> String {
    format!(
        "message {label}, {state}{}{}{}",
        if ghost { ", a ghost: its order was rolled back" } else { "" },
        if again { ", handed out before" } else { "" },
        if bad { ", a bad one: every handler fails on it" } else { "" },
    )
}

/// How many rows of a table came before those that are shown.
pub fn older(rows: u32) -> String {
    format!("{rows} older rows")
}

/// Where something stands that is done by hand on a branch, besides the first.
pub fn and_more(more: usize) -> String {
    if more == 0 { String::new() } else { format!(" + {more}") }
}

/// How many promises a branch breaks.
pub fn breaks(broken: usize) -> String {
    match broken {
        0 => "every promise kept".to_owned(),
        1 => "one promise broken".to_owned(),
        many => format!("{many} promises broken"),
    }
}

/// A run under another seed.
pub fn under_seed(seed: &str) -> String {
    format!("The same under the seed {seed}")
}

/// Another scenario.
pub fn other_scenario(title: &str) -> String {
    format!("{title}, under the same seed")
}

/// Another branch.
pub fn branch(title: &str) -> String {
    format!("Branch: {title}")
}

/// A step of one of two runs.
pub fn step_of(which: &str, step: u32, at: &str) -> String {
    format!("{which}, step {step}, {at}")
}

/// Why a message stays in its queue as it is.
pub fn not_taken_out(why: &str) -> String {
    format!("It cannot be taken out now. {why}")
}
