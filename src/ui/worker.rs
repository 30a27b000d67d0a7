//! A worker beside the page, with what listens to it.

use super::browser;
use wasm_bindgen::prelude::*;

/// What is at work, until this is dropped.
pub struct Worker {
    worker: web_sys::Worker,
    _heard: Closure<dyn FnMut(web_sys::MessageEvent)>,
    _failed: Closure<dyn FnMut(web_sys::Event)>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Worker {
    /// Asks a worker that runs that module of the page's folder for something. It answers with what it says, or with
    /// why it could not begin.
    ///
    /// # Errors
    /// What the browser says.
    #[inline(never)]
    pub fn ask(
        script: &str,
        asked: &[(&str, JsValue)],
        answer: yew::Callback<Result<JsValue, String>>,
    ) -> Result<Worker, JsValue> {
        let worker = browser::module_worker(script)?;
        let failed = Closure::<dyn FnMut(web_sys::Event)>::new({
            let answer = answer.clone();
            move |event: web_sys::Event| {
                // An error that is told here is not told to the console, too.
                event.prevent_default();
                answer.emit(Err(browser::message_of(&event)));
            }
        });
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        let heard = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
            answer.emit(Ok(event.data()));
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        let worker = Worker { worker, _heard: heard, _failed: failed };
        let said = js_sys::Object::new();
        for (key, value) in asked {
            js_sys::Reflect::set(&said, &(*key).into(), value)?;
        }
        worker.worker.post_message(&said)?;
        Ok(worker)
    }
}
