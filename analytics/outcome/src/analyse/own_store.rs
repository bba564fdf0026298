//! Our own store: one row a tick, the rows of many strips side by side.
//!
//! A strip is one episode on one device. Its rows lie in several sealed files and hot commits;
//! a first pass over the names finds where, and a second reads each strip alone, so that no
//! more than one strip for each job is in memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use archive::parquet::{footer, guarded};
use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection,
};
use datafusion::parquet::errors::ParquetError;
use store::{Snapshot, StoredBlock, blocks_from_rows};
use vitals::WallTime;

use super::failure::Failure;
use super::placing::{self, Order, Origin};
use super::strip::Strip;

/// The columns that name a strip.
const NAMES: [&str; 3] = ["bridge", "device", "episode"];
/// Rows read at once; a whole number of blocks.
const READ_ROWS: usize = 8_192;

/// The strips of a store, found and not yet read.
#[derive(Debug)]
pub(crate) struct StoredStrips {
    /// What was given: a folder or a sealed file.
    given: Arc<Path>,
    parts: Vec<Part>,
    strips: Vec<(Name, Vec<Piece>)>,
    damaged: Vec<Failure>,
}

/// Rows of many strips.
#[derive(Debug)]
enum Part {
    Sealed { path: PathBuf, metadata: ArrowReaderMetadata },
    Hot(RecordBatch),
}

/// Some rows of one strip, in one part.
#[derive(Clone, Debug)]
struct Piece {
    part: usize,
    rows: Range<usize>,
}

/// What names a strip.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    pub(crate) bridge: String,
    pub(crate) device: String,
    pub(crate) episode: Vec<u8>,
}

impl StoredStrips {
    /// Finds the strips of the store in a folder, also while a server writes there.
    ///
    /// # Errors
    ///
    /// [`Failure`] where there is no store or it cannot be read. Damaged files are no error:
    /// see [`StoredStrips::damaged`].
    pub(crate) fn of_folder(folder: &Arc<Path>) -> Result<Self, Failure> {
        Self::of_folder_within(folder, None)
    }

    /// Finds the strips of the store in a folder that have something between two moments, and
    /// perhaps others: sealed files that hold nothing of that time are not opened.
    ///
    /// # Errors
    ///
    /// As [`StoredStrips::of_folder`].
    pub(crate) fn of_folder_within(
        folder: &Arc<Path>,
        within: Option<(WallTime, WallTime)>,
    ) -> Result<Self, Failure> {
        let snapshot = Snapshot::open(folder)
            .map_err(|error| Failure::of_file(folder, &format!("cannot be read: {error}")))?;
        let mut found = Self::empty(folder);
        let left_out = |damaged: store::Damaged| {
            Failure::of_file(&damaged.path, &format!("is left out: {}", damaged.reason))
        };
        found.damaged = snapshot.damaged.into_iter().map(left_out).collect();
        let mut strips = BTreeMap::new();
        let touches = |file: &store::SealedFile| {
            within.is_none_or(|(from, to)| from <= file.last_at && file.first_at <= to)
        };
        for sealed in snapshot.sealed.into_iter().filter(touches) {
            let searched =
                open_sealed(&sealed.path).and_then(|part| found.search(part, &mut strips));
            if let Err(reason) = searched {
                found.damaged.push(Failure::of_file(&sealed.path, &reason));
            }
        }
        for hot in snapshot.hot {
            found
                .search(Part::Hot(hot), &mut strips)
                .map_err(|reason| Failure::of_file(folder, &reason))?;
        }
        found.strips = strips.into_iter().collect();
        Ok(found)
    }

    /// Finds the strips of one sealed file.
    ///
    /// # Errors
    ///
    /// [`Failure`] where it cannot be read.
    pub(crate) fn of_sealed_file(file: &Arc<Path>) -> Result<Self, Failure> {
        let mut found = Self::empty(file);
        let mut strips = BTreeMap::new();
        open_sealed(file)
            .and_then(|part| found.search(part, &mut strips))
            .map_err(|reason| Failure::of_file(file, &reason))?;
        found.strips = strips.into_iter().collect();
        Ok(found)
    }

