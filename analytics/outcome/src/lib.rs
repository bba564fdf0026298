//! SQL over hot and sealed recordings, the analysis of any recording, and its strip on paper.
//!
//! In: a store's folder and a question in SQL, or files with recordings. Out: rows, as a table
//! for people, or as CSV, JSON lines or Parquet for programs; findings as JSON lines, strips as
//! a PDF. Never: writing to the store, locks, or a value that was not measured; an absent
//! sample is NULL, with its reason beside it.
//!
//! Start at [`Recordings`], where [`tables`] says what can be asked, at [`analyse`], and at
//! [`strip`], which prints a period.

pub mod analyse;
mod error;
pub mod output;
mod recordings;
pub mod strip;
pub mod tables;
mod text_table;

pub use error::OutcomeError;
pub use output::{Destination, Format};
pub use recordings::Recordings;
