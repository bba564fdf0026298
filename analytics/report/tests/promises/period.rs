//! A part of a recording, as it came: odd periods, twins, gaps, notes.

use ctg::{Span, Tick};
use proptest::prelude::*;
use report::{
    Beginning, Format, Heading, Missing, Note, NoteKind, Paper, Priority, ReportError,
    SHEET_CM_MAX, Shows, Speed, Stretch, Strip, Twin, What,
};
use vitals::{Absence, Activity, Bpm, Channel};

use crate::reading::{Page, pages};

/// Left edge of the grid, hundredths of a millimetre.
const LEFT: i32 = 2_850;
/// Upper and lower edge of the field of rates at 30 bpm/cm.
const FIELD: (i32, i32) = (3_450, 10_450);
const FHR: &str = "[0.059, 0.102, 0.169]";
const FHR2: &str = "[0.0, 0.392, 0.722]";
const MINUTE: u32 = 240;

fn bpm(quarters: u16) -> Option<Bpm> {
    Bpm::from_quarters(quarters).ok()
}

fn recording(strip: Strip) -> Strip {
    Strip { shows: Shows::Recording, ..strip }
}

fn speed(cm_per_min: u32) -> Speed {
    [Speed::OneCmPerMin, Speed::TwoCmPerMin, Speed::ThreeCmPerMin][cm_per_min as usize - 1]
}

/// The ticks of a page that carry ink of a colour in the field of rates, given its first tick.
fn inked(page: &Page, color: &str, first: u32, cm_per_min: u32) -> Vec<u32> {
    let tick_at = |x: i32| {
        let ticks = f64::from(x - LEFT) * 240.0 / (1_000.0 * f64::from(cm_per_min));
        first + ticks.round() as u32
    };
    let is_in_field =
        |points: &[(i32, i32)]| points.iter().all(|(_, y)| (FIELD.0..=FIELD.1).contains(y));
    let mut ticks = Vec::new();
    for stroke in page.strokes.iter().filter(|it| it.color == color && is_in_field(&it.points)) {
        // The line of an event has no width in time.
        if stroke.points.iter().all(|(x, _)| *x == stroke.points[0].0) {
            continue;
        }
        for pair in stroke.points.windows(2) {
            ticks.extend(tick_at(pair[0].0)..=tick_at(pair[1].0));
        }
    }
    for dot in page.fills.iter().filter(|it| it.color == color && it.points.len() == 5) {
        let width = dot.points[0].0 - dot.points[2].0;
        if is_in_field(&dot.points) && width < 60 {
            ticks.push(tick_at((dot.points[0].0 + dot.points[2].0) / 2));
        }
    }
    ticks.sort_unstable();
    ticks.dedup();
    ticks
}

