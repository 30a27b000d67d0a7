//! How do the JavaScript projects of the repository get their packages, and how is the package of our own built and held
//! to what it promises?

use std::fs;
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::install::announce;
use crate::pins;
use crate::place::Place;
use crate::run;
use crate::system;
use crate::tools;

/// `npm ci` in that folder, unless the packages are those of the lock file already.
pub fn packages(place: &Place, dir: &Path) -> Outcome {
    let shown = dir.strip_prefix(&place.root).unwrap_or(dir).display().to_string();
    let modules = dir.join("node_modules");
    let stamp = modules.join(".installed-from.json");
    let lock = fs::read(dir.join("package-lock.json")).map_err(|error| {
        Failure::new(
            format!("{shown}/package-lock.json"),
            error.to_string(),
            "it belongs to the repository: git restore it",
        )
    })?;
    if fs::read(&stamp).is_ok_and(|old| old == lock) {
        return Ok(());
    }
    announce(&format!("npm ci in {shown} (well under a minute)"));
    let mut command = run::command(place, "npm");
    command.current_dir(dir).args(["ci", "--ignore-scripts"]);
    run::run(command, &shown, "the lines above say why; a network is needed")?;
    fs::write(&stamp, lock).map_err(|error| Failure::new(stamp.display().to_string(), error.to_string(), ""))
}

/// Sees to it that the npm package can be built and its example run.
pub fn prepare(place: &Place) -> Outcome {
    tools::for_npm(place)?;
    system::node(place)?;
    pins::check_typescript(&place.root)
}

/// Builds the npm package into `npm/pkg/`, quickly and not small: what is tested is what it does. Then gets what its
/// example needs: the package is among that, and older versions of npm want it to be there.
pub fn build(place: &Place) -> Outcome {
    let mut command = run::command(place, "wasm-pack");
    command.args(["build", "npm", "--dev", "--target", "nodejs"]);
    run::run(command, "npm", "the lines above say why the package was not built")?;
    packages(place, &example(place))
}

/// Compiles the TypeScript example against the package, and runs it and its tests.
pub fn test(place: &Place) -> Outcome {
    let dir = example(place);
    for (arguments, remedy) in [
        (
            &["node_modules/typescript/bin/tsc"][..],
            "the types of the package (npm/src) and their use do not agree",
        ),
        (&["dist/shop.js"], "the lines above say what it did last"),
        (
            &[
                "--test",
                "--test-reporter=spec",
                "dist/readme.test.js",
                "dist/shop.test.js",
                "test/types.test.mjs",
            ],
            "the lines above say what was expected and what came",
        ),
    ] {
        let mut command = run::command(place, "node");
        command.current_dir(&dir).args(arguments);
        run::run(command, "examples/typescript", remedy)?;
    }
    Ok(())
}

fn example(place: &Place) -> std::path::PathBuf {
    place.root.join("examples").join("typescript")
}
