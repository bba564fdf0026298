//! A hot segment: an Arrow IPC stream that grows by one record batch a commit.
//!
//! ```text
//! segment  = frame of the schema, then a frame for each commit
//! frame    = FF FF FF FF
//!            length of the metadata and the seal      u32
//!            metadata, an Arrow message, padded to 8
//!            seal     "UBG", version of the table     4
//!                     length of the body              u32
//!                     CRC-32 of metadata, the eight   u32
//!                       bytes above, and the body
//!                     0                               u32
//!            body, padded to 8
//! ```
//!
//! All numbers are little-endian. The seal stands where Arrow has padding, so that any Arrow
//! reader opens a segment; it lets us tell a whole commit from a torn one, and from garbage
//! after a power cut, before Arrow looks at a byte of it. Every frame begins on a multiple of
//! eight bytes, so that the frames after a damaged one are found again.

use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::buffer::Buffer;
use arrow::error::ArrowError;
use arrow::ipc::reader::read_record_batch;
use arrow::ipc::root_as_message;
use arrow::ipc::writer::{DictionaryTracker, EncodedData, IpcDataGenerator, IpcWriteOptions};

use crate::durable::CRC32;
use crate::error::StoreError;
use crate::table::Table;

const CONTINUATION: [u8; 4] = [0xff; 4];
const MAGIC: [u8; 3] = *b"UBG";
/// Bytes before the metadata.
const PREFIX_BYTES: usize = 8;
/// Bytes of the seal behind the metadata.
const SEAL_BYTES: usize = 16;
const ALIGNMENT: usize = 8;

/// The frame a segment begins with.
pub(crate) fn schema_frame<T: Table>() -> Vec<u8> {
    let message = IpcDataGenerator::default().schema_to_bytes_with_dictionary_tracker(
        &T::schema(),
        &mut DictionaryTracker::new(false),
        &options(),
    );
    let mut out = Vec::new();
    put_frame::<T>(&mut out, &message);
    out
}

/// Appends the frame of one commit.
///
/// # Errors
///
/// What Arrow says; it has no reason to with our schema.
pub(crate) fn put_commit<T: Table>(
    out: &mut Vec<u8>,
    rows: &RecordBatch,
) -> Result<(), ArrowError> {
    let (dictionaries, message) = IpcDataGenerator::default().encode(
        rows,
        &mut DictionaryTracker::new(false),
        &options(),
        &mut Default::default(),
    )?;
    assert!(dictionaries.is_empty(), "the table has no dictionary columns");
    put_frame::<T>(out, &message);
    Ok(())
}

fn options() -> IpcWriteOptions {
    IpcWriteOptions::try_new(ALIGNMENT, false, arrow::ipc::MetadataVersion::V5)
        .expect("8 is one of the alignments Arrow has")
}

fn put_frame<T: Table>(out: &mut Vec<u8>, message: &EncodedData) {
    let metadata_bytes = message.ipc_message.len().next_multiple_of(ALIGNMENT);
    let body_bytes = message.arrow_data.len().next_multiple_of(ALIGNMENT);
    let length = |bytes| u32::try_from(bytes).expect("a commit has at most 65,536 items");
    out.extend_from_slice(&CONTINUATION);
    out.extend_from_slice(&length(metadata_bytes + SEAL_BYTES).to_le_bytes());
    let start = out.len();
    out.extend_from_slice(&message.ipc_message);
    out.resize(start + metadata_bytes, 0);
    out.extend_from_slice(&MAGIC);
    out.push(T::VERSION);
    out.extend_from_slice(&length(body_bytes).to_le_bytes());
    let crc_at = out.len();
    out.extend_from_slice(&[0; 8]);
    let body_at = out.len();
    out.extend_from_slice(&message.arrow_data);
    out.resize(body_at + body_bytes, 0);
    let crc = frame_crc(&out[start..crc_at], &out[body_at..]);
    out[crc_at..crc_at + 4].copy_from_slice(&crc.to_le_bytes());
}

fn frame_crc(metadata_and_seal: &[u8], body: &[u8]) -> u32 {
    let mut digest = CRC32.digest();
    digest.update(metadata_and_seal);
    digest.update(body);
    digest.finalize()
}

