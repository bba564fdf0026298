//! Ten minutes of a strip, summed up: what a classification looks at.

use crate::finding::{Acceleration, Contraction, Deceleration};
use crate::tick::Span;

/// What is known of the woman and her labour that the strip does not show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// How far she is, whole weeks; under 32 an acceleration is 10 bpm for 10 s.
    pub gestation_weeks: Option<u8>,
    /// Whether a background risk such as growth restriction or placental abnormality is known:
    /// the asterisked cell of the Japanese table is then 4.
    pub has_background_risk: bool,
    /// What measures her contractions.
    pub uterus: Uterus,
}

/// What measures uterine activity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Uterus {
    /// A belt: timing and duration are true, strength is relative.
    #[default]
    External,
    /// A catheter: mmHg.
    IntraUterine,
}

/// A quantity of a window, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Determined<V> {
    /// From this window.
    Here(V),
    /// The last that could be determined, so many seconds before this window's end.
    Carried {
        /// What it was.
        value: V,
        /// How old it is, s; at most 600.
        age_s: u32,
    },
    /// Neither here nor recently.
    Nowhere,
}

impl<V: Copy> Determined<V> {
    /// The value, carried or not.
    #[must_use]
    pub fn value(self) -> Option<V> {
        match self {
            Self::Here(value) | Self::Carried { value, .. } => Some(value),
            Self::Nowhere => None,
        }
    }

    /// Whether it comes from an earlier window.
    #[must_use]
    pub fn is_carried(self) -> bool {
        matches!(self, Self::Carried { .. })
    }
}

/// The baseline of a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BaselineLevel {
    /// Rounded to 5 bpm: this one is graded.
    pub bpm: u16,
    /// The mean before rounding, bpm, for audit.
    pub raw_bpm: f32,
}

impl BaselineLevel {
    /// Rounds a mean to the 5 bpm in which a baseline is told.
    #[must_use]
    pub fn from_raw(raw_bpm: f32) -> Self {
        Self { bpm: ((raw_bpm / 5.0).round().clamp(0.0, 1000.0) * 5.0) as u16, raw_bpm }
    }
}

/// The variability of a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variability {
    /// Bandwidth, bpm: median over valid minutes of the difference of highest and lowest rate.
    pub bandwidth_bpm: f32,
    /// Its grade.
    pub grade: VariabilityGrade,
}

/// The grades of variability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VariabilityGrade {
    /// Not visible.
    Absent,
    /// Visible, up to 5 bpm.
    Decreased,
    /// 6 to 25 bpm.
    Normal,
    /// 26 bpm or more.
    Increased,
}

/// Ten minutes of a strip, or the last ten minutes up to now.
///
/// Times are ticks of the strip. The events are those of the profile `definition` that overlap
/// the window, whole, also where they reach beyond it.
#[derive(Clone, Debug, PartialEq)]
pub struct Window<'a> {
    /// Where it lies.
    pub span: Span,
    /// The baseline.
    pub baseline: Determined<BaselineLevel>,
    /// The variability.
    pub variability: Determined<Variability>,
    /// Whether the sinusoidal pattern, as it counts for grading, is there.
    pub is_sinusoidal: bool,
    /// Mean short-term variation of its minutes, ms; `None` where none could be read.
    pub stv_ms: Option<f32>,
    /// Mean long-term variation of its minutes, ms; likewise.
    pub ltv_ms: Option<f32>,
    /// Share of ticks without a usable fetal rate, 0 to 1.
    pub lost: f32,
    /// Whether uterine activity is recorded.
    pub has_uterine_activity: bool,
    /// Accelerations.
    pub accelerations: &'a [Acceleration],
    /// Decelerations.
    pub decelerations: &'a [Deceleration],
    /// Contractions.
    pub contractions: &'a [Contraction],
}

/// The hour before the end of a window: FIGO and NICHD ask how long and how often.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Past<'a> {
    /// The last minutes before the window's end, oldest first, at most 60; the strip may be
    /// younger.
    pub minutes: &'a [Minute],
    /// Decelerations of the profile `definition` in them.
    pub decelerations: &'a [Deceleration],
    /// Contractions in them.
    pub contractions: &'a [Contraction],
    /// Accelerations of the profile `definition` in them.
    pub accelerations: &'a [Acceleration],
}

/// One minute of the past.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Minute {
    /// Bandwidth outside accelerations and decelerations, bpm; `None` where too little of the
    /// minute is left to tell.
    pub bandwidth_bpm: Option<f32>,
    /// Bandwidth inside decelerations, bpm; `None` where there is none.
    pub bandwidth_in_deceleration_bpm: Option<f32>,
    /// Mean of the baseline, bpm.
    pub baseline_bpm: Option<f32>,
    /// Whether it belongs to a sinusoidal stretch.
    pub is_sinusoidal: bool,
    /// Share of ticks without a usable fetal rate, 0 to 1.
    pub lost: f32,
}
