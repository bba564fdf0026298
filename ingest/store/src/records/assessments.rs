//! The columns of `assessments`.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, ListArray, StringArray, StructArray, UInt64Array};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields, UInt8Type, UInt16Type};
use protocol::analysis::{Assessment, Body, Figo, Nichd, Nst, Unclassifiable, VariabilityGrade};
use vitals::WallTime;

use super::{RecordTable, StoredRecord, fixed, numbers, optional, texts, time, times};
use crate::table::TableName;

/// The table of assessments.
#[derive(Debug)]
pub(crate) struct Assessments;

impl RecordTable for Assessments {
    type Said = Assessment;

    const NAME: TableName = TableName::Assessments;

    fn said(record: &StoredRecord) -> Option<&Assessment> {
        match &record.publication.body {
            Body::Assessment(assessment) => Some(assessment),
            _ => None,
        }
    }

    fn from_at(assessment: &Assessment) -> WallTime {
        assessment.from
    }

    fn columns(said: &[&Assessment]) -> Vec<ArrayRef> {
        let all = said;
        let said = || said.iter();
        vec![
            numbers::<UInt8Type>(said().map(|a| a.span.code())),
            optional::<UInt8Type>(said().map(|a| a.jsog.ok())),
            optional::<UInt8Type>(said().map(|a| a.jsog_shown)),
            optional::<UInt8Type>(said().map(|a| a.jsog.err().map(Unclassifiable::code))),
            optional::<UInt8Type>(said().map(|a| a.figo.map(Figo::code))),
            optional::<UInt8Type>(said().map(|a| a.nichd.map(Nichd::code))),
            optional::<UInt8Type>(said().map(|a| a.nst.map(Nst::code))),
            optional::<UInt8Type>(said().map(|a| a.variability.map(VariabilityGrade::code))),
            numbers::<UInt16Type>(said().map(|a| a.flags.bits())),
            numbers::<UInt8Type>(said().map(|a| a.lost_percent)),
            times(said().map(|a| a.to)),
            optional::<UInt16Type>(said().map(|a| a.baseline_bpm)),
            optional::<UInt16Type>(said().map(|a| a.baseline_quarters)),
            optional::<UInt16Type>(said().map(|a| a.bandwidth_quarters)),
            optional::<UInt16Type>(said().map(|a| a.stv_centims)),
            optional::<UInt16Type>(said().map(|a| a.ltv_centims)),
            optional::<UInt16Type>(said().map(|a| a.contractions_tenths)),
            numbers::<UInt16Type>(said().map(|a| a.baseline_age_s)),
            numbers::<UInt16Type>(said().map(|a| a.variability_age_s)),
            fixed(8, said().map(|a| a.table_hash)),
            texts(said().map(|a| a.table_version.as_str())),
            texts(said().map(|a| a.engine.as_str())),
            why(all),
        ]
    }

    fn fields() -> Vec<Field> {
        let byte = |name| Field::new(name, DataType::UInt8, true);
        let quantity = |name| Field::new(name, DataType::UInt16, true);
        vec![
            Field::new("span", DataType::UInt8, false),
            byte("jsog"),
            byte("jsog_shown"),
            byte("unclassifiable"),
            byte("figo"),
            byte("nichd"),
            byte("nst"),
            byte("variability"),
            Field::new("flags", DataType::UInt16, false),
            Field::new("lost_percent", DataType::UInt8, false),
            Field::new("to_at", time(), false),
            quantity("baseline_bpm"),
            quantity("baseline_quarters"),
            quantity("bandwidth_quarters"),
            quantity("stv_centims"),
            quantity("ltv_centims"),
            quantity("contractions_tenths"),
            Field::new("baseline_age_s", DataType::UInt16, false),
            Field::new("variability_age_s", DataType::UInt16, false),
            Field::new("table_hash", DataType::FixedSizeBinary(8), false),
            Field::new("table_version", DataType::Utf8, false),
            Field::new("engine", DataType::Utf8, false),
            Field::new("why", DataType::List(Arc::new(why_item())), false),
        ]
    }
}

fn why_fields() -> Fields {
    Fields::from(vec![
        Field::new("reason", DataType::Utf8, false),
        Field::new("finding", DataType::UInt64, true),
        Field::new("value", DataType::Int32, false),
    ])
}

fn why_item() -> Field {
    Field::new_list_field(DataType::Struct(why_fields()), false)
}

fn why(said: &[&Assessment]) -> ArrayRef {
    let lengths = OffsetBuffer::from_lengths(said.iter().map(|a| a.why.len()));
    let all = || said.iter().flat_map(|a| a.why.iter());
    let words: Vec<_> = all().map(|why| why.code.word()).collect();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(words)),
        Arc::new(all().map(|why| why.finding).collect::<UInt64Array>()),
        Arc::new(Int32Array::from_iter_values(all().map(|why| why.value))),
    ];
    let values = StructArray::new(why_fields(), columns, None);
    Arc::new(ListArray::new(Arc::new(why_item()), lengths, Arc::new(values), None))
}
