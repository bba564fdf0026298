//! Frames: where a message begins and ends on the line, and whether it is whole.
//!
//! ```text
//! offset  size    field
//!      0     2    start, 10 02
//!      2     n    payload: type character and 0 to 511 bytes; a byte 10 is sent as 10 10
//!    2+n     2    end, 10 03
//!    4+n     2    CRC-16/XMODEM of everything before, high byte first; raw, never escaped
//! ```
//!
//! In: bytes. Out: "the payload is complete", junk, or a fault. Never: what a payload means.

use core::fmt;

use crc::{CRC_16_XMODEM, Crc};

use super::fault::Fault;

/// Most bytes of a payload before escaping: the type character and 511 more.
pub const PAYLOAD_BYTES_MAX: usize = 512;

/// Most bytes of a frame on the line: every payload byte escaped, start, end and CRC.
pub const FRAME_BYTES_MAX: usize = 2 * PAYLOAD_BYTES_MAX + START.len() + END.len() + CRC_BYTES;

/// From so many bytes of junk on, it is reported without waiting for the next start.
///
/// At 1200 baud that is every nine seconds: at the wrong line speed a start never comes, and
/// somebody has to hear of it.
pub const JUNK_BYTES_MAX: usize = 1024;

const DLE: u8 = 0x10;
const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const START: [u8; 2] = [DLE, STX];
const END: [u8; 2] = [DLE, ETX];
const CRC_BYTES: usize = 2;

static CRC: Crc<u16> = Crc::<u16>::new(&CRC_16_XMODEM);

/// Why a message could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// The frame does not fit; [`FRAME_BYTES_MAX`] bytes are always enough. Nothing usable
    /// was written.
    BufferTooSmall {
        /// Bytes the frame takes on the line.
        needed_bytes: usize,
        /// Bytes there were.
        given_bytes: usize,
    },
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BufferTooSmall { needed_bytes, given_bytes } => write!(
                f,
                "the frame takes {needed_bytes} bytes and the buffer has {given_bytes}; \
                 hand in {FRAME_BYTES_MAX}"
            ),
        }
    }
}

impl core::error::Error for EncodeError {}

/// Writes the frame around a payload given in parts; returns its bytes on the line.
///
/// The caller keeps the payload within [`PAYLOAD_BYTES_MAX`]; every message does by its type.
pub(super) fn write(parts: &[&[u8]], out: &mut [u8]) -> Result<usize, EncodeError> {
    let payload = || parts.iter().copied().flatten().copied();
    let escapes = payload().filter(|&byte| byte == DLE).count();
    let needed_bytes = payload().count() + escapes + START.len() + END.len() + CRC_BYTES;
    let given_bytes = out.len();
    let too_small = EncodeError::BufferTooSmall { needed_bytes, given_bytes };

    let frame = out.get_mut(..needed_bytes).ok_or(too_small)?;
    let (body, trailer) = frame.split_last_chunk_mut::<CRC_BYTES>().ok_or(too_small)?;
    let escaped = payload().flat_map(|byte| core::iter::repeat_n(byte, wire_bytes_of(byte)));
    let sent = START.into_iter().chain(escaped).chain(END);
    for (slot, byte) in body.iter_mut().zip(sent) {
        *slot = byte;
    }
    *trailer = CRC.checksum(body).to_be_bytes();
    Ok(needed_bytes)
}

const fn wire_bytes_of(byte: u8) -> usize {
    if byte == DLE { 2 } else { 1 }
}

/// What a byte completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framed {
    /// A payload with the right CRC lies in [`FrameReader::payload`] until the next byte.
    Payload { wire_bytes: usize },
    /// Bytes outside any frame.
    Junk { bytes: usize },
    /// A frame that was dropped.
    Fault(Fault),
}

/// Finds frames in a stream of bytes; holds one payload at most.
///
/// # Invariants
///
/// `payload_bytes` never exceeds [`PAYLOAD_BYTES_MAX`]. `pending_bytes` counts the bytes
/// since the last event, so each byte of the line is accounted for by exactly one event.
#[derive(Clone)]
pub(super) struct FrameReader {
    state: State,
    crc: u16,
    payload: [u8; PAYLOAD_BYTES_MAX],
    payload_bytes: usize,
    pending_bytes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between frames.
    Idle,
    /// Between frames, after a 10 that may begin a start.
    IdleDle,
    /// In a payload.
    Body,
    /// In a payload, after a 10 that escapes the next byte.
    BodyDle,
    /// After the end: the high byte of the CRC comes next.
    CrcHigh,
    /// After the high byte of the CRC.
    CrcLow { high: u8 },
}

impl FrameReader {
    pub(super) const fn new() -> Self {
        Self {
            state: State::Idle,
            crc: 0,
            payload: [0; PAYLOAD_BYTES_MAX],
            payload_bytes: 0,
            pending_bytes: 0,
        }
    }

    /// The payload that [`Framed::Payload`] announced.
    pub(super) fn payload(&self) -> &[u8] {
        self.payload.get(..self.payload_bytes).unwrap_or_default()
    }

    /// Bytes since the last event.
    pub(super) const fn pending_bytes(&self) -> usize {
        self.pending_bytes
    }