prop_compose! {
    /// Runs of a rate or of none, for one or two fetuses.
    fn runs()(runs in prop::collection::vec(
        (prop::option::weighted(0.8, 200_u16..800), prop::option::weighted(0.8, 200_u16..800), 1_usize..900), 1..12,
    )) -> (Vec<Option<u16>>, Vec<Option<u16>>) {
        runs.into_iter().flat_map(|(one, two, long)| std::iter::repeat_n((one, two), long)).unzip()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the period: every tick of it with a value is inked on its page, and no other.
    #[test]
    fn a_period_shows_its_ticks_and_no_others(
        (first, second) in runs(),
        ends in (0.0_f64..1.0, 0.0_f64..1.0),
        cm_per_min in 1_u32..=3,
        format in prop_oneof![Just(Format::A4Landscape), Just(Format::A4Portrait), Just(Format::Continuous)],
        second_of_day in 0_u32..86_400,
        (is_twins, has_toco) in (any::<bool>(), any::<bool>()),
    ) {
        let ua = has_toco.then(|| Activity::from_halves(20));
        let ticks: Vec<Tick> =
            first.iter().map(|it| Tick { fhr: it.and_then(bpm), ua, mhr: None }).collect();
        let rates: Vec<Option<Bpm>> = second.iter().map(|it| it.and_then(bpm)).collect();
        let length = ticks.len() as f64;
        let (from, to) = ((ends.0.min(ends.1) * length) as u32, (ends.0.max(ends.1) * length) as u32);
        let days: Vec<String> = ["2026-11-25", "2026-11-26"].map(String::from).to_vec();
        let beginning = Beginning { text: "", second_of_day: second_of_day / 60 * 60, days: &days };
        let strip = recording(Strip {
            part: Some(Span { start: from, end: to }),
            beginning: Some(beginning),
            heading: Some(Heading::default()),
            twin: is_twins.then_some(Twin { rates: &rates, offset_bpm: 0 }),
            ..Strip::bare("", &ticks)
        });
        let paper = Paper { speed: speed(cm_per_min), format, ..Paper::default() };
        let pages = pages(&report::strip_pdf(&[strip], &paper).unwrap());
        let each = match format {
            Format::A4Landscape => 24 / cm_per_min * MINUTE,
            Format::A4Portrait => 15 / cm_per_min * MINUTE,
            Format::Continuous => u32::MAX,
        };
        let start = from / MINUTE * MINUTE;
        prop_assert_eq!(pages.len() as u32, (to - start).div_ceil(each).max(1));
        for (color, rates) in [(FHR, &first), (FHR2, &second)] {
            if color == FHR2 && !is_twins {
                continue;
            }
            for (page, number) in pages.iter().zip(0..) {
                let first = start.saturating_add(number * each.min(1 << 24));
                let end = first.saturating_add(each).min(to);
                // The line reaches one tick further, to go on from there overleaf.
                let shown = first.max(from)..(end + 1).min(to);
                let expected: Vec<u32> =
                    shown.filter(|tick| rates[*tick as usize].is_some()).collect();
                prop_assert_eq!(inked(page, color, first, cm_per_min), expected, "page {}", number);
            }
        }
    }
}

#[test]
fn a_stretch_that_is_poor_is_drawn_thin_and_pale_and_nothing_is_left_out() {
    let ticks = vec![Tick { fhr: bpm(560), ..Tick::default() }; 400];
    let what = What::Poor { channel: Channel::Fhr1 };
    let stretches = [Stretch { span: Span { start: 100, end: 200 }, what }];
    let strip = recording(Strip { stretches: &stretches, ..Strip::bare("", &ticks) });
    let page = &pages(&report::strip_pdf(&[strip], &Paper::default()).unwrap())[0];
    let traces: Vec<_> = page
        .strokes
        .iter()
        .filter(|it| it.color == FHR && it.points.len() > 1 && it.points[0].1 < FIELD.1)
        .map(|it| (it.width, it.points[0].0, it.points.last().unwrap().0))
        .collect();
    // 12.5 units a tick; the pieces at both edges are doubtful as well.
    let x = |tick: f64| LEFT + (tick * 12.5).round() as i32;
    assert_eq!(traces, [(26, x(0.0), x(99.0)), (15, x(99.0), x(200.0)), (26, x(200.0), x(399.0))]);
    assert_eq!(inked(page, FHR, 0, 3), (0..400).collect::<Vec<_>>());
}

#[test]
fn each_twin_without_a_signal_has_a_lane_and_a_missing_second_has_dots_instead() {
    let ticks = vec![Tick { ua: Some(Activity::from_halves(9)), ..Tick::default() }; 960];
    let rates = vec![None; 960];
    let missing = |why| Stretch { span: Span { start: 240, end: 480 }, what: What::Missing(why) };
    for (why, text) in [(Missing::NotReceived, "データ未着"), (Missing::Refused, "容量超過")]
    {
        let what = What::Absent { channel: Channel::Fhr2, why: Absence::NoTransducer };
        let absent = Stretch { span: Span { start: 480, end: 960 }, what };
        let stretches = [missing(why), absent];
        let twin = Some(Twin { rates: &rates, offset_bpm: 20 });
        let strip = recording(Strip { stretches: &stretches, twin, ..Strip::bare("", &ticks) });
        let page = &pages(&report::strip_pdf(&[strip], &Paper::default()).unwrap())[0];
        for text in [text, "FHR2 信号なし：プローブ未接続", "FHR1 信号なし"] {
            assert!(page.texts.iter().any(|it| it.contains(text)), "{text}: {:?}", page.texts);
        }
        let across = |from: i32, to: i32| {
            let is = |points: &[(i32, i32)]| {
                points.len() == 4 && (points[0].0, points[1].0) == (from, to) && points[0].1 < 4_000
            };
            page.fills.iter().filter(|fill| is(&fill.points)).count()
        };
        let x = |minute: i32| LEFT + minute * 3_000;
        assert_eq!((across(x(0), x(1)), across(x(2), x(4))), (2, 2), "a lane for each");
        assert_eq!(across(x(1), x(2)), 0, "no lane where no second came");
    }
}

#[test]
fn the_offset_stands_in_words_on_every_page() {
    let ticks = vec![Tick::default(); 20 * 240];
    let rates = vec![bpm(560); 20 * 240];
    for (offset_bpm, text) in
        [(20, "+20 bpm ずらして表示"), (-20, "-20 bpm ずらして表示"), (0, "表示オフセットなし")]
    {
        let twin = Some(Twin { rates: &rates, offset_bpm });
        let strip = recording(Strip { twin, ..Strip::bare("", &ticks) });
        let pages = pages(&report::strip_pdf(&[strip], &Paper::default()).unwrap());
        assert_eq!(pages.len(), 3);
        for page in &pages {
            assert!(page.texts.iter().any(|it| it.contains(text)), "{text}: {:?}", page.texts);
        }
    }
}

#[test]
fn notes_without_room_under_the_strip_go_to_pages_of_their_own_and_none_is_lost() {
    let ticks = vec![Tick::default(); 8 * 240];
    let texts: Vec<String> = (1..=120).map(|number| format!("所見その{number}。")).collect();
    let notes: Vec<Note> = texts
        .iter()
        .zip(0..)
        .map(|(text, at)| Note { at: at * 15, who: "山田", text, kind: NoteKind::Remark })
        .collect();
    let strip = recording(Strip { notes: &notes, ..Strip::bare("", &ticks) });
    for format in [Format::A4Landscape, Format::A4Portrait, Format::Continuous] {
        let paper = Paper { format, ..Paper::default() };
        let pages = pages(&report::strip_pdf(&[strip], &paper).unwrap());
        assert!(pages.len() > 1);
        for text in &texts {
            let row = format!("山田：{text}");
            let count = pages.iter().flat_map(|page| &page.texts).filter(|it| **it == row).count();
            assert_eq!(count, 1, "{row} on {format:?}");
        }
        let (last, number) = (pages.last().unwrap(), format!("{0} / {0}", pages.len()));
        assert!(last.texts.contains(&number), "{:?}", last.texts);
    }
}

#[test]
fn an_alarm_has_its_priority_in_signs() {
    let ticks = vec![Tick::default(); 240];
    for (priority, signs) in
        [(Priority::Low, "!"), (Priority::Medium, "!!"), (Priority::High, "!!!")]
    {
        let kind = NoteKind::Alarm(priority);
        let notes = [Note { at: 9, who: "", text: "徐脈", kind }];
        let strip = Strip { notes: &notes, ..Strip::bare("", &ticks) };
        for strip in [strip, recording(strip)] {
            let pages = pages(&report::strip_pdf(&[strip], &Paper::default()).unwrap());
            assert!(pages[0].texts.iter().any(|text| text == signs), "{signs}");
            assert!(pages.iter().flat_map(|page| &page.texts).any(|text| text == "徐脈"));
        }
    }
}

#[test]
fn a_sheet_beyond_its_bound_is_refused_with_its_length() {
    let minutes = SHEET_CM_MAX / 3;
    let paper = Paper { format: Format::Continuous, ..Paper::default() };
    let ticks = vec![Tick::default(); ((minutes + 1) * MINUTE) as usize];
    let longest = Strip::bare("", &ticks[..(minutes * MINUTE) as usize]);
    assert_eq!(pages(&report::strip_pdf(&[longest], &paper).unwrap()).len(), 1);
    let refused = report::strip_pdf(&[Strip::bare("", &ticks)], &paper).unwrap_err();
    assert!(
        matches!(refused, ReportError::SheetTooLong { centimetres } if centimetres == SHEET_CM_MAX + 3)
    );
}
