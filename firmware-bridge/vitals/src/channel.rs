//! Where a number comes from: which channel, through which transducer.

/// One measured quantity of one body, as a monitor separates them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Heart rate of the first fetus.
    Fhr1,
    /// Heart rate of the second fetus.
    Fhr2,
    /// Heart rate of the mother.
    Mhr,
    /// Uterine activity.
    Ua,
}

impl Channel {
    /// Every channel, in the order of the strip from top to bottom.
    pub const ALL: [Self; 4] = [Self::Fhr1, Self::Fhr2, Self::Mhr, Self::Ua];
}

/// What listens to a heart. The codes are those of the wire and the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum HeartTransducer {
    /// Nothing is plugged in.
    #[default]
    None = 0,
    /// Doppler ultrasound.
    Ultrasound = 1,
    /// Scalp electrode: direct fetal ECG.
    DirectEcg = 2,
    /// Electrodes on the mother.
    MaternalEcg = 3,
    /// Another external source of the mother's rate, such as an oximeter.
    External = 4,
    /// The monitor itself does not know, or sent a reserved code.
    Unknown = 7,
}

impl HeartTransducer {
    /// Reads a wire code; `None` for one that is not listed.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::None,
            1 => Self::Ultrasound,
            2 => Self::DirectEcg,
            3 => Self::MaternalEcg,
            4 => Self::External,
            7 => Self::Unknown,
            _ => return None,
        })
    }

    /// The wire code.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

/// What measures uterine activity. The codes are those of the wire and the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ActivityTransducer {
    /// Nothing is plugged in.
    #[default]
    None = 0,
    /// A belt: timing and duration are true, strength is relative.
    External = 1,
    /// A catheter: mmHg.
    IntraUterine = 2,
    /// The monitor itself does not know, or sent a reserved code.
    Unknown = 7,
}

impl ActivityTransducer {
    /// Reads a wire code; `None` for one that is not listed.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::None,
            1 => Self::External,
            2 => Self::IntraUterine,
            7 => Self::Unknown,
            _ => return None,
        })
    }

    /// The wire code.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

/// The transducer of each channel during one second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Transducers {
    /// Listens to the first fetus.
    pub fhr1: HeartTransducer,
    /// Listens to the second fetus.
    pub fhr2: HeartTransducer,
    /// Listens to the mother.
    pub mhr: HeartTransducer,
    /// Measures uterine activity.
    pub ua: ActivityTransducer,
}
