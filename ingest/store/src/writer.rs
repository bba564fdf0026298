//! The one writer: the tables of a store under one lock.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use vitals::WallTime;

use crate::error::StoreError;
use crate::folders::Folders;
use crate::records::{Assessments, Conditions, Findings, Judgements, RecordTable, StoredRecord};
use crate::recovery::{self, RecentLimits, Recovered};
use crate::rows::{Samples, StoredBlock};
use crate::seal::{SealJob, Sealed};
use crate::shelf::{SealAt, Shelf};
use crate::table::{Table, TableName};

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
    /// Age of its first record at which a hot segment of records is sealed.
    ///
    /// Default 4 h: records are few, and a file for each quarter of an hour would be small.
    pub seal_records_after: Duration,
    /// How much of the newest findings and assessments [`Recovered::records`] holds, counted
    /// back from the newest on disk; of each the last revision.
    ///
    /// Default 3 h: longer than any strip that a wall shows. A thousand monitors make some
    /// hundred a second, so that longer shows in the time of a start.
    pub recent_records: Duration,
    /// The same for conditions and judgements, which hold for longer and are few.
    ///
    /// Default 12 h, a shift.
    pub recent_states: Duration,
    /// Most records of [`Recovered::records`] from one table; of more, the newest.
    ///
    /// Default 300,000.
    pub recent_records_max: usize,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            seal_after: Duration::from_secs(15 * 60),
            seal_bytes: 64 << 20,
            recent: Duration::from_secs(10 * 60),
            recent_blocks_max: 300_000,
            seal_records_after: Duration::from_secs(4 * 3_600),
            recent_records: Duration::from_secs(3 * 3_600),
            recent_states: Duration::from_secs(12 * 3_600),
            recent_records_max: 300_000,
        }
    }
}

/// The writer's side of the store. One at a time has the folder.
///
/// # Invariants
///
/// What [`Store::append`] and [`Store::append_records`] acknowledged is in a hot segment below
/// its good length, or in a file that its table's manifest on disk names; never in neither. Of
/// each table at most one [`SealJob`] is out.
#[derive(Debug)]
pub struct Store {
    samples: Shelf<Samples>,
    findings: Shelf<Findings>,
    assessments: Shelf<Assessments>,
    conditions: Shelf<Conditions>,
    judgements: Shelf<Judgements>,
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

impl Store {
    /// Opens or creates the store in `dir`, repairs what a crash left, and reports.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] where another process has it; [`StoreError::Manifest`] where
    /// a manifest is damaged; otherwise what the file system said. A damaged sealed file
    /// is no error: it is named in [`Recovered::damaged`].
    pub fn open(dir: &Path, options: StoreOptions) -> Result<(Self, Recovered), StoreError> {
        let folders = Folders::new(dir);
        folders.create()?;
        let lock = lock(&folders)?;
        let mut report = Recovered::default();
        let store = Self {
            samples: samples(folders.clone(), &options, &mut report)?,
            findings: records(&folders, &options, &mut report)?,
            assessments: records(&folders, &options, &mut report)?,
            conditions: records(&folders, &options, &mut report)?,
            judgements: records(&folders, &options, &mut report)?,
            lock,
        };
        Ok((store, report))
    }

    /// Stores some blocks in one commit; they are on disk when it returns.
    ///
    /// # Errors
    ///
    /// After any error nothing of the batch counts as stored: hand the same blocks in again.
    /// [`StoreError::Full`] on a full disk; what was stored before is whole and the store
    /// stays usable. [`StoreError::Checksum`] where a block is not what its bridge sent.
    pub fn append(&mut self, blocks: &[StoredBlock]) -> Result<(), StoreError> {
        self.samples.append(blocks)
    }

