//! Measures one event on the strip: where it leaves the baseline, how far, how fast.

use crate::expert::EventKind;
use crate::tick::{Span, TICKS_PER_SECOND};

const TICKS: usize = TICKS_PER_SECOND as usize;
/// A rise of so much after a bottom ends the fall, bpm: the first bottom is behind.
/// Design value: below the least visible movement on paper.
const REBOUND_BPM: f32 = 5.0;
/// A first bottom reaches at least this share of the whole depth; design.
const FIRST_BOTTOM_SHARE: f32 = 0.5;

/// A bottom that is not deeper by this is the same bottom, bpm: the step of the devices.
const DEEPER_BPM: f32 = 0.25;
/// Half of the second over which [`Line::rate`] is smoothed, ticks.
const SMOOTHED_TICKS: usize = 2;
/// Nearer than this a rate is on the baseline, bpm. Design value: below any device's step of
/// print, above the last digits of a mean.
pub(crate) const ON_BASELINE_BPM: f32 = 1.0;

/// One event, measured; ticks of the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Measured {
    pub kind: EventKind,
    pub span: Span,
    /// The tick of the rate farthest from the baseline.
    pub extreme: u32,
    pub extreme_bpm: f32,
    /// Distance from the baseline there, bpm; above 0 on the event's own side.
    pub height_bpm: f32,
    /// From the start to the first bottom (or top), s.
    pub leave_s: f32,
    pub area_bpm_s: f32,
    /// Share of ticks without a usable rate.
    pub lost: f32,
    /// Whether the baseline is held across it: it counts however long it takes.
    pub is_long_fall: bool,
}

/// The line that events are measured on, a window of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// Rate each tick smoothed over a second, bpm.
    pub rate: &'a [f32],
    /// Rate each second smoothed over five, bpm: what is left of it falls and rises as a whole.
    pub course: &'a [f32],
    pub usable: &'a [bool],
    /// Baseline each second, bpm.
    pub baseline: &'a [f32],
}

impl Line<'_> {
    fn height(&self, sign: f32, tick: usize) -> f32 {
        sign * (self.rate[tick] - self.baseline[(tick / TICKS).min(self.baseline.len() - 1)])
    }

    /// Measures the event in the seconds `start..end`; `None` where the baseline is not known,
    /// or the rate never lies on the event's side of it.
    pub fn measure(&self, kind: EventKind, start: usize, end: usize) -> Option<Measured> {
        let sign = kind.sign();
        let (first, last) = (start * TICKS, (end * TICKS).min(self.rate.len()));
        let extreme =
            (first..last).max_by(|a, b| self.height(sign, *a).total_cmp(&self.height(sign, *b)))?;
        let height_bpm = self.height(sign, extreme);
        if height_bpm.is_nan() || height_bpm <= ON_BASELINE_BPM {
            return None;
        }
        // Smoothing over a second carries a steep edge outwards by its half.
        let from = self.edge(sign, (first..extreme).rev(), extreme);
        let from = (from + SMOOTHED_TICKS).min(extreme);
        let to = self.edge(sign, extreme + 1..last, extreme) + 1;
        let to = to.saturating_sub(SMOOTHED_TICKS).max(extreme + 1);
        let area = (from..to).map(|at| self.height(sign, at).max(0.0)).sum::<f32>();
        let lost = self.usable[from..to].iter().filter(|usable| !**usable).count();
        Some(Measured {
            kind,
            span: Span { start: from as u32, end: to as u32 },
            extreme: extreme as u32,
            extreme_bpm: self.rate[extreme],
            height_bpm,
            leave_s: (self.first_bottom(sign, from, extreme) - from) as f32 / TICKS as f32,
            area_bpm_s: area / TICKS as f32,
            lost: lost as f32 / (to - from) as f32,
            is_long_fall: false,
        })
    }

    /// The farthest tick of `ticks` that lies beyond the baseline on the way out: the last one
    /// before the rate stays back for good within them.
    fn edge(&self, sign: f32, ticks: impl Iterator<Item = usize>, extreme: usize) -> usize {
        ticks.filter(|at| self.height(sign, *at) > ON_BASELINE_BPM).last().unwrap_or(extreme)
    }

    /// The tick of the first bottom (or top) of the course between two ticks: where it turns
    /// back by [`REBOUND_BPM`] after a good part of the way; the last one if it never does.
    fn first_bottom(&self, sign: f32, from: usize, extreme: usize) -> usize {
        let height = |second: usize| sign * (self.course[second] - self.baseline[second]);
        let (first, last) = (from / TICKS, extreme / TICKS);
        let whole = (first..=last).map(height).fold(0.0, f32::max);
        let (mut bottom, mut depth) = (last, f32::NEG_INFINITY);
        for second in first..=last {
            let height = height(second);
            if height > depth + DEEPER_BPM {
                (bottom, depth) = (second, height);
            } else if depth - height >= REBOUND_BPM && depth >= FIRST_BOTTOM_SHARE * whole {
                break;
            }
        }
        (bottom * TICKS + TICKS / 2).clamp(from, extreme)
    }
}
