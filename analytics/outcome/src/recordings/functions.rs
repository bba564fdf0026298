//! Functions that the tables are made with: bytes and lists as text.

use std::fmt::Write;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray, StructArray};
use datafusion::arrow::datatypes::{DataType, Field, Int32Type, UInt64Type};
use datafusion::common::{Result as DataFusionResult, exec_err};
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::prelude::SessionContext;

/// Makes the functions known: `hex_id` of an episode, `hex_hash` of a table, `why_text` of the
/// reasons of an assessment.
pub(crate) fn register(session: &SessionContext) {
    for (name, bytes) in [("hex_id", 16), ("hex_hash", 8)] {
        let takes = vec![DataType::FixedSizeBinary(bytes)];
        session.register_udf(create_udf(
            name,
            takes,
            DataType::Utf8,
            Volatility::Immutable,
            Arc::new(hex),
        ));
    }
    let reason = DataType::Struct(
        vec![
            Field::new("reason", DataType::Utf8, false),
            Field::new("finding", DataType::UInt64, true),
            Field::new("value", DataType::Int32, false),
        ]
        .into(),
    );
    let list = DataType::List(Arc::new(Field::new_list_field(reason, false)));
    session.register_udf(create_udf(
        "why_text",
        vec![list],
        DataType::Utf8,
        Volatility::Immutable,
        Arc::new(why_text),
    ));
}

/// The digits of some bytes.
fn hex(arguments: &[ColumnarValue]) -> DataFusionResult<ColumnarValue> {
    let [ids] = arguments else { return exec_err!("one argument is expected") };
    let ids = ids.to_array(1)?;
    let Some(ids) = ids.as_fixed_size_binary_opt() else {
        return exec_err!("bytes are expected");
    };
    let digits = |id: &[u8]| id.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    // Rows of one episode stand together, so that most digits are those of the row before.
    let mut last: (&[u8], String) = (&[], String::new());
    let texts: StringArray = (0..ids.len())
        .map(|row| {
            if ids.is_null(row) {
                return None;
            }
            let id = ids.value(row);
            if id != last.0 {
                last = (id, digits(id));
            }
            Some(last.1.clone())
        })
        .collect();
    Ok(ColumnarValue::Array(Arc::new(texts) as ArrayRef))
}

/// The reasons as one line: each with the finding behind it and its value.
fn why_text(arguments: &[ColumnarValue]) -> DataFusionResult<ColumnarValue> {
    let [lists] = arguments else { return exec_err!("one argument is expected") };
    let lists = lists.to_array(1)?;
    let Some(lists) = lists.as_list_opt::<i32>() else { return exec_err!("a list is expected") };
    let texts: StringArray = (0..lists.len())
        .map(|row| {
            let reasons = lists.is_valid(row).then(|| lists.value(row))?;
            Some(reasons.as_struct_opt().map_or_else(String::new, line))
        })
        .collect();
    Ok(ColumnarValue::Array(Arc::new(texts) as ArrayRef))
}

fn line(reasons: &StructArray) -> String {
    let words = reasons.column(0).as_string::<i32>();
    let findings = reasons.column(1).as_primitive::<UInt64Type>();
    let values = reasons.column(2).as_primitive::<Int32Type>();
    let mut line = String::new();
    for at in 0..reasons.len() {
        if at > 0 {
            line.push_str("; ");
        }
        line.push_str(words.value(at));
        if findings.is_valid(at) {
            write!(line, " #{}", findings.value(at)).expect("a string takes what is written");
        }
        if values.value(at) != 0 {
            write!(line, " {}", values.value(at)).expect("a string takes what is written");
        }
    }
    line
}
