//! Notes and alarms: numbered flags over the strip, the texts in a list under it.

use ctg::Span;
use plotters::style::{Color, RGBAColor};
use plotters_backend::DrawingBackend;

use crate::face::Face;
use crate::layout::{BRACKETS, EDGE, HEADER};
use crate::pen::{Drawn, Hand, Pen, Point};
use crate::recorded::{Note, NoteKind, Priority};
use crate::sheet::{Body, Sheet};
use crate::strip::Strip;
use crate::{ink, words};

/// Height of the letters of a text, and of a line.
const TEXT: i32 = 250;
const LINE: i32 = 370;
/// Where the time and the text of a row begin.
const TIME: i32 = 800;
const WORDS: i32 = 2_200;
/// Narrowest column, and the distance of two.
const COLUMN_MIN: i32 = 12_500;
const GUTTER: i32 = 600;

/// A note with its number in the strip, from 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbered<'a> {
    pub(crate) number: usize,
    pub(crate) note: &'a Note<'a>,
}

/// The notes of a part of a strip in the order of time.
pub(crate) fn numbered<'a>(strip: &'a Strip<'a>, part: Span) -> Vec<Numbered<'a>> {
    let mut notes: Vec<_> = strip.notes.iter().filter(|note| part.contains(note.at)).collect();
    notes.sort_by_key(|note| note.at);
    notes.into_iter().zip(1..).map(|(note, number)| Numbered { number, note }).collect()
}

/// Where rows go: columns from the left, each from top to bottom.
struct Room {
    top: i32,
    lines: usize,
    columns: usize,
    column: i32,
}

fn room(sheet: &Sheet) -> Room {
    let layout = &sheet.layout;
    let top = match sheet.body {
        Body::Notes => HEADER + 2_300,
        Body::Strip => layout.ua_bottom() + 250,
    };
    let width = layout.edge() - EDGE;
    let columns = ((width + GUTTER) / (COLUMN_MIN + GUTTER)).max(1);
    let column = (width + GUTTER) / columns - GUTTER;
    // The first line is the title's.
    let lines = usize::try_from((layout.footer() - 100 - top) / LINE - 1).unwrap_or(0);
    let is_free = sheet.body == Body::Notes || !sheet.shows_findings();
    Room { top, lines: if is_free { lines } else { 0 }, columns: columns as usize, column }
}

/// The lines of a row.
fn lines(face: &Face, note: &Note, room: &Room) -> Vec<String> {
    let text = match note.who {
        "" => note.text.to_owned(),
        who => format!("{who}：{}", note.text),
    };
    let mut lines = face.wrap(&text, TEXT, room.column - WORDS);
    lines.truncate(room.lines.max(1));
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// How many of the listed notes have room on the page.
pub(crate) fn fitting(sheet: &Sheet, face: &Face) -> usize {
    let room = room(sheet);
    let (mut column, mut used) = (0, 0);
    for (at, it) in sheet.listed.iter().enumerate() {
        let height = lines(face, it.note, &room).len();
        if used + height > room.lines {
            (column, used) = (column + 1, 0);
        }
        if column >= room.columns || height > room.lines {
            return at;
        }
        used += height;
    }
    sheet.listed.len()
}

/// The texts of the listed notes.
pub(crate) fn list<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    if sheet.listed.is_empty() && sheet.notes.is_empty() {
        return Ok(());
    }
    let room = room(sheet);
    if room.lines == 0 {
        return Ok(());
    }
    let language = sheet.paper.language;
    let title = match (sheet.body, sheet.listed.len() < sheet.notes.len()) {
        (Body::Notes, _) if !sheet.shows_findings() => {
            language.of("注記・アラーム（続き）", "Notes and alarms (continued)")
        }
        (Body::Strip, true) => language.of(
            "注記・アラーム（残りは末尾の頁）",
            "Notes and alarms (the rest on the last pages)",
        ),
        (Body::Notes, _) | (Body::Strip, false) => {
            language.of("注記・アラーム", "Notes and alarms")
        }
    };
    pen.text(title, (EDGE, room.top + LINE / 2), Hand::new(230, ink::LABEL).bold())?;
    let (mut column, mut used) = (0, 0);
    for it in &sheet.listed {
        let lines = lines(pen.face(), it.note, &room);
        if used + lines.len() > room.lines {
            (column, used) = (column + 1, 0);
        }
        let x = EDGE + column * (room.column + GUTTER);
        let mut y = room.top + (used as i32 + 1) * LINE + LINE / 2;
        used += lines.len();
        shape(pen, it, (x + 170, y))?;
        let time = words::moment(sheet, it.note.at);
        pen.text(&time, (x + TIME, y), Hand::new(TEXT, ink::TEXT_SOFT))?;
        for line in lines {
            pen.text(&line, (x + WORDS, y), Hand::new(TEXT, ink::TEXT))?;
            y += LINE;
        }
    }
    Ok(())
}

