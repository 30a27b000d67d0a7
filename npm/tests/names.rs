//! Are the names in `types.ts` those of the library?
#![cfg(not(target_arch = "wasm32"))]

use brokerlab::check::promise::{Promise, When};
use brokerlab::scene::tables::RowState;
use brokerlab::testing::FaultKind;

const TYPES: &str = include_str!("../src/types.ts");

/// The words between quotes from there to the next semicolon that ends the union.
fn words_after(start: &str) -> Vec<&'static str> {
    let rest = TYPES.split_once(start).unwrap_or_else(|| panic!("types.ts has no `{start}`")).1;
    let union = rest.split_once(';').expect("a union ends with `;`").0;
    union.split('"').skip(1).step_by(2).collect()
}

fn named(facts: bool) -> Vec<&'static str> {
    let all = Promise::ALL.into_iter().filter(|promise| (promise.when() == When::Sometimes) == facts);
    all.map(Promise::name).collect()
}

#[test]
fn every_promise_and_every_fact_has_its_name_and_nothing_else_has() {
    assert_eq!(words_after("export type PromiseName ="), named(false));
    assert_eq!(words_after("export type FactName ="), named(true));
}

#[test]
fn every_kind_of_fault_and_every_state_of_a_row_is_named() {
    assert_eq!(words_after("export type FaultKind ="), FaultKind::ALL.map(FaultKind::name));
    assert_eq!(words_after("label: string;\n  state:"), RowState::ALL.map(RowState::word));
}
