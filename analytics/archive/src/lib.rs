//! Recordings as others keep them: WFDB records, Parquet tables, CSV.
//!
//! In: the bytes of files. Out: [`Recording`]s at 4 Hz in the steps of the wire. Never: files,
//! folders, clocks, or a value that the bytes do not hold. Every byte is distrusted; what
//! cannot be read is an error that says where and what to do, without the name of the file,
//! which the caller puts in front: `"signals.parquet" holds no record`.
//!
//! | start at | for |
//! |---|---|
//! | [`parquet::Table`] | one row a record, one list a channel |
//! | [`wfdb::Record`] | a header and its signal files, as PhysioNet gives them out |
//! | [`csv::read`] | one line a sample under a header |

pub mod csv;
pub mod parquet;
mod rate;
mod recording;
pub mod wfdb;

pub use rate::SourceRate;
pub use recording::{Channels, Recording, UnequalLength, ZEROS_MAX_SAMPLES};
