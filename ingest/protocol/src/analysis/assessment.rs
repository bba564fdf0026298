//! An assessment: the machine's levels of some minutes. Its bytes are in the table of the parent.

use vitals::WallTime;

use super::LABEL_BYTES_MAX;
use super::coded::coded;
use crate::wire::{
    Reader, WireError, label, optional_u16, percent, put_label, put_optional_u16, reserved, span,
};

coded! {
    /// Which minutes an assessment is of.
    AssessmentSpan, "span" {
        /// A block of the clock's ten minutes, for the record. The first of a monitoring begins
        /// when the monitoring did, and says so by its start.
        Block = 1, "block";
        /// The last minutes up to `to`; the next revision moves on.
        Rolling = 2, "rolling";
    }
}

coded! {
    /// Why there is no level.
    Unclassifiable, "reason" {
        /// Too many ticks have no usable rate.
        Lost = 1, "signal lost";
        /// There is no baseline here, nor a recent one.
        Baseline = 2, "baseline undetermined";
        /// There is no variability here, nor a recent one.
        Variability = 3, "variability undetermined";
        /// The table defines no level for this combination.
        NoCell = 4, "not in the table";
        /// The strip is younger than what an assessment needs.
        Short = 5, "strip too short";
    }
}

coded! {
    /// The categories of FIGO 2015.
    Figo, "figo" {
        /// Every feature normal.
        Normal = 1, "normal";
        /// Neither normal nor pathological.
        Suspicious = 2, "suspicious";
        /// A pathological feature.
        Pathological = 3, "pathological";
    }
}

coded! {
    /// The categories of NICHD 2008.
    Nichd, "nichd" {
        /// Category I.
        I = 1, "I";
        /// Category II.
        II = 2, "II";
        /// Category III.
        III = 3, "III";
    }
}

coded! {
    /// How a non-stress test stands.
    Nst, "nst" {
        /// The rule is met.
        Reactive = 1, "reactive";
        /// Not met yet; the time for it is not over.
        NotYet = 2, "not yet reactive";
        /// The time is over without it.
        NonReactive = 3, "non-reactive";
    }
}

coded! {
    /// The grades of variability.
    VariabilityGrade, "variability grade" {
        /// Not visible.
        Absent = 1, "absent";
        /// Visible, up to 5 bpm.
        Decreased = 2, "decreased";
        /// 6 to 25 bpm.
        Normal = 3, "normal";
        /// 26 bpm or more.
        Increased = 4, "increased";
    }
}

/// What must be known beside a level. Bits of the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AssessmentFlags(u16);

