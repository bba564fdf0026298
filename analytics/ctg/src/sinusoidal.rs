//! The sinusoidal pattern: a rate that swings as evenly as a sine.

use crate::settings::SinusoidalSettings;
use crate::smooth::Smoother;

/// Looks for swings in the rate each second.
#[derive(Debug, Default)]
pub(crate) struct Swings {
    smooth: Vec<f32>,
    course: Vec<f32>,
    /// Second of each upward crossing of the course, and the height of the swing it begins.
    crossings: Vec<(usize, f32)>,
}

/// Window over which a swing is told from noise, s.
const SMOOTH_S: usize = 3;
/// Window over which the course is taken that it swings around, s: the longest swing.
const COURSE_S: usize = 31;
/// Minutes before and after a minute whose swings count for it.
const AROUND_MIN: usize = 1;
/// A swing lower than this is noise, bpm.
const SWING_MIN_BPM: f32 = 2.0;

impl Swings {
    /// Finds every swing of a window.
    pub fn prepare(&mut self, second: &[f32], smoother: &mut Smoother) {
        smoother.centred(second, SMOOTH_S, &mut self.smooth);
        smoother.centred(second, COURSE_S, &mut self.course);
        self.crossings.clear();
        let mut begun = None;
        let (mut low, mut high) = (0.0_f32, 0.0_f32);
        for at in 1..self.smooth.len() {
            let (before, now) =
                (self.smooth[at - 1] - self.course[at - 1], self.smooth[at] - self.course[at]);
            // A shallow wave on the way is part of the swing.
            if before < 0.0 && now >= 0.0 && (begun.is_none() || high - low >= SWING_MIN_BPM) {
                self.crossings.extend(begun.map(|begun| (begun, high - low)));
                begun = Some(at);
                (low, high) = (now, now);
            }
            low = low.min(now);
            high = high.max(now);
        }
        self.crossings.extend(begun.map(|begun| (begun, high - low)));
    }

    /// Whether the minute that begins at second `start` belongs to a sinusoidal stretch.
    /// `fine` is the mean square of the fine movement each second, bpm².
    pub fn is_sinusoidal(&self, start: usize, fine: &[f32], settings: &SinusoidalSettings) -> bool {
        let from = start.saturating_sub(60 * AROUND_MIN);
        let to = (start + 60 + 60 * AROUND_MIN).min(self.smooth.len());
        let first = self.crossings.partition_point(|(at, _)| *at < from);
        let last = self.crossings.partition_point(|(at, _)| *at < to);
        let swings = &self.crossings[first..last];
        let minutes = (to - from) as f32 / 60.0;
        let cycles = swings.len() as f32 / minutes;
        let (fewest, most) = settings.cycles_per_minute;
        // One swing may be cut by either end.
        if swings.len() < 4 || cycles + 1.0 / minutes < fewest || cycles > most + 1.0 / minutes {
            return false;
        }
        let lengths = || swings.windows(2).map(|pair| (pair[1].0 - pair[0].0) as f32);
        let count = (swings.len() - 1) as f32;
        let mean = lengths().sum::<f32>() / count;
        let spread = (lengths().map(|l| (l - mean) * (l - mean)).sum::<f32>() / count).sqrt();
        let heights = || swings.iter().map(|(_, height)| *height);
        let height = heights().sum::<f32>() / swings.len() as f32;
        let uneven = heights().map(|h| (h - height) * (h - height)).sum::<f32>();
        let uneven = (uneven / swings.len() as f32).sqrt();
        let fine = (fine[from..to].iter().sum::<f32>() / (to - from) as f32).sqrt();
        let (lowest, highest) = settings.height_mean_bpm;
        spread <= settings.length_spread_max * mean
            && uneven <= settings.height_spread_max * height
            && (lowest..=highest).contains(&height)
            && heights().all(|height| height <= settings.height_max_bpm)
            && fine <= settings.fine_share_max * height
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_sinusoidal(rate: impl Fn(f32) -> f32, fine: f32) -> bool {
        let second: Vec<f32> = (0..600).map(|s| rate(s as f32)).collect();
        let mut swings = Swings::default();
        swings.prepare(&second, &mut Smoother::default());
        swings.is_sinusoidal(300, &[fine; 600], &SinusoidalSettings::default())
    }

    #[test]
    fn a_sine_of_three_cycles_a_minute_is_sinusoidal() {
        assert!(is_sinusoidal(|s| 140.0 + 6.0 * (s * core::f32::consts::TAU / 20.0).sin(), 0.1));
    }

    #[test]
    fn a_fine_movement_on_the_sine_makes_it_none() {
        assert!(!is_sinusoidal(|s| 140.0 + 6.0 * (s * core::f32::consts::TAU / 20.0).sin(), 9.0));
    }

    #[test]
    fn ordinary_variability_is_not_sinusoidal() {
        let wander =
            |s: f32| 140.0 + 4.0 * (s / 3.1).sin() + 5.0 * (s / 7.3).sin() + 3.0 * (s / 17.0).cos();
        assert!(!is_sinusoidal(wander, 1.0));
        assert!(!is_sinusoidal(|_| 140.0, 0.0));
    }
}
