//! Stretches on one side of a course.

use core::ops::Range;

use crate::baseline::Courses;
use crate::expert::EventKind;

/// A stretch of whole seconds of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stretch {
    pub kind: EventKind,
    pub start: usize,
    pub end: usize,
}

impl Stretch {
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

/// Finds the candidates that start in the seconds `within`, sorted.
///
/// `rates` are the rate each second, finely and coarsely smoothed.
pub(crate) fn find(
    rates: [&[f32]; 2],
    courses: &Courses,
    within: Range<usize>,
    heights: &mut Vec<f32>,
    out: &mut Vec<Stretch>,
) {
    out.clear();
    // A stretch that began before is seen to have, so that it is not taken for a shorter one.
    let first = within.start.saturating_sub(1);
    for course in &courses.each_second {
        for rate in rates {
            let heights_of = rate[first..].iter().zip(&course[first..]).map(|(r, c)| r - c);
            heights.clear();
            heights.extend(heights_of);
            for offset in OFFSETS_BPM {
                let mut found = |kind, start: usize, end: usize, reach: f32| {
                    let (start, end) = (start + first, end + first);
                    let is_whole = start > first || first == 0;
                    if is_whole && within.contains(&start) && reach >= REACH_BPM {
                        out.extend(SECONDS.contains(&(end - start)).then_some(Stretch {
                            kind,
                            start,
                            end,
                        }));
                    }
                };
                runs(
                    heights,
                    |h| h > offset,
                    |start, end| {
                        let reach = heights[start..end].iter().copied().fold(0.0, f32::max);
                        found(EventKind::Acceleration, start, end, reach);
                    },
                );
                runs(
                    heights,
                    |h| h < -offset,
                    |start, end| {
                        let reach = -heights[start..end].iter().copied().fold(0.0, f32::min);
                        found(EventKind::Deceleration, start, end, reach);
                    },
                );
            }
        }
    }
    out.sort_unstable();
    drop_the_same(out);
}

/// The runs of values for which `is_in` holds.
fn runs(values: &[f32], is_in: impl Fn(f32) -> bool, mut run: impl FnMut(usize, usize)) {
    let mut at = 0;
    while let Some(start) = values[at..].iter().position(|value| is_in(*value)) {
        let start = at + start;
        let len = values[start..].iter().position(|value| !is_in(*value));
        let end = len.map_or(values.len(), |len| start + len);
        run(start, end);
        at = end;
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
