//! The real command over recordings of every origin.

#![allow(clippy::unwrap_used, reason = "a helper that fails shall fail its test")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, ListArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{UInt8Type, UInt16Type};
use datafusion::parquet::arrow::ArrowWriter;
use serde_json::Value;

#[path = "analyse/stored.rs"]
mod stored;
use stored::Stored;

#[test]
fn the_same_strip_gives_the_same_findings_from_every_kind_of_file() {
    let folder = tempfile::tempdir().unwrap();
    let (rates, activities) = strip();
    write_table(&folder.path().join("a.parquet"), &[("7", &rates, &activities)]);
    write_csv(&folder.path().join("7.csv"), &rates, &activities);
    write_wfdb(folder.path(), "7", &rates, &activities);
    let lines = lines(&["--profile", "definition"], &[folder.path()]);
    let [csv, wfdb, table] = lines.as_slice() else { panic!("three lines: {}", lines.len()) };
    assert_eq!(table["record"], "7");
    assert_eq!(without(csv, &["file"]), without(table, &["file"]));
    assert_eq!(without(wfdb, &["file"]), without(table, &["file"]));
}

#[test]
fn a_line_says_what_was_asked_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (rates, activities) = strip();
    let file = folder.path().join("a.csv");
    write_csv(&file, &rates, &activities);
    let whole = one(&[], &file);
    assert_eq!((&whole["record"], &whole["fs_hz"]), (&"a".into(), &4.into()));
    assert_eq!(whole["samples"], rates.len());
    assert_eq!(whole["baseline_bpm"].as_array().unwrap().len(), rates.len());
    assert_eq!(whole["profile"], "expert");
    let lost = rates.iter().filter(|rate| **rate == 0).count() as f64 / rates.len() as f64;
    assert!((whole["signal_loss"].as_f64().unwrap() - lost).abs() < 0.01);
    for name in ["accelerations", "decelerations", "contractions", "assessments"] {
        assert!(whole[name].is_array(), "{name}");
    }
    let shorter = one(&["--no-baseline"], &file);
    assert_eq!(shorter, without(&whole, &["baseline_bpm"]));
    let summary = one(&["--summary"], &file);
    let count = whole["decelerations"].as_array().unwrap().len();
    assert_eq!(summary["decelerations"], count);
    assert!(summary["baseline_bpm"].is_null());
}

#[test]
fn a_bad_file_is_named_and_the_others_are_done() {
    let folder = tempfile::tempdir().unwrap();
    let (rates, activities) = strip();
    let place = |name: &str| folder.path().join(name);
    write_csv(&place("good.csv"), &rates, &activities);
    fs::write(place("words.csv"), "fhr,uc\n140,1\nabc,2\n").unwrap();
    fs::write(place("other.csv"), "id,weight\n1,2\n").unwrap();
    let too_fast = [560, 2048];
    write_table(
        &place("table.parquet"),
        &[("1", &rates, &activities), ("2", &too_fast, &[0, 0]), ("3", &rates, &activities)],
    );
    fs::write(place("cut.parquet"), &fs::read(place("table.parquet")).unwrap()[..900]).unwrap();
    fs::write(place("lonely.hea"), "lonely 1 4 8\nlonely.dat 16 100 12 0 0 0 0 FHR\n").unwrap();
    let names =
        ["words.csv", "other.csv", "table.parquet", "cut.parquet", "lonely.hea", "none.csv"];
    let mut files: Vec<PathBuf> = names.iter().map(|name| place(name)).collect();
    files.push(place("good.csv"));
    let output = analyse(&["--summary"], &files);
    assert_eq!(output.status.code(), Some(1));
    let records: Vec<_> = parsed(&output).iter().map(|line| line["record"].clone()).collect();
    assert_eq!(records, ["1", "3", "good"]);
    let said = text(&output.stderr);
    for expected in [
        "words.csv\" line 3, column 1 (\"fhr\"): \"abc\" is not a number",
        "other.csv\" has no column fhr",
        "table.parquet\" holds 2048 at sample 1 of fhr_q in record \"2\"",
        "cut.parquet\" is not a Parquet file",
        "lonely.dat\" cannot be read",
        "none.csv\" cannot be read",
        "6 of 9 recordings or files could not be analysed",
    ] {
        assert!(said.contains(expected), "\"{expected}\" is missing in: {said}");
    }
}

