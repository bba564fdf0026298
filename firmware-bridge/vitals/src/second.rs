//! One second of one monitor: four ticks of every channel.

use crate::channel::Transducers;
use crate::reading::{Absence, Reading};
use crate::unit::{Activity, Bpm};

/// Ticks in a second: the devices count 250 ms.
pub const TICKS_PER_SECOND: usize = 4;

/// Everything a monitor says about one second, oldest tick first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Second {
    /// Heart rate of the first fetus.
    pub fhr1: [Reading<Bpm>; TICKS_PER_SECOND],
    /// Heart rate of the second fetus.
    pub fhr2: [Reading<Bpm>; TICKS_PER_SECOND],
    /// Heart rate of the mother.
    pub mhr: [Reading<Bpm>; TICKS_PER_SECOND],
    /// Uterine activity.
    pub ua: [Reading<Activity>; TICKS_PER_SECOND],
    /// Fetal movement as the monitor marks it; meaningful with [`Flags::MOVEMENT_PROFILE`].
    pub movement: [Movement; TICKS_PER_SECOND],
    /// The transducer of each channel.
    pub transducers: Transducers,
    /// What holds for the whole second.
    pub flags: Flags,
}

impl Second {
    /// A second in which every channel is absent for one reason.
    #[must_use]
    pub const fn absent(why: Absence) -> Self {
        Self {
            fhr1: [Reading::Absent(why); TICKS_PER_SECOND],
            fhr2: [Reading::Absent(why); TICKS_PER_SECOND],
            mhr: [Reading::Absent(why); TICKS_PER_SECOND],
            ua: [Reading::Absent(why); TICKS_PER_SECOND],
            movement: [Movement::NONE; TICKS_PER_SECOND],
            transducers: Transducers {
                fhr1: crate::HeartTransducer::None,
                fhr2: crate::HeartTransducer::None,
                mhr: crate::HeartTransducer::None,
                ua: crate::ActivityTransducer::None,
            },
            flags: Flags::NONE,
        }
    }
}

/// A fetal movement mark of one tick, two bits as the device sends them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Movement(u8);

impl Movement {
    /// No movement, or the profile is off.
    pub const NONE: Self = Self(0);
    /// Movement.
    pub const MOVING: Self = Self(1);

    /// Reads the two bits; higher bits are cut off. Codes 2 and 3 are reserved and kept.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & 0b11)
    }

    /// The two bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether the device marks a movement.
    #[must_use]
    pub const fn is_moving(self) -> bool {
        self.0 == 1
    }
}

/// What holds for a whole second. The bits are those of the wire and the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u16);

impl Flags {
    /// Nothing to say.
    pub const NONE: Self = Self(0);
    /// Two channels show the same rate: perhaps one heart on two channels.
    pub const COINCIDENCE: Self = Self(1 << 0);
    /// The monitor's +20 bpm twin offset is on. Whether the values on the wire already hold
    /// it is not confirmed; show the flag, add and subtract nothing.
    pub const TWIN_OFFSET: Self = Self(1 << 1);
    /// The monitor marks fetal movement.
    pub const MOVEMENT_PROFILE: Self = Self(1 << 2);
    /// The transducers are wireless.
    pub const TELEMETRY: Self = Self(1 << 3);
    /// The logic that replaces implausible beats of a direct ECG is on.
    pub const DECG_LOGIC: Self = Self(1 << 4);
    /// The monitor inserted filler ticks to keep time.
    pub const TICKS_INSERTED: Self = Self(1 << 5);
    /// The monitor dropped ticks to keep time.
    pub const TICKS_DELETED: Self = Self(1 << 6);
    /// Somebody pressed the event marker since the second before.
    pub const EVENT_MARK: Self = Self(1 << 7);
    /// A reserved bit of the device's status was set.
    pub const RESERVED_BIT: Self = Self(1 << 8);
    /// The bridge refused seconds before this one because its spool was full.
    pub const REFUSED_BEFORE: Self = Self(1 << 9);

    /// All bits that have a meaning.
    pub const KNOWN: Self = Self((1 << 10) - 1);

    /// Reads the bits; `None` where one without a meaning is set.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Option<Self> {
        if bits & !Self::KNOWN.0 == 0 { Some(Self(bits)) } else { None }
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Whether every bit of `other` is set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// These and those.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
