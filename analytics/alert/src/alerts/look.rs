//! What there is, for whoever shows it. Nothing here changes anything.

use std::collections::BTreeSet;

use super::{Alerts, BEDS_MAX, OPEN_MAX};
use crate::condition::{Bed, Kind, Subject};
use crate::event::WAITING_MAX;
use crate::lifecycle::{Alarm, AlarmId};
use crate::order::{Urgency, wall_order};
use crate::pause::Pause;
use crate::rules::Priority;
use crate::slot::Waiting;

impl Alerts {
    /// What is open, in the order of the list.
    #[must_use]
    pub fn list(&self) -> Vec<&Alarm> {
        let mut list: Vec<_> = self.slots.values().filter_map(|slot| slot.alarm.as_ref()).collect();
        list.sort_by(|one, other| wall_order(one, other));
        list
    }

    /// An alarm, open or over; `None` where its history is gone.
    #[must_use]
    pub fn alarm(&self, id: AlarmId) -> Option<&Alarm> {
        let mut open = self.slots.values().filter_map(|slot| slot.alarm.as_ref());
        open.find(|alarm| alarm.id == id).or_else(|| self.history.of(id))
    }

    /// What is over and remembered, by rising number.
    pub fn history(&self) -> impl Iterator<Item = &Alarm> {
        self.history.iter()
    }

    /// Conditions that hold and are not alarms yet.
    pub fn waiting(&self) -> impl Iterator<Item = (Subject, Kind, &Waiting)> {
        self.slots.iter().filter_map(|(&(subject, kind), slot)| {
            slot.waiting.as_ref().map(|waiting| (subject, kind, waiting))
        })
    }

    /// The pauses that run.
    pub fn pauses(&self) -> impl Iterator<Item = &Pause> {
        self.pauses.values()
    }

    /// How urgent a bed is.
    #[must_use]
    pub fn urgency(&self, bed: &Bed) -> Urgency {
        Urgency::of(self.of_bed(Some(*bed)))
    }

    /// What sounds at a bed, or of the region: the highest priority that nobody has acknowledged;
    /// `None` for quiet, and while the bed is paused.
    #[must_use]
    pub fn sound(&self, bed: Option<Bed>) -> Option<Priority> {
        if bed.is_some_and(|bed| self.pauses.contains_key(&bed)) {
            return None;
        }
        let unanswered = self.of_bed(bed).filter(|alarm| alarm.is_unanswered());
        unanswered.map(|alarm| alarm.priority).max()
    }

    fn of_bed(&self, bed: Option<Bed>) -> impl Iterator<Item = &Alarm> {
        let open = self.slots.values().filter_map(|slot| slot.alarm.as_ref());
        open.filter(move |alarm| alarm.subject.bed() == bed)
    }

    /// Panics where an invariant is broken. Walks through everything: for tests.
    pub fn assert_invariants(&self) {
        assert!(self.beds.len() <= BEDS_MAX, "there are more beds than fit");
        assert!(self.slots.len() <= OPEN_MAX, "there are more alarms than fit");
        let mut ids = BTreeSet::new();
        for ((subject, kind), slot) in &self.slots {
            assert_eq!(subject.scope(), kind.scope());
            assert!(subject.bed().is_none_or(|bed| self.beds.contains_key(&bed)));
            assert!(slot.waiting.is_none() || slot.alarm.is_none(), "it waits beside its alarm");
            if let Some(alarm) = &slot.alarm {
                assert_eq!((alarm.subject, alarm.kind), (*subject, *kind));
                assert!(alarm.resolution.is_none(), "what is over is history");
                assert!(alarm.id.0 <= self.id_last && ids.insert(alarm.id), "a number comes twice");
            }
        }
        assert!(self.history.iter().all(|alarm| ids.insert(alarm.id)), "a number comes twice");
        assert!(self.pauses.keys().all(|bed| self.beds.contains_key(bed)));
        assert!(self.events.len() <= WAITING_MAX);
        self.history.assert_invariants();
    }
}
