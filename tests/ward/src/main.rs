//! `ubugoe-ward`: virtual monitors, for a demonstration, a test or a bench.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{play, scenarios, synth};

/// A ward without patients: virtual fetal monitors on pseudo-terminals.
#[derive(Parser)]
#[command(name = "ubugoe-ward", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Play(play::Arguments),
    Scenarios(scenarios::Arguments),
    Synth(synth::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Play(arguments) => play::run(arguments).await,
        Command::Scenarios(arguments) => scenarios::run(&arguments),
        Command::Synth(arguments) => synth::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ubugoe-ward: {error:#}");
            ExitCode::FAILURE
        }
    }
}
