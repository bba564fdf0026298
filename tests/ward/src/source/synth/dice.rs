//! Chance with a seed.
//!
//! In: a seed and the part of the model that draws. Out: numbers, the same on every 64-bit
//! machine. Never: chance from the operating system, or a function whose last digit depends
//! on the platform's mathematics library.

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// A range of real numbers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub(super) from: f64,
    pub(super) to: f64,
}

/// A range from `from` to `to`.
pub(super) const fn span(from: f64, to: f64) -> Span {
    Span { from, to }
}

/// Which part of the model draws. Each has its own stream, so that a change in one part
/// leaves the strips of the others as they were.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Uterus = 1,
    Mother = 2,
    FirstHeart = 3,
    SecondHeart = 4,
    FirstEar = 5,
    SecondEar = 6,
    MotherEar = 7,
    Plan = 8,
}

/// A seeded source of chance.
#[derive(Clone, Debug)]
pub(super) struct Dice(SmallRng);

impl Dice {
    pub(super) fn new(seed: u64, part: Part) -> Self {
        // An odd multiplier keeps the streams of neighbouring seeds apart.
        let stream = (part as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(SmallRng::seed_from_u64(seed ^ stream))
    }

    /// A number somewhere in the range, each equally likely.
    pub(super) fn within(&mut self, range: Span) -> f64 {
        range.from + (range.to - range.from) * self.0.random::<f64>()
    }

    /// Whether something of this probability happens.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.0.random::<f64>() < probability
    }

    /// A nearly normal number of mean 0 and deviation 1, never beyond 6.
    ///
    /// A sum of twelve, because the exact formula needs a logarithm, whose last digit differs
    /// between platforms.
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.0.random::<f64>()).sum::<f64>() - 6.0
    }
}
