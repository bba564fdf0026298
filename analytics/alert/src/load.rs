//! How many alarms a bed had in a day, and how soon somebody came.
//!
//! Folds the events of [`crate::Alerts`], in the order in which they came. What a day is, the
//! caller says: there is no calendar here. An alarm counts for the day in which it was raised,
//! whenever it is answered.

use std::collections::{BTreeMap, VecDeque};

use vitals::WallTime;

use crate::condition::Bed;
use crate::event::{Change, Event};
use crate::lifecycle::Alarm;
use crate::rules::Priority;

/// Most days that are kept; the oldest goes first. Design: a month to look back on.
pub const DAYS_MAX: usize = 31;

/// A day, as the caller has it: in Japan from midnight to midnight of Asia/Tokyo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Its start, inside.
    pub from: WallTime,
    /// Its end, not inside.
    pub to: WallTime,
}

/// Why a day was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DayError {
    /// It ends before it begins.
    Empty,
    /// It begins before the last one has ended.
    Overlaps,
}

impl core::fmt::Display for DayError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Empty => "the day ends before it begins",
            Self::Overlaps => "the day begins before the last one has ended",
        })
    }
}

impl core::error::Error for DayError {}

/// The alarms of one bed, or of the region, in one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BedLoad {
    /// How many were raised, by rising priority: low, medium, high.
    pub raised: [u32; 3],
    /// How many rose to a higher priority.
    pub promoted: u32,
    /// How often a further role was called.
    pub escalations: u32,
    /// How often somebody acknowledged one.
    pub acknowledged: u32,
    /// How many staff marked as artefacts.
    pub invalid: u32,
    /// How many took how long to acknowledge, s; rounded as the median is.
    pub responses: BTreeMap<u32, u32>,
}

impl BedLoad {
    /// How many were raised with a priority.
    #[must_use]
    pub const fn raised_as(&self, priority: Priority) -> u32 {
        self.raised[priority as usize - 1]
    }

    /// How many were raised.
    #[must_use]
    pub fn raised_in_all(&self) -> u32 {
        self.raised.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The median time until somebody acknowledged, s; of an even number the lower middle one.
    /// Exact below a minute, then rounded down to 5 s (to 5 min), 15 s (to 15 min), a minute (to
    /// 2 h); more counts as 2 h. `None` where nobody acknowledged anything.
    #[must_use]
    pub fn response_median_s(&self) -> Option<u32> {
        let in_all: u64 = self.responses.values().map(|count| u64::from(*count)).sum();
        let middle = in_all.checked_sub(1)? / 2;
        let mut before = 0;
        for (&seconds, &count) in &self.responses {
            before += u64::from(count);
            if before > middle {
                return Some(seconds);
            }
        }
        None
    }

    /// Share of the raised alarms that staff marked as artefacts, 0 to 1; `None` where none was
    /// raised.
    #[must_use]
    pub fn invalid_share(&self) -> Option<f64> {
        let raised = self.raised_in_all();
        (raised > 0).then(|| f64::from(self.invalid) / f64::from(raised))
    }

    fn count(&mut self, change: Change, alarm: &Alarm) {
        let add = |count: &mut u32| *count = count.saturating_add(1);
        match change {
            Change::Raised => add(&mut self.raised[alarm.priority as usize - 1]),
            Change::Promoted { .. } => add(&mut self.promoted),
            Change::Escalated { .. } => add(&mut self.escalations),
            Change::MarkedInvalid => add(&mut self.invalid),
            Change::Acknowledged => {
                add(&mut self.acknowledged);
                let micros = alarm.acknowledgement.as_ref().map_or(0, |one| one.after_micros);
                add(self.responses.entry(rounded_s(micros)).or_default());
            }
            Change::Returned | Change::DetailChanged | Change::Ended | Change::Resolved => {}
        }
    }
}

/// Longest response that is told apart, s.
const RESPONSE_S_MAX: u32 = 2 * 3_600;
/// Up to where a response is rounded down to what, s.
const STEPS_S: [(u32, u32); 4] = [(60, 1), (300, 5), (900, 15), (RESPONSE_S_MAX, 60)];

fn rounded_s(micros: i64) -> u32 {
    let seconds = u32::try_from(micros / WallTime::MICROS_PER_SECOND).unwrap_or(RESPONSE_S_MAX);
    let step = STEPS_S.iter().find(|(below, _)| seconds < *below);
    step.map_or(RESPONSE_S_MAX, |(_, step)| seconds / step * step)
}

/// How many alarms there were, by day and bed.
///
/// # Invariants
///
/// At most [`DAYS_MAX`] days, rising and apart; in each a row for each bed that had an alarm, and
/// in a row at most one number for each rounded response (255).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    days: VecDeque<(Day, BTreeMap<Option<Bed>, BedLoad>)>,
    unplaced: u64,
}

