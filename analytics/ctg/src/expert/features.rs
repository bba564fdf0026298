//! What speaks for and against a candidate.
//!
//! All heights are signed so that more is more of the candidate's kind: above for a rise,
//! below for a fall. All come from the window alone: twenty minutes back at least, where the
//! strip is that old, and ten minutes ahead.

use crate::baseline::{COURSES, Courses};
use crate::expert::candidate::Stretch;
use crate::grid::{GRID_SECONDS, Levels};
use crate::signal::Signal;
use crate::smooth::{Smoother, prefix, prefix_by};

/// How many features there are.
pub const FEATURES: usize = 60;

/// Their names, in order. Courses are called by their patience in minutes: 5, 2, 1, 15, 30.
#[rustfmt::skip]
pub const FEATURE_NAMES: [&str; FEATURES] = [
    "peak_5", "mean_5", "seconds_over_10_5", "seconds_over_15_5",
    "peak_2", "mean_2", "seconds_over_10_2", "seconds_over_15_2",
    "peak_1", "mean_1", "seconds_over_10_1", "seconds_over_15_1",
    "peak_15", "mean_15", "seconds_over_10_15", "seconds_over_15_15",
    "peak_30", "mean_30", "seconds_over_10_30", "seconds_over_15_30",
    "seconds", "peak_bpm", "seconds_to_peak", "seconds_from_peak", "steepest_leaving",
    "steepest_return", "deviation", "peak_over_mean",
    "peak_over_30_before", "peak_over_30_after", "peak_over_90_before", "peak_over_90_after",
    "mean_over_20_before", "mean_over_20_after", "mean_over_60_before", "mean_over_60_after",
    "mean_over_180_before", "mean_over_180_after",
    "opposite_before", "opposite_after",
    "middle_inside", "middle_outside", "fine_inside", "fine_before_300",
    "below_before_300", "below_before_600", "below_share_1200", "above_share_1200",
    "over_30_above", "over_30_below",
    "mean_over_median_5", "skew_5", "range_10", "peak_over_median_20", "skew_20",
    "range_back_20", "skew_back_20",
    "activity_max", "activity_mean", "present",
];

/// Sums of the window that features are read from; made once a window.
#[derive(Debug, Default)]
pub(crate) struct Features {
    /// The rate each second, smoothed over 5 s.
    pub rate5: Vec<f32>,
    /// The rate each second, smoothed over 25 s.
    pub rate25: Vec<f32>,
    rate: Vec<f64>,
    courses: [Vec<f64>; COURSES],
    squares: Vec<f64>,
    fine: Vec<f64>,
    middle: Vec<f64>,
    present: Vec<f64>,
    below5: Vec<f64>,
    far_below: Vec<f64>,
    far_above: Vec<f64>,
    over_30: Vec<f64>,
    under_30: Vec<f64>,
    levels: Vec<Option<LevelsNear>>,
    smooth: Vec<f32>,
}

/// Quantiles of the rate around a moment.
#[derive(Clone, Copy, Debug)]
struct LevelsNear {
    around_5: [f32; 5],
    around_10: [f32; 2],
    around_20: [f32; 3],
    back_20: [f32; 5],
}

/// Seconds for which one reading of the levels serves.
const LEVELS_EVERY_S: usize = 64;

impl Features {
    /// Prepares the sums of a window.
    pub fn prepare(&mut self, signal: &Signal, courses: &Courses, smoother: &mut Smoother) {
        let second = &signal.second;
        smoother.centred(second, 5, &mut self.rate5);
        smoother.centred(second, 25, &mut self.rate25);
        let len = second.len();
        prefix(second, &mut self.rate);
        prefix_by(len, |at| f64::from(second[at]) * f64::from(second[at]), &mut self.squares);
        prefix(&signal.fine, &mut self.fine);
        prefix(&signal.present, &mut self.present);
        for (course, sums) in courses.each_second.iter().zip(&mut self.courses) {
            prefix(course, sums);
        }
        let rate25 = &self.rate25;
        let middle = |at: usize| f64::from((second[at] - rate25[at]) * (second[at] - rate25[at]));
        prefix_by(len, middle, &mut self.middle);
        smoother.centred(second, 15, &mut self.smooth);
        let over =
            |at: usize, course: usize| f64::from(self.smooth[at] - courses.each_second[course][at]);
        let share = |is: bool| f64::from(u8::from(is));
        prefix_by(len, |at| (-over(at, 0)).max(0.0), &mut self.below5);
        prefix_by(len, |at| share(over(at, 0) < -10.0), &mut self.far_below);
        prefix_by(len, |at| share(over(at, 0) > 10.0), &mut self.far_above);
        prefix_by(len, |at| (over(at, 4) - 8.0).max(0.0), &mut self.over_30);
        prefix_by(len, |at| (-over(at, 4) - 8.0).max(0.0), &mut self.under_30);
        self.levels.clear();
        self.levels.resize(second.len() / LEVELS_EVERY_S + 1, None);
    }

