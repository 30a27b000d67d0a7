//! Do the scenarios and the model behave as they say? The same functions run natively (`cargo test --test
//! scenarios`), in wasm under Node (`wasm-pack test --node`) and in a browser (`tests/browser`).

mod branches;
mod determinism;
mod expectations;
mod explore;
mod faults;
mod faults_by_hand;
mod links;
mod rules;
mod time_travel;
mod world;
