//! Does everything that the project promises hold?

use std::time::Instant;

use crate::args::Args;
use crate::browser::Browser;
use crate::failure::{Failure, Outcome};
use crate::npm;
use crate::page;
use crate::pins;
use crate::place::Place;
use crate::run;
use crate::site;
use crate::tools;

/// The crates that the core must do without.
const WEB_CRATES: [&str; 5] = ["yew", "wasm-bindgen", "web-sys", "js-sys", "serde-wasm-bindgen"];

/// Seconds that one suite may take in the headless browser; its own limit of 20 is for small ones.
const SUITE_SECONDS: &str = "900";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Only {
    Native,
    Wasm,
    Npm,
    Page,
}

impl Only {
    fn parse(text: &str) -> Outcome<Only> {
        match text {
            "native" => Ok(Only::Native),
            "wasm" => Ok(Only::Wasm),
            "npm" => Ok(Only::Npm),
            "page" => Ok(Only::Page),
            other => Err(Failure::new(
                format!("--only {other}"),
                "there is no such part",
                "native, wasm, npm or page",
            )),
        }
    }
}

pub fn test(place: &Place, mut args: Args) -> Outcome {
    let only = args.option("--only")?.map(|text| Only::parse(&text)).transpose()?;
    let patterns = args.passed_on();
    args.finish()?;
    if !patterns.is_empty() && only != Some(Only::Page) {
        return Err(Failure::new(
            format!("-- {}", patterns.join(" ")),
            "a pattern chooses page tests",
            "cargo xtask test --only page -- PATTERN",
        ));
    }
    let wants = |part: Only| only.is_none_or(|only| only == part);
    let mut parts = Parts::new();

    // All of it before the first check: nobody should wait for an installation in the middle.
    let browser = parts.run("set-up", || set_up(place, only))?;
    if wants(Only::Native) {
        parts.run("format", || cargo(place, "fmt --all --check"))?;
        parts.run("clippy", || cargo(place, "clippy --workspace --all-targets -- -D warnings"))?;
    }
    if wants(Only::Wasm) {
        // Not --all-targets: the benchmarks are native.
        parts.run("clippy for wasm", || {
            cargo(
                place,
                "clippy -p brokerlab -p brokerlab-js -p shop --lib --bins --tests --features brokerlab/web --target wasm32-unknown-unknown -- -D warnings",
            )?;
            // The page as Trunk builds it has no reader of files.
            cargo(
                place,
                "clippy -p brokerlab --lib --no-default-features --features web --target wasm32-unknown-unknown -- -D warnings",
            )
        })?;
    }
    if wants(Only::Native) {
        parts.run("the core without web crates", || core_alone(place))?;
        // The examples of the documentation, and the example project, are among them.
        parts.run("native tests", || cargo(place, "test --workspace"))?;
        parts.run("documentation", || document(place))?;
    }
    if wants(Only::Npm) {
        parts.run("build of the npm package", || npm::build(place))?;
        parts.run("the npm package from TypeScript", || npm::test(place))?;
    }
    if let Some(browser) = browser {
        if wants(Only::Wasm) {
            parts.run("wasm tests in Node", || wasm_pack(place, &["--node"], None, &OURS))?;
            parts.run("wasm tests in Chrome", || {
                wasm_pack(place, &["--headless", "--chrome"], Some(&browser), &OURS)
            })?;
            parts.run("the example's tests in Node", || {
                wasm_pack(place, &["--node"], None, &["examples/rust-tests"])
            })?;
        }
        if wants(Only::Page) {
            parts.run("build of the page", || site::build(place))?;
            parts.run("page tests", || {
                page::node(place, &browser, &["--test-reporter=spec"], "run.mjs", &patterns)
            })?;
        }
    }
    parts.finish();
    Ok(())
}

