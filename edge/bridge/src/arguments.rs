//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use program::enrolment::EnrollArguments;

/// Reads CTG monitors on serial ports and sends every second of them to the region. What the
/// region does not have yet is kept on disk.
#[derive(Clone, Debug, Parser)]
#[command(name = "ubugoe-bridge", version, after_help = AFTER_HELP)]
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
        /// Write a JSON file here once the bridge runs.
        #[arg(long, value_name = "FILE")]
        ready_file: Option<PathBuf>,
    },
    /// Obtain this bridge's certificate with a one-time token.
    Enroll(EnrollArguments),
    /// Look for whatever would keep the bridge from working, and say what to do.
    Check {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
}

const AFTER_HELP: &str = "\
Examples:
  ubugoe-bridge enroll --server region.example.org:4433 --token ubg1-… --config bridge.toml
  ubugoe-bridge check --config bridge.toml
  ubugoe-bridge run --config bridge.toml

Exit codes:
  0  done, or nothing is wrong
  1  something is wrong; the message says what to do
  2  the command line or the configuration cannot be used

RUST_LOG=debug overrides what the configuration says about the log.";
