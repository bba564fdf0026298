//! Which columns of a table hold the channels, and their numbers as values.

use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Int64Type, SchemaRef, UInt8Type, UInt16Type};
use vitals::{Activity, Bpm};

use super::{Refused, damaged};

/// The column of names.
pub(super) const RECORD_ID: &str = "record_id";

/// The names under which a file keeps the channels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    pub(super) fhr1: &'static str,
    pub(super) fhr2: Option<&'static str>,
    pub(super) mhr: Option<&'static str>,
    pub(super) ua: Option<&'static str>,
    pub(super) sensor: Option<&'static str>,
}

impl Columns {
    pub(super) fn of(schema: &SchemaRef) -> Result<Self, Refused> {
        let found: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let one_of = |names: &[&'static str]| names.iter().copied().find(|it| found.contains(it));
        let needed = |names: &[&'static str], wanted| {
            let found = || found.join(", ");
            one_of(names).ok_or_else(|| Refused::MissingColumn { wanted, found: found() })
        };
        needed(&[RECORD_ID], RECORD_ID)?;
        Ok(Self {
            fhr1: needed(&["fhr_q", "fhr1_q"], "fhr_q or fhr1_q")?,
            fhr2: one_of(&["fhr2_q"]),
            mhr: one_of(&["mhr_q"]),
            ua: one_of(&["uc_h", "toco_h"]),
            sensor: one_of(&["sensor"]),
        })
    }

    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        let optional = [self.fhr2, self.mhr, self.ua, self.sensor].into_iter().flatten();
        [RECORD_ID, self.fhr1].into_iter().chain(optional)
    }
}

/// The names of some records.
pub(super) fn names(batch: &RecordBatch) -> Result<Vec<String>, Refused> {
    texts(batch, RECORD_ID)
}

/// A column of texts; a missing one is empty.
pub(super) fn texts(batch: &RecordBatch, name: &'static str) -> Result<Vec<String>, Refused> {
    let column = column(batch, name)?;
    let wrong = |_| wrong_type(name, "a string", column.data_type());
    // Names may be stored as numbers, or as strings of another width.
    let texts = exact_cast(column, &DataType::Utf8).map_err(wrong)?;
    let texts = texts.as_string::<i32>();
    Ok(texts.iter().map(|text| text.unwrap_or_default().to_owned()).collect())
}

pub(super) fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, Refused> {
    batch.column_by_name(name).ok_or_else(|| damaged(&format!("column {name} is missing")))
}

/// The lists of one column: all their numbers, and where those of each row lie.
pub(super) struct Lists {
    name: &'static str,
    numbers: ArrayRef,
    /// `None` where a row has no list.
    places: Vec<Option<Range<usize>>>,
}

/// A number that no monitor can send, and its place in the list.
pub(super) struct BeyondWire {
    pub(super) sample: usize,
    pub(super) value: i64,
}

impl Lists {
    pub(super) fn of(
        batch: &RecordBatch,
        name: &'static str,
        wanted: &'static str,
    ) -> Result<Self, Refused> {
        let column = column(batch, name)?;
        let rows = 0..column.len();
        let (numbers, places): (ArrayRef, Vec<_>) = if let Some(lists) = column.as_list_opt::<i32>()
        {
            let at = |offset: i32| usize::try_from(offset).unwrap_or_default();
            let ends = lists.value_offsets();
            let place = |row| at(ends[row])..at(ends[row + 1]);
            let there = |row| (!lists.is_null(row)).then(|| place(row));
            (lists.values().clone(), rows.map(there).collect())
        } else if let Some(lists) = column.as_list_opt::<i64>() {
            let at = |offset: i64| usize::try_from(offset).unwrap_or_default();
            let ends = lists.value_offsets();
            let place = |row| at(ends[row])..at(ends[row + 1]);
            let there = |row| (!lists.is_null(row)).then(|| place(row));
            (lists.values().clone(), rows.map(there).collect())
        } else {
            return Err(wrong_type(name, wanted, column.data_type()));
        };
        let wide = match numbers.data_type() {
            DataType::UInt8 | DataType::UInt16 => numbers,
            other if other.is_integer() => exact_cast(&numbers, &DataType::Int64)
                .map_err(|_| wrong_type(name, wanted, column.data_type()))?,
            _ => return Err(wrong_type(name, wanted, column.data_type())),
        };
        Ok(Self { name, numbers: wide, places })
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// The rates of a row; `None` where it has no list.
    pub(super) fn rates(&self, row: usize) -> Result<Option<Vec<Option<Bpm>>>, BeyondWire> {
        self.values(row, |number| match u16::try_from(number) {
            Ok(0) => Some(None),
            Ok(quarters) => Bpm::from_quarters(quarters).ok().map(Some),
            Err(_) => None,
        })
    }

    /// The activities of a row; `None` where it has no list.
    pub(super) fn activities(
        &self,
        row: usize,
    ) -> Result<Option<Vec<Option<Activity>>>, BeyondWire> {
        self.values(row, |number| {
            u8::try_from(number).ok().map(|halves| Some(Activity::from_halves(halves)))
        })
    }

    /// `value` gives `None` for a number beyond the wire.
    fn values<V>(
        &self,
        row: usize,
        value: impl Fn(i64) -> Option<Option<V>>,
    ) -> Result<Option<Vec<Option<V>>>, BeyondWire> {
        let Some(place) = self.places.get(row).cloned().flatten() else { return Ok(None) };
        let checked = |(sample, number): (usize, i64)| {
            value(number).ok_or(BeyondWire { sample, value: number })
        };
        let numbers = self.numbers.slice(place.start, place.len());
        // Whole columns without a hole are the rule, and the fast way.
        if numbers.null_count() == 0 {
            if let Some(numbers) = numbers.as_primitive_opt::<UInt16Type>() {
                let all = numbers.values().iter().map(|&number| i64::from(number));
                return all.enumerate().map(checked).collect::<Result<_, _>>().map(Some);
            }
            if let Some(numbers) = numbers.as_primitive_opt::<UInt8Type>() {
                let all = numbers.values().iter().map(|&number| i64::from(number));
                return all.enumerate().map(checked).collect::<Result<_, _>>().map(Some);
            }
        }
        let wide = exact_cast(&numbers, &DataType::Int64)
            .map_err(|_| BeyondWire { sample: 0, value: i64::MAX })?;
        let holed = wide.as_primitive::<Int64Type>().iter().enumerate();
        let one = |(sample, number): (usize, Option<i64>)| match number {
            None => Ok(None),
            Some(number) => checked((sample, number)),
        };
        holed.map(one).collect::<Result<_, _>>().map(Some)
    }
}

/// A cast that fails where a value does not fit, instead of dropping it.
fn exact_cast(array: &ArrayRef, to: &DataType) -> Result<ArrayRef, arrow::error::ArrowError> {
    cast_with_options(array, to, &CastOptions { safe: false, ..CastOptions::default() })
}

fn wrong_type(column: &'static str, wanted: &'static str, found: &DataType) -> Refused {
    Refused::ColumnType { column, wanted, found: found.to_string() }
}
