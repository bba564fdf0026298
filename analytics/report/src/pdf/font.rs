//! The font in a PDF: only the glyphs that were written, and which letter each one is.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, Str};
use subsetter::GlyphRemapper;

use super::deflated;
use crate::error::ReportError;
use crate::face::{self, Face};

/// The numbers of glyphs stand for themselves.
const IDENTITY: SystemInfo =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
/// Thickness of an upright stroke, thousandths; viewers use it only to replace a lost font.
const STEM: f32 = 80.0;

/// The letters of a document.
pub(super) struct Font<'f> {
    face: &'f Face,
    glyphs: GlyphRemapper,
    /// By the number in the document: the letter, and how far the pen moves.
    written: BTreeMap<u16, (char, f32)>,
}

impl<'f> Font<'f> {
    pub(super) fn new(face: &'f Face) -> Self {
        Self { face, glyphs: GlyphRemapper::new(), written: BTreeMap::new() }
    }

    /// The bytes that show a text, and its width in thousandths of the size.
    pub(super) fn encode(&mut self, text: &str) -> (Vec<u8>, f32) {
        let mut codes = Vec::with_capacity(2 * text.len());
        let mut thousandths = 0.0;
        for letter in text.chars() {
            let (letter, glyph) = self.face.shown(letter);
            let code = self.glyphs.remap(glyph.0);
            let advance = self.face.advance(glyph);
            self.written.entry(code).or_insert((letter, advance));
            codes.extend_from_slice(&code.to_be_bytes());
            thousandths += advance;
        }
        (codes, thousandths)
    }

    /// The width of a text in thousandths of the size.
    pub(super) fn thousandths(&self, text: &str) -> f32 {
        text.chars().map(|letter| self.face.letter_advance(letter)).sum()
    }

    /// Writes the font into a document.
    pub(super) fn write(&self, pdf: &mut Pdf, next: &mut Ref) -> Result<Ref, ReportError> {
        let (font, cid, descriptor) = (next.bump(), next.bump(), next.bump());
        let (cmap, file) = (next.bump(), next.bump());
        // Six capitals and a plus say that the font is a part of one.
        let name = format!("UBUGOE+{}", face::NAME);
        let name = Name(name.as_bytes());
        pdf.type0_font(font)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(cmap);
        let mut cid_font = pdf.cid_font(cid);
        cid_font
            .subtype(CidFontType::Type2)
            .base_font(name)
            .system_info(IDENTITY)
            .font_descriptor(descriptor)
            .default_width(1_000.0)
            .cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = cid_font.widths();
        for (code, (_, advance)) in &self.written {
            widths.consecutive(*code, [*advance]);
        }
        widths.finish();
        cid_font.finish();
        self.describe(pdf, descriptor, name, file);
        let mut letters = UnicodeCmap::new(Name(b"Ubugoe-Letters"), IDENTITY);
        for (code, (letter, _)) in &self.written {
            letters.pair(*code, *letter);
        }
        pdf.cmap(cmap, &deflated(letters.finish().as_slice())?).filter(Filter::FlateDecode);
        let cut = subsetter::subset(face::BYTES, 0, &self.glyphs)
            .map_err(|error| ReportError::Font { reason: error.to_string() })?;
        pdf.stream(file, &deflated(&cut)?).filter(Filter::FlateDecode);
        Ok(font)
    }

    fn describe(&self, pdf: &mut Pdf, descriptor: Ref, name: Name, file: Ref) {
        let outlines = self.face.outlines();
        let scale = 1_000.0 / f32::from(outlines.units_per_em());
        let bounds = outlines.global_bounding_box();
        let [left, low, right, high] = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max]
            .map(|edge| f32::from(edge) * scale);
        let ascent = f32::from(outlines.ascender()) * scale;
        pdf.font_descriptor(descriptor)
            .name(name)
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(left, low, right, high))
            .italic_angle(0.0)
            .ascent(ascent)
            .descent(f32::from(outlines.descender()) * scale)
            .cap_height(outlines.capital_height().map_or(ascent, |h| f32::from(h) * scale))
            .stem_v(STEM)
            .font_file2(file);
    }
}
