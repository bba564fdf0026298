//! A departure from the baseline with a shape: an acceleration, a deceleration, a contraction.

use super::TICKS_PER_S;

/// Most bends an excursion can have.
const KNOTS_MAX: usize = 10;

/// A smooth line through a few points, starting and ending at zero.
///
/// Between two points the line follows `3x² − 2x³`: level at each point, steepest between.
#[derive(Clone, Debug)]
pub(super) struct Excursion {
    start_tick: u64,
    knots: [Knot; KNOTS_MAX],
    len: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Knot {
    at_s: f64,
    height: f64,
}

impl Excursion {
    /// Begins at zero at a tick.
    pub(super) fn starting(start_tick: u64) -> Self {
        Self { start_tick, knots: [Knot::default(); KNOTS_MAX], len: 1 }
    }

    /// Goes to `height` within the next `seconds`.
    pub(super) fn then(mut self, seconds: f64, height: f64) -> Self {
        assert!(self.len < KNOTS_MAX, "an excursion has at most {KNOTS_MAX} bends");
        let at_s = self.knots[self.len - 1].at_s + seconds;
        self.knots[self.len] = Knot { at_s, height };
        self.len += 1;
        self
    }

    /// The height at a tick; zero before and after.
    pub(super) fn height_at(&self, tick: u64) -> f64 {
        let Some(ticks) = tick.checked_sub(self.start_tick) else { return 0.0 };
        let at_s = ticks as f64 / TICKS_PER_S;
        for pair in self.knots[..self.len].windows(2) {
            let [left, right] = [pair[0], pair[1]];
            if at_s < right.at_s {
                let x = (at_s - left.at_s) / (right.at_s - left.at_s);
                return left.height + (right.height - left.height) * x * x * (3.0 - 2.0 * x);
            }
        }
        0.0
    }

    pub(super) fn length_s(&self) -> f64 {
        self.knots[self.len - 1].at_s
    }

    pub(super) fn start_tick(&self) -> u64 {
        self.start_tick
    }

    pub(super) fn until_tick(&self) -> u64 {
        self.start_tick + (self.length_s() * TICKS_PER_S) as u64 + 1
    }
}
