//! What a footer says, distrusted before it is followed.
//!
//! The Parquet reader asserts what a good footer promises, and allocates what it announces. So
//! the announcements are compared with the bytes that are there first, and a panic that is left
//! in it becomes a refusal.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::ChunkReader;

use super::{Refused, damaged};

/// More numbers than this in one column of a row group are a damaged footer: two hundred weeks
/// of four a second.
const VALUES_MAX: i64 = 500_000_000;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Reads the footer of a file, and compares it with the file.
///
/// # Errors
///
/// [`Refused::NotParquet`] where there is none, [`Refused::Damaged`] where it contradicts the
/// file or itself.
pub fn footer(file: &impl ChunkReader) -> Result<ArrowReaderMetadata, Refused> {
    // The types of Parquet itself are enough; the Arrow schema beside them is one thing more
    // that can be damaged.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = guarded(|| ArrowReaderMetadata::load(file, options))?
        .map_err(|error| Refused::NotParquet { reason: error.to_string() })?;
    let groups = metadata.metadata().row_groups();
    if groups.iter().any(|group| group.num_rows() < 0) {
        return Err(damaged(&"its footer announces a negative number of records"));
    }
    let mut columns = groups.iter().flat_map(|group| group.columns());
    if !columns.all(|column| lies_within(column, file.len())) {
        return Err(damaged(&"its footer points outside the file"));
    }
    Ok(metadata)
}

fn lies_within(column: &ColumnChunkMetaData, file_bytes: u64) -> bool {
    let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
    let end = start.checked_add(column.compressed_size());
    let file_bytes = i64::try_from(file_bytes).unwrap_or(i64::MAX);
    start >= 0
        && column.data_page_offset() >= 0
        && column.compressed_size() >= 0
        && end.is_some_and(|end| end <= file_bytes)
        && (0..=VALUES_MAX).contains(&column.num_values())
}

/// Does something with bytes that may break an assertion of the Parquet reader; whatever broke
/// must not be used further.
///
/// # Errors
///
/// [`Refused::Damaged`] where it panicked.
pub fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, Refused> {
    IS_GUARDED.set(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    IS_GUARDED.set(false);
    read.map_err(|_| damaged(&"its pages contradict themselves"))
}

/// Whether a panic of this thread, now, would end as a refusal. A panic hook may keep silent
/// about it.
#[must_use]
pub fn is_guarded() -> bool {
    IS_GUARDED.get()
}
