//! The whole page: one session in hand, one owner of time, panels that follow.

mod focus;
mod keys;
mod panels;

use focus::Focus;

use super::browser;
use super::catalogue::Catalogue;
use super::header::{self, header};
use super::help::Help;
use super::stage::Selection;
use super::story::{self as telling, log, story as story_now};
use super::tokens::{Layer, Message as LayerMessage};
use super::transport::{self, Control, Hands, SPEEDS, transport};
use super::verdict::{self, promises, score, verdict};
use crate::broker::command::Command;
use crate::scenario::catalogue;
use crate::scenario::words::{parse_seed, seed_words};
use crate::scenario::{Part, Scenario};
use crate::scene::layout::Room;
use crate::scene::stage::{Stage, stage};
use crate::scene::story::{self, Line};
use crate::scene::tokens;
use crate::sim::time::{Instant, Span};
use crate::timeline::marks::{Mark, marks};
use crate::timeline::moment::Moment;
use crate::timeline::session::Session;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// How many sentences the log holds.
const LOG: u32 = 60;
/// The slowest a frame may be taken for, in milliseconds: a page that was away does not catch up.
const LONGEST_FRAME: f64 = 100.0;
/// Between two steps of a run that plays in steps (reduced motion), in milliseconds at speed 1.
const STEP_PAUSE: f64 = 900.0;

/// Between two moves of clock and line while the run plays, in milliseconds: each asks the browser for a layout,
/// and nobody reads faster.
const HANDS_PAUSE: f64 = 48.0;

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
    /// Something on the stage of that index is looked at.
    Select(usize, Selection),
    /// The closer look is over.
    Deselect,
    /// The link is wanted.
    Share,
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
    /// The notice was read.
    Dismiss,
}

/// The page.
pub struct App {
    session: Session,
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
    views: Vec<Rc<Stage>>,
    lines: Rc<Vec<Line>>,
    /// What is looked at, on the stage of that index.
    selected: Option<(usize, Selection)>,
    notice: Option<String>,
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
    help: bool,
    menu: bool,
    steps_only: bool,
}

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
        browser::on_window("keydown", move |event| {
            if let Ok(event) = event.dyn_into() {
                say.emit(Msg::Key(event));
            }
        });
        DOOR.set(Some(link.clone()));
        let (session, notice) = from_address();
        let damaged = notice.is_some();
        let mut app = App {
            session,
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
            views: Vec::new(),
            lines: Rc::default(),
            selected: None,
            notice,
            seed_problem: None,
            typed: None,
            place: Vec::new(),
            by_pointer: false,
            focus: None,
            from: None,
            copied: false,
            help: false,
            menu: damaged,
            steps_only: browser::matches("(prefers-reduced-motion: reduce)"),
        };
        app.run_changed();
        app
    }

    fn update(&mut self, ctx: &Context<Self>, message: Msg) -> bool {
        let changed = self.hear(ctx, message);
        if changed {
            self.place = browser::focus_place();
        }
        changed
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let scenario = self.session.scenario();
        let here = self.session.run().here();
        let onjump = link.callback(|step| Msg::Control(Control::Jump(step)));
        let counterpart =
            scenario.counterpart.as_ref().map(|_| match (self.session.beside().is_some(), scenario.part) {
                (true, _) => AttrValue::from("Alone again"),
                (_, Part::Repaired) => AttrValue::from("Beside the naive one"),
                _ => AttrValue::from("Beside the repaired one"),
            });
        let telling = telling::Props {
            lines: self.lines.clone(),
            opening: opening(scenario),
            onjump: onjump.clone(),
            aloud: !self.playing,
        };
        html! {
            <div class="app">
                { header(&header::Props {
                    title: scenario.title.clone().into(),
                    shows: scenario.shows.clone().into(),
                    counterpart,
                    beside: self.session.beside().is_some(),
                    copied: self.copied,
                    onbeside: link.callback(|()| Msg::Beside),
                    onshare: link.callback(|()| Msg::Share),
                    onhelp: link.callback(|()| Msg::Help(true)),
                    onmenu: link.callback(|()| Msg::Menu(true)),
                }) }
                <Catalogue current={scenario.id.clone()} open={self.menu} onopen={link.callback(Msg::Open)}
                    onclose={link.callback(|()| Msg::Menu(false))} onleave={link.callback(|()| Msg::MenuLeft)}/>
                <main>
                    if let Some(notice) = &self.notice {
                        <div class="notice" role="alert"><p>{ notice }</p>
                            <button onclick={link.callback(|_: MouseEvent| Msg::Menu(true))}>{ "Choose a scenario" }</button>
                            <button onclick={link.callback(|_: MouseEvent| Msg::Dismiss)}>{ "Dismiss" }</button>
                        </div>
                    }
                    <div class="stages" ref={self.stages.clone()}>{ for self.stages(ctx) }</div>
                </main>
                <aside>
                    { verdict(&verdict::Props {
                        noun: scenario.setup.noun().to_owned().into(),
                        score: score(scenario, &here.ledger),
                        promises: promises(scenario, &here.ledger),
                        onjump: onjump.clone(),
                    }) }
                    { story_now(&telling) }
                    { self.inspector(ctx) }
                    { self.break_it(ctx) }
                    { log(&telling) }
                </aside>
                { transport(&transport::Props {
                    playing: self.playing,
                    playhead: self.session.playhead(),
                    end: self.session.end(),
                    step: here.step(),
                    steps: self.session.run().end().step(),
                    marks: self.marks.clone(),
                    speed: self.speed,
                    seed: self.typed.clone().map_or_else(|| seed_text(self.session.run().seed()), AttrValue::from),
                    seed_problem: self.seed_problem.clone().map(AttrValue::from),
                    hands_on: !self.session.run().commands().is_empty(),
                    hands: self.hands.clone(),
                    oncontrol: link.callback(Msg::Control),
                }) }
                if self.help { <Help onclose={link.callback(|()| Msg::Help(false))}/> }
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first && let Some(element) = self.stages.cast::<web_sys::Element>() {
            let say = ctx.link().callback(|(width, height)| Msg::Room(width, height));
            say.emit((element.client_width() as f32, element.client_height() as f32));
            browser::on_resize(&element, move |width, height| say.emit((width, height)));
        }
        self.hands.choose(self.speed);
        self.hands.show(self.session.playhead(), self.session.end());
        self.draw_tokens();
        self.place_focus();
    }
}

