//! Other sampling rates, brought to 4 Hz without inventing a value between two others.

use std::ops::Range;

/// Samples of a recording in a second.
const TICKS_PER_SECOND: u32 = vitals::TICKS_PER_SECOND as u32;
/// The highest rate that is accepted: 1 kHz.
const MULTIPLE_MAX: u32 = 250;
/// How far a stated rate may be off, as a share: clocks are printed with few digits.
const TOLERANCE: f64 = 0.005;

/// How often a file was sampled, in relation to 4 Hz.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceRate {
    /// Samples of the file in so many ticks …
    samples: u32,
    /// … of 250 ms. One of the two is 1.
    ticks: u32,
}

impl SourceRate {
    /// As our monitors do.
    pub const FOUR_HZ: Self = Self { samples: 1, ticks: 1 };

    /// A whole multiple of 4 Hz up to 1 kHz, of which every *n*th sample is kept, or 1 or
    /// 2 Hz, whose samples are held. `None` for other rates: their values would have to be
    /// interpolated.
    #[must_use]
    pub fn of_hz(hz: f64) -> Option<Self> {
        let near = |ratio: f64| (ratio / ratio.round() - 1.0).abs() <= TOLERANCE;
        let (up, down) = (hz / f64::from(TICKS_PER_SECOND), f64::from(TICKS_PER_SECOND) / hz);
        if (0.5..=f64::from(MULTIPLE_MAX) + 0.5).contains(&up) && near(up) {
            return Some(Self { samples: up.round() as u32, ticks: 1 });
        }
        let held = [2, 4].into_iter().find(|&ticks| f64::from(ticks) == down.round());
        held.filter(|_| near(down)).map(|ticks| Self { samples: 1, ticks })
    }

    /// Samples in a second.
    #[must_use]
    pub fn hz(self) -> u32 {
        TICKS_PER_SECOND * self.samples / self.ticks
    }

    /// The ticks that the sample at this place, counted from 0, is the value of: none where
    /// samples are thinned and it is not kept, several where they are held.
    pub(crate) fn ticks_of(self, place: usize) -> Range<usize> {
        let (samples, ticks) = (self.samples as usize, self.ticks as usize);
        if !place.is_multiple_of(samples) {
            return 0..0;
        }
        let first = place / samples * ticks;
        first..first + ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiples_are_thinned_and_slow_rates_held() {
        let at = |hz| SourceRate::of_hz(hz).unwrap();
        assert_eq!(at(4.0), SourceRate::FOUR_HZ);
        assert_eq!([0, 1, 2].map(|place| at(8.0).ticks_of(place)), [0..1, 0..0, 1..2]);
        assert_eq!([0, 1].map(|place| at(2.0).ticks_of(place)), [0..2, 2..4]);
        assert_eq!(at(1.0).ticks_of(3), 12..16);
        assert_eq!([at(1.0).hz(), at(2.0).hz(), at(4.01).hz(), at(1000.0).hz()], [1, 2, 4, 1000]);
    }

    #[test]
    fn a_rate_that_would_need_interpolation_is_refused() {
        for hz in [0.0, -4.0, 0.5, 1.3, 3.0, 5.0, 250.0 / 3.0, 1004.0, f64::NAN, f64::INFINITY] {
            assert_eq!(SourceRate::of_hz(hz), None, "{hz} Hz");
        }
    }
}
