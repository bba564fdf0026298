//! A recording in memory, played once or again and again.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use archive::Channels;
use vitals::{
    Absence, Activity, ActivityTransducer, Bpm, Flags, HeartTransducer, Movement, Quality, Reading,
    Second, TICKS_PER_SECOND, Transducers,
};

use super::error::some_of;
use super::{RecordingError, Source, Tick};

/// What a recording does when it has been played to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AtEnd {
    /// Nothing more: the monitor that plays it falls silent.
    #[default]
    Stop,
    /// Start over.
    Loop,
}

/// One recording, read whole: an hour takes about 300 kB. Clones share the samples.
///
/// Recordings hold no quality of signal: a rate is played as [`Quality::Good`], since the
/// only other neutral code of the wire is a reserved one. A rate of 0 is no signal and is
/// played as a lifted pen. The last second of a recording that ends within it is filled up
/// with absent ticks.
#[derive(Clone)]
pub struct Recording {
    id: String,
    ticks: Arc<[Tick]>,
    transducers: Transducers,
    at_end: AtEnd,
    played: usize,
}

impl Recording {
    fn new(id: &str, ticks: Vec<Tick>, transducers: Transducers, at_end: AtEnd) -> Self {
        Self { id: id.to_owned(), ticks: ticks.into(), transducers, at_end, played: 0 }
    }

    /// A recording as a file has it.
    ///
    /// A channel that was not recorded has no transducer; what listened to the mother and to
    /// the uterus no file says, so it is a belt.
    pub(super) fn of(read: &archive::Recording, at_end: AtEnd) -> Self {
        let Channels { fhr1, fhr2, mhr, ua } = read.channels();
        let ticks = (0..read.samples()).map(|k| Tick {
            fhr1: rate(fhr1[k]),
            fhr2: optional(fhr2.as_deref(), k, rate),
            mhr: optional(mhr.as_deref(), k, rate),
            ua: optional(ua.as_deref(), k, activity),
            movement: Movement::NONE,
        });
        let heart = |is_recorded: bool, transducer| match is_recorded {
            true => transducer,
            false => HeartTransducer::None,
        };
        let transducers = Transducers {
            fhr1: read.fetal_transducer,
            fhr2: heart(fhr2.is_some(), read.fetal_transducer),
            mhr: heart(mhr.is_some(), HeartTransducer::External),
            ua: match ua {
                Some(_) => ActivityTransducer::External,
                None => ActivityTransducer::None,
            },
        };
        Self::new(read.name(), ticks.collect(), transducers, at_end)
    }

    /// Its name in the collection it came from.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Every tick of it, oldest first, whatever has been played.
    #[must_use]
    pub fn ticks(&self) -> &[Tick] {
        &self.ticks
    }

    /// What was listened with.
    #[must_use]
    pub fn transducers(&self) -> Transducers {
        self.transducers
    }
}

impl Source for Recording {
    fn next_second(&mut self) -> Option<Second> {
        if self.played >= self.ticks.len() && self.at_end == AtEnd::Loop {
            self.played = 0;
        }
        let rest = self.ticks.get(self.played..).filter(|rest| !rest.is_empty())?;
        let ticks = core::array::from_fn(|i| rest.get(i).copied().unwrap_or(Tick::BLANK));
        self.played += TICKS_PER_SECOND;
        let mut second = Second::absent(Absence::NoTransducer);
        second.transducers = self.transducers;
        second.flags = Flags::NONE;
        Tick::write(&ticks, &mut second);
        Some(second)
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "recording {} of {} ticks, {} played", self.id, self.ticks.len(), self.played)
    }
}

/// The place of a record among those of a collection.
pub(super) fn place(ids: &[String], id: &str, path: &Path) -> Result<usize, RecordingError> {
    ids.iter().position(|known| known == id).ok_or_else(|| RecordingError::NoSuchRecord {
        path: path.to_owned(),
        id: id.to_owned(),
        known: some_of(ids),
    })
}

/// One tick of a channel that may be missing.
fn optional<V: Copy>(
    channel: Option<&[Option<V>]>,
    k: usize,
    read: impl Fn(Option<V>) -> Reading<V>,
) -> Reading<V> {
    channel.map_or(Reading::Absent(Absence::NoTransducer), |values| read(values[k]))
}

fn rate(value: Option<Bpm>) -> Reading<Bpm> {
    measured(value, Quality::Good)
}

fn activity(value: Option<Activity>) -> Reading<Activity> {
    measured(value, Quality::Unrated)
}

fn measured<V>(value: Option<V>, quality: Quality) -> Reading<V> {
    value.map_or(Reading::Absent(Absence::Blank), |value| Reading::Measured { value, quality })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(ticks: usize, at_end: AtEnd) -> Recording {
        let tick =
            |n: usize| Tick { fhr1: rate(Bpm::from_quarters(400 + n as u16).ok()), ..Tick::BLANK };
        Recording::new("7", (0..ticks).map(tick).collect(), Transducers::default(), at_end)
    }

    fn quarters(second: &Second) -> [Option<u16>; 4] {
        second.fhr1.map(|reading| reading.value().map(Bpm::quarters))
    }

    #[test]
    fn a_recording_that_ends_within_a_second_is_filled_up_with_absent_ticks() {
        let mut it = recording(6, AtEnd::Stop);
        assert_eq!(quarters(&it.next_second().unwrap()), [400, 401, 402, 403].map(Some));
        assert_eq!(quarters(&it.next_second().unwrap()), [Some(404), Some(405), None, None]);
        assert_eq!(it.next_second(), None);
        assert_eq!(it.next_second(), None);
    }

    #[test]
    fn a_loop_starts_over_at_the_first_tick() {
        let mut it = recording(6, AtEnd::Loop);
        let first = it.next_second().unwrap();
        it.next_second().unwrap();
        assert_eq!(it.next_second(), Some(first));
    }

    #[test]
    fn an_empty_recording_ends_at_once_even_in_a_loop() {
        assert_eq!(recording(0, AtEnd::Loop).next_second(), None);
    }
}
