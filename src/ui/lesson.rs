//! The lesson beside the stage, and the question that is asked before a run plays.

use super::icons;
use crate::lesson::Lesson;
use crate::lesson::question::{Choice, Outcome};
use crate::words::page as words;
use yew::prelude::*;

/// What a person says to the lesson.
#[derive(Clone, PartialEq, Debug)]
pub enum Word {
    /// This will happen.
    Guess(Choice),
    /// The question is not to be asked now.
    Skip,
    /// Questions are to be asked, or not.
    Ask(bool),
    /// How is the task of that place done?
    How(usize),
    /// All its ticks are to go.
    StartOver,
    /// The moment that proves the answer is to be shown.
    Prove,
    /// The answer was read: the run goes on, where it was stopped for it.
    GoOn,
}

/// What the lesson is made with.
pub struct Props<'l> {
    /// The lesson.
    pub lesson: &'l Lesson,
    /// Which of its tasks are done.
    pub done: Vec<bool>,
    /// Whether questions are asked.
    pub asks: bool,
    /// Something was said.
    pub onword: Callback<Word>,
}

/// The lesson.
#[inline(never)]
pub fn lesson(props: &Props<'_>) -> Html {
    let lesson = props.lesson;
    let say = |word: Word| props.onword.reform(move |_: MouseEvent| word.clone());
    let ask = Word::Ask(!props.asks);
    html! {
        <section class="lesson" aria-label={words::LESSON}>
            <p class="says">{ lesson.says.join(" ") }</p>
            <p><b class="watch">{ words::WATCH }</b>{ " " }{ &lesson.watch }</p>
            <div>
                <h2>{ words::TRY }</h2>
                <ul class="tasks">
                    { for lesson.tasks.iter().zip(&props.done).enumerate().map(|(n, (task, &done))| html! {
                        <li key={n} class={classes!(done.then_some("done"))}>
                            { if done { icons::check() } else { icons::open_circle() } }
                            <div>
                                { &task.task }
                                if done { <span class="sr">{ ", " }{ words::DONE }</span> }
                                else { { " " }<button class="how" onclick={say(Word::How(n))} aria-label={format!("{}: {}", words::HOW, task.task)}>{ words::HOW }</button> }
                            </div>
                        </li>
                    }) }
                </ul>
            </div>
            <div class="remember"><h2>{ words::REMEMBER }</h2><p>{ &lesson.remember }</p></div>
            <div>
                <h2>{ words::SOURCES }</h2>
                <ul class="sources">
                    { for lesson.sources.iter().map(|source| html! {
                        <li key={source.url.clone()}><a href={source.url.clone()} target="_blank" rel="noopener noreferrer">{ &source.title }</a></li>
                    }) }
                </ul>
            </div>
            <p class="ways">
                <label><input type="checkbox" checked={props.asks} onchange={props.onword.reform(move |_: Event| ask.clone())}/>{ words::ASK_FIRST }</label>
                if props.done.contains(&true) { <button class="quiet" onclick={say(Word::StartOver)}>{ words::START_OVER }</button> }
            </p>
        </section>
    }
}

/// What the question is made with.
pub struct Ask<'l> {
    /// The question.
    pub ask: &'l str,
    /// What can be answered.
    pub choices: Vec<Choice>,
    /// What was answered.
    pub guess: Option<Choice>,
    /// Something was said.
    pub onword: Callback<Word>,
}

/// An answer, as it stands on its button and after "you said".
fn choice_words(choice: Choice) -> String {
    match choice {
        Choice::Found(verdict) => icons::word(verdict).to_owned(),
        Choice::Nothing => words::ALL_WELL.to_owned(),
        Choice::Number(number) => number.to_string(),
    }
}

/// What was said, and, once it is proved, what is true.
pub fn outcome_words(said: Choice, proved: Option<(bool, &[Choice])>) -> String {
    let said = choice_words(said);
    match proved {
        None => words::you_said(&said),
        Some((true, _)) => words::you_were_right(&said),
        Some((false, truth)) => {
            let truth: Vec<String> = truth.iter().map(|&choice| choice_words(choice)).collect();
            words::you_were_wrong(&said, &truth.join(", "))
        }
    }
}

/// The question, before the run plays.
#[inline(never)]
pub fn question(props: &Ask<'_>) -> Html {
    let say = |word: Word| props.onword.reform(move |_: MouseEvent| word.clone());
    html! {
        <section class="predict" aria-labelledby="predict-title">
            <h2 id="predict-title">{ words::PREDICT }</h2>
            <p class="ask">{ props.ask }</p>
            <div class="choices" role="group" aria-label={words::CHOICES}>
                { for props.choices.iter().map(|&choice| {
                    let chosen = props.guess == Some(choice);
                    let sign = match choice {
                        Choice::Found(verdict) => icons::verdict(verdict),
                        Choice::Nothing => icons::check(),
                        Choice::Number(_) => Html::default(),
                    };
                    html! {
                        <button key={choice_words(choice)} aria-pressed={chosen.to_string()} class={classes!(chosen.then_some("on"))}
                            onclick={say(Word::Guess(choice))}>{ sign }{ choice_words(choice) }</button>
                    }
                }) }
            </div>
            <p class="ways">
                if props.guess.is_some() { <span role="status">{ words::NOW_PLAY }</span> }
                else {
                    <button class="quiet" onclick={say(Word::Skip)}>{ words::SKIP }</button>
                    <button class="quiet" onclick={say(Word::Ask(false))}>{ words::NEVER_ASK }</button>
                }
            </p>
        </section>
    }
}

/// What was answered, and, once it is proved, whether it was right; `there`: the moment that proves it is on show.
#[inline(never)]
pub fn answer(said: Choice, proved: Option<&Outcome>, there: bool, onword: &Callback<Word>) -> Html {
    let tone = proved.map(|outcome| if outcome.right { "right" } else { "wrong" });
    let sign = match proved {
        None => Html::default(),
        Some(Outcome { right: true, .. }) => icons::check(),
        Some(_) => icons::cross(),
    };
    html! {
        <section class={classes!("predict", "said", tone)} aria-label={words::CHOICES}>
            <p role={proved.is_none().then_some("status")}>{ sign }<span>{ outcome_words(said, proved.map(|outcome| (outcome.right, outcome.truth.as_slice()))) }</span></p>
            if proved.is_some() && !there {
                <button class="prove" onclick={onword.reform(|_: MouseEvent| Word::Prove)}>{ words::SEE_WHY }</button>
            }
        </section>
    }
}
