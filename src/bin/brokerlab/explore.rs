//! How is a search told? What was covered, the window table, and for each broken promise the shortest way to
//! break it, as a command, as a link and as a test.

use crate::args;
use crate::progress::Progress;
use crate::results::Results;
use crate::source;
use crate::style::Style;
use crate::work::{goes_on, stop_on_ctrl_c, work};
use brokerlab::check::finding::Verdict;
use brokerlab::check::promise::{Promise, When};
use brokerlab::explore::shrink::shrink;
use brokerlab::explore::table;
use brokerlab::explore::{Counterexample, Found, Kinds, Options, Search, Standing};
use brokerlab::scenario::rewrite::{Other, rewrite};
use brokerlab::scenario::words::seed_words;
use brokerlab::scenario::write::{shell_word, write_fault};
use brokerlab::scenario::{Scenario, catalogue};
use brokerlab::timeline::breach;
use brokerlab::timeline::run::Run;
use serde::Serialize;
use std::cell::OnceCell;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

/// A search that was made.
pub struct Searched {
    /// The scenario as it was named: one of the catalogue, or a file.
    name: String,
    /// The scenario, with the seed that was asked for.
    pub scenario: Scenario,
    /// What was tried.
    options: Options,
    /// What was found.
    pub found: Found,
    small: OnceCell<Vec<Small>>,
}

impl Searched {
    /// Whether it was stopped before it had tried everything.
    pub fn cut_off(&self) -> bool {
        self.found.cut_off
    }

    /// Whether a promise was broken that the scenario keeps.
    pub fn surprises(&self) -> bool {
        self.found
            .outcomes
            .iter()
            .any(|outcome| outcome.runs > 0 && self.scenario.keeps.contains(&outcome.promise))
    }

    /// For each promise that can be broken the shortest way to do it.
    fn shortest(&self) -> impl Iterator<Item = (Promise, &Counterexample)> {
        (self.found.outcomes.iter()).filter_map(|outcome| Some((outcome.promise, outcome.shortest.as_ref()?)))
    }

    /// The same, made small: a search of its own, so it is done once, and only where it is told.
    fn small(&self) -> &[Small] {
        let small = || self.shortest().map(|(promise, example)| Small::new(self, promise, example)).collect();
        self.small.get_or_init(small)
    }
}

/// Makes the search that was asked for, on as many threads; or goes on with it.
///
/// # Errors
/// What is wrong with the scenario, or with the file that holds the results.
pub fn search(asked: &args::Explore) -> Result<Searched, String> {
    let mut scenario = source::load(&asked.scenario)?;
    scenario.seed = asked.seed.unwrap_or(scenario.seed);
    let default = Options::default();
    let options = Options {
        faults: asked.faults,
        kinds: asked.kinds.unwrap_or(Kinds::ALL),
        down: asked.down.unwrap_or(default.down),
        own_faults: asked.own_faults,
        schedules: asked.schedules,
        promises: asked.promises.clone(),
        shard: asked.shard.map_or((0, 1), |(i, n)| (i - 1, n)),
        prunes: !asked.no_pruning,
    };
    if options.kinds == Kinds::NONE && !options.schedules {
        return Err("--kinds none: nothing would be tried; --schedules tries other orders".to_owned());
    }
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u32);
    stop_on_ctrl_c()?;
    let search = Search::begin(&scenario, &options, &mut goes_on);
    let mut results = Results::new(&asked.scenario, &scenario, &options, &search);
    if let Some(path) = &asked.resume {
        if let Some(kept) = Results::read(path)? {
            results = results.go_on_from(path, kept)?;
            results.is_of(&scenario)?;
        }
        // What cannot be written is better known before the work than after.
        results.write(path)?;
    }
    let save = |results: &Results| match &asked.resume {
        Some(path) => results.write(path),
        None => Ok(()),
    };
    let now_and_then = |results: &Results| drop(save(results));
    let workers = asked.workers.unwrap_or(threads);
    let mut progress = Progress::new(io::stderr(), io::stderr().is_terminal());
    let results = work(&search, options.shard, workers, results, &now_and_then, &goes_on, &mut progress);
    save(&results)?;
    let found = results.told(options.shard);
    Ok(Searched { name: asked.scenario.clone(), scenario, options, found, small: OnceCell::new() })
}

