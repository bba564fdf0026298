//! Frames between the region and a wall, over a data channel or a WebSocket.
//!
//! One message is one frame and at most [`FRAME_BYTES_MAX`] bytes, so that it crosses any
//! data channel whole. All numbers are little-endian, a text stands behind its length in one
//! byte. The first byte is the kind:
//!
//! ```text
//! 0x41 roster   now i64, count u16, then for each track:
//!               track u16, link u8, since i64, clock_offset i64, site u8,
//!               bridge text, device text, facility text, bed text
//! 0x42 blocks   now i64, count u16, then for each block:
//!               track u16, marks u8, received_at i64, n u8, n bytes as crate::block has them
//! 0x43 beat     now i64, beat u32
//! 0x44 missed   now i64, count u32
//! 0x45 analysis now i64, marks u8, count u16, then for each record:
//!               track u16, n u16, n bytes as crate::analysis has them
//! 0x46 analyst  now i64, state u8 (0 absent, 1 present), since i64
//! 0x47 alerts   now i64, marks u8, count u16, then for each record:
//!               track u16 (0xffff: of the whole region), n u16, n bytes as crate::alert has them
//! 0x48 refused  now i64, what u8 (0x63, 0x64 or 0x65), number u64 (of the alarm, or the track),
//!               why u8 (see feed::Refused)
//! 0x61 watch    (wall to region) history seconds u16, count u16, count × track u16
//! 0x62 judge    (wall to region) track u16, episode 16 bytes, fetus u8, level u8, from i64,
//!               to i64, reason text
//! 0x63 acknowledge (wall to region) alarm u64, priority u8, action u8 (0 none), reason text
//! 0x64 invalid  (wall to region) alarm u64
//! 0x65 pause    (wall to region) track u16, seconds u8 (0: ends it)
//! ```
//!
//! `now` is the region's clock in µs since 1970 UTC when the frame was made: with a beat each
//! second a wall knows the age of all it shows, and a wall that hears none knows that too. A
//! roster adds to or replaces what is known of the tracks it names; it is sent again whenever
//! one of them changes. Blocks may come in any order and more than once.
//!
//! Records of the analysis are a set, kept by their key: a newer revision replaces an older
//! one, `withdrawn` takes it away. Whoever watches gets the whole current set first, in frames
//! of which the first is marked as its beginning (forget what you know of all tracks) and the
//! last as its end, and then what changes. Who was too slow gets the set anew. An `analyst`
//! frame says whether the analysis lives; it comes at once, when that changes, and with each
//! beat, so that a wall that shows levels knows within seconds when they stand still.
//!
//! Alarms and pauses are a set of their own, kept and marked in the same way: an alarm by its
//! number, a pause by its track. Who acknowledges, marks or pauses, and on which screen, the
//! region knows from the session; what it did comes back to every wall as a record, and what it
//! did not do comes back to this one as `refused`.

use vitals::{BridgeId, DeviceId, WallTime};

use crate::block::BLOCK_BYTES_MAX;
use crate::link::SiteKind;
use crate::wire::{Reader, WireError, put_text};

mod alert;
mod analysis;
mod judge;

pub use alert::{AlertsFrame, Attend, Refused, RefusedWhy, encode_refused};
pub use analysis::{AnalysisFrame, AnalystState, RecordEntry, SetMarks, encode_analyst};
pub(crate) use analysis::{RECORD_HEADER_BYTES, put_record, record_entry};
pub use judge::Judge;

/// Most bytes of one frame: what any browser's data channel carries in one message.
pub const FRAME_BYTES_MAX: usize = 16 * 1024;
/// Time between two beats.
pub const BEAT_MILLIS: u64 = 1_000;
/// Most tracks that one watch frame names; none means all that the viewer may see.
pub const WATCH_TRACKS_MAX: usize = 4_096;

const KIND_ROSTER: u8 = 0x41;
const KIND_BLOCKS: u8 = 0x42;
const KIND_BEAT: u8 = 0x43;
const KIND_MISSED: u8 = 0x44;
const KIND_ANALYSIS: u8 = 0x45;
const KIND_ANALYST: u8 = 0x46;
const KIND_ALERTS: u8 = 0x47;
const KIND_REFUSED: u8 = 0x48;
const KIND_WATCH: u8 = 0x61;
const KIND_JUDGE: u8 = 0x62;
const KIND_ACKNOWLEDGE: u8 = 0x63;
const KIND_INVALID: u8 = 0x64;
const KIND_PAUSE: u8 = 0x65;

