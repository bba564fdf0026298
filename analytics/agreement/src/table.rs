//! The table of agreement with experts, in the form of the data set's README.

use std::fmt;

use crate::matching::Agreement;
use crate::random::Random;

/// The head of the table.
pub const HEAD: &str = "\
| method | acc sens | acc PPV | acc F1 | acc F1, median | dec sens | dec PPV | dec F1 | dec F1, median |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |";

/// How a method agrees with the experts on one kind of event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// All recordings together.
    pub pooled: Agreement,
    /// The median over the recordings; 0 where there is no recording.
    pub f1_median: f64,
    /// Between which F1 of all recordings together lies in 95 % of draws of as many recordings,
    /// with replacement; 1 where there is no recording.
    pub f1_interval: [f64; 2],
}

impl Figures {
    /// From the counts of each recording.
    #[must_use]
    pub fn of(recordings: &[Agreement]) -> Self {
        let pooled = recordings.iter().fold(Agreement::default(), |sum, it| sum.and(*it));
        let f1_median = median(recordings.iter().map(|it| it.f1()).collect());
        let f1_interval = f1_interval(recordings);
        Self { pooled, f1_median: f1_median.unwrap_or(0.0), f1_interval }
    }
}

/// Draws of the bootstrap (Efron 1979); the ends of an interval move by about 0.002 with more.
const DRAWS: u64 = 1000;

fn f1_interval(recordings: &[Agreement]) -> [f64; 2] {
    let drawn = |seed: u64| {
        let mut random = Random::new(seed);
        let drawn = recordings.iter().map(|_| recordings[random.below(recordings.len())]);
        drawn.fold(Agreement::default(), Agreement::and).f1()
    };
    let draws: Vec<f64> = (0..DRAWS).map(drawn).collect();
    [0.025, 0.975].map(|share| quantile(draws.clone(), share).unwrap_or(1.0))
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sensitivity, ppv) =
            (self.pooled.sensitivity(), self.pooled.positive_predictive_value());
        write!(f, "{sensitivity:.3} | {ppv:.3} | {:.3} | {:.3}", self.pooled.f1(), self.f1_median)
    }
}

/// One row: a method, and its accelerations and decelerations.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The method.
    pub method: String,
    /// Its accelerations.
    pub acceleration: Figures,
    /// Its decelerations.
    pub deceleration: Figures,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "| {} | {} | {} |", self.method, self.acceleration, self.deceleration)
    }
}

/// The middle of some values, the mean of the two middle ones; `None` where there are none.
#[must_use]
pub fn median(values: Vec<f64>) -> Option<f64> {
    quantile(values, 0.5)
}

/// The value below which a share of all lies, on a straight line between neighbours.
#[must_use]
pub fn quantile(mut values: Vec<f64>, share: f64) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let place = share * values.len().checked_sub(1)? as f64;
    let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
    Some(below + (above - below) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_as_in_the_readme() {
        let one = Agreement { both: 1, expert: 2, method: 3 };
        let figures =
            Figures::of(&[one, Agreement { both: 3, expert: 3, method: 3 }, Agreement::default()]);
        let row = Row { method: "wmfb".to_owned(), acceleration: figures, deceleration: figures };
        let expected = "0.800 | 0.667 | 0.727 | 1.000";
        assert_eq!(row.to_string(), format!("| wmfb | {expected} | {expected} |"));
    }

    #[test]
    fn an_interval_is_as_wide_as_the_recordings_differ() {
        let of = |both| Agreement { both, expert: 10, method: 10 };
        assert_eq!(Figures::of(&[of(7); 40]).f1_interval, [0.7, 0.7]);
        let two: Vec<_> = [of(6), of(8)].into_iter().cycle().take(40).collect();
        let [low, high] = Figures::of(&two).f1_interval;
        // A mean of 40 draws of 0.6 and 0.8 varies by 0.1 / sqrt 40.
        let half = 1.96 * 0.1 / 40_f64.sqrt();
        assert!((low - (0.7 - half)).abs() < 0.01 && (high - (0.7 + half)).abs() < 0.01);
        assert_eq!(Figures::of(&[]).f1_interval, [1.0, 1.0]);
    }

    #[test]
    fn a_quantile_lies_between_its_neighbours() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0, 1.0]), Some(2.0));
        assert_eq!(quantile(vec![4.0, 0.0, 2.0], 0.25), Some(1.0));
    }
}
