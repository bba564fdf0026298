//! The one writer: group commits into the hot segment, and the change from hot to sealed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use vitals::WallTime;

use crate::durable;
use crate::error::StoreError;
use crate::folders::Folders;
use crate::manifest::Manifest;
use crate::recovery::{self, Recovered};
use crate::rows::{StoredBlock, checksum, rows_from_blocks};
use crate::seal::{SealJob, Sealed};
use crate::segment;

/// Blocks of one record batch; a larger commit becomes several, under one sync.
const BATCH_BLOCKS_MAX: usize = 65_536;
/// A failed seal is offered again after this: long enough for a full disk to be noticed,
/// short enough that segments do not pile up.
const SEAL_RETRY_MICROS: i64 = 30 * WallTime::MICROS_PER_SECOND;

/// How the store works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// Age of its first block at which a hot segment is sealed.
    ///
    /// Default 15 min. Longer makes fewer, larger sealed files and a slower start after a
    /// crash; shorter makes many small files.
    pub seal_after: Duration,
    /// Size at which a hot segment is sealed.
    ///
    /// Default 64 MiB, about 130,000 blocks. It bounds the memory of sealing and of a start.
    pub seal_bytes: u64,
    /// How much of the newest recording [`Recovered::recent`] holds, counted back from the
    /// newest block on disk.
    ///
    /// Default 10 min.
    pub recent: Duration,
    /// Most blocks of [`Recovered::recent`]; of more, the newest.
    ///
    /// Default 300,000: 500 monitors for 10 min, about 70 MB.
    pub recent_blocks_max: usize,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            seal_after: Duration::from_secs(15 * 60),
            seal_bytes: 64 << 20,
            recent: Duration::from_secs(10 * 60),
            recent_blocks_max: 300_000,
        }
    }
}

/// The writer's side of the store. One at a time has the folder.
///
/// # Invariants
///
/// What [`Store::append`] acknowledged is in a hot segment below its good length, or in a
/// file that the manifest on disk names; never in neither. At most one [`SealJob`] is out.
#[derive(Debug)]
pub struct Store {
    folders: Folders,
    options: StoreOptions,
    manifest: Manifest,
    active: Option<Active>,
    /// Rotated segments and their good lengths.
    waiting: BTreeMap<u64, u64>,
    next_segment: u64,
    job: Weak<()>,
    seal_again_at: Option<WallTime>,
    lock: File,
}

impl Drop for Store {
    fn drop(&mut self) {
        // Said aloud: a child process that is just being started has a copy of every open
        // file, and closing ours alone would leave the lock to it for a moment.
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, "the store's lock could not be released");
        }
    }
}

/// The segment that grows.
#[derive(Debug)]
pub(crate) struct Active {
    pub(crate) id: u64,
    pub(crate) path: PathBuf,
    pub(crate) file: File,
    /// Where the last acknowledged commit ends.
    pub(crate) good_bytes: u64,
    /// When its first block came.
    pub(crate) began: WallTime,
    pub(crate) health: Health,
}

/// Whether bytes of a failed commit are left behind the good ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// The file ends where the last commit ends.
    Sound,
    /// A write failed; cut the file back before the next.
    Torn,
    /// A sync failed. The system may have dropped pages of this file, so after it is cut
    /// back nothing more is written to it.
    Unsynced,
}

impl Store {
    /// Opens or creates the store in `dir`, repairs what a crash left, and reports.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] where another process has it; [`StoreError::Manifest`] where
    /// the manifest is damaged; otherwise what the file system said. A damaged sealed file
    /// is no error: it is named in [`Recovered::damaged`].
    pub fn open(dir: &Path, options: StoreOptions) -> Result<(Self, Recovered), StoreError> {
        let folders = Folders::new(dir);
        folders.create()?;
        let lock = lock(&folders)?;
        let repaired = recovery::repair(&folders, &options)?;
        let store = Self {
            folders,
            options,
            manifest: repaired.manifest,
            active: repaired.active,
            waiting: repaired.waiting,
            next_segment: repaired.next_segment,
            job: Weak::new(),
            seal_again_at: None,
            lock,
        };
        Ok((store, repaired.report))
    }

    /// Stores some blocks in one commit; they are on disk when it returns.
    ///
    /// # Errors
    ///
    /// After any error nothing of the batch counts as stored: hand the same blocks in again.
    /// [`StoreError::Full`] on a full disk; what was stored before is whole and the store
    /// stays usable. [`StoreError::Checksum`] where a block is not what its bridge sent.
    pub fn append(&mut self, blocks: &[StoredBlock]) -> Result<(), StoreError> {
        let Some(first) = blocks.first() else { return Ok(()) };
        for (index, stored) in blocks.iter().enumerate() {
            let (computed, given) = (checksum(&stored.block), stored.checksum);
            if computed != given {
                return Err(StoreError::Checksum { index, given, computed });
            }
        }
        self.mend()?;
        let active = match self.active.take() {
            Some(active) => active,
            None => self.begin(first.received_at)?,
        };
        let active = self.active.insert(active);
        let bytes = commit_bytes(active, blocks)?;
        let committed = active.commit(&bytes, &self.folders.hot);
        if committed.is_err()
            && let Err(error) = self.mend()
        {
            tracing::warn!(%error, "a failed commit could not be cut off; next append tries again");
        }
        if self.active.as_ref().is_some_and(|active| active.good_bytes >= self.options.seal_bytes) {
            self.rotate();
        }
        committed
    }

