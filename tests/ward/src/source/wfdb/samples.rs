//! The signal files of a WFDB record.
//!
//! ```text
//! format 16    2 bytes a sample, little-endian, two's complement; 8000 is no sample
//! format 212   3 bytes a pair of samples a, b: low 8 of a; high 4 of b, high 4 of a; low 8 of b
//!              two's complement in 12 bits; 800 is no sample
//! ```
//!
//! Signals that share a file take turns, one sample each, in the order of the header.

use std::fs;
use std::path::{Path, PathBuf};

use super::header::{Format, Header, Signal};
use crate::source::RecordingError;

/// The samples of one signal; `None` where the file says that there is none.
#[derive(Debug)]
pub(super) struct Samples(pub(super) Vec<Option<i16>>);

/// Reads every signal of a record and compares it with what the header says of it.
pub(super) fn read<'a>(
    folder: &Path,
    header: &'a Header,
) -> Result<Vec<(&'a Signal, Samples)>, RecordingError> {
    let mut read: Vec<(&Signal, Samples)> = Vec::with_capacity(header.signals.len());
    let mut rest = &header.signals[..];
    while let Some(first) = rest.first() {
        // Signals of one file stand together in a header.
        let sharing = rest.iter().take_while(|signal| signal.file == first.file).count();
        let (group, after) = rest.split_at(sharing);
        rest = after;
        let path = folder.join(&first.file);
        let columns = read_file(&path, group, header.samples)?;
        for (signal, samples) in group.iter().zip(columns) {
            check(&path, signal, &samples)?;
            read.push((
                signal,
                Samples(samples.into_iter().map(|raw| present(signal, raw)).collect()),
            ));
        }
    }
    let length = read.first().map_or(0, |(_, samples)| samples.0.len());
    if let Some((signal, samples)) = read.iter().find(|(_, samples)| samples.0.len() != length) {
        let what = format!("{} samples where another signal has {length}", samples.0.len());
        return Err(RecordingError::Damaged { path: folder.join(&signal.file), what });
    }
    Ok(read)
}

fn read_file(
    path: &PathBuf,
    group: &[Signal],
    announced: Option<usize>,
) -> Result<Vec<Vec<i16>>, RecordingError> {
    let bytes = fs::read(path)
        .map_err(|source| RecordingError::Unreadable { path: path.clone(), source })?;
    let damaged = |what| RecordingError::Damaged { path: path.clone(), what };
    let [first, others @ ..] = group else { return Ok(Vec::new()) };
    if others.iter().any(|it| (it.format, it.offset) != (first.format, first.offset)) {
        return Err(damaged("its signals differ in format or offset".to_owned()));
    }
    let bytes = bytes.get(first.offset..).unwrap_or_default();
    let all = match first.format {
        Format::Bits16 => unpack_16(bytes),
        Format::Bits212 => unpack_212(bytes),
    };
    let there = all.len() / group.len();
    let count = announced.unwrap_or(there);
    if there < count {
        return Err(damaged(format!("{there} samples of a signal where {count} are announced")));
    }
    let column = |nth| all.iter().skip(nth).step_by(group.len()).take(count).copied().collect();
    Ok((0..group.len()).map(column).collect())
}

fn unpack_16(bytes: &[u8]) -> Vec<i16> {
    bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
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
        Format::Bits212 => -2048,
    };
    (raw != missing).then_some(raw)
}

/// The first value and the 16-bit sum of all, as the header states them.
fn check(path: &Path, signal: &Signal, samples: &[i16]) -> Result<(), RecordingError> {
    let name = &signal.description;
    let damaged = |what| Err(RecordingError::Damaged { path: path.to_owned(), what });
    if let (Some(stated), Some(&found)) = (signal.first, samples.first())
        && stated != i64::from(found)
    {
        return damaged(format!("{name} begins with {found}, not {stated}"));
    }
    let sum = samples.iter().fold(0_i16, |sum, &sample| sum.wrapping_add(sample));
    // Headers print the sum signed or unsigned.
    if let Some(stated) = signal.checksum
        && stated as i16 != sum
    {
        return damaged(format!("the checksum of {name} is {sum}, not {stated}"));
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
}
