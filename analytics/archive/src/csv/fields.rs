//! The fields of one line, read as numbers and times.

use super::Refused;
use super::header::{Column, Quantity};

/// The longest piece of a wrong field that a message repeats, in characters.
const SHOWN_MAX: usize = 30;
/// Times further from 0 than this, in microseconds, are no times: some three thousand years.
const MICROS_MAX: f64 = 1e17;

/// One line below the header.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    /// Its number, from 1.
    pub(super) line: usize,
    pub(super) fields: Vec<&'a str>,
}

impl Fields<'_> {
    pub(super) fn text(&self, column: usize) -> &str {
        self.fields.get(column).copied().unwrap_or_default()
    }

    /// The number of a column; `None` where there is none.
    pub(super) fn number(&self, column: &Column) -> Result<Option<f64>, Refused> {
        let text = self.text(column.at);
        if let Ok(number) = text.parse::<f64>() {
            return Ok(Some(number).filter(|number| !number.is_nan()));
        }
        let says_none = ["", "na", "null"].iter().any(|none| text.eq_ignore_ascii_case(none));
        if says_none { Ok(None) } else { Err(self.wrong(column, "a number")) }
    }

    /// The time of a column, in microseconds from whatever it counts from.
    pub(super) fn micros(&self, column: &Column) -> Result<i64, Refused> {
        let text = self.text(column.at);
        let unit = match column.quantity {
            Quantity::Timestamp => {
                let time: jiff::Timestamp = text
                    .parse()
                    .map_err(|_| self.wrong(column, "a time such as 2026-01-01T00:00:00.25Z"))?;
                return Ok(time.as_microsecond());
            }
            Quantity::Time(unit) => unit,
            Quantity::Number(_) => 1e6,
        };
        let time = text.parse::<f64>().ok().map(|time| (time * unit).round());
        let time = time.filter(|micros| micros.abs() < MICROS_MAX);
        time.map(|micros| micros as i64).ok_or_else(|| self.wrong(column, "a time"))
    }

    pub(super) fn not_sendable(
        &self,
        column: &Column,
        value: f64,
        sendable: &'static str,
    ) -> Refused {
        let name = column.name.clone();
        Refused::NotSendable { line: self.line, column: column.at + 1, name, value, sendable }
    }

    fn wrong(&self, column: &Column, wanted: &'static str) -> Refused {
        Refused::Field {
            line: self.line,
            column: column.at + 1,
            name: column.name.clone(),
            text: self.text(column.at).chars().take(SHOWN_MAX).collect(),
            wanted,
        }
    }
}
