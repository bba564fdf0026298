//! Stretches on one side of a course.

use crate::baseline::{COURSES, Courses};
use crate::expert::EventKind;

/// A stretch of whole seconds of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stretch {
    pub kind: EventKind,
    pub start: usize,
    pub end: usize,
}

impl Stretch {
    pub fn seconds(self) -> usize {
        self.end - self.start
    }

    fn overlap(self, other: Self) -> usize {
        self.end.min(other.end).saturating_sub(self.start.max(other.start))
    }
}

/// Shortest and longest candidate, s. Experts mark a few that are shorter.
const SECONDS: core::ops::RangeInclusive<usize> = 8..=900;
/// How far a candidate leaves its course somewhere, bpm.
const REACH_BPM: f32 = 5.0;
/// Distances from a course at which a stretch may begin, bpm.
const OFFSETS_BPM: [f32; 2] = [0.0, 3.0];
/// Two candidates of which more than this is shared, share of both, are one.
const SAME_SHARE: f32 = 0.85;
/// How many earlier candidates are looked at for the same.
const SAME_LOOK_BACK: usize = 8;

/// Finds the candidates that start at second `from` or later, sorted.
///
/// `rates` are the rate each second, finely and coarsely smoothed.
pub(crate) fn find(rates: [&[f32]; 2], courses: &Courses, from: usize, out: &mut Vec<Stretch>) {
    out.clear();
    for course in 0..COURSES {
        for rate in rates {
            let course = &courses.each_second[course];
            for kind in [EventKind::Acceleration, EventKind::Deceleration] {
                for offset in OFFSETS_BPM {
                    scan(rate, course, kind, offset, from, out);
                }
            }
        }
    }
    out.sort_unstable();
    drop_the_same(out);
}

fn scan(
    rate: &[f32],
    course: &[f32],
    kind: EventKind,
    offset_bpm: f32,
    from: usize,
    out: &mut Vec<Stretch>,
) {
    let sign = kind.sign();
    let mut start = None;
    let mut reach = 0.0_f32;
    let mut close = |start: usize, end: usize, reach: f32| {
        if start >= from && SECONDS.contains(&(end - start)) && reach >= REACH_BPM - offset_bpm {
            out.push(Stretch { kind, start, end });
        }
    };
    // A stretch that began before `from` is seen whole, so that it is not taken for a shorter one.
    let first = from.saturating_sub(1);
    for at in first..rate.len() {
        let height = sign * (rate[at] - course[at]) - offset_bpm;
        if height > 0.0 {
            if start.is_none() {
                // What the window cuts in two began earlier.
                start = Some(if at == first && first > 0 { 0 } else { at });
                reach = height;
            }
            reach = reach.max(height);
        } else if let Some(start) = start.take() {
            close(start, at, reach);
        }
    }
    if let Some(start) = start {
        close(start, rate.len(), reach);
    }
}

/// Of candidates that are nearly the same, the first stays.
fn drop_the_same(candidates: &mut Vec<Stretch>) {
    let mut kept = 0_usize;
    for at in 0..candidates.len() {
        let one = candidates[at];
        let recent = &candidates[kept.saturating_sub(SAME_LOOK_BACK)..kept];
        let is_known = recent.iter().any(|other| {
            let union = one.end.max(other.end) - one.start.min(other.start);
            other.kind == one.kind && one.overlap(*other) as f32 > SAME_SHARE * union as f32
        });
        if !is_known {
            candidates[kept] = one;
            kept += 1;
        }
    }
    candidates.truncate(kept);
}
