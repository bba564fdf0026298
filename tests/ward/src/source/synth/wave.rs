//! The smooth sine of a sinusoidal heart rate.

use super::TICK_S;
use super::dice::{Dice, Span};
use super::noise::Wander;

/// A sine whose amplitude and pace drift a little, as no generator's but a body's does.
#[derive(Debug)]
pub(super) struct Sine {
    phase: f64,
    amplitude_bpm: f64,
    per_minute: f64,
    swell: Wander,
    haste: Wander,
}

impl Sine {
    pub(super) fn new(amplitude_bpm: Span, per_minute: Span, dice: &mut Dice) -> Self {
        Self {
            phase: 0.0,
            amplitude_bpm: dice.within(amplitude_bpm),
            per_minute: dice.within(per_minute),
            swell: Wander::new(0.06, 60.0, dice),
            haste: Wander::new(0.03, 60.0, dice),
        }
    }

    pub(super) fn next(&mut self, dice: &mut Dice) -> f64 {
        self.phase += self.per_minute / 60.0 * TICK_S * (1.0 + self.haste.next(dice));
        self.phase -= self.phase.floor();
        let amplitude_bpm = self.amplitude_bpm * (1.0 + self.swell.next(dice));
        amplitude_bpm * libm::sin(core::f64::consts::TAU * self.phase)
    }
}
