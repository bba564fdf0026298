//! The printed paper: bands, grid, scales, marks of time.

use plotters::style::RGBAColor;
use plotters_backend::DrawingBackend;

use crate::layout::{EDGE, LEFT, RIGHT, UA_MAX};
use crate::paper::UNITS_PER_CM;
use crate::pen::{Drawn, Hand, Pen};
use crate::sheet::Sheet;
use crate::{ink, words};

/// The normal baseline, bpm: 110 to 160, both inside [C2: PERI23+MFMED].
const NORMAL_BPM: (f32, f32) = (110.0, 160.0);

const HAIR: u32 = 5;
const THIN: u32 = 9;
const BOLD: u32 = 14;

/// The ground of the fetal part: above, within and below the normal baseline.
pub(crate) fn bands<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let layout = &sheet.layout;
    let (Some(high), Some(low)) = (layout.y_bpm(NORMAL_BPM.1), layout.y_bpm(NORMAL_BPM.0)) else {
        return Ok(());
    };
    pen.fill((LEFT, layout.fhr_top()), (RIGHT, high), ink::ABOVE)?;
    pen.fill((LEFT, low), (RIGHT, layout.fhr_bottom()), ink::BELOW)
}

/// Lines of both grids: every half centimetre, every centimetre, every minute.
pub(crate) fn grid<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let layout = &sheet.layout;
    for (top, bottom) in
        [(layout.fhr_top(), layout.fhr_bottom()), (layout.ua_top(), layout.ua_bottom())]
    {
        uprights(sheet, pen, top, bottom)?;
        rungs(pen, top, bottom)?;
        pen.frame((LEFT, top), (RIGHT, bottom), BOLD, ink::FRAME)?;
    }
    for bpm in [NORMAL_BPM.0, NORMAL_BPM.1] {
        if let Some(y) = layout.y_bpm(bpm) {
            pen.line((LEFT, y), (RIGHT, y), BOLD, ink::BAND)?;
        }
    }
    Ok(())
}

fn uprights<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>, top: i32, bottom: i32) -> Drawn {
    let cm_per_min = sheet.paper.speed.cm_per_min() as i32;
    let first_minute = (sheet.layout.span.start / ctg::tick::TICKS_PER_MINUTE) as i32;
    for (kind, at) in halves(LEFT, RIGHT) {
        let centimetres = (at - LEFT) / UNITS_PER_CM;
        let is_minute = kind == Half::Whole && centimetres % cm_per_min == 0;
        let is_tenth = is_minute && (first_minute + centimetres / cm_per_min) % 10 == 0;
        let (width, color) = match kind {
            _ if is_tenth => (2 * BOLD, ink::GRID_MINUTE),
            _ if is_minute => (BOLD, ink::GRID_MINUTE),
            Half::Whole => (THIN, ink::GRID_BOLD),
            Half::Between => (HAIR, ink::GRID_THIN),
        };
        pen.line((at, top), (at, bottom), width, color)?;
    }
    Ok(())
}

