//! What stands on every page, as text that can be searched.

use ctg::{
    Acceleration, Artefact, ArtefactKind, Contraction, Deceleration, DecelerationKind, Profile,
    Profiles, Severity, Span, Tick,
};
use report::{Beginning, Language, LevelBand, Paper, Scale, Speed, Strip, Table};
use vitals::Bpm;

use crate::reading::{Page, pages};

const EXPERT: Profiles = Profiles { definition: false, expert: true };

fn ticks(minutes: usize) -> Vec<Tick> {
    let tick = Tick { fhr: Bpm::from_quarters(560).ok(), ..Tick::default() };
    vec![tick; 240 * minutes]
}

fn drawn(strip: Strip, paper: Paper) -> Vec<Page> {
    pages(&report::strip_pdf(&[strip], &paper).unwrap())
}

fn says(page: &Page, text: &str) -> bool {
    page.texts.iter().any(|written| written.contains(text))
}

fn deceleration(kind: DecelerationKind, severity: Option<Severity>) -> Deceleration {
    Deceleration {
        span: Span::of_seconds(60, 120),
        nadir: 340,
        nadir_bpm: 68.0,
        depth_bpm: 72.0,
        fall_s: 20.0,
        area_bpm_s: 2_000.0,
        lost: 0.0,
        kind,
        severity,
        contraction: None,
        lag_s: None,
        profiles: EXPERT,
        likelihood: 0.8,
    }
}

#[test]
fn every_page_says_that_the_device_is_not_approved() {
    let ticks = ticks(90);
    for language in [Language::Japanese, Language::English] {
        let drawn = drawn(Strip::bare("記録 7", &ticks), Paper { language, ..Paper::default() });
        assert_eq!(drawn.len(), 12, "90 min at 8 min a page");
        for (page, number) in drawn.iter().zip(1..) {
            assert!(says(page, "研究・検証用／医療機器として未承認"));
            assert!(says(page, "not an approved medical device"));
            assert!(says(page, "分類表：未監修（参考）"));
            assert!(says(page, &format!("{number} / 12")));
            assert!(says(page, "記録 7"));
        }
    }
}

#[test]
fn a_reviewed_table_names_its_reviewers_and_no_longer_warns() {
    let ticks = ticks(1);
    let table =
        Table { version: "jsog-2010/2023", reviewers: Some("山田 花子、髙橋 一郎") };
    let page = &drawn(Strip { table, ..Strip::bare("", &ticks) }, Paper::default())[0];
    assert!(says(page, "jsog-2010/2023"));
    assert!(says(page, "山田 花子"));
    assert!(!says(page, "未監修"));
}

#[test]
fn a_page_says_where_in_the_recording_it_is() {
    let ticks = ticks(30);
    let beginning =
        Beginning { text: "2026-11-25 23:55:00 +09:00", second_of_day: 86_100, days: &[] };
    let paper = Paper { speed: Speed::OneCmPerMin, ..Paper::default() };
    let drawn = drawn(Strip { beginning: Some(beginning), ..Strip::bare("", &ticks) }, paper);
    assert_eq!(drawn.len(), 2);
    assert!(says(&drawn[1], "0:24:00 – 0:30:00"));
    assert!(says(&drawn[1], "1 cm/分・30 bpm/cm"));
    assert!(says(&drawn[0], "2026-11-25 23:55:00 +09:00"));
    assert!(says(&drawn[0], "00:00:00"), "the day turns five minutes in");
    assert!(says(&drawn[0], "0:10") && !says(&drawn[1], "0:31"));
}

#[test]
fn a_deceleration_is_named_with_kind_severity_and_nadir() {
    let ticks = ticks(8);
    let cases = [
        (DecelerationKind::Early, None, "E 早発", "E early"),
        (DecelerationKind::Variable, Some(Severity::Severe), "V 変動 高度", "V variable severe"),
        (DecelerationKind::Late, Some(Severity::Mild), "L 遅発 軽度", "L late mild"),
        (DecelerationKind::Prolonged, Some(Severity::Mild), "P 遷延 軽度", "P prolonged mild"),
        (DecelerationKind::Unknown, None, "? 種類不明", "? kind unknown"),
    ];
    for (kind, severity, japanese, english) in cases {
        let found = [deceleration(kind, severity)];
        let strip =
            Strip { decelerations: &found, profile: Profile::Expert, ..Strip::bare("", &ticks) };
        for (language, label) in [(Language::Japanese, japanese), (Language::English, english)] {
            let page = &drawn(strip, Paper { language, ..Paper::default() })[0];
            assert!(page.texts.iter().any(|text| text == label), "{label}: {:?}", page.texts);
            assert!(page.texts.iter().any(|text| text == "68"));
        }
    }
}

#[test]
fn only_findings_of_the_named_profile_are_drawn() {
    let ticks = ticks(8);
    let found = [deceleration(DecelerationKind::Late, Some(Severity::Severe))];
    let strip = Strip { decelerations: &found, ..Strip::bare("", &ticks) };
    let page = &drawn(strip, Paper::default())[0];
    assert!(says(page, "definition") && !says(page, "遅発 高度"));
    let page = &drawn(Strip { profile: Profile::Expert, ..strip }, Paper::default())[0];
    assert!(says(page, "expert") && says(page, "遅発 高度"));
}

