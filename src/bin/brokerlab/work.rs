//! How is a search made? On as many threads as there are, piece by piece, with a bar that tells how far it is, and
//! so that it can be stopped and gone on with.

use crate::progress::Progress;
use crate::results::Results;
use brokerlab::explore::Search;
use std::io::Write;
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
/// what there is so far; `goes_on` is asked after every run.
pub fn work(
    search: &Search,
    share: (u32, u32),
    workers: u32,
    results: Results,
    every: &(dyn Fn(&Results) + Sync),
    goes_on: &(dyn Fn() -> bool + Sync),
    progress: &mut Progress<impl Write>,
) -> Results {
    let left: Vec<u32> = results.left(share, search.pieces()).collect();
    let weight = |piece: &u32| search.weight(*piece);
    let all: u64 = left.iter().map(weight).sum();
    let (next, tried, done) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let results = Mutex::new(results);
    let one = || {
        while let Some(&piece) = left.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut whole = true;
            let mut go_on = || {
                tried.fetch_add(1, Ordering::Relaxed);
                whole &= goes_on();
                whole
            };
            let found = search.piece(piece, &mut go_on);
            if !whole {
                // A piece counts as a whole or not at all.
                return;
            }
            done.fetch_add(weight(&piece), Ordering::Relaxed);
            if let Ok(mut results) = results.lock() {
                results.take(piece, found);
            }
        }
    };
    let began = Instant::now();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(one)).collect();
        let mut saved = Instant::now();
        while threads.iter().any(|thread| !thread.is_finished()) {
            std::thread::sleep(Duration::from_millis(20));
            let done = done.load(Ordering::Relaxed);
            progress.show(done, all, tried.load(Ordering::Relaxed), began.elapsed());
            if saved.elapsed() > Duration::from_secs(5) {
                saved = Instant::now();
                if let Ok(results) = results.lock() {
                    every(&results);
                }
            }
        }
    });
    progress.clear();
    results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use brokerlab::explore::{Kinds, Options, explore};
    use brokerlab::scenario::catalogue;

    #[test]
    fn a_search_that_is_stopped_keeps_its_whole_pieces_and_is_gone_on_with() {
        let scenario = catalogue::find("dual-write-lost").unwrap();
        let kinds = Kinds::parse("crash").unwrap();
        let options = Options { faults: 2, kinds, ..Options::default() };
        let search = Search::new(scenario, &options);
        let mut silent = Progress::new(Vec::new(), false);
        let mut go_on_with = |results, goes_on: &(dyn Fn() -> bool + Sync)| {
            work(&search, (0, 1), 1, results, &|_| (), goes_on, &mut silent)
        };
        let asked = AtomicU64::new(0);
        let for_some = || asked.fetch_add(1, Ordering::Relaxed) < 500;
        let some = go_on_with(Results::new(&scenario.id, scenario, &options, &search), &for_some);
        let left = some.left((0, 1), search.pieces()).count() as u32;
        assert!(0 < left && left < search.pieces(), "{left} of {} pieces are left", search.pieces());
        assert!(some.told((0, 1)).cut_off);
        assert!(some.found.runs() <= 501, "half a piece is none: {}", some.found.runs());
        let whole = go_on_with(some, &|| true);
        assert_eq!(whole.told((0, 1)), explore(scenario, &options, &mut || true));
    }
}
