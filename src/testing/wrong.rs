//! What is wrong with what a test says?

use crate::check::promise::Promise;
use crate::scenario::nearest::unknown;
use std::fmt;

/// What is wrong with a scenario, a fault, a name: sentences that name the place, the cause and the remedy.
///
/// Its `Debug` form is the text itself, so that `unwrap` and a test that returns it show something to read.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrong(pub(super) String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

/// A promise, by itself or by its name: [`Promise::NothingLost`] or `"nothing-lost"`.
pub trait PromiseName {
    /// The promise.
    ///
    /// # Errors
    /// There is none of that name; the nearest one that there is.
    fn promise(self) -> Result<Promise, Wrong>;
}

impl PromiseName for Promise {
    fn promise(self) -> Result<Promise, Wrong> {
        Ok(self)
    }
}

impl PromiseName for &str {
    fn promise(self) -> Result<Promise, Wrong> {
        let known = || Promise::ALL.iter().map(|promise| promise.name()).collect::<Vec<_>>();
        Promise::of(self).ok_or_else(|| Wrong(unknown("promise", self, "promises", &known())))
    }
}