    /// The features of one candidate. `activity` is the uterine activity over its resting
    /// tone each second, 0 where there is none.
    pub fn of(
        &mut self,
        candidate: Stretch,
        courses: &Courses,
        activity: &[f32],
    ) -> [f32; FEATURES] {
        let mut row = Row { values: [0.0; FEATURES], len: 0 };
        let Stretch { kind, start, end } = candidate;
        let sign = kind.sign();
        let rate = &self.rate5;
        let (mut peak_at, mut highest) = (start, f32::NEG_INFINITY);
        for (at, rate) in rate[start..end].iter().enumerate() {
            if sign * rate >= highest {
                (peak_at, highest) = (start + at, sign * rate);
            }
        }
        let peak = rate[peak_at];
        let mean = mean(&self.rate, start, end);
        for (course, sums) in courses.each_second.iter().zip(&self.courses) {
            let level = self::mean(sums, start, end);
            over_course(&mut row, sign, (start, end, peak_at), (rate, mean), (course, level));
        }
        self.shape(&mut row, sign, (start, end, peak_at), (peak, mean));
        self.neighbours(&mut row, sign, (start, end), (peak, mean));
        opposite(&mut row, sign, (start, end), rate, &courses.each_second[0]);
        self.movement(&mut row, (start, end));
        self.history(&mut row, (start, end));
        let near = self.levels_near(peak_at, courses);
        row.extend(near.features(sign, peak, mean));
        let around = &activity[peak_at.saturating_sub(60)..(peak_at + 31).min(activity.len())];
        row.push(around.iter().copied().fold(0.0, f32::max));
        let inside = &activity[start..end];
        row.push(inside.iter().sum::<f32>() / inside.len() as f32);
        row.push(share(&self.present, start, end));
        debug_assert_eq!(row.len, FEATURES);
        row.values
    }

    fn shape(
        &self,
        row: &mut Row,
        sign: f32,
        (start, end, peak_at): (usize, usize, usize),
        (peak, mean): (f32, f32),
    ) {
        let rate = &self.rate5;
        let steepest = |from: usize, to: usize, sign: f32| {
            let pairs = rate[from..to].windows(2).map(|pair| sign * (pair[1] - pair[0]));
            pairs.fold(0.0, f32::max)
        };
        let squares = (self.squares[end] - self.squares[start]) / (end - start) as f64;
        let deviation = (squares - f64::from(mean) * f64::from(mean)).max(0.0).sqrt() as f32;
        row.extend([
            (end - start) as f32,
            peak,
            (peak_at - start) as f32,
            (end - peak_at) as f32,
            steepest(start, peak_at + 1, sign),
            steepest(peak_at, end, -sign),
            deviation,
            sign * (peak - mean),
        ]);
    }

    fn neighbours(
        &self,
        row: &mut Row,
        sign: f32,
        (start, end): (usize, usize),
        (peak, mean): (f32, f32),
    ) {
        let last = self.rate5.len();
        let before = |seconds: usize| share(&self.rate, start.saturating_sub(seconds), start + 1);
        let after = |seconds: usize| share(&self.rate, end - 1, (end + seconds).min(last));
        for seconds in [30, 90] {
            row.push(sign * (peak - before(seconds)));
            row.push(sign * (peak - after(seconds)));
        }
        for seconds in [20, 60, 180] {
            row.push(sign * (mean - before(seconds)));
            row.push(sign * (mean - after(seconds)));
        }
    }

    fn movement(&self, row: &mut Row, (start, end): (usize, usize)) {
        let last = self.rate5.len();
        let (before, after) = (start.saturating_sub(120), (end + 120).min(last));
        let outside_s = (start - before + after - end).max(1) as f64;
        let outside = (self.middle[start] - self.middle[before] + self.middle[after]
            - self.middle[end])
            / outside_s;
        row.push(share(&self.middle, start, end).sqrt());
        row.push(outside.max(0.0).sqrt() as f32);
        row.push(share(&self.fine, start, end).sqrt());
        row.push(share(&self.fine, start.saturating_sub(300), start).sqrt());
    }

