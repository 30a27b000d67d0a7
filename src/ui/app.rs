//! The whole page: one session in hand, one owner of time, panels that follow.

mod address;
mod aside;
mod branching;
mod deck;
mod focus;
mod follow;
mod hear;
mod keys;
mod learn;
mod own;
mod panels;
mod podium;
mod searching;
mod sequence;
mod sharing;
mod time;

use address::{Missing, Opened, from_address};
use branching::Comparing;
use deck::Deck;
use focus::Focus;
use learn::Learn;
use own::Carrying;
use podium::Podium;
use searching::{SearchMsg, Searching};
use sequence::Sequence;
use sharing::{ShareMsg, Sharing};

use super::browser;
use super::cards::Turn;
use super::catalogue::Catalogue;
use super::compare::Wish;
use super::diagram::Word as Sign;
use super::header::{self, header};
use super::help::help;
use super::lesson::Word;
use super::present::Gesture;
use super::stage::Selection;
use super::tokens::Layer;
use super::transport::{self, Control, Hands, SPEEDS, transport};
use crate::broker::command::Command;
use crate::check::ledger::Ledger;
use crate::lesson::{Card, Lesson};
use crate::scenario::words::seed_words;
use crate::scenario::{Part, Scenario};
use crate::scene::measures::Large;
use crate::scene::plots::Plot;
use crate::scene::stage::Stage;
use crate::scene::story::Line;
use crate::sim::time::Instant;
use crate::timeline::link::Tab;
use crate::timeline::marks::Mark;
use crate::timeline::session::Session;
use crate::timeline::shelf::Shelf;
use crate::words::page as words;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use yew::html::Scope;
use yew::prelude::*;

