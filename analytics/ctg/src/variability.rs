//! Variability: how broad the band is in which the rate moves, minute by minute.
//!
//! The bandwidth is highest less lowest rate of a minute outside accelerations and
//! decelerations, as one reads it from paper; the short-term variation is another quantity,
//! in ms, and is never called bandwidth (sheet, sections 2.7 and 3.4).

use crate::smooth::Smoother;
use crate::tick::{TICKS_PER_MINUTE, TICKS_PER_SECOND};

const TICKS_MINUTE: usize = TICKS_PER_MINUTE as usize;
/// Ticks over which a rate is smoothed before its band is read: 1.5 s of the sheet's 1 to 2.
const SMOOTH_TICKS: usize = 6;
/// Ticks of an epoch of short-term variation: 1/16 min, confirmed.
const EPOCH_TICKS: usize = 15;
/// Ticks of an epoch that must be usable: half; design.
const EPOCH_USABLE_MIN: usize = 8;
/// Pairs of neighbouring epochs that a minute's short-term variation needs: half; design.
const PAIRS_MIN: u32 = 7;
/// Seconds of a minute outside events that its band needs: half; design.
const BAND_SECONDS_MIN: usize = 30;
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
    smooth: Vec<f32>,
}

impl Variability {
    /// Prepares the rate of a window, bpm each tick.
    pub fn prepare(&mut self, rate: &[f32], smoother: &mut Smoother) {
        smoother.centred(rate, SMOOTH_TICKS, &mut self.smooth);
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
                Cover::Nothing => outside.add(self.smooth[at]),
                Cover::Deceleration => inside.add(self.smooth[at]),
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

    fn read(rate: impl Fn(usize) -> f32, covers: Cover) -> Movement {
        let rate: Vec<f32> = (0..TICKS_MINUTE).map(rate).collect();
        let mut variability = Variability::default();
        variability.prepare(&rate, &mut Smoother::default());
        variability.minute(0, &rate, &vec![true; TICKS_MINUTE], &[covers; 60])
    }

    #[test]
    fn a_band_is_as_broad_as_the_rate_moves() {
        let movement = read(|t| 140.0 + 5.0 * (t as f32 / 20.0).sin(), Cover::Nothing);
        assert!((movement.bandwidth_bpm.unwrap() - 10.0).abs() < 0.5);
        assert_eq!(movement.bandwidth_in_deceleration_bpm, None);
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
