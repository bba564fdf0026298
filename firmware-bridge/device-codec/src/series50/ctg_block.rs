//! The `C` block: one second of CTG, as the words of the wire.
//!
//! ```text
//! offset size  field
//!      0    1  43, the type
//!      1    2  status word
//!      3    8  HR1: four ticks of 250 ms, oldest first
//!     11    8  HR2
//!     19    8  MHR
//!     27    4  toco: four ticks, oldest first, halves of a unit
//!     31    2  heart-rate modes
//!     33    1  toco mode
//!     34    1  fetal oxygen saturation
//! ```
//!
//! ```text
//! status, bit 15 the top bit of the first byte
//!   15 monitor on          14 ticks inserted       13 ticks deleted     12 always 0
//!   11 fetal SpO2 is sent  10 reserved              9 telemetry          8 coincidence
//!    7 always 0             6 reserved              5 DECG logic         4 always 0
//!    3 always 0             2 always 0              1 twin offset        0 movement profile
//! tick of a heart rate
//!   15 always 0     14-13 quality: 0 red, 1 yellow, 2 green, 3 reserved
//!   12-11 HR1: fetal movement, 1 moving, 2 and 3 reserved; HR2 and MHR: 0
//!   10-0 quarters of a bpm, 0 blank
//! heart-rate modes
//!   15-13 HR1 mode, 12 HR1 inoperative, 11-9 HR2 mode, 8 HR2 inoperative
//!    7-5 MHR mode, 4 MHR inoperative, 3-0 reserved
//!   HR1, HR2: 0 none, 1 ultrasound, 2 direct ECG, 7 unknown
//!   MHR: 0 none, 3 maternal ECG, 4 external, 7 unknown
//! toco mode
//!    7-4 reserved, 3-1 mode: 0 none, 4 external, 5 intra-uterine, 7 unknown, 0 reserved
//! ```
//!
//! The guide prints a fixed 0 above bit 12 of the modes and defines it as HR1 inoperative all
//! the same; it is read as that. `second` turns a block into readings.

use vitals::{ActivityTransducer, HeartTransducer, Movement, Quality, TICKS_PER_SECOND};

use super::fields::Fields;

/// Bytes of the block after its type character.
const BODY_BYTES: usize = 34;

/// One second of CTG in the words of the wire. Any value of any word is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CtgBlock {
    /// What holds for the whole second.
    pub status: Status,
    /// Heart rate of the first fetus, oldest tick first.
    pub hr1: [HeartSample; TICKS_PER_SECOND],
    /// Heart rate of the second fetus.
    pub hr2: [HeartSample; TICKS_PER_SECOND],
    /// Heart rate of the mother.
    pub mhr: [HeartSample; TICKS_PER_SECOND],
    /// Uterine activity in half units. 0 is a normal value: [`CtgBlock::activity_mode`]
    /// tells whether a transducer is there.
    pub toco: [u8; TICKS_PER_SECOND],
    /// Transducers of the three heart rates; see [`CtgBlock::hr1_mode`] and its like.
    pub heart_modes: u16,
    /// Transducer of uterine activity; see [`CtgBlock::activity_mode`].
    pub toco_mode: u8,
    /// Fetal oxygen saturation; see [`CtgBlock::fetal_saturation_halves`].
    pub saturation: u8,
}

/// The status word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Status(pub u16);

/// One tick of a heart rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct HeartSample(pub u16);

/// What listens on a heart channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HeartMode {
    /// The transducer; [`HeartTransducer::Unknown`] also for a code the channel does not have.
    pub transducer: HeartTransducer,
    /// Whether the monitor calls the channel inoperative.
    pub inoperative: bool,
    /// Whether the code is one the channel does not have.
    pub reserved: bool,
}

/// What measures uterine activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ActivityMode {
    /// The transducer; [`ActivityTransducer::Unknown`] also for a reserved code.
    pub transducer: ActivityTransducer,
    /// Whether the code, or a bit beside it, is reserved.
    pub reserved: bool,
}

/// What a step of the fetal oxygen saturation is: it changed with the revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SaturationScale {
    /// Revision A.01: halves of a percent.
    HalfPercent,
    /// Revision A.02, which has to be asked for: whole percent, 0 is not valid, the top bit
    /// reserved.
    WholePercent,
}

