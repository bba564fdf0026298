//! `ubugoe-outcome`: asks hot and sealed recordings in SQL, analyses recordings of any origin, and
//! prints their strips.

use std::env;
use std::io::{self, IsTerminal};
use std::panic;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use futures_util::StreamExt;
use indicatif::{HumanCount, ProgressBar};
use outcome::analyse::{self, Language};
use outcome::output::RowWriter;
use outcome::{Destination, Format, OutcomeError, Recordings, strip, tables};

/// Asks the recordings of a Ubugoe server in SQL, also while it runs; analyses and prints strips.
#[derive(Parser)]
#[command(name = "ubugoe-outcome", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  ubugoe-outcome sql \"SELECT device, count(*) FROM samples GROUP BY device\" --data /var/lib/ubugoe
  ubugoe-outcome sql \"SELECT at, fhr1_bpm, ua FROM samples WHERE device = 'clinic-a/bed-1' ORDER BY at\" \\
      --data /var/lib/ubugoe --out strip.csv
  ubugoe-outcome sql \"SELECT * FROM episodes ORDER BY first_at\" --data /var/lib/ubugoe --format json
  ubugoe-outcome tables
  ubugoe-outcome analyse signals.parquet > findings.jsonl
  ubugoe-outcome strip --episode cdef --data /var/lib/ubugoe --out strip.pdf

Exit codes: 0 done; 1 the answer failed (recordings, disk); 2 the question is wrong (arguments, SQL).";

#[derive(Subcommand)]
enum Command {
    /// Answers one SELECT over the tables samples, blocks and episodes.
    Sql(Sql),
    /// Analyses recordings (Parquet, CSV, WFDB, stores): one JSON object a record.
    Analyse(Box<analyse::Arguments>),
    /// Prints the strip of a period on paper scale: PDF, SVG or PNG.
    Strip(Box<strip::Arguments>),
    /// Lists the tables and their columns, with units.
    Tables,
    /// Reads every sealed file through and names the damaged ones.
    Check {
        /// The server's data directory, or the store inside it.
        #[arg(long, value_name = "DIR", env = "UBUGOE_DATA")]
        data: PathBuf,
    },
}

#[derive(clap::Args)]
struct Sql {
    /// One SELECT; `ubugoe-outcome tables` says over what.
    query: String,
    /// The server's data directory, or the store inside it.
    #[arg(long, value_name = "DIR", env = "UBUGOE_DATA")]
    data: PathBuf,
    /// How to write the rows [default: by the name of --out; else a table on a terminal, CSV elsewhere].
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write to this file instead of standard output; it is replaced when all rows are written.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Leave out a sealed file, for instance a damaged one. May be repeated.
    #[arg(long, value_name = "FILE")]
    without: Vec<PathBuf>,
    /// Memory for sorting and grouping; beyond it temporary files are used.
    #[arg(long, value_name = "MIB", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(64..))]
    memory_mib: u32,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Sql(sql) => answer(sql).await,
        Command::Analyse(arguments) => {
            keep_silent_about_damage();
            analyse::run(&arguments, language())
        }
        Command::Strip(arguments) => {
            keep_silent_about_damage();
            strip::run(&arguments, language())
        }
        Command::Tables => {
            print!("{}", tables::describe());
            Ok(())
        }
        Command::Check { data } => check(&data).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if !matches!(error, OutcomeError::ReaderGone) {
                eprintln!("error: {error}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}

/// A damaged file that trips the Parquet reader is named like any other; the reader's own last
/// words help nobody.
fn keep_silent_about_damage() {
    let speak = panic::take_hook();
    panic::set_hook(Box::new(move |last| {
        if !outcome::analyse::is_guarded() {
            speak(last);
        }
    }));
}

/// The language that the machine's settings ask for.
fn language() -> Language {
    let settings = ["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| env::var(name).unwrap_or_default());
    Language::of_settings(settings.iter().map(String::as_str))
}

async fn answer(sql: Sql) -> Result<(), OutcomeError> {
    let format = sql.format.unwrap_or_else(|| Format::suggested(sql.out.as_deref()));
    if format == Format::Parquet && sql.out.is_none() && io::stdout().is_terminal() {
        let advice = "Parquet is not for a terminal; name a file with --out";
        return Err(OutcomeError::Question(advice.to_owned()));
    }
    let memory_bytes =
        usize::try_from(sql.memory_mib).unwrap_or(usize::MAX).saturating_mul(1 << 20);
    let recordings = Recordings::open(&sql.data, &sql.without, memory_bytes).await?;
    warn_of_damage(&recordings);
    let mut rows = recordings.ask(&sql.query).await?;
    // A terminal that shows rows shows progress enough.
    let quiet = sql.out.is_none() && io::stdout().is_terminal();
    let progress = if quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
    let to = sql.out.map_or(Destination::Standard, Destination::File);
    let schema = rows.schema();
    // The first rows are worked out before the header is written: a question that fails at once
    // leaves no output behind.
    let mut next = rows.next().await;
    if let Some(Err(error)) = next {
        return Err(recordings.explain(OutcomeError::answer(&error)));
    }
    let mut writer = RowWriter::begin(format, to, &schema)?;
    let mut count = 0;
    while let Some(batch) = next {
        let written =
            batch.map_err(|e| recordings.explain(OutcomeError::answer(&e))).and_then(|batch| {
                count += batch.num_rows() as u64;
                writer.write(&batch)
            });
        if let Err(error) = written {
            writer.abandon();
            return Err(error);
        }
        progress.set_message(format!("{} rows", HumanCount(count)));
        progress.tick();
        next = rows.next().await;
    }
    progress.finish_and_clear();
    writer.finish()
}

async fn check(data: &Path) -> Result<(), OutcomeError> {
    let recordings = Recordings::open(data, &[], 64 << 20).await?;
    let verified = recordings.verify();
    let reasons: Vec<_> =
        recordings.damaged().iter().chain(&verified).map(|file| file.reason.clone()).collect();
    if !reasons.is_empty() {
        return Err(OutcomeError::Check(reasons));
    }
    println!("{} sealed files are whole", recordings.sealed().len());
    Ok(())
}

fn warn_of_damage(recordings: &Recordings) {
    for file in recordings.damaged() {
        eprintln!("warning: left out: {}", file.reason);
    }
}
