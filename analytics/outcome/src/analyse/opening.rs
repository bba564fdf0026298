//! Inputs opened: how many recordings each holds, and how to get at them.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use archive::parquet::{Refused as RefusedTable, Rows, Table, footer};
use archive::{csv, wfdb};

use super::failure::Failure;
use super::files::{Input, Kind, Origin};
use super::own_store::StoredStrips;
use super::strip::{SecondChannel, Strip, strips_of};

/// The strips of one recording, or why there are none.
pub(crate) type Read = Result<Vec<Strip>, Failure>;

/// An input, opened.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// What is read already.
    pub(crate) read: Vec<Read>,
    /// What is to be read, in order, after that.
    pub(crate) batches: Vec<Batch>,
    /// Files that are left out, and why.
    pub(crate) left_out: Vec<Failure>,
}

/// Recordings that one reader reads, one after the other.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Their places among those of the input.
    pub(crate) places: Range<usize>,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Group { table: Arc<Table>, group: usize, file: Arc<Path>, second: SecondChannel },
    Rows(Box<OpenGroup>),
    Store { strips: Arc<StoredStrips>, at: usize },
}

/// A row group in the middle of being read.
struct OpenGroup {
    rows: Rows,
    file: Arc<Path>,
    second: SecondChannel,
}

impl std::fmt::Debug for OpenGroup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a row group of {}", self.file.display())
    }
}

/// Opens an input. A file that was found in a folder and holds no heart rate opens as nothing.
///
/// # Errors
///
/// [`Failure`] where it cannot be read, or was given by name and is something else.
pub(crate) fn open(input: &Input, second: SecondChannel) -> Result<Opened, Failure> {
    let file = &input.path;
    match input.kind {
        Kind::Store => Ok(of_store(StoredStrips::of_folder(file)?)),
        Kind::Parquet if is_sealed_file(file) => Ok(of_store(StoredStrips::of_sealed_file(file)?)),
        Kind::Parquet => of_table(input, second),
        Kind::Csv => of_csv(input, second),
        Kind::Wfdb => Ok(Opened { read: vec![read_wfdb(file, second)], ..Opened::default() }),
    }
}

fn of_store(strips: StoredStrips) -> Opened {
    let left_out = strips.damaged().to_vec();
    let strips = Arc::new(strips);
    let batch = |at| {
        let strips = Arc::clone(&strips);
        Batch { places: at..at + 1, source: Source::Store { strips, at } }
    };
    let batches = (0..strips.len()).map(batch).collect();
    Opened { batches, left_out, ..Opened::default() }
}

/// Whether a Parquet file is one that our store sealed; a damaged one is not.
fn is_sealed_file(path: &Path) -> bool {
    let metadata = File::open(path).ok().and_then(|file| footer(&file).ok());
    metadata.is_some_and(|it| it.schema().column_with_name("fhr1_quarters").is_some())
}

fn of_table(input: &Input, second: SecondChannel) -> Result<Opened, Failure> {
    let file = &input.path;
    let table = match Table::open(bytes(file)?.into()) {
        Ok(table) => Arc::new(table),
        Err(refused) => {
            let is_other = matches!(
                refused,
                RefusedTable::MissingColumn { .. } | RefusedTable::ColumnType { .. }
            );
            return nothing_or(is_other, input, &refused);
        }
    };
    let mut batches = Vec::new();
    let mut start = 0;
    for (group, rows) in table.groups().enumerate() {
        let source =
            Source::Group { table: Arc::clone(&table), group, file: Arc::clone(file), second };
        batches.push(Batch { places: start..start + rows, source });
        start += rows;
    }
    Ok(Opened { batches, ..Opened::default() })
}

