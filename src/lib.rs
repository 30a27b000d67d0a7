//! Brokerlab: a simulated message broker that people may break.
//!
//! A run is a pure function of (scenario, seed, commands); everything that anyone sees is derived from it.
//! The modules stand in reading order. Each may use only those above it (`tests/tidy.rs` keeps it so):
//! the engine knows no broker, the broker knows no judge, and nothing but `ui` and `js` knows a browser.
//! Tests of one's own begin at [`testing`].

pub mod broker;
pub mod check;
pub mod explore;
pub mod fault;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod js;
pub mod lesson;
pub mod scenario;
pub mod scene;
pub mod sim;
#[cfg(feature = "files")]
pub mod testing;
pub mod timeline;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod ui;
pub mod words;
