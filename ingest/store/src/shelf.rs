//! One table on disk: group commits into its hot segment, and the change from hot to sealed.

use std::collections::BTreeMap;
use std::fs::File;
use std::marker::PhantomData;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use vitals::WallTime;

use crate::durable;
use crate::error::StoreError;
use crate::folders::Folders;
use crate::manifest::Manifest;
use crate::recovery::{self, Repaired};
use crate::seal::{SealJob, Sealed};
use crate::segment;
use crate::table::Table;

/// Items of one record batch; a larger commit becomes several, under one sync.
const BATCH_ITEMS_MAX: usize = 65_536;
/// A failed seal is offered again after this: long enough for a full disk to be noticed,
/// short enough that segments do not pile up.
const SEAL_RETRY_MICROS: i64 = 30 * WallTime::MICROS_PER_SECOND;

/// When a hot segment is sealed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SealAt {
    pub(crate) age: Duration,
    pub(crate) bytes: u64,
}

/// The writer's side of one table.
///
/// # Invariants
///
/// What [`Shelf::append`] acknowledged is in a hot segment below its good length, or in a
/// file that the manifest on disk names; never in neither. At most one [`SealJob`] is out.
#[derive(Debug)]
pub(crate) struct Shelf<T> {
    folders: Folders,
    seal_at: SealAt,
    manifest: Manifest,
    active: Option<Active>,
    /// Rotated segments and their good lengths.
    waiting: BTreeMap<u64, u64>,
    next_segment: u64,
    job: Weak<()>,
    seal_again_at: Option<WallTime>,
    table: PhantomData<T>,
}

/// The segment that grows.
#[derive(Debug)]
pub(crate) struct Active {
    pub(crate) id: u64,
    pub(crate) path: PathBuf,
    pub(crate) file: File,
    /// Where the last acknowledged commit ends.
    pub(crate) good_bytes: u64,
    /// When its first item came.
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

impl<T: Table> Shelf<T> {
    /// The table as recovery left it in its folder.
    pub(crate) fn new(folders: Folders, seal_at: SealAt, repaired: Repaired<T>) -> Self {
        Self {
            folders,
            seal_at,
            manifest: repaired.manifest,
            active: repaired.active,
            waiting: repaired.waiting,
            next_segment: repaired.next_segment,
            job: Weak::new(),
            seal_again_at: None,
            table: PhantomData,
        }
    }

    /// Stores some items in one commit; they are on disk when it returns.
    pub(crate) fn append(&mut self, items: &[T::Item]) -> Result<(), StoreError> {
        let Some(first) = items.first() else { return Ok(()) };
        for (index, item) in items.iter().enumerate() {
            T::check(index, item)?;
        }
        self.mend()?;
        let active = match self.active.take() {
            Some(active) => active,
            None => self.begin(T::times(first).1)?,
        };
        let active = self.active.insert(active);
        let bytes = commit_bytes::<T>(active, items)?;
        let committed = active.commit(&bytes, &self.folders.hot);
        if committed.is_err()
            && let Err(error) = self.mend()
        {
            tracing::warn!(%error, "a failed commit could not be cut off; next append tries again");
        }
        if self.active.as_ref().is_some_and(|active| active.good_bytes >= self.seal_at.bytes) {
            self.rotate();
        }
        committed
    }

    /// Rotates the hot segment if it is old or large enough, and offers the oldest rotated
    /// segment for sealing; see [`crate::Store::seal_due`].
    pub(crate) fn seal_due(&mut self, now: WallTime) -> Option<SealJob> {
        let age_max = u64::try_from(self.seal_at.age.as_micros()).unwrap_or(u64::MAX);
        let due = self.active.as_ref().is_some_and(|active| {
            // A clock that jumped back must not keep a segment hot for as long as it jumped.
            now.micros_since(active.began).unsigned_abs() >= age_max
                || active.good_bytes >= self.seal_at.bytes
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
            table: T::NAME,
            segment,
            from: self.folders.segment(segment),
            good_bytes,
            to: self.folders.sealed_file(segment),
            token,
        })
    }

    /// Makes a sealed file count and deletes its segment.
    pub(crate) fn adopt(&mut self, sealed: Sealed) -> Result<(), StoreError> {
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
    pub(crate) fn hot_bytes(&self) -> u64 {
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

fn commit_bytes<T: Table>(active: &Active, items: &[T::Item]) -> Result<Vec<u8>, StoreError> {
    let mut bytes = if active.good_bytes == 0 { segment::schema_frame::<T>() } else { Vec::new() };
    for items in items.chunks(BATCH_ITEMS_MAX) {
        segment::put_commit::<T>(&mut bytes, &T::rows(items))
            .map_err(|e| StoreError::arrow("write", &active.path, e))?;
    }
    Ok(bytes)
}