fn rungs<DB: DrawingBackend>(pen: &Pen<DB>, top: i32, bottom: i32) -> Drawn {
    for (kind, at) in halves(top, bottom) {
        let (width, color): (u32, RGBAColor) = match kind {
            Half::Whole => (THIN, ink::GRID_BOLD),
            Half::Between => (HAIR, ink::GRID_THIN),
        };
        pen.line((LEFT, at), (RIGHT, at), width, color)?;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Half {
    Whole,
    Between,
}

/// Every half centimetre from one edge to the other: the halves first, so that the
/// centimetres lie over them.
fn halves(from: i32, to: i32) -> impl Iterator<Item = (Half, i32)> {
    let step = UNITS_PER_CM as usize;
    let between = (from + UNITS_PER_CM / 2..to).step_by(step).map(|at| (Half::Between, at));
    between.chain((from..=to).step_by(step).map(|at| (Half::Whole, at)))
}

/// The numbers on both sides, and what they count.
pub(crate) fn scales<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let layout = &sheet.layout;
    let language = sheet.paper.language;
    let (low, high) = sheet.paper.scale.bounds_bpm();
    for bpm in (low..=high).step_by(sheet.paper.scale.bpm_per_cm() as usize) {
        let is_edge = [NORMAL_BPM.0, NORMAL_BPM.1].contains(&(bpm as f32));
        if let Some(y) = layout.y_bpm(bpm as f32).filter(|_| !is_edge) {
            number(pen, bpm, y, ink::LABEL)?;
        }
    }
    for bpm in [NORMAL_BPM.0, NORMAL_BPM.1] {
        if let Some(y) = layout.y_bpm(bpm) {
            let hand = Hand::new(200, ink::BAND_TEXT).bold();
            pen.text(&format!("{bpm}"), (LEFT - 120, y), hand.right())?;
            pen.text(&format!("{bpm}"), (RIGHT + 120, y), hand)?;
        }
    }
    for activity in (0..=UA_MAX).step_by(25) {
        if let Some(y) = layout.y_ua(2 * activity) {
            number(pen, activity as u32, y, ink::UA)?;
        }
    }
    let hand = Hand::new(260, ink::LABEL).centred().upwards();
    let middle = |top: i32, bottom: i32| (LEFT - 950, (top + bottom) / 2);
    let rate = language.of("胎児心拍数 FHR（bpm）", "Fetal heart rate FHR (bpm)");
    pen.text(rate, middle(layout.fhr_top(), layout.fhr_bottom()), hand)?;
    let hand = Hand { ink: ink::UA, ..hand };
    let activity = words::uterus(sheet.strip.uterus, language);
    pen.text(activity, middle(layout.ua_top(), layout.ua_bottom()), hand)
}

fn number<DB: DrawingBackend>(pen: &Pen<DB>, value: u32, y: i32, color: RGBAColor) -> Drawn {
    let hand = Hand::new(270, color);
    pen.text(&value.to_string(), (LEFT - 120, y), hand.right())?;
    pen.text(&value.to_string(), (RIGHT + 120, y), hand)
}

/// Marks of time between the two grids: minutes since the start, and the time of day under
/// them where it is known.
pub(crate) fn time<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let layout = &sheet.layout;
    let language = sheet.paper.language;
    let (top, bottom) = (layout.fhr_bottom(), layout.ua_top());
    let beginning = sheet.strip.beginning;
    let minute_ticks = ctg::tick::TICKS_PER_MINUTE;
    // Where nothing was recorded no time passed.
    let end = layout.span.end.min(sheet.length).max(layout.span.start);
    let (first, last) = (layout.span.start / minute_ticks, end / minute_ticks);
    // At 1 cm/min the times of day would touch.
    let clock_every = if sheet.paper.speed.cm_per_min() == 1 { 5 } else { 1 };
    for minute in first..=last {
        let x = layout.x(minute * minute_ticks);
        let is_tenth = minute % 10 == 0;
        let hand = Hand::new(if is_tenth { 290 } else { 240 }, ink::LABEL).centred();
        let hand = if is_tenth { hand.bold() } else { hand };
        pen.line((x, top), (x, top + 90), BOLD, ink::FRAME)?;
        pen.line((x, bottom - 90), (x, bottom), BOLD, ink::FRAME)?;
        let y = if beginning.is_some() { top + 270 } else { (top + bottom) / 2 };
        pen.text(&words::hours_minutes(minute), (x, y), hand)?;
        if let Some(beginning) = beginning.filter(|_| minute % clock_every == 0) {
            let text = words::time_of_day(beginning.second_of_day, minute.saturating_mul(60));
            pen.text(&text, (x, top + 590), Hand::new(210, ink::TEXT_SOFT).centred())?;
        }
    }
    let hand = Hand::new(210, ink::TEXT_SOFT);
    pen.text(language.of("経過", "elapsed"), (EDGE, top + 270), hand)?;
    if beginning.is_some() {
        pen.text(language.of("時刻", "clock"), (EDGE, top + 590), hand)?;
    }
    Ok(())
}
