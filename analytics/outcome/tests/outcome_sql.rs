//! The real command over a store that the real writer wrote.

#![allow(clippy::unwrap_used, reason = "a helper that fails shall fail its test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use protocol::Block;
use serde_json::Value;
use store::{Store, StoreOptions, StoredBlock};
use vitals::{
    Absence, Activity, ActivityTransducer, Bpm, BridgeId, DeviceId, DeviceTick, EpisodeId, Flags,
    HeartTransducer, Movement, Quality, Reading, Second, Transducers, WallTime,
};

/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600_000_000;
const EPISODE: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn every_sample_comes_out_as_it_went_in_hot_sealed_and_both() {
    let recording = Recording::new();
    let hot = recording.json("SELECT * FROM samples ORDER BY device, seq, tick", &[]);
    check_samples(&hot, &recording.blocks);
    let mut recording = recording;
    recording.seal();
    let sealed = recording.json("SELECT * FROM samples ORDER BY device, seq, tick", &[]);
    assert_eq!(hot, sealed);
    recording.append(20..25);
    let both = recording.json("SELECT * FROM samples ORDER BY device, seq, tick", &[]);
    check_samples(&both, &recording.blocks);
}

#[test]
fn the_store_is_found_in_the_data_directory_of_a_server() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("store"));
    store.append(&[block("bed-1", 0)]).unwrap();
    let found = run(dir.path(), "SELECT count(*) AS n FROM samples", &["--format", "csv"]);
    assert_eq!(text(&found.stdout), "n\n4\n");
}

#[test]
fn averages_do_not_count_what_was_not_measured() {
    let recording = Recording::new();
    let rows = recording.json(
        "SELECT count(*) AS n, count(fhr1_bpm) AS measured, avg(fhr1_bpm) AS mean, min(fhr1_bpm) AS low FROM samples WHERE device = 'clinic-a/bed-1'",
        &[],
    );
    let values: Vec<f64> = recording
        .blocks
        .iter()
        .filter(|stored| stored.block.device.as_str() == "bed-1")
        .flat_map(|stored| stored.block.second.fhr1)
        .filter_map(|reading| reading.value().map(|bpm| f64::from(bpm.bpm())))
        .collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    assert_eq!(rows[0]["n"], 80);
    assert_eq!(rows[0]["measured"], values.len());
    assert!((rows[0]["mean"].as_f64().unwrap() - mean).abs() < 1e-9);
    assert!(rows[0]["low"].as_f64().unwrap() > 0.0);
}

#[test]
fn blocks_tell_times_transducers_and_flags() {
    let recording = Recording::new();
    let rows =
        recording.json("SELECT * FROM blocks WHERE device = 'clinic-a/bed-2' AND seq = 3", &[]);
    let [row] = rows.as_slice() else { panic!("one block: {rows:?}") };
    assert_eq!(row["episode"], EPISODE);
    assert_eq!(row["at"], "2026-01-01T00:00:03Z");
    assert_eq!(row["built_at"], "2026-01-01T00:00:04.100Z");
    assert_eq!(row["latency_ms"], 25.5);
    assert_eq!(row["fhr1_transducer"], "ultrasound");
    assert_eq!(row["fhr2_transducer"], "none");
    assert_eq!(row["mhr_transducer"], "maternal ECG");
    assert_eq!(row["ua_transducer"], "intra-uterine");
    assert_eq!(row["event_mark"], true);
    assert_eq!(row["coincidence"], false);
    assert_eq!(row["movement_profile"], true);
    let checksum = recording.blocks.iter().find(|stored| stored.block.seq == 3).unwrap();
    assert!(row["checksum"].is_u64() && checksum.checksum != 0);
}

#[test]
fn episodes_tell_length_loss_and_gaps() {
    let mut recording = Recording::new();
    recording.seal();
    recording.append(30..40);
    let rows = recording.json("SELECT * FROM episodes ORDER BY device", &[]);
    assert_eq!(rows.len(), 2);
    let row = &rows[0];
    assert_eq!(row["device"], "clinic-a/bed-1");
    assert_eq!((&row["seconds"], &row["samples"]), (&30.into(), &120.into()));
    assert_eq!(row["first_at"], "2026-01-01T00:00:00Z");
    assert_eq!(row["last_at"], "2026-01-01T00:00:39.750Z");
    assert_eq!((&row["gaps"], &row["gap_seconds"]), (&1.into(), &10.0.into()));
    assert_eq!(row["fhr2_absent"], 1.0);
    assert_eq!(row["ua_absent"], 0.0);
    assert_eq!(row["fhr1_absent"], 0.25);
}

