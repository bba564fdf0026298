//! The signal files of a WFDB record.
//!
//! ```text
//! format 16    2 bytes a sample, little-endian, two's complement; 8000 is no sample
//! format 80     1 byte a sample, 128 more than it; 00 is no sample
//! format 212   3 bytes a pair of samples a, b: low 8 of a; high 4 of b, high 4 of a; low 8 of b
//!              two's complement in 12 bits; 800 is no sample
//! ```
//!
//! Signals that share a file take turns, one sample each, in the order of the header.

use super::Refused;
use super::header::{Format, Header, Signal};

/// The samples of one signal; `None` where the file says that there is none.
pub(super) type Samples = Vec<Option<i16>>;

/// Unpacks every signal of a record and compares it with what the header says of it.
/// `contents` are the files of [`Header::files`], in that order.
pub(super) fn unpack<'a>(
    header: &'a Header,
    contents: &[impl AsRef<[u8]>],
) -> Result<Vec<(&'a Signal, Samples)>, Refused> {
    let mut read: Vec<(&Signal, Samples)> = Vec::with_capacity(header.signals.len());
    for (group, bytes) in header.files().zip(contents) {
        let columns = unpack_file(group, bytes.as_ref(), header.samples)?;
        for (signal, samples) in group.iter().zip(columns) {
            check(signal, &samples)?;
            read.push((signal, samples.into_iter().map(|raw| present(signal, raw)).collect()));
        }
    }
    let length = read.first().map_or(0, |(_, samples)| samples.len());
    if let Some((signal, samples)) = read.iter().find(|(_, samples)| samples.len() != length) {
        let what = format!("{} samples where another signal has {length}", samples.len());
        return Err(disagrees(signal, what));
    }
    Ok(read)
}

fn unpack_file(
    group: &[Signal],
    bytes: &[u8],
    announced: Option<usize>,
) -> Result<Vec<Vec<i16>>, Refused> {
    let [first, others @ ..] = group else { return Ok(Vec::new()) };
    if others.iter().any(|it| (it.format, it.offset) != (first.format, first.offset)) {
        return Err(disagrees(first, "its signals differ in format or offset".to_owned()));
    }
    let bytes = bytes.get(first.offset..).unwrap_or_default();
    let all = match first.format {
        Format::Bits16 => unpack_16(bytes),
        Format::Bits80 => unpack_80(bytes),
        Format::Bits212 => unpack_212(bytes),
    };
    let there = all.len() / group.len();
    let count = announced.unwrap_or(there);
    if there < count {
        let what = format!("{there} samples of a signal where {count} are announced");
        return Err(disagrees(first, what));
    }
    let column = |nth| all.iter().skip(nth).step_by(group.len()).take(count).copied().collect();
    Ok((0..group.len()).map(column).collect())
}

fn disagrees(signal: &Signal, what: String) -> Refused {
    Refused::Disagrees { file: signal.file.clone(), what }
}

fn unpack_16(bytes: &[u8]) -> Vec<i16> {
    bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
}

fn unpack_80(bytes: &[u8]) -> Vec<i16> {
    bytes.iter().map(|&byte| i16::from(byte) - 128).collect()
}

fn unpack_212(bytes: &[u8]) -> Vec<i16> {
    // Two bytes at the end hold a last single sample.
    bytes
        .chunks(3)
        .flat_map(|group| {
            let first =
                |high: u8, low: u8| sign_extended(u16::from(high & 0x0f) << 8 | u16::from(low));
            match *group {
                [low, high, other] => [Some(first(high, low)), Some(first(high >> 4, other))],
                [low, high] => [Some(first(high, low)), None],
                _ => [None, None],
            }
        })
        .flatten()
        .collect()
}

/// Twelve bits, two's complement.
fn sign_extended(bits: u16) -> i16 {
    (bits << 4) as i16 >> 4
}

fn present(signal: &Signal, raw: i16) -> Option<i16> {
    let missing = match signal.format {
        Format::Bits16 => i16::MIN,
        Format::Bits80 => -128,
        Format::Bits212 => -2048,
    };
    (raw != missing).then_some(raw)
}

/// The first value and the 16-bit sum of all, as the header states them.
fn check(signal: &Signal, samples: &[i16]) -> Result<(), Refused> {
    let name = &signal.description;
    if let (Some(stated), Some(&found)) = (signal.first, samples.first())
        && stated != i64::from(found)
    {
        return Err(disagrees(signal, format!("{name} begins with {found}, not {stated}")));
    }
    let sum = samples.iter().fold(0_i16, |sum, &sample| sum.wrapping_add(sample));
    // Headers print the sum signed or unsigned.
    if let Some(stated) = signal.checksum
        && stated as i16 != sum
    {
        let what = format!("the checksum of {name} is {sum}, not {stated}");
        return Err(disagrees(signal, what));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_twelve_bits_come_apart_with_their_signs() {
        assert_eq!(unpack_212(&[0x01, 0xf0, 0xff]), [1, -1]);
        assert_eq!(unpack_212(&[0xff, 0x87, 0x00]), [2047, -2048]);
        assert_eq!(unpack_212(&[0x34, 0x0e]), [-460]);
    }

    #[test]
    fn single_bytes_stand_128_above_their_sample() {
        assert_eq!(unpack_80(&[0x00, 0x80, 0xff]), [-128, 0, 127]);
    }
}
