//! A sealed file: the rows of one segment as Parquet, sorted by [`Table::SORT_COLUMNS`].
//!
//! Integers are delta-packed and names dictionary-coded, all of it under zstd. Pages hold ten
//! minutes of one device, and only the columns one searches by carry page statistics. The
//! file's own metadata repeat its manifest entry, so that a lost manifest can be written anew.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use serde::{Deserialize, Serialize};

use crate::durable::{self, CRC32};
use crate::error::StoreError;
use crate::manifest::{FileEntry, RunEntry, Span};
use crate::ranges::StoredRun;
use crate::schema::{ROWS_PER_BLOCK, VERSION_KEY};
use crate::table::Table;

/// Ten minutes of one device.
const PAGE_ROWS: usize = 2_400;
/// Some seventeen hours of one device; a whole number of blocks.
const ROW_GROUP_ROWS: usize = 240_000;
/// Rows read at once; a whole number of blocks.
const READ_ROWS: usize = 8_192;
const _: () = assert!(ROW_GROUP_ROWS.is_multiple_of(ROWS_PER_BLOCK), "no block is cut");
const _: () = assert!(READ_ROWS.is_multiple_of(ROWS_PER_BLOCK), "no block is cut");

/// Key under which the file repeats its manifest entry.
const CONTENTS_KEY: &str = "ubugoe.contents";
const MAGIC: &[u8; 4] = b"PAR1";

/// What a sealed file says of itself.
#[derive(Serialize, Deserialize)]
struct OwnContents {
    rows: u64,
    span: Span,
    runs: Vec<RunEntry>,
}

fn properties<T: Table>(contents: &OwnContents) -> WriterProperties {
    let own = serde_json::to_string(contents).expect("numbers and texts always make JSON");
    let schema = T::schema();
    let sorting = T::SORT_COLUMNS
        .iter()
        .map(|name| {
            let index = schema.index_of(name).expect("the table is sorted by its own columns");
            let column_idx = i32::try_from(index).expect("the table has some thirty columns");
            SortingColumn { column_idx, descending: false, nulls_first: false }
        })
        .collect();
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).expect("3 is a zstd level")))
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_sorting_columns(Some(sorting))
        .set_key_value_metadata(Some(vec![
            KeyValue::new(VERSION_KEY.to_owned(), T::VERSION.to_string()),
            KeyValue::new(CONTENTS_KEY.to_owned(), own),
        ]));
    for field in schema.fields() {
        let path = ColumnPath::from(field.name().as_str());
        builder = match field.data_type() {
            DataType::Utf8 | DataType::FixedSizeBinary(_) => {
                builder.set_column_dictionary_enabled(path, true)
            }
            // Checksums have no small steps to pack.
            _ if field.name() == "checksum" => builder,
            DataType::Timestamp(..) => {
                builder.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED)
            }
            of if of.is_integer() => {
                builder.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED)
            }
            _ => builder,
        };
    }
    for name in T::SORT_COLUMNS.iter().chain(T::SEARCH_COLUMNS) {
        let path = ColumnPath::from(*name);
        builder = builder.set_column_statistics_enabled(path, EnabledStatistics::Page);
    }
    builder.build()
}

/// Counts and sums what passes through to the file.
struct SummingFile {
    file: File,
    digest: crc::Digest<'static, u32, crc::Table<16>>,
    bytes: u64,
}

static SUMMED: crc::Crc<u32, crc::Table<16>> = CRC32;

