//! The mother's vital signs: pressure, saturation, temperature, pulse.
//!
//! Each value keeps the word of the wire; what it says is asked of it, and the special words
//! answer with the reason why there is no value.

use core::fmt;

use vitals::Bpm;

/// Why a word of the wire is not a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unmeasured {
    /// The device measures this and has no valid value now.
    NotValidNow,
    /// The device cannot measure this.
    CannotMeasure,
    /// The word is beyond what the quantity can be.
    OutOfRange {
        /// The word as it came.
        wire: u16,
    },
}

impl fmt::Display for Unmeasured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotValidNow => f.write_str("no valid value now"),
            Self::CannotMeasure => f.write_str("the device cannot measure this"),
            Self::OutOfRange { wire } => write!(f, "word {wire:04x} is out of range"),
        }
    }
}

impl core::error::Error for Unmeasured {}

/// A pulse rate as a cuff or an oximeter sends it: quarters of a beat per minute, or one of
/// two special words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PulseRate(u16);

impl PulseRate {
    /// There is no valid rate now.
    pub const NOT_VALID_NOW: Self = Self(0);
    /// The device cannot measure a rate.
    pub const CANNOT_MEASURE: Self = Self(0xffff);

    /// Reads the word of the wire.
    #[must_use]
    pub const fn from_wire(word: u16) -> Self {
        Self(word)
    }

    /// The word of the wire.
    #[must_use]
    pub const fn wire(self) -> u16 {
        self.0
    }

    /// The rate.
    ///
    /// # Errors
    ///
    /// [`Unmeasured`] for the special words, and for more than [`Bpm::QUARTERS_MAX`].
    pub fn measured(self) -> Result<Bpm, Unmeasured> {
        match self {
            Self::NOT_VALID_NOW => Err(Unmeasured::NotValidNow),
            Self::CANNOT_MEASURE => Err(Unmeasured::CannotMeasure),
            Self(wire) => Bpm::from_quarters(wire).map_err(|_| Unmeasured::OutOfRange { wire }),
        }
    }
}

/// The mother's oxygen saturation in halves of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OxygenSaturation(u8);

impl OxygenSaturation {
    /// 100 percent.
    pub const HALVES_MAX: u8 = 200;

    /// Reads the byte of the wire.
    #[must_use]
    pub const fn from_wire(byte: u8) -> Self {
        Self(byte)
    }

    /// The byte of the wire.
    #[must_use]
    pub const fn wire(self) -> u8 {
        self.0
    }

    /// The saturation in halves of a percent, 1 to [`OxygenSaturation::HALVES_MAX`].
    ///
    /// # Errors
    ///
    /// [`Unmeasured`] for 00 and FF, and for more than 100 percent. The guide gives the two
    /// special words for rates; that they hold for this byte too is a reading of ours, and
    /// on the safe side: neither can be a saturation.
    pub const fn measured_halves(self) -> Result<u8, Unmeasured> {
        match self.0 {
            0 => Err(Unmeasured::NotValidNow),
            0xff => Err(Unmeasured::CannotMeasure),
            halves @ 1..=Self::HALVES_MAX => Ok(halves),
            beyond => Err(Unmeasured::OutOfRange { wire: beyond as u16 }),
        }
    }
}

/// The `P` block: one measurement of the mother's cuff. The pressures are as sent; whether
/// they are plausible is not decided here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NonInvasivePressure {
    /// Systolic pressure in mmHg.
    pub systolic_mmhg: u16,
    /// Diastolic pressure in mmHg.
    pub diastolic_mmhg: u16,
    /// Mean arterial pressure in mmHg.
    pub mean_mmhg: u16,
    /// Pulse rate during the measurement.
    pub pulse: PulseRate,
}

/// The `S` block: the mother's oximeter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Saturation {
    /// Oxygen saturation.
    pub saturation: OxygenSaturation,
    /// Pulse rate by the oximeter.
    pub pulse: PulseRate,
}

/// The `T` block: the mother's temperature, 25.0 to 50.5 °C in tenths of a degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Temperature(u8);

impl Temperature {
    const TENTHS_MIN: u16 = 250;

    /// Reads the byte of the wire: tenths of a degree above 25 °C.
    #[must_use]
    pub const fn from_wire(byte: u8) -> Self {
        Self(byte)
    }

    /// The byte of the wire.
    #[must_use]
    pub const fn wire(self) -> u8 {
        self.0
    }

    /// The temperature in tenths of a degree Celsius, 250 to 505.
    #[must_use]
    pub const fn tenths_celsius(self) -> u16 {
        Self::TENTHS_MIN + self.0 as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_special_word_is_a_reason_and_never_a_number() {
        assert_eq!(PulseRate::from_wire(0).measured(), Err(Unmeasured::NotValidNow));
        assert_eq!(PulseRate::from_wire(0xffff).measured(), Err(Unmeasured::CannotMeasure));
        assert_eq!(
            PulseRate::from_wire(2048).measured(),
            Err(Unmeasured::OutOfRange { wire: 2048 })
        );
        assert_eq!(PulseRate::from_wire(288).measured().unwrap().quarters(), 288);
        assert_eq!(OxygenSaturation::from_wire(0).measured_halves(), Err(Unmeasured::NotValidNow));
        assert_eq!(
            OxygenSaturation::from_wire(201).measured_halves(),
            Err(Unmeasured::OutOfRange { wire: 201 })
        );
        assert_eq!(OxygenSaturation::from_wire(200).measured_halves(), Ok(200));
    }
}
