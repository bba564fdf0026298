//! Recordings come through exactly, and what cannot be read says why.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap, as tests do")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, ListArray, RecordBatch, StringArray};
use arrow::datatypes::{UInt8Type, UInt16Type};
use parquet::arrow::ArrowWriter;
use vitals::{Absence, Activity, ActivityTransducer, Bpm, HeartTransducer, Reading};
use ward::source::{AtEnd, ParquetRecordings, Source, Tick, WfdbFolder};

#[test]
fn every_sample_of_the_ctu_uhb_recordings_is_read_as_its_checksum_demands() {
    let Some(folder) = shared("ctu_uhb") else { return };
    let recordings = ParquetRecordings::open(&folder).unwrap();
    assert_eq!(recordings.ids().len(), 442);
    let table = fs::read_to_string(folder.join("records.csv")).unwrap();
    let mut lines = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let heading = lines.next().unwrap();
    let column = |name| heading.iter().position(|it| *it == name).unwrap();
    let [id, fhr, uc] = ["record_id", "wfdb_checksum_fhr", "wfdb_checksum_uc"].map(column);
    let mut checked = 0;
    for line in lines {
        let recording = recordings.read(line[id], AtEnd::Stop).unwrap();
        // The database counts hundredths; its sums are kept in sixteen bits, with or without sign.
        let low_16 = |text: &str| text.parse::<i64>().unwrap() as u16;
        let rates = recording.ticks().iter().map(|tick| quarters(tick.fhr1) as u64 * 25);
        assert_eq!(rates.sum::<u64>() as u16, low_16(line[fhr]), "rates of {}", line[id]);
        let activity = recording.ticks().iter().map(|tick| halves(tick.ua) as u64 * 50);
        assert_eq!(activity.sum::<u64>() as u16, low_16(line[uc]), "activity of {}", line[id]);
        checked += 1;
    }
    assert_eq!(checked, 442);
}

#[test]
fn played_seconds_hold_the_ticks_of_a_real_recording_in_order() {
    let Some(folder) = shared("ctu_uhb") else { return };
    let recordings = ParquetRecordings::open(&folder.join("signals.parquet")).unwrap();
    let mut recording = recordings.read("1005", AtEnd::Stop).unwrap();
    let ticks = recording.ticks().to_vec();
    let played: Vec<Tick> =
        std::iter::from_fn(|| recording.next_second()).flat_map(|it| Tick::of(&it)).collect();
    assert_eq!(played[..ticks.len()], ticks);
    assert!(played.len() - ticks.len() < 4);
}

#[test]
fn recordings_with_two_channels_and_with_the_mother_are_read_too() {
    if let Some(folder) = shared("fhrma") {
        let recordings = ParquetRecordings::open(&folder).unwrap();
        assert_eq!(recordings.ids().len(), 109);
        let recording = recordings.read("train01", AtEnd::Stop).unwrap();
        assert!(recording.ticks().iter().any(|tick| tick.fhr1.value().is_some()));
    }
    if let Some(folder) = shared("fhrma_fs") {
        let recordings = ParquetRecordings::open(&folder).unwrap();
        assert_eq!(recordings.ids().len(), 905);
        let scalp = recordings.ids().iter().find(|id| id.starts_with("Scalp")).cloned();
        for id in scalp.iter().chain(&recordings.ids()[..20]) {
            let recording = recordings.read(id, AtEnd::Stop).unwrap();
            let mother = recording.ticks().iter().any(|tick| tick.mhr.value().is_some());
            let transducer = recording.transducers().mhr;
            assert_eq!(mother, transducer == HeartTransducer::External, "{id}");
        }
    }
}

