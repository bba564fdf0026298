//! Records of the analysis keep the promises that blocks have: what was acknowledged is there
//! after a crash, damage is never taken for data, and every revision stays.

#![allow(clippy::unwrap_used, reason = "a helper that fails shall fail its test")]

mod support;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use arrow::array::{Array, AsArray, BinaryArray, RecordBatch};
use arrow::datatypes::{Int32Type, UInt8Type, UInt16Type, UInt64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use protocol::Publication;
use protocol::analysis::{
    Assessment, AssessmentFlags, AssessmentSpan, Baseline, Body, Condition, ConditionKind, Fetus,
    Figo, Finding, FindingKind, JudgeRole, Judgement, Nichd, Profiles, Severity, State,
    Unclassifiable, VariabilityGrade, Why, WhyCode,
};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use store::{Snapshot, Store, StoreOptions, StoredRecord, TableName};
use support::{after, seal_all};
use vitals::{BridgeId, DeviceId, EpisodeId};

const TABLES: [TableName; 4] =
    [TableName::Findings, TableName::Assessments, TableName::Conditions, TableName::Judgements];

#[test]
fn what_is_published_comes_back_as_rows_hot_and_sealed() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    let all = one_of_each();
    append(&mut store, &all);
    let kept: Vec<_> = all.iter().filter(|record| record.table().is_some()).cloned().collect();
    assert_eq!(kept.len() + 1, all.len(), "a baseline follows from the samples");
    assert_eq!(published(dir.path()), publications(&kept));
    let mut sealed = 0;
    while let Some(job) = store.seal_due(after(3_600)) {
        store.adopt(job.run().unwrap()).unwrap();
        sealed += 1;
    }
    assert_eq!(sealed, TABLES.len());
    assert_eq!(published(dir.path()), publications(&kept));
    for table in TABLES {
        let snapshot = Snapshot::open_table(dir.path(), table).unwrap();
        assert_eq!((snapshot.hot.len(), snapshot.sealed.len()), (0, 1), "{table:?}");
        snapshot.sealed[0].verify().unwrap();
    }
    assert_eq!(Snapshot::open(dir.path()).unwrap().sealed.len(), 0, "they are no samples");
}

#[test]
fn the_columns_say_what_the_record_says() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    append(&mut store, &one_of_each());
    seal_all(&mut store, after(3_600));
    let findings = rows(dir.path(), TableName::Findings).remove(0);
    assert_eq!(column(&findings, "kind").as_primitive::<UInt8Type>().value(0), 0x12);
    assert_eq!(column(&findings, "severity").as_primitive::<UInt8Type>().value(0), 2);
    assert_eq!(column(&findings, "value").as_primitive::<UInt16Type>().value(0), 4 * 118);
    assert_eq!(column(&findings, "lag_ms").as_primitive::<Int32Type>().value(0), 24_000);
    assert_eq!(column(&findings, "contraction").as_primitive::<UInt64Type>().value(0), 77);
    assert!(column(&findings, "fall_ticks").is_null(0));
    let assessments = rows(dir.path(), TableName::Assessments).remove(0);
    assert_eq!(column(&assessments, "jsog").as_primitive::<UInt8Type>().value(0), 3);
    assert!(column(&assessments, "unclassifiable").is_null(0));
    assert!(column(&assessments, "jsog").is_null(1), "what has no level has none");
    assert_eq!(column(&assessments, "unclassifiable").as_primitive::<UInt8Type>().value(1), 1);
    let why = column(&assessments, "why").as_list::<i32>().value(0);
    let why = why.as_struct();
    assert_eq!(why.column(0).as_string::<i32>().value(0), "late severe");
    assert_eq!(why.column(1).as_primitive::<UInt64Type>().value(0), 1);
    assert!(why.column(1).is_null(1));
}