/// Bytes of a blocks frame before its first block.
const BLOCKS_HEADER_BYTES: usize = 11;
/// Bytes of one entry of a blocks frame before the block.
const ENTRY_HEADER_BYTES: usize = 12;

/// The region's short number for one device of one bridge, until it restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackNumber(pub u16);

impl TrackNumber {
    /// No track: what is said of the whole region.
    pub const REGION: Self = Self(u16::MAX);
}

/// What a wall knows of a track before its first block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterEntry {
    /// Its number in all other frames.
    pub track: TrackNumber,
    /// Whether its bridge is connected.
    pub link: LinkState,
    /// Since when that is so, by the region's clock.
    pub since: WallTime,
    /// What to add to the bridge's times to get the region's, µs; measured at its hello.
    pub clock_offset_micros: i64,
    /// What kind of place the bridge stands in.
    pub site: SiteKind,
    /// The bridge.
    pub bridge: BridgeId,
    /// The device on it.
    pub device: DeviceId,
    /// What people call the place.
    pub facility: String,
    /// What people call the bed.
    pub bed: String,
}

/// Whether a bridge is connected to the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum LinkState {
    /// No connection.
    Lost = 0,
    /// Connected.
    Up = 1,
}

/// What the region noticed about one block. Bits of the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u8);

impl Marks {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// From the region's memory, because the wall has just come.
    pub const HISTORY: Self = Self(1 << 0);
    /// It came later than live: stored at the bridge while the link was down.
    pub const LATE: Self = Self(1 << 1);
    /// Blocks before it are missing and may still come.
    pub const GAP_BEFORE: Self = Self(1 << 2);
    const KNOWN: u8 = 0b111;

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

/// One block on its way to a wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockEntry<'a> {
    /// Whose it is.
    pub track: TrackNumber,
    /// What the region noticed.
    pub marks: Marks,
    /// When the region received it, by its own clock.
    pub received_at: WallTime,
    /// The block as its bridge encoded it.
    pub block: &'a [u8],
}

/// A frame of blocks under construction.
///
/// Push until [`BlocksFrame::push`] says that the frame is full, then take it and go on with a
/// new one.
#[derive(Debug)]
pub struct BlocksFrame {
    bytes: Vec<u8>,
    count: u16,
}

impl BlocksFrame {
    /// An empty frame, made at `now` by the region's clock.
    #[must_use]
    pub fn new(now: WallTime) -> Self {
        let mut bytes = Vec::with_capacity(1024);
        bytes.push(KIND_BLOCKS);
        bytes.extend_from_slice(&now.0.to_le_bytes());
        bytes.extend_from_slice(&[0, 0]);
        Self { bytes, count: 0 }
    }

    /// Adds a block; `false` where it does not fit any more.
    #[must_use]
    pub fn push(&mut self, entry: &BlockEntry<'_>) -> bool {
        let len = u8::try_from(entry.block.len()).expect("a block is below 256 bytes");
        if self.bytes.len() + ENTRY_HEADER_BYTES + entry.block.len() > FRAME_BYTES_MAX {
            return false;
        }
        self.bytes.extend_from_slice(&entry.track.0.to_le_bytes());
        self.bytes.push(entry.marks.0);
        self.bytes.extend_from_slice(&entry.received_at.0.to_le_bytes());
        self.bytes.push(len);
        self.bytes.extend_from_slice(entry.block);
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
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.bytes[BLOCKS_HEADER_BYTES - 2..BLOCKS_HEADER_BYTES]
            .copy_from_slice(&self.count.to_le_bytes());
        self.bytes
    }
}

// One frame always has room for a block, and a block's length fits its byte.
const _: () =
    assert!(BLOCKS_HEADER_BYTES + ENTRY_HEADER_BYTES + BLOCK_BYTES_MAX <= FRAME_BYTES_MAX);
const _: () = assert!(BLOCK_BYTES_MAX <= u8::MAX as usize);