#[test]
fn a_folder_passes_over_tables_of_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let (rates, activities) = strip();
    write_csv(&folder.path().join("a.csv"), &rates, &activities);
    fs::write(folder.path().join("records.csv"), "record_id,ph\n1,7.2\n").unwrap();
    let output = analyse(&["--summary"], &[folder.path()]);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    assert_eq!(parsed(&output).len(), 1);
    fs::remove_file(folder.path().join("a.csv")).unwrap();
    let output = analyse(&["--summary"], &[folder.path()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("there is no recording"));
    fs::remove_file(folder.path().join("records.csv")).unwrap();
    let output = analyse(&["--summary"], &[folder.path()]);
    assert!(text(&output.stderr).contains("holds no recording: no .parquet, .csv or .hea"));
}

#[test]
fn two_fetal_channels_are_one_fetus_unless_twins_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    let rows: String = (0..2_400).map(|_| "0,140\n").collect();
    fs::write(&file, format!("fhr1,fhr2\n{rows}")).unwrap();
    let merged = one(&[], &file);
    assert_eq!((&merged["signal_loss"], &merged["fetus"]), (&0.into(), &Value::Null));
    let twins = lines(&["--twins"], &[&file]);
    let seen: Vec<_> = twins.iter().map(|it| (&it["fetus"], &it["signal_loss"])).collect();
    assert_eq!(seen, [(&1.into(), &1.into()), (&2.into(), &0.into())]);
}

#[test]
fn a_slower_recording_is_held_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    let rows: String = (0..120).map(|second| format!("{second},140\n")).collect();
    fs::write(&file, format!("seconds,fhr\n{rows}")).unwrap();
    let line = one(&[], &file);
    assert_eq!((&line["source_hz"], &line["fs_hz"]), (&1.into(), &4.into()));
    assert_eq!(line["samples"], 480);
}

