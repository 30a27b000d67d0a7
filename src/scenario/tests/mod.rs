//! Do the scenarios, the errors, the grammar and the reference hold?

mod calls;
mod catalogue;
#[cfg(not(target_arch = "wasm32"))]
mod docs;
mod errors;
mod polling;
#[cfg(not(target_arch = "wasm32"))]
mod properties;
mod routes;
mod spec;
