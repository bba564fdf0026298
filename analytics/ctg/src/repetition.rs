//! How often falls come: what "repetitive" (FIGO) and "recurrent" (NICHD) count.

use crate::finding::Deceleration;
use crate::tick::{Span, TICKS_PER_MINUTE};
use crate::window::{Past, Window};

/// Falls in ten minutes that stand in for a share of contractions where none are recorded:
/// about every second of the four that are usual in labour. Design.
const PER_10_MIN_UNRECORDED: u32 = 2;

/// Falls and contractions of the last minutes before the end of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repetition {
    falls: u32,
    /// `None` where contractions are not recorded, or none came.
    contractions: Option<u32>,
    minutes: u32,
}

impl Repetition {
    /// Counts such falls and the contractions; each belongs where its nadir or peak is.
    pub fn of(
        window: &Window<'_>,
        past: &Past<'_>,
        minutes: u32,
        is_such: impl Fn(&Deceleration) -> bool,
    ) -> Self {
        let within = last(window, minutes);
        let falls = past.decelerations.iter().filter(|one| within.contains(one.nadir));
        let peaks = past.contractions.iter().filter(|one| within.contains(one.peak)).count();
        Self {
            falls: falls.filter(|one| is_such(one)).count() as u32,
            contractions: (window.has_uterine_activity && peaks > 0).then_some(peaks as u32),
            minutes,
        }
    }

    /// Share of the contractions with such a fall, at most 1; `None` where they are not known.
    pub fn share(self) -> Option<f32> {
        self.contractions.map(|many| (self.falls as f32 / many as f32).min(1.0))
    }

    /// Whether the share is above half; where contractions are not known, whether falls are as
    /// frequent as [`PER_10_MIN_UNRECORDED`].
    pub fn is_above_half(self) -> bool {
        match self.contractions {
            Some(many) => 2 * self.falls > many,
            None => self.is_frequent(),
        }
    }

    /// Whether the share is at least `least`; else as [`Repetition::is_above_half`].
    pub fn is_at_least(self, least: f32) -> bool {
        self.share().map_or_else(|| self.is_frequent(), |share| share >= least)
    }

    fn is_frequent(self) -> bool {
        self.falls >= PER_10_MIN_UNRECORDED
            && 10 * self.falls >= PER_10_MIN_UNRECORDED * self.minutes
    }
}

/// The last minutes of a window and what was before it.
pub(crate) fn last(window: &Window<'_>, minutes: u32) -> Span {
    let end = window.span.end;
    Span { start: end.saturating_sub(minutes * TICKS_PER_MINUTE), end }
}
