//! What was recorded: rates, activity, losses; and the baseline over them.

use ctg::Span;
use plotters::style::{Color, RGBAColor};
use plotters_backend::DrawingBackend;
use vitals::{Bpm, Channel};

use crate::ink;
use crate::layout::LEFT;
use crate::pen::{Drawn, Hand, Pen, Point};
use crate::recorded::What;
use crate::sheet::Sheet;

/// Widths of the traces, units.
const FHR_WIDTH: u32 = 26;
const FHR2_WIDTH: u32 = 17;
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

/// The heart rates, the first fetus over all others.
pub(crate) fn rates<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let ticks = sheet.strip.ticks;
    let field = (sheet.layout.fhr_top(), sheet.layout.fhr_bottom());
    let at = |rate: Option<Bpm>, offset: i16| rate_at(sheet, rate, offset);
    let mhr = Line { channel: Channel::Mhr, width: MHR_WIDTH, ink: ink::MHR };
    trace(sheet, pen, field, mhr, |tick| at(ticks[tick].mhr, 0))?;
    if let Some(twin) = sheet.strip.twin {
        let second = Line { channel: Channel::Fhr2, width: FHR2_WIDTH, ink: ink::FHR2 };
        trace(sheet, pen, field, second, |tick| at(sheet.twin_rate(tick), twin.offset_bpm))?;
    }
    let first = Line { channel: Channel::Fhr1, width: FHR_WIDTH, ink: ink::FHR };
    trace(sheet, pen, field, first, |tick| at(ticks[tick].fhr, 0))?;
    if sheet.strip.twin.is_some() { names(sheet, pen) } else { Ok(()) }
}

/// Where the pen is for a rate that is drawn so many bpm from where it belongs.
fn rate_at(sheet: &Sheet, rate: Option<Bpm>, offset_bpm: i16) -> At {
    let Some(rate) = rate else { return At::Absent };
    let bpm = rate.bpm() + f32::from(offset_bpm);
    let (low, _) = sheet.paper.scale.bounds_bpm();
    match sheet.layout.y_bpm(bpm) {
        Some(y) => At::On(y),
        None if bpm < low as f32 => At::Below,
        None => At::Above,
    }
}

/// The numbers of the twins on their traces, every two minutes where there is a value.
fn names<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    const EVERY: u32 = 2 * ctg::tick::TICKS_PER_MINUTE;
    let page = sheet.recorded();
    let offset = sheet.strip.twin.map_or(0, |twin| twin.offset_bpm);
    for start in (page.start..page.end).step_by(EVERY as usize) {
        let end = (start + EVERY).min(page.end);
        let first = |tick: u32| rate_at(sheet, sheet.strip.ticks[tick as usize].fhr, 0);
        let second = |tick: u32| rate_at(sheet, sheet.twin_rate(tick as usize), offset);
        let place = |at: &dyn Fn(u32) -> At| {
            (start..end).find_map(|tick| match at(tick) {
                At::On(y) => Some((sheet.layout.x(tick) + 130, y)),
                _ => None,
            })
        };
        let places = [place(&first), place(&second)];
        // Outwards from the other twin: a name between the two could be either's.
        let is_upper = |n: usize| places[n].map(|it| it.1) < places[1 - n].map(|it| it.1);
        for (n, name, ink) in [(0, "1", ink::FHR), (1, "2", ink::FHR2)] {
            let Some((x, y)) = places[n].filter(|it| it.0 + 200 < sheet.layout.right()) else {
                continue;
            };
            let y = if is_upper(n) { y - NAME_AWAY } else { y + NAME_AWAY };
            pen.dot((x, y), 150, ink)?;
            pen.text(name, (x, y), Hand::new(210, ink::NOTICE_TEXT).bold().centred())?;
        }
    }
    Ok(())
}

/// How far from its trace a name stands.
const NAME_AWAY: i32 = 340;

/// Uterine activity.
pub(crate) fn activity<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let field = (sheet.layout.ua_top(), sheet.layout.ua_bottom());
    let line = Line { channel: Channel::Ua, width: UA_WIDTH, ink: ink::UA };
    trace(sheet, pen, field, line, |tick| {
        let Some(activity) = sheet.strip.ticks[tick].ua else { return At::Absent };
        sheet.layout.y_ua(i32::from(activity.halves())).map_or(At::Above, At::On)
    })
}

/// How a channel is drawn.
#[derive(Clone, Copy)]
struct Line {
    channel: Channel,
    width: u32,
    ink: RGBAColor,
}

impl Line {
    /// The same for values that the device does not trust: thin and pale.
    fn doubtful(self) -> Self {
        Self { width: self.width * 6 / 10, ink: self.ink.mix(0.5), ..self }
    }
}

/// Draws one trace, lifting the pen over every absence.
///
/// Every tick is on the paper; only points inside a level stretch are left out. A lone tick
/// between two absences gets a dot. A value beyond the edge is not drawn at the edge, which
/// would be another value: a triangle there says that it exists. The piece between a doubtful
/// value and its neighbour is doubtful too.
fn trace<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    field: (i32, i32),
    steady: Line,
    at: impl Fn(usize) -> At,
) -> Drawn {
    let span = sheet.recorded();
    let channel = steady.channel;
    let poor = sheet.where_holds(|it| it == What::Poor { channel });
    let is_poor = |tick: u32| poor.get((tick - span.start) as usize).is_some_and(|it| *it);
    // One tick further, so that the line reaches the edge and goes on from there overleaf.
    let end = (span.end + 1).min(sheet.part.end).max(span.start);
    let mut line: Vec<Point> = Vec::new();
    let mut style = steady;
    let mut off: Option<(At, u32)> = None;
    for tick in span.start..end {
        let now = at(tick as usize);
        if let Some((edge, since)) = off.filter(|(edge, _)| *edge != now) {
            beyond(sheet, pen, field, Span { start: since, end: tick }, (edge, steady.ink))?;
            off = None;
        }
        match now {
            At::On(y) => {
                let point = (sheet.layout.x(tick), y);
                let next = if is_poor(tick) { steady.doubtful() } else { steady };
                if next.width != style.width {
                    turn(pen, &mut line, point, (style, next))?;
                    style = next;
                }
                lengthen(&mut line, point);
            }
            At::Above | At::Below => {
                off = off.or(Some((now, tick)));
                end_line(pen, &mut line, style)?;
            }
            At::Absent => end_line(pen, &mut line, style)?,
        }
    }
    if let Some((edge, since)) = off {
        beyond(sheet, pen, field, Span { start: since, end }, (edge, steady.ink))?;
    }
    end_line(pen, &mut line, style)
}

/// Ends a line in one style and begins the next where it touches it: the doubtful one has the
/// piece between the two.
fn turn<DB: DrawingBackend>(
    pen: &Pen<DB>,
    line: &mut Vec<Point>,
    point: Point,
    (from, to): (Line, Line),
) -> Drawn {
    let Some(last) = line.last().copied() else { return Ok(()) };
    if from.width > to.width {
        end_line(pen, line, from)?;
        line.push(last);
        Ok(())
    } else {
        lengthen(line, point);
        end_line(pen, line, from)
    }
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

fn end_line<DB: DrawingBackend>(pen: &Pen<DB>, line: &mut Vec<Point>, style: Line) -> Drawn {
    match std::mem::take(line).as_slice() {
        [] => Ok(()),
        [lone] => pen.dot(*lone, style.width as i32 * 2 / 3, style.ink),
        points => pen.path(points.to_vec(), style.width, style.ink),
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