#[test]
fn a_table_of_our_own_comes_through_with_its_extremes() {
    let folder = tempfile::tempdir().unwrap();
    let rates = vec![0, 1, 560, 2047, 600];
    let activity = vec![0, 255, 20, 21, 22];
    write_table(folder.path(), "7", &rates, &activity);
    let recordings = ParquetRecordings::open(folder.path()).unwrap();
    assert_eq!(recordings.ids(), ["7"]);
    let recording = recordings.read("7", AtEnd::Stop).unwrap();
    assert_eq!(recording.ticks()[0].fhr1, Reading::Absent(Absence::Blank));
    let read: Vec<u16> = recording.ticks().iter().map(|tick| quarters(tick.fhr1)).collect();
    assert_eq!(read, rates);
    let read: Vec<u8> = recording.ticks().iter().map(|tick| halves(tick.ua)).collect();
    assert_eq!(read, activity);
    let transducers = recording.transducers();
    assert_eq!(
        (transducers.fhr1, transducers.fhr2),
        (HeartTransducer::Ultrasound, HeartTransducer::None)
    );
    assert_eq!(transducers.ua, ActivityTransducer::External);
}

#[test]
fn a_rate_beyond_the_wire_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    write_table(folder.path(), "7", &[560, 2048], &[0, 0]);
    let recordings = ParquetRecordings::open(folder.path()).unwrap();
    refused(recordings.read("7", AtEnd::Stop), &["\"7\"", "2048", "sample 1 of fhr_q"]);
}

#[test]
fn channels_of_unequal_length_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    write_table(folder.path(), "7", &[560, 561], &[0]);
    let recordings = ParquetRecordings::open(folder.path()).unwrap();
    refused(recordings.read("7", AtEnd::Stop), &["\"7\"", "2 samples", "and 1 in another"]);
}

#[test]
fn a_file_that_is_no_parquet_says_so_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("signals.parquet");
    fs::write(&file, "record_id,fhr_q\n1001,560\n").unwrap();
    for path in [folder.path(), &file] {
        let expected = ["signals.parquet\" is not a Parquet file: ", "another file"];
        refused(ParquetRecordings::open(path), &expected);
    }
}

#[test]
fn a_parquet_file_cut_short_says_so() {
    let folder = tempfile::tempdir().unwrap();
    write_table(folder.path(), "7", &[560], &[0]);
    let file = folder.path().join("signals.parquet");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 10]).unwrap();
    refused(ParquetRecordings::open(&file), &["is not a Parquet file: "]);
}

#[test]
fn a_folder_without_recordings_and_a_path_to_nowhere_say_so() {
    let folder = tempfile::tempdir().unwrap();
    refused(ParquetRecordings::open(folder.path()), &["holds no signals.parquet"]);
    refused(ParquetRecordings::open(&folder.path().join("none")), &["cannot read", "none"]);
    refused(WfdbFolder::open(folder.path()), &["holds no WFDB header (*.hea)"]);
}

#[test]
fn a_table_of_something_else_names_the_column_that_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let ids: ArrayRef = Arc::new(StringArray::from(vec!["7"]));
    let numbers: ArrayRef = Arc::new(Int32Array::from(vec![1]));
    write(folder.path(), vec![("record_id", ids.clone()), ("weight", numbers.clone())]);
    let expected = ["no column fhr_q or fhr1_q", "its columns are record_id, weight"];
    refused(ParquetRecordings::open(folder.path()), &expected);

    let activity: ArrayRef = Arc::new(lists_of_bytes(&[0]));
    write(folder.path(), vec![("record_id", ids), ("fhr_q", numbers), ("uc_h", activity)]);
    let recordings = ParquetRecordings::open(folder.path()).unwrap();
    refused(recordings.read("7", AtEnd::Stop), &["column fhr_q is Int32", "a list of uint16"]);
}

#[test]
fn an_unknown_record_is_answered_with_some_that_are_there() {
    let folder = tempfile::tempdir().unwrap();
    write_table(folder.path(), "1001", &[560], &[0]);
    let recordings = ParquetRecordings::open(folder.path()).unwrap();
    refused(recordings.read("9", AtEnd::Stop), &["no record \"9\"", "it holds 1001"]);
}

