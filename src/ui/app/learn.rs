//! What has been learned so far? The lessons, what of them is done, and what was predicted.

use super::super::browser;
use super::super::callout::{self, callout};
use super::super::lesson::{self, Ask, Word, lesson, question};
use super::super::transport::Control;
use super::address::Missing;
use super::focus::Focus;
use super::{App, Msg};
use crate::fault::point::ActorId;
use crate::lesson::Lesson;
use crate::lesson::condition::all_hold;
use crate::lesson::question::{Choice, Outcome};
use crate::scene::stage::Stage;
use crate::scene::story;
use crate::timeline::marks::{Mark, MarkKind};
use crate::timeline::session::Session;
use crate::words::page as words;
use std::rc::Rc;
use yew::prelude::*;

/// Under these names the browser keeps what is done, and whether questions are asked.
const DONE: &str = "brokerlab-done";
const ASKS: &str = "brokerlab-asks";

/// An answer, and the run that it is about.
struct Guess {
    scenario: String,
    seed: u64,
    said: Choice,
    outcome: Outcome,
    /// The step at which what is true is to be seen: of a wrong answer where it went another way, even if only the
    /// end can prove it wrong.
    seen: u32,
    /// It was proved since the run began.
    proved: bool,
    /// The answer was read.
    read: bool,
}

/// What has been learned.
pub(super) struct Learn {
    lessons: Vec<Lesson>,
    /// The scenario for which lessons were last asked for.
    wanted: String,
    /// Tasks that are done, as `scenario/place`.
    done: Vec<String>,
    asks: bool,
    guess: Option<Guess>,
    skipped: bool,
}

impl Learn {
    pub(super) fn new() -> Learn {
        let done = browser::kept(DONE).unwrap_or_default();
        Learn {
            lessons: Vec::new(),
            wanted: String::new(),
            done: done.split_whitespace().map(str::to_owned).collect(),
            asks: browser::kept(ASKS).as_deref() != Some("no"),
            guess: None,
            skipped: false,
        }
    }

    /// Lessons have come: one, or all of them.
    pub(super) fn take(&mut self, lessons: Vec<Lesson>) {
        for lesson in lessons {
            if self.lesson(&lesson.scenario).is_none() {
                self.lessons.push(lesson);
            }
        }
    }

    /// Whether the lesson of a scenario is not here and was not asked for.
    pub(super) fn wants(&self, scenario: &str) -> bool {
        self.wanted != scenario && self.lesson(scenario).is_none()
    }

    /// Notes that the lesson of a scenario is asked for. Returns the files that have it, the best first: when the page
    /// is drawn for the first time that of its scenario alone, which weighs little. Later the browser keeps them all.
    pub(super) fn ask(&mut self, scenario: &str) -> Vec<String> {
        let alone = self.lessons.is_empty() && self.wanted.is_empty() && !browser::is_kept();
        self.wanted = scenario.to_owned();
        let one = alone.then(|| format!("assets/lesson/{scenario}.bin"));
        one.into_iter().chain(["assets/lessons.bin".to_owned()]).collect()
    }

    /// Another run is in hand: it may be asked about.
    pub(super) fn another_run(&mut self) {
        self.skipped = false;
    }

    /// The lesson of a scenario.
    pub(super) fn lesson(&self, scenario: &str) -> Option<&Lesson> {
        self.lessons.iter().find(|lesson| lesson.scenario == scenario)
    }

    fn is_done(&self, scenario: &str, task: usize) -> bool {
        self.done.contains(&name(scenario, task))
    }

    /// Which tasks of a lesson are done.
    pub(super) fn ticks(&self, lesson: &Lesson) -> Vec<bool> {
        (0..lesson.tasks.len()).map(|task| self.is_done(&lesson.scenario, task)).collect()
    }

