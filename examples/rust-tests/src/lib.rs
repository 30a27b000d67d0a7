//! An imaginary shop. What its services do is its own affair; how they talk to each other is tested in `tests/`, before
//! any of it is built.

/// After how many receives the shop's queue gives a message up; the scenario tests use the same number.
pub const MAX_RECEIVES: u32 = 3;
