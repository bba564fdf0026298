//! Why a recording cannot be played.

use std::path::PathBuf;

use super::wfdb::HeaderError;

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
    /// The file is something else, or damaged.
    #[error(
        "\"{}\" is not a Parquet file: {reason}; copy or download it again, or give another file",
        path.display()
    )]
    NotParquet {
        /// The file.
        path: PathBuf,
        /// What the reader found.
        reason: String,
    },
    /// A Parquet file of another layout.
    #[error(
        "\"{}\" has no column {wanted}; its columns are {found}; a table of recordings has \
         record_id, fhr_q or fhr1_q, and uc_h or toco_h",
        path.display()
    )]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column that is needed.
        wanted: &'static str,
        /// The columns that are there.
        found: String,
    },
    /// A column of the right name with other contents.
    #[error("in \"{}\" column {column} is {found}; expected {wanted}", path.display())]
    ColumnType {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// What it should hold.
        wanted: &'static str,
        /// What it holds.
        found: String,
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
    /// Two channels of one recording end at different times.
    #[error(
        "record \"{id}\" of \"{}\" has {first} samples in one channel and {other} in another; \
         its file is damaged",
        path.display()
    )]
    UnequalLength {
        /// The file.
        path: PathBuf,
        /// The record.
        id: String,
        /// Samples of the first channel.
        first: usize,
        /// Samples of the channel that differs.
        other: usize,
    },
    /// A value that no monitor can send.
    #[error(
        "record \"{id}\" of \"{}\" holds {value} at sample {sample} of {channel}; a monitor can \
         send {sendable}",
        path.display()
    )]
    NotSendable {
        /// The file.
        path: PathBuf,
        /// The record.
        id: String,
        /// The channel, as its file calls it.
        channel: String,
        /// Samples before it.
        sample: usize,
        /// The value, in the unit of the file.
        value: f64,
        /// What could be sent.
        sendable: &'static str,
    },
    /// A WFDB header that cannot be used.
    #[error("the header \"{}\" cannot be used: {reason}", path.display())]
    Header {
        /// The header.
        path: PathBuf,
        /// What is wrong with it.
        reason: HeaderError,
    },
    /// A WFDB signal file that disagrees with its header.
    #[error(
        "\"{}\" disagrees with its header: {what}; copy or download the record again",
        path.display()
    )]
    Damaged {
        /// The signal file.
        path: PathBuf,
        /// The disagreement.
        what: String,
    },
}

/// The first few of many names, for a message.
pub(super) fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}
