//! `ubugoe-outcome strip`: what people print, from what is stored.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod strip {
    pub mod stored;
}

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use strip::stored::{BED, EPISODE, NO_SIGNAL, OTHER, Of, Stored, rate, rated, single, twins};
use vitals::{Flags, Movement, Quality, Second};

/// The binary under test.
fn strip(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ubugoe-outcome"))
        .arg("strip")
        .args(arguments)
        .env("LANG", "ja_JP.UTF-8")
        .env_remove("LC_ALL")
        .env("UBUGOE_DATA", data)
        .output()
        .unwrap()
}

/// The pages of a print, as SVG: its words and lines are text.
fn pages(data: &Path, arguments: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("strip.svg");
    let done = strip(data, &[arguments, &["--out", out.to_str().unwrap()]].concat());
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut names: Vec<PathBuf> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort_unstable();
    names.iter().map(|name| fs::read_to_string(name).unwrap()).collect()
}

/// The error line, after checking that nothing was left behind.
fn refused(data: &Path, arguments: &[&str], code: i32) -> String {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("strip.pdf");
    let done = strip(data, &[arguments, &["--out", out.to_str().unwrap()]].concat());
    let text = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(code), "{text}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "no file for {text}");
    text
}

/// Twenty minutes of one fetus over midnight; half of it sealed.
fn over_midnight() -> Stored {
    let mut stored = Stored::new();
    for second in 0..1_200 {
        if second == 600 {
            stored.seal();
        }
        stored.second(&BED, second, single(rate(140.0), 10.0), 30);
    }
    assert_eq!(stored.sealed(), 1);
    stored
}

#[test]
fn an_episode_is_printed_from_hot_and_sealed_rows_with_the_days_on_both_sides_of_midnight() {
    let stored = over_midnight();
    let pages = pages(stored.path(), &["--episode", "cdef"]);
    // From 23:50:20 to 00:10:20, eight minutes a page from 23:50 on.
    assert_eq!(pages.len(), 3);
    for (page, number) in pages.iter().zip(1..) {
        for text in ["clinic-a", "bed-1", "…cdef", "医療機器として未承認", "判断支援のための表示"]
        {
            assert!(page.contains(text), "{text} on page {number}");
        }
        assert!(page.contains("2026-11-25 23:50:20 – 2026-11-26 00:10:20 +09:00"));
        assert!(page.contains(&format!("{number} / 3")));
        assert!(!page.contains(&EPISODE[..28]), "only four digits are shown to people");
    }
    assert!(pages[0].contains("2026-11-25") && pages[1].contains("2026-11-26"));
    assert!(pages[1].contains("00:00"));
}

#[test]
fn a_period_is_cut_out_to_the_tick() {
    let stored = over_midnight();
    let period = ["--from", "2026-11-25 23:55:30", "--to", "2026-11-25 23:57"];
    let pages = pages(stored.path(), &[&["--bed", "clinic-a/bed-1"], &period[..]].concat());
    assert_eq!(pages.len(), 1);
    assert!(pages[0].contains("2026-11-25 23:55:30 – 23:57:00 +09:00"));
    assert!(pages[0].contains("期間の終わり"));
    let trace = traces(&pages[0], FHR);
    // The page begins at 23:55; 30 s are 1.5 cm and 2 min are 6 cm, the last tick 12.5 units less.
    let (from, to) = (2_850 + 1_500, 2_850 + 6_000 - 13);
    assert_eq!((trace[0].0, trace.last().unwrap().0), (from, to + 1));
}

/// The ink of the first fetus, of the second.
const FHR: &str = "#0F1A2B";
const FHR2: &str = "#0064B8";

/// The points of all lines in an ink that lie in the field of rates.
fn traces(page: &str, ink: &str) -> Vec<(i32, i32)> {
    page.lines()
        .filter(|line| line.starts_with("<polyline") && line.contains(ink))
        .flat_map(|line| {
            let (_, points) = line.split_once("points=\"").unwrap();
            let (points, _) = points.split_once('"').unwrap();
            points.split_whitespace().map(|point| {
                let (x, y) = point.split_once(',').unwrap();
                (x.parse().unwrap(), y.parse().unwrap())
            })
        })
        .filter(|(_, y)| (3_450..=10_450).contains(y))
        .collect()
}

