//! Rows on their way out: a table for people; CSV, JSON lines and Parquet for programs.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::json::writer::{LineDelimited, Writer as JsonWriter};
use datafusion::arrow::{csv, json};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::properties::WriterProperties;

use crate::error::OutcomeError;
use crate::text_table::TextTable;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Aligned columns for reading; NULL as such.
    Table,
    /// Comma-separated with a header line; NULL is empty.
    Csv,
    /// One JSON object a line; NULL is null.
    Json,
    /// An Apache Parquet file.
    Parquet,
}

impl Format {
    /// What a file's name or the kind of output suggests.
    #[must_use]
    pub fn suggested(out: Option<&Path>) -> Self {
        let extension = out.and_then(Path::extension).and_then(|extension| extension.to_str());
        match extension {
            Some("json" | "jsonl" | "ndjson") => Self::Json,
            Some("parquet") => Self::Parquet,
            _ if out.is_none() && io::stdout().is_terminal() => Self::Table,
            _ => Self::Csv,
        }
    }
}

/// Where rows go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Standard output.
    Standard,
    /// A file, replaced when the last row is written and not before.
    File(PathBuf),
}

impl Destination {
    fn name(&self) -> String {
        match self {
            Self::Standard => "standard output".to_owned(),
            Self::File(path) => format!("\"{}\"", path.display()),
        }
    }

    /// The file that is written before it gets its name.
    fn temporary(path: &Path) -> PathBuf {
        let mut name = path.as_os_str().to_owned();
        name.push(".part");
        name.into()
    }
}

/// Writes rows in one format to one place.
pub struct RowWriter {
    sink: Sink,
    to: Destination,
    reader_gone: Arc<AtomicBool>,
}

enum Sink {
    Table(TextTable<Pipe>),
    Csv(csv::Writer<Pipe>),
    Json(JsonWriter<Pipe, LineDelimited>),
    Parquet(ArrowWriter<Pipe>),
}

/// The output, remembering whether its reader went away: the writers above wrap errors.
struct Pipe {
    to: BufWriter<Box<dyn Write + Send>>,
    reader_gone: Arc<AtomicBool>,
}

impl Pipe {
    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if result.as_ref().is_err_and(|e| e.kind() == io::ErrorKind::BrokenPipe) {
            self.reader_gone.store(true, Ordering::Relaxed);
        }
        result
    }
}

impl Write for Pipe {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let result = self.to.write(buffer);
        self.note(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.to.flush();
        self.note(result)
    }
}

impl RowWriter {
    /// Begins the output of rows with these columns.
    ///
    /// # Errors
    ///
    /// [`OutcomeError::Question`] for Parquet on a terminal, [`OutcomeError::Write`] where
    /// the file cannot be made.
    pub fn begin(
        format: Format,
        to: Destination,
        schema: &SchemaRef,
    ) -> Result<Self, OutcomeError> {
        let reader_gone = Arc::new(AtomicBool::new(false));
        let raw: Box<dyn Write + Send> = match &to {
            Destination::Standard => Box::new(io::stdout()),
            Destination::File(path) => {
                let file = File::create(Destination::temporary(path))
                    .map_err(|source| OutcomeError::Write { to: to.name(), source })?;
                Box::new(file)
            }
        };
        let pipe = Pipe { to: BufWriter::new(raw), reader_gone: Arc::clone(&reader_gone) };
        let sink = match format {
            Format::Table => Sink::Table(TextTable::new(pipe, schema)),
            Format::Csv => Sink::Csv(csv::WriterBuilder::new().with_header(true).build(pipe)),
            Format::Json => {
                let builder = json::WriterBuilder::new().with_explicit_nulls(true);
                Sink::Json(builder.build::<_, LineDelimited>(pipe))
            }
            Format::Parquet => Sink::Parquet(
                ArrowWriter::try_new(pipe, Arc::clone(schema), Some(parquet_properties()))
                    .map_err(|e| OutcomeError::Answer(e.to_string()))?,
            ),
        };
        let mut writer = Self { sink, to, reader_gone };
        if format == Format::Csv {
            // A header also where no row follows.
            writer.write(&RecordBatch::new_empty(Arc::clone(schema)))?;
        }
        Ok(writer)
    }

    /// Writes some rows.
    ///
    /// # Errors
    ///
    /// [`OutcomeError::Write`]; [`OutcomeError::ReaderGone`] where nobody reads any more.
    pub fn write(&mut self, rows: &RecordBatch) -> Result<(), OutcomeError> {
        let written = match &mut self.sink {
            Sink::Table(table) => table.write(rows).map_err(arrow_io),
            Sink::Csv(csv) => csv.write(rows).map_err(arrow_io),
            Sink::Json(json) => json.write(rows).map_err(arrow_io),
            Sink::Parquet(parquet) => parquet.write(rows).map_err(parquet_io),
        };
        written.map_err(|e| self.failed(e))
    }

    /// Writes what is due at the end, and gives a file its name.
    ///
    /// # Errors
    ///
    /// As [`RowWriter::write`].
    pub fn finish(mut self) -> Result<(), OutcomeError> {
        let written = match &mut self.sink {
            Sink::Table(table) => table.finish().map_err(arrow_io),
            // Every batch was flushed by `write`.
            Sink::Csv(_) => Ok(()),
            Sink::Json(json) => {
                json.finish().map_err(arrow_io).and_then(|()| json.get_mut().flush())
            }
            Sink::Parquet(parquet) => {
                parquet.finish().map_err(parquet_io).and_then(|_| parquet.inner_mut().flush())
            }
        };
        written.map_err(|e| self.failed(e))?;
        if let Destination::File(path) = &self.to {
            fs::rename(Destination::temporary(path), path)
                .map_err(|source| OutcomeError::Write { to: self.to.name(), source })?;
        }
        Ok(())
    }

    /// Takes back what was begun: a half-written file is removed.
    pub fn abandon(self) {
        if let Destination::File(path) = &self.to
            && let Err(error) = fs::remove_file(Destination::temporary(path))
        {
            eprintln!("warning: the unfinished {} stays: {error}", path.display());
        }
    }

    fn failed(&self, source: io::Error) -> OutcomeError {
        if self.reader_gone.load(Ordering::Relaxed) {
            return OutcomeError::ReaderGone;
        }
        OutcomeError::Write { to: self.to.name(), source }
    }
}

fn parquet_properties() -> WriterProperties {
    let level = ZstdLevel::try_new(3).expect("3 is a zstd level");
    WriterProperties::builder().set_compression(Compression::ZSTD(level)).build()
}

fn arrow_io(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, source) => source,
        other => io::Error::other(other),
    }
}

fn parquet_io(error: ParquetError) -> io::Error {
    io::Error::other(error)
}