#[test]
fn a_level_comes_with_its_number_its_name_and_every_reason() {
    let ticks = ticks(20);
    let why = vec!["基線 140 bpm（正常脈）".to_owned(), "<変動> & 高度".to_owned()];
    let band = |start, level, name: &str| LevelBand {
        span: Span::of_seconds(start, start + 600),
        level,
        name: name.into(),
        why: why.clone(),
        actions: Vec::new(),
    };
    let levels = [band(0, Some(4), "異常波形（中等度）"), band(600, None, "")];
    let strip = Strip { levels: &levels, ..Strip::bare("", &ticks) };
    let drawn = drawn(strip, Paper { speed: Speed::OneCmPerMin, ..Paper::default() });
    for text in ["4", "異常波形（中等度）", "0:00 – 0:10", "判定不能", "—"] {
        assert!(drawn[0].texts.iter().any(|written| written == text), "{text}");
    }
    for reason in &why {
        assert_eq!(drawn[0].texts.iter().filter(|text| *text == reason).count(), 2, "{reason}");
    }
    let svg = report::strip_svg(&[strip], &Paper::default()).unwrap();
    assert!(svg[0].contains("&lt;変動&gt; &amp; 高度"));
}

#[test]
fn reasons_stand_where_the_band_is_widest_and_the_rest_of_it_points_there() {
    let ticks = ticks(30);
    let why: Vec<String> = (1..=6).map(|number| format!("一過性徐脈の所見その{number}")).collect();
    let span = Span::of_seconds(20 * 60, 30 * 60);
    let (name, actions) = (String::new(), Vec::new());
    let levels = [LevelBand { span, level: Some(2), name, why: why.clone(), actions }];
    let later = LevelBand { span: Span::of_seconds(0, 20 * 60), ..levels[0].clone() };
    let bands = [later, levels[0].clone()];
    let strip = Strip { levels: &bands, ..Strip::bare("", &ticks) };
    let paper = Paper { speed: Speed::OneCmPerMin, scale: Scale::Bpm20PerCm, ..Paper::default() };
    let drawn = drawn(strip, paper);
    assert!(says(&drawn[0], "理由は次頁"), "{:?}", drawn[0].texts);
    assert!(says(&drawn[1], "その1") && says(&drawn[1], "…ほか"));
}

#[test]
fn what_is_recommended_stands_beside_the_reasons_or_below_them_whole_or_not_at_all() {
    let ticks = ticks(10);
    let actions = vec!["医師：B 監視の強化".to_owned(), "助産師：B 連続監視".to_owned()];
    let page = |why: Vec<String>| {
        let (span, name) = (Span::of_seconds(0, 600), String::new());
        let levels = [LevelBand { span, level: Some(3), name, why, actions: actions.clone() }];
        let strip = Strip { levels: &levels, ..Strip::bare("", &ticks) };
        drawn(strip, Paper { speed: Speed::TwoCmPerMin, ..Paper::default() }).remove(0)
    };
    let reasons = |count: usize, text: &str| vec![text.to_owned(); count];
    let has_all = |page: &Page| {
        says(page, "推奨される対応") && actions.iter().all(|action| says(page, action))
    };
    assert!(has_all(&page(reasons(1, "短い"))));
    // Short reasons leave the right half free, however many.
    assert!(has_all(&page(reasons(6, "短い"))));
    let long = "長い理由".repeat(15);
    assert!(has_all(&page(reasons(2, &long))));
    let full = page(reasons(7, &long));
    assert!(!says(&full, "推奨される対応") && !says(&full, "医師："), "{:?}", full.texts);
}

#[test]
fn a_page_without_a_level_says_so() {
    let ticks = ticks(1);
    assert!(says(&drawn(Strip::bare("", &ticks), Paper::default())[0], "この頁に判定なし"));
}

#[test]
fn other_findings_are_named_as_well() {
    let ticks = ticks(8);
    let acceleration = Acceleration {
        span: Span::of_seconds(200, 330),
        peak: 900,
        peak_bpm: 165.0,
        height_bpm: 25.0,
        is_prolonged: true,
        profiles: Profiles { definition: true, expert: true },
        likelihood: 0.9,
    };
    let artefact =
        Artefact { span: Span::of_seconds(360, 420), kind: ArtefactKind::MaternalCoincidence };
    let contraction = Contraction { span: Span::of_seconds(60, 132), peak: 400, height: 40.0 };
    let strip = Strip {
        accelerations: &[acceleration],
        artefacts: &[artefact],
        contractions: &[contraction],
        ..Strip::bare("", &ticks)
    };
    let page = &drawn(strip, Paper::default())[0];
    for text in ["A 遷延", "母体心拍と一致", "72 s"] {
        assert!(page.texts.iter().any(|written| written == text), "{text}");
    }
}

#[test]
fn a_letter_that_the_font_lacks_is_seen_to_be_missing() {
    let ticks = ticks(1);
    let page = &drawn(Strip::bare("記録 🍼 1", &ticks), Paper::default())[0];
    assert!(says(page, "記録 〓 1"));
    let svg = report::strip_svg(&[Strip::bare("記録 🍼 1", &ticks)], &Paper::default()).unwrap();
    assert!(svg[0].contains('🍼'), "a viewer of SVG may have it");
}
