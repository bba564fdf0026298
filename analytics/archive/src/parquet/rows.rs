//! The records of one row group, one after the other.

use arrow::array::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use vitals::{Activity, Bpm, HeartTransducer};

use super::columns::{BeyondWire, Columns, Lists, names, texts};
use super::footer::guarded;
use super::{Refused, damaged};
use crate::recording::{Channels, Recording, recorded};

const RATES: &str = "a list of uint16";
const ACTIVITIES: &str = "a list of uint8";

/// The records of one row group, decoded a few at a time.
///
/// After [`Refused::Damaged`] and [`Refused::ColumnType`] it ends: the rest of the group
/// cannot be found. Other refusals are of one record, and the next follows.
pub struct Rows {
    reader: ParquetRecordBatchReader,
    columns: Columns,
    batch: Option<Batch>,
    row: usize,
    has_ended: bool,
}

/// Some records, decoded.
struct Batch {
    names: Vec<String>,
    sensors: Option<Vec<String>>,
    fhr1: Lists,
    fhr2: Option<Lists>,
    mhr: Option<Lists>,
    ua: Option<Lists>,
}

impl Rows {
    pub(super) fn new(reader: ParquetRecordBatchReader, columns: Columns) -> Self {
        Self { reader, columns, batch: None, row: 0, has_ended: false }
    }

    /// How many of the next records are decoded already.
    #[must_use]
    pub fn ready(&self) -> usize {
        self.batch.as_ref().map_or(0, |batch| batch.names.len().saturating_sub(self.row))
    }

    /// Whether nothing more can come.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Decodes the next few.
    fn advance(&mut self) -> Result<bool, Refused> {
        let Some(batch) = next_batch(&mut self.reader)? else { return Ok(false) };
        self.batch = Some(Batch::of(&batch, self.columns)?);
        self.row = 0;
        Ok(true)
    }
}

impl Iterator for Rows {
    type Item = Result<Recording, Refused>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready() == 0 && !self.has_ended {
            match self.advance() {
                Ok(true) => {}
                Ok(false) => self.has_ended = true,
                Err(refused) => {
                    self.has_ended = true;
                    return Some(Err(refused));
                }
            }
        }
        let batch = self.batch.as_ref().filter(|batch| self.row < batch.names.len())?;
        let recording = batch.recording(self.row);
        self.row += 1;
        Some(recording)
    }
}

/// The next rows, decoded; `None` at the end.
pub(super) fn next_batch(
    reader: &mut ParquetRecordBatchReader,
) -> Result<Option<RecordBatch>, Refused> {
    guarded(|| reader.next())?.transpose().map_err(|error| damaged(&error))
}

impl Batch {
    fn of(batch: &RecordBatch, columns: Columns) -> Result<Self, Refused> {
        let rates = |name: &'static str| Lists::of(batch, name, RATES);
        Ok(Self {
            names: names(batch)?,
            sensors: columns.sensor.map(|name| texts(batch, name)).transpose()?,
            fhr1: rates(columns.fhr1)?,
            fhr2: columns.fhr2.map(rates).transpose()?,
            mhr: columns.mhr.map(rates).transpose()?,
            ua: columns.ua.map(|name| Lists::of(batch, name, ACTIVITIES)).transpose()?,
        })
    }

    fn recording(&self, row: usize) -> Result<Recording, Refused> {
        let name = &self.names[row];
        let optional = |lists: &Option<Lists>| match lists {
            Some(lists) => rates(name, lists, row).map(|rates| rates.and_then(recorded)),
            None => Ok(None),
        };
        let channels = Channels {
            fhr1: rates(name, &self.fhr1, row)?.unwrap_or_default(),
            fhr2: optional(&self.fhr2)?,
            mhr: optional(&self.mhr)?,
            ua: match &self.ua {
                Some(lists) => activities(name, lists, row)?,
                None => None,
            },
        };
        let mut recording = Recording::new(name, channels)
            .map_err(|lengths| Refused::UnequalLength { record: name.clone(), lengths })?;
        let sensor = self.sensors.as_ref().and_then(|sensors| sensors.get(row));
        if sensor.is_some_and(|sensor| sensor == "scalp") {
            recording.fetal_transducer = HeartTransducer::DirectEcg;
        }
        Ok(recording)
    }
}

fn rates(record: &str, lists: &Lists, row: usize) -> Result<Option<Vec<Option<Bpm>>>, Refused> {
    let sendable = "0 to 2047 quarters of a bpm";
    lists.rates(row).map_err(|beyond| not_sendable(record, lists, &beyond, sendable))
}

fn activities(
    record: &str,
    lists: &Lists,
    row: usize,
) -> Result<Option<Vec<Option<Activity>>>, Refused> {
    let sendable = "0 to 255 half units";
    lists.activities(row).map_err(|beyond| not_sendable(record, lists, &beyond, sendable))
}

fn not_sendable(
    record: &str,
    lists: &Lists,
    beyond: &BeyondWire,
    sendable: &'static str,
) -> Refused {
    Refused::NotSendable {
        record: record.to_owned(),
        channel: lists.name(),
        sample: beyond.sample,
        value: beyond.value,
        sendable,
    }
}