#[test]
fn wfdb_records_come_through_exactly_in_both_formats() {
    let rates: Vec<i16> = vec![14025, 0, 14100, 14125, -2]
        .into_iter()
        .map(|raw| if raw == -2 { i16::MIN } else { raw })
        .collect();
    let activity = vec![0, 1050, 12700, 50, 100];
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = rates
        .iter()
        .zip(&activity)
        .flat_map(|(a, b)| [*a, *b])
        .flat_map(i16::to_le_bytes)
        .collect();
    fs::write(folder.path().join("a.dat"), bytes).unwrap();
    let lines =
        [signal("a.dat 16 100(0)/bpm", &rates, "FHR"), signal("a.dat 16 100/nd", &activity, "UC")];
    fs::write(folder.path().join("a.hea"), format!("a 2 4 5\n{}\n# pH 7.2\n", lines.join("\n")))
        .unwrap();

    // Twelve bits hold less, so this one counts in tenths, and its rates stand above a baseline.
    let narrow: Vec<i16> = vec![1400 - 1000, -1000, 1410 - 1000, 1413 - 1000, -2048];
    let narrow_activity = vec![0, 105, 1270, 5, 10];
    fs::write(folder.path().join("b.dat"), pack_212(&narrow)).unwrap();
    fs::write(folder.path().join("b_uc.dat"), pack_212(&narrow_activity)).unwrap();
    let lines = [
        signal("b.dat 212 10(-1000)/bpm", &narrow, "FHR"),
        signal("b_uc.dat 212 10", &narrow_activity, "UC"),
    ];
    fs::write(folder.path().join("b.hea"), format!("b 2 4 5\n{}\n", lines.join("\n"))).unwrap();

    let records = WfdbFolder::open(folder.path()).unwrap();
    assert_eq!(records.ids(), ["a", "b"]);
    let read = |id| {
        let recording = records.read(id, AtEnd::Stop).unwrap();
        assert_eq!(recording.transducers().mhr, HeartTransducer::None);
        let ticks = recording.ticks().to_vec();
        let rates: Vec<u16> = ticks.iter().map(|tick| quarters(tick.fhr1)).collect();
        let activity: Vec<u8> = ticks.iter().map(|tick| halves(tick.ua)).collect();
        (rates, activity)
    };
    assert_eq!(read("a"), (vec![561, 0, 564, 565, 0], vec![0, 21, 254, 1, 2]));
    // 141.3 bpm lies between two quarters and goes to the nearer, 141.25.
    assert_eq!(read("b"), (vec![560, 0, 564, 565, 0], vec![0, 21, 254, 1, 2]));
}

#[test]
fn a_real_recording_written_as_wfdb_reads_as_it_does_from_parquet() {
    let Some(shared) = shared("ctu_uhb") else { return };
    let original = ParquetRecordings::open(&shared).unwrap().read("1001", AtEnd::Stop).unwrap();
    let rates: Vec<i16> =
        original.ticks().iter().map(|tick| quarters(tick.fhr1) as i16 * 25).collect();
    let activity: Vec<i16> =
        original.ticks().iter().map(|tick| i16::from(halves(tick.ua)) * 50).collect();
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = rates
        .iter()
        .zip(&activity)
        .flat_map(|(a, b)| [*a, *b])
        .flat_map(i16::to_le_bytes)
        .collect();
    fs::write(folder.path().join("1001.dat"), bytes).unwrap();
    let lines = [
        signal("1001.dat 16 100(0)/bpm", &rates, "FHR"),
        signal("1001.dat 16 100(0)/nd", &activity, "UC"),
    ];
    let header = format!("1001 2 4 {}\n{}\n", rates.len(), lines.join("\n"));
    fs::write(folder.path().join("1001.hea"), header).unwrap();
    let copy = WfdbFolder::open(folder.path()).unwrap().read("1001", AtEnd::Stop).unwrap();
    assert_eq!(copy.ticks(), original.ticks());
    assert_eq!(copy.transducers(), original.transducers());
}

