//! Is the house in order? Layers, words that must not stand in the core, sizes, and that nothing is forgotten.
//! Native only: it reads the sources.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

/// The layers, from below. Each may use those before it (`src/lib.rs` says the same).
const LAYERS: [&str; 13] = [
    "words", "sim", "fault", "broker", "check", "scenario", "timeline", "explore", "scene", "lesson",
    "testing", "ui", "js",
];
/// The layers that decide what happens in a run, and so must come to the same everywhere.
const DECIDING: [&str; 7] = ["sim", "fault", "broker", "check", "scenario", "timeline", "explore"];
const WEB_CRATES: [&str; 6] = ["yew", "web_sys", "js_sys", "wasm_bindgen", "serde_wasm_bindgen", "gloo"];
const MOST_LINES: usize = 600;
/// Files that are longer all the same, with the most that each may have. Numbers here only go down.
const LONG: [(&str, usize); 0] = [];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under a folder of the project with that ending, with its path from the root and its text.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == ending) {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "nothing in {folder}");
    found
}

fn sources() -> Vec<(String, String)> {
    ["src", "tests", "xtask/src", "npm/src", "npm/tests", "examples/rust-tests"]
        .iter()
        .flat_map(|folder| files(folder, "rs"))
        .collect()
}

/// The layer of a file under `src/`, if it belongs to one.
fn layer_of(name: &str) -> Option<&'static str> {
    let first = name.strip_prefix("src/")?.split(['/', '.']).next()?;
    LAYERS.into_iter().find(|layer| *layer == first)
}

/// The lines of code, numbered from 1: without comments and without the text of strings.
fn code(text: &str) -> impl Iterator<Item = (usize, String)> {
    text.lines().enumerate().map(|(n, line)| {
        let outside: Vec<&str> = line.split('"').step_by(2).collect();
        let code = outside.join("\"\"");
        (n + 1, code.split("//").next().unwrap_or_default().to_owned())
    })
}

/// The string literals of a file, each with the line that it begins in. Comments are left out, and so are the tests
/// that a file ends with.
fn literals(text: &str) -> Vec<(usize, &str)> {
    let text = text.split("\nmod tests {").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find(['"', '\'', '/']) {
        at += next;
        let rest = &text[at..];
        at += if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("'\"'") {
            3
        } else if rest.starts_with("'\\") {
            // The sign that is escaped may be a quotation mark.
            4
        } else if let Some(inner) = rest.strip_prefix('"') {
            let line = text[..at].matches('\n').count() + 1;
            let before = text[..at].trim_end_matches('#');
            let marks = "#".repeat(at - before.len());
            let mut escaped = false;
            let ends = |c| {
                let end = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                end
            };
            let raw = before.ends_with('r');
            let end = if raw { inner.find(&format!("\"{marks}")) } else { inner.find(ends) };
            let end = end.unwrap_or(inner.len());
            found.push((line, &inner[..end]));
            end + 2
        } else {
            1
        };
    }
    found
}

/// Whether a literal reads like words for people: a word beside another or beside what is filled in, or a label, which
/// is one word with a capital. Markup, keys of JSON and single classes do not.
fn reads_like_words(literal: &str) -> bool {
    const FILLED_IN: char = '\u{1}';
    let mut depth = 0;
    let mut text = String::new();
    for c in literal.replace("\\\n", " ").chars() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            _ if depth == 0 => text.push(c),
            _ => {}
        }
        if c == '}' && depth == 0 {
            text.push(FILLED_IN);
        }
    }
    let tokens: Vec<&str> = text.split_whitespace().collect();
    let is_word = |token: &&str| {
        let token = token.trim_start_matches(['(', '“', '‘']);
        let letters = token.trim_end_matches(|c: char| "”’.,:;?!…)".contains(c));
        let inner = |c: char| c.is_lowercase() || "'’-".contains(c);
        letters.len() > 1 && letters.starts_with(char::is_alphabetic) && letters.chars().skip(1).all(inner)
    };
    let is_said =
        |token: &&str| is_word(token) || ["a", "A", "I"].contains(token) || token.contains(FILLED_IN);
    let beside =
        |pair: &[&str]| is_word(&pair[0]) && is_said(&pair[1]) || is_said(&pair[0]) && is_word(&pair[1]);
    let is_label = matches!(tokens[..], [label] if is_word(&label) && label.starts_with(char::is_uppercase));
    is_label || tokens.windows(2).any(beside)
}

