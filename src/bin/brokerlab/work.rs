//! How is a search made? On as many threads as there are, piece by piece, with a bar that tells how far it is, and
//! so that it can be stopped and gone on with.

use crate::results::Results;
use brokerlab::explore::Search;
use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Whether somebody pressed Ctrl-C.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// Whether nobody pressed Ctrl-C yet.
pub fn goes_on() -> bool {
    !STOPPED.load(Ordering::Relaxed)
}

/// From now on the first Ctrl-C stops the search, which then tells what it has; the second ends the program.
///
/// # Errors
/// The system takes no such wish.
pub fn stop_on_ctrl_c() -> Result<(), String> {
    let stop = || {
        if STOPPED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(stop).map_err(|error| format!("Ctrl-C cannot be listened to: {error}"))
}

/// Does the pieces that are left of that share, and adds them to the results. `every` is called now and then with
/// what there is so far.
pub fn work(
    search: &Search,
    share: (u32, u32),
    workers: u32,
    results: Results,
    every: &(dyn Fn(&Results) + Sync),
) -> Results {
    let left: Vec<u32> = results.left(share, search.pieces()).collect();
    let weight = |piece: &u32| search.weight(*piece);
    let all: u64 = left.iter().map(weight).sum();
    let (next, tried, done) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let results = Mutex::new(results);
    let one = || {
        while let Some(&piece) = left.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut go_on = || {
                tried.fetch_add(1, Ordering::Relaxed);
                goes_on()
            };
            let found = search.piece(piece, &mut go_on);
            if !goes_on() {
                // A piece counts as a whole or not at all.
                return;
            }
            done.fetch_add(weight(&piece), Ordering::Relaxed);
            if let Ok(mut results) = results.lock() {
                results.take(piece, found);
            }
        }
    };
    let show = io::stderr().is_terminal();
    let began = Instant::now();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(one)).collect();
        let mut saved = Instant::now();
        while threads.iter().any(|thread| !thread.is_finished()) {
            std::thread::sleep(Duration::from_millis(20));
            if show && began.elapsed() > Duration::from_millis(300) {
                let done = done.load(Ordering::Relaxed);
                bar(done, all, tried.load(Ordering::Relaxed), began.elapsed());
            }
            if saved.elapsed() > Duration::from_secs(5) {
                saved = Instant::now();
                if let Ok(results) = results.lock() {
                    every(&results);
                }
            }
        }
    });
    if show {
        let _ = write!(io::stderr(), "\r{:78}\r", "");
    }
    results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// `[########            ]  40 %, about 12 s left, 10234 placements tried`
fn bar(done: u64, all: u64, tried: u64, took: Duration) {
    const WIDE: u64 = 24;
    let part = |of: u64| (u128::from(done) * u128::from(of)).checked_div(u128::from(all)).unwrap_or(0) as u64;
    let full = "#".repeat(part(WIDE) as usize);
    let left = match part(1_000) {
        0..10 => String::new(),
        permille => {
            let left = took.as_millis() as u64 * (1_000 - permille) / permille;
            format!(", about {} s left", left.div_ceil(1_000))
        }
    };
    let line = format!("[{full:24}] {:3} %{left}, {tried} placements tried", part(100));
    let _ = write!(io::stderr(), "\r{line:78}");
}
