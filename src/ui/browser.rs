//! What does the browser lend? Address, frames, media queries, clipboard: every call to it that is not markup.

use crate::words::page as words;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

/// The fragment of the address, without the `#`.
pub fn fragment() -> String {
    let hash = window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Replaces the fragment of the address, without a new entry in the history of pages.
pub fn replace_fragment(fragment: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{fragment}")));
    }
}

/// The whole address.
pub fn address() -> String {
    window().and_then(|window| window.location().href().ok()).unwrap_or_default()
}

/// Puts a text on the clipboard. Calls back with whether the browser allowed it.
#[inline(never)]
pub fn copy(text: &str, call: impl FnOnce(bool) + 'static) {
    // Where the page did not come over a safe way there is none.
    let clipboard =
        window().map(|window| window.navigator().clipboard()).filter(|clipboard| clipboard.is_truthy());
    let written = clipboard.map(|clipboard| clipboard.write_text(text));
    yew::platform::spawn_local(async move {
        call(match written {
            Some(written) => JsFuture::from(written).await.is_ok(),
            None => false,
        });
    });
}

/// Asks for one call at the next frame, with the frame's time in milliseconds.
pub fn next_frame(call: impl FnOnce(f64) + 'static) {
    if let Some(window) = window() {
        let closure = Closure::once_into_js(call);
        let _ = window.request_animation_frame(closure.unchecked_ref());
    }
}

/// Whether a media query matches now.
pub fn matches(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|list| list.matches())
}

/// Whether the page is hidden.
pub fn hidden() -> bool {
    window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}

/// A seed for those who ask for any: from the browser's own source of chance, 18 bits (three words).
pub fn any_seed() -> u64 {
    let mut bytes = [0u8; 4];
    if let Some(crypto) = window().and_then(|window| window.crypto().ok()) {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    u64::from(u32::from_le_bytes(bytes)) & 0x3_ffff
}

/// What the browser keeps for this page under that name.
pub fn kept(name: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(name).ok()?
}

/// Has the browser keep something. Where it will not (a private window), the page forgets it when it is left.
pub fn keep(name: &str, what: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) {
        let _ = storage.set_item(name, what);
    }
}

/// Has the browser keep a yes under that name, or forget it.
pub fn keep_or_forget(name: &str, yes: bool) {
    if yes {
        keep(name, "1");
    } else if let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) {
        let _ = storage.remove_item(name);
    }
}

/// Whether the browser keeps this page for when there is no network (www/sw.js): then its files are here already.
pub fn is_kept() -> bool {
    // Not by web-sys: where there is no service worker there is no container to ask either.
    let of = |object: JsValue, name: &str| js_sys::Reflect::get(&object, &name.into()).ok();
    let kept = || of(of(window()?.navigator().into(), "serviceWorker")?, "controller");
    kept().is_some_and(|controller| controller.is_truthy())
}

/// Fetches the first of these files that can be had; they stand beside the page. Calls with nothing where none can.
pub fn fetch(names: Vec<String>, call: impl FnOnce(Option<Vec<u8>>) + 'static) {
    // Boxed, so that there is one of the code below and not one for each caller.
    fetch_for(names, Box::new(call));
}

fn fetch_for(names: Vec<String>, call: Box<dyn FnOnce(Option<Vec<u8>>)>) {
    yew::platform::spawn_local(async move {
        for name in names {
            if let Some(bytes) = fetched(&name).await {
                return call(Some(bytes));
            }
        }
        call(None);
    });
}

async fn fetched(name: &str) -> Option<Vec<u8>> {
    let response = JsFuture::from(window()?.fetch_with_str(name)).await.ok()?;
    let response = response.dyn_into::<web_sys::Response>().ok()?;
    let bytes = JsFuture::from(response.ok().then(|| response.array_buffer())?.ok()?).await.ok()?;
    Some(js_sys::Uint8Array::new(&bytes).to_vec())
}

/// Shows the page on the whole screen, where the browser allows it.
pub fn fill_screen() {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.request_fullscreen();
    }
}

/// Back from the whole screen.
pub fn leave_screen() {
    if let Some(document) = document().filter(|document| document.fullscreen_element().is_some()) {
        document.exit_fullscreen();
    }
}

/// Calls back when the page begins or ends to fill the screen.
pub fn on_screen(call: impl Fn(bool) + 'static) {
    if let Some(document) = document() {
        let page = document.clone();
        let closure = Closure::<dyn Fn()>::new(move || call(page.fullscreen_element().is_some()));
        let _ =
            document.add_event_listener_with_callback("fullscreenchange", closure.as_ref().unchecked_ref());
        closure.forget();
    }
}

fn document() -> Option<web_sys::Document> {
    window().and_then(|window| window.document())
}

/// What has the focus; none where that is the page as a whole.
pub fn focused() -> Option<web_sys::Element> {
    document().and_then(|document| document.active_element()).filter(|element| element.tag_name() != "BODY")
}

