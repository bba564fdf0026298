//! Variability: how broad the band is in which the rate moves, minute by minute.
//!
//! The bandwidth is highest less lowest rate of a minute outside accelerations and
//! decelerations, as one reads it from paper. Variability is what moves at least twice a minute
//! (sheet, section 1.4): the course of half a minute is taken off before the band is read, or a
//! drift would pass for variability and hide a flat line. The short-term variation is another
//! quantity, in ms, and is never called bandwidth (sheet, sections 2.7 and 3.4).

use crate::smooth::Smoother;
use crate::tick::{TICKS_PER_MINUTE, TICKS_PER_SECOND};

const TICKS_MINUTE: usize = TICKS_PER_MINUTE as usize;
/// Ticks over which a rate is smoothed before its band is read: 1.5 s of the sheet's 1 to 2.
const SMOOTH_TICKS: usize = 6;
/// Seconds of the course that is taken off: the slowest cycle that counts, confirmed.
const SLOW_SECONDS: usize = 30;
/// Ticks of an epoch of short-term variation: 1/16 min, confirmed.
const EPOCH_TICKS: usize = 15;
/// Ticks of an epoch that must be usable: half; design.
const EPOCH_USABLE_MIN: usize = 8;
/// Pairs of neighbouring epochs that a minute's short-term variation needs: half; design.
const PAIRS_MIN: u32 = 7;
/// Seconds of a minute outside events that its band needs: half; design.
const BAND_SECONDS_MIN: usize = 30;
/// What a second counts in the course that an event covers, or that holds nothing usable.
const LEAST: f32 = 1e-3;
/// Seconds inside a deceleration that a band there needs; design.
const INSIDE_SECONDS_MIN: usize = 15;

/// What covers a tick of the strip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cover {
    #[default]
    Nothing,
    Acceleration,
    Deceleration,
}

/// The movement of one minute.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Movement {
    pub bandwidth_bpm: Option<f32>,
    pub bandwidth_in_deceleration_bpm: Option<f32>,
    /// Short-term variation, ms; NaN where too little is left.
    pub stv_ms: f32,
    /// Long-term variation, ms; NaN where too little is left.
    pub ltv_ms: f32,
}

/// Reads bands and variations.
#[derive(Debug, Default)]
pub(crate) struct Variability {
    /// Rate each tick less its course, bpm.
    fast: Vec<f32>,
    weights: Vec<f32>,
    /// The slow course of each second, bpm: of what no event covers, and of everything.
    outside: Vec<f32>,
    inside: Vec<f32>,
}

impl Variability {
    /// Prepares a window: the rate each tick, bpm; its mean, the share that is usable and what
    /// covers it each second.
    pub fn prepare(
        &mut self,
        rate: &[f32],
        (second, present): (&[f32], &[f32]),
        covers: &[Cover],
        smoother: &mut Smoother,
    ) {
        let half = SLOW_SECONDS / 2;
        // Outside, a course passes an event by; inside a deceleration, it goes down with it.
        self.weights.clear();
        self.weights.extend(present.iter().map(|present| present.max(LEAST)));
        smoother.weighted(second, &self.weights, (half, half), &mut self.inside);
        for (weight, cover) in self.weights.iter_mut().zip(covers) {
            if *cover != Cover::Nothing {
                *weight = LEAST;
            }
        }
        smoother.weighted(second, &self.weights, (half, half), &mut self.outside);
        smoother.centred(rate, SMOOTH_TICKS, &mut self.fast);
        let ticks = self.fast.chunks_exact_mut(TICKS_PER_SECOND as usize);
        let courses = self.outside.iter().zip(&self.inside).zip(covers);
        for (ticks, ((outside, inside), cover)) in ticks.zip(courses) {
            let slow = if *cover == Cover::Deceleration { inside } else { outside };
            ticks.iter_mut().for_each(|tick| *tick -= slow);
        }
    }

    /// Reads the minute that begins at `start`; `covers` is what covers each second.
    pub fn minute(
        &self,
        start: usize,
        rate: &[f32],
        usable: &[bool],
        covers: &[Cover],
    ) -> Movement {
        let ticks = start..start + TICKS_MINUTE;
        let cover = |tick: usize| covers[tick / TICKS_PER_SECOND as usize];
        let mut outside = Band::default();
        let mut inside = Band::default();
        for at in ticks.clone().filter(|at| usable[*at]) {
            match cover(at) {
                Cover::Nothing => outside.add(self.fast[at]),
                Cover::Deceleration => inside.add(self.fast[at]),
                Cover::Acceleration => {}
            }
        }
        let (stv_ms, ltv_ms) = variation(ticks.start, rate, usable, cover);
        Movement {
            bandwidth_bpm: outside.width(BAND_SECONDS_MIN),
            bandwidth_in_deceleration_bpm: inside.width(INSIDE_SECONDS_MIN),
            stv_ms,
            ltv_ms,
        }
    }
}

