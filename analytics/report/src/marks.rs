//! How the recording came, and what monitor and staff marked: each looks different.
//!
//! Late: a tint over both fields and a bar on top. Missing: dots over both fields.
//! Coincidence: a bar along the foot of the rates. Event marker: a triangle between the fields
//! with a line upwards. Movement: short bars over the activity.

use plotters_backend::DrawingBackend;

use crate::ink;
use crate::layout::{EDGE, LEFT};
use crate::pen::{Drawn, Hand, Pen};
use crate::recorded::{Missing, What};
use crate::sheet::Sheet;
use crate::words;

/// Height of the bar of late seconds, over the upper edge.
const LATE_BAR: i32 = 110;
/// Height of the bar of coincidence, at the lower edge.
pub(crate) const COINCIDENCE_BAR: i32 = 200;
/// Height of the bars of movement.
const MOVEMENT_BAR: i32 = 150;
/// Distance of the dots over missing seconds, and their radius.
const DOTS: (usize, i32) = (400, 38);

/// Tints what came late.
pub(crate) fn late<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let layout = &sheet.layout;
    let hand = Hand::new(210, ink::LATE).bold();
    let text = sheet.paper.language.of("後着データ", "arrived late");
    for (from, to) in sheet.stretches(|it| it == What::Late) {
        for (top, bottom) in
            [(layout.fhr_top(), layout.fhr_bottom()), (layout.ua_top(), layout.ua_bottom())]
        {
            pen.fill((from, top), (to, bottom), ink::LATE_TINT)?;
        }
        let top = layout.fhr_top();
        pen.fill((from, top - LATE_BAR), (to, top), ink::LATE)?;
        let place = ((from + to) / 2, layout.ua_top() + 210);
        if pen.width(text, hand) + 100 < to - from {
            pen.text(text, place, hand.centred())?;
        }
    }
    Ok(())
}

/// Dots where no second came.
pub(crate) fn missing<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let layout = &sheet.layout;
    let language = sheet.paper.language;
    let (top, bottom) = (layout.fhr_top(), layout.ua_bottom());
    for (kind, texts) in [
        (Missing::NotReceived, language.of(["データ未着", "未着"], ["data missing", "missing"])),
        (
            Missing::Refused,
            language.of(
                ["データ欠落（ブリッジの保存容量超過）", "容量超過"],
                ["data lost (bridge storage full)", "storage full"],
            ),
        ),
    ] {
        for (from, to) in sheet.stretches(|it| it == What::Missing(kind)) {
            let between = layout.fhr_bottom()..layout.ua_top();
            let rows = (top + 200..bottom).step_by(DOTS.0 / 2).enumerate();
            for (row, y) in rows.filter(|(_, y)| !between.contains(y)) {
                // Places of the sheet, not of the stretch: the pattern runs on overleaf.
                let phase = (row % 2) * DOTS.0 / 2;
                let start = LEFT + phase as i32 + DOTS.1;
                for x in (start..to - DOTS.1).step_by(DOTS.0).filter(|x| *x - DOTS.1 >= from) {
                    pen.dot((x, y), DOTS.1, ink::MISSING)?;
                }
            }
            pen.line((from, top), (from, bottom), 14, ink::MISSING)?;
            pen.line((to, top), (to, bottom), 14, ink::MISSING)?;
            let hand = Hand::new(230, ink::TEXT).centred();
            if let Some(text) = texts.iter().find(|it| pen.width(it, hand) + 160 < to - from) {
                plated(pen, text, ((from + to) / 2, layout.fhr_top() + 700), hand)?;
            }
        }
    }
    Ok(())
}

/// A text on a plate of the paper's colour.
fn plated<DB: DrawingBackend>(pen: &Pen<DB>, text: &str, at: (i32, i32), hand: Hand) -> Drawn {
    let half = pen.width(text, hand) / 2 + 60;
    pen.fill((at.0 - half, at.1 - 170), (at.0 + half, at.1 + 170), ink::PAPER)?;
    pen.text(text, at, hand)
}

/// A bar where two channels show one rate.
pub(crate) fn coincidences<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let bottom = sheet.layout.fhr_bottom();
    let hand = Hand::new(190, ink::NOTICE_TEXT).bold().centred();
    let texts = sheet.paper.language.of(
        ["心拍一致：同じ心拍の可能性", "心拍一致"],
        ["same rate: perhaps one heart", "same rate"],
    );
    for (from, to) in sheet.stretches(|it| it == What::Coincidence) {
        pen.fill((from, bottom - COINCIDENCE_BAR), (to, bottom), ink::COINCIDENCE)?;
        if let Some(text) = texts.iter().find(|it| pen.width(it, hand) + 100 < to - from) {
            pen.text(text, ((from + to) / 2, bottom - COINCIDENCE_BAR / 2), hand)?;
        }
    }
    Ok(())
}

/// Presses of the event marker.
pub(crate) fn events<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let layout = &sheet.layout;
    let page = sheet.recorded();
    for tick in sheet.strip.events.iter().filter(|tick| page.contains(**tick)) {
        let (x, y) = (layout.x(*tick), layout.fhr_bottom());
        pen.line((x, layout.fhr_top()), (x, y), 14, ink::EVENT_LINE)?;
        pen.triangle((x, y + 10), 110, 190, ink::EVENT)?;
    }
    Ok(())
}

/// Fetal movement.
pub(crate) fn movements<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let bottom = sheet.layout.ua_top() - 20;
    let mut has_some = false;
    for (from, to) in sheet.strip.movements.iter().filter_map(|span| sheet.across(*span)) {
        // A lone tick is a bar that a printer still shows.
        pen.fill((from, bottom - MOVEMENT_BAR), (to.max(from + 20), bottom), ink::MOVEMENT)?;
        has_some = true;
    }
    if has_some {
        let text = sheet.paper.language.of("胎動 FM", "movement");
        pen.text(text, (EDGE, bottom - MOVEMENT_BAR / 2), Hand::new(210, ink::MOVEMENT))?;
    }
    Ok(())
}

/// Which trace is which twin, and what is drawn elsewhere than it was recorded: in words.
pub(crate) fn offsets<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let language = sheet.paper.language;
    let mut lines = Vec::new();
    if let Some(twin) = sheet.strip.twin {
        lines.push((words::twins(twin.offset_bpm, language), ink::FHR2));
    }
    if !sheet.stretches(|it| it == What::MonitorOffset).is_empty() {
        let text = language.of(
            "モニター側の双胎オフセット（+20 bpm）が ON：記録値がずらした値かどうかは未確認",
            "the monitor's own twin offset (+20 bpm) is on: whether recorded values hold it is not confirmed",
        );
        lines.push((text.to_owned(), ink::CAUTION));
    }
    let mut y = sheet.layout.fhr_bottom() - COINCIDENCE_BAR - 220;
    for (text, color) in lines.iter().rev() {
        let hand = Hand::new(230, *color).bold();
        let (x, right) = (LEFT + 120, sheet.layout.right() - 120);
        let text = pen.face().cut(text, hand.size, right - x);
        let width = pen.width(&text, hand);
        pen.fill((x - 60, y - 170), (x + width + 60, y + 170), ink::PAPER)?;
        pen.text(&text, (x, y), hand)?;
        y -= 360;
    }
    Ok(())
}