    /// Rotates the hot segment if it is old or large enough, and offers the oldest rotated
    /// segment for sealing. Call it about once a second.
    ///
    /// `None` while a job is out or none is due. A job that failed or was dropped is offered
    /// again after 30 s.
    pub fn seal_due(&mut self, now: WallTime) -> Option<SealJob> {
        let age_max = u64::try_from(self.options.seal_after.as_micros()).unwrap_or(u64::MAX);
        let due = self.active.as_ref().is_some_and(|active| {
            // A clock that jumped back must not keep a segment hot for as long as it jumped.
            now.micros_since(active.began).unsigned_abs() >= age_max
                || active.good_bytes >= self.options.seal_bytes
        });
        if due && self.mend().is_ok() {
            self.rotate();
        }
        let (&segment, &good_bytes) = self.waiting.first_key_value()?;
        let resting = self
            .seal_again_at
            .is_some_and(|at| (1..=SEAL_RETRY_MICROS).contains(&at.micros_since(now)));
        if self.job.strong_count() > 0 || resting {
            return None;
        }
        self.seal_again_at = Some(now.plus_micros(SEAL_RETRY_MICROS));
        let token = Arc::new(());
        self.job = Arc::downgrade(&token);
        Some(SealJob {
            segment,
            from: self.folders.segment(segment),
            good_bytes,
            to: self.folders.sealed_file(segment),
            token,
        })
    }

    /// Makes a sealed file count and deletes its segment.
    ///
    /// # Errors
    ///
    /// Where the manifest could not be replaced: the segment stays and is sealed again later.
    pub fn adopt(&mut self, sealed: Sealed) -> Result<(), StoreError> {
        if let Some((entry, runs)) = &sealed.contents {
            let next = self.manifest.with(entry.clone(), runs);
            next.save(&self.folders.manifest())?;
            self.manifest = next;
        }
        self.waiting.remove(&sealed.segment);
        self.seal_again_at = None;
        recovery::retire(&self.folders, sealed.segment, sealed.bad_bytes);
        Ok(())
    }

    /// Bytes of the hot segments, those that wait to be sealed included.
    #[must_use]
    pub fn hot_bytes(&self) -> u64 {
        self.waiting.values().sum::<u64>()
            + self.active.as_ref().map_or(0, |active| active.good_bytes)
    }

    /// Cuts off what a failed commit left.
    fn mend(&mut self) -> Result<(), StoreError> {
        let Some(active) = &mut self.active else { return Ok(()) };
        if active.health == Health::Sound {
            return Ok(());
        }
        let cut = |e| StoreError::io("cut back", &active.path, e);
        active.file.set_len(active.good_bytes).map_err(cut)?;
        if active.good_bytes == 0 {
            durable::remove_if_there(&active.path)?;
            self.active = None;
            return Ok(());
        }
        active.file.sync_all().map_err(cut)?;
        let was = std::mem::replace(&mut active.health, Health::Sound);
        if was == Health::Unsynced {
            self.rotate();
        }
        Ok(())
    }

    fn rotate(&mut self) {
        if let Some(active) = self.active.take() {
            self.waiting.insert(active.id, active.good_bytes);
        }
    }

    fn begin(&mut self, began: WallTime) -> Result<Active, StoreError> {
        let id = self.next_segment;
        let path = self.folders.segment(id);
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&path)
            .map_err(|e| StoreError::io("create", &path, e))?;
        self.next_segment += 1;
        Ok(Active { id, path, file, good_bytes: 0, began, health: Health::Sound })
    }
}

impl Active {
    /// Writes behind the good bytes and syncs; the bytes are good only if all of it worked.
    fn commit(&mut self, bytes: &[u8], folder: &Path) -> Result<(), StoreError> {
        self.health = Health::Torn;
        self.file
            .write_all_at(bytes, self.good_bytes)
            .map_err(|e| StoreError::io("write", &self.path, e))?;
        self.health = Health::Unsynced;
        self.file.sync_data().map_err(|e| StoreError::io("sync", &self.path, e))?;
        if self.good_bytes == 0 {
            durable::sync_folder(folder)?;
        }
        self.good_bytes += bytes.len() as u64;
        self.health = Health::Sound;
        Ok(())
    }
}

fn commit_bytes(active: &Active, blocks: &[StoredBlock]) -> Result<Vec<u8>, StoreError> {
    let mut bytes = if active.good_bytes == 0 { segment::schema_frame() } else { Vec::new() };
    for blocks in blocks.chunks(BATCH_BLOCKS_MAX) {
        segment::put_commit(&mut bytes, &rows_from_blocks(blocks))
            .map_err(|e| StoreError::arrow("write", &active.path, e))?;
    }
    Ok(bytes)
}

fn lock(folders: &Folders) -> Result<File, StoreError> {
    let path = folders.lock();
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|e| StoreError::io("open", &path, e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(StoreError::Locked { dir: folders.root.clone() }),
        Err(fs::TryLockError::Error(e)) => Err(StoreError::io("lock", &path, e)),
    }
}