/// Puts the results of the shares of one search together.
///
/// # Errors
/// A file that cannot be read, or is of another search.
pub fn merge(asked: &args::Merge) -> Result<Searched, String> {
    let mut merged: Option<Results> = None;
    for path in &asked.files {
        let read = Results::read(path)?.ok_or_else(|| format!("{path}: there is no such file"))?;
        match &mut merged {
            None => merged = Some(read),
            Some(merged) => merged.merge(path, read)?,
        }
    }
    let results = merged.ok_or("name the files whose results are to be put together")?;
    let mut scenario = source::load(&results.name)?;
    scenario.seed = results.seed;
    results.is_of(&scenario)?;
    let options = Options { shard: (0, 1), ..results.options.clone() };
    let found = results.told((0, 1));
    Ok(Searched { name: results.name.clone(), scenario, options, found, small: OnceCell::new() })
}

/// The shortest way to break a promise.
#[derive(Serialize)]
struct Shortest {
    promise: &'static str,
    faults: Vec<String>,
    broken_at_step: u32,
    broken_at_us: u64,
    command: String,
    link: Option<String>,
}

/// The same, made small.
#[derive(Serialize)]
struct Small {
    #[serde(flatten)]
    shortest: Shortest,
    /// The most units of work a service takes in, in the test: with fewer the promise holds.
    orders: u32,
    test: String,
    /// A scenario file that breaks the promise in this way, and says so.
    file: Option<String>,
}

impl Shortest {
    fn new(searched: &Searched, promise: Promise, example: &Counterexample) -> Shortest {
        let whole = &searched.scenario;
        let cast = whole.setup.cast();
        let faults: Vec<String> = example.faults.iter().map(|fault| write_fault(fault, &cast)).collect();
        let given: String = faults.iter().map(|fault| format!(" --fault '{fault}'")).collect();
        let none_of_its_own = !searched.options.own_faults && !whole.setup.faults.is_empty();
        let bare = if none_of_its_own { " --no-own-faults" } else { "" };
        let command =
            format!("brokerlab run {} --seed {}{bare}{given}", shell_word(&searched.name), whole.seed);
        let mut setup = (*whole.setup).clone();
        if none_of_its_own {
            setup.faults.clear();
        }
        setup.faults.extend(&example.faults);
        let whole = Scenario { setup: Arc::new(setup), ..whole.clone() };
        let text = source::text(&searched.name).ok();
        let run = Run::new(whole.setup.clone(), whole.seed, Vec::new());
        let link = breach::link(&whole, text.as_deref(), &run, &[promise]);
        Shortest {
            promise: promise.name(),
            faults,
            broken_at_step: example.step,
            broken_at_us: example.at.0,
            command,
            link,
        }
    }
}

impl Small {
    fn new(searched: &Searched, promise: Promise, example: &Counterexample) -> Small {
        let (small, _) = shrink(&searched.scenario, searched.options.own_faults, promise, example);
        let orders = small.setup.services.iter().map(|service| service.count).max().unwrap_or(0);
        Small {
            shortest: Shortest::new(searched, promise, example),
            orders,
            test: rust_test(&searched.name, &small, promise, orders),
            file: scenario_file(&searched.name, &small, promise, orders),
        }
    }
}

/// The file of the scenario, with these faults and so many units of work, which expects what comes of it. None where
/// the file cannot be made to say that.
fn scenario_file(name: &str, small: &Scenario, promise: Promise, orders: u32) -> Option<String> {
    let text = match catalogue::all().iter().find(|entry| entry.id == name) {
        Some(entry) => entry.text.to_owned(),
        None => source::text(name).ok()?,
    };
    let cast = small.setup.cast();
    let faults: Vec<String> = small.setup.faults.iter().map(|fault| write_fault(fault, &cast)).collect();
    let run = Run::new(small.setup.clone(), small.seed, Vec::new());
    let held = |promise: &Promise| promise.state(&run.end().ledger).held == Some(true);
    let named: Vec<Promise> = small.promises().map(|(promise, _)| promise).chain([promise]).collect();
    let names = |facts: bool, kept: bool| {
        let mut names: Vec<&str> = Vec::new();
        for promise in named.iter().filter(|it| (it.when() == When::Sometimes) == facts && held(it) == kept) {
            if !names.contains(&promise.name()) {
                names.push(promise.name());
            }
        }
        names
    };
    let (keeps, breaks, reaches) = (names(false, true), names(false, false), names(true, true));
    let other = Other {
        seed: small.seed,
        faults: &faults,
        orders,
        keeps: &keeps,
        breaks: &breaks,
        reaches: &reaches,
    };
    let written = rewrite(&text, &other)?;
    let read = Scenario::read(&small.id, &written).ok()?;
    (read.setup == small.setup && read.seed == small.seed).then_some(written)
}

