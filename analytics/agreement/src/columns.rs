//! Lists of whole numbers in a Parquet table that are no channels of a recording: signals
//! that others prepared, baselines that others drew.

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, UInt16Type};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::error::AgreementError;

/// Rows decoded at once.
const BATCH_ROWS: usize = 16;

/// The lists of each column, by record; a missing list is empty.
pub(crate) fn lists<const N: usize>(
    path: &Path,
    bytes: Bytes,
    columns: [&str; N],
) -> Result<BTreeMap<String, [Vec<u16>; N]>, AgreementError> {
    let wrong = |reason: &dyn std::fmt::Display| AgreementError::contents(path, reason);
    let metadata = archive::parquet::footer(&bytes).map_err(|refused| wrong(&refused))?;
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, metadata);
    let names = columns.into_iter().chain(["record_id"]);
    let mask = ProjectionMask::columns(builder.parquet_schema(), names);
    let reader = builder
        .with_projection(mask)
        .with_batch_size(BATCH_ROWS)
        .build()
        .map_err(|error| wrong(&format!("cannot be read: {error}")))?;
    let mut found = BTreeMap::new();
    for batch in reader {
        let batch = batch.map_err(|error| wrong(&format!("cannot be read further: {error}")))?;
        let ids = column(&batch, "record_id", &DataType::Utf8).map_err(|reason| wrong(&reason))?;
        let mut rows = vec![[const { Vec::new() }; N]; batch.num_rows()];
        for (place, name) in columns.into_iter().enumerate() {
            let of_column = column_of_lists(&batch, name).map_err(|reason| wrong(&reason))?;
            rows.iter_mut().zip(of_column).for_each(|(row, list)| row[place] = list);
        }
        let ids = ids.as_string::<i32>().iter().map(|id| id.unwrap_or_default().to_owned());
        found.extend(ids.zip(rows));
    }
    Ok(found)
}

fn column(
    batch: &RecordBatch,
    name: &str,
    to: &DataType,
) -> Result<arrow::array::ArrayRef, String> {
    let column = batch.column_by_name(name).ok_or_else(|| format!("has no column {name}"))?;
    cast(column, to).map_err(|error| format!("has another kind of column {name}: {error}"))
}

fn column_of_lists(batch: &RecordBatch, name: &str) -> Result<Vec<Vec<u16>>, String> {
    let column = batch.column_by_name(name).ok_or_else(|| format!("has no column {name}"))?;
    let lists = column
        .as_list_opt::<i32>()
        .ok_or_else(|| format!("has {} in column {name}; not lists", column.data_type()))?;
    let numbers = |row: usize| {
        let list = cast(&lists.value(row), &DataType::UInt16).ok()?;
        let list = list.as_primitive::<UInt16Type>();
        (list.null_count() == 0).then(|| list.values().to_vec())
    };
    let rows = (0..lists.len()).map(|row| {
        if lists.is_null(row) {
            return Ok(Vec::new());
        }
        numbers(row).ok_or_else(|| format!("has no whole numbers in a list of column {name}"))
    });
    rows.collect()
}
