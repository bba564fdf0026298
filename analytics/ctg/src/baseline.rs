//! The baseline: the rate between events, from weights that know rest from movement.
//!
//! A rate that moves is trusted little, a rate far from the present guess less: a mean so
//! weighted, taken again and again over narrower windows, settles on the level that the heart
//! returns to. Five such courses with windows from one to thirty minutes see the strip as
//! readers of different patience would; candidates and their features come from all of them.
//! The baseline that is shown and graded is a last mean over what no event covers; across long
//! falls it is held (see `long_fall`).
//!
//! Ours throughout; the idea of weighing by movement is that of the weighted median filter
//! (Boudet et al., Comput Biol Med 2019), whose constants are not used.

use crate::grid::{GRID_SECONDS, Levels, coarse, each_second};
use crate::long_fall::{self, LongFall};
use crate::settings::EventSettings;
use crate::smooth::Smoother;

/// How patient a course is, from the shortest memory to the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    Minute,
    Minutes,
    FiveMinutes,
    QuarterHour,
    HalfHour,
}

impl Patience {
    pub const ALL: [Self; COURSES] =
        [Self::FiveMinutes, Self::Minutes, Self::Minute, Self::QuarterHour, Self::HalfHour];

    /// Windows, each as seconds back, seconds ahead, and the distance from the present guess
    /// at which a rate counts a quarter, bpm. Design values, tried on recordings; nothing of
    /// them is a definition.
    fn passes(self) -> &'static [(usize, usize, f32)] {
        match self {
            Self::Minute => {
                &[(150, 150, 20.0), (120, 120, 15.0), (90, 90, 11.0), (60, 60, 8.0), (45, 45, 8.0)]
            }
            Self::Minutes => &[
                (300, 300, 25.0),
                (225, 225, 18.0),
                (150, 150, 14.0),
                (120, 120, 11.0),
                (90, 90, 9.0),
                (75, 75, 8.0),
            ],
            Self::FiveMinutes => &[
                (300, 300, 25.0),
                (300, 300, 18.0),
                (225, 225, 14.0),
                (225, 225, 11.0),
                (180, 180, 9.0),
            ],
            Self::QuarterHour => &[
                (450, 450, 25.0),
                (450, 450, 18.0),
                (450, 450, 14.0),
                (350, 350, 11.0),
                (300, 300, 9.0),
            ],
            Self::HalfHour => {
                &[(1800, 600, 25.0), (1800, 600, 18.0), (1800, 600, 14.0), (1800, 600, 11.0)]
            }
        }
    }
}

/// How many courses there are.
pub(crate) const COURSES: usize = 5;

/// Courses of the rate of a window, and what they rest on.
#[derive(Debug, Default)]
pub(crate) struct Courses {
    /// One course each, in the order of [`Patience::ALL`], bpm each second.
    pub each_second: [Vec<f32>; COURSES],
    /// Mean rate of each grid point, bpm.
    pub points: Vec<f32>,
    /// How much each grid point is trusted, above 0 to 1.
    pub trust: Vec<f32>,
    /// What the shown baseline is held across.
    pub falls: Vec<LongFall>,
    present: Vec<f32>,
    guess: Vec<f32>,
    weights: Vec<f32>,
    mean: Vec<f32>,
    start: Vec<f32>,
    short: Vec<f32>,
    movement: Vec<f32>,
    held: Vec<f32>,
}

/// What a grid point without any usable tick still weighs, so that every mean exists.
const WEIGHT_MIN: f32 = 1e-3;
/// Movement at which a rate is trusted a quarter, bpm/min.
const MOVEMENT_BPM_MIN: f32 = 13.3;
/// Unrest around a minute's mean at which a rate is trusted a quarter, bpm.
const UNREST_BPM: f32 = 14.6;

impl Courses {
    /// Computes every course from the rate and the share of usable ticks, each second.
    pub fn compute(&mut self, second: &[f32], present: &[f32], smoother: &mut Smoother) {
        coarse(second, &mut self.points);
        coarse(present, &mut self.present);
        self.judge_trust(smoother);
        self.first_guess();
        for (at, patience) in Patience::ALL.into_iter().enumerate() {
            self.settle(patience, smoother);
            each_second(&self.guess, second.len(), &mut self.each_second[at]);
        }
    }

    fn judge_trust(&mut self, smoother: &mut Smoother) {
        smoother.windowed(&self.points, 2, 2, &mut self.mean);
        smoother.windowed(&self.mean, 2, 2, &mut self.short);
        let len = self.short.len();
        self.start.clear();
        self.start.extend((0..len).map(|at| {
            let (before, after) = (at.saturating_sub(1), (at + 1).min(len - 1));
            let points = (after - before).max(1) as f32;
            let per_point = (self.short[after] - self.short[before]) / points;
            per_point.abs() * (60 / GRID_SECONDS) as f32
        }));
        smoother.windowed(&self.start, 4, 4, &mut self.movement);
        smoother.windowed(&self.points, 8, 8, &mut self.mean);
        self.start.clear();
        self.start.extend(self.points.iter().zip(&self.mean).map(|(p, m)| (p - m) * (p - m)));
        smoother.windowed(&self.start, 8, 8, &mut self.short);
        self.trust.clear();
        let unrest = self.movement.iter().zip(&self.short).zip(&self.present);
        self.trust.extend(unrest.map(|((movement, unrest), present)| {
            let moving = 1.0 + movement / MOVEMENT_BPM_MIN;
            let restless = 1.0 + unrest / (UNREST_BPM * UNREST_BPM);
            let trust = 1.0 / (moving * moving * restless * restless);
            (trust + WEIGHT_MIN) * (present + WEIGHT_MIN)
        }));
    }