impl AssessmentFlags {
    /// The baseline is the last that could be determined, not of these minutes.
    pub const BASELINE_CARRIED: Self = Self(1 << 0);
    /// The variability is the last that could be determined, not of these minutes.
    pub const VARIABILITY_CARRIED: Self = Self(1 << 1);
    /// So much is lost that the reading needs care.
    pub const CAUTION_LOSS: Self = Self(1 << 2);
    /// The shown level differs from the table's and is to be checked: 要確認.
    pub const TO_BE_CHECKED: Self = Self(1 << 3);
    /// No clinical reviewer has signed the table: 分類表：未監修（参考）.
    pub const TABLE_UNREVIEWED: Self = Self(1 << 4);
    /// A background risk is known, which raises the asterisked cell.
    pub const BACKGROUND_RISK: Self = Self(1 << 5);
    /// The sinusoidal pattern holds, as it counts for grading.
    pub const SINUSOIDAL: Self = Self(1 << 6);
    /// Uterine activity is not recorded.
    pub const NO_UTERINE_ACTIVITY: Self = Self(1 << 7);
    /// She is under 32 weeks: accelerations are judged by 10 bpm and 10 s.
    pub const UNDER_32_WEEKS: Self = Self(1 << 8);
    /// Nobody said how far she is: accelerations are judged as from 32 weeks on.
    pub const GESTATION_UNKNOWN: Self = Self(1 << 9);
    /// The analysis read less of the hour before than there was, as after a restart: FIGO, NICHD,
    /// the non-stress test and the rate of contractions rest on that part.
    pub const HISTORY_SHORT: Self = Self(1 << 10);
    /// Nothing.
    pub const NONE: Self = Self(0);
    const KNOWN: u16 = 0x07ff;

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Reads the bits; `None` where one is not listed.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Option<Self> {
        if bits & !Self::KNOWN == 0 { Some(Self(bits)) } else { None }
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

/// One reason of an assessment, as a code. Codes without a name here are reserved, not refused:
/// a reader that does not know one leaves it out.
///
/// ```text
/// 0x01 baseline, graded           value: rounded bpm
/// 0x02 variability, graded        value: quarters of a bpm
/// 0x03 sinusoidal pattern         finding
/// 0x04 baseline carried           value: its age, s
/// 0x05 variability carried        value: its age, s
/// 0x10 no deceleration
/// 0x11 early deceleration         finding; value: nadir, quarters of a bpm, here and below
/// 0x12 variable, mild             finding
/// 0x13 variable, severe           finding
/// 0x14 late, mild                 finding
/// 0x15 late, severe               finding
/// 0x16 prolonged, mild            finding
/// 0x17 prolonged, severe          finding
/// 0x18 unknown, graded as late    finding
/// 0x20 background risk raises the asterisked cell
/// 0x21 display rule: absent is not shown milder than decreased
/// 0x22 increased variability on a bradycardic baseline: graded as normal variability
/// 0x23 the table has no such cell
/// 0x24 individual judgement where a special cause is known: absent variability, no deceleration
/// 0x30 signal lost                value: percent
/// 0x31 baseline undetermined
/// 0x32 variability undetermined
/// 0x33 strip too short            value: s
/// 0x40 FIGO, baseline             value: bpm
/// 0x41 FIGO, variability          value: minutes
/// 0x42 FIGO, decelerations        finding of one; value: how many
/// 0x43 FIGO, sinusoidal           value: minutes
/// 0x50 NICHD, baseline            value: bpm
/// 0x51 NICHD, variability         value: quarters of a bpm
/// 0x52 NICHD, decelerations       finding of one; value: percent of contractions
/// 0x53 NICHD, sinusoidal
/// 0x54 NICHD, decelerations       finding of one; contractions are not recorded
/// 0x60 NST, accelerations         value: how many
/// 0x61 NST, decelerations         finding of one
/// 0x62 NST, signal lost           value: percent
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WhyCode(pub u8);

macro_rules! why_codes {
    ($($name:ident = $code:literal, $word:literal;)+) => {
        #[allow(missing_docs, reason = "the table above says what each means")]
        impl WhyCode {
            $(pub const $name: Self = Self($code);)+

            /// A stable English word for files and queries; `"reserved"` for a code without a
            /// name.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self.0 {
                    $($code => $word,)+
                    _ => "reserved",
                }
            }
        }
    };
}

why_codes! {
    BASELINE = 0x01, "baseline";
    VARIABILITY = 0x02, "variability";
    SINUSOIDAL = 0x03, "sinusoidal";
    BASELINE_CARRIED = 0x04, "baseline carried";
    VARIABILITY_CARRIED = 0x05, "variability carried";
    NO_DECELERATION = 0x10, "no deceleration";
    EARLY = 0x11, "early";
    VARIABLE_MILD = 0x12, "variable mild";
    VARIABLE_SEVERE = 0x13, "variable severe";
    LATE_MILD = 0x14, "late mild";
    LATE_SEVERE = 0x15, "late severe";
    PROLONGED_MILD = 0x16, "prolonged mild";
    PROLONGED_SEVERE = 0x17, "prolonged severe";
    UNKNOWN_AS_LATE = 0x18, "unknown graded as late";
    BACKGROUND_RISK = 0x20, "background risk";
    DISPLAY_RULE = 0x21, "display rule";
    INCREASED_ON_BRADYCARDIA = 0x22, "increased on bradycardia";
    NO_CELL = 0x23, "not in the table";
    SPECIAL_CAUSE = 0x24, "special cause";
    SIGNAL_LOST = 0x30, "signal lost";
    BASELINE_UNDETERMINED = 0x31, "baseline undetermined";
    VARIABILITY_UNDETERMINED = 0x32, "variability undetermined";
    STRIP_TOO_SHORT = 0x33, "strip too short";
    FIGO_BASELINE = 0x40, "figo baseline";
    FIGO_VARIABILITY = 0x41, "figo variability";
    FIGO_DECELERATIONS = 0x42, "figo decelerations";
    FIGO_SINUSOIDAL = 0x43, "figo sinusoidal";
    NICHD_BASELINE = 0x50, "nichd baseline";
    NICHD_VARIABILITY = 0x51, "nichd variability";
    NICHD_DECELERATIONS = 0x52, "nichd decelerations";
    NICHD_SINUSOIDAL = 0x53, "nichd sinusoidal";
    NICHD_DECELERATIONS_UNCOUNTED = 0x54, "nichd decelerations uncounted";
    NST_ACCELERATIONS = 0x60, "nst accelerations";
    NST_DECELERATIONS = 0x61, "nst decelerations";
    NST_SIGNAL_LOST = 0x62, "nst signal lost";
}