/// Encodes rosters of `entries`, each frame within [`FRAME_BYTES_MAX`].
#[must_use]
pub fn encode_roster(now: WallTime, entries: &[RosterEntry]) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    let mut entry_bytes = Vec::new();
    let mut frame = Vec::new();
    let mut count = 0u16;
    for entry in entries {
        entry_bytes.clear();
        put_roster_entry(&mut entry_bytes, entry);
        if frame.len() + entry_bytes.len() > FRAME_BYTES_MAX {
            frames.push(close_roster(core::mem::take(&mut frame), count));
            count = 0;
        }
        if frame.is_empty() {
            frame.push(KIND_ROSTER);
            frame.extend_from_slice(&now.0.to_le_bytes());
            frame.extend_from_slice(&[0, 0]);
        }
        frame.extend_from_slice(&entry_bytes);
        count += 1;
    }
    if count > 0 {
        frames.push(close_roster(frame, count));
    }
    frames
}

fn put_roster_entry(out: &mut Vec<u8>, entry: &RosterEntry) {
    out.extend_from_slice(&entry.track.0.to_le_bytes());
    out.push(entry.link as u8);
    out.extend_from_slice(&entry.since.0.to_le_bytes());
    out.extend_from_slice(&entry.clock_offset_micros.to_le_bytes());
    out.push(entry.site as u8);
    put_text(out, entry.bridge.as_str());
    put_text(out, entry.device.as_str());
    put_text(out, &entry.facility);
    put_text(out, &entry.bed);
}

fn close_roster(mut frame: Vec<u8>, count: u16) -> Vec<u8> {
    frame[9..11].copy_from_slice(&count.to_le_bytes());
    frame
}

/// Encodes a beat: the region lives, and this is its clock.
#[must_use]
pub fn encode_beat(now: WallTime, beat: u32) -> Vec<u8> {
    encode_counted(KIND_BEAT, now, beat)
}

/// Encodes that `count` blocks were skipped because the wall was too slow to take them.
#[must_use]
pub fn encode_missed(now: WallTime, count: u32) -> Vec<u8> {
    encode_counted(KIND_MISSED, now, count)
}

fn encode_counted(kind: u8, now: WallTime, count: u32) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(13);
    bytes.push(kind);
    bytes.extend_from_slice(&now.0.to_le_bytes());
    bytes.extend_from_slice(&count.to_le_bytes());
    bytes
}

/// What a wall asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// So many seconds of the recent past first; 0 for none.
    pub history_seconds: u16,
    /// These tracks; none means all that the viewer may see.
    pub tracks: Vec<TrackNumber>,
}

impl Watch {
    /// The frame.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let tracks = &self.tracks[..self.tracks.len().min(WATCH_TRACKS_MAX)];
        let mut bytes = vec![KIND_WATCH];
        bytes.extend_from_slice(&self.history_seconds.to_le_bytes());
        let count = u16::try_from(tracks.len()).expect("cut to 4,096 above");
        bytes.extend_from_slice(&count.to_le_bytes());
        for track in tracks {
            bytes.extend_from_slice(&track.0.to_le_bytes());
        }
        bytes
    }

    /// Reads a frame from a wall.
    ///
    /// # Errors
    ///
    /// [`WireError`] for anything that is not a whole watch frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let kind = reader.u8("kind")?;
        if kind != KIND_WATCH {
            return Err(WireError::Kind { received: kind });
        }
        let history_seconds = reader.u16("history seconds")?;
        let count = usize::from(reader.u16("track count")?);
        if count > WATCH_TRACKS_MAX {
            return Err(WireError::Value { field: "track count", value: count as u64 });
        }
        let mut tracks = Vec::new();
        for _ in 0..count {
            tracks.push(TrackNumber(reader.u16("track")?));
        }
        reader.finish()?;
        Ok(Self { history_seconds, tracks })
    }
}