/// The session that the address names, or the first scenario with what is wrong about the address.
fn from_address() -> (Session, Option<String>) {
    let fragment = browser::fragment();
    let first = || Session::open(&catalogue::scenarios()[FIRST]);
    if fragment.is_empty() {
        return (first(), None);
    }
    match Session::follow(&fragment) {
        Ok(session) => (session, None),
        Err(what) => {
            let stop = if what.ends_with(['.', '?']) { "" } else { "." };
            (
                first(),
                Some(format!("The link could not be opened: {what}{stop} Here is the catalogue instead.")),
            )
        }
    }
}

/// The scenario that a newcomer sees: the ghost.
const FIRST: usize = 2;

fn seed_text(seed: u64) -> AttrValue {
    seed_words(seed).unwrap_or_else(|| seed.to_string()).into()
}

fn opening(scenario: &Scenario) -> AttrValue {
    match scenario.part {
        Part::Naive => "Press play and watch the message. Something will go wrong.",
        Part::Repaired => "Press play: the same faults as beside it, and the promise holds.",
        Part::Plain => "Press play and watch who gets what.",
    }
    .into()
}

impl App {
    /// Does what a message asks for. Returns whether the page is another one.
    fn hear(&mut self, ctx: &Context<Self>, message: Msg) -> bool {
        match message {
            Msg::Frame(at) => return self.frame(ctx, at),
            Msg::Control(control) => self.control(ctx, control),
            Msg::Open(scenario) => {
                if self.menu {
                    self.close_menu();
                }
                self.notice = None;
                self.take(Session::open(scenario));
            }
            Msg::Beside => {
                if self.session.beside().is_some() {
                    self.session.take_beside_away();
                } else {
                    self.session.lay_beside();
                }
                self.run_changed();
            }
            Msg::Act(command) => {
                self.session.act(command);
                self.run_changed();
            }
            Msg::Select(stage, selection) => {
                let chosen = (stage, selection);
                self.selected = (self.selected != Some(chosen)).then_some(chosen);
                if self.selected.is_some() {
                    self.from = browser::focused();
                    self.focus = Some(Focus::Inspector);
                }
            }
            Msg::Deselect => self.deselect(),
            Msg::Share => {
                self.write_address();
                browser::copy(&browser::address());
                self.copied = true;
            }
            Msg::Help(open) => self.help = open,
            Msg::Menu(true) => self.open_menu(),
            Msg::Menu(false) => self.close_menu(),
            Msg::MenuLeft => return std::mem::take(&mut self.menu),
            Msg::Pointer => {
                self.by_pointer = true;
                return false;
            }
            Msg::Key(event) => return self.key(ctx, &event),
            Msg::Address => {
                if browser::fragment() == self.session.link().write(self.session.scenario()) {
                    return false;
                }
                let (session, notice) = from_address();
                if notice.is_none() {
                    self.take(session);
                }
                self.notice = notice;
            }
            Msg::Hidden(hidden) => {
                if !hidden || !self.playing {
                    return false;
                }
                self.pause();
                self.write_address();
            }
            Msg::Room(width, height) => {
                if self.room == (width, height) {
                    return false;
                }
                self.room = (width, height);
                self.moved();
            }
            Msg::Layer(index, layer) => {
                self.layers[index] = Some(layer);
                self.draw_tokens();
                return false;
            }
            Msg::Dismiss => self.notice = None,
        }
        true
    }

    // -- time --

