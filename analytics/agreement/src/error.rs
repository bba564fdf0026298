//! Why an agreement could not be measured, in plain words.

use std::io;
use std::path::PathBuf;

/// Why an agreement could not be measured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AgreementError {
    /// A file cannot be opened or read.
    #[error("cannot read \"{}\": {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file holds something else than is expected of it.
    #[error("\"{}\" {reason}", .path.display())]
    Contents {
        /// The file.
        path: PathBuf,
        /// What is wrong with it; follows its name.
        reason: String,
    },
    /// A recording lacks what another file says of it.
    #[error("recording \"{record}\" {reason}")]
    Recording {
        /// Its name.
        record: String,
        /// What is missing or contradicts; follows its name.
        reason: String,
    },
    /// A trained forest is not what the engine reads.
    #[error("a trained forest {0}")]
    Forest(#[from] ctg::forest::ForestError),
    /// A result cannot be written.
    #[error("cannot write \"{}\": {source}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Standard output cannot be written to.
    #[error("cannot write the table: {0}")]
    Output(#[from] io::Error),
}

impl AgreementError {
    /// An error about the contents of a file.
    pub(crate) fn contents(path: impl Into<PathBuf>, reason: impl ToString) -> Self {
        Self::Contents { path: path.into(), reason: reason.to_string() }
    }

    /// An error about a recording.
    pub(crate) fn recording(record: impl Into<String>, reason: impl ToString) -> Self {
        Self::Recording { record: record.into(), reason: reason.to_string() }
    }
}
