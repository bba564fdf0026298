//! Agreement with the experts of FHRMA, on the real recordings.

use std::fs;
use std::path::{Path, PathBuf};

use agreement::baselines::Distance;
use agreement::fhrma::{self, METHODS};
use agreement::validation::{self, Validation};
use agreement::weights::{self, Material};
use ctg::Settings;

/// The data set beside the checkout; `None`, and a word about it, where there is none.
fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/fhrma");
    let found = folder.exists().then_some(folder);
    if found.is_none() {
        eprintln!("skipped: ../shared/data/fhrma is not beside this checkout");
    }
    found
}

#[test]
fn every_row_of_the_readme_comes_out_to_the_last_digit() {
    let Some(folder) = folder() else { return };
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    let recordings = fhrma::load(&folder).unwrap();
    assert_eq!(recordings.len(), 46);
    for method in METHODS {
        let row = agreement::events::of_source(&recordings, method).to_string();
        assert!(readme.lines().any(|line| line == row), "not in the README: {row}");
    }
}

/// Ours stays ahead of the best published method on both kinds of event, on recordings that
/// neither weights nor thresholds have seen.
///
/// Fewer parts and fewer, quicker trees than in the table that is reported, for the sake of time.
#[test]
fn unseen_recordings_are_read_better_than_by_the_best_published_method() {
    let Some(folder) = folder() else { return };
    let recordings = fhrma::load(&folder).unwrap();
    let lessons = validation::lessons(&recordings);
    let mut validation = Validation { folds: 5, ..Validation::default() };
    validation.plan.inner_folds = 2;
    validation.plan.trainer.trees = 80;
    validation.plan.trainer.rate = 0.1;
    let material = Material { recordings: &recordings, lessons: &lessons };
    let records = validation::read_unseen(material, &validation, || {}).unwrap();
    let ours = validation::row(&recordings, &records);
    let theirs = agreement::events::of_source(&recordings, METHODS[0]);
    eprintln!("{theirs}\n{ours}");
    assert!(ours.acceleration.pooled.f1() > theirs.acceleration.pooled.f1(), "{ours}");
    assert!(ours.deceleration.pooled.f1() > theirs.deceleration.pooled.f1(), "{ours}");
}

#[test]
fn a_baseline_is_no_distance_from_itself_and_ours_is_close_to_the_best() {
    let Some(folder) = folder() else { return };
    let recordings = fhrma::load(&folder).unwrap();
    let mut ours = Vec::new();
    for recording in &recordings {
        let best = &recording.baselines[0];
        let itself = Distance::between(recording, best, best).unwrap();
        assert_eq!(itself, Distance { rmsd_bpm: 0.0, madi: 0.0, apart: 0.0 });
        let moved: Vec<f32> = best.iter().map(|bpm| bpm + 4.0).collect();
        let moved = Distance::between(recording, &moved, best).unwrap();
        assert!((moved.rmsd_bpm - 4.0).abs() < 1e-3, "{}", recording.name);
        let record = weights::read(recording, &Settings::default());
        ours.extend(Distance::between(recording, &record.baseline_bpm, best));
    }
    let median = Distance::medians(&ours).unwrap();
    // The nearest of the other ten methods lies 4.4 bpm off.
    assert!(median.rmsd_bpm < 4.4, "{median:?}");
}
