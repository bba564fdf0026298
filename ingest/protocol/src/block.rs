//! One block: one second of one monitor.
//!
//! ```text
//! offset size  field
//!      0    1  version, 1
//!      1    1  n, length of the device's name, 1..=32
//!      2    2  flags, bits of vitals::Flags
//!      4    8  epoch: one run of one bridge; rises from run to run
//!     12    8  seq: counts the blocks of this device in this epoch, from 0, without a hole
//!     20   16  episode
//!     36    8  device tick of the first tick, 250 ms each
//!     44    8  at: wall time of the first tick, µs since 1970 UTC, by the bridge's clock
//!     52    8  built_at: when the bridge had the second complete, same clock
//!     60    4  transducers of FHR1, FHR2, MHR, UA
//!     64    1  movement, two bits a tick, the oldest in bits 0-1
//!     65    1  reserved, 0
//!     66   24  FHR1, FHR2, MHR: four ticks each, u16
//!     90    8  UA: four ticks, u16
//!     98    n  the device's name
//!   98+n    4  CRC-32 (ISO-HDLC) of everything before
//! ```
//!
//! All numbers are little-endian. A tick of a heart rate: bit 15 clear, quality in bits 14-13,
//! quarters of a bpm in bits 10-0, never 0. A tick of uterine activity: bit 15 clear, half
//! units in bits 7-0, quality in bits 14-13. Bit 15 set: absent, the reason in bits 7-0, the
//! rest 0.

use vitals::{
    Absence, Activity, ActivityTransducer, Bpm, DeviceId, DeviceTick, EpisodeId, Flags,
    HeartTransducer, Movement, Quality, Reading, Second, TICKS_PER_SECOND, Transducers, WallTime,
};

use crate::wire::{Reader, WireError, crc32};

/// The version this build writes and reads.
pub const BLOCK_VERSION: u8 = 1;
/// Bytes of a block without the device's name.
const FIXED_BYTES: usize = 102;
/// Most bytes of an encoded block.
pub const BLOCK_BYTES_MAX: usize = FIXED_BYTES + vitals::episode::NAME_BYTES_MAX;

const ABSENT: u16 = 1 << 15;
const QUALITY_SHIFT: u32 = 13;

/// One second of one monitor, with everything needed to place it.
///
/// (bridge, device, epoch, seq) names it for ever: the same name is the same bytes, so a
/// block that arrives twice is stored once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The monitor, as its bridge calls it.
    pub device: DeviceId,
    /// One run of the bridge; rises from run to run.
    pub epoch: u64,
    /// Counts this device's blocks in this epoch, from 0, without a hole.
    pub seq: u64,
    /// The monitoring this second belongs to.
    pub episode: EpisodeId,
    /// The device's own count at the first tick.
    pub tick: DeviceTick,
    /// When the first tick was, by the bridge's clock.
    pub at: WallTime,
    /// When the bridge had the second complete, by the same clock.
    pub built_at: WallTime,
    /// What was measured.
    pub second: Second,
}

