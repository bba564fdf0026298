//! Where there is no value, and where nothing was recorded.

use plotters_backend::DrawingBackend;
use vitals::{Absence, Channel};

use crate::ink;
use crate::layout::LEFT;
use crate::pen::{Drawn, Hand, Pen};
use crate::recorded::What;
use crate::sheet::Sheet;
use crate::words;

/// Height of the lane of one channel where several share the field.
const LANE: i32 = 190;

/// Shades every loss, and says why where there is room.
///
/// The loss of the only fetus and of the activity shades the whole field. With twins each has a
/// lane at the top, because the other trace goes on; so has the mother.
pub(crate) fn losses<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let layout = &sheet.layout;
    let ticks = sheet.strip.ticks;
    let fetal = (layout.fhr_top(), layout.fhr_bottom());
    let uterine = (layout.ua_top(), layout.ua_bottom());
    let whole = |channel, field, ink| Shade { channel, field, ink, name: "" };
    if sheet.strip.twin.is_none() {
        shade(sheet, pen, whole(Channel::Fhr1, fetal, ink::LOSS), |tick| {
            ticks[tick].fhr.is_none()
        })?;
    } else {
        let lane = |n: i32| (fetal.0 + n * LANE, fetal.0 + (n + 1) * LANE - 20);
        let (channel, field, ink, name) = (Channel::Fhr1, lane(0), ink::FHR_LOSS, "FHR1 ");
        let first = Shade { channel, field, ink, name };
        shade(sheet, pen, first, |tick| ticks[tick].fhr.is_none())?;
        let (channel, field, ink, name) = (Channel::Fhr2, lane(1), ink::FHR2_LOSS, "FHR2 ");
        let second = Shade { channel, field, ink, name };
        shade(sheet, pen, second, |tick| sheet.twin_rate(tick).is_none())?;
    }
    shade(sheet, pen, whole(Channel::Ua, uterine, ink::LOSS), |tick| ticks[tick].ua.is_none())
}

/// How the loss of a channel is shown.
struct Shade {
    channel: Channel,
    field: (i32, i32),
    ink: plotters::style::RGBAColor,
    /// Stands before the words; empty where the field says it.
    name: &'static str,
}

fn shade<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    shade: Shade,
    is_lost: impl Fn(usize) -> bool,
) -> Drawn {
    let span = sheet.recorded();
    let missing = sheet.where_holds(|it| matches!(it, What::Missing(_)));
    // Where no second came there is no channel that could have lost something.
    let is_lost = |tick: u32| is_lost(tick as usize) && !missing[(tick - span.start) as usize];
    let reasons = Reasons::of(sheet, shade.channel);
    let mut tick = span.start;
    while tick < span.end {
        let start = tick;
        let why = reasons.at(start);
        while tick < span.end && is_lost(tick) && reasons.at(tick) == why {
            tick += 1;
        }
        if start == tick {
            tick += 1;
            continue;
        }
        let across = (sheet.layout.x(start), sheet.layout.x(tick));
        pen.fill((across.0, shade.field.0), (across.1, shade.field.1), shade.ink)?;
        inscribe(sheet, pen, &shade, across, why)?;
    }
    Ok(())
}

/// Why a channel has no value, tick by tick of the page.
struct Reasons {
    start: u32,
    at: Vec<Option<Absence>>,
}

impl Reasons {
    fn of(sheet: &Sheet, channel: Channel) -> Self {
        let page = sheet.recorded();
        let mut at = vec![None; page.ticks() as usize];
        for stretch in sheet.strip.stretches {
            let What::Absent { channel: of, why } = stretch.what else { continue };
            let from = stretch.span.start.clamp(page.start, page.end) - page.start;
            let to = stretch.span.end.clamp(page.start, page.end) - page.start;
            if of == channel
                && let Some(held) = at.get_mut(from as usize..to as usize)
            {
                held.fill(Some(why));
            }
        }
        Self { start: page.start, at }
    }

    fn at(&self, tick: u32) -> Option<Absence> {
        self.at.get((tick - self.start) as usize).copied().flatten()
    }
}

/// The words over a shade: the fullest that have room.
fn inscribe<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    shade: &Shade,
    (from, to): (i32, i32),
    why: Option<Absence>,
) -> Drawn {
    let language = sheet.paper.language;
    let plain = format!("{}{}", shade.name, language.of("信号なし", "no signal"));
    let why = why.map(|why| words::absence(why, language));
    let (top, bottom) = shade.field;
    let is_lane = bottom - top < 2 * LANE;
    let hand = Hand::new(if is_lane { 160 } else { 220 }, ink::TEXT_SOFT).centred();
    let margin = if is_lane { 60 } else { 160 };
    let fits = |text: &str| pen.width(text, hand) + margin < to - from;
    let (x, y) = ((from + to) / 2, if is_lane { (top + bottom) / 2 } else { top + 200 });
    let full = why.map(|why| format!("{plain}{}{why}", language.of("：", ": ")));
    if let Some(full) = full.filter(|full| fits(full)) {
        return pen.text(&full, (x, y), hand);
    }
    if !fits(&plain) {
        return Ok(());
    }
    pen.text(&plain, (x, y), hand)?;
    // Where a line has no room for both, the reason has one of its own.
    let why = why.filter(|why| !is_lane && fits(why));
    why.map_or(Ok(()), |why| pen.text(why, (x, y + 310), hand))
}

/// Leaves white what was not recorded or is not of the part, and marks its edges.
pub(crate) fn edges<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let layout = &sheet.layout;
    let fields = [(layout.fhr_top(), layout.fhr_bottom()), (layout.ua_top(), layout.ua_bottom())];
    let (start, end) = (sheet.part.start, sheet.part.end);
    let has_start = layout.span.start < start && start <= layout.span.end;
    let has_end = layout.span.start <= end && end < layout.span.end;
    for (top, bottom) in fields {
        let white = |from: i32, to: i32, edge: i32| {
            pen.fill((from, top), (to, bottom), ink::PAPER)?;
            pen.frame((LEFT, top), (layout.right(), bottom), 14, ink::FRAME)?;
            pen.line((edge, top), (edge, bottom), 30, ink::FRAME)
        };
        if has_start {
            white(LEFT, layout.x(start), layout.x(start))?;
        }
        if has_end {
            white(layout.x(end), layout.right(), layout.x(end))?;
        }
    }
    let language = sheet.paper.language;
    let is_whole = end as usize >= sheet.strip.ticks.len();
    let text = match is_whole {
        true => language.of("記録終了", "end of recording"),
        false => language.of("期間の終わり", "end of the period"),
    };
    let hand = Hand::new(260, ink::TEXT_SOFT);
    let x = layout.x(end);
    if has_end && x + 200 + pen.width(text, hand) < layout.right() {
        pen.text(text, (x + 200, (layout.fhr_top() + layout.fhr_bottom()) / 2), hand)?;
    }
    Ok(())
}
