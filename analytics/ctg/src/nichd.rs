//! NICHD 2008: categories I, II, III (sheet, section 2.2).
//!
//! Recurrence is asked of late and of variable decelerations each by themselves, as the
//! category names them. No least depth is named for a late one.

use crate::assessment::{Why, WhyList};
use crate::finding::{Deceleration, DecelerationKind};
use crate::grading_settings::GradingSettings;
use crate::repetition::Repetition;
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
/// A fall that takes less to its nadir is abrupt, s; confirmed.
const ABRUPT_S: f32 = 30.0;

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
    // A strip younger than the time has fewer minutes to be frequent in.
    let in_window = window.span.ticks() / TICKS_PER_MINUTE;
    let known = (past.minutes.len() as u32).max(in_window).min(settings.recurrent_minutes);
    let repetition =
        |is_such: fn(&Deceleration) -> bool| Repetition::of(window, past, known, is_such);
    let least = settings.recurrent_share;
    let is_recurrent =
        repetition(is_late).is_at_least(least) || repetition(is_variable).is_at_least(least);
    let example = window.decelerations.iter().rfind(|one| is_against(one));
    let is_absent = variability.grade == VariabilityGrade::Absent;
    let is_bradycardic = baseline < *NORMAL_BPM.start();
    if !NORMAL_BPM.contains(&baseline) {
        why.push(Why::NichdBaseline { bpm: baseline });
    }
    if variability.grade != VariabilityGrade::Normal {
        why.push(Why::NichdVariability(variability));
    }
    if let Some(example) = example {
        why.push(match repetition(is_against).share() {
            Some(share) => Why::NichdDecelerations { share, example: example.span },
            None => Why::NichdDecelerationsUncounted { example: example.span },
        });
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

/// Whether it keeps a strip out of category I: all but early ones do.
fn is_against(one: &Deceleration) -> bool {
    one.kind != DecelerationKind::Early
}

/// Whether it is late, or may be; a prolonged one counts by how it falls. Ours: the category
/// names no prolonged ones.
fn is_late(one: &Deceleration) -> bool {
    match one.kind {
        DecelerationKind::Late | DecelerationKind::Unknown => true,
        DecelerationKind::Prolonged => one.fall_s >= ABRUPT_S,
        DecelerationKind::Early | DecelerationKind::Variable => false,
    }
}

/// Whether it is variable; a prolonged one counts by how it falls, as above.
fn is_variable(one: &Deceleration) -> bool {
    one.kind == DecelerationKind::Variable
        || (one.kind == DecelerationKind::Prolonged && one.fall_s < ABRUPT_S)
}
