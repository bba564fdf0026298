//! A report as SVG: a picture a page, in millimetres.

use plotters::backend::SVGBackend;

use crate::error::ReportError;
use crate::face::Face;
use crate::layout::{HEIGHT, WIDTH};
use crate::paper::Paper;
use crate::sheet;
use crate::strip::Strip;

/// Draws strips, one after the other, as one SVG a page.
///
/// The viewer picks the letters: BIZ UDPGothic where it is installed, else another Japanese
/// face. Where that matters, take the PDF.
///
/// # Errors
///
/// As [`crate::strip_pdf`].
pub fn strip_svg(strips: &[Strip], paper: &Paper) -> Result<Vec<String>, ReportError> {
    let face = Face::load()?;
    let size = (WIDTH as u32, HEIGHT as u32);
    sheet::pages(strips, paper, |sheet| {
        let mut page = String::new();
        sheet.draw(SVGBackend::with_string(&mut page, size), &face)?;
        Ok(in_millimetres(&page))
    })
}

/// `plotters` gives a picture its size in pixels; a unit of ours is a hundredth of a millimetre.
fn in_millimetres(page: &str) -> String {
    let pixels = format!("width=\"{WIDTH}\" height=\"{HEIGHT}\"");
    let millimetres = format!("width=\"{}mm\" height=\"{}mm\"", WIDTH / 100, HEIGHT / 100);
    page.replacen(&pixels, &millimetres, 1)
}
