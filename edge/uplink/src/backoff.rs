//! How long to wait before the next attempt.

use core::time::Duration;

/// Doubles the wait from one failure to the next, and spreads it.
///
/// Half of each wait is fixed and half is drawn, so that bridges that lost the region at one
/// moment do not come back at one moment.
#[derive(Clone, Debug)]
pub struct Backoff {
    failures: u32,
    state: u64,
}

impl Backoff {
    /// The longest first wait.
    pub const FIRST: Duration = Duration::from_millis(200);
    /// The longest wait.
    pub const MAX: Duration = Duration::from_secs(30);

    /// A backoff without failures; `seed` is random bits.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { failures: 0, state: seed }
    }

    /// The wait after one more failure: between half of the step and the step, which doubles
    /// from [`Backoff::FIRST`] to [`Backoff::MAX`].
    pub fn fail(&mut self) -> Duration {
        let step = Self::FIRST.saturating_mul(1 << self.failures.min(16)).min(Self::MAX);
        self.failures = self.failures.saturating_add(1);
        let half = step / 2;
        let drawn = u64::try_from(half.as_micros()).expect("the longest wait is 30 s") + 1;
        half + Duration::from_micros(self.draw() % drawn)
    }

    /// The wait where only a person can help: as after many failures.
    pub fn fail_for_good(&mut self) -> Duration {
        self.failures = 16;
        self.fail()
    }

    /// It worked: the next wait is short again.
    pub const fn reset(&mut self) {
        self.failures = 0;
    }

    /// SplitMix64, after Steele, Lea and Flood 2014: enough to spread waits, no secrets here.
    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_half_a_minute_and_start_again_after_a_success() {
        let mut backoff = Backoff::new(7);
        let mut step = Backoff::FIRST;
        for _ in 0..40 {
            let wait = backoff.fail();
            assert!(wait >= step / 2 && wait <= step, "{wait:?} of {step:?}");
            step = (step * 2).min(Backoff::MAX);
        }
        backoff.reset();
        assert!(backoff.fail() <= Backoff::FIRST);
        assert!(backoff.fail_for_good() >= Backoff::MAX / 2);
    }

    #[test]
    fn two_bridges_do_not_wait_alike() {
        let waits = |seed| {
            let mut backoff = Backoff::new(seed);
            [backoff.fail(), backoff.fail(), backoff.fail()]
        };
        assert_ne!(waits(1), waits(2));
    }
}