/// Fine lines from the flags down through the rates.
pub(crate) fn lines_down<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    for it in &sheet.notes {
        let x = sheet.layout.x(it.note.at);
        let (top, bottom) = (sheet.layout.fhr_top(), sheet.layout.fhr_bottom());
        pen.line((x, top), (x, bottom), 10, color(it.note.kind).mix(0.6))?;
    }
    Ok(())
}

/// The flags: numbered shapes, with as much of the text as has room where there is a lane.
pub(crate) fn flags<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let layout = &sheet.layout;
    let top = layout.fhr_top();
    if sheet.shows_findings() {
        for it in &sheet.notes {
            shape(pen, it, (layout.x(it.note.at), top + 200))?;
        }
        return Ok(());
    }
    // Two rows take turns, so that texts of neighbours have twice the room. The stems lie behind
    // the texts of the lower row.
    let place = |(at, it): (usize, &Numbered)| {
        let row = (at % 2) as i32;
        (layout.x(it.note.at), top - 2 * BRACKETS + 200 + row * 400)
    };
    for (at, it) in sheet.notes.iter().enumerate() {
        let (x, y) = place((at, it));
        pen.line((x, y), (x, top), 10, color(it.note.kind).mix(0.6))?;
    }
    for (at, it) in sheet.notes.iter().enumerate() {
        let (x, y) = place((at, it));
        let next = sheet.notes.get(at + 2).map(|next| layout.x(next.note.at) - 200);
        let (from, until) = (x + 170 + shape_width(it), next.unwrap_or(layout.edge()));
        if until - from > 500 {
            let hand = Hand::new(230, ink::TEXT);
            let text = pen.face().cut(it.note.text, hand.size, until - from);
            let width = pen.width(&text, hand);
            pen.fill((from - 30, y - 150), (from + width + 30, y + 150), ink::PAPER)?;
            pen.text(&text, (from, y), hand)?;
        }
        shape(pen, it, (x, y))?;
    }
    Ok(())
}

/// The shape of a note with its number: a circle for a remark, a triangle with one to three
/// signs for an alarm.
fn shape<DB: DrawingBackend>(pen: &Pen<DB>, it: &Numbered, (x, y): Point) -> Drawn {
    let color = color(it.note.kind);
    let number = it.number.to_string();
    match it.note.kind {
        NoteKind::Remark => {
            pen.dot((x, y), 165, color)?;
            pen.dot((x, y), 145, ink::PAPER)?;
            let size = if number.len() > 2 { 150 } else { 200 };
            pen.text(&number, (x, y), Hand::new(size, color).bold().centred())
        }
        NoteKind::Alarm(priority) => {
            pen.fill((x - 160, y - 160), (x + 160 + shape_width(it), y + 160), ink::PAPER)?;
            pen.triangle((x, y - 165), 180, 310, color)?;
            let size = if number.len() > 2 { 110 } else { 170 };
            pen.text(&number, (x, y + 40), Hand::new(size, ink::NOTICE_TEXT).bold().centred())?;
            pen.text(signs(priority), (x + 200, y), Hand::new(260, color).bold())
        }
    }
}

/// How far a shape reaches to the right of its circle or triangle.
fn shape_width(it: &Numbered) -> i32 {
    match it.note.kind {
        NoteKind::Remark => 40,
        NoteKind::Alarm(Priority::Low) => 150,
        NoteKind::Alarm(Priority::Medium) => 240,
        NoteKind::Alarm(Priority::High) => 330,
    }
}

fn signs(priority: Priority) -> &'static str {
    match priority {
        Priority::Low => "!",
        Priority::Medium => "!!",
        Priority::High => "!!!",
    }
}

fn color(kind: NoteKind) -> RGBAColor {
    match kind {
        NoteKind::Remark => ink::NOTE,
        NoteKind::Alarm(Priority::High) => ink::ALARM_HIGH,
        NoteKind::Alarm(Priority::Medium) => ink::ALARM_MEDIUM,
        NoteKind::Alarm(Priority::Low) => ink::ALARM_LOW,
    }
}
