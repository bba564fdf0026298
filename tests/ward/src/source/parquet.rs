//! Recordings in a Parquet table: one row a record, one list column a channel.
//!
//! ```text
//! column             type             meaning
//! record_id          string           its name
//! fhr_q or fhr1_q    list of uint16   first fetus, quarters of a bpm, 0 no signal
//! fhr2_q             list of uint16   second channel, where there is one
//! mhr_q              list of uint16   mother, where recorded
//! uc_h or toco_h     list of uint8    uterine activity, half units
//! sensor             string           "scalp" for a fetal ECG electrode, where stated
//! ```
//!
//! Sample *k* of each list is at *k*/4 seconds. Only the row that is asked for is read.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{ArrowPrimitiveType, UInt8Type, UInt16Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use vitals::{Absence, ActivityTransducer, HeartTransducer, Movement, Reading, Transducers};

use super::recording::{activity, place, rate};
use super::{AtEnd, PARQUET_FILE, Recording, RecordingError, Tick};

/// A file of recordings, opened: its list of records is read, the records are not.
#[derive(Debug)]
pub struct ParquetRecordings {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    columns: Columns,
    ids: Vec<String>,
}

/// The names under which this file keeps the channels.
#[derive(Clone, Copy, Debug)]
struct Columns {
    fhr1: &'static str,
    fhr2: Option<&'static str>,
    mhr: Option<&'static str>,
    ua: &'static str,
    sensor: Option<&'static str>,
}

/// One row, in the steps of the wire; `None` for a channel that was not recorded.
struct Channels {
    fhr1: Vec<u16>,
    fhr2: Option<Vec<u16>>,
    mhr: Option<Vec<u16>>,
    ua: Vec<u8>,
}

impl ParquetRecordings {
    /// Opens a file, or the `signals.parquet` of a folder.
    ///
    /// # Errors
    ///
    /// [`RecordingError`] where there is no such file, it is not Parquet, or it is a table of
    /// something else.
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let path = table_path(path)?;
        let file = open_file(&path)?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
            .map_err(|error| not_parquet(&path, &error))?;
        let columns = Columns::of(&metadata, &path)?;
        let mut recordings = Self { path, metadata, columns, ids: Vec::new() };
        recordings.ids = recordings.read_ids(file)?;
        Ok(recordings)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name of every record, in the order of the file.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Reads one record.
    ///
    /// # Errors
    ///
    /// [`RecordingError`] where there is no such record, or its row is damaged or holds a
    /// value beyond the wire.
    pub fn read(&self, id: &str, at_end: AtEnd) -> Result<Recording, RecordingError> {
        let row = self.read_row(place(&self.ids, id, &self.path)?)?;
        let columns = self.columns;
        let channels = Channels {
            fhr1: self.list::<UInt16Type>(&row, columns.fhr1, "a list of uint16")?,
            fhr2: self.optional_rates(&row, columns.fhr2)?,
            mhr: self.optional_rates(&row, columns.mhr)?,
            ua: self.list::<UInt8Type>(&row, columns.ua, "a list of uint8")?,
        };
        let ticks = self.ticks(id, &channels)?;
        let transducers = channels.transducers(self.fetal_transducer(&row)?);
        Ok(Recording::new(id, ticks, transducers, at_end))
    }

    fn ticks(&self, id: &str, channels: &Channels) -> Result<Vec<Tick>, RecordingError> {
        let columns = self.columns;
        let Channels { fhr1, fhr2, mhr, ua } = channels;
        let optional = [fhr2, mhr].into_iter().flatten().map(Vec::len);
        if let Some(other) = optional.chain([ua.len()]).find(|&other| other != fhr1.len()) {
            let (path, id, first) = (self.path.clone(), id.to_owned(), fhr1.len());
            return Err(RecordingError::UnequalLength { path, id, first, other });
        }
        let reading = |name: &str, values: &[u16], k: usize| {
            rate(values[k]).ok_or_else(|| self.not_sendable(id, name, k, values[k]))
        };
        let optional = |name: Option<&str>, values: &Option<Vec<u16>>, k: usize| match values {
            Some(values) => reading(name.unwrap_or_default(), values, k),
            None => Ok(Reading::Absent(Absence::NoTransducer)),
        };
        (0..fhr1.len())
            .map(|k| {
                Ok(Tick {
                    fhr1: reading(columns.fhr1, fhr1, k)?,
                    fhr2: optional(columns.fhr2, fhr2, k)?,
                    mhr: optional(columns.mhr, mhr, k)?,
                    ua: activity(ua[k]),
                    movement: Movement::NONE,
                })
            })
            .collect()
    }

    fn read_ids(&self, file: File) -> Result<Vec<String>, RecordingError> {
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mask = ProjectionMask::columns(self.metadata.parquet_schema(), [RECORD_ID]);
        let rows = builder
            .with_projection(mask)
            .build()
            .map_err(|error| not_parquet(&self.path, &error))?;
        let mut ids = Vec::new();
        for batch in rows {
            let batch = batch.map_err(|error| not_parquet(&self.path, &error))?;
            let column = self.column(&batch, RECORD_ID)?;
            let names = column
                .as_string_opt::<i32>()
                .ok_or_else(|| self.column_type(RECORD_ID, "a string", column))?;
            ids.extend(names.iter().map(|name| name.unwrap_or_default().to_owned()));
        }
        if ids.is_empty() {
            let path = self.path.clone();
            return Err(RecordingError::EmptyFolder { path, wanted: "record in its table" });
        }
        Ok(ids)
    }

