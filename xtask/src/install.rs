//! How does a missing tool come to the user's folder of tools?

use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::run;

/// A program that cargo can install.
pub struct CargoTool {
    pub program: &'static str,
    pub package: &'static str,
    pub version: &'static str,
    /// Whether it is built with the versions that its authors tested it with.
    pub locked: bool,
    /// How long building it usually takes.
    pub minutes: &'static str,
}

/// Says what is going to take a while.
pub fn announce(text: &str) {
    eprintln!("xtask: {text}");
}

pub fn rustup(place: &Place, args: &[&str]) -> Outcome {
    announce(&format!("rustup {} (well under a minute)", args.join(" ")));
    let mut command = run::command(place, "rustup");
    command.args(args);
    run::run(command, "rustup", "with a Rust that is not rustup's, install this part by its own means")
}

pub fn cargo_tool(place: &Place, tool: &CargoTool) -> Outcome {
    make_tools_dir(place)?;
    if run::find(place, "cargo-binstall").is_some() {
        announce(&format!("installing {} {} with cargo-binstall", tool.package, tool.version));
        let mut command = cargo(place);
        command.args(["binstall", "--no-confirm", "--root"]).arg(&place.tools);
        command.arg(format!("{}@{}", tool.package, tool.version));
        match run::run(command, tool.program, "") {
            Ok(()) => return Ok(()),
            Err(failure) => announce(&format!("{failure}; building it instead")),
        }
    }
    announce(&format!(
        "building {} {} (once for this user; usually {} minutes)",
        tool.package, tool.version, tool.minutes
    ));
    let mut command = cargo(place);
    command.args(["install", tool.package, "--version", tool.version, "--root"]).arg(&place.tools);
    if tool.locked {
        command.arg("--locked");
    }
    run::run(command, tool.program, "the lines above say why; a C compiler and a network are needed")
}

/// Cargo outside the repository, so that neither its settings nor its target folder take part.
fn cargo(place: &Place) -> Command {
    let mut command = run::command(place, "cargo");
    command.current_dir(&place.tools).env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_TARGET");
    command
}

/// Installs what npm has. npm is there.
pub fn npm_tool(place: &Place, package: &str, version: &str) -> Outcome {
    make_tools_dir(place)?;
    announce(&format!("installing {package} {version} with npm (well under a minute)"));
    let mut command = run::command(place, "npm");
    command.current_dir(&place.tools).arg("install").arg(format!("{package}@{version}"));
    command.arg("--prefix").arg(&place.tools);
    command.args(["--save-exact", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run::run(command, package, "the lines above say why; a network is needed")
}

fn make_tools_dir(place: &Place) -> Outcome {
    std::fs::create_dir_all(&place.tools).map_err(|error| {
        Failure::new(
            place.tools.display().to_string(),
            error.to_string(),
            "set BROKERLAB_TOOLS to a folder that can be written to",
        )
    })
}
