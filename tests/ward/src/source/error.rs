//! Why a recording cannot be played.

use std::path::PathBuf;

/// The file that a folder of Parquet recordings holds.
pub const PARQUET_FILE: &str = "signals.parquet";

/// Why a recording cannot be played. Each message names the file and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordingError {
    /// The operating system refused.
    #[error("cannot read \"{}\": {source}", path.display())]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// Its reason.
        source: std::io::Error,
    },
    /// A folder without recordings.
    #[error(
        "the folder \"{}\" holds no {wanted}; give the folder in which the recordings lie",
        path.display()
    )]
    EmptyFolder {
        /// The folder.
        path: PathBuf,
        /// What was looked for.
        wanted: &'static str,
    },
    /// No recording has this id.
    #[error("\"{}\" holds no record \"{id}\"; it holds {known}", path.display())]
    NoSuchRecord {
        /// The file or folder.
        path: PathBuf,
        /// What was asked for.
        id: String,
        /// Some of what is there.
        known: String,
    },
    /// A table of recordings that cannot be used.
    #[error("\"{}\" {reason}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: archive::parquet::Refused,
    },
    /// A WFDB record that cannot be used.
    #[error("the header \"{}\" {reason}", path.display())]
    Wfdb {
        /// The header.
        path: PathBuf,
        /// What is wrong with it, or with the files it names.
        reason: archive::wfdb::Refused,
    },
}

/// The first few of many names, for a message.
pub(super) fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}