/// A frame as a viewer reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedFrame<'a> {
    /// Tracks that are new or changed.
    Roster {
        /// The region's clock.
        now: WallTime,
        /// The tracks.
        entries: Vec<RosterEntry>,
    },
    /// Blocks.
    Blocks {
        /// The region's clock.
        now: WallTime,
        /// The blocks, undecoded.
        entries: Vec<BlockEntry<'a>>,
    },
    /// The region lives.
    Beat {
        /// The region's clock.
        now: WallTime,
        /// Counts the beats of this connection.
        beat: u32,
    },
    /// The viewer was too slow and blocks were skipped.
    Missed {
        /// The region's clock.
        now: WallTime,
        /// How many.
        count: u32,
    },
    /// Records of the analysis, and of people who judged.
    Analysis {
        /// The region's clock.
        now: WallTime,
        /// Where in the set they stand.
        marks: SetMarks,
        /// The records, undecoded.
        entries: Vec<RecordEntry<'a>>,
    },
    /// Whether the analysis lives.
    Analyst {
        /// The region's clock.
        now: WallTime,
        /// Whether it does.
        state: AnalystState,
        /// Since when that is so, by the region's clock.
        since: WallTime,
    },
    /// Alarms and pauses.
    Alerts {
        /// The region's clock.
        now: WallTime,
        /// Where in the set they stand.
        marks: SetMarks,
        /// The records, undecoded; of [`TrackNumber::REGION`] what is of no bed.
        entries: Vec<RecordEntry<'a>>,
    },
    /// What this wall asked for is not done.
    Refused {
        /// The region's clock.
        now: WallTime,
        /// What, and why.
        refused: Refused,
    },
}

impl<'a> FeedFrame<'a> {
    /// Reads one frame.
    ///
    /// # Errors
    ///
    /// [`WireError`] for anything that the region would not have sent.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let kind = reader.u8("kind")?;
        let now = WallTime(reader.i64("now")?);
        let frame = match kind {
            KIND_ROSTER => {
                let count = reader.u16("track count")?;
                let entries =
                    (0..count).map(|_| roster_entry(&mut reader)).collect::<Result<_, _>>()?;
                Self::Roster { now, entries }
            }
            KIND_BLOCKS => {
                let count = reader.u16("block count")?;
                let entries =
                    (0..count).map(|_| block_entry(&mut reader)).collect::<Result<_, _>>()?;
                Self::Blocks { now, entries }
            }
            KIND_BEAT => Self::Beat { now, beat: reader.u32("beat")? },
            KIND_MISSED => Self::Missed { now, count: reader.u32("missed")? },
            KIND_ANALYSIS => {
                let (marks, entries) = analysis::records(&mut reader)?;
                Self::Analysis { now, marks, entries }
            }
            KIND_ANALYST => {
                let state = AnalystState::read(&mut reader)?;
                Self::Analyst { now, state, since: WallTime(reader.i64("since")?) }
            }
            KIND_ALERTS => {
                let (marks, entries) = analysis::records(&mut reader)?;
                Self::Alerts { now, marks, entries }
            }
            KIND_REFUSED => Self::Refused { now, refused: Refused::read(&mut reader)? },
            received => return Err(WireError::Kind { received }),
        };
        reader.finish()?;
        Ok(frame)
    }
}

fn roster_entry(reader: &mut Reader<'_>) -> Result<RosterEntry, WireError> {
    let track = TrackNumber(reader.u16("track")?);
    let link = match reader.u8("link")? {
        0 => LinkState::Lost,
        1 => LinkState::Up,
        value => return Err(WireError::Value { field: "link", value: value.into() }),
    };
    let since = WallTime(reader.i64("since")?);
    let clock_offset_micros = reader.i64("clock offset")?;
    let site = reader.u8("site kind")?;
    let site = SiteKind::from_code(site)
        .ok_or(WireError::Value { field: "site kind", value: site.into() })?;
    let bridge = reader.text("bridge")?;
    let bridge = BridgeId::new(bridge)
        .map_err(|_| WireError::Value { field: "bridge", value: bridge.len() as u64 })?;
    let device = reader.text("device")?;
    let device = DeviceId::new(device)
        .map_err(|_| WireError::Value { field: "device", value: device.len() as u64 })?;
    let facility = reader.text("facility")?.to_owned();
    let bed = reader.text("bed")?.to_owned();
    Ok(RosterEntry { track, link, since, clock_offset_micros, site, bridge, device, facility, bed })
}

fn block_entry<'a>(reader: &mut Reader<'a>) -> Result<BlockEntry<'a>, WireError> {
    let track = TrackNumber(reader.u16("track")?);
    let marks = reader.u8("marks")?;
    if marks & !Marks::KNOWN != 0 {
        return Err(WireError::Value { field: "marks", value: marks.into() });
    }
    let received_at = WallTime(reader.i64("received_at")?);
    let len = usize::from(reader.u8("block length")?);
    Ok(BlockEntry { track, marks: Marks(marks), received_at, block: reader.take(len, "block")? })
}
