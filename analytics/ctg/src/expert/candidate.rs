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
    pub fn len(self) -> usize {
        self.end - self.start
    }

    pub fn overlap(self, other: Self) -> usize {
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

/// Finds the candidates of a window; buffers are kept between windows.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    heights: Vec<f32>,
    above: Vec<u64>,
}

impl Finder {
    /// Finds the candidates that start in the seconds `within`, sorted.
    ///
    /// `rates` are the rate each second, finely and coarsely smoothed.
    pub fn find(
        &mut self,
        rates: [&[f32]; 2],
        courses: &Courses,
        within: Range<usize>,
        out: &mut Vec<Stretch>,
    ) {
        out.clear();
        // A stretch that began before is seen to have, so that it is not taken for a shorter one.
        let first = within.start.saturating_sub(1);
        for course in &courses.each_second {
            for rate in rates {
                self.heights.clear();
                self.heights.extend(rate[first..].iter().zip(&course[first..]).map(|(r, c)| r - c));
                self.find_beyond(first, &within, out);
            }
        }
        out.sort_unstable();
        drop_the_same(out);
    }

    /// Adds the stretches of the heights, which begin at second `first`, beyond each offset.
    fn find_beyond(&mut self, first: usize, within: &Range<usize>, out: &mut Vec<Stretch>) {
        let heights = &self.heights;
        self.above.clear();
        self.above.extend(heights.chunks(BITS).map(|heights| {
            let bits = heights.iter().enumerate();
            bits.fold(0, |word, (bit, height)| word | (u64::from(*height > 0.0) << bit))
        }));
        let mut end = 0;
        while end < heights.len() && first + end < within.end {
            let start = end;
            let (kind, than) = match heights[start] > 0.0 {
                true => (EventKind::Acceleration, u64::MAX),
                false => (EventKind::Deceleration, 0),
            };
            end =
                next(&self.above, start, than).map_or(heights.len(), |end| end.min(heights.len()));
            let sign = kind.sign();
            let reaches = |height: &f32| sign * height >= REACH_BPM;
            // On one side of the course, most stretches are too short or too low for any offset.
            let is_enough = *SECONDS.start() <= end - start
                && within.start < first + end
                && heights[start..end].iter().any(reaches);
            if !is_enough {
                continue;
            }
            for offset in OFFSETS_BPM {
                let mut from = start;
                let side =
                    heights[start..end].chunk_by(|a, b| (sign * a > offset) == (sign * b > offset));
                for run in side {
                    let to = from + run.len();
                    let is_candidate = sign * run[0] > offset
                        && (from > 0 || first == 0)
                        && within.contains(&(first + from))
                        && SECONDS.contains(&run.len())
                        && run.iter().any(reaches);
                    if is_candidate {
                        out.push(Stretch { kind, start: first + from, end: first + to });
                    }
                    from = to;
                }
            }
        }
    }
}

const BITS: usize = u64::BITS as usize;

/// The first place from `at` on whose bit differs from that of `than`: all zeros, or all ones.
fn next(words: &[u64], at: usize, than: u64) -> Option<usize> {
    let mut word = at / BITS;
    let mut differs = (words.get(word)? ^ than) & (u64::MAX << (at % BITS));
    while differs == 0 {
        word += 1;
        differs = words.get(word)? ^ than;
    }
    Some(word * BITS + differs.trailing_zeros() as usize)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_place_is_found_across_words() {
        let words = [0b1110, 0, u64::MAX];
        assert_eq!(next(&words, 0, 0), Some(1));
        assert_eq!(next(&words, 1, u64::MAX), Some(4));
        assert_eq!(next(&words, 4, 0), Some(128));
        assert_eq!(next(&words, 130, u64::MAX), None);
        assert_eq!(next(&words, 192, 0), None);
    }
}