#[test]
fn all_formats_carry_the_same_rows() {
    let mut recording = Recording::new();
    recording.seal();
    recording.append(20..21);
    let sql = "SELECT at, device, fhr1_bpm, fhr1_absence, ua FROM samples WHERE seq IN (4, 20) ORDER BY device, at";
    let csv = text(&recording.run(sql, &["--format", "csv"]).stdout);
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines[0], "at,device,fhr1_bpm,fhr1_absence,ua");
    assert_eq!(lines[1], "2026-01-01T00:00:04Z,clinic-a/bed-1,,blank,4.0");
    assert_eq!(lines[2], "2026-01-01T00:00:04.250Z,clinic-a/bed-1,141.25,,4.5");
    assert_eq!(lines.len(), 17);
    let table = text(&recording.run(sql, &["--format", "table"]).stdout);
    assert!(table.contains("2026-01-01T00:00:04Z      clinic-a/bed-1      NULL  blank"), "{table}");
    assert!(table.ends_with("(16 rows)\n"), "{table}");
    let json = recording.json(sql, &[]);
    assert_eq!(json.len(), 16);
    assert_eq!(json[0]["fhr1_bpm"], Value::Null);
    assert!(json[0].as_object().unwrap().contains_key("fhr1_bpm"), "absent is said, not left out");

    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("strip.parquet");
    let done = recording.run(sql, &["--out", out.to_str().unwrap()]);
    assert!(done.status.success() && done.stdout.is_empty());
    let bytes = fs::read(&out).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    let reader = datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(
        fs::File::open(&out).unwrap(),
    );
    let rows: usize = reader.unwrap().build().unwrap().map(|rows| rows.unwrap().num_rows()).sum();
    assert_eq!(rows, 16);
    let out = folder.path().join("strip.csv");
    recording.run(sql, &["--out", out.to_str().unwrap()]);
    assert_eq!(fs::read_to_string(&out).unwrap(), csv);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing unfinished stays");
}

#[test]
fn an_empty_answer_still_has_its_header() {
    let recording = Recording::new();
    let sql = "SELECT at, ua FROM samples WHERE device = 'nowhere/none'";
    assert_eq!(text(&recording.run(sql, &["--format", "csv"]).stdout), "at,ua\n");
    assert!(text(&recording.run(sql, &["--format", "table"]).stdout).ends_with("(0 rows)\n"));
}

#[test]
fn wrong_questions_are_answered_in_plain_words() {
    let recording = Recording::new();
    let check = |sql: &str, code: i32, words: &[&str]| {
        let output = recording.run(sql, &[]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{sql}: {said}");
        assert!(output.stdout.is_empty(), "{sql}");
        for word in words {
            assert!(said.contains(word), "{sql}: {said}");
        }
    };
    check("SELECT fhr FROM samples", 2, &["no column \"fhr\"", "fhr1_bpm"]);
    check("SELECT * FROM strips", 2, &["no table \"strips\"", "samples, blocks, episodes"]);
    check("SELEC 1", 2, &["not SQL"]);
    check("SELECT 1; SELECT 2", 2, &["single SELECT"]);
    for change in [
        "DROP TABLE samples",
        "CREATE TABLE t AS SELECT 1",
        "INSERT INTO samples VALUES (1)",
        "COPY samples TO '/tmp/stolen.parquet'",
        "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'",
        "SET datafusion.execution.batch_size = 1",
    ] {
        check(change, 2, &["error: "]);
    }
    check("SELECT * FROM '/etc/passwd'", 2, &["no table"]);
    check("SELECT 1 / (seq - seq) FROM samples", 1, &["the query failed"]);
}

#[test]
fn no_data_directory_is_said_as_such() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), "SELECT 1", &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("no recordings in"), "{}", text(&output.stderr));
    let output = Command::new(env!("CARGO_BIN_EXE_ubugoe-outcome")).arg("sql").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "wrong arguments");
}