/// Installs what is missing for the parts that were asked for.
fn set_up(place: &Place, only: Option<Only>) -> Outcome<Option<Browser>> {
    match only {
        Some(Only::Native) => {
            tools::for_native_tests(place)?;
            // The core is checked for wasm as well.
            tools::wasm_target(place)?;
            Ok(None)
        }
        Some(Only::Wasm) => {
            tools::for_native_tests(place)?;
            tools::for_wasm_tests(place).map(Some)
        }
        Some(Only::Npm) => npm::prepare(place).map(|()| None),
        Some(Only::Page) => {
            tools::for_build(place)?;
            page::prepare(place).map(Some)
        }
        None => {
            tools::for_native_tests(place)?;
            tools::for_build(place)?;
            tools::for_wasm_tests(place)?;
            npm::prepare(place)?;
            page::prepare(place).map(Some)
        }
    }
}

fn cargo(place: &Place, words: &str) -> Outcome {
    let mut command = run::command(place, "cargo");
    command.args(words.split(' '));
    run::run(command, "cargo", "the lines above say where and why")
}

fn core_alone(place: &Place) -> Outcome {
    let target = ["--no-default-features", "--features", "files", "--target", pins::WASM_TARGET];
    let mut tree = run::command(place, "cargo");
    tree.args(["tree", "-p", "brokerlab", "-e", "normal", "--prefix", "none"]).args(target);
    let tree = run::read(tree, "cargo tree", "")?;
    let found = web_crates(&tree);
    if !found.is_empty() {
        return Err(Failure::new(
            "the core",
            format!("without the `web` feature it still depends on {}", found.join(", ")),
            "make the dependency optional and name it in the feature `web` (Cargo.toml)",
        ));
    }
    cargo(
        place,
        "check -p brokerlab --lib --no-default-features --features files --target wasm32-unknown-unknown",
    )
}

/// Every link in the documentation leads somewhere.
fn document(place: &Place) -> Outcome {
    let mut command = run::command(place, "cargo");
    command.args(["doc", "-p", "brokerlab", "--lib", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
    run::run(command, "cargo doc", "the lines above say where and why")
}

/// The web crates that `cargo tree --prefix none` names.
fn web_crates(tree: &str) -> Vec<&str> {
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    let mut found: Vec<&str> = names.filter(|name| WEB_CRATES.contains(name)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The tests of the repository itself, with the page. Named one by one, because the examples of the documentation, which
/// run natively, would be run too.
const OURS: [&str; 6] = ["--", "--features", "web", "--lib", "--test", "*"];

fn wasm_pack(place: &Place, args: &[&str], browser: Option<&Browser>, what: &[&str]) -> Outcome {
    let mut command = run::command(place, "wasm-pack");
    command.arg("test").args(args);
    if let Some(browser) = browser {
        command.arg("--chromedriver").arg(&browser.driver);
    }
    command.args(what);
    command.env("WASM_BINDGEN_TEST_TIMEOUT", SUITE_SECONDS);
    run::run(command, "wasm-pack", "the lines above say which test failed")
}

/// What has been run, and how long it took.
struct Parts {
    start: Instant,
    done: u32,
}

impl Parts {
    fn new() -> Parts {
        Parts { start: Instant::now(), done: 0 }
    }

    fn run<T>(&mut self, name: &str, part: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        eprintln!("\n== {name}");
        let start = Instant::now();
        let outcome = part();
        let seconds = start.elapsed().as_secs_f64();
        let word = if outcome.is_ok() { "ok" } else { "FAILED" };
        eprintln!("== {name}: {word}, {seconds:.1} s");
        self.done += 1;
        outcome
    }

    fn finish(&self) {
        eprintln!("\nxtask test: all {} parts ok, {:.1} s", self.done, self.start.elapsed().as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_crates_are_found_by_their_whole_name() {
        let tree = "brokerlab v0.1.0 (somewhere)\nrand v0.10.4\nweb-sys v0.3.1\nweb-sys v0.3.1 (*)\nyew-router v1.0.0\n";
        assert_eq!(web_crates(tree), ["web-sys"]);
        assert!(web_crates("brokerlab v0.1.0\nserde v1.0.0\n").is_empty());
    }

    #[test]
    fn a_part_is_chosen_by_its_name() {
        assert_eq!(Only::parse("wasm"), Ok(Only::Wasm));
        assert_eq!(Only::parse("npm"), Ok(Only::Npm));
        assert!(Only::parse("all").is_err());
    }
}
