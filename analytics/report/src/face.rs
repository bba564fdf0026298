//! The face that reports are written in: which letters it has, how wide they are.

use ttf_parser::{Face as Outlines, GlyphId};

use crate::error::ReportError;

/// The font, cut as `font/README.md` says.
pub(crate) const BYTES: &[u8] = include_bytes!("../font/ubugoe-strip.ttf");
/// Its name in a PDF.
pub(crate) const NAME: &str = "BIZUDPGothic";
/// How much thicker bold letters are drawn, thousandths of their size.
pub(crate) const BOLD: f32 = 28.0;
/// Drawn for a letter that the font lacks, so that its loss is seen.
const GETA: char = '〓';
/// Ends a text that was cut.
const ELLIPSIS: char = '…';

/// The face, read once for a report.
pub(crate) struct Face {
    outlines: Outlines<'static>,
    geta: GlyphId,
}

impl Face {
    pub(crate) fn load() -> Result<Self, ReportError> {
        let outlines = Outlines::parse(BYTES, 0)
            .map_err(|error| ReportError::Font { reason: error.to_string() })?;
        let geta = outlines.glyph_index(GETA).unwrap_or_default();
        Ok(Self { outlines, geta })
    }

    pub(crate) fn outlines(&self) -> &Outlines<'static> {
        &self.outlines
    }

    /// The letter that is shown for one, and its glyph: itself, or [`GETA`] where the font
    /// has none.
    pub(crate) fn shown(&self, letter: char) -> (char, GlyphId) {
        self.outlines.glyph_index(letter).map_or((GETA, self.geta), |glyph| (letter, glyph))
    }

    /// How far the pen moves after a letter, thousandths of the size.
    pub(crate) fn letter_advance(&self, letter: char) -> f32 {
        self.advance(self.shown(letter).1)
    }

    /// How far the pen moves after a glyph, thousandths of the size.
    pub(crate) fn advance(&self, glyph: GlyphId) -> f32 {
        let advance = self.outlines.glyph_hor_advance(glyph).unwrap_or(0);
        f32::from(advance) * 1_000.0 / f32::from(self.outlines.units_per_em())
    }

    /// How wide a text is at a size, both in units of the canvas.
    pub(crate) fn width(&self, text: &str, size: i32) -> i32 {
        let thousandths: f32 = text.chars().map(|letter| self.letter_advance(letter)).sum();
        (thousandths * size as f32 / 1_000.0).ceil() as i32
    }

    /// As much of a text as fits into a width, with an ellipsis where something was cut.
    pub(crate) fn cut(&self, text: &str, size: i32, width: i32) -> String {
        if self.width(text, size) <= width {
            return text.to_owned();
        }
        let room = width - self.width(&ELLIPSIS.to_string(), size);
        let mut kept = self.head(text, size, room).0.to_owned();
        kept.push(ELLIPSIS);
        kept
    }

    /// A text in lines that fit into a width. Breaks at spaces, and after any letter that is
    /// not Latin, as Japanese does.
    pub(crate) fn wrap(&self, text: &str, size: i32, width: i32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (mut line, mut after) = self.head(rest, size, width);
            if !after.is_empty() {
                (line, after) = at_a_break(line, rest);
            }
            lines.push(line.trim_end().to_owned());
            rest = after.trim_start();
        }
        lines
    }

    /// The longest start of a text that fits, at least one letter, and what follows.
    fn head<'t>(&self, text: &'t str, size: i32, width: i32) -> (&'t str, &'t str) {
        let room = width as f32 * 1_000.0 / size.max(1) as f32;
        let mut used = 0.0;
        for (at, letter) in text.char_indices() {
            used += self.letter_advance(letter);
            if used > room && at > 0 {
                return text.split_at(at);
            }
        }
        (text, "")
    }
}

/// Moves the end of a line back to the last place where a line may end, if it has one.
fn at_a_break<'t>(line: &'t str, text: &'t str) -> (&'t str, &'t str) {
    let next = text[line.len()..].chars().next();
    let ends_well = |end: usize| {
        let before = text[..end].chars().next_back();
        let behind = text[end..].chars().next();
        let breaks = |letter: Option<char>| letter.is_none_or(|l| l == ' ' || !l.is_ascii());
        let closes = behind.is_some_and(|l| "、。，．）」』・：ー％".contains(l));
        (breaks(before) || behind == Some(' ')) && !closes
    };
    debug_assert!(next.is_some(), "only a line that is followed by something is broken");
    let end = line
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8())
        .rev()
        .find(|end| ends_well(*end))
        .unwrap_or(line.len());
    text.split_at(end)
}
