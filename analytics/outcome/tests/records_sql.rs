//! What the analysis published and people judged, asked with the real command.

#![allow(clippy::unwrap_used, reason = "a helper that fails shall fail its test")]

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use protocol::Publication;
use protocol::analysis::{
    Assessment, AssessmentFlags, AssessmentSpan, Body, Condition, ConditionKind, Fetus, Figo,
    Finding, FindingKind, JudgeRole, Judgement, Nichd, Profiles, Severity, State, Unclassifiable,
    VariabilityGrade, Why, WhyCode,
};
use serde_json::{Value, json};
use store::{Store, StoreOptions, StoredRecord};
use vitals::{BridgeId, DeviceId, EpisodeId, WallTime};

/// 2026-01-01T00:00:00Z.
const START: WallTime = WallTime(1_767_225_600_000_000);
const EPISODE: u128 = 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef;

#[test]
fn findings_have_units_words_and_a_last_revision() {
    let mut records = Records::new();
    let early = Finding { kind: FindingKind::DecelerationEarly, severity: None, ..late() };
    records.append(&[record(1, 1, State::Provisional, Body::Finding(early))]);
    records.seal();
    records.append(&[record(1, 2, State::Final, Body::Finding(late()))]);
    records.append(&[record(77, 1, State::Final, Body::Finding(contraction()))]);
    let rows = records.json("SELECT * FROM findings ORDER BY id, revision");
    assert_eq!(rows.len(), 3, "every revision is a row");
    let current: Vec<_> = rows.iter().map(|row| row["is_current"].clone()).collect();
    assert_eq!(current, [false, true, true].map(Value::from));
    assert_eq!(
        (&rows[0]["kind"], &rows[0]["severity"]),
        (&json!("early deceleration"), &json!(null))
    );
    let row = &rows[1];
    for (column, value) in [
        ("episode", json!("0123456789abcdef0123456789abcdef")),
        ("device", json!("clinic-a/bed-1")),
        ("fetus", json!(1)),
        ("state", json!("final")),
        ("kind", json!("late deceleration")),
        ("severity", json!("severe")),
        ("in_definition", json!(true)),
        ("in_expert", json!(false)),
        ("likelihood", json!(0.87)),
        ("lost", json!(0.03)),
        ("from_at", json!("2026-01-01T00:00:00Z")),
        ("to_at", json!("2026-01-01T00:01:02.500Z")),
        ("seconds", json!(62.5)),
        ("extreme_bpm", json!(118.25)),
        ("depth_bpm", json!(22.0)),
        ("height", json!(null)),
        ("fall_s", json!(35.0)),
        ("area_bpm_s", json!(1_020)),
        ("lag_s", json!(-1.5)),
        ("contraction", json!(77)),
    ] {
        assert_eq!(row[column], value, "{column}");
    }
    assert_eq!((&rows[2]["height"], &rows[2]["extreme_bpm"]), (&json!(55.5), &json!(null)));
}

#[test]
fn a_withdrawn_finding_is_not_current() {
    let mut records = Records::new();
    records.append(&[record(1, 1, State::Provisional, Body::Finding(late()))]);
    records.append(&[record(1, 2, State::Withdrawn, Body::Finding(late()))]);
    let rows = records.json("SELECT count(*) AS n FROM findings WHERE is_current");
    assert_eq!(rows, [json!({ "n": 0 })]);
}

#[test]
fn an_assessment_names_its_level_its_reasons_and_its_table() {
    let mut records = Records::new();
    records.append(&[
        record(3, 1, State::Final, Body::Assessment(graded())),
        record(4, 1, State::Final, Body::Assessment(lost())),
    ]);
    for sealed in [false, true] {
        if sealed {
            records.seal();
        }
        let rows = records.json("SELECT * FROM assessments ORDER BY id");
        for (column, value) in [
            ("span", json!("block")),
            ("jsog", json!(3)),
            ("jsog_shown", json!(4)),
            ("unclassifiable", json!(null)),
            ("figo", json!("suspicious")),
            ("nichd", json!("II")),
            ("nst", json!(null)),
            ("variability", json!("decreased")),
            ("baseline_bpm", json!(145)),
            ("baseline_raw_bpm", json!(144.75)),
            ("bandwidth_bpm", json!(4.5)),
            ("stv_ms", json!(4.12)),
            ("ltv_ms", json!(null)),
            ("contractions", json!(3.5)),
            ("baseline_age_s", json!(240)),
            ("baseline_carried", json!(true)),
            ("table_unreviewed", json!(true)),
            ("to_be_checked", json!(false)),
            ("why", json!("late severe #1 472; baseline 145; no deceleration")),
            ("table_version", json!("jsog-2010/2023")),
            ("table_hash", json!("010203040506070f")),
            ("engine", json!("ubugoe-ctg 0.1")),
        ] {
            assert_eq!(rows[0][column], value, "{column}");
        }
        assert_eq!((&rows[1]["jsog"], &rows[1]["jsog_shown"]), (&json!(null), &json!(null)));
        assert_eq!(rows[1]["unclassifiable"], "signal lost");
        assert_eq!(rows[1]["why"], "");
    }
    let csv = records.text("SELECT id, why FROM assessments ORDER BY id", "csv");
    assert!(csv.starts_with("id,why\n3,late severe #1 472; baseline 145;"), "{csv}");
}

