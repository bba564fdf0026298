//! The falls of a window by FIGO's limits.

use super::Category;
use crate::finding::{Deceleration, DecelerationKind};
use crate::grading_settings::GradingSettings;
use crate::repetition::{self, Repetition};
use crate::tick::{Span, TICKS_PER_MINUTE, seconds};
use crate::window::{Determined, Past, Window};

/// A deceleration is deeper than this, bpm; confirmed.
const DEEPER_BPM: f32 = 15.0;
/// A deceleration is longer than this, s; confirmed.
const LONGER_S: f32 = 15.0;
/// A single one longer than this is pathological, s; confirmed.
const SINGLE_S: f32 = 300.0;
/// FIGO calls a deceleration prolonged beyond this, s; confirmed.
const PROLONGED_S: f32 = 180.0;
/// A late one takes longer than this to its nadir, s; confirmed.
const GRADUAL_S: f32 = 30.0;
/// A late one starts so much after the onset of its contraction, s; confirmed.
const LATE_ONSET_S: f32 = 20.0;
/// Minutes of repetitive late or prolonged decelerations that are exceeded; confirmed.
const REPETITIVE_MINUTES: u32 = 30;
/// The same where variability is reduced; confirmed.
const REPETITIVE_REDUCED_MINUTES: u32 = 20;
/// A pattern goes on while no ten minutes are without it: the block that is judged.
const PIECE_MINUTES: u32 = 10;

/// Judges the falls of a window.
pub(super) struct Falls<'a> {
    window: &'a Window<'a>,
    past: &'a Past<'a>,
    is_reduced: bool,
    /// Depth from which a late one counts here, bpm; infinite where only deep ones do.
    shallow_late_bpm: f32,
}

impl<'a> Falls<'a> {
    pub(super) fn new(
        window: &'a Window<'a>,
        past: &'a Past<'a>,
        is_reduced: bool,
        settings: &GradingSettings,
    ) -> Self {
        let is_special = is_reduced && window.accelerations.is_empty();
        let shallow_late_bpm =
            if is_special { settings.figo_shallow_late_bpm } else { f32::INFINITY };
        Self { window, past, is_reduced, shallow_late_bpm }
    }

    /// The category they give, how many there are, and one of them; `None` where it is normal.
    pub(super) fn worst(&self) -> Option<(Category, usize, Span)> {
        if let Some(span) = self.sunk() {
            return Some((Category::Pathological, 1, span));
        }
        let here = || self.window.decelerations.iter().filter(|one| self.counts(one));
        let longest = here().max_by_key(|one| one.span.ticks())?;
        if longest.span.seconds() > SINGLE_S {
            return Some((Category::Pathological, 1, longest.span));
        }
        let minutes = if self.is_reduced { REPETITIVE_REDUCED_MINUTES } else { REPETITIVE_MINUTES };
        let is_grave = |one: &Deceleration| self.is_grave(one);
        if self.has_lasted(minutes)
            && Repetition::of(self.window, self.past, minutes, is_grave).is_above_half()
        {
            let within = repetition::last(self.window, minutes);
            let grave = self.past.decelerations.iter().filter(|one| within.contains(one.nadir));
            let grave = grave.filter(|one| is_grave(one)).count();
            let example = here().rfind(|one| is_grave(one)).unwrap_or(longest);
            return Some((Category::Pathological, grave, example.span));
        }
        // The rest of a strip may be shorter than what is judged; what was before it counts.
        let known = (self.past.minutes.len() as u32).min(PIECE_MINUTES);
        let minutes = (self.window.span.ticks() / TICKS_PER_MINUTE).max(known);
        let all = Repetition::of(self.window, self.past, minutes, |one| self.counts(one));
        all.is_above_half().then(|| (Category::Suspicious, here().count(), longest.span))
    }

    /// The newest minutes, where they have lain below the last baseline that could be determined
    /// for longer than a single fall may last.
    ///
    /// Ours: a rate that sinks and stays there takes the baseline with it, so that no fall of
    /// that length is measured against it; until the new level is a baseline, it is a fall.
    fn sunk(&self) -> Option<Span> {
        let Determined::Carried { value, .. } = self.window.baseline else { return None };
        let known = self.past.minutes.iter().rev().filter_map(|minute| minute.baseline_bpm);
        let sunk = known.take_while(|bpm| value.raw_bpm - bpm > DEEPER_BPM).count() as u32;
        let ticks = sunk * TICKS_PER_MINUTE;
        let end = self.window.span.end;
        let span = Span { start: end.saturating_sub(ticks), end };
        (seconds(ticks) > SINGLE_S).then_some(span)
    }

    /// Whether it is a deceleration in FIGO's sense. A shallower late one is, where variability
    /// is reduced and nothing accelerates.
    fn counts(&self, one: &Deceleration) -> bool {
        let is_deep =
            one.depth_bpm > DEEPER_BPM || (is_late(one) && one.depth_bpm >= self.shallow_late_bpm);
        is_deep && one.span.seconds() > LONGER_S
    }

    /// Whether it counts and is late or prolonged.
    fn is_grave(&self, one: &Deceleration) -> bool {
        self.counts(one) && (is_late(one) || one.span.seconds() > PROLONGED_S)
    }

    /// Whether grave falls have been going on for longer than so many minutes: one began before
    /// them, and no ten minutes since have been without.
    fn has_lasted(&self, minutes: u32) -> bool {
        let end = self.window.span.end;
        let starts = |from: u32, to: u32| {
            let (from, to) = (from * TICKS_PER_MINUTE, to * TICKS_PER_MINUTE);
            let piece = Span { start: end.saturating_sub(from), end: end.saturating_sub(to) };
            let grave = self.past.decelerations.iter().filter(|one| self.is_grave(one));
            grave.into_iter().any(|one| piece.contains(one.span.start))
        };
        (0..=minutes / PIECE_MINUTES).all(|piece| {
            let to = piece * PIECE_MINUTES;
            starts(to + PIECE_MINUTES, to)
        })
    }
}

/// Whether it is late: by its nadir, as the strip names it, or by its onset, as FIGO says. Ours:
/// either is enough, because missing a late one is the dangerous error; one of unknown kind is
/// taken for late for the same reason.
fn is_late(one: &Deceleration) -> bool {
    match one.kind {
        DecelerationKind::Late | DecelerationKind::Unknown => true,
        DecelerationKind::Early => {
            let onset_s = one.contraction.map(|contraction| {
                Span { start: contraction.start, end: one.span.start.max(contraction.start) }
                    .seconds()
            });
            one.fall_s > GRADUAL_S
                && onset_s.is_some_and(|onset_s| onset_s > LATE_ONSET_S)
                && one.lag_s.is_some_and(|lag_s| lag_s > 0.0)
        }
        DecelerationKind::Variable | DecelerationKind::Prolonged => false,
    }
}
