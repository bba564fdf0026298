//! The head and the foot of a page: what it is, and what it is not.

use plotters::style::RGBAColor;
use plotters_backend::DrawingBackend;

use crate::layout::{EDGE, FOOTER, HEADER, RIGHT, WIDTH};
use crate::paper::{Language, UNITS_PER_CM};
use crate::pen::{Drawn, Hand, Pen, Weight};
use crate::sheet::Sheet;
use crate::{ink, words};

/// Width of the plates at the right of the header.
const PLATE: i32 = 8_600;
const PLATE_LEFT: i32 = WIDTH - EDGE - PLATE;

/// Name, part, paper and profile at the left; what everybody must know at the right.
pub(crate) fn header<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let width = PLATE_LEFT - EDGE - 300;
    let name = Hand::new(480, ink::TEXT).bold();
    pen.text_within(sheet.strip.name, (EDGE, HEADER + 260), width, name)?;
    let line = Hand::new(270, ink::TEXT);
    pen.text_within(&part(sheet), (EDGE, HEADER + 760), width, line)?;
    pen.text_within(&paper(sheet), (EDGE, HEADER + 1_140), width, line)?;
    let soft = Hand::new(240, ink::TEXT_SOFT);
    pen.text_within(&table(sheet), (EDGE, HEADER + 1_500), width, soft)?;
    let dark = (ink::NOTICE, ink::NOTICE_TEXT);
    plate(sheet, pen, HEADER, words::UNAPPROVED, dark)?;
    if sheet.strip.table.reviewers.is_none() {
        let caution = (ink::CAUTION_GROUND, ink::CAUTION);
        plate(sheet, pen, HEADER + 880, words::UNREVIEWED, caution)?;
    }
    Ok(())
}

/// From when to when, of how much, begun when.
fn part(sheet: &Sheet) -> String {
    let language = sheet.paper.language;
    let span = sheet.layout.span;
    let second = |tick: u32| tick / ctg::tick::TICKS_PER_SECOND;
    let (from, to) = (second(span.start), second(span.end.min(sheet.length).max(span.start)));
    let (from, to) = (words::clock(from), words::clock(to));
    let whole = words::clock(second(sheet.length));
    let mut text = match language {
        Language::Japanese => format!("経過 {from} – {to}（全長 {whole}）"),
        Language::English => format!("elapsed {from} – {to} (of {whole})"),
    };
    if let Some(beginning) = sheet.strip.beginning {
        text += language.of("　記録開始 ", "   begun ");
        text += beginning.text;
    }
    text
}

/// Speed, scale, share of loss, and whose findings are drawn.
fn paper(sheet: &Sheet) -> String {
    let language = sheet.paper.language;
    let (speed, scale) = (sheet.paper.speed.cm_per_min(), sheet.paper.scale.bpm_per_cm());
    let lost = 100.0 * sheet.lost as f64 / f64::from(sheet.length.max(1));
    let profile = words::profile(sheet.strip.profile, language);
    match language {
        Language::Japanese => {
            format!("{speed} cm/分・{scale} bpm/cm　胎児心拍の信号なし {lost:.1} %　{profile}")
        }
        Language::English => {
            format!("{speed} cm/min, {scale} bpm/cm   no fetal signal {lost:.1} %   {profile}")
        }
    }
}

/// Which table, and who signed it.
fn table(sheet: &Sheet) -> String {
    let language = sheet.paper.language;
    let table = sheet.strip.table;
    let mut text = String::new();
    if !table.version.is_empty() {
        text += language.of("分類表 ", "table ");
        text += table.version;
    }
    if let Some(reviewers) = table.reviewers {
        text += language.of("　監修 ", "   reviewed by ");
        text += reviewers;
    }
    text
}

