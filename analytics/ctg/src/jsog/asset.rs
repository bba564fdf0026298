//! The table as a versioned asset: a text in which every cell stands beside its names.
//!
//! A positional array that two enums share is how such a table gets its columns swapped; so a
//! cell is written and read by name, and a text with anything missing, doubled, unknown or out
//! of range is refused.

use super::{Cells, Column, JsogLevel, JsogTable, Matrix, Reviewers, Row, TableIdentity};

/// SHA-256 of the shipped text; a test recomputes it.
pub(super) const SHA256: [u8; 32] = [
    0x04, 0xdb, 0x18, 0x40, 0x7b, 0xe2, 0xb9, 0x25, 0x58, 0xf4, 0xaf, 0x47, 0x25, 0x07, 0x15, 0x7e,
    0x78, 0x23, 0x93, 0x06, 0x9c, 0x4b, 0x79, 0x4e, 0xb2, 0xab, 0x7b, 0x64, 0x20, 0xc0, 0x3c, 0x3b,
];

/// Why a text is not the table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableError {
    /// A line that is none of the table; lines count from 1.
    Line(usize),
    /// A cell, a row, the version or a reviewer stands twice; the line of the second.
    Twice(usize),
    /// Something is missing.
    Missing,
}

impl core::fmt::Display for TableError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line} is none of a classification table"),
            Self::Twice(line) => write!(f, "line {line} says again what was said"),
            Self::Missing => f.write_str("a row, a cell, the version or a reviewer is missing"),
        }
    }
}

impl core::error::Error for TableError {}

/// Reads a table.
pub(super) fn parse(text: &'static str, sha256: [u8; 32]) -> Result<JsogTable, TableError> {
    let mut version = None;
    let mut signed = Vec::new();
    let mut cells = Cells { levels: [[[None; 8]; 4]; 5] };
    let mut known = [[false; 4]; 5];
    for (line, content) in text.lines().enumerate().map(|(at, content)| (at + 1, content.trim())) {
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let (word, rest) = content.split_once(' ').ok_or(TableError::Line(line))?;
        match word {
            "version" if version.is_some() => return Err(TableError::Twice(line)),
            "version" => version = Some(rest.trim()),
            "reviewer" if signed.len() == 2 => return Err(TableError::Twice(line)),
            "reviewer" => signed.push(rest.trim()),
            _ => row(word, rest, line, &mut cells, &mut known)?,
        }
    }
    if known != [[true; 4]; 5] {
        return Err(TableError::Missing);
    }
    let reviewers = match signed[..] {
        ["-", "-"] => Reviewers::None,
        [one, other] if one != "-" && other != "-" && one != other => Reviewers::Signed(one, other),
        _ => return Err(TableError::Missing),
    };
    let version = version.ok_or(TableError::Missing)?;
    Ok(JsogTable { identity: TableIdentity { version, sha256, reviewers }, cells })
}

/// Reads one row: the matrix, the row or "any" for all, and a level for every column.
fn row(
    matrix: &str,
    rest: &str,
    line: usize,
    cells: &mut Cells,
    known: &mut [[bool; 4]; 5],
) -> Result<(), TableError> {
    let wrong = TableError::Line(line);
    let matrix = Matrix::ALL.into_iter().find(|m| m.word() == matrix).ok_or(wrong.clone())?;
    let mut words = rest.split_whitespace();
    let name = words.next().ok_or(wrong.clone())?;
    let rows: Vec<Row> =
        Row::ALL.into_iter().filter(|row| name == "any" || name == row.word()).collect();
    let mut found: [Option<Option<JsogLevel>>; 8] = [None; 8];
    for word in words {
        let (column, level) = word.split_once('=').ok_or(wrong.clone())?;
        let column = Column::ALL.into_iter().find(|c| c.word() == column).ok_or(wrong.clone())?;
        let level = match level {
            "-" => None,
            digit => {
                let digit = digit.parse().ok().and_then(JsogLevel::from_number);
                Some(digit.ok_or(wrong.clone())?)
            }
        };
        if found[column as usize].replace(level).is_some() {
            return Err(TableError::Twice(line));
        }
    }
    if rows.is_empty() || found.contains(&None) {
        return Err(wrong);
    }
    for row in rows {
        let is_known = &mut known[matrix as usize][row as usize];
        if core::mem::replace(is_known, true) {
            return Err(TableError::Twice(line));
        }
        cells.levels[matrix as usize][row as usize] = found.map(Option::flatten);
    }
    Ok(())
}
