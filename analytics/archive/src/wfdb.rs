//! A WFDB record, as PhysioNet gives them out: `1001.hea` beside `1001.dat`.
//!
//! In: a header and its signal files in formats 16, 80 and 212, at 4 Hz, with signals called
//! FHR (or FHR1), FHR2, MHR, and UC (or TOCO, UA).
//! Out: a recording in the steps of the wire. A value between two steps (quarters of a bpm,
//! halves of a unit) goes to the nearer one, halfway away from zero; records such as those of
//! CTU-UHB, made from the same devices, come through exactly.
//! Never: a record whose checksums or first values disagree with its header.

mod header;
mod samples;

pub use header::HeaderError;

use vitals::{Activity, Bpm};

use crate::recording::{
    Channels, Recording, SENDABLE_ACTIVITY, SENDABLE_RATE, UnequalLength, activity, rate,
};
use header::{Header, Signal};

/// A record whose header has been read and whose signal files have not.
#[derive(Debug)]
pub struct Record {
    header: Header,
}

/// Why a record is refused. The message follows the name of its header.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// The header cannot be used.
    #[error("cannot be used: {0}")]
    Header(#[from] HeaderError),
    /// A signal file is not what the header announces.
    #[error("disagrees with its file \"{file}\": {what}; copy or download the record again")]
    Disagrees {
        /// The signal file.
        file: String,
        /// The disagreement.
        what: String,
    },
    /// A value that no monitor can send.
    #[error("holds {value} at sample {sample} of {channel}; a monitor can send {sendable}")]
    NotSendable {
        /// The signal, as the header calls it.
        channel: String,
        /// Samples before it.
        sample: usize,
        /// The value, in bpm or units.
        value: f64,
        /// What could be sent.
        sendable: &'static str,
    },
    /// Two signals end at different times.
    #[error("holds {0}; it is damaged")]
    UnequalLength(#[from] UnequalLength),
}

impl Record {
    /// Reads a header.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] where it is damaged or asks for what is not read here.
    pub fn parse(header: &str) -> Result<Self, HeaderError> {
        Ok(Self { header: Header::parse(header)? })
    }

    /// The names of its signal files. They lie beside the header: a name that leads elsewhere
    /// has been refused.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.header.files().filter_map(|group| group.first()).map(|signal| signal.file.as_str())
    }

    /// Reads the record from the contents of [`Record::files`], in that order.
    ///
    /// # Errors
    ///
    /// [`Refused`] where they disagree with the header, none is a fetal rate, or a value is
    /// beyond the wire.
    pub fn read(&self, name: &str, contents: &[impl AsRef<[u8]>]) -> Result<Recording, Refused> {
        let signals = samples::unpack(&self.header, contents)?;
        let named = |names: &[&str]| {
            signals.iter().find(|(signal, _)| {
                names.iter().any(|name| signal.description.eq_ignore_ascii_case(name))
            })
        };
        let rates = |names: &[&str]| {
            let found = named(names);
            found.map(|(signal, samples)| channel(signal, samples, as_rate)).transpose()
        };
        let Some(fhr1) = rates(&["FHR", "FHR1"])? else {
            let found = self.header.signals.iter().map(|it| it.description.clone()).collect();
            return Err(HeaderError::NoFetalRate { found }.into());
        };
        let (fhr2, mhr) = (rates(&["FHR2"])?, rates(&["MHR"])?);
        let ua = named(&["UC", "TOCO", "UA"])
            .map(|(signal, samples)| channel(signal, samples, as_activity))
            .transpose()?;
        Ok(Recording::new(name, Channels { fhr1, fhr2, mhr, ua })?)
    }
}

/// A value, or one that no monitor can send and what it could.
type Read<V> = Result<Option<V>, (f64, &'static str)>;

fn channel<V>(
    signal: &Signal,
    samples: &[Option<i16>],
    read: impl Fn(&Signal, i16) -> Read<V>,
) -> Result<Vec<Option<V>>, Refused> {
    let one = |(sample, raw): (usize, &Option<i16>)| match raw {
        None => Ok(None),
        Some(raw) => read(signal, *raw).map_err(|(value, sendable)| {
            let channel = signal.description.clone();
            Refused::NotSendable { channel, sample, value, sendable }
        }),
    };
    samples.iter().enumerate().map(one).collect()
}

fn as_rate(signal: &Signal, sample: i16) -> Read<Bpm> {
    let steps = signal.in_steps(sample, 4.0);
    rate(steps).ok_or((steps / 4.0, SENDABLE_RATE))
}

fn as_activity(signal: &Signal, sample: i16) -> Read<Activity> {
    let steps = signal.in_steps(sample, 2.0);
    activity(steps).map(Some).ok_or((steps / 2.0, SENDABLE_ACTIVITY))
}
