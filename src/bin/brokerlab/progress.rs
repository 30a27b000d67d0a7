//! How far is a search? A bar, and about how long it will still take: for who looks, and so only in a terminal.

use std::io::Write;
use std::time::Duration;

/// A search that is over sooner needs no bar.
const SOON: Duration = Duration::from_millis(300);
/// How many letters wide the bar is.
const WIDE: u64 = 24;
/// How many letters wide the line is at most.
const LINE: usize = 78;

/// What is told of how far a search is.
pub struct Progress<W> {
    /// Where to.
    to: W,
    /// Whether somebody looks.
    is_seen: bool,
}

impl<W: Write> Progress<W> {
    /// Told there, if that is a terminal.
    pub fn new(to: W, is_terminal: bool) -> Progress<W> {
        Progress { to, is_seen: is_terminal }
    }

    /// So much of all the work is done, and so many placements were tried in that time.
    pub fn show(&mut self, done: u64, all: u64, tried: u64, took: Duration) {
        if self.is_seen && took > SOON {
            let line = line(done, all, tried, took);
            let _ = write!(self.to, "\r{line:LINE$}");
        }
    }

    /// Takes the bar away.
    pub fn clear(&mut self) {
        if self.is_seen {
            let _ = write!(self.to, "\r{:LINE$}\r", "");
        }
    }
}

/// `[########                ]  35 %, about 12 s left, 10234 placements tried`
fn line(done: u64, all: u64, tried: u64, took: Duration) -> String {
    let part = |of: u64| (u128::from(done) * u128::from(of)).checked_div(u128::from(all)).unwrap_or(0) as u64;
    let full = "#".repeat(part(WIDE) as usize);
    let left = match part(1_000) {
        0..10 => String::new(),
        permille => {
            let left = took.as_millis() as u64 * 1_000_u64.saturating_sub(permille) / permille;
            format!(", about {} s left", left.div_ceil(1_000))
        }
    };
    format!("[{full:WIDTH$}] {:3} %{left}, {tried} placements tried", part(100), WIDTH = WIDE as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(is_terminal: bool, tell: impl FnOnce(&mut Progress<Vec<u8>>)) -> String {
        let mut progress = Progress::new(Vec::new(), is_terminal);
        tell(&mut progress);
        String::from_utf8(progress.to).unwrap()
    }

    #[test]
    fn the_bar_tells_how_much_is_done_about_how_long_it_takes_and_what_was_tried() {
        let line = line(50, 200, 10_234, Duration::from_secs(4));
        assert_eq!(line, "[######                  ]  25 %, about 12 s left, 10234 placements tried");
    }

    #[test]
    fn how_long_it_takes_is_not_guessed_from_next_to_nothing() {
        assert!(!line(1, 200, 3, Duration::from_secs(1)).contains("left"));
        assert!(line(200, 200, 3, Duration::from_secs(1)).contains("100 %, about 0 s left"));
        assert!(line(0, 0, 0, Duration::from_secs(1)).contains("  0 %"));
    }

    #[test]
    fn each_line_covers_the_one_before_and_nothing_is_left_of_the_last() {
        let text = told(true, |progress| {
            progress.show(1, 2, 1_000_000, Duration::from_secs(1_000));
            progress.show(2, 2, 1, Duration::from_secs(1));
            progress.clear();
        });
        let lines: Vec<&str> = text.split('\r').collect();
        assert!(lines[1..4].iter().all(|line| line.chars().count() == LINE), "{lines:?}");
        assert_eq!((lines[3].trim(), lines[4]), ("", ""));
    }

    #[test]
    fn who_does_not_look_and_who_need_not_wait_is_told_nothing() {
        let late = Duration::from_secs(9);
        let unseen = told(false, |progress| {
            progress.show(1, 2, 5, late);
            progress.clear();
        });
        assert_eq!(unseen, "");
        assert_eq!(told(true, |progress| progress.show(1, 2, 5, SOON)), "");
        assert!(told(true, |progress| progress.show(1, 2, 5, late)).contains("50 %"));
    }
}
