//! A finding: an event or an artefact on the strip. Its bytes are in the table of the parent.

use vitals::WallTime;

use super::coded::coded;
use crate::wire::{
    Reader, WireError, optional_u16, percent, put_optional_u16, reserved, span, within,
};

coded! {
    /// What was found, in the order of the wire codes.
    FindingKind, "finding" {
        /// A rise over the baseline.
        Acceleration = 0x01, "acceleration";
        /// A gradual fall that coincides with a contraction.
        DecelerationEarly = 0x10, "early deceleration";
        /// An abrupt fall.
        DecelerationVariable = 0x11, "variable deceleration";
        /// A gradual fall behind its contraction.
        DecelerationLate = 0x12, "late deceleration";
        /// A fall of 2 min to less than 10 min.
        DecelerationProlonged = 0x13, "prolonged deceleration";
        /// A gradual fall without contractions to judge it by; graded as late.
        DecelerationUnknown = 0x14, "unknown deceleration";
        /// A contraction of the uterus.
        Contraction = 0x20, "contraction";
        /// The fetal channel shows twice the true rate.
        Doubled = 0x30, "doubled";
        /// The fetal channel shows half the true rate.
        Halved = 0x31, "halved";
        /// A few ticks far off their neighbours.
        Spike = 0x32, "spike";
        /// The fetal channel shows the maternal rate.
        MaternalCoincidence = 0x33, "maternal coincidence";
        /// The fetal channel shows twice the maternal rate.
        MaternalDoubled = 0x34, "maternal doubled";
        /// The sinusoidal pattern.
        Sinusoidal = 0x40, "sinusoidal";
    }
}

coded! {
    /// The two degrees of a deceleration in the Japanese table.
    Severity, "severity" {
        /// Not severe.
        Mild = 1, "mild";
        /// Severe, as its kind defines it.
        Severe = 2, "severe";
    }
}

/// Which readings of the strip count a finding in. Bits of the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Profiles(u8);

impl Profiles {
    /// By the written definitions; these grade the levels.
    pub const DEFINITION: Self = Self(1 << 0);
    /// What experts would mark.
    pub const EXPERT: Self = Self(1 << 1);
    /// No reading.
    pub const NONE: Self = Self(0);
    const KNOWN: u8 = 0b11;

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// These and those.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every bit of `other` is set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// An event or an artefact on the strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// Mild or severe, where the kind has the two.
    pub severity: Option<Severity>,
    /// Who counts it in.
    pub profiles: Profiles,
    /// How sure the analysis is that an expert would mark it, 0 to 100.
    pub likelihood_percent: u8,
    /// Share of its ticks without a value, 0 to 100.
    pub lost_percent: u8,
    /// Peak or nadir in quarters of a bpm; of a contraction, its height over the resting
    /// tone in half units.
    pub value: Option<u16>,
    /// How far the value lies from the baseline there, quarters of a bpm.
    pub depth_quarters: Option<u16>,
    /// Of a deceleration: from the start to the first bottom, ticks of 250 ms.
    pub fall_ticks: Option<u16>,
    /// Between baseline and rate, bpm·s; 0 where it has none.
    pub area_bpm_s: u32,
    /// Its start.
    pub from: WallTime,
    /// Its end; not inside.
    pub to: WallTime,
    /// When the value was, within `from..=to`.
    pub extreme_at: WallTime,
    /// `extreme_at` less the peak of its contraction, ms.
    pub lag_ms: Option<i32>,
    /// The id of the contraction it is judged against; not 0.
    pub contraction: Option<u64>,
}

/// What the lag holds where there is none.
const NO_LAG: i32 = i32::MIN;

impl Finding {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        let severity = self.severity.map_or(0, Severity::code);
        out.extend_from_slice(&[
            self.kind.code(),
            severity,
            self.profiles.0,
            self.likelihood_percent,
            self.lost_percent,
            0,
        ]);
        put_optional_u16(out, self.value);
        put_optional_u16(out, self.depth_quarters);
        put_optional_u16(out, self.fall_ticks);
        out.extend_from_slice(&self.area_bpm_s.to_le_bytes());
        for time in [self.from, self.to, self.extreme_at] {
            out.extend_from_slice(&time.0.to_le_bytes());
        }
        out.extend_from_slice(&self.lag_ms.unwrap_or(NO_LAG).to_le_bytes());
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&self.contraction.unwrap_or(0).to_le_bytes());
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let kind = FindingKind::read(reader)?;
        let severity = Severity::read_optional(reader)?;
        let profiles = reader.u8("profiles")?;
        if profiles & !Profiles::KNOWN != 0 {
            return Err(WireError::Value { field: "profiles", value: profiles.into() });
        }
        let likelihood_percent = percent(reader, "likelihood")?;
        let lost_percent = percent(reader, "lost share")?;
        reserved(reader, 1)?;
        let value = optional_u16(reader, "value")?;
        let depth_quarters = optional_u16(reader, "depth")?;
        let fall_ticks = optional_u16(reader, "fall")?;
        let area_bpm_s = reader.u32("area")?;
        let (from, to) = span(reader)?;
        let extreme_at = within(WallTime(reader.i64("extreme_at")?), from, to)?;
        let lag_ms = Some(reader.i32("lag")?).filter(|lag| *lag != NO_LAG);
        reserved(reader, 4)?;
        let contraction = Some(reader.u64("contraction")?).filter(|id| *id != 0);
        Ok(Self {
            kind,
            severity,
            profiles: Profiles(profiles),
            likelihood_percent,
            lost_percent,
            value,
            depth_quarters,
            fall_ticks,
            area_bpm_s,
            from,
            to,
            extreme_at,
            lag_ms,
            contraction,
        })
    }
}
