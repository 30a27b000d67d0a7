//! The catalogue: every scenario under its heading.

use crate::scenario::catalogue;
use crate::scenario::{Part, Scenario};
use crate::words::page as words;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// What the catalogue is made with.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The scenario on show.
    pub current: AttrValue,
    /// Whether it is open, where it is a drawer.
    pub open: bool,
    /// A scenario was chosen.
    pub onopen: Callback<&'static Scenario>,
    /// It was closed.
    pub onclose: Callback<()>,
    /// The focus went elsewhere.
    pub onleave: Callback<()>,
}

/// The list of scenarios. A component, for it changes more rarely than the stage.
pub struct Catalogue {
    node: NodeRef,
}

impl Component for Catalogue {
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Catalogue {
        Catalogue { node: NodeRef::default() }
    }

    /// The callbacks are made anew with every picture of the page and say the same; only what is on show counts.
    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        let new = ctx.props();
        (new.open, &new.current) != (old.open, &old.current)
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let mut groups: Vec<(&str, Vec<&'static Scenario>)> = Vec::new();
        for scenario in catalogue::scenarios() {
            match groups.iter_mut().find(|(group, _)| *group == scenario.group) {
                Some((_, list)) => list.push(scenario),
                None => groups.push((&scenario.group, vec![scenario])),
            }
        }
        let entry = |scenario: &'static Scenario| {
            let current = scenario.id == *props.current;
            let onopen = props.onopen.clone();
            let onclick = Callback::from(move |event: MouseEvent| {
                event.prevent_default();
                onopen.emit(scenario);
            });
            let part = match scenario.part {
                Part::Naive => html! { <span class="part naive">{ words::BREAKS }</span> },
                Part::Repaired => html! { <span class="part repaired">{ words::HOLDS }</span> },
                Part::Plain => Html::default(),
            };
            html! {
                <li key={scenario.id.clone()}>
                    <a href={format!("#v=1&run={}", scenario.id)} {onclick} class={classes!(current.then_some("on"))}
                        aria-current={current.then_some("page")}>
                        <span>{ &scenario.title }</span>{ part }
                    </a>
                </li>
            }
        };
        let onclose = props.onclose.reform(|_: MouseEvent| ());
        let onfocusout = {
            let (node, onleave) = (self.node.clone(), props.onleave.clone());
            Callback::from(move |event: FocusEvent| {
                let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
                let nav = node.cast::<web_sys::Node>();
                if to.is_some() && nav.is_some_and(|nav| !nav.contains(to.as_ref())) {
                    onleave.emit(());
                }
            })
        };
        html! {
            <>
            if props.open { <div class="shade" onclick={onclose.clone()}></div> }
            <nav class={classes!("catalogue", props.open.then_some("open"))} aria-label={words::SCENARIOS} ref={self.node.clone()} {onfocusout}>
                <button class="close" onclick={onclose}>{ words::CLOSE }</button>
                { for groups.into_iter().map(|(group, list)| html! {
                    <section key={group.to_owned()}>
                        <h2>{ group }</h2>
                        <ul>{ for list.into_iter().map(entry) }</ul>
                    </section>
                }) }
            </nav>
            </>
        }
    }

    /// The scenario on show stands in the list to be seen; nothing but the list is moved for it.
    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        let Some(nav) = self.node.cast::<web_sys::Element>() else { return };
        let Ok(Some(entry)) = nav.query_selector("[aria-current]") else { return };
        let (list, entry) = (nav.get_bounding_client_rect(), entry.get_bounding_client_rect());
        if entry.top() < list.top() || entry.bottom() > list.bottom() {
            let middle = entry.top() - list.top() - (list.height() - entry.height()) / 2.0;
            nav.set_scroll_top(nav.scroll_top() + middle as i32);
        }
    }
}
