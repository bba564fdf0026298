//! One tick of one channel: a value with its quality, or an absence with its reason.

use core::fmt;

/// What one tick carries.
///
/// There is no third way: zero, the last value, or a straight line across a loss are never
/// readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading<V> {
    /// The device gave a value.
    Measured {
        /// What it gave.
        value: V,
        /// How well it heard.
        quality: Quality,
    },
    /// There is no value, and this is why.
    Absent(Absence),
}

impl<V: Copy> Reading<V> {
    /// The value, where there is one.
    #[must_use]
    pub fn value(&self) -> Option<V> {
        match *self {
            Self::Measured { value, .. } => Some(value),
            Self::Absent(_) => None,
        }
    }

    /// The quality, where there is a value.
    #[must_use]
    pub fn quality(&self) -> Option<Quality> {
        match *self {
            Self::Measured { quality, .. } => Some(quality),
            Self::Absent(_) => None,
        }
    }

    /// The reason, where there is no value.
    #[must_use]
    pub fn absence(&self) -> Option<Absence> {
        match *self {
            Self::Measured { .. } => None,
            Self::Absent(absence) => Some(absence),
        }
    }
}

/// How well the device heard, in its own words. The codes are those of the wire and the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Quality {
    /// "Red": the value is not to be trusted.
    Poor = 0,
    /// "Yellow": acceptable.
    Fair = 1,
    /// "Green": good.
    Good = 2,
    /// The device does not rate this channel, or sent a reserved code.
    Unrated = 3,
}

impl Quality {
    /// Reads a wire code; `None` above 3.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Poor,
            1 => Self::Fair,
            2 => Self::Good,
            3 => Self::Unrated,
            _ => return None,
        })
    }

    /// The wire code.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// A stable English word for logs, files and queries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Poor => "poor",
            Self::Fair => "fair",
            Self::Good => "good",
            Self::Unrated => "unrated",
        }
    }
}

/// Why a tick has no value. Doctors act differently on each, so they are never merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Absence {
    /// No transducer is plugged into the channel.
    NoTransducer = 1,
    /// The transducer is there but reports that it cannot work.
    Inoperative = 2,
    /// The transducer works and found no rate: the pen lifts.
    Blank = 3,
    /// The second arrived damaged (checksum, length, a cut frame).
    DamagedFrame = 4,
    /// The port is open and the device said nothing.
    DeviceSilent = 5,
    /// The port is gone: the cable was pulled, or access to it was lost.
    PortLost = 6,
    /// The bridge had the second and its disk lost it.
    SpoolDamaged = 7,
}

impl Absence {
    /// Every reason, by rising code.
    pub const ALL: [Self; 7] = [
        Self::NoTransducer,
        Self::Inoperative,
        Self::Blank,
        Self::DamagedFrame,
        Self::DeviceSilent,
        Self::PortLost,
        Self::SpoolDamaged,
    ];

    /// Reads a wire code; `None` for one that is not listed.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            1 => Self::NoTransducer,
            2 => Self::Inoperative,
            3 => Self::Blank,
            4 => Self::DamagedFrame,
            5 => Self::DeviceSilent,
            6 => Self::PortLost,
            7 => Self::SpoolDamaged,
            _ => return None,
        })
    }

    /// The wire code.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// A stable English word for logs, files and queries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoTransducer => "no transducer",
            Self::Inoperative => "inoperative",
            Self::Blank => "blank",
            Self::DamagedFrame => "damaged frame",
            Self::DeviceSilent => "device silent",
            Self::PortLost => "port lost",
            Self::SpoolDamaged => "spool damaged",
        }
    }
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
