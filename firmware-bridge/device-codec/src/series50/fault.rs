//! Why a frame was dropped, in the words of an engineer at the cable.

use core::fmt;

/// Why a frame was dropped. Its values are never shown; each variant counts the bytes of the
/// line it accounts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The checksum disagrees with the bytes; one disturbed bit on the cable is enough.
    Checksum {
        /// The CRC of the bytes as they came.
        computed: u16,
        /// The CRC the monitor sent.
        received: u16,
        /// Bytes of the line that were dropped.
        wire_bytes: usize,
    },
    /// A new frame started, or the line ended, before this one did.
    Truncated {
        /// Bytes of the line that were dropped, without the new start.
        wire_bytes: usize,
    },
    /// After a 10 inside a frame came a byte that the framing does not know.
    ///
    /// What is left of the frame counts as junk.
    Sequence {
        /// The byte after the 10.
        escaped: u8,
        /// Bytes of the line that were dropped, up to and with the wrong one.
        wire_bytes: usize,
    },
    /// The payload grew past [`super::PAYLOAD_BYTES_MAX`] without an end.
    ///
    /// Told once; what is left of the frame counts as junk.
    Oversize {
        /// Bytes of the line that were dropped, up to and with the first one too many.
        wire_bytes: usize,
    },
    /// The checksum is right and there is nothing inside, not even a type.
    Empty {
        /// Bytes of the line that were dropped.
        wire_bytes: usize,
    },
    /// The checksum is right and the block has not the length of its type.
    Length {
        /// The type character.
        block: u8,
        /// Bytes of the payload, with the type.
        payload_bytes: usize,
        /// Bytes of the line that were dropped.
        wire_bytes: usize,
    },
    /// Checksum and length are right and a byte inside is not one the type allows: a mark
    /// that is not `MM`, a request for neither `C` nor `I`.
    Content {
        /// The type character.
        block: u8,
        /// The byte that is not allowed.
        found: u8,
        /// Bytes of the line that were dropped.
        wire_bytes: usize,
    },
    /// The checksum is right and the type is none of this interface. Nothing is wrong with
    /// the line: the guide asks to ignore such blocks, and they are told only to be counted.
    UnknownType {
        /// The type character.
        block: u8,
        /// Bytes of the payload, with the type.
        payload_bytes: usize,
        /// Bytes of the line that were skipped.
        wire_bytes: usize,
    },
}

impl Fault {
    /// Bytes of the line this fault accounts for.
    #[must_use]
    pub const fn wire_bytes(&self) -> usize {
        match *self {
            Self::Checksum { wire_bytes, .. }
            | Self::Truncated { wire_bytes }
            | Self::Sequence { wire_bytes, .. }
            | Self::Oversize { wire_bytes }
            | Self::Empty { wire_bytes }
            | Self::Length { wire_bytes, .. }
            | Self::Content { wire_bytes, .. }
            | Self::UnknownType { wire_bytes, .. } => wire_bytes,
        }
    }

    /// Whether a second of CTG may have been in the dropped frame.
    ///
    /// True wherever the bytes cannot be trusted, because the type cannot either; with a
    /// right checksum only for a `C`.
    #[must_use]
    pub const fn may_hide_a_second(&self) -> bool {
        match *self {
            Self::Checksum { .. }
            | Self::Truncated { .. }
            | Self::Sequence { .. }
            | Self::Oversize { .. } => true,
            Self::Length { block, .. } | Self::Content { block, .. } => block == b'C',
            Self::Empty { .. } | Self::UnknownType { .. } => false,
        }
    }

    /// A stable English word for logs and counters.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Checksum { .. } => "crc_error",
            Self::Truncated { .. } => "truncated",
            Self::Sequence { .. } => "sequence_error",
            Self::Oversize { .. } => "oversize",
            Self::Empty { .. } => "empty",
            Self::Length { .. } => "length_error",
            Self::Content { .. } => "content_error",
            Self::UnknownType { .. } => "unknown_type",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Checksum { computed, received, wire_bytes } => write!(
                f,
                "checksum of a frame is {received:04x} instead of {computed:04x}, {wire_bytes} \
                 bytes dropped; if it repeats, check cable, plug and line speed"
            ),
            Self::Truncated { wire_bytes } => {
                write!(
                    f,
                    "a frame was cut short, {wire_bytes} bytes dropped; if it repeats, check cable and plug"
                )
            }
            Self::Sequence { escaped, wire_bytes } => write!(
                f,
                "byte {escaped:02x} after 10 inside a frame, {wire_bytes} bytes dropped; if it \
                 repeats, check cable, plug and line speed"
            ),
            Self::Oversize { wire_bytes } => write!(
                f,
                "a frame did not end, {wire_bytes} bytes dropped; if it repeats, check that \
                 this is a Series 50 line and its speed"
            ),
            Self::Empty { wire_bytes } => {
                write!(f, "an empty frame of {wire_bytes} bytes was skipped")
            }
            Self::Length { block, payload_bytes, wire_bytes } => write!(
                f,
                "block '{}' has {payload_bytes} bytes, which is not its length, {wire_bytes} \
                 bytes dropped; if it repeats, note model and software of the monitor",
                block.escape_ascii()
            ),
            Self::Content { block, found, wire_bytes } => write!(
                f,
                "block '{}' holds byte {found:02x} where it is not allowed, {wire_bytes} bytes \
                 dropped; if it repeats, note model and software of the monitor",
                block.escape_ascii()
            ),
            Self::UnknownType { block, payload_bytes, .. } => write!(
                f,
                "block of unknown type '{}' with {payload_bytes} bytes was skipped; nothing to do",
                block.escape_ascii()
            ),
        }
    }
}

impl core::error::Error for Fault {}
