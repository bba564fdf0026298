//! A report as SVG: a picture a page, in millimetres, with its letters.

mod canvas;

use crate::error::ReportError;
use crate::face::Face;
use crate::paper::Paper;
use crate::sheet;
use crate::strip::Strip;
use canvas::Canvas;

/// Draws strips, one after the other, as one SVG a page.
///
/// Letters are outlines of the face that the PDF embeds: no viewer needs a Japanese font.
///
/// # Errors
///
/// As [`crate::strip_pdf`].
pub fn strip_svg(strips: &[Strip], paper: &Paper) -> Result<Vec<String>, ReportError> {
    let face = Face::load()?;
    sheet::pages(strips, paper, &face, |sheet| {
        let mut page = String::new();
        sheet.draw(Canvas::new(&mut page, &face, sheet.layout.size), &face)?;
        Ok(page)
    })
}