/// Height of a rate at 30 bpm/cm.
fn y(bpm: f64) -> i32 {
    (10_450.0 - (bpm - 30.0) * 1_000.0 / 30.0).round() as i32
}

#[test]
fn what_is_absent_missing_late_poor_and_the_same_looks_different_and_absent_stays_absent() {
    let mut stored = Stored::new();
    for second in 0..460 {
        let mut content = single(rate(140.0), 10.0);
        let mut took_ms = 30;
        match second {
            60..140 => content.fhr1 = [NO_SIGNAL; 4],
            150..190 => continue,
            200..260 => took_ms = 9_000,
            280..320 => content.fhr1 = [rated(150.0, Quality::Poor); 4],
            340..400 => content.flags = content.flags.with(Flags::COINCIDENCE),
            410 => content.flags = content.flags.with(Flags::EVENT_MARK),
            420..425 => content.movement = [Movement::MOVING; 4],
            _ => {}
        }
        stored.second(&BED, second, content, took_ms);
    }
    let page = &pages(stored.path(), &["--episode", "cdef"])[0];
    for text in [
        "信号なし：心拍を検出できません",
        "データ未着",
        "後着データ",
        "心拍一致：同じ心拍の可能性",
        "イベントマーカー",
        "胎動 FM",
    ] {
        assert!(page.contains(text), "{text}");
    }
    // 20 s lie before the recording; a second is 50 units.
    let x = |second: i32| 2_850 + (20 + second) * 50;
    let trace = traces(page, FHR);
    let inked = |from: i32, to: i32| {
        trace.windows(2).filter(|pair| pair[0].0 < x(to) && pair[1].0 > x(from)).count()
    };
    for (from, to) in [(61, 139), (151, 189)] {
        let across = trace.iter().filter(|(at, _)| x(from) < *at && *at < x(to)).count();
        assert_eq!(across, 0, "no point of a trace from {from} to {to} s");
    }
    assert!(inked(200, 260) > 0 && inked(340, 400) > 0);
    let poor: Vec<&str> = page
        .lines()
        .filter(|line| line.contains(FHR) && line.contains("opacity=\"0.5\""))
        .collect();
    assert!(poor.iter().any(|line| line.contains(&format!(",{}", y(150.0)))), "{poor:?}");
}

#[test]
fn a_shifted_twin_is_shifted_in_words_too_and_only_on_paper() {
    let mut stored = Stored::new();
    for second in 0..120 {
        let both = [[rate(140.0); 4], [rate(150.0); 4]];
        stored.second(&BED, second, twins(both, 80.0, 10.0), 30);
    }
    let plain = &pages(stored.path(), &["--episode", "cdef"])[0];
    assert!(plain.contains("表示オフセットなし"));
    assert!(traces(plain, FHR2).iter().all(|(_, at)| *at == y(150.0)));
    let shifted = &pages(stored.path(), &["--episode", "cdef", "--twin-offset", "20"])[0];
    assert!(shifted.contains("+20 bpm ずらして表示"), "in words");
    assert!(traces(shifted, FHR2).iter().all(|(_, at)| *at == y(170.0)));
    assert!(traces(shifted, FHR).iter().all(|(_, at)| *at == y(140.0)));
    let down = &pages(stored.path(), &["--episode", "cdef", "--twin-offset", "-20"])[0];
    assert!(down.contains("-20 bpm ずらして表示"));
}

#[test]
fn findings_are_those_of_the_whole_recording() {
    let mut stored = Stored::new();
    for second in 0..1_500 {
        let wave = f64::from(u32::try_from(second).unwrap()) / 9.0;
        let bpm = 140.0 + 6.0 * wave.sin() + 4.0 * (wave * 3.7).sin();
        stored.second(&BED, second, single(rate(bpm), 10.0), 30);
    }
    let period = ["--from", "2026-11-26 00:05", "--to", "2026-11-26 00:12"];
    let arguments = [&["--episode", "cdef", "--findings"], &period[..]].concat();
    let page = &pages(stored.path(), &arguments)[0];
    assert!(page.contains("基線は 140 bpm です"), "the levels come with their reasons");
    assert!(page.contains("00:00 – 00:10"), "blocks lie where the whole recording has them");
    let without = &pages(stored.path(), &[&["--episode", "cdef"], &period[..]].concat())[0];
    assert!(without.contains("所見の表示なし") && !without.contains("基線は"));
}

