//! FIGO 2015: normal, suspicious, pathological. How long and how often count here.

use crate::assessment::{Why, WhyList};
use crate::finding::{Deceleration, DecelerationKind};
use crate::grading_settings::GradingSettings;
use crate::tick::TICKS_PER_MINUTE;
use crate::window::{Minute, Past, Window};

/// The categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Every feature normal.
    Normal,
    /// Neither normal nor pathological.
    Suspicious,
    /// A pathological feature.
    Pathological,
}

impl Category {
    /// A stable English word for files and queries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Suspicious => "suspicious",
            Self::Pathological => "pathological",
        }
    }
}

/// A baseline below is pathological, bpm; confirmed.
const PATHOLOGICAL_BELOW_BPM: u16 = 100;
/// A normal baseline, bpm; confirmed.
const NORMAL_BPM: core::ops::RangeInclusive<u16> = 110..=160;
/// Normal variability, bpm; confirmed.
const NORMAL_BANDWIDTH_BPM: core::ops::RangeInclusive<f32> = 5.0..=25.0;
/// Minutes of reduced variability that are exceeded; confirmed.
const REDUCED_MINUTES: usize = 50;
/// Minutes of reduced variability within decelerations that are exceeded; confirmed.
const REDUCED_INSIDE_MINUTES: usize = 3;
/// Minutes of increased variability that are exceeded; confirmed.
const INCREASED_MINUTES: usize = 30;
/// A single deceleration longer than this is pathological, s; confirmed.
const SINGLE_S: f32 = 300.0;
/// FIGO calls a deceleration prolonged beyond this, s; confirmed.
const PROLONGED_S: f32 = 180.0;
/// Minutes of repetitive late or prolonged decelerations that are exceeded; confirmed.
const REPETITIVE_MINUTES: u32 = 30;
/// The same where variability is reduced; confirmed.
const REPETITIVE_REDUCED_MINUTES: u32 = 20;

/// The category at the end of a window; `None` where baseline or variability are not known.
pub(crate) fn category(
    window: &Window<'_>,
    past: &Past<'_>,
    settings: &GradingSettings,
    why: &mut WhyList,
) -> Option<Category> {
    let baseline = window.baseline.value()?.bpm;
    let bandwidth = window.variability.value()?.bandwidth_bpm;
    let mut category = Category::Normal;
    let mut at_least = |found: Category, reason: Why| {
        if found > Category::Normal {
            why.push(reason);
        }
        category = category.max(found);
    };
    let found = match baseline {
        ..PATHOLOGICAL_BELOW_BPM => Category::Pathological,
        bpm if NORMAL_BPM.contains(&bpm) => Category::Normal,
        _ => Category::Suspicious,
    };
    at_least(found, Why::FigoBaseline { bpm: baseline });
    let (found, minutes) = variability(past.minutes, bandwidth);
    at_least(found, Why::FigoVariability { minutes });
    let is_reduced = bandwidth < *NORMAL_BANDWIDTH_BPM.start();
    if let Some((found, count, example)) = decelerations(window, past, is_reduced) {
        at_least(found, Why::FigoDecelerations { count, example: example.span });
    }
    let swinging = run(past.minutes, |minute| minute.is_sinusoidal);
    if swinging > settings.figo_sinusoidal_minutes {
        at_least(Category::Pathological, Why::FigoSinusoidal { minutes: swinging });
    }
    Some(category)
}

/// The newest minutes in a row for which something holds; a minute that does not tell neither
/// ends a run nor adds to it.
fn run(minutes: &[Minute], holds: impl Fn(&Minute) -> bool) -> usize {
    let mut count = 0;
    for minute in minutes.iter().rev() {
        if minute.bandwidth_bpm.is_none() && !minute.is_sinusoidal {
            continue;
        }
        if !holds(minute) {
            break;
        }
        count += 1;
    }
    count
}

fn variability(minutes: &[Minute], bandwidth: f32) -> (Category, usize) {
    let (lowest, highest) = (*NORMAL_BANDWIDTH_BPM.start(), *NORMAL_BANDWIDTH_BPM.end());
    let below = |band: Option<f32>| band.is_some_and(|band| band < lowest);
    let reduced = run(minutes, |minute| below(minute.bandwidth_bpm));
    let increased = run(minutes, |minute| minute.bandwidth_bpm.is_some_and(|band| band > highest));
    let inside = minutes.iter().rev().take_while(|m| below(m.bandwidth_in_deceleration_bpm));
    let inside = inside.count();
    if reduced > REDUCED_MINUTES || increased > INCREASED_MINUTES || inside > REDUCED_INSIDE_MINUTES
    {
        return (Category::Pathological, reduced.max(increased).max(inside));
    }
    if NORMAL_BANDWIDTH_BPM.contains(&bandwidth) {
        (Category::Normal, 0)
    } else {
        (Category::Suspicious, reduced.max(increased))
    }
}

fn decelerations(
    window: &Window<'_>,
    past: &Past<'_>,
    is_reduced: bool,
) -> Option<(Category, usize, Deceleration)> {
    let longest = window.decelerations.iter().max_by_key(|one| one.span.ticks())?;
    if longest.span.seconds() > SINGLE_S {
        return Some((Category::Pathological, 1, *longest));
    }
    let minutes = if is_reduced { REPETITIVE_REDUCED_MINUTES } else { REPETITIVE_MINUTES };
    let is_grave = |one: &Deceleration| {
        matches!(one.kind, DecelerationKind::Late | DecelerationKind::Unknown)
            || one.span.seconds() > PROLONGED_S
    };
    if past.minutes.len() as u32 >= minutes && is_repetitive(window, past, minutes, is_grave) {
        return Some((Category::Pathological, past.decelerations.len(), *longest));
    }
    let is_any = is_repetitive(window, past, window.span.ticks() / TICKS_PER_MINUTE, |_| true);
    is_any.then_some((Category::Suspicious, window.decelerations.len(), *longest))
}

/// Whether such decelerations come with more than half of the contractions of the last
/// minutes; where none are recorded, with two or more in every ten minutes.
fn is_repetitive(
    window: &Window<'_>,
    past: &Past<'_>,
    minutes: u32,
    is_such: impl Fn(&Deceleration) -> bool,
) -> bool {
    let from = window.span.end.saturating_sub(minutes * TICKS_PER_MINUTE);
    let count = past.decelerations.iter().filter(|one| one.nadir >= from && is_such(one)).count();
    let contractions = past.contractions.iter().filter(|one| one.peak >= from).count();
    if window.has_uterine_activity && contractions > 0 {
        2 * count > contractions
    } else {
        count >= 2 && 5 * count as u32 >= minutes
    }
}
