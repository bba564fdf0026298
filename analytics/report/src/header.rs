//! The head and the foot of a page: what it is, and what it is not.

use plotters::style::RGBAColor;
use plotters_backend::DrawingBackend;

use crate::layout::{EDGE, HEADER};
use crate::paper::{Language, UNITS_PER_CM};
use crate::pen::{Drawn, Hand, Pen};
use crate::recorded::What;
use crate::sheet::{Body, Sheet};
use crate::{ink, words};

/// Width of the plates at the right of the header.
const PLATE: i32 = 8_600;

/// Name, part, paper and profile at the left; what everybody must know at the right.
pub(crate) fn header<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let width = plate_left(sheet) - EDGE - 300;
    let name = Hand::new(fitting(pen, &name(sheet), 480, width), ink::TEXT).bold();
    pen.text_within(self::name(sheet).as_str(), (EDGE, HEADER + 240), width, name)?;
    let line = |size: i32, text: &str| Hand::new(fitting(pen, text, size, width), ink::TEXT);
    for (text, size, y) in
        [(part(sheet), 270, 700), (paper(sheet), 270, 1_050), (table(sheet), 240, 1_380)]
    {
        pen.text_within(&text, (EDGE, HEADER + y), width, line(size, &text))?;
    }
    let language = sheet.paper.language;
    let support = language.of(words::SUPPORT.0, words::SUPPORT.1);
    pen.text_within(support, (EDGE, HEADER + 1_680), width, line(230, support))?;
    let dark = (ink::NOTICE, ink::NOTICE_TEXT);
    plate(sheet, pen, HEADER, words::UNAPPROVED, dark)?;
    if sheet.strip.table.reviewers.is_none() {
        let caution = (ink::CAUTION_GROUND, ink::CAUTION);
        plate(sheet, pen, HEADER + 880, words::UNREVIEWED, caution)?;
    }
    Ok(())
}

fn plate_left(sheet: &Sheet) -> i32 {
    sheet.layout.edge() - plate_width(sheet)
}

/// Narrower on a narrow page.
fn plate_width(sheet: &Sheet) -> i32 {
    PLATE.min(sheet.layout.width() * 3 / 10)
}

/// The size at which a text fits into a width, down to three quarters: then it is cut.
fn fitting<DB: DrawingBackend>(pen: &Pen<DB>, text: &str, size: i32, width: i32) -> i32 {
    let needed = pen.width(text, Hand::new(size, ink::TEXT)).max(1);
    (i64::from(size) * i64::from(width) / i64::from(needed))
        .clamp(i64::from(size * 3 / 4), i64::from(size)) as i32
}

/// Whose strip it is.
fn name(sheet: &Sheet) -> String {
    let Some(heading) = sheet.strip.heading else { return sheet.strip.name.to_owned() };
    let language = sheet.paper.language;
    let parts = [
        (language.of("施設 ", "facility "), heading.facility),
        (language.of("ベッド ", "bed "), heading.bed),
        (language.of("エピソード ", "episode "), heading.episode),
        ("", sheet.strip.name),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(word, text)| format!("{word}{text}"))
        .collect();
    parts.join(language.of("　", "   "))
}

