//! One example of every record and frame of the analysis, byte for byte, beside `golden.rs`.
//!
//! `UBUGOE_BLESS=1` writes them anew; the change then shows in the commit.

#![allow(clippy::unwrap_used, reason = "a helper that fails shall fail its test")]

use protocol::analysis::{
    Assessment, AssessmentFlags, AssessmentSpan, Baseline, Body, Condition, ConditionKind, Fetus,
    Figo, Finding, FindingKind, JudgeRole, Judgement, Nichd, Nst, Profiles, Publication, Severity,
    State, Unclassifiable, VariabilityGrade, Why, WhyCode,
};
use protocol::analyst::{AnalystFrame, PublishFrame, encode_alive, put_framed, take_framed};
use protocol::feed::{
    AnalysisFrame, AnalystState, FRAME_BYTES_MAX, FeedFrame, Judge, RecordEntry, SetMarks,
    TrackNumber, Watch, encode_analyst,
};
use vitals::{EpisodeId, WallTime};

#[path = "golden/file.rs"]
mod file;
use file::golden;

const NOW: WallTime = WallTime(1_795_392_000_250_000);
const EPISODE: EpisodeId = EpisodeId::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff);

#[test]
fn every_record_is_as_its_table_says() {
    for (name, publication, len) in [
        ("publication_finding", publication(Body::Finding(late())), 88),
        ("publication_contraction", publication(Body::Finding(contraction())), 88),
        ("publication_assessment", publication(Body::Assessment(graded())), 84 + 15 + 15 + 1 + 39),
        ("publication_not_classifiable", publication(Body::Assessment(lost())), 84 + 15 + 15 + 14),
        ("publication_baseline", publication(Body::Baseline(baseline())), 46 + 6),
        ("publication_condition", publication(Body::Condition(condition())), 48),
        ("publication_judgement", publication(Body::Judgement(judgement())), 60 + 9 + 1 + 15),
    ] {
        let bytes = publication.to_bytes();
        golden(name, &bytes);
        assert_eq!(bytes.len(), len, "{name}");
        assert_eq!(Publication::decode(&bytes).unwrap(), publication, "{name}");
        for cut in 0..bytes.len() {
            assert!(Publication::decode(&bytes[..cut]).is_err(), "{name} cut at {cut}");
        }
    }
}

#[test]
fn the_frames_of_the_analysis_are_as_recorded() {
    let late = publication(Body::Finding(late())).to_bytes();
    let condition = publication(Body::Condition(condition())).to_bytes();
    let entries = [
        RecordEntry { track: TrackNumber(3), record: &late },
        RecordEntry { track: TrackNumber(4), record: &condition },
    ];
    let marks = SetMarks::BEGINS.with(SetMarks::ENDS);
    let mut frame = AnalysisFrame::new(NOW);
    assert!(entries.iter().all(|entry| frame.push(entry)));
    let bytes = frame.into_bytes(marks);
    golden("analysis", &bytes);
    let read = FeedFrame::decode(&bytes).unwrap();
    assert_eq!(read, FeedFrame::Analysis { now: NOW, marks, entries: entries.to_vec() });

    for (name, state) in
        [("analyst_absent", AnalystState::Absent), ("analyst_present", AnalystState::Present)]
    {
        let since = WallTime(NOW.0 - 6_000_000);
        let bytes = encode_analyst(NOW, state, since);
        golden(name, &bytes);
        assert_eq!(
            FeedFrame::decode(&bytes).unwrap(),
            FeedFrame::Analyst { now: NOW, state, since }
        );
    }

    let mut publish = PublishFrame::default();
    assert!(entries.iter().all(|entry| publish.push(entry)));
    let bytes = publish.into_bytes();
    golden("publish", &bytes);
    assert_eq!(AnalystFrame::decode(&bytes).unwrap(), AnalystFrame::Publish(entries.to_vec()));

    let bytes = encode_alive(NOW);
    golden("alive", &bytes);
    assert_eq!(AnalystFrame::decode(&bytes).unwrap(), AnalystFrame::Alive { now: NOW });

    let watch = Watch { history_seconds: 600, tracks: vec![TrackNumber(3)] };
    assert_eq!(AnalystFrame::decode(&watch.to_bytes()).unwrap(), AnalystFrame::Watch(watch));
}

#[test]
fn a_judge_frame_is_as_recorded() {
    let judge = Judge {
        track: TrackNumber(3),
        episode: EPISODE,
        fetus: Fetus::First,
        level: 2,
        from: WallTime(NOW.0 - 600_000_000),
        to: NOW,
        reason: "体位変換後".into(),
    };
    let bytes = judge.to_bytes();
    golden("judge", &bytes);
    assert_eq!(Judge::decode(&bytes).unwrap(), judge);
    assert!(Judge::is_meant(&bytes));
    for level in [0, 6] {
        let mut wrong = bytes.clone();
        wrong[20] = level;
        assert!(Judge::decode(&wrong).is_err(), "level {level}");
    }
}