/// Gives the focus to the first element that fits. False if there is none, or it is not to be seen.
pub fn focus(selector: &str) -> bool {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    found.is_some_and(|element| focus_on(&element))
}

/// Gives the focus to an element. False if it can't have it.
pub fn focus_on(element: &web_sys::Element) -> bool {
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        let _ = element.focus();
    }
    focused().as_ref() == Some(element)
}

/// Takes the focus from what has it.
pub fn blur() {
    if let Some(element) = focused().and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.blur();
    }
}

/// What has the focus, and what it stands in, from the inside out.
pub fn focus_place() -> Vec<web_sys::Element> {
    const HOMES: &str = ".buttons, [role=group], section, article, aside, nav, footer, header, main";
    let mut place: Vec<web_sys::Element> = focused().into_iter().collect();
    while let Some(home) = (place.last().and_then(|inner| inner.parent_element()))
        .and_then(|parent| parent.closest(HOMES).ok().flatten())
    {
        place.push(home);
    }
    place
}

/// Where what had the focus is gone: gives it to a neighbour, so that nobody has to start again at the top.
pub fn keep_focus(place: &[web_sys::Element]) {
    if focused().is_some() {
        return;
    }
    for home in place.iter().filter(|home| home.is_connected()) {
        let within = |selector| home.query_selector(selector).ok().flatten();
        let next = within("[data-first]").or_else(|| within("button:not(:disabled), a[href], input"));
        if focus_on(home) || next.is_some_and(|next| focus_on(&next)) {
            return;
        }
    }
}

/// What stands around what an event came from. (Its current target is where Yew listens for all.)
pub fn around(event: &web_sys::Event, selector: &str) -> Option<web_sys::Element> {
    event.target()?.dyn_into::<web_sys::Element>().ok()?.closest(selector).ok()?
}

/// Brings an element into sight, moving as little as possible.
pub fn show(selector: &str) {
    if let Some(element) = document().and_then(|document| document.query_selector(selector).ok().flatten()) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Where the page is one column, brings an element into sight: gently, unless movement is not wanted.
#[inline(never)]
pub fn lead_to(selector: &str) {
    if !matches("(max-width: 760px)") {
        return;
    }
    if let Some(element) = document().and_then(|document| document.query_selector(selector).ok().flatten()) {
        let options = web_sys::ScrollIntoViewOptions::new();
        if !matches("(prefers-reduced-motion: reduce)") {
            options.set_behavior(web_sys::ScrollBehavior::Smooth);
        }
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Calls back for the events of that name, on the window, for as long as the page lives.
pub fn on_window(name: &str, call: impl Fn(web_sys::Event) + 'static) {
    if let Some(window) = window() {
        let closure = Closure::<dyn Fn(web_sys::Event)>::new(call);
        let _ = window.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        closure.forget();
    }
}

/// Calls back when the page is hidden or shown again.
pub fn on_visibility(call: impl Fn(bool) + 'static) {
    if let Some(document) = window().and_then(|window| window.document()) {
        let closure = Closure::<dyn Fn()>::new(move || call(hidden()));
        let _ =
            document.add_event_listener_with_callback("visibilitychange", closure.as_ref().unchecked_ref());
        closure.forget();
    }
}

/// Calls back with the size of an element whenever it changes, for as long as the page lives.
pub fn on_resize(element: &web_sys::Element, call: impl Fn(f32, f32) + 'static) {
    let watched = element.clone();
    let closure = Closure::<dyn Fn()>::new(move || {
        call(watched.client_width() as f32, watched.client_height() as f32);
    });
    if let Ok(observer) = web_sys::ResizeObserver::new(closure.as_ref().unchecked_ref()) {
        observer.observe(element);
        std::mem::forget(observer);
        closure.forget();
    }
}

/// A worker that runs a module of the page's folder.
///
/// # Errors
/// What the browser says.
pub fn module_worker(script: &str) -> Result<web_sys::Worker, JsValue> {
    let options = web_sys::WorkerOptions::new();
    options.set_type(web_sys::WorkerType::Module);
    web_sys::Worker::new_with_options(script, &options)
}

/// An error in words: its message, or what stands for one.
pub fn told(error: &JsValue) -> String {
    let message = js_sys::Reflect::get(error, &"message".into()).unwrap_or_default().as_string();
    message
        .or_else(|| error.as_string())
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| words::UNKNOWN.to_owned())
}

/// What an event of an error says.
pub fn message_of(event: &web_sys::Event) -> String {
    told(event.as_ref())
}

/// Where the page's own program is: its script and its wasm, as the page names them to load them early.
pub fn program() -> Option<(String, String)> {
    let document = window()?.document()?;
    let link = |selector: &str| {
        let found = document.query_selector(selector).ok()??;
        let href = found.get_attribute("href")?;
        web_sys::Url::new_with_base(&href, &document.base_uri().ok()??).ok().map(|url| url.href())
    };
    Some((link("link[rel=modulepreload]")?, link("link[rel=preload][type='application/wasm']")?))
}
