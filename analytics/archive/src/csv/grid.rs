//! Times of samples, laid on a regular grid.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::rate::SourceRate;

/// How far a time may lie from its place on the grid, as a share of a step: times are printed
/// with few digits.
const TOLERANCE: f64 = 0.26;
/// The longest recording: a week. A time beyond it is a damaged one.
const DURATION_MAX_S: i64 = 7 * 24 * 3600;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// Why times make no strip.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OffGrid {
    /// A time that is not after the one before it.
    #[error("line {line}: its time is not after that of the line before; sort the lines by time")]
    NotRising {
        /// Line, from 1.
        line: usize,
    },
    /// A rate that cannot be brought to 4 Hz without inventing values.
    #[error(
        "has {hz:.3} samples a second; whole multiples of 4 are read, and 2 and 1: resample it first"
    )]
    Rate {
        /// Samples in a second.
        hz: f64,
    },
    /// A time between two places of the grid.
    #[error("line {line}: its time lies between two samples at {hz} a second; resample it first")]
    Between {
        /// Line, from 1.
        line: usize,
        /// Samples in a second.
        hz: u32,
    },
    /// A time a week or more after the first.
    #[error("line {line}: its time lies more than a week after the first; split the file")]
    TooLong {
        /// Line, from 1.
        line: usize,
    },
}

/// Which samples are at which ticks.
#[derive(Debug)]
pub(super) struct Grid {
    rate: SourceRate,
    /// The ticks of each sample, rising; `None` where sample *k* is tick *k*.
    places: Option<Vec<Range<usize>>>,
}

impl Grid {
    /// A sample every 250 ms.
    pub(super) fn without_times() -> Self {
        Self { rate: SourceRate::FOUR_HZ, places: None }
    }

    /// The grid of these times, each with its line, in microseconds.
    pub(super) fn of(times: &[(usize, i64)]) -> Result<Self, OffGrid> {
        let Some(&(_, first)) = times.first() else { return Ok(Self::without_times()) };
        if let Some(pair) = times.windows(2).find(|pair| pair[1].1 <= pair[0].1) {
            return Err(OffGrid::NotRising { line: pair[1].0 });
        }
        let rate = match commonest_step(times) {
            Some(step) => {
                let hz = MICROS_PER_SECOND as f64 / step;
                SourceRate::of_hz(hz).ok_or(OffGrid::Rate { hz })?
            }
            // A single sample has no rate; it is one tick.
            None => SourceRate::FOUR_HZ,
        };
        let mut places = Vec::with_capacity(times.len());
        let mut last = None;
        for &(line, time) in times {
            let since = time - first;
            if since > DURATION_MAX_S * MICROS_PER_SECOND {
                return Err(OffGrid::TooLong { line });
            }
            let exact = since as f64 * f64::from(rate.hz()) / MICROS_PER_SECOND as f64;
            let place = exact.round() as usize;
            if (exact - place as f64).abs() > TOLERANCE || last >= Some(place) {
                return Err(OffGrid::Between { line, hz: rate.hz() });
            }
            places.push(rate.ticks_of(place));
            last = Some(place);
        }
        Ok(Self { rate, places: Some(places) })
    }

    /// How the file was sampled.
    pub(super) fn rate(&self) -> SourceRate {
        self.rate
    }

    /// Samples at 4 Hz, absent where the file has no line.
    pub(super) fn ticks<V: Copy>(&self, samples: Vec<Option<V>>) -> Vec<Option<V>> {
        let Some(places) = &self.places else { return samples };
        let end = places.iter().map(|ticks| ticks.end).max().unwrap_or_default();
        let mut laid = vec![None; end];
        for (ticks, sample) in places.iter().zip(samples) {
            laid[ticks.clone()].fill(sample);
        }
        laid
    }
}

/// The step that most pairs of neighbours have, in microseconds: the mean of those within a
/// millisecond's rounding of it.
fn commonest_step(times: &[(usize, i64)]) -> Option<f64> {
    let steps = || times.windows(2).map(|pair| pair[1].1 - pair[0].1);
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for step in steps() {
        *counts.entry(step).or_default() += 1;
    }
    let (&common, _) = counts.iter().max_by_key(|&(step, count)| (count, -step))?;
    // Times printed with few digits alternate between two neighbours, as 0.33 and 0.34 do.
    let near: Vec<i64> = steps().filter(|step| (step - common).abs() * 10 <= common).collect();
    Some(near.iter().sum::<i64>() as f64 / near.len() as f64)
}
