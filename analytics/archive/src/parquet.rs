//! Recordings in a Parquet table: one row a record, one list column a channel.
//!
//! ```text
//! column             type             meaning
//! record_id          string           its name
//! fhr_q or fhr1_q    list of uint16   first fetal channel, quarters of a bpm, 0 no signal
//! fhr2_q             list of uint16   second fetal channel, where there is one
//! mhr_q              list of uint16   mother, where recorded
//! uc_h or toco_h     list of uint8    uterine activity, half units, where recorded
//! sensor             string           "scalp" for a fetal ECG electrode, where stated
//! ```
//!
//! Sample *k* of each list is at *k*/4 seconds. Lists of other whole numbers are accepted as
//! long as every number fits; a missing number is an absence. Columns of other names are not
//! read. A rate that is 0 from end to end was not recorded.

mod columns;
mod footer;
mod rows;

pub use footer::{footer, guarded, is_guarded};
pub use rows::Rows;

use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};

use crate::recording::{Recording, UnequalLength};
use columns::Columns;

/// Rows decoded at once: some megabytes where each is an hour.
const BATCH_ROWS: usize = 16;
/// More records than this in one file are a damaged footer.
const RECORDS_MAX: usize = 1_000_000;

/// A table of recordings, opened: its footer is read, its records are not.
#[derive(Clone, Debug)]
pub struct Table {
    bytes: Bytes,
    metadata: ArrowReaderMetadata,
    columns: Columns,
}

/// Why a table or a record of it is refused. The message follows the name of the file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// It is something else, or damaged.
    #[error("is not a Parquet file: {reason}; copy or download it again, or give another file")]
    NotParquet {
        /// What the reader found.
        reason: String,
    },
    /// A Parquet file of another layout.
    #[error(
        "has no column {wanted}; its columns are {found}; a table of recordings has record_id, \
         fhr_q or fhr1_q, and uc_h or toco_h"
    )]
    MissingColumn {
        /// The column that is needed.
        wanted: &'static str,
        /// The columns that are there.
        found: String,
    },
    /// A column of the right name with other contents.
    #[error("is not a table of recordings: column {column} is {found}; expected {wanted}")]
    ColumnType {
        /// The column.
        column: &'static str,
        /// What it should hold.
        wanted: &'static str,
        /// What it holds.
        found: String,
    },
    /// A table without rows.
    #[error("holds no record in its table; give the file in which the recordings lie")]
    Empty,
    /// Some pages are damaged.
    #[error("cannot be read further: {reason}; copy or download it again")]
    Damaged {
        /// What the reader found.
        reason: String,
    },
    /// Two channels of one recording end at different times.
    #[error("holds record \"{record}\" with {lengths}; it is damaged")]
    UnequalLength {
        /// The record.
        record: String,
        /// The two lengths.
        lengths: UnequalLength,
    },
    /// A value that no monitor can send.
    #[error(
        "holds {value} at sample {sample} of {channel} in record \"{record}\"; a monitor can \
         send {sendable}"
    )]
    NotSendable {
        /// The record.
        record: String,
        /// The column.
        channel: &'static str,
        /// Samples before it.
        sample: usize,
        /// The value, in the unit of the column.
        value: i64,
        /// What could be sent.
        sendable: &'static str,
    },
}

impl Table {
    /// Reads the footer of a file.
    ///
    /// # Errors
    ///
    /// [`Refused`] where it is not Parquet, holds no record, or is a table of something else.
    pub fn open(bytes: Bytes) -> Result<Self, Refused> {
        let metadata = footer(&bytes)?;
        let columns = Columns::of(metadata.schema())?;
        let table = Self { bytes, metadata, columns };
        let records = table.groups().try_fold(0_usize, |sum, rows| sum.checked_add(rows));
        match records {
            Some(0) => Err(Refused::Empty),
            Some(1..=RECORDS_MAX) => Ok(table),
            _ => Err(damaged(&"its footer announces more records than a file can hold")),
        }
    }

    /// How many records each row group holds, in the order of the file.
    pub fn groups(&self) -> impl Iterator<Item = usize> {
        let groups = self.metadata.metadata().row_groups().iter();
        groups.map(|group| {
            usize::try_from(group.num_rows()).expect("a negative number has been refused")
        })
    }

    /// The records of one row group, decoded as they are asked for.
    ///
    /// # Errors
    ///
    /// [`Refused::Damaged`] where the group cannot be read.
    pub fn rows(&self, group: usize) -> Result<Rows, Refused> {
        let rows = self.reader(self.columns.names(), group, 0, usize::MAX)?;
        Ok(Rows::new(rows, self.columns))
    }

    /// The name of every record, in the order of the file.
    ///
    /// # Errors
    ///
    /// [`Refused`] where the column of names is damaged or holds something else.
    pub fn names(&self) -> Result<Vec<String>, Refused> {
        let mut names = Vec::new();
        for group in 0..self.metadata.metadata().num_row_groups() {
            let mut reader = self.reader([columns::RECORD_ID], group, 0, usize::MAX)?;
            while let Some(batch) = rows::next_batch(&mut reader)? {
                names.extend(columns::names(&batch)?);
            }
        }
        Ok(names)
    }

    /// Reads the record at this place of [`Table::names`], and no other; `None` beyond the last.
    ///
    /// # Errors
    ///
    /// [`Refused`] where its row is damaged or holds a value beyond the wire.
    pub fn record(&self, place: usize) -> Result<Option<Recording>, Refused> {
        let (mut group, mut row) = (0, place);
        for rows in self.groups() {
            if row < rows {
                let reader = self.reader(self.columns.names(), group, row, 1)?;
                return Rows::new(reader, self.columns).next().transpose();
            }
            row -= rows;
            group += 1;
        }
        Ok(None)
    }

    fn reader<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
        group: usize,
        offset: usize,
        limit: usize,
    ) -> Result<ParquetRecordBatchReader, Refused> {
        let mask = ProjectionMask::columns(self.metadata.parquet_schema(), names);
        let (bytes, metadata) = (self.bytes.clone(), self.metadata.clone());
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, metadata)
            .with_projection(mask)
            .with_row_groups(vec![group])
            .with_batch_size(BATCH_ROWS)
            .with_offset(offset)
            .with_limit(limit);
        guarded(|| builder.build())?.map_err(|error| damaged(&error))
    }
}

fn damaged(reason: &dyn std::fmt::Display) -> Refused {
    Refused::Damaged { reason: reason.to_string() }
}