    fn frame(&mut self, ctx: &Context<Self>, at: f64) -> bool {
        if !self.playing {
            return false;
        }
        let since = self.last_frame.map_or(0.0, |last| (at - last).clamp(0.0, LONGEST_FRAME));
        self.last_frame = Some(at);
        let speed = f64::from(SPEEDS[self.speed]) / 100.0;
        let moved = if self.steps_only {
            self.owed += since * speed;
            let step = self.owed >= STEP_PAUSE;
            if step {
                self.owed = 0.0;
                self.session.step();
            }
            step
        } else {
            self.owed += since * speed * 1000.0;
            let whole = self.owed.floor();
            self.owed -= whole;
            self.session.pass(Span(whole as u64))
        };
        let ended = self.session.at_end() && self.session.playhead() >= self.session.end();
        if moved || ended {
            self.moved();
        }
        if ended {
            self.pause();
            self.write_address();
        } else {
            self.ask_for_a_frame(ctx);
        }
        if !moved {
            if at - self.hands_at >= HANDS_PAUSE {
                self.hands_at = at;
                self.hands.show(self.session.playhead(), self.session.end());
            }
            self.draw_tokens();
        }
        moved || ended
    }

    fn ask_for_a_frame(&self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        browser::next_frame(move |at| link.send_message(Msg::Frame(at)));
    }

    fn play(&mut self, ctx: &Context<Self>) {
        if self.session.at_end() {
            self.session.seek_step(0);
            self.moved();
        }
        self.playing = true;
        self.last_frame = None;
        self.owed = if self.steps_only { STEP_PAUSE } else { 0.0 };
        self.ask_for_a_frame(ctx);
    }

    fn pause(&mut self) {
        self.playing = false;
        self.last_frame = None;
    }

    fn control(&mut self, ctx: &Context<Self>, control: Control) {
        match control {
            Control::Toggle if self.playing => {
                self.pause();
                self.write_address();
            }
            Control::Toggle => return self.play(ctx),
            Control::Speed(speed) => {
                self.speed = speed.min(SPEEDS.len() - 1);
                return;
            }
            Control::Typing(text) => {
                self.typed = Some(text);
                return;
            }
            _ => {}
        }
        let mut changed = false;
        match control {
            Control::Step => self.session.step(),
            Control::Back => self.session.step_back(),
            Control::Seek(at) => {
                self.session.seek(at);
            }
            Control::Jump(step) => self.session.seek_step(step),
            Control::Reset => {
                self.session.reset();
                self.selected = None;
                changed = true;
            }
            Control::Undo => {
                changed = self.session.undo();
            }
            Control::Seed(text) => match parse_seed(text.trim()) {
                Ok(seed) => {
                    self.seed_problem = None;
                    self.typed = None;
                    self.session.reseed(seed);
                    changed = true;
                }
                Err(problem) => self.seed_problem = Some(problem),
            },
            Control::AnySeed => {
                self.seed_problem = None;
                self.typed = None;
                self.session.reseed(browser::any_seed());
                changed = true;
            }
            Control::Toggle | Control::Speed(_) | Control::Typing(_) => {}
        }
        self.pause();
        if changed {
            self.run_changed();
        } else {
            self.moved();
        }
        self.write_address();
    }

    // -- what follows from where the session stands --

    /// Another session is in hand.
    fn take(&mut self, session: Session) {
        self.session = session;
        self.pause();
        self.selected = None;
        self.seed_problem = None;
        self.typed = None;
        self.run_changed();
    }

    /// The run is another one.
    fn run_changed(&mut self) {
        self.marks = Rc::new(marks(self.session.run()));
        self.moved();
        self.write_address();
    }

    /// The cursor is elsewhere.
    fn moved(&mut self) {
        self.copied = false;
        let run = self.session.run();
        let here = run.here();
        let last = here.step();
        self.lines = Rc::new(story::lines(&here.world, &here.ledger, last.saturating_sub(LOG).max(1), last));
        let beside = self.session.beside().map(|beside| beside.run.here());
        let (width, height) = self.room;
        let two = beside.is_some();
        let height = if two { (height - 2.0 * CAPTION) / 2.0 } else { height - CAPTION };
        self.scale =
            if width < Room::NARROW { 1.0 } else { (width / WIDTH).min(height / HEIGHT).clamp(1.0, LARGEST) };
        let room = Room { width: width / self.scale, height: height / self.scale, compact: two };
        let view = |moment: &Moment| Rc::new(stage(moment, room));
        self.views = std::iter::once(here).chain(beside).map(view).collect();
    }

    fn write_address(&self) {
        if !self.playing {
            browser::replace_fragment(&self.session.link().write(self.session.scenario()));
        }
    }

    fn draw_tokens(&self) {
        let beside = self.session.beside().map(|beside| beside.run.here());
        let moments = std::iter::once(self.session.run().here()).chain(beside);
        for ((moment, view), layer) in moments.zip(&self.views).zip(&self.layers) {
            if let Some(layer) = layer {
                let tokens = tokens::tokens(moment, &view.layout, self.session.playhead(), self.steps_only);
                layer.send_message(LayerMessage::Frame(tokens));
            }
        }
    }
}

/// A stage with more room than this is shown larger, up to so many times: it is read from the back of a room.
const WIDTH: f32 = 800.0;
/// See [`WIDTH`].
const HEIGHT: f32 = 400.0;
/// See [`WIDTH`].
const LARGEST: f32 = 1.75;
/// The height of a stage's caption, in pixels.
const CAPTION: f32 = 40.0;
