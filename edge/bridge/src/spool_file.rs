//! The bytes of all blocks that are owed, on disk.
//!
//! A folder of segment files, `0000000000000001.spool` and so on. A segment:
//!
//! ```text
//! offset size  field
//!      0    6  "UBGSPL"
//!      6    2  version, 1
//!      8       records, one behind the other
//! ```
//!
//! A record:
//!
//! ```text
//!      0    2  n, length of the block
//!      2    4  CRC-32 (ISO-HDLC) of the length and the block
//!      6    n  block, as protocol::Block has it
//! ```
//!
//! Numbers are little-endian. Records are only ever appended, each in one write before its
//! block is sent, so that a killed process loses at most the record it was writing; once a
//! second they are synced to the disk, so that a power cut loses at most that second, and of
//! it only what the region does not have. Each start of the bridge begins a new segment, and
//! whatever a crash left at the end of an old one is cut off. A segment is deleted as a whole
//! when the region has everything in it, but for those that hold the last block of a monitor:
//! a restart looks there for the episode to go on with.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use protocol::Block;
use uplink::{BlockName, Lookup, Past, StoreRefusal};
use vitals::{DeviceId, WallTime};

use opening::Opening;
use segment::{
    Found, HEADER, HEADER_BYTES, RECORD_BYTES_MAX, RECORD_HEADER_BYTES, Records, encode,
};

mod opening;
mod segment;

/// Most bytes of a segment. Smaller ones free the disk sooner, larger ones make fewer files;
/// eight monitors fill one in a quarter of an hour.
pub const SEGMENT_BYTES_MAX: u64 = 1 << 20;
/// Bytes read at once when blocks are looked up.
const READ_BYTES: usize = 256 << 10;
/// How long the last block of a silent monitor keeps its segment from being deleted.
const LAST_KEPT_MICROS: i64 = 24 * 3600 * WallTime::MICROS_PER_SECOND;

/// The spool on disk.
///
/// # Invariants
///
/// A record is written whole or not at all; the sum of all segments stays within the quota.
#[derive(Debug)]
pub struct SpoolFile {
    folder: PathBuf,
    bytes_max: u64,
    /// By rising number.
    segments: BTreeMap<u64, Segment>,
    /// The newest segment, opened for writing; it is made with the first block.
    active: Option<(u64, File)>,
    next_id: u64,
    /// Written since the last sync, in segments that are complete.
    unsynced: Vec<File>,
    active_is_unsynced: bool,
    forgotten: BTreeMap<(DeviceId, u64), u64>,
    last: BTreeMap<DeviceId, (u64, WallTime)>,
    /// Where the next lookup of a monitor is likely to begin.
    cursors: BTreeMap<DeviceId, Cursor>,
}

#[derive(Debug, Default)]
struct Segment {
    bytes: u64,
    /// Of each run, the first and the last number in this segment.
    runs: BTreeMap<(DeviceId, u64), (u64, u64)>,
}

#[derive(Clone, Copy, Debug)]
struct Cursor {
    epoch: u64,
    seq: u64,
    segment: u64,
    offset: u64,
}

/// A spool that was opened, and what it holds.
#[derive(Debug)]
pub struct Opened {
    /// The spool.
    pub spool: SpoolFile,
    /// What an earlier run left in it.
    pub past: Past,
    /// What could not be read.
    pub losses: Vec<Loss>,
}

/// Bytes of a segment that are no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Loss {
    /// The end of a segment: a write that a crash cut short, if it is below one record.
    #[error("the last {bytes} bytes of '{}' are not a whole record and were cut off", path.display())]
    Tail {
        /// The segment.
        path: PathBuf,
        /// How many.
        bytes: usize,
    },
    /// The middle of a segment: the disk changed what was written.
    #[error(
        "{bytes} bytes at {at} in '{}' are damaged, about {records} blocks are lost; have the disk checked",
        path.display()
    )]
    Damage {
        /// The segment.
        path: PathBuf,
        /// Bytes before them.
        at: usize,
        /// How many.
        bytes: usize,
        /// How many blocks they may have held.
        records: u64,
    },
}

