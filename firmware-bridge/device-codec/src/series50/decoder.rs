//! Bytes of the line to events.

use core::fmt;

use super::fault::Fault;
use super::frame::{FrameReader, Framed};
use super::message::Message;

/// What a stretch of the line was.
///
/// Every byte of the line belongs to exactly one event: the bytes of all events, and those
/// of [`Decoder::finish`], sum up to the bytes pushed. Events come in the order of their
/// bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a note of 508 bytes has to go somewhere and there is no heap; an event is read at once"
)]
pub enum Event {
    /// A whole message with the right checksum.
    Message {
        /// What it says.
        message: Message,
        /// Its bytes on the line, from the start to the checksum, escapes included: ten bits
        /// each, for the time it was under way.
        wire_bytes: usize,
    },
    /// Bytes outside any frame. They are legal and mean nothing; many of them without a
    /// message mean a wrong line speed or another device.
    Junk {
        /// How many.
        bytes: usize,
    },
    /// A frame that was dropped.
    Fault(Fault),
}

impl Event {
    /// Bytes of the line this event accounts for.
    #[must_use]
    pub const fn wire_bytes(&self) -> usize {
        match self {
            Self::Message { wire_bytes, .. } => *wire_bytes,
            Self::Junk { bytes } => *bytes,
            Self::Fault(fault) => fault.wire_bytes(),
        }
    }
}

/// Reads a line byte by byte: at most one event a byte, and the memory of one frame.
///
/// The events depend on the bytes and their order alone. However they are chunked, the same
/// bytes give the same events, and each event comes with the byte that decides it:
///
/// - a message, a wrong checksum, length, content or type: with the last byte of the CRC;
/// - a frame cut by the next one: with the second byte of the new start, which is kept;
/// - a wrong escape or too long a payload: with the byte that is wrong or one too many, and
///   the decoder hunts for the next start;
/// - junk: with the second byte of the start that ends it, or when
///   [`super::JUNK_BYTES_MAX`] bytes have gathered, whichever is first.
///
/// A frame cut straight after a 10 takes the start of the next frame for an escaped 10: that
/// costs one frame more and cannot be told from good bytes.
#[derive(Clone)]
pub struct Decoder {
    frames: FrameReader,
}

impl Decoder {
    /// A decoder that hunts for the first start.
    #[must_use]
    pub const fn new() -> Self {
        Self { frames: FrameReader::new() }
    }

    /// Takes the next byte of the line.
    pub fn push(&mut self, byte: u8) -> Option<Event> {
        let framed = self.frames.push(byte)?;
        Some(self.event(framed))
    }

    /// Takes bytes in order and hands on what they complete.
    pub fn decode(&mut self, bytes: &[u8], mut on_event: impl FnMut(Event)) {
        for &byte in bytes {
            if let Some(event) = self.push(byte) {
                on_event(event);
            }
        }
    }

    /// Ends the line: the port is closed or lost.
    ///
    /// A frame under way is reported as [`Fault::Truncated`], junk as [`Event::Junk`]; `None`
    /// where the last byte ended an event. The decoder is as new afterwards, so that bytes
    /// from before and after a lost port are never joined to one frame.
    pub fn finish(&mut self) -> Option<Event> {
        let framed = self.frames.finish()?;
        Some(self.event(framed))
    }

    /// Bytes that no event accounts for yet: a frame under way, or junk.
    #[must_use]
    pub const fn pending_bytes(&self) -> usize {
        self.frames.pending_bytes()
    }

    fn event(&self, framed: Framed) -> Event {
        match framed {
            Framed::Junk { bytes } => Event::Junk { bytes },
            Framed::Fault(fault) => Event::Fault(fault),
            Framed::Payload { wire_bytes } => {
                match Message::from_payload(self.frames.payload(), wire_bytes) {
                    Ok(message) => Event::Message { message, wire_bytes },
                    Err(fault) => Event::Fault(fault),
                }
            }
        }
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

/// Counts bytes and prints none: a frame under way may hold a note about a person.
impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").field("pending_bytes", &self.pending_bytes()).finish()
    }
}