    /// The row at this place, and no other.
    fn read_row(&self, place: usize) -> Result<RecordBatch, RecordingError> {
        let (mut group, mut row) = (0, place);
        for rows in self.metadata.metadata().row_groups().iter().map(|it| it.num_rows() as usize) {
            if row < rows {
                break;
            }
            row -= rows;
            group += 1;
        }
        let file = open_file(&self.path)?;
        let mask = ProjectionMask::columns(self.metadata.parquet_schema(), self.columns.names());
        ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_projection(mask)
            .with_row_groups(vec![group])
            .with_offset(row)
            .with_limit(1)
            .build()
            .map_err(|error| not_parquet(&self.path, &error))?
            .next()
            .ok_or_else(|| not_parquet(&self.path, &"a row that its index names is missing"))?
            .map_err(|error| not_parquet(&self.path, &error))
    }

    /// A channel that may be missing; one that is 0 from end to end was not recorded.
    fn optional_rates(
        &self,
        row: &RecordBatch,
        name: Option<&str>,
    ) -> Result<Option<Vec<u16>>, RecordingError> {
        let Some(name) = name else { return Ok(None) };
        let values = self.list::<UInt16Type>(row, name, "a list of uint16")?;
        Ok(Some(values).filter(|values| values.iter().any(|&value| value != 0)))
    }

    fn list<T: ArrowPrimitiveType>(
        &self,
        row: &RecordBatch,
        name: &str,
        wanted: &'static str,
    ) -> Result<Vec<T::Native>, RecordingError> {
        let column = self.column(row, name)?;
        let list = column.as_list_opt::<i32>().map(|lists| lists.value(0));
        list.as_ref()
            .and_then(|list| list.as_primitive_opt::<T>())
            .filter(|values| values.null_count() == 0)
            .map(|values| values.values().to_vec())
            .ok_or_else(|| self.column_type(name, wanted, column))
    }

    fn fetal_transducer(&self, row: &RecordBatch) -> Result<HeartTransducer, RecordingError> {
        let Some(name) = self.columns.sensor else { return Ok(HeartTransducer::Ultrasound) };
        let column = self.column(row, name)?;
        let sensor = column
            .as_string_opt::<i32>()
            .ok_or_else(|| self.column_type(name, "a string", column))?;
        Ok(match sensor.value(0) {
            "scalp" => HeartTransducer::DirectEcg,
            _ => HeartTransducer::Ultrasound,
        })
    }

    fn column<'a>(
        &self,
        batch: &'a RecordBatch,
        name: &str,
    ) -> Result<&'a ArrayRef, RecordingError> {
        batch
            .column_by_name(name)
            .ok_or_else(|| not_parquet(&self.path, &format!("column {name} cannot be read")))
    }

    fn column_type(&self, name: &str, wanted: &'static str, found: &ArrayRef) -> RecordingError {
        let found = match found.null_count() {
            0 => format!("{}", found.data_type()),
            missing => format!("{} with {missing} missing values", found.data_type()),
        };
        let (path, column) = (self.path.clone(), name.to_owned());
        RecordingError::ColumnType { path, column, wanted, found }
    }

    fn not_sendable(&self, id: &str, channel: &str, sample: usize, value: u16) -> RecordingError {
        RecordingError::NotSendable {
            path: self.path.clone(),
            id: id.to_owned(),
            channel: channel.to_owned(),
            sample,
            value: f64::from(value),
            sendable: "0 to 2047 quarters of a bpm",
        }
    }
}

impl Channels {
    /// `fetal` listened to whichever fetal channel was recorded.
    fn transducers(&self, fetal: HeartTransducer) -> Transducers {
        let recorded = |channel: &Option<_>, transducer| match channel {
            Some(_) => transducer,
            None => HeartTransducer::None,
        };
        Transducers {
            fhr1: fetal,
            fhr2: recorded(&self.fhr2, fetal),
            mhr: recorded(&self.mhr, HeartTransducer::External),
            ua: ActivityTransducer::External,
        }
    }
}

impl Columns {
    fn of(metadata: &ArrowReaderMetadata, path: &Path) -> Result<Self, RecordingError> {
        let found: Vec<&str> =
            metadata.schema().fields().iter().map(|field| field.name().as_str()).collect();
        let one_of = |names: [&'static str; 2]| names.into_iter().find(|it| found.contains(it));
        let needed = |column: Option<&'static str>, wanted: &'static str| {
            column.ok_or_else(|| RecordingError::MissingColumn {
                path: path.to_owned(),
                wanted,
                found: found.join(", "),
            })
        };
        needed(one_of([RECORD_ID; 2]), RECORD_ID)?;
        Ok(Self {
            fhr1: needed(one_of(["fhr_q", "fhr1_q"]), "fhr_q or fhr1_q")?,
            fhr2: one_of(["fhr2_q"; 2]),
            mhr: one_of(["mhr_q"; 2]),
            ua: needed(one_of(["uc_h", "toco_h"]), "uc_h or toco_h")?,
            sensor: one_of(["sensor"; 2]),
        })
    }

    fn names(self) -> impl Iterator<Item = &'static str> {
        [Some(self.fhr1), self.fhr2, self.mhr, Some(self.ua), self.sensor].into_iter().flatten()
    }
}

fn table_path(path: &Path) -> Result<PathBuf, RecordingError> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let table = path.join(PARQUET_FILE);
    if table.is_file() {
        Ok(table)
    } else {
        Err(RecordingError::EmptyFolder { path: path.to_owned(), wanted: PARQUET_FILE })
    }
}

fn open_file(path: &Path) -> Result<File, RecordingError> {
    File::open(path).map_err(|source| RecordingError::Unreadable { path: path.to_owned(), source })
}

fn not_parquet(path: &Path, reason: &dyn std::fmt::Display) -> RecordingError {
    RecordingError::NotParquet { path: path.to_owned(), reason: reason.to_string() }
}

const RECORD_ID: &str = "record_id";
