//! How is the page built?

use crate::failure::Outcome;
use crate::install::announce;
use crate::place::Place;
use crate::run;
use crate::small_std;
use crate::tools;

/// The linker is to say what it knows of the data: by that they are parted (prepare/src/data.rs). wasm-opt warns of it
/// and keeps it.
const RELOCATIONS: &str = "-Clink-arg=--emit-relocs";

/// Builds the page for release into `dist/`.
pub fn build(place: &Place) -> Outcome {
    build_with(place, &[])
}

/// As [`build`], with variables for prepare/.
pub fn build_with(place: &Place, variables: &[(&str, &str)]) -> Outcome {
    tools::for_build(place)?;
    announce("building the page (the first time 2 to 5 minutes, then as long as the change is large)");
    let mut trunk = run::command(place, "trunk");
    trunk.args(["build", "--release", "--skip-version-check"]);
    // Cargo adds these to those of .cargo/config.toml.
    let flags = [&[RELOCATIONS], small_std::ask_for(place, &mut trunk)].concat();
    trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.join(" "));
    trunk.envs(variables.iter().copied());
    if std::env::var_os("NO_COLOR").is_some() {
        // Trunk knows the variable, but takes only these two words for it.
        trunk.env("NO_COLOR", "true");
    }
    run::run(trunk, "the page", "the lines above say why it was not built")
}
