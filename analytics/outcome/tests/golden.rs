//! Stretches of real recordings and what was read in them, kept as text.
//!
//! Each stretch has a text in `golden/` and a picture beside it; `golden/README.md` says what
//! was seen in the pictures. The recordings lie in `../shared/data`, beside the checkout and no
//! part of it: where that folder is missing, this test says so and checks nothing.
//!
//! `UBUGOE_BLESS=1 cargo test -p outcome --test golden` writes texts and pictures anew;
//! `golden/pictures.sh` makes the pictures small. Look at every one that changed, and say in
//! the README what you saw.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod golden {
    pub mod recorded;
    pub mod summary;
}

use std::fs;
use std::path::{Path, PathBuf};

use ctg::record::{self, Record};
use ctg::{Case, Settings, Tick};
use report::{Language, LevelBand, Paper, Scale, Speed, Strip};

use golden::{recorded, summary};

/// Where the golden files are.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/golden");
/// Where recordings are: beside the checkout.
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
/// Length of a stretch, minutes: a page at 1 cm/min.
const MINUTES: usize = 24;

/// One stretch.
struct Stretch {
    /// Its golden file.
    name: &'static str,
    set: &'static str,
    record: &'static str,
    /// Where it begins in the recording, minutes.
    from_min: usize,
}

/// Different pictures, chosen by eye and by counts of events; none to make a rule fit.
const STRETCHES: [Stretch; 9] = [
    Stretch { name: "normal", set: "fhrma", record: "test36", from_min: 60 },
    Stretch { name: "variable", set: "ctu_uhb", record: "1323", from_min: 30 },
    Stretch { name: "late", set: "fhrma", record: "train25", from_min: 90 },
    Stretch { name: "late-mixed", set: "fhrma", record: "test74", from_min: 20 },
    Stretch { name: "tachycardia", set: "ctu_uhb", record: "1078", from_min: 0 },
    Stretch { name: "lost", set: "ctu_uhb", record: "1051", from_min: 40 },
    Stretch { name: "prolonged", set: "ctu_uhb", record: "1198", from_min: 40 },
    Stretch { name: "bradycardia", set: "ctu_uhb", record: "1458", from_min: 40 },
    Stretch { name: "undulating", set: "ctu_uhb", record: "1171", from_min: 0 },
];

#[test]
fn stretches_of_real_recordings_are_read_as_before() {
    if !Path::new(DATA).is_dir() {
        eprintln!("skipped: no recordings at {DATA}");
        return;
    }
    let is_blessing = std::env::var_os("UBUGOE_BLESS").is_some();
    let settings = Settings::default();
    let mut changed = Vec::new();
    for stretch in &STRETCHES {
        let ticks = stretch.ticks();
        let record = record::read(&ticks, &Case::default(), &settings);
        let text = summary::of(&stretch.title(), &record);
        let file = stretch.file("txt");
        if is_blessing {
            fs::write(&file, &text).unwrap();
            let svg = stretch.picture(&ticks, &record);
            fs::write(
                Path::new(env!("CARGO_TARGET_TMPDIR")).join(stretch.name).with_extension("svg"),
                svg,
            )
            .unwrap();
            eprintln!(
                "written: {} and a picture in {}",
                file.display(),
                env!("CARGO_TARGET_TMPDIR")
            );
        }
        let known = fs::read_to_string(&file).unwrap_or_default();
        changed.extend(summary::difference(stretch.name, &known, &text));
    }
    assert!(changed.is_empty(), "read differently than before:\n{}", changed.join("\n"));
}

#[test]
fn every_stretch_has_a_picture_and_was_looked_at() {
    let seen = fs::read_to_string(Path::new(FOLDER).join("README.md")).unwrap();
    for stretch in &STRETCHES {
        assert!(seen.contains(&format!("## {}\n", stretch.name)), "{}", stretch.name);
        let picture = fs::metadata(stretch.file("png")).unwrap().len();
        assert!((1_000..100_000).contains(&picture), "{}: {picture} bytes", stretch.name);
    }
}

impl Stretch {
    fn title(&self) -> String {
        let (from, to) = (self.from_min, self.from_min + MINUTES);
        format!("{} {}, minutes {from} to {to}", self.set, self.record)
    }

    fn file(&self, kind: &str) -> PathBuf {
        Path::new(FOLDER).join(self.name).with_extension(kind)
    }

    fn ticks(&self) -> Vec<Tick> {
        let path = Path::new(DATA).join(self.set).join("signals.parquet");
        let ticks = recorded::ticks(&path, self.record);
        let minute = ctg::tick::TICKS_PER_MINUTE as usize;
        let from = self.from_min * minute;
        ticks[from..(from + MINUTES * minute).min(ticks.len())].to_vec()
    }

    fn picture(&self, ticks: &[Tick], record: &Record) -> String {
        let baseline_bpm: Vec<f32> = summary::baseline_of_ticks(record).collect();
        let levels: Vec<LevelBand> = record.assessments.iter().map(summary::band).collect();
        let title = self.title();
        let strip = Strip {
            baseline_bpm: &baseline_bpm,
            accelerations: &record.accelerations,
            decelerations: &record.decelerations,
            contractions: &record.contractions,
            artefacts: &record.artefacts,
            levels: &levels,
            ..Strip::bare(&title, ticks)
        };
        let paper = Paper {
            speed: Speed::OneCmPerMin,
            scale: Scale::Bpm30PerCm,
            language: Language::English,
            ..Paper::default()
        };
        report::strip_svg(&[strip], &paper).unwrap().remove(0)
    }
}
