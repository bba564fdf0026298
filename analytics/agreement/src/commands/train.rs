//! Trains the shipped weights, and says in them where they come from.

use std::fs;
use std::path::{Path, PathBuf};

use agreement::fhrma;
use agreement::table::Row;
use agreement::validation::{self, Validation};
use agreement::weights::{KINDS, Material, Weights};
use agreement::{AgreementError, events, table};
use ctg::expert::{EventKind, FEATURE_NAMES};

use super::Validating;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder of the FHRMA recordings.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where to write acceleration.forest and deceleration.forest.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    validating: Validating,
}

/// The method that the others are measured by.
const REFERENCE: &str = fhrma::METHODS[0];

pub(crate) fn run(arguments: &Arguments) -> Result<(), AgreementError> {
    let recordings = fhrma::load(&arguments.data)?;
    let lessons = validation::lessons(&recordings);
    let material = Material { recordings: &recordings, lessons: &lessons };
    let validation = arguments.validating.validation();
    let bar = super::bar(validation.folds);
    let records = validation::read_unseen(material, &validation, || bar.inc(1))?;
    bar.finish_and_clear();
    let ours = validation::row(&recordings, &records);
    let theirs = events::of_source(&recordings, REFERENCE);
    let places: Vec<usize> = (0..recordings.len()).collect();
    let weights = Weights::train(material, &places, &validation.plan)?;
    for (at, kind) in KINDS.into_iter().enumerate() {
        let comments = comments(kind, &validation, [&ours, &theirs], weights.thresholds[at]);
        let text = weights.ensembles[at].text(&FEATURE_NAMES, &comments);
        let path = write(&arguments.out, kind, &text)?;
        println!("{}: threshold {}", path.display(), weights.thresholds[at]);
    }
    println!("{}\n{theirs}\n{ours}", table::HEAD);
    Ok(())
}

fn write(folder: &Path, kind: EventKind, text: &str) -> Result<PathBuf, AgreementError> {
    let path = folder.join(format!("{}.forest", word(kind)));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
    written.map_err(|source| AgreementError::Write { path: path.clone(), source })?;
    Ok(path)
}

fn word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Acceleration => "acceleration",
        EventKind::Deceleration => "deceleration",
    }
}

/// Where the weights come from, how they were trained, and how good they are.
fn comments(kind: EventKind, validation: &Validation, rows: [&Row; 2], threshold: f32) -> String {
    let trainer = validation.plan.trainer;
    let [ours, theirs] = rows.map(|row| match kind {
        EventKind::Acceleration => row.acceleration,
        EventKind::Deceleration => row.deceleration,
    });
    let [low, high] = ours.f1_interval;
    format!(
        "How likely an expert marks a candidate as {}; trained by `ubugoe-agreement train`.\n\
         Data: the 46 recordings of FHRMA that experts marked; none of it is contained here.\n\
         S. Boudet et al., Fetal heart rate signal dataset for training morphological analysis\n\
         methods and evaluating them against an expert consensus, Preprints (2019),\n\
         DOI 10.20944/preprints201907.0039.v1. Signals GPL-3.0, experts' events MIT.\n\
         Settings: seed {}, {} trees, {} leaves, {} rows a leaf, rate {}, L2 {},\n\
         {} of rows and {} of features a tree. The higher, the likelier.\n\
         Threshold {threshold}, half of F1 by validation inside the recordings.\n\
         Cross-validated by record in {} parts: sensitivity | PPV | F1 | median F1\n\
         {ours}, F1 in 95 % of draws of recordings {low:.3} to {high:.3};\n\
         {REFERENCE} on the same recordings: {theirs}",
        word(kind),
        trainer.seed,
        trainer.trees,
        trainer.leaves,
        trainer.leaf_rows_min,
        trainer.rate,
        trainer.l2,
        trainer.rows_share,
        trainer.features_share,
        validation.folds,
    )
}