    /// The trusted median of a quarter of an hour back and ten minutes ahead, each minute.
    fn first_guess(&mut self) {
        const STEP: usize = 60 / GRID_SECONDS;
        const BACK: usize = 900 / GRID_SECONDS;
        const AHEAD: usize = 600 / GRID_SECONDS;
        let len = self.points.len();
        let mut levels = Levels::of_rates();
        let (mut from, mut to) = (0, 0);
        self.start.clear();
        for at in (0..len).step_by(STEP) {
            while to < (at + AHEAD + 1).min(len) {
                levels.add(self.points[to], self.trust[to]);
                to += 1;
            }
            while from < at.saturating_sub(BACK) {
                levels.add(self.points[from], -self.trust[from]);
                from += 1;
            }
            let [middle] = levels.quantiles([0.5]);
            self.start.extend(core::iter::repeat_n(middle, STEP.min(len - at)));
        }
    }

    fn settle(&mut self, patience: Patience, smoother: &mut Smoother) {
        self.guess.clear();
        self.guess.extend_from_slice(&self.start);
        for &(back_s, ahead_s, distance_bpm) in patience.passes() {
            self.weights.clear();
            let per_bpm = 1.0 / distance_bpm;
            let points = self.points.iter().zip(&self.guess).zip(&self.trust);
            self.weights.extend(points.map(|((point, guess), trust)| {
                let far = (point - guess) * per_bpm;
                let near = 1.0 / (1.0 + far * far);
                trust * near * near + WEIGHT_MIN * WEIGHT_MIN
            }));
            let window = (back_s / GRID_SECONDS, ahead_s / GRID_SECONDS);
            smoother.weighted(&self.points, &self.weights, window, &mut self.mean);
            let half = back_s.min(ahead_s) / GRID_SECONDS / 4;
            smoother.windowed(&self.mean, half, half, &mut self.guess);
        }
    }

    /// Finds the long falls below the most patient course.
    pub fn find_long_falls(&mut self, settings: &EventSettings) {
        let [.., patient] = &self.each_second;
        let points = (&self.points[..], &self.present[..]);
        long_fall::find(points, patient, settings, &mut self.falls);
    }

    /// The baseline that is shown: a trusted mean over what no event covers, each second;
    /// NaN where less than [`Quiet::usable_min_s`] of the window around it was usable.
    pub fn baseline(
        &mut self,
        covered: &[bool],
        quiet: Quiet,
        smoother: &mut Smoother,
        out: &mut Vec<f32>,
    ) {
        self.weights.clear();
        let [guess, .., patient] = &self.each_second;
        let points = self.points.iter().zip(&self.trust).enumerate();
        self.weights.extend(points.map(|(at, (point, trust))| {
            let second = GRID_SECONDS * at;
            let is_covered = covered[second..second + GRID_SECONDS].iter().any(|c| *c);
            let far = (point - guess[second + GRID_SECONDS / 2]) / quiet.distance_bpm;
            let near = 1.0 / (1.0 + far * far);
            // A guess keeps the line where events cover a whole window.
            if is_covered {
                1e-4 * trust * near * near
            } else {
                trust * near + WEIGHT_MIN * WEIGHT_MIN
            }
        }));
        self.held.clear();
        self.held.extend_from_slice(&self.points);
        for fall in &self.falls {
            let level = patient[GRID_SECONDS * fall.start + GRID_SECONDS / 2];
            self.held[fall.start..fall.end].fill(level);
            self.weights[fall.start..fall.end].fill(WEIGHT_MIN * WEIGHT_MIN);
        }
        let window = (quiet.window_s / 2 / GRID_SECONDS, quiet.window_s / 2 / GRID_SECONDS);
        smoother.weighted(&self.held, &self.weights, window, &mut self.mean);
        let half = quiet.window_s / 4 / GRID_SECONDS;
        smoother.windowed(&self.mean, half, half, &mut self.guess);
        for &LongFall { settled, end, .. } in self.falls.iter().filter(|f| f.settled < f.end) {
            // A window within the new level: nothing from before it draws it up.
            let (points, trust) = (&self.points[settled..end], &self.trust[settled..end]);
            smoother.weighted(points, trust, window, &mut self.mean);
            smoother.windowed(&self.mean, half, half, &mut self.start);
            self.guess[settled..end].copy_from_slice(&self.start);
        }
        smoother.windowed(&self.present, window.0, window.1, &mut self.short);
        let least = quiet.usable_min_s / quiet.window_s as f32;
        for (guess, present) in self.guess.iter_mut().zip(&self.short) {
            if *present < least {
                *guess = f32::NAN;
            }
        }
        each_second(&self.guess, covered.len(), out);
    }
}

/// How the shown baseline is taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Quiet {
    /// Window of the mean, s.
    pub window_s: usize,
    /// Usable signal a window needs, s.
    pub usable_min_s: f32,
    /// Distance from the course of five minutes at which a rate counts half, bpm.
    pub distance_bpm: f32,
}
