//! Levels next to what became of the child: a table, and how well the worst level tells.
//!
//! pH is an outcome measured after birth, not a reading of the strip; many children with a low
//! one had an ordinary strip, and the other way round. So this says how levels and outcomes go
//! together, not how well strips are read.

use std::fmt;

use crate::statistics::{self, Estimate};
use crate::table::quantile;

/// The pH below which shares are counted.
pub const PH_BELOW: [f64; 3] = [7.05, 7.15, 7.20];
/// The pH below which a child counts as a case for the area under the curve.
pub const PH_CASE: f64 = 7.15;

/// The head of the table.
pub const HEAD: &str = "\
| worst level of the last hour | n | pH, median (IQR) | pH < 7.05 | pH < 7.15 | pH < 7.20 |
| --- | --- | --- | --- | --- | --- |";

/// One labour: the worst level of its last hour, and its outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// 1 to 5; `None` where no block of the hour could be classified.
    pub level: Option<u8>,
    /// pH of the umbilical artery.
    pub ph: f64,
}

/// One row of the table: all labours of a level.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The level; `None` for not classifiable.
    pub level: Option<u8>,
    /// How many labours.
    pub labours: usize,
    /// Quartiles of the pH.
    pub ph_quartiles: [f64; 3],
    /// Share of labours below each of [`PH_BELOW`].
    pub below: [Estimate; 3],
}

/// The rows of the levels that occur, the mildest first, not classifiable last.
#[must_use]
pub fn rows(outcomes: &[Outcome]) -> Vec<Row> {
    let levels = (1..=5).map(Some).chain([None]);
    levels.filter_map(|level| row(outcomes, level)).collect()
}

fn row(outcomes: &[Outcome], level: Option<u8>) -> Option<Row> {
    let here = outcomes.iter().filter(|outcome| outcome.level == level);
    let ph: Vec<f64> = here.map(|outcome| outcome.ph).collect();
    let quartile = |share| quantile(ph.clone(), share);
    let below = |limit: f64| {
        let count = |labours: usize| u32::try_from(labours).expect("labours can be counted");
        let low = ph.iter().filter(|ph| **ph < limit).count();
        statistics::share(count(low), count(ph.len()))
    };
    Some(Row {
        level,
        labours: ph.len(),
        ph_quartiles: [quartile(0.25)?, quartile(0.5)?, quartile(0.75)?],
        below: [below(PH_BELOW[0])?, below(PH_BELOW[1])?, below(PH_BELOW[2])?],
    })
}

/// How likely the worst level of a child with a pH below [`PH_CASE`] is above that of another;
/// labours that cannot be classified are left out. `None` where there are too few.
#[must_use]
pub fn area_under_curve(outcomes: &[Outcome]) -> Option<Estimate> {
    let levels = |is_case: bool| -> Vec<f64> {
        let these = outcomes.iter().filter(|outcome| (outcome.ph < PH_CASE) == is_case);
        these.filter_map(|outcome| outcome.level).map(f64::from).collect()
    };
    statistics::area_under_curve(&levels(true), &levels(false))
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Some(level) => write!(f, "| {level} ")?,
            None => write!(f, "| not classifiable ")?,
        }
        let [low, middle, high] = self.ph_quartiles;
        write!(f, "| {} | {middle:.2} ({low:.2}–{high:.2}) |", self.labours)?;
        for Estimate { value, low, high } in self.below {
            let percent = [value, low, high].map(|share| 100.0 * share);
            write!(f, " {:.0} % ({:.0}–{:.0}) |", percent[0], percent[1], percent[2])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes() -> Vec<Outcome> {
        let of = |level, ph| Outcome { level, ph };
        vec![
            of(Some(2), 7.30),
            of(Some(2), 7.26),
            of(Some(2), 7.14),
            of(Some(5), 7.00),
            of(Some(4), 7.10),
            of(None, 7.25),
        ]
    }

    #[test]
    fn a_row_counts_the_labours_of_its_level() {
        let rows = rows(&outcomes());
        let levels: Vec<_> = rows.iter().map(|row| (row.level, row.labours)).collect();
        assert_eq!(levels, [(Some(2), 3), (Some(4), 1), (Some(5), 1), (None, 1)]);
        assert_eq!(
            rows[0].to_string(),
            "| 2 | 3 | 7.26 (7.20–7.28) | 0 % (0–56) | 33 % (6–79) | 33 % (6–79) |"
        );
    }

    #[test]
    fn a_labour_that_cannot_be_classified_does_not_move_the_area() {
        let with = area_under_curve(&outcomes()).unwrap();
        let without = area_under_curve(&outcomes()[..5]).unwrap();
        assert_eq!(with, without);
        // Of six pairs four are in order and two are ties.
        assert!((with.value - 5.0 / 6.0).abs() < 1e-9);
    }
}
