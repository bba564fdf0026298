//! The header line: which column is what.

use super::Refused;
use super::fields::Fields;

/// What the header line says.
#[derive(Debug)]
pub(super) struct Header {
    /// An ASCII character.
    separator: u8,
    columns: usize,
    pub(super) record: Option<usize>,
    pub(super) time: Option<Column>,
    /// First fetus, second fetus, mother.
    pub(super) rates: [Option<Column>; 3],
    pub(super) ua: Option<Column>,
}

/// A column that is read.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Columns before it.
    pub(super) at: usize,
    /// As the header calls it.
    pub(super) name: String,
    pub(super) quantity: Quantity,
}

/// What the fields of a column are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Quantity {
    /// A number in these steps.
    Number(Steps),
    /// A time in so many microseconds.
    Time(f64),
    /// A date and time.
    Timestamp,
}

/// In what a number counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Steps {
    /// Beats per minute, or units of activity.
    Units,
    /// Quarters of a bpm, or half units, as devices count.
    Device,
}

impl Header {
    pub(super) fn parse(line: &str) -> Result<Self, Refused> {
        let separator = separator_of(line);
        let names: Vec<&str> = split(line, separator).map(unquoted).collect();
        let mut header = Self {
            separator,
            columns: names.len(),
            record: None,
            time: None,
            rates: [None, None, None],
            ua: None,
        };
        for (at, name) in names.iter().enumerate() {
            header.note(at, name)?;
        }
        if header.rates[0].is_none() {
            return Err(Refused::NoFetalRate { found: names.join(", ") });
        }
        Ok(header)
    }

    /// Cuts a line below into its fields; what `fields` held before is let go.
    pub(super) fn cut<'a>(
        &self,
        line: usize,
        text: &'a str,
        fields: &mut Fields<'a>,
    ) -> Result<(), Refused> {
        fields.line = line;
        fields.fields.clear();
        fields.fields.extend(split(text, self.separator).map(unquoted));
        if fields.fields.len() != self.columns {
            let (found, expected) = (fields.fields.len(), self.columns);
            return Err(Refused::FieldCount { line, found, expected });
        }
        Ok(())
    }

    fn note(&mut self, at: usize, name: &str) -> Result<(), Refused> {
        use Quantity::{Number, Time, Timestamp};
        let bare = name.split(['(', '[']).next().unwrap_or_default().trim().to_ascii_lowercase();
        let (slot, quantity) = match bare.trim_end_matches("_bpm") {
            "record_id" | "record" => {
                self.record.get_or_insert(at);
                return Ok(());
            }
            "fhr" | "fhr1" | "hr1" => (&mut self.rates[0], Number(Steps::Units)),
            "fhr_q" | "fhr1_q" | "hr1_raw" => (&mut self.rates[0], Number(Steps::Device)),
            "fhr2" | "hr2" => (&mut self.rates[1], Number(Steps::Units)),
            "fhr2_q" | "hr2_raw" => (&mut self.rates[1], Number(Steps::Device)),
            "mhr" => (&mut self.rates[2], Number(Steps::Units)),
            "mhr_q" | "mhr_raw" => (&mut self.rates[2], Number(Steps::Device)),
            "uc" | "ua" | "toco" => (&mut self.ua, Number(Steps::Units)),
            "uc_h" | "toco_h" | "toco_raw" => (&mut self.ua, Number(Steps::Device)),
            "t_ms" | "time_ms" => (&mut self.time, Time(1e3)),
            "t_s" | "time_s" | "seconds" | "time" | "t" => (&mut self.time, Time(1e6)),
            "at" => (&mut self.time, Timestamp),
            _ => return Ok(()),
        };
        if let Some(first) = slot {
            let (first, second) = (first.name.clone(), name.to_owned());
            return Err(Refused::SameMeaning { first, second });
        }
        *slot = Some(Column { at, name: name.to_owned(), quantity });
        Ok(())
    }
}

/// The separator that the header has most of.
fn separator_of(line: &str) -> u8 {
    let count = |separator: &u8| line.bytes().filter(|byte| byte == separator).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// The pieces of a text between separators, which are ASCII: a byte is a whole character.
fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let whole = rest?;
        let (piece, after) = match whole.bytes().position(|byte| byte == separator) {
            Some(at) => (&whole[..at], Some(&whole[at + 1..])),
            None => (whole, None),
        };
        rest = after;
        Some(piece)
    })
}

fn unquoted(field: &str) -> &str {
    // Nearly every field is a bare number.
    if field.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"') {
        return field;
    }
    let field = field.trim();
    field.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(field).trim()
}
