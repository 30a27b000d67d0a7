//! What does a failed command tell its reader? Where, why, and what to do about it.

use std::fmt;

/// The result of anything that may fail here.
pub type Outcome<T = ()> = Result<T, Failure>;

/// A failure: the place, the cause and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    place: String,
    cause: String,
    remedy: String,
}

impl Failure {
    pub fn new(place: impl Into<String>, cause: impl Into<String>, remedy: impl Into<String>) -> Failure {
        Failure { place: place.into(), cause: cause.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.cause)?;
        if self.remedy.is_empty() { Ok(()) } else { write!(f, "\n  {}", self.remedy.replace('\n', "\n  ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_reads_as_place_cause_and_remedy() {
        let failure = Failure::new("port 'x'", "not a number", "give one\nor none");
        assert_eq!(failure.to_string(), "port 'x': not a number\n  give one\n  or none");
    }
}
