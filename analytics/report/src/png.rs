//! A report as PNG: pixels that know how large they are.

mod canvas;
mod chunks;

use tiny_skia::{Color, Pixmap};

use crate::error::ReportError;
use crate::face::Face;
use crate::paper::Paper;
use crate::sheet;
use crate::strip::Strip;
use canvas::{Canvas, Glyphs};

/// The largest picture, pixels: 256 MiB while it is drawn.
///
/// Design value: a page of A4 at 600 dpi has 35 million, a continuous sheet of 4 h at 1 cm/min
/// and 200 dpi has 35 million.
pub const PIXELS_MAX: u32 = 64 << 20;

/// Hundredths of a millimetre in an inch.
const UNITS_PER_INCH: f64 = 2_540.0;

/// Pixels in an inch, 50 to 1,200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dpi(u16);

impl Dpi {
    /// The fewest: a minute of 1 cm is 20 pixels.
    pub const MIN: Self = Self(50);
    /// The most: what laser printers resolve.
    pub const MAX: Self = Self(1_200);

    /// So many pixels in an inch; `None` outside the bounds.
    #[must_use]
    pub const fn new(dpi: u16) -> Option<Self> {
        if dpi < Self::MIN.0 || dpi > Self::MAX.0 { None } else { Some(Self(dpi)) }
    }

    /// Pixels in an inch.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Pixels in a unit of the canvas.
    fn per_unit(self) -> f64 {
        f64::from(self.0) / UNITS_PER_INCH
    }
}

impl Default for Dpi {
    /// 200: a hair of the grid is a pixel, and a page some 200 kB.
    fn default() -> Self {
        Self(200)
    }
}

/// Draws strips, one after the other, as one PNG a page.
///
/// Each says how large its pixels are (pHYs), so that it prints at true size where nothing
/// scales it.
///
/// # Errors
///
/// As [`crate::strip_pdf`]; [`ReportError::TooManyPixels`] beyond [`PIXELS_MAX`].
pub fn strip_png(strips: &[Strip], paper: &Paper, dpi: Dpi) -> Result<Vec<Vec<u8>>, ReportError> {
    let face = Face::load()?;
    let mut glyphs = Glyphs::new(&face);
    sheet::pages(strips, paper, &face, |sheet| {
        let (width, height) = sheet.layout.size;
        let pixels = |units: i32| (f64::from(units) * dpi.per_unit()).round() as u32;
        let (width, height) = (pixels(width), pixels(height));
        let too_many = || ReportError::TooManyPixels { width, height };
        if width.checked_mul(height).is_none_or(|pixels| pixels > PIXELS_MAX) {
            return Err(too_many());
        }
        let mut pixmap = Pixmap::new(width, height).ok_or_else(too_many)?;
        pixmap.fill(Color::WHITE);
        let canvas = Canvas::new(&mut pixmap, &mut glyphs, dpi.per_unit(), sheet.layout.size);
        sheet.draw(canvas, &face)?;
        chunks::encoded(&pixmap, dpi)
    })
}
