//! A report as PDF: vectors at true size, text as text.

mod canvas;
mod font;

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::PageLayout;
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, TextStr};

use crate::error::ReportError;
use crate::face::Face;
use crate::layout;
use crate::paper::Paper;
use crate::sheet;
use crate::strip::Strip;
use canvas::{Canvas, Drawing};

/// Points of PDF in a unit of the canvas: 72 in an inch of 25.4 mm.
const POINTS_PER_UNIT: f32 = 72.0 / 2_540.0;
/// Who made the document.
const PRODUCER: &str = "Ubugoe";

/// Draws strips, one after the other, as one PDF; pages are numbered through.
///
/// # Errors
///
/// [`ReportError::NoStrip`] without a strip, [`ReportError::TooLong`] for one beyond
/// [`crate::TICKS_MAX`]; the others tell of a defect in this room.
pub fn strip_pdf(strips: &[Strip], paper: &Paper) -> Result<Vec<u8>, ReportError> {
    let face = Face::load()?;
    let mut drawing = Drawing::new(&face);
    let pages = sheet::pages(strips, paper, |sheet| {
        let mut content = Vec::new();
        sheet.draw(Canvas::new(&mut drawing, &mut content), &face)?;
        Ok(content)
    })?;
    let title = strips.first().map_or("", |strip| strip.name);
    document(&pages, &drawing, title, paper)
}

fn document(
    pages: &[Vec<u8>],
    drawing: &Drawing,
    title: &str,
    paper: &Paper,
) -> Result<Vec<u8>, ReportError> {
    let mut pdf = Pdf::new();
    let mut next = Ref::new(1);
    let (catalog, tree, info) = (next.bump(), next.bump(), next.bump());
    let places: Vec<_> = pages.iter().map(|_| (next.bump(), next.bump())).collect();
    let font = drawing.font.write(&mut pdf, &mut next)?;
    let shades: Vec<_> = drawing.alphas().map(|alpha| (alpha, next.bump())).collect();
    for (alpha, id) in &shades {
        let share = alpha.share();
        pdf.ext_graphics(*id).stroking_alpha(share).non_stroking_alpha(share);
    }
    for (content, (page_id, content_id)) in pages.iter().zip(&places) {
        let mut page = pdf.page(*page_id);
        let (width, height) = (layout::WIDTH as f32, layout::HEIGHT as f32);
        page.media_box(Rect::new(0.0, 0.0, width * POINTS_PER_UNIT, height * POINTS_PER_UNIT));
        page.parent(tree).contents(*content_id);
        let mut resources = page.resources();
        resources.fonts().pair(Name(canvas::FONT), font);
        let mut states = resources.ext_g_states();
        for (alpha, id) in &shades {
            states.pair(Name(alpha.name().as_bytes()), *id);
        }
        states.finish();
        resources.finish();
        page.finish();
        let packed = deflated(content)?;
        pdf.stream(*content_id, &packed).filter(Filter::FlateDecode);
    }
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(places.iter().map(|(page, _)| *page)).count(count);
    let mut root = pdf.catalog(catalog);
    root.pages(tree).page_layout(PageLayout::SinglePage).lang(TextStr(paper.language.tag()));
    // Printers shrink a page to its margins unless they are asked not to: the scale would lie.
    root.viewer_preferences().insert(Name(b"PrintScaling")).primitive(Name(b"None"));
    root.finish();
    pdf.document_info(info).title(TextStr(title)).producer(TextStr(PRODUCER));
    Ok(pdf.finish())
}

/// Deflates a stream.
fn deflated(bytes: &[u8]) -> Result<Vec<u8>, ReportError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|error| ReportError::Drawing { reason: error.to_string() })
}