struct Band {
    ticks: usize,
    lowest: f32,
    highest: f32,
}

impl Default for Band {
    fn default() -> Self {
        Self { ticks: 0, lowest: f32::INFINITY, highest: f32::NEG_INFINITY }
    }
}

impl Band {
    fn add(&mut self, value: f32) {
        self.ticks += 1;
        self.lowest = self.lowest.min(value);
        self.highest = self.highest.max(value);
    }

    fn width(&self, seconds_min: usize) -> Option<f32> {
        let enough = self.ticks >= seconds_min * TICKS_PER_SECOND as usize;
        enough.then_some(self.highest - self.lowest)
    }
}

/// Short-term and long-term variation of a minute outside decelerations, ms.
fn variation(
    start: usize,
    rate: &[f32],
    usable: &[bool],
    cover: impl Fn(usize) -> Cover,
) -> (f32, f32) {
    let mut before = f32::NAN;
    let (mut sum, mut pairs) = (0.0, 0_u32);
    let (mut lowest, mut highest) = (f32::INFINITY, f32::NEG_INFINITY);
    for epoch in (start..start + TICKS_MINUTE).step_by(EPOCH_TICKS) {
        let (mut beats, mut count) = (0.0, 0);
        for at in epoch..epoch + EPOCH_TICKS {
            if usable[at] && cover(at) != Cover::Deceleration {
                beats += rate[at];
                count += 1;
            }
        }
        let interval_ms =
            if count >= EPOCH_USABLE_MIN { 60_000.0 * count as f32 / beats } else { f32::NAN };
        let difference = (interval_ms - before).abs();
        if !difference.is_nan() {
            sum += difference;
            pairs += 1;
        }
        lowest = lowest.min(interval_ms);
        highest = highest.max(interval_ms);
        before = interval_ms;
    }
    if pairs < PAIRS_MIN {
        return (f32::NAN, f32::NAN);
    }
    (sum / pairs as f32, highest - lowest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The middle one of three minutes.
    fn read(rate: impl Fn(usize) -> f32, covers: Cover) -> Movement {
        let rate: Vec<f32> = (0..3 * TICKS_MINUTE).map(rate).collect();
        let second: Vec<f32> =
            rate.chunks_exact(4).map(|ticks| ticks.iter().sum::<f32>() / 4.0).collect();
        let covers = [covers; 180];
        let seconds = (&second[..], &[1.0; 180][..]);
        let mut variability = Variability::default();
        variability.prepare(&rate, seconds, &covers, &mut Smoother::default());
        variability.minute(TICKS_MINUTE, &rate, &vec![true; 3 * TICKS_MINUTE], &covers)
    }

    #[test]
    fn a_band_is_as_broad_as_the_rate_moves() {
        let movement = read(|t| 140.0 + 5.0 * (t as f32 / 20.0).sin(), Cover::Nothing);
        assert!((movement.bandwidth_bpm.unwrap() - 10.0).abs() < 0.5);
        assert_eq!(movement.bandwidth_in_deceleration_bpm, None);
    }

    #[test]
    fn a_drift_is_no_variability() {
        let drifting = read(|t| 130.0 + 0.1 * t as f32, Cover::Nothing);
        assert!(drifting.bandwidth_bpm.unwrap() < 1.0, "{drifting:?}");
    }

    #[test]
    fn the_slowest_cycle_that_counts_is_read_whole() {
        let twice_a_minute = |t| 140.0 + 5.0 * (t as f32 * core::f32::consts::TAU / 120.0).sin();
        let band = read(twice_a_minute, Cover::Nothing).bandwidth_bpm.unwrap();
        assert!((9.0..11.5).contains(&band), "{band}");
    }

    #[test]
    fn a_flat_line_has_no_variation() {
        let movement = read(|_| 140.0, Cover::Nothing);
        assert_eq!((movement.bandwidth_bpm, movement.stv_ms), (Some(0.0), 0.0));
    }

    #[test]
    fn short_term_variation_is_in_milliseconds_of_the_interval() {
        // Epochs alternate between 120 and 125 bpm: 500 and 480 ms.
        let movement = read(
            |t| if (t / EPOCH_TICKS).is_multiple_of(2) { 120.0 } else { 125.0 },
            Cover::Nothing,
        );
        assert!((movement.stv_ms - 20.0).abs() < 0.01, "{}", movement.stv_ms);
    }

    #[test]
    fn a_minute_inside_a_deceleration_says_nothing_of_the_rest() {
        let movement = read(|t| 100.0 + (t % 7) as f32, Cover::Deceleration);
        assert_eq!(movement.bandwidth_bpm, None);
        assert!(movement.bandwidth_in_deceleration_bpm.is_some() && movement.stv_ms.is_nan());
    }
}
