//! Falls that are too long for a mean of ten minutes to pass over.
//!
//! A mean around each moment sinks before a long fall and rises before its end: the fall would
//! have no baseline to be below, and no reader would be told of it. Here such falls are found by
//! the most patient course. The baseline is held across them for ten minutes; a rate that has
//! then not come back is the new baseline (sheet, section 1.4), and steps down to it. A long
//! fall is an event of its own whatever is chosen within it: it is never lost between the two.

use crate::grid::GRID_SECONDS;
use crate::settings::EventSettings;
use crate::tick::TICKS_PER_SECOND;

/// A return shorter than this does not end a fall. Design value.
const RETURN_S: f32 = 8.0;
/// A grid point tells something where so much of it was heard.
const HEARD_MIN: f32 = 0.5;

/// One long fall; grid points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LongFall {
    pub start: usize,
    /// Until when it is a fall: its return, or the moment from which the rate is the new
    /// baseline.
    pub settled: usize,
    /// When the rate returns.
    pub end: usize,
}

impl LongFall {
    /// Its start in ticks.
    pub fn start_tick(self) -> u32 {
        (GRID_SECONDS * self.start) as u32 * TICKS_PER_SECOND
    }
}

/// Finds the long falls of `points` below the patient course, bpm each second; `present` is the
/// share of each point that was heard.
pub(crate) fn find(
    (points, present): (&[f32], &[f32]),
    patient: &[f32],
    settings: &EventSettings,
    out: &mut Vec<LongFall>,
) {
    out.clear();
    let seconds = |s: f32| (s / GRID_SECONDS as f32) as usize;
    let course = |at: usize| patient[GRID_SECONDS * at + GRID_SECONDS / 2];
    let is_below = |at: &usize| course(*at) - points[*at] >= settings.height_bpm;
    let mut at = 0;
    while let Some(start) = (at..points.len()).find(is_below) {
        // The course from which it falls: a long fall draws even the most patient one down.
        let level = course(start);
        let (mut end, mut heard, mut far) = (start, 0, 0);
        for point in start..points.len() {
            let depth = level - points[point];
            if depth >= settings.height_bpm {
                end = point + 1;
                let is_heard = present[point] >= HEARD_MIN;
                heard += usize::from(is_heard);
                let is_far =
                    depth >= settings.long_fall_bpm && points[point] < settings.long_fall_below_bpm;
                far += usize::from(is_heard && is_far);
            } else if point - end >= seconds(RETURN_S) {
                break;
            }
        }
        at = end;
        if far >= seconds(settings.prolonged_s) && 2 * far >= heard {
            let settled = end.min(start + seconds(settings.baseline_change_s));
            out.push(LongFall { start, settled, end });
        }
    }
}