impl Block {
    /// Appends the encoded block to `out`: at most [`BLOCK_BYTES_MAX`] bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let start = out.len();
        let name = self.device.as_str().as_bytes();
        let second = &self.second;
        let transducers = second.transducers;
        out.push(BLOCK_VERSION);
        out.push(u8::try_from(name.len()).expect("a name has at most 32 bytes"));
        out.extend_from_slice(&second.flags.bits().to_le_bytes());
        out.extend_from_slice(&self.epoch.to_le_bytes());
        out.extend_from_slice(&self.seq.to_le_bytes());
        out.extend_from_slice(&self.episode.to_u128().to_le_bytes());
        out.extend_from_slice(&self.tick.0.to_le_bytes());
        out.extend_from_slice(&self.at.0.to_le_bytes());
        out.extend_from_slice(&self.built_at.0.to_le_bytes());
        out.extend_from_slice(&[
            transducers.fhr1.code(),
            transducers.fhr2.code(),
            transducers.mhr.code(),
            transducers.ua.code(),
        ]);
        let movement =
            second.movement.iter().rev().fold(0, |bits, movement| bits << 2 | movement.bits());
        out.extend_from_slice(&[movement, 0]);
        for rates in [&second.fhr1, &second.fhr2, &second.mhr] {
            for reading in rates {
                out.extend_from_slice(&encode_reading(reading, Bpm::quarters).to_le_bytes());
            }
        }
        for reading in &second.ua {
            let halves = |activity: Activity| u16::from(activity.halves());
            out.extend_from_slice(&encode_reading(reading, halves).to_le_bytes());
        }
        out.extend_from_slice(name);
        let crc = crc32(&out[start..]);
        out.extend_from_slice(&crc.to_le_bytes());
    }

    /// The encoded block.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(BLOCK_BYTES_MAX);
        self.encode(&mut out);
        out
    }

    /// Reads a block that fills `bytes` exactly.
    ///
    /// # Errors
    ///
    /// [`WireError`] for any byte that [`Block::encode`] would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let (body, crc) =
            bytes.split_last_chunk::<4>().ok_or(WireError::Truncated { field: "checksum" })?;
        let (computed, received) = (crc32(body), u32::from_le_bytes(*crc));
        if computed != received {
            return Err(WireError::Checksum { computed, received });
        }
        let mut reader = Reader::new(body);
        let version = reader.u8("version")?;
        if version != BLOCK_VERSION {
            return Err(WireError::Version { received: version });
        }
        let name_bytes = usize::from(reader.u8("name length")?);
        let flags = reader.u16("flags")?;
        let flags = Flags::from_bits(flags)
            .ok_or(WireError::Value { field: "flags", value: flags.into() })?;
        let epoch = reader.u64("epoch")?;
        let seq = reader.u64("seq")?;
        let episode = EpisodeId::from_u128(reader.u128("episode")?);
        let tick = DeviceTick(reader.u64("device tick")?);
        let at = WallTime(reader.i64("at")?);
        let built_at = WallTime(reader.i64("built_at")?);
        let transducers = Transducers {
            fhr1: heart_transducer(&mut reader)?,
            fhr2: heart_transducer(&mut reader)?,
            mhr: heart_transducer(&mut reader)?,
            ua: activity_transducer(&mut reader)?,
        };
        let movement = reader.u8("movement")?;
        let movement = core::array::from_fn(|i| Movement::from_bits(movement >> (2 * i)));
        let reserved = reader.u8("reserved")?;
        if reserved != 0 {
            return Err(WireError::Value { field: "reserved", value: reserved.into() });
        }
        let second = Second {
            fhr1: rates(&mut reader)?,
            fhr2: rates(&mut reader)?,
            mhr: rates(&mut reader)?,
            ua: activities(&mut reader)?,
            movement,
            transducers,
            flags,
        };
        let device = read_name(reader.take(name_bytes, "device name")?)?;
        reader.finish()?;
        Ok(Self { device, epoch, seq, episode, tick, at, built_at, second })
    }

    /// The checksum at the end of an encoded block; `None` where the bytes are too few.
    #[must_use]
    pub fn checksum_of(bytes: &[u8]) -> Option<u32> {
        bytes.last_chunk::<4>().map(|crc| u32::from_le_bytes(*crc))
    }
}

fn read_name(bytes: &[u8]) -> Result<DeviceId, WireError> {
    let refused = WireError::Value { field: "device name", value: bytes.len() as u64 };
    let text = core::str::from_utf8(bytes).map_err(|_| refused.clone())?;
    DeviceId::new(text).map_err(|_| refused)
}

fn heart_transducer(reader: &mut Reader<'_>) -> Result<HeartTransducer, WireError> {
    let code = reader.u8("heart transducer")?;
    HeartTransducer::from_code(code)
        .ok_or(WireError::Value { field: "heart transducer", value: code.into() })
}

fn activity_transducer(reader: &mut Reader<'_>) -> Result<ActivityTransducer, WireError> {
    let code = reader.u8("activity transducer")?;
    ActivityTransducer::from_code(code)
        .ok_or(WireError::Value { field: "activity transducer", value: code.into() })
}

fn rates(reader: &mut Reader<'_>) -> Result<[Reading<Bpm>; TICKS_PER_SECOND], WireError> {
    let mut readings = [Reading::Absent(Absence::Blank); TICKS_PER_SECOND];
    for reading in &mut readings {
        *reading = decode_reading(reader.u16("heart rate")?, "heart rate", |count| {
            Bpm::from_quarters(count).ok()
        })?;
    }
    Ok(readings)
}

fn activities(reader: &mut Reader<'_>) -> Result<[Reading<Activity>; TICKS_PER_SECOND], WireError> {
    let mut readings = [Reading::Absent(Absence::Blank); TICKS_PER_SECOND];
    for reading in &mut readings {
        *reading = decode_reading(reader.u16("activity")?, "activity", |count| {
            u8::try_from(count).ok().map(Activity::from_halves)
        })?;
    }
    Ok(readings)
}

fn encode_reading<V: Copy>(reading: &Reading<V>, count: impl Fn(V) -> u16) -> u16 {
    match *reading {
        Reading::Measured { value, quality } => {
            u16::from(quality.code()) << QUALITY_SHIFT | count(value)
        }
        Reading::Absent(absence) => ABSENT | u16::from(absence.code()),
    }
}

fn decode_reading<V>(
    word: u16,
    field: &'static str,
    value: impl Fn(u16) -> Option<V>,
) -> Result<Reading<V>, WireError> {
    let refused = WireError::Value { field, value: word.into() };
    if word & ABSENT != 0 {
        let code = u8::try_from(word & !ABSENT).map_err(|_| refused.clone())?;
        return Absence::from_code(code).map(Reading::Absent).ok_or(refused);
    }
    let quality = u8::try_from(word >> QUALITY_SHIFT).ok().and_then(Quality::from_code);
    match (value(word & !(0b111 << QUALITY_SHIFT)), quality) {
        (Some(value), Some(quality)) => Ok(Reading::Measured { value, quality }),
        _ => Err(refused),
    }
}
