//! Whatever comes in, a report or a named refusal comes out.

use ctg::{
    Acceleration, Artefact, ArtefactKind, Contraction, Deceleration, DecelerationKind, Profile,
    Profiles, Severity, Span, Tick, Uterus,
};
use proptest::prelude::*;
use report::{
    Beginning, Format, Language, LevelBand, Paper, ReportError, Scale, Speed, Strip, TICKS_MAX,
    Table,
};
use vitals::{Activity, Bpm};

use crate::reading::{Page, pages};

#[test]
fn an_empty_strip_has_a_page_that_says_so() {
    let pdf = report::strip_pdf(&[Strip::bare("空", &[])], &Paper::default()).unwrap();
    let pages = pages(&pdf);
    assert_eq!(pages.len(), 1);
    assert!(pages[0].texts.iter().any(|text| text == "記録終了"));
    assert!(pages[0].texts.iter().any(|text| text.contains("医療機器として未承認")));
}

#[test]
fn no_strip_is_refused() {
    assert!(matches!(report::strip_pdf(&[], &Paper::default()), Err(ReportError::NoStrip)));
    assert!(matches!(report::strip_svg(&[], &Paper::default()), Err(ReportError::NoStrip)));
}

#[test]
fn a_strip_longer_than_a_week_is_refused() {
    let ticks = vec![Tick::default(); TICKS_MAX + 1];
    let refused = report::strip_pdf(&[Strip::bare("long", &ticks)], &Paper::default());
    assert!(matches!(refused, Err(ReportError::TooLong { ticks, .. }) if ticks == TICKS_MAX + 1));
}

#[test]
fn strips_follow_each_other_with_pages_numbered_through() {
    let ticks = vec![Tick::default(); 10 * 240];
    let strips = [Strip::bare("一", &ticks), Strip::bare("二", &ticks)];
    let pdf = report::strip_pdf(&strips, &Paper::default()).unwrap();
    let pages = pages(&pdf);
    assert_eq!(pages.len(), 4);
    assert!(pages[3].texts.iter().any(|text| text == "4 / 4"));
    assert!(pages[3].texts.iter().any(|text| text == "二"));
}

#[test]
fn the_same_strip_gives_the_same_bytes() {
    let ticks = vec![Tick::default(); 240];
    let draw = || report::strip_pdf(&[Strip::bare("x", &ticks)], &Paper::default()).unwrap();
    assert_eq!(draw(), draw());
}

fn tick() -> impl Strategy<Value = Tick> {
    let rate = || {
        prop::option::of(
            (1_u16..=Bpm::QUARTERS_MAX).prop_map(|quarters| Bpm::from_quarters(quarters).unwrap()),
        )
    };
    let activity = prop::option::of(any::<u8>().prop_map(Activity::from_halves));
    (rate(), rate(), activity).prop_map(|(fhr, mhr, ua)| Tick { fhr, mhr, ua })
}

fn span() -> impl Strategy<Value = Span> {
    let tick = || prop_oneof![0_u32..4_000, any::<u32>()];
    (tick(), tick()).prop_map(|(start, end)| Span { start, end })
}

fn number() -> impl Strategy<Value = f32> {
    prop_oneof![30.0_f32..240.0, any::<f32>(), Just(f32::NAN), Just(f32::INFINITY)]
}

fn acceleration() -> impl Strategy<Value = Acceleration> {
    (span(), any::<u32>(), number(), any::<bool>()).prop_map(|(span, peak, bpm, is_prolonged)| {
        let profiles = Profiles { definition: true, expert: true };
        let (peak_bpm, height_bpm, likelihood) = (bpm, bpm, bpm);
        Acceleration { span, peak, peak_bpm, height_bpm, is_prolonged, profiles, likelihood }
    })
}

fn deceleration() -> impl Strategy<Value = Deceleration> {
    let severity = prop::option::of(prop_oneof![Just(Severity::Mild), Just(Severity::Severe)]);
    (span(), any::<u32>(), number(), 0_usize..5, severity).prop_map(
        |(span, nadir, number, kind, severity)| Deceleration {
            span,
            nadir,
            nadir_bpm: number,
            depth_bpm: number,
            fall_s: number,
            area_bpm_s: number,
            lost: number,
            kind: DecelerationKind::ALL[kind],
            severity,
            contraction: Some(span),
            lag_s: Some(number),
            profiles: Profiles { definition: true, expert: true },
            likelihood: number,
        },
    )
}