#[test]
fn what_the_machine_says_and_what_people_say_are_joined_but_not_mixed() {
    let mut records = Records::new();
    let judgement = Judgement {
        level: 2,
        role: JudgeRole::Obstetrician,
        from: START,
        to: after(600.0),
        at: after(640.0),
        account: "sato".into(),
        reason: "体位変換後".into(),
    };
    let kind = ConditionKind::Level3;
    let condition = Condition { kind, is_active: true, since: after(600.0), value: 3 };
    records.append(&[
        record(3, 1, State::Final, Body::Assessment(graded())),
        record(9, 1, State::Final, Body::Judgement(judgement)),
        record(5, 1, State::Final, Body::Condition(condition)),
    ]);
    let sql = "SELECT jsog, level, account, role, reason FROM assessments a JOIN judgements j \
               ON a.device = j.device AND a.from_at = j.from_at";
    let joined = json!({
        "jsog": 3, "level": 2, "account": "sato", "role": "obstetrician", "reason": "体位変換後"
    });
    assert_eq!(records.json(sql), [joined]);
    let rows = records.json("SELECT kind, is_active, since, value, is_current FROM conditions");
    let condition = json!({
        "kind": "level 3", "is_active": true, "since": "2026-01-01T00:10:00Z", "value": 3,
        "is_current": true
    });
    assert_eq!(rows, [condition]);
}

/// A store with records.
struct Records {
    dir: tempfile::TempDir,
    store: Store,
}

impl Records {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options =
            StoreOptions { seal_records_after: Duration::from_secs(60), ..StoreOptions::default() };
        let (store, _) = Store::open(dir.path(), options).unwrap();
        Self { dir, store }
    }

    fn append(&mut self, records: &[StoredRecord]) {
        self.store.append_records(&mut records.to_vec()).unwrap();
    }

    fn seal(&mut self) {
        while let Some(job) = self.store.seal_due(after(7_200.0)) {
            self.store.adopt(job.run().unwrap()).unwrap();
        }
    }

    fn text(&self, sql: &str, format: &str) -> String {
        let output = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_ubugoe-outcome")))
            .args(["sql", sql, "--format", format, "--data"])
            .arg(self.dir.path())
            .output()
            .unwrap();
        let problem = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{sql}: {problem}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, sql: &str) -> Vec<Value> {
        self.text(sql, "json").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn after(seconds: f64) -> WallTime {
    START.plus_micros((seconds * 1e6) as i64)
}

fn record(id: u64, revision: u32, state: State, body: Body) -> StoredRecord {
    let episode = EpisodeId::from_u128(EPISODE);
    StoredRecord {
        bridge: BridgeId::new("clinic-a").unwrap(),
        device: DeviceId::new("bed-1").unwrap(),
        received_at: after(1_000.0 + f64::from(revision)),
        publication: Publication { episode, fetus: Fetus::First, state, revision, id, body },
    }
}

fn late() -> Finding {
    Finding {
        kind: FindingKind::DecelerationLate,
        severity: Some(Severity::Severe),
        profiles: Profiles::DEFINITION,
        likelihood_percent: 87,
        lost_percent: 3,
        value: Some(473),
        depth_quarters: Some(88),
        fall_ticks: Some(140),
        area_bpm_s: 1_020,
        from: START,
        to: after(62.5),
        extreme_at: after(35.0),
        lag_ms: Some(-1_500),
        contraction: Some(77),
    }
}

fn contraction() -> Finding {
    Finding {
        kind: FindingKind::Contraction,
        severity: None,
        profiles: Profiles::NONE,
        value: Some(111),
        depth_quarters: None,
        fall_ticks: None,
        lag_ms: None,
        contraction: None,
        ..late()
    }
}

fn graded() -> Assessment {
    Assessment {
        span: AssessmentSpan::Block,
        jsog: Ok(3),
        jsog_shown: Some(4),
        figo: Some(Figo::Suspicious),
        nichd: Some(Nichd::II),
        nst: None,
        variability: Some(VariabilityGrade::Decreased),
        flags: AssessmentFlags::BASELINE_CARRIED.with(AssessmentFlags::TABLE_UNREVIEWED),
        lost_percent: 21,
        from: START,
        to: after(600.0),
        baseline_bpm: Some(145),
        baseline_quarters: Some(579),
        bandwidth_quarters: Some(18),
        stv_centims: Some(412),
        ltv_centims: None,
        contractions_tenths: Some(35),
        baseline_age_s: 240,
        variability_age_s: 0,
        table_hash: [1, 2, 3, 4, 5, 6, 7, 15],
        table_version: "jsog-2010/2023".into(),
        engine: "ubugoe-ctg 0.1".into(),
        why: vec![
            Why { code: WhyCode::LATE_SEVERE, finding: Some(1), value: 472 },
            Why { code: WhyCode::BASELINE, finding: None, value: 145 },
            Why { code: WhyCode::NO_DECELERATION, finding: None, value: 0 },
        ],
    }
}

fn lost() -> Assessment {
    Assessment { jsog: Err(Unclassifiable::Lost), jsog_shown: None, why: Vec::new(), ..graded() }
}