impl Load {
    /// Takes up what [`Load::days`] and [`Load::unplaced`] gave before a restart.
    ///
    /// # Errors
    ///
    /// [`DayError`] where the days do not rise apart.
    pub fn restore(
        days: impl IntoIterator<Item = (Day, BTreeMap<Option<Bed>, BedLoad>)>,
        unplaced: u64,
    ) -> Result<Self, DayError> {
        let mut load = Self { unplaced, ..Self::default() };
        for (day, mut rows) in days {
            load.begin_day(day)?;
            // What comes from a disk keeps the bound as well.
            for row in rows.values_mut() {
                let responses = core::mem::take(&mut row.responses);
                for (seconds, count) in responses {
                    let micros = i64::from(seconds) * WallTime::MICROS_PER_SECOND;
                    let known: &mut u32 = row.responses.entry(rounded_s(micros)).or_default();
                    *known = known.saturating_add(count);
                }
            }
            if let Some((_, kept)) = load.days.back_mut() {
                *kept = rows;
            }
        }
        Ok(load)
    }

    /// A day begins; what is raised in it counts for it. To be called before the first alarm of
    /// the day is counted.
    ///
    /// # Errors
    ///
    /// [`DayError`] where it is empty, or begins before the last one has ended.
    pub fn begin_day(&mut self, day: Day) -> Result<(), DayError> {
        if day.to <= day.from {
            return Err(DayError::Empty);
        }
        if self.days.back().is_some_and(|(last, _)| day.from < last.to) {
            return Err(DayError::Overlaps);
        }
        if self.days.len() >= DAYS_MAX {
            self.days.pop_front();
        }
        self.days.push_back((day, BTreeMap::new()));
        Ok(())
    }

    /// Counts an event.
    pub fn handle_event(&mut self, event: &Event) {
        match event {
            Event::Alarm { change, alarm, .. } => self.count(*change, alarm),
            Event::Missed { count } => self.unplaced = self.unplaced.saturating_add(*count),
            Event::Paused { .. } | Event::PauseEnded { .. } => {}
        }
    }

    /// The days that are kept, rising, and in each a row for each bed that had an alarm; `None`
    /// is the region.
    pub fn days(&self) -> impl Iterator<Item = (Day, &BTreeMap<Option<Bed>, BedLoad>)> {
        self.days.iter().map(|(day, rows)| (*day, rows))
    }

    /// Events that no row counts: of alarms that were raised in no day that is kept, and those
    /// that were missed. Above 0 the numbers are a lower bound.
    #[must_use]
    pub const fn unplaced(&self) -> u64 {
        self.unplaced
    }

    fn count(&mut self, change: Change, alarm: &Alarm) {
        let at = alarm.raised_at;
        let day = self.days.iter_mut().rev().find(|(day, _)| (day.from..day.to).contains(&at));
        match day {
            Some((_, rows)) => rows.entry(alarm.subject.bed()).or_default().count(change, alarm),
            None => self.unplaced = self.unplaced.saturating_add(1),
        }
    }
}
