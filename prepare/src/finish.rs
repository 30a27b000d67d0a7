//! What is done to the page when it is built, in Trunk's folder: shorter names between script and program
//! ([`glue`]), and the program in two parts ([`split`]).

use super::{at, glue, split};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which functions of the program are wanted later; `cargo xtask first-load` writes it.
const LATER: &str = include_str!("../../www/later.txt");
/// What loads them.
const SCRIPT: &str = include_str!("../../www/later.js");
/// The style sheets of what is not on show at first: www/later.js lets them be style sheets.
const SHEETS: [&str; 4] = ["panels", "cards", "branches", "diagram"];
/// Where this stands, the program notes what runs of it, and is left whole.
const MARK: &str = "BROKERLAB_FIRST_LOAD";

/// Finishes the page in that folder.
///
/// # Errors
/// Where its files are not what Trunk and wasm-bindgen make.
pub fn finish(folder: &Path) -> Result<(), String> {
    let reader = only(folder, "reader", "_bg.wasm")?;
    let bytes = fs::read(&reader).map_err(|error| at(&reader, &error))?;
    write(&reader, split::bare(&bytes)?)?;
    let script = only(folder, "playground", ".js")?;
    let program = only(folder, "playground", "_bg.wasm")?;
    let text = fs::read_to_string(&script).map_err(|error| at(&script, &error))?;
    let bytes = fs::read(&program).map_err(|error| at(&program, &error))?;
    let (bytes, mut text) =
        glue::short(&bytes, &text).ok_or("the program's imports are not those of its script")?;
    if std::env::var_os(MARK).is_some() {
        write(&program, split::mark(&bytes)?)?;
        return write(&script, text);
    }
    let parts = split::split(&bytes, &list(LATER)?)?;
    if let Some(second) = parts.second {
        let name = program.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let name = name.replace("_bg.wasm", "_later.wasm");
        write(&folder.join(&name), second)?;
        text = loading(&text, &name).ok_or("the script does not start the program as wasm-bindgen's does")?;
        let page = folder.join("index.html");
        let html = fs::read_to_string(&page).map_err(|error| at(&page, &error))?;
        let html = naming(&html, &name).ok_or("index.html has no end of its head")?;
        write(&page, without_sheets(&html)?)?;
    }
    write(&program, parts.first)?;
    write(&script, text)
}

fn write(path: &Path, what: impl AsRef<[u8]>) -> Result<(), String> {
    fs::write(path, what).map_err(|error| at(path, &error))
}

fn only(folder: &Path, start: &str, end: &str) -> Result<PathBuf, String> {
    let entries = fs::read_dir(folder).map_err(|error| at(folder, &error))?;
    let fits = |path: &PathBuf| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(start) && name.ends_with(end))
    };
    let mut paths = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(fits);
    match (paths.next(), paths.next()) {
        (Some(path), None) => Ok(path),
        _ => Err(format!("{}: there is not exactly one {start}*{end}", folder.display())),
    }
}

/// The digests in a list: eight hexadecimal digits each; a line that begins with `#` is a comment.
fn list(text: &str) -> Result<BTreeSet<u32>, String> {
    let words = text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
    words
        .map(|word| {
            u32::from_str_radix(word, 16).map_err(|_| format!("www/later.txt: `{word}` is no digest"))
        })
        .collect()
}

/// The script with what loads the second part. None where it is not wasm-bindgen's.
fn loading(script: &str, name: &str) -> Option<String> {
    const IMPORTS: &str = "const import0 = {\n";
    const START: &str = "const { instance, module } = await __wbg_load(await module_or_path, imports);\n";
    let once = |what: &str| (script.matches(what).count() == 1).then_some(());
    once(IMPORTS)?;
    once(START)?;
    let script = script
        .replace(IMPORTS, &format!("{IMPORTS}{}: laterNow,\n", split::LOADER))
        .replace(START, &format!("{START}if (atOnce) await later(instance.exports);\n"));
    let loader = glue::without_comments(SCRIPT).replace("LATER", name).replace("THERE", split::THERE);
    Some(script + &loader)
}

/// The page with the second part's name, for www/sw.js.
fn naming(html: &str, name: &str) -> Option<String> {
    let end = html.find("</head>")?;
    let (head, rest) = html.split_at(end);
    Some(format!("{head}<meta name=\"brokerlab-later\" content=\"{name}\">{rest}"))
}

/// The page without the style sheets that come later: their links stay, as what no browser loads.
fn without_sheets(html: &str) -> Result<String, String> {
    let mut html = html.to_owned();
    for sheet in SHEETS {
        let links = html.match_indices("<link ").filter_map(|(start, _)| html[start..].split_once('>'));
        let link = links.map(|(link, _)| link).find(|link| link.contains(&format!("/{sheet}-")));
        let link = link.ok_or(format!("index.html has no link to {sheet}.css"))?;
        html = html.replace(link, &link.replace("stylesheet", "later"));
    }
    Ok(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "function __wbg_get_imports() {\nconst import0 = {\na0: function() {},\n};\n}\nconst { instance, module } = await __wbg_load(await module_or_path, imports);\nreturn __wbg_finalize_init(instance, module);\n";

    #[test]
    fn the_script_loads_the_second_part_by_its_name() {
        let script = loading(GLUE, "p_later.wasm").expect("it is wasm-bindgen's");
        assert!(script.contains("const import0 = {\nlater: laterNow,\na0"), "{script}");
        assert!(script.contains("imports);\nif (atOnce) await later(instance.exports);\nreturn"), "{script}");
        assert!(script.contains("\"p_later.wasm\""), "{script}");
        assert!(!script.contains("LATER") && !script.contains("THERE"), "{script}");
    }

    #[test]
    fn a_script_of_another_form_is_refused() {
        assert_eq!(loading("const imports = {};", "p_later.wasm"), None);
        assert_eq!(loading(&GLUE.repeat(2), "p_later.wasm"), None);
    }

    #[test]
    fn the_list_has_digests_and_comments() {
        assert_eq!(list("# Made.\n0000000a ffffffff\n"), Ok(BTreeSet::from([10, u32::MAX])));
        assert_eq!(list("xyz"), Err("www/later.txt: `xyz` is no digest".to_owned()));
        assert!(list(LATER).is_ok());
    }

    #[test]
    fn the_page_names_the_second_part_in_its_head() {
        let html = naming("<head><title>x</title></head><body>", "p_later.wasm");
        assert_eq!(
            html.as_deref(),
            Some(
                "<head><title>x</title><meta name=\"brokerlab-later\" content=\"p_later.wasm\"></head><body>"
            )
        );
        assert_eq!(naming("<p>", "x"), None);
    }

    #[test]
    fn style_sheets_of_what_is_not_on_show_come_later() {
        let link = |name: &str, rel: &str| format!("<link href=./{name}-0a.css integrity=x rel={rel}>");
        let page = |rel| {
            SHEETS.iter().fold(link("page", "stylesheet"), |all, sheet| all + &link(sheet, rel))
                + "<p>stylesheet"
        };
        assert_eq!(without_sheets(&page("stylesheet")), Ok(page("later")));
        let wrong = without_sheets(&link("page", "stylesheet"));
        assert_eq!(wrong, Err("index.html has no link to panels.css".to_owned()));
    }
}