#[test]
fn what_cannot_be_printed_is_refused_in_words_and_leaves_no_file() {
    let mut stored = over_midnight();
    let data = stored.path().to_owned();
    let data = data.as_path();
    assert!(refused(data, &["--episode", "beef"], 2).contains("no episode …beef"));
    assert!(refused(data, &["--episode", "xyz"], 2).contains("32 hexadecimal digits"));
    let bed = ["--bed", "clinic-a/bed-9", "--from", "2026-11-25 23:55"];
    let text = refused(data, &bed, 2);
    assert!(text.contains("clinic-a/bed-9") && text.contains("clinic-a/bed-1"), "{text}");
    assert!(refused(data, &["--bed", "bed-1"], 2).contains("give --from and --to"));
    let empty = refused(data, &["--episode", "cdef", "--from", "2026-11-26 00:30"], 2);
    assert!(
        empty.contains("nothing was recorded") && empty.contains("2026-11-26 00:10:20"),
        "{empty}"
    );
    let turned = ["--episode", "cdef", "--from", "2026-11-26 00:05", "--to", "2026-11-26 00:01"];
    assert!(refused(data, &turned, 2).contains("before"));
    assert!(refused(data, &["--episode", "cdef", "--from", "0:10"], 2).contains("need a date"));
    assert!(refused(data, &["--episode", "cdef", "--from", "noon"], 2).contains("is no time"));
    assert!(refused(data, &["--episode", "cdef", "--zone", "Mars"], 2).contains("no zone"));
    let missing = data.join("nowhere");
    refused(&missing, &["--episode", "cdef"], 1);
    let other = Of { episode: OTHER, ..BED };
    for second in 1_300..1_310 {
        stored.second(&other, second, single(rate(140.0), 10.0), 30);
    }
    let both = refused(data, &["--episode", "cdef"], 2);
    assert!(both.contains("several episodes fit"), "{both}");
    let one = pages(data, &["--episode", "aacdef"]);
    assert_eq!(one.len(), 1);
}

#[test]
fn a_hole_longer_than_two_days_is_refused_with_its_bound() {
    let mut stored = Stored::new();
    for second in [0, 49 * 3_600] {
        stored.second(&BED, second, single(rate(140.0), 10.0), 30);
    }
    let text = refused(stored.path(), &["--episode", "cdef"], 2);
    assert!(text.contains("49.0 h") && text.contains("48 h"), "{text}");
    let sheet = ["--episode", "cdef", "--paper", "sheet", "--to", "2026-11-27 23:40"];
    assert!(refused(stored.path(), &sheet, 2).contains("480 cm"));
}

#[test]
fn notes_stand_over_the_strip_and_under_it_with_who_and_when() {
    let stored = over_midnight();
    let notes = stored.path().join("notes.jsonl");
    fs::write(
        &notes,
        r#"{"at": "2026-11-25 23:52", "who": "山田（助産師）", "text": "体位変換"}
{"at": "2026-11-25 23:53:10", "text": "頻脈", "kind": "alarm medium"}
"#,
    )
    .unwrap();
    let arguments = ["--episode", "cdef", "--notes", notes.to_str().unwrap()];
    let page = &pages(stored.path(), &arguments)[0];
    for text in ["23:52:00", "山田（助産師）：体位変換", "23:53:10", "頻脈", "!!"] {
        assert!(page.contains(text), "{text}");
    }
    fs::write(&notes, "Yamada Hanako").unwrap();
    let text = refused(stored.path(), &arguments, 2);
    assert!(text.contains("line 1") && !text.contains("Yamada"), "{text}");
}

