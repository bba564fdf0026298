//! NICHD 2008: categories I, II, III.

use crate::assessment::{Why, WhyList};
use crate::finding::{Deceleration, DecelerationKind};
use crate::grading_settings::GradingSettings;
use crate::tick::TICKS_PER_MINUTE;
use crate::window::{Past, VariabilityGrade, Window};

/// The categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Normal.
    I,
    /// Everything else.
    II,
    /// Abnormal.
    III,
}

impl Category {
    /// A stable word for files and queries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::I => "I",
            Self::II => "II",
            Self::III => "III",
        }
    }
}

/// A normal baseline, bpm; confirmed.
const NORMAL_BPM: core::ops::RangeInclusive<u16> = 110..=160;

/// The category of a window; `None` where baseline or variability are not known.
pub(crate) fn category(
    window: &Window<'_>,
    past: &Past<'_>,
    settings: &GradingSettings,
    why: &mut WhyList,
) -> Option<Category> {
    let baseline = window.baseline.value()?.bpm;
    let variability = window.variability.value()?;
    if window.is_sinusoidal {
        why.push(Why::NichdSinusoidal);
        return Some(Category::III);
    }
    let is_late_or_variable = |one: &Deceleration| one.kind != DecelerationKind::Early;
    let share = share_of_contractions(window, past, settings, is_late_or_variable);
    let example = window.decelerations.iter().rfind(|one| is_late_or_variable(one));
    let is_recurrent = share.is_some_and(|share| share >= settings.recurrent_share);
    let is_absent = variability.grade == VariabilityGrade::Absent;
    let is_bradycardic = baseline < *NORMAL_BPM.start();
    if !NORMAL_BPM.contains(&baseline) {
        why.push(Why::NichdBaseline { bpm: baseline });
    }
    if variability.grade != VariabilityGrade::Normal {
        why.push(Why::NichdVariability { bandwidth_bpm: variability.bandwidth_bpm });
    }
    if let Some(example) = example {
        let share = share.unwrap_or(0.0);
        why.push(Why::NichdDecelerations { share, example: example.span });
    }
    let is_normal = NORMAL_BPM.contains(&baseline)
        && variability.grade == VariabilityGrade::Normal
        && example.is_none();
    Some(match () {
        () if is_absent && (is_bradycardic || is_recurrent) => Category::III,
        () if is_normal => Category::I,
        () => Category::II,
    })
}

/// Share of the contractions of the last minutes with such a deceleration; `None` where none
/// are recorded.
fn share_of_contractions(
    window: &Window<'_>,
    past: &Past<'_>,
    settings: &GradingSettings,
    is_such: impl Fn(&Deceleration) -> bool,
) -> Option<f32> {
    let ticks = settings.recurrent_minutes * TICKS_PER_MINUTE;
    let from = window.span.end.saturating_sub(ticks);
    let contractions = past.contractions.iter().filter(|one| one.peak >= from).count();
    let falls = past.decelerations.iter().filter(|one| one.nadir >= from && is_such(one)).count();
    let is_told = window.has_uterine_activity && contractions > 0;
    is_told.then(|| (falls as f32 / contractions as f32).min(1.0))
}
