//! What is sealed: one file, replaced as a whole.
//!
//! ```json
//! {"version": 1, "generation": 12,
//!  "files": [{"segment": 7, "bytes": …, "crc32": …, "rows": …, "first_at": …, …}],
//!  "runs": [{"bridge": "clinic-a", "device": "bed-1", "epoch": 3, "ranges": [[0, 900]]}]}
//! ```
//!
//! A sealed segment's number names its file, and that its hot segment counts no longer.
//! Times are microseconds since 1970 UTC. A range is from, up to but not including.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use vitals::{BridgeId, DeviceId, WallTime};

use crate::durable;
use crate::error::StoreError;
use crate::ranges::{Runs, StoredRun};

/// The version of the manifest this build writes and reads.
const VERSION: u32 = 1;

/// One sealed file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileEntry {
    pub(crate) segment: u64,
    pub(crate) bytes: u64,
    pub(crate) crc32: u32,
    pub(crate) rows: u64,
    pub(crate) span: Span,
}

/// The times of some blocks, each the earliest and the latest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Span {
    first_at: i64,
    last_at: i64,
    first_received: i64,
    last_received: i64,
}

impl Span {
    pub(crate) const EMPTY: Self = Self {
        first_at: i64::MAX,
        last_at: i64::MIN,
        first_received: i64::MAX,
        last_received: i64::MIN,
    };

    pub(crate) fn include(&mut self, at: WallTime, received: WallTime) {
        self.first_at = self.first_at.min(at.0);
        self.last_at = self.last_at.max(at.0);
        self.first_received = self.first_received.min(received.0);
        self.last_received = self.last_received.max(received.0);
    }

    /// First and last block, by the bridges' clocks.
    pub(crate) fn at(&self) -> (WallTime, WallTime) {
        (WallTime(self.first_at), WallTime(self.last_at))
    }

    pub(crate) fn last_received(&self) -> WallTime {
        WallTime(self.last_received)
    }
}

/// What is stored of one run, as the manifest and the sealed files write it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RunEntry {
    bridge: String,
    device: String,
    epoch: u64,
    ranges: Vec<(u64, u64)>,
}

impl From<&StoredRun> for RunEntry {
    fn from(run: &StoredRun) -> Self {
        Self {
            bridge: run.bridge.as_str().to_owned(),
            device: run.device.as_str().to_owned(),
            epoch: run.epoch,
            ranges: run.ranges.clone(),
        }
    }
}

impl TryFrom<RunEntry> for StoredRun {
    type Error = String;

    fn try_from(entry: RunEntry) -> Result<Self, String> {
        let bridge = BridgeId::new(&entry.bridge).map_err(|e| format!("a bridge's name: {e}"))?;
        let device = DeviceId::new(&entry.device).map_err(|e| format!("a device's name: {e}"))?;
        Ok(Self { bridge, device, epoch: entry.epoch, ranges: entry.ranges })
    }
}

/// What is sealed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manifest {
    /// Rises with every change, so that a reader notices one.
    pub(crate) generation: u64,
    /// By rising segment number.
    pub(crate) files: Vec<FileEntry>,
    pub(crate) runs: Runs,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Text {
    version: u32,
    generation: u64,
    files: Vec<FileEntry>,
    runs: Vec<RunEntry>,
}

impl Manifest {
    /// Reads the manifest; `None` where there is none yet.
    pub(crate) fn load(path: &Path) -> Result<Option<Self>, StoreError> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(StoreError::io("read", path, e)),
        };
        let damaged = |reason: String| StoreError::Manifest { path: path.to_owned(), reason };
        let json = |e: serde_json::Error| damaged(e.to_string());
        let VersionOnly { version } = serde_json::from_slice(&bytes).map_err(json)?;
        if version != VERSION {
            let path = path.to_owned();
            return Err(StoreError::ManifestVersion { path, found: version, known: VERSION });
        }
        let text: Text = serde_json::from_slice(&bytes).map_err(json)?;
        let mut manifest =
            Self { generation: text.generation, files: text.files, runs: Runs::default() };
        for run in text.runs {
            manifest.runs.merge(&[run.try_into().map_err(damaged)?]);
        }
        Ok(Some(manifest))
    }

    /// Replaces the manifest on disk.
    pub(crate) fn save(&self, path: &Path) -> Result<(), StoreError> {
        let text = Text {
            version: VERSION,
            generation: self.generation,
            files: self.files.clone(),
            runs: self.runs.to_list().iter().map(RunEntry::from).collect(),
        };
        let bytes = serde_json::to_vec(&text).expect("numbers and texts always make JSON");
        durable::replace(path, &bytes)
    }

    /// This and one more sealed file.
    pub(crate) fn with(&self, file: FileEntry, runs: &[StoredRun]) -> Self {
        let mut next = self.clone();
        next.generation += 1;
        next.runs.merge(runs);
        next.files.retain(|known| known.segment != file.segment);
        let at = next.files.partition_point(|known| known.segment < file.segment);
        next.files.insert(at, file);
        next
    }

    pub(crate) fn is_sealed(&self, segment: u64) -> bool {
        self.files.binary_search_by_key(&segment, |file| file.segment).is_ok()
    }
}