#[test]
fn every_revision_stays_and_a_start_hands_out_the_last() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    for revision in 1..=3 {
        append(&mut store, &[finding(1, revision, i64::from(revision))]);
        seal_all(&mut store, after(100 * i64::from(revision)));
    }
    append(&mut store, &[finding(2, 1, 4), condition(5, 1, 4)]);
    append(&mut store, &[finding(1, 4, 5)]);
    drop(store);
    let (store, found) = Store::open(dir.path(), small()).unwrap();
    assert_eq!(found.records, [finding(2, 1, 4), finding(1, 4, 5), condition(5, 1, 4)]);
    assert_eq!(found.dropped_bytes, 0);
    drop(store);
    assert_eq!(published(dir.path()).len(), 6, "nothing is overwritten");
}

#[test]
fn a_start_hands_out_what_is_recent() {
    let dir = tempfile::tempdir().unwrap();
    let options = StoreOptions {
        recent_records: Duration::from_secs(60),
        recent_states: Duration::from_secs(600),
        recent_records_max: 3,
        ..small()
    };
    let (mut store, _) = Store::open(dir.path(), options.clone()).unwrap();
    let old = [finding(1, 1, 0), condition(1, 1, 0)];
    append(&mut store, &old);
    seal_all(&mut store, after(3_600));
    append(&mut store, &(2..=6).map(|id| finding(id, 1, 100)).collect::<Vec<_>>());
    append(&mut store, &[condition(2, 1, 100)]);
    drop(store);
    let (_, found) = Store::open(dir.path(), options).unwrap();
    let ids: Vec<_> = found.records.iter().map(|record| record.publication.id).collect();
    assert_eq!(ids, [4, 5, 6, 1, 2], "three findings of the last minute, conditions of ten");
}

#[test]
fn a_torn_tail_is_cut_at_any_byte_and_the_rest_kept() {
    let dir = tempfile::tempdir().unwrap();
    let segment = dir.path().join("findings/hot/00000001.arrows");
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    append(&mut store, &[finding(1, 1, 0)]);
    let acknowledged = usize::try_from(fs::metadata(&segment).unwrap().len()).unwrap();
    append(&mut store, &[finding(2, 1, 1)]);
    drop(store);
    let bytes = fs::read(&segment).unwrap();
    for length in (acknowledged..bytes.len()).step_by(37).chain([bytes.len() - 1]) {
        fs::write(&segment, &bytes[..length]).unwrap();
        let (mut store, found) = Store::open(dir.path(), small()).unwrap();
        assert_eq!(found.records, [finding(1, 1, 0)], "cut at {length}");
        assert_eq!(found.dropped_bytes > 0, length > acknowledged, "cut at {length}");
        append(&mut store, &[finding(2, 1, 1)]);
        drop(store);
        assert_eq!(fs::read(&segment).unwrap(), bytes, "it grows on in the same segment");
    }
}

#[test]
fn a_flipped_bit_is_never_a_record_and_what_follows_it_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let segment = dir.path().join("assessments/hot/00000001.arrows");
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    let mut ends = Vec::new();
    for revision in 1..=3 {
        append(&mut store, &[assessment(7, revision, i64::from(revision))]);
        ends.push(usize::try_from(fs::metadata(&segment).unwrap().len()).unwrap());
    }
    drop(store);
    let bytes = fs::read(&segment).unwrap();
    let mut random = SmallRng::seed_from_u64(4712);
    for round in 0..200 {
        let mut damaged = bytes.clone();
        let at = random.random_range(ends[0]..ends[1]);
        damaged[at] ^= 1 << random.random_range(0..8);
        fs::write(&segment, &damaged).unwrap();
        let revisions: Vec<_> = Snapshot::open_table(dir.path(), TableName::Assessments)
            .unwrap()
            .hot
            .iter()
            .flat_map(of_rows)
            .map(|publication| publication.revision)
            .collect();
        assert_eq!(revisions, [1, 3], "seed 4712, round {round}, byte {at}");
    }
}

#[test]
fn a_damaged_sealed_file_is_named_and_the_other_tables_are_used() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(dir.path(), small()).unwrap();
    append(&mut store, &one_of_each());
    seal_all(&mut store, after(3_600));
    drop(store);
    let file = dir.path().join("findings/sealed/00000001.parquet");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let (_, found) = Store::open(dir.path(), small()).unwrap();
    assert_eq!(found.damaged.len(), 1);
    assert_eq!(found.damaged[0].path, file);
    assert!(found.records.iter().all(|record| record.table() != Some(TableName::Findings)));
    assert_eq!(found.records.len(), 4);
}