/// Why a spool cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("could not {doing} '{}'", path.display())]
pub struct SpoolError {
    /// What was attempted.
    doing: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl SpoolFile {
    /// Opens the spool in `folder`, making it where there is none, and reads what it holds.
    ///
    /// Damage is skipped and told, never an error: what is whole is kept.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] where the folder or a file in it cannot be read or changed.
    pub fn open(folder: &Path, bytes_max: u64) -> Result<Opened, SpoolError> {
        fs::create_dir_all(folder).map_err(failed("make the folder", folder))?;
        let mut spool = Self {
            folder: folder.to_owned(),
            bytes_max,
            segments: BTreeMap::new(),
            active: None,
            next_id: 1,
            unsynced: Vec::new(),
            active_is_unsynced: false,
            forgotten: BTreeMap::new(),
            last: BTreeMap::new(),
            cursors: BTreeMap::new(),
        };
        let mut opening = Opening::default();
        for id in opening::segment_ids(folder)? {
            let path = spool.path(id);
            let segment = opening.read_segment(&path, |block| {
                spool.last.insert(block.device, (id, block.at));
            })?;
            spool.next_id = id + 1;
            spool.segments.insert(id, segment);
        }
        let (past, losses) = opening.finish();
        Ok(Opened { spool, past, losses })
    }

    /// Appends a block. When this returns, a killed process does not lose it any more.
    ///
    /// # Errors
    ///
    /// [`StoreRefusal`] where it does not fit or the disk fails; nothing of it is left behind.
    pub fn append(
        &mut self,
        name: &BlockName,
        at: WallTime,
        block: &[u8],
    ) -> Result<(), StoreRefusal> {
        let record = encode(block);
        let bytes = record.len() as u64;
        let segment_bytes_max = SEGMENT_BYTES_MAX.min(self.bytes_max / 4);
        let is_full = |segment: &Segment| segment.bytes + bytes > segment_bytes_max;
        if self.active.as_ref().is_some_and(|(id, _)| is_full(&self.segments[id])) {
            self.finish_active();
        }
        let header = if self.active.is_none() { HEADER_BYTES as u64 } else { 0 };
        if self.bytes() + header + bytes > self.bytes_max {
            return Err(StoreRefusal::Quota);
        }
        if self.active.is_none() {
            self.begin_segment().map_err(|error| refusal(&error))?;
        }
        let (id, file) = self.active.as_mut().expect("made above");
        let id = *id;
        let segment = self.segments.get_mut(&id).expect("the active segment is listed");
        if let Err(error) = file.write_all(&record) {
            if let Err(second) = file.set_len(segment.bytes) {
                // What was written of the record stays as a torn end; readers skip it.
                tracing::warn!(%second, "a record that was cut short stays in the spool");
                self.finish_active();
            }
            return Err(refusal(&error));
        }
        segment.bytes += bytes;
        segment.note(name);
        self.active_is_unsynced = true;
        self.last.insert(name.device, (id, at));
        Ok(())
    }

    /// Reads blocks back: those from the first asked for on, `None` for each that is not there.
    #[must_use]
    pub fn load(&mut self, lookup: &Lookup) -> Vec<Option<Vec<u8>>> {
        let count = usize::try_from(lookup.end - lookup.from).expect("a lookup is bounded");
        let mut blocks = vec![None; count];
        let run = (lookup.device, lookup.epoch);
        let cursor = self.cursors.get(&lookup.device).copied().filter(|cursor| {
            (cursor.epoch, cursor.seq) == (lookup.epoch, lookup.from)
                && self.segments.contains_key(&cursor.segment)
        });
        let holds = |segment: &Segment| {
            segment
                .runs
                .get(&run)
                .is_some_and(|(first, last)| *first < lookup.end && *last >= lookup.from)
        };
        let ids: Vec<u64> = (self.segments.iter())
            .filter(|(id, segment)| {
                holds(segment) && cursor.is_none_or(|cursor| **id >= cursor.segment)
            })
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            let begin = cursor.filter(|cursor| cursor.segment == id);
            let begin = begin.map_or(HEADER_BYTES as u64, |cursor| cursor.offset);
            if let Err(error) = self.load_from(id, begin, lookup, &mut blocks) {
                let path = self.path(id);
                tracing::error!(%error, path = %path.display(), "could not read the spool back");
            }
            if blocks.last().is_some_and(Option::is_some) {
                break;
            }
        }
        blocks
    }

