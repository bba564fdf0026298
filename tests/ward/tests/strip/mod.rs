//! A strip and plain measures of it, for the promises of the synthesiser.

use std::fmt;
use std::ops::Range;

use vitals::{Bpm, Quality, Reading, Second};
use ward::source::{Scenario, Source, Synth};

/// Some minutes of a scenario, second by second.
pub struct Strip {
    name: String,
    pub seconds: Vec<Second>,
    /// Means of the trustworthy ticks of each second.
    fhr1: Vec<Option<f64>>,
    fhr2: Vec<Option<f64>>,
    mhr: Vec<Option<f64>>,
    ua: Vec<f64>,
}

/// Seconds on one side of a level.
#[derive(Debug)]
pub struct Run {
    pub start: usize,
    pub seconds: usize,
}

/// A fall of the rate near a contraction.
pub struct Fall {
    /// From the contraction's peak to the lowest point.
    pub lag_s: f64,
    /// From the last second near the baseline to the lowest point.
    pub descent_s: f64,
    pub depth_bpm: f64,
}

impl Strip {
    pub fn new(scenario: Scenario, seed: u64, minutes: usize) -> Self {
        let mut source = Synth::new(scenario, seed);
        let seconds: Vec<Second> = (0..minutes * 60).map_while(|_| source.next_second()).collect();
        assert_eq!(seconds.len(), minutes * 60);
        let mean_of = |ticks: &dyn Fn(&Second) -> [Reading<Bpm>; 4]| {
            seconds.iter().map(|second| mean(&ticks(second))).collect()
        };
        Self {
            name: format!("{scenario}, seed {seed}"),
            fhr1: mean_of(&|second| second.fhr1),
            fhr2: mean_of(&|second| second.fhr2),
            mhr: mean_of(&|second| second.mhr),
            ua: smoothed(&seconds, 10),
            seconds,
        }
    }

    /// The rate in the middle of all rates.
    pub fn baseline_bpm(&self) -> f64 {
        median(&self.fhr1.iter().flatten().copied().collect::<Vec<_>>())
    }

    pub fn twin_baseline_bpm(&self) -> f64 {
        median(&self.fhr2.iter().flatten().copied().collect::<Vec<_>>())
    }

    /// Highest less lowest within a minute; the median of the minutes without an
    /// acceleration or a deceleration.
    pub fn band_bpm(&self) -> f64 {
        let baseline_bpm = self.baseline_bpm();
        let is_event = |rate: &f64| (rate - baseline_bpm).abs() > 17.0;
        let bands: Vec<f64> = self
            .fhr1
            .chunks(60)
            .filter(|minute| minute.iter().flatten().count() >= 45)
            .filter(|minute| !minute.iter().flatten().any(is_event))
            .map(|minute| {
                let rates: Vec<f64> = minute.iter().flatten().copied().collect();
                let (least, most) = extremes(&rates);
                most - least
            })
            .collect();
        median(&bands)
    }

    /// How often a minute the rate crosses its own mean of the minute around.
    pub fn crossings_per_minute(&self) -> f64 {
        let sides: Vec<bool> = (30..self.fhr1.len() - 30)
            .filter_map(|at| Some(self.fhr1[at]? > self.mean_bpm(at - 30..at + 30)))
            .collect();
        let crossings = sides.windows(2).filter(|pair| pair[0] != pair[1]).count();
        crossings as f64 * 60.0 / sides.len() as f64
    }

    /// Stretches that lie this far above (or, where negative, below) the baseline; shorter
    /// interruptions than `bridged_s` do not end them. Each lasts at least 10 s.
    pub fn runs_beyond(&self, beyond_bpm: f64, bridged_s: usize) -> Vec<Run> {
        let baseline_bpm = self.baseline_bpm();
        let mut runs: Vec<Run> = Vec::new();
        for (at, rate) in self.fhr1.iter().enumerate() {
            let Some(rate) = rate else { continue };
            if (rate - baseline_bpm) * beyond_bpm.signum() < beyond_bpm.abs() {
                continue;
            }
            match runs.last_mut() {
                Some(run) if at <= run.end() + bridged_s => run.seconds = at + 1 - run.start,
                _ => runs.push(Run { start: at, seconds: 1 }),
            }
        }
        runs.retain(|run| run.seconds >= 10);
        runs
    }

