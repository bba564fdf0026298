//! The columns of `findings`.

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, Int32Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use protocol::analysis::{Body, Finding, Severity};
use vitals::WallTime;

use super::{RecordTable, StoredRecord, numbers, optional, time, times};
use crate::table::TableName;

/// The table of findings.
#[derive(Debug)]
pub(crate) struct Findings;

impl RecordTable for Findings {
    type Said = Finding;

    const NAME: TableName = TableName::Findings;

    fn said(record: &StoredRecord) -> Option<&Finding> {
        match &record.publication.body {
            Body::Finding(finding) => Some(finding),
            _ => None,
        }
    }

    fn from_at(finding: &Finding) -> WallTime {
        finding.from
    }

    fn columns(said: &[&Finding]) -> Vec<ArrayRef> {
        let said = || said.iter();
        vec![
            numbers::<UInt8Type>(said().map(|f| f.kind.code())),
            optional::<UInt8Type>(said().map(|f| f.severity.map(Severity::code))),
            numbers::<UInt8Type>(said().map(|f| f.profiles.bits())),
            numbers::<UInt8Type>(said().map(|f| f.likelihood_percent)),
            numbers::<UInt8Type>(said().map(|f| f.lost_percent)),
            optional::<UInt16Type>(said().map(|f| f.value)),
            optional::<UInt16Type>(said().map(|f| f.depth_quarters)),
            optional::<UInt16Type>(said().map(|f| f.fall_ticks)),
            numbers::<UInt32Type>(said().map(|f| f.area_bpm_s)),
            times(said().map(|f| f.to)),
            times(said().map(|f| f.extreme_at)),
            optional::<Int32Type>(said().map(|f| f.lag_ms)),
            optional::<UInt64Type>(said().map(|f| f.contraction)),
        ]
    }

    fn fields() -> Vec<Field> {
        vec![
            Field::new("kind", DataType::UInt8, false),
            Field::new("severity", DataType::UInt8, true),
            Field::new("profiles", DataType::UInt8, false),
            Field::new("likelihood_percent", DataType::UInt8, false),
            Field::new("lost_percent", DataType::UInt8, false),
            Field::new("value", DataType::UInt16, true),
            Field::new("depth_quarters", DataType::UInt16, true),
            Field::new("fall_ticks", DataType::UInt16, true),
            Field::new("area_bpm_s", DataType::UInt32, false),
            Field::new("to_at", time(), false),
            Field::new("extreme_at", time(), false),
            Field::new("lag_ms", DataType::Int32, true),
            Field::new("contraction", DataType::UInt64, true),
        ]
    }
}
