//! The printed paper: bands, grid, scales, marks of time.

use std::ops::RangeInclusive;

use plotters::style::RGBAColor;
use plotters_backend::DrawingBackend;

use crate::layout::{EDGE, LEFT, UA_MAX};
use crate::paper::{Format, UNITS_PER_CM};
use crate::pen::{Drawn, Hand, Pen};
use crate::sheet::Sheet;
use crate::strip::Beginning;
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
    pen.fill((LEFT, layout.fhr_top()), (sheet.layout.right(), high), ink::ABOVE)?;
    pen.fill((LEFT, low), (sheet.layout.right(), layout.fhr_bottom()), ink::BELOW)
}

/// Lines of both grids: every half centimetre, every centimetre, every minute.
pub(crate) fn grid<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let layout = &sheet.layout;
    for (top, bottom) in
        [(layout.fhr_top(), layout.fhr_bottom()), (layout.ua_top(), layout.ua_bottom())]
    {
        uprights(sheet, pen, top, bottom)?;
        rungs(sheet, pen, top, bottom)?;
        pen.frame((LEFT, top), (sheet.layout.right(), bottom), BOLD, ink::FRAME)?;
    }
    for bpm in [NORMAL_BPM.0, NORMAL_BPM.1] {
        if let Some(y) = layout.y_bpm(bpm) {
            pen.line((LEFT, y), (sheet.layout.right(), y), BOLD, ink::BAND)?;
        }
    }
    Ok(())
}

fn uprights<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>, top: i32, bottom: i32) -> Drawn {
    let cm_per_min = sheet.paper.speed.cm_per_min() as i32;
    let first_minute = (sheet.layout.span.start / ctg::tick::TICKS_PER_MINUTE) as i32;
    // Ten minutes of the clock where the paper counts by it.
    let clock_minute = sheet.strip.clock().map_or(0, |it| it.second_of_day / 60 % 60) as i32;
    for (kind, at) in halves(LEFT, sheet.layout.right()) {
        let centimetres = (at - LEFT) / UNITS_PER_CM;
        let is_minute = kind == Half::Whole && centimetres % cm_per_min == 0;
        let minute = first_minute + centimetres / cm_per_min;
        let is_tenth = is_minute && (clock_minute + minute) % 10 == 0;
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

fn rungs<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>, top: i32, bottom: i32) -> Drawn {
    for (kind, at) in halves(top, bottom) {
        let (width, color): (u32, RGBAColor) = match kind {
            Half::Whole => (THIN, ink::GRID_BOLD),
            Half::Between => (HAIR, ink::GRID_THIN),
        };
        pen.line((LEFT, at), (sheet.layout.right(), at), width, color)?;
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
            number(sheet, pen, bpm, y, ink::LABEL)?;
        }
    }
    for bpm in [NORMAL_BPM.0, NORMAL_BPM.1] {
        if let Some(y) = layout.y_bpm(bpm) {
            let hand = Hand::new(200, ink::BAND_TEXT).bold();
            pen.text(&format!("{bpm}"), (LEFT - 120, y), hand.right())?;
            pen.text(&format!("{bpm}"), (sheet.layout.right() + 120, y), hand)?;
        }
    }
    for activity in (0..=UA_MAX).step_by(25) {
        if let Some(y) = layout.y_ua(2 * activity) {
            number(sheet, pen, activity as u32, y, ink::UA)?;
        }
    }
    let hand = Hand::new(260, ink::LABEL).centred().upwards();
    let middle = |top: i32, bottom: i32| (LEFT - 950, (top + bottom) / 2);
    let rate = language.of("胎児心拍数 FHR（bpm）", "Fetal heart rate FHR (bpm)");
    if sheet.paper.format == Format::Continuous {
        columns(sheet, pen)?;
    }
    pen.text(rate, middle(layout.fhr_top(), layout.fhr_bottom()), hand)?;
    let hand = Hand { ink: ink::UA, ..hand };
    let activity = words::uterus(sheet.strip.uterus, language);
    pen.text(activity, middle(layout.ua_top(), layout.ua_bottom()), hand)
}