impl Write for SummingFile {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.file.write(buffer)?;
        self.digest.update(&buffer[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes sorted rows as the sealed file `path` of `segment`, durable when it returns.
pub(crate) fn write<T: Table>(
    path: &Path,
    segment: u64,
    (span, runs): (Span, &[StoredRun]),
    rows: impl Iterator<Item = Result<RecordBatch, StoreError>>,
    row_count: u64,
) -> Result<FileEntry, StoreError> {
    let from = durable::temporary(path);
    let written = write_temporary::<T>(&from, (span, runs), rows, row_count).and_then(|summing| {
        durable::publish(&summing.file, &from, path)?;
        let (bytes, crc32) = (summing.bytes, summing.digest.finalize());
        Ok(FileEntry { segment, bytes, crc32, rows: row_count, span })
    });
    if written.is_err() {
        durable::remove_if_there(&from)?;
    }
    written
}

fn write_temporary<T: Table>(
    from: &Path,
    (span, runs): (Span, &[StoredRun]),
    rows: impl Iterator<Item = Result<RecordBatch, StoreError>>,
    row_count: u64,
) -> Result<SummingFile, StoreError> {
    let refused = |e| StoreError::parquet("write", from, e);
    let file = File::create(from).map_err(|e| StoreError::io("create", from, e))?;
    let summing = SummingFile { file, digest: SUMMED.digest(), bytes: 0 };
    let own =
        OwnContents { rows: row_count, span, runs: runs.iter().map(RunEntry::from).collect() };
    let mut writer =
        ArrowWriter::try_new(summing, T::schema(), Some(properties::<T>(&own))).map_err(refused)?;
    for batch in rows {
        writer.write(&batch?).map_err(refused)?;
    }
    writer.into_inner().map_err(refused)
}

/// Hands every item of a sealed file to `each`, in the file's order.
pub(crate) fn read<T: Table>(path: &Path, mut each: impl FnMut(T::Item)) -> Result<(), StoreError> {
    let refused = |e: ParquetError| StoreError::parquet("read", path, e);
    let file = File::open(path).map_err(|e| StoreError::io("open", path, e))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(|builder| builder.with_batch_size(READ_ROWS).build())
        .map_err(refused)?;
    for batch in reader {
        let batch = batch.map_err(|e| StoreError::arrow("read", path, e))?;
        let items = T::items(&batch)
            .map_err(|source| StoreError::Rows { path: path.to_owned(), source })?;
        items.into_iter().for_each(&mut each);
    }
    Ok(())
}

/// Looks at a sealed file's length, its two ends and its footer; pages are not read.
pub(crate) fn glance<T: Table>(path: &Path, bytes: u64) -> Result<(), StoreError> {
    let damaged = |reason: String| StoreError::SealedFile { path: path.to_owned(), reason };
    let io = |e| StoreError::io("read", path, e);
    let mut file = File::open(path).map_err(|e| StoreError::io("open", path, e))?;
    let (mut head, mut tail) = ([0; 4], [0; 4]);
    let length = file.metadata().map_err(io)?.len();
    if length >= 12 {
        file.read_exact(&mut head).map_err(io)?;
        file.seek(SeekFrom::End(-4)).map_err(io)?;
        file.read_exact(&mut tail).map_err(io)?;
    }
    if (&head, &tail) != (MAGIC, MAGIC) {
        return Err(damaged("it is not a Parquet file, or was cut".to_owned()));
    }
    if length != bytes {
        return Err(damaged(format!("it has {length} bytes, {bytes} were written")));
    }
    let footer = ParquetRecordBatchReaderBuilder::try_new(file)
        .map_err(|e| damaged(format!("its footer cannot be read: {e}")))?;
    if footer.schema().fields() != T::schema().fields() {
        return Err(damaged("it has other columns than this program writes".to_owned()));
    }
    Ok(())
}

/// Reads every byte of a sealed file and compares with what was written.
pub(crate) fn verify<T: Table>(path: &Path, bytes: u64, crc32: u32) -> Result<(), StoreError> {
    glance::<T>(path, bytes)?;
    let (found, _) = durable::file_crc(path)?;
    if found != crc32 {
        let reason = format!("its checksum is {found:08x}, {crc32:08x} was written");
        return Err(StoreError::SealedFile { path: path.to_owned(), reason });
    }
    Ok(())
}

/// The manifest entry of a sealed file, from the file itself.
pub(crate) fn own_entry<T: Table>(
    path: &Path,
    segment: u64,
) -> Result<(FileEntry, Vec<StoredRun>), StoreError> {
    let damaged = |reason: String| StoreError::SealedFile { path: path.to_owned(), reason };
    let length = fs::metadata(path).map_err(|e| StoreError::io("read", path, e))?.len();
    glance::<T>(path, length)?;
    let file = File::open(path).map_err(|e| StoreError::io("open", path, e))?;
    let footer = ParquetRecordBatchReaderBuilder::try_new(file)
        .map_err(|e| StoreError::parquet("read", path, e))?;
    let own = footer
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .and_then(|pairs| pairs.iter().find(|pair| pair.key == CONTENTS_KEY))
        .and_then(|pair| pair.value.as_deref())
        .ok_or_else(|| damaged("it does not say what it holds".to_owned()))?;
    let own: OwnContents =
        serde_json::from_str(own).map_err(|e| damaged(format!("what it says it holds: {e}")))?;
    let runs = own.runs.into_iter().map(StoredRun::try_from).collect::<Result<_, _>>();
    let (crc32, bytes) = durable::file_crc(path)?;
    let entry = FileEntry { segment, bytes, crc32, rows: own.rows, span: own.span };
    Ok((entry, runs.map_err(damaged)?))
}