    /// Stores some records, in one commit for each table, and takes out of `records` what is
    /// on disk; what no table keeps is taken out as well.
    ///
    /// # Errors
    ///
    /// What is left in `records` does not count as stored: hand it in again.
    pub fn append_records(&mut self, records: &mut Vec<StoredRecord>) -> Result<(), StoreError> {
        records.retain(|record| record.table().is_some());
        take(&mut self.findings, records)?;
        take(&mut self.assessments, records)?;
        take(&mut self.conditions, records)?;
        take(&mut self.judgements, records)
    }

    /// Rotates hot segments that are old or large enough, and offers the oldest rotated
    /// segment of a table for sealing. Call it about once a second.
    ///
    /// `None` while a job of each table is out or none is due. A job that failed or was dropped
    /// is offered again after 30 s.
    pub fn seal_due(&mut self, now: WallTime) -> Option<SealJob> {
        self.samples
            .seal_due(now)
            .or_else(|| self.findings.seal_due(now))
            .or_else(|| self.assessments.seal_due(now))
            .or_else(|| self.conditions.seal_due(now))
            .or_else(|| self.judgements.seal_due(now))
    }

    /// Makes a sealed file count and deletes its segment.
    ///
    /// # Errors
    ///
    /// Where the manifest could not be replaced: the segment stays and is sealed again later.
    pub fn adopt(&mut self, sealed: Sealed) -> Result<(), StoreError> {
        match sealed.table {
            TableName::Samples => self.samples.adopt(sealed),
            TableName::Findings => self.findings.adopt(sealed),
            TableName::Assessments => self.assessments.adopt(sealed),
            TableName::Conditions => self.conditions.adopt(sealed),
            TableName::Judgements => self.judgements.adopt(sealed),
        }
    }

    /// Bytes of the hot segments of samples, those that wait to be sealed included.
    #[must_use]
    pub fn hot_bytes(&self) -> u64 {
        self.samples.hot_bytes()
    }
}

fn samples(
    folders: Folders,
    options: &StoreOptions,
    report: &mut Recovered,
) -> Result<Shelf<Samples>, StoreError> {
    let seal_at = SealAt { age: options.seal_after, bytes: options.seal_bytes };
    let limits = RecentLimits::new(options.recent, options.recent_blocks_max);
    let mut repaired = recovery::repair(&folders, seal_at.bytes, limits)?;
    let found = std::mem::take(&mut repaired.found);
    report.runs = found.runs.to_list();
    report.recent = found.recent;
    report.hot_segments = found.hot_segments;
    report.hot_blocks = found.hot_items;
    report.sealed_files = found.sealed_files;
    report.manifest = found.manifest;
    report.dropped_bytes += found.dropped_bytes;
    report.damaged.extend(found.damaged);
    Ok(Shelf::new(folders, seal_at, repaired))
}

fn records<R: RecordTable>(
    store: &Folders,
    options: &StoreOptions,
    report: &mut Recovered,
) -> Result<Shelf<R>, StoreError> {
    let folders = store.of_table(<R as Table>::NAME);
    folders.create()?;
    let seal_at = SealAt { age: options.seal_records_after, bytes: options.seal_bytes };
    let recent = match <R as Table>::NAME {
        TableName::Conditions | TableName::Judgements => options.recent_states,
        _ => options.recent_records,
    };
    let limits = RecentLimits::new(recent, options.recent_records_max);
    let mut repaired = recovery::repair::<R>(&folders, seal_at.bytes, limits)?;
    let found = std::mem::take(&mut repaired.found);
    report.records.extend(found.recent);
    report.dropped_bytes += found.dropped_bytes;
    report.damaged.extend(found.damaged);
    Ok(Shelf::new(folders, seal_at, repaired))
}

/// Stores the records of one table and takes them out.
fn take<R: RecordTable>(
    shelf: &mut Shelf<R>,
    records: &mut Vec<StoredRecord>,
) -> Result<(), StoreError> {
    let of_table: Vec<_> = records.iter().filter(|r| R::said(r).is_some()).cloned().collect();
    shelf.append(&of_table)?;
    records.retain(|record| R::said(record).is_none());
    Ok(())
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
