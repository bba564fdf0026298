//! The non-stress test: reactive or not, for antepartum strips (sheet, section 2.6).

use crate::assessment::{Why, WhyList};
use crate::grading_settings::GradingSettings;
use crate::tick::{Span, TICKS_PER_MINUTE};
use crate::window::{Minute, Past, VariabilityGrade, Window};

/// How a non-stress test stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reactivity {
    /// Two accelerations in twenty minutes, and nothing against it.
    Reactive,
    /// Not met now; forty minutes are not over since it was, or too much of them is lost to say
    /// that it was not.
    NotYet,
    /// Forty minutes are over in which it never was met.
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
const EXTENDED_MINUTES: u32 = 40;
/// A normal baseline, bpm; confirmed.
const NORMAL_BPM: core::ops::RangeInclusive<u16> = 110..=160;

/// How the test stands at the end of a window; `None` before twenty minutes, or where baseline
/// or variability are not known. Accelerations are those of the definition, which knows of
/// thirty-two weeks.
///
/// Whether it was met earlier is judged by accelerations and decelerations alone.
pub(crate) fn reactivity(
    window: &Window<'_>,
    past: &Past<'_>,
    settings: &GradingSettings,
    why: &mut WhyList,
) -> Option<Reactivity> {
    if past.minutes.len() < WITHIN_MINUTES as usize {
        return None;
    }
    let baseline = window.baseline.value()?.bpm;
    let variability = window.variability.value()?.grade;
    let end = window.span.end;
    let now = Twenty::before(end, past);
    let lost = lost(past.minutes, WITHIN_MINUTES);
    let is_met = now.is_met()
        && NORMAL_BPM.contains(&baseline)
        && variability == VariabilityGrade::Normal
        && lost <= settings.nst_lost_max;
    if is_met {
        return Some(Reactivity::Reactive);
    }
    if now.rises < ACCELERATIONS_MIN {
        why.push(Why::NstAccelerations { count: now.rises });
    }
    if let Some(example) = now.fall {
        why.push(Why::NstDecelerations { example });
    }
    if lost > settings.nst_lost_max {
        why.push(Why::NstLost { share: lost });
    }
    let earlier = 1..=EXTENDED_MINUTES - WITHIN_MINUTES;
    let was_met = earlier
        .map(|minutes| end.saturating_sub(minutes * TICKS_PER_MINUTE))
        .any(|end| Twenty::before(end, past).is_met());
    let is_over = past.minutes.len() >= EXTENDED_MINUTES as usize;
    let is_told = self::lost(past.minutes, EXTENDED_MINUTES) <= settings.nst_lost_max;
    Some(if is_over && is_told && !was_met { Reactivity::NonReactive } else { Reactivity::NotYet })
}

/// What twenty minutes show.
struct Twenty {
    rises: usize,
    fall: Option<Span>,
}

impl Twenty {
    /// The twenty minutes before a tick; an acceleration belongs where its peak is.
    fn before(end: u32, past: &Past<'_>) -> Self {
        let span = Span { start: end.saturating_sub(WITHIN_MINUTES * TICKS_PER_MINUTE), end };
        let rises = past.accelerations.iter().filter(|one| span.contains(one.peak)).count();
        let fall = past.decelerations.iter().map(|one| one.span).rfind(|it| it.overlap(span) > 0);
        Self { rises, fall }
    }

    fn is_met(&self) -> bool {
        self.rises >= ACCELERATIONS_MIN && self.fall.is_none()
    }
}

/// Mean share lost of the newest minutes, at most so many.
fn lost(minutes: &[Minute], newest: u32) -> f32 {
    let newest = &minutes[minutes.len().saturating_sub(newest as usize)..];
    let sum = newest.iter().map(|minute| f64::from(minute.lost)).sum::<f64>();
    (sum / newest.len().max(1) as f64) as f32
}
