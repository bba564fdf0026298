//! The ribbon of levels, and why each is what it is.

use plotters_backend::DrawingBackend;

use crate::ink;
use crate::layout::{EDGE, FOOTER, RIBBON};
use crate::pen::{Drawn, Hand, Pen};
use crate::sheet::Sheet;
use crate::strip::LevelBand;

/// Levels of the table.
const LEVELS: u8 = 5;
/// Side of the squares that count a level, and the distance of one from the next, units.
const SQUARE: (i32, i32) = (170, 230);
const WHY: i32 = 250;
const WHY_LINE: i32 = 350;
/// Narrower parts of a band carry their number alone: reasons in a column of two letters
/// cannot be read, and the wider part of the band overleaf has them.
const WHY_WIDTH_MIN: i32 = 2_400;

/// A band for every level on the page.
pub(crate) fn levels<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let language = sheet.paper.language;
    let middle = sheet.layout.ribbon_top() + RIBBON / 2;
    let hand = Hand::new(220, ink::LABEL);
    pen.text(language.of("波形レベル", "level of the"), (EDGE, middle - 130), hand)?;
    pen.text(language.of("（10分ごと）", "10-min block"), (EDGE, middle + 150), hand)?;
    for band in sheet.strip.levels {
        if let Some((from, to)) = sheet.layout.across(band.span) {
            ground(sheet, pen, band, (from, to))?;
            inscription(sheet, pen, band, (from, to))?;
            reasons(sheet, pen, band, (from, to))?;
        }
    }
    Ok(())
}

fn ground<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    band: &LevelBand,
    (from, to): (i32, i32),
) -> Drawn {
    let (top, bottom) = (sheet.layout.ribbon_top(), sheet.layout.ribbon_bottom());
    pen.fill((from, top), (to, bottom), ink::level(band.level).0)?;
    pen.line((from, top), (to, top), 14, ink::FRAME)?;
    pen.line((from, bottom), (to, bottom), 14, ink::FRAME)?;
    let span = sheet.layout.span;
    if band.span.start >= span.start {
        pen.line((from, top), (from, bottom), 28, ink::FRAME)?;
    }
    if band.span.end <= span.end {
        pen.line((to, top), (to, bottom), 28, ink::FRAME)?;
    }
    Ok(())
}

/// The number, its squares and its name, as far as there is room: the number goes last.
fn inscription<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    band: &LevelBand,
    (from, to): (i32, i32),
) -> Drawn {
    let writing = ink::level(band.level).1;
    let middle = sheet.layout.ribbon_top() + RIBBON / 2;
    let level = band.level.filter(|level| (1..=LEVELS).contains(level));
    let number = level.map_or("—".to_owned(), |level| level.to_string());
    let hand = Hand::new(480, writing).bold();
    let width = pen.width(&number, hand);
    if to - from < width + 200 {
        let hand = Hand::new(240, writing).bold().centred();
        return pen.text(&number, ((from + to) / 2, middle), hand);
    }
    pen.text(&number, (from + 150, middle), hand)?;
    let mut x = from + 150 + width + 200;
    if to - x < i32::from(LEVELS) * SQUARE.1 + 200 {
        return Ok(());
    }
    for step in 1..=LEVELS {
        let (corner, opposite) =
            ((x, middle - SQUARE.0 / 2), (x + SQUARE.0, middle + SQUARE.0 / 2));
        pen.frame(corner, opposite, 16, writing)?;
        if level.is_some_and(|level| step <= level) {
            pen.fill(corner, opposite, writing)?;
        }
        x += SQUARE.1;
    }
    x += 120;
    let language = sheet.paper.language;
    let none = language.of("判定不能", "not classifiable");
    let name = if band.name.is_empty() && level.is_none() { none } else { band.name.as_str() };
    let overleaf = language.of("（前頁より）", " (continued)");
    let begins = band.span.start >= sheet.layout.span.start;
    let name = if begins { name.to_owned() } else { format!("{name}{overleaf}") };
    let hand = Hand::new(300, writing).bold();
    if to - x > 700 { pen.text_within(&name, (x, middle), to - x - 120, hand) } else { Ok(()) }
}

/// The findings behind the level, a paragraph each; what has no room is counted.
fn reasons<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    band: &LevelBand,
    (from, to): (i32, i32),
) -> Drawn {
    let width = to - from - 220;
    if width < WHY_WIDTH_MIN {
        return Ok(());
    }
    let top = sheet.layout.ribbon_bottom() + 60;
    let room = usize::try_from((FOOTER - 120 - top) / WHY_LINE).unwrap_or(0);
    let mut lines = Vec::new();
    for reason in &band.why {
        let wrapped = pen.face().wrap(reason, WHY, width - 2 * WHY / 3);
        lines.extend(wrapped.into_iter().zip([true].into_iter().chain(std::iter::repeat(false))));
    }
    if lines.len() > room {
        let left = lines.len() - room.saturating_sub(1);
        lines.truncate(room.saturating_sub(1));
        let text = match sheet.paper.language {
            crate::Language::Japanese => format!("…ほか{left}行"),
            crate::Language::English => format!("… {left} more lines"),
        };
        lines.push((text, false));
    }
    let x = from + 110;
    let mut y = top + WHY_LINE / 2;
    for (line, is_first) in lines {
        if is_first {
            pen.dot((x + WHY / 4, y), 32, ink::TEXT_SOFT)?;
        }
        pen.text(&line, (x + 2 * WHY / 3, y), Hand::new(WHY, ink::TEXT))?;
        y += WHY_LINE;
    }
    pen.line((from, top - 60), (from, (y - WHY_LINE / 2).max(top)), 14, ink::GRID_MINUTE)
}