impl Status {
    pub(super) const MONITOR_ON: u16 = 1 << 15;
    pub(super) const TICKS_INSERTED: u16 = 1 << 14;
    pub(super) const TICKS_DELETED: u16 = 1 << 13;
    const SATURATION: u16 = 1 << 11;
    /// The reserved bit that a second with [`vitals::Flags::RESERVED_BIT`] is written with.
    pub(super) const RESERVED: u16 = 1 << 10;
    pub(super) const TELEMETRY: u16 = 1 << 9;
    pub(super) const COINCIDENCE: u16 = 1 << 8;
    pub(super) const DECG_LOGIC: u16 = 1 << 5;
    pub(super) const TWIN_OFFSET: u16 = 1 << 1;
    pub(super) const MOVEMENT_PROFILE: u16 = 1 << 0;
    const DEFINED: u16 = Self::MONITOR_ON
        | Self::TICKS_INSERTED
        | Self::TICKS_DELETED
        | Self::SATURATION
        | Self::TELEMETRY
        | Self::COINCIDENCE
        | Self::DECG_LOGIC
        | Self::TWIN_OFFSET
        | Self::MOVEMENT_PROFILE;

    /// Whether the monitor says that it is on. The M135x set it; others may not.
    #[must_use]
    pub const fn monitor_on(self) -> bool {
        self.0 & Self::MONITOR_ON != 0
    }

    /// Whether the monitor inserted filler ticks to keep time.
    #[must_use]
    pub const fn ticks_inserted(self) -> bool {
        self.0 & Self::TICKS_INSERTED != 0
    }

    /// Whether the monitor deleted ticks to keep time.
    #[must_use]
    pub const fn ticks_deleted(self) -> bool {
        self.0 & Self::TICKS_DELETED != 0
    }

    /// Whether the block carries fetal oxygen saturation (revision A.02 up).
    #[must_use]
    pub const fn saturation_available(self) -> bool {
        self.0 & Self::SATURATION != 0
    }

    /// Whether the transducers are wireless.
    #[must_use]
    pub const fn telemetry(self) -> bool {
        self.0 & Self::TELEMETRY != 0
    }

    /// Whether two channels show the same rate: perhaps one heart on two channels.
    #[must_use]
    pub const fn coincidence(self) -> bool {
        self.0 & Self::COINCIDENCE != 0
    }

    /// Whether the logic that replaces implausible beats of a direct ECG is on.
    #[must_use]
    pub const fn decg_logic(self) -> bool {
        self.0 & Self::DECG_LOGIC != 0
    }

    /// Whether the +20 bpm offset of HR1 for twins is on. Whether the rates of the wire
    /// already hold it is not confirmed: nothing here adds or subtracts it.
    #[must_use]
    pub const fn twin_offset(self) -> bool {
        self.0 & Self::TWIN_OFFSET != 0
    }

    /// Whether the monitor marks fetal movement.
    #[must_use]
    pub const fn movement_profile(self) -> bool {
        self.0 & Self::MOVEMENT_PROFILE != 0
    }

    /// The bits that are set and have no meaning.
    #[must_use]
    pub const fn reserved_bits(self) -> u16 {
        self.0 & !Self::DEFINED
    }
}

impl HeartSample {
    const RATE: u16 = 0x07ff;
    const MOVEMENT_SHIFT: u32 = 11;
    const QUALITY_SHIFT: u32 = 13;
    const TOP: u16 = 1 << 15;

    pub(super) const fn new(quarters: u16, quality: Quality, movement: Movement) -> Self {
        Self(
            quarters & Self::RATE
                | (quality.code() as u16) << Self::QUALITY_SHIFT
                | (movement.bits() as u16) << Self::MOVEMENT_SHIFT,
        )
    }

    /// The rate in quarters of a bpm, 0 to 2047; 0 is a blank trace. The guide ends at 1200.
    #[must_use]
    pub const fn rate_quarters(self) -> u16 {
        self.0 & Self::RATE
    }

    /// How well the monitor heard; [`Quality::Unrated`] for the reserved code.
    #[must_use]
    pub const fn quality(self) -> Quality {
        match self.0 >> Self::QUALITY_SHIFT & 0b11 {
            0 => Quality::Poor,
            1 => Quality::Fair,
            2 => Quality::Good,
            _ => Quality::Unrated,
        }
    }

    /// The fetal movement mark; it has a meaning on HR1 alone.
    #[must_use]
    pub const fn movement(self) -> Movement {
        Movement::from_bits((self.0 >> Self::MOVEMENT_SHIFT & 0b11) as u8)
    }

    /// Whether a reserved bit or code is there that any heart channel has in common.
    const fn has_reserved_bits(self) -> bool {
        self.0 & Self::TOP != 0 || matches!(self.quality(), Quality::Unrated)
    }
}

impl CtgBlock {
    const TOCO_MODE: u8 = 0b0000_1110;
    const MODES_RESERVED: u16 = 0x000f;
    const SATURATION_RESERVED: u8 = 1 << 7;

