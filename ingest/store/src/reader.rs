//! The reader's side: all that is stored at one moment, also while a server writes.

use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use vitals::WallTime;

use crate::error::StoreError;
use crate::folders::{self, Folders, number_of};
use crate::manifest::Manifest;
use crate::records::{Assessments, Conditions, Findings, Judgements};
use crate::rows::Samples;
use crate::table::{Table, TableName};
use crate::{sealed_file, segment};

/// How often a reader begins again when segments are sealed under its feet. One seal in
/// fifteen minutes is the rule, so a second attempt is rare and a third has not been seen.
const ATTEMPTS_MAX: u32 = 20;

/// A file that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// Which.
    pub path: PathBuf,
    /// What is wrong with it, as a sentence with its name.
    pub reason: String,
}

impl Damaged {
    pub(crate) fn stranger(path: PathBuf) -> Self {
        let reason = format!(
            "\"{}\" was not written by this store and is not read; move it elsewhere",
            path.display()
        );
        Self { path, reason }
    }
}

/// One sealed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedFile {
    /// Of which table.
    pub table: TableName,
    /// Where it lies.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// CRC-32 of all of it.
    pub crc32: u32,
    /// Its rows, four a block or one a record.
    pub rows: u64,
    /// Time of its earliest block or record, by the bridges' clocks.
    pub first_at: WallTime,
    /// Time of its latest, by the same clocks.
    pub last_at: WallTime,
}

impl SealedFile {
    /// Reads every byte and compares with what was written.
    ///
    /// # Errors
    ///
    /// [`StoreError::SealedFile`] where one differs, or what the file system said.
    pub fn verify(&self) -> Result<(), StoreError> {
        let Self { path, bytes, crc32, .. } = self;
        match self.table {
            TableName::Samples => sealed_file::verify::<Samples>(path, *bytes, *crc32),
            TableName::Findings => sealed_file::verify::<Findings>(path, *bytes, *crc32),
            TableName::Assessments => sealed_file::verify::<Assessments>(path, *bytes, *crc32),
            TableName::Conditions => sealed_file::verify::<Conditions>(path, *bytes, *crc32),
            TableName::Judgements => sealed_file::verify::<Judgements>(path, *bytes, *crc32),
        }
    }
}

/// All that is stored in one table at one moment: each block or record once, hot or sealed.
#[derive(Debug)]
pub struct Snapshot {
    /// The columns of both halves.
    pub schema: SchemaRef,
    /// Sealed files whose ends and footers are whole, oldest first.
    pub sealed: Vec<SealedFile>,
    /// The rows of the hot segments, a batch a commit.
    pub hot: Vec<RecordBatch>,
    /// Files that are left out, and why.
    pub damaged: Vec<Damaged>,
}

impl Snapshot {
    /// Takes a snapshot of the samples in `dir`, or in its folder `store`. Writes nothing and
    /// needs no lock.
    ///
    /// Of a commit that a server is just writing it may hold the whole or nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoStore`] where there is none, [`StoreError::Manifest`] and
    /// [`StoreError::ManifestVersion`] where it cannot be read, [`StoreError::Busy`] after
    /// too many attempts, otherwise what the file system said. Damaged sealed files are no
    /// error: see [`Snapshot::damaged`].
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::open_table(dir, TableName::Samples)
    }

    /// Takes a snapshot of one table, as [`Snapshot::open`] does. A store from before there was
    /// the table has nothing in it.
    ///
    /// # Errors
    ///
    /// As [`Snapshot::open`].
    pub fn open_table(dir: &Path, table: TableName) -> Result<Self, StoreError> {
        let folders = Folders::find(dir)?.of_table(table);
        match table {
            TableName::Samples => Self::take::<Samples>(&folders),
            TableName::Findings => Self::take::<Findings>(&folders),
            TableName::Assessments => Self::take::<Assessments>(&folders),
            TableName::Conditions => Self::take::<Conditions>(&folders),
            TableName::Judgements => Self::take::<Judgements>(&folders),
        }
    }

    fn take<T: Table>(folders: &Folders) -> Result<Self, StoreError> {
        if !folders.manifest().is_file() {
            let (sealed, hot, damaged) = (Vec::new(), Vec::new(), Vec::new());
            return Ok(Self { schema: T::schema(), sealed, hot, damaged });
        }
        for _ in 0..ATTEMPTS_MAX {
            if let Some(snapshot) = Self::attempt::<T>(folders)? {
                return Ok(snapshot);
            }
        }
        Err(StoreError::Busy { dir: folders.root.clone(), attempts: ATTEMPTS_MAX })
    }

    /// `None` where the manifest changed meanwhile: a segment may have been read neither hot
    /// nor sealed.
    fn attempt<T: Table>(folders: &Folders) -> Result<Option<Self>, StoreError> {
        let manifest = load(folders)?;
        let segments = folders.segments()?;
        let mut hot = Vec::new();
        for &id in segments.iter().filter(|&&id| !manifest.is_sealed(id)) {
            match segment::read::<T>(&folders.segment(id), u64::MAX, |_, _| ()) {
                Ok(contents) => hot.extend(contents.commits),
                Err(e) if e.is_not_found() => return Ok(None),
                Err(e) => return Err(e),
            }
        }
        let (sealed, damaged) = sealed::<T>(folders, &manifest, &segments)?;
        if load(folders)?.generation != manifest.generation {
            return Ok(None);
        }
        Ok(Some(Self { schema: T::schema(), sealed, hot, damaged }))
    }
}

fn load(folders: &Folders) -> Result<Manifest, StoreError> {
    Manifest::load(&folders.manifest())?
        .ok_or_else(|| StoreError::NoStore { dir: folders.root.clone() })
}

fn sealed<T: Table>(
    folders: &Folders,
    manifest: &Manifest,
    segments: &[u64],
) -> Result<(Vec<SealedFile>, Vec<Damaged>), StoreError> {
    let (mut sealed, mut damaged) = (Vec::new(), Vec::new());
    for entry in &manifest.files {
        let path = folders.sealed_file(entry.segment);
        let (first_at, last_at) = entry.span.at();
        let (bytes, crc32, rows) = (entry.bytes, entry.crc32, entry.rows);
        match sealed_file::glance::<T>(&path, bytes) {
            Ok(()) => {
                let table = T::NAME;
                sealed.push(SealedFile { table, path, bytes, crc32, rows, first_at, last_at });
            }
            Err(error) => damaged.push(Damaged { path, reason: error.to_string() }),
        }
    }
    for name in folders::names(&folders.sealed)? {
        let id = number_of(&name, ".parquet");
        let expected = id.is_some_and(|id| manifest.is_sealed(id) || segments.contains(&id));
        if !expected && !name.ends_with(".tmp") {
            damaged.push(Damaged::stranger(folders.sealed.join(name)));
        }
    }
    Ok((sealed, damaged))
}
