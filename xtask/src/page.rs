//! How do the programs under `tests/page/` get what they need and run?

use crate::browser::{self, Browser};
use crate::failure::Outcome;
use crate::npm;
use crate::place::Place;
use crate::run;
use crate::server::Server;
use crate::system;

/// Sees to it that Node, the browser and the packages are there.
pub fn prepare(place: &Place) -> Outcome<Browser> {
    system::node(place)?;
    let browser = browser::find(place)?;
    npm::packages(place, &place.page())?;
    Ok(browser)
}

/// Serves `dist/` on a free port and runs a program of `tests/page/` against it.
pub fn node(place: &Place, browser: &Browser, flags: &[&str], script: &str, args: &[String]) -> Outcome {
    let server = Server::start(&place.dist(), 0)?;
    let mut command = run::command(place, "node");
    command.args(flags).arg(place.page().join(script)).args(args);
    command.env("BROKERLAB_ADDRESS", server.address());
    command.env("BROKERLAB_DIST", place.dist());
    command.env("BROKERLAB_CHROME", &browser.chrome);
    run::run(
        command,
        script,
        "the lines above say what was expected and what came; pictures of failed tests lie in tests/page/out",
    )
}
