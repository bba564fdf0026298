//! The columns of `judgements`.

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, UInt8Type};
use protocol::analysis::{Body, Judgement};
use vitals::WallTime;

use super::{RecordTable, StoredRecord, numbers, texts, time, times};
use crate::table::TableName;

/// The table of judgements.
#[derive(Debug)]
pub(crate) struct Judgements;

impl RecordTable for Judgements {
    type Said = Judgement;

    const NAME: TableName = TableName::Judgements;

    fn said(record: &StoredRecord) -> Option<&Judgement> {
        match &record.publication.body {
            Body::Judgement(judgement) => Some(judgement),
            _ => None,
        }
    }

    fn from_at(judgement: &Judgement) -> WallTime {
        judgement.from
    }

    fn columns(said: &[&Judgement]) -> Vec<ArrayRef> {
        let said = || said.iter();
        vec![
            numbers::<UInt8Type>(said().map(|j| j.level)),
            numbers::<UInt8Type>(said().map(|j| j.role.code())),
            times(said().map(|j| j.to)),
            times(said().map(|j| j.at)),
            texts(said().map(|j| j.account.as_str())),
            texts(said().map(|j| j.reason.as_str())),
        ]
    }

    fn fields() -> Vec<Field> {
        vec![
            Field::new("level", DataType::UInt8, false),
            Field::new("role", DataType::UInt8, false),
            Field::new("to_at", time(), false),
            Field::new("at", time(), false),
            Field::new("account", DataType::Utf8, false),
            Field::new("reason", DataType::Utf8, false),
        ]
    }
}
