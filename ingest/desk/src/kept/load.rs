//! How many alarms there were, as a line a day.

use std::collections::BTreeMap;

use alert::Bed;
use alert::load::{BedLoad, Day, Load};
use serde::{Deserialize, Serialize};
use vitals::WallTime;

use super::{Place, Refused, bed, place_of};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptDay {
    from: i64,
    to: i64,
    rows: Vec<KeptRow>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptRow {
    bed: Option<Place>,
    raised: [u32; 3],
    promoted: u32,
    escalations: u32,
    acknowledged: u32,
    invalid: u32,
    /// Seconds, and how many took so long.
    responses: Vec<(u32, u32)>,
}

/// A day of a load.
pub(super) type LoadDay = (Day, BTreeMap<Option<Bed>, BedLoad>);

/// The days of a load.
pub(super) fn days(load: &Load) -> impl Iterator<Item = KeptDay> {
    load.days().map(|(day, rows)| KeptDay {
        from: day.from.0,
        to: day.to.0,
        rows: rows.iter().map(|(bed, row)| KeptRow::of(*bed, row)).collect(),
    })
}

impl KeptRow {
    fn of(bed: Option<Bed>, row: &BedLoad) -> Self {
        Self {
            bed: bed.map(place_of),
            raised: row.raised,
            promoted: row.promoted,
            escalations: row.escalations,
            acknowledged: row.acknowledged,
            invalid: row.invalid,
            responses: row.responses.iter().map(|(&seconds, &count)| (seconds, count)).collect(),
        }
    }
}

impl KeptDay {
    pub(super) fn day(self) -> Refused<LoadDay> {
        let rows = self.rows.into_iter().map(|row| {
            let place = row.bed.map(|(bridge, device)| bed(&bridge, &device)).transpose()?;
            let load = BedLoad {
                raised: row.raised,
                promoted: row.promoted,
                escalations: row.escalations,
                acknowledged: row.acknowledged,
                invalid: row.invalid,
                responses: row.responses.into_iter().collect(),
            };
            Ok((place, load))
        });
        Ok((
            Day { from: WallTime(self.from), to: WallTime(self.to) },
            rows.collect::<Refused<_>>()?,
        ))
    }
}
