//! FIGO 2015: normal, suspicious, pathological. How long and how often count here.
//!
//! The falls are those of the strip, judged by FIGO's own limits: deeper than 15 bpm and longer
//! than 15 s, prolonged beyond 3 min, late by onset as well (sheet, sections 2.1 and 2.4).
//! Accelerations are not graded.

mod falls;

use crate::assessment::{Why, WhyList};
use crate::grading_settings::GradingSettings;
use crate::tick::{Span, TICKS_PER_MINUTE};
use crate::window::{Minute, Past, Window};

use falls::Falls;

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
/// Minutes of reduced variability within a deceleration that are exceeded; confirmed.
const REDUCED_INSIDE_MINUTES: usize = 3;
/// Minutes of increased variability that are exceeded; confirmed.
const INCREASED_MINUTES: usize = 30;

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
    let (found, minutes) = variability(window, past.minutes, bandwidth);
    at_least(found, Why::FigoVariability { minutes });
    let is_reduced = bandwidth < *NORMAL_BANDWIDTH_BPM.start();
    if let Some((found, count, example)) = Falls::new(window, past, is_reduced, settings).worst() {
        at_least(found, Why::FigoDecelerations { count, example });
    }
    let minutes = run(past.minutes, |minute| minute.is_sinusoidal);
    if minutes > settings.figo_sinusoidal_minutes {
        at_least(Category::Pathological, Why::FigoSinusoidal { minutes });
    } else if window.is_sinusoidal {
        // Its bandwidth may be a normal one; the pattern is none.
        at_least(Category::Suspicious, Why::FigoSinusoidal { minutes });
    }
    Some(category)
}

/// The newest minutes in a row for which something holds; a minute that does not tell neither
/// ends a run nor adds to it.
fn run(minutes: &[Minute], holds: impl Fn(&Minute) -> bool) -> usize {
    minutes.iter().rev().filter(|minute| tells(minute)).take_while(|minute| holds(minute)).count()
}

fn tells(minute: &Minute) -> bool {
    minute.bandwidth_bpm.is_some() || minute.is_sinusoidal
}

/// The category by variability, and for how many minutes it has not been normal.
fn variability(window: &Window<'_>, minutes: &[Minute], bandwidth: f32) -> (Category, usize) {
    let (lowest, highest) = (*NORMAL_BANDWIDTH_BPM.start(), *NORMAL_BANDWIDTH_BPM.end());
    let below = |band: Option<f32>| band.is_some_and(|band| band < lowest);
    let above = |band: Option<f32>| band.is_some_and(|band| band > highest);
    let reduced = run(minutes, |minute| below(minute.bandwidth_bpm));
    let increased = run(minutes, |minute| above(minute.bandwidth_bpm));
    let inside =
        reduced_inside(window, minutes, |minute| below(minute.bandwidth_in_deceleration_bpm));
    if reduced > REDUCED_MINUTES || increased > INCREASED_MINUTES || inside > REDUCED_INSIDE_MINUTES
    {
        return (Category::Pathological, reduced.max(increased).max(inside));
    }
    if NORMAL_BANDWIDTH_BPM.contains(&bandwidth) {
        return (Category::Normal, 0);
    }
    // The newest minute may be a normal one; the window is not.
    let is_off = |minute: &&Minute| below(minute.bandwidth_bpm) || above(minute.bandwidth_bpm);
    let in_window = (window.span.ticks() / TICKS_PER_MINUTE) as usize;
    let known = minutes.iter().rev().filter(|minute| tells(minute)).take(in_window);
    (Category::Suspicious, reduced.max(increased).max(known.filter(is_off).count()))
}

/// The longest row of minutes that are reduced within one long deceleration of the window.
///
/// A minute is the finest grain there is: the part of a fall that still drops or rises is broad
/// and belongs to none of them, so that a row of them is as long as it says.
fn reduced_inside(
    window: &Window<'_>,
    minutes: &[Minute],
    is_reduced: impl Fn(&Minute) -> bool,
) -> usize {
    let newest_end = window.span.end - window.span.end % TICKS_PER_MINUTE;
    let span_of = |at: usize| {
        let behind = (minutes.len() - at) as u32 * TICKS_PER_MINUTE;
        let start = newest_end.saturating_sub(behind);
        Span { start, end: start + TICKS_PER_MINUTE }
    };
    let long = window
        .decelerations
        .iter()
        .filter(|one| one.span.ticks() > REDUCED_INSIDE_MINUTES as u32 * TICKS_PER_MINUTE);
    let rows = long.map(|one| {
        let (mut row, mut longest) = (0, 0);
        for (at, minute) in minutes.iter().enumerate() {
            let holds = is_reduced(minute) && span_of(at).overlap(one.span) > 0;
            row = if holds { row + 1 } else { 0 };
            longest = longest.max(row);
        }
        longest
    });
    rows.max().unwrap_or(0)
}
