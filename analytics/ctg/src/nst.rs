//! The non-stress test: reactive or not, for antepartum strips.

use crate::finding::Acceleration;
use crate::grading_settings::GradingSettings;
use crate::tick::TICKS_PER_MINUTE;
use crate::window::{Past, VariabilityGrade, Window};

/// How a non-stress test stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reactivity {
    /// Two accelerations in twenty minutes, and nothing against it.
    Reactive,
    /// Not met yet; forty minutes are not over.
    NotYet,
    /// Forty minutes are over without it.
    NonReactive,
}

impl Reactivity {
    /// A stable English word for files and queries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reactive => "reactive",
            Self::NotYet => "not yet reactive",
            Self::NonReactive => "non-reactive",
        }
    }
}

/// Accelerations that are needed; confirmed.
const ACCELERATIONS_MIN: usize = 2;
/// Minutes within which; confirmed.
const WITHIN_MINUTES: u32 = 20;
/// Minutes after which a strip without them is non-reactive; confirmed: a sleep lasts 20 to 40.
const EXTENDED_MINUTES: usize = 40;
/// A normal baseline, bpm; confirmed.
const NORMAL_BPM: core::ops::RangeInclusive<u16> = 110..=160;

/// How the test stands at the end of a window; `None` before twenty minutes, or where baseline
/// or variability are not known. Accelerations are those of the definition, which knows of
/// thirty-two weeks.
pub(crate) fn reactivity(
    window: &Window<'_>,
    past: &Past<'_>,
    settings: &GradingSettings,
) -> Option<Reactivity> {
    if past.minutes.len() < WITHIN_MINUTES as usize {
        return None;
    }
    let baseline = window.baseline.value()?.bpm;
    let variability = window.variability.value()?.grade;
    let from = window.span.end.saturating_sub(WITHIN_MINUTES * TICKS_PER_MINUTE);
    let newest = &past.minutes[past.minutes.len() - WITHIN_MINUTES as usize..];
    let lost = newest.iter().map(|minute| minute.lost).sum::<f32>() / newest.len() as f32;
    let rises = past.accelerations.iter().filter(|one: &&Acceleration| one.peak >= from).count();
    let has_fall = past.decelerations.iter().any(|one| one.span.end > from);
    let is_met = rises >= ACCELERATIONS_MIN
        && !has_fall
        && NORMAL_BPM.contains(&baseline)
        && variability == VariabilityGrade::Normal
        && lost <= settings.lost_caution;
    Some(match is_met {
        true => Reactivity::Reactive,
        false if past.minutes.len() < EXTENDED_MINUTES => Reactivity::NotYet,
        false => Reactivity::NonReactive,
    })
}
