//! What does the browser lend? Address, frames, media queries, clipboard: every call to it that is not markup.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

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

/// Puts a text on the clipboard, where the browser allows it.
pub fn copy(text: &str) {
    if let Some(window) = window() {
        // A refusal is not an error: the address bar holds the same link.
        drop(window.navigator().clipboard().write_text(text));
    }
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
