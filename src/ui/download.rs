//! Files that leave the page: a text as it is, or a drawing turned into pixels.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement, Url};

/// The most pixels that a browser's canvas has in one direction (Chrome and Firefox; Safari allows as much).
pub const TALLEST: i64 = 16_000;

/// Offers a text as a file. Where the browser does not, nothing happens.
pub fn text(name: &str, media_type: &str, text: &str) {
    drop(blob(media_type, text).and_then(|blob| offer(name, &blob)));
}

fn blob(media_type: &str, text: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&text.into()), &options)
}

fn offer(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The click has begun to read it.
    Url::revoke_object_url(&url)
}

/// Offers a drawing as a picture of pixels, two for each of its own as far as a canvas allows.
pub fn pixels(name: &str, svg: &str, size: (i64, i64)) {
    drop(draw(name, svg, size));
}

fn draw(name: &str, svg: &str, (width, height): (i64, i64)) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(&blob("image/svg+xml", svg)?)?;
    let image = HtmlImageElement::new()?;
    let scale = if 2 * height.max(width) <= TALLEST { 2 } else { 1 };
    let (width, height) = ((scale * width) as u32, (scale * height) as u32);
    let drawn = image.clone();
    let source = url.clone();
    let name = name.to_owned();
    let onload = Closure::once_into_js(move || -> Result<(), JsValue> {
        Url::revoke_object_url(&source)?;
        let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
        let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
        canvas.set_width(width);
        canvas.set_height(height);
        let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
        let context: web_sys::CanvasRenderingContext2d = context.unchecked_into();
        context.draw_image_with_html_image_element_and_dw_and_dh(
            &drawn,
            0.0,
            0.0,
            f64::from(width),
            f64::from(height),
        )?;
        let done = Closure::once_into_js(move |blob: Option<Blob>| {
            drop(blob.map(|blob| offer(&name, &blob)));
        });
        canvas.to_blob(done.unchecked_ref())
    });
    image.set_onload(Some(onload.unchecked_ref()));
    image.set_src(&url);
    Ok(())
}
