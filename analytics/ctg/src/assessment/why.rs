//! One reason of an assessment, as data; sentences are made where they are shown.

mod sentence;

use crate::finding::DecelerationKind;
use crate::jsog::Column;
use crate::tick::Span;
use crate::window::{BaselineLevel, Variability};

/// One reason.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the sentences say what each means")]
pub enum Why {
    Baseline(BaselineLevel),
    Variability(Variability),
    Sinusoidal,
    BaselineCarried { age_s: u32 },
    VariabilityCarried { age_s: u32 },
    NoDeceleration,
    Deceleration { column: Column, kind: DecelerationKind, span: Span, nadir_bpm: f32 },
    BackgroundRisk,
    DisplayRule,
    IncreasedOnBradycardia,
    NoCell,
    SpecialCause,
    Lost { share: f32 },
    BaselineUndetermined,
    VariabilityUndetermined,
    Short { seconds: f32 },
    FigoBaseline { bpm: u16 },
    FigoVariability { minutes: usize },
    FigoDecelerations { count: usize, example: Span },
    FigoSinusoidal { minutes: usize },
    NichdBaseline { bpm: u16 },
    NichdVariability(Variability),
    NichdDecelerations { share: f32, example: Span },
    NichdSinusoidal,
    NichdDecelerationsUncounted { example: Span },
    NstAccelerations { count: usize },
    NstDecelerations { example: Span },
    NstLost { share: f32 },
}

/// A stable English word for files and queries.
pub type WhyWord = &'static str;

impl Why {
    /// A stable English word for files and queries; on the wire the reason has the same.
    #[must_use]
    pub const fn word(&self) -> WhyWord {
        match self {
            Self::Baseline(_) => "baseline",
            Self::Variability(_) => "variability",
            Self::Sinusoidal => "sinusoidal",
            Self::BaselineCarried { .. } => "baseline carried",
            Self::VariabilityCarried { .. } => "variability carried",
            Self::NoDeceleration => "no deceleration",
            Self::Deceleration { kind: DecelerationKind::Unknown, .. } => "unknown graded as late",
            Self::Deceleration { column, .. } => match column {
                Column::None => "no deceleration",
                Column::Early => "early",
                Column::VariableMild => "variable mild",
                Column::VariableSevere => "variable severe",
                Column::LateMild => "late mild",
                Column::LateSevere => "late severe",
                Column::ProlongedMild => "prolonged mild",
                Column::ProlongedSevere => "prolonged severe",
            },
            Self::BackgroundRisk => "background risk",
            Self::DisplayRule => "display rule",
            Self::IncreasedOnBradycardia => "increased on bradycardia",
            Self::NoCell => "not in the table",
            Self::SpecialCause => "special cause",
            Self::Lost { .. } => "signal lost",
            Self::BaselineUndetermined => "baseline undetermined",
            Self::VariabilityUndetermined => "variability undetermined",
            Self::Short { .. } => "strip too short",
            Self::FigoBaseline { .. } => "figo baseline",
            Self::FigoVariability { .. } => "figo variability",
            Self::FigoDecelerations { .. } => "figo decelerations",
            Self::FigoSinusoidal { .. } => "figo sinusoidal",
            Self::NichdBaseline { .. } => "nichd baseline",
            Self::NichdVariability { .. } => "nichd variability",
            Self::NichdDecelerations { .. } => "nichd decelerations",
            Self::NichdSinusoidal => "nichd sinusoidal",
            Self::NichdDecelerationsUncounted { .. } => "nichd decelerations uncounted",
            Self::NstAccelerations { .. } => "nst accelerations",
            Self::NstDecelerations { .. } => "nst decelerations",
            Self::NstLost { .. } => "nst signal lost",
        }
    }

    /// Where the finding behind it lies, where there is one.
    #[must_use]
    pub const fn finding(&self) -> Option<Span> {
        match *self {
            Self::Deceleration { span, .. } => Some(span),
            Self::FigoDecelerations { example, .. }
            | Self::NichdDecelerations { example, .. }
            | Self::NichdDecelerationsUncounted { example }
            | Self::NstDecelerations { example } => Some(example),
            _ => None,
        }
    }
}

/// The reasons of an assessment, the weightiest first; no heap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WhyList {
    items: [Why; Self::MAX],
    len: usize,
}

impl Default for WhyList {
    fn default() -> Self {
        Self { items: [Why::NoDeceleration; Self::MAX], len: 0 }
    }
}

impl WhyList {
    /// Most reasons of one assessment; what comes after is left out.
    pub const MAX: usize = 12;
    /// Most reasons of a kind that can be many: room is left for the others.
    const MANY_MAX: usize = 4;

    pub(crate) fn push(&mut self, why: Why) {
        if let Some(place) = self.items.get_mut(self.len) {
            *place = why;
            self.len += 1;
        }
    }

    pub(crate) fn push_one_of_many(&mut self, why: Why) {
        if self.len < Self::MANY_MAX {
            self.push(why);
        }
    }

    /// The reasons.
    #[must_use]
    pub fn as_slice(&self) -> &[Why] {
        &self.items[..self.len]
    }
}

impl FromIterator<Why> for WhyList {
    /// The first [`WhyList::MAX`] of them.
    fn from_iter<I: IntoIterator<Item = Why>>(reasons: I) -> Self {
        let mut list = Self::default();
        reasons.into_iter().take(Self::MAX).for_each(|why| list.push(why));
        list
    }
}
