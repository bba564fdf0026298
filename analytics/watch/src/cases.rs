//! What is known of a woman beside her strip: how far she is, and whether a risk is known.
//!
//! No device and no bridge says it, so it comes from the configuration: for a bed, or for all
//! monitors of a bridge, as a home's, with a due date instead of weeks, because weeks go by. What
//! nobody said is unknown, and every level says so.

use ctg::{Case, Uterus};
use jiff::civil::{Date, date};
use vitals::{BridgeId, DeviceId, WallTime};

use crate::device::DeviceKey;

/// A day of the calendar, counted from the first of January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub i64);

/// The day from which days are counted.
const EPOCH: Date = date(1970, 1, 1);
/// From the first day of gestation, as it is counted, to the due date: 40 weeks.
const GESTATION_DAYS: i64 = 280;
/// Weeks that a due date can mean: 20 to 45. Beyond them it is another pregnancy's.
pub const WEEKS: std::ops::RangeInclusive<u8> = 20..=45;
const DAY_MICROS: i64 = 86_400 * WallTime::MICROS_PER_SECOND;

/// What is known of whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// What is assumed where nothing else is said.
    pub otherwise: Case,
    /// What is said of beds and bridges.
    pub beds: Vec<Bed>,
}

/// What is known of the woman at one monitor, or at all monitors of a bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bed {
    /// The bridge.
    pub bridge: BridgeId,
    /// The monitor; `None` for all of the bridge.
    pub device: Option<DeviceId>,
    /// When she is due.
    pub due: Option<Day>,
    /// See [`Case::has_background_risk`].
    pub has_background_risk: bool,
}

impl Cases {
    /// What is known at `at` of the woman at a monitor. What is said of the monitor itself goes
    /// before what is said of its bridge.
    #[must_use]
    pub fn of(&self, (bridge, device): &DeviceKey, at: WallTime, uterus: Uterus) -> Case {
        let of_bridge = |bed: &&Bed| bed.bridge == *bridge;
        let beds = || self.beds.iter().filter(of_bridge);
        let here = beds().find(|bed| bed.device == Some(*device));
        let bed = here.or_else(|| beds().find(|bed| bed.device.is_none()));
        bed.map_or(Case { uterus, ..self.otherwise }, |bed| Case {
            gestation_weeks: match bed.due {
                Some(due) => due.weeks_at(at),
                None => self.otherwise.gestation_weeks,
            },
            has_background_risk: bed.has_background_risk,
            uterus,
        })
    }
}

impl Day {
    /// The day of a date.
    #[must_use]
    pub fn of_date(date: Date) -> Self {
        let days = date.since(EPOCH).expect("days between two dates are few enough").get_days();
        Self(i64::from(days))
    }

    /// Whole weeks of gestation at `at` where this is the due date; `None` outside [`WEEKS`]. A
    /// day begins at midnight UTC, so that weeks turn a few hours off where the clock is another.
    #[must_use]
    pub fn weeks_at(self, at: WallTime) -> Option<u8> {
        let days = GESTATION_DAYS - (self.0 - at.0.div_euclid(DAY_MICROS));
        u8::try_from(days.div_euclid(7)).ok().filter(|weeks| WEEKS.contains(weeks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: Day) -> WallTime {
        WallTime(day.0 * DAY_MICROS + DAY_MICROS / 2)
    }

    #[test]
    fn a_day_is_counted_as_the_calendar_does() {
        assert_eq!(Day::of_date(date(1970, 1, 1)), Day(0));
        assert_eq!(Day::of_date(date(2000, 3, 1)), Day(11_017));
        assert_eq!(Day::of_date(date(2024, 2, 29)).0 + 1, Day::of_date(date(2024, 3, 1)).0);
        assert_eq!(Day::of_date(date(2026, 12, 31)).0 + 1, Day::of_date(date(2027, 1, 1)).0);
    }

    #[test]
    fn weeks_go_by_and_a_due_date_of_last_year_says_nothing() {
        let due = Day::of_date(date(2027, 1, 27));
        let weeks = |before: i64| due.weeks_at(at(Day(due.0 - before)));
        assert_eq!([weeks(57), weeks(56), weeks(0)], [Some(31), Some(32), Some(40)]);
        assert_eq!([weeks(141), weeks(140)], [None, Some(20)]);
        assert_eq!([weeks(-41), weeks(-42)], [Some(45), None]);
    }

    #[test]
    fn the_monitor_goes_before_its_bridge_and_the_bridge_before_the_rest() {
        let (bridge, now) = (BridgeId::new("home-7").unwrap(), at(Day::of_date(date(2026, 11, 1))));
        let (one, other) = (DeviceId::new("belt").unwrap(), DeviceId::new("spare").unwrap());
        let due = Some(Day::of_date(date(2027, 1, 27)));
        let bed = |device, due| Bed { bridge, device, due, has_background_risk: device.is_some() };
        let cases = Cases {
            otherwise: Case { gestation_weeks: Some(39), ..Case::default() },
            beds: vec![bed(None, due), bed(Some(other), None)],
        };
        let case = |bridge, device| cases.of(&(bridge, device), now, Uterus::IntraUterine);
        let known = |case: Case| (case.gestation_weeks, case.has_background_risk);
        assert_eq!(known(case(bridge, one)), (Some(27), false));
        assert_eq!(known(case(bridge, other)), (Some(39), true));
        assert_eq!(known(case(BridgeId::new("ward").unwrap(), one)), (Some(39), false));
        assert_eq!(case(bridge, one).uterus, Uterus::IntraUterine);
        assert_eq!(Cases::default().of(&(bridge, one), now, Uterus::External), Case::default());
    }
}
