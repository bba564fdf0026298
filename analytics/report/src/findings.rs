//! What the analysis found: brackets over the strip, tints in it, bars under it.

use ctg::{Acceleration, Artefact, Contraction, Deceleration, Span};
use plotters::style::{Color, RGBAColor};
use plotters_backend::DrawingBackend;

use crate::layout::{ARTEFACTS, BRACKETS, EDGE};
use crate::pen::{Drawn, Hand, Pen, Point};
use crate::sheet::Sheet;
use crate::{ink, traces, words};

const LABEL: i32 = 230;
const STROKE: u32 = 20;

/// Fills what lies between the baseline and the rate of every acceleration and deceleration.
///
/// Only where both are there: nothing is filled across an absence.
pub(crate) fn excursions<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    for found in sheet.strip.shown_accelerations() {
        excursion(sheet, pen, found.span, ink::ACCELERATION_TINT, i32::min)?;
        edges(sheet, pen, found.span, ink::ACCELERATION)?;
    }
    for found in sheet.strip.shown_decelerations() {
        excursion(sheet, pen, found.span, ink::DECELERATION_TINT, i32::max)?;
        edges(sheet, pen, found.span, ink::DECELERATION)?;
    }
    Ok(())
}

fn excursion<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    span: Span,
    tint: RGBAColor,
    outer: impl Fn(i32, i32) -> i32,
) -> Drawn {
    let page = sheet.recorded();
    let (start, end) = (span.start.max(page.start), span.end.min(page.end));
    let (mut rate, mut baseline) = (Vec::new(), Vec::new());
    // One tick further, where there is one: the line to it belongs to the page.
    for tick in start..(end + 1).min(sheet.part.end) {
        match sheet.y_rate(tick).zip(sheet.y_baseline(tick)) {
            Some((y, base)) => {
                let x = sheet.layout.x(tick);
                traces::lengthen(&mut rate, (x, outer(y, base)));
                traces::lengthen(&mut baseline, (x, base));
            }
            None => fill_between(pen, &mut rate, &mut baseline, tint)?,
        }
    }
    fill_between(pen, &mut rate, &mut baseline, tint)
}

fn fill_between<DB: DrawingBackend>(
    pen: &Pen<DB>,
    rate: &mut Vec<Point>,
    baseline: &mut Vec<Point>,
    tint: RGBAColor,
) -> Drawn {
    let mut outline = std::mem::take(rate);
    outline.extend(std::mem::take(baseline).into_iter().rev());
    if outline.len() < 4 { Ok(()) } else { pen.polygon(outline, tint) }
}

/// Fine lines from both ends of a bracket down to the rate.
fn edges<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>, span: Span, color: RGBAColor) -> Drawn {
    let page = sheet.recorded();
    if page.overlap(span) == 0 {
        return Ok(());
    }
    for tick in [span.start, span.end] {
        if let Some(y) = sheet.y_rate(tick).filter(|_| page.start <= tick && tick <= page.end) {
            let x = sheet.layout.x(tick);
            pen.line((x, sheet.layout.fhr_top()), (x, y), 8, color.mix(0.4))?;
        }
    }
    Ok(())
}

/// The two lanes of brackets over the strip, and the turning points in it.
pub(crate) fn brackets<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let language = sheet.paper.language;
    let upper = sheet.layout.fhr_top() - 2 * BRACKETS;
    let lower = upper + BRACKETS;
    let hand = Hand::new(220, ink::ACCELERATION);
    pen.text(language.of("一過性頻脈", "accelerations"), (EDGE, upper + 180), hand)?;
    let hand = Hand::new(220, ink::DECELERATION);
    pen.text(language.of("一過性徐脈", "decelerations"), (EDGE, lower + 180), hand)?;
    let mut free = i32::MIN;
    for found in sheet.strip.shown_accelerations() {
        acceleration(sheet, pen, found, upper, &mut free)?;
    }
    let mut free = i32::MIN;
    for found in sheet.strip.shown_decelerations() {
        deceleration(sheet, pen, found, lower, &mut free)?;
    }
    Ok(())
}

fn acceleration<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    found: &Acceleration,
    lane: i32,
    free: &mut i32,
) -> Drawn {
    let Some((from, to)) = bracket(sheet, pen, found.span, lane, ink::ACCELERATION)? else {
        return Ok(());
    };
    let language = sheet.paper.language;
    let labels =
        if found.is_prolonged { [language.of("A 遷延", "A prolonged"), "A"] } else { ["A", "A"] };
    let hand = Hand::new(LABEL, ink::ACCELERATION).bold();
    label(pen, &labels, (from, to), lane + 140, hand, free)?;
    let y = sheet.layout.y_bpm(found.peak_bpm);
    if let Some(y) = y.filter(|_| sheet.recorded().contains(found.peak)) {
        let x = sheet.layout.x(found.peak);
        pen.triangle((x, y - 70), 55, -100, ink::ACCELERATION)?;
    }
    Ok(())
}

