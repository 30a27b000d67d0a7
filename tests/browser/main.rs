//! The tests of `tests/scenarios` once more, in a browser. Empty elsewhere.

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[cfg(target_arch = "wasm32")]
#[path = "../scenarios/main.rs"]
mod scenarios;
