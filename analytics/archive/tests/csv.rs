//! CSV is read as its header says, and what cannot be read is named by line and column.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap, as tests do")]

use archive::{Recording, csv};
use vitals::{Activity, Bpm};

#[test]
fn columns_are_known_by_many_names() {
    for header in ["fhr,uc", "FHR1_bpm;TOCO", "\"FHR (bpm)\"\t\"UA [units]\"", "\u{feff}hr1,ua"] {
        let separator = header.chars().find(|it| ",;\t".contains(*it)).unwrap();
        let text = format!("{header}\n140.25{separator}12.5\n0{separator}\n\nNaN{separator}0\n");
        let recording = one(&text);
        assert_eq!(recording.name(), "strip");
        assert_eq!(quarters(&recording), [561, 0, 0], "{header}");
        assert_eq!(halves(&recording), [Some(25), None, Some(0)], "{header}");
    }
}

#[test]
fn device_steps_are_read_as_such() {
    let text = "t_ms,hr1_raw,hr1_quality,hr2_raw,mhr_raw,toco_raw,status_hex\n\
                0,567,green,0,328,20,8001\n250,572,green,0,329,20,8001\n";
    let recording = one(text);
    assert_eq!(quarters(&recording), [567, 572]);
    assert_eq!(halves(&recording), [Some(20), Some(20)]);
    assert_eq!(recording.channels().fhr2, None);
    assert_eq!(recording.channels().mhr.as_ref().unwrap()[1].unwrap().quarters(), 329);
}

#[test]
fn missing_times_become_absences() {
    let recording = one("seconds,fhr\n10,100\n10.25,101\n11,102\n11.25,103\n");
    assert_eq!(quarters(&recording), [400, 404, 0, 0, 408, 412]);
    assert_eq!(recording.source_rate.hz(), 4);
}

#[test]
fn other_rates_are_held_or_thinned_and_say_so() {
    let recording = one("t_s,fhr\n0,100\n1,101\n3,102\n");
    assert_eq!(recording.source_rate.hz(), 1);
    assert_eq!(quarters(&recording), [[400; 4], [404; 4], [0; 4], [408; 4]].concat());
    let fast: String = (0..16).map(|k| format!("{},{}\n", k * 125, 100 + k)).collect();
    let recording = one(&format!("t_ms,fhr\n{fast}"));
    assert_eq!(recording.source_rate.hz(), 8);
    assert_eq!(quarters(&recording), (0..8).map(|k| 400 + 8 * k).collect::<Vec<u16>>());
}

#[test]
fn times_of_our_own_tables_are_read() {
    let text = "device,at,fhr1_bpm,ua\n\
                a/b,2026-01-01T00:00:00Z,140,1\na/b,2026-01-01T00:00:00.250Z,141,2\n";
    assert_eq!(quarters(&one(text)), [560, 564]);
}

#[test]
fn a_record_column_parts_recordings() {
    let recordings = csv::read("x", b"record_id,fhr\na,100\na,101\nb,102\n").unwrap();
    let names: Vec<_> = recordings.iter().map(Recording::name).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(quarters(&recordings[0]), [400, 404]);
}

#[test]
fn what_cannot_be_read_is_named_by_line_and_column() {
    refused("", "holds no samples");
    refused("fhr,uc\n", "holds no samples");
    refused("id,weight\n1,2\n", "has no column fhr, fhr1 or fhr_bpm; its columns are id, weight");
    refused("fhr,fhr1\n1,2\n", "\"fhr\" and \"fhr1\"");
    refused("fhr,uc\n140,1\n140\n", "line 3 has 1 fields where its header has 2");
    refused("t,fhr\n0,140\n\n1,abc\n", "line 4, column 2 (\"fhr\"): \"abc\" is not a number");
    refused("t,fhr\nnow,140\n", "line 2, column 1 (\"t\"): \"now\" is not a time");
    refused(
        "fhr\n512\n",
        "line 2, column 1 (\"fhr\"): 512 cannot be; a monitor can send 0 to 511.75",
    );
    refused("fhr\n-1\n", "-1 cannot be");
    refused("fhr,uc\n140,128\n", "128 cannot be; a monitor can send 0 to 127.5 units");
    refused("t,fhr\n0,140\n0,140\n", "line 3: its time is not after");
    refused("t,fhr\n0,140\n0.2,140\n0.4,1\n", "has 5.000 samples a second");
    refused(
        "t,fhr\n0,1\n1,1\n2,1\n2.5,1\n3.5,1\n",
        "line 5: its time lies between two samples at 1",
    );
    refused("t,fhr\n0,1\n0.25,1\n0.5,1\n700000,1\n", "line 5: its time lies more than a week");
    let message = csv::read("x", b"fhr\n140\n\xff\n").unwrap_err().to_string();
    assert!(message.contains("line 3 holds bytes that are not UTF-8"), "{message}");
}

fn one(text: &str) -> Recording {
    let mut recordings = csv::read("strip", text.as_bytes()).unwrap();
    assert_eq!(recordings.len(), 1);
    recordings.remove(0)
}

fn quarters(recording: &Recording) -> Vec<u16> {
    recording.channels().fhr1.iter().map(|rate| rate.map_or(0, Bpm::quarters)).collect()
}

fn halves(recording: &Recording) -> Vec<Option<u8>> {
    let ua = recording.channels().ua.as_ref().unwrap();
    ua.iter().map(|activity| activity.map(Activity::halves)).collect()
}

fn refused(text: &str, expected: &str) {
    let message = csv::read("strip", text.as_bytes()).unwrap_err().to_string();
    assert!(message.contains(expected), "\"{expected}\" is missing in: {message}");
}
