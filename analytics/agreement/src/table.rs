//! The table of agreement with experts, in the form of the data set's README.

use std::fmt;

use crate::matching::Agreement;

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
}

impl Figures {
    /// From the counts of each recording.
    #[must_use]
    pub fn of(recordings: &[Agreement]) -> Self {
        let pooled = recordings.iter().fold(Agreement::default(), |sum, it| sum.and(*it));
        let f1_median = median(recordings.iter().map(|it| it.f1()).collect());
        Self { pooled, f1_median: f1_median.unwrap_or(0.0) }
    }
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
    fn a_quantile_lies_between_its_neighbours() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0, 1.0]), Some(2.0));
        assert_eq!(quantile(vec![4.0, 0.0, 2.0], 0.25), Some(1.0));
    }
}