/// Whether the word stands there by itself, not as a part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let after = line[at + word.len()..].chars().next();
        !line[..at].ends_with(part) && !after.is_some_and(part)
    })
}

/// Where one of the words stands in the code of those files.
fn found(files: &[(String, String)], words: &[&str]) -> Vec<String> {
    let mut places = Vec::new();
    for (name, text) in files {
        for (number, line) in code(text) {
            for word in words.iter().filter(|word| has_word(&line, word)) {
                places.push(format!("{name}:{number}: {word}"));
            }
        }
    }
    places
}

#[test]
fn each_layer_uses_only_those_below_it() {
    for (name, text) in files("src", "rs") {
        let Some(layer) = layer_of(&name) else { continue };
        let height = LAYERS.iter().position(|it| *it == layer);
        for (number, line) in code(&text) {
            for (at, _) in line.match_indices("crate::") {
                let used =
                    line[at + "crate::".len()..].split(|c: char| !c.is_alphanumeric() && c != '_').next();
                let place = LAYERS.iter().position(|it| Some(*it) == used);
                assert!(place <= height, "{name}:{number}: {layer} uses {}", used.unwrap_or_default());
                assert!(place.is_some(), "{name}:{number}: name the layer right after `crate::`");
            }
        }
    }
}

#[test]
fn every_module_of_the_library_is_a_layer() {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let modules = code(&text).filter_map(|(_, line)| Some(line.strip_prefix("pub mod ")?.replace(';', "")));
    let mut modules: Vec<String> = modules.collect();
    let mut layers = LAYERS.map(str::to_owned).to_vec();
    modules.sort();
    layers.sort();
    assert_eq!(modules, layers);
}

#[test]
fn only_the_page_knows_a_browser() {
    let mut core = files("src", "rs");
    let web = ["src/js.rs", "src/main.rs", "src/reader.rs"];
    core.retain(|(name, _)| !name.starts_with("src/ui/") && !web.contains(&name.as_str()));
    assert_eq!(found(&core, &WEB_CRATES), [""; 0]);
}

#[test]
fn nothing_that_differs_from_run_to_run_or_platform_to_platform_decides_anything() {
    let mut deciding = files("src", "rs");
    deciding.retain(|(name, _)| layer_of(name).is_some_and(|layer| DECIDING.contains(&layer)));
    // Tests may measure.
    deciding.retain(|(name, _)| !name.ends_with("/tests.rs") && !name.contains("/tests/"));
    let words = [
        "HashMap",
        "HashSet",
        "RandomState",
        "DefaultHasher",
        "SystemTime",
        "SmallRng",
        "StdRng",
        "ThreadRng",
        "rng",
        "f32",
        "f64",
        "thread",
        "static mut",
    ];
    assert_eq!(found(&deciding, &words), [""; 0]);
    let clock: Vec<&String> =
        deciding.iter().filter(|(_, text)| text.contains("std::time")).map(|(name, _)| name).collect();
    assert!(clock.is_empty(), "a wall clock in {clock:?}");
}

/// What reads like words in `scene`, `ui` and `check` and is none for people.
const NO_WORDS: [&str; 40] = [
    // Classes of elements.
    "act mends",
    "arrow bad",
    "arrow flow",
    "arrow flow way",
    "arrow soft",
    "arrow soft way",
    "band {}",
    "bar {kind} {state}",
    "dot light",
    "dot {weight}",
    "found {}",
    "head bad",
    "head flow",
    "head soft",
    "life later",
    "part naive",
    "part p{part}",
    "part repaired",
    "round halt",
    "round play",
    "state down",
    "token gone",
    "token message",
    "token message ghost",
    "token message repeat",
    "token refusal",
    "token word",
    "words {weight}",
    // Other attributes, and what asks the browser.
    "(prefers-reduced-motion: reduce)",
    ".buttons, [role=group], section, article, aside, nav, footer, header, main",
    "noopener noreferrer",
    // Keys, as the browser names them.
    "End",
    "Enter",
    "Escape",
    "Home",
    "Tab",
    // The notation of Mermaid.
    "  participant p{index} as {}",
    "  Note over p0,p{last}: {THE_REST_IS_LEFT_OUT}",
    "Note over p{}: {} {}",
    // The name is the same in every language.
    "Brokerlab",
];

