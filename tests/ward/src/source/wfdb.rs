//! A folder of WFDB records, as PhysioNet gives them out: `1001.hea` beside `1001.dat`.
//!
//! In: headers (`.hea`) and signal files in formats 16 and 212, at 4 Hz, with signals called
//! FHR (or FHR1), FHR2, MHR, and UC (or TOCO, UA).
//! Out: recordings in the steps of the wire. A value between two steps (quarters of a bpm,
//! halves of a unit) goes to the nearer one, halfway away from zero; records such as those of
//! CTU-UHB, made from the same devices, come through exactly.
//! Never: a record whose checksums or first values disagree with its header.

mod header;
mod samples;

pub use header::HeaderError;

use std::fs;
use std::path::{Path, PathBuf};

use vitals::{
    Absence, Activity, ActivityTransducer, Bpm, HeartTransducer, Movement, Reading, Transducers,
};

use super::recording::{activity, place, rate};
use super::{AtEnd, Recording, RecordingError, Tick};
use header::{Header, Signal};
use samples::Samples;

/// A folder of records.
#[derive(Debug)]
pub struct WfdbFolder {
    path: PathBuf,
    ids: Vec<String>,
}

/// The channels of a record, as far as it has them.
#[derive(Debug, Default)]
struct Channels<'a> {
    fhr1: Option<(&'a Signal, Samples)>,
    fhr2: Option<(&'a Signal, Samples)>,
    mhr: Option<(&'a Signal, Samples)>,
    ua: Option<(&'a Signal, Samples)>,
}

impl WfdbFolder {
    /// Lists the headers of a folder; none is opened yet.
    ///
    /// # Errors
    ///
    /// [`RecordingError`] where the folder cannot be read or holds no header.
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let unreadable = |source| RecordingError::Unreadable { path: path.to_owned(), source };
        let mut ids = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            let id = file.file_stem().and_then(|stem| stem.to_str());
            if let (Some("hea"), Some(id)) = (file.extension().and_then(|it| it.to_str()), id) {
                ids.push(id.to_owned());
            }
        }
        if ids.is_empty() {
            let wanted = "WFDB header (*.hea)";
            return Err(RecordingError::EmptyFolder { path: path.to_owned(), wanted });
        }
        ids.sort_unstable();
        Ok(Self { path: path.to_owned(), ids })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name of every record, sorted.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Reads one record.
    ///
    /// # Errors
    ///
    /// [`RecordingError`] where there is no such record, its header asks for what is not
    /// supported, its files disagree with the header, or a value is beyond the wire.
    pub fn read(&self, id: &str, at_end: AtEnd) -> Result<Recording, RecordingError> {
        place(&self.ids, id, &self.path)?;
        let path = self.path.join(format!("{id}.hea"));
        let text = fs::read_to_string(&path)
            .map_err(|source| RecordingError::Unreadable { path: path.clone(), source })?;
        let unusable = |reason| RecordingError::Header { path: path.clone(), reason };
        let header = Header::parse(&text).map_err(unusable)?;
        let mut channels = Channels::default();
        for (signal, samples) in samples::read(&self.path, &header)? {
            if let Some(slot) = channels.slot(&signal.description) {
                slot.get_or_insert((signal, samples));
            }
        }
        if channels.fhr1.is_none() {
            let found = header.signals.iter().map(|it| it.description.clone()).collect();
            return Err(unusable(HeaderError::NoFetalRate { found }));
        }
        let ticks = channels.ticks(&path, id)?;
        Ok(Recording::new(id, ticks, channels.transducers(), at_end))
    }
}

impl<'a> Channels<'a> {
    fn slot(&mut self, description: &str) -> Option<&mut Option<(&'a Signal, Samples)>> {
        match description.to_ascii_uppercase().as_str() {
            "FHR" | "FHR1" => Some(&mut self.fhr1),
            "FHR2" => Some(&mut self.fhr2),
            "MHR" => Some(&mut self.mhr),
            "UC" | "TOCO" | "UA" => Some(&mut self.ua),
            _ => None,
        }
    }

    fn ticks(&self, path: &Path, id: &str) -> Result<Vec<Tick>, RecordingError> {
        let count = self.fhr1.as_ref().map_or(0, |(_, samples)| samples.0.len());
        let off = |signal: &Signal, sample: usize, value: f64, sendable: &'static str| {
            RecordingError::NotSendable {
                path: path.to_owned(),
                id: id.to_owned(),
                channel: signal.description.clone(),
                sample,
                value,
                sendable,
            }
        };
        let heart = |channel: &Option<(&Signal, Samples)>, k: usize| match channel {
            None => Ok(Reading::Absent(Absence::NoTransducer)),
            Some((signal, samples)) => heart_reading(signal, samples.0[k])
                .map_err(|value| off(signal, k, value, "0 to 511.75 bpm")),
        };
        (0..count)
            .map(|k| {
                Ok(Tick {
                    fhr1: heart(&self.fhr1, k)?,
                    fhr2: heart(&self.fhr2, k)?,
                    mhr: heart(&self.mhr, k)?,
                    ua: match &self.ua {
                        None => Reading::Absent(Absence::NoTransducer),
                        Some((signal, samples)) => activity_reading(signal, samples.0[k])
                            .map_err(|value| off(signal, k, value, "0 to 127.5 units"))?,
                    },
                    movement: Movement::NONE,
                })
            })
            .collect()
    }

    /// Ultrasound and a belt, unless the channel is missing: headers do not say more.
    fn transducers(&self) -> Transducers {
        let heart = |channel: &Option<_>, transducer| match channel {
            Some(_) => transducer,
            None => HeartTransducer::None,
        };
        Transducers {
            fhr1: heart(&self.fhr1, HeartTransducer::Ultrasound),
            fhr2: heart(&self.fhr2, HeartTransducer::Ultrasound),
            mhr: heart(&self.mhr, HeartTransducer::External),
            ua: match self.ua {
                Some(_) => ActivityTransducer::External,
                None => ActivityTransducer::None,
            },
        }
    }
}

/// A sample as a rate; the value in bpm as the error.
fn heart_reading(signal: &Signal, sample: Option<i16>) -> Result<Reading<Bpm>, f64> {
    let Some(sample) = sample else { return Ok(Reading::Absent(Absence::Blank)) };
    let steps = signal.in_steps(sample, 4.0);
    let quarters = (0.0..=f64::from(u16::MAX)).contains(&steps).then_some(steps as u16);
    quarters.and_then(rate).ok_or(steps / 4.0)
}

/// A sample as an activity; the value in units as the error.
fn activity_reading(signal: &Signal, sample: Option<i16>) -> Result<Reading<Activity>, f64> {
    let Some(sample) = sample else { return Ok(Reading::Absent(Absence::Blank)) };
    let steps = signal.in_steps(sample, 2.0);
    if (0.0..=f64::from(u8::MAX)).contains(&steps) {
        Ok(activity(steps as u8))
    } else {
        Err(steps / 2.0)
    }
}