/// From when to when, of how much, begun when.
fn part(sheet: &Sheet) -> String {
    let language = sheet.paper.language;
    let page = sheet.recorded();
    if let (Some(heading), Some(_)) = (sheet.strip.heading, sheet.strip.clock()) {
        let [from, to] = [page.start, page.end].map(|tick| words::moment(sheet, tick));
        let part = match (sheet.body, language) {
            (Body::Notes, _) => String::new(),
            (Body::Strip, Language::Japanese) => format!("　この頁 {from} – {to}"),
            (Body::Strip, Language::English) => format!("   this page {from} – {to}"),
        };
        return format!("{}{}{part}", language.of("期間 ", "period "), heading.period);
    }
    let second = |tick: u32| words::clock(tick / ctg::tick::TICKS_PER_SECOND);
    let (from, to) = (second(page.start), second(page.end));
    let whole = second(u32::try_from(sheet.strip.ticks.len()).unwrap_or(u32::MAX));
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

/// Speed and scale, how far she is, share of loss, and whose findings are drawn.
fn paper(sheet: &Sheet) -> String {
    let language = sheet.paper.language;
    let (speed, scale) = (sheet.paper.speed.cm_per_min(), sheet.paper.scale.bpm_per_cm());
    let (low, high) = sheet.paper.scale.bounds_bpm();
    let lost = 100.0 * sheet.lost as f64 / f64::from(sheet.part.ticks().max(1));
    let mut parts = match language {
        Language::Japanese => vec![
            format!("{speed} cm/分・{scale} bpm/cm（{low}–{high}）"),
            format!("胎児心拍の信号なし {lost:.1} %"),
        ],
        Language::English => vec![
            format!("{speed} cm/min, {scale} bpm/cm ({low}–{high})"),
            format!("no fetal signal {lost:.1} %"),
        ],
    };
    if let Some(gestation) = sheet.strip.heading.and_then(|heading| heading.gestation) {
        parts.insert(1, words::gestation(gestation, language));
    }
    parts.push(match sheet.shows_findings() {
        true => words::profile(sheet.strip.profile, language).to_owned(),
        false => language.of("所見の表示なし", "findings not shown").to_owned(),
    });
    parts.join(language.of("　", "   "))
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
    let program = sheet.strip.heading.map_or("", |heading| heading.program);
    if !program.is_empty() {
        text += language.of("　", "   ");
        text += program;
    }
    text.trim_start().to_owned()
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
    let (left, width) = (plate_left(sheet), plate_width(sheet));
    pen.fill((left, top), (left + width, top + HEIGHT), ground)?;
    let language = sheet.paper.language;
    let (main, other) = (language.of(japanese, english), language.of(english, japanese));
    let middle = left + width / 2;
    for (text, size, y) in [(main, 310, 270), (other, 225, 580)] {
        let hand = Hand::new(size, writing).centred();
        let hand = if y == 270 { hand.bold() } else { hand };
        let most = width * 96 / 100 * size / pen.width(text, hand).max(1);
        pen.text(text, (middle, top + y), Hand { size: size.min(most), ..hand })?;
    }
    Ok(())
}

/// Legend, ruler, page.
pub(crate) fn footer<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>) -> Drawn {
    let language = sheet.paper.language;
    let (footer, edge) = (sheet.layout.footer(), sheet.layout.edge());
    pen.line((EDGE, footer), (edge, footer), 9, ink::GRID_BOLD)?;
    // A narrow page has the ruler beside the second line of its legend.
    let is_narrow = sheet.layout.width() < NARROW;
    let y = footer + 300;
    let ruler_y = if is_narrow { y + 560 } else { y };
    let from = edge - 1_850 - 5 * UNITS_PER_CM;
    legend(sheet, pen, y, if is_narrow { edge - 1_200 } else { from - 300 })?;
    let to = from + 5 * UNITS_PER_CM;
    pen.line((from, ruler_y), (to, ruler_y), 20, ink::LABEL)?;
    for centimetre in 0..=5 {
        let x = from + centimetre * UNITS_PER_CM;
        pen.line((x, ruler_y - 90), (x, ruler_y + 90), 20, ink::LABEL)?;
    }
    let ruler = language.of("原寸確認 5 cm", "5 cm at true size");
    let hand = Hand::new(200, ink::TEXT_SOFT).centred();
    pen.text(ruler, ((from + to) / 2, ruler_y + 240), hand)?;
    let hand = Hand::new(300, ink::TEXT).bold().right();
    pen.text(&format!("{} / {}", sheet.page, sheet.pages), (edge, y), hand)
}

/// Narrower pages have no room for legend and ruler side by side.
const NARROW: i32 = 25_000;