fn paper() -> impl Strategy<Value = Paper> {
    let speed =
        prop_oneof![Just(Speed::OneCmPerMin), Just(Speed::TwoCmPerMin), Just(Speed::ThreeCmPerMin)];
    let scale = prop_oneof![Just(Scale::Bpm20PerCm), Just(Scale::Bpm30PerCm)];
    let format =
        prop_oneof![Just(Format::A4Landscape), Just(Format::A4Portrait), Just(Format::Continuous)];
    let language = prop_oneof![Just(Language::Japanese), Just(Language::English)];
    (speed, scale, format, language).prop_map(|(speed, scale, format, language)| Paper {
        speed,
        scale,
        format,
        language,
    })
}

fn band() -> impl Strategy<Value = LevelBand> {
    let texts = || prop::collection::vec(".{0,200}", 0..12);
    (span(), prop::option::of(any::<u8>()), ".{0,40}", texts(), texts())
        .prop_map(|(span, level, name, why, actions)| LevelBand { span, level, name, why, actions })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any recording with any findings, however absurd, is drawn without a panic.
    #[test]
    fn nothing_that_an_analysis_says_breaks_a_report(
        ticks in prop::collection::vec(tick(), 0..3_000),
        baseline_bpm in prop::collection::vec(number(), 0..3_500),
        accelerations in prop::collection::vec(acceleration(), 0..4),
        decelerations in prop::collection::vec(deceleration(), 0..4),
        spans in prop::collection::vec((span(), any::<u32>(), number()), 0..4),
        levels in prop::collection::vec(band(), 0..4),
        (name, second_of_day) in (".{0,300}", any::<u32>()),
        paper in paper(),
    ) {
        let contractions: Vec<_> = spans
            .iter()
            .map(|(span, peak, height)| Contraction { span: *span, peak: *peak, height: *height })
            .collect();
        let artefacts: Vec<_> = spans
            .iter()
            .map(|(span, ..)| Artefact { span: *span, kind: ArtefactKind::MaternalDoubled })
            .collect();
        let strip = Strip {
            name: &name,
            beginning: Some(Beginning { text: &name, second_of_day, days: &[] }),
            ticks: &ticks,
            baseline_bpm: &baseline_bpm,
            accelerations: &accelerations,
            decelerations: &decelerations,
            contractions: &contractions,
            artefacts: &artefacts,
            levels: &levels,
            profile: Profile::Expert,
            uterus: Uterus::IntraUterine,
            table: Table { version: &name, reviewers: Some(&name) },
            ..Strip::bare(&name, &ticks)
        };
        let pdf = report::strip_pdf(&[strip], &paper).unwrap();
        let svg = report::strip_svg(&[strip], &paper).unwrap();
        let pages = pages(&pdf);
        prop_assert_eq!(pages.len(), svg.len());
        prop_assert!(pages.iter().all(is_inside));
        prop_assert!(svg.iter().all(|page| page.chars().all(is_of_xml)));
    }
}

/// Whether all ink lies on the page.
fn is_inside(page: &Page) -> bool {
    let strokes = page.strokes.iter().flat_map(|stroke| &stroke.points);
    let fills = page.fills.iter().flat_map(|fill| &fill.points);
    let mut points = strokes.chain(fills).chain(&page.text_places);
    points.all(|(x, y)| (0..=page.size.0).contains(x) && (0..=page.size.1).contains(y))
}

/// What an XML 1.0 document may hold.
fn is_of_xml(letter: char) -> bool {
    matches!(letter, '\n' | ' '..='\u{fffd}' | '\u{10000}'..)
}

#[test]
fn a_name_cannot_turn_the_words_beside_it_round() {
    let name = "記録\u{202e}7";
    let svg = report::strip_svg(&[Strip::bare(name, &[])], &Paper::default()).unwrap();
    assert!(svg[0].contains("記録 7"));
}

#[test]
fn every_strip_of_a_report_can_be_found_by_its_name() {
    let strips = [Strip::bare("first", &[]), Strip::bare("second", &[])];
    let pdf = report::strip_pdf(&strips, &Paper::default()).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    assert!(text.contains("/Title (first)") && text.contains("/Title (second)"));
    assert_eq!(text.matches("/Fit]").count(), 2);
}
