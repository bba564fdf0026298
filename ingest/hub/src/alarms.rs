//! Alarms and pauses as walls are told them: a set with versions.
//!
//! The region's alarms are another room's; here each is a key, a track and bytes. The newest
//! bytes under a key replace what was there. What is over is told to whoever showed it, and then
//! let go.

use std::collections::BTreeMap;

use protocol::feed::{AlertsFrame, RecordEntry, TrackNumber};

use crate::set_reader::{Change, VersionedSet};

/// What is over stays so many changes long, for readers that are behind; who comes later begins
/// anew. Design value: every bed of a large region loses its link and comes back.
const OVER_MAX: usize = 4_096;

/// Which record of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlarmKey {
    /// The alarm of this number.
    Alarm(u64),
    /// The pause of this track.
    Pause(TrackNumber),
}

/// Whether a reader that comes anew is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It stands.
    Open,
    /// It is over: only who showed it hears of it.
    Over,
}

#[derive(Debug)]
struct Told {
    version: u64,
    standing: Standing,
    track: TrackNumber,
    record: Box<[u8]>,
}

/// What walls are told of alarms.
///
/// # Invariants
///
/// Every record has a version of its own, the newest change the highest; no more than
/// [`OVER_MAX`] are over. Those that stand are bounded by whoever makes them.
#[derive(Debug, Default)]
pub(crate) struct Alarms {
    told: BTreeMap<AlarmKey, Told>,
    by_version: BTreeMap<u64, AlarmKey>,
    over: BTreeMap<u64, AlarmKey>,
    version: u64,
    over_unkept: u64,
}

impl Alarms {
    /// Puts a record in its place.
    pub(crate) fn tell(
        &mut self,
        track: TrackNumber,
        key: AlarmKey,
        standing: Standing,
        record: &[u8],
    ) {
        self.forget(key);
        self.version += 1;
        let version = self.version;
        self.by_version.insert(version, key);
        if standing == Standing::Over {
            self.over.insert(version, key);
        }
        self.told.insert(key, Told { version, standing, track, record: record.into() });
        if self.over.len() > OVER_MAX
            && let Some((&oldest, &key)) = self.over.first_key_value()
        {
            self.over_unkept = oldest;
            self.forget(key);
        }
    }

    fn forget(&mut self, key: AlarmKey) {
        let Some(told) = self.told.remove(&key) else { return };
        self.by_version.remove(&told.version);
        self.over.remove(&told.version);
    }

    pub(crate) fn assert_invariants(&self) {
        assert_eq!(self.told.len(), self.by_version.len(), "a record has two versions");
        assert!(self.over.len() <= OVER_MAX, "what is over outgrew its bound");
        for (key, told) in &self.told {
            assert_eq!(self.by_version.get(&told.version), Some(key));
            assert_eq!(self.over.contains_key(&told.version), told.standing == Standing::Over);
            assert!(told.version <= self.version, "a record is newer than the newest");
        }
    }
}

impl VersionedSet for Alarms {
    type Frame = AlertsFrame;

    fn version(&self) -> u64 {
        self.version
    }

    fn leads_on_from(&self, seen: u64) -> bool {
        seen >= self.over_unkept
    }

    fn after(&self, seen: u64) -> impl Iterator<Item = Change<'_>> {
        self.by_version.range(seen + 1..).map(|(version, key)| {
            let told = &self.told[key];
            Change {
                version: *version,
                is_withdrawal: told.standing == Standing::Over,
                entry: RecordEntry { track: told.track, record: &told.record },
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_is_let_go_and_who_missed_it_begins_anew() {
        let mut alarms = Alarms::default();
        alarms.tell(TrackNumber(1), AlarmKey::Alarm(1), Standing::Open, b"holds");
        for number in 2..=OVER_MAX as u64 + 2 {
            alarms.tell(TrackNumber(2), AlarmKey::Alarm(number), Standing::Over, b"over");
            alarms.assert_invariants();
        }
        assert!(alarms.leads_on_from(2) && !alarms.leads_on_from(1));
        let open: Vec<_> = alarms.after(0).filter(|change| !change.is_withdrawal).collect();
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].entry.record, b"holds");
    }
}
