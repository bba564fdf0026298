//! What was recorded: rates, activity, losses; and the baseline over them.

use ctg::Span;
use plotters::style::RGBAColor;
use plotters_backend::DrawingBackend;
use vitals::Bpm;

use crate::ink;
use crate::layout::{LEFT, RIGHT};
use crate::pen::{Drawn, Hand, Pen, Point};
use crate::sheet::Sheet;

/// Widths of the traces, units.
const FHR_WIDTH: u32 = 26;
const MHR_WIDTH: u32 = 20;
const UA_WIDTH: u32 = 28;
const BASELINE_WIDTH: u32 = 22;

/// Where the pen is at a tick.
#[derive(Clone, Copy, Debug, PartialEq)]
enum At {
    /// There is no value: the pen is lifted.
    Absent,
    /// There is one, beyond the upper or the lower edge of the paper.
    Above,
    Below,
    /// At this height.
    On(i32),
}

/// Both heart rates, his over hers.
pub(crate) fn rates<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let ticks = sheet.strip.ticks;
    let (top, bottom) = (sheet.layout.fhr_top(), sheet.layout.fhr_bottom());
    let at = |rate: Option<Bpm>| rate_at(sheet, rate);
    trace(sheet, pen, (top, bottom), (MHR_WIDTH, ink::MHR), |tick| at(ticks[tick].mhr))?;
    trace(sheet, pen, (top, bottom), (FHR_WIDTH, ink::FHR), |tick| at(ticks[tick].fhr))
}

fn rate_at(sheet: &Sheet, rate: Option<Bpm>) -> At {
    let Some(rate) = rate else { return At::Absent };
    let (low, _) = sheet.paper.scale.bounds_bpm();
    match sheet.layout.y_bpm(rate.bpm()) {
        Some(y) => At::On(y),
        None if rate.bpm() < low as f32 => At::Below,
        None => At::Above,
    }
}

/// Uterine activity.
pub(crate) fn activity<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let (top, bottom) = (sheet.layout.ua_top(), sheet.layout.ua_bottom());
    trace(sheet, pen, (top, bottom), (UA_WIDTH, ink::UA), |tick| {
        let Some(activity) = sheet.strip.ticks[tick].ua else { return At::Absent };
        sheet.layout.y_ua(i32::from(activity.halves())).map_or(At::Above, At::On)
    })
}

/// Draws one trace, lifting the pen over every absence.
///
/// Every tick is on the paper; only points inside a level stretch are left out. A lone tick
/// between two absences gets a dot. A value beyond the edge is not drawn at the edge, which
/// would be another value: a triangle there says that it exists.
fn trace<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    (top, bottom): (i32, i32),
    (width, color): (u32, RGBAColor),
    at: impl Fn(usize) -> At,
) -> Drawn {
    let span = sheet.recorded();
    // One tick further, so that the line reaches the edge and goes on from there overleaf.
    let end = (span.end + 1).min(sheet.length).max(span.start);
    let mut line: Vec<Point> = Vec::new();
    let mut off: Option<(At, u32)> = None;
    for tick in span.start..end {
        let now = at(tick as usize);
        if let Some((edge, since)) = off.filter(|(edge, _)| *edge != now) {
            beyond(sheet, pen, (top, bottom), Span { start: since, end: tick }, (edge, color))?;
            off = None;
        }
        match now {
            At::On(y) => lengthen(&mut line, (sheet.layout.x(tick), y)),
            At::Above | At::Below => {
                off = off.or(Some((now, tick)));
                end_line(pen, &mut line, width, color)?;
            }
            At::Absent => end_line(pen, &mut line, width, color)?,
        }
    }
    if let Some((edge, since)) = off {
        beyond(sheet, pen, (top, bottom), Span { start: since, end }, (edge, color))?;
    }
    end_line(pen, &mut line, width, color)
}

/// Adds a point; the middle one of three at the same height says nothing and goes.
pub(crate) fn lengthen(line: &mut Vec<Point>, point: Point) {
    if let [.., before, last] = line.as_mut_slice()
        && before.1 == last.1
        && last.1 == point.1
    {
        *last = point;
    } else {
        line.push(point);
    }
}