/// One reason of an assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Why {
    /// What.
    pub code: WhyCode,
    /// The id of the finding behind it; not 0.
    pub finding: Option<u64>,
    /// A number, as the code says; 0 where it has none.
    pub value: i32,
}

/// Most reasons of one assessment.
pub const WHY_MAX: usize = 12;

/// The machine's levels of some minutes, with what they rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// Which minutes.
    pub span: AssessmentSpan,
    /// Level of the table, 1 to 5; `Err` says why there is none.
    pub jsog: Result<u8, Unclassifiable>,
    /// What the display rule makes of the level, 1 to 5; `None` where none is shown.
    pub jsog_shown: Option<u8>,
    /// Category of FIGO 2015.
    pub figo: Option<Figo>,
    /// Category of NICHD 2008.
    pub nichd: Option<Nichd>,
    /// How a non-stress test stands; `None` where none is asked for.
    pub nst: Option<Nst>,
    /// Grade of the variability.
    pub variability: Option<VariabilityGrade>,
    /// What must be known beside the level.
    pub flags: AssessmentFlags,
    /// Share of ticks without a usable rate, 0 to 100.
    pub lost_percent: u8,
    /// Start of the minutes.
    pub from: WallTime,
    /// Their end; not inside.
    pub to: WallTime,
    /// The graded baseline, bpm, rounded to 5.
    pub baseline_bpm: Option<u16>,
    /// The baseline before rounding, quarters of a bpm.
    pub baseline_quarters: Option<u16>,
    /// Bandwidth of the variability, quarters of a bpm.
    pub bandwidth_quarters: Option<u16>,
    /// Short-term variation, hundredths of a ms.
    pub stv_centims: Option<u16>,
    /// Long-term variation, hundredths of a ms.
    pub ltv_centims: Option<u16>,
    /// Contractions in 10 min, tenths; `None` where they are not recorded.
    pub contractions_tenths: Option<u16>,
    /// Age of a carried baseline, s; 0 where it is not carried.
    pub baseline_age_s: u16,
    /// Age of a carried variability, s; 0 where it is not carried.
    pub variability_age_s: u16,
    /// First 8 bytes of the SHA-256 of the table.
    pub table_hash: [u8; 8],
    /// Version of the table, at most [`LABEL_BYTES_MAX`] bytes.
    pub table_version: String,
    /// Name and version of the engine, at most [`LABEL_BYTES_MAX`] bytes.
    pub engine: String,
    /// The reasons, the weightiest first; at most [`WHY_MAX`].
    pub why: Vec<Why>,
}

