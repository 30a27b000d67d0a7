//! Is every tool there, in the pinned version?

use std::path::PathBuf;
use std::process::Command;

use crate::browser::{self, Browser};
use crate::failure::{Failure, Outcome};
use crate::install::{self, CargoTool};
use crate::pins;
use crate::place::Place;
use crate::run;
use crate::system;

const TRUNK: CargoTool =
    CargoTool { program: "trunk", package: "trunk", version: pins::TRUNK, locked: true, minutes: "3 to 8" };

/// Without `--locked`: its lock file names a crate that has since been withdrawn.
const WASM_BINDGEN: CargoTool = CargoTool {
    program: "wasm-bindgen",
    package: "wasm-bindgen-cli",
    version: pins::WASM_BINDGEN,
    locked: false,
    minutes: "1 to 3",
};

const WASM_PACK: CargoTool = CargoTool {
    program: "wasm-pack",
    package: "wasm-pack",
    version: pins::WASM_PACK,
    locked: true,
    minutes: "1 to 3",
};

/// Sees to it that the page can be built.
pub fn for_build(place: &Place) -> Outcome {
    pins::check_wasm_bindgen(&place.root)?;
    wasm_target(place)?;
    cargo_tool(place, &TRUNK)?;
    cargo_tool(place, &WASM_BINDGEN)?;
    wasm_opt(place)
}

/// Sees to it that the checks of the native part can run.
pub fn for_native_tests(place: &Place) -> Outcome {
    let sysroot = sysroot(place)?;
    for (component, program) in [("rustfmt", "rustfmt"), ("clippy", "cargo-clippy")] {
        let file = sysroot.join("bin").join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
        if !file.is_file() {
            install::rustup(place, &["component", "add", component])?;
        }
    }
    Ok(())
}

/// Sees to it that the tests can run as WebAssembly, in Node and in a browser.
pub fn for_wasm_tests(place: &Place) -> Outcome<Browser> {
    for_npm(place)?;
    system::node(place)?;
    browser::find(place)
}

/// Sees to it that the npm package can be built.
pub fn for_npm(place: &Place) -> Outcome {
    pins::check_wasm_bindgen(&place.root)?;
    wasm_target(place)?;
    cargo_tool(place, &WASM_BINDGEN)?;
    cargo_tool(place, &WASM_PACK)
}

pub fn wasm_target(place: &Place) -> Outcome {
    if sysroot(place)?.join("lib").join("rustlib").join(pins::WASM_TARGET).join("lib").is_dir() {
        return Ok(());
    }
    install::rustup(place, &["target", "add", pins::WASM_TARGET])
}

pub fn sysroot(place: &Place) -> Outcome<PathBuf> {
    let mut command = run::command(place, "rustc");
    command.args(["--print", "sysroot"]);
    Ok(PathBuf::from(run::read(command, "rustc", "install Rust with rustup")?.trim()))
}

fn cargo_tool(place: &Place, tool: &CargoTool) -> Outcome {
    if has(place, tool) {
        return Ok(());
    }
    install::cargo_tool(place, tool)?;
    if has(place, tool) {
        return Ok(());
    }
    Err(Failure::new(
        tool.program,
        format!("version {} was installed, but does not answer to --version", tool.version),
        format!("remove the folder {} and try again", place.bin().display()),
    ))
}

/// Our own copy decides if there is one, for it stands first on the PATH of the builds.
fn has(place: &Place, tool: &CargoTool) -> bool {
    run::find(place, tool.program)
        .and_then(|file| run::says_version(&file))
        .is_some_and(|said| pins::version_in(&said) == Some(tool.version))
}

fn wasm_opt(place: &Place) -> Outcome {
    if has_wasm_opt(place) {
        return Ok(());
    }
    system::node(place)?;
    install::npm_tool(place, "binaryen", pins::BINARYEN)?;
    if has_wasm_opt(place) {
        return Ok(());
    }
    Err(Failure::new(
        "wasm-opt",
        format!("binaryen {} was installed, but there is no wasm-opt in it", pins::BINARYEN),
        format!("remove the folder {} and try again", place.tools.join("node_modules").display()),
    ))
}

fn has_wasm_opt(place: &Place) -> bool {
    let Some(file) = run::find(place, "wasm-opt") else { return false };
    if file.starts_with(&place.tools) {
        // Half a second faster than asking it: npm's wasm-opt is a large script. Node itself is needed to run it.
        let package = place.tools.join("node_modules").join("binaryen").join("package.json");
        let wanted = format!("\"version\": \"{}\"", pins::BINARYEN);
        let ours = std::fs::read_to_string(package).is_ok_and(|text| text.contains(&wanted));
        return ours && run::find(place, "node").is_some();
    }
    let mut command = Command::new(file);
    command.arg("--version");
    run::read(command, "wasm-opt", "").is_ok_and(|said| pins::version_in(&said) == Some(pins::BINARYEN_SHORT))
}
