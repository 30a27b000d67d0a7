//! Does `docs/catalogue.md` list every scenario? It is written from the catalogue itself:
//! `UPDATE_EXPECT=1 cargo test --test catalogue`. Native only: it reads and writes a file.
#![cfg(not(target_arch = "wasm32"))]

use brokerlab::scenario::{Part, Scenario, catalogue};
use expect_test::expect_file;
use std::fmt::Write;

fn entry(scenario: &Scenario) -> String {
    let Scenario { id, title, shows, part, counterpart, .. } = scenario;
    let beside = match (part, counterpart) {
        (Part::Naive, Some(other)) => format!(" Breaks; `{other}` holds."),
        (Part::Repaired, Some(other)) => format!(" Holds where `{other}` breaks."),
        _ => String::new(),
    };
    let stop = if title.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("- `{id}`: **{title}{stop}** {shows}{beside}\n")
}

fn page() -> String {
    let mut text = String::from(
        "# The catalogue\n\nEvery scenario that comes with Brokerlab, in the order in which they teach. `brokerlab run NAME` plays one in the terminal; on the page they stand on the left.\n\n![All scenarios at their key moments](pictures/catalogue.jpg)\n\nThe pictures are taken by `cargo xtask screenshots OUT_DIR --catalogue`, each where its promise breaks; if none does, at the end, or half-way where nothing is repaired. This page is written by `UPDATE_EXPECT=1 cargo test --test catalogue`.\n",
    );
    let mut group = "";
    for scenario in catalogue::scenarios() {
        if scenario.group != group {
            group = &scenario.group;
            let _ = write!(text, "\n## {group}\n");
        }
        text.push_str(&entry(scenario));
    }
    text
}

#[test]
fn the_page_of_the_catalogue_lists_every_scenario() {
    expect_file!["../docs/catalogue.md"].assert_eq(&page());
}
