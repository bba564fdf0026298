//! From a smooth rate to what a monitor shows: one value a beat, held until the next.

use super::TICK_S;
use super::dice::Dice;

/// A beating heart seen every 250 ms.
///
/// Real recordings repeat more than half of their samples, because a beat at 140 bpm lasts
/// nearly two ticks; a rate that changed with every tick would look like no monitor's.
#[derive(Clone, Debug)]
pub(super) struct Beats {
    phase: f64,
    held_bpm: Option<f64>,
    jitter_bpm: f64,
}

impl Beats {
    /// `jitter_bpm` is the deviation from one beat to the next.
    pub(super) fn new(jitter_bpm: f64) -> Self {
        Self { phase: 0.0, held_bpm: None, jitter_bpm }
    }

    pub(super) fn next(&mut self, rate_bpm: f64, dice: &mut Dice) -> f64 {
        self.phase += rate_bpm / 60.0 * TICK_S;
        if self.phase >= 1.0 || self.held_bpm.is_none() {
            self.phase -= self.phase.floor();
            self.held_bpm = Some(rate_bpm + self.jitter_bpm * dice.normal());
        }
        self.held_bpm.unwrap_or(rate_bpm)
    }
}