    /// What listens to the first fetus.
    #[must_use]
    pub const fn hr1_mode(&self) -> HeartMode {
        fetal_mode(self.heart_modes >> 12)
    }

    /// What listens to the second fetus.
    #[must_use]
    pub const fn hr2_mode(&self) -> HeartMode {
        fetal_mode(self.heart_modes >> 8)
    }

    /// What listens to the mother.
    #[must_use]
    pub const fn mhr_mode(&self) -> HeartMode {
        let (transducer, reserved) = match self.heart_modes >> 5 & 0b111 {
            0 => (HeartTransducer::None, false),
            3 => (HeartTransducer::MaternalEcg, false),
            4 => (HeartTransducer::External, false),
            7 => (HeartTransducer::Unknown, false),
            _ => (HeartTransducer::Unknown, true),
        };
        HeartMode { transducer, inoperative: self.heart_modes & 1 << 4 != 0, reserved }
    }

    /// What measures uterine activity.
    #[must_use]
    pub const fn activity_mode(&self) -> ActivityMode {
        let (transducer, unlisted) = match (self.toco_mode & Self::TOCO_MODE) >> 1 {
            0 => (ActivityTransducer::None, false),
            4 => (ActivityTransducer::External, false),
            5 => (ActivityTransducer::IntraUterine, false),
            7 => (ActivityTransducer::Unknown, false),
            _ => (ActivityTransducer::Unknown, true),
        };
        ActivityMode { transducer, reserved: unlisted || self.toco_mode & !Self::TOCO_MODE != 0 }
    }

    /// The fetal oxygen saturation in halves of a percent, where the block carries a valid one.
    #[must_use]
    pub const fn fetal_saturation_halves(&self, scale: SaturationScale) -> Option<u8> {
        match (scale, self.saturation) {
            (_, 0) => None,
            (SaturationScale::HalfPercent, halves @ 1..=200) => Some(halves),
            (SaturationScale::WholePercent, percent @ 1..=100)
                if self.status.saturation_available() =>
            {
                Some(percent * 2)
            }
            _ => None,
        }
    }

    /// Whether the block holds a reserved bit or code anywhere. Such a block is used all the
    /// same; a later revision may have given the bit a meaning.
    #[must_use]
    pub fn has_reserved_bits(&self) -> bool {
        let fetal =
            |sample: &HeartSample| sample.has_reserved_bits() || sample.movement().bits() > 1;
        let other =
            |sample: &HeartSample| sample.has_reserved_bits() || sample.movement().bits() > 0;
        self.status.reserved_bits() != 0
            || self.hr1.iter().any(fetal)
            || self.hr2.iter().chain(&self.mhr).any(other)
            || self.heart_modes & Self::MODES_RESERVED != 0
            || [self.hr1_mode(), self.hr2_mode(), self.mhr_mode()].iter().any(|mode| mode.reserved)
            || self.activity_mode().reserved
            || self.status.saturation_available()
                && self.saturation & Self::SATURATION_RESERVED != 0
    }

    /// The block after its type character.
    pub(super) fn to_body(self) -> [u8; BODY_BYTES] {
        let samples = [self.hr1, self.hr2, self.mhr];
        let rates = samples.as_flattened().iter().flat_map(|sample| sample.0.to_be_bytes());
        let bytes = (self.status.0.to_be_bytes().into_iter())
            .chain(rates)
            .chain(self.toco)
            .chain(self.heart_modes.to_be_bytes())
            .chain([self.toco_mode, self.saturation]);
        let mut body = [0; BODY_BYTES];
        for (slot, byte) in body.iter_mut().zip(bytes) {
            *slot = byte;
        }
        body
    }

    /// Reads the block after its type character; `None` for another length.
    pub(super) fn from_body(mut fields: Fields<'_>) -> Option<Self> {
        let block = Self {
            status: Status(fields.word()?),
            hr1: fields.words()?.map(HeartSample),
            hr2: fields.words()?.map(HeartSample),
            mhr: fields.words()?.map(HeartSample),
            toco: fields.bytes()?,
            heart_modes: fields.word()?,
            toco_mode: fields.byte()?,
            saturation: fields.byte()?,
        };
        fields.end_with(block)
    }
}

/// Reads the lowest four bits: three of mode, one of inoperative.
const fn fetal_mode(bits: u16) -> HeartMode {
    let (transducer, reserved) = match bits >> 1 & 0b111 {
        0 => (HeartTransducer::None, false),
        1 => (HeartTransducer::Ultrasound, false),
        2 => (HeartTransducer::DirectEcg, false),
        7 => (HeartTransducer::Unknown, false),
        _ => (HeartTransducer::Unknown, true),
    };
    HeartMode { transducer, inoperative: bits & 1 != 0, reserved }
}
