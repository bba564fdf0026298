//! Units as the devices count them, each range checked once.

use core::fmt;

/// A heart rate, fetal or maternal, in quarters of a beat per minute.
///
/// A quarter is the finest step a supported device sends, so a stored strip replays bit for
/// bit; a float would round on the way. The range is what a device can put on its wire, not
/// what a heart can do: artefacts are recorded as they came, and [`Bpm::is_plausible`] tells
/// them apart. "No signal" has no rate: see [`crate::Reading::Absent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bpm(u16);

impl Bpm {
    /// The largest count of quarters a device can send: eleven bits, 511.75 bpm.
    pub const QUARTERS_MAX: u16 = 2047;
    /// Lowest and highest plausible rate in quarters, 30 and 240 bpm.
    ///
    /// Design value: physiological gates of the device sheet, section 1.
    pub const PLAUSIBLE_QUARTERS: core::ops::RangeInclusive<u16> = 120..=960;

    /// Reads a rate as the device counts it, in quarters of a beat per minute.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] outside 1 to [`Bpm::QUARTERS_MAX`]. Zero is outside: devices send it
    /// for a lost signal, and the codec has turned it into an absence before it comes here.
    pub const fn from_quarters(quarters: u16) -> Result<Self, OutOfRange> {
        if quarters == 0 || quarters > Self::QUARTERS_MAX {
            return Err(OutOfRange { value: quarters, min: 1, max: Self::QUARTERS_MAX });
        }
        Ok(Self(quarters))
    }

    /// The rate in quarters of a beat per minute, 1 to [`Bpm::QUARTERS_MAX`].
    #[must_use]
    pub const fn quarters(self) -> u16 {
        self.0
    }

    /// The rate in beats per minute; exact, a quarter is a power of two.
    #[must_use]
    pub fn bpm(self) -> f32 {
        f32::from(self.0) / 4.0
    }

    /// Whether a living heart could beat so: 30 to 240 bpm. Others are kept and marked.
    #[must_use]
    pub fn is_plausible(self) -> bool {
        Self::PLAUSIBLE_QUARTERS.contains(&self.0)
    }
}

/// Uterine activity in half units, 0 to 127.5.
///
/// External transducers give relative units, intra-uterine ones mmHg; which of the two it is
/// stands in [`crate::ActivityTransducer`] beside it, and the two are never mixed. Zero is a
/// normal value here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Activity(u8);

impl Activity {
    /// Reads an activity as the device counts it, in half units. Every byte is in range.
    #[must_use]
    pub const fn from_halves(halves: u8) -> Self {
        Self(halves)
    }

    /// The activity in half units.
    #[must_use]
    pub const fn halves(self) -> u8 {
        self.0
    }

    /// The activity in whole units (relative, or mmHg); exact.
    #[must_use]
    pub fn units(self) -> f32 {
        f32::from(self.0) / 2.0
    }
}

/// A number outside what its unit can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange {
    /// The number that was refused.
    pub value: u16,
    /// The smallest number that is accepted.
    pub min: u16,
    /// The largest number that is accepted.
    pub max: u16,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "value {} is outside {} to {}", self.value, self.min, self.max)
    }
}

impl core::error::Error for OutOfRange {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_signal_is_not_a_rate() {
        assert!(Bpm::from_quarters(0).is_err());
    }

    #[test]
    fn an_artefact_is_kept_and_marked() {
        let artefact = Bpm::from_quarters(1172).unwrap();
        assert!((artefact.bpm() - 293.0).abs() < f32::EPSILON);
        assert!(!artefact.is_plausible());
        assert!(Bpm::from_quarters(560).unwrap().is_plausible());
    }
}
