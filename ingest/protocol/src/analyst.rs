//! Frames between the analysis and the region, on one bidirectional QUIC stream.
//!
//! The analysis reads as a wall does and may publish besides. Every frame, in both directions,
//! stands behind its length:
//!
//! ```text
//! offset size  field
//!      0    2  n, length of the frame, 1..=16384
//!      2    n  frame
//! ```
//!
//! The region sends the frames of [`crate::feed`]. The analysis sends [`crate::feed::Watch`] and
//!
//! ```text
//! 0x71 publish  count u16, then for each record:
//!               track u16, n u16, n bytes as crate::analysis has them
//! 0x72 alive    now i64, by its own clock, µs since 1970 UTC
//! ```
//!
//! `alive` is due every [`ALIVE_MILLIS`]; after [`SILENT_MILLIS`] without one the region tells
//! every wall that the analysis is absent. Nothing is acknowledged: whoever comes back and asks
//! with `watch` gets the current set as the region has it on its disk, compares, and publishes
//! what is missing or older there, with a higher revision where it differs.
//!
//! A refusal is the close of the connection: its code is that of
//! [`crate::link::RefusalCode`], its reason one sentence.

use vitals::WallTime;

use crate::analysis::PUBLICATION_BYTES_MAX;
use crate::feed::{
    FRAME_BYTES_MAX, RECORD_HEADER_BYTES, RecordEntry, Watch, put_record, record_entry,
};
use crate::wire::{Reader, WireError};

/// Application protocol of the analysis; the client must show a certificate enrolled for it.
pub const ANALYSIS_ALPN: &[u8] = b"ubugoe-analysis/1";
/// Time between two signs of life.
pub const ALIVE_MILLIS: u64 = 1_000;
/// How long without one until the analysis counts as absent: five missed beats, so that a
/// wall says so within half of the ten seconds that it has.
pub const SILENT_MILLIS: u64 = 5_000;
/// Bytes of the length before a frame.
pub const LENGTH_BYTES: usize = 2;

const KIND_PUBLISH: u8 = 0x71;
const KIND_ALIVE: u8 = 0x72;
/// Bytes of a publish frame before its first record.
const PUBLISH_HEADER_BYTES: usize = 3;

/// A frame from the analysis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnalystFrame<'a> {
    /// What it wants to read.
    Watch(Watch),
    /// What it found.
    Publish(Vec<RecordEntry<'a>>),
    /// It works.
    Alive {
        /// Its clock.
        now: WallTime,
    },
}

impl<'a> AnalystFrame<'a> {
    /// Reads one frame.
    ///
    /// # Errors
    ///
    /// [`WireError`] for anything that the analysis would not have sent. The records are not
    /// looked into.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let frame = match reader.u8("kind")? {
            KIND_PUBLISH => {
                let count = reader.u16("record count")?;
                let entries =
                    (0..count).map(|_| record_entry(&mut reader)).collect::<Result<_, _>>()?;
                Self::Publish(entries)
            }
            KIND_ALIVE => Self::Alive { now: WallTime(reader.i64("now")?) },
            _ => return Watch::decode(bytes).map(Self::Watch),
        };
        reader.finish()?;
        Ok(frame)
    }
}

/// A frame of records from the analysis under construction.
///
/// Push until [`PublishFrame::push`] says that the frame is full, then take it and go on with
/// a new one.
#[derive(Debug)]
pub struct PublishFrame {
    bytes: Vec<u8>,
    count: u16,
}

impl Default for PublishFrame {
    fn default() -> Self {
        Self { bytes: vec![KIND_PUBLISH, 0, 0], count: 0 }
    }
}

impl PublishFrame {
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

    /// The finished frame, without its length.
    #[must_use]
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.bytes[1..PUBLISH_HEADER_BYTES].copy_from_slice(&self.count.to_le_bytes());
        self.bytes
    }
}

// One frame always has room for a record, and a frame's length fits its two bytes.
const _: () =
    assert!(PUBLISH_HEADER_BYTES + RECORD_HEADER_BYTES + PUBLICATION_BYTES_MAX <= FRAME_BYTES_MAX);
const _: () = assert!(FRAME_BYTES_MAX <= u16::MAX as usize);

/// Encodes a sign of life, without its length.
#[must_use]
pub fn encode_alive(now: WallTime) -> Vec<u8> {
    let mut bytes = vec![KIND_ALIVE];
    bytes.extend_from_slice(&now.0.to_le_bytes());
    bytes
}

/// Appends a frame behind its length.
///
/// # Panics
///
/// Where the frame is empty or longer than [`FRAME_BYTES_MAX`]; no frame of this house is.
pub fn put_framed(out: &mut Vec<u8>, frame: &[u8]) {
    assert!(!frame.is_empty() && frame.len() <= FRAME_BYTES_MAX, "no such frame is made");
    let len = u16::try_from(frame.len()).expect("checked above");
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(frame);
}

/// The frame at the front of `bytes`, and how many bytes it took with its length.
///
/// `Ok(None)` means that the frame is not complete yet: read more and call again.
///
/// # Errors
///
/// [`WireError`] for a length that no frame has.
pub fn take_framed(bytes: &[u8]) -> Result<Option<(&[u8], usize)>, WireError> {
    let Some((length, rest)) = bytes.split_first_chunk::<LENGTH_BYTES>() else { return Ok(None) };
    let len = usize::from(u16::from_le_bytes(*length));
    match len {
        0 => Err(WireError::Truncated { field: "kind" }),
        1..=FRAME_BYTES_MAX => Ok(rest.get(..len).map(|frame| (frame, LENGTH_BYTES + len))),
        _ => Err(WireError::Oversize { announced: len, max: FRAME_BYTES_MAX }),
    }
}
