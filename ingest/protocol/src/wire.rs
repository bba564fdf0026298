//! Reading and writing little-endian fields with a bound on every step.

use core::fmt;

use vitals::WallTime;

/// Why bytes from outside were refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireError {
    /// The bytes end before the field that is due.
    Truncated {
        /// Which field.
        field: &'static str,
    },
    /// Bytes are left after the last field.
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// The checksum disagrees with the bytes.
    Checksum {
        /// What the bytes give.
        computed: u32,
        /// What was sent with them.
        received: u32,
    },
    /// A field holds a value that its type does not have.
    Value {
        /// Which field.
        field: &'static str,
        /// What it held.
        value: u64,
    },
    /// A version this build does not speak.
    Version {
        /// What was sent.
        received: u8,
    },
    /// A frame kind this build does not know.
    Kind {
        /// What was sent.
        received: u8,
    },
    /// A frame announces more than its kind may hold.
    Oversize {
        /// Bytes announced.
        announced: usize,
        /// Bytes allowed.
        max: usize,
    },
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { field } => write!(f, "the bytes end before \"{field}\""),
            Self::Trailing { bytes } => write!(f, "{bytes} bytes are left over"),
            Self::Checksum { computed, received } => {
                write!(f, "checksum {received:08x} was sent, the bytes give {computed:08x}")
            }
            Self::Value { field, value } => write!(f, "\"{field}\" cannot be {value}"),
            Self::Version { received } => write!(f, "version {received} is not spoken here"),
            Self::Kind { received } => write!(f, "frame kind {received:#04x} is not known"),
            Self::Oversize { announced, max } => {
                write!(f, "a frame of {announced} bytes was announced, {max} are allowed")
            }
        }
    }
}

impl core::error::Error for WireError {}

/// CRC-32 as in Ethernet and zip (check value CBF43926).
const CRC32: crc::Crc<u32, crc::Table<16>> =
    crc::Crc::<u32, crc::Table<16>>::new(&crc::CRC_32_ISO_HDLC);

pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    CRC32.checksum(bytes)
}

/// Takes fields off the front of bytes.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn take(
        &mut self,
        count: usize,
        field: &'static str,
    ) -> Result<&'a [u8], WireError> {
        let (taken, rest) =
            self.rest.split_at_checked(count).ok_or(WireError::Truncated { field })?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(
        &mut self,
        field: &'static str,
    ) -> Result<[u8; N], WireError> {
        let (taken, rest) =
            self.rest.split_first_chunk::<N>().ok_or(WireError::Truncated { field })?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(crate) fn u8(&mut self, field: &'static str) -> Result<u8, WireError> {
        Ok(self.array::<1>(field)?[0])
    }

    pub(crate) fn u16(&mut self, field: &'static str) -> Result<u16, WireError> {
        Ok(u16::from_le_bytes(self.array(field)?))
    }

    pub(crate) fn u32(&mut self, field: &'static str) -> Result<u32, WireError> {
        Ok(u32::from_le_bytes(self.array(field)?))
    }

    pub(crate) fn u64(&mut self, field: &'static str) -> Result<u64, WireError> {
        Ok(u64::from_le_bytes(self.array(field)?))
    }

    pub(crate) fn i32(&mut self, field: &'static str) -> Result<i32, WireError> {
        Ok(i32::from_le_bytes(self.array(field)?))
    }

    pub(crate) fn i64(&mut self, field: &'static str) -> Result<i64, WireError> {
        Ok(i64::from_le_bytes(self.array(field)?))
    }

    pub(crate) fn u128(&mut self, field: &'static str) -> Result<u128, WireError> {
        Ok(u128::from_le_bytes(self.array(field)?))
    }

    /// A text behind its length in one byte.
    pub(crate) fn text(&mut self, field: &'static str) -> Result<&'a str, WireError> {
        let len = usize::from(self.u8(field)?);
        let bytes = self.take(len, field)?;
        core::str::from_utf8(bytes)
            .map_err(|e| WireError::Value { field, value: e.valid_up_to() as u64 })
    }

    pub(crate) fn finish(self) -> Result<(), WireError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(WireError::Trailing { bytes: self.rest.len() })
        }
    }
}

/// Writes a text behind its length in one byte, cut at a character where it is longer.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    let mut end = text.len().min(usize::from(u8::MAX));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    out.push(u8::try_from(end).expect("cut to 255 above"));
    out.extend_from_slice(&text.as_bytes()[..end]);
}

/// A text of at most `max` bytes; a longer one is refused, unlike a [`Reader::text`].
pub(crate) fn label(
    reader: &mut Reader<'_>,
    field: &'static str,
    max: usize,
) -> Result<String, WireError> {
    let text = reader.text(field)?;
    if text.len() > max {
        return Err(WireError::Value { field, value: text.len() as u64 });
    }
    Ok(text.to_owned())
}

/// Writes a text that [`label`] accepts, cut at a character where it is longer.
pub(crate) fn put_label(out: &mut Vec<u8>, text: &str, max: usize) {
    let mut end = text.len().min(max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    put_text(out, &text[..end]);
}

/// What a number of 16 bits holds where there is none.
const NONE_U16: u16 = u16::MAX;

/// A number of 16 bits, or none.
pub(crate) fn optional_u16(
    reader: &mut Reader<'_>,
    field: &'static str,
) -> Result<Option<u16>, WireError> {
    Ok(Some(reader.u16(field)?).filter(|number| *number != NONE_U16))
}

/// Writes a number of 16 bits, or none.
pub(crate) fn put_optional_u16(out: &mut Vec<u8>, number: Option<u16>) {
    out.extend_from_slice(&number.unwrap_or(NONE_U16).to_le_bytes());
}

/// A share of 0 to 100.
pub(crate) fn percent(reader: &mut Reader<'_>, field: &'static str) -> Result<u8, WireError> {
    match reader.u8(field)? {
        percent @ 0..=100 => Ok(percent),
        value => Err(WireError::Value { field, value: value.into() }),
    }
}

/// Bytes that are 0 until a later version gives them a meaning.
pub(crate) fn reserved(reader: &mut Reader<'_>, count: usize) -> Result<(), WireError> {
    match reader.take(count, "reserved")?.iter().find(|byte| **byte != 0) {
        None => Ok(()),
        Some(byte) => Err(WireError::Value { field: "reserved", value: (*byte).into() }),
    }
}

/// A start and an end that does not lie before it.
pub(crate) fn span(reader: &mut Reader<'_>) -> Result<(WallTime, WallTime), WireError> {
    let from = WallTime(reader.i64("from")?);
    let to = WallTime(reader.i64("to")?);
    if to < from {
        return Err(WireError::Value { field: "to", value: to.0.cast_unsigned() });
    }
    Ok((from, to))
}

/// A time that lies within `from..=to`.
pub(crate) fn within(time: WallTime, from: WallTime, to: WallTime) -> Result<WallTime, WireError> {
    if from <= time && time <= to {
        Ok(time)
    } else {
        Err(WireError::Value { field: "extreme_at", value: time.0.cast_unsigned() })
    }
}