/// What the page is told.
pub enum Msg {
    /// A frame, at that many milliseconds.
    Frame(f64),
    /// The controls of time.
    Control(Control),
    /// A scenario is opened.
    Open(&'static Scenario),
    /// The counterpart is laid beside or taken away.
    Beside,
    /// Something is done by hand.
    Act(Command),
    /// The right-hand side shows something else.
    Tab(Tab),
    /// About the search for failures.
    Search(SearchMsg),
    /// The scenario that the address carries was read, or why not.
    Own(Result<JsValue, String>),
    /// About the sequence diagram.
    Sequence(Sign),
    /// Something on the stage of that index is looked at.
    Select(usize, Selection),
    /// The closer look is over.
    Deselect,
    /// About sharing this moment.
    Share(ShareMsg),
    /// About branches and what stands beside.
    Compare(Wish),
    /// The panel that compares is wanted.
    OpenCompare,
    /// The keys are shown or not.
    Help(bool),
    /// The catalogue is open or not, where it is a drawer.
    Menu(bool),
    /// The focus has left the catalogue.
    MenuLeft,
    /// A pointer was pressed.
    Pointer,
    /// A key was pressed.
    Key(KeyboardEvent),
    /// The address was changed from outside.
    Address,
    /// The page was hidden or shown.
    Hidden(bool),
    /// The stages have that much room.
    Room(f32, f32),
    /// The layer of tokens of a stage is there.
    Layer(usize, html::Scope<Layer>),
    /// The lessons have come, or the cards.
    Lessons(Vec<Lesson>),
    /// See [`Msg::Lessons`].
    Deck(Vec<Card>),
    /// Texts could not be fetched.
    Missing(Missing),
    /// They are wanted all the same.
    AskAgain(Missing),
    /// Something is said to the lesson.
    Learn(Word),
    /// Something is done with the cards.
    Cards(Turn),
    /// A presenter does something.
    Present(Gesture),
    /// The notice was read.
    Dismiss,
}

/// The page.
pub struct App {
    session: Session,
    /// What was tried in the scenarios before.
    shelf: Shelf,
    carrying: Carrying,
    playing: bool,
    last_frame: Option<f64>,
    /// The frame at which clock and line were last moved.
    hands_at: f64,
    /// Virtual time owed to the run: less than a microsecond a frame is not lost.
    owed: f64,
    speed: usize,
    room: (f32, f32),
    scale: f32,
    stages: NodeRef,
    layers: [Option<html::Scope<Layer>>; 2],
    hands: Hands,
    marks: Rc<Vec<Mark>>,
    /// The plots, while they are on show.
    plots: Rc<Vec<Plot>>,
    /// What the scenario shows large, of the run on show and of the one beside it.
    large: Vec<(&'static str, Large)>,
    /// The accounts of the moments on show without what was found, while that is kept back.
    kept_back: Vec<Ledger>,
    views: Vec<Rc<Stage>>,
    lines: Rc<Vec<Line>>,
    /// What is looked at, on the stage of that index.
    selected: Option<(usize, Selection)>,
    tab: Tab,
    learn: Learn,
    deck: Deck,
    podium: Podium,
    searching: Searching,
    sequence: Sequence,
    notice: Option<String>,
    /// Texts that did not come.
    missing: Vec<Missing>,
    seed_problem: Option<String>,
    /// A seed that is being typed, or could not be read.
    typed: Option<String>,
    /// What had the focus before the page changes, with its surroundings.
    place: Vec<web_sys::Element>,
    /// Whether the focus was last moved by a pointer, and not by Tab.
    by_pointer: bool,
    /// Where the focus is to go next.
    focus: Option<Focus>,
    /// What had the focus before the catalogue or the closer look.
    from: Option<web_sys::Element>,
    copied: bool,
    sharing: Sharing,
    comparing: Comparing,
    /// Whether the play stops where a promise is broken.
    halt: bool,
    /// Whether this is a part of another page.
    embedded: bool,
    help: bool,
    menu: bool,
    steps_only: bool,
}

/// Under which name the browser keeps whether the play stops where a promise is broken.
const HALT: &str = "halt";

thread_local! {
    /// Where the page takes a scenario from outside ([`open`]).
    static DOOR: RefCell<Option<html::Scope<App>>> = const { RefCell::new(None) };
}

/// Shows a scenario at that moment. False if there is no page.
pub fn open(scenario: &'static Scenario, at: Instant) -> bool {
    let page = DOOR.with_borrow(Clone::clone);
    if let Some(page) = &page {
        page.send_message_batch(vec![Msg::Open(scenario), Msg::Control(Control::Seek(at))]);
    }
    page.is_some()
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> App {
        let link = ctx.link();
        let say = link.callback(|message: Msg| message);
        browser::on_visibility({
            let say = say.clone();
            move |hidden| say.emit(Msg::Hidden(hidden))
        });
        browser::on_window("hashchange", {
            let say = say.clone();
            move |_| say.emit(Msg::Address)
        });
        browser::on_window("pointerdown", {
            let say = say.clone();
            move |_| say.emit(Msg::Pointer)
        });
        browser::on_screen({
            let say = say.clone();
            move |full| {
                // Escape ends the full screen before the page hears of it.
                if !full {
                    say.emit(Msg::Present(Gesture::Present(false)));
                }
            }
        });
        browser::on_window("keydown", move |event| {
            if let Ok(event) = event.dyn_into() {
                say.emit(Msg::Key(event));
            }
        });
        DOOR.set(Some(link.clone()));
        let Opened { session, view, halt, sequence, tab, carries, card, notice } = from_address();
        let damaged = notice.is_some();
        let mut app = App {
            session,
            shelf: Shelf::default(),
            carrying: Carrying::default(),
            playing: false,
            last_frame: None,
            hands_at: 0.0,
            owed: 0.0,
            speed: SPEEDS.iter().position(|&speed| speed == 100).unwrap_or(0),
            room: (900.0, 600.0),
            scale: 1.0,
            stages: NodeRef::default(),
            layers: [None, None],
            hands: Hands::default(),
            marks: Rc::default(),
            plots: Rc::default(),
            large: Vec::new(),
            kept_back: Vec::new(),
            views: Vec::new(),
            lines: Rc::default(),
            selected: None,
            tab,
            learn: Learn::new(),
            deck: Deck::new(),
            podium: Podium::default(),
            searching: Searching::default(),
            sequence: Sequence::default(),
            notice,
            missing: Vec::new(),
            seed_problem: None,
            typed: None,
            place: Vec::new(),
            by_pointer: false,
            focus: None,
            from: None,
            copied: false,
            sharing: Sharing::default(),
            comparing: Comparing::default(),
            halt: halt || browser::kept(HALT).is_some(),
            embedded: false,
            help: false,
            menu: damaged,
            steps_only: browser::matches("(prefers-reduced-motion: reduce)"),
        };
        app.sequence.on = sequence;
        app.show(view, card, ctx);
        if carries {
            app.read_own(ctx);
        }
        app.run_changed();
        app
    }

    fn update(&mut self, ctx: &Context<Self>, message: Msg) -> bool {
        let changed = self.hear(ctx, message);
        // What was noted stays until the page is another one: by the next message what had the focus may be gone.
        if changed && self.place.is_empty() {
            self.place = browser::focus_place();
        }
        changed
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let scenario = self.session.scenario();
        let here = self.session.run().here();
        let counterpart = scenario.counterpart.as_ref().map(|_| match scenario.part {
            Part::Repaired => AttrValue::from(words::BESIDE_NAIVE),
            _ => AttrValue::from(words::BESIDE_REPAIRED),
        });
        let counterpart = match self.session.beside() {
            Some(_) => Some(AttrValue::from(words::ALONE_AGAIN)),
            None => counterpart,
        };
        html! {
            <div class={classes!("app", self.podium.on.then_some("presenting"), self.deck.open.then_some("carded"), self.embedded.then_some("embedded"))}>
                { self.podium_head(ctx) }
                { self.embed_head() }
                if self.deck.open { { self.cards(ctx) } }
                { header(&header::Props {
                    title: scenario.title.clone().into(),
                    shows: scenario.shows.clone().into(),
                    counterpart,
                    beside: self.session.beside().is_some(),
                    copied: self.copied,
                    onbeside: link.callback(|()| Msg::Beside),
                    onshare: link.callback(|()| Msg::Share(ShareMsg::Open(true))),
                    onhelp: link.callback(|()| Msg::Help(true)),
                    oncards: link.callback(|()| Msg::Cards(Turn::Open)),
                    onpresent: link.callback(|()| Msg::Present(Gesture::Present(true))),
                    onmenu: link.callback(|()| Msg::Menu(true)),
                }) }
                <Catalogue current={scenario.id.clone()} open={self.menu} onopen={link.callback(Msg::Open)}
                    onclose={link.callback(|()| Msg::Menu(false))} onleave={link.callback(|()| Msg::MenuLeft)}/>
                <main>
                    if let Some(notice) = &self.notice { { notice_box(notice, link) } }
                    { self.card_strip(ctx) }
                    <div class="stages" ref={self.stages.clone()}>{ for self.stages(ctx) }</div>
                    { self.chain(ctx) }
                </main>
                { self.aside(ctx) }
                { transport(&transport::Props {
                    playing: self.playing,
                    playhead: self.session.playhead(),
                    end: self.session.end(),
                    step: here.step(),
                    steps: self.session.run().end().step(),
                    marks: self.shown_marks(),
                    speed: self.speed,
                    seed: self.typed.clone().map_or_else(|| seed_text(self.session.run().seed()), AttrValue::from),
                    seed_problem: self.seed_problem.clone().map(AttrValue::from),
                    hands_on: !self.session.run().commands().is_empty(),
                    halt: self.halt,
                    hands: self.hands.clone(),
                    // The podium has them in its own hand.
                    branches: if self.podium.on { Html::default() } else { self.branch_strip(ctx) },
                    oncontrol: link.callback(Msg::Control),
                }) }
                { self.podium_foot(ctx) }
                if self.help { { help(link.callback(|()| Msg::Help(false))) } }
                { self.share_dialog(ctx) }
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first && let Some(element) = self.stages.cast::<web_sys::Element>() {
            let say = ctx.link().callback(|(width, height)| Msg::Room(width, height));
            say.emit((element.client_width() as f32, element.client_height() as f32));
            browser::on_resize(&element, move |width, height| say.emit((width, height)));
        }
        if self.learn.wants(&self.session.scenario().id) {
            self.ask_for_lessons(ctx);
        }
        self.hands.choose(self.speed);
        self.choose_beside();
        self.hands.show(self.session.playhead(), self.session.end());
        self.draw_tokens();
        self.follow_sequence(ctx);
        self.place_focus();
    }
}

#[inline(never)]
fn notice_box(notice: &str, link: &Scope<App>) -> Html {
    html! {
        <div class="notice" role="alert"><p>{ notice }</p>
            <button onclick={link.callback(|_: MouseEvent| Msg::Menu(true))}>{ words::CHOOSE }</button>
            <button onclick={link.callback(|_: MouseEvent| Msg::Dismiss)}>{ words::DISMISS }</button>
        </div>
    }
}

fn seed_text(seed: u64) -> AttrValue {
    seed_words(seed).unwrap_or_else(|| seed.to_string()).into()
}
