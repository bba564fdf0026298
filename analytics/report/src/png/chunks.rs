//! Pixels as the chunks of a PNG (ISO/IEC 15948), deflated by what deflates the PDF.

use std::io::{self, Write};

use crc::{CRC_32_ISO_HDLC, Crc};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use tiny_skia::Pixmap;

use super::Dpi;
use crate::error::ReportError;

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
/// Eight bits a channel; red, green, blue; deflate; filters; not interlaced.
const HEADER: [u8; 5] = [8, 2, 0, 0, 0];
/// Bytes of a pixel.
const PIXEL: usize = 3;
/// Filters: the left pixel, or the one above, is subtracted.
const SUB: u8 = 1;
const UP: u8 = 2;
/// The unit of pHYs: a metre.
const METRE: u8 = 1;
/// Inches in a metre.
const INCHES_PER_METRE: f64 = 1_000.0 / 25.4;
/// How hard to deflate. Level 4 of 9: a page is a tenth larger than at 9 and takes a third of
/// the time.
const LEVEL: u32 = 4;

/// The picture as a PNG; it is opaque throughout.
pub(super) fn encoded(pixmap: &Pixmap, dpi: Dpi) -> Result<Vec<u8>, ReportError> {
    let pixels =
        deflated(pixmap).map_err(|error| ReportError::Drawing { reason: error.to_string() })?;
    let per_metre = (f64::from(dpi.get()) * INCHES_PER_METRE).round() as u32;
    let [width, height] = [pixmap.width(), pixmap.height()].map(u32::to_be_bytes);
    let mut png = SIGNATURE.to_vec();
    chunk(&mut png, b"IHDR", &[&width[..], &height, &HEADER].concat());
    let size = per_metre.to_be_bytes();
    chunk(&mut png, b"pHYs", &[&size[..], &size, &[METRE]].concat());
    chunk(&mut png, b"IDAT", &pixels);
    chunk(&mut png, b"IEND", &[]);
    Ok(png)
}

fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    // The largest picture deflates to far less than 4 GiB.
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    png.extend_from_slice(&length.to_be_bytes());
    let begin = png.len();
    png.extend_from_slice(kind);
    png.extend_from_slice(data);
    let checksum = CRC.checksum(&png[begin..]);
    png.extend_from_slice(&checksum.to_be_bytes());
}

/// The rows, each with the filter that leaves it smaller, deflated.
fn deflated(pixmap: &Pixmap) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    let stride = PIXEL * pixmap.width() as usize;
    let mut above = vec![0; stride];
    for row in pixmap.pixels().chunks(pixmap.width() as usize) {
        let row: Vec<u8> =
            row.iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
        let left = std::iter::repeat_n(&0, PIXEL).chain(&row);
        let sub: Vec<u8> =
            row.iter().zip(left).map(|(one, left)| one.wrapping_sub(*left)).collect();
        let up: Vec<u8> = row.iter().zip(&above).map(|(one, up)| one.wrapping_sub(*up)).collect();
        let (filter, bytes) = if cost(&up) <= cost(&sub) { (UP, &up) } else { (SUB, &sub) };
        encoder.write_all(&[filter])?;
        encoder.write_all(bytes)?;
        above = row;
    }
    encoder.finish()
}

/// The sum of differences: what the standard proposes to choose a filter by.
fn cost(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(byte.cast_signed().unsigned_abs())).sum()
}
