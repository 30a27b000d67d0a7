//! How much does the page weigh, and how busy is it?

use crate::args::Args;
use crate::failure::Outcome;
use crate::page;
use crate::place::Place;
use crate::site;

pub fn bench_page(place: &Place, mut args: Args) -> Outcome {
    let names = args.rest();
    args.finish()?;
    let browser = page::prepare(place)?;
    site::build(place)?;
    page::node(place, &browser, &[], "bench.mjs", &names)
}
