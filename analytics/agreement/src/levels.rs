//! Levels next to what became of the child: a table, and how well the worst level tells.
//!
//! pH is an outcome measured after birth, not a reading of the strip; many children with a low
//! one had an ordinary strip, and the other way round. So this says how levels and outcomes go
//! together, not how well strips are read.

use std::fmt;

use ctg::assessment::{Extent, Graded};
use ctg::record::{self, Record};
use ctg::tick::TICKS_PER_MINUTE;
use ctg::{Settings, Span};

use crate::ctu_uhb::Labour;
use crate::statistics::{self, Estimate};
use crate::table::quantile;
use crate::validation::in_parallel;

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

/// Reads every labour, and puts the worst level of its last hour beside its outcome.
#[must_use]
pub fn outcomes(labours: &[Labour], settings: &Settings) -> Vec<Outcome> {
    in_parallel(labours.len(), |at| {
        let labour = &labours[at];
        let record = record::read(&labour.ticks, &labour.case, settings);
        Outcome { level: worst_of_last_hour(&record), ph: labour.ph }
    })
}

/// The worst level that the table gives to a block of the last hour, 1 to 5; `None` where none
/// could be classified.
///
/// Blocks begin with the record, not with its end; one that lies at least half in the last hour
/// counts.
#[must_use]
pub fn worst_of_last_hour(record: &Record) -> Option<u8> {
    let start = record.ticks.saturating_sub(60 * TICKS_PER_MINUTE);
    let hour = Span { start, end: record.ticks };
    let blocks = record.assessments.iter().filter(|it| it.extent == Extent::Block);
    let last = blocks.filter(|it| 2 * it.span.overlap(hour) >= it.span.ticks());
    let levels = last.filter_map(|it| match it.jsog {
        Graded::Level(level) => Some(level.number()),
        Graded::NotClassifiable(_) => None,
    });
    levels.max()
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

    fn few() -> Vec<Outcome> {
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

    /// A quiet strip of so many minutes that ends with falls of 60 bpm for 80 s, or without.
    fn record(quiet_min: u32, falls: u32) -> Record {
        let ticks = |bpm: u16, seconds: u32| {
            (0..seconds * ctg::tick::TICKS_PER_SECOND).map(move |at| {
                // A swing of 12 bpm: variability is normal.
                let swing = [0, 8, 16, 24, 16, 8][(at / 8 % 6) as usize];
                let fhr = vitals::Bpm::from_quarters(4 * bpm + 2 * swing).ok();
                ctg::Tick { fhr, ..ctg::Tick::default() }
            })
        };
        let mut strip: Vec<ctg::Tick> = ticks(134, 60 * quiet_min).collect();
        for _ in 0..falls {
            strip.extend(ticks(60, 80).chain(ticks(134, 100)));
        }
        record::read(&strip, &ctg::Case::default(), &Settings::default())
    }

    #[test]
    fn the_worst_block_of_the_last_hour_counts_and_an_earlier_one_does_not() {
        let falling = record(20, 10);
        let worst = worst_of_last_hour(&falling).unwrap();
        let quiet = worst_of_last_hour(&record(80, 0)).unwrap();
        assert!(worst > quiet, "{worst} {quiet}");
        // The same blocks, an hour and more before the end.
        let mut earlier = record(180, 0);
        for block in falling.assessments {
            let place = earlier.assessments.iter_mut().find(|it| it.span == block.span);
            if let Some(place) = place {
                *place = block;
            }
        }
        assert_eq!(worst_of_last_hour(&earlier), Some(quiet));
    }

    #[test]
    fn nothing_recorded_is_not_classifiable() {
        let nothing = vec![ctg::Tick::default(); 20 * TICKS_PER_MINUTE as usize];
        let record = record::read(&nothing, &ctg::Case::default(), &Settings::default());
        assert_eq!(worst_of_last_hour(&record), None);
    }

    #[test]
    fn a_row_counts_the_labours_of_its_level() {
        let rows = rows(&few());
        let levels: Vec<_> = rows.iter().map(|row| (row.level, row.labours)).collect();
        assert_eq!(levels, [(Some(2), 3), (Some(4), 1), (Some(5), 1), (None, 1)]);
        assert_eq!(
            rows[0].to_string(),
            "| 2 | 3 | 7.26 (7.20–7.28) | 0 % (0–56) | 33 % (6–79) | 33 % (6–79) |"
        );
    }

    #[test]
    fn a_labour_that_cannot_be_classified_does_not_move_the_area() {
        let with = area_under_curve(&few()).unwrap();
        let without = area_under_curve(&few()[..5]).unwrap();
        assert_eq!(with, without);
        // Of six pairs four are in order and two are ties.
        assert!((with.value - 5.0 / 6.0).abs() < 1e-9);
    }
}