#[test]
fn a_frame_behind_its_length_comes_out_whole_or_not_yet() {
    let alive = encode_alive(NOW);
    let mut stream = Vec::new();
    put_framed(&mut stream, &alive);
    put_framed(&mut stream, &alive);
    assert_eq!(take_framed(&stream).unwrap(), Some((&alive[..], alive.len() + 2)));
    for cut in 0..alive.len() + 2 {
        assert_eq!(take_framed(&stream[..cut]).unwrap(), None, "cut at {cut}");
    }
    assert!(take_framed(&[0, 0]).is_err(), "an empty frame is none");
    let long = u16::try_from(FRAME_BYTES_MAX + 1).unwrap().to_le_bytes();
    assert!(take_framed(&long).is_err(), "a frame that no wall could carry");
}

#[test]
fn codes_and_words_go_both_ways_and_are_used_once() {
    for kind in FindingKind::ALL {
        assert_eq!(FindingKind::from_code(kind.code()), Some(*kind));
    }
    let mut words: Vec<_> = (0..=255).map(|code| WhyCode(code).word()).collect();
    words.retain(|word| *word != "reserved");
    let named = words.len();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), named, "two reasons share a word");
    assert_eq!(named, 35);
}

fn publication(body: Body) -> Publication {
    Publication {
        episode: EPISODE,
        fetus: Fetus::First,
        state: State::Provisional,
        revision: 2,
        id: 0x0102_0304_0506_0708,
        body,
    }
}

fn late() -> Finding {
    Finding {
        kind: FindingKind::DecelerationLate,
        severity: Some(Severity::Severe),
        profiles: Profiles::DEFINITION.with(Profiles::EXPERT),
        likelihood_percent: 87,
        lost_percent: 3,
        value: Some(4 * 118),
        depth_quarters: Some(4 * 22 + 1),
        fall_ticks: Some(140),
        area_bpm_s: 1_020,
        from: WallTime(NOW.0 - 90_000_000),
        to: WallTime(NOW.0 - 10_000_000),
        extreme_at: WallTime(NOW.0 - 50_000_000),
        lag_ms: Some(24_500),
        contraction: Some(77),
    }
}

fn contraction() -> Finding {
    Finding {
        kind: FindingKind::Contraction,
        severity: None,
        profiles: Profiles::NONE,
        likelihood_percent: 100,
        lost_percent: 0,
        value: Some(2 * 55),
        depth_quarters: None,
        fall_ticks: None,
        area_bpm_s: 0,
        lag_ms: None,
        contraction: None,
        ..late()
    }
}

fn graded() -> Assessment {
    Assessment {
        span: AssessmentSpan::Rolling,
        jsog: Ok(3),
        jsog_shown: Some(4),
        figo: Some(Figo::Suspicious),
        nichd: Some(Nichd::II),
        nst: Some(Nst::NotYet),
        variability: Some(VariabilityGrade::Decreased),
        flags: AssessmentFlags::BASELINE_CARRIED.with(AssessmentFlags::TABLE_UNREVIEWED),
        lost_percent: 21,
        from: WallTime(NOW.0 - 600_000_000),
        to: NOW,
        baseline_bpm: Some(145),
        baseline_quarters: Some(4 * 144 + 3),
        bandwidth_quarters: Some(4 * 4 + 2),
        stv_centims: Some(412),
        ltv_centims: Some(3_050),
        contractions_tenths: Some(35),
        baseline_age_s: 240,
        variability_age_s: 0,
        table_hash: [1, 2, 3, 4, 5, 6, 7, 8],
        table_version: "jsog-2010/2023".into(),
        engine: "ubugoe-ctg 0.1".into(),
        why: vec![
            Why {
                code: WhyCode::LATE_SEVERE,
                finding: Some(0x0102_0304_0506_0708),
                value: 4 * 118,
            },
            Why { code: WhyCode::VARIABILITY, finding: None, value: 18 },
            Why { code: WhyCode::BASELINE_CARRIED, finding: None, value: 240 },
        ],
    }
}

fn lost() -> Assessment {
    Assessment {
        span: AssessmentSpan::Block,
        jsog: Err(Unclassifiable::Lost),
        jsog_shown: None,
        figo: None,
        nichd: None,
        nst: None,
        variability: None,
        flags: AssessmentFlags::CAUTION_LOSS.with(AssessmentFlags::NO_UTERINE_ACTIVITY),
        lost_percent: 63,
        baseline_bpm: None,
        baseline_quarters: None,
        bandwidth_quarters: None,
        stv_centims: None,
        ltv_centims: None,
        contractions_tenths: None,
        baseline_age_s: 0,
        why: vec![Why { code: WhyCode::SIGNAL_LOST, finding: None, value: 63 }],
        ..graded()
    }
}

fn baseline() -> Baseline {
    Baseline { from: NOW, step_ms: 2_500, values: vec![Some(560), None, Some(564)] }
}

fn condition() -> Condition {
    Condition { kind: ConditionKind::Bradycardia, is_active: true, since: NOW, value: 95 }
}

fn judgement() -> Judgement {
    Judgement {
        level: 2,
        role: JudgeRole::Midwife,
        from: WallTime(NOW.0 - 600_000_000),
        to: NOW,
        at: WallTime(NOW.0 + 5_000_000),
        account: "suzuki-1".into(),
        reason: "体位変換後".into(),
    }
}
