//! Turning a full segment into a sorted Parquet file, away from the writer.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::interleave_record_batch;

use crate::error::StoreError;
use crate::manifest::{FileEntry, Span};
use crate::ranges::{Runs, StoredRun};
use crate::records::{Assessments, Conditions, Findings, Judgements};
use crate::rows::Samples;
use crate::table::{Table, TableName};
use crate::{sealed_file, segment};

/// Items sorted and handed to Parquet at once.
const CHUNK_ITEMS: usize = 4_096;

/// A rotated segment that waits to be sealed. Run it on any thread.
///
/// Dropping it, or an error of [`SealJob::run`], loses nothing: the segment stays readable
/// and the store offers it again later.
#[derive(Debug)]
pub struct SealJob {
    pub(crate) table: TableName,
    pub(crate) segment: u64,
    pub(crate) from: PathBuf,
    pub(crate) good_bytes: u64,
    pub(crate) to: PathBuf,
    /// While it lives the store offers no other job.
    pub(crate) token: Arc<()>,
}

/// A sealed file that the manifest does not name yet; hand it to
/// [`Store::adopt`](crate::Store::adopt).
#[derive(Debug)]
pub struct Sealed {
    pub(crate) table: TableName,
    pub(crate) segment: u64,
    /// `None` where the segment held nothing.
    pub(crate) contents: Option<(FileEntry, Vec<StoredRun>)>,
    /// Bytes of the segment that could not be read.
    pub(crate) bad_bytes: u64,
    /// Held, not read: see [`SealJob::token`].
    pub(crate) _token: Arc<()>,
}

impl Sealed {
    /// Rows in the sealed file: four a block, one a record.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.contents.as_ref().map_or(0, |(entry, _)| entry.rows)
    }

    /// Bytes of the sealed file.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.contents.as_ref().map_or(0, |(entry, _)| entry.bytes)
    }
}

/// Where an item stands in the segment, by what the sealed file is sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place<O> {
    order: O,
    commit: usize,
    row: usize,
}

impl SealJob {
    /// Reads the segment, writes the sealed file, and reads that back.
    ///
    /// Holds the segment and its sort order in memory: about one and a half times the
    /// segment's size. Takes about a second of one core for 64 MiB.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] on a full disk, otherwise what the file system or Parquet said.
    /// A half-written file is removed.
    pub fn run(self) -> Result<Sealed, StoreError> {
        match self.table {
            TableName::Samples => self.run_as::<Samples>(),
            TableName::Findings => self.run_as::<Findings>(),
            TableName::Assessments => self.run_as::<Assessments>(),
            TableName::Conditions => self.run_as::<Conditions>(),
            TableName::Judgements => self.run_as::<Judgements>(),
        }
    }

    fn run_as<T: Table>(self) -> Result<Sealed, StoreError> {
        let (mut places, mut span, mut runs) = (Vec::new(), Span::EMPTY, Runs::default());
        let contents = segment::read::<T>(&self.from, self.good_bytes, |commit, items| {
            for (index, item) in items.iter().enumerate() {
                let (at, received_at) = T::times(item);
                span.include(at, received_at);
                T::note(item, &mut runs);
                let row = index * T::ROWS_PER_ITEM;
                places.push(Place { order: T::order(item), commit, row });
            }
        })?;
        places.sort_unstable();
        let runs = runs.to_list();
        let bad_bytes = contents.bad_bytes_inside + contents.bad_bytes_behind;
        let written = if places.is_empty() {
            None
        } else {
            let rows = (places.len() * T::ROWS_PER_ITEM) as u64;
            let sorted = sorted_rows::<T>(&contents.commits, &places);
            let sorted =
                sorted.map(|rows| rows.map_err(|e| StoreError::arrow("sort", &self.from, e)));
            let about = (span, &runs[..]);
            let entry = sealed_file::write::<T>(&self.to, self.segment, about, sorted, rows)?;
            self.read_back::<T>(&places)?;
            Some((entry, runs))
        };
        let Self { table, segment, token, .. } = self;
        Ok(Sealed { table, segment, contents: written, bad_bytes, _token: token })
    }

    /// Proves, before the segment may be deleted, that the file gives every item back.
    fn read_back<T: Table>(&self, places: &[Place<T::Order>]) -> Result<(), StoreError> {
        let mut expected = places.iter();
        let mut same = true;
        sealed_file::read::<T>(&self.to, |item| {
            same &= expected.next().is_some_and(|place| place.order == T::order(&item));
        })?;
        if !same || expected.next().is_some() {
            let reason = "it does not give back what was put in".to_owned();
            return Err(StoreError::SealedFile { path: self.to.clone(), reason });
        }
        Ok(())
    }
}

fn sorted_rows<'a, T: Table>(
    commits: &'a [RecordBatch],
    places: &'a [Place<T::Order>],
) -> impl Iterator<Item = Result<RecordBatch, arrow::error::ArrowError>> + 'a {
    let commits: Vec<_> = commits.iter().collect();
    places.chunks(CHUNK_ITEMS).map(move |chunk| {
        let rows: Vec<_> = chunk
            .iter()
            .flat_map(|place| (0..T::ROWS_PER_ITEM).map(|row| (place.commit, place.row + row)))
            .collect();
        interleave_record_batch(&commits, &rows)
    })
}
