//! A report as SVG: a picture a page, in millimetres.

use plotters::backend::SVGBackend;

use crate::error::ReportError;
use crate::face::Face;
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
    sheet::pages(strips, paper, &face, |sheet| {
        let mut page = String::new();
        let (width, height) = sheet.layout.size;
        let size = (width as u32, height as u32);
        sheet.draw(SVGBackend::with_string(&mut page, size), &face)?;
        Ok(in_millimetres(&page, sheet.layout.size))
    })
}

/// `plotters` gives a picture its size in pixels; a unit of ours is a hundredth of a millimetre.
fn in_millimetres(page: &str, (width, height): (i32, i32)) -> String {
    let pixels = format!("width=\"{width}\" height=\"{height}\"");
    let millimetres = format!("width=\"{}mm\" height=\"{}mm\"", width / 100, height / 100);
    page.replacen(&pixels, &millimetres, 1)
}
