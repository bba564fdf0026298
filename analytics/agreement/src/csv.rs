//! Tables of plain values with commas between them: no quotes, no commas inside.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::AgreementError;

/// A table, read whole.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    path: PathBuf,
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'t> {
    table: &'t Table,
    at: usize,
}

impl Table {
    pub fn read(path: &Path) -> Result<Self, AgreementError> {
        let text = fs::read_to_string(path)
            .map_err(|source| AgreementError::Read { path: path.to_owned(), source })?;
        Self::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, AgreementError> {
        let cells = |line: &str| line.split(',').map(|cell| cell.trim().to_owned()).collect();
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let names: Vec<String> = lines.next().map(cells).unwrap_or_default();
        let rows: Vec<Vec<String>> = lines.map(cells).collect();
        let odd = rows.iter().position(|row| row.len() != names.len());
        if let Some(at) = odd {
            let (found, wanted) = (rows[at].len(), names.len());
            let reason = format!("has {found} values in row {}; its header has {wanted}", at + 1);
            return Err(AgreementError::contents(path, reason));
        }
        Ok(Self { path: path.to_owned(), names, rows })
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows.len()).map(|at| Row { table: self, at })
    }
}

impl<'t> Row<'t> {
    /// The value of a column, as it stands.
    pub fn text(self, column: &str) -> Result<&'t str, AgreementError> {
        let place = self.table.names.iter().position(|name| name == column);
        let missing =
            || AgreementError::contents(&self.table.path, format!("has no column {column}"));
        place.map(|place| self.table.rows[self.at][place].as_str()).ok_or_else(missing)
    }

    /// The value of a column as a number.
    pub fn number<N: std::str::FromStr>(self, column: &str) -> Result<N, AgreementError> {
        let text = self.text(column)?;
        let wrong = |_| {
            let reason = format!("has \"{text}\" as {column} in row {}; not a number", self.at + 1);
            AgreementError::contents(&self.table.path, reason)
        };
        text.parse().map_err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(error: &AgreementError) -> String {
        error.to_string()
    }

    #[test]
    fn a_value_is_found_by_its_column() {
        let table = Table::parse(Path::new("x.csv"), "a,b\n1,2\n\n3,x\n").unwrap();
        let rows: Vec<_> = table.rows().collect();
        assert_eq!(rows[0].number::<u32>("b").unwrap(), 2);
        assert_eq!(rows[1].text("a").unwrap(), "3");
        let wrong = rows[1].number::<u32>("b").unwrap_err();
        assert_eq!(message(&wrong), "\"x.csv\" has \"x\" as b in row 2; not a number");
        assert_eq!(message(&rows[0].text("c").unwrap_err()), "\"x.csv\" has no column c");
    }

    #[test]
    fn a_row_of_another_length_is_named() {
        let error = Table::parse(Path::new("x.csv"), "a,b\n1,2\n1\n").unwrap_err();
        assert_eq!(message(&error), "\"x.csv\" has 1 values in row 2; its header has 2");
    }
}
