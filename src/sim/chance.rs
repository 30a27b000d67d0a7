//! How long does it take, this time? Seeded draws, one stream for each purpose and name.

use super::shape::Shape;
use super::time::Span;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

/// A stream of draws that belongs to one purpose of one party or link.
///
/// It is derived from the run's seed, the purpose and the name, so that a party or fault added to a scenario
/// never shifts another's luck. The generator is portable: the same on every platform (rand's documentation
/// of `Xoshiro256PlusPlus`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dice(Xoshiro256PlusPlus);

impl Dice {
    /// The stream for `purpose` of `name` under `seed`.
    pub fn new(seed: u64, purpose: &str, name: &str) -> Dice {
        let mut key = [0u8; 32];
        for (lane, chunk) in key.chunks_exact_mut(8).enumerate() {
            let mut digest = super::digest::Digest::default();
            digest.word(seed);
            digest.word(lane as u64);
            digest.text(purpose);
            digest.text(name);
            chunk.copy_from_slice(&digest.value().to_le_bytes());
        }
        Dice(Xoshiro256PlusPlus::from_seed(key))
    }

    /// A span between `range.min` and `range.max`, both possible.
    pub fn span(&mut self, range: SpanRange) -> Span {
        if range.min == range.max { range.min } else { Span(self.0.random_range(range.min.0..=range.max.0)) }
    }

    /// Where the stream is, by what comes next: 128 bits of it.
    pub fn shape(&self, shape: &mut Shape) {
        let mut next = self.0.clone();
        (0..2).for_each(|_| shape.word(next.random()));
    }

    /// Whether an event of `rate` strikes this time.
    pub fn strikes(&mut self, rate: Rate) -> bool {
        self.0.random_range(0..1_000_000u32) < rate.0
    }
}

/// The least and the greatest of a span that is drawn afresh each time, both included.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SpanRange {
    /// The least.
    pub min: Span,
    /// The greatest; never less than `min`.
    pub max: Span,
}

impl SpanRange {
    /// Always the same span.
    pub const fn exactly(span: Span) -> SpanRange {
        SpanRange { min: span, max: span }
    }
}

/// How often, in parts per million: 0 (never) to 1,000,000 (always). An integer, so that it is the same everywhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub struct Rate(pub u32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_and_name_has_a_stream_of_its_own_and_it_never_moves() {
        let range = SpanRange { min: Span(0), max: Span(1_000_000) };
        let draw = |seed, purpose, name| {
            let mut dice = Dice::new(seed, purpose, name);
            [dice.span(range).0, dice.span(range).0]
        };
        assert_eq!(draw(1, "latency", "orders"), draw(1, "latency", "orders"));
        assert_ne!(draw(1, "latency", "orders"), draw(2, "latency", "orders"));
        assert_ne!(draw(1, "latency", "orders"), draw(1, "latency", "mail"));
        assert_ne!(draw(1, "latency", "orders"), draw(1, "handler", "orders"));
    }
}
