//! Which parts of the page's program are wanted only when somebody uses it?

use crate::args::Args;
use crate::failure::Outcome;
use crate::install::announce;
use crate::page;
use crate::place::Place;
use crate::site;

/// The list that prepare/src/split.rs goes by, from the repository's root.
const LIST: &str = "www/later.txt";
/// Asks prepare/src/finish.rs for a program that notes what runs of it.
const MARK: (&str, &str) = ("BROKERLAB_FIRST_LOAD", "1");

pub fn first_load(place: &Place, args: Args) -> Outcome {
    args.finish()?;
    let browser = page::prepare(place)?;
    site::build_with(place, &[MARK])?;
    let list = place.root.join(LIST).to_string_lossy().into_owned();
    page::node(place, &browser, &[], "first-load.mjs", &[list])?;
    announce("the next build of the page goes by it; `git diff` shows what has changed");
    Ok(())
}
