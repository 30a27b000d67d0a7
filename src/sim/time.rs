//! When is it? Virtual time, an integer number of microseconds since the run began.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// A moment of virtual time: whole microseconds since the start of the run. Never a wall clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash, Serialize, Deserialize)]
pub struct Instant(pub u64);

/// A length of virtual time, whole microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash, Serialize, Deserialize)]
pub struct Span(pub u64);

impl Instant {
    /// The start of every run.
    pub const START: Instant = Instant(0);

    /// The time since `earlier`; zero if `earlier` is later.
    pub fn since(self, earlier: Instant) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// The longest span a scenario may name: 24 hours.
    pub const MAX_NAMED: Span = Span(24 * 3600 * 1_000_000);

    /// A span of whole milliseconds.
    pub const fn from_millis(ms: u64) -> Span {
        Span(ms * 1_000)
    }

    /// Reads `250us`, `50ms`, `1.5s`, `2m` or `1h`; at most 24 hours, at least a microsecond's precision.
    ///
    /// # Errors
    /// A sentence that says what is wrong and how a span is written.
    pub fn parse(text: &str) -> Result<Span, String> {
        let how = || format!("`{text}` is not a span of time; write it like 250us, 50ms, 1.5s, 2m or 1h");
        let split = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).ok_or_else(how)?;
        let (number, unit) = text.split_at(split);
        let scale: u64 = match unit {
            "us" => 1,
            "ms" => 1_000,
            "s" => 1_000_000,
            "m" => 60_000_000,
            "h" => 3_600_000_000,
            _ => return Err(how()),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() || fraction.len() > 9 || (number.contains('.') && fraction.is_empty()) {
            return Err(how());
        }
        let whole: u64 = whole.parse().map_err(|_| how())?;
        let mut micros = whole.checked_mul(scale).ok_or_else(how)?;
        if !fraction.is_empty() {
            let digits: u64 = fraction.parse().map_err(|_| how())?;
            let part = u128::from(digits) * u128::from(scale) / 10u128.pow(fraction.len() as u32);
            micros = micros.saturating_add(part as u64);
        }
        if micros > Span::MAX_NAMED.0 {
            return Err(format!("`{text}` is longer than 24h, the longest span a scenario may name"));
        }
        Ok(Span(micros))
    }
}

impl Add<Span> for Instant {
    type Output = Instant;
    fn add(self, span: Span) -> Instant {
        Instant(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Instant {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl Sub for Span {
    type Output = Span;
    fn sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

/// `2.400 s`: the way a moment is always written for people (milliseconds, rounded down).
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03} s", self.0 / 1_000_000, self.0 / 1_000 % 1_000)
    }
}

/// The shortest exact form that [`Span::parse`] reads back: `250us`, `50ms`, `2s`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            us if us % 1_000_000 == 0 => write!(f, "{}s", us / 1_000_000),
            us if us % 1_000 == 0 => write!(f, "{}ms", us / 1_000),
            us => write!(f, "{us}us"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_as_people_write_it() {
        assert_eq!(Span::parse("250us"), Ok(Span(250)));
        assert_eq!(Span::parse("50ms"), Ok(Span(50_000)));
        assert_eq!(Span::parse("1.5s"), Ok(Span(1_500_000)));
        assert_eq!(Span::parse("2m"), Ok(Span(120_000_000)));
        for wrong in
            ["", "5", "ms", "5 ms", "-5ms", "5.ms", ".5s", "1e3s", "5days", "25h", "99999999999999999999s"]
        {
            assert!(Span::parse(wrong).is_err(), "{wrong} was read");
        }
    }

    #[test]
    fn a_span_is_written_so_that_it_reads_back() {
        for us in [0, 1, 999, 1_000, 1_500, 2_000_000, 61_000_000] {
            assert_eq!(Span::parse(&Span(us).to_string()), Ok(Span(us)));
        }
    }
}
