//! The mother's heart.

use super::TICK_S;
use super::beat::Beats;
use super::dice::{Dice, Part};
use super::noise::{Wander, Waves};

/// A mother in labour, her rate swinging with her breath, faster when she works.
#[derive(Debug)]
pub(super) struct MaternalHeart {
    dice: Dice,
    baseline_bpm: f64,
    effort_bpm: f64,
    effort: f64,
    wander: Wander,
    slow: Waves,
    breath: Waves,
    beats: Beats,
}

impl MaternalHeart {
    /// `effort_bpm` is what a contraction of 50 units adds to the baseline.
    pub(super) fn new(baseline_bpm: f64, effort_bpm: f64, seed: u64) -> Self {
        let mut dice = Dice::new(seed, Part::Mother);
        Self {
            baseline_bpm,
            effort_bpm,
            effort: 0.0,
            wander: Wander::new(2.5, 180.0, &mut dice),
            slow: Waves::new(5.0, 4.0),
            breath: Waves::new(15.0, 4.0),
            beats: Beats::new(0.8),
            dice,
        }
    }

    /// Her rate at a tick; `contraction` is the activity above the resting tone, in units.
    pub(super) fn tick(&mut self, contraction: f64) -> f64 {
        // Her heart follows the work with a few seconds' delay.
        self.effort += (contraction / 50.0 - self.effort) * TICK_S / 6.0;
        let dice = &mut self.dice;
        let rate_bpm = self.baseline_bpm
            + self.effort_bpm * self.effort
            + self.wander.next(dice)
            + 1.3 * self.slow.next(dice)
            + 1.0 * self.breath.next(dice);
        self.beats.next(rate_bpm.clamp(55.0, 150.0), dice)
    }
}
