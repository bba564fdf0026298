//! Whether both fetal channels show one heart.
//!
//! The rule is that of the sheet for mother and child, section 2.9: close for most of a minute,
//! and rising and falling together, because two quiet hearts at one rate are no rare thing.

use ctg::Tick;
use vitals::TICKS_PER_SECOND;

/// The window, seconds: design.
const SECONDS: usize = 60;
/// Largest distance of the two rates, bpm: design.
const DISTANCE_BPM: f32 = 5.0;
/// Share of the window in which both have a value and are close: design.
const SHARE: f32 = 0.6;
/// Least correlation of the two courses: design.
const CORRELATION: f32 = 0.8;
/// So close on average they coincide whatever their correlation, bpm: two flat lines have none.
const IDENTICAL_BPM: f32 = 1.0;

/// The last minute of both channels.
#[derive(Clone, Debug)]
pub struct Twins {
    /// Means of seconds, bpm; `None` where one of the two is missing.
    pairs: [Option<(f32, f32)>; SECONDS],
    at: usize,
    /// How many seconds in a row the rule has held.
    held_s: u32,
}

impl Default for Twins {
    fn default() -> Self {
        Self { pairs: [None; SECONDS], at: 0, held_s: 0 }
    }
}

impl Twins {
    /// Takes a second of both.
    pub fn second(&mut self, first: &[Tick; TICKS_PER_SECOND], second: &[Tick; TICKS_PER_SECOND]) {
        self.push(mean(first).zip(mean(second)));
    }

    /// Takes a second in which one was not heard.
    pub fn nothing(&mut self) {
        self.push(None);
    }

    /// How long they have coincided, s, the window included; `None` where they do not.
    #[must_use]
    pub fn coincide_s(&self) -> Option<u32> {
        (self.held_s > 0).then(|| self.held_s + SECONDS as u32 - 1)
    }

    fn push(&mut self, pair: Option<(f32, f32)>) {
        self.at = (self.at + 1) % SECONDS;
        self.pairs[self.at] = pair;
        self.held_s = if self.holds() { self.held_s + 1 } else { 0 };
    }

    fn holds(&self) -> bool {
        let pairs = || self.pairs.iter().flatten();
        let close = pairs().filter(|(a, b)| (a - b).abs() <= DISTANCE_BPM).count();
        if (close as f32) < SHARE * SECONDS as f32 {
            return false;
        }
        let count = pairs().count() as f32;
        let mean = |sum: f32| sum / count;
        if mean(pairs().map(|(a, b)| (a - b).abs()).sum()) <= IDENTICAL_BPM {
            return true;
        }
        let (mean_a, mean_b) = (mean(pairs().map(|p| p.0).sum()), mean(pairs().map(|p| p.1).sum()));
        let (aa, bb, ab) = pairs().fold((0.0, 0.0, 0.0), |(aa, bb, ab), (a, b)| {
            let (a, b) = (a - mean_a, b - mean_b);
            (aa + a * a, bb + b * b, ab + a * b)
        });
        ab > 0.0 && ab >= CORRELATION * f32::sqrt(aa * bb)
    }
}

fn mean(ticks: &[Tick; TICKS_PER_SECOND]) -> Option<f32> {
    let rates = ticks.iter().filter_map(|tick| tick.fhr);
    let (sum, count) = rates.fold((0.0, 0.0), |(sum, count), bpm| (sum + bpm.bpm(), count + 1.0));
    (count > 0.0).then(|| sum / count)
}

#[cfg(test)]
mod tests {
    use vitals::Bpm;

    use super::*;

    fn ticks(bpm: f32) -> [Tick; TICKS_PER_SECOND] {
        let fhr = Bpm::from_quarters((4.0 * bpm) as u16).ok();
        [Tick { fhr, ..Tick::default() }; TICKS_PER_SECOND]
    }

    /// Hears two courses for three minutes.
    fn coincide(first: impl Fn(f32) -> f32, second: impl Fn(f32) -> f32) -> Option<u32> {
        let mut twins = Twins::default();
        for at in 0..180u16 {
            let at = f32::from(at);
            twins.second(&ticks(first(at)), &ticks(second(at)));
        }
        twins.coincide_s()
    }

    #[test]
    fn one_heart_on_both_channels_is_found() {
        let course = |at: f32| 140.0 + 8.0 * (at / 9.0).sin();
        let seconds = coincide(course, |at| course(at) + 2.0);
        assert!(seconds.is_some_and(|seconds| seconds > 150), "{seconds:?}");
    }

    #[test]
    fn two_hearts_at_one_rate_are_two() {
        let first = |at: f32| 140.0 + 3.0 * (at / 9.0).sin();
        assert_eq!(coincide(first, |at| 140.0 + 3.0 * (at / 5.0).cos()), None);
        assert_eq!(coincide(first, |_| 155.0), None);
    }

    #[test]
    fn a_channel_that_falls_silent_ends_it() {
        let mut twins = Twins::default();
        for _ in 0..100 {
            twins.second(&ticks(140.0), &ticks(140.0));
        }
        assert!(twins.coincide_s().is_some());
        for _ in 0..60 {
            twins.nothing();
        }
        assert_eq!(twins.coincide_s(), None);
    }
}