#[test]
fn a_store_from_before_there_were_records_has_none() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(dir.path(), small()).unwrap();
    drop(store);
    for table in TABLES {
        fs::remove_dir_all(dir.path().join(table.as_str())).unwrap();
        let snapshot = Snapshot::open_table(dir.path(), table).unwrap();
        assert_eq!((snapshot.hot.len(), snapshot.sealed.len()), (0, 0));
        assert_eq!(snapshot.schema, table.schema());
    }
}

/// The child of [`what_was_acknowledged_is_there_after_a_kill`], which does nothing by itself.
#[test]
fn child_that_publishes_until_it_is_killed() {
    let Some(dir) = std::env::var_os("UBUGOE_RECORDS_DIR") else { return };
    let options = StoreOptions { seal_bytes: 20_000, ..small() };
    let (mut store, found) = Store::open(Path::new(&dir), options).unwrap();
    let next = found.records.iter().map(|record| record.publication.id).max().unwrap_or(0) + 1;
    for id in next.. {
        let at = i64::try_from(id).unwrap();
        append(&mut store, &[finding(id, 1, at), condition(id, 1, at)]);
        println!("stored {id}");
        while let Some(job) = store.seal_due(after(at)) {
            store.adopt(job.run().unwrap()).unwrap();
        }
    }
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let mut random = SmallRng::seed_from_u64(4713);
    let mut acknowledged = Vec::new();
    for round in 0..6 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child_that_publishes_until_it_is_killed", "--exact", "--nocapture"])
            .env("UBUGOE_RECORDS_DIR", dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut left = random.random_range(20..120);
        while left > 0 {
            let line = lines.next().expect("the child goes on").unwrap();
            if let Some((_, id)) = line.split_once("stored ") {
                acknowledged.push(id.parse::<u64>().unwrap());
                left -= 1;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let found = published(dir.path());
        for kind in [TableName::Findings, TableName::Conditions] {
            let of_kind: Vec<_> = rows(dir.path(), kind).iter().flat_map(of_rows).collect();
            let ids: BTreeSet<_> = of_kind.iter().map(|publication| publication.id).collect();
            let lost = acknowledged.iter().find(|id| !ids.contains(id));
            assert_eq!(lost, None, "seed 4713, round {round}: {kind:?}");
        }
        assert!(found.windows(2).all(|pair| pair[0] != pair[1]), "one came twice");
    }
}

fn append(store: &mut Store, records: &[StoredRecord]) {
    let mut records = records.to_vec();
    store.append_records(&mut records).unwrap();
    assert!(records.is_empty(), "what is stored is taken out");
}

fn small() -> StoreOptions {
    StoreOptions { seal_records_after: Duration::from_secs(50), ..support::small() }
}

/// The rows of a table, hot and sealed.
fn rows(dir: &Path, table: TableName) -> Vec<RecordBatch> {
    let snapshot = Snapshot::open_table(dir, table).unwrap();
    assert!(snapshot.damaged.is_empty(), "{:?}", snapshot.damaged);
    let mut batches = snapshot.hot;
    for file in &snapshot.sealed {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&file.path).unwrap());
        batches.extend(reader.unwrap().build().unwrap().map(Result::unwrap));
    }
    batches
}

fn of_rows(rows: &RecordBatch) -> Vec<Publication> {
    let records: &BinaryArray = column(rows, "record").as_binary();
    records.iter().map(|bytes| Publication::decode(bytes.unwrap()).unwrap()).collect()
}

fn column<'a>(rows: &'a RecordBatch, name: &str) -> &'a dyn Array {
    rows.column_by_name(name).unwrap()
}

/// Everything that a reader sees, in one order.
fn published(dir: &Path) -> Vec<Vec<u8>> {
    let batches: Vec<_> = TABLES.iter().flat_map(|table| rows(dir, *table)).collect();
    let mut found: Vec<_> =
        batches.iter().flat_map(of_rows).map(|publication| publication.to_bytes()).collect();
    found.sort_unstable();
    found
}

