//! A canvas of `plotters` whose page is SVG.
//!
//! Letters are outlines, each kind of letter once, so that a page looks the same wherever it is
//! shown; every text stands beside its outlines as a label for those who listen or search.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Write;

use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle, FontTransform,
};
use ttf_parser::OutlineBuilder;

use crate::face::{BOLD, Face};
use crate::pen::{HALF_X, SIZE_FACTOR};

/// One page being drawn.
pub(super) struct Canvas<'p> {
    page: &'p mut String,
    face: &'p Face,
    size: (i32, i32),
    body: String,
    /// Outlines of the letters that were written, by their number in the font.
    letters: BTreeMap<u16, String>,
}

impl<'p> Canvas<'p> {
    /// A page of so many units, hundredths of a millimetre; `present` writes it.
    pub(super) fn new(page: &'p mut String, face: &'p Face, size: (i32, i32)) -> Self {
        Self { page, face, size, body: String::new(), letters: BTreeMap::new() }
    }

    /// Adds an element; text in memory takes whatever is written.
    fn add(&mut self, element: std::fmt::Arguments) {
        self.body.write_fmt(element).expect("a string takes everything");
        self.body.push('\n');
    }
}

/// The attributes of a colour, as `name` paints it.
fn paint(name: &str, color: BackendColor) -> String {
    let (r, g, b) = color.rgb;
    let opacity = match color.alpha {
        alpha if alpha < 1.0 => format!(" opacity=\"{}\"", (alpha * 1_000.0).round() / 1_000.0),
        _ => String::new(),
    };
    format!("{name}=\"#{r:02X}{g:02X}{b:02X}\"{opacity}")
}

fn points(path: impl IntoIterator<Item = BackendCoord>) -> String {
    path.into_iter().fold(String::new(), |mut points, (x, y)| {
        write!(points, "{x},{y} ").expect("a string takes everything");
        points
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An outline in whole units of the font.
#[derive(Default)]
struct Outline(String);

impl Outline {
    fn add(&mut self, operator: char, numbers: &[f32]) {
        self.0.push(operator);
        for (at, number) in numbers.iter().enumerate() {
            let number = number.round() as i32;
            let space = if at > 0 && number >= 0 { " " } else { "" };
            write!(self.0, "{space}{number}").expect("a string takes everything");
        }
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[x, y]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[x, y]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add('Q', &[x1, y1, x, y]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add('C', &[x1, y1, x2, y2, x, y]);
    }

    fn close(&mut self) {
        self.0.push('Z');
    }
}

/// How a stroke ends; nothing can fail in memory.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.size.0 as u32, self.size.1 as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        let (width, height) = self.size;
        let (width_mm, height_mm) = (f64::from(width) / 100.0, f64::from(height) / 100.0);
        let letters: String = std::mem::take(&mut self.letters)
            .into_iter()
            .map(|(glyph, outline)| format!("<path id=\"g{glyph}\" d=\"{outline}\"/>\n"))
            .collect();
        *self.page = format!(
            "<svg width=\"{width_mm}mm\" height=\"{height_mm}mm\" viewBox=\"0 0 {width} {height}\" xmlns=\"http://www.w3.org/2000/svg\">\n<defs>\n{letters}</defs>\n{}</svg>\n",
            self.body
        );
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        let paint = paint("fill", color);
        self.add(format_args!("<rect x=\"{x}\" y=\"{y}\" width=\"1\" height=\"1\" {paint}/>"));
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
        (x, y): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (width, height) = (right - x, bottom - y);
        let paint = match fill {
            true => paint("fill", style.color()),
            false => format!(
                "fill=\"none\" {} stroke-width=\"{}\"",
                paint("stroke", style.color()),
                style.stroke_width()
            ),
        };
        self.add(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {paint}/>"
        ));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let (points, paint) = (points(path), paint("stroke", style.color()));
        let width = style.stroke_width();
        self.add(format_args!(
            "<polyline fill=\"none\" {paint} stroke-width=\"{width}\" stroke-linejoin=\"round\" points=\"{points}\"/>"
        ));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let paint = match fill {
            true => paint("fill", style.color()),
            false => format!("fill=\"none\" {}", paint("stroke", style.color())),
        };
        self.add(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {paint}/>"));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        let (points, paint) = (points(corners), paint("fill", style.color()));
        self.add(format_args!("<polygon {paint} points=\"{points}\"/>"));
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Drawn {
        let size = style.size() / SIZE_FACTOR;
        let per_em = f64::from(self.face.outlines().units_per_em());
        let mut pen = 0.0;
        let mut letters = String::new();
        for letter in text.chars() {
            let (_, glyph) = self.face.shown(letter);
            let outline = self.letters.entry(glyph.0).or_insert_with(|| {
                let mut outline = Outline::default();
                // A blank has none, and none is what is drawn.
                self.face.outlines().outline_glyph(glyph, &mut outline);
                outline.0
            });
            if !outline.is_empty() {
                write!(letters, "<use href=\"#g{}\" x=\"{:.0}\"/>", glyph.0, pen)
                    .expect("a string takes everything");
            }
            pen += f64::from(self.face.advance(glyph)) * per_em / 1_000.0;
        }
        let back = match style.anchor().h_pos {
            HPos::Left => 0.0,
            HPos::Center => -pen / 2.0,
            HPos::Right => -pen,
        };
        let scale = (size / per_em * 10_000.0).round() / 10_000.0;
        let turn = match style.transform() {
            FontTransform::None => "",
            FontTransform::Rotate90 => " rotate(90)",
            FontTransform::Rotate180 => " rotate(180)",
            FontTransform::Rotate270 => " rotate(270)",
        };
        // The y axis of a font points up.
        let sink = -(per_em * f64::from(HALF_X) / 1_000.0);
        let mut paint = paint("fill", style.color());
        if matches!(style.style(), FontStyle::Bold) {
            let (r, g, b) = style.color().rgb;
            let width = f64::from(BOLD) / 1_000.0 * per_em;
            write!(paint, " stroke=\"#{r:02X}{g:02X}{b:02X}\" stroke-width=\"{width:.0}\"")
                .expect("a string takes everything");
        }
        let label = escaped(text);
        self.add(format_args!(
            "<g role=\"img\" aria-label=\"{label}\" {paint} transform=\"translate({x} {y}){turn} scale({scale} -{scale}) translate({back:.0} {sink:.0})\">{letters}</g>"
        ));
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = (style.size() / SIZE_FACTOR) as i32;
        Ok((self.face.width(text, size) as u32, size as u32))
    }
}