    pub fn mean_bpm(&self, seconds: Range<usize>) -> f64 {
        let end = seconds.end.min(self.fhr1.len());
        let rates: Vec<f64> =
            self.fhr1[seconds.start.min(end)..end].iter().flatten().copied().collect();
        rates.iter().sum::<f64>() / rates.len() as f64
    }

    /// Seconds at which a contraction peaks: 15 units above the lowest of the four minutes
    /// around, and the highest of the half minute on either side.
    pub fn contraction_peaks(&self) -> Vec<usize> {
        let window = |at: usize, reach: usize| {
            &self.ua[at.saturating_sub(reach)..(at + reach + 1).min(self.ua.len())]
        };
        let mut peaks: Vec<usize> = Vec::new();
        for at in 0..self.ua.len() {
            let (tone, _) = extremes(window(at, 120));
            let (_, highest) = extremes(window(at, 30));
            let apart = peaks.last().is_none_or(|&last| at - last > 30);
            if self.ua[at] >= highest && self.ua[at] > tone + 15.0 && apart {
                peaks.push(at);
            }
        }
        peaks
    }

    /// The fall at a contraction, if it is at least so deep; `None` also at the end of the
    /// strip, and where the signal is lost at the lowest point.
    pub fn fall_after(&self, peak: usize, depth_bpm_min: f64) -> Option<Fall> {
        let window = peak.saturating_sub(30)..peak + 70;
        if window.end > self.fhr1.len() {
            return None;
        }
        let level = |at: usize| {
            Some(self.mean_bpm(at.saturating_sub(2)..at + 3)).filter(|it| it.is_finite())
        };
        let (nadir, lowest) =
            window.filter_map(|at| Some((at, level(at)?))).min_by(|a, b| a.1.total_cmp(&b.1))?;
        let baseline_bpm = self.baseline_bpm();
        let depth_bpm = baseline_bpm - lowest;
        let onset =
            (0..nadir).rev().find(|&at| level(at).is_some_and(|it| it > baseline_bpm - 3.0))?;
        (depth_bpm >= depth_bpm_min).then(|| Fall {
            lag_s: nadir as f64 - peak as f64,
            descent_s: (nadir - onset) as f64,
            depth_bpm,
        })
    }

    /// How far the fetal and the maternal channel are apart in a second.
    pub fn apart_bpm(&self, at: usize) -> Option<f64> {
        Some((self.fhr1[at]? - self.mhr[at]?).abs())
    }
}

impl Run {
    pub fn end(&self) -> usize {
        self.start + self.seconds
    }
}

impl fmt::Display for Strip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

pub fn extremes(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), &value| {
        (least.min(value), most.max(value))
    })
}

/// A red value is not to be trusted, so it is not measured either.
fn mean(ticks: &[Reading<Bpm>]) -> Option<f64> {
    let trusted = ticks.iter().filter(|it| it.quality() != Some(Quality::Poor));
    let rates: Vec<f64> =
        trusted.filter_map(|it| it.value()).map(|it| f64::from(it.bpm())).collect();
    (!rates.is_empty()).then(|| rates.iter().sum::<f64>() / rates.len() as f64)
}

/// Uterine activity, averaged over `reach_s` on either side.
fn smoothed(seconds: &[Second], reach_s: usize) -> Vec<f64> {
    let means: Vec<f64> = seconds
        .iter()
        .map(|second| {
            let units =
                second.ua.iter().filter_map(|it| it.value()).map(|it| f64::from(it.units()));
            units.sum::<f64>() / 4.0
        })
        .collect();
    (0..means.len())
        .map(|at| {
            let window = &means[at.saturating_sub(reach_s)..(at + reach_s + 1).min(means.len())];
            window.iter().sum::<f64>() / window.len() as f64
        })
        .collect()
}