#[test]
fn a_wfdb_record_that_disagrees_with_its_header_is_refused() {
    let rates = vec![14025, 14050, 14100];
    let bytes: Vec<u8> = rates.iter().flat_map(|it: &i16| it.to_le_bytes()).collect();
    let good = signal("a.dat 16 100", &rates, "FHR");
    let record = |count: usize, line: &str, bytes: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.dat"), bytes).unwrap();
        fs::write(folder.path().join("a.hea"), format!("a 1 4 {count}\n{line}\n")).unwrap();
        WfdbFolder::open(folder.path()).unwrap().read("a", AtEnd::Stop)
    };
    assert_eq!(record(3, &good, &bytes).unwrap().ticks().len(), 3);
    let mut flipped = bytes.clone();
    flipped[3] ^= 1;
    refused(record(3, &good, &flipped), &["a.dat", "the checksum of FHR is", "again"]);
    flipped = bytes.clone();
    flipped[0] ^= 1;
    refused(record(3, &good, &flipped), &["FHR begins with 14024, not 14025"]);
    refused(record(4, &good, &bytes), &["3 samples of a signal where 4 are announced"]);
    let uncalled = good.replace("FHR", "ECG");
    refused(record(3, &uncalled, &bytes), &["a.hea", "no signal is called FHR", "ECG"]);
    let negative = vec![-100; 3];
    let bytes: Vec<u8> = negative.iter().flat_map(|it: &i16| it.to_le_bytes()).collect();
    refused(
        record(3, &signal("a.dat 16 100", &negative, "FHR"), &bytes),
        &["holds -1 at sample 0"],
    );
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

fn quarters(reading: Reading<Bpm>) -> u16 {
    reading.value().map_or(0, Bpm::quarters)
}

fn halves(reading: Reading<Activity>) -> u8 {
    reading.value().map_or(0, Activity::halves)
}

fn refused<T, E: std::error::Error>(result: Result<T, E>, expected: &[&str]) {
    let message = result.err().expect("it was accepted").to_string();
    for part in expected {
        assert!(message.contains(part), "\"{part}\" is missing in: {message}");
    }
}

fn write_table(folder: &Path, id: &str, rates: &[u16], activity: &[u8]) {
    let rates = rates.iter().map(|it| Some(*it)).collect::<Vec<_>>();
    let rates = ListArray::from_iter_primitive::<UInt16Type, _, _>([Some(rates)]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("record_id", Arc::new(StringArray::from(vec![id]))),
        ("fhr_q", Arc::new(rates)),
        ("uc_h", Arc::new(lists_of_bytes(activity))),
    ];
    write(folder, columns);
}

fn lists_of_bytes(values: &[u8]) -> ListArray {
    let values = values.iter().map(|it| Some(*it)).collect::<Vec<_>>();
    ListArray::from_iter_primitive::<UInt8Type, _, _>([Some(values)])
}

fn write(folder: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let file = File::create(folder.join("signals.parquet")).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// A signal line with the first value and the checksum of these samples.
fn signal(file_and_format: &str, samples: &[i16], description: &str) -> String {
    let checksum = samples.iter().fold(0_i16, |sum, it| sum.wrapping_add(*it));
    format!("{file_and_format} 12 0 {} {checksum} 0 {description}", samples[0])
}

fn pack_212(samples: &[i16]) -> Vec<u8> {
    let pair = |pair: &[i16]| {
        let [first, second] =
            [pair[0] as u16 & 0xfff, pair.get(1).map_or(0, |it| *it as u16 & 0xfff)];
        [first as u8, (first >> 8 | second >> 8 << 4) as u8, second as u8]
    };
    samples.chunks(2).flat_map(pair).collect()
}