/// A test to paste, which fails as long as the promise can be broken in this way. All its faults stand in it, also
/// those of the scenario itself where they were kept.
fn rust_test(name: &str, small: &Scenario, promise: Promise, orders: u32) -> String {
    let id = &small.id;
    let scenario = match catalogue::find(id) {
        Ok(known) if name == known.id => {
            format!("brokerlab::scenario::catalogue::find({id:?}).unwrap().clone()")
        }
        _ => format!("brokerlab::scenario::Scenario::read({id:?}, include_str!({name:?})).unwrap()"),
    };
    let cast = small.setup.cast();
    let line = |fault| format!("\n        {:?},", write_fault(fault, &cast));
    let faults: String = small.setup.faults.iter().map(line).collect();
    let (count, seed) = (small.setup.faults.len(), small.seed);
    let word = |text: &str| text.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
    let title = format!("{}_in_{}", word(promise.name()), word(id));
    format!(
        r#"#[test]
fn {title}() {{
    let scenario = {scenario};
    let mut setup = (*scenario.setup).clone();
    setup.services.iter_mut().for_each(|service| service.count = service.count.min({orders}));
    let faults: [&str; {count}] = [{faults}
    ];
    let cast = setup.cast();
    let fault = |spec| brokerlab::scenario::spec::parse_fault(spec, &cast, &setup).unwrap();
    setup.faults = faults.map(fault).to_vec();
    let run = brokerlab::timeline::run::Run::new(setup.into(), {seed}, Vec::new());
    let promise = brokerlab::check::promise::Promise::of({:?}).unwrap();
    assert_eq!(promise.state(&run.end().ledger).held, Some(true));
}}
"#,
        promise.name()
    )
}

#[derive(Serialize)]
struct Summary<'s> {
    scenario: &'s str,
    seed: u64,
    faults: u8,
    share: String,
    placements: Vec<u64>,
    steps: u64,
    pruned: u64,
    complete: bool,
    promises: Vec<Kept>,
    windows: Vec<Window>,
    shortest: &'s [Small],
}

/// What came of a promise over all placements.
#[derive(Serialize)]
struct Kept {
    name: &'static str,
    /// `always kept`, `sometimes broken`, `reached` or `never reached`.
    verdict: &'static str,
    /// In how many runs it was broken, or, for a fact, reached.
    runs: u64,
    /// In how many runs something came that could break it.
    tested: u64,
}

/// A row of the window table.
#[derive(Serialize)]
struct Window {
    fault: String,
    tried: u32,
    lost: u32,
    duplicate: u32,
    ghost: u32,
    half_sent: u32,
    stuck: u32,
    parked: u32,
    out_of_order: u32,
    failed: u32,
    late: u32,
    overdue: u32,
}

/// Writes a scenario file for each promise that can be broken, into that directory. Returns their paths.
///
/// # Errors
/// A file cannot be written.
pub fn write_examples(searched: &Searched, directory: &str) -> Result<Vec<String>, String> {
    let wrong = |path: &Path, error: io::Error| format!("{}: cannot be written: {error}", path.display());
    let directory = Path::new(directory);
    std::fs::create_dir_all(directory).map_err(|error| wrong(directory, error))?;
    let mut paths = Vec::new();
    for small in searched.small() {
        let Some(text) = &small.file else { continue };
        let path = directory.join(format!("{}-{}.toml", searched.scenario.id, small.shortest.promise));
        std::fs::write(&path, text).map_err(|error| wrong(&path, error))?;
        paths.push(path.display().to_string());
    }
    Ok(paths)
}