#[test]
fn what_people_read_stands_in_one_place() {
    let shown = ["src/scene", "src/ui", "src/check"];
    let shown = shown.iter().flat_map(|folder| files(folder, "rs"));
    let mut unused = NO_WORDS.to_vec();
    let mut scattered = Vec::new();
    for (name, text) in shown.filter(|(name, _)| !name.ends_with("/tests.rs") && !name.contains("/tests/")) {
        for (line, literal) in literals(&text) {
            if NO_WORDS.contains(&literal) {
                unused.retain(|other| *other != literal);
            } else if reads_like_words(literal) {
                scattered.push(format!("{name}:{line}: {literal}"));
            }
        }
    }
    assert_eq!(scattered, [""; 0], "words for people stand in `src/words`");
    assert_eq!(unused, [""; 0], "exceptions that nothing needs");
}

#[test]
fn words_for_people_are_told_from_markup() {
    let words =
        ["{who} crashes.", "Crash", "not in time", "asks again at {next}", "Nothing.", "The row is\\\n gone"];
    let others =
        ["", "strip", "half-sent", "{name}: {}", ".compare select", "M{} {}C{}", " and ", "left:{}%"];
    assert_eq!(words.map(reads_like_words), [true; 6]);
    assert_eq!(others.map(reads_like_words), [false; 8]);
    let source = "f('\"', \"a \\\" b\"); // \"c\"\nlet d = r#\"e\"f\"#;\n#[cfg(test)]\nmod tests { \"g\" }";
    assert_eq!(literals(source), [(1, "a \\\" b"), (2, "e\"f")]);
}

#[test]
fn nothing_is_unsafe() {
    assert_eq!(found(&sources(), &["unsafe"]), [""; 0]);
}

#[test]
fn every_file_says_first_what_it_is() {
    for (name, text) in sources() {
        assert!(text.starts_with("//! "), "{name} does not begin with `//! `");
    }
}

#[test]
fn files_stay_short() {
    for (name, text) in sources() {
        let allowed = LONG.iter().find(|(long, _)| *long == name).map_or(MOST_LINES, |(_, lines)| *lines);
        let lines = text.lines().count();
        assert!(lines <= allowed, "{name} has {lines} lines; split it (at most {allowed})");
    }
}

#[test]
fn every_scenario_file_is_in_the_catalogue() {
    let mut ids: Vec<&str> = brokerlab::scenario::catalogue::all().iter().map(|entry| entry.id).collect();
    ids.sort_unstable();
    let names = files("scenarios", "toml");
    let mut names: Vec<&str> =
        names.iter().filter_map(|(name, _)| name.strip_prefix("scenarios/")?.strip_suffix(".toml")).collect();
    names.sort_unstable();
    assert_eq!(names, ids);
}

#[test]
fn every_suite_is_declared() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for (name, text) in files("tests", "rs") {
        let is_suite = !name["tests/".len()..].contains('/') || name.ends_with("/main.rs");
        let declared = manifest.contains(&format!("path = \"{name}\""));
        assert!(!is_suite || declared, "Cargo.toml does not name {name}, so it never runs");
        // What runs in wasm too is marked so; a bare `#[test]` there would be left out in silence.
        let bare = code(&text).any(|(_, line)| line.trim() == "#[test]");
        assert!(!name.starts_with("tests/scenarios/") || !bare, "{name} has a bare #[test]");
    }
}

/// The lines of the fenced blocks of that kind, without those that the reader's own file begins with.
fn shown<'t>(text: &'t str, kind: &str) -> Vec<&'t str> {
    let open = format!("\n```{kind}\n");
    let blocks = text.split(&open).skip(1).filter_map(|rest| rest.split_once("\n```"));
    let lines = blocks.flat_map(|(block, _)| block.lines()).map(str::trim);
    lines.filter(|line| !line.is_empty()).collect()
}

#[test]
fn what_the_readme_shows_of_tests_is_in_the_examples_that_run() {
    let examples =
        [("rust", files("examples/rust-tests/tests", "rs")), ("ts", files("examples/typescript/src", "ts"))];
    for readme in ["README.md", "npm/README.md"] {
        let text = fs::read_to_string(root().join(readme)).unwrap().replace("\r\n", "\n");
        let mut lines = 0;
        for (kind, sources) in &examples {
            for line in shown(&text, kind) {
                let there =
                    sources.iter().any(|(_, source)| source.lines().any(|other| other.trim() == line));
                assert!(there, "{readme}: no example has the line `{line}`");
                lines += 1;
            }
        }
        assert!(lines > 5, "{readme} shows {lines} lines");
    }
}
