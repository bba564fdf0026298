//! Recordings in CSV: one line a sample, under a header.
//!
//! ```text
//! channel       columns, in any case, units in brackets ignored        absent
//! first fetus   fhr, fhr1, hr1, with or without _bpm                   empty, NaN, 0
//! second        fhr2, hr2, with or without _bpm                        likewise
//! mother        mhr, with or without _bpm                              likewise
//! activity      uc, ua, toco                                           empty, NaN
//! the same in   fhr_q, fhr1_q, fhr2_q, mhr_q, hr1_raw, hr2_raw, mhr_raw: quarters of a bpm
//! device steps  uc_h, toco_h, toco_raw: half units
//! time          t_ms, time_ms; t_s, seconds, time_s, time, t; at (RFC 3339)
//! record        record_id, record: each run of equal values is a recording of its own
//! ```
//!
//! Fields are separated by commas, semicolons or tabs, as the header has it. Columns of other
//! names are not read. Without a time column every line is 250 ms after the one before it.
//! With one, the commonest step between two lines gives the rate, which must be a whole
//! multiple of 4 Hz (then every *n*th sample is kept), or 2 or 1 Hz (then each is held); times
//! that are missing become absences, and times that are off this grid are refused.

mod fields;
mod grid;
mod header;

pub use grid::OffGrid;

use crate::recording::{
    Channels, Recording, SENDABLE_ACTIVITY, SENDABLE_RATE, UnequalLength, activity, rate, recorded,
};
use fields::Fields;
use grid::Grid;
use header::{Column, Header, Quantity, Steps};
use vitals::{Activity, Bpm};

/// Why a file is refused. The message follows its name.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// The bytes are no text.
    #[error("is not text: line {line} holds bytes that are not UTF-8; save it as UTF-8")]
    NotText {
        /// Line, from 1.
        line: usize,
    },
    /// There is no line, or none under the header.
    #[error("holds no samples under its header")]
    Empty,
    /// No column is a fetal heart rate.
    #[error("has no column fhr, fhr1 or fhr_bpm; its columns are {found}")]
    NoFetalRate {
        /// What the header says.
        found: String,
    },
    /// Two columns claim to be the same channel.
    #[error("has two columns of one meaning, \"{first}\" and \"{second}\"; rename one of them")]
    SameMeaning {
        /// The first of them.
        first: String,
        /// The second.
        second: String,
    },
    /// A line has too few or too many fields.
    #[error("line {line} has {found} fields where its header has {expected}")]
    FieldCount {
        /// Line, from 1.
        line: usize,
        /// Fields there.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// A field that is no number.
    #[error("line {line}, column {column} (\"{name}\"): \"{text}\" is not {wanted}")]
    Field {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The column's name.
        name: String,
        /// What stands there, its beginning.
        text: String,
        /// What should.
        wanted: &'static str,
    },
    /// A value that no monitor can send.
    #[error(
        "line {line}, column {column} (\"{name}\"): {value} cannot be; a monitor can send {sendable}"
    )]
    NotSendable {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The column's name.
        name: String,
        /// The value, as it stands there.
        value: f64,
        /// What could be sent.
        sendable: &'static str,
    },
    /// The times make no strip.
    #[error(transparent)]
    OffGrid(#[from] OffGrid),
    /// Cannot be: the channels of a line are read together.
    #[error("holds {0}")]
    UnequalLength(#[from] UnequalLength),
}

/// Reads every recording of a file. One without a record column is called `name`.
///
/// # Errors
///
/// [`Refused`], with line and column, at the first that cannot be read.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Recording>, Refused> {
    let text = text_of(bytes)?;
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| line.chars().any(|character| !character.is_whitespace()));
    let (_, first) = lines.next().ok_or(Refused::Empty)?;
    let header = Header::parse(first)?;
    let mut recordings = Vec::new();
    let mut open: Option<Samples> = None;
    let mut fields = Fields::default();
    for (line, text) in lines {
        header.cut(line, text, &mut fields)?;
        let record = header.record.map_or(name, |column| fields.text(column));
        if let Some(ended) = open.take_if(|samples| samples.name != record) {
            recordings.push(ended.finish(&header)?);
        }
        open.get_or_insert_with(|| Samples::new(record, &header)).push(&header, &fields)?;
    }
    recordings.push(open.ok_or(Refused::Empty)?.finish(&header)?);
    Ok(recordings)
}

fn text_of(bytes: &[u8]) -> Result<&str, Refused> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes[..error.valid_up_to()].iter();
        Refused::NotText { line: before.filter(|&&byte| byte == b'\n').count() + 1 }
    })?;
    Ok(text.trim_start_matches('\u{feff}'))
}

/// The samples of one recording, as far as it has been read.
struct Samples {
    name: String,
    /// Where each sample lies in time; empty without a time column.
    times: Vec<(usize, i64)>,
    /// One list for each of [`Header::rates`].
    rates: [Option<Vec<Option<Bpm>>>; 3],
    ua: Option<Vec<Option<Activity>>>,
}

impl Samples {
    fn new(name: &str, header: &Header) -> Self {
        let rates = header.rates.each_ref().map(|column| column.as_ref().map(|_| Vec::new()));
        let ua = header.ua.as_ref().map(|_| Vec::new());
        Self { name: name.to_owned(), times: Vec::new(), rates, ua }
    }

    fn push(&mut self, header: &Header, fields: &Fields) -> Result<(), Refused> {
        if let Some(column) = &header.time {
            self.times.push((fields.line, fields.micros(column)?));
        }
        for (column, rates) in header.rates.iter().zip(&mut self.rates) {
            if let (Some(column), Some(rates)) = (column, rates) {
                rates.push(rate_at(fields, column)?);
            }
        }
        if let (Some(column), Some(activities)) = (&header.ua, &mut self.ua) {
            activities.push(activity_at(fields, column)?);
        }
        Ok(())
    }

    fn finish(self, header: &Header) -> Result<Recording, Refused> {
        let [fhr1, fhr2, mhr] = self.rates;
        let grid = match header.time {
            Some(_) => Grid::of(&self.times)?,
            None => Grid::without_times(),
        };
        let channels = Channels {
            fhr1: grid.ticks(fhr1.unwrap_or_default()),
            fhr2: fhr2.map(|rates| grid.ticks(rates)).and_then(recorded),
            mhr: mhr.map(|rates| grid.ticks(rates)).and_then(recorded),
            ua: self.ua.map(|activities| grid.ticks(activities)),
        };
        let mut recording = Recording::new(&self.name, channels)?;
        recording.source_rate = grid.rate();
        Ok(recording)
    }
}

fn rate_at(fields: &Fields, column: &Column) -> Result<Option<Bpm>, Refused> {
    let Some(value) = fields.number(column)? else { return Ok(None) };
    let steps_per_unit = match column.quantity {
        Quantity::Number(Steps::Device) => 1.0,
        _ => 4.0,
    };
    rate(value * steps_per_unit).ok_or_else(|| fields.not_sendable(column, value, SENDABLE_RATE))
}

fn activity_at(fields: &Fields, column: &Column) -> Result<Option<Activity>, Refused> {
    let Some(value) = fields.number(column)? else { return Ok(None) };
    let steps_per_unit = match column.quantity {
        Quantity::Number(Steps::Device) => 1.0,
        _ => 2.0,
    };
    let read = activity(value * steps_per_unit);
    read.map(Some).ok_or_else(|| fields.not_sendable(column, value, SENDABLE_ACTIVITY))
}
