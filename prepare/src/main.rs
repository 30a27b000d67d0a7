//! What does the page come with? Prepares it before each build of the page: Trunk calls this (`Trunk.toml`).
//!
//! ```text
//! prepare              scenarios/*.toml ──▶ target/prepared/catalogue, which src/main.rs embeds
//!                      lessons/en/*.toml ──▶ assets/lessons.bin, each as assets/lesson/ID.bin, and assets/cards.bin,
//!                      which the page fetches
//! prepare finish       the script and the program that Trunk has built, before it hands them out: www/later.txt
//! prepare - < FILE     one scenario file ──▶ standard output: what `brokerlab.open` and its like take (src/js.rs)
//! ```
//!
//! To prepare something more, write a module with a function like [`catalogue::prepare`] and name it in
//! [`PREPARERS`]. A product `assets/NAME` goes into the page's folder as it is (`index.html` copies
//! `target/prepared/assets`): texts that are wanted later belong there and not into the program, and the page fetches
//! `assets/NAME`. What `index.html` names (a `<meta name="…" content="assets/NAME.json">` will do) is kept
//! by `www/sw.js` for when there is no network; so are scripts, styles and pictures.

mod catalogue;
mod data;
mod finish;
mod glue;
mod lessons;
mod split;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A file to be written.
pub struct Product {
    /// Where, below `target/prepared`; folders are separated by `/`.
    pub path: String,
    /// What.
    pub bytes: Vec<u8>,
}

/// What somebody prepares, or all that is wrong with it.
pub type Prepared = Result<Vec<Product>, String>;

/// Everything that is prepared.
const PREPARERS: &[fn() -> Prepared] = &[catalogue::prepare, lessons::prepare];

fn main() -> ExitCode {
    let done = match std::env::args().nth(1).as_deref() {
        None => all(),
        Some("-") => catalogue::one(io::stdin(), io::stdout()),
        Some("finish") => match std::env::var_os("TRUNK_STAGING_DIR") {
            Some(folder) => finish::finish(Path::new(&folder)),
            None => Err("TRUNK_STAGING_DIR is not set: Trunk calls this (Trunk.toml)".to_owned()),
        },
        Some(other) => {
            Err(format!("`{other}` is not known; it is `prepare`, `prepare finish` or `prepare - < FILE`"))
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("prepare: {what}");
            ExitCode::FAILURE
        }
    }
}

/// Prepares everything, and forgets what is no longer prepared.
fn all() -> Result<(), String> {
    // In the project, wherever cargo builds: the page is built from there.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/prepared");
    let (mut products, mut wrong) = (Vec::new(), Vec::new());
    for prepare in PREPARERS {
        match prepare() {
            Ok(more) => products.extend(more),
            Err(what) => wrong.push(what),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    let kept: Vec<PathBuf> = products.iter().map(|product| folder.join(&product.path)).collect();
    let assets = folder.join("assets");
    fs::create_dir_all(&assets).and_then(|()| forget(&assets, &kept)).map_err(|error| at(&assets, &error))?;
    for (product, path) in products.iter().zip(&kept) {
        write(path, &product.bytes).map_err(|error| at(path, &error))?;
    }
    Ok(())
}

/// Writes a file, unless that is what it holds: nothing that depends on it is built again then.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}

/// Removes the files below a folder that are not among these.
fn forget(folder: &Path, kept: &[PathBuf]) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            forget(&path, kept)?;
        } else if !kept.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

fn at(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}