    /// The region has every block of this run below `below.seq`. Deletes what is not needed.
    pub fn forget(&mut self, below: &BlockName) {
        self.forgotten.insert((below.device, below.epoch), below.seq);
        let newest = self.last.values().map(|(_, at)| *at).max();
        let is_needed = |id: u64, segment: &Segment| {
            let is_owed = segment.runs.iter().any(|(run, (_, last))| {
                self.forgotten.get(run).is_none_or(|forgotten| last >= forgotten)
            });
            let is_last = self.last.values().any(|(holder, at)| {
                *holder == id
                    && newest.is_some_and(|newest| newest.micros_since(*at) < LAST_KEPT_MICROS)
            });
            is_owed || is_last || self.active.as_ref().is_some_and(|(active, _)| *active == id)
        };
        let done: Vec<u64> = (self.segments.iter())
            .filter(|(id, segment)| !is_needed(**id, segment))
            .map(|(id, _)| *id)
            .collect();
        for id in done {
            let path = self.path(id);
            match fs::remove_file(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    tracing::warn!(%error, path = %path.display(), "could not delete from the spool");
                    continue;
                }
            }
            self.segments.remove(&id);
        }
    }

    /// Files with writes that are not synced to the disk yet. Sync each with `sync_data`, on a
    /// thread that may wait.
    ///
    /// # Errors
    ///
    /// Where the file cannot be shared with another thread; it is asked for again next time.
    pub fn take_unsynced(&mut self) -> io::Result<Vec<File>> {
        if self.active_is_unsynced
            && let Some((_, file)) = &self.active
        {
            self.unsynced.push(file.try_clone()?);
            self.active_is_unsynced = false;
        }
        Ok(std::mem::take(&mut self.unsynced))
    }

    /// Bytes on disk.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.segments.values().map(|segment| segment.bytes).sum()
    }

    /// How many segment files there are.
    #[must_use]
    pub fn segment_count(&self) -> usize {
        self.segments.len()
    }

    fn begin_segment(&mut self) -> io::Result<()> {
        let id = self.next_id;
        let path = self.path(id);
        let mut file = OpenOptions::new().append(true).create_new(true).open(&path)?;
        if let Err(error) = file.write_all(&HEADER).and_then(|()| sync_folder(&self.folder)) {
            if let Err(second) = fs::remove_file(&path) {
                tracing::warn!(%second, path = %path.display(), "an empty segment stays");
                self.next_id += 1;
            }
            return Err(error);
        }
        self.next_id += 1;
        self.segments.insert(id, Segment { bytes: HEADER_BYTES as u64, ..Segment::default() });
        self.active = Some((id, file));
        Ok(())
    }

    fn finish_active(&mut self) {
        if let Some((_, file)) = self.active.take()
            && self.active_is_unsynced
        {
            self.unsynced.push(file);
        }
        self.active_is_unsynced = false;
    }

    fn load_from(
        &mut self,
        id: u64,
        begin: u64,
        lookup: &Lookup,
        blocks: &mut [Option<Vec<u8>>],
    ) -> io::Result<()> {
        let file = File::open(self.path(id))?;
        let (mut offset, mut buffer) = (begin, vec![0; READ_BYTES]);
        loop {
            let read = read_full_at(&file, &mut buffer, offset)?;
            let is_end = read < buffer.len();
            let mut consumed = read;
            for found in Records::new(&buffer[..read]) {
                match found {
                    Found::Record { at, block } => {
                        let Some(place) = place_of(lookup, block) else { continue };
                        blocks[place] = Some(block.to_vec());
                        if place + 1 == blocks.len() {
                            let offset = offset + (at + RECORD_HEADER_BYTES + block.len()) as u64;
                            let (epoch, seq) = (lookup.epoch, lookup.end);
                            let cursor = Cursor { epoch, seq, segment: id, offset };
                            self.cursors.insert(lookup.device, cursor);
                            return Ok(());
                        }
                    }
                    // The end of what was read may be the beginning of a record.
                    Found::Tail { at, .. } => consumed = at.max(read - read.min(RECORD_BYTES_MAX)),
                    Found::Damage { .. } => {}
                }
            }
            if is_end {
                return Ok(());
            }
            offset += consumed as u64;
        }
    }

    fn path(&self, id: u64) -> PathBuf {
        self.folder.join(format!("{id:016}.spool"))
    }
}

impl Segment {
    fn note(&mut self, name: &BlockName) {
        let range = self.runs.entry((name.device, name.epoch)).or_insert((name.seq, name.seq));
        *range = (range.0.min(name.seq), range.1.max(name.seq));
    }
}

/// Where a block belongs in the answer to a lookup.
fn place_of(lookup: &Lookup, block: &[u8]) -> Option<usize> {
    let block = Block::decode(block).ok()?;
    let is_asked_for = (block.device, block.epoch) == (lookup.device, lookup.epoch)
        && (lookup.from..lookup.end).contains(&block.seq);
    is_asked_for.then(|| usize::try_from(block.seq - lookup.from).ok()).flatten()
}

fn read_full_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn refusal(error: &io::Error) -> StoreRefusal {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreRefusal::DiskFull,
        _ => {
            tracing::error!(%error, "could not write to the spool");
            StoreRefusal::DiskError
        }
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> SpoolError {
    let path = path.to_owned();
    move |source| SpoolError { doing, path, source }
}
