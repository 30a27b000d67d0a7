//! Which command was asked for, and what may be said to it?

mod args;
mod bench;
mod browser;
mod check;
mod failure;
mod first_load;
mod install;
mod npm;
mod page;
mod pins;
mod place;
mod run;
mod serve;
mod server;
mod shots;
mod site;
mod small_std;
mod system;
mod tools;

use std::process::ExitCode;

use args::Args;
use failure::{Failure, Outcome};
use place::Place;

const USAGE: &str = "\
cargo xtask <command>

  serve [--port N]                     build the page for release and serve it on loopback (port 8080,
                                       or the next free one)
  test [--only native|wasm|npm|page] [-- PATTERN]
                                       run every check, or one part; PATTERN chooses page tests by name
  bench-page [NAME...]                 measure the page in a real browser, or only what is named, as in `searches`
  first-load                           note in a real browser which parts of the program the page needs to be drawn,
                                       and write www/later.txt, which names the others; then build again
  screenshots OUT_DIR [ADDRESS...]     take pictures of the page; an address is relative, as in '#seed=7'
  screenshots OUT_DIR --catalogue      take one of every scenario at its key moment, and put them all on the contact
                                       sheet docs/pictures/catalogue.jpg

Whatever is missing is installed first, in the pinned version. The tools go to $BROKERLAB_TOOLS, else
to the user's cache folder. $BROKERLAB_CHROME and $CHROMEDRIVER name another browser and driver.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: Vec<String>) -> Outcome {
    let mut args = Args::new(args);
    if args.asks_for_help() {
        println!("{USAGE}");
        return Ok(());
    }
    let Some(command) = args.next_word() else {
        return Err(Failure::new("xtask", "no command was given", USAGE));
    };
    match command.as_str() {
        "serve" => serve::serve(&Place::find()?, args),
        "test" => check::test(&Place::find()?, args),
        "bench-page" => bench::bench_page(&Place::find()?, args),
        "first-load" => first_load::first_load(&Place::find()?, args),
        "screenshots" => shots::screenshots(&Place::find()?, args),
        other => Err(Failure::new("xtask", format!("there is no command '{other}'"), USAGE)),
    }
}
