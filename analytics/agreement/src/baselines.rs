//! How far two baselines of one recording lie apart.
//!
//! In: two baselines and the rate, once a second. Out: the root mean square of their distance,
//! and the discordance of Boudet et al., as the data set's README states the two. Never: the
//! first and last half minute, where the published methods run out of signal, and what cannot
//! be judged.

use crate::fhrma::Recording;
use crate::table;

/// Left out at either end, s; as where the README compares two runs of one method.
const ENDS_S: usize = 30;
/// Half the window around a second in which the unrest over a baseline is taken, s.
const HALF_WINDOW_S: usize = 30;
/// What every baseline is uncertain by, bpm: the constant of the index.
const UNCERTAIN_BPM: f64 = 3.0;
/// Baselines this far apart are two readings, bpm.
const APART_BPM: f64 = 15.0;

/// How far two baselines lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// Root of their mean squared distance, bpm.
    pub rmsd_bpm: f64,
    /// Morphological analysis discordance index, 0 equal, 1 unrelated.
    pub madi: f64,
    /// Share of time with more than 15 bpm between them, 0 to 1.
    pub apart: f64,
}

/// A second that is compared.
#[derive(Clone, Copy)]
struct Second {
    at: usize,
    rate: f64,
    first: f64,
    second: f64,
}

impl Distance {
    /// Between two baselines of a recording, bpm each second, where both are there; `None`
    /// where they nowhere are.
    #[must_use]
    pub fn between(recording: &Recording, first: &[f32], second: &[f32]) -> Option<Self> {
        let seconds = recording.ticks.len() / ctg::tick::TICKS_PER_SECOND as usize;
        let compared: Vec<Second> = (ENDS_S..seconds.saturating_sub(ENDS_S))
            .filter_map(|at| compared(recording, first, second, at))
            .collect();
        if compared.is_empty() {
            return None;
        }
        let mean = |value: &dyn Fn(usize, &Second) -> f64| {
            let values = compared.iter().enumerate().map(|(place, second)| value(place, second));
            values.sum::<f64>() / compared.len() as f64
        };
        let apart = |second: &Second| second.first - second.second;
        let unrest_first = unrest(&compared, |second| second.rate - second.first);
        let unrest_second = unrest(&compared, |second| second.rate - second.second);
        let discordance = |place: usize, second: &Second| {
            let squared = apart(second) * apart(second);
            squared / (unrest_first[place] * unrest_second[place] + squared)
        };
        Some(Self {
            rmsd_bpm: mean(&|_, second| apart(second) * apart(second)).sqrt(),
            madi: mean(&discordance),
            apart: mean(&|_, second| f64::from(u8::from(apart(second).abs() > APART_BPM))),
        })
    }

    /// The median of each over recordings; `None` where there is none.
    #[must_use]
    pub fn medians(all: &[Self]) -> Option<Self> {
        let median = |of: fn(&Self) -> f64| table::median(all.iter().map(of).collect());
        Some(Self {
            rmsd_bpm: median(|it| it.rmsd_bpm)?,
            madi: median(|it| it.madi)?,
            apart: median(|it| it.apart)?,
        })
    }
}

fn compared(recording: &Recording, first: &[f32], second: &[f32], at: usize) -> Option<Second> {
    let tick = at * ctg::tick::TICKS_PER_SECOND as usize;
    let rate = recording.ticks.get(tick)?.fhr?;
    let known = |baseline: &[f32]| baseline.get(at).copied().filter(|bpm| bpm.is_finite());
    let (first, second) = (f64::from(known(first)?), f64::from(known(second)?));
    let is_judged = recording.unjudged.allows_sample(tick);
    is_judged.then(|| Second { at, rate: f64::from(rate.bpm()), first, second })
}

/// The root mean square of a distance in the minute around each second, and the constant.
fn unrest(compared: &[Second], distance: impl Fn(&Second) -> f64) -> Vec<f64> {
    let mut sums = vec![0.0];
    let mut sum = 0.0;
    for second in compared {
        sum += distance(second) * distance(second);
        sums.push(sum);
    }
    let around = |second: &Second| {
        let from = compared.partition_point(|it| it.at + HALF_WINDOW_S < second.at);
        let to = compared.partition_point(|it| it.at <= second.at + HALF_WINDOW_S);
        UNCERTAIN_BPM + ((sums[to] - sums[from]) / (to - from) as f64).max(0.0).sqrt()
    };
    compared.iter().map(around).collect()
}
