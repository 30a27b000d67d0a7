//! How do the programs under `tests/page/` get what they need and run?

use std::fs;

use crate::browser::{self, Browser};
use crate::failure::{Failure, Outcome};
use crate::install::announce;
use crate::place::Place;
use crate::run;
use crate::server::Server;
use crate::system;

/// Sees to it that Node, the browser and the packages are there.
pub fn prepare(place: &Place) -> Outcome<Browser> {
    system::node(place)?;
    let browser = browser::find(place)?;
    packages(place)?;
    Ok(browser)
}

/// `npm ci`, unless the packages are those of the lock file already.
fn packages(place: &Place) -> Outcome {
    let dir = place.page();
    let modules = dir.join("node_modules");
    let stamp = modules.join(".installed-from.json");
    let lock = fs::read(dir.join("package-lock.json")).map_err(|error| {
        Failure::new(
            "tests/page/package-lock.json",
            error.to_string(),
            "it belongs to the repository: git restore it",
        )
    })?;
    if fs::read(&stamp).is_ok_and(|old| old == lock) {
        return Ok(());
    }
    announce("npm ci in tests/page (well under a minute)");
    let mut command = run::command(place, "npm");
    command.current_dir(&dir).args(["ci", "--ignore-scripts"]);
    run::run(command, "tests/page", "the lines above say why; a network is needed")?;
    fs::write(&stamp, lock).map_err(|error| Failure::new(stamp.display().to_string(), error.to_string(), ""))
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
