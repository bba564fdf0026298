//! The pen: the few strokes that pages are made of, on any canvas of `plotters`.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, ShapeStyle, TextStyle,
};
use plotters_backend::DrawingBackend;

use crate::error::ReportError;
use crate::face::Face;

/// A place on the canvas, units.
pub(crate) type Point = (i32, i32);

/// What `plotters` multiplies the size of a letter by before it hands it to a canvas.
pub(crate) const SIZE_FACTOR: f64 = 1.24;
/// How far the canvases put the middle of a text above its baseline, thousandths of its size:
/// half the height of an x. Capitals and kanji are higher, [`CAPITALS`] makes up for it.
pub(crate) const HALF_X: i32 = 260;
/// How far a text is moved down, thousandths of its size, so that its capitals are centred.
const CAPITALS: i32 = 100;

/// How a text is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hand {
    /// Height of the letters' square, units.
    pub(crate) size: i32,
    pub(crate) ink: RGBAColor,
    pub(crate) align: Align,
    pub(crate) weight: Weight,
    pub(crate) turn: Turn,
}

impl Hand {
    pub(crate) const fn new(size: i32, ink: RGBAColor) -> Self {
        Self { size, ink, align: Align::Left, weight: Weight::Regular, turn: Turn::Level }
    }

    pub(crate) const fn bold(self) -> Self {
        Self { weight: Weight::Bold, ..self }
    }

    pub(crate) const fn centred(self) -> Self {
        Self { align: Align::Centre, ..self }
    }

    pub(crate) const fn right(self) -> Self {
        Self { align: Align::Right, ..self }
    }

    pub(crate) const fn upwards(self) -> Self {
        Self { turn: Turn::Upwards, ..self }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Turn {
    Level,
    Upwards,
}

/// Result of a stroke.
pub(crate) type Drawn = Result<(), ReportError>;

/// A pen over one page.
pub(crate) struct Pen<'f, DB: DrawingBackend> {
    area: DrawingArea<DB, Shift>,
    face: &'f Face,
}

impl<'f, DB: DrawingBackend> Pen<'f, DB> {
    pub(crate) fn new(canvas: DB, face: &'f Face) -> Self {
        Self { area: canvas.into_drawing_area(), face }
    }

    /// The face, for measuring.
    pub(crate) fn face(&self) -> &'f Face {
        self.face
    }

    /// Ends the page.
    pub(crate) fn lift(self) -> Drawn {
        Ok(self.area.present()?)
    }

    pub(crate) fn line(&self, from: Point, to: Point, width: u32, ink: RGBAColor) -> Drawn {
        self.path(vec![from, to], width, ink)
    }

    /// A level dashed line.
    pub(crate) fn dashes(&self, from: Point, to_x: i32, width: u32, ink: RGBAColor) -> Drawn {
        const DASH: i32 = 160;
        const GAP: i32 = 110;
        let (mut x, y) = from;
        while x < to_x {
            self.line((x, y), ((x + DASH).min(to_x), y), width, ink)?;
            x += DASH + GAP;
        }
        Ok(())
    }

    pub(crate) fn path(&self, points: Vec<Point>, width: u32, ink: RGBAColor) -> Drawn {
        let style = ShapeStyle { color: ink, filled: false, stroke_width: width };
        Ok(self.area.draw(&PathElement::new(points, style))?)
    }

    pub(crate) fn fill(&self, from: Point, to: Point, ink: RGBAColor) -> Drawn {
        let style = ShapeStyle { color: ink, filled: true, stroke_width: 0 };
        Ok(self.area.draw(&Rectangle::new([from, to], style))?)
    }

    /// The outline of a rectangle, as a path.
    pub(crate) fn frame(&self, from: Point, to: Point, width: u32, ink: RGBAColor) -> Drawn {
        let (a, b, c, d) = (from, (to.0, from.1), to, (from.0, to.1));
        // The first side twice, so that the last corner is joined as well.
        self.path(vec![a, b, c, d, a, b], width, ink)
    }

    pub(crate) fn polygon(&self, points: Vec<Point>, ink: RGBAColor) -> Drawn {
        let style = ShapeStyle { color: ink, filled: true, stroke_width: 0 };
        Ok(self.area.draw(&Polygon::new(points, style))?)
    }

    pub(crate) fn dot(&self, at: Point, radius: i32, ink: RGBAColor) -> Drawn {
        let style = ShapeStyle { color: ink, filled: true, stroke_width: 0 };
        Ok(self.area.draw(&Circle::new(at, radius, style))?)
    }

    /// A triangle whose tip is at `tip`, `half` wide to each side; `rise` is how far its foot
    /// lies below the tip, negative for a triangle that points down.
    pub(crate) fn triangle(&self, tip: Point, half: i32, rise: i32, ink: RGBAColor) -> Drawn {
        let (x, y) = tip;
        self.polygon(vec![tip, (x + half, y + rise), (x - half, y + rise)], ink)
    }

    /// Writes a text whose middle is at the height of `at`. What is not a letter becomes a space.
    pub(crate) fn text(&self, text: &str, at: Point, hand: Hand) -> Drawn {
        if text.is_empty() {
            return Ok(());
        }
        let text: String = text.chars().map(|it| if is_letter(it) { it } else { ' ' }).collect();
        let sink = hand.size * CAPITALS / 1_000;
        let (at, transform) = match hand.turn {
            Turn::Level => ((at.0, at.1 + sink), FontTransform::None),
            Turn::Upwards => ((at.0 + sink, at.1), FontTransform::Rotate270),
        };
        Ok(self.area.draw_text(&text, &style(hand, transform), at)?)
    }

    /// Writes a text cut to a width.
    pub(crate) fn text_within(&self, text: &str, at: Point, width: i32, hand: Hand) -> Drawn {
        self.text(&self.face.cut(text, hand.size, width), at, hand)
    }

    /// How wide a text is.
    pub(crate) fn width(&self, text: &str, hand: Hand) -> i32 {
        self.face.width(text, hand.size)
    }
}

/// Whether a page may hold a character: controls break a picture, and marks of direction would
/// let a viewer show a text in another order than it has.
fn is_letter(it: char) -> bool {
    let turns =
        matches!(it, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !(it.is_control() || turns || matches!(it, '\u{fffe}' | '\u{ffff}'))
}

fn style(hand: Hand, transform: FontTransform) -> TextStyle<'static> {
    let weight = match hand.weight {
        Weight::Regular => FontStyle::Normal,
        Weight::Bold => FontStyle::Bold,
    };
    let align = match hand.align {
        Align::Left => HPos::Left,
        Align::Centre => HPos::Center,
        Align::Right => HPos::Right,
    };
    let size = f64::from(hand.size) * SIZE_FACTOR;
    // Every canvas writes in the one face that is built in.
    TextStyle {
        font: FontDesc::new(FontFamily::SansSerif, size, weight).transform(transform),
        color: hand.ink.to_backend_color(),
        pos: Pos::new(align, VPos::Center),
    }
}
