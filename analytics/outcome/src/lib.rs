//! SQL over hot and sealed recordings.
//!
//! In: a store's folder and a question in SQL. Out: rows, as a table for people, or as CSV,
//! JSON lines or Parquet for programs. Never: writing to the store, locks, or a value that
//! was not measured; an absent sample is NULL, with its reason beside it.
//!
//! Start at [`Recordings`]; [`tables`] says what can be asked.

mod error;
pub mod output;
mod recordings;
pub mod tables;
mod text_table;

pub use error::OutcomeError;
pub use output::{Destination, Format};
pub use recordings::Recordings;
