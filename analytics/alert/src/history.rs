//! Alarms that are over.
//!
//! Bounded for each bed and in all. When it is full, the one with the lowest priority goes, and
//! of those the oldest: what was high is remembered longest. Alarms that are on the list are not
//! here, and never go.

use std::collections::{BTreeMap, BTreeSet};

use crate::condition::Bed;
use crate::lifecycle::{Alarm, AlarmId};
use crate::rules::Priority;

/// Most alarms that are remembered of one bed, and of the region.
pub const HISTORY_PER_BED_MAX: usize = 64;
/// Most alarms that are remembered in all.
pub const HISTORY_MAX: usize = 16_384;

/// What goes first: the lowest priority, and of it the oldest.
type Rank = (Priority, AlarmId);

/// Alarms that are over.
///
/// # Invariants
///
/// Each is resolved; at most [`HISTORY_PER_BED_MAX`] of a bed and [`HISTORY_MAX`] in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    alarms: BTreeMap<AlarmId, Alarm>,
    ranks: BTreeSet<Rank>,
    of_bed: BTreeMap<Option<Bed>, BTreeSet<Rank>>,
}

impl History {
    pub(crate) fn push(&mut self, alarm: Alarm) {
        debug_assert!(alarm.resolution.is_some(), "only what is over is history");
        let (rank, bed) = ((alarm.priority, alarm.id), alarm.subject.bed());
        self.ranks.insert(rank);
        self.of_bed.entry(bed).or_default().insert(rank);
        self.alarms.insert(alarm.id, alarm);
        if let Some(of_bed) = self.of_bed.get(&bed)
            && of_bed.len() > HISTORY_PER_BED_MAX
            && let Some(&least) = of_bed.first()
        {
            self.forget(least);
        }
        if self.ranks.len() > HISTORY_MAX
            && let Some(&least) = self.ranks.first()
        {
            self.forget(least);
        }
    }

    fn forget(&mut self, rank: Rank) {
        self.ranks.remove(&rank);
        let Some(alarm) = self.alarms.remove(&rank.1) else { return };
        let bed = alarm.subject.bed();
        if let Some(of_bed) = self.of_bed.get_mut(&bed) {
            of_bed.remove(&rank);
            if of_bed.is_empty() {
                self.of_bed.remove(&bed);
            }
        }
    }

    pub(crate) fn of(&self, id: AlarmId) -> Option<&Alarm> {
        self.alarms.get(&id)
    }

    /// An alarm whose mark may be set; neither its number nor its priority may change.
    pub(crate) fn of_mut(&mut self, id: AlarmId) -> Option<&mut Alarm> {
        self.alarms.get_mut(&id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Alarm> {
        self.alarms.values()
    }

    pub(crate) fn assert_invariants(&self) {
        assert!(self.alarms.len() <= HISTORY_MAX, "the history has outgrown its bound");
        assert_eq!(self.alarms.len(), self.ranks.len(), "a rank for each alarm");
        let of_beds: usize = self.of_bed.values().map(BTreeSet::len).sum();
        assert_eq!(of_beds, self.ranks.len(), "each alarm is of one bed or the region");
        assert!(self.of_bed.values().all(|ranks| (1..=HISTORY_PER_BED_MAX).contains(&ranks.len())));
        assert!(self.alarms.values().all(|alarm| alarm.resolution.is_some()));
    }
}