    fn empty(given: &Arc<Path>) -> Self {
        let given = Arc::clone(given);
        Self { given, parts: Vec::new(), strips: Vec::new(), damaged: Vec::new() }
    }

    /// Files that are left out, and why.
    pub(crate) fn damaged(&self) -> &[Failure] {
        &self.damaged
    }

    /// How many strips there are.
    pub(crate) fn len(&self) -> usize {
        self.strips.len()
    }

    /// Reads one strip: one for each fetus that was listened to.
    ///
    /// # Errors
    ///
    /// [`Failure`] where its rows are damaged, or it lasts longer than a strip can.
    pub(crate) fn read(&self, at: usize) -> Result<Vec<Strip>, Failure> {
        let Some((name, _)) = self.strips.get(at) else { return Ok(Vec::new()) };
        let mut blocks = self.blocks(at)?;
        let order = Order::of(&mut blocks);
        let file = Arc::clone(&self.given);
        let origin = Origin { file, name: name.text(), label: name.redacted() };
        placing::strips(&order, &origin).map_err(|reason| self.failure(&self.given, name, &reason))
    }

    /// The names of all strips, each with its place.
    pub(crate) fn names(&self) -> impl Iterator<Item = (usize, &Name)> {
        self.strips.iter().enumerate().map(|(at, (name, _))| (at, name))
    }

    /// The blocks of one strip.
    ///
    /// # Errors
    ///
    /// [`Failure`] where its rows are damaged.
    pub(crate) fn blocks(&self, at: usize) -> Result<Vec<StoredBlock>, Failure> {
        let Some((name, pieces)) = self.strips.get(at) else { return Ok(Vec::new()) };
        let mut blocks = Vec::new();
        for group in pieces.chunk_by(|one, next| one.part == next.part) {
            let Some(part) = group.first().and_then(|piece| self.parts.get(piece.part)) else {
                continue;
            };
            let ranges: Vec<_> = group.iter().map(|piece| piece.rows.clone()).collect();
            let file = match part {
                Part::Sealed { path, .. } => path,
                Part::Hot(_) => &*self.given,
            };
            part.read(&ranges, &mut blocks).map_err(|reason| self.failure(file, name, &reason))?;
        }
        Ok(blocks)
    }

    fn failure(&self, file: &Path, name: &Name, reason: &str) -> Failure {
        Failure::of_file(file, &format!("holds {}, which {reason}", name.redacted()))
    }

    /// Notes where the rows of each strip lie in a part.
    fn search(
        &mut self,
        part: Part,
        strips: &mut BTreeMap<Name, Vec<Piece>>,
    ) -> Result<(), String> {
        let at = self.parts.len();
        let mut row = 0;
        part.for_each_batch(|batch| {
            for (name, rows) in runs(batch)? {
                let rows = row + rows.start..row + rows.end;
                let pieces = strips.entry(name).or_default();
                match pieces.last_mut() {
                    Some(last) if last.part == at && last.rows.end == rows.start => {
                        last.rows.end = rows.end;
                    }
                    _ => pieces.push(Piece { part: at, rows }),
                }
            }
            row += batch.num_rows();
            Ok(())
        })?;
        self.parts.push(part);
        Ok(())
    }
}

impl Name {
    fn text(&self) -> String {
        format!("{}/{}/{}", self.bridge, self.device, self.digits())
    }

    /// The episode in hexadecimal digits.
    pub(crate) fn digits(&self) -> String {
        self.episode.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// As a message may show it: who she is does not reach a log.
    pub(crate) fn redacted(&self) -> String {
        let end = self.episode.len().saturating_sub(2);
        let digits: String = self.episode[end..].iter().map(|it| format!("{it:02x}")).collect();
        format!("{}/{}, episode …{digits}", self.bridge, self.device)
    }
}

impl Part {
    /// Hands out the names of all rows.
    fn for_each_batch(
        &self,
        mut each: impl FnMut(&RecordBatch) -> Result<(), String>,
    ) -> Result<(), String> {
        match self {
            Self::Hot(batch) => each(batch),
            Self::Sealed { path, metadata } => {
                let mask = ProjectionMask::columns(metadata.parquet_schema(), NAMES);
                let builder = builder(path, metadata)?;
                batches(|| builder.with_projection(mask).build(), &mut each)
            }
        }
    }

