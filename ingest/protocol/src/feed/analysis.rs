//! The frames that bring the analysis to a wall. Their bytes are in the table of the parent.

use vitals::WallTime;

use super::{FRAME_BYTES_MAX, KIND_ANALYSIS, KIND_ANALYST, TrackNumber};
use crate::analysis::PUBLICATION_BYTES_MAX;
use crate::wire::{Reader, WireError};

/// Bytes of a frame of records before the first.
const HEADER_BYTES: usize = 12;
/// Where the marks stand, and the count behind them.
const MARKS_AT: usize = 9;
/// Bytes of one entry before its record.
pub(crate) const RECORD_HEADER_BYTES: usize = 4;

/// Where in the current set the records of a frame stand. Bits of the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetMarks(u8);

impl SetMarks {
    /// These are changes, as they happen.
    pub const NONE: Self = Self(0);
    /// The current set begins: all that was known of the records of any track is void.
    pub const BEGINS: Self = Self(1 << 0);
    /// The current set ends with this frame.
    pub const ENDS: Self = Self(1 << 1);
    const KNOWN: u8 = 0b11;

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// These and those.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every bit of `other` is set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// One record on its way to a wall, or from the analysis to the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordEntry<'a> {
    /// Whose strip it speaks of.
    pub track: TrackNumber,
    /// The record as its maker encoded it.
    pub record: &'a [u8],
}

/// A frame of records under construction, as [`super::BlocksFrame`] is for blocks.
#[derive(Debug)]
pub struct AnalysisFrame {
    bytes: Vec<u8>,
    count: u16,
}

impl AnalysisFrame {
    /// An empty frame, made at `now` by the region's clock.
    #[must_use]
    pub fn new(now: WallTime) -> Self {
        Self::of_kind(KIND_ANALYSIS, now)
    }

    /// A frame of records that is of another kind, and has the same bytes otherwise.
    pub(super) fn of_kind(kind: u8, now: WallTime) -> Self {
        let mut bytes = Vec::with_capacity(1024);
        bytes.push(kind);
        bytes.extend_from_slice(&now.0.to_le_bytes());
        bytes.extend_from_slice(&[0; 3]);
        Self { bytes, count: 0 }
    }

    /// Adds a record; `false` where it does not fit any more.
    #[must_use]
    pub fn push(&mut self, entry: &RecordEntry<'_>) -> bool {
        if self.bytes.len() + RECORD_HEADER_BYTES + entry.record.len() > FRAME_BYTES_MAX {
            return false;
        }
        put_record(&mut self.bytes, entry);
        self.count += 1;
        true
    }

    /// Whether nothing was pushed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The finished frame.
    #[must_use]
    pub fn into_bytes(mut self, marks: SetMarks) -> Vec<u8> {
        self.bytes[MARKS_AT] = marks.0;
        self.bytes[MARKS_AT + 1..HEADER_BYTES].copy_from_slice(&self.count.to_le_bytes());
        self.bytes
    }
}

// One frame always has room for a record.
const _: () =
    assert!(HEADER_BYTES + RECORD_HEADER_BYTES + PUBLICATION_BYTES_MAX <= FRAME_BYTES_MAX);

/// Writes one entry.
pub(crate) fn put_record(out: &mut Vec<u8>, entry: &RecordEntry<'_>) {
    let len = u16::try_from(entry.record.len()).expect("a record is below 64 KiB");
    out.extend_from_slice(&entry.track.0.to_le_bytes());
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(entry.record);
}

/// Reads one entry.
pub(crate) fn record_entry<'a>(reader: &mut Reader<'a>) -> Result<RecordEntry<'a>, WireError> {
    let track = TrackNumber(reader.u16("track")?);
    let len = usize::from(reader.u16("record length")?);
    if len > PUBLICATION_BYTES_MAX {
        return Err(WireError::Oversize { announced: len, max: PUBLICATION_BYTES_MAX });
    }
    Ok(RecordEntry { track, record: reader.take(len, "record")? })
}

pub(super) fn records<'a>(
    reader: &mut Reader<'a>,
) -> Result<(SetMarks, Vec<RecordEntry<'a>>), WireError> {
    let marks = reader.u8("marks")?;
    if marks & !SetMarks::KNOWN != 0 {
        return Err(WireError::Value { field: "marks", value: marks.into() });
    }
    let count = reader.u16("record count")?;
    let entries = (0..count).map(|_| record_entry(reader)).collect::<Result<_, _>>()?;
    Ok((SetMarks(marks), entries))
}

/// Whether the analysis lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum AnalystState {
    /// No analysis is connected, or it has fallen silent: what it published stands still.
    Absent = 0,
    /// It is connected and says each second that it works.
    Present = 1,
}

impl AnalystState {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        match reader.u8("analyst state")? {
            0 => Ok(Self::Absent),
            1 => Ok(Self::Present),
            value => Err(WireError::Value { field: "analyst state", value: value.into() }),
        }
    }
}

/// Encodes whether the analysis lives, and since when that is so.
#[must_use]
pub fn encode_analyst(now: WallTime, state: AnalystState, since: WallTime) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(18);
    bytes.push(KIND_ANALYST);
    bytes.extend_from_slice(&now.0.to_le_bytes());
    bytes.push(state as u8);
    bytes.extend_from_slice(&since.0.to_le_bytes());
    bytes
}