    /// Ticks off what the run in hand has come to; an answer that is open again will be told again.
    pub(super) fn look(&mut self, session: &Session) {
        let step = session.run().here().step();
        if let Some(guess) = &mut self.guess {
            guess.proved = step >= guess.outcome.step || guess.proved && step > 0;
            guess.read &= guess.proved;
        }
        let id = &session.scenario().id;
        let Some(lesson) = self.lesson(id) else { return };
        let fresh: Vec<String> = (lesson.tasks.iter().enumerate())
            .filter(|(place, task)| !self.is_done(id, *place) && all_hold(&task.done, session))
            .map(|(place, _)| name(id, place))
            .collect();
        if !fresh.is_empty() {
            self.done.extend(fresh);
            self.keep();
        }
    }

    fn keep(&self) {
        let done: Vec<&str> = self.done.iter().map(String::as_str).collect();
        browser::keep(DONE, &done.join(" "));
    }

    /// What was said about this run, if something was.
    fn guess_of(&self, session: &Session) -> Option<&Guess> {
        self.guess.as_ref().filter(|guess| {
            let run = session.run();
            guess.scenario == session.scenario().id && guess.seed == run.seed() && is_as_written(session)
        })
    }
}

/// Whether the run is its scenario's own: the question is about that.
fn is_as_written(session: &Session) -> bool {
    session.run().commands().is_empty() && !session.is_bare()
}

fn name(scenario: &str, task: usize) -> String {
    format!("{scenario}/{task}")
}

impl App {
    /// Does what was said to the lesson.
    #[inline(never)]
    pub(super) fn learn(&mut self, ctx: &Context<Self>, word: Word) {
        let id = &self.session.scenario().id;
        match word {
            Word::Guess(said) => {
                let Some(predict) = self.learn.lesson(id).and_then(|lesson| lesson.predict.as_ref()) else {
                    return;
                };
                let run = self.session.run();
                let outcome = predict.about.outcome(run, said);
                let first = |verdict| run.end().ledger.first_finding(verdict).map(|(_, found)| found.step);
                let truth = outcome.truth.iter().filter(|_| !outcome.right);
                let seen = truth.filter_map(|choice| first(choice.verdict()?)).min();
                let seen = seen.unwrap_or(outcome.step).min(outcome.step);
                let (scenario, seed) = (id.clone(), run.seed());
                self.learn.guess =
                    Some(Guess { scenario, seed, said, outcome, seen, proved: false, read: false });
            }
            Word::Skip => self.learn.skipped = true,
            Word::Ask(asks) => {
                self.learn.asks = asks;
                self.learn.skipped = false;
                browser::keep(ASKS, if asks { "yes" } else { "no" });
            }
            Word::How(task) => {
                let shown =
                    self.learn.lesson(id).and_then(|lesson| lesson.tasks.get(task)?.how.open(id).ok());
                if let Some(session) = shown {
                    self.take(session);
                    self.play(ctx);
                }
            }
            Word::StartOver => {
                let all = format!("{id}/");
                self.learn.done.retain(|name| !name.starts_with(&all));
                self.learn.keep();
                self.learn.guess = None;
                self.learn.skipped = false;
                // What stands beside may be a task that would be ticked off again at once.
                self.session.take_beside_away();
                self.control(ctx, Control::Reset);
            }
            Word::Prove => {
                if let Some(guess) = &mut self.learn.guess {
                    guess.read = false;
                    let step = guess.seen;
                    self.control(ctx, Control::Jump(step));
                    self.focus = Some(Focus::Answer);
                }
            }
            Word::GoOn => {
                let there = self.proof().is_some_and(|guess| guess.seen == self.here());
                if there && !self.session.at_end() {
                    return self.play(ctx);
                }
                self.read_answer();
                self.focus = Some(Focus::Back(".transport .play"));
            }
        }
    }

    /// Whether something is asked, or predicted and not proved yet: nothing is given away then.
    pub(super) fn is_open_question(&self) -> bool {
        let run = self.session.run();
        let step = run.here().step();
        let lesson = self.learn.lesson(&self.session.scenario().id);
        let asked = self.learn.asks && lesson.is_some_and(|lesson| lesson.predict.is_some());
        let guess = self.learn.guess_of(&self.session);
        let free = step == 0 && !self.playing && !self.learn.skipped && is_as_written(&self.session);
        asked && guess.map_or(free, |guess| !guess.proved)
    }