fn deceleration<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    found: &Deceleration,
    lane: i32,
    free: &mut i32,
) -> Drawn {
    let Some((from, to)) = bracket(sheet, pen, found.span, lane, ink::DECELERATION)? else {
        return Ok(());
    };
    let labels = words::deceleration(found, sheet.paper.language);
    let labels = labels.each_ref().map(String::as_str);
    let hand = Hand::new(LABEL, ink::DECELERATION).bold();
    label(pen, &labels, (from, to), lane + 140, hand, free)?;
    let y = sheet.layout.y_bpm(found.nadir_bpm);
    if let Some(y) = y.filter(|_| sheet.recorded().contains(found.nadir)) {
        let x = sheet.layout.x(found.nadir);
        pen.triangle((x, y + 70), 55, 100, ink::DECELERATION)?;
        if y + 400 < sheet.layout.fhr_bottom() - ARTEFACTS {
            let hand = Hand::new(210, ink::DECELERATION).centred();
            pen.text(&format!("{:.0}", found.nadir_bpm), (x, y + 290), hand)?;
        }
    }
    Ok(())
}

/// A bracket over a span; at the edge of a page it stays open, because the finding goes on.
fn bracket<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    span: Span,
    lane: i32,
    color: RGBAColor,
) -> Result<Option<(i32, i32)>, crate::ReportError> {
    let Some((from, to)) = sheet.across(span) else { return Ok(None) };
    let (bar, foot) = (lane + 290, lane + 410);
    let mut points = vec![(from, bar), (to, bar)];
    if span.start >= sheet.recorded().start {
        points.insert(0, (from, foot));
    }
    if span.end <= sheet.recorded().end {
        points.push((to, foot));
    }
    pen.path(points, STROKE, color)?;
    Ok(Some((from, to)))
}

/// Writes the longest of some labels that has room over a span; `free` is where the label
/// before it ended. The shortest is written in any case: a finding without a name is worse
/// than two that touch.
fn label<DB: DrawingBackend>(
    pen: &Pen<DB>,
    labels: &[&str],
    (from, to): (i32, i32),
    y: i32,
    hand: Hand,
    free: &mut i32,
) -> Drawn {
    let middle = (from + to) / 2;
    let fits = |text: &&&str| {
        let width = pen.width(text, hand);
        width <= (to - from).max(400) && middle - width / 2 >= *free
    };
    let Some(text) = labels.iter().find(fits).or(labels.last()) else { return Ok(()) };
    *free = middle + pen.width(text, hand) / 2 + 60;
    pen.text(text, (middle, y), hand.centred())
}

/// Bars under the uterine grid: from rise to return, a triangle at the peak, how long.
pub(crate) fn contractions<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let text = sheet.paper.language.of("子宮収縮", "contractions");
    let y = sheet.layout.ua_bottom();
    pen.text(text, (EDGE, y + 230), Hand::new(220, ink::UA))?;
    for found in sheet.strip.contractions {
        contraction(sheet, pen, found, y)?;
    }
    Ok(())
}

fn contraction<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    found: &Contraction,
    y: i32,
) -> Drawn {
    let Some((from, to)) = sheet.across(found.span) else { return Ok(()) };
    pen.fill((from, y + 130), (to, y + 210), ink::UA)?;
    if sheet.recorded().contains(found.peak) {
        let x = sheet.layout.x(found.peak);
        pen.triangle((x, y + 30), 70, 120, ink::UA)?;
    }
    let length = format!("{:.0} s", found.span.seconds());
    let hand = Hand::new(210, ink::UA).centred();
    if pen.width(&length, hand) <= to - from {
        pen.text(&length, ((from + to) / 2, y + 350), hand)?;
    }
    Ok(())
}

/// Marks stretches that are not, or may not be, the fetus: a tint over the grid, hatching at
/// its foot, and what it is.
pub(crate) fn artefacts<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let mut free = i32::MIN;
    for found in sheet.strip.artefacts {
        artefact(sheet, pen, found, &mut free)?;
    }
    Ok(())
}

fn artefact<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    found: &Artefact,
    free: &mut i32,
) -> Drawn {
    let Some((from, to)) = sheet.across(found.span) else { return Ok(()) };
    let (top, bottom) = (sheet.layout.fhr_top(), sheet.layout.fhr_bottom());
    let foot = bottom - 110;
    pen.fill((from, top), (to, bottom), ink::ARTEFACT_TINT)?;
    hatch(pen, (from, foot), (to, bottom))?;
    let hand = Hand::new(210, ink::ARTEFACT).bold().centred();
    let middle = (from + to) / 2;
    let labels = words::artefact(found.kind, sheet.paper.language);
    let fits = |text: &&&str| {
        let width = pen.width(text, hand);
        width <= (to - from).max(300) && middle - width / 2 >= *free
    };
    if let Some(text) = labels.iter().find(fits) {
        *free = middle + pen.width(text, hand) / 2 + 60;
        pen.text(text, (middle, bottom - ARTEFACTS + 130), hand)?;
    }
    Ok(())
}

/// Slanting strokes in a flat rectangle.
fn hatch<DB: DrawingBackend>(pen: &Pen<DB>, from: (i32, i32), to: (i32, i32)) -> Drawn {
    const STEP: usize = 90;
    let slant = to.1 - from.1;
    pen.line((from.0, to.1), (to.0, to.1), STROKE, ink::ARTEFACT)?;
    for x in (from.0..to.0).step_by(STEP) {
        let reach = slant.min(to.0 - x);
        pen.line((x, to.1), (x + reach, to.1 - reach), 12, ink::ARTEFACT)?;
    }
    Ok(())
}