    /// Reads the blocks of some rows, each proven by the checksum that its bridge computed.
    fn read(&self, ranges: &[Range<usize>], blocks: &mut Vec<StoredBlock>) -> Result<(), String> {
        let mut take = |batch: &RecordBatch| {
            blocks.extend(blocks_from_rows(batch).map_err(|error| damaged(&error))?);
            Ok::<_, String>(())
        };
        match self {
            Self::Hot(batch) => {
                ranges.iter().try_for_each(|rows| take(&batch.slice(rows.start, rows.len())))
            }
            Self::Sealed { path, metadata } => {
                let rows = metadata.metadata().file_metadata().num_rows();
                let rows = usize::try_from(rows).map_err(|error| damaged(&error))?;
                let chosen = || RowSelection::from_consecutive_ranges(ranges.iter().cloned(), rows);
                let builder = builder(path, metadata)?;
                batches(|| builder.with_row_selection(chosen()).build(), &mut take)
            }
        }
    }
}

/// Hands out the batches of a reader, which may be led astray by damaged pages.
fn batches(
    build: impl FnOnce() -> Result<ParquetRecordBatchReader, ParquetError>,
    mut each: impl FnMut(&RecordBatch) -> Result<(), String>,
) -> Result<(), String> {
    let built = guarded(build).map_err(|refused| refused.to_string())?;
    let mut reader = built.map_err(|error| damaged(&error))?;
    let next = |reader: &mut ParquetRecordBatchReader| guarded(|| reader.next());
    while let Some(batch) = next(&mut reader).map_err(|refused| refused.to_string())? {
        each(&batch.map_err(|error| damaged(&error))?)?;
    }
    Ok(())
}

/// Runs of rows of one strip.
fn runs(batch: &RecordBatch) -> Result<Vec<(Name, Range<usize>)>, String> {
    let column = |name: &str| {
        batch.column_by_name(name).ok_or_else(|| format!("has no column {name}; it is damaged"))
    };
    let [bridge, device, episode] = NAMES.map(column);
    let (bridge, device, episode) = (bridge?, device?, episode?);
    let (Some(bridges), Some(devices), Some(episodes)) = (
        bridge.as_string_opt::<i32>(),
        device.as_string_opt::<i32>(),
        episode.as_fixed_size_binary_opt(),
    ) else {
        return Err("has columns of other types than our store writes".to_owned());
    };
    let at = |row| (bridges.value(row), devices.value(row), episodes.value(row));
    let mut runs = Vec::new();
    let mut start = 0;
    for row in 1..=batch.num_rows() {
        if row == batch.num_rows() || at(row) != at(start) {
            let (bridge, device, episode) = at(start);
            let name = Name {
                bridge: bridge.to_owned(),
                device: device.to_owned(),
                episode: episode.to_owned(),
            };
            runs.push((name, start..row));
            start = row;
        }
    }
    Ok(runs)
}

fn open_sealed(path: &Path) -> Result<Part, String> {
    let file = open(path)?;
    let metadata = footer(&file).map_err(|refused| refused.to_string())?;
    Ok(Part::Sealed { path: path.to_owned(), metadata })
}

fn builder(
    path: &Path,
    metadata: &ArrowReaderMetadata,
) -> Result<ParquetRecordBatchReaderBuilder<File>, String> {
    // Each reader opens the file anew: clones of a handle would share their place in it.
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(open(path)?, metadata.clone());
    Ok(builder.with_batch_size(READ_ROWS))
}

fn open(path: &Path) -> Result<File, String> {
    File::open(path).map_err(|error| format!("cannot be read: {error}"))
}

fn damaged(reason: &dyn std::fmt::Display) -> String {
    format!("cannot be read further: {reason}")
}