    /// What is marked on the time line: not what will be found, while that is the question.
    pub(super) fn shown_marks(&self) -> Rc<Vec<Mark>> {
        let parting = self.comparing.mark();
        let open = self.is_open_question();
        if !open && parting.is_none() {
            return self.marks.clone();
        }
        let given = |mark: &&Mark| !open || !matches!(mark.kind, MarkKind::Found(_));
        Rc::new(parting.iter().chain(self.marks.iter().filter(given)).copied().collect())
    }

    /// The question before the run plays; what was said, while it plays; whether it was right, once that is
    /// proved.
    #[inline(never)]
    pub(super) fn prediction(&self, ctx: &Context<Self>) -> Html {
        let learn = &self.learn;
        let predict = learn.lesson(&self.session.scenario().id).and_then(|lesson| lesson.predict.as_ref());
        let (Some(predict), true) = (predict, learn.asks) else { return Html::default() };
        let onword = ctx.link().callback(Msg::Learn);
        let run = self.session.run();
        let guess = learn.guess_of(&self.session);
        let step = run.here().step();
        if step == 0 && !self.playing {
            if learn.skipped || !is_as_written(&self.session) {
                return Html::default();
            }
            return question(&Ask {
                ask: &predict.ask,
                choices: predict.about.choices(run),
                guess: guess.map(|guess| guess.said),
                onword,
            });
        }
        let Some(guess) = guess else { return Html::default() };
        let proved = guess.proved.then_some(&guess.outcome);
        lesson::answer(guess.said, proved, step == guess.seen, &onword)
    }

    fn here(&self) -> u32 {
        self.session.run().here().step()
    }

    /// What was said about this run, where that is told on the stage.
    fn told_guess(&self) -> Option<&Guess> {
        self.learn.guess_of(&self.session).filter(|_| self.learn.asks && !self.podium.on)
    }

    /// What was said, once it is proved and as long as the answer was not read.
    fn proof(&self) -> Option<&Guess> {
        let guess = self.told_guess()?;
        (guess.proved && !guess.read && self.here() >= guess.seen).then_some(guess)
    }

    /// The answer on the stage, if there is one, was read.
    pub(super) fn read_answer(&mut self) {
        let told = self.proof().is_some();
        if let Some(guess) = self.learn.guess.as_mut().filter(|_| told) {
            guess.read = true;
        }
    }

    /// The step at which a run that plays stops, for the answer to be read: if that was passed since.
    pub(super) fn stops_since(&self, before: u32) -> Option<u32> {
        let step = self.told_guess().filter(|guess| !guess.proved)?.outcome.step;
        (before < step && step <= self.here()).then_some(step)
    }

    /// The answer on the stage, and the party where it is to be seen.
    pub(super) fn answer_on_stage(
        &self,
        ctx: &Context<Self>,
        stage: &Stage,
    ) -> Option<(Html, Option<ActorId>)> {
        let guess = self.proof()?;
        let (here, step) = (self.session.run().here(), guess.seen);
        let line = story::lines(&here.world, &here.ledger, step, step).pop();
        let over = callout(&callout::Props {
            stage,
            said: guess.said,
            outcome: &guess.outcome,
            line: line.as_ref(),
            there: here.step() == step,
            goes_on: !self.session.at_end(),
            onword: ctx.link().callback(Msg::Learn),
        });
        Some((over, line.and_then(|line| line.place)))
    }

    pub(super) fn lesson(&self, ctx: &Context<Self>) -> Html {
        let Some(of) = self.learn.lesson(&self.session.scenario().id) else {
            let again = ctx.link().callback(|_: MouseEvent| Msg::AskAgain(Missing::Lessons));
            return html! {
                <section class="lesson" aria-label={words::LESSON}>
                    <p role="alert">{ words::NO_LESSONS }</p>
                    <p class="ways"><button onclick={again}>{ words::TRY_AGAIN }</button></p>
                </section>
            };
        };
        html! {
            <>
                { self.inspector(ctx) }
                { lesson(&lesson::Props {
                    lesson: of,
                    done: self.learn.ticks(of),
                    asks: self.learn.asks,
                    onword: ctx.link().callback(Msg::Learn),
                }) }
            </>
        }
    }
}
