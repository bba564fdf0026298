//! A canvas of `plotters` whose page is pixels.

use std::collections::BTreeMap;
use std::convert::Infallible;

use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle, FontTransform,
};
use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform,
};
use ttf_parser::{GlyphId, OutlineBuilder};

use crate::face::{BOLD, Face};
use crate::pen::{HALF_X, SIZE_FACTOR};

/// Outlines of letters, in units of the font, each looked up once.
pub(super) struct Glyphs<'f> {
    face: &'f Face,
    paths: BTreeMap<u16, Option<Path>>,
}

impl<'f> Glyphs<'f> {
    pub(super) fn new(face: &'f Face) -> Self {
        Self { face, paths: BTreeMap::new() }
    }

    /// The outline of a glyph; a blank has none.
    fn path(&mut self, glyph: GlyphId) -> Option<&Path> {
        let face = self.face;
        let outline = || {
            let mut outline = Outline(PathBuilder::new());
            face.outlines().outline_glyph(glyph, &mut outline)?;
            outline.0.finish()
        };
        self.paths.entry(glyph.0).or_insert_with(outline).as_ref()
    }
}

struct Outline(PathBuilder);

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}

/// One page being drawn.
pub(super) struct Canvas<'p, 'f> {
    pixmap: &'p mut Pixmap,
    glyphs: &'p mut Glyphs<'f>,
    /// From units of the canvas to pixels.
    to_pixels: Transform,
    size: (i32, i32),
}

impl<'p, 'f> Canvas<'p, 'f> {
    pub(super) fn new(
        pixmap: &'p mut Pixmap,
        glyphs: &'p mut Glyphs<'f>,
        pixels_per_unit: f64,
        size: (i32, i32),
    ) -> Self {
        let scale = pixels_per_unit as f32;
        Self { pixmap, glyphs, to_pixels: Transform::from_scale(scale, scale), size }
    }

    fn fill(&mut self, path: &Path, color: BackendColor) {
        self.pixmap.fill_path(path, &paint(color), FillRule::Winding, self.to_pixels, None);
    }

    fn stroke(&mut self, path: &Path, color: BackendColor, width: u32) {
        let stroke = Stroke {
            width: width as f32,
            line_join: LineJoin::Round,
            line_cap: LineCap::Butt,
            ..Stroke::default()
        };
        self.pixmap.stroke_path(path, &paint(color), &stroke, self.to_pixels, None);
    }
}

fn paint(color: BackendColor) -> Paint<'static> {
    let mut paint = Paint::default();
    let (r, g, b) = color.rgb;
    paint.set_color_rgba8(r, g, b, (color.alpha.clamp(0.0, 1.0) * 255.0).round() as u8);
    paint
}

fn path_of(points: impl IntoIterator<Item = BackendCoord>) -> PathBuilder {
    let mut path = PathBuilder::new();
    for (at, (x, y)) in points.into_iter().enumerate() {
        match at {
            0 => path.move_to(x as f32, y as f32),
            _ => path.line_to(x as f32, y as f32),
        }
    }
    path
}

/// How a stroke ends; nothing can fail in memory.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Canvas<'_, '_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.size.0 as u32, self.size.1 as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.fill_rect((x, y), (x + 1, y + 1), color);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        if fill {
            self.fill_rect(upper_left, bottom_right, style.color());
            return Ok(());
        }
        let ((left, top), (right, bottom)) = (upper_left, bottom_right);
        let mut path = path_of([(left, top), (right, top), (right, bottom), (left, bottom)]);
        path.close();
        if let Some(path) = path.finish() {
            self.stroke(&path, style.color(), style.stroke_width());
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        if let Some(path) = path_of(path).finish() {
            self.stroke(&path, style.color(), style.stroke_width());
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let Some(path) = PathBuilder::from_circle(x as f32, y as f32, radius as f32) else {
            return Ok(());
        };
        if fill {
            self.fill(&path, style.color());
        } else {
            self.stroke(&path, style.color(), style.stroke_width());
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        let mut path = path_of(corners);
        path.close();
        if let Some(path) = path.finish() {
            self.fill(&path, style.color());
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        pos: BackendCoord,
    ) -> Drawn {
        let size = (style.size() / SIZE_FACTOR) as f32;
        let face = self.glyphs.face;
        let thousandths: f32 = text.chars().map(|letter| face.letter_advance(letter)).sum();
        let back = match style.anchor().h_pos {
            HPos::Left => 0.0,
            HPos::Center => -thousandths * size / 2_000.0,
            HPos::Right => -thousandths * size / 1_000.0,
        };
        let em = size / f32::from(face.outlines().units_per_em());
        let sink = size * HALF_X as f32 / 1_000.0;
        let line = self
            .to_pixels
            .pre_translate(pos.0 as f32, pos.1 as f32)
            .pre_rotate(degrees(style.transform()));
        let paint = paint(style.color());
        let is_bold = matches!(style.style(), FontStyle::Bold);
        let stroke = Stroke {
            width: BOLD / 1_000.0 * size / em,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        let mut x = back;
        for letter in text.chars() {
            let (_, glyph) = face.shown(letter);
            if let Some(path) = self.glyphs.path(glyph) {
                // The y axis of a font points up.
                let place = line.pre_translate(x, sink).pre_scale(em, -em);
                self.pixmap.fill_path(path, &paint, FillRule::Winding, place, None);
                if is_bold {
                    self.pixmap.stroke_path(path, &paint, &stroke, place, None);
                }
            }
            x += face.advance(glyph) * size / 1_000.0;
        }
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = (style.size() / SIZE_FACTOR) as i32;
        Ok((self.glyphs.face.width(text, size) as u32, size as u32))
    }
}

impl Canvas<'_, '_> {
    fn fill_rect(&mut self, from: BackendCoord, to: BackendCoord, color: BackendColor) {
        let (x, y) = (from.0 as f32, from.1 as f32);
        if let Some(rect) = Rect::from_ltrb(x, y, to.0 as f32, to.1 as f32) {
            self.pixmap.fill_rect(rect, &paint(color), self.to_pixels, None);
        }
    }
}

/// Which way a text runs, clockwise.
fn degrees(transform: FontTransform) -> f32 {
    match transform {
        FontTransform::None => 0.0,
        FontTransform::Rotate90 => 90.0,
        FontTransform::Rotate180 => 180.0,
        FontTransform::Rotate270 => 270.0,
    }
}
