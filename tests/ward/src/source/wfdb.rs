//! A folder of WFDB records, as [`archive::wfdb`] reads them.

use std::fs;
use std::path::{Path, PathBuf};

use archive::wfdb::Record;

use super::recording::place;
use super::{AtEnd, Recording, RecordingError};

/// A folder of records.
#[derive(Debug)]
pub struct WfdbFolder {
    path: PathBuf,
    ids: Vec<String>,
}

impl WfdbFolder {
    /// Lists the headers of a folder; none is opened yet.
    ///
    /// # Errors
    ///
    /// [`RecordingError`] where the folder cannot be read or holds no header.
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let unreadable = |source| RecordingError::Unreadable { path: path.to_owned(), source };
        let mut ids = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            let id = file.file_stem().and_then(|stem| stem.to_str());
            if let (Some("hea"), Some(id)) = (file.extension().and_then(|it| it.to_str()), id) {
                ids.push(id.to_owned());
            }
        }
        if ids.is_empty() {
            let wanted = "WFDB header (*.hea)";
            return Err(RecordingError::EmptyFolder { path: path.to_owned(), wanted });
        }
        ids.sort_unstable();
        Ok(Self { path: path.to_owned(), ids })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name of every record, sorted.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Reads one record.
    ///
    /// # Errors
    ///
    /// [`RecordingError`] where there is no such record, its header asks for what is not
    /// supported, its files disagree with the header, or a value is beyond the wire.
    pub fn read(&self, id: &str, at_end: AtEnd) -> Result<Recording, RecordingError> {
        place(&self.ids, id, &self.path)?;
        let path = self.path.join(format!("{id}.hea"));
        let unreadable = |path: &Path, source| {
            let path = path.to_owned();
            RecordingError::Unreadable { path, source }
        };
        let text = fs::read_to_string(&path).map_err(|source| unreadable(&path, source))?;
        let refused = |reason| RecordingError::Wfdb { path: path.clone(), reason };
        let record = Record::parse(&text).map_err(|reason| refused(reason.into()))?;
        let file = |name: &str| {
            let path = self.path.join(name);
            fs::read(&path).map_err(|source| unreadable(&path, source))
        };
        let contents = record.files().map(file).collect::<Result<Vec<_>, _>>()?;
        let read = record.read(id, &contents).map_err(refused)?;
        Ok(Recording::of(&read, at_end))
    }
}
