//! The tables of records: a row for each revision that the region took, never changed after.
//!
//! ```text
//! bridge, device          utf8          whose strip
//! episode                 16 bytes      as in samples
//! fetus                   u8            1 or 2
//! id                      u64           names it among its episode, fetus and table
//! revision                u32           the highest counts
//! state                   u8            codes of protocol::analysis::State
//! from_at                 µs UTC        where it begins, by the bridge's clock
//! received_at             µs UTC        when the region had it, by the region's clock
//! …                                     the table's own columns, below
//! record                  binary        the bytes as published
//! ```
//!
//! findings: `kind`, `severity`, `profiles` u8, `likelihood_percent`, `lost_percent` u8, `value`,
//! `depth_quarters`, `fall_ticks` u16, `area_bpm_s` u32, `to_at`, `extreme_at`, `lag_ms` i32,
//! `contraction` u64. assessments: `span`, `jsog`, `jsog_shown`, `unclassifiable`, `figo`, `nichd`,
//! `nst`, `variability` u8, `flags` u16, `lost_percent` u8, `to_at`, the quantities u16,
//! `table_hash` 8 bytes, `table_version`, `engine` utf8, `why` list of (`reason` utf8, `finding`
//! u64, `value` i32). conditions: `kind`, `is_active` u8, `value` i32. judgements: `level`,
//! `role` u8, `to_at`, `at`, `account`, `reason` utf8. Codes and units are those of
//! [`protocol::analysis`]; what is not there is NULL.
//!
//! `record` proves the row: whoever reads makes the columns anew from its bytes and compares.
//! Machine and human levels are different tables. Baselines are not stored: they follow from
//! the samples.

use std::fmt;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BinaryArray, FixedSizeBinaryArray,
    PrimitiveArray, RecordBatch, StringArray,
};
use arrow::datatypes::{
    DataType, Field, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType, UInt8Type, UInt32Type,
    UInt64Type,
};
use protocol::Publication;
use protocol::analysis::{Body, PublicationKey};
use vitals::{BridgeId, DeviceId, WallTime};

use crate::error::StoreError;
use crate::ranges::Runs;
use crate::rows::BadRows;
use crate::table::{Table, TableName};

mod assessments;
mod conditions;
mod findings;
mod judgements;
mod words;

pub(crate) use assessments::Assessments;
pub(crate) use conditions::Conditions;
pub(crate) use findings::Findings;
pub(crate) use judgements::Judgements;
pub use words::{ASSESSMENT_FLAGS, words};

/// The version of these tables, kept with every file.
const RECORDS_VERSION: u8 = 1;
/// The columns by which sealed files of records are sorted; together they name a row.
const SORT_COLUMNS: [&str; 6] = ["bridge", "device", "from_at", "fetus", "id", "revision"];

/// A record as the region took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// Whose strip it speaks of.
    pub bridge: BridgeId,
    /// Which device of it.
    pub device: DeviceId,
    /// When the region had it, by the region's clock.
    pub received_at: WallTime,
    /// What it says.
    pub publication: Publication,
}

impl StoredRecord {
    /// The table it goes to; `None` for what is not stored.
    #[must_use]
    pub fn table(&self) -> Option<TableName> {
        match self.publication.body {
            Body::Finding(_) => Some(TableName::Findings),
            Body::Assessment(_) => Some(TableName::Assessments),
            Body::Condition(_) => Some(TableName::Conditions),
            Body::Judgement(_) => Some(TableName::Judgements),
            Body::Baseline(_) => None,
        }
    }
}

/// A table of records: what it has beyond the columns of all of them.
pub(crate) trait RecordTable: fmt::Debug {
    /// What its records say.
    type Said;

    const NAME: TableName;

    /// What the record says, where it is one of this table.
    fn said(record: &StoredRecord) -> Option<&Self::Said>;
    /// Where it begins.
    fn from_at(said: &Self::Said) -> WallTime;
    /// Its own columns, in the order of the fields.
    fn columns(said: &[&Self::Said]) -> Vec<ArrayRef>;
    /// Its own fields.
    fn fields() -> Vec<Field>;
}

impl<R: RecordTable> Table for R {
    type Item = StoredRecord;
    type Order = (BridgeId, DeviceId, WallTime, PublicationKey, u32);
    type Key = (BridgeId, DeviceId, PublicationKey);

