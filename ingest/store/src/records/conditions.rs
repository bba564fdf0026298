//! The columns of `conditions`.

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, Int32Type, UInt8Type};
use protocol::analysis::{Body, Condition};
use vitals::WallTime;

use super::{RecordTable, StoredRecord, numbers};
use crate::table::TableName;

/// The table of physiological conditions.
#[derive(Debug)]
pub(crate) struct Conditions;

impl RecordTable for Conditions {
    type Said = Condition;

    const NAME: TableName = TableName::Conditions;

    fn said(record: &StoredRecord) -> Option<&Condition> {
        match &record.publication.body {
            Body::Condition(condition) => Some(condition),
            _ => None,
        }
    }

    fn from_at(condition: &Condition) -> WallTime {
        condition.since
    }

    fn columns(said: &[&Condition]) -> Vec<ArrayRef> {
        let said = || said.iter();
        vec![
            numbers::<UInt8Type>(said().map(|c| c.kind.code())),
            numbers::<UInt8Type>(said().map(|c| u8::from(c.is_active))),
            numbers::<Int32Type>(said().map(|c| c.value)),
        ]
    }

    fn fields() -> Vec<Field> {
        vec![
            Field::new("kind", DataType::UInt8, false),
            Field::new("is_active", DataType::UInt8, false),
            Field::new("value", DataType::Int32, false),
        ]
    }
}