    fn history(&self, row: &mut Row, (start, end): (usize, usize)) {
        let last = self.rate5.len();
        let around = (start.saturating_sub(600), (end + 600).min(last));
        let long = (start.saturating_sub(1200), (end + 600).min(last));
        row.push(share(&self.below5, start.saturating_sub(300), start));
        row.push(share(&self.below5, start.saturating_sub(600), start));
        row.push(share(&self.far_below, around.0, around.1));
        row.push(share(&self.far_above, around.0, around.1));
        row.push(share(&self.over_30, long.0, long.1));
        row.push(share(&self.under_30, long.0, long.1));
    }

    fn levels_near(&mut self, at: usize, courses: &Courses) -> LevelsNear {
        let step = at / LEVELS_EVERY_S;
        let points = &courses.points;
        *self.levels[step].get_or_insert_with(|| {
            let middle = (step * LEVELS_EVERY_S + LEVELS_EVERY_S / 2) / GRID_SECONDS;
            let around = |back_s: usize, ahead_s: usize| {
                let from = middle.saturating_sub(back_s / GRID_SECONDS).min(points.len());
                let to = (middle + ahead_s / GRID_SECONDS + 1).min(points.len());
                let mut levels = Levels::of_rates();
                points[from..to].iter().for_each(|point| levels.add(*point, 1.0));
                levels
            };
            LevelsNear {
                around_5: around(150, 150).quantiles([0.1, 0.25, 0.5, 0.75, 0.9]),
                around_10: around(300, 300).quantiles([0.1, 0.9]),
                around_20: around(600, 600).quantiles([0.1, 0.5, 0.9]),
                back_20: around(1200, 0).quantiles([0.1, 0.25, 0.5, 0.75, 0.9]),
            }
        })
    }
}

impl LevelsNear {
    fn features(&self, sign: f32, peak: f32, mean: f32) -> [f32; 7] {
        let skew = |low: f32, middle: f32, high: f32| sign * (high + low - 2.0 * middle);
        [
            sign * (mean - self.around_5[2]),
            skew(self.around_5[0], self.around_5[2], self.around_5[4]),
            self.around_10[1] - self.around_10[0],
            sign * (peak - self.around_20[1]),
            skew(self.around_20[0], self.around_20[1], self.around_20[2]),
            self.back_20[3] - self.back_20[1],
            skew(self.back_20[0], self.back_20[2], self.back_20[4]),
        ]
    }
}

fn over_course(
    row: &mut Row,
    sign: f32,
    (start, end, peak_at): (usize, usize, usize),
    (rate, mean): (&[f32], f32),
    (course, level): (&[f32], f32),
) {
    let (mut over_10, mut over_15) = (0_u32, 0_u32);
    for (rate, course) in rate[start..end].iter().zip(&course[start..end]) {
        let height = sign * (rate - course);
        over_10 += u32::from(height > 10.0);
        over_15 += u32::from(height > 15.0);
    }
    row.extend([
        sign * (rate[peak_at] - course[peak_at]),
        sign * (mean - level),
        over_10 as f32,
        over_15 as f32,
    ]);
}

/// How far the rate lies on the other side within a minute before and after.
fn opposite(row: &mut Row, sign: f32, (start, end): (usize, usize), rate: &[f32], course: &[f32]) {
    let most = |from: usize, to: usize| {
        let heights = rate[from..to].iter().zip(&course[from..to]).map(|(r, c)| sign * (c - r));
        heights.fold(f32::MIN, f32::max)
    };
    row.push(most(start.saturating_sub(60), start + 1));
    row.push(most(end - 1, (end + 60).min(rate.len())));
}

fn mean(sums: &[f64], start: usize, end: usize) -> f32 {
    ((sums[end] - sums[start]) / (end - start) as f64) as f32
}

/// The mean of a stretch, 0 where it is empty.
fn share(sums: &[f64], start: usize, end: usize) -> f32 {
    if end > start { mean(sums, start, end).max(0.0) } else { 0.0 }
}

struct Row {
    values: [f32; FEATURES],
    len: usize,
}

impl Row {
    fn push(&mut self, value: f32) {
        self.values[self.len] = value;
        self.len += 1;
    }

    fn extend<const N: usize>(&mut self, values: [f32; N]) {
        values.into_iter().for_each(|value| self.push(value));
    }
}