fn publications(records: &[StoredRecord]) -> Vec<Vec<u8>> {
    let mut bytes: Vec<_> = records.iter().map(|r| r.publication.to_bytes()).collect();
    bytes.sort_unstable();
    bytes
}

fn one_of_each() -> Vec<StoredRecord> {
    let baseline = Baseline { from: after(0), step_ms: 2_500, values: vec![Some(560), None] };
    let judgement = Judgement {
        level: 4,
        role: JudgeRole::Doctor,
        from: after(0),
        to: after(600),
        at: after(630),
        account: "sato".into(),
        reason: "体位変換後".into(),
    };
    let mut second_fetus = finding(1, 1, 10);
    second_fetus.publication.fetus = Fetus::Second;
    vec![
        finding(1, 2, 10),
        second_fetus,
        assessment(3, 1, 20),
        record(4, 1, 30, Body::Assessment(lost())),
        condition(5, 1, 40),
        record(6, 1, 50, Body::Judgement(judgement)),
        record(7, 1, 60, Body::Baseline(baseline)),
    ]
}

fn record(id: u64, revision: u32, received_s: i64, body: Body) -> StoredRecord {
    StoredRecord {
        bridge: BridgeId::new("clinic-a").unwrap(),
        device: DeviceId::new("bed-1").unwrap(),
        received_at: after(received_s),
        publication: Publication {
            episode: EpisodeId::from_u128(42),
            fetus: Fetus::First,
            state: State::Final,
            revision,
            id,
            body,
        },
    }
}

fn finding(id: u64, revision: u32, received_s: i64) -> StoredRecord {
    let finding = Finding {
        kind: FindingKind::DecelerationLate,
        severity: Some(Severity::Severe),
        profiles: Profiles::DEFINITION.with(Profiles::EXPERT),
        likelihood_percent: 87,
        lost_percent: 3,
        value: Some(4 * 118),
        depth_quarters: Some(88),
        fall_ticks: None,
        area_bpm_s: 1_020,
        from: after(0),
        to: after(60),
        extreme_at: after(30),
        lag_ms: Some(24_000),
        contraction: Some(77),
    };
    record(id, revision, received_s, Body::Finding(finding))
}

fn condition(id: u64, revision: u32, received_s: i64) -> StoredRecord {
    let kind = ConditionKind::Bradycardia;
    let condition = Condition { kind, is_active: true, since: after(0), value: 95 };
    record(id, revision, received_s, Body::Condition(condition))
}

fn assessment(id: u64, revision: u32, received_s: i64) -> StoredRecord {
    record(id, revision, received_s, Body::Assessment(graded()))
}

fn graded() -> Assessment {
    Assessment {
        span: AssessmentSpan::Rolling,
        jsog: Ok(3),
        jsog_shown: Some(3),
        figo: Some(Figo::Suspicious),
        nichd: Some(Nichd::II),
        nst: None,
        variability: Some(VariabilityGrade::Normal),
        flags: AssessmentFlags::TABLE_UNREVIEWED,
        lost_percent: 2,
        from: after(0),
        to: after(600),
        baseline_bpm: Some(140),
        baseline_quarters: Some(563),
        bandwidth_quarters: Some(48),
        stv_centims: Some(612),
        ltv_centims: None,
        contractions_tenths: Some(35),
        baseline_age_s: 0,
        variability_age_s: 0,
        table_hash: [1, 2, 3, 4, 5, 6, 7, 8],
        table_version: "jsog-2010/2023".into(),
        engine: "ubugoe-ctg 0.1".into(),
        why: vec![
            Why { code: WhyCode::LATE_SEVERE, finding: Some(1), value: 472 },
            Why { code: WhyCode::BASELINE, finding: None, value: 140 },
        ],
    }
}

fn lost() -> Assessment {
    Assessment {
        span: AssessmentSpan::Block,
        jsog: Err(Unclassifiable::Lost),
        jsog_shown: None,
        why: Vec::new(),
        ..graded()
    }
}
