//! The table of agreement with experts, and the baselines.

use std::io::{self, Write};
use std::path::PathBuf;

use agreement::baselines::Distance;
use agreement::fhrma::{self, METHODS, Recording};
use agreement::weights::Material;
use agreement::{AgreementError, events, table, validation};
use ctg::record::Record;

use super::Validating;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder of the FHRMA recordings.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[command(flatten)]
    validating: Validating,
}

/// With whose baseline all others are compared: the best method's.
const REFERENCE: &str = METHODS[0];

pub(crate) fn run(arguments: &Arguments) -> Result<(), AgreementError> {
    let recordings = fhrma::load(&arguments.data)?;
    let lessons = validation::lessons(&recordings);
    let validation = arguments.validating.validation();
    let bar = super::bar(validation.folds);
    let material = Material { recordings: &recordings, lessons: &lessons };
    let records = validation::read_unseen(material, &validation, || bar.inc(1))?;
    bar.finish_and_clear();
    let mut out = io::stdout().lock();
    writeln!(out, "{}", table::HEAD)?;
    for method in METHODS {
        writeln!(out, "{}", events::of_source(&recordings, method))?;
    }
    let ours = validation::row(&recordings, &records);
    writeln!(out, "{ours}")?;
    let of_acc = ours.acceleration.f1_interval;
    let of_dec = ours.deceleration.f1_interval;
    writeln!(
        out,
        "\nUbugoe: profile \"expert\", cross-validated by record in {} parts, seed {}; weights \
         and thresholds of each part come from the others alone. F1 lies between {:.3} and {:.3} \
         (acc), {:.3} and {:.3} (dec) in 95 % of draws of as many recordings.\n",
        validation.folds, validation.seed, of_acc[0], of_acc[1], of_dec[0], of_dec[1],
    )?;
    baselines(&mut out, &recordings, &records)?;
    Ok(())
}

/// Median distances from the baseline of the best method.
fn baselines(out: &mut impl Write, recordings: &[Recording], records: &[Record]) -> io::Result<()> {
    writeln!(out, "| baseline against {REFERENCE} | RMSD, bpm | MADI, % | over 15 bpm apart, % |")?;
    writeln!(out, "| --- | --- | --- | --- |")?;
    for (at, method) in METHODS.into_iter().enumerate().skip(1) {
        let of = |recording: &Recording| {
            Distance::between(recording, &recording.baselines[at], &recording.baselines[0])
        };
        distance_row(out, method, recordings.iter().filter_map(of).collect())?;
    }
    let of = |(recording, record): (&Recording, &Record)| {
        Distance::between(recording, &record.baseline_bpm, &recording.baselines[0])
    };
    distance_row(out, "Ubugoe", recordings.iter().zip(records).filter_map(of).collect())?;
    let (there, all) = records.iter().fold((0, 0), |(there, all), record| {
        let known = record.baseline_bpm.iter().filter(|bpm| bpm.is_finite()).count();
        (there + known, all + record.baseline_bpm.len())
    });
    let share = 100.0 * there as f64 / all.max(1) as f64;
    writeln!(out, "\nMedians over recordings. Ubugoe gives a baseline for {share:.1} % of seconds.")
}

fn distance_row(out: &mut impl Write, name: &str, all: Vec<Distance>) -> io::Result<()> {
    let Some(Distance { rmsd_bpm, madi, apart }) = Distance::medians(&all) else {
        return writeln!(out, "| {name} | – | – | – |");
    };
    writeln!(out, "| {name} | {rmsd_bpm:.2} | {:.2} | {:.2} |", 100.0 * madi, 100.0 * apart)
}
