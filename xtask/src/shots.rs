//! What does the page look like?

use crate::args::Args;
use crate::failure::{Failure, Outcome};
use crate::page;
use crate::place::Place;
use crate::site;

/// Where the contact sheet of the catalogue stands, from the repository's root.
const SHEET: &str = "docs/pictures/catalogue.jpg";

pub fn screenshots(place: &Place, mut args: Args) -> Outcome {
    let catalogue = args.flag("--catalogue");
    let Some(out) = args.next_word() else {
        return Err(Failure::new(
            "screenshots",
            "no folder was given",
            "cargo xtask screenshots OUT_DIR [ADDRESS...], or OUT_DIR --catalogue",
        ));
    };
    // Meant from where the command was called, not from the repository's root.
    let out = std::path::absolute(&out).map_err(|error| {
        Failure::new(out.clone(), error.to_string(), "give a folder that can be written to")
    })?;
    let mut words = vec![out.to_string_lossy().into_owned()];
    let program = if catalogue { "catalogue.mjs" } else { "screenshots.mjs" };
    if catalogue {
        words.push(place.root.join(SHEET).to_string_lossy().into_owned());
    } else {
        words.append(&mut args.rest());
    }
    args.finish()?;
    let browser = page::prepare(place)?;
    site::build(place)?;
    page::node(place, &browser, &[], program, &words)
}