/// A plate with a text in the language of the paper, and in the other one under it.
fn plate<DB: DrawingBackend>(
    sheet: &Sheet,
    pen: &Pen<DB>,
    top: i32,
    (japanese, english): (&str, &str),
    (ground, writing): (RGBAColor, RGBAColor),
) -> Drawn {
    const HEIGHT: i32 = 800;
    pen.fill((PLATE_LEFT, top), (PLATE_LEFT + PLATE, top + HEIGHT), ground)?;
    let language = sheet.paper.language;
    let (main, other) = (language.of(japanese, english), language.of(english, japanese));
    let hand = Hand::new(310, writing).bold().centred();
    let middle = PLATE_LEFT + PLATE / 2;
    let fitting = PLATE * 96 / 100 * hand.size / pen.width(main, hand).max(1);
    let hand = Hand { size: hand.size.min(fitting), ..hand };
    pen.text(main, (middle, top + 270), hand)?;
    let small = Hand { size: 225, weight: Weight::Regular, ..hand };
    pen.text(other, (middle, top + 600), small)
}

/// Legend, ruler, page.
pub(crate) fn footer<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let language = sheet.paper.language;
    pen.line((EDGE, FOOTER), (WIDTH - EDGE, FOOTER), 9, ink::GRID_BOLD)?;
    let y = FOOTER + 300;
    legend(sheet, pen, y)?;
    let (from, to) = (RIGHT - 7_000, RIGHT - 7_000 + 5 * UNITS_PER_CM);
    pen.line((from, y), (to, y), 20, ink::LABEL)?;
    for centimetre in 0..=5 {
        let x = from + centimetre * UNITS_PER_CM;
        pen.line((x, y - 90), (x, y + 90), 20, ink::LABEL)?;
    }
    let ruler = language.of("原寸確認 5 cm", "5 cm at true size");
    pen.text(ruler, ((from + to) / 2, y + 240), Hand::new(200, ink::TEXT_SOFT).centred())?;
    let hand = Hand::new(300, ink::TEXT).bold().right();
    pen.text(&format!("{} / {}", sheet.page, sheet.pages), (WIDTH - EDGE, y), hand)
}

/// What the lines and grounds are.
fn legend<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>, y: i32) -> Drawn {
    let language = sheet.paper.language;
    let hand = Hand::new(220, ink::TEXT_SOFT);
    let mut x = EDGE;
    let lines = [
        (language.of("胎児心拍 FHR", "FHR"), ink::FHR),
        (language.of("母体心拍 MHR", "maternal rate"), ink::MHR),
        (language.of("子宮収縮 UA", "UA"), ink::UA),
    ];
    for (text, color) in lines {
        pen.line((x, y), (x + 500, y), 28, color)?;
        pen.text(text, (x + 580, y), hand)?;
        x += 580 + pen.width(text, hand) + 300;
    }
    pen.dashes((x, y), x + 600, 22, ink::BASELINE)?;
    let text = language.of("基線", "baseline");
    pen.text(text, (x + 680, y), hand)?;
    x += 680 + pen.width(text, hand) + 300;
    let grounds = [
        (language.of("信号なし", "no signal"), ink::LOSS),
        (language.of("アーチファクト", "artefact"), ink::ARTEFACT_TINT),
    ];
    for (text, color) in grounds {
        pen.fill((x, y - 120), (x + 400, y + 120), color)?;
        pen.frame((x, y - 120), (x + 400, y + 120), 9, ink::GRID_MINUTE)?;
        pen.text(text, (x + 480, y), hand)?;
        x += 480 + pen.width(text, hand) + 300;
    }
    let text = language.of("縁の▲▼ 紙面外の値", "▲▼ at an edge: a value beyond it");
    pen.text(text, (x, y), hand)?;
    let letters = language.of(
        "A 一過性頻脈　E 早発　V 変動　L 遅発　P 遷延　? 種類不明　! 高度　▼ 頂点　▲ 最下点（数字は bpm）　斜線 アーチファクト",
        "A acceleration   E early   V variable   L late   P prolonged   ? unknown   ! severe   ▼ peak   ▲ nadir (bpm)   hatched: artefact",
    );
    pen.text(letters, (EDGE, y + 400), hand)
}
