//! The ribbon of levels, and why each is what it is.

mod asked;

use ctg::Span;
use plotters_backend::DrawingBackend;

use crate::layout::{EDGE, LEFT, RIBBON};
use crate::pen::{Drawn, Hand, Pen};
use crate::sheet::Sheet;
use crate::strip::LevelBand;
use crate::{Language, ink, words};

/// Levels of the table.
const LEVELS: u8 = 5;
/// Side of the squares that count a level, and the distance of one from the next, units.
const SQUARE: (i32, i32) = (170, 230);
const WHY: i32 = 250;
const WHY_LINE: i32 = 350;
/// How far reasons stand in from their dots.
const INDENT: i32 = 2 * WHY / 3;
/// Narrower parts of a band carry their number alone: reasons in a column of two letters
/// cannot be read, and the wider part of the band overleaf has them.
const WHY_WIDTH_MIN: i32 = 2_400;

/// A band for every level on the page.
pub(crate) fn levels<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let language = sheet.paper.language;
    let middle = sheet.layout.ribbon_top() + RIBBON / 2;
    let hand = Hand::new(220, ink::LABEL);
    pen.text(language.of("自動判定", "graded by"), (EDGE, middle - 130), hand)?;
    pen.text(language.of("波形レベル", "the machine"), (EDGE, middle + 150), hand)?;
    let across = |band: &LevelBand| sheet.across(band.span);
    if !sheet.strip.levels.iter().any(|band| across(band).is_some()) {
        let hand = Hand::new(260, ink::TEXT_SOFT);
        let text = language.of("この頁に判定なし", "nothing graded on this page");
        return pen.text(text, (LEFT + 110, middle), hand);
    }
    for (at, band) in sheet.strip.levels.iter().enumerate() {
        if let Some((from, to)) = across(band) {
            ground(sheet, pen, band, (from, to))?;
            inscription(sheet, pen, band, (from, to))?;
            // The last band of a page may write its reasons on beside it.
            let next = sheet.strip.levels[at + 1..].iter().find_map(across);
            reasons(
                sheet,
                pen,
                band,
                (from, next.map_or(sheet.layout.right(), |(next, _)| next.max(to))),
            )?;
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
    let span = sheet.recorded();
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
    for step in 1..=LEVELS * u8::from(level.is_some()) {
        let (corner, opposite) =
            ((x, middle - SQUARE.0 / 2), (x + SQUARE.0, middle + SQUARE.0 / 2));
        pen.frame(corner, opposite, 16, writing)?;
        if level.is_some_and(|level| step <= level) {
            pen.fill(corner, opposite, writing)?;
        }
        x += SQUARE.1;
    }
    let hand = Hand::new(300, writing).bold();
    let room = label_span(sheet, pen, band, to, Hand::new(230, writing), x + 1_500)? - x - 120;
    pen.text_within(&title(sheet, band), (x + 120, middle), room.max(0), hand)
}

/// Writes from when to when at the right end, if that leaves room for the name; returns where
/// the room for the name ends.
fn label_span<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    band: &LevelBand,
    to: i32,
    hand: Hand,
    name_end: i32,
) -> Result<i32, crate::ReportError> {
    let minute = |tick: u32| words::minute(sheet, tick / ctg::tick::TICKS_PER_MINUTE);
    let text = format!("{} – {}", minute(band.span.start), minute(band.span.end));
    let left = to - 120 - pen.width(&text, hand);
    if left < name_end {
        return Ok(to - 60);
    }
    pen.text(&text, (to - 120, sheet.layout.ribbon_top() + RIBBON / 2), hand.right())?;
    Ok(left - 120)
}

/// What the level is called, and whether it began on a page before.
fn title(sheet: &Sheet, band: &LevelBand) -> String {
    let language = sheet.paper.language;
    let name = match band.name.as_str() {
        "" if band.level.is_none() => language.of("判定不能", "not classifiable"),
        name => name,
    };
    if band.span.start >= sheet.recorded().start {
        name.to_owned()
    } else {
        format!("{name}{}", language.of("（続き）", " (cont.)"))
    }
}

/// The findings behind the level, a paragraph each; what has no room is counted.
///
/// They stand under the widest part of the band; a narrower part overleaf points there if they
/// do not fit under it as well.
fn reasons<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    band: &LevelBand,
    (from, to): (i32, i32),
) -> Drawn {
    let width = to - from - 220;
    if band.why.is_empty() || width < WHY_WIDTH_MIN {
        return Ok(());
    }
    let top = sheet.layout.ribbon_bottom() + 60;
    let room = usize::try_from((sheet.layout.footer() - 120 - top) / WHY_LINE).unwrap_or(0);
    let mut lines = Vec::new();
    for reason in &band.why {
        let wrapped = pen.face().wrap(reason, WHY, width - INDENT);
        lines.extend(wrapped.into_iter().zip([true].into_iter().chain(std::iter::repeat(false))));
    }
    if lines.len() > room {
        shorten(sheet, band, &mut lines, room);
    }
    let x = from + 110;
    asked::write(sheet, pen, band, asked::Room { x, top, width, lines: room }, &lines)?;
    let mut y = top + WHY_LINE / 2;
    for (line, is_first) in lines {
        if is_first {
            pen.dot((x + WHY / 4, y), 32, ink::TEXT_SOFT)?;
        }
        pen.text_within(&line, (x + INDENT, y), width - INDENT, Hand::new(WHY, ink::TEXT))?;
        y += WHY_LINE;
    }
    pen.line((from, top - 60), (from, (y - WHY_LINE / 2).max(top)), 14, ink::GRID_MINUTE)
}

/// Cuts lines that have no room and says so, or points to the page that has room for more.
fn shorten(sheet: &Sheet, band: &LevelBand, lines: &mut Vec<(String, bool)>, room: usize) {
    let language = sheet.paper.language;
    let page = sheet.layout.span;
    let here = page.overlap(band.span);
    let before = Span { start: page.start.saturating_sub(page.ticks()), end: page.start };
    let behind = Span { start: page.end, end: page.end.saturating_add(page.ticks()) };
    let text = if before.overlap(band.span) > here {
        lines.clear();
        language.of("理由は前頁", "why: page before").to_owned()
    } else if behind.overlap(band.span) > here {
        lines.clear();
        language.of("理由は次頁", "why: next page").to_owned()
    } else {
        let kept = room.saturating_sub(1);
        let left = lines.len() - kept;
        lines.truncate(kept);
        match language {
            Language::Japanese => format!("…ほか{left}行"),
            Language::English => format!("… {left} more lines"),
        }
    };
    lines.push((text, false));
}
