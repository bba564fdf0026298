//! A canvas of `plotters` whose page is PDF.
//!
//! The page's matrix makes a unit of the canvas a hundredth of a millimetre and turns the
//! y axis down, so that the numbers in the page are those of the drawing: whole, and short.

use std::collections::BTreeSet;
use std::convert::Infallible;

use pdf_writer::types::{LineJoinStyle, TextRenderingMode};
use pdf_writer::{Content, Name, Str};
use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle, FontTransform,
};

use super::POINTS_PER_UNIT;
use super::font::Font;
use crate::face::{BOLD, Face};
use crate::pen::{HALF_X, SIZE_FACTOR};

/// The name of the font on a page.
pub(super) const FONT: &[u8] = b"F";
/// A quarter of a circle as a curve: how far its handles reach, in radii.
const KAPPA: f32 = 0.552_285;

/// What the pages of a document share.
pub(super) struct Drawing<'f> {
    pub(super) font: Font<'f>,
    alphas: BTreeSet<Alpha>,
}

impl<'f> Drawing<'f> {
    pub(super) fn new(face: &'f Face) -> Self {
        Self { font: Font::new(face), alphas: BTreeSet::new() }
    }

    /// Every opacity that was drawn with.
    pub(super) fn alphas(&self) -> impl Iterator<Item = Alpha> {
        self.alphas.iter().copied()
    }
}

/// An opacity, percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Alpha(u8);

impl Alpha {
    const OPAQUE: Self = Self(100);

    fn of(color: BackendColor) -> Self {
        Self((color.alpha.clamp(0.0, 1.0) * 100.0).round() as u8)
    }

    /// From 0 to 1.
    pub(super) fn share(self) -> f32 {
        f32::from(self.0) / 100.0
    }

    /// Its name on a page.
    pub(super) fn name(self) -> String {
        format!("A{}", self.0)
    }
}

/// What was set last, so that it is not said again.
#[derive(Clone, Copy, PartialEq)]
struct State {
    stroke: (u8, u8, u8),
    fill: (u8, u8, u8),
    width: u32,
    alpha: Alpha,
}

/// One page being drawn; its bytes are handed over by `present`.
pub(super) struct Canvas<'d, 'f> {
    drawing: &'d mut Drawing<'f>,
    page: &'d mut Vec<u8>,
    content: Content,
    state: State,
    size: (i32, i32),
}

impl<'d, 'f> Canvas<'d, 'f> {
    pub(super) fn new(
        drawing: &'d mut Drawing<'f>,
        page: &'d mut Vec<u8>,
        size: (i32, i32),
    ) -> Self {
        let mut content = Content::new();
        let unit = POINTS_PER_UNIT;
        content.transform([unit, 0.0, 0.0, -unit, 0.0, size.1 as f32 * unit]);
        content.set_line_join(LineJoinStyle::RoundJoin);
        drawing.alphas.insert(Alpha::OPAQUE);
        let black = (0, 0, 0);
        let state = State { stroke: black, fill: black, width: 1, alpha: Alpha::OPAQUE };
        content.set_line_width(1.0);
        Self { drawing, page, content, state, size }
    }

    fn alpha(&mut self, alpha: Alpha) {
        if self.state.alpha != alpha {
            self.drawing.alphas.insert(alpha);
            self.content.set_parameters(Name(alpha.name().as_bytes()));
            self.state.alpha = alpha;
        }
    }

    fn stroking(&mut self, color: BackendColor, width: u32) {
        self.alpha(Alpha::of(color));
        if self.state.stroke != color.rgb {
            let [r, g, b] = channels(color);
            self.content.set_stroke_rgb(r, g, b);
            self.state.stroke = color.rgb;
        }
        if self.state.width != width {
            self.content.set_line_width(width as f32);
            self.state.width = width;
        }
    }

    fn filling(&mut self, color: BackendColor) {
        self.alpha(Alpha::of(color));
        if self.state.fill != color.rgb {
            let [r, g, b] = channels(color);
            self.content.set_fill_rgb(r, g, b);
            self.state.fill = color.rgb;
        }
    }