    const NAME: TableName = R::NAME;
    const VERSION: u8 = RECORDS_VERSION;
    const ROWS_PER_ITEM: usize = 1;
    const SORT_COLUMNS: &'static [&'static str] = &SORT_COLUMNS;
    const SEARCH_COLUMNS: &'static [&'static str] = &["episode"];

    fn schema() -> SchemaRef {
        let mut fields = vec![
            Field::new("bridge", DataType::Utf8, false),
            Field::new("device", DataType::Utf8, false),
            Field::new("episode", DataType::FixedSizeBinary(16), false),
            Field::new("fetus", DataType::UInt8, false),
            Field::new("id", DataType::UInt64, false),
            Field::new("revision", DataType::UInt32, false),
            Field::new("state", DataType::UInt8, false),
            Field::new("from_at", time(), false),
            Field::new("received_at", time(), false),
        ];
        fields.extend(R::fields());
        fields.push(Field::new("record", DataType::Binary, false));
        Arc::new(Schema::new(fields))
    }

    fn rows(records: &[StoredRecord]) -> RecordBatch {
        let said: Vec<_> =
            records.iter().map(|record| R::said(record).expect("sorted by table")).collect();
        let published = || records.iter().map(|record| &record.publication);
        let from = said.iter().map(|said| R::from_at(said));
        let bytes: Vec<_> = published().map(Publication::to_bytes).collect();
        let mut columns: Vec<ArrayRef> = vec![
            texts(records.iter().map(|record| record.bridge.as_str())),
            texts(records.iter().map(|record| record.device.as_str())),
            fixed(16, published().map(|p| p.episode.to_u128().to_be_bytes())),
            numbers::<UInt8Type>(published().map(|p| p.fetus.code())),
            numbers::<UInt64Type>(published().map(|p| p.id)),
            numbers::<UInt32Type>(published().map(|p| p.revision)),
            numbers::<UInt8Type>(published().map(|p| p.state.code())),
            times(from),
            times(records.iter().map(|record| record.received_at)),
        ];
        columns.extend(R::columns(&said));
        columns.push(Arc::new(BinaryArray::from_iter_values(bytes)));
        RecordBatch::try_new(<R as Table>::schema(), columns)
            .expect("columns are built in the schema's order")
    }

    fn items(rows: &RecordBatch) -> Result<Vec<StoredRecord>, BadRows> {
        let columns = Columns::of(rows)?;
        let records: Vec<_> =
            (0..rows.num_rows()).map(|row| columns.record(row)).collect::<Result<_, _>>()?;
        if let Some(row) = records.iter().position(|record| R::said(record).is_none()) {
            return Err(BadRows::Record { row });
        }
        let anew = Self::rows(&records);
        if anew.columns() != rows.columns() {
            let differs = |row: &usize| anew.slice(*row, 1) != rows.slice(*row, 1);
            let row = (0..rows.num_rows()).find(differs).unwrap_or(0);
            return Err(BadRows::Record { row });
        }
        Ok(records)
    }

    fn check(_: usize, _: &StoredRecord) -> Result<(), StoreError> {
        Ok(())
    }

    fn order(record: &StoredRecord) -> Self::Order {
        let from = R::said(record).map_or(WallTime(0), R::from_at);
        let publication = &record.publication;
        (record.bridge, record.device, from, publication.key(), publication.revision)
    }

    fn times(record: &StoredRecord) -> (WallTime, WallTime) {
        (R::said(record).map_or(record.received_at, R::from_at), record.received_at)
    }

    fn note(_: &StoredRecord, _: &mut Runs) {}

    fn key(record: &StoredRecord) -> Option<Self::Key> {
        Some((record.bridge, record.device, record.publication.key()))
    }
}

/// The columns that a record is read from.
struct Columns<'a> {
    bridge: &'a StringArray,
    device: &'a StringArray,
    received_at: &'a PrimitiveArray<TimestampMicrosecondType>,
    record: &'a BinaryArray,
}

impl<'a> Columns<'a> {
    fn of(rows: &'a RecordBatch) -> Result<Self, BadRows> {
        let missing = |name: &str| BadRows::Column { name: name.to_owned() };
        let named = |name: &str| rows.column_by_name(name).ok_or_else(|| missing(name));
        Ok(Self {
            bridge: named("bridge")?.as_string_opt().ok_or_else(|| missing("bridge"))?,
            device: named("device")?.as_string_opt().ok_or_else(|| missing("device"))?,
            received_at: named("received_at")?
                .as_primitive_opt()
                .ok_or_else(|| missing("received_at"))?,
            record: named("record")?.as_binary_opt().ok_or_else(|| missing("record"))?,
        })
    }

    fn record(&self, row: usize) -> Result<StoredRecord, BadRows> {
        let wrong = |column| BadRows::Value { row, column };
        let columns: [(&dyn Array, _); 4] = [
            (self.bridge, "bridge"),
            (self.device, "device"),
            (self.received_at, "received_at"),
            (self.record, "record"),
        ];
        if let Some((_, column)) = columns.iter().find(|(array, _)| array.is_null(row)) {
            return Err(wrong(column));
        }
        Ok(StoredRecord {
            bridge: BridgeId::new(self.bridge.value(row)).map_err(|_| wrong("bridge"))?,
            device: DeviceId::new(self.device.value(row)).map_err(|_| wrong("device"))?,
            received_at: WallTime(self.received_at.value(row)),
            publication: Publication::decode(self.record.value(row))
                .map_err(|_| BadRows::Record { row })?,
        })
    }
}

/// The type of a moment.
fn time() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn texts<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn numbers<T: ArrowPrimitiveType>(values: impl Iterator<Item = T::Native>) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::from_iter_values(values))
}

fn optional<T: ArrowPrimitiveType>(values: impl Iterator<Item = Option<T::Native>>) -> ArrayRef {
    Arc::new(values.collect::<PrimitiveArray<T>>())
}

fn times(values: impl Iterator<Item = WallTime>) -> ArrayRef {
    let array = PrimitiveArray::<TimestampMicrosecondType>::from_iter_values(values.map(|t| t.0));
    Arc::new(array.with_timezone("UTC"))
}

fn fixed<const N: usize>(bytes_each: i32, values: impl Iterator<Item = [u8; N]>) -> ArrayRef {
    let bytes: Vec<u8> = values.flatten().collect();
    Arc::new(FixedSizeBinaryArray::new(bytes_each, bytes.into(), None))
}
