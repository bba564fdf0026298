//! `ubugoe-agreement`: measures how far the analysis agrees, and trains its weights.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod commands;

/// Measures how far the analysis agrees with experts and outcomes, and trains its weights.
#[derive(Parser)]
#[command(name = "ubugoe-agreement", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  ubugoe-agreement events --data ../shared/data/fhrma
  ubugoe-agreement levels --data ../shared/data/ctu_uhb
  ubugoe-agreement train --data ../shared/data/fhrma --out analytics/ctg/weights

Exit codes: 0 done; 1 a file cannot be read or written; 2 wrong arguments.";

#[derive(Subcommand)]
enum Command {
    /// Accelerations, decelerations and baselines next to eleven published methods.
    Events(commands::events::Arguments),
    /// The worst level of the last hour next to the pH of the umbilical artery.
    Levels(commands::levels::Arguments),
    /// Trains the weights of the profile "expert" on all recordings that experts marked.
    Train(commands::train::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Events(arguments) => commands::events::run(&arguments),
        Command::Levels(arguments) => commands::levels::run(&arguments),
        Command::Train(arguments) => commands::train::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
