//! Recordings in a Parquet table, as [`archive::parquet`] reads them.

use std::fs;
use std::path::{Path, PathBuf};

use archive::parquet::{Refused, Table};

use super::recording::place;
use super::{AtEnd, PARQUET_FILE, Recording, RecordingError};

/// A file of recordings, opened: its list of records is read, the records are not.
#[derive(Debug)]
pub struct ParquetRecordings {
    path: PathBuf,
    table: Table,
    ids: Vec<String>,
}

impl ParquetRecordings {
    /// Opens a file, or the `signals.parquet` of a folder.
    ///
    /// # Errors
    ///
    /// [`RecordingError`] where there is no such file, it is not Parquet, or it is a table of
    /// something else.
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let path = table_path(path)?;
        let bytes = fs::read(&path)
            .map_err(|source| RecordingError::Unreadable { path: path.clone(), source })?;
        let refused = |reason| RecordingError::Table { path: path.clone(), reason };
        let table = Table::open(bytes.into()).map_err(refused)?;
        let ids = table.names().map_err(refused)?;
        Ok(Self { path, table, ids })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name of every record, in the order of the file.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Reads one record, and no other row.
    ///
    /// # Errors
    ///
    /// [`RecordingError`] where there is no such record, or its row is damaged or holds a
    /// value beyond the wire.
    pub fn read(&self, id: &str, at_end: AtEnd) -> Result<Recording, RecordingError> {
        let refused = |reason| RecordingError::Table { path: self.path.clone(), reason };
        let record = self.table.record(place(&self.ids, id, &self.path)?).map_err(refused)?;
        let missing = || Refused::Damaged { reason: format!("the row of \"{id}\" is missing") };
        let record = record.ok_or_else(|| refused(missing()))?;
        Ok(Recording::of(&record, at_end))
    }
}

fn table_path(path: &Path) -> Result<PathBuf, RecordingError> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let table = path.join(PARQUET_FILE);
    if table.is_file() {
        Ok(table)
    } else {
        Err(RecordingError::EmptyFolder { path: path.to_owned(), wanted: PARQUET_FILE })
    }
}
