//! How long until the next attempt? Fixed, linear and exponential waits, and the jitter that spreads them
//! (R177-R179; <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>). Whole microseconds only.

use crate::sim::chance::{Dice, SpanRange};
use crate::sim::time::Span;
use serde::{Deserialize, Serialize};

/// How the wait grows from one attempt to the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Wait {
    /// No wait: the next attempt follows at once (R161).
    None,
    /// Always the base.
    Fixed,
    /// The base, twice the base, three times the base.
    Linear,
    /// The base, then each time the factor times as long: `base * factor^n`, n counted from 0.
    Exponential,
}

/// How chance spreads the wait, so that those who failed together do not come back together (R178).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Jitter {
    /// Not at all.
    None,
    /// Anything from nothing to the wait.
    Full,
    /// Half the wait, and anything from nothing to the other half.
    Equal,
    /// Anything from the base to three times the wait before; takes no notice of how the wait grows.
    Decorrelated,
}

/// How often and when a service tries again to send a message that the broker did not take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Retry {
    /// The most attempts in all; at least 1, which is none but the first.
    pub attempts: u32,
    /// How the wait grows.
    pub wait: Wait,
    /// The first wait.
    pub base: Span,
    /// How many times as long each wait is as the one before, where it grows exponentially; at least 1.
    pub factor: u32,
    /// The longest wait; not less than the base.
    pub cap: Span,
    /// How chance spreads it.
    pub jitter: Jitter,
}

impl Retry {
    /// One attempt, and no other.
    pub const NEVER: Retry = Retry {
        attempts: 1,
        wait: Wait::None,
        base: Span::ZERO,
        factor: 2,
        cap: Span::ZERO,
        jitter: Jitter::None,
    };

    /// The wait before the n-th retry, counted from 0, without jitter.
    pub fn steady(&self, n: u32) -> Span {
        let times = match self.wait {
            Wait::None => 0,
            Wait::Fixed => 1,
            Wait::Linear => u64::from(n) + 1,
            Wait::Exponential => u64::from(self.factor).saturating_pow(n),
        };
        Span(self.base.0.saturating_mul(times)).min(self.cap)
    }

    /// The wait before the n-th retry, counted from 0, of a message whose last wait was `before` (the base, if
    /// there was none).
    pub fn draw(&self, n: u32, before: Span, dice: &mut Dice) -> Span {
        let steady = self.steady(n);
        let between = |dice: &mut Dice, min: Span, max: Span| dice.span(SpanRange { min, max: max.max(min) });
        match self.jitter {
            _ if self.wait == Wait::None => Span::ZERO,
            Jitter::None => steady,
            Jitter::Full => between(dice, Span::ZERO, steady),
            Jitter::Equal => {
                let half = Span(steady.0 / 2);
                half + between(dice, Span::ZERO, Span(steady.0 - half.0))
            }
            Jitter::Decorrelated => between(dice, self.base, Span(before.0.saturating_mul(3))).min(self.cap),
        }
    }
}
