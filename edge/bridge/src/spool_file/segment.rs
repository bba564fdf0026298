//! The records of one segment file: written one behind the other, read back past any damage.

use protocol::BLOCK_BYTES_MAX;

/// Bytes before the first record.
pub(super) const HEADER_BYTES: usize = 8;
/// What a segment begins with: its name, and version 1.
pub(super) const HEADER: [u8; HEADER_BYTES] = *b"UBGSPL\x01\x00";
/// Bytes of a record before its block.
pub(super) const RECORD_HEADER_BYTES: usize = 6;
/// Most bytes of a record.
pub(super) const RECORD_BYTES_MAX: usize = RECORD_HEADER_BYTES + BLOCK_BYTES_MAX;
/// Fewest bytes of a block: a device's name has at least one.
const BLOCK_BYTES_MIN: usize = 103;

const CRC32: crc::Crc<u32, crc::Table<16>> =
    crc::Crc::<u32, crc::Table<16>>::new(&crc::CRC_32_ISO_HDLC);

/// Writes a block as a record.
pub(super) fn encode(block: &[u8]) -> Vec<u8> {
    let len = u16::try_from(block.len()).expect("a block is below 256 bytes").to_le_bytes();
    let mut record = Vec::with_capacity(RECORD_HEADER_BYTES + block.len());
    record.extend_from_slice(&len);
    record.extend_from_slice(&checksum(len, block).to_le_bytes());
    record.extend_from_slice(block);
    record
}

/// What stands at one place of a segment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// A whole record; its block.
    Record {
        /// Where the record begins.
        at: usize,
        block: &'a [u8],
    },
    /// Bytes that are no record, before one that is.
    Damage { at: usize, bytes: usize },
    /// Bytes at the end that are no whole record, perhaps the beginning of one.
    Tail { at: usize, bytes: usize },
}

/// Reads what stands behind one another in `bytes`.
pub(super) struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The block at `at`, where a whole record is there.
    fn record(&self, at: usize) -> Option<&'a [u8]> {
        let (header, rest) = self.bytes.get(at..)?.split_first_chunk::<RECORD_HEADER_BYTES>()?;
        let [low, high, crc @ ..] = *header;
        let len = usize::from(u16::from_le_bytes([low, high]));
        if !(BLOCK_BYTES_MIN..=BLOCK_BYTES_MAX).contains(&len) {
            return None;
        }
        let block = rest.get(..len)?;
        (checksum([low, high], block) == u32::from_le_bytes(crc)).then_some(block)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Found<'a>;

    fn next(&mut self) -> Option<Found<'a>> {
        let at = self.at;
        if at >= self.bytes.len() {
            return None;
        }
        if let Some(block) = self.record(at) {
            self.at += RECORD_HEADER_BYTES + block.len();
            return Some(Found::Record { at, block });
        }
        // A damaged length says nothing about where the next record is, so each byte is tried.
        let next = (at + 1..self.bytes.len()).find(|place| self.record(*place).is_some());
        self.at = next.unwrap_or(self.bytes.len());
        let bytes = self.at - at;
        Some(match next {
            Some(_) => Found::Damage { at, bytes },
            None => Found::Tail { at, bytes },
        })
    }
}

fn checksum(len: [u8; 2], block: &[u8]) -> u32 {
    let mut digest = CRC32.digest();
    digest.update(&len);
    digest.update(block);
    digest.finalize()
}