/// What the lines and grounds of this strip are, as far as there is room.
fn legend<DB: DrawingBackend>(sheet: &Sheet, pen: &Pen<DB>, y: i32, right: i32) -> Drawn {
    let language = sheet.paper.language;
    let hand = Hand::new(220, ink::TEXT_SOFT);
    let finds = sheet.shows_findings();
    let strip = sheet.strip;
    let mut x = EDGE;
    let mut entry = |text: &str, width: i32, draw: &dyn Fn(i32) -> Drawn| {
        if x + width + 80 + pen.width(text, hand) > right {
            return Ok(());
        }
        draw(x)?;
        pen.text(text, (x + width + 80, y), hand)?;
        x += width + 80 + pen.width(text, hand) + 260;
        Ok::<(), crate::ReportError>(())
    };
    let line = |color, width| move |x: i32| pen.line((x, y), (x + 500, y), width, color);
    entry(language.of("胎児心拍 FHR", "FHR"), 500, &line(ink::FHR, 28))?;
    if strip.twin.is_some() {
        entry("FHR2", 500, &line(ink::FHR2, 17))?;
    }
    if strip.ticks.iter().any(|tick| tick.mhr.is_some()) {
        entry(language.of("母体心拍 MHR", "maternal rate"), 500, &line(ink::MHR, 20))?;
    }
    entry(language.of("子宮収縮 UA", "UA"), 500, &line(ink::UA, 28))?;
    if finds {
        let dashes = |x| pen.dashes((x, y), x + 600, 22, ink::BASELINE);
        entry(language.of("基線", "baseline"), 600, &dashes)?;
    }
    let ground = |color| {
        move |x: i32| {
            pen.fill((x, y - 120), (x + 400, y + 120), color)?;
            pen.frame((x, y - 120), (x + 400, y + 120), 9, ink::GRID_MINUTE)
        }
    };
    entry(language.of("信号なし", "no signal"), 400, &ground(ink::LOSS))?;
    if finds {
        entry(language.of("アーチファクト", "artefact"), 400, &ground(ink::ARTEFACT_TINT))?;
    }
    let holds = |what: fn(What) -> bool| strip.stretches_of(what).next().is_some();
    if holds(|it| it == What::Late) {
        entry(language.of("後着データ", "arrived late"), 400, &ground(ink::LATE_TINT))?;
    }
    if holds(|it| matches!(it, What::Missing(_))) {
        let dots =
            |x: i32| (0..3).try_for_each(|n| pen.dot((x + 60 + n * 140, y), 38, ink::MISSING));
        entry(language.of("データ未着・欠落", "no data"), 400, &dots)?;
    }
    if holds(|it| it == What::Coincidence) {
        entry(language.of("心拍一致", "same rate"), 400, &ground(ink::COINCIDENCE))?;
    }
    if !strip.events.is_empty() {
        let mark = |x: i32| pen.triangle((x + 110, y - 95), 110, 190, ink::EVENT);
        entry(language.of("イベントマーカー", "event marker"), 220, &mark)?;
    }
    if !strip.movements.is_empty() {
        entry(language.of("胎動", "movement"), 400, &line_of(pen, y))?;
    }
    entry(language.of("縁の▲▼ 紙面外の値", "▲▼ at an edge: a value beyond it"), 0, &|_| Ok(()))?;
    if finds {
        let letters = language.of(
            "A 一過性頻脈　E 早発　V 変動　L 遅発　P 遷延　? 種類不明　! 高度　▼ 頂点　▲ 最下点（数字は bpm）　斜線 アーチファクト",
            "A acceleration   E early   V variable   L late   P prolonged   ? unknown   ! severe   ▼ peak   ▲ nadir (bpm)   hatched: artefact",
        );
        let width =
            if sheet.layout.width() < NARROW { right - 6_000 } else { sheet.layout.edge() } - EDGE;
        pen.text_within(letters, (EDGE, y + 400), width, hand)?;
    }
    Ok(())
}

/// The bar of a movement in the legend.
fn line_of<DB: DrawingBackend>(pen: &Pen<DB>, y: i32) -> impl Fn(i32) -> Drawn {
    move |x| pen.fill((x, y - 75), (x + 400, y + 75), ink::MOVEMENT)
}
