//! What survives a restart, as plain records.
//!
//! [`Alerts::records`] gives everything that is to be kept, and [`Alerts::restore`] takes it back
//! without a word: what was raised is not raised again, what was acknowledged stays so, numbers go
//! on, and what fell due in between comes with the next call. Records come from a disk: one that
//! cannot be is refused by itself and named, and takes no other with it.

use std::collections::BTreeSet;

use vitals::{EpisodeId, WallTime};

use super::{Alerts, Episodes};
use crate::condition::{Bed, Kind, Subject};
use crate::lifecycle::{Alarm, AlarmId, due};
use crate::pause::Pause;
use crate::rules::Rules;
use crate::slot::Waiting;

/// One thing to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// Where it stood.
    Head {
        /// The last number that was used; 0 for none.
        id_last: AlarmId,
        /// The time of the last call: what was waited for goes on from here, also where the clock
        /// was set back in between.
        now: Option<WallTime>,
    },
    /// Whose monitoring a bed shows.
    Bed {
        /// The bed.
        bed: Bed,
        /// The monitoring that it shows.
        current: Option<EpisodeId>,
        /// The one before.
        previous: Option<EpisodeId>,
    },
    /// An alarm, open or over.
    Alarm(Box<Alarm>),
    /// A condition that is not an alarm yet.
    Waiting {
        /// Of whom or what.
        subject: Subject,
        /// What.
        kind: Kind,
        /// Since when, and its text.
        waiting: Waiting,
    },
    /// A kind that is news once in a block has been news.
    News {
        /// Of whom or what.
        subject: Subject,
        /// What.
        kind: Kind,
        /// When.
        at: WallTime,
    },
    /// A pause that runs.
    Pause(Pause),
}

/// Why a record was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordError {
    /// A kind of something that it is not of.
    WrongSubject,
    /// Its place is taken, or its number used.
    Twice,
    /// There is no room for another bed.
    NoRoom,
    /// A number that was never given: 0, or one that no region reaches.
    NoNumber,
}

/// The highest number that is believed. A thousand alarms a second for as long as there are beds
/// do not reach it; a damaged record must not use up the numbers that are left.
const ID_MAX: u64 = 1 << 62;

/// A record that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which of the records, from 0.
    pub at: usize,
    /// Why.
    pub error: RecordError,
}

/// What came of records.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The alarms.
    pub alerts: Alerts,
    /// What could not be taken; somebody should read it.
    pub refused: Vec<Refused>,
}

impl Alerts {
    /// Everything that is to be kept, in a fixed order.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        let mut records = vec![Record::Head { id_last: AlarmId(self.id_last), now: self.now }];
        records.extend(
            self.beds.iter().map(|(&bed, &Episodes { current, previous })| Record::Bed {
                bed,
                current,
                previous,
            }),
        );
        records.extend(self.history.iter().cloned().map(|alarm| Record::Alarm(Box::new(alarm))));
        for (&(subject, kind), slot) in &self.slots {
            let alarm = slot.alarm.clone().map(|alarm| Record::Alarm(Box::new(alarm)));
            let waiting = slot.waiting.clone();
            let waiting = waiting.map(|waiting| Record::Waiting { subject, kind, waiting });
            let news = slot.raised_last.map(|at| Record::News { subject, kind, at });
            records.extend([alarm, waiting, news].into_iter().flatten());
        }
        records.extend(self.pauses.values().cloned().map(Record::Pause));
        records
    }

    /// Takes up what was kept. No event comes of it; what fell due in between does with the next
    /// call, which should follow at once.
    #[must_use]
    pub fn restore(rules: Rules, records: impl IntoIterator<Item = Record>) -> Restored {
        let mut alerts = Self::new(rules);
        let mut refused = Vec::new();
        let mut ids = BTreeSet::new();
        for (at, record) in records.into_iter().enumerate() {
            if let Err(error) = alerts.take_up(record, &mut ids) {
                refused.push(Refused { at, error });
            }
        }
        // No pause becomes longer than the rules allow, whatever the records say.
        let longest = alerts.now.map(|now| due(now, alerts.rules.pause_max_s()));
        for pause in alerts.pauses.values_mut() {
            pause.until = longest.map_or(pause.until, |longest| pause.until.min(longest));
        }
        Restored { alerts, refused }
    }

    fn take_up(&mut self, record: Record, ids: &mut BTreeSet<AlarmId>) -> Result<(), RecordError> {
        match record {
            Record::Head { id_last, .. } if id_last.0 > ID_MAX => {
                return Err(RecordError::NoNumber);
            }
            Record::Head { id_last, now } => {
                self.id_last = self.id_last.max(id_last.0);
                self.now = self.now.max(now);
            }
            Record::Bed { bed, current, previous } => {
                self.room_for(Some(bed))?;
                self.beds.insert(bed, Episodes { current, previous });
            }
            Record::Alarm(alarm) => self.take_up_alarm(*alarm, ids)?,
            Record::Waiting { subject, kind, waiting } => {
                self.place_for(subject, kind)?;
                self.not_before(waiting.holding_since);
                self.slots.entry((subject, kind)).or_default().waiting = Some(waiting);
            }
            Record::News { subject, kind, at } => {
                if subject.scope() != kind.scope() {
                    return Err(RecordError::WrongSubject);
                }
                self.room_for(subject.bed())?;
                self.not_before(at);
                self.slots.entry((subject, kind)).or_default().raised_last = Some(at);
            }
            Record::Pause(pause) => {
                self.room_for(Some(pause.bed))?;
                if self.pauses.contains_key(&pause.bed) {
                    return Err(RecordError::Twice);
                }
                self.pauses.insert(pause.bed, pause);
            }
        }
        Ok(())
    }

    /// It was not earlier when the records were made: without their head, this stands for it.
    fn not_before(&mut self, at: WallTime) {
        self.now = self.now.max(Some(at));
    }

    fn take_up_alarm(
        &mut self,
        alarm: Alarm,
        ids: &mut BTreeSet<AlarmId>,
    ) -> Result<(), RecordError> {
        let (id, key) = (alarm.id, (alarm.subject, alarm.kind));
        if id.0 == 0 || id.0 > ID_MAX {
            return Err(RecordError::NoNumber);
        }
        if ids.contains(&id) {
            return Err(RecordError::Twice);
        }
        if alarm.resolution.is_some() {
            if key.0.scope() != key.1.scope() {
                return Err(RecordError::WrongSubject);
            }
            self.history.push(alarm);
        } else {
            self.place_for(key.0, key.1)?;
            self.not_before(alarm.unanswered_since.max(alarm.holding_since));
            self.slots.entry(key).or_default().alarm = Some(alarm);
        }
        ids.insert(id);
        self.id_last = self.id_last.max(id.0);
        Ok(())
    }

    /// Whether a kind of a subject has a place that is free.
    fn place_for(&mut self, subject: Subject, kind: Kind) -> Result<(), RecordError> {
        if subject.scope() != kind.scope() {
            return Err(RecordError::WrongSubject);
        }
        self.room_for(subject.bed())?;
        let slot = self.slots.get(&(subject, kind));
        let is_taken = slot.is_some_and(|slot| slot.alarm.is_some() || slot.waiting.is_some());
        if is_taken { Err(RecordError::Twice) } else { Ok(()) }
    }

    fn room_for(&mut self, bed: Option<Bed>) -> Result<(), RecordError> {
        let has_room = bed.is_none_or(|bed| self.admit(bed));
        if has_room { Ok(()) } else { Err(RecordError::NoRoom) }
    }
}