#[test]
fn a_store_gives_a_record_for_each_fetus_of_each_episode() {
    let mut stored = Stored::new();
    // Ten minutes of a single fetus and of twins; the bridge of the twins starts anew.
    stored.append("bed-1", 1, 0..300, false);
    stored.append("bed-2", 1, 0..300, true);
    stored.seal();
    stored.append("bed-1", 1, 300..600, false);
    stored.append("bed-2", 2, 310..600, true);
    let lines = lines(&[], &[stored.path()]);
    let seen: Vec<_> = lines
        .iter()
        .map(|line| {
            let record = line["record"].as_str().unwrap();
            (record.rsplit_once('/').unwrap().0, line["fetus"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(seen, [("clinic-a/bed-1", 1), ("clinic-a/bed-2", 1), ("clinic-a/bed-2", 2)]);
    for line in &lines {
        assert!(line["record"].as_str().unwrap().ends_with(stored::EPISODE));
        assert_eq!(line["samples"], 2_400);
        assert_eq!(line["starts_at"], "2026-01-01T00:00:00Z");
        assert_eq!(line["uterus"], "intrauterine");
    }
    assert_eq!(lines[0]["signal_loss"], 0);
    // Ten seconds of six hundred are missing between the two runs.
    assert_eq!(lines[1]["signal_loss"], 0.017);
}

#[test]
fn a_damaged_block_of_a_store_is_named_without_her_number() {
    let mut stored = Stored::new();
    stored.append("bed-1", 1, 0..300, false);
    let sealed = stored.seal();
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy.parquet");
    fs::copy(&sealed, &copy).unwrap();
    assert_eq!(lines(&[], &[&copy])[0]["samples"], 1_200);
    let whole = fs::read(&copy).unwrap();
    let mut refused = 0;
    for part in 0..16 {
        let mut bytes = whole.clone();
        let start = whole.len() * part / 16;
        bytes[start..start + 8].fill(0xa5);
        fs::write(&copy, bytes).unwrap();
        let output = analyse(&["--no-baseline"], &[&copy]);
        let said = text(&output.stderr);
        match output.status.code() {
            // Some bytes are only there for other readers.
            Some(0) => assert_eq!(parsed(&output)[0]["samples"], 1_200, "{said}"),
            Some(1) => {
                assert!(said.contains("copy.parquet\""), "{said}");
                assert!(!said.contains(stored::EPISODE), "{said}");
                refused += 1;
            }
            other => panic!("{other:?}: {said}"),
        }
    }
    assert!(refused > 0);
}

#[test]
fn lines_come_in_the_order_of_the_file_whatever_the_number_of_jobs() {
    let Some(folder) = shared("ctu_uhb") else { return };
    let alone = analyse(&["--no-baseline", "--jobs", "1"], &[folder.join("signals.parquet")]);
    let crowd = analyse(&["--no-baseline", "--jobs", "7"], &[&folder]);
    assert_eq!(text(&alone.stderr), "");
    let names: Vec<_> = parsed(&alone).iter().map(|line| line["record"].clone()).collect();
    let table = fs::read_to_string(folder.join("records.csv")).unwrap();
    let expected: Vec<_> =
        table.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(names, expected);
    assert!(alone.stdout == crowd.stdout, "the lines differ with the number of jobs");
}

#[test]
fn every_shared_recording_is_read() {
    // Records and whole hours, as their README counts them.
    for (name, records, hours) in [("ctu_uhb", 442, 546), ("fhrma_fs", 905, 537)] {
        let Some(folder) = shared(name) else { continue };
        let lines = lines(&["--summary"], &[folder.join("signals.parquet")]);
        let names: BTreeSet<_> = lines.iter().map(|line| line["record"].to_string()).collect();
        assert_eq!((lines.len(), names.len()), (records, records), "{name}");
        let samples: u64 = lines.iter().map(|line| line["samples"].as_u64().unwrap()).sum();
        assert_eq!((samples as f64 / 14_400.0).round() as u64, hours, "{name}");
    }
}

#[test]
fn the_report_is_one_pdf_of_all_records() {
    let folder = tempfile::tempdir().unwrap();
    let (rates, activities) = strip();
    let file = folder.path().join("a.parquet");
    write_table(&file, &[("1", &rates, &activities), ("2", &rates, &activities)]);
    let pdf = folder.path().join("out.pdf");
    let pages = |language| {
        let more = ["--summary", "--language", language, "--report", pdf.to_str().unwrap()];
        assert_eq!(lines(&more, &[&file]).len(), 2);
        let bytes = fs::read(&pdf).unwrap();
        assert!(bytes.starts_with(b"%PDF-"));
        bytes
    };
    assert_ne!(pages("ja"), pages("en"));
    assert!(!folder.path().join("out.pdf.part").exists());
    let nowhere = folder.path().join("none/out.pdf");
    let output = analyse(&["--summary", "--report", nowhere.to_str().unwrap()], &[&file]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("cannot write to"), "{}", text(&output.stderr));
    assert_eq!(parsed(&output).len(), 2);
}

#[test]
fn wrong_arguments_are_told_apart_from_bad_recordings() {
    for wrong in [&["--jobs", "0"][..], &["--gestation-weeks", "99"], &["--profile", "mine"]] {
        let output = analyse(wrong, &["a.csv"]);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
    assert_eq!(analyse(&[], &[] as &[&str]).status.code(), Some(2));
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    let (rates, activities) = strip();
    let file = folder.path().join("a.parquet");
    let records: Vec<_> = (0..200).map(|_| ("1", &rates[..], &activities[..])).collect();
    write_table(&file, &records);
    let mut child =
        command(&[], &[&file]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}

/// Twenty minutes: a rate that swings, falls for 40 s with each contraction and is lost for a
/// minute; quarters of a bpm and half units.
fn strip() -> (Vec<u16>, Vec<u8>) {
    let is_in =
        |tick: u16, from: u16, ticks: u16| tick % 1_200 >= from && tick % 1_200 < from + ticks;
    let rate = |tick: u16| match tick {
        2_000..2_240 => 0,
        _ if is_in(tick, 600, 160) => 400 + tick % 7,
        _ => 560 + (tick / 4 % 15) * 3,
    };
    let activity = |tick: u16| if is_in(tick, 500, 240) { 80 } else { 20 };
    ((0..4_800).map(rate).collect(), (0..4_800).map(activity).collect())
}

fn write_table(file: &Path, records: &[(&str, &[u16], &[u8])]) {
    let rates = records.iter().map(|(_, rates, _)| Some(rates.iter().copied().map(Some)));
    let activities = records.iter().map(|(_, _, ua)| Some(ua.iter().copied().map(Some)));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("record_id", Arc::new(StringArray::from_iter_values(records.iter().map(|it| it.0)))),
        ("fhr_q", Arc::new(ListArray::from_iter_primitive::<UInt16Type, _, _>(rates))),
        ("uc_h", Arc::new(ListArray::from_iter_primitive::<UInt8Type, _, _>(activities))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer =
        ArrowWriter::try_new(File::create(file).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn write_csv(file: &Path, rates: &[u16], activities: &[u8]) {
    let mut csv = "seconds,FHR,UC\n".to_owned();
    for (tick, (rate, activity)) in rates.iter().zip(activities).enumerate() {
        let [seconds, bpm, units] = [tick as f64, f64::from(*rate), f64::from(*activity) * 2.0];
        csv.push_str(&format!("{},{},{}\n", seconds / 4.0, bpm / 4.0, units / 4.0));
    }
    fs::write(file, csv).unwrap();
}

fn write_wfdb(folder: &Path, name: &str, rates: &[u16], activities: &[u8]) {
    let samples = rates.iter().zip(activities);
    let bytes: Vec<u8> = samples
        .flat_map(|(rate, activity)| [*rate as i16 * 25, i16::from(*activity) * 50])
        .flat_map(i16::to_le_bytes)
        .collect();
    fs::write(folder.join(format!("{name}.dat")), bytes).unwrap();
    let header = format!(
        "{name} 2 4 {}\n{name}.dat 16 100(0)/bpm 12 0 14000\n{name}.dat 16 100/nd 12 0 1000\n",
        rates.len()
    );
    let named =
        header.replacen("14000", "14000 CK 0 FHR", 1).replacen("1000\n", "1000 CK 0 UC\n", 1);
    let sum = |samples: &mut dyn Iterator<Item = i16>| samples.fold(0_i16, i16::wrapping_add);
    let sums = [
        sum(&mut rates.iter().map(|rate| *rate as i16 * 25)),
        sum(&mut activities.iter().map(|activity| i16::from(*activity) * 50)),
    ];
    let header = sums.iter().fold(named, |it, sum| it.replacen("CK", &sum.to_string(), 1));
    fs::write(folder.join(format!("{name}.hea")), header).unwrap();
}

fn without(line: &Value, names: &[&str]) -> Value {
    let mut line = line.as_object().unwrap().clone();
    line.retain(|name, _| !names.contains(&name.as_str()));
    Value::Object(line)
}

fn command(more: &[&str], files: &[impl AsRef<Path>]) -> Command {
    let mut command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_ubugoe-outcome")));
    command.arg("analyse").args(more).args(files.iter().map(|file| file.as_ref()));
    command
}

fn analyse(more: &[&str], files: &[impl AsRef<Path>]) -> Output {
    command(more, files).output().unwrap()
}

/// The lines of a run in which nothing fails.
fn lines(more: &[&str], files: &[impl AsRef<Path>]) -> Vec<Value> {
    let output = analyse(more, files);
    assert!(output.status.success(), "{more:?}: {}", text(&output.stderr));
    parsed(&output)
}

fn one(more: &[&str], file: &Path) -> Value {
    let mut lines = lines(more, &[file]);
    assert_eq!(lines.len(), 1);
    lines.remove(0)
}

fn parsed(output: &Output) -> Vec<Value> {
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The shared recordings, where this checkout has them beside it.
fn shared(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if !folder.is_dir() {
        println!("skipped: there are no recordings in {}", folder.display());
        return None;
    }
    Some(folder)
}