fn of_csv(input: &Input, second: SecondChannel) -> Result<Opened, Failure> {
    let file = &input.path;
    let name = stem(file);
    match csv::read(&name, &bytes(file)?) {
        Ok(recordings) => {
            let read = recordings.iter().map(|it| Ok(strips_of(it, file, second))).collect();
            Ok(Opened { read, ..Opened::default() })
        }
        Err(refused) => {
            let is_other = matches!(refused, csv::Refused::NoFetalRate { .. });
            nothing_or(is_other, input, &refused)
        }
    }
}

fn nothing_or(
    is_other: bool,
    input: &Input,
    refused: &impl std::fmt::Display,
) -> Result<Opened, Failure> {
    if is_other && input.origin == Origin::Found {
        return Ok(Opened::default());
    }
    Err(Failure::of_file(&input.path, refused))
}

fn read_wfdb(header: &Arc<Path>, second: SecondChannel) -> Read {
    let refused = |reason: &dyn std::fmt::Display| Failure::of_file(header, reason);
    let text = String::from_utf8_lossy(&bytes(header)?).into_owned();
    let record =
        wfdb::Record::parse(&text).map_err(|reason| refused(&wfdb::Refused::Header(reason)))?;
    let beside = |name: &str| bytes(&header.with_file_name(name));
    let contents = record.files().map(beside).collect::<Result<Vec<_>, _>>()?;
    let recording = record.read(&stem(header), &contents).map_err(|reason| refused(&reason))?;
    Ok(strips_of(&recording, header, second))
}

fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(file).map_err(|error| Failure::of_file(file, &format!("cannot be read: {error}")))
}

/// The name of a recording that is a file of its own.
fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

impl Batch {
    /// Reads some of the recordings: as many as are decoded at once. What remains to be read
    /// comes back as the second; every place is read in the end.
    pub(crate) fn read(self) -> (VecDeque<(usize, Read)>, Option<Self>) {
        let mut places = self.places;
        match self.source {
            Source::Store { strips, at } => {
                (places.zip(std::iter::once(strips.read(at))).collect(), None)
            }
            Source::Group { table, group, file, second } => match table.rows(group) {
                Ok(rows) => {
                    let source = Source::Rows(Box::new(OpenGroup { rows, file, second }));
                    Self { places, source }.read()
                }
                Err(refused) => (lost(places, &file, &refused), None),
            },
            Source::Rows(mut group) => {
                let read = group.read_decoded(&mut places);
                let rest = Self { places, source: Source::Rows(group) };
                (read, Some(rest).filter(|rest| !rest.places.is_empty()))
            }
        }
    }
}

impl OpenGroup {
    /// Reads as many recordings as are decoded at once, into places that are taken from the
    /// front. All places are taken when no more can come.
    fn read_decoded(&mut self, places: &mut Range<usize>) -> VecDeque<(usize, Read)> {
        let mut read = VecDeque::new();
        while let Some(place) = places.next() {
            match self.rows.next() {
                Some(Ok(recording)) => {
                    read.push_back((place, Ok(strips_of(&recording, &self.file, self.second))));
                }
                Some(Err(refused)) if self.rows.has_ended() => {
                    read.extend(lost(place..places.end, &self.file, &refused));
                    places.start = places.end;
                }
                Some(Err(refused)) => {
                    read.push_back((place, Err(Failure::of_file(&self.file, &refused))));
                }
                None => {
                    let reason = "holds fewer records than its footer announces";
                    read.extend(lost(place..places.end, &self.file, reason));
                    places.start = places.end;
                }
            }
            if self.rows.ready() == 0 {
                break;
            }
        }
        read
    }
}

/// Places that cannot be read: the first says why, for all of them.
fn lost(
    places: Range<usize>,
    file: &Path,
    reason: &(impl std::fmt::Display + ?Sized),
) -> VecDeque<(usize, Read)> {
    let count = places.len();
    let failure = match count {
        1 => Failure::of_file(file, reason),
        _ => Failure::of_file(file, &format!("{reason} ({count} of its records are lost)")),
    };
    let first = std::iter::once(Err(failure));
    places.zip(first.chain(std::iter::repeat_with(|| Ok(Vec::new())))).collect()
}
