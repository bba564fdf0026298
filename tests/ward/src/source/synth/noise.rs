//! Movements without a plan: slow wandering, and the irregular waves of variability.

use super::TICK_S;
use super::dice::Dice;

/// A value that drifts around zero and is pulled back, as a baseline does over minutes.
#[derive(Clone, Debug)]
pub(super) struct Wander {
    value: f64,
    deviation: f64,
    pull: f64,
}

impl Wander {
    /// Deviation in the unit of the value; `memory_s` is how long it remembers a departure.
    pub(super) fn new(deviation: f64, memory_s: f64, dice: &mut Dice) -> Self {
        Self { value: deviation * dice.normal(), deviation, pull: TICK_S / memory_s }
    }

    pub(super) fn next(&mut self, dice: &mut Dice) -> f64 {
        let kick = self.deviation * (2.0 * self.pull).sqrt();
        self.value += kick * dice.normal() - self.pull * self.value;
        self.value
    }
}

/// Irregular waves around one frequency, of deviation 1: a resonance struck at random.
#[derive(Clone, Debug)]
pub(super) struct Waves {
    feedback: [f64; 2],
    gain: f64,
    before: [f64; 2],
}

impl Waves {
    /// Waves of about `per_minute`, spread over about `band_per_minute`.
    pub(super) fn new(per_minute: f64, band_per_minute: f64) -> Self {
        let radius = 1.0 - core::f64::consts::PI * (band_per_minute / 60.0) * TICK_S;
        let angle = core::f64::consts::TAU * (per_minute / 60.0) * TICK_S;
        let (a1, a2) = (2.0 * radius * libm::cos(angle), -radius * radius);
        // Deviation of the resonance when struck with deviation 1.
        let power = (1.0 - a2) / ((1.0 + a2) * ((1.0 - a2) * (1.0 - a2) - a1 * a1));
        Self { feedback: [a1, a2], gain: 1.0 / power.sqrt(), before: [0.0; 2] }
    }

    pub(super) fn next(&mut self, dice: &mut Dice) -> f64 {
        let [a1, a2] = self.feedback;
        let value = a1 * self.before[0] + a2 * self.before[1] + self.gain * dice.normal();
        self.before = [value, self.before[0]];
        value
    }
}