    /// Lays a path without painting it; whether there was one.
    fn lay(&mut self, points: impl IntoIterator<Item = BackendCoord>) -> bool {
        let mut points = points.into_iter();
        let Some((x, y)) = points.next() else { return false };
        self.content.move_to(x as f32, y as f32);
        let mut laid = false;
        for (x, y) in points {
            self.content.line_to(x as f32, y as f32);
            laid = true;
        }
        if !laid {
            self.content.end_path();
        }
        laid
    }

    fn lay_circle(&mut self, center: BackendCoord, radius: u32) {
        let (x, y, r) = (center.0 as f32, center.1 as f32, radius as f32);
        let k = r * KAPPA;
        self.content.move_to(x + r, y);
        self.content.cubic_to(x + r, y + k, x + k, y + r, x, y + r);
        self.content.cubic_to(x - k, y + r, x - r, y + k, x - r, y);
        self.content.cubic_to(x - r, y - k, x - k, y - r, x, y - r);
        self.content.cubic_to(x + k, y - r, x + r, y - k, x + r, y);
        self.content.close_path();
    }
}

/// The colour as PDF counts it.
fn channels(color: BackendColor) -> [f32; 3] {
    let (r, g, b) = color.rgb;
    // Three decimals tell 256 steps apart and keep the page short.
    [r, g, b].map(|channel| (f32::from(channel) / 255.0 * 1_000.0).round() / 1_000.0)
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
        let content = std::mem::replace(&mut self.content, Content::new());
        self.page.extend_from_slice(content.finish().as_slice());
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.filling(color);
        self.content.rect(point.0 as f32, point.1 as f32, 1.0, 1.0).fill_nonzero();
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
        let (x, y) = (upper_left.0 as f32, upper_left.1 as f32);
        let (width, height) = (bottom_right.0 as f32 - x, bottom_right.1 as f32 - y);
        if fill {
            self.filling(style.color());
            self.content.rect(x, y, width, height).fill_nonzero();
        } else {
            self.stroking(style.color(), style.stroke_width());
            self.content.rect(x, y, width, height).stroke();
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.stroking(style.color(), style.stroke_width());
        if self.lay(path) {
            self.content.stroke();
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        if fill {
            self.filling(style.color());
            self.lay_circle(center, radius);
            self.content.fill_nonzero();
        } else {
            self.stroking(style.color(), style.stroke_width());
            self.lay_circle(center, radius);
            self.content.stroke();
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vert: I,
        style: &S,
    ) -> Drawn {
        self.filling(style.color());
        if self.lay(vert) {
            self.content.fill_nonzero();
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
        let (codes, thousandths) = self.drawing.font.encode(text);
        let width = thousandths * size / 1_000.0;
        let back = match style.anchor().h_pos {
            HPos::Left => 0.0,
            HPos::Center => -width / 2.0,
            HPos::Right => -width,
        };
        let matrix = placed(style.transform(), pos, back.round(), size);
        self.filling(style.color());
        let is_bold = matches!(style.style(), FontStyle::Bold);
        if is_bold {
            self.stroking(style.color(), (size * BOLD / 1_000.0).round() as u32);
            self.content.set_text_rendering_mode(TextRenderingMode::FillStroke);
        }
        self.content.begin_text().set_font(Name(FONT), size).set_text_matrix(matrix);
        self.content.show(Str(&codes)).end_text();
        if is_bold {
            self.content.set_text_rendering_mode(TextRenderingMode::Fill);
        }
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = (style.size() / SIZE_FACTOR) as f32;
        let width = self.drawing.font.thousandths(text) * size / 1_000.0;
        Ok((width.ceil() as u32, size.ceil() as u32))
    }
}

/// Where a text begins and which way it runs. Texts stand on their head in a page whose y axis
/// points down, so each matrix turns it up again.
fn placed(transform: FontTransform, pos: BackendCoord, back: f32, size: f32) -> [f32; 6] {
    let (x, y) = (pos.0 as f32, pos.1 as f32);
    let sink = (size * HALF_X as f32 / 1_000.0).round();
    match transform {
        FontTransform::None => [1.0, 0.0, 0.0, -1.0, x + back, y + sink],
        FontTransform::Rotate90 => [0.0, 1.0, 1.0, 0.0, x - sink, y + back],
        FontTransform::Rotate180 => [-1.0, 0.0, 0.0, 1.0, x - back, y - sink],
        FontTransform::Rotate270 => [0.0, -1.0, -1.0, 0.0, x + sink, y - back],
    }
}
