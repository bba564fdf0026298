//! Turning a full segment into a sorted Parquet file, away from the writer.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::interleave_record_batch;
use vitals::{BridgeId, DeviceId};

use crate::error::StoreError;
use crate::manifest::{FileEntry, Span};
use crate::ranges::{Runs, StoredRun};
use crate::rows::StoredBlock;
use crate::schema::ROWS_PER_BLOCK;
use crate::{sealed_file, segment};

/// Blocks sorted and handed to Parquet at once.
const CHUNK_BLOCKS: usize = 4_096;

/// A rotated segment that waits to be sealed. Run it on any thread.
///
/// Dropping it, or an error of [`SealJob::run`], loses nothing: the segment stays readable
/// and the store offers it again later.
#[derive(Debug)]
pub struct SealJob {
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
    pub(crate) segment: u64,
    /// `None` where the segment held no block.
    pub(crate) contents: Option<(FileEntry, Vec<StoredRun>)>,
    /// Bytes of the segment that could not be read.
    pub(crate) bad_bytes: u64,
    /// Held, not read: see [`SealJob::token`].
    pub(crate) _token: Arc<()>,
}

impl Sealed {
    /// Blocks in the sealed file.
    #[must_use]
    pub fn blocks(&self) -> u64 {
        self.contents.as_ref().map_or(0, |(entry, _)| entry.rows / ROWS_PER_BLOCK as u64)
    }

    /// Bytes of the sealed file.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.contents.as_ref().map_or(0, |(entry, _)| entry.bytes)
    }
}

/// Where a block stands in the segment, by what the sealed file is sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    bridge: BridgeId,
    device: DeviceId,
    epoch: u64,
    seq: u64,
    commit: usize,
    row: usize,
}

impl Place {
    fn of(stored: &StoredBlock, commit: usize, row: usize) -> Self {
        let StoredBlock { bridge, block, .. } = *stored;
        Self { bridge, device: block.device, epoch: block.epoch, seq: block.seq, commit, row }
    }
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
        let (mut places, mut span, mut runs) = (Vec::new(), Span::EMPTY, Runs::default());
        let contents = segment::read(&self.from, self.good_bytes, |commit, blocks| {
            for (index, stored) in blocks.iter().enumerate() {
                span.include(stored.block.at, stored.received_at);
                runs.insert_block(stored);
                places.push(Place::of(stored, commit, index * ROWS_PER_BLOCK));
            }
        })?;
        places.sort_unstable();
        let runs = runs.to_list();
        let bad_bytes = contents.bad_bytes_inside + contents.bad_bytes_behind;
        let written = if places.is_empty() {
            None
        } else {
            let rows = (places.len() * ROWS_PER_BLOCK) as u64;
            let sorted = sorted_rows(&contents.commits, &places);
            let sorted =
                sorted.map(|rows| rows.map_err(|e| StoreError::arrow("sort", &self.from, e)));
            let entry = sealed_file::write(&self.to, self.segment, (span, &runs), sorted, rows)?;
            self.read_back(&places)?;
            Some((entry, runs))
        };
        Ok(Sealed { segment: self.segment, contents: written, bad_bytes, _token: self.token })
    }

    /// Proves, before the segment may be deleted, that the file gives every block back.
    fn read_back(&self, places: &[Place]) -> Result<(), StoreError> {
        let mut expected = places.iter();
        let mut same = true;
        sealed_file::read(&self.to, |stored| {
            let block = &stored.block;
            same &= expected.next().is_some_and(|place| {
                (place.bridge, place.device, place.epoch, place.seq)
                    == (stored.bridge, block.device, block.epoch, block.seq)
            });
        })?;
        if !same || expected.next().is_some() {
            let reason = "it does not give back the blocks that were put in".to_owned();
            return Err(StoreError::SealedFile { path: self.to.clone(), reason });
        }
        Ok(())
    }
}

fn sorted_rows<'a>(
    commits: &'a [RecordBatch],
    places: &'a [Place],
) -> impl Iterator<Item = Result<RecordBatch, arrow::error::ArrowError>> + 'a {
    let commits: Vec<_> = commits.iter().collect();
    places.chunks(CHUNK_BLOCKS).map(move |chunk| {
        let rows: Vec<_> = chunk
            .iter()
            .flat_map(|place| (0..ROWS_PER_BLOCK).map(|tick| (place.commit, place.row + tick)))
            .collect();
        interleave_record_batch(&commits, &rows)
    })
}