#[test]
fn a_file_that_is_not_parquet_is_named_and_the_rest_answered() {
    let mut recording = Recording::new();
    recording.seal();
    recording.append(20..30);
    recording.seal();
    let first = recording.dir.path().join("sealed/00000001.parquet");
    let whole = fs::read(&first).unwrap();
    fs::write(&first, "a letter").unwrap();
    let output = recording.run("SELECT count(*) AS n FROM blocks", &["--format", "csv"]);
    assert!(output.status.success());
    assert_eq!(text(&output.stdout), "n\n20\n");
    let said = text(&output.stderr);
    assert!(said.contains("00000001.parquet") && said.contains("not a Parquet file"), "{said}");

    // Damage inside a page shows only when it is read; then the file is named.
    let mut damaged = whole.clone();
    damaged[40..140].fill(0xa5);
    fs::write(&first, &damaged).unwrap();
    let output = recording.run("SELECT * FROM samples", &["--format", "csv"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("--without") && said.contains("00000001.parquet"), "{said}");
    let without = ["--format", "csv", "--without", first.to_str().unwrap()];
    let output = recording.run("SELECT count(*) AS n FROM blocks", &without);
    assert_eq!(text(&output.stdout), "n\n20\n");
    let check = |code| {
        let output = Command::new(env!("CARGO_BIN_EXE_ubugoe-outcome"))
            .args(["check", "--data"])
            .arg(recording.dir.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        text(&output.stderr)
    };
    assert!(check(1).contains("00000001.parquet"));
    fs::write(&first, whole).unwrap();
    check(0);
}

#[test]
fn the_tables_command_names_every_column_there_is() {
    let recording = Recording::new();
    let output = Command::new(env!("CARGO_BIN_EXE_ubugoe-outcome")).arg("tables").output().unwrap();
    assert!(output.status.success() && text(&output.stdout).contains("beats per minute"));
    for table in &outcome::tables::TABLES {
        let sql = format!("SELECT * FROM {}", table.name);
        let csv = text(&recording.run(&sql, &["--format", "csv"]).stdout);
        let mut columns: Vec<_> = csv.lines().next().unwrap().split(',').collect();
        let mut described: Vec<_> =
            table.columns.iter().flat_map(|column| column.names.iter().copied()).collect();
        columns.sort_unstable();
        described.sort_unstable();
        assert_eq!(columns, described, "{}", table.name);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let recording = Recording::new();
    let mut child = command(
        recording.dir.path(),
        "SELECT * FROM samples a CROSS JOIN samples b CROSS JOIN (SELECT seq FROM blocks) c",
        &["--format", "csv"],
    )
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

/// Checks rows, ordered by device, seq and tick, against the blocks that were stored.
fn check_samples(rows: &[Value], blocks: &[StoredBlock]) {
    let mut blocks = blocks.to_vec();
    blocks.sort_by_key(|stored| (stored.block.device, stored.block.seq));
    assert_eq!(rows.len(), blocks.len() * 4);
    for (rows, stored) in rows.chunks(4).zip(&blocks) {
        let second = &stored.block.second;
        for (tick, row) in rows.iter().enumerate() {
            assert_eq!(row["device"], format!("clinic-a/{}", stored.block.device));
            assert_eq!(row["seq"], stored.block.seq);
            assert_eq!(row["tick"], stored.block.tick.0 + tick as u64);
            assert_eq!(row["episode"], EPISODE);
            for (name, readings) in
                [("fhr1", &second.fhr1), ("fhr2", &second.fhr2), ("mhr", &second.mhr)]
            {
                let bpm = |bpm: Bpm| f64::from(bpm.bpm());
                check_reading(row, (name, &format!("{name}_bpm")), &readings[tick], bpm);
            }
            check_reading(row, ("ua", "ua"), &second.ua[tick], |ua| f64::from(ua.units()));
            assert_eq!(row["movement"], second.movement[tick].is_moving());
            assert_eq!(row["event_mark"], true);
        }
    }
}

fn check_reading<V: Copy>(
    row: &Value,
    (channel, value): (&str, &str),
    reading: &Reading<V>,
    number: impl Fn(V) -> f64,
) {
    let word = |word: Option<&'static str>| word.map_or(Value::Null, Value::from);
    assert_eq!(row[value].as_f64(), reading.value().map(number), "{value}: {row}");
    let quality = word(reading.quality().map(Quality::word));
    assert_eq!(row[format!("{channel}_quality")], quality);
    let absence = word(reading.absence().map(Absence::word));
    assert_eq!(row[format!("{channel}_absence")], absence);
}

/// A store with two beds and what went into it.
struct Recording {
    dir: tempfile::TempDir,
    store: Store,
    blocks: Vec<StoredBlock>,
}

impl Recording {
    /// Twenty seconds, hot.
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        let mut recording = Self { dir, store, blocks: Vec::new() };
        recording.append(0..20);
        recording
    }

    fn append(&mut self, seconds: std::ops::Range<u64>) {
        for seq in seconds {
            let batch = [block("bed-2", seq), block("bed-1", seq)];
            self.store.append(&batch).unwrap();
            self.blocks.extend(batch);
        }
    }

    fn seal(&mut self) {
        let job = self.store.seal_due(WallTime(START).plus_micros(3_600_000_000)).unwrap();
        self.store.adopt(job.run().unwrap()).unwrap();
    }

    fn run(&self, sql: &str, more: &[&str]) -> Output {
        run(self.dir.path(), sql, more)
    }

    fn json(&self, sql: &str, more: &[&str]) -> Vec<Value> {
        let output = self.run(sql, &[&["--format", "json"], more].concat());
        assert!(output.status.success(), "{sql}: {}", text(&output.stderr));
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn open(dir: &Path) -> Store {
    let options = StoreOptions { seal_after: Duration::from_secs(60), ..StoreOptions::default() };
    Store::open(dir, options).unwrap().0
}

fn command(data: &Path, sql: &str, more: &[&str]) -> Command {
    let mut command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_ubugoe-outcome")));
    command.args(["sql", sql, "--data"]).arg(data).args(more);
    command
}

fn run(data: &Path, sql: &str, more: &[&str]) -> Output {
    command(data, sql, more).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// One second: FHR1 rises by quarters and begins with a blank, FHR2 has no transducer, the
/// mother's rate shows every quality, and UA every half.
fn block(device: &str, seq: u64) -> StoredBlock {
    let at = WallTime(START).plus_micros(i64::try_from(seq).unwrap() * 1_000_000);
    let step = u16::try_from(seq).unwrap();
    let rate = |tick: u16| Reading::Measured {
        value: Bpm::from_quarters(544 + 5 * step + tick).unwrap(),
        quality: Quality::Good,
    };
    let quality = |tick: u8| Reading::Measured {
        value: Bpm::from_quarters(300 + u16::from(tick)).unwrap(),
        quality: Quality::from_code(tick).unwrap(),
    };
    let activity = |tick: u16| Reading::Measured {
        value: Activity::from_halves(u8::try_from(2 * step + tick).unwrap()),
        quality: Quality::Unrated,
    };
    let second = Second {
        fhr1: [Reading::Absent(Absence::Blank), rate(1), rate(2), rate(3)],
        fhr2: [Reading::Absent(Absence::NoTransducer); 4],
        mhr: [0, 1, 2, 3].map(quality),
        ua: [0, 1, 2, 3].map(activity),
        movement: [Movement::NONE, Movement::MOVING, Movement::NONE, Movement::from_bits(2)],
        transducers: Transducers {
            fhr1: HeartTransducer::Ultrasound,
            fhr2: HeartTransducer::None,
            mhr: HeartTransducer::MaternalEcg,
            ua: ActivityTransducer::IntraUterine,
        },
        flags: Flags::EVENT_MARK.with(Flags::MOVEMENT_PROFILE),
    };
    let block = Block {
        device: DeviceId::new(device).unwrap(),
        epoch: 1,
        seq,
        episode: EpisodeId::from_u128(u128::from_str_radix(EPISODE, 16).unwrap()),
        tick: DeviceTick(seq * 4),
        at,
        built_at: at.plus_micros(1_100_000),
        second,
    };
    let checksum = Block::checksum_of(&block.to_bytes()).unwrap();
    let received_at = at.plus_micros(1_125_500);
    StoredBlock { bridge: BridgeId::new("clinic-a").unwrap(), received_at, block, checksum }
}