/// What a segment holds.
#[derive(Debug)]
pub(crate) struct Contents {
    /// The commits, oldest first.
    pub(crate) commits: Vec<RecordBatch>,
    /// Where the last whole frame ends; everything behind it was never acknowledged, or is
    /// beyond repair.
    pub(crate) good_bytes: u64,
    /// Bytes before [`Contents::good_bytes`] that belong to no whole frame.
    pub(crate) bad_bytes_inside: u64,
    /// Bytes behind it, zeros at the very end not counted.
    pub(crate) bad_bytes_behind: u64,
}

/// Reads a segment, of its first `limit` bytes at most.
///
/// `each` gets the number of a commit in [`Contents::commits`] and its items.
pub(crate) fn read<T: Table>(
    path: &Path,
    limit: u64,
    each: impl FnMut(usize, Vec<T::Item>),
) -> Result<Contents, StoreError> {
    let mut bytes = fs::read(path).map_err(|e| StoreError::io("read", path, e))?;
    bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(scan::<T>(&Buffer::from_vec(bytes), each))
}

/// Finds every whole commit in the bytes of a segment; the commits share the bytes.
fn scan<T: Table>(bytes: &Buffer, mut each: impl FnMut(usize, Vec<T::Item>)) -> Contents {
    let (mut at, mut good_bytes, mut framed) = (0, 0, 0);
    let mut commits = Vec::new();
    while at < bytes.len() {
        let found = frame_at::<T>(bytes, at)
            .and_then(|frame| Some((frame.end, decode::<T>(bytes, frame)?)));
        let Some((end, found)) = found else {
            at += ALIGNMENT;
            continue;
        };
        if let Found::Commit(rows, items) = found {
            each(commits.len(), items);
            commits.push(rows);
        }
        framed += end - at;
        (at, good_bytes) = (end, end);
    }
    let behind = &bytes[good_bytes..];
    let nonzero = behind.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    Contents {
        commits,
        good_bytes: good_bytes as u64,
        bad_bytes_inside: (good_bytes - framed) as u64,
        bad_bytes_behind: nonzero as u64,
    }
}

/// Where the parts of a frame lie.
struct Frame {
    metadata: Range<usize>,
    body: Range<usize>,
    end: usize,
}

/// The frame that begins at `at`, where one does and is whole.
fn frame_at<T: Table>(bytes: &[u8], at: usize) -> Option<Frame> {
    let rest = bytes.get(at..)?.strip_prefix(&CONTINUATION)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let metadata_bytes = length.checked_sub(SEAL_BYTES)?;
    let (metadata, body) = rest.split_at_checked(length)?;
    let (sealed, crc) = metadata.split_at_checked(metadata_bytes + 8)?;
    let body_bytes = sealed[metadata_bytes..].strip_prefix(&MAGIC)?.strip_prefix(&[T::VERSION])?;
    let body_bytes = u32::from_le_bytes(body_bytes.try_into().ok()?);
    let body = body.get(..usize::try_from(body_bytes).ok()?)?;
    let (stored, reserved) = crc.split_first_chunk::<4>()?;
    if frame_crc(sealed, body) != u32::from_le_bytes(*stored) || reserved != [0; 4] {
        return None;
    }
    let metadata = at + PREFIX_BYTES;
    let body_at = metadata + length;
    let end = body_at + body.len();
    Some(Frame { metadata: metadata..metadata + metadata_bytes, body: body_at..end, end })
}

/// What a whole frame carries.
enum Found<T: Table> {
    Schema,
    Commit(RecordBatch, Vec<T::Item>),
}

/// Reads a whole frame; `None` where it holds anything but items that prove themselves.
fn decode<T: Table>(bytes: &Buffer, frame: Frame) -> Option<Found<T>> {
    let message = root_as_message(&bytes[frame.metadata]).ok()?;
    if message.header_as_schema().is_some() {
        return Some(Found::Schema);
    }
    let body = bytes.slice_with_length(frame.body.start, frame.body.len());
    let rows = message.header_as_record_batch()?;
    let rows =
        read_record_batch(&body, rows, T::schema(), &HashMap::new(), None, &message.version())
            .ok()?;
    let items = T::items(&rows).ok()?;
    Some(Found::Commit(rows, items))
}
