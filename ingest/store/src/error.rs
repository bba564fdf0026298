//! Why the store could not do what it was asked.

use std::io;
use std::path::{Path, PathBuf};

use arrow::error::ArrowError;
use parquet::errors::ParquetError;

use crate::rows::BadRows;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file system refused.
    #[error("cannot {action} \"{path}\": {source}", path = .path.display())]
    Io {
        /// What was attempted.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The disk or the quota is full. What was stored before is whole, and the store works
    /// again as soon as there is space.
    #[error(
        "the disk is full: cannot {action} \"{path}\"; free space there, then it goes on by itself ({source})",
        path = .path.display()
    )]
    Full {
        /// What was attempted.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process writes here.
    #[error(
        "\"{dir}\" is in use by another server; stop that one first, or give this one its own data directory",
        dir = .dir.display()
    )]
    Locked {
        /// The store's folder.
        dir: PathBuf,
    },
    /// There is no store to read.
    #[error(
        "no recordings in \"{dir}\": neither it nor its folder \"store\" holds a manifest.json; give the data directory of a server",
        dir = .dir.display()
    )]
    NoStore {
        /// Where one was looked for.
        dir: PathBuf,
    },
    /// The manifest cannot be read.
    #[error(
        "\"{path}\" is damaged ({reason}); move it away and start the server again: it writes a new one from the sealed files",
        path = .path.display()
    )]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The manifest is of a newer build.
    #[error(
        "\"{path}\" has version {found}, this program reads {known}; use the newer program that wrote it",
        path = .path.display()
    )]
    ManifestVersion {
        /// The manifest.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The version of this build.
        known: u32,
    },
    /// A block handed in does not give its own checksum, so it could not be told from damage
    /// later. Nothing of the batch was stored.
    #[error(
        "block {index} of the batch has checksum {given:08x}, its contents give {computed:08x}"
    )]
    Checksum {
        /// Its place in the batch.
        index: usize,
        /// What was handed in.
        given: u32,
        /// What its contents give.
        computed: u32,
    },
    /// Stored rows do not make up a block.
    #[error("\"{path}\" is damaged: {source}", path = .path.display())]
    Rows {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: BadRows,
    },
    /// A sealed file is not what the manifest says.
    #[error("\"{path}\" is damaged: {reason}", path = .path.display())]
    SealedFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Arrow refused rows.
    #[error("cannot {action} \"{path}\": {source}", path = .path.display())]
    Arrow {
        /// What was attempted.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What Arrow said.
        source: ArrowError,
    },
    /// Parquet refused rows or a file.
    #[error("cannot {action} \"{path}\": {source}", path = .path.display())]
    Parquet {
        /// What was attempted.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What Parquet said.
        source: ParquetError,
    },
    /// A reader found the manifest changed at each of many attempts.
    #[error("\"{dir}\" changed {attempts} times while it was read; try again", dir = .dir.display())]
    Busy {
        /// The store's folder.
        dir: PathBuf,
        /// How often it was tried.
        attempts: u32,
    },
}

impl StoreError {
    /// Whether space on the disk is all that is missing.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full { .. })
    }

    /// Whether the system says that the file is not there.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::Full { action, path, source }
            }
            _ => Self::Io { action, path, source },
        }
    }

    pub(crate) fn arrow(action: &'static str, path: &Path, source: ArrowError) -> Self {
        Self::Arrow { action, path: path.to_owned(), source }
    }

    /// A full disk stays a full disk also where Parquet has wrapped it.
    pub(crate) fn parquet(action: &'static str, path: &Path, source: ParquetError) -> Self {
        let path = path.to_owned();
        if let ParquetError::External(inner) = source {
            return match inner.downcast::<io::Error>() {
                Ok(io) => Self::io(action, &path, *io),
                Err(other) => Self::Parquet { action, path, source: ParquetError::External(other) },
            };
        }
        Self::Parquet { action, path, source }
    }
}