impl Assessment {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        let (jsog, reason) = match self.jsog {
            Ok(level) => (level, 0),
            Err(reason) => (0, reason.code()),
        };
        out.extend_from_slice(&[
            self.span.code(),
            jsog,
            self.jsog_shown.unwrap_or(0),
            reason,
            self.figo.map_or(0, Figo::code),
            self.nichd.map_or(0, Nichd::code),
            self.nst.map_or(0, Nst::code),
            self.variability.map_or(0, VariabilityGrade::code),
        ]);
        out.extend_from_slice(&self.flags.0.to_le_bytes());
        out.extend_from_slice(&[self.lost_percent, 0]);
        for time in [self.from, self.to] {
            out.extend_from_slice(&time.0.to_le_bytes());
        }
        for number in [
            self.baseline_bpm,
            self.baseline_quarters,
            self.bandwidth_quarters,
            self.stv_centims,
            self.ltv_centims,
            self.contractions_tenths,
        ] {
            put_optional_u16(out, number);
        }
        out.extend_from_slice(&self.baseline_age_s.to_le_bytes());
        out.extend_from_slice(&self.variability_age_s.to_le_bytes());
        out.extend_from_slice(&self.table_hash);
        put_label(out, &self.table_version, LABEL_BYTES_MAX);
        put_label(out, &self.engine, LABEL_BYTES_MAX);
        let why = &self.why[..self.why.len().min(WHY_MAX)];
        out.push(u8::try_from(why.len()).expect("cut to 12 above"));
        for why in why {
            out.push(why.code.0);
            out.extend_from_slice(&why.finding.unwrap_or(0).to_le_bytes());
            out.extend_from_slice(&why.value.to_le_bytes());
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let span_kind = AssessmentSpan::read(reader)?;
        let jsog = level(reader, "jsog")?;
        let jsog_shown = level(reader, "jsog shown")?;
        let jsog = match (jsog, Unclassifiable::read_optional(reader)?) {
            (Some(level), None) => Ok(level),
            (None, Some(reason)) => Err(reason),
            (_, reason) => {
                let value = reason.map_or(0, Unclassifiable::code).into();
                return Err(WireError::Value { field: "reason", value });
            }
        };
        let figo = Figo::read_optional(reader)?;
        let nichd = Nichd::read_optional(reader)?;
        let nst = Nst::read_optional(reader)?;
        let variability = VariabilityGrade::read_optional(reader)?;
        let flags = reader.u16("flags")?;
        let flags = AssessmentFlags::from_bits(flags)
            .ok_or(WireError::Value { field: "flags", value: flags.into() })?;
        let lost_percent = percent(reader, "lost share")?;
        reserved(reader, 1)?;
        let (from, to) = span(reader)?;
        Ok(Self {
            span: span_kind,
            jsog,
            jsog_shown,
            figo,
            nichd,
            nst,
            variability,
            flags,
            lost_percent,
            from,
            to,
            baseline_bpm: optional_u16(reader, "baseline")?,
            baseline_quarters: optional_u16(reader, "raw baseline")?,
            bandwidth_quarters: optional_u16(reader, "bandwidth")?,
            stv_centims: optional_u16(reader, "short-term variation")?,
            ltv_centims: optional_u16(reader, "long-term variation")?,
            contractions_tenths: optional_u16(reader, "contractions")?,
            baseline_age_s: reader.u16("baseline age")?,
            variability_age_s: reader.u16("variability age")?,
            table_hash: reader.array("table hash")?,
            table_version: label(reader, "table version", LABEL_BYTES_MAX)?,
            engine: label(reader, "engine", LABEL_BYTES_MAX)?,
            why: read_why(reader)?,
        })
    }
}

fn level(reader: &mut Reader<'_>, field: &'static str) -> Result<Option<u8>, WireError> {
    match reader.u8(field)? {
        0 => Ok(None),
        level @ 1..=5 => Ok(Some(level)),
        value => Err(WireError::Value { field, value: value.into() }),
    }
}

fn read_why(reader: &mut Reader<'_>) -> Result<Vec<Why>, WireError> {
    let count = usize::from(reader.u8("why count")?);
    if count > WHY_MAX {
        return Err(WireError::Value { field: "why count", value: count as u64 });
    }
    let mut list = Vec::with_capacity(count);
    for _ in 0..count {
        let code = WhyCode(reader.u8("why")?);
        let finding = Some(reader.u64("finding")?).filter(|id| *id != 0);
        list.push(Why { code, finding, value: reader.i32("value")? });
    }
    Ok(list)
}

// The fullest assessment, as the table of the parent says.
const _: () =
    assert!(84 + 2 * (1 + LABEL_BYTES_MAX) + 1 + WHY_MAX * 13 <= super::PUBLICATION_BYTES_MAX);