fn number<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    value: u32,
    y: i32,
    color: RGBAColor,
) -> Drawn {
    let hand = Hand::new(270, color);
    pen.text(&value.to_string(), (LEFT - 120, y), hand.right())?;
    pen.text(&value.to_string(), (sheet.layout.right() + 120, y), hand)
}

/// The numbers once more inside a long sheet, as a recorder prints them.
fn columns<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    const EVERY: usize = 24 * UNITS_PER_CM as usize;
    let layout = &sheet.layout;
    let (low, high) = sheet.paper.scale.bounds_bpm();
    let hand = Hand::new(230, ink::LABEL).centred();
    for x in (LEFT..layout.right() - UNITS_PER_CM).step_by(EVERY).skip(1) {
        for bpm in (low..=high).step_by(sheet.paper.scale.bpm_per_cm() as usize) {
            if let Some(y) = layout.y_bpm(bpm as f32) {
                pen.text(&bpm.to_string(), (x, y), hand)?;
            }
        }
        for activity in (0..=UA_MAX).step_by(25) {
            if let Some(y) = layout.y_ua(2 * activity) {
                pen.text(&activity.to_string(), (x, y), Hand { ink: ink::UA, ..hand })?;
            }
        }
    }
    Ok(())
}

/// Marks of time between the two grids: of the clock where the paper counts by it, else minutes
/// since the start, with the time of day under them where it is known.
pub(crate) fn time<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let layout = &sheet.layout;
    let minute_ticks = ctg::tick::TICKS_PER_MINUTE;
    let (top, bottom) = (layout.fhr_bottom(), layout.ua_top());
    // Where nothing was recorded no time passed.
    let page = sheet.recorded();
    let minutes = page.start.div_ceil(minute_ticks)..=page.end.max(page.start) / minute_ticks;
    for minute in minutes.clone() {
        let x = layout.x(minute * minute_ticks);
        pen.line((x, top), (x, top + 90), BOLD, ink::FRAME)?;
        pen.line((x, bottom - 90), (x, bottom), BOLD, ink::FRAME)?;
    }
    match sheet.strip.clock() {
        Some(beginning) => clock(sheet, pen, beginning, minutes),
        None => elapsed(sheet, pen, minutes),
    }
}

/// Hours and minutes of the day at each minute; the date at the first and after midnight.
fn clock<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    beginning: Beginning,
    minutes: RangeInclusive<u32>,
) -> Drawn {
    let top = sheet.layout.fhr_bottom();
    let mut shown = None;
    for minute in minutes {
        let x = sheet.layout.x(minute * ctg::tick::TICKS_PER_MINUTE);
        let second = u64::from(beginning.second_of_day) + 60 * u64::from(minute);
        let hand = clock_hand(second / 60 % 10 == 0);
        pen.text(&words::minute(sheet, minute), (x, top + 360), hand)?;
        let day = usize::try_from(second / 86_400).unwrap_or(usize::MAX);
        if shown != Some(day)
            && let Some(date) = beginning.days.get(day)
        {
            pen.text(date, (x, top + 630), Hand::new(190, ink::TEXT_SOFT).centred())?;
            shown = Some(day);
        }
    }
    let text = sheet.paper.language.of("時刻", "clock");
    pen.text(text, (EDGE, top + 360), Hand::new(210, ink::TEXT_SOFT))
}

fn clock_hand(is_tenth: bool) -> Hand {
    let hand = Hand::new(if is_tenth { 290 } else { 240 }, ink::LABEL).centred();
    if is_tenth { hand.bold() } else { hand }
}

fn elapsed<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    minutes: RangeInclusive<u32>,
) -> Drawn {
    let language = sheet.paper.language;
    let (top, bottom) = (sheet.layout.fhr_bottom(), sheet.layout.ua_top());
    let beginning = sheet.strip.beginning;
    // At 1 cm/min the times of day would touch.
    let clock_every = if sheet.paper.speed.cm_per_min() == 1 { 5 } else { 1 };
    for minute in minutes {
        let x = sheet.layout.x(minute * ctg::tick::TICKS_PER_MINUTE);
        let y = if beginning.is_some() { top + 270 } else { (top + bottom) / 2 };
        pen.text(&words::hours_minutes(minute), (x, y), clock_hand(minute % 10 == 0))?;
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