/// A second of the twins that are looked at: waves, falls with contractions, and trouble.
fn looked_at(second: u64) -> Option<(Second, i64)> {
    let t = second as f64;
    let contraction = (-((t % 180.0 - 90.0) / 25.0).powi(2)).exp();
    let jitter = |tick: usize, seed: f64| {
        let at = t * 4.0 + tick as f64;
        4.0 * (at / 23.0 + seed).sin() + 3.0 * (at / 7.3 + 2.0 * seed).sin() + (at * 1.7).sin()
    };
    let fall = 35.0 * (-((t % 180.0 - 105.0) / 16.0).powi(2)).exp();
    let first = std::array::from_fn(|tick| rate(138.0 + jitter(tick, 0.3) - fall));
    let second_twin = std::array::from_fn(|tick| rate(146.0 + jitter(tick, 1.9)));
    let mut content =
        twins([first, second_twin], 82.0 + 3.0 * (t / 40.0).sin(), 12.0 + 60.0 * contraction);
    let mut took_ms = 30;
    match second {
        70..95 => content.fhr1 = [NO_SIGNAL; 4],
        150..190 => content.fhr2 = [NO_SIGNAL; 4],
        215..240 => {
            let poor =
                std::array::from_fn(|tick| rated(146.0 + 3.0 * jitter(tick, 1.9), Quality::Poor));
            content.fhr2 = poor;
        }
        260..320 => return None,
        320..390 => took_ms = 40_000,
        410..440 => content.flags = content.flags.with(Flags::COINCIDENCE),
        _ => {}
    }
    if [40, 200, 450].contains(&second) {
        content.flags = content.flags.with(Flags::EVENT_MARK);
    }
    if second % 61 < 5 {
        content.movement = [Movement::MOVING; 4];
    }
    Some((content, took_ms))
}

/// Every form and cut, from one store, for the eye: `UBUGOE_BLESS=1` keeps them in the target
/// folder.
#[test]
fn every_form_and_cut_is_printed() {
    let mut stored = Stored::new();
    for second in 0..1_000 {
        if let Some((content, took_ms)) = looked_at(second) {
            stored.second(&BED, second, content, took_ms);
        }
    }
    let keep = std::env::var_os("UBUGOE_BLESS").is_some();
    let folder = tempfile::tempdir().unwrap();
    let to = if keep { Path::new(env!("CARGO_TARGET_TMPDIR")) } else { folder.path() };
    let notes = folder.path().join("notes.jsonl");
    fs::write(
        &notes,
        r#"{"at": "2026-11-25 23:52", "who": "山田（助産師）", "text": "左側臥位へ体位変換、プローブ位置を調整"}
{"at": "2026-11-25 23:53:40", "text": "FHR1 遅発一過性徐脈の疑い", "kind": "alarm high"}
{"at": "2026-11-25 23:54:05", "who": "佐藤（医師）", "text": "確認、訪室"}
{"at": "2026-11-25 23:55:30", "text": "ブリッジとの接続断", "kind": "alarm low"}
"#,
    )
    .unwrap();
    let notes = notes.to_str().unwrap();
    let base =
        ["--episode", "cdef", "--notes", notes, "--gestation", "36+4", "--twin-offset", "20"];
    for (name, more, begins) in [
        ("a4.pdf", &[][..], &b"%PDF"[..]),
        ("a4.png", &["--to", "2026-11-25 23:58"], b"\x89PNG"),
        ("portrait.png", &["--paper", "a4-portrait", "--to", "2026-11-25 23:55"], b"\x89PNG"),
        ("sheet.png", &["--paper", "sheet", "--speed", "2", "--scale", "20"], b"\x89PNG"),
        ("sheet.svg", &["--paper", "sheet", "--speed", "1"], b"<svg"),
        ("findings.pdf", &["--findings"], b"%PDF"),
    ] {
        let out = to.join(name);
        let done = strip(stored.path(), &[&base, more, &["--out", out.to_str().unwrap()]].concat());
        assert!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr));
        assert!(fs::read(&out).unwrap().starts_with(begins), "{name}");
        assert!(!to.join(format!("{name}.part")).exists(), "{name}");
    }
}
