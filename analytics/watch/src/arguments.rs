//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use program::enrolment::EnrollArguments;

/// Reads every strip of a region, and publishes what it finds: findings, levels, conditions.
/// Decision support for licensed staff; a level is the machine's, never a diagnosis.
#[derive(Clone, Debug, Parser)]
#[command(name = "ubugoe-watch", version, after_help = AFTER_HELP)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Run until told to stop (Ctrl-C or SIGTERM).
    Run {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Write a JSON file here once the analysis runs.
        #[arg(long, value_name = "FILE")]
        ready_file: Option<PathBuf>,
    },
    /// Obtain this analysis' certificate with a one-time token.
    Enroll(EnrollArguments),
    /// Look for whatever would keep the analysis from working, and say what to do.
    Check {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Measure what this computer carries: synthesised strips, no network, one thread.
    Bench(BenchArguments),
}

/// What is measured.
#[derive(Clone, Copy, Debug, Parser)]
pub struct BenchArguments {
    /// How many strips.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=60_000))]
    pub streams: u32,
    /// How many seconds of each, as fast as they can be read.
    #[arg(long, default_value_t = 1_800, value_parser = clap::value_parser!(u32).range(60..=86_400))]
    pub seconds: u32,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

const AFTER_HELP: &str = "\
Examples:
  ubugoe-watch enroll --server region.example.org:4433 --token ubg1-… --config watch.toml
  ubugoe-watch check --config watch.toml
  ubugoe-watch run --config watch.toml
  ubugoe-watch bench --streams 10000 --seconds 1800

Exit codes:
  0  done, or nothing is wrong
  1  something is wrong; the message says what to do
  2  the command line or the configuration cannot be used

RUST_LOG=debug overrides what the configuration says about the log.";
