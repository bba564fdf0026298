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
use crate::paper::Paper;
use crate::sheet;
use crate::strip::Strip;
use canvas::{Alpha, Canvas, Drawing};

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
    let pages = sheet::pages(strips, paper, &face, |sheet| {
        let mut content = Vec::new();
        let size = sheet.layout.size;
        sheet.draw(Canvas::new(&mut drawing, &mut content, size), &face)?;
        let begins = sheet.is_first.then(|| sheet.strip.name.to_owned());
        Ok(Page { content: deflated(&content)?, begins, size })
    })?;
    document(&pages, &drawing, paper)
}

/// A page that was drawn.
struct Page {
    /// What is on it, deflated.
    content: Vec<u8>,
    /// The name of the strip that begins on it.
    begins: Option<String>,
    /// Its width and height, units.
    size: (i32, i32),
}

/// Places in the document that others point to.
struct Places {
    tree: Ref,
    font: Ref,
    /// By opacity, its state.
    shades: Vec<(Alpha, Ref)>,
}

fn document(pages: &[Page], drawing: &Drawing, paper: &Paper) -> Result<Vec<u8>, ReportError> {
    let mut pdf = Pdf::new();
    let mut next = Ref::new(1);
    let (catalog, tree, info, outline) = (next.bump(), next.bump(), next.bump(), next.bump());
    let font = drawing.font.write(&mut pdf, &mut next)?;
    let shades: Vec<_> = drawing.alphas().map(|alpha| (alpha, next.bump())).collect();
    for (alpha, id) in &shades {
        let share = alpha.share();
        pdf.ext_graphics(*id).stroking_alpha(share).non_stroking_alpha(share);
    }
    let places = Places { tree, font, shades };
    let ids: Vec<Ref> =
        pages.iter().map(|page| write_page(&mut pdf, &mut next, page, &places)).collect();
    pdf.pages(tree).kids(ids.iter().copied()).count(counted(ids.len()));
    let strips: Vec<(&str, Ref)> = pages
        .iter()
        .zip(&ids)
        .filter_map(|(page, id)| Some((page.begins.as_deref()?, *id)))
        .collect();
    write_outline(&mut pdf, &mut next, outline, &strips);
    let mut root = pdf.catalog(catalog);
    root.pages(tree).outlines(outline);
    root.page_layout(PageLayout::SinglePage).lang(TextStr(paper.language.tag()));
    // Printers shrink a page to its margins unless they are asked not to: the scale would lie.
    root.viewer_preferences().insert(Name(b"PrintScaling")).primitive(Name(b"None"));
    root.finish();
    let title = strips.first().map_or("", |(name, _)| name);
    pdf.document_info(info).title(TextStr(title)).producer(TextStr(PRODUCER));
    Ok(pdf.finish())
}

fn write_page(pdf: &mut Pdf, next: &mut Ref, page: &Page, places: &Places) -> Ref {
    let (page_id, content_id) = (next.bump(), next.bump());
    let [width, height] = [page.size.0, page.size.1].map(|side| side as f32 * POINTS_PER_UNIT);
    let mut leaf = pdf.page(page_id);
    leaf.media_box(Rect::new(0.0, 0.0, width, height)).parent(places.tree).contents(content_id);
    let mut resources = leaf.resources();
    resources.fonts().pair(Name(canvas::FONT), places.font);
    let mut states = resources.ext_g_states();
    for (alpha, id) in &places.shades {
        states.pair(Name(alpha.name().as_bytes()), *id);
    }
    states.finish();
    resources.finish();
    leaf.finish();
    pdf.stream(content_id, &page.content).filter(Filter::FlateDecode);
    page_id
}

/// A list of the strips beside the pages, to find one among many.
fn write_outline(pdf: &mut Pdf, next: &mut Ref, outline: Ref, strips: &[(&str, Ref)]) {
    let items: Vec<Ref> = strips.iter().map(|_| next.bump()).collect();
    if let (Some(first), Some(last)) = (items.first(), items.last()) {
        pdf.outline(outline).first(*first).last(*last).count(counted(items.len()));
    }
    for (at, ((name, page), id)) in strips.iter().zip(&items).enumerate() {
        let mut item = pdf.outline_item(*id);
        item.title(TextStr(name)).parent(outline);
        item.dest().page(*page).fit();
        if let Some(before) = at.checked_sub(1) {
            item.prev(items[before]);
        }
        if let Some(behind) = items.get(at + 1) {
            item.next(*behind);
        }
    }
}

/// A count as PDF has it.
fn counted(things: usize) -> i32 {
    i32::try_from(things).unwrap_or(i32::MAX)
}

/// Deflates a stream.
fn deflated(bytes: &[u8]) -> Result<Vec<u8>, ReportError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|error| ReportError::Drawing { reason: error.to_string() })
}
