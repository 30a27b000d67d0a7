//! Can the page have a std that was built for size?
//!
//! It is the same compiler and the same source of std, only built for size and without the words of a panic: what std
//! comes with is built for speed, and weighs 30 KB more on the wire. Building it is not stable yet, hence the
//! variables. Where it cannot be had (no rust-src, no network, another compiler), and for a plain `trunk build`, the
//! page comes with the ordinary std.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::failure::Outcome;
use crate::install::{self, announce};
use crate::pins::WASM_TARGET;
use crate::place::Place;
use crate::run;
use crate::tools;

/// A panic ends the page's program in any case; this one does not say why first, and needs no code to say it.
const PANIC: [&str; 2] = ["-Zunstable-options", "-Cpanic=immediate-abort"];

/// Lets a build of the page use a std of its own, if it can be had. Trunk.toml keeps these variables from
/// programs that run here.
/// Returns the flags for the compiler that this wants.
pub fn ask_for(place: &Place, trunk: &mut Command) -> &'static [&'static str] {
    // On Windows nothing keeps them from those.
    if cfg!(windows) {
        return &[];
    }
    if !can_be_had(place) {
        announce(
            "std cannot be built for size here (rust-src or the network is missing): the page comes with the ordinary std, which weighs 30 KB more",
        );
        return &[];
    }
    trunk.env("RUSTC_BOOTSTRAP", "1");
    trunk.env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
    trunk.env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size");
    &PANIC
}

/// Whether the compiler knows what is asked of it, and std's source and the crates that it uses are here.
fn can_be_had(place: &Place) -> bool {
    let mut knows = run::command(place, "rustc");
    knows.args(["--print", "cfg", "--target", WASM_TARGET]).args(PANIC);
    let Ok(manifest) = source(place) else { return false };
    let mut fetch = run::command(place, "cargo");
    fetch.args(["fetch", "--quiet", "--locked", "--target", WASM_TARGET, "--manifest-path"]).arg(manifest);
    quietly(knows) && quietly(fetch)
}

/// Sees to it that the source of std is here. Returns its manifest.
fn source(place: &Place) -> Outcome<PathBuf> {
    let parts = ["lib", "rustlib", "src", "rust", "library", "Cargo.toml"];
    let manifest = parts.iter().fold(tools::sysroot(place)?, |path, part| path.join(part));
    if !manifest.is_file() {
        install::rustup(place, &["component", "add", "rust-src"])?;
    }
    Ok(manifest)
}

/// Whether a command succeeds that may use what is not stable.
fn quietly(mut command: Command) -> bool {
    command.env("RUSTC_BOOTSTRAP", "1").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