    pub(super) fn push(&mut self, byte: u8) -> Option<Framed> {
        self.pending_bytes += 1;
        match (self.state, byte) {
            (State::Idle | State::IdleDle, DLE) => {
                self.state = State::IdleDle;
                self.long_junk(1)
            }
            (State::IdleDle, STX) => {
                let bytes = self.start();
                (bytes > 0).then_some(Framed::Junk { bytes })
            }
            (State::Idle | State::IdleDle, _) => {
                self.state = State::Idle;
                self.long_junk(0)
            }
            (State::Body, DLE) => {
                self.check(byte);
                self.state = State::BodyDle;
                None
            }
            (State::Body, _) | (State::BodyDle, DLE) => self.keep(byte),
            (State::BodyDle, STX) => {
                let wire_bytes = self.start();
                Some(Framed::Fault(Fault::Truncated { wire_bytes }))
            }
            (State::BodyDle, ETX) => {
                self.check(byte);
                self.state = State::CrcHigh;
                None
            }
            (State::BodyDle, escaped) => {
                let wire_bytes = self.end();
                Some(Framed::Fault(Fault::Sequence { escaped, wire_bytes }))
            }
            (State::CrcHigh, high) => {
                self.state = State::CrcLow { high };
                None
            }
            (State::CrcLow { high }, low) => Some(self.compare(u16::from_be_bytes([high, low]))),
        }
    }

    /// Reports what was begun and not ended, and starts afresh.
    pub(super) fn finish(&mut self) -> Option<Framed> {
        let hunting = matches!(self.state, State::Idle | State::IdleDle);
        match self.end() {
            0 => None,
            bytes if hunting => Some(Framed::Junk { bytes }),
            wire_bytes => Some(Framed::Fault(Fault::Truncated { wire_bytes })),
        }
    }

    /// Begins a frame after its `10 02`; returns how many bytes before it are accounted for
    /// by no event yet.
    fn start(&mut self) -> usize {
        let before = self.pending_bytes.saturating_sub(START.len());
        self.pending_bytes = START.len();
        self.payload_bytes = 0;
        self.crc = CRC.checksum(&START);
        self.state = State::Body;
        before
    }

    /// Goes back to hunting; returns the bytes the event has to account for.
    fn end(&mut self) -> usize {
        self.state = State::Idle;
        core::mem::take(&mut self.pending_bytes)
    }

    /// Reports junk that has grown long, except the last `held` bytes, which may begin a start.
    fn long_junk(&mut self, held: usize) -> Option<Framed> {
        let bytes = self.pending_bytes.saturating_sub(held);
        if bytes < JUNK_BYTES_MAX {
            return None;
        }
        self.pending_bytes = held;
        Some(Framed::Junk { bytes })
    }

    fn keep(&mut self, byte: u8) -> Option<Framed> {
        self.check(byte);
        self.state = State::Body;
        let Some(slot) = self.payload.get_mut(self.payload_bytes) else {
            let wire_bytes = self.end();
            return Some(Framed::Fault(Fault::Oversize { wire_bytes }));
        };
        *slot = byte;
        self.payload_bytes += 1;
        None
    }

    /// Takes one byte into the CRC, which runs over the bytes as sent, doubled ones included.
    ///
    /// XMODEM reflects nothing and ends without an exclusive-or, so a finished value goes on
    /// as the initial one of the next byte.
    fn check(&mut self, byte: u8) {
        let mut digest = CRC.digest_with_initial(self.crc);
        digest.update(&[byte]);
        self.crc = digest.finalize();
    }

    fn compare(&mut self, received: u16) -> Framed {
        let (computed, wire_bytes) = (self.crc, self.end());
        if computed == received {
            Framed::Payload { wire_bytes }
        } else {
            Framed::Fault(Fault::Checksum { computed, received, wire_bytes })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_the_guide() {
        assert_eq!(CRC.checksum(b"123456789"), 0x31c3);
        assert_eq!(CRC.checksum(b"Check this message!"), 0x9e8f);
    }

    #[test]
    fn a_frame_that_does_not_fit_says_what_it_needs() {
        let error = EncodeError::BufferTooSmall { needed_bytes: 7, given_bytes: 6 };
        assert_eq!(write(&[b"G"], &mut [0; 6]), Err(error));
        assert_eq!(write(&[b"G"], &mut [0; 7]), Ok(7));
        assert_eq!(write(&[&[DLE; PAYLOAD_BYTES_MAX]], &mut [0; FRAME_BYTES_MAX]), Ok(1030));
    }

    #[test]
    fn junk_without_end_is_reported_all_the_same() {
        let mut reader = FrameReader::new();
        let reported: usize = (0..10 * JUNK_BYTES_MAX)
            .filter_map(|_| reader.push(DLE))
            .map(|event| match event {
                Framed::Junk { bytes } => bytes,
                other => panic!("{other:?}"),
            })
            .sum();
        assert_eq!(reported + reader.pending_bytes(), 10 * JUNK_BYTES_MAX);
        assert!(reader.pending_bytes() <= JUNK_BYTES_MAX);
        assert!(reported >= 9 * JUNK_BYTES_MAX);
    }
}