fn end_line<DB: DrawingBackend>(
    pen: &Pen<DB>,
    line: &mut Vec<Point>,
    width: u32,
    color: RGBAColor,
) -> Drawn {
    match std::mem::take(line).as_slice() {
        [] => Ok(()),
        [lone] => pen.dot(*lone, width as i32 * 2 / 3, color),
        points => pen.path(points.to_vec(), width, color),
    }
}

/// A triangle at the edge, where a stretch of values lies beyond it.
fn beyond<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    (top, bottom): (i32, i32),
    span: Span,
    (edge, color): (At, RGBAColor),
) -> Drawn {
    let x = (sheet.layout.x(span.start) + sheet.layout.x(span.end)) / 2;
    match edge {
        At::Above => pen.triangle((x, top + 10), 60, 110, color),
        At::Below => pen.triangle((x, bottom - 10), 60, -110, color),
        At::Absent | At::On(_) => Ok(()),
    }
}

/// The baseline: dashed, and only where there is one.
pub(crate) fn baseline<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let span = sheet.recorded();
    let mut dash: Vec<Point> = Vec::new();
    let (on, off) = (DASH.0, DASH.0 + DASH.1);
    for tick in span.start..span.end {
        let x = sheet.layout.x(tick);
        let is_on = (x - LEFT) % off <= on;
        match sheet.y_baseline(tick).filter(|_| is_on) {
            Some(y) => lengthen(&mut dash, (x, y)),
            None => end_dash(pen, &mut dash)?,
        }
    }
    end_dash(pen, &mut dash)
}

/// Length of the baseline's dashes and of the gaps between them, units.
const DASH: (i32, i32) = (220, 110);

fn end_dash<DB: DrawingBackend>(pen: &Pen<DB>, dash: &mut Vec<Point>) -> Drawn {
    let points = std::mem::take(dash);
    if points.len() < 2 {
        return Ok(());
    }
    pen.path(points, BASELINE_WIDTH, ink::BASELINE)
}

/// Shades every loss of the fetal rate and of the activity, and says so where there is room;
/// marks where the recording ends.
pub(crate) fn losses<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let layout = &sheet.layout;
    let ticks = sheet.strip.ticks;
    let fetal = (layout.fhr_top(), layout.fhr_bottom());
    let uterine = (layout.ua_top(), layout.ua_bottom());
    shade(sheet, pen, fetal, |tick| ticks[tick].fhr.is_none())?;
    shade(sheet, pen, uterine, |tick| ticks[tick].ua.is_none())?;
    let end = sheet.length;
    if layout.span.start <= end && end < layout.span.end {
        let x = layout.x(end);
        for (top, bottom) in [fetal, uterine] {
            pen.fill((x, top), (RIGHT, bottom), ink::PAPER)?;
            pen.frame((LEFT, top), (RIGHT, bottom), 14, ink::FRAME)?;
            pen.line((x, top), (x, bottom), 30, ink::FRAME)?;
        }
        let text = sheet.paper.language.of("記録終了", "end of recording");
        let hand = Hand::new(260, ink::TEXT_SOFT);
        if x + 200 + pen.width(text, hand) < RIGHT {
            pen.text(text, (x + 200, (fetal.0 + fetal.1) / 2), hand)?;
        }
    }
    Ok(())
}

fn shade<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    (top, bottom): (i32, i32),
    is_lost: impl Fn(usize) -> bool,
) -> Drawn {
    let span = sheet.recorded();
    let mut tick = span.start;
    while tick < span.end {
        let start = tick;
        while tick < span.end && is_lost(tick as usize) {
            tick += 1;
        }
        if start == tick {
            tick += 1;
            continue;
        }
        let (from, to) = (sheet.layout.x(start), sheet.layout.x(tick));
        pen.fill((from, top), (to, bottom), ink::LOSS)?;
        let text = sheet.paper.language.of("信号なし", "no signal");
        let hand = Hand::new(220, ink::TEXT_SOFT).centred();
        if pen.width(text, hand) + 160 < to - from {
            pen.text(text, ((from + to) / 2, top + 200), hand)?;
        }
    }
    Ok(())
}