/// The search in one object.
pub fn json(out: &mut impl Write, searched: &Searched) -> io::Result<()> {
    let Searched { scenario, options, found, .. } = searched;
    let cast = scenario.setup.cast();
    let windows = table::rows(scenario, found).into_iter().map(|(site, row)| {
        let [lost, duplicate, ghost, half_sent, stuck, parked, out_of_order, failed, late, overdue] =
            row.found;
        let fault = site.write(&cast);
        let tried = row.tried;
        Window {
            fault,
            tried,
            lost,
            duplicate,
            ghost,
            half_sent,
            stuck,
            parked,
            out_of_order,
            failed,
            late,
            overdue,
        }
    });
    let promises = found.outcomes.iter().map(|outcome| {
        let name = outcome.promise.name();
        Kept { name, verdict: outcome.standing().name(), runs: outcome.runs, tested: outcome.tested }
    });
    let summary = Summary {
        scenario: &scenario.id,
        seed: scenario.seed,
        faults: options.faults,
        share: format!("{}/{}", options.shard.0 + 1, options.shard.1),
        placements: found.placements.to_vec(),
        steps: found.steps,
        pruned: found.pruned,
        complete: !found.cut_off,
        promises: promises.collect(),
        windows: windows.collect(),
        shortest: searched.small(),
    };
    serde_json::to_writer_pretty(&mut *out, &summary)?;
    out.write_all(b"\n")
}

/// The search in plain words.
pub fn text(out: &mut impl Write, style: Style, searched: &Searched) -> io::Result<()> {
    let Searched { scenario, options, found, .. } = searched;
    let seed = seed_words(scenario.seed).unwrap_or_else(|| scenario.seed.to_string());
    writeln!(out, "{}  (seed {seed})", style.bold(&scenario.title))?;
    let by: Vec<String> = (found.placements.iter().enumerate().skip(1).take(usize::from(options.faults)))
        .map(|(k, tried)| match k {
            1 => format!("{tried} of one fault"),
            _ => format!("{tried} of {k}"),
        })
        .collect();
    let share = match options.shard {
        (_, 1) => String::new(),
        (i, n) => format!(" (share {} of {n})", i + 1),
    };
    let covered = match (found.cut_off, options.schedules) {
        (true, _) => "cut off",
        (false, true) => "all of them, with every other order that so many changes of it give",
        (false, false) => "all of them",
    };
    let line = format!(
        "Placements tried: {}; {covered}{share}; {} states seen; {} times what follows was known",
        by.join(", "),
        found.steps,
        found.pruned
    );
    writeln!(out, "{}\n", style.dim(&line))?;
    windows(out, style, searched)?;
    writeln!(out, "\n{}", style.bold("Promises"))?;
    let widest = found.outcomes.iter().map(|outcome| outcome.promise.name().len()).max().unwrap_or(0);
    for outcome in &found.outcomes {
        let word = format!("{:<16}", outcome.standing().name());
        let painted = match outcome.standing() {
            Standing::SometimesBroken => style.broken(&word),
            Standing::NeverReached => style.dim(&word),
            Standing::AlwaysKept | Standing::Reached => style.good(&word),
        };
        let runs = match outcome.runs {
            0 => String::new(),
            n => format!("  in {n} of {} runs", found.runs()),
        };
        writeln!(out, "  {painted} {:<widest$}{}", outcome.promise.name(), style.dim(&runs))?;
    }
    for (promise, example) in searched.shortest() {
        let shortest = Shortest::new(searched, promise, example);
        writeln!(out, "\n{}", style.bold(&format!("The shortest way to break {}", shortest.promise)))?;
        writeln!(out, "  {}", shortest.command)?;
        if let Some(link) = &shortest.link {
            writeln!(out, "  See it happen: open the page with {link}")?;
        }
    }
    Ok(())
}

fn windows(out: &mut impl Write, style: Style, searched: &Searched) -> io::Result<()> {
    let cast = searched.scenario.setup.cast();
    let rows: Vec<_> = table::rows(&searched.scenario, &searched.found)
        .into_iter()
        .map(|(site, row)| (site.write(&cast), row))
        .collect();
    let widest = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let heading: String = Verdict::ALL.iter().map(|verdict| format!("  {}", verdict.name())).collect();
    writeln!(out, "{}", style.bold(&format!("{:<widest$}  tried{heading}", "One fault")))?;
    for (name, row) in rows {
        let mut line = format!("{name:<widest$}  {:>5}", row.tried);
        for (n, verdict) in row.found.iter().zip(Verdict::ALL) {
            let wide = verdict.name().len() + 2;
            let cell = if *n == 0 { format!("{:>wide$}", ".") } else { format!("{n:>wide$}") };
            line += &if *n == 0 { style.dim(&cell) } else { style.broken(&cell) };
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}
