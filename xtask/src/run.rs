//! How is another program found, started and listened to?

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Failure, Outcome};
use crate::place::Place;

/// Finds a program on a PATH.
pub fn find_on(path: &OsStr, name: &str) -> Option<PathBuf> {
    env::split_paths(path)
        .flat_map(|dir| spellings(name).map(move |file| dir.join(file)))
        .find(|file| runs(file))
}

/// Finds a program: ours first, then the user's.
pub fn find(place: &Place, name: &str) -> Option<PathBuf> {
    find_on(&place.path(), name)
}

/// The names that a program's file may have on this system.
fn spellings(name: &str) -> impl Iterator<Item = String> + use<> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat"] } else { &[""] };
    let name = name.to_owned();
    endings.iter().map(move |ending| format!("{name}{ending}"))
}

#[cfg(unix)]
fn runs(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn runs(file: &Path) -> bool {
    file.is_file()
}

/// A command in the repository with our tools on its PATH.
pub fn command(place: &Place, program: &str) -> Command {
    let file = find(place, program).unwrap_or_else(|| program.into());
    let mut command = Command::new(file);
    command.current_dir(&place.root).env("PATH", place.path());
    // What `cargo run` says of this program must not reach the builds below: they would see another
    // environment than a plain `cargo` and build afresh.
    for (name, _) in env::vars_os() {
        let name_text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
            .iter()
            .any(|prefix| name_text.starts_with(prefix))
        {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a command that shows its own progress; its failure is ours.
pub fn run(mut command: Command, place: &str, remedy: &str) -> Outcome {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(place, format!("`{}` failed ({status})", shown(&command)), remedy)),
        Err(error) => Err(not_started(&command, place, &error)),
    }
}

/// Runs a command and returns what it prints; its errors are shown.
pub fn read(mut command: Command, place: &str, remedy: &str) -> Outcome<String> {
    match command.stderr(Stdio::inherit()).output() {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => {
            Err(Failure::new(place, format!("`{}` failed ({})", shown(&command), output.status), remedy))
        }
        Err(error) => Err(not_started(&command, place, &error)),
    }
}

/// What a program says of its version; nothing if it is missing or broken.
pub fn says_version(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn not_started(command: &Command, place: &str, error: &std::io::Error) -> Failure {
    let name = command.get_program().to_string_lossy().into_owned();
    Failure::new(place, format!("'{name}' could not be started: {error}"), "is it installed and on the PATH?")
}

/// The command as one would type it.
fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = [name].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_on_the_path_and_a_missing_one_is_not() {
        let path = env::var_os("PATH").unwrap_or_default();
        assert!(find_on(&path, "cargo").is_some());
        assert_eq!(find_on(&path, "no-such-program-of-brokerlab"), None);
        assert_eq!(find_on(OsStr::new(""), "cargo"), None);
    }

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new(Path::new("somewhere").join("cargo"));
        command.args(["fmt", "--check"]);
        assert_eq!(shown(&command), "cargo fmt --check");
    }
}
