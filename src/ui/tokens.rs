//! The messages on their way. They move at every frame, so they are kept outside Yew's tree: one SVG group a
//! token, of which a frame changes the transform and nothing else.

use super::icons::GHOST;
use crate::scene::layout::Px;
use crate::scene::tokens::{Look, Token};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// The most tokens that are drawn; beyond it the queues' counters tell the rest.
pub const MOST: usize = 1000;

const SVG: &str = "http://www.w3.org/2000/svg";

struct Drawn {
    group: Element,
    look: Look,
    held: bool,
    place: (f32, f32),
    seen: bool,
}

/// What a layer is told.
pub enum Message {
    /// The tokens of this frame.
    Frame(Vec<Token>),
    /// Something was clicked, at that element.
    Clicked(Option<Element>),
}

/// What a layer is made with.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Takes the layer's handle, through which the frames come.
    pub onready: Callback<html::Scope<Layer>>,
    /// A token was chosen: its message and, while it flies, its packet.
    pub onselect: Callback<(u32, Option<u32>)>,
    /// The height of the stage.
    pub height: f32,
    /// The width of the stage.
    pub width: f32,
}

/// The layer of one stage.
pub struct Layer {
    node: NodeRef,
    /// In the order of their ids. A tree of its own would weigh 5 KB.
    drawn: Vec<(u64, Drawn)>,
}

impl Component for Layer {
    type Message = Message;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Layer {
        ctx.props().onready.emit(ctx.link().clone());
        Layer { node: NodeRef::default(), drawn: Vec::new() }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Frame(tokens) => self.draw(&tokens),
            Message::Clicked(element) => {
                let group = element.and_then(|element| element.closest("[data-message]").ok().flatten());
                if let Some(message) = group.as_ref().and_then(|group| number(group, "data-message")) {
                    let packet = group.as_ref().and_then(|group| number(group, "data-packet"));
                    ctx.props().onselect.emit((message, packet));
                }
            }
        }
        false
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let onclick = ctx.link().callback(|event: MouseEvent| {
            Message::Clicked(event.target().and_then(|target| target.dyn_into().ok()))
        });
        let Props { width, height, .. } = *ctx.props();
        html! {
            <svg ref={self.node.clone()} class="tokens" width={Px(width).to_string()} height={Px(height).to_string()}
                aria-hidden="true" {onclick}></svg>
        }
    }
}

fn number(element: &Element, name: &str) -> Option<u32> {
    element.get_attribute(name)?.parse().ok()
}

impl Layer {
    fn draw(&mut self, tokens: &[Token]) {
        let Some(layer) = self.node.cast::<Element>() else { return };
        for (_, drawn) in &mut self.drawn {
            drawn.seen = false;
        }
        for token in tokens.iter().take(MOST) {
            let fits = |drawn: &Drawn| drawn.look == token.look && drawn.held == token.held;
            let mut place = self.drawn.binary_search_by_key(&token.id, |(id, _)| *id);
            if let Ok(at) = place
                && !fits(&self.drawn[at].1)
            {
                self.drawn.remove(at).1.group.remove();
                place = Err(at);
            }
            if let Err(at) = place {
                let above = self.drawn.get(at).map(|(_, drawn)| &drawn.group);
                let Some(group) = make(&layer, above, token) else { continue };
                let drawn =
                    Drawn { group, look: token.look, held: token.held, place: (f32::NAN, 0.0), seen: true };
                self.drawn.insert(at, (token.id, drawn));
            }
            let (Ok(at) | Err(at)) = place;
            if let Some((_, drawn)) = self.drawn.get_mut(at) {
                drawn.seen = true;
                if drawn.place != (token.x, token.y) {
                    drawn.place = (token.x, token.y);
                    let transform = format!("translate({} {})", Px(token.x), Px(token.y));
                    let _ = drawn.group.set_attribute("transform", &transform);
                }
            }
        }
        self.drawn.retain(|(_, drawn)| {
            if !drawn.seen {
                drawn.group.remove();
            }
            drawn.seen
        });
    }
}

/// Draws a token under the one that is above it: the order does not tell from which side time came.
fn make(layer: &Element, above: Option<&Element>, token: &Token) -> Option<Element> {
    let document = layer.owner_document()?;
    let group = document.create_element_ns(Some(SVG), "g").ok()?;
    let class = match token.look {
        Look::Message => "token message",
        Look::Ghost => "token message ghost",
        Look::Repeat => "token message repeat",
        Look::Word => "token word",
        Look::Refusal => "token refusal",
        Look::Lost => "token gone",
    };
    let held = if token.held { " held" } else { "" };
    let _ = group.set_attribute("class", &format!("{class}{held}"));
    let _ = group.set_attribute("data-message", &token.message.to_string());
    if let Some(packet) = token.packet {
        let _ = group.set_attribute("data-packet", &packet.to_string());
    }
    group.set_inner_html(&picture(token));
    layer.insert_before(&group, above.map(AsRef::as_ref)).ok()?;
    Some(group)
}

/// The inside of a token. Its label is the scenario's own word: escaped.
fn picture(token: &Token) -> String {
    let label: String = token.label.chars().take(24).collect();
    let label = label.replace('&', "&amp;").replace('<', "&lt;");
    const ENVELOPE: &str = r#"<rect x="-18" y="-12.500" width="36" height="25" rx="4"/><path class="flap" d="M-18-10.500 0 3.500 18-10.500"/>"#;
    let text = format!(r#"<text y="28">{label}</text>"#);
    let held = if token.held {
        r#"<g class="pause"><circle cx="18" cy="-13" r="8"/><path d="M15.500-16v6M20.500-16v6"/></g>"#
    } else {
        ""
    };
    match token.look {
        Look::Message => format!("{ENVELOPE}{text}{held}"),
        Look::Repeat => {
            format!(
                r#"<rect class="twin" x="-13" y="-17.500" width="36" height="25" rx="4"/>{ENVELOPE}{text}{held}"#
            )
        }
        Look::Ghost => format!(
            r#"{ENVELOPE}<path class="spirit" fill-rule="evenodd" transform="translate(8 -24)" d="{GHOST}"/>{text}{held}"#
        ),
        Look::Word => format!(
            r#"<circle class="hit" r="12"/><circle r="7"/><path d="M-3.200.300-1 2.600 3.300-2.300"/>{held}"#
        ),
        Look::Refusal => format!(
            r#"<circle class="hit" r="12"/><circle r="7.500"/><path d="M-2.800-2.800 2.800 2.800M2.800-2.800-2.800 2.800"/>{held}"#
        ),
        Look::Lost => format!(
            r#"<path class="pieces" d="M-18-10.500v21h13l4-8-5-5 6-7.500zM18-10.500v21H3.500l4-8-5-5 5-7.500z"/><path class="x" d="M-9-9 9 9M9-9-9 9"/><text y="28">{label} lost</text>"#
        ),
    }
}
