//! Rows as aligned text, streamed: widths come from the first rows.

use std::io::Write;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

/// Rows that are looked at for the widths. Longer cells further down stick out.
const SAMPLED_ROWS: usize = 2_000;

/// Writes rows as aligned text.
pub(crate) struct TextTable<W> {
    to: W,
    names: Vec<String>,
    right: Vec<bool>,
    widths: Vec<usize>,
    /// Rows held back until the widths are known.
    held: Vec<Vec<String>>,
    begun: bool,
    rows: u64,
}

impl<W: Write> TextTable<W> {
    pub(crate) fn new(to: W, schema: &SchemaRef) -> Self {
        let names: Vec<_> = schema.fields().iter().map(|field| field.name().clone()).collect();
        Self {
            to,
            right: schema.fields().iter().map(|field| field.data_type().is_numeric()).collect(),
            widths: names.iter().map(|name| name.chars().count()).collect(),
            names,
            held: Vec::new(),
            begun: false,
            rows: 0,
        }
    }

    pub(crate) fn write(&mut self, rows: &RecordBatch) -> Result<(), ArrowError> {
        let options = FormatOptions::default().with_null("NULL");
        let columns = rows
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column, &options))
            .collect::<Result<Vec<_>, _>>()?;
        for row in 0..rows.num_rows() {
            let cells = columns
                .iter()
                .map(|column| column.value(row).try_to_string())
                .collect::<Result<Vec<_>, _>>()?;
            self.rows += 1;
            if self.begun {
                self.line(&cells)?;
                continue;
            }
            for (width, cell) in self.widths.iter_mut().zip(&cells) {
                *width = (*width).max(cell.chars().count());
            }
            self.held.push(cells);
            if self.held.len() == SAMPLED_ROWS {
                self.begin()?;
            }
        }
        Ok(())
    }

    pub(crate) fn finish(&mut self) -> Result<(), ArrowError> {
        if !self.begun {
            self.begin()?;
        }
        let plural = if self.rows == 1 { "" } else { "s" };
        writeln!(self.to, "({} row{plural})", self.rows)?;
        self.to.flush()?;
        Ok(())
    }

    fn begin(&mut self) -> Result<(), ArrowError> {
        self.begun = true;
        let names = std::mem::take(&mut self.names);
        self.line(&names)?;
        let rules: Vec<_> = self.widths.iter().map(|&width| "─".repeat(width)).collect();
        self.line(&rules)?;
        for cells in std::mem::take(&mut self.held) {
            self.line(&cells)?;
        }
        Ok(())
    }

    fn line(&mut self, cells: &[String]) -> Result<(), ArrowError> {
        let mut line = String::new();
        for (index, cell) in cells.iter().enumerate() {
            let width = self.widths[index];
            if index > 0 {
                line.push_str("  ");
            }
            if self.right[index] {
                line.push_str(&format!("{cell:>width$}"));
            } else {
                line.push_str(&format!("{cell:<width$}"));
            }
        }
        writeln!(self.to, "{}", line.trim_end())?;
        Ok(())
    }
}
